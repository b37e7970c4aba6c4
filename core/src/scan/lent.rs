//! Memory for scans that one call after the other uses.

use super::scratch::Scratch;
use crate::ruleset::Ruleset;
#[cfg(feature = "std")]
use alloc::vec::Vec;
#[cfg(feature = "std")]
use std::sync::Mutex;

/// Most scratches that are kept while no call has them.
#[cfg(feature = "std")]
const IDLE_MAX: usize = 64;
/// From so many on those of other rulesets are used before new ones are made.
#[cfg(feature = "std")]
const OTHERS_MAX: usize = 8;

/// Those that no call has. What a scratch knows of walks took milliseconds to find out,
/// which calls with few texts would take again.
#[cfg(feature = "std")]
static IDLE: Mutex<Vec<Scratch>> = Mutex::new(Vec::new());

/// A scratch that goes back to those that are idle, if the crate has `std`.
pub(super) struct Lent<'r> {
    ruleset: &'r Ruleset<'r>,
    scratch: Option<Scratch>,
}

impl<'r> Lent<'r> {
    /// One that knows the ruleset, if any does; else one of many, or a new one.
    pub(super) fn new(ruleset: &'r Ruleset<'r>) -> Lent<'r> {
        #[cfg(feature = "std")]
        let scratch = IDLE.lock().ok().and_then(|mut idle| {
            let known = idle.iter().rposition(|scratch| scratch.knows(ruleset));
            let oldest = || (idle.len() >= OTHERS_MAX).then_some(0);
            known.or_else(oldest).map(|place| idle.remove(place))
        });
        #[cfg(not(feature = "std"))]
        let scratch = None;
        Lent { ruleset, scratch }
    }

    pub(super) fn scratch(&mut self) -> &mut Scratch {
        self.scratch.get_or_insert_with(|| Scratch::new(self.ruleset))
    }
}

#[cfg(feature = "std")]
impl Drop for Lent<'_> {
    fn drop(&mut self) {
        if let (Some(scratch), Ok(mut idle)) = (self.scratch.take(), IDLE.lock())
            && idle.len() < IDLE_MAX
        {
            idle.push(scratch);
        }
    }
}

#[cfg(all(test, feature = "builtin", feature = "std"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_of_a_ruleset_is_there_for_the_next_call() {
        let ruleset = Ruleset::builtin();
        let mut first = Lent::new(ruleset);
        ruleset.scan(first.scratch(), "出售微信号，辅助注册");
        drop(first);
        // Other tests may take one at the same time, but none takes them all.
        let mut lent: Vec<Lent> = (0..2).map(|_| Lent::new(ruleset)).collect();
        assert!(lent.iter_mut().any(|lent| lent.scratch().knows(ruleset)));
    }

    #[test]
    fn no_more_are_kept_than_there_may_be() {
        let ruleset = Ruleset::builtin();
        let mut lent: Vec<Lent> = (0..IDLE_MAX + 3).map(|_| Lent::new(ruleset)).collect();
        for lent in &mut lent {
            ruleset.scan(lent.scratch(), "");
        }
        drop(lent);
        assert!(IDLE.lock().expect("no test panics with it").len() <= IDLE_MAX);
    }
}
