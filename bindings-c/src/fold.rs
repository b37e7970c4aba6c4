//! Folded and masked texts, into buffers of the caller.

use crate::ffi::*;
use crate::ruleset::hy_ruleset;
use crate::scan::accept;
use crate::scratch::hy_scratch;
use crate::status::*;
use std::ffi::c_char;

/// Ends a call that wrote to a buffer, or only counted.
fn finish(needed: usize, capacity: usize, length: Out<usize>) -> Answer {
    length.set(needed);
    if needed <= capacity { Ok(HY_OK) } else { Err(HY_ERR_BUFFER_TOO_SMALL) }
}

/// Writes the text as rules see it: folded, without invisible code points and
/// marks, always valid UTF-8, not NUL-terminated. `out_length` gets its length
/// in bytes, on HY_ERR_BUFFER_TOO_SMALL too; what `buffer` holds then is
/// unspecified. `buffer` may be NULL if `capacity` is 0: that asks for the
/// size. Must not overlap the text. Allocates nothing.
///
/// `origins` may be NULL; else it has room for `capacity` numbers, and gets
/// for each byte of the folded text the byte of the original that its
/// character begins at.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_fold(
    text: *const c_char,
    text_len: usize,
    buffer: *mut c_char,
    origins: *mut u64,
    capacity: usize,
    out_length: *mut usize,
) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let (text, mut buffer, mut origins, length) = unsafe {
            (
                bytes(text, text_len)?,
                crate::ffi::buffer(buffer.cast::<u8>(), capacity)?,
                optional_buffer(origins, capacity),
                output(out_length)?,
            )
        };
        let mut at = 0;
        for folded in engine::fold::fold_bytes(text) {
            let mut encoded = [0; 4];
            let encoded = folded.char.encode_utf8(&mut encoded).as_bytes();
            buffer.put_all(at, encoded);
            for place in at..at + encoded.len() {
                origins.put(place, folded.start as u64);
            }
            at += encoded.len();
        }
        finish(at, buffer.length, length)
    })
}

/// Writes a text with its findings and contacts masked by `*`, one for each code
/// point; white space stays. However many there are, a scan of what comes out
/// finds nothing that could still be masked.
///
/// `buffer` needs room for `text_len` bytes; the masked text is never longer, and
/// `out_length` gets its length. With less room there is
/// HY_ERR_BUFFER_TOO_SMALL, and `out_length` gets what is needed. `buffer` may be
/// NULL if `capacity` is 0. What it holds behind the masked text, or on an error,
/// is unspecified. Must not overlap the text. Allocates nothing, and leaves no
/// result in the scratch.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_mask(
    ruleset: *const hy_ruleset,
    scratch: *mut hy_scratch,
    text: *const c_char,
    text_len: usize,
    buffer: *mut c_char,
    capacity: usize,
    out_length: *mut usize,
) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let (ruleset, scratch, text, mut buffer, length) = unsafe {
            (
                shared(ruleset)?,
                shared(scratch)?,
                bytes(text, text_len)?,
                crate::ffi::buffer(buffer.cast::<u8>(), capacity)?,
                output(out_length)?,
            )
        };
        let mut memory = scratch.memory.hold()?;
        let memory = &mut *memory;
        memory.results.clear();
        accept(ruleset, memory, text)?;
        let Some(masked) = buffer.filled(text) else {
            return finish(text.len(), buffer.length, length);
        };
        let needed = ruleset.engine.mask_in_place(&mut memory.scratch, masked);
        finish(needed, buffer.length, length)
    })
}
