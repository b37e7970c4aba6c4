//! What went wrong, in memory of the caller.

use crate::ffi::{Out, Versioned, boundary, versioned_output};
use crate::status::*;
use std::ffi::c_char;

/// Bytes of hy_error.message, with the NUL at its end.
pub const HY_ERROR_MESSAGE_BYTES: usize = 472;

/// What went wrong. The caller allocates it and sets it to HY_ERROR_INIT;
/// there is nothing to free. Functions that take one accept NULL, and write to
/// it whatever they return.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct hy_error {
    /// In: sizeof(hy_error).
    pub struct_size: u32,
    /// What the function returned.
    pub status: hy_status,
    /// Line of the mistake in the pack, from 1; 0 if it has no place.
    pub line: u32,
    /// Column of the mistake in code points, from 1; 0 if it has no place.
    pub column: u32,
    /// Place of the mistake in bytes from the start of the pack; UINT64_MAX if
    /// it has no place.
    pub offset: u64,
    /// Length of the place in bytes.
    pub length: u64,
    /// How many mistakes the pack has; 32 may be more. The first is told.
    pub mistakes: u32,
    /// Zero.
    pub reserved: u32,
    /// What is wrong and what to do, in UTF-8. Always NUL-terminated; cut at
    /// the end of a character if it is too long.
    pub message: [c_char; HY_ERROR_MESSAGE_BYTES],
}

const _: () = assert!(size_of::<hy_error>() == 512);

// SAFETY: repr(C), and `struct_size` comes first.
unsafe impl Versioned for hy_error {}

/// A place in a pack.
pub(crate) struct Spot {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) offset: usize,
    pub(crate) length: usize,
    pub(crate) mistakes: usize,
}

/// What a function failed at.
pub(crate) struct Mistake {
    pub(crate) status: hy_status,
    pub(crate) spot: Option<Spot>,
    /// Empty if there is no more to say than the status does.
    pub(crate) what: String,
}

impl From<hy_status> for Mistake {
    fn from(status: hy_status) -> Mistake {
        Mistake { status, spot: None, what: String::new() }
    }
}

/// Where the caller wants errors told, if anywhere.
struct Report(Option<Out<hy_error>>);

impl Report {
    /// Tells an error, and gives its status back.
    fn tell(self, Mistake { status, spot, what }: Mistake) -> hy_status {
        let Some(out) = self.0 else { return status };
        let narrow = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
        let mut error = hy_error {
            struct_size: size_of::<hy_error>() as u32,
            status,
            line: 0,
            column: 0,
            offset: u64::MAX,
            length: 0,
            mistakes: u32::from(status < 0),
            reserved: 0,
            message: [0; HY_ERROR_MESSAGE_BYTES],
        };
        if let Some(spot) = spot {
            (error.line, error.column) = (narrow(spot.line), narrow(spot.column));
            (error.offset, error.length) = (spot.offset as u64, spot.length as u64);
            error.mistakes = narrow(spot.mistakes);
        }
        let text = if what.is_empty() {
            crate::status::text(status).to_string_lossy()
        } else {
            what.into()
        };
        let mut end = text.len().min(HY_ERROR_MESSAGE_BYTES - 1);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        for (place, byte) in error.message.iter_mut().zip(text.as_bytes()[..end].iter()) {
            *place = *byte as c_char;
        }
        out.set(error);
        status
    }
}

/// Runs the body of a function that tells in `error` what it comes to.
///
/// # Safety
///
/// The contract of the header on `error`.
pub(crate) unsafe fn reported(
    error: *mut hy_error,
    work: impl FnOnce() -> Result<(), Mistake>,
) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let [before, after] = unsafe { [report(error)?, report(error)?] };
        // What stays there if `work` panics.
        before.tell(HY_ERR_PANIC.into());
        Ok(after.tell(work().err().unwrap_or_else(|| HY_OK.into())))
    })
}

/// Where a function tells its errors.
unsafe fn report(error: *mut hy_error) -> Result<Report, hy_status> {
    if error.is_null() {
        return Ok(Report(None));
    }
    // SAFETY: the contract of the header.
    Ok(Report(Some(unsafe { versioned_output(error)? })))
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNSET: hy_error = hy_error {
        struct_size: size_of::<hy_error>() as u32,
        status: HY_OK,
        line: 0,
        column: 0,
        offset: 0,
        length: 0,
        mistakes: 0,
        reserved: 0,
        message: [0; HY_ERROR_MESSAGE_BYTES],
    };

    fn message(error: &hy_error) -> String {
        error
            .message
            .iter()
            .map(|c| *c as u8 as char)
            .take_while(|c| *c != '\0')
            .collect()
    }

    #[test]
    #[allow(clippy::undocumented_unsafe_blocks)]
    fn a_panic_is_not_told_as_success() {
        let mut error = UNSET;
        let status = unsafe { reported(&raw mut error, || panic!("a defect")) };
        assert_eq!((status, error.status), (HY_ERR_PANIC, HY_ERR_PANIC));
        assert_eq!(message(&error), "a defect of the library");
        let status = unsafe { reported(&raw mut error, || Ok(())) };
        assert_eq!((status, error.status, error.mistakes), (HY_OK, HY_OK, 0));
        assert_eq!(message(&error), "done");
    }
}
