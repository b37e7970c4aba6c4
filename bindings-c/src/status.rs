//! What functions return.

use std::ffi::{CStr, c_char};

/// What a function returns: HY_OK, HY_STOPPED, or an error, which is negative.
/// Numbers are never reused; a later version may return new ones.
pub type hy_status = i32;

/// Done.
pub const HY_OK: hy_status = 0;
/// The callback asked to stop, and is not called for the rest. Not an error, and no
/// sign of less work: callbacks are called when a scan is done. A stream still
/// reads the rest of that chunk, and nothing of later chunks.
pub const HY_STOPPED: hy_status = 1;
/// A pointer that must not be NULL is NULL.
pub const HY_ERR_NULL: hy_status = -1;
/// An argument is out of its range.
pub const HY_ERR_ARGUMENT: hy_status = -2;
/// A pack, or a text to explain, is not UTF-8. Texts to scan need not be.
pub const HY_ERR_UTF8: hy_status = -3;
/// The text is longer than HY_TEXT_BYTES_MAX bytes, or than memory can be. A stream
/// scans it; for anything else, cut it.
pub const HY_ERR_TEXT_TOO_LONG: hy_status = -4;
/// The buffer is too small. The size that is needed was written.
pub const HY_ERR_BUFFER_TOO_SMALL: hy_status = -5;
/// The pack has a mistake. hy_error says what and where.
pub const HY_ERR_COMPILE: hy_status = -6;
/// The bytes are no serialized ruleset, or were damaged.
pub const HY_ERR_FORMAT: hy_status = -7;
/// The ruleset was serialized by another version of the format, or with another
/// layout of its tables. Compile the pack again.
pub const HY_ERR_VERSION: hy_status = -8;
/// The scratch or stream is at work in another call: in another thread, or in
/// the call that this callback is called from.
pub const HY_ERR_IN_USE: hy_status = -9;
/// The scratch was made for a smaller ruleset. Call hy_scratch_fit.
pub const HY_ERR_SCRATCH: hy_status = -10;
/// The library was built without the feature that this needs.
pub const HY_ERR_NOT_SUPPORTED: hy_status = -11;
/// struct_size is not that of any version of the struct. Use the HY_..._INIT.
pub const HY_ERR_STRUCT_SIZE: hy_status = -12;
/// A defect of the library. The objects of the call must not be used further,
/// other than to free them. Please report it.
pub const HY_ERR_PANIC: hy_status = -99;

/// What a status means, in English. Static, NUL-terminated, never NULL.
#[unsafe(no_mangle)]
pub extern "C" fn hy_status_text(status: hy_status) -> *const c_char {
    text(status).as_ptr()
}

pub(crate) fn text(status: hy_status) -> &'static CStr {
    match status {
        HY_OK => c"done",
        HY_STOPPED => c"the callback asked to stop",
        HY_ERR_NULL => c"a pointer that must not be NULL is NULL",
        HY_ERR_ARGUMENT => c"an argument is out of its range",
        HY_ERR_UTF8 => c"not UTF-8, where only that is possible",
        HY_ERR_TEXT_TOO_LONG => {
            c"the text is longer than one call takes; scan it by a stream, or cut it"
        }
        HY_ERR_BUFFER_TOO_SMALL => c"the buffer is too small",
        HY_ERR_COMPILE => c"the pack has a mistake",
        HY_ERR_FORMAT => c"no serialized ruleset, or a damaged one",
        HY_ERR_VERSION => {
            c"the ruleset was serialized by another version; compile it again"
        }
        HY_ERR_IN_USE => c"the scratch or stream is at work in another call",
        HY_ERR_SCRATCH => {
            c"the scratch was made for a smaller ruleset; call hy_scratch_fit"
        }
        HY_ERR_NOT_SUPPORTED => c"the library was built without this",
        HY_ERR_STRUCT_SIZE => {
            c"struct_size is wrong; initialize the struct with its HY_..._INIT"
        }
        HY_ERR_PANIC => c"a defect of the library",
        _ => c"unknown status",
    }
}
