//! The bytes of a ruleset, and views of the tables in them.

use super::format::{Section, Sections};
use super::layout::Record;
use super::record::*;
use super::symbols::Symbols;
use crate::automaton::{Clues, LetterTable, LiteralAutomaton, Pairs, Spellings, Triples};
use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;
use self_cell::self_cell;
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned};

/// Bytes, with the views that each scan needs, made once. Clones share them.
#[derive(Clone)]
pub(super) enum Bytes<'a> {
    Borrowed(&'a [u8], Box<Views<'a>>),
    Owned(Arc<OwnBytes>),
}

self_cell!(
    pub(super) struct OwnBytes {
        owner: Vec<u8>,
        #[covariant]
        dependent: Views,
    }
);

impl<'a> Bytes<'a> {
    pub(super) fn borrowed(bytes: &'a [u8], sections: &Sections) -> Bytes<'a> {
        Bytes::Borrowed(bytes, Box::new(Block { bytes, sections }.views()))
    }

    pub(super) fn owned(bytes: Vec<u8>, sections: &Sections) -> Bytes<'static> {
        let own = OwnBytes::new(bytes, |bytes| Block { bytes, sections }.views());
        Bytes::Owned(Arc::new(own))
    }

    pub(super) fn all(&self) -> &[u8] {
        match self {
            Bytes::Borrowed(bytes, _) => bytes,
            Bytes::Owned(own) => own.borrow_owner(),
        }
    }

    #[inline]
    pub(super) fn views(&self) -> &Views<'_> {
        match self {
            Bytes::Borrowed(_, views) => views,
            Bytes::Owned(own) => own.borrow_dependent(),
        }
    }
}

/// Views of tables that each scan needs.
#[derive(Clone, Copy)]
pub(crate) struct Views<'b> {
    pub(crate) symbols: Symbols<'b>,
    pub(crate) clues: Clues<'b>,
    pub(crate) literals: LiteralAutomaton<'b>,
    pub(crate) facts: TermFacts<'b>,
}

/// What a hit needs to know of terms.
#[derive(Clone, Copy)]
pub(crate) struct TermFacts<'r> {
    pub(crate) terms: &'r [TermRecord],
    pub(crate) concepts: &'r [ConceptRecord],
    /// What each disguise costs.
    pub(crate) risks: &'r [zerocopy::little_endian::F32],
    /// What terms are written as.
    pub(crate) strings: &'r [u8],
    /// All are looked for as terms of anchors, exceptions too, so that there is a clue
    /// wherever a hit may end.
    pub(crate) are_anchors: bool,
}

/// The bytes of a block, and where its sections lie.
#[derive(Clone, Copy)]
pub(super) struct Block<'b, 's> {
    pub(super) bytes: &'b [u8],
    pub(super) sections: &'s Sections,
}

impl<'b> Block<'b, '_> {
    pub(super) fn table<T>(self, section: Section) -> &'b [T]
    where
        T: Record + FromBytes + Immutable + KnownLayout + Unaligned,
    {
        debug_assert_eq!(T::SHAPE, section.shape(), "{section:?} has other records");
        let bytes = self.sections.get(self.bytes, section);
        <[T]>::ref_from_bytes(bytes).unwrap_or(&[])
    }

    pub(super) fn header(self) -> PackRecord {
        self.table::<PackRecord>(Section::Pack).first().copied().unwrap_or_default()
    }

    fn symbols(self) -> Symbols<'b> {
        Symbols {
            stage1: self.table(Section::SymbolStage1),
            stage2: self.table(Section::SymbolStage2),
            sparse_groups: self.table(Section::SparseGroups),
            group_blocks: self.table(Section::GroupBlocks),
            sparse: self.table(Section::SparseBlocks),
            sparse_cells: self.table(Section::SparseCells),
            records: self.table(Section::SymbolRecords),
            expansions: self.table(Section::Expansions),
            expansion_cells: self.table(Section::ExpansionCells),
        }
    }

    fn clues(self) -> Clues<'b> {
        let letters = self.table(Section::ClueLetters);
        Clues {
            classes: self.table(Section::ClueClasses),
            // Where most pairs of all terms are clues they share their bits.
            bits: match self.table(Section::ClueBits) {
                [] => self.table(Section::PairBits),
                bits => bits,
            },
            letters: letters.try_into().unwrap_or(LetterTable::NONE),
            stride: self.header().clue_stride.get(),
            doubles: self.header().clue_doubles.get(),
            triples: Triples { words: self.table(Section::ClueTriples) },
        }
    }

    fn literals(self) -> LiteralAutomaton<'b> {
        LiteralAutomaton {
            nodes: self.table(Section::Nodes),
            hints: self.table(Section::NodeHints),
            complete: self.table(Section::Complete),
            spellings: Spellings {
                runs: self.table(Section::Runs),
                longer: self.table(Section::LongerRuns),
                readings: self.table(Section::Readings),
                letters: self.table(Section::Letters),
                spelled: self.table(Section::Spelled),
                sets: self.table(Section::DisguiseSets),
            },
            pairs: Pairs {
                symbols: self.table(Section::SymbolRecords),
                bits: self.table(Section::PairBits),
            },
        }
    }

    pub(super) fn views(self) -> Views<'b> {
        Views {
            symbols: self.symbols(),
            clues: self.clues(),
            literals: self.literals(),
            facts: TermFacts {
                terms: self.table(Section::Terms),
                concepts: self.table(Section::Concepts),
                risks: self.table(Section::Risks),
                strings: self.table(Section::Strings),
                are_anchors: self.header().clues_are_all != 0,
            },
        }
    }
}
