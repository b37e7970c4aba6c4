//! How terms end: what the glance over a text looks for.
//!
//! A term of an anchor ends in two symbols in a row, or, where those are Latin
//! letters, which are everywhere, in up to six of them. They are read off the
//! positions of the literal automaton, so that they are what it would follow.

use super::frequency::Frequencies;
use super::kind::kinds;
use super::literal::{Construction, Position, term_of};
use super::pairs::PairMatrix;
use super::partition::Partition;
use crate::automaton::{ClueClass, LETTERS_MAX, LetterTable, Letters, Run};
use crate::ruleset::{Cell, TermRecord, flags};
use rustc_hash::{FxHashMap, FxHashSet};

/// Most letters of an ending.
const RUN_MAX: usize = LETTERS_MAX as usize;

/// The tables of the clues; see [`Clues`](crate::automaton::Clues).
#[derive(Default)]
pub(super) struct Clues {
    pub(super) classes: Vec<ClueClass>,
    pub(super) bits: Vec<u8>,
    pub(super) kinds: Vec<u16>,
    pub(super) letters: Vec<u8>,
    pub(super) doubles: u32,
}

/// What the endings of some terms come to.
#[derive(Default)]
struct Endings {
    /// Symbols that are a term.
    alone: Vec<u16>,
    /// A last symbol and the one before it, not both letters. Ascending.
    pairs: Vec<(u16, u16)>,
    /// Letters, in the order of the text, whatever is before them.
    runs: FxHashSet<Vec<u8>>,
    /// Letters behind a symbol that is none.
    opens: FxHashSet<Vec<u8>>,
    /// Such symbols.
    opening: FxHashSet<u16>,
    /// A letter that comes before a last symbol that is none; and the letter
    /// before it, if a letter must be.
    tails: FxHashSet<Vec<u8>>,
    /// Last letters that come twice, a bit each.
    doubles: u32,
}

/// The letter that each symbol is, 1 to 26, if it is never noise; else 0.
fn codes(partition: &Partition) -> Vec<u8> {
    let mut codes = vec![0; partition.flags.len()];
    for (code, letter) in (1..).zip('a'..='z') {
        for symbol in partition.symbols_of_letter(letter) {
            if partition.flags[usize::from(*symbol)] & flags::NOISE == 0 {
                codes[usize::from(*symbol)] = code;
            }
        }
    }
    codes
}

/// The clues of all terms of anchors. `entries` are the states that a last
/// symbol leads to, whose positions must still be known to `work`.
pub(super) fn clues(
    work: &Construction<'_, '_>,
    entries: &[u32],
    anchors: &[bool],
    frequencies: &Frequencies,
) -> Clues {
    let codes = codes(work.partition);
    let of_anchor = |term: u32| {
        let entry = &work.entries[term as usize];
        anchors[usize::from(entry.concept)] && entry.flags & TermRecord::EXCEPTION == 0
    };
    let walk = Walk { work, codes: &codes };
    let endings = walk.endings(entries, of_anchor);
    let mut clues = Clues::new(endings, &codes, work.partition, frequencies);
    // Every term, for the filter of the loop that reads in full.
    for run in walk.letters(entries) {
        LetterTable::ENDS.set(&mut clues.letters, of(&run).three());
    }
    for run in walk.starts() {
        LetterTable::STARTS.set(&mut clues.letters, of(&run).three());
    }
    clues
}

struct Walk<'w, 'c, 'p> {
    work: &'w Construction<'c, 'p>,
    codes: &'w [u8],
}

