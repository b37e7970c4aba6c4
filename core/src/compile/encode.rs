//! Writes the tables of a ruleset.

use super::Entry;
use super::anchor::{Anchors, members, partners};
use super::ending::Clues;
use super::literal::Literals;
use super::partition::Partition;
use super::pattern::Patterns;
use super::rule_index::rule_index;
use super::spelling::Spellings;
use super::strings::packed;
use crate::automaton::{
    CompleteRecord, HintRecord, LetterRecord, LiteralAutomaton, LongerRecord, NodeRecord,
    ReadingRecord, RunRecord, SpelledRecord, SymbolRecord,
};
use crate::fold::Noise;
use crate::pack::{Matcher, Pack};
use crate::ruleset::*;
use rustc_hash::FxHashMap;
use zerocopy::little_endian::U16;
use zerocopy::{Immutable, IntoBytes};

pub(super) struct Parts<'p> {
    pub(super) pack: &'p Pack,
    pub(super) entries: &'p [Entry<'p>],
    pub(super) partition: &'p Partition,
    pub(super) literals: &'p Literals,
    pub(super) anchors: &'p Anchors,
    pub(super) patterns: &'p Patterns,
    pub(super) collisions: &'p [Vec<String>],
}

struct Writer {
    parts: Vec<Vec<u8>>,
    known: FxHashMap<String, Text>,
    /// The sets of disguises that records name.
    sets: FxHashMap<u64, u16>,
}

/// The block of a ruleset; `None` if it would be 4 GiB or longer.
pub(super) fn encode(parts: &Parts<'_>) -> Option<Vec<u8>> {
    let mut out = Writer::new();
    out.texts(parts.entries);
    out.pack(parts.pack, parts.anchors, &parts.literals.clues);
    out.terms(parts);
    out.symbols(parts);
    let literals = parts.literals;
    out.sets(literals.anchor_sets);
    out.spellings(&literals.spellings);
    out.nodes(literals);
    for (node, set) in &literals.complete {
        let record = CompleteRecord { node: (*node).into(), set: *set };
        out.record(Section::Complete, &record);
    }
    out.words(Section::PairBits, &literals.pairs.bits);
    let clues = &literals.clues;
    for class in &clues.classes {
        out.part(Section::ClueClasses).extend_from_slice(&class.0.to_le_bytes());
    }
    out.words(Section::ClueBits, &clues.bits);
    out.part(Section::ClueLetters).extend_from_slice(&clues.letters);
    out.words(Section::ClueTriples, &clues.triples);
    out.part(Section::PatternClasses).extend_from_slice(&parts.patterns.classes);
    out.halves(Section::PatternRows, &parts.patterns.rows);
    out.halves(Section::PatternBlocks, &parts.patterns.blocks);
    out.words(Section::PatternAccepts, &parts.patterns.accepts);
    out.halves(Section::PatternIds, &parts.patterns.ids);
    out.part(Section::PatternStarts).extend_from_slice(&parts.patterns.starts);
    out.halves(Section::PatternConcepts, &parts.patterns.concepts);
    assemble(&out.parts)
}

impl Writer {
    fn new() -> Writer {
        Writer {
            parts: vec![Vec::new(); Section::ALL.len()],
            known: FxHashMap::default(),
            sets: FxHashMap::default(),
        }
    }

    fn part(&mut self, section: Section) -> &mut Vec<u8> {
        &mut self.parts[section as usize]
    }

    fn record<T: IntoBytes + Immutable>(&mut self, section: Section, record: &T) {
        self.part(section).extend_from_slice(record.as_bytes());
    }

