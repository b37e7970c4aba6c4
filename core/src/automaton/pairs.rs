//! The pairs of symbols that may end a term.
//!
//! Symbols with the same neighbours share a row or a column, which makes the
//! matrix of all pairs small enough for the fastest cache.

use zerocopy::little_endian::{U16, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// What the loop that reads in full needs to know of a symbol.
#[derive(
    Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub(crate) struct SymbolRecord {
    /// As a last symbol: the first bit of its row in the matrix of pairs.
    pub(crate) row: U32,
    /// As the symbol before: the place of its bit in a row.
    pub(crate) column: U16,
    /// See [`flags`](crate::ruleset::flags).
    pub(crate) flags: u8,
    /// 1 to 26 for a Latin letter that is never noise, else 0.
    pub(crate) letter: u8,
}

/// A [`SymbolRecord`] as one number, for the loop in which it is asked for all at once.
#[derive(Clone, Copy, Default)]
pub(crate) struct SymbolWord(u64);

impl SymbolRecord {
    #[inline(always)]
    pub(crate) fn word(self) -> SymbolWord {
        let word: U64 = zerocopy::transmute!(self);
        SymbolWord(word.get())
    }
}

impl SymbolWord {
    const COLUMN: u32 = 32;
    const FLAGS: u32 = 48;
    const LETTER: u32 = 56;

    #[inline(always)]
    pub(crate) fn row(self) -> u32 {
        self.0 as u32
    }

    #[inline(always)]
    pub(crate) fn column(self) -> u16 {
        (self.0 >> Self::COLUMN) as u16
    }

    #[inline(always)]
    pub(crate) fn letter(self) -> u8 {
        (self.0 >> Self::LETTER) as u8
    }

    /// Whether it has one of some flags.
    #[inline(always)]
    pub(crate) fn is(self, flags: u8) -> bool {
        self.0 & (flags as u64) << Self::FLAGS != 0
    }

    /// Those of some flags that another has not.
    #[inline(always)]
    pub(crate) fn has_beside(self, other: SymbolWord, flags: u8) -> bool {
        self.0 & !other.0 & (flags as u64) << Self::FLAGS != 0
    }
}

/// A set of pairs of symbols: a matrix of bits. Rows and columns of rare symbols are
/// shared by several, as are others where a pack has more than there may be, so that it
/// has false positives.
#[derive(Clone, Copy)]
pub(crate) struct Pairs<'r> {
    pub(crate) symbols: &'r [SymbolRecord],
    pub(crate) bits: &'r [U32],
}

impl Pairs<'_> {
    /// The bits of one word of a matrix.
    pub(crate) const WORD: usize = u32::BITS as usize;

    /// Whether `before` and `last` may be in the set; no false negatives.
    #[inline(always)]
    pub(crate) fn may_have(&self, before: u16, last: u16) -> bool {
        let record = |symbol: u16| self.symbols.get(usize::from(symbol));
        let row = record(last).map_or(0, |symbol| symbol.row.get());
        self.has_bit(record(before).map_or(0, |symbol| symbol.column.get()), row)
    }

    /// The same, given the column of one and the row of the other.
    #[inline(always)]
    pub(crate) fn has_bit(&self, column: u16, row: u32) -> bool {
        let bit = row as usize + usize::from(column);
        let word = self.bits.get(bit / Self::WORD);
        word.is_some_and(|word| word.get() >> (bit % Self::WORD) & 1 != 0)
    }

    pub(crate) fn validate(&self) -> Result<(), &'static str> {
        let rows = self.symbols.iter().map(|symbol| symbol.row.get());
        let columns = self.symbols.iter().map(|symbol| symbol.column.get());
        let (row, column) = (rows.max().unwrap_or(0), columns.max().unwrap_or(0));
        match (row as usize + usize::from(column)) / Self::WORD < self.bits.len() {
            true => Ok(()),
            false => Err("a pair of symbols lies outside its matrix"),
        }
    }
}
