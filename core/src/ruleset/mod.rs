//! Rulesets: compiled packs.
//!
//! A ruleset is one block of bytes: a header, a table of sections, and the
//! sections, all little-endian and without alignment. Loading checks the
//! block once and then uses it where it lies.

mod ascii;
mod basic_plane;
mod block;
mod error;
mod format;
mod layout;
mod record;
mod symbols;
mod validate;

pub(crate) use ascii::{AsciiKind, AsciiTable};
pub(crate) use basic_plane::BasicPlane;
use basic_plane::PlaneMemory;
use block::{Block, Bytes};
pub(crate) use block::{TermFacts, Views};
pub use error::LoadError;
pub(crate) use format::Section;
#[cfg(feature = "compile")]
pub(crate) use format::assemble;
pub(crate) use record::*;
pub(crate) use symbols::{Cell, Symbols, flags};

use crate::automaton::{Clues, LiteralAutomaton, PatternAutomaton};
use crate::bits::Bits;
use crate::fold::DisguiseSet;
use crate::score::log_odds_at;
use alloc::borrow::Cow;
use core::iter::FusedIterator;
use core::sync::atomic::{AtomicUsize, Ordering};
use format::Sections;
use layout::Record;
use zerocopy::{FromBytes, Immutable, KnownLayout, Unaligned};

/// A compiled pack: immutable, and shareable between threads.
///
/// # Resources
///
/// The built-in ruleset is part of the program's read-only data; loading it
/// copies nothing. Clones share their bytes. A scan borrows the ruleset and writes to a
/// [`Scratch`](crate::Scratch) only, beside up to 256 KiB in which any ruleset notes what
/// characters are to it as they are first seen.
///
/// # Example
///
/// ```
/// # #[cfg(feature = "compile")] {
/// use huoyan::{Ruleset, Scratch};
///
/// let ruleset = Ruleset::compile(r#"
///     format = 1
///     [pack]
///     id = "demo"
///     version = "1"
///     [[concept]]
///     id = "wechat"
///     terms = ["微信"]
///     [[rule]]
///     id = "any-wechat"
///     category = "contact_solicitation"
///     all = ["wechat"]
///     within = 8
///     weight = 6.0
/// "#).unwrap();
/// let again = Ruleset::from_bytes(ruleset.to_bytes()).unwrap();
/// assert!(again.is_flagged(&mut Scratch::new(&again), "微.信"));
/// # }
/// ```
#[derive(Clone)]
pub struct Ruleset<'a> {
    bytes: Bytes<'a>,
    sections: Sections,
    /// Tells it and its clones from all others in this process.
    number: usize,
    threshold: f32,
    /// The threshold in log-odds.
    cut: f32,
    /// What each ASCII byte is to a glance.
    ascii: AsciiTable,
    /// The same of code points of three bytes that were seen. Clones share it.
    plane: PlaneMemory,
}

/// The next number of a ruleset.
fn next_number() -> usize {
    static NEXT: AtomicUsize = AtomicUsize::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed).max(1)
}

impl<'a> Ruleset<'a> {
    /// The version of the byte format that this library writes, and the only one
    /// that it reads.
    pub const FORMAT: u32 = format::VERSION;

