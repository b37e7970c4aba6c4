//! Strings that C borrows.

use std::ffi::c_char;

/// A borrowed string: UTF-8, not NUL-terminated. `data` is never NULL where
/// the library wrote it. How long it lives is said where it is given.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct hy_str {
    /// First byte.
    pub data: *const c_char,
    /// Length in bytes.
    pub len: usize,
}

impl hy_str {
    pub(crate) fn of(bytes: &[u8]) -> hy_str {
        hy_str { data: bytes.as_ptr().cast(), len: bytes.len() }
    }
}

impl From<&str> for hy_str {
    fn from(text: &str) -> hy_str {
        hy_str::of(text.as_bytes())
    }
}
