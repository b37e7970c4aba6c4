//! Hyperscan or Vectorscan, through the few C functions that are needed.

#[cfg(hyperscan)]
mod found {
    use std::ffi::{CStr, c_char, c_int, c_uint, c_void};
    use std::ptr::{null, null_mut};

    #[repr(C)]
    struct CompileError {
        message: *const c_char,
        expression: c_int,
    }

    const MODE_BLOCK: c_uint = 1;

    type OnMatch = extern "C" fn(c_uint, u64, u64, c_uint, *mut c_void) -> c_int;

    unsafe extern "C" {
        fn hs_compile_lit_multi(
            expressions: *const *const c_char,
            flags: *const c_uint,
            ids: *const c_uint,
            lengths: *const usize,
            elements: c_uint,
            mode: c_uint,
            platform: *const c_void,
            database: *mut *mut c_void,
            error: *mut *mut CompileError,
        ) -> c_int;
        fn hs_alloc_scratch(database: *const c_void, scratch: *mut *mut c_void) -> c_int;
        fn hs_scan(
            database: *const c_void,
            data: *const c_char,
            length: c_uint,
            flags: c_uint,
            scratch: *mut c_void,
            on_match: OnMatch,
            context: *mut c_void,
        ) -> c_int;
        fn hs_database_size(database: *const c_void, size: *mut usize) -> c_int;
        fn hs_version() -> *const c_char;
    }

    extern "C" fn count(
        _: c_uint,
        _: u64,
        _: u64,
        _: c_uint,
        context: *mut c_void,
    ) -> c_int {
        // SAFETY: `scan` passes a pointer to its own counter.
        unsafe { *context.cast::<u64>() += 1 };
        0
    }

    /// A database of literals, never freed: it lives as long as the program.
    pub(crate) struct Database {
        database: *mut c_void,
        scratch: *mut c_void,
    }

    impl Database {
        pub(crate) fn new(words: &[String]) -> Option<Database> {
            let expressions: Vec<*const c_char> =
                words.iter().map(|word| word.as_ptr().cast()).collect();
            let lengths: Vec<usize> = words.iter().map(String::len).collect();
            let ids: Vec<c_uint> = (0..words.len() as c_uint).collect();
            let (mut database, mut scratch, mut error) =
                (null_mut(), null_mut(), null_mut());
            // SAFETY: the arrays have `words.len()` elements and outlive the call.
            let made = unsafe {
                hs_compile_lit_multi(
                    expressions.as_ptr(),
                    vec![0; words.len()].as_ptr(),
                    ids.as_ptr(),
                    lengths.as_ptr(),
                    words.len() as c_uint,
                    MODE_BLOCK,
                    null(),
                    &mut database,
                    &mut error,
                )
            };
            // SAFETY: the database was just compiled.
            let ready =
                made == 0 && unsafe { hs_alloc_scratch(database, &mut scratch) } == 0;
            ready.then_some(Database { database, scratch })
        }

        pub(crate) fn scan(&self, text: &[u8]) -> u64 {
            let mut found = 0u64;
            // SAFETY: database and scratch belong together; the scratch is used
            // by one thread, as `Database` is not `Sync`.
            unsafe {
                hs_scan(
                    self.database,
                    text.as_ptr().cast(),
                    text.len() as c_uint,
                    0,
                    self.scratch,
                    count,
                    (&raw mut found).cast(),
                );
            }
            found
        }

        pub(crate) fn size(&self) -> usize {
            let mut size = 0;
            // SAFETY: the database is sound.
            unsafe { hs_database_size(self.database, &mut size) };
            size
        }
    }

    pub(crate) fn version() -> String {
        // SAFETY: the library returns a constant string.
        unsafe { CStr::from_ptr(hs_version()) }.to_string_lossy().into_owned()
    }
}

#[cfg(not(hyperscan))]
mod found {
    /// Stands for a library that is not there.
    pub(crate) struct Database;

    impl Database {
        pub(crate) fn new(_: &[String]) -> Option<Database> {
            None
        }

        pub(crate) fn scan(&self, _: &[u8]) -> u64 {
            0
        }

        pub(crate) fn size(&self) -> usize {
            0
        }
    }

    pub(crate) fn version() -> String {
        "not installed".into()
    }
}

pub(crate) use found::{Database, version};
