//! Scanning texts.

use crate::ffi::*;
use crate::finding::hy_finding;
use crate::ruleset::hy_ruleset;
use crate::scratch::{Memory, hy_scratch};
use crate::status::*;
use engine::Verdict;
use engine::limits::TEXT_BYTES_MAX;
use std::ffi::{c_char, c_void};

/// Longest text of one call, in bytes. Longer ones can be scanned by a stream.
pub const HY_TEXT_BYTES_MAX: u64 = 4294967295;
/// Most findings of one text.
pub const HY_FINDINGS_MAX: u32 = 64;

const _: () = {
    assert!(TEXT_BYTES_MAX as u64 == HY_TEXT_BYTES_MAX);
    assert!(engine::limits::FINDINGS_MAX == HY_FINDINGS_MAX as usize);
};

/// Takes a finding. Returns 0 to go on, anything else to stop. The finding is
/// valid during the call. The scratch of the scan is in use meanwhile; no
/// exception and no longjmp may leave the function.
pub type hy_finding_fn = Option<
    unsafe extern "C" fn(finding: *const hy_finding, user_data: *mut c_void) -> i32,
>;

/// Scans a text with a scratch, and hands the verdict on to `work`, which fills
/// or clears the results.
pub(crate) fn scan<T>(
    ruleset: &hy_ruleset,
    memory: &mut Memory,
    text: &[u8],
    work: impl FnOnce(&mut crate::result::Results, &Verdict<'_>) -> T,
) -> Result<T, hy_status> {
    accept(ruleset, memory, text)?;
    let verdict = ruleset.engine.scan_bytes(&mut memory.scratch, text);
    Ok(work(&mut memory.results, &verdict))
}

/// Whether a text can be scanned with a scratch. Clears the results if not.
pub(crate) fn accept(
    ruleset: &hy_ruleset,
    memory: &mut Memory,
    text: &[u8],
) -> Result<(), hy_status> {
    let status = match memory.scratch.fits(&ruleset.engine) {
        _ if text.len() > TEXT_BYTES_MAX => HY_ERR_TEXT_TOO_LONG,
        true => return Ok(()),
        false => HY_ERR_SCRATCH,
    };
    memory.results.clear();
    Err(status)
}

/// Scans a text and calls `on_finding` for each finding, in the order of the
/// text. Allocates nothing, locks nothing. The calls come after the scan, so that
/// stopping, which gives HY_STOPPED, saves the further calls and no scanning.
/// hy_scratch_result tells everything, stopped or not.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_scan(
    ruleset: *const hy_ruleset,
    scratch: *mut hy_scratch,
    text: *const c_char,
    text_len: usize,
    on_finding: hy_finding_fn,
    user_data: *mut c_void,
) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let (ruleset, scratch, text, callback) = unsafe {
            (
                shared(ruleset)?,
                shared(scratch)?,
                bytes(text, text_len)?,
                callback(on_finding, user_data)?,
            )
        };
        let mut memory = scratch.memory.hold()?;
        scan(ruleset, &mut memory, text, |results, verdict| {
            results.fill(&ruleset.names, verdict, text, 0)
        })?;
        let all = memory.results.findings().iter().all(|found| callback.call(found));
        Ok(if all { HY_OK } else { HY_STOPPED })
    })
}

/// Scans a text and writes its findings to `findings`, at most `capacity` of
/// them, in the order of the text. `out_count` gets how many there are, which
/// may be more, but never more than HY_FINDINGS_MAX. Allocates nothing, locks
/// nothing. hy_scratch_result tells the rest; what the findings point to is
/// valid as long as its result is.
///
/// `findings` may be NULL if `capacity` is 0, `out_count` may be NULL.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_scan_into(
    ruleset: *const hy_ruleset,
    scratch: *mut hy_scratch,
    text: *const c_char,
    text_len: usize,
    findings: *mut hy_finding,
    capacity: usize,
    out_count: *mut usize,
) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let (ruleset, scratch, text, mut findings, count) = unsafe {
            (
                shared(ruleset)?,
                shared(scratch)?,
                bytes(text, text_len)?,
                buffer(findings, capacity)?,
                optional_output(out_count),
            )
        };
        let mut memory = scratch.memory.hold()?;
        scan(ruleset, &mut memory, text, |results, verdict| {
            results.fill(&ruleset.names, verdict, text, 0)
        })?;
        let found = memory.results.findings();
        for (place, finding) in found.iter().enumerate() {
            findings.put(place, *finding);
        }
        if let Some(count) = count {
            count.set(found.len());
        }
        Ok(HY_OK)
    })
}

/// Whether any category reaches the threshold in the text: `out_flagged` gets
/// 1 or 0. The fastest question to ask. Allocates nothing, locks nothing, and
/// leaves no result in the scratch.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_is_flagged(
    ruleset: *const hy_ruleset,
    scratch: *mut hy_scratch,
    text: *const c_char,
    text_len: usize,
    out_flagged: *mut i32,
) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let (ruleset, scratch, text, out) = unsafe {
            (
                shared(ruleset)?,
                shared(scratch)?,
                bytes(text, text_len)?,
                output(out_flagged)?,
            )
        };
        let mut memory = scratch.memory.hold()?;
        accept(ruleset, &mut memory, text)?;
        let flagged = ruleset.engine.is_flagged_bytes(&mut memory.scratch, text);
        out.set(i32::from(flagged));
        Ok(HY_OK)
    })
}
