//! A slow, obvious reference of fold-and-match.
//!
//! It works on code points and on the data tables alone: no symbols, no
//! partition, no automaton, no ring. Of the crate it uses `fold` (the fold
//! and noise tables) and `pack::parse` (which terms a pack has); it shares no
//! code with `compile` and `scan`.
//!
//! # What counts as a match
//!
//! A *unit* is what one code point is to a match: the code point with what it
//! folds to, or one character of its expansion (`⑩` is the units `1` and `0`;
//! but a code point that a term names itself, such as `➕` or `🔟`, is one unit).
//! A match of a term uses up units of the text, the last one first, so that
//! each letter is stood for by one of its alternatives. Between two units that
//! are used there may be
//!
//! - noise, by its class: invisible code points and marks cost 0, breaks and
//!   ends of sentences 2, all other noise 1;
//! - repeats: units that may stand where the unit after them stands (at most
//!   16 in a match), for nothing;
//! - fillers: a lone letter or digit (the symbol before it is none) before a
//!   unit that is none, for 2, in terms with two hanzi or more;
//! - tones: a lone digit 1 to 5 behind a letter, for nothing, if some letter
//!   of the term is in pinyin. One behind the last letter belongs to the match.
//!
//! Between two used units the cost is at most 4 and at most the term's `gap`,
//! in all at most 8. A code point that is both noise and an alternative (`×`,
//! `➕`) may be either.
//!
//! # Two searches
//!
//! [`Reference::derivations`] tries everything; what the engine reports must
//! be among what it finds (*soundness*). The engine itself is greedy: a unit
//! that some term of the pack can use at this point is used, and is skipped as
//! noise only if none can. So it may miss a match that the exhaustive search
//! sees: with `+` for 加, the term 加号 hides 卖号 in `卖+号`.
//! [`Reference::greedy`] makes the same choices, slowly; what it finds the
//! engine must find (*completeness*). Thus greedy ⊆ engine ⊆ exhaustive, and
//! an engine that one day tries both ways still passes.
//!
//! `greedy` is careful where the engine is allowed to refuse: it claims no
//! match whose ends are letters or digits that go on, none that is a word of
//! the dictionary (a collision), none inside an exception, none that an
//! override reverses, none with the digits of tones, and none longer than 48
//! units.

use huoyan::fold::{self, Disguise, DisguiseSet, Noise};
use huoyan::pack::{self, Matcher};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;
use std::sync::OnceLock;

/// Most cost of noise between two units, and in a match.
pub(crate) const GAP_MAX: u32 = 4;
pub(crate) const NOISE_MAX: u32 = 8;
/// Most repeats in a match.
const REPEATS_MAX: u32 = 16;

/// What stands for a letter: the letter itself, or a disguise.
pub(crate) type Kind = Option<Disguise>;

/// One letter of a term, with all that may stand for it.
#[derive(Default, Debug)]
pub(crate) struct Letter {
    /// One code point for one, with every kind that it may be.
    pub(crate) singles: HashMap<char, Vec<Kind>>,
    /// Several code points for one.
    pub(crate) sequences: Vec<(Vec<char>, Disguise)>,
}

/// One term of a pack, or one term in reverse.
#[derive(Debug)]
pub(crate) struct Term {
    pub(crate) concept: String,
    /// As the pack spells it.
    pub(crate) text: String,
    pub(crate) letters: Vec<Letter>,
    /// Code points that stand for the whole term.
    pub(crate) whole: HashSet<char>,
    pub(crate) gap: u32,
    /// Two hanzi or more: fillers are allowed.
    pub(crate) chinese: bool,
    pub(crate) reversed: bool,
    pub(crate) exception: bool,
    /// For each letter the syllables that a word which sounds like the term
    /// may have; empty if the term does not expect common homophones.
    pub(crate) sounds: Vec<HashSet<&'static str>>,
}

