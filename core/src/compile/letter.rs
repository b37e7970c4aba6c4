//! What may stand for one letter of a term.

use super::data::{Data, Syllable};
use super::partition::Partition;
use crate::fold::{Disguise, DisguiseSet};
use crate::pack::{Term, is_hanzi};
use crate::ruleset::EXACT;
use rustc_hash::FxHashMap;

/// Index of a set of code points.
pub(super) type SetId = u32;

/// Sets of code points, by what they are.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum SetKey {
    Char(char),
    Standard(Syllable),
    Rare(Syllable),
    Holders(char),
    Glyphs(char),
    Variants(char),
    Emoji(char),
    Latin(char),
    Parts(char),
}

/// A letter's alternatives over sets of code points.
#[derive(Default)]
pub(super) struct LetterPlan {
    /// One code point for one, with the disguise; the least risky first.
    singles: Vec<(SetId, u8)>,
    /// Several code points for one.
    sequences: Vec<(Vec<SetId>, u8)>,
}

/// A letter's alternatives over symbols.
#[derive(Default, PartialEq, Eq, Hash)]
pub(super) struct Letter {
    /// Ascending by symbol, each symbol once.
    pub(super) singles: Vec<(u16, u8)>,
    /// For each sequence its places' symbols, and the disguise.
    pub(super) sequences: Vec<(Vec<Vec<u16>>, u8)>,
}

impl Letter {
    /// Whether it is a Latin letter; `codes` has a number above zero for the
    /// symbols of letters.
    pub(super) fn is_latin(&self, codes: &[u8]) -> bool {
        let mut singles = self.singles.iter();
        singles.any(|(symbol, kind)| *kind == EXACT && codes[usize::from(*symbol)] > 0)
    }
}

/// The disguises of a term's letters: a single character that is spelled as letters or
/// parts is no word.
pub(super) fn of_letters(term: &Term, disguises: DisguiseSet) -> DisguiseSet {
    use Disguise::{Bopomofo, Initials, Pinyin, Split};
    match term.plain.len() {
        1 => [Split, Pinyin, Initials, Bopomofo]
            .into_iter()
            .fold(disguises, DisguiseSet::without),
        _ => disguises,
    }
}

/// Collects plans and sets for all terms of a pack.
pub(super) struct Planner<'d> {
    data: &'d Data,
    pub(super) plans: Vec<LetterPlan>,
    /// By plan, the number of its character: plans of one differ in their disguises.
    pub(super) characters: Vec<usize>,
    known_characters: FxHashMap<char, usize>,
    /// How many characters there are, with what stands for whole terms.
    character_count: usize,
    /// Each set's code points.
    pub(super) sets: Vec<Vec<char>>,
    known_plans: FxHashMap<(char, DisguiseSet), usize>,
    known_sets: FxHashMap<SetKey, SetId>,
}