impl Walk<'_, '_, '_> {
    fn code(&self, symbol: u16) -> u8 {
        self.codes[usize::from(symbol)]
    }

    fn endings(&self, entries: &[u32], wanted: impl Fn(u32) -> bool) -> Endings {
        let mut found = Endings::default();
        // By state: whether it ends a term, and what comes before.
        type Known = (bool, Vec<(u16, Vec<Position>)>);
        let mut known: FxHashMap<u32, Option<Known>> = FxHashMap::default();
        // By letter and state, since both cases of a letter are alike.
        let mut walked: FxHashSet<(u8, u32)> = FxHashSet::default();
        for (last, state) in entries.iter().enumerate().filter(|(_, state)| **state != 0)
        {
            let last = last as u16;
            let state_is = known.entry(*state).or_insert_with(|| {
                let positions = self.work.positions(*state);
                let own: Vec<Position> =
                    positions.iter().copied().filter(|p| wanted(term_of(*p))).collect();
                let ends = own.iter().any(|position| is_done(*position));
                (!own.is_empty()).then(|| (ends, self.before(&own)))
            });
            let Some((ends, before)) = state_is else { continue };
            if *ends {
                found.alone.push(last);
            }
            let code = self.code(last);
            for (symbol, positions) in before.iter() {
                let letter = self.code(*symbol);
                if letter == 0 || code == 0 {
                    found.pairs.push((last, *symbol));
                }
                if letter > 0 && code == 0 {
                    self.tails(letter, positions, &mut found.tails);
                }
            }
            if code > 0 && walked.insert((code, *state)) {
                for (letter, positions) in self.by_letter(before) {
                    self.runs(&mut vec![code], letter, &positions, &mut found);
                }
            }
        }
        found
    }

    /// Where positions lead, by symbol.
    fn before(&self, positions: &[Position]) -> Vec<(u16, Vec<Position>)> {
        let mut moves = Vec::new();
        positions.iter().for_each(|position| self.work.moves(*position, &mut moves));
        moves.sort_unstable();
        moves.dedup();
        let runs = moves.chunk_by(|a, b| a.0 == b.0);
        runs.map(|run| (run[0].0, run.iter().map(|(_, position)| *position).collect()))
            .collect()
    }

    /// The same by letter, symbols that are none left out.
    fn by_letter(&self, before: &[(u16, Vec<Position>)]) -> Vec<(u8, Vec<Position>)> {
        let mut letters: FxHashMap<u8, Vec<Position>> = FxHashMap::default();
        for (symbol, positions) in before {
            let code = self.code(*symbol);
            if code > 0 {
                letters.entry(code).or_default().extend(positions);
            }
        }
        letters
            .into_iter()
            .map(|(code, mut positions)| {
                positions.sort_unstable();
                positions.dedup();
                (code, positions)
            })
            .collect()
    }

    /// What comes before a letter that stands before a last symbol.
    fn tails(&self, letter: u8, positions: &[Position], found: &mut FxHashSet<Vec<u8>>) {
        let is_done = positions.iter().any(|position| is_done(*position));
        let before = self.before(positions);
        let codes = before.iter().map(|(symbol, _)| self.code(*symbol));
        for code in codes {
            // A repeat is left out: what is before it is not known here.
            match code {
                0 => found.insert(vec![letter]),
                _ if code == letter => found.insert(vec![letter]),
                _ => found.insert(vec![code, letter]),
            };
        }
        if is_done {
            found.insert(vec![letter]);
        }
    }

    /// Takes one more letter before those of `run`, which has the last first.
    fn runs(&self, run: &mut Vec<u8>, letter: u8, at: &[Position], found: &mut Endings) {
        let is_new = run.last() != Some(&letter);
        if is_new {
            run.push(letter);
        }
        let text = |run: &[u8]| run.iter().rev().copied().collect::<Vec<u8>>();
        let before = self.before(at);
        let is_whole = run.len() == RUN_MAX;
        let is_done = at.iter().any(|position| is_done(*position));
        if is_whole || is_done {
            found.runs.insert(text(run));
        }
        let is_double = run.len() == 1;
        if is_double && is_done {
            found.doubles |= 1 << letter;
        }
        if !is_whole {
            let symbols = before.iter().map(|(symbol, _)| *symbol);
            let opening: Vec<u16> =
                symbols.filter(|symbol| self.code(*symbol) == 0).collect();
            if is_double && !opening.is_empty() {
                found.doubles |= 1 << letter;
            } else if !opening.is_empty() {
                found.opens.insert(text(run));
                found.opening.extend(opening);
            }
            for (letter, positions) in self.by_letter(&before) {
                self.runs(run, letter, &positions, found);
            }
        }
        if is_new {
            run.pop();
        }
    }

    /// The last three symbols of all terms where they are letters, and each
    /// differs from the next; 0 to 31 for what may be anything.
    fn letters(&self, entries: &[u32]) -> FxHashSet<Vec<u8>> {
        let mut found = FxHashSet::default();
        let mut walked: FxHashSet<(u8, u32)> = FxHashSet::default();
        for (last, state) in entries.iter().enumerate().filter(|(_, state)| **state != 0)
        {
            let code = self.codes[last];
            if code > 0 && walked.insert((code, *state)) {
                self.thirds(&[code], self.work.positions(*state), &mut found);
            }
        }
        found
    }

    fn thirds(&self, run: &[u8], at: &[Position], found: &mut FxHashSet<Vec<u8>>) {
        if run.len() == 3 {
            found.insert(run.to_vec());
            return;
        }
        if at.iter().any(|position| is_done(*position)) {
            for any in 0..32u8 {
                for other in 0..32u8 {
                    match run {
                        [a, b] => found.insert(vec![any, *a, *b]),
                        _ => found.insert([&[any, other], run].concat()),
                    };
                }
            }
        }
        for (letter, positions) in self.by_letter(&self.before(at)) {
            self.thirds(&[&[letter], run].concat(), &positions, found);
        }
    }
}