/// One step of the text as matches see it.
#[derive(Clone, Debug)]
pub(crate) struct Unit {
    /// The code point, and what it folds to: either may stand for a letter.
    pub(crate) chars: Vec<char>,
    pub(crate) range: Range<usize>,
    pub(crate) noise: Option<Noise>,
    /// A letter or digit after folding.
    pub(crate) alphanumeric: bool,
    /// Some term of the pack names it.
    pub(crate) named: bool,
    /// What the code point is of itself: a fold, an escape.
    pub(crate) worn: DisguiseSet,
    /// Displayed in reverse, by an override before it.
    pub(crate) overridden: bool,
}

/// A match found by the greedy search.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Claim {
    pub(crate) concept: String,
    pub(crate) means: String,
    pub(crate) range: (usize, usize),
}

/// The terms of a pack with all their alternatives.
pub(crate) struct Reference {
    pub(crate) terms: Vec<Term>,
    /// Every code point that some alternative names.
    pub(crate) named: HashSet<char>,
    pub(crate) risk: [f32; 32],
}

/// A place in a term, counted from its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
struct Position {
    term: usize,
    /// Letters that are still to be found.
    left: usize,
    /// Inside a sequence of the last of these: its number, and how many of
    /// its places are still to be found.
    inside: Option<(usize, usize)>,
}

impl Reference {
    /// Reads a pack. Panics if it has mistakes: the packs are the tests' own.
    pub(crate) fn new(source: &str) -> Reference {
        let pack =
            pack::parse("reference.toml", source).unwrap_or_else(|e| panic!("{e}"));
        let mut terms = Vec::new();
        for concept in &pack.concepts {
            let Matcher::Terms(normal, except) = &concept.matcher else { continue };
            let both =
                normal.iter().map(|t| (t, false)).chain(except.iter().map(|t| (t, true)));
            for (term, exception) in both {
                for reversed in [false, true] {
                    let reorder = term.disguises.contains(Disguise::Reorder);
                    if reversed && (!reorder || term.plain.len() < 2) {
                        continue;
                    }
                    terms.push(Term::new(&concept.id, term, exception, reversed));
                }
            }
        }
        // Letters and digits are always told apart.
        let mut named: HashSet<char> = ('a'..='z').chain('0'..='9').collect();
        for term in &terms {
            named.extend(&term.whole);
            for letter in &term.letters {
                named.extend(letter.singles.keys());
                named.extend(letter.sequences.iter().flat_map(|(chars, _)| chars));
            }
        }
        Reference { terms, named, risk: pack.risk }
    }

    /// The units of a text in the orders in which it may be read: as written,
    /// and as displayed, where U+202E or U+2067 reverses what stands behind it.
    pub(crate) fn readings(&self, text: &str) -> Vec<Vec<Unit>> {
        let written = self.units(text, false);
        match text.contains(['\u{202E}', '\u{2067}']) {
            true => vec![written, self.units(text, true)],
            false => vec![written],
        }
    }

    fn units(&self, text: &str, displayed: bool) -> Vec<Unit> {
        let mut units = Vec::new();
        let mut at = 0;
        while let Some((c, length)) = fold::decode_escaped(&text.as_bytes()[at..]) {
            self.unit(c, at..at + length, false, &mut units);
            at += length;
            if displayed && matches!(c, '\u{202E}' | '\u{2067}') {
                let run = text[at..].chars().take(256);
                let run: String =
                    run.take_while(|c| !"\u{202C}\u{2069}\n\r".contains(*c)).collect();
                for (offset, c) in run.char_indices().rev() {
                    let start = at + offset;
                    self.unit(c, start..start + c.len_utf8(), true, &mut units);
                }
                at += run.len();
            }
        }
        units
    }

    fn unit(&self, c: char, range: Range<usize>, reversed: bool, units: &mut Vec<Unit>) {
        let folded = fold::lookup(c);
        let targets: Vec<char> = folded.chars().collect();
        let mut worn: DisguiseSet = folded.disguise().into_iter().collect();
        if range.len() > c.len_utf8() {
            worn.insert(Disguise::Escape);
        }
        let unit = |chars: Vec<char>, noise: Option<Noise>, alphanumeric, overridden| {
            let named = chars.iter().any(|c| self.named.contains(c));
            let overridden = overridden && (named || noise.is_none());
            Unit {
                chars,
                range: range.clone(),
                noise,
                alphanumeric,
                named,
                worn,
                overridden,
            }
        };
        let expands = targets.len() > 1 && targets.iter().any(|t| self.named.contains(t));
        if expands && !self.named.contains(&c) {
            for (place, target) in targets.iter().enumerate() {
                let noise = fold::lookup(*target).noise();
                let alphanumeric = target.is_ascii_alphanumeric();
                units.push(unit(
                    vec![*target],
                    noise,
                    alphanumeric,
                    reversed && place == 0,
                ));
            }
            return;
        }
        let mut chars = vec![c];
        if let [target] = targets[..]
            && target != c
        {
            chars.push(target);
        }
        let alphanumeric = folded.first().is_ascii_alphanumeric();
        units.push(unit(chars, folded.noise(), alphanumeric, reversed));
    }

