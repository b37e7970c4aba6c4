//! How terms end: what the glance over a text looks for.
//!
//! A term of an anchor ends in two symbols in a row, or, where those are Latin
//! letters, which are everywhere, in up to six of them. They are read off the
//! positions of the literal automaton, so that they are what it would follow.

use super::anchor::Anchors;
use super::frequency::Frequencies;
use super::pairs::PairMatrix;
use super::partition::Partition;
use super::position::{Move, Position, TermPositions, by_symbol, positions};
use super::triples::Collector;
use crate::automaton::{
    ClueClass, ENDING_MAX, LETTERS_MAX, LetterTable, Letters, Numbers, Run, TAIL_MAX,
};
use crate::ruleset::{Cell, flags};
use rustc_hash::{FxHashMap, FxHashSet};

/// Most letters of an ending.
const RUN_MAX: usize = LETTERS_MAX as usize;

/// The tables of the clues; see [`Clues`](crate::automaton::Clues).
#[derive(Default)]
pub(super) struct Clues {
    pub(super) classes: Vec<ClueClass>,
    /// Empty where they are those of the pairs that end any term.
    pub(super) bits: Vec<u32>,
    pub(super) stride: u32,
    pub(super) letters: Vec<u8>,
    pub(super) doubles: u32,
    pub(super) triples: Vec<u32>,
}

/// Up to six letters in the order of the text.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
struct Word {
    /// Five bits each, the last one lowest.
    bits: u32,
    count: u8,
}

impl Word {
    fn only(letter: u8) -> Word {
        Word::default().then(letter)
    }

    fn len(self) -> usize {
        usize::from(self.count)
    }

    /// The letter at a place from the end; 0 before the first.
    fn letter_at(self, place: u8) -> u8 {
        (self.bits >> (5 * u32::from(place)) & 0x1F) as u8
    }

    fn first(self) -> Option<u8> {
        self.count.checked_sub(1).map(|place| self.letter_at(place))
    }

    fn last(self) -> Option<u8> {
        (self.count > 0).then(|| self.letter_at(0))
    }

    /// With one more at the end.
    fn then(self, letter: u8) -> Word {
        debug_assert!(self.len() < RUN_MAX);
        Word { bits: self.bits << 5 | u32::from(letter), count: self.count + 1 }
    }

    /// With one more at the start.
    fn behind(self, letter: u8) -> Word {
        debug_assert!(self.len() < RUN_MAX);
        let letter = u32::from(letter) << (5 * u32::from(self.count));
        Word { bits: self.bits | letter, count: self.count + 1 }
    }

    /// As what the tables are asked with.
    fn letters(self) -> Letters {
        let letters = (0..self.count).rev().map(|place| self.letter_at(place));
        letters.fold(Letters::default(), Letters::then)
    }
}

/// What the endings of some terms come to.
#[derive(Default)]
struct Endings {
    /// Of all terms: a last symbol and the one before it. Ascending.
    all_pairs: Vec<(u16, u16)>,
    /// See [`Literals::ends`](super::literal::Literals::ends).
    ends: Vec<(bool, bool)>,
    /// Symbols that are a term.
    alone: Vec<u16>,
    /// A last symbol and the one before it, not both letters. Ascending.
    pairs: Vec<(u16, u16)>,
    /// Letters, whatever is before them.
    runs: FxHashSet<Word>,
    /// Letters behind a symbol that is none, and those symbols.
    opens: FxHashMap<Word, Numbers>,
    /// All of those.
    opening: FxHashSet<u16>,
    /// A letter that comes before a last symbol that is none, with up to two letters
    /// before it, if letters must be; and those symbols.
    tails: FxHashMap<Word, Numbers>,
    /// Last letters that come twice, a bit each.
    doubles: u32,
}

/// A state of the last symbols.
struct Last {
    /// What is before, in any term.
    before: Box<[u16]>,
    /// It is a term.
    is_alone: bool,
    /// If it is one of an anchor's terms: what is before in those, and whether it is one.
    of_anchor: Option<(Vec<Move>, bool)>,
}