    fn words(&mut self, section: Section, values: &[u32]) {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes());
        self.part(section).extend(bytes);
    }

    fn halves(&mut self, section: Section, values: &[u16]) {
        let bytes = values.iter().flat_map(|value| value.to_le_bytes());
        self.part(section).extend(bytes);
    }

    /// A run of `count` records of `size` bytes that is written next.
    fn list(&mut self, section: Section, size: usize, count: usize) -> List {
        let start = (self.part(section).len() / size) as u32;
        List { start: start.into(), length: (count as u16).into() }
    }

    /// The texts of all terms, which are most of the strings.
    fn texts(&mut self, entries: &[Entry<'_>]) {
        let (bytes, places) = packed(entries.iter().map(|entry| &*entry.term.text));
        *self.part(Section::Strings) = bytes;
        let known = places.into_iter().map(|(text, start)| {
            let place = Text { start: start.into(), length: (text.len() as u16).into() };
            (text.to_owned(), place)
        });
        self.known.extend(known);
    }

    fn text(&mut self, text: &str) -> Text {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let strings = self.part(Section::Strings);
        let start = strings.len() as u32;
        strings.extend_from_slice(text.as_bytes());
        let found = Text { start: start.into(), length: (text.len() as u16).into() };
        self.known.insert(text.to_owned(), found);
        found
    }

    fn pack(&mut self, pack: &Pack, anchors: &Anchors, clues: &Clues) {
        let (mut platforms, mut attributes) = (Vec::new(), Vec::new());
        let members = members(pack);
        let tried = rule_index(pack, &members);
        let mut known: FxHashMap<Vec<u16>, List> = FxHashMap::default();
        for (index, (concept, anchor)) in
            pack.concepts.iter().zip(&anchors.concepts).enumerate()
        {
            let rules = self.list(Section::RuleIndex, 2, tried[index].len());
            self.halves(Section::RuleIndex, &tried[index]);
            let has_exceptions = matches!(&concept.matcher, Matcher::Terms(_, except) if !except.is_empty());
            let anchor = match (anchor, has_exceptions) {
                (false, _) => 0,
                (true, false) => ANCHOR_PLAIN,
                (true, true) => ANCHOR_EXCEPT,
            };
            let (reach, partners) = match anchor {
                0 => (0, Vec::new()),
                _ => partners(pack, &members, index as u16),
            };
            let partners = match known.get(&partners) {
                Some(list) => *list,
                None if known.len() == PARTNERS_MAX => List::default(),
                None => {
                    let list = self.rule_concepts(&partners);
                    known.insert(partners, list);
                    list
                }
            };
            let record = ConceptRecord {
                id: self.text(&concept.id),
                platform: number(&mut platforms, concept.platform.as_deref()),
                attribute: number(&mut attributes, concept.attribute.as_deref()),
                anchor,
                reach: reach.into(),
                partners,
                whole: concept.part_of.unwrap_or(index as u16).into(),
                rules,
            };
            self.record(Section::Concepts, &record);
        }
        for (section, names) in
            [(Section::Platforms, platforms), (Section::Attributes, attributes)]
        {
            for name in names {
                let text = self.text(name);
                self.record(section, &text);
            }
        }
        for rule in &pack.rules {
            let record = RuleRecord {
                id: self.text(&rule.id),
                category: rule.category as u8,
                weight: rule.weight.into(),
                within: rule.within.into(),
                all: self.rule_concepts(&rule.all),
                any: self.rule_concepts(&rule.any),
                none: self.rule_concepts(&rule.none),
            };
            self.record(Section::Rules, &record);
        }
        let header = PackRecord {
            id: self.text(&pack.id),
            version: self.text(&pack.version),
            threshold: pack.threshold.into(),
            bias: pack.bias.into(),
            saturation: pack.saturation.into(),
            reach: pack.rules.iter().map(|rule| rule.within).max().unwrap_or(1).into(),
            clue_doubles: clues.doubles.into(),
            clue_stride: clues.stride.into(),
            clues_are_all: anchors.are_all.into(),
        };
        self.record(Section::Pack, &header);
        for risk in pack.risk {
            self.part(Section::Risks).extend_from_slice(&risk.to_le_bytes());
        }
    }

    fn rule_concepts(&mut self, concepts: &[u16]) -> List {
        let list = self.list(Section::RuleConcepts, 2, concepts.len());
        self.halves(Section::RuleConcepts, concepts);
        list
    }

    fn terms(&mut self, parts: &Parts<'_>) {
        for (number, place) in parts.literals.order.iter().enumerate() {
            let collisions = &parts.collisions[*place];
            for word in collisions {
                let word = self.text(word);
                let record = CollisionRecord { term: (number as u32).into(), word };
                self.record(Section::Collisions, &record);
            }
            let collides = if collisions.is_empty() { 0 } else { TermRecord::COLLIDES };
            let entry = &parts.entries[*place];
            let is_exception = entry.flags & TermRecord::EXCEPTION != 0;
            let wears = entry.term.wears.bits();
            if (entry.term.means.is_some() || wears != 0) && !is_exception {
                let means = entry.term.means.as_ref().unwrap_or(&entry.term.text);
                let (term, means) = ((number as u32).into(), self.text(means));
                let record = MeaningRecord { term, means, wears: wears.into() };
                self.record(Section::Meanings, &record);
            }
            let record = TermRecord {
                text: self.text(&entry.term.text),
                concept: entry.concept.into(),
                gap: entry.term.gap,
                flags: entry.flags | collides,
                place: (*place as u32).into(),
            };
            self.record(Section::Terms, &record);
        }
    }

    /// The number of some sets of disguises.
    fn sets(&mut self, sets: u64) -> U16 {
        let next = self.sets.len() as u16;
        let number = *self.sets.entry(sets).or_insert(next);
        if number == next {
            self.part(Section::DisguiseSets).extend_from_slice(&sets.to_le_bytes());
        }
        number.into()
    }

    fn nodes(&mut self, literals: &Literals) {
        let (mut parent, mut term) = (0, 0);
        for (place, node) in literals.nodes.iter().enumerate() {
            let mark = if node.is_complete { LiteralAutomaton::COMPLETE } else { 0 };
            let record = NodeRecord {
                letter: node.letter.into(),
                from: (node.from | mark).into(),
                sets: self.sets(node.sets),
            };
            self.record(Section::Nodes, &record);
            let is_last = place + 1 == literals.nodes.len();
            if place.is_multiple_of(LiteralAutomaton::STRIDE) || is_last {
                let begins = |node: usize| literals.nodes[node].from as usize;
                while parent + 1 < place && begins(parent + 1) <= place {
                    parent += 1;
                }
                let complete = &literals.complete;
                while complete.get(term).is_some_and(|(node, _)| (*node as usize) < place)
                {
                    term += 1;
                }
                let (parent, term) = ((parent as u32).into(), (term as u32).into());
                self.record(Section::NodeHints, &HintRecord { parent, term });
            }
        }
    }

    fn spellings(&mut self, spellings: &Spellings) {
        for run in &spellings.runs {
            let ends = if run.ends { RunRecord::ENDS } else { 0 };
            let record = RunRecord {
                longer: (run.longer | ends).into(),
                readings: run.readings.into(),
            };
            self.record(Section::Runs, &record);
        }
        for longer in &spellings.longer {
            let record = LongerRecord {
                symbol: longer.symbol.into(),
                run: longer.run.into(),
                end: longer.end.into(),
            };
            self.record(Section::LongerRuns, &record);
        }
        for reading in &spellings.readings {
            let record = ReadingRecord {
                letter: reading.letter.into(),
                kind: reading.kind,
                sets: self.sets(reading.sets),
            };
            self.record(Section::Readings, &record);
        }
        for (spelled, marks) in &spellings.letters {
            let record =
                LetterRecord { spelled: (*spelled).into(), marks: (*marks).into() };
            self.record(Section::Letters, &record);
        }
        for (run, sets) in &spellings.spelled {
            let record = SpelledRecord { run: (*run).into(), sets: self.sets(*sets) };
            self.record(Section::Spelled, &record);
        }
    }

    /// The cells of all code points, of which equal blocks are there once.
    fn cells(&mut self, cells: &[u16]) {
        let (dense, sparse) = cells.split_at(Symbols::DENSE * Symbols::BLOCK);
        let (numbers, blocks) = distinct(dense.chunks(Symbols::BLOCK));
        self.halves(Section::SymbolStage1, &numbers);
        blocks.into_iter().for_each(|block| self.halves(Section::SymbolStage2, block));
        let (numbers, blocks) = distinct(sparse.chunks(Symbols::BLOCK));
        blocks.into_iter().for_each(|block| self.sparse_block(block));
        let (numbers, groups) = distinct(numbers.chunks(Symbols::GROUP));
        self.halves(Section::SparseGroups, &numbers);
        groups.into_iter().for_each(|group| self.halves(Section::GroupBlocks, group));
    }

    fn sparse_block(&mut self, block: &[u16]) {
        let is_named = |cell: &u16| *cell != Cell::OTHER.0;
        let bits = block.iter().enumerate().filter(|(_, cell)| is_named(cell));
        let named = bits.fold(0u64, |named, (place, _)| named | 1 << place);
        let from = (self.part(Section::SparseCells).len() / size_of::<U16>()) as u32;
        let record = SparseBlock { named: named.into(), cells: from.into() };
        self.record(Section::SparseBlocks, &record);
        let cells: Vec<u16> = block.iter().copied().filter(is_named).collect();
        self.halves(Section::SparseCells, &cells);
    }

    fn symbols(&mut self, parts: &Parts<'_>) {
        let partition = parts.partition;
        self.cells(partition.cells());
        let mut flag_bytes = partition.flags.clone();
        for class in Noise::ALL.iter().copied() {
            flag_bytes[usize::from(Cell::noise(class).0)] = class as u8 + 1;
        }
        flag_bytes[usize::from(Cell::OVERRIDE.0)] = Noise::Invisible as u8 + 1;
        for (own, (ends, alone)) in flag_bytes.iter_mut().zip(&parts.literals.ends) {
            *own |= if *ends { flags::ENDS } else { 0 };
            *own |= if *alone { flags::ENDS_ALONE } else { 0 };
        }
        let (classes, pairs) = (&parts.literals.clues.classes, &parts.literals.pairs);
        for (symbol, mut flags) in flag_bytes.into_iter().enumerate() {
            if flags & flags::ALPHANUMERIC != 0 && classes[symbol].letter() == 0 {
                flags |= flags::DIGIT;
            }
            let record = SymbolRecord {
                row: pairs.rows[symbol].into(),
                column: pairs.columns[symbol].into(),
                flags,
                letter: classes[symbol].letter(),
            };
            self.record(Section::SymbolRecords, &record);
        }
        for cells in &partition.expansions {
            let list = self.list(Section::ExpansionCells, 2, cells.len());
            self.halves(Section::ExpansionCells, cells);
            self.record(Section::Expansions, &list);
        }
    }
}

