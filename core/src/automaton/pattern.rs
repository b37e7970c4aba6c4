//! The pattern automaton: a dense DFA for all `pattern` concepts together.
//!
//! It reads the UTF-8 bytes of folded text, anchored where a match may begin,
//! and says after each byte which patterns are complete.

use zerocopy::little_endian::{U16, U32};

/// A state of the pattern automaton; 0 is dead.
type PatternState = u16;

/// A view of the pattern automaton.
#[derive(Clone, Copy)]
pub(crate) struct PatternAutomaton<'r> {
    /// Class of each byte, 256 of them; empty if the pack has no pattern.
    pub(crate) classes: &'r [u8],
    /// By state and block of classes, the number of the block's cells: most states go on
    /// with few classes, and share the cells of all others.
    pub(crate) rows: &'r [U16],
    /// Blocks of a row.
    pub(crate) stride: usize,
    /// The next states of each block, by class.
    pub(crate) blocks: &'r [U16],
    /// Where the list of complete patterns of a state begins, and one more.
    pub(crate) accepts: &'r [U32],
    /// Indices of patterns.
    pub(crate) patterns: &'r [U16],
    /// A bit for each code point below [`STARTS`](Self::STARTS) whose folded form
    /// a match may begin with.
    pub(crate) starts: &'r [u8],
}

impl<'r> PatternAutomaton<'r> {
    /// Classes in a block.
    pub(crate) const BLOCK: usize = 16;

    /// The state in which every match begins.
    pub(crate) const START: PatternState = 1;

    /// Code points that have a bit of their own; of others nothing is known.
    pub(crate) const STARTS: usize = 0x1_0000;

    /// Whether a match may begin with a code point.
    #[inline(always)]
    pub(crate) fn may_begin(&self, code_point: u32) -> bool {
        let place = code_point as usize;
        self.starts.get(place / 8).is_none_or(|byte| byte >> (place % 8) & 1 != 0)
    }

    /// Whether there is any pattern.
    pub(crate) fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    /// The state after one more byte.
    #[inline(always)]
    pub(crate) fn step(&self, state: PatternState, byte: u8) -> PatternState {
        let class =
            usize::from(self.classes.get(usize::from(byte)).copied().unwrap_or(0));
        let row = usize::from(state) * self.stride + class / Self::BLOCK;
        let block = self.rows.get(row).map_or(0, |block| usize::from(block.get()));
        let next = self.blocks.get(block * Self::BLOCK + class % Self::BLOCK);
        next.map_or(0, |next| next.get())
    }

    /// The patterns that are complete in a state.
    #[inline]
    pub(crate) fn accepts(&self, state: PatternState) -> &'r [U16] {
        match self.accepts.get(usize::from(state)..) {
            Some([from, to, ..]) => {
                self.patterns.get(from.get() as usize..to.get() as usize).unwrap_or(&[])
            }
            _ => &[],
        }
    }

    /// Blocks of a row, given all rows and the lists of all states.
    pub(crate) fn stride(rows: &[U16], accepts: &[U32]) -> usize {
        rows.len() / accepts.len().saturating_sub(1).max(1)
    }

    /// Checks that every index leads inside the tables.
    pub(crate) fn validate(&self, patterns: usize) -> Result<(), &'static str> {
        if self.is_empty() {
            return Ok(());
        }
        let states = self.accepts.len().saturating_sub(1);
        let stride = self.stride;
        if self.classes.len() != 256 || states < 2 || states * stride != self.rows.len() {
            return Err("the pattern automaton has the wrong shape");
        }
        if self.classes.iter().any(|class| usize::from(*class) / Self::BLOCK >= stride) {
            return Err("a byte class is outside the rows");
        }
        let blocks = self.blocks.len() / Self::BLOCK;
        if self.rows.iter().any(|block| usize::from(block.get()) >= blocks) {
            return Err("a row of patterns has an unknown block");
        }
        if self.blocks.iter().any(|next| usize::from(next.get()) >= states) {
            return Err("a pattern state leads outside the automaton");
        }
        if self.starts.len() != Self::STARTS / 8 {
            return Err("the starts of patterns have the wrong shape");
        }
        let ascending =
            self.accepts.windows(2).all(|pair| pair[0].get() <= pair[1].get());
        let end = self.accepts.last().map_or(0, |end| end.get() as usize);
        if !ascending || end != self.patterns.len() {
            return Err("the lists of complete patterns are out of order");
        }
        if self.patterns.iter().any(|pattern| usize::from(pattern.get()) >= patterns) {
            return Err("a state names an unknown pattern");
        }
        Ok(())
    }
}
