//! Texts that come in chunks.

use crate::category::HY_CATEGORY_NONE;
use crate::ffi::*;
use crate::result::{HY_RESULT_FLAGGED, HY_RESULT_TRUNCATED, Results, hy_result};
use crate::ruleset::hy_ruleset;
use crate::status::*;
use crate::text::hy_str;
use engine::{Stream, StreamPart};
use std::ffi::{c_char, c_void};
use std::sync::Arc;

/// A text that comes in chunks. One call at a time may use it.
pub struct hy_stream {
    state: Exclusive<State>,
}

/// Declared in the order in which the parts must be dropped.
struct State {
    /// Borrows the ruleset.
    stream: Stream<'static>,
    results: Results,
    /// The platforms of the whole text.
    platforms: Platforms,
    /// The caller wants no more of this text.
    stopped: bool,
    ruleset: Arc<hy_ruleset>,
}

/// Names that point into the ruleset.
struct Platforms(Vec<hy_str>);

// SAFETY: the names are in the ruleset, which nobody writes.
unsafe impl Send for Platforms {}

/// Takes a part of a stream that is settled: findings, contacts, attributes and
/// platforms of that part, by their place in the whole stream. Returns 0 to go
/// on, anything else to stop. All of it is valid during the call; the stream is
/// in use meanwhile; no exception and no longjmp may leave the function.
pub type hy_part_fn =
    Option<unsafe extern "C" fn(part: *const hy_result, user_data: *mut c_void) -> i32>;

/// Smallest window of a stream, in bytes.
pub const HY_STREAM_WINDOW_MIN: u32 = 16384;
/// Largest window of a stream, in bytes.
pub const HY_STREAM_WINDOW_MAX: u32 = 1073741824;

/// Makes a stream with a window of `window_bytes`, HY_STREAM_WINDOW_MIN to
/// HY_STREAM_WINDOW_MAX, or HY_ERR_ARGUMENT; 0 takes 64 KiB. Takes a reference to
/// the ruleset. Free it by hy_stream_free.
///
/// What is found is told as soon as it is settled, which is after some thousand
/// bytes without anything of interest. All parts together are what one scan of
/// the whole text tells, without HY_FINDINGS_MAX and the like. A stretch that
/// outgrows the window is cut at its end; its part has HY_RESULT_TRUNCATED then.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_stream_new(
    ruleset: *const hy_ruleset,
    window_bytes: usize,
    out_stream: *mut *mut hy_stream,
) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let (ruleset, out) =
            unsafe { (share(ruleset).ok_or(HY_ERR_NULL)?, output(out_stream)?) };
        // The core takes the nearest that it can, and does not say so.
        let windows = HY_STREAM_WINDOW_MIN as usize..=HY_STREAM_WINDOW_MAX as usize;
        if window_bytes != 0 && !windows.contains(&window_bytes) {
            return Err(HY_ERR_ARGUMENT);
        }
        // SAFETY: `State` holds the reference until the stream is dropped.
        let borrowed = unsafe { as_long_as_held(&ruleset) };
        let stream = match window_bytes {
            0 => Stream::new(&borrowed.engine),
            bytes => Stream::with_window(&borrowed.engine, bytes),
        };
        let state = State {
            stream,
            results: Results::new(),
            platforms: Platforms(Vec::with_capacity(ruleset.names.platforms.len())),
            stopped: false,
            ruleset,
        };
        out.set(give(hy_stream { state: Exclusive::new(state) }));
        Ok(HY_OK)
    })
}

/// Goes on with the text: `chunk` may end anywhere, inside a character too, and
/// is not needed after the call. Calls `on_part`, which may be NULL, with what
/// is settled by that. HY_STOPPED if the callback stops, or did before in this
/// text: no more of the text is told, until hy_stream_finish ends it. The rest of
/// that chunk is still read, and counts for hy_stream_total; later chunks are not
/// read. Allocates nothing, locks nothing.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_stream_feed(
    stream: *mut hy_stream,
    chunk: *const c_char,
    chunk_len: usize,
    on_part: hy_part_fn,
    user_data: *mut c_void,
) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let (stream, chunk, callback) = unsafe {
            (shared(stream)?, bytes(chunk, chunk_len)?, callback(on_part, user_data).ok())
        };
        let mut state = stream.state.hold()?;
        let State { stream, results, stopped, ruleset, .. } = &mut *state;
        if !*stopped {
            stream.feed(chunk, |part| tell(ruleset, results, &part, &callback, stopped));
        }
        Ok(if *stopped { HY_STOPPED } else { HY_OK })
    })
}

/// Ends the text, and calls `on_part`, which may be NULL, with what is left.
/// The next hy_stream_feed begins another text, at offset 0. HY_STOPPED if the
/// callback stops, or did before in this text. Allocates nothing, locks
/// nothing.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_stream_finish(
    stream: *mut hy_stream,
    on_part: hy_part_fn,
    user_data: *mut c_void,
) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let (stream, callback) =
            unsafe { (shared(stream)?, callback(on_part, user_data).ok()) };
        let mut state = stream.state.hold()?;
        let State { stream, results, stopped, ruleset, .. } = &mut *state;
        stream.finish(|part| tell(ruleset, results, &part, &callback, stopped));
        let status = if *stopped { HY_STOPPED } else { HY_OK };
        *stopped = false;
        Ok(status)
    })
}

/// Hands a part to the caller.
fn tell(
    ruleset: &hy_ruleset,
    results: &mut Results,
    part: &StreamPart<'_>,
    callback: &Option<Callback<hy_result>>,
    stopped: &mut bool,
) {
    let Some(callback) = callback else { return };
    if *stopped {
        return;
    }
    results.fill(&ruleset.names, &part.verdict(), part.text(), part.offset());
    let mut view = results.view();
    if part.truncated() {
        view.flags |= HY_RESULT_TRUNCATED;
    }
    *stopped = !callback.call(&view);
}

/// What the text comes to so far, or came to if it was finished and no other
/// has begun: flags, category, score and platforms. Findings, contacts and
/// attributes are told by parts only, and empty here. The platforms are valid
/// until the stream is used again or freed.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_stream_total(
    stream: *mut hy_stream,
    out_result: *mut hy_result,
) -> hy_status {
    boundary(|| {
        // SAFETY: the contract of the header.
        let (stream, out) = unsafe { (shared(stream)?, versioned_output(out_result)?) };
        let mut state = stream.state.hold()?;
        let State { stream, results, platforms: Platforms(platforms), .. } = &mut *state;
        results.clear();
        platforms.clear();
        let room = platforms.capacity();
        platforms.extend(stream.platforms().take(room).map(hy_str::from));
        let mut total = results.view();
        if let Some(category) = stream.category() {
            (total.category, total.flags) = (category as u32, HY_RESULT_FLAGGED);
        } else {
            total.category = HY_CATEGORY_NONE;
        }
        if stream.truncated() {
            total.flags |= HY_RESULT_TRUNCATED;
        }
        total.score = stream.score();
        (total.platforms, total.platform_count) = (platforms.as_ptr(), platforms.len());
        out.set(total);
        Ok(HY_OK)
    })
}

/// Frees a stream, and its reference to the ruleset. NULL is fine. Twice is
/// undefined.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn hy_stream_free(stream: *mut hy_stream) {
    boundary(|| {
        // SAFETY: the contract of the header.
        drop(unsafe { take(stream) });
        Ok(HY_OK)
    });
}
