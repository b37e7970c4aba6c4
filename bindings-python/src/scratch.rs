//! Scratch memory: one for each thread, kept for the next call.

use huoyan::{Ruleset, Scratch};
use std::cell::RefCell;

thread_local! {
    static SCRATCH: RefCell<Option<Scratch>> = const { RefCell::new(None) };
}

/// Runs `work` with this thread's scratch, which fits any ruleset. `work` must
/// not call Python, which might come back here.
pub(crate) fn with_scratch<T>(
    ruleset: &Ruleset<'_>,
    work: impl FnOnce(&mut Scratch) -> T,
) -> T {
    SCRATCH.with(|cell| match cell.try_borrow_mut() {
        Ok(mut slot) => work(slot.get_or_insert_with(|| Scratch::new(ruleset))),
        Err(_) => work(&mut Scratch::new(ruleset)),
    })
}
