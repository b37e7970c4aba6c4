//! Which library this is.

use std::ffi::c_char;

/// Number of the binary interface: it grows with any change that a compiled
/// caller could notice. The shared library's name ends in it.
pub const HY_ABI_VERSION: u32 = 1;

const VERSION: &str = concat!(env!("CARGO_PKG_VERSION"), "\0");

/// Version of the library at run time, as "0.1.0". Static, NUL-terminated.
#[unsafe(no_mangle)]
pub extern "C" fn hy_version() -> *const c_char {
    VERSION.as_ptr().cast()
}

/// HY_ABI_VERSION of the library at run time. A program may compare it with
/// the HY_ABI_VERSION that it was compiled with.
#[unsafe(no_mangle)]
pub extern "C" fn hy_abi_version() -> u32 {
    HY_ABI_VERSION
}