impl Walk<'_, '_, '_> {
    /// The first three symbols of all terms where they are letters; 0 to 31 for
    /// what may be anything.
    fn starts(&self) -> FxHashSet<Vec<u8>> {
        let mut found = FxHashSet::default();
        let mut walked = FxHashSet::default();
        for entry in self.work.entries {
            let first: &[usize] = entry.letters.get(..3).unwrap_or(&entry.letters);
            if walked.insert(first) {
                self.start(&entry.letters, &[], &mut found);
            }
        }
        found
    }

    fn start(&self, term: &[usize], run: &[u8], found: &mut FxHashSet<Vec<u8>>) {
        if run.len() >= 3 {
            found.insert(run[..3].to_vec());
            return;
        }
        let Some((letter, rest)) = term.split_first() else {
            // Whatever comes behind the term.
            (0..32u8).for_each(|any| {
                let run = [run, &[any]].concat();
                self.start(&[], &run, found);
            });
            return;
        };
        let letter = self.work.letter(*letter);
        let singles = letter.singles.iter().map(|(symbol, _)| vec![vec![*symbol]]);
        let sequences = letter.sequences.iter().map(|(places, _)| places.clone());
        let mut ways: FxHashSet<Vec<u8>> = FxHashSet::default();
        for places in singles.chain(sequences) {
            let mut spelled = vec![run.to_vec()];
            for place in &places {
                let codes: FxHashSet<u8> = place.iter().map(|s| self.code(*s)).collect();
                // A repeat is not told from one letter.
                let next = |run: &Vec<u8>, code: u8| match run.last() == Some(&code) {
                    true => run.clone(),
                    false => [run.as_slice(), &[code]].concat(),
                };
                spelled = spelled
                    .iter()
                    .flat_map(|run| {
                        let letters = codes.iter().filter(|code| **code > 0);
                        letters.map(|code| next(run, *code)).collect::<Vec<_>>()
                    })
                    .collect();
                if spelled.iter().all(|run| run.len() >= 3) {
                    break;
                }
            }
            ways.extend(spelled);
        }
        ways.iter().for_each(|run| self.start(rest, run, found));
    }
}

/// Whether a term is complete in a position.
fn is_done(position: Position) -> bool {
    position & 0xFFFF_FFFF == 0
}

fn of(run: &[u8]) -> Letters {
    run.iter().fold(Letters::default(), |all, code| all.then(*code))
}

impl Clues {
    fn new(
        endings: Endings,
        codes: &[u8],
        partition: &Partition,
        frequencies: &Frequencies,
    ) -> Clues {
        let matrix = PairMatrix::new(partition.flags.len(), &endings.pairs);
        let mut classes = Vec::with_capacity(codes.len() + 1);
        for (symbol, letter) in codes.iter().enumerate() {
            let flag = partition.flags[symbol];
            let noise = symbol < usize::from(Cell::FIRST_SYMBOL)
                && symbol != usize::from(Cell::OTHER.0);
            let (row, column) = (matrix.rows[symbol], u32::from(matrix.columns[symbol]));
            let digit = flag & flags::ALPHANUMERIC != 0 && *letter == 0;
            let soft = noise || digit || flag & flags::NOISE != 0;
            let mut bits = if soft { ClueClass::SOFT } else { 0 };
            if *letter > 0 || soft && (row > 0 || column > 0) {
                bits |= ClueClass::SPECIAL;
            }
            if symbol == usize::from(Cell::OVERRIDE.0) {
                bits |= ClueClass::SPECIAL | ClueClass::ALONE;
            }
            classes.push(ClueClass::new(row, column, *letter, bits));
        }
        for symbol in &endings.alone {
            classes[usize::from(*symbol)].0 |= ClueClass::SPECIAL | ClueClass::ALONE;
        }
        classes.push(ClueClass::EXPANSION);
        let kinds = kinds(&endings.pairs, &classes, partition, frequencies);
        let mut clues = Clues {
            classes,
            bits: matrix.bits,
            kinds,
            letters: vec![0; LetterTable::BYTES],
            doubles: endings.doubles,
        };
        for symbol in &endings.opening {
            clues.classes[usize::from(*symbol)].0 |= ClueClass::OPENING;
        }
        endings.runs.iter().for_each(|run| clues.add(run, false));
        endings.opens.iter().for_each(|run| clues.add(run, true));
        endings.tails.iter().for_each(|tail| clues.add_tail(tail));
        clues
    }

    fn add_tail(&mut self, tail: &[u8]) {
        let mut add = |tail: &[u8]| {
            LetterTable::TAILS.set(&mut self.letters, of(tail).two());
        };
        match tail {
            [only] => (0..32).for_each(|before| add(&[before, *only])),
            _ => add(tail),
        }
    }

    /// Adds letters that are a clue, or only behind a symbol that is `open`.
    fn add(&mut self, run: &[u8], open: bool) {
        let mut set =
            |table: LetterTable, place: usize| table.set(&mut self.letters, place);
        let sure = if open { LetterTable::OPEN_THREES } else { LetterTable::SURE };
        match run {
            // Told by `doubles`, or alone.
            [] | [_] => {}
            [_, _] if open => set(LetterTable::OPENS, of(run).two()),
            [a, b] => (0..32).for_each(|before| {
                let letters = of(&[before, *a, *b]).three();
                set(LetterTable::THREES, letters);
                set(LetterTable::SURE, letters);
            }),
            [_, _, _] => {
                set(LetterTable::THREES, of(run).three());
                set(sure, of(run).three());
            }
            _ => {
                let (count, letters) = (run.len() as u32, of(run));
                let kind = if open { Run::Open(count) } else { Run::Sure(count) };
                set(LetterTable::THREES, letters.three());
                set(LetterTable::RUNS, letters.run(Run::Suffix));
                set(LetterTable::RUNS, letters.run(kind));
            }
        }
    }
}
