//! Clues: what a text must contain to hold a term of an anchor.
//!
//! Every spelling of every such term has a *clue* in it: two symbols in a row,
//! or a few Latin letters in a row. Most text has no clue, which is quick to
//! tell; where there is one, the literal automaton has the last word.

use super::letters::LetterTable;
use super::pairs::Pairs;
use super::triples::Triples;
use zerocopy::little_endian::U32;

/// What a symbol is to clues.
///
/// ```text
/// 0  11  its place in the rows of the matrix of pairs; 0 if no clue begins with it
/// 11 11  its row there; 0 if it ends none
/// 22  6  16 and 1 to 26 for a Latin letter; else its number among [`Numbers`], and 8
///        more if it may come before letters that only then are a clue
/// 28  1  a clue by itself
/// 29  1  may stand inside a word as noise, or is noise
/// 30  1  needs more than a look at its row and column
/// 31  1  ordinary text has it often
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClueClass(pub(crate) u32);

impl ClueClass {
    /// Most rows, and most columns.
    pub(crate) const PLACES: u32 = 1 << Self::ROW;
    const ROW: u32 = 11;
    const CODE: u32 = 22;
    /// The code of no letter.
    const LETTER: u32 = 16;
    /// Of a code, if it is no letter's.
    const OPENING: u32 = 8;
    /// Where its parts are, and what they are numbered from.
    pub(crate) const PARTS: u32 =
        Self::ROW | Self::CODE << 8 | Self::LETTER << 16 | Self::OPENING << 24;
    pub(crate) const ALONE: u32 = 1 << 28;
    pub(crate) const SOFT: u32 = 1 << 29;
    pub(crate) const SPECIAL: u32 = 1 << 30;
    /// A pair of such symbols that are never noise is a clue only behind one of those that
    /// [`Clues::triples`] has with it, or behind one that is not such.
    pub(crate) const COMMON: u32 = 1 << 31;
    /// A code point that folds to several characters.
    pub(crate) const EXPANSION: ClueClass = ClueClass(Self::SPECIAL | Self::ALONE);

    #[cfg(feature = "compile")]
    pub(crate) fn new(row: u32, column: u32, flags: u32) -> ClueClass {
        debug_assert!(row < Self::PLACES && column < Self::PLACES);
        ClueClass(column | row << Self::ROW | flags)
    }

    /// The same of a Latin letter, 1 to 26.
    #[cfg(feature = "compile")]
    #[must_use]
    pub(crate) fn with_letter(self, letter: u8) -> ClueClass {
        ClueClass(self.0 | (Self::LETTER + u32::from(letter)) << Self::CODE)
    }

    /// The same of what is no letter.
    #[cfg(feature = "compile")]
    #[must_use]
    pub(crate) fn with_number(self, number: u8, is_opening: bool) -> ClueClass {
        debug_assert!(u32::from(number) < Numbers::COUNT);
        let opening = if is_opening { Self::OPENING } else { 0 };
        ClueClass(self.0 | (u32::from(number) | opening) << Self::CODE)
    }

    #[inline(always)]
    pub(crate) fn column(self) -> u32 {
        self.0 % Self::PLACES
    }

    #[inline(always)]
    pub(crate) fn row(self) -> u32 {
        self.0 >> Self::ROW & (Self::PLACES - 1)
    }

    #[inline(always)]
    fn code(self) -> u32 {
        self.0 >> Self::CODE & 0x3F
    }

    /// 1 to 26 for a Latin letter, else 0.
    #[inline(always)]
    pub(crate) fn letter(self) -> u8 {
        self.code().saturating_sub(Self::LETTER) as u8
    }

    /// Its number, if it may come before letters that only then are a clue.
    #[inline(always)]
    pub(crate) fn opener(self) -> Numbers {
        let is_opening = self.code() / Self::OPENING == 1;
        Numbers(u8::from(is_opening) << self.number())
    }

    /// Its number among [`Numbers`], if it is no letter.
    #[inline(always)]
    pub(crate) fn number(self) -> u32 {
        self.code() % Numbers::COUNT
    }

