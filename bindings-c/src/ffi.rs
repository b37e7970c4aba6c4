//! Where pointers of C become references of Rust, and panics become statuses.
//!
//! All functions here that read a pointer are `unsafe`; what they rely on is
//! the contract at the head of the header, which callers in C keep:
//!
//! - a pointer is NULL, or points to a live object of its type;
//! - a pair of pointer and length is a readable (or writable) block, or
//!   `(NULL, 0)`;
//! - what is `const` is not written by anybody else during the call.

use crate::status::*;
use std::cell::UnsafeCell;
use std::ffi::{c_char, c_void};
use std::ops::{Deref, DerefMut};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Once};

/// What a function comes to; an error is on either side, so that `?` works.
pub(crate) type Answer = Result<hy_status, hy_status>;

/// Runs the body of an exported function. No panic gets past it.
#[inline]
pub(crate) fn boundary(work: impl FnOnce() -> Answer) -> hy_status {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(status) | Err(status)) => status,
        Err(payload) => {
            // Dropping what was thrown could throw again.
            std::mem::forget(payload);
            HY_ERR_PANIC
        }
    }
}

/// Keeps panics from being reported on standard error. This library's copy of
/// the standard library is its own, and so is the hook.
pub(crate) fn silence() {
    static SILENT: Once = Once::new();
    if !cfg!(test) {
        SILENT.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    }
}

/// An object behind a `const` pointer.
pub(crate) unsafe fn shared<'a, T>(pointer: *const T) -> Result<&'a T, hy_status> {
    // SAFETY: NULL, or a live object that is not written during the call.
    unsafe { pointer.as_ref() }.ok_or(HY_ERR_NULL)
}

/// A place that a value is written to, which need not hold one before.
pub(crate) struct Out<T>(*mut T);

impl<T> Out<T> {
    pub(crate) fn set(self, value: T) {
        // SAFETY: `output` and `optional_output` take writable places only.
        unsafe { self.0.write(value) }
    }
}

/// Where a result goes.
pub(crate) unsafe fn output<T>(pointer: *mut T) -> Result<Out<T>, hy_status> {
    if pointer.is_null() { Err(HY_ERR_NULL) } else { Ok(Out(pointer)) }
}

/// Where a result goes that the caller may not care about.
pub(crate) unsafe fn optional_output<T>(pointer: *mut T) -> Option<Out<T>> {
    (!pointer.is_null()).then_some(Out(pointer))
}

/// A struct that begins with its own size, so that later versions may add to it.
///
/// # Safety
///
/// `repr(C)`, and the first field is the `u32` size.
pub(crate) unsafe trait Versioned: Copy {}

/// Where a struct goes whose first field tells the version of the caller.
pub(crate) unsafe fn versioned_output<T: Versioned>(
    pointer: *mut T,
) -> Result<Out<T>, hy_status> {
    if pointer.is_null() {
        return Err(HY_ERR_NULL);
    }
    // SAFETY: `Versioned` promises that a u32 comes first; callers set it.
    let size = unsafe { pointer.cast::<u32>().read() };
    // The first version is the only one so far. Larger structs are of later
    // versions, whose further fields this library does not know.
    if (size as usize) < size_of::<T>() {
        return Err(HY_ERR_STRUCT_SIZE);
    }
    Ok(Out(pointer))
}

/// The bytes of a text.
pub(crate) unsafe fn bytes<'a, T: Byte>(
    data: *const T,
    length: usize,
) -> Result<&'a [u8], hy_status> {
    match (data.is_null(), length) {
        (true, 0) => Ok(&[]),
        (true, _) => Err(HY_ERR_NULL),
        (_, length) if length > isize::MAX as usize => Err(HY_ERR_TEXT_TOO_LONG),
        // SAFETY: a readable block of this length, by the contract.
        (_, length) => Ok(unsafe { std::slice::from_raw_parts(data.cast(), length) }),
    }
}