impl<'d> Planner<'d> {
    pub(super) fn new(data: &'d Data) -> Planner<'d> {
        let mut planner = Planner {
            data,
            plans: Vec::new(),
            characters: Vec::new(),
            known_characters: FxHashMap::default(),
            character_count: 0,
            sets: Vec::new(),
            known_plans: FxHashMap::default(),
            known_sets: FxHashMap::default(),
        };
        // Letters and digits are always told apart: they may be identifiers,
        // and a lone one may be noise in a Chinese term.
        for c in ('a'..='z').chain('0'..='9') {
            planner.set(SetKey::Char(c));
        }
        planner
    }

    /// The plan for one letter of a term, under some disguises.
    pub(super) fn letter(&mut self, c: char, disguises: DisguiseSet) -> usize {
        if let Some(plan) = self.known_plans.get(&(c, disguises)) {
            return *plan;
        }
        let plan = match is_hanzi(c) {
            true => self.hanzi(c, disguises),
            false => self.other(c, disguises),
        };
        let character = *self.known_characters.entry(c).or_insert(self.character_count);
        self.known_plans.insert((c, disguises), self.plans.len());
        self.push(plan, character)
    }

    fn push(&mut self, plan: LetterPlan, character: usize) -> usize {
        self.plans.push(plan);
        self.characters.push(character);
        self.character_count = self.character_count.max(character + 1);
        self.plans.len() - 1
    }

    /// The plan for the emoji that stand for a whole term, as one letter.
    pub(super) fn whole(&mut self, term: &Term) -> Option<usize> {
        if !term.disguises.contains(Disguise::Emoji) {
            return None;
        }
        let emoji = self.data.emoji_for_term(&term.plain);
        if emoji.is_empty() {
            return None;
        }
        self.sets.push(emoji);
        let mut plan = LetterPlan::default();
        plan.single(self.sets.len() as SetId - 1, Disguise::Emoji);
        Some(self.push(plan, self.character_count))
    }

    fn hanzi(&mut self, c: char, disguises: DisguiseSet) -> LetterPlan {
        use Disguise::*;
        let data = self.data;
        let readings = data.readings(c);
        let mut plan = LetterPlan::default();
        plan.singles.push((self.set(SetKey::Char(c)), EXACT));
        // From the least to the most risky: the first kind that has a symbol wins.
        for kind in [
            Variant,
            Component,
            RareHomophone,
            Emoji,
            Glyph,
            Homophone,
            NearHomophone,
            Drop,
        ] {
            if !disguises.contains(kind) {
                continue;
            }
            match kind {
                Variant => plan.single(self.set(SetKey::Variants(c)), kind),
                Component => plan.single(self.set(SetKey::Holders(c)), kind),
                Emoji => plan.single(self.set(SetKey::Emoji(c)), kind),
                Glyph => plan.single(self.set(SetKey::Glyphs(c)), kind),
                Drop => plan.single(self.set(SetKey::Parts(c)), kind),
                RareHomophone => {
                    for reading in readings {
                        plan.single(self.set(SetKey::Rare(*reading)), kind);
                    }
                }
                Homophone => {
                    for reading in readings {
                        plan.single(self.set(SetKey::Standard(*reading)), kind);
                    }
                }
                _ => {
                    for near in readings.iter().flat_map(|r| data.near(*r)) {
                        plan.single(self.set(SetKey::Standard(*near)), kind);
                        plan.single(self.set(SetKey::Rare(*near)), kind);
                    }
                }
            }
        }
        if disguises.contains(Pinyin) {
            for reading in readings {
                plan.sequence(self, data.spelling(*reading), Pinyin);
            }
        }
        if disguises.contains(Bopomofo) {
            for spelling in readings.iter().flat_map(|r| data.bopomofo(*r)) {
                plan.sequence(self, spelling, Bopomofo);
                if let Some(first) = spelling.chars().next() {
                    plan.single(self.set(SetKey::Char(first)), Bopomofo);
                }
            }
        }
        if disguises.contains(Initials) {
            for first in readings.iter().filter_map(|r| data.spelling(*r).chars().next())
            {
                plan.single(self.set(SetKey::Char(first)), Initials);
                if first == 'w' {
                    // By custom: V信, VX.
                    plan.single(self.set(SetKey::Char('v')), Initials);
                }
            }
        }
        if disguises.contains(Split) {
            for parts in data.splits(c) {
                plan.sequence(self, parts, Split);
            }
        }
        plan
    }

    fn other(&mut self, c: char, disguises: DisguiseSet) -> LetterPlan {
        let mut plan = LetterPlan::default();
        plan.singles.push((self.set(SetKey::Char(c)), EXACT));
        if disguises.contains(Disguise::Glyph) {
            plan.single(self.set(SetKey::Latin(c)), Disguise::Glyph);
            for spelling in
                self.data.latin(c).iter().filter(|s| s.chars().nth(1).is_some())
            {
                plan.sequence(self, spelling, Disguise::Glyph);
            }
        }
        plan
    }

    fn set(&mut self, key: SetKey) -> SetId {
        if let Some(id) = self.known_sets.get(&key) {
            return *id;
        }
        let data = self.data;
        let members: Vec<char> = match key {
            SetKey::Char(c) => vec![c],
            SetKey::Standard(s) => data.standard(s).chars().collect(),
            SetKey::Rare(s) => data.rare(s).chars().collect(),
            SetKey::Holders(c) => data.holders(c).chars().collect(),
            SetKey::Glyphs(c) => data.glyphs(c).chars().collect(),
            SetKey::Variants(c) => data.variants(c).to_vec(),
            SetKey::Emoji(c) => data.emoji_for_letter(c),
            SetKey::Latin(c) => {
                let single = data.latin(c).iter().filter(|s| s.chars().nth(1).is_none());
                single.filter_map(|s| s.chars().next()).collect()
            }
            SetKey::Parts(c) => data
                .splits(c)
                .iter()
                .flat_map(|s| s.chars())
                .filter(|p| is_hanzi(*p))
                .collect(),
        };
        self.sets.push(members);
        let id = self.sets.len() as SetId - 1;
        self.known_sets.insert(key, id);
        id
    }
}

impl LetterPlan {
    fn single(&mut self, set: SetId, kind: Disguise) {
        self.singles.push((set, kind as u8));
    }

    fn sequence(&mut self, planner: &mut Planner<'_>, text: &str, kind: Disguise) {
        let places = text.chars().map(|c| planner.set(SetKey::Char(c))).collect();
        self.sequences.push((places, kind as u8));
    }

    /// The plan over the symbols of a partition.
    pub(super) fn resolve(&self, partition: &Partition) -> Letter {
        let symbols = |set: SetId| partition.symbols(set);
        let mut singles: Vec<(u16, u8)> = Vec::new();
        for (set, kind) in &self.singles {
            for symbol in symbols(*set) {
                if !singles.iter().any(|(known, _)| known == symbol) {
                    singles.push((*symbol, *kind));
                }
            }
        }
        singles.sort_unstable();
        let mut sequences: Vec<(Vec<Vec<u16>>, u8)> = Vec::new();
        for (places, kind) in &self.sequences {
            let places: Vec<Vec<u16>> =
                places.iter().map(|s| symbols(*s).to_vec()).collect();
            if !sequences.iter().any(|(known, _)| *known == places) {
                sequences.push((places, *kind));
            }
        }
        Letter { singles, sequences }
    }
}
