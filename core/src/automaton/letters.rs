//! Letters: what a glance knows of the Latin letters before a place.
//!
//! Latin letters are everywhere, so that two in a row tell little: what is told of them
//! are the last six, and the symbols that were before them.

use super::clues::{Clues, Numbers};

/// The last letters of a text: six of five bits each, and two bits of the one before.
/// Those of a [`LetterRun`] are without repeats.
#[derive(Clone, Copy, Default)]
pub(crate) struct Letters(u32);

impl Letters {
    /// The letter that came last, 0 if none.
    #[inline(always)]
    pub(crate) fn last(self) -> u8 {
        (self.0 & 0x1F) as u8
    }

    #[inline(always)]
    #[must_use]
    pub(crate) fn then(self, letter: u8) -> Letters {
        Letters(self.0 << 5 | u32::from(letter))
    }

    /// The last two, as an index.
    #[inline(always)]
    pub(crate) fn two(self) -> usize {
        (self.0 & 0x3FF) as usize
    }

    /// The last three, as an index.
    #[inline(always)]
    pub(crate) fn three(self) -> usize {
        (self.0 & 0x7FFF) as usize
    }

    /// So many of the last, as an index of [`LetterTable::RUNS`].
    #[inline(always)]
    pub(crate) fn run(self, kind: Run) -> usize {
        let (count, tag) = match kind {
            Run::Suffix => (4, 0),
            Run::Sure(count) => (count, 1),
            Run::Open(count, number) => (count, Run::OPEN + u64::from(number)),
            Run::Tail(count, number) => (count, Run::TAIL + u64::from(number)),
        };
        self.hash(count, tag, RUNS)
    }

    /// So many of the last, in which a term ends or which are a whole one, as an index of
    /// [`LetterTable::ENDINGS`].
    #[inline(always)]
    pub(crate) fn ending(self, count: u32, is_whole: bool) -> usize {
        self.hash(count, u64::from(is_whole), ENDINGS)
    }

    #[inline(always)]
    fn hash(self, count: u32, tag: u64, bits: u32) -> usize {
        let letters = self.0 & ((1 << (5 * count)) - 1);
        let key = u64::from(letters) | u64::from(count) << 32 | tag << 36;
        (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - bits)) as usize
    }

    /// The letter at a place from the end; 0 for what is none.
    #[inline(always)]
    fn at(self, place: u32) -> u32 {
        self.0 >> (5 * place) & 0x1F
    }
}

/// Most letters of which it is told whether a term may end in them.
pub(crate) const ENDING_MAX: u32 = 5;

/// Bits of an index of [`Letters::ending`].
const ENDINGS: u32 = 16;

/// Most letters of a clue.
pub(crate) const LETTERS_MAX: u32 = 6;

/// Most letters before a last symbol that is none.
pub(crate) const TAIL_MAX: u32 = 3;

/// Bits of an index of [`Letters::run`].
const RUNS: u32 = 17;

/// What is known of some letters.
#[derive(Clone, Copy)]
pub(crate) enum Run {
    /// A longer clue ends in these four.
    Suffix,
    /// So many, four or more, are a clue, whatever is before.
    Sure(u32),
    /// So many, two or more, are a clue behind a symbol of such a number.
    Open(u32, u32),
    /// So many, three or less, may be before a last symbol of such a number.
    Tail(u32, u32),
}

impl Run {
    /// The tags of [`Run::Open`] and [`Run::Tail`] in a key, from which on numbers count.
    pub(crate) const OPEN: u64 = 2;
    pub(crate) const TAIL: u64 = Self::OPEN + Numbers::COUNT as u64;
}

/// The last letters, and what was before them that may come before a clue.
#[derive(Clone, Copy, Default)]
pub(crate) struct LetterRun {
    pub(crate) letters: Letters,
    /// [`Numbers`] for each way to read what was between, a byte each: those since the
    /// last letter, those before it, those before two letters, and so on.
    since: u64,
}

impl LetterRun {
    /// Takes in a symbol that is no letter and ends no run.
    #[inline(always)]
    pub(crate) fn open(&mut self, opener: Numbers) {
        self.since |= u64::from(opener.0);
    }