    /// Where a position leads with a unit, and what the unit is there.
    fn moves(&self, position: Position, unit: &Unit) -> Vec<(Position, Kind)> {
        let Position { term: number, left, inside } = position;
        let term = &self.terms[number];
        let Some(letter) = left.checked_sub(1).map(|place| &term.letters[place]) else {
            return Vec::new();
        };
        let done = Position { term: number, left: left - 1, inside: None };
        let mut found = Vec::new();
        let mut along = |sequence: usize, places: usize| {
            let (chars, kind) = &letter.sequences[sequence];
            if unit.chars.contains(&chars[places - 1]) {
                let next = match places - 1 {
                    0 => done,
                    rest => Position { inside: Some((sequence, rest)), ..position },
                };
                found.push((next, Some(*kind)));
            }
        };
        if let Some((sequence, places)) = inside {
            along(sequence, places);
            return found;
        }
        for (sequence, (chars, _)) in letter.sequences.iter().enumerate() {
            along(sequence, chars.len());
        }
        for c in &unit.chars {
            let kinds = letter.singles.get(c).into_iter().flatten();
            found.extend(kinds.map(|kind| (done, *kind)));
        }
        if left == term.letters.len() && unit.chars.iter().any(|c| term.whole.contains(c))
        {
            let complete = Position { term: number, left: 0, inside: None };
            found.push((complete, Some(Disguise::Emoji)));
        }
        found
    }

    fn start(&self, term: usize) -> Position {
        Position { term, left: self.terms[term].letters.len(), inside: None }
    }

    /// Whether a letter or digit before unit `at` may be a filler there: the
    /// symbol before it is none.
    fn lone(&self, units: &[Unit], at: usize) -> bool {
        self.before(units, at).is_some_and(|unit| !unit.alphanumeric)
    }

    fn behind_letter(&self, units: &[Unit], at: usize) -> bool {
        self.before(units, at).is_some_and(|unit| unit.alphanumeric)
    }