/// The clues of all terms of anchors, the matrix of the pairs that end any term, and by
/// symbol whether a term may end in it, and whether in it alone.
pub(super) fn clues(
    terms: &TermPositions<'_, '_>,
    anchors: &Anchors,
    frequencies: &Frequencies,
) -> (Clues, PairMatrix, Vec<(bool, bool)>) {
    let codes = terms.partition.letter_codes();
    let of_anchor = |term: u32| anchors.has(&terms.entries[term as usize]);
    let numbers = numbers(terms.partition);
    let walk = Walk { terms, codes: &codes, numbers: &numbers };
    let mut triples = Collector::new(frequencies, terms.partition);
    let endings = walk.endings(of_anchor, &mut triples);
    let [pairs, matrix] =
        PairMatrix::two(&frequencies.parts(), &endings.all_pairs, &endings.pairs);
    let mut clues = Clues::new(&endings, matrix, &codes, &numbers, terms.partition);
    for (symbol, class) in (0..).zip(&mut clues.classes) {
        class.0 |= if triples.is_common(symbol) { ClueClass::COMMON } else { 0 };
    }
    clues.triples = triples.finish(terms.entries.len());
    // Every term, for the filter of the loop that reads in full.
    for (run, is_whole) in walk.letters() {
        clues.add_ending(run, is_whole);
    }
    for run in walk.starts() {
        LetterTable::STARTS.set(&mut clues.letters, run.letters().three());
    }
    (clues, pairs, endings.ends)
}

struct Walk<'w, 'c, 'p> {
    terms: &'w TermPositions<'c, 'p>,
    codes: &'w [u8],
    /// See [`Numbers`].
    numbers: &'w [u8],
}