    #[inline(always)]
    pub(crate) fn is(self, flag: u32) -> bool {
        self.0 & flag != 0
    }
}

/// A set of the numbers of symbols beside letters, a bit for each.
///
/// Symbols that stand for no ASCII character have the number 0, as most beside letters
/// in terms do; those that do have one of the others, so that text of ASCII has few
/// clues.
#[derive(Clone, Copy, Default, Debug, PartialEq, Eq)]
pub(crate) struct Numbers(pub(crate) u8);

impl Numbers {
    pub(crate) const COUNT: u32 = 8;
    pub(crate) const ALL: Numbers = Numbers(u8::MAX);

    /// The number of a symbol that stands for an ASCII character, or for none.
    #[cfg(feature = "compile")]
    pub(crate) fn of(ascii: Option<u8>) -> u8 {
        ascii.map_or(0, |byte| 1 + byte % (Self::COUNT as u8 - 1))
    }

    pub(crate) fn numbers(self) -> impl Iterator<Item = u32> {
        (0..Self::COUNT).filter(move |number| self.0 >> number & 1 != 0)
    }

    #[cfg(feature = "compile")]
    pub(crate) fn add(&mut self, other: Numbers) {
        self.0 |= other.0;
    }
}

/// A view of the clues.
#[derive(Clone, Copy)]
pub(crate) struct Clues<'r> {
    /// By symbol, and one more for expansions.
    pub(crate) classes: &'r [U32],
    /// The pairs of symbols, row after row.
    pub(crate) bits: &'r [U32],
    /// The bits of a row.
    pub(crate) stride: u32,
    /// The tables of letters, one after the other.
    pub(crate) letters: &'r [u8; LetterTable::BYTES],
    /// Letters that are a clue when they come twice in a row, a bit each.
    pub(crate) doubles: u32,
    /// What is before pairs where all are common; see [`ClueClass::COMMON`].
    pub(crate) triples: Triples<'r>,
}

impl<'r> Clues<'r> {
    /// The class of a cell.
    #[inline(always)]
    pub(crate) fn class(&self, cell: u16) -> ClueClass {
        match self.classes.get(usize::from(cell)) {
            Some(class) => ClueClass(class.get()),
            None => ClueClass::EXPANSION,
        }
    }

    /// Whether a symbol of a row is a clue after one of a column.
    #[inline(always)]
    pub(crate) fn is_pair(&self, column: u32, row: u32) -> bool {
        self.is_pair_behind(column, self.words_before(row))
    }

    /// The words of the matrix before a row.
    #[inline(always)]
    pub(crate) fn words_before(&self, row: u32) -> u32 {
        // Tables that were not checked yet may have any stride.
        row.wrapping_mul(self.stride / Pairs::WORD as u32)
    }

    /// [`is_pair`](Self::is_pair), given how many words are before the row.
    #[inline(always)]
    pub(crate) fn is_pair_behind(&self, column: u32, words: u32) -> bool {
        let word = words.wrapping_add(column / Pairs::WORD as u32) as usize;
        let word = self.bits.get(word).map_or(0, |word| word.get());
        word >> (column % Pairs::WORD as u32) & 1 != 0
    }

    /// Checks that every index leads inside the tables.
    pub(crate) fn validate(&self, symbols: usize) -> Result<(), &'static str> {
        let rows = self.classes.iter().map(|class| ClueClass(class.get()).row());
        let columns = self.classes.iter().map(|class| ClueClass(class.get()).column());
        let (row, column) = (rows.max().unwrap_or(0), columns.max().unwrap_or(0));
        let is_narrow = self.stride <= ClueClass::PLACES
            && (self.stride as usize).is_multiple_of(Pairs::WORD);
        let fits = (row as usize * self.stride as usize + column as usize) / Pairs::WORD;
        let fits = is_narrow && fits < self.bits.len();
        if self.classes.len() != symbols + 1 || !fits {
            return Err("a clue lies outside its matrix");
        }
        self.triples.validate()
    }
}
