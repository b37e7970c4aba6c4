//! The records of a ruleset's tables. All are unaligned and little-endian.

use super::layout::{self, Record};
use zerocopy::little_endian::{F32, U16, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

macro_rules! records {
    ($($(#[$doc:meta])* struct $name:ident { $($(#[$field_doc:meta])* $field:ident: $ty:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned)]
            #[repr(C)]
            pub(crate) struct $name { $($(#[$field_doc])* pub(crate) $field: $ty,)* }

            impl Record for $name {
                const SHAPE: u32 = layout::record(
                    size_of::<$name>(),
                    &[$((stringify!($field), <$ty as Record>::SHAPE)),*],
                );
            }
        )*
    };
}

records! {
    /// A string in the section of strings.
    struct Text {
        start: U32,
        length: U16,
    }

    /// A run of records in another table.
    struct List {
        start: U32,
        length: U16,
    }

    /// Facts of the whole pack.
    struct PackRecord {
        id: Text,
        version: Text,
        threshold: F32,
        bias: F32,
        /// Most that the rules which speak for a category add to a place.
        saturation: F32,
        /// Widest window of any rule, in symbols.
        reach: U16,
        /// Letters that are a clue when they come twice in a row, a bit each.
        clue_doubles: U32,
        /// The bits of a row in the matrix of the pairs that are clues.
        clue_stride: U32,
        /// Whether there is a clue wherever a term may end: 0 or 1.
        clues_are_all: u8,
    }

    /// A concept.
    struct ConceptRecord {
        id: Text,
        /// Index of the platform plus one, or 0.
        platform: u8,
        /// Index of the attribute plus one, or 0.
        attribute: u8,
        /// Whether a text without a hit of such a concept comes to nothing: 0,
        /// [`ANCHOR_PLAIN`] or [`ANCHOR_EXCEPT`].
        anchor: u8,
        /// Widest window of the rules that have it and speak for a category, in
        /// symbols.
        reach: U16,
        /// What may fire those rules with it, itself included; empty if unknown.
        partners: List,
        /// The concept that this one is a kind of, else this one.
        whole: U16,
        /// The rules to try where the concept was seen.
        rules: List,
    }

    /// A rule.
    struct RuleRecord {
        id: Text,
        category: u8,
        weight: F32,
        within: U16,
        all: List,
        any: List,
        none: List,
    }

    /// A term, or an exception.
    struct TermRecord {
        /// The plain spelling.
        text: Text,
        concept: U16,
        /// Most visible noise between two letters.
        gap: u8,
        /// See [`TermRecord::EXCEPTION`] and what follows it.
        flags: u8,
        /// Its place in the pack: of two readings that are as good the earlier counts.
        place: U32,
    }

    /// The cells of as many code points as `named` has bits.
    struct SparseBlock {
        /// A bit for each that has a cell, the first one lowest.
        named: U64,
        /// Where they begin.
        cells: U32,
    }

    /// What a term stands for, and the disguises that it is. Ascending by term.
    struct MeaningRecord {
        term: U32,
        means: Text,
        wears: U32,
    }

    /// A word that sounds like a term. Ascending by term.
    struct CollisionRecord {
        term: U32,
        word: Text,
    }
}

/// An anchor without exceptions.
pub(crate) const ANCHOR_PLAIN: u8 = 1;
/// An anchor with exceptions: a hit of it need be none.
#[cfg(feature = "compile")]
pub(crate) const ANCHOR_EXCEPT: u8 = 2;

/// The kind of a symbol that is the letter itself.
pub(crate) const EXACT: u8 = 0xFF;

impl Text {
    /// Its bytes among those of all texts.
    #[inline]
    pub(crate) fn of<'t>(&self, strings: &'t [u8]) -> &'t [u8] {
        strings.get(self.start.get() as usize..self.end()).unwrap_or(&[])
    }

    pub(crate) fn end(&self) -> usize {
        (self.start.get() as usize).saturating_add(usize::from(self.length.get()))
    }
}

impl List {
    pub(crate) fn end(&self) -> usize {
        (self.start.get() as usize).saturating_add(usize::from(self.length.get()))
    }

    /// The records of the run.
    pub(crate) fn of<'t, T>(&self, table: &'t [T]) -> &'t [T] {
        table.get(self.start.get() as usize..self.end()).unwrap_or(&[])
    }
}

impl SparseBlock {
    pub(crate) fn end(&self) -> usize {
        self.place(self.named.get().count_ones())
    }

    /// The cell at a place of the block, below 64.
    #[inline]
    pub(crate) fn cell<'t>(&self, place: u32, cells: &'t [U16]) -> Option<&'t U16> {
        let (named, bit) = (self.named.get(), 1 << (place & 63));
        let before = (named & (bit - 1)).count_ones();
        if named & bit != 0 { cells.get(self.place(before)) } else { None }
    }

    fn place(&self, number: u32) -> usize {
        (self.cells.get() as usize).saturating_add(number as usize)
    }
}

impl ConceptRecord {
    /// The concept that one is a kind of, else itself.
    pub(crate) fn whole_of(concepts: &[ConceptRecord], concept: u16) -> u16 {
        let record = concepts.get(usize::from(concept));
        record.map_or(concept, |record| record.whole.get())
    }
}

impl TermRecord {
    /// The term is an exception of its concept: hits inside it are none.
    pub(crate) const EXCEPTION: u8 = 1;
    /// The term's letters are in reverse order.
    pub(crate) const REVERSED: u8 = 2;
    /// The term is mostly Chinese: a lone letter or digit may be noise in it.
    pub(crate) const CHINESE: u8 = 4;
    /// The term must open a clause.
    pub(crate) const START: u8 = 8;
    /// Some word sounds like the term.
    pub(crate) const COLLIDES: u8 = 16;
    /// A text that has the bytes of the term has its letters, each as it is.
    pub(crate) const LITERAL: u8 = 32;

    pub(crate) fn is(&self, flag: u8) -> bool {
        self.flags & flag != 0
    }
}
