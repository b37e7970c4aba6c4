//! What each code point of three bytes is to a glance: one look-up where the tables of a
//! ruleset take three.
//!
//! It is noted when the code point is first seen, so that a ruleset is at hand at once and
//! memory for what no text has stays untouched.

use super::symbols::Symbols;
use crate::automaton::{ClueClass, Clues};
use crate::fold::bits_of_two_threes;
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::sync::atomic::{AtomicU32, Ordering};
use zerocopy::FromZeros;

const CODE_POINTS: usize = Symbols::DENSE * Symbols::BLOCK;

/// What a code point of three bytes is to the loop over Chinese text.
///
/// ```text
/// 0  11  its column in the matrix of pairs; see [`ClueClass`]
/// 11  1  plain: nothing but its row and column counts
/// 12  1  may stand inside a word as noise, or is noise
/// 13  1  a sign that may be a letter, no clue by itself
/// 14  1  known
/// 15 17  the words of the matrix before its row
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlaneClass(u32);

impl PlaneClass {
    const UNKNOWN: PlaneClass = PlaneClass(0);
    const COLUMN: u32 = ClueClass::PLACES - 1;
    const PLAIN: u32 = 1 << 11;
    const SOFT: u32 = 1 << 12;
    const SIGN: u32 = 1 << 13;
    const KNOWN: u32 = 1 << 14;
    const WORDS: u32 = 15;

    fn new(class: ClueClass, clues: &Clues<'_>) -> PlaneClass {
        let words = clues.words_before(class.row());
        debug_assert!(words < 1 << (u32::BITS - Self::WORDS));
        let is_soft = class.is(ClueClass::SOFT);
        let is_sign = is_soft && !class.is(ClueClass::ALONE) && class.letter() == 0;
        let flags = match class.is(ClueClass::SPECIAL) {
            false => Self::PLAIN,
            true if is_sign => Self::SIGN,
            true => 0,
        };
        let soft = if is_soft { Self::SOFT } else { 0 };
        PlaneClass(class.column() | words << Self::WORDS | flags | soft | Self::KNOWN)
    }

    #[inline(always)]
    pub(crate) fn is_plain(self) -> bool {
        self.0 & Self::PLAIN != 0
    }

    /// Whether both are.
    #[inline(always)]
    pub(crate) fn are_plain(self, other: PlaneClass) -> bool {
        self.0 & other.0 & Self::PLAIN != 0
    }

    /// Whether it is a symbol of a term or of none, and never noise.
    #[inline(always)]
    fn is_symbol(self) -> bool {
        self.0 & (Self::PLAIN | Self::SOFT) == Self::PLAIN
    }

    #[inline(always)]
    pub(crate) fn is_soft(self) -> bool {
        self.0 & Self::SOFT != 0
    }

    #[inline(always)]
    pub(crate) fn is_sign(self) -> bool {
        self.0 & Self::SIGN != 0
    }

    #[inline(always)]
    pub(crate) fn column(self) -> u32 {
        self.0 & Self::COLUMN
    }

    /// The column of what counts behind it, where another was before.
    #[inline(always)]
    pub(crate) fn column_behind(self, before: u32) -> u32 {
        if self.is_soft() { before } else { self.column() }
    }

    /// Whether it is a clue after what has a column.
    #[inline(always)]
    pub(crate) fn is_pair(self, column: u32, clues: &Clues<'_>) -> bool {
        clues.is_pair_behind(column, self.0 >> Self::WORDS)
    }
}

/// By code point of the Basic Multilingual Plane, its class. Whoever notes one notes the
/// same.
type Classes = [AtomicU32; CODE_POINTS];

/// Those of the built-in ruleset, for which no memory has to be made ready.
#[cfg(feature = "builtin")]
static BUILTIN: Classes = [const { AtomicU32::new(0) }; CODE_POINTS];

/// The memory of a ruleset for them, which its clones share.
#[derive(Clone)]
pub(super) enum PlaneMemory {
    #[cfg(feature = "builtin")]
    Builtin,
    Own(Arc<OwnClasses>),
}

pub(super) struct OwnClasses(Box<Classes>);