/// The place of a name in a list plus one, or 0; the name is added if new.
fn number<'n>(names: &mut Vec<&'n str>, name: Option<&'n str>) -> u8 {
    let Some(name) = name else { return 0 };
    let place = names.iter().position(|known| *known == name).unwrap_or_else(|| {
        names.push(name);
        names.len() - 1
    });
    u8::try_from(place + 1).unwrap_or(0)
}

/// Most different lists of partners.
const PARTNERS_MAX: usize = 1 << 8;

/// The number of each part among those that differ, and these, each in the order in which
/// they come first.
fn distinct<'p>(parts: impl Iterator<Item = &'p [u16]>) -> (Vec<u16>, Vec<&'p [u16]>) {
    let (mut known, mut different) = (FxHashMap::default(), Vec::new());
    let number = |part: &'p [u16]| {
        *known.entry(part).or_insert_with(|| {
            different.push(part);
            (different.len() - 1) as u16
        })
    };
    (parts.map(number).collect(), different)
}

#[cfg(test)]
mod tests {
    use super::super::partition::partition;
    use super::*;
    use zerocopy::FromBytes;

    #[test]
    fn every_code_point_keeps_its_cell() {
        // In blocks of their own, side by side, at both ends of blocks and of planes.
        let places = [0x40, 0x7E, 0x4E00, 0xFFFD, 0x1_0000, 0x1_F63F, 0x1_F640, 0x2_0000];
        let places = places.into_iter().chain(0x2_A6C0..0x2_A700).chain([0x10_FFFD]);
        let chars: Vec<char> = places.filter_map(char::from_u32).collect();
        let sets: Vec<Vec<char>> = chars.chunks(3).map(|chunk| chunk.to_vec()).collect();
        let Ok(partition) = partition(&sets) else { panic!("few sets") };
        let mut out = Writer::new();
        out.cells(partition.cells());
        let halves =
            |section: Section| <[U16]>::ref_from_bytes(&out.parts[section as usize]);
        let symbols = Symbols {
            stage1: halves(Section::SymbolStage1).expect("whole numbers"),
            stage2: halves(Section::SymbolStage2).expect("whole numbers"),
            sparse_groups: halves(Section::SparseGroups).expect("whole numbers"),
            group_blocks: halves(Section::GroupBlocks).expect("whole numbers"),
            sparse: <[SparseBlock]>::ref_from_bytes(
                &out.parts[Section::SparseBlocks as usize],
            )
            .expect("whole records"),
            sparse_cells: halves(Section::SparseCells).expect("whole numbers"),
            records: &[],
            expansions: &[],
            expansion_cells: &[],
        };
        for c in '\0'..=char::MAX {
            assert_eq!(symbols.cell(c), partition.cell(c), "{c:?}");
        }
        assert!(chars.iter().all(|c| symbols.cell(*c).is_symbol()));
    }
}
