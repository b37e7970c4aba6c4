//! Every hit of a text, for people and tools.

use crate::ffi::*;
use crate::finding::{HY_EVIDENCE_PATTERN, hy_evidence};
use crate::ruleset::hy_ruleset;
use crate::status::*;
use std::ffi::{c_char, c_void};

/// Takes a hit. Returns 0 to go on, anything else to stop. The hit is valid
/// during the call. No exception and no longjmp may leave the function.
pub type hy_hit_fn =
    Option<unsafe extern "C" fn(hit: *const hy_evidence, user_data: *mut c_void) -> i32>;

/// Calls `on_hit` for every concept seen in a text, whether or not a rule used
/// it, in the order of the text: for people and tools, not for speed. `means` of
/// a hit is valid during its call only. Allocates. HY_ERR_UTF8 if the text is not
/// UTF-8. HY_STOPPED if the callback wanted no more hits.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_explain(
    ruleset: *const hy_ruleset,
    text: *const c_char,
    text_len: usize,
    on_hit: hy_hit_fn,
    user_data: *mut c_void,
) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let (ruleset, text, callback) = unsafe {
            (shared(ruleset)?, bytes(text, text_len)?, callback(on_hit, user_data)?)
        };
        if text.len() > engine::limits::TEXT_BYTES_MAX {
            return Err(HY_ERR_TEXT_TOO_LONG);
        }
        let text = std::str::from_utf8(text).map_err(|_| HY_ERR_UTF8)?;
        let hits = ruleset.engine.explain(text).hits;
        let all = hits.iter().all(|hit| {
            let number = ruleset.engine.concepts().position(|name| name == hit.concept);
            // What is kept of a hit outlives `hits`.
            let name = number.and_then(|number| ruleset.names.concepts.get(number));
            callback.call(&hy_evidence {
                start: hit.range.start as u64,
                end: hit.range.end as u64,
                text: text.get(hit.range.clone()).unwrap_or("").into(),
                concept_name: name.copied().unwrap_or_else(|| "".into()),
                means: if hit.is_pattern { "" } else { hit.means.as_str() }.into(),
                disguises: hit.disguises.bits().into(),
                concept_number: number.map_or(u32::MAX, |number| number as u32),
                flags: if hit.is_pattern { HY_EVIDENCE_PATTERN } else { 0 },
            })
        });
        Ok(if all { HY_OK } else { HY_STOPPED })
    })
}
