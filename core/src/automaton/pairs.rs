//! The pairs of symbols that may end a term.
//!
//! Symbols with the same neighbours share a row or a column, which makes the
//! matrix of all pairs small enough for the fastest cache.

use zerocopy::little_endian::{U16, U32};

/// A set of pairs of symbols: a matrix of bits. Where a pack is so large that
/// rows and columns had to be shared between others, it has false positives.
#[derive(Clone, Copy)]
pub(crate) struct Pairs<'r> {
    /// By last symbol: the first bit of its row.
    pub(crate) rows: &'r [U32],
    /// By the symbol before: the place of its bit in a row.
    pub(crate) columns: &'r [U16],
    pub(crate) bits: &'r [u8],
}

impl Pairs<'_> {
    /// Whether `before` and `last` may be in the set; no false negatives.
    #[inline(always)]
    pub(crate) fn may_have(&self, before: u16, last: u16) -> bool {
        let row = self.rows.get(usize::from(last)).map_or(0, |row| row.get());
        let column = self.columns.get(usize::from(before)).map_or(0, |c| c.get());
        let bit = row as usize + usize::from(column);
        self.bits.get(bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 != 0)
    }

    pub(crate) fn validate(&self) -> Result<(), &'static str> {
        let farthest = |row: u32, column: u16| row as usize + usize::from(column);
        let row = self.rows.iter().map(|row| row.get()).max().unwrap_or(0);
        let column = self.columns.iter().map(|column| column.get()).max().unwrap_or(0);
        match farthest(row, column) / 8 < self.bits.len() {
            true => Ok(()),
            false => Err("a pair of symbols lies outside its matrix"),
        }
    }
}
