//! What went wrong, in memory of the caller.

use crate::ffi::{Out, Versioned};
use crate::status::*;
use std::ffi::c_char;
use std::fmt;

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
    /// How many mistakes the pack has. The first is told.
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

/// Where the caller wants errors told, if anywhere.
pub(crate) struct Report(Option<Out<hy_error>>);

impl Report {
    pub(crate) fn to(out: Option<Out<hy_error>>) -> Report {
        Report(out)
    }

    /// Tells an error, and gives its status back.
    pub(crate) fn tell(
        self,
        status: hy_status,
        spot: Option<Spot>,
        what: impl fmt::Display,
    ) -> hy_status {
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
        let text = what.to_string();
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

    /// Tells an error that has no place and no more to say than its status.
    pub(crate) fn plain(self, status: hy_status) -> hy_status {
        let text = crate::status::text(status).to_string_lossy();
        self.tell(status, None, text)
    }
}