    /// The unit before that is not noise alone.
    fn before<'u>(&self, units: &'u [Unit], at: usize) -> Option<&'u Unit> {
        units[..at].iter().rev().find(|unit| unit.noise.is_none() || unit.named)
    }

    /// Every way in which a term matches so that its last unit is `end`: its
    /// span in bytes, and the disguises that it then wears.
    pub(crate) fn derivations(
        &self,
        text: &str,
        units: &[Unit],
        term: usize,
        end: usize,
    ) -> BTreeSet<(usize, usize, u32)> {
        #[derive(Clone, PartialEq, Eq, Hash)]
        struct State {
            /// The unit that was looked at last.
            at: usize,
            /// The unit that was used last, and the position it was used from.
            used: usize,
            from: Position,
            position: Position,
            gap: u32,
            noise: u32,
            repeats: u32,
            filler: bool,
            /// The digit of a tone was skipped.
            tones: bool,
            worn: DisguiseSet,
            span: (usize, usize),
        }
        let mut found = BTreeSet::new();
        let mut seen: HashSet<State> = HashSet::new();
        let mut queue: Vec<State> = Vec::new();
        let with = |worn: DisguiseSet, kind: Kind| match kind {
            Some(kind) => worn.union([kind].into_iter().collect()),
            None => worn,
        };
        let start = self.start(term);
        let limit = GAP_MAX.min(self.terms[term].gap);
        for (position, kind) in self.moves(start, &units[end]) {
            let worn = with(units[end].worn, kind);
            let Range { start: from, end: mut to } = units[end].range;
            if kind == Some(Disguise::Pinyin) && is_tone(text, to) {
                to += 1;
            }
            queue.push(State {
                at: end,
                used: end,
                from: start,
                position,
                gap: 0,
                noise: 0,
                repeats: 0,
                filler: false,
                tones: false,
                worn,
                span: (from, to),
            });
        }
        while let Some(state) = queue.pop() {
            if !seen.insert(state.clone()) {
                continue;
            }
            if state.position.left == 0 {
                let toned = state.worn.contains(Disguise::Pinyin);
                if (!state.filler || self.terms[term].chinese) && (!state.tones || toned)
                {
                    let worn = match self.terms[term].reversed {
                        true => with(state.worn, Some(Disguise::Reorder)),
                        false => state.worn,
                    };
                    let worn = worn.without(Disguise::Case).bits();
                    found.insert((state.span.0, state.span.1, worn));
                }
                continue;
            }
            let Some(at) = state.at.checked_sub(1) else { continue };
            let unit = &units[at];
            let mut state = state;
            if units[at + 1].overridden {
                state.worn.insert(Disguise::Override);
            }
            let state = state;
            if state.gap <= limit && state.noise + state.gap <= NOISE_MAX {
                for (position, kind) in self.moves(state.position, unit) {
                    queue.push(State {
                        at,
                        used: at,
                        from: state.position,
                        position,
                        gap: 0,
                        noise: state.noise + state.gap,
                        worn: with(state.worn.union(unit.worn), kind),
                        span: (
                            state.span.0.min(unit.range.start),
                            state.span.1.max(unit.range.end),
                        ),
                        ..state.clone()
                    });
                }
            }
            let mut skip = |cost: u32, kind: Disguise| {
                let gap = state.gap + cost;
                if gap <= limit && state.noise + gap <= NOISE_MAX {
                    let worn = with(state.worn, Some(kind));
                    let filler = state.filler || (kind == Disguise::Filler && cost == 2);
                    let repeats = state.repeats + u32::from(kind == Disguise::Repeat);
                    queue.push(State { at, gap, worn, filler, repeats, ..state.clone() });
                }
            };
            if let Some(class) = unit.noise {
                skip(cost(class), disguise(class));
            }
            let repeats = !self.moves(state.from, unit).is_empty();
            if repeats && state.repeats < REPEATS_MAX {
                skip(0, Disguise::Repeat);
            }
            let between = unit.alphanumeric && !units[state.used].alphanumeric;
            if between && self.lone(units, at) {
                skip(2, Disguise::Filler);
            }
            if self.behind_letter(units, at) && is_tone(text, unit.range.start) {
                queue.push(State { at, tones: true, ..state.clone() });
            }
        }
        found
    }

    /// Whether some term matches exactly up to, or exactly from, a byte.
    pub(crate) fn meets(
        &self,
        text: &str,
        units: &[Unit],
        at: usize,
        ends: bool,
    ) -> bool {
        (0..units.len()).any(|end| {
            (0..self.terms.len()).any(|term| {
                let derived = self.derivations(text, units, term, end);
                derived
                    .iter()
                    .any(|(start, end, _)| at == if ends { *end } else { *start })
            })
        })
    }

    /// The matches that an engine finds which uses a unit wherever it can.
    pub(crate) fn greedy(&self, text: &str) -> BTreeSet<Claim> {
        let units = self.units(text, true);
        let mut found: BTreeSet<(usize, usize, usize)> = BTreeSet::new();
        for end in (0..units.len()).filter(|end| units[*end].named) {
            self.walk_back(&units, end, &mut |term, start| {
                found.insert((term, start, end));
            });
        }
        let span =
            |start: usize, end: usize| units[start].range.start..units[end].range.end;
        // An engine may find more exceptions than the greedy search does.
        let mut exceptions: Vec<(&str, Range<usize>)> = Vec::new();
        for (number, term) in self.terms.iter().enumerate().filter(|(_, t)| t.exception) {
            let ends = (0..units.len()).filter(|end| units[*end].named);
            let spans = ends.flat_map(|end| self.derivations(text, &units, number, end));
            exceptions
                .extend(spans.map(|(start, end, _)| (term.concept.as_str(), start..end)));
        }
        let mut claims = BTreeSet::new();
        for (number, start, end) in &found {
            let term = &self.terms[*number];
            if units[*start..=*end].iter().any(|unit| unit.overridden) {
                continue;
            }
            let range = span(*start, *end);
            let excepted = exceptions.iter().any(|(concept, around)| {
                *concept == term.concept
                    && around.start <= range.start
                    && range.end <= around.end
            });
            let open = (units[*start].alphanumeric
                && touches(text[..range.start].chars().rev()))
                || (units[*end].alphanumeric && touches(text[range.end..].chars()));
            if !term.exception && !excepted && !open && !is_word(&text[range.clone()]) {
                claims.insert(Claim {
                    concept: term.concept.clone(),
                    means: term.text.clone(),
                    range: (range.start, range.end),
                });
            }
        }
        claims
    }

    fn walk_back(
        &self,
        units: &[Unit],
        end: usize,
        found: &mut impl FnMut(usize, usize),
    ) {
        let step = |positions: &BTreeSet<Position>, unit: &Unit| -> BTreeSet<Position> {
            let moves = positions.iter().flat_map(|position| self.moves(*position, unit));
            moves.map(|(position, _)| position).collect()
        };
        let all = (0..self.terms.len()).map(|term| self.start(term)).collect();
        let mut positions = step(&all, &units[end]);
        let (mut used, mut at) = (end, end);
        let (mut gap, mut noise, mut widest, mut repeats) = (0, 0, 0, 0);
        let (mut odd, mut alphanumerics) = (false, false);
        loop {
            for position in positions.iter().filter(|position| position.left == 0) {
                let term = &self.terms[position.term];
                if widest <= term.gap && (term.chinese || !(odd && alphanumerics)) {
                    found(position.term, used);
                }
            }
            // Skip to the next unit that some term can use.
            let next = loop {
                if at == 0 || end - at > 46 {
                    return;
                }
                at -= 1;
                let unit = &units[at];
                let next = step(&positions, unit);
                if !next.is_empty() {
                    break next;
                }
                let pure = unit.noise.is_some() && !unit.named;
                if !pure && unit.chars == units[used].chars {
                    repeats += 1;
                    alphanumerics |= unit.alphanumeric;
                } else if let Some(class) = unit.noise {
                    gap += cost(class);
                    odd |= class == Noise::Stroke;
                } else if unit.alphanumeric
                    && !units[used].alphanumeric
                    && self.lone(units, at)
                {
                    gap += 2;
                    (odd, alphanumerics) = (true, true);
                } else {
                    return;
                }
                if gap > GAP_MAX || repeats > REPEATS_MAX / 2 {
                    return;
                }
            };
            if noise + gap > NOISE_MAX {
                return;
            }
            (widest, noise) = (widest.max(gap), noise + gap);
            (positions, used, gap) = (next, at, 0);
        }
    }
}