impl PlaneMemory {
    pub(super) fn new() -> PlaneMemory {
        let classes = FromZeros::new_box_zeroed();
        let classes = classes.expect("memory for 256 KiB of classes");
        PlaneMemory::Own(Arc::new(OwnClasses(classes)))
    }

    #[inline]
    pub(super) fn plane(&self) -> BasicPlane<'_> {
        match self {
            #[cfg(feature = "builtin")]
            PlaneMemory::Builtin => BasicPlane { classes: &BUILTIN },
            PlaneMemory::Own(own) => BasicPlane { classes: &own.0 },
        }
    }
}

/// The classes as far as they are known.
#[derive(Clone, Copy)]
pub(crate) struct BasicPlane<'p> {
    classes: &'p Classes,
}

impl BasicPlane<'_> {
    /// The class of a code point as far as it is known: what is not is not plain.
    #[inline(always)]
    pub(crate) fn known(&self, code_point: u16) -> PlaneClass {
        PlaneClass(self.classes[usize::from(code_point)].load(Ordering::Relaxed))
    }

    /// Whether the first six of eight bytes, the first one in the lowest bits, are two
    /// code points that are known to be a symbol each, never noise.
    #[inline(always)]
    pub(crate) fn begins_with_symbols(&self, word: u64) -> bool {
        bits_of_two_threes(word).is_some_and(|both| {
            let [first, second] = both.map(|bits| self.known(bits));
            first.is_symbol() & second.is_symbol()
        })
    }

    /// The class of a code point; of one that has not three bytes, that of what needs more
    /// than a look.
    #[inline(always)]
    pub(crate) fn class(
        &self,
        code_point: u16,
        symbols: &Symbols<'_>,
        clues: &Clues<'_>,
    ) -> PlaneClass {
        match self.known(code_point) {
            PlaneClass::UNKNOWN => self.note(code_point, symbols, clues),
            class => class,
        }
    }

    #[cold]
    #[inline(never)]
    fn note(
        &self,
        code_point: u16,
        symbols: &Symbols<'_>,
        clues: &Clues<'_>,
    ) -> PlaneClass {
        let c = char::from_u32(u32::from(code_point)).filter(|c| c.len_utf8() == 3);
        let class = c.map_or(ClueClass::EXPANSION, |c| clues.class(symbols.cell(c).0));
        let class = PlaneClass::new(class, clues);
        self.classes[usize::from(code_point)].store(class.0, Ordering::Relaxed);
        class
    }
}

#[cfg(all(test, feature = "builtin"))]
mod tests {
    use super::*;
    use crate::Ruleset;

    #[test]
    fn every_code_point_of_three_bytes_has_its_class() {
        let ruleset = Ruleset::builtin();
        let (symbols, clues) = (ruleset.symbols(), ruleset.clues());
        let memory = PlaneMemory::new();
        let plane = memory.plane();
        // As it is noted, and as it is known then.
        for code_point in (0..=u16::MAX).chain(0..=u16::MAX) {
            let c = char::from_u32(u32::from(code_point)).filter(|c| c.len_utf8() == 3);
            let class = match c {
                Some(c) => clues.class(symbols.cell(c).0),
                None => ClueClass::EXPANSION,
            };
            let found = plane.class(code_point, &symbols, &clues);
            assert_ne!(found, PlaneClass::UNKNOWN);
            assert_eq!(found, plane.known(code_point));
            let is_special = class.is(ClueClass::SPECIAL);
            assert_eq!(found.is_plain(), !is_special, "{code_point:X}");
            assert_eq!(found.is_soft(), class.is(ClueClass::SOFT), "{code_point:X}");
            assert_eq!(found.column(), class.column(), "{code_point:X}");
            let is_letter = class.letter() > 0;
            let is_sign = is_special && !is_letter && !class.is(ClueClass::ALONE);
            assert_eq!(found.is_sign(), is_sign && found.is_soft(), "{code_point:X}");
            // Every column once.
            for column in (0..clues.stride).skip(usize::from(code_point % 97)).step_by(97)
            {
                let is_pair = found.is_pair(column, &clues);
                assert_eq!(is_pair, clues.is_pair(column, class.row()));
            }
        }
    }
}
