//! Entrances for `fuzz/`, built with `--cfg fuzzing` only: the ways through a
//! scan between which callers cannot choose, so that they can be compared.

use super::glance::{Glance, Tables};
use super::scanner::Scanner;
use super::scratch::Scratch;
use super::verdict::Verdict;
use crate::ruleset::Ruleset;
use alloc::vec::Vec;

impl Ruleset<'_> {
    /// Scans a text as [`scan_bytes`](Self::scan_bytes) does, but reads all of
    /// it in full.
    #[doc(hidden)]
    pub fn scan_in_full<'s>(
        &'s self,
        scratch: &'s mut Scratch,
        text: &'s [u8],
    ) -> Verdict<'s> {
        scratch.reset(self);
        let tables = Tables::of(self);
        Scanner::new(self, &tables, text, scratch).read_in_full();
        Verdict::new(self, scratch, text)
    }

    /// The places of clues that a glance sees, and of those that it must see.
    #[doc(hidden)]
    pub fn clues_seen(&self, text: &[u8]) -> (Vec<usize>, Vec<usize>) {
        let tables = Tables::of(self);
        let mut glance = Glance::new(&tables, 0);
        let seen = core::iter::from_fn(|| glance.next(text)).collect();
        (seen, Glance::new(&tables, 0).clues(text))
    }
}
