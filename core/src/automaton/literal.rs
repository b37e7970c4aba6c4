//! The literal automaton: all spellings of all terms, read from their ends.
//!
//! A state stands for the set of term suffixes that a run of symbols may be.
//! The scanner enters at the *last* symbol of a term and walks backwards over
//! the recent symbols, so it needs no look-ahead, and text that ends no term
//! costs one table look-up a symbol. A matrix of pairs of symbols answers most
//! of the entries that lead nowhere.

use super::Pairs;
use zerocopy::little_endian::{U16, U32};

/// Most symbols that one spelling of a term may have.
pub(crate) const TOKENS_MAX: usize = 64;

/// Up to this many transitions a linear search beats a binary one.
const LINEAR: usize = 8;

/// A view of the literal automaton.
///
/// The transitions of all states follow each other. Those of one are ascending by
/// symbol, behind an entry for each term that is complete in it.
#[derive(Clone, Copy)]
pub(crate) struct LiteralAutomaton<'r> {
    /// State after the last symbol of a term, by symbol; 0 if it ends none.
    pub(crate) entries: &'r [U32],
    /// Where the transitions of each state begin, and one more.
    pub(crate) nodes: &'r [U32],
    /// First symbols of the transitions; [`LiteralAutomaton::COMPLETE`] for a term.
    pub(crate) symbols: &'r [U16],
    /// How many symbols follow the first in each transition.
    pub(crate) widths: &'r [u8],
    /// The states that they lead to, or the terms: the lower bits, and the upper ones,
    /// of which there are none where all are 0.
    pub(crate) targets: &'r [U16],
    pub(crate) upper_targets: &'r [u8],
    /// The pairs of symbols that may end a term.
    pub(crate) pairs: Pairs<'r>,
}

impl<'r> LiteralAutomaton<'r> {
    /// Stands for the symbol where a term is complete. It is that of what no term names.
    pub(crate) const COMPLETE: u16 = 0;
    /// Bits of a state's or a term's number in all.
    #[cfg(feature = "compile")]
    pub(crate) const TARGET_BITS: u32 = u16::BITS + u8::BITS;

    /// The state after a last symbol, 0 if no term ends in it.
    #[inline(always)]
    pub(crate) fn entry(&self, last: u16) -> u32 {
        self.entries.get(usize::from(last)).map_or(0, |state| state.get())
    }

    /// The state one symbol further back.
    #[inline]
    pub(crate) fn step(&self, state: u32, symbol: u16) -> Option<u32> {
        let (from, to) = self.bounds(state);
        let symbols = self.symbols.get(from..to)?;
        let after = if symbols.len() <= LINEAR {
            symbols.iter().take_while(|first| first.get() <= symbol).count()
        } else {
            symbols.partition_point(|first| first.get() <= symbol)
        };
        let place = from + after.checked_sub(1)?;
        let inside =
            symbol - symbols.get(after - 1)?.get() <= u16::from(*self.widths.get(place)?);
        if inside { self.target(place) } else { None }
    }

    /// The terms that are complete in a state, by index.
    #[inline]
    pub(crate) fn outputs(&self, state: u32) -> impl Iterator<Item = u32> + use<'r> {
        let (from, to) = self.bounds(state);
        let automaton = *self;
        let symbols = self.symbols.get(from..to).unwrap_or(&[]).iter();
        let complete = symbols.take_while(|symbol| symbol.get() == Self::COMPLETE);
        (from..).zip(complete).filter_map(move |(place, _)| automaton.target(place))
    }

    #[inline(always)]
    fn target(&self, place: usize) -> Option<u32> {
        let upper = self.upper_targets.get(place).map_or(0, |upper| u32::from(*upper));
        self.targets.get(place).map(|lower| upper << u16::BITS | u32::from(lower.get()))
    }

    #[inline(always)]
    fn bounds(&self, state: u32) -> (usize, usize) {
        match self.nodes.get(state as usize..) {
            Some([this, next, ..]) => (this.get() as usize, next.get() as usize),
            _ => (0, 0),
        }
    }

    /// Checks that every index leads inside the tables.
    pub(crate) fn validate(&self, terms: usize) -> Result<(), &'static str> {
        let states = self.nodes.len().saturating_sub(1);
        let count = self.symbols.len();
        if count != self.targets.len()
            || count != self.widths.len()
            || ![0, count].contains(&self.upper_targets.len())
        {
            return Err("transitions without targets");
        }
        self.pairs.validate()?;
        let ascending = self.nodes.is_sorted_by_key(|node| node.get());
        let end = self.nodes.last().map_or(0, |node| node.get() as usize);
        if !ascending || end != count {
            return Err("the states' lists are out of order");
        }
        let states = states.max(1);
        if !self.entries.iter().all(|state| (state.get() as usize) < states) {
            return Err("an entry leads outside the automaton");
        }
        for (place, symbol) in self.symbols.iter().enumerate() {
            let target = self.target(place).unwrap_or(0) as usize;
            if symbol.get() == Self::COMPLETE && target >= terms {
                return Err("a state names an unknown term");
            }
            if symbol.get() != Self::COMPLETE && target >= states {
                return Err("a transition leads outside the automaton");
            }
        }
        Ok(())
    }
}
