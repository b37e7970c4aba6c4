//! Chooses the clues: what every spelling of an anchor's term contains.
//!
//! A clue of a term is where one of its letters meets the next: 微 before 信, in
//! whatever way either is written. Where both sides are written in Latin
//! letters, which are everywhere, it is up to four of them: `eixi`. Of all
//! such places of a term the one is taken that ordinary text has the least of.

use super::Entry;
use super::frequency::Frequencies;
use super::letter::Letter;
use super::pairs::PairMatrix;
use super::partition::Partition;
use crate::automaton::{ClueClass, FOURS, Letters, THREES, TWOS};
use crate::ruleset::{Cell, TermRecord, flags};
use rustc_hash::FxHashSet;
use std::borrow::Cow;

/// The tables of the clues; see [`Clues`](crate::automaton::Clues).
pub(super) struct Clues {
    pub(super) classes: Vec<ClueClass>,
    pub(super) bits: Vec<u8>,
    pub(super) tails: Vec<u8>,
    pub(super) threes: Vec<u8>,
    pub(super) sure: Vec<u8>,
    pub(super) fours: Vec<u8>,
    pub(super) ends: Vec<u8>,
    pub(super) doubles: u32,
}

/// Symbols that are seen less often share a row and a column in large packs.
const SHARED_PART: f32 = 1e-6;
/// A matrix of every pair is at most this large, in bits.
const EXACT_BITS_MAX: usize = 1 << 23;
/// Most letters of a Latin word that are one clue.
const RUN_MAX: usize = 4;
/// Most spellings of a run of letters that are listed.
const SPELLINGS_MAX: usize = 512;

