//! The block of bytes: header, section table, sections.
//!
//! ```text
//! 0   8  magic "HUOYAN\r\n"
//! 8   4  format version
//! 12  4  length of the whole block
//! 16  4  CRC-32 of everything from byte 20 on
//! 20  4  layout of the tables
//! 24  8n section table: offset and length of each section, in bytes
//! ```
//!
//! The first 24 bytes are the same in every version.

use super::LoadError;
use super::layout::{LAYOUT, Record};
use super::record::*;
use crate::automaton::{
    CompleteRecord, HintRecord, LetterRecord, LongerRecord, NodeRecord, ReadingRecord,
    RunRecord, SpelledRecord, SymbolRecord,
};
use zerocopy::little_endian::{F32, U16, U32, U64};

const MAGIC: &[u8; 8] = b"HUOYAN\r\n";
pub(super) const VERSION: u32 = 1;
const CHECKED_FROM: usize = 20;
const TABLE: usize = 24;

macro_rules! sections {
    ($($name:ident: $record:ty),* $(,)?) => {
        /// The parts of a ruleset, in the order of the block.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[repr(usize)]
        pub(crate) enum Section { $($name),* }

        impl Section {
            pub(crate) const ALL: [Section; [$(Section::$name),*].len()] =
                [$(Section::$name),*];

            pub(crate) const fn name(self) -> &'static str {
                match self { $(Section::$name => stringify!($name)),* }
            }

            /// The size of its records, in bytes.
            pub(super) const fn record_size(self) -> usize {
                match self { $(Section::$name => size_of::<$record>()),* }
            }

            /// The shape of its records.
            pub(super) const fn shape(self) -> u32 {
                match self { $(Section::$name => <$record as Record>::SHAPE),* }
            }
        }
    };
}

sections! {
    Pack: PackRecord,
    Strings: u8,
    Concepts: ConceptRecord,
    Platforms: Text,
    Attributes: Text,
    Rules: RuleRecord,
    RuleConcepts: U16,
    RuleIndex: U16,
    Risks: F32,
    Terms: TermRecord,
    Collisions: CollisionRecord,
    Meanings: MeaningRecord,
    SymbolStage1: U16,
    SymbolStage2: U16,
    SparseGroups: U16,
    GroupBlocks: U16,
    SparseBlocks: SparseBlock,
    SparseCells: U16,
    SymbolRecords: SymbolRecord,
    Expansions: List,
    ExpansionCells: U16,
    Runs: RunRecord,
    LongerRuns: LongerRecord,
    Readings: ReadingRecord,
    Letters: LetterRecord,
    Spelled: SpelledRecord,
    DisguiseSets: U64,
    Nodes: NodeRecord,
    NodeHints: HintRecord,
    Complete: CompleteRecord,
    PairBits: U32,
    ClueClasses: U32,
    ClueBits: U32,
    ClueLetters: u8,
    ClueTriples: U32,
    PatternClasses: u8,
    PatternRows: U16,
    PatternBlocks: U16,
    PatternAccepts: U32,
    PatternIds: U16,
    PatternStarts: u8,
    PatternConcepts: U16,
}

const COUNT: usize = Section::ALL.len();
const BODY: usize = TABLE + 8 * COUNT;

/// Where the sections lie.
#[derive(Clone)]
pub(super) struct Sections {
    ranges: [(u32, u32); COUNT],
    pub(super) checksum: u32,
}

/// Whether bytes begin as a ruleset does.
pub(super) fn is_ruleset(bytes: &[u8]) -> bool {
    bytes.starts_with(MAGIC)
}

/// The number at an offset of a block.
fn word(bytes: &[u8], at: usize) -> Result<u32, LoadError> {
    let field = bytes.get(at..at + 4).and_then(|b| b.try_into().ok());
    field
        .map(u32::from_le_bytes)
        .ok_or(LoadError::Length { found: bytes.len(), announced: TABLE })
}

impl Sections {
    /// Checks the header and the sum of all bytes, and reads the table.
    pub(super) fn read(bytes: &[u8]) -> Result<Sections, LoadError> {
        if !is_ruleset(bytes) {
            return Err(LoadError::NotARuleset);
        }
        let word = |at| word(bytes, at);
        let version = word(8)?;
        if version != VERSION {
            return Err(LoadError::Version { found: version, supported: VERSION });
        }
        let announced = word(12)? as usize;
        if announced != bytes.len() || announced < TABLE {
            return Err(LoadError::Length { found: bytes.len(), announced });
        }
        if crc32fast::hash(&bytes[CHECKED_FROM..]) != word(16)? {
            return Err(LoadError::Checksum);
        }
        // Only now is it certain that nothing else is wrong.
        let layout = word(20)?;
        if layout != LAYOUT {
            return Err(LoadError::Layout { version, found: layout, supported: LAYOUT });
        }
        if announced < BODY {
            return Err(LoadError::Length { found: announced, announced: BODY });
        }
        Sections::read_table(bytes)
    }

    /// The same without the checks, for bytes that had them.
    pub(super) fn read_table(bytes: &[u8]) -> Result<Sections, LoadError> {
        let mut ranges = [(0, 0); COUNT];
        for (index, range) in ranges.iter_mut().enumerate() {
            let start = word(bytes, TABLE + 8 * index)?;
            let length = word(bytes, TABLE + 8 * index + 4)?;
            match start.checked_add(length) {
                Some(end) if end as usize <= bytes.len() => *range = (start, end),
                _ => return Err(LoadError::Damaged("a section lies outside the block")),
            }
        }
        Ok(Sections { ranges, checksum: word(bytes, 16)? })
    }

    #[inline(always)]
    pub(super) fn get<'b>(&self, bytes: &'b [u8], section: Section) -> &'b [u8] {
        let (start, end) = self.ranges[section as usize];
        bytes.get(start as usize..end as usize).unwrap_or(&[])
    }
}

/// Joins the bytes of all sections into a block.
///
/// `None` if it would be 4 GiB or longer.
#[cfg(feature = "compile")]
pub(crate) fn assemble(parts: &[alloc::vec::Vec<u8>]) -> Option<alloc::vec::Vec<u8>> {
    debug_assert_eq!(parts.len(), COUNT);
    let total = BODY + parts.iter().map(|part| part.len()).sum::<usize>();
    let length = u32::try_from(total).ok()?;
    let mut block = alloc::vec::Vec::with_capacity(total);
    block.extend_from_slice(MAGIC);
    block.extend_from_slice(&VERSION.to_le_bytes());
    block.extend_from_slice(&length.to_le_bytes());
    block.extend_from_slice(&[0; 4]);
    block.extend_from_slice(&LAYOUT.to_le_bytes());
    let mut start = BODY as u32;
    for part in parts {
        block.extend_from_slice(&start.to_le_bytes());
        block.extend_from_slice(&(part.len() as u32).to_le_bytes());
        start += part.len() as u32;
    }
    for part in parts {
        block.extend_from_slice(part);
    }
    let checksum = crc32fast::hash(&block[CHECKED_FROM..]);
    block[16..20].copy_from_slice(&checksum.to_le_bytes());
    Some(block)
}