impl Walk<'_, '_, '_> {
    fn code(&self, symbol: u16) -> u8 {
        self.codes[usize::from(symbol)]
    }

    fn endings(
        &self,
        wanted: impl Fn(u32) -> bool,
        triples: &mut Collector<'_>,
    ) -> Endings {
        let ends = vec![(false, false); self.terms.partition.flags.len()];
        let mut found = Endings { ends, ..Endings::default() };
        // By state what is known of it, as long as other symbols have it: large packs have
        // gigabytes of that.
        let mut known: FxHashMap<u32, Last> = FxHashMap::default();
        let mut to_come: FxHashMap<u32, u32> = FxHashMap::default();
        for (_, state) in self.terms.last_symbols() {
            *to_come.entry(state).or_default() += 1;
        }
        // By letter and state, since both cases of a letter are alike.
        let mut walked: FxHashSet<(u8, u32)> = FxHashSet::default();
        for (last, state) in self.terms.last_symbols() {
            let rest = to_come.entry(state).or_default();
            *rest -= 1;
            let own = known.remove(&state).unwrap_or_else(|| self.last(state, &wanted));
            let state_is = match rest {
                0 => &own,
                _ => known.entry(state).or_insert(own),
            };
            let before = state_is.before.iter();
            found.all_pairs.extend(before.map(|before| (last, *before)));
            found.ends[usize::from(last)] = (true, state_is.is_alone);
            let Some((before, is_alone)) = &state_is.of_anchor else { continue };
            if *is_alone {
                found.alone.push(last);
            }
            let code = self.code(last);
            for moves in by_symbol(before) {
                let symbol = moves[0].symbol();
                let letter = self.code(symbol);
                if letter == 0 || code == 0 {
                    found.pairs.push((last, symbol));
                }
                if letter > 0 && code == 0 {
                    let mut tails = FxHashSet::default();
                    self.tails(Word::only(letter), moves, &mut tails);
                    let number = self.numbers[usize::from(last)];
                    for tail in tails {
                        found.tails.entry(tail).or_default().add(Numbers(1 << number));
                    }
                }
                if triples.tells(symbol, last) {
                    // A term of these two symbols is a clue behind anything.
                    let is_whole = positions(moves).any(Position::is_done);
                    let before = (!is_whole).then(|| self.terms.before(positions(moves)));
                    triples.add(symbol, last, before.as_deref());
                }
            }
            if code > 0 && walked.insert((code, state)) {
                for moves in by_symbol(&self.by_letter(before)) {
                    self.runs(Word::only(code), moves, &mut found);
                }
            }
        }
        found
    }

    fn last(&self, state: u32, wanted: impl Fn(u32) -> bool) -> Last {
        let positions = self.terms.positions(state).iter().copied();
        let is_wanted = |position: &Position| wanted(position.term());
        let mut moves = self.terms.before(positions.clone());
        let before = by_symbol(&moves).map(|moves| moves[0].symbol()).collect();
        let mut own = positions.clone().filter(is_wanted).peekable();
        let of_anchor = own.peek().is_some().then(|| {
            moves.retain(|step| is_wanted(&step.position()));
            moves.shrink_to_fit();
            (moves, own.any(Position::is_done))
        });
        Last { before, is_alone: positions.clone().any(Position::is_done), of_anchor }
    }

    /// What comes before by letter, symbols that are none left out.
    fn by_letter(&self, before: &[Move]) -> Vec<Move> {
        let letters = before.iter().map(|step| (self.code(step.symbol()), step));
        let mut letters: Vec<Move> = letters
            .filter(|(code, _)| *code > 0)
            .map(|(code, step)| Move::new(u16::from(code), step.position()))
            .collect();
        letters.sort_unstable();
        letters.dedup();
        letters
    }

    /// What comes before letters that stand before a last symbol.
    fn tails(&self, tail: Word, moves: &[Move], found: &mut FxHashSet<Word>) {
        if positions(moves).any(Position::is_done) {
            found.insert(tail);
        }
        for moves in by_symbol(&self.terms.before(positions(moves))) {
            let code = self.code(moves[0].symbol());
            // A repeat is left out: what is before it is not known here.
            if code == 0 || tail.first() == Some(code) {
                found.insert(tail);
            } else if tail.len() + 1 == TAIL_MAX as usize {
                found.insert(tail.behind(code));
            } else {
                self.tails(tail.behind(code), moves, found);
            }
        }
    }

    /// Takes one more letter before those of `run`.
    fn runs(&self, run: Word, moves: &[Move], found: &mut Endings) {
        let letter = moves[0].symbol() as u8;
        let run = if run.first() == Some(letter) { run } else { run.behind(letter) };
        let is_whole = run.len() == RUN_MAX;
        let is_done = positions(moves).any(Position::is_done);
        if is_whole || is_done {
            found.runs.insert(run);
        }
        let is_double = run.len() == 1;
        if is_double && is_done {
            found.doubles |= 1 << letter;
        }
        if is_whole {
            return;
        }
        let before = self.terms.before(positions(moves));
        let symbols = before.iter().map(|step| step.symbol());
        let mut opening = symbols.filter(|symbol| self.code(*symbol) == 0).peekable();
        if opening.peek().is_some() {
            if is_double {
                found.doubles |= 1 << letter;
            } else {
                let behind = found.opens.entry(run).or_default();
                opening.for_each(|symbol| {
                    behind.add(Numbers(1 << self.numbers[usize::from(symbol)]));
                    found.opening.insert(symbol);
                });
            }
        }
        for moves in by_symbol(&self.by_letter(&before)) {
            self.runs(run, moves, found);
        }
    }

    /// The last symbols of all terms where they are letters, and each differs from the
    /// next. Says of each whether it is a whole term.
    fn letters(&self) -> FxHashSet<(Word, bool)> {
        let mut found = FxHashSet::default();
        let mut walked: FxHashSet<(u8, u32)> = FxHashSet::default();
        for (last, state) in self.terms.last_symbols() {
            let code = self.code(last);
            if code > 0 && walked.insert((code, state)) {
                let positions = self.terms.positions(state).iter().copied();
                self.letters_before(Word::only(code), positions.collect(), &mut found);
            }
        }
        found
    }

    fn letters_before(
        &self,
        run: Word,
        at: Vec<Position>,
        found: &mut FxHashSet<(Word, bool)>,
    ) {
        let is_whole = at.iter().any(|position| position.is_done());
        found.insert((run, is_whole));
        // Of those behind a whole term nothing more is asked.
        if is_whole || run.len() == ENDING_MAX as usize {
            return;
        }
        let before = self.terms.before(at.into_iter());
        for moves in by_symbol(&self.by_letter(&before)) {
            let letter = moves[0].symbol() as u8;
            if run.first() != Some(letter) {
                self.letters_before(
                    run.behind(letter),
                    positions(moves).collect(),
                    found,
                );
            }
        }
    }

    /// The first three symbols of all terms where they are letters; 0 to 31 for
    /// what may be anything.
    fn starts(&self) -> FxHashSet<Word> {
        let mut found = FxHashSet::default();
        let mut walked = FxHashSet::default();
        for entry in self.terms.entries {
            // All of them: repeats are one, so that the first three may not be enough.
            if walked.insert(&entry.letters) {
                self.start(&entry.letters, Word::default(), &mut found);
            }
        }
        found
    }

    fn start(&self, term: &[usize], run: Word, found: &mut FxHashSet<Word>) {
        if run.len() == 3 {
            found.insert(run);
            return;
        }
        let Some((letter, rest)) = term.split_first() else {
            // Whatever comes behind the term.
            (0..32).for_each(|any| self.start(&[], run.then(any), found));
            return;
        };
        let letter = &self.terms.letters[*letter];
        let mut ways: FxHashSet<Word> = FxHashSet::default();
        let singles = letter.singles.iter().map(|(symbol, _)| self.code(*symbol));
        ways.extend(singles.filter(|code| *code > 0).map(|code| go_on(run, code)));
        for (places, _) in &letter.sequences {
            self.spell(places, run, &mut ways);
        }
        ways.into_iter().for_each(|run| self.start(rest, run, found));
    }

    /// Adds what letters a run goes on with, place by place.
    fn spell(&self, places: &[Vec<u16>], run: Word, ways: &mut FxHashSet<Word>) {
        match places.split_first() {
            Some((place, rest)) if run.len() < 3 => {
                let codes = place.iter().map(|symbol| self.code(*symbol));
                let codes = codes.fold(0u32, |set, code| set | 1 << code) & !1;
                let codes = (1..27u8).filter(|code| codes >> code & 1 != 0);
                codes.for_each(|code| self.spell(rest, go_on(run, code), ways));
            }
            _ => {
                ways.insert(run);
            }
        }
    }
}