pub(super) fn clues(
    frequencies: &Frequencies,
    entries: &[Entry<'_>],
    letters: &[Letter],
    partition: &Partition,
    anchors: &[bool],
) -> Clues {
    let mut work = Selection::new(frequencies);
    let spellings: Vec<Spelling<'_>> =
        letters.iter().map(|letter| Spelling::new(letter, frequencies.codes())).collect();
    let mut ends = FxHashSet::default();
    for entry in entries {
        let term: Vec<&Spelling<'_>> =
            entry.letters.iter().map(|letter| &spellings[*letter]).collect();
        endings(&term, frequencies.codes(), &[], &mut ends);
        let anchor = anchors[usize::from(entry.concept)];
        if !anchor || entry.flags & TermRecord::EXCEPTION != 0 {
            continue;
        }
        if let Some(set) = entry.whole {
            work.alone.extend(partition.symbols(set));
        }
        let places = (1..term.len()).map(|place| work.stretch(&term, place));
        let best = places.min_by(|a, b| work.cost(a).total_cmp(&work.cost(b)));
        match (best, term.first()) {
            (Some(stretch), _) => work.take(stretch),
            (None, Some(only)) => work.take_single(only),
            _ => {}
        }
    }
    let mut clues = work.finish(partition);
    ends.iter().for_each(|end| set(&mut clues.ends, of(end).three()));
    clues
}

/// The last three symbols of a term where they are letters; `behind` are those
/// known already.
fn endings(
    term: &[&Spelling<'_>],
    codes: &[u8],
    behind: &[u8],
    found: &mut FxHashSet<[u8; 3]>,
) {
    match (behind, term.split_last()) {
        ([a, b, c], _) => {
            found.insert([*a, *b, *c]);
        }
        // A term of one or two letters: whatever was before.
        ([], None) => {}
        (_, None) => (0..32).for_each(|before| {
            endings(term, codes, &[&[before], behind].concat(), found);
        }),
        (_, Some((last, rest))) => {
            for run in last.runs(codes) {
                let all = [run.as_slice(), behind].concat();
                let known = all.len().saturating_sub(3);
                endings(rest, codes, &all[known..], found);
            }
            // Behind a symbol that is no letter three of them tell all the same.
            for (places, _) in &last.letter.sequences {
                let letters =
                    |place: &&Vec<u16>| place.iter().any(|s| codes[usize::from(*s)] > 0);
                let pure = places.iter().rev().take_while(letters).take(3 - behind.len());
                let pure: Vec<Vec<u8>> =
                    pure.map(|place| codes_of(place, codes)).collect();
                if pure.len() + behind.len() == 3 {
                    let mut runs = vec![behind.to_vec()];
                    for place in pure {
                        let place: Vec<Vec<u8>> =
                            place.iter().map(|c| vec![*c]).collect();
                        runs = join(&place, &runs);
                    }
                    runs.iter().for_each(|run| endings(rest, codes, run, found));
                }
            }
        }
    }
}

/// The ways to write one letter of a term, as its ends.
struct Spelling<'l> {
    letter: &'l Letter,
    /// Whether it is a Latin letter.
    is_latin: bool,
    /// Symbols that it may begin with and end in.
    first: Vec<u16>,
    last: Vec<u16>,
    /// Up to two Latin letters that it may begin with and end in, as codes.
    heads: Vec<Vec<u8>>,
    tails: Vec<Vec<u8>>,
}

impl<'l> Spelling<'l> {
    fn new(letter: &'l Letter, codes: &[u8]) -> Spelling<'l> {
        let code = |symbol: u16| codes[usize::from(symbol)];
        let singles = || letter.singles.iter().map(|(symbol, _)| *symbol);
        let ends = |pick: fn(&Vec<Vec<u16>>) -> Option<&Vec<u16>>| {
            let sequences =
                letter.sequences.iter().filter_map(|(places, _)| pick(places));
            let mut ends: Vec<u16> =
                singles().chain(sequences.flatten().copied()).collect();
            ends.sort_unstable();
            ends.dedup();
            ends
        };
        let runs = |from_end: bool| {
            let mut runs: Vec<Vec<u8>> = singles()
                .map(code)
                .filter(|code| *code > 0)
                .map(|code| vec![code])
                .collect();
            for (places, _) in &letter.sequences {
                let mut places: Vec<&Vec<u16>> = places.iter().collect();
                if from_end {
                    places.reverse();
                }
                let near = codes_of(places[0], codes);
                let far =
                    places.get(1).map_or(Vec::new(), |place| codes_of(place, codes));
                // Where the second is no letter it is no part of the run.
                let is_pure = places
                    .get(1)
                    .is_some_and(|place| place.iter().all(|symbol| code(*symbol) > 0));
                for near in near {
                    match is_pure {
                        true if from_end => {
                            runs.extend(far.iter().map(|far| vec![*far, near]))
                        }
                        true => runs.extend(far.iter().map(|far| vec![near, *far])),
                        false => runs.push(vec![near]),
                    }
                }
            }
            runs.sort_unstable();
            runs.dedup();
            runs
        };
        Spelling {
            letter,
            is_latin: letter.is_latin(codes),
            first: ends(|places| places.first()),
            last: ends(|places| places.last()),
            heads: runs(false),
            tails: runs(true),
        }
    }

    /// Every way to write the letter in Latin letters alone, if they are few.
    fn runs(&self, codes: &[u8]) -> Vec<Vec<u8>> {
        let singles =
            self.letter.singles.iter().map(|(symbol, _)| codes[usize::from(*symbol)]);
        let mut runs: Vec<Vec<u8>> =
            singles.filter(|code| *code > 0).map(|code| vec![code]).collect();
        for (places, _) in &self.letter.sequences {
            let mut spelled = vec![Vec::new()];
            for place in places {
                let codes = codes_of(place, codes);
                spelled = join(
                    &spelled,
                    &codes.iter().map(|code| vec![*code]).collect::<Vec<_>>(),
                );
            }
            runs.extend(spelled);
        }
        runs.sort_unstable();
        runs.dedup();
        runs
    }
}

fn codes_of(symbols: &[u16], codes: &[u8]) -> Vec<u8> {
    let mut found: Vec<u8> = symbols
        .iter()
        .map(|symbol| codes[usize::from(*symbol)])
        .filter(|c| *c > 0)
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// Every member of one list followed by every member of another.
fn join(a: &[Vec<u8>], b: &[Vec<u8>]) -> Vec<Vec<u8>> {
    a.iter().flat_map(|a| b.iter().map(|b| [a.as_slice(), b].concat())).collect()
}

/// A run of letters as the scanner sees it: repeats left out, the last four.
fn seen(run: &[u8]) -> Vec<u8> {
    let mut seen = run.to_vec();
    seen.dedup();
    seen.split_off(seen.len().saturating_sub(4))
}

/// The symbols on either side of a place.
type Meet<'s> = (Cow<'s, [u16]>, Cow<'s, [u16]>);

/// A stretch of a term that may be its clue.
struct Stretch<'s> {
    /// Symbols on either side of a place: every pair of them is a clue.
    meets: Vec<Meet<'s>>,
    /// The spellings in Latin letters.
    runs: Vec<Vec<u8>>,
    /// Latin letters that a pair may begin with, behind one more that is known
    /// or alone.
    tails: Vec<Vec<u8>>,
}

struct Selection<'f> {
    frequencies: &'f Frequencies,
    alone: Vec<u16>,
    /// The symbol, and the one before it.
    pairs: FxHashSet<(u16, u16)>,
    runs: FxHashSet<Vec<u8>>,
    tails: FxHashSet<Vec<u8>>,
}

impl<'f> Selection<'f> {
    fn new(frequencies: &'f Frequencies) -> Selection<'f> {
        Selection {
            frequencies,
            alone: Vec::new(),
            pairs: FxHashSet::default(),
            runs: FxHashSet::default(),
            tails: FxHashSet::default(),
        }
    }

    fn is_letter(&self, symbol: u16) -> bool {
        self.frequencies.is_letter(symbol)
    }

    /// The stretch that ends with the letter at `place`, 1 or more.
    fn stretch<'s>(&self, term: &[&'s Spelling<'s>], place: usize) -> Stretch<'s> {
        let mut from = place - 1;
        let latin = |place: usize| term[place].is_latin;
        while from > 0 && place - from < RUN_MAX - 1 && (from - 1..=place).all(latin) {
            from -= 1;
        }
        if (from..=place).all(latin)
            && let Some(stretch) = self.latin(&term[from..=place])
        {
            return stretch;
        }
        let (before, after) = (term[place - 1], term[place]);
        Stretch {
            meets: vec![((&before.last).into(), (&after.first).into())],
            runs: join(&before.tails, &after.heads),
            tails: before.tails.clone(),
        }
    }

    /// A stretch of Latin letters: its runs, and for each other way to write
    /// one of the letters the rarest pair in it or with its neighbours.
    fn latin<'s>(&self, term: &[&'s Spelling<'s>]) -> Option<Stretch<'s>> {
        let mut runs = vec![Vec::new()];
        for spelling in term {
            runs = join(&runs, &spelling.runs(self.frequencies.codes()));
            if runs.len() > SPELLINGS_MAX {
                return None;
            }
        }
        let (mut meets, mut tails) = (Vec::new(), Vec::new());
        for (place, spelling) in term.iter().enumerate() {
            let before = place.checked_sub(1).map(|place| &term[place].last);
            let after = term.get(place + 1).map(|spelling| &spelling.first);
            let singles =
                spelling.letter.singles.iter().map(|(symbol, _)| vec![vec![*symbol]]);
            let sequences =
                spelling.letter.sequences.iter().map(|(places, _)| places.clone());
            for places in singles.chain(sequences) {
                if places.iter().flatten().all(|symbol| self.is_letter(*symbol)) {
                    continue;
                }
                let inside =
                    places.windows(2).map(|pair| (pair[0].clone(), pair[1].clone()));
                let left = before.map(|before| (before.clone(), places[0].clone()));
                let right =
                    after.map(|after| (places[places.len() - 1].clone(), after.clone()));
                let of_letters = |(a, b): &(Vec<u16>, Vec<u16>)| {
                    a.iter().any(|a| self.is_letter(*a))
                        && b.iter().any(|b| self.is_letter(*b))
                };
                // A pair of letters is no clue, so a choice must have none.
                let choices =
                    inside.chain(left).chain(right).filter(|pair| !of_letters(pair));
                let best = choices.min_by(|a, b| {
                    self.frequencies
                        .pair(&a.0, &a.1)
                        .total_cmp(&self.frequencies.pair(&b.0, &b.1))
                });
                let (a, b) = best?;
                // The letters that it may begin with, and the one before them.
                let ends = codes_of(&a, self.frequencies.codes());
                let ends: Vec<Vec<u8>> =
                    ends.into_iter().map(|code| vec![code]).collect();
                let is_left = before.is_some_and(|before| *before == a);
                let known = place.checked_sub(2).filter(|_| is_left).map(|far| term[far]);
                match known.filter(|far| far.last.iter().all(|s| self.is_letter(*s))) {
                    Some(far) => tails.extend(join(&far.tails, &ends)),
                    None => tails.extend(ends),
                }
                meets.push((a.into(), b.into()));
            }
        }
        Some(Stretch { meets, runs, tails })
    }

    /// How often ordinary text has what a stretch adds.
    fn cost(&self, stretch: &Stretch<'_>) -> f32 {
        let meets = stretch
            .meets
            .iter()
            .map(|(before, after)| self.frequencies.pair(before, after));
        let runs = stretch.runs.iter().map(|run| seen(run));
        let runs = runs.filter(|run| !self.runs.contains(run));
        let runs = runs.map(|run| self.frequencies.run(&run));
        meets.sum::<f32>() + runs.sum::<f32>()
    }

    fn take(&mut self, stretch: Stretch<'_>) {
        for (before, after) in &stretch.meets {
            for a in before.iter() {
                self.pairs(after.iter().map(|b| (*a, *b)));
            }
        }
        self.runs.extend(stretch.runs.iter().map(|run| seen(run)));
        self.tails.extend(stretch.tails.iter().map(|tail| seen(tail)));
    }

    /// Adds pairs that are not letters on both sides.
    fn pairs(&mut self, pairs: impl Iterator<Item = (u16, u16)>) {
        for (before, after) in pairs {
            if !(self.is_letter(before) && self.is_letter(after)) {
                self.pairs.insert((after, before));
            }
        }
    }

    /// A term of one letter: a symbol, or a sequence of them.
    fn take_single(&mut self, only: &Spelling<'_>) {
        self.alone.extend(only.letter.singles.iter().map(|(symbol, _)| *symbol));
        let mut runs = only.runs(self.frequencies.codes());
        runs.retain(|run| run.len() > 1);
        let pairs =
            only.letter.sequences.iter().flat_map(|(places, _)| places.windows(2));
        let meets = pairs.map(|pair| ((&pair[0]).into(), (&pair[1]).into())).collect();
        let symbols =
            only.letter.sequences.iter().flat_map(|(places, _)| places).flatten();
        let codes =
            symbols.map(|symbol| vec![self.frequencies.codes()[usize::from(*symbol)]]);
        let tails = codes.filter(|code| code[0] > 0).collect();
        self.take(Stretch { meets, runs, tails });
    }

    fn finish(self, partition: &Partition) -> Clues {
        let symbols = partition.flags.len();
        let mut pairs: Vec<(u16, u16)> = self.pairs.iter().copied().collect();
        pairs.sort_unstable();
        let matrix = Matrix::new(symbols, &pairs, self.frequencies);
        let codes = self.frequencies.codes();
        let mut classes = Vec::with_capacity(symbols);
        for (symbol, letter) in codes.iter().enumerate() {
            let flag = partition.flags[symbol];
            let noise = symbol < usize::from(Cell::FIRST_SYMBOL)
                && symbol != usize::from(Cell::OTHER.0);
            let (row, column) = (matrix.rows[symbol], matrix.columns[symbol]);
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
        for symbol in &self.alone {
            classes[usize::from(*symbol)].0 |= ClueClass::SPECIAL | ClueClass::ALONE;
        }
        classes.push(ClueClass::EXPANSION);
        let mut clues = Clues {
            classes,
            bits: matrix.bits,
            tails: vec![0; 1 << (TWOS - 3)],
            threes: vec![0; 1 << (THREES - 3)],
            sure: vec![0; 1 << (THREES - 3)],
            fours: vec![0; 1 << (FOURS - 3)],
            ends: vec![0; 1 << (THREES - 3)],
            doubles: 0,
        };
        self.runs.iter().for_each(|run| clues.add(run));
        self.tails.iter().for_each(|tail| clues.add_tail(tail));
        clues
    }
}

fn set(bits: &mut [u8], place: usize) {
    bits[place / 8] |= 1 << (place % 8);
}

fn of(run: &[u8]) -> Letters {
    run.iter().fold(Letters::default(), |all, code| all.then(*code))
}

impl Clues {
    fn add_tail(&mut self, tail: &[u8]) {
        match tail {
            [only] => (0..32)
                .for_each(|before| set(&mut self.tails, of(&[before, *only]).two())),
            _ => set(&mut self.tails, of(tail).two()),
        }
    }

    fn add(&mut self, run: &[u8]) {
        match run {
            [] => {}
            [only] => self.doubles |= 1 << only,
            [a, b] => (0..32).for_each(|before| {
                let place = of(&[before, *a, *b]).three();
                set(&mut self.threes, place);
                set(&mut self.sure, place);
            }),
            [_, _, _] => {
                set(&mut self.threes, of(run).three());
                set(&mut self.sure, of(run).three());
            }
            _ => {
                set(&mut self.threes, of(run).three());
                set(&mut self.fours, of(run).four());
            }
        }
    }
}

/// The matrix of pairs: bit `rows[symbol] + columns[before]` is set for each.
struct Matrix {
    rows: Vec<u32>,
    columns: Vec<u32>,
    bits: Vec<u8>,
}

impl Matrix {
    fn new(symbols: usize, pairs: &[(u16, u16)], frequencies: &Frequencies) -> Matrix {
        let exact = PairMatrix::new(symbols, pairs);
        if exact.bits.len() * 8 <= EXACT_BITS_MAX {
            let columns = exact.columns.iter().map(|column| u32::from(*column)).collect();
            return Matrix { rows: exact.rows, columns, bits: exact.bits };
        }
        Matrix::hashed(symbols, pairs, frequencies)
    }

    /// Where there are too many rows: rows and columns at random places, so that
    /// the few pairs of common symbols seldom fall together.
    fn hashed(symbols: usize, pairs: &[(u16, u16)], frequencies: &Frequencies) -> Matrix {
        let is_rare = |symbol: u16| frequencies.part(symbol) < SHARED_PART;
        let distinct: FxHashSet<(u16, u16)> = pairs
            .iter()
            .map(|(last, before)| {
                let shared = |s: u16| if is_rare(s) { 0 } else { s };
                (shared(*last), shared(*before))
            })
            .collect();
        let bits = (distinct.len() * 64).next_power_of_two().clamp(1 << 16, 1 << 22);
        let columns_max = (bits / 4).min(ClueClass::COLUMNS_MAX as usize) as u32;
        let mut matrix = Matrix {
            rows: vec![0; symbols],
            columns: vec![0; symbols],
            bits: vec![0; bits / 8],
        };
        let random = |symbol: u16, role: u32, below: u32| {
            let seed = if is_rare(symbol) { 1 } else { u32::from(symbol) + 2 };
            let mixed = (seed << 1 | role).wrapping_mul(0x9E37_79B1);
            let mixed = (mixed ^ (mixed >> 15)).wrapping_mul(0x85EB_CA77);
            ((u64::from(mixed ^ (mixed >> 13)) * u64::from(below)) >> 32) as u32
        };
        for (last, before) in pairs {
            // The first rows stay empty, for symbols that end nothing.
            let row = columns_max + random(*last, 0, bits as u32 - 2 * columns_max);
            let column = 1 + random(*before, 1, columns_max - 1);
            matrix.rows[usize::from(*last)] = row;
            matrix.columns[usize::from(*before)] = column;
            let bit = (row + column) as usize;
            matrix.bits[bit / 8] |= 1 << (bit % 8);
        }
        matrix
    }
}
