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

use crate::alternatives::{Kind, Term, is_word};
use huoyan::fold::{self, Disguise, DisguiseSet, Noise};
use huoyan::pack::{self, Matcher};
use std::collections::{BTreeSet, HashSet};
use std::ops::Range;

/// Most cost of noise between two units, and in a match.
pub(crate) const GAP_MAX: u32 = 4;
pub(crate) const NOISE_MAX: u32 = 8;
/// Most repeats in a match.
const REPEATS_MAX: u32 = 16;

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
    /// Where the match starts if all that may stand for its first letter, right
    /// before it, are repeats of it.
    pub(crate) earliest: usize,
}

fn is_override(c: char) -> bool {
    matches!(c, '\u{202E}' | '\u{2067}')
}

/// How many code points reverse what stands behind them, escaped ones among them.
pub(crate) fn overrides(text: &str) -> usize {
    let mut rest = text.as_bytes();
    let next = || {
        let (c, length) = fold::decode_escaped(rest)?;
        rest = &rest[length..];
        Some(c)
    };
    std::iter::from_fn(next).filter(|c| is_override(*c)).count()
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
        match overrides(text) {
            0 => vec![written],
            _ => vec![written, self.units(text, true)],
        }
    }

    fn units(&self, text: &str, displayed: bool) -> Vec<Unit> {
        let mut units = Vec::new();
        let mut at = 0;
        while let Some((c, length)) = fold::decode_escaped(&text.as_bytes()[at..]) {
            self.unit(c, at..at + length, false, &mut units);
            at += length;
            if displayed && is_override(c) {
                // An escape is read letter by letter, but may end the run.
                let ends = |(offset, _): &(usize, char)| {
                    let next = fold::decode_escaped(&text.as_bytes()[at + offset..]);
                    next.is_some_and(|(c, _)| "\u{202C}\u{2069}\n\r".contains(c))
                };
                let run = text[at..].char_indices().take(256);
                let run: String =
                    run.take_while(|place| !ends(place)).map(|(_, c)| c).collect();
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
            let tone = seen_after(text, to);
            if kind == Some(Disguise::Pinyin) && is_tone(text, tone) {
                to = tone + 1;
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
                    let worn = worn.without(Disguise::Case);
                    let (start, end) = state.span;
                    let may_begin =
                        |at: usize| !self.terms[term].start || opens(units, at);
                    // Under an override the first letter is not the first byte.
                    if may_begin(units[state.used].range.start) {
                        found.insert((start, end, worn.bits()));
                    }
                    let repeated = with(worn, Some(Disguise::Repeat)).bits();
                    let repeats = self.repeats_before(units, state.at, state.from);
                    for repeat in repeats.into_iter().filter(|at| may_begin(*at)) {
                        found.insert((start.min(repeat), end, repeated));
                    }
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

    /// Where the units start that repeat the first letter of a match, which
    /// was used from a position, right before it.
    fn repeats_before(&self, units: &[Unit], first: usize, from: Position) -> Vec<usize> {
        let mut starts = Vec::new();
        for unit in units[..first].iter().rev() {
            let unseen = unit.noise.is_some_and(|class| cost(class) == 0);
            if !self.moves(from, unit).is_empty() && starts.len() < REPEATS_MAX as usize {
                starts.push(unit.range.start);
            } else if !unseen {
                break;
            }
        }
        starts
    }

    /// Whether some term matches exactly up to, or exactly from, a byte, but for what
    /// is invisible between. The tone of a syllable is not needed for it, so that
    /// what follows may begin with that digit.
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
                let toneless = units[end].range.end;
                derived.iter().any(|(start, end, _)| match ends {
                    true => is_hidden(text, *end, at) || is_hidden(text, toneless, at),
                    false => is_hidden(text, at, *start),
                })
            })
        })
    }

    /// The matches that an engine finds which uses a unit wherever it can.
    pub(crate) fn greedy(&self, text: &str) -> BTreeSet<Claim> {
        let units = self.units(text, true);
        let written = self.units(text, false);
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
            let earliest = self.earliest(&units, *start, *number);
            // Behind a run that is reversed, what is written before counts.
            let may_begin = |units: &[Unit]| !term.start || opens(units, range.start);
            if !may_begin(&units) || !may_begin(&written) {
                continue;
            }
            // An escape is the letter that it stands for.
            let char = |unit: &Unit| unit.chars.first().copied();
            let before = written.iter().rev().filter(|u| u.range.end <= range.start);
            let behind = written.iter().filter(|unit| unit.range.start >= range.end);
            let open = (units[*start].alphanumeric && touches(before.filter_map(char)))
                || (units[*end].alphanumeric && touches(behind.filter_map(char)));
            if !term.exception && !excepted && !open && !is_word(&text[range.clone()]) {
                claims.insert(Claim {
                    concept: term.concept.clone(),
                    means: term.means.clone(),
                    range: (range.start, range.end),
                    earliest,
                });
            }
        }
        claims
    }

    fn earliest(&self, units: &[Unit], start: usize, term: usize) -> usize {
        let sequences = 0..self.terms[term].letters[0].sequences.len();
        let in_sequence = sequences.map(|sequence| Position {
            term,
            left: 1,
            inside: Some((sequence, 1)),
        });
        let first = |position: &Position| {
            self.moves(*position, &units[start]).iter().any(|(to, _)| to.left == 0)
        };
        let repeats = [1, self.terms[term].letters.len()]
            .map(|left| Position { term, left, inside: None })
            .into_iter()
            .chain(in_sequence)
            .filter(first)
            .flat_map(|position| self.repeats_before(units, start, position));
        repeats.min().unwrap_or(usize::MAX).min(units[start].range.start)
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

/// The next byte with something to be seen, behind at most 8 code points of which
/// there is nothing.
fn seen_after(text: &str, at: usize) -> usize {
    let hidden = text[at..].chars().take(8).take_while(|c| is_invisible(*c));
    at + hidden.map(char::len_utf8).sum::<usize>()
}

/// Whether there is nothing to be seen between two bytes.
fn is_hidden(text: &str, from: usize, to: usize) -> bool {
    text.get(from..to).is_some_and(|between| between.chars().all(is_invisible))
}

fn is_invisible(c: char) -> bool {
    matches!(fold::lookup(c).noise(), Some(Noise::Invisible | Noise::Combining))
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

/// Whether only visible noise, or nothing, stands before the unit at a byte.
fn opens(units: &[Unit], at: usize) -> bool {
    let here = (0..units.len()).filter(|place| units[*place].range.start == at);
    here.into_iter().any(|place| {
        let before = units[..place].iter().rev().map(|unit| unit.noise);
        let seen = before.filter(|noise| noise.map(cost) != Some(0));
        seen.take(1).all(|noise| noise.is_some())
    })
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