/// By symbol, its number; see [`Numbers`].
fn numbers(partition: &Partition) -> Vec<u8> {
    let mut numbers = vec![Numbers::of(None); partition.flags.len()];
    for byte in (0..0x80u8).rev() {
        let cell = partition.cell(char::from(byte));
        if cell.is_symbol() {
            numbers[usize::from(cell.0)] = Numbers::of(Some(byte));
        }
    }
    numbers
}

/// A run with one more letter at the end; a repeat is not told from one letter.
fn go_on(run: Word, letter: u8) -> Word {
    if run.last() == Some(letter) { run } else { run.then(letter) }
}

impl Clues {
    fn new(
        endings: &Endings,
        matrix: PairMatrix,
        codes: &[u8],
        numbers: &[u8],
        partition: &Partition,
    ) -> Clues {
        let mut classes = Vec::with_capacity(codes.len() + 1);
        for (symbol, letter) in codes.iter().enumerate() {
            let flag = partition.flags[symbol];
            let noise = symbol < usize::from(Cell::FIRST_SYMBOL)
                && symbol != usize::from(Cell::OTHER.0);
            let row = matrix.rows[symbol] / matrix.stride;
            let column = u32::from(matrix.columns[symbol]);
            let digit = flag & flags::ALPHANUMERIC != 0 && *letter == 0;
            let soft = noise || digit || flag & flags::NOISE != 0;
            let mut bits = if soft { ClueClass::SOFT } else { 0 };
            if *letter > 0 || soft && (row > 0 || column > 0) {
                bits |= ClueClass::SPECIAL;
            }
            if symbol == usize::from(Cell::OVERRIDE.0) {
                bits |= ClueClass::SPECIAL | ClueClass::ALONE;
            }
            let class = ClueClass::new(row, column, bits);
            classes.push(match *letter {
                0 => {
                    let is_opening = endings.opening.contains(&(symbol as u16));
                    class.with_number(numbers[symbol], is_opening)
                }
                letter => class.with_letter(letter),
            });
        }
        for symbol in &endings.alone {
            classes[usize::from(*symbol)].0 |= ClueClass::SPECIAL | ClueClass::ALONE;
        }
        classes.push(ClueClass::EXPANSION);
        let mut clues = Clues {
            classes,
            bits: matrix.bits,
            stride: matrix.stride,
            letters: vec![0; LetterTable::BYTES],
            doubles: endings.doubles,
            ..Clues::default()
        };
        endings.runs.iter().for_each(|run| clues.add(*run, None));
        endings.opens.iter().for_each(|(run, behind)| clues.add(*run, Some(*behind)));
        for (tail, before) in &endings.tails {
            clues.add_tail(*tail);
            let (letters, count) = (tail.letters(), tail.len() as u32);
            for number in before.numbers() {
                let place = letters.run(Run::Tail(count, number));
                LetterTable::RUNS.set(&mut clues.letters, place);
            }
        }
        clues
    }

