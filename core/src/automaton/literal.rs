//! The literal automaton: all spellings of all terms, read from their ends.
//!
//! A state stands for the set of term suffixes that a run of symbols may be.
//! The scanner enters at the *last* symbol of a term and walks backwards over
//! the recent symbols, so it needs no look-ahead, and text that ends no term
//! costs one table look-up a symbol. A matrix of pairs of symbols answers most
//! of the entries that lead nowhere.

use super::Pairs;
use zerocopy::little_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// Most symbols that one spelling of a term may have.
pub(crate) const TOKENS_MAX: usize = 64;

/// Up to this many transitions a linear search beats a binary one.
const LINEAR: usize = 8;

/// One state: where its transitions and outputs begin. They end where those
/// of the next state begin.
#[derive(Clone, Copy, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
#[repr(C)]
pub(crate) struct Node {
    pub(crate) transitions: U32,
    pub(crate) outputs: U32,
}

/// A view of the literal automaton.
#[derive(Clone, Copy)]
pub(crate) struct LiteralAutomaton<'r> {
    /// State after the last symbol of a term, by symbol; 0 if it ends none.
    pub(crate) entries: &'r [U32],
    /// The states, and one more that closes the lists of the last.
    pub(crate) nodes: &'r [Node],
    /// First symbols of the transitions, ascending within a state.
    pub(crate) symbols: &'r [U16],
    /// How many symbols follow the first in each transition.
    pub(crate) widths: &'r [u8],
    /// Targets of the transitions.
    pub(crate) targets: &'r [U32],
    /// Terms that are complete in a state.
    pub(crate) outputs: &'r [U32],
    /// The pairs of symbols that may end a term.
    pub(crate) pairs: Pairs<'r>,
}

impl<'r> LiteralAutomaton<'r> {
    /// The state after a last symbol, 0 if no term ends in it.
    #[inline(always)]
    pub(crate) fn entry(&self, last: u16) -> u32 {
        self.entries.get(usize::from(last)).map_or(0, |state| state.get())
    }

    /// The state one symbol further back.
    #[inline]
    pub(crate) fn step(&self, state: u32, symbol: u16) -> Option<u32> {
        let (from, to) = self.bounds(state, |node| node.transitions);
        let symbols = self.symbols.get(from..to)?;
        let after = if symbols.len() <= LINEAR {
            symbols.iter().take_while(|first| first.get() <= symbol).count()
        } else {
            symbols.partition_point(|first| first.get() <= symbol)
        };
        let place = from + after.checked_sub(1)?;
        let inside =
            symbol - symbols.get(after - 1)?.get() <= u16::from(*self.widths.get(place)?);
        if inside { self.targets.get(place).map(|target| target.get()) } else { None }
    }

    /// The terms that are complete in a state, by index.
    #[inline]
    pub(crate) fn outputs(&self, state: u32) -> &'r [U32] {
        let (from, to) = self.bounds(state, |node| node.outputs);
        self.outputs.get(from..to).unwrap_or(&[])
    }

    #[inline(always)]
    fn bounds(&self, state: u32, list: impl Fn(&Node) -> U32) -> (usize, usize) {
        match self.nodes.get(state as usize..) {
            Some([this, next, ..]) => {
                (list(this).get() as usize, list(next).get() as usize)
            }
            _ => (0, 0),
        }
    }

    /// Checks that every index leads inside the tables.
    pub(crate) fn validate(&self, terms: usize) -> Result<(), &'static str> {
        let states = self.nodes.len().saturating_sub(1);
        if self.symbols.len() != self.targets.len()
            || self.symbols.len() != self.widths.len()
        {
            return Err("transitions without targets");
        }
        self.pairs.validate()?;
        let ascending = self.nodes.windows(2).all(|pair| {
            pair[0].transitions.get() <= pair[1].transitions.get()
                && pair[0].outputs.get() <= pair[1].outputs.get()
        });
        let ends = self.nodes.last().map_or((0, 0), |node| {
            (node.transitions.get() as usize, node.outputs.get() as usize)
        });
        if !ascending || ends != (self.symbols.len(), self.outputs.len()) {
            return Err("the states' lists are out of order");
        }
        let inside = |state: &U32| (state.get() as usize) < states.max(1);
        if !self.targets.iter().all(inside) || !self.entries.iter().all(inside) {
            return Err("a transition leads outside the automaton");
        }
        if !self.outputs.iter().all(|term| (term.get() as usize) < terms) {
            return Err("a state names an unknown term");
        }
        Ok(())
    }
}