    /// Loads a compiled ruleset from bytes that [`to_bytes`](Self::to_bytes)
    /// or `huoyan compile` gave; borrowed bytes are used where they lie.
    ///
    /// # Errors
    ///
    /// [`LoadError`] if the bytes are no ruleset, are of another format
    /// version or layout, or are damaged. No bytes make this panic, and none make a
    /// later scan panic.
    pub fn from_bytes(bytes: impl Into<Cow<'a, [u8]>>) -> Result<Ruleset<'a>, LoadError> {
        let bytes = bytes.into();
        let sections = Sections::read(&bytes)?;
        let ruleset = Ruleset::new(bytes, sections, PlaneMemory::new());
        validate::validate(&ruleset)?;
        Ok(ruleset)
    }

    /// The same for the built-in bytes, which a test loads, without the checks, which
    /// take most of the time. No scan relies on them for its safety: every look-up has
    /// its bounds.
    ///
    /// # Errors
    ///
    /// [`LoadError`] if there is no table of sections.
    #[cfg(feature = "builtin")]
    pub(crate) fn from_builtin_bytes(bytes: &'a [u8]) -> Result<Ruleset<'a>, LoadError> {
        let sections = Sections::read_table(bytes)?;
        Ok(Ruleset::new(bytes.into(), sections, PlaneMemory::Builtin))
    }

    /// With what is read off the tables once.
    fn new(bytes: Cow<'a, [u8]>, sections: Sections, plane: PlaneMemory) -> Ruleset<'a> {
        let bytes = match bytes {
            Cow::Borrowed(bytes) => Bytes::borrowed(bytes, &sections),
            Cow::Owned(bytes) => Bytes::owned(bytes, &sections),
        };
        let Views { symbols, clues, .. } = bytes.views();
        let ruleset = Ruleset {
            number: next_number(),
            threshold: 0.0,
            cut: 0.0,
            ascii: AsciiTable::new(symbols, clues),
            plane,
            bytes,
            sections,
        };
        let threshold = ruleset.header().threshold.get();
        ruleset.with_threshold(threshold)
    }

    /// Whether bytes begin as a compiled ruleset does: what they are meant to be, not
    /// whether they load.
    pub fn is_compiled(bytes: &[u8]) -> bool {
        format::is_ruleset(bytes)
    }

    /// The ruleset as bytes, for a file or another process.
    pub fn to_bytes(&self) -> &[u8] {
        self.bytes.all()
    }

    /// The ruleset with bytes of its own.
    pub fn into_owned(self) -> Ruleset<'static> {
        let Ruleset { bytes, sections, number, threshold, cut, ascii, plane } = self;
        let bytes = match bytes {
            Bytes::Borrowed(bytes, _) => Bytes::owned(bytes.to_vec(), &sections),
            Bytes::Owned(own) => Bytes::Owned(own),
        };
        Ruleset { bytes, sections, number, threshold, cut, ascii, plane }
    }

    /// The same ruleset with another threshold, 0 to 100; what is beyond that is taken as
    /// the nearest, and what is no number as 100. Not part of
    /// [`to_bytes`](Self::to_bytes).
    #[must_use]
    pub fn with_threshold(mut self, threshold: f32) -> Ruleset<'a> {
        // A mistake should not flag everything.
        let threshold = if threshold.is_nan() { 100.0 } else { threshold };
        self.threshold = threshold.clamp(0.0, 100.0);
        self.cut = log_odds_at(self.threshold);
        self
    }

    /// The pack's id.
    pub fn id(&self) -> &str {
        self.string(self.header().id)
    }

    /// The pack's version.
    pub fn version(&self) -> &str {
        self.string(self.header().version)
    }

    /// Score from which a finding counts, 0 to 100.
    pub fn threshold(&self) -> f32 {
        self.threshold
    }

    /// The threshold in log-odds.
    pub(crate) fn cut(&self) -> f32 {
        self.cut
    }

    /// A number that tells this ruleset from others: the checksum of its bytes.
    pub fn checksum(&self) -> u32 {
        self.sections.checksum
    }

    /// A number that no other ruleset in this process has, but for its clones; never 0.
    pub(crate) fn number(&self) -> usize {
        self.number
    }

    /// The names of the concepts, by index.
    pub fn concepts(
        &self,
    ) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator + FusedIterator {
        self.concept_records().iter().map(|concept| self.string(concept.id))
    }

    /// The names of the rules, by index.
    pub fn rules(
        &self,
    ) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator + FusedIterator {
        self.rule_records().iter().map(|rule| self.string(rule.id))
    }

    /// The names of the platforms that concepts may hit.
    pub fn platforms(
        &self,
    ) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator + FusedIterator {
        self.platform_names().iter().map(|name| self.string(*name))
    }

    fn block(&self) -> Block<'_, '_> {
        Block { bytes: self.bytes.all(), sections: &self.sections }
    }

    fn table<T>(&self, section: Section) -> &[T]
    where
        T: Record + FromBytes + Immutable + KnownLayout + Unaligned,
    {
        self.block().table(section)
    }

    pub(crate) fn header(&self) -> PackRecord {
        self.block().header()
    }

    pub(crate) fn string(&self, text: Text) -> &str {
        core::str::from_utf8(self.string_bytes(text)).unwrap_or("")
    }

    pub(crate) fn string_bytes(&self, text: Text) -> &[u8] {
        text.of(self.bytes.views().facts.strings)
    }

    pub(crate) fn concept_records(&self) -> &[ConceptRecord] {
        self.views().facts.concepts
    }

    /// The concept that a concept is a kind of, else itself.
    pub(crate) fn whole_of(&self, concept: u16) -> u16 {
        ConceptRecord::whole_of(self.concept_records(), concept)
    }

    pub(crate) fn platform_names(&self) -> &[Text] {
        self.table(Section::Platforms)
    }

    /// The names of the platforms of a set, a bit for each. Most sets are empty.
    pub(crate) fn platforms_of(
        &self,
        set: u64,
    ) -> impl ExactSizeIterator<Item = &str> + DoubleEndedIterator + FusedIterator {
        Bits(set).map(move |number| {
            let name = self.platform_names().get(usize::from(number));
            name.map_or("", |name| self.string(*name))
        })
    }

    pub(crate) fn attribute_names(&self) -> &[Text] {
        self.table(Section::Attributes)
    }

    pub(crate) fn rule_records(&self) -> &[RuleRecord] {
        self.table(Section::Rules)
    }

    /// The concepts of all rules' lists; [`List::of`] gives those of one.
    pub(crate) fn rule_concepts(&self) -> &[zerocopy::little_endian::U16] {
        self.table(Section::RuleConcepts)
    }

    /// The rules to try by concept; [`ConceptRecord::rules`] says which.
    pub(crate) fn rule_index(&self) -> &[zerocopy::little_endian::U16] {
        self.table(Section::RuleIndex)
    }

    pub(crate) fn risks(&self) -> &[zerocopy::little_endian::F32] {
        self.views().facts.risks
    }

    pub(crate) fn terms(&self) -> &[TermRecord] {
        self.views().facts.terms
    }

    /// What a hit of a term tells that it read, and the disguises that the term itself is.
    /// `None` if there is no such term.
    pub(crate) fn meaning(&self, term: u32) -> Option<(&str, DisguiseSet)> {
        let record = self.terms().get(term as usize)?;
        let all: &[MeaningRecord] = self.table(Section::Meanings);
        let found = all.binary_search_by_key(&term, |meaning| meaning.term.get());
        let (text, wears) = match found.ok().and_then(|place| all.get(place)) {
            Some(own) => (own.means, DisguiseSet::from_bits(own.wears.get())),
            None => (record.text, DisguiseSet::EMPTY),
        };
        Some((self.string(text), wears))
    }

    /// The words that sound like a term.
    pub(crate) fn collisions(&self, term: u32) -> impl Iterator<Item = Text> + '_ {
        let all: &[CollisionRecord] = self.table(Section::Collisions);
        let first = all.partition_point(|collision| collision.term.get() < term);
        let own = all.get(first..).unwrap_or(&[]).iter();
        let own = own.take_while(move |collision| collision.term.get() == term);
        own.map(|collision| collision.word)
    }