    /// Adds letters that a term ends in, or that are one.
    fn add_ending(&mut self, run: Word, is_whole: bool) {
        let (letters, count) = (run.letters(), u32::from(run.count));
        match count {
            // Whatever is before it.
            ..3 if is_whole => {
                (0..32).for_each(|any| self.add_ending(run.behind(any), true));
            }
            ..3 => {}
            3 => {
                LetterTable::ENDS.set(&mut self.letters, letters.three());
                if is_whole {
                    LetterTable::WHOLE.set(&mut self.letters, letters.three());
                }
            }
            _ => {
                let place = letters.ending(count, is_whole);
                LetterTable::ENDINGS.set(&mut self.letters, place);
            }
        }
    }

    fn add_tail(&mut self, tail: Word) {
        if tail.len() < TAIL_MAX as usize {
            (0..32).for_each(|before| self.add_tail(tail.behind(before)));
        } else {
            LetterTable::TAILS.set(&mut self.letters, tail.letters().three());
        }
    }

    /// Adds letters that are a clue, or only behind some symbols.
    fn add(&mut self, run: Word, behind: Option<Numbers>) {
        let mut set =
            |table: LetterTable, place: usize| table.set(&mut self.letters, place);
        let (letters, count) = (run.letters(), run.len() as u32);
        match (count, behind) {
            // Told by `doubles`, or alone.
            (0 | 1, _) => return,
            (2, Some(_)) => set(LetterTable::OPENS, letters.two()),
            (2, None) => (0..32).for_each(|before| {
                let letters = run.behind(before).letters().three();
                set(LetterTable::THREES, letters);
                set(LetterTable::SURE, letters);
            }),
            _ => set(LetterTable::THREES, letters.three()),
        }
        match (count, behind) {
            (3, Some(_)) => set(LetterTable::OPEN_THREES, letters.three()),
            (3, None) => set(LetterTable::SURE, letters.three()),
            (4.., _) => set(LetterTable::RUNS, letters.run(Run::Suffix)),
            _ => {}
        }
        match behind {
            Some(behind) => behind.numbers().for_each(|number| {
                set(LetterTable::RUNS, letters.run(Run::Open(count, number)));
            }),
            None if count > 3 => set(LetterTable::RUNS, letters.run(Run::Sure(count))),
            None => {}
        }
    }
}