/// A block that the caller fills in beforehand or not at all.
pub(crate) struct Buffer<T> {
    data: *mut T,
    pub(crate) length: usize,
}

impl<T: Copy> Buffer<T> {
    /// Writes an element, if the block is long enough for it.
    #[inline]
    pub(crate) fn put(&mut self, place: usize, value: T) {
        if place < self.length {
            // SAFETY: within the writable block that `buffer` was given.
            unsafe { self.data.add(place).write(value) }
        }
    }

    /// Writes elements one after another, if the block is long enough.
    #[inline]
    pub(crate) fn put_all(&mut self, place: usize, values: &[T]) {
        if place.checked_add(values.len()).is_some_and(|end| end <= self.length) {
            // SAFETY: within the writable block; the source is ours or the
            // caller's text, which the contract keeps apart from outputs.
            unsafe {
                self.data
                    .add(place)
                    .copy_from_nonoverlapping(values.as_ptr(), values.len())
            }
        }
    }

    /// Copies elements to the start of the block and gives them to be changed there;
    /// `None` if it is not long enough.
    pub(crate) fn filled(&mut self, values: &[T]) -> Option<&mut [T]> {
        if values.len() > self.length {
            return None;
        }
        if values.is_empty() {
            return Some(&mut []);
        }
        self.put_all(0, values);
        // SAFETY: so many elements were just written to the writable block, which
        // nobody else uses during the call.
        Some(unsafe { core::slice::from_raw_parts_mut(self.data, values.len()) })
    }
}

/// A writable block, or `(NULL, 0)`.
pub(crate) unsafe fn buffer<T>(
    data: *mut T,
    length: usize,
) -> Result<Buffer<T>, hy_status> {
    match (data.is_null(), length) {
        (true, 1..) => Err(HY_ERR_NULL),
        _ => Ok(Buffer { data, length }),
    }
}

/// A block that may be missing whatever its length is.
pub(crate) unsafe fn optional_buffer<T>(data: *mut T, length: usize) -> Buffer<T> {
    Buffer { data, length: if data.is_null() { 0 } else { length } }
}

/// Types that bytes come as.
pub(crate) trait Byte {}
impl Byte for u8 {}
impl Byte for c_char {}
impl Byte for c_void {}

/// Gives an object to the caller, who frees it by [`take`].
pub(crate) fn give<T: Send>(object: T) -> *mut T {
    Box::into_raw(Box::new(object))
}

/// Takes back what [`give`] gave. NULL is nothing.
pub(crate) unsafe fn take<T>(pointer: *mut T) -> Option<Box<T>> {
    // SAFETY: from `give`, and not taken back before.
    (!pointer.is_null()).then(|| unsafe { Box::from_raw(pointer) })
}

/// Gives a reference to a shared object to the caller.
pub(crate) fn give_shared<T: Send + Sync>(object: Arc<T>) -> *const T {
    Arc::into_raw(object)
}

/// Takes back one reference of [`give_shared`]. NULL is nothing.
pub(crate) unsafe fn take_shared<T>(pointer: *const T) -> Option<Arc<T>> {
    // SAFETY: from `give_shared`, and not taken back before.
    (!pointer.is_null()).then(|| unsafe { Arc::from_raw(pointer) })
}

/// A further reference to an object of [`give_shared`].
pub(crate) unsafe fn share<T>(pointer: *const T) -> Option<Arc<T>> {
    // SAFETY: from `give_shared`; the caller's own reference keeps it alive.
    (!pointer.is_null()).then(|| unsafe {
        Arc::increment_strong_count(pointer);
        Arc::from_raw(pointer)
    })
}

/// A reference to a shared object without a lifetime.
///
/// # Safety
///
/// Whoever keeps the reference keeps a count of the object for longer.
pub(crate) unsafe fn as_long_as_held<T>(object: &Arc<T>) -> &'static T {
    // SAFETY: the object lives as long as the count that the caller keeps.
    unsafe { &*Arc::as_ptr(object) }
}