/// Whether the digit of a tone, 1 to 5, stands alone at an offset.
fn is_tone(text: &str, at: usize) -> bool {
    let digits = &text.as_bytes()[at..];
    matches!(digits, [b'1'..=b'5'])
        || matches!(digits, [b'1'..=b'5', next, ..] if !next.is_ascii_digit())
}

/// What a unit of noise costs.
pub(crate) fn cost(class: Noise) -> u32 {
    match class {
        Noise::Invisible | Noise::Combining => 0,
        Noise::Break | Noise::Stop => 2,
        _ => 1,
    }
}

/// The disguise that noise inside a word is.
pub(crate) fn disguise(class: Noise) -> Disguise {
    match class {
        Noise::Invisible => Disguise::Invisible,
        Noise::Combining => Disguise::Combining,
        Noise::Private => Disguise::Private,
        Noise::Stroke => Disguise::Filler,
        _ => Disguise::Separator,
    }
}

/// Whether a letter or digit comes first, behind any number of invisible
/// code points and marks.
pub(crate) fn touches(chars: impl Iterator<Item = char>) -> bool {
    for c in chars {
        let folded = fold::lookup(c);
        match folded.noise() {
            Some(Noise::Invisible | Noise::Combining) => {}
            _ => return folded.chars().any(|c| c.is_ascii_alphanumeric()),
        }
    }
    false
}