    /// Takes in one that does: nothing before it is before a clue.
    #[inline(always)]
    pub(crate) fn close(&mut self, opener: Numbers) {
        self.since = u64::from(opener.0);
    }

    /// With one more letter, before which something else may be than noise.
    #[inline(always)]
    #[must_use]
    fn then(self, letter: u8) -> LetterRun {
        let since = self.since << 8;
        match letter == self.letters.last() {
            // It may be a repeat, or not.
            true => LetterRun { since: since | self.since & !0xFF, ..self },
            false => LetterRun { letters: self.letters.then(letter), since },
        }
    }

    /// The symbols before so many letters.
    #[inline(always)]
    fn before(self, count: u32) -> Numbers {
        Numbers((self.since >> (8 * count)) as u8)
    }
}

/// A table of letters: where its bits begin among all of them, and where the
/// next begins.
#[derive(Clone, Copy)]
pub(crate) struct LetterTable {
    start: usize,
    end: usize,
}

impl LetterTable {
    /// Three letters after which a clue may go on with something else, by
    /// [`Letters::three`].
    pub(crate) const TAILS: LetterTable = LetterTable::after(0, 15);
    /// Two letters that are a clue behind some symbol that is none, by
    /// [`Letters::two`]; behind which, [`Run::Open`] tells.
    pub(crate) const OPENS: LetterTable = LetterTable::after(Self::TAILS.end, 10);
    /// Three letters of which the same holds.
    pub(crate) const OPEN_THREES: LetterTable = LetterTable::after(Self::OPENS.end, 15);
    /// Clues of three letters or more end in these three.
    pub(crate) const THREES: LetterTable = LetterTable::after(Self::OPEN_THREES.end, 15);
    /// These three are a clue, whatever is before.
    pub(crate) const SURE: LetterTable = LetterTable::after(Self::THREES.end, 15);
    /// What more there is to know, hashed by [`Letters::run`].
    pub(crate) const RUNS: LetterTable = LetterTable::after(Self::SURE.end, RUNS);
    /// The last three symbols of a term, where they are letters and each differs
    /// from the next.
    pub(crate) const ENDS: LetterTable = LetterTable::after(Self::RUNS.end, 15);
    /// A whole term is the end of these three, so that nothing before them matters.
    pub(crate) const WHOLE: LetterTable = LetterTable::after(Self::ENDS.end, 15);
    /// More than three in which terms end, and those that a whole one is, hashed by
    /// [`Letters::ending`].
    pub(crate) const ENDINGS: LetterTable = LetterTable::after(Self::WHOLE.end, ENDINGS);
    /// The first three symbols of a term, where they are letters.
    pub(crate) const STARTS: LetterTable = LetterTable::after(Self::ENDINGS.end, 15);
    /// Bytes of all tables.
    pub(crate) const BYTES: usize = Self::STARTS.end / 8;
    /// Those of no ruleset.
    pub(crate) const NONE: &'static [u8; Self::BYTES] = &[0; Self::BYTES];

    const fn after(start: usize, bits: u32) -> LetterTable {
        LetterTable { start, end: start + (1 << bits) }
    }

    #[inline(always)]
    fn has(self, tables: &[u8; LetterTable::BYTES], place: usize) -> bool {
        let bit = self.start + place;
        tables.get(bit / 8).is_some_and(|byte| byte >> (bit % 8) & 1 != 0)
    }

    #[cfg(feature = "compile")]
    pub(crate) fn set(self, tables: &mut [u8], place: usize) {
        let bit = self.start + place;
        tables[bit / 8] |= 1 << (bit % 8);
    }
}