/// A value that one call at a time may use; the others are turned away.
pub(crate) struct Exclusive<T> {
    busy: AtomicBool,
    value: UnsafeCell<T>,
}

// SAFETY: `hold` lets one thread at a time to the value.
unsafe impl<T: Send> Sync for Exclusive<T> {}

impl<T> Exclusive<T> {
    pub(crate) fn new(value: T) -> Exclusive<T> {
        Exclusive { busy: AtomicBool::new(false), value: UnsafeCell::new(value) }
    }

    #[inline]
    pub(crate) fn hold(&self) -> Result<Held<'_, T>, hy_status> {
        if self.busy.swap(true, Ordering::Acquire) {
            return Err(HY_ERR_IN_USE);
        }
        Ok(Held(self))
    }
}

/// The use of an [`Exclusive`] value.
pub(crate) struct Held<'e, T>(&'e Exclusive<T>);

impl<T> Deref for Held<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        // SAFETY: `hold` made this the only `Held` of the value.
        unsafe { &*self.0.value.get() }
    }
}

impl<T> DerefMut for Held<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        // SAFETY: `hold` made this the only `Held` of the value.
        unsafe { &mut *self.0.value.get() }
    }
}

impl<T> Drop for Held<'_, T> {
    #[inline]
    fn drop(&mut self) {
        self.0.busy.store(false, Ordering::Release);
    }
}

/// A function of the caller with its data.
pub(crate) struct Callback<T> {
    function: unsafe extern "C" fn(*const T, *mut c_void) -> i32,
    user_data: *mut c_void,
}

impl<T> Callback<T> {
    /// Calls it. Whether it wants more.
    pub(crate) fn call(&self, item: &T) -> bool {
        // SAFETY: a function of this type that returns, by the contract.
        unsafe { (self.function)(item, self.user_data) == 0 }
    }
}

/// A function of the caller with its data.
pub(crate) unsafe fn callback<T>(
    function: Option<unsafe extern "C" fn(*const T, *mut c_void) -> i32>,
    user_data: *mut c_void,
) -> Result<Callback<T>, hy_status> {
    let function = function.ok_or(HY_ERR_NULL)?;
    Ok(Callback { function, user_data })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panics_become_a_status() {
        assert_eq!(boundary(|| panic!("a defect")), HY_ERR_PANIC);
        assert_eq!(boundary(|| Err(HY_ERR_NULL)), HY_ERR_NULL);
        assert_eq!(boundary(|| Ok(HY_OK)), HY_OK);
    }

    #[test]
    fn one_call_at_a_time() {
        let value = Exclusive::new(5);
        let held = value.hold().unwrap();
        assert_eq!(value.hold().err(), Some(HY_ERR_IN_USE));
        drop(held);
        assert_eq!(*value.hold().unwrap(), 5);
    }

    #[test]
    fn a_panic_sets_the_value_free() {
        let value = Exclusive::new(5);
        let status = boundary(|| {
            let _held = value.hold()?;
            panic!("a defect")
        });
        assert_eq!((status, value.hold().is_ok()), (HY_ERR_PANIC, true));
    }

    #[test]
    #[allow(clippy::undocumented_unsafe_blocks)]
    fn null_with_no_length_is_empty() {
        let null = std::ptr::null::<c_char>();
        assert_eq!(unsafe { bytes(null, 0) }, Ok(&[][..]));
        assert_eq!(unsafe { bytes(null, 1) }, Err(HY_ERR_NULL));
        let one = [7u8];
        assert_eq!(unsafe { bytes(one.as_ptr(), 1) }, Ok(&[7][..]));
        assert_eq!(unsafe { bytes(one.as_ptr(), usize::MAX) }, Err(HY_ERR_TEXT_TOO_LONG));
    }
}