/// Whether a text folds to a word of the dictionary.
pub(crate) fn is_word(text: &str) -> bool {
    let plain: String = fold::fold(text).map(|folded| folded.char).collect();
    Tables::get().words.contains_key(plain.as_str())
}

impl Term {
    fn new(concept: &str, source: &pack::Term, exception: bool, reversed: bool) -> Term {
        let tables = Tables::get();
        let mut disguises = source.disguises;
        if source.plain.len() == 1 {
            // A single character spelled as letters or parts is no word.
            use Disguise::*;
            for kind in [Split, Pinyin, Initials, Bopomofo] {
                disguises = disguises.without(kind);
            }
        }
        if reversed {
            // Reversed and risky at once would be anything.
            use Disguise::*;
            disguises = [RareHomophone, Variant, Component].into_iter().collect();
        }
        let mut letters: Vec<Letter> =
            source.plain.iter().map(|c| tables.letter(*c, disguises)).collect();
        if reversed {
            letters.reverse();
        }
        let near = source.disguises.contains(Disguise::NearHomophone);
        let sounds = match near || source.disguises.contains(Disguise::Homophone) {
            true => source.plain.iter().map(|c| tables.sounds(*c, near)).collect(),
            false => Vec::new(),
        };
        let emoji = source.disguises.contains(Disguise::Emoji) && !reversed;
        let whole = if emoji { tables.whole(&source.plain) } else { HashSet::new() };
        Term {
            concept: concept.to_owned(),
            text: source.text.clone(),
            letters,
            whole,
            gap: u32::from(source.gap),
            chinese: source.plain.iter().filter(|c| is_hanzi(**c)).count() >= 2,
            reversed,
            exception,
            sounds,
        }
    }

    /// Whether a text without any noise is a word that sounds like the term
    /// and is another: 威信 for 微信.
    pub(crate) fn collides(&self, text: &str) -> bool {
        let plain: String = fold::fold(text).map(|folded| folded.char).collect();
        let same = plain.chars().eq(fold::fold(&self.text).map(|folded| folded.char));
        let readings = Tables::get().words.get(plain.as_str()).into_iter().flatten();
        !same
            && !self.sounds.is_empty()
            && readings.into_iter().any(|reading| {
                let syllables: Vec<&str> = reading.split(' ').collect();
                syllables.len() == self.sounds.len()
                    && syllables.iter().zip(&self.sounds).all(|(s, of)| of.contains(s))
            })
    }
}

fn is_hanzi(c: char) -> bool {
    matches!(c as u32, 0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0x2_0000..=0x3_FFFF)
}

