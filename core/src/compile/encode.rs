//! Writes the tables of a ruleset.

use super::Entry;
use super::anchor::{members, partners};
use super::letter::Letter;
use super::literal::Literals;
use super::partition::Partition;
use super::pattern::Patterns;
use super::rule_index::rule_index;
use crate::automaton::{CommonPair, SymbolRecord};
use crate::fold::Noise;
use crate::pack::{Matcher, Pack};
use crate::ruleset::*;
use rustc_hash::FxHashMap;
use zerocopy::{Immutable, IntoBytes};

pub(super) struct Parts<'p> {
    pub(super) pack: &'p Pack,
    pub(super) entries: &'p [Entry<'p>],
    pub(super) letters: &'p [Letter],
    pub(super) partition: &'p Partition,
    pub(super) literals: &'p Literals,
    pub(super) anchors: &'p [bool],
    pub(super) patterns: &'p Patterns,
    pub(super) collisions: &'p [Vec<String>],
}

struct Writer {
    parts: Vec<Vec<u8>>,
    known: FxHashMap<String, Text>,
}

/// The block of a ruleset; `None` if it would be 4 GiB or longer.
pub(super) fn encode(parts: &Parts<'_>) -> Option<Vec<u8>> {
    let mut out = Writer {
        parts: vec![Vec::new(); Section::ALL.len()],
        known: FxHashMap::default(),
    };
    out.pack(parts.pack, parts.anchors, parts.literals.clues.doubles);
    out.terms(parts);
    out.symbols(parts);
    let literals = parts.literals;
    out.words(Section::Entries, &literals.entries);
    out.words(Section::Nodes, &literals.nodes);
    out.halves(Section::TransitionSymbols, &literals.symbols);
    out.part(Section::TransitionWidths).extend_from_slice(&literals.widths);
    out.targets(&literals.targets);
    out.part(Section::PairBits).extend_from_slice(&literals.pairs.bits);
    let clues = &literals.clues;
    for class in &clues.classes {
        out.part(Section::ClueClasses).extend_from_slice(&class.0.to_le_bytes());
    }
    out.part(Section::ClueBits).extend_from_slice(&clues.bits);
    out.part(Section::ClueLetters).extend_from_slice(&clues.letters);
    for (key, thirds) in &clues.common {
        let (key, thirds) = ((*key).into(), (*thirds).into());
        out.record(Section::ClueCommon, &CommonPair { key, thirds });
    }
    out.halves(Section::ClueThirds, &clues.thirds);
    out.part(Section::PatternClasses).extend_from_slice(&parts.patterns.classes);
    out.words(Section::PatternRows, &parts.patterns.rows);
    out.halves(Section::PatternBlocks, &parts.patterns.blocks);
    out.words(Section::PatternAccepts, &parts.patterns.accepts);
    out.halves(Section::PatternIds, &parts.patterns.ids);
    out.part(Section::PatternStarts).extend_from_slice(&parts.patterns.starts);
    out.halves(Section::PatternConcepts, &parts.patterns.concepts);
    assemble(&out.parts)
}

impl Writer {
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

    /// The states and terms that transitions lead to.
    fn targets(&mut self, targets: &[u32]) {
        let lower: Vec<u16> = targets.iter().map(|target| *target as u16).collect();
        self.halves(Section::TransitionTargets, &lower);
        let upper = targets.iter().map(|target| (target >> u16::BITS) as u8);
        if upper.clone().any(|upper| upper > 0) {
            self.part(Section::TransitionUppers).extend(upper);
        }
    }

    /// A run of `count` records of `size` bytes that is written next.
    fn list(&mut self, section: Section, size: usize, count: usize) -> List {
        let start = (self.part(section).len() / size) as u32;
        List { start: start.into(), length: (count as u16).into() }
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

    fn pack(&mut self, pack: &Pack, anchors: &[bool], clue_doubles: u32) {
        let (mut platforms, mut attributes) = (Vec::new(), Vec::new());
        let (tried, members) = (rule_index(pack), members(pack));
        let mut known: FxHashMap<Vec<u16>, List> = FxHashMap::default();
        for (index, (concept, anchor)) in pack.concepts.iter().zip(anchors).enumerate() {
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
            clue_doubles: clue_doubles.into(),
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
        let mut known: FxHashMap<&Letter, u32> = FxHashMap::default();
        let mut numbers = Vec::new();
        for letter in parts.letters {
            let next = known.len() as u32;
            let number = *known.entry(letter).or_insert(next);
            if number == next {
                self.letter(letter);
            }
            numbers.push(number);
        }
        for (entry, collisions) in parts.entries.iter().zip(parts.collisions) {
            let letters: Vec<u32> = entry.letters.iter().map(|l| numbers[*l]).collect();
            let atoms = self.list(Section::Atoms, 4, letters.len());
            self.words(Section::Atoms, &letters);
            let whole = entry.whole.map_or(&[][..], |set| parts.partition.symbols(set));
            let whole = self.element(whole);
            let words: Vec<Text> =
                collisions.iter().map(|word| self.text(word)).collect();
            let collisions =
                self.list(Section::Collisions, size_of::<Text>(), words.len());
            words.iter().for_each(|word| self.record(Section::Collisions, word));
            let record = TermRecord {
                text: self.text(&entry.term.text),
                concept: entry.concept.into(),
                gap: entry.term.gap,
                flags: entry.flags,
                atoms,
                whole,
                collisions,
            };
            self.record(Section::Terms, &record);
        }
    }

    fn letter(&mut self, letter: &Letter) {
        let singles =
            self.list(Section::Singles, size_of::<SingleRecord>(), letter.singles.len());
        for (symbol, kind) in &letter.singles {
            let record = SingleRecord { symbol: (*symbol).into(), kind: *kind };
            self.record(Section::Singles, &record);
        }
        let sequences = self.list(
            Section::Sequences,
            size_of::<SequenceRecord>(),
            letter.sequences.len(),
        );
        for (places, kind) in &letter.sequences {
            let runs: Vec<List> =
                places.iter().map(|symbols| self.element(symbols)).collect();
            let elements = self.list(Section::Elements, size_of::<List>(), runs.len());
            runs.iter().for_each(|run| self.record(Section::Elements, run));
            self.record(Section::Sequences, &SequenceRecord { elements, kind: *kind });
        }
        self.record(Section::Letters, &LetterRecord { singles, sequences });
    }

    fn element(&mut self, symbols: &[u16]) -> List {
        let list = self.list(Section::ElementSymbols, 2, symbols.len());
        self.halves(Section::ElementSymbols, symbols);
        list
    }

    fn symbols(&mut self, parts: &Parts<'_>) {
        let partition = parts.partition;
        self.halves(Section::SymbolStage1, &partition.stage1);
        self.halves(Section::SymbolStage2, &partition.stage2);
        let mut flag_bytes = partition.flags.clone();
        for class in Noise::ALL {
            flag_bytes[usize::from(Cell::noise(class).0)] = class as u8 + 1;
        }
        flag_bytes[usize::from(Cell::OVERRIDE.0)] = Noise::Invisible as u8 + 1;
        for (symbol, state) in parts.literals.entries.iter().enumerate() {
            flag_bytes[symbol] |= if *state == 0 { 0 } else { flags::ENDS };
        }
        for symbol in &parts.literals.ends_alone {
            flag_bytes[usize::from(*symbol)] |= flags::ENDS_ALONE;
        }
        let (classes, pairs) = (&parts.literals.clues.classes, &parts.literals.pairs);
        for (symbol, flags) in flag_bytes.into_iter().enumerate() {
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