impl Clues<'_> {
    /// One more letter, and whether it completes a clue. `is_repeat` where only noise
    /// is between it and the same letter.
    #[inline(always)]
    pub(crate) fn letter(
        &self,
        run: LetterRun,
        letter: u8,
        is_repeat: bool,
    ) -> (LetterRun, bool) {
        let is_double = letter == run.letters.last() && self.doubles >> letter & 1 != 0;
        let run = if is_repeat { run } else { run.then(letter) };
        (run, is_double || self.is_run(run))
    }

    /// Whether the last letter may begin a pair.
    #[inline(always)]
    pub(crate) fn is_tail(&self, letters: Letters) -> bool {
        LetterTable::TAILS.has(self.letters, letters.three())
    }

    /// Whether it may begin one with a symbol of such a number.
    #[inline]
    pub(crate) fn is_tail_of(&self, letters: Letters, number: u32) -> bool {
        self.is_tail(letters)
            && (1..=TAIL_MAX).any(|count| {
                let place = letters.run(Run::Tail(count, number));
                LetterTable::RUNS.has(self.letters, place)
            })
    }

    /// Whether a term may end in the last symbols of a text, given as letters, 0 for what
    /// is none.
    #[inline(always)]
    pub(crate) fn may_end(&self, letters: Letters) -> bool {
        let (a, b, c) = (letters.at(2), letters.at(1), letters.at(0));
        let tells = (a != 0) & (b != 0) & (c != 0) & (a != b) & (b != c);
        !tells
            || LetterTable::ENDS.has(self.letters, letters.three())
                && self.may_end_longer(letters)
    }

    /// The same, where one may end in the last three.
    fn may_end_longer(&self, letters: Letters) -> bool {
        if LetterTable::WHOLE.has(self.letters, letters.three()) {
            return true;
        }
        for count in 4..=ENDING_MAX {
            // A repeat may be skipped, and what is no letter may be noise.
            let (letter, next) = (letters.at(count - 1), letters.at(count - 2));
            let has = |is_whole| {
                LetterTable::ENDINGS.has(self.letters, letters.ending(count, is_whole))
            };
            if letter == 0 || letter == next || has(true) {
                return true;
            }
            if !has(false) {
                return false;
            }
        }
        true
    }

    /// Whether a term may begin with three letters, each other than the next.
    #[inline]
    pub(crate) fn may_start(&self, letters: Letters) -> bool {
        LetterTable::STARTS.has(self.letters, letters.three())
    }

    /// The same for a letter that is not the last one, where it is plainly no clue;
    /// else `None`.
    #[inline(always)]
    pub(crate) fn plain_letter(&self, run: LetterRun, letter: u8) -> Option<LetterRun> {
        let run = LetterRun { letters: run.letters.then(letter), since: run.since << 8 };
        let three = run.letters.three();
        let may_be = run.before(2).0 != 0
            || LetterTable::THREES.has(self.letters, three)
                && (LetterTable::SURE.has(self.letters, three)
                    || LetterTable::OPEN_THREES.has(self.letters, three)
                    || LetterTable::RUNS.has(self.letters, run.letters.run(Run::Suffix)));
        (!may_be).then_some(run)
    }

    /// Whether the last letters are a clue.
    #[inline(always)]
    fn is_run(&self, run: LetterRun) -> bool {
        run.before(2).0 != 0
            && LetterTable::OPENS.has(self.letters, run.letters.two())
            && self.is_open_run(run, 2)
            || LetterTable::THREES.has(self.letters, run.letters.three())
                && self.is_long_run(run)
    }

    /// Whether letters whose last three end a clue are one.
    fn is_long_run(&self, run: LetterRun) -> bool {
        let letters = run.letters;
        let has = |kind: Run| LetterTable::RUNS.has(self.letters, letters.run(kind));
        LetterTable::SURE.has(self.letters, letters.three())
            || LetterTable::OPEN_THREES.has(self.letters, letters.three())
                && self.is_open_run(run, 3)
            || has(Run::Suffix)
                && (4..=LETTERS_MAX)
                    .any(|count| has(Run::Sure(count)) || self.is_open_run(run, count))
    }

    /// Whether so many letters are a clue behind what was before them.
    fn is_open_run(&self, run: LetterRun, count: u32) -> bool {
        run.before(count).numbers().any(|number| {
            let place = run.letters.run(Run::Open(count, number));
            LetterTable::RUNS.has(self.letters, place)
        })
    }
}