/// The data tables, as they stand in the files.
pub(crate) struct Tables {
    /// Syllable, standard characters, rare characters.
    pinyin: Vec<(&'static str, &'static str, &'static str)>,
    /// The syllables of a hanzi, by `pinyin`.
    readings: HashMap<char, Vec<&'static str>>,
    bopomofo: HashMap<&'static str, Vec<&'static str>>,
    component: HashMap<char, &'static str>,
    split: HashMap<char, Vec<&'static str>>,
    glyph: HashMap<char, &'static str>,
    latin: HashMap<char, Vec<&'static str>>,
    variant: Vec<(char, &'static str)>,
    emoji: Vec<(char, Vec<&'static str>)>,
    /// Dictionary words with their readings, `wei xin`.
    words: HashMap<&'static str, Vec<&'static str>>,
    /// Code points by the one character that they fold to.
    dress: HashMap<char, Vec<char>>,
}

macro_rules! rows {
    ($name:literal) => {
        include_str!(concat!("../../data/", $name))
            .lines()
            .filter(|line| !line.starts_with("# "))
            .filter_map(|line| line.split_once('\t'))
    };
}

impl Tables {
    pub(crate) fn get() -> &'static Tables {
        static TABLES: OnceLock<Tables> = OnceLock::new();
        TABLES.get_or_init(|| {
            let key = |text: &str| text.chars().next().expect("a row has a key");
            let words = |text: &'static str| text.split(' ').collect::<Vec<_>>();
            let mut dress: HashMap<char, Vec<char>> = HashMap::new();
            for c in (0..=0x10_FFFF).filter_map(char::from_u32) {
                let targets: Vec<char> = fold::lookup(c).chars().collect();
                if let [target] = targets[..]
                    && target != c
                {
                    dress.entry(target).or_default().push(c);
                }
            }
            let pinyin: Vec<_> = rows!("pinyin.tsv")
                .map(|(syllable, rest)| {
                    let (standard, rare) = rest.split_once('\t').unwrap_or((rest, ""));
                    (syllable, standard, rare)
                })
                .collect();
            let mut readings: HashMap<char, Vec<&'static str>> = HashMap::new();
            for (syllable, standard, rare) in &pinyin {
                for c in standard.chars().chain(rare.chars()) {
                    readings.entry(c).or_default().push(syllable);
                }
            }
            let mut by_word: HashMap<&'static str, Vec<&'static str>> = HashMap::new();
            for (reading, words) in rows!("words.tsv") {
                for word in words.split(' ') {
                    by_word.entry(word).or_default().push(reading);
                }
            }
            Tables {
                pinyin,
                readings,
                bopomofo: rows!("bopomofo.tsv").map(|(s, b)| (s, words(b))).collect(),
                component: rows!("component.tsv").map(|(c, h)| (key(c), h)).collect(),
                split: rows!("split.tsv").map(|(c, s)| (key(c), words(s))).collect(),
                glyph: rows!("glyph.tsv").map(|(c, g)| (key(c), g)).collect(),
                latin: rows!("latin.tsv").map(|(c, l)| (key(c), words(l))).collect(),
                variant: rows!("variant.tsv").map(|(c, t)| (key(c), t)).collect(),
                emoji: rows!("emoji.tsv").map(|(e, w)| (key(e), words(w))).collect(),
                words: by_word,
                dress,
            }
        })
    }

    /// Code points that fold to a character, itself not among them.
    pub(crate) fn dresses(&self, c: char) -> &[char] {
        self.dress.get(&c).map_or(&[], Vec::as_slice)
    }

    fn syllables(&self, c: char) -> &[&'static str] {
        self.readings.get(&c).map_or(&[], Vec::as_slice)
    }

    fn standard(&self, syllable: &str) -> &'static str {
        self.pinyin.iter().find(|row| row.0 == syllable).map_or("", |row| row.1)
    }

    fn rare(&self, syllable: &str) -> &'static str {
        self.pinyin.iter().find(|row| row.0 == syllable).map_or("", |row| row.2)
    }