    /// The views that each scan needs.
    #[inline]
    pub(crate) fn views(&self) -> &Views<'_> {
        self.bytes.views()
    }

    pub(crate) fn symbols(&self) -> Symbols<'_> {
        self.views().symbols
    }

    pub(crate) fn literals(&self) -> LiteralAutomaton<'_> {
        self.views().literals
    }

    /// What a text must contain to hold a term of an anchor.
    pub(crate) fn clues(&self) -> Clues<'_> {
        self.views().clues
    }

    /// What each ASCII byte is to a glance.
    pub(crate) fn ascii(&self) -> &AsciiTable {
        &self.ascii
    }

    /// What each code point of three bytes is to a glance.
    pub(crate) fn plane(&self) -> BasicPlane<'_> {
        self.plane.plane()
    }

    pub(crate) fn patterns(&self) -> PatternAutomaton<'_> {
        let (rows, accepts) =
            (self.table(Section::PatternRows), self.table(Section::PatternAccepts));
        PatternAutomaton {
            classes: self.table(Section::PatternClasses),
            rows,
            stride: PatternAutomaton::stride(rows, accepts),
            blocks: self.table(Section::PatternBlocks),
            accepts,
            patterns: self.table(Section::PatternIds),
            starts: self.table(Section::PatternStarts),
        }
    }

    pub(crate) fn pattern_concepts(&self) -> &[zerocopy::little_endian::U16] {
        self.table(Section::PatternConcepts)
    }

    /// The size of each part, in bytes, for reports.
    pub fn section_sizes(&self) -> impl Iterator<Item = (&'static str, usize)> {
        Section::ALL
            .into_iter()
            .map(|s| (s.name(), self.sections.get(self.bytes.all(), s).len()))
    }
}

impl core::fmt::Debug for Ruleset<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Ruleset")
            .field("id", &self.id())
            .field("version", &self.version())
            .field("bytes", &self.bytes.all().len())
            .finish_non_exhaustive()
    }
}
