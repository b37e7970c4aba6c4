//! The memory of scans.

use crate::ffi::{Exclusive, boundary, give, output, shared, take, versioned_output};
use crate::result::{Results, hy_result};
use crate::ruleset::hy_ruleset;
use crate::status::*;
use engine::Scratch;

/// The memory that a scan needs. One call at a time may use it: make one for
/// each thread.
pub struct hy_scratch {
    pub(crate) memory: Exclusive<Memory>,
}

/// What a scan writes to.
pub(crate) struct Memory {
    pub(crate) scratch: Scratch,
    pub(crate) results: Results,
}

/// Makes a scratch for scans with `ruleset`: about 0.8 MB for the built-in one;
/// hy_scratch_size tells. It can be used with any ruleset that is not larger. Free
/// it by hy_scratch_free.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_scratch_new(
    ruleset: *const hy_ruleset,
    out_scratch: *mut *mut hy_scratch,
) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let (ruleset, out) = unsafe { (shared(ruleset)?, output(out_scratch)?) };
        let memory =
            Memory { scratch: Scratch::new(&ruleset.engine), results: Results::new() };
        out.set(give(hy_scratch { memory: Exclusive::new(memory) }));
        Ok(HY_OK)
    })
}

/// Enlarges a scratch for scans with `ruleset`, if it is too small: what to do
/// about HY_ERR_SCRATCH, and after a reload. Results in it become invalid.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_scratch_fit(
    scratch: *mut hy_scratch,
    ruleset: *const hy_ruleset,
) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let (scratch, ruleset) = unsafe { (shared(scratch)?, shared(ruleset)?) };
        let mut memory = scratch.memory.hold()?;
        memory.results.clear();
        memory.scratch.fit(&ruleset.engine);
        Ok(HY_OK)
    })
}

/// Size of a scratch in bytes.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_scratch_size(
    scratch: *const hy_scratch,
    out_bytes: *mut usize,
) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let (scratch, out) = unsafe { (shared(scratch)?, output(out_bytes)?) };
        let memory = scratch.memory.hold()?;
        let own = size_of::<hy_scratch>() - size_of::<Scratch>();
        out.set(own + memory.scratch.bytes() + memory.results.bytes());
        Ok(HY_OK)
    })
}

/// Everything that the last hy_scan or hy_scan_into with this scratch found;
/// nothing if it failed, or if another function used the scratch since. (Calls
/// that return HY_ERR_NULL or HY_ERR_IN_USE did not use it.) What it points to is
/// valid until the scratch is used again or freed, and as long
/// as the text and the ruleset are there.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_scratch_result(
    scratch: *const hy_scratch,
    out_result: *mut hy_result,
) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let (scratch, out) = unsafe { (shared(scratch)?, versioned_output(out_result)?) };
        out.set(scratch.memory.hold()?.results.view());
        Ok(HY_OK)
    })
}

/// Frees a scratch. NULL is fine. Twice is undefined.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_scratch_free(scratch: *mut hy_scratch) {
    boundary(|| {
        // SAFETY: the contract of the header.
        drop(unsafe { take(scratch) });
        Ok(HY_OK)
    });
}