    /// Other syllables that sound almost alike.
    fn near(&self, syllable: &str) -> Vec<&'static str> {
        let others =
            self.pinyin.iter().map(|row| row.0).filter(|other| *other != syllable);
        others.filter(|other| rough(other) == rough(syllable)).collect()
    }

    /// The syllables of a hanzi, and those that sound almost alike.
    fn sounds(&self, c: char, near: bool) -> HashSet<&'static str> {
        let own = self.syllables(c).iter().copied();
        match near {
            true => own.clone().chain(own.flat_map(|s| self.near(s))).collect(),
            false => own.collect(),
        }
    }

    fn letter(&self, c: char, disguises: DisguiseSet) -> Letter {
        let mut letter = Letter::default();
        letter.single(c, None);
        let on = |kind: Disguise| disguises.contains(kind);
        if !is_hanzi(c) {
            for text in
                self.latin.get(&c).into_iter().flatten().filter(|_| on(Disguise::Glyph))
            {
                letter.spelled(text, Disguise::Glyph);
            }
            return letter;
        }
        let syllables = self.syllables(c);
        let add = |letter: &mut Letter, chars: &str, kind: Disguise| {
            if on(kind) {
                chars.chars().for_each(|c| letter.single(c, Some(kind)));
            }
        };
        for (source, targets) in &self.variant {
            // A rare homophone is told as one.
            let rare = syllables.iter().any(|s| self.rare(s).contains(*source));
            if targets.contains(c) && !rare {
                add(&mut letter, &source.to_string(), Disguise::Variant);
            }
        }
        add(&mut letter, self.component.get(&c).unwrap_or(&""), Disguise::Component);
        add(&mut letter, self.glyph.get(&c).unwrap_or(&""), Disguise::Glyph);
        for (emoji, words) in &self.emoji {
            let reads =
                words.iter().any(|word| match word.chars().collect::<Vec<_>>()[..] {
                    [named] => {
                        named == c
                            || self.syllables(named).iter().any(|s| syllables.contains(s))
                    }
                    _ => false,
                });
            if on(Disguise::Emoji) && reads {
                letter.single(*emoji, Some(Disguise::Emoji));
            }
        }
        for syllable in syllables {
            add(&mut letter, self.rare(syllable), Disguise::RareHomophone);
            add(&mut letter, self.standard(syllable), Disguise::Homophone);
            for near in self.near(syllable) {
                add(&mut letter, self.standard(near), Disguise::NearHomophone);
                add(&mut letter, self.rare(near), Disguise::NearHomophone);
            }
            if on(Disguise::Pinyin) {
                letter.sequence(syllable, Disguise::Pinyin);
            }
            for spelling in self.bopomofo.get(syllable).into_iter().flatten() {
                if on(Disguise::Bopomofo) {
                    letter.sequence(spelling, Disguise::Bopomofo);
                    add(&mut letter, &spelling[..3], Disguise::Bopomofo);
                }
            }
            add(&mut letter, &syllable[..1], Disguise::Initials);
            if syllable.starts_with('w') {
                // By custom: V信, VX.
                add(&mut letter, "v", Disguise::Initials);
            }
        }
        for parts in self.split.get(&c).into_iter().flatten() {
            if on(Disguise::Split) {
                letter.sequence(parts, Disguise::Split);
            }
            let hanzi: String = parts.chars().filter(|c| is_hanzi(*c)).collect();
            add(&mut letter, &hanzi, Disguise::Drop);
        }
        letter
    }

    /// Emoji that are named by a word which is the term or sounds almost like it.
    fn whole(&self, term: &[char]) -> HashSet<char> {
        let alike = |a: char, b: char| {
            let of = |c: char| {
                self.syllables(c).iter().map(|s| rough(s)).collect::<HashSet<_>>()
            };
            a == b || !of(a).is_disjoint(&of(b))
        };
        let reads = |word: &&str| {
            let word: Vec<char> = word.chars().collect();
            word.len() == term.len()
                && term.len() > 1
                && word.iter().zip(term).all(|(a, b)| alike(*a, *b))
        };
        let rows =
            self.emoji.iter().filter(|(_, words)| words.iter().any(|word| reads(&word)));
        rows.map(|(emoji, _)| *emoji).collect()
    }
}

/// A syllable where zh and z, ch and c, sh and s, n, l and r, f and h, and the
/// endings -ng and -n fall together.
fn rough(syllable: &str) -> String {
    let start =
        syllable.replacen("zh", "z", 1).replacen("ch", "c", 1).replacen("sh", "s", 1);
    let mut chars: Vec<char> = start.chars().collect();
    chars[0] = match chars[0] {
        'l' | 'r' => 'n',
        'f' => 'h',
        other => other,
    };
    let sound: String = chars.into_iter().collect();
    match sound.strip_suffix('g') {
        Some(rest) if ["an", "en", "in"].iter().any(|end| rest.ends_with(end)) => {
            rest.to_owned()
        }
        _ => sound,
    }
}

impl Letter {
    fn single(&mut self, c: char, kind: Kind) {
        // What a reader does not see stands for nothing.
        if matches!(fold::lookup(c).noise(), Some(Noise::Invisible | Noise::Combining)) {
            return;
        }
        let kinds = self.singles.entry(c).or_default();
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }

    fn sequence(&mut self, text: &str, kind: Disguise) {
        let chars: Vec<char> = text.chars().collect();
        if !self.sequences.contains(&(chars.clone(), kind)) {
            self.sequences.push((chars, kind));
        }
    }

    fn spelled(&mut self, text: &str, kind: Disguise) {
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(one), None) => self.single(one, Some(kind)),
            _ => self.sequence(text, kind),
        }
    }
}
