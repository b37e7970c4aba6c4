//! Spellings: the runs of symbols that may stand for a letter of a term.
//!
//! Most runs are one symbol: a character, one that sounds or looks like it. Longer
//! ones are syllables in Latin letters or in Bopomofo, and characters that are taken
//! apart. They are read from their ends, as terms are: a run goes on to one that is
//! longer by the symbol before it.

use super::literal::COUNT;
use core::ops::Range;
use zerocopy::little_endian::{U16, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// A run of symbols. Those of one symbol have its number.
#[derive(
    Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub(crate) struct RunRecord {
    /// Where the runs that are longer by one symbol begin, and
    /// [`RunRecord::ENDS`].
    pub(crate) longer: U32,
    /// Where the letters that it may stand for begin.
    pub(crate) readings: U32,
}

impl RunRecord {
    /// Some longer run stands for a letter that a term ends in.
    pub(crate) const ENDS: u32 = !COUNT;
}

/// A run that is longer than another by the symbol before it.
#[derive(
    Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub(crate) struct LongerRecord {
    pub(crate) symbol: U16,
    /// Its number. The runs that go on from it follow it, up to `end`, exclusive.
    pub(crate) run: U32,
    pub(crate) end: U32,
}

/// What may stand for a letter, if it is more than one symbol.
#[derive(
    Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub(crate) struct LetterRecord {
    /// Where its runs begin.
    pub(crate) spelled: U32,
    /// See [`LetterRecord::mark`].
    pub(crate) marks: U32,
}

impl LetterRecord {
    /// The bit of a symbol in which a run of the letter ends. Symbols share bits.
    #[inline(always)]
    pub(crate) const fn mark(symbol: u16) -> u32 {
        1 << (symbol % 32)
    }
}

/// A letter that a run may stand for.
#[derive(
    Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub(crate) struct ReadingRecord {
    pub(crate) letter: U16,
    /// Discriminant of the disguise, or [`EXACT`](crate::ruleset::EXACT).
    pub(crate) kind: u8,
    /// The sets of disguises that allow it and none that is less risky; see
    /// [`Spellings::sets`].
    pub(crate) sets: U16,
}

/// A longer run that may stand for a letter.
#[derive(
    Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub(crate) struct SpelledRecord {
    pub(crate) run: U32,
    /// The sets of disguises that allow it; see [`Spellings::sets`].
    pub(crate) sets: U16,
}

/// A view of all runs.
#[derive(Clone, Copy)]
pub(crate) struct Spellings<'r> {
    /// The runs, and one more.
    pub(crate) runs: &'r [RunRecord],
    /// Of each run ascending by symbol.
    pub(crate) longer: &'r [LongerRecord],
    /// Of each run ascending by letter.
    pub(crate) readings: &'r [ReadingRecord],
    /// The letters, and one more.
    pub(crate) letters: &'r [LetterRecord],
    pub(crate) spelled: &'r [SpelledRecord],
    /// Sets of disguises, a bit each: all that records name. The first are those of
    /// the anchors' terms.
    pub(crate) sets: &'r [U64],
}

impl<'r> Spellings<'r> {
    /// The sets of disguises of a record.
    #[inline(always)]
    pub(crate) fn sets(&self, sets: U16) -> u64 {
        self.sets.get(usize::from(sets.get())).map_or(0, |sets| sets.get())
    }

    /// The sets of disguises of the anchors' terms.
    #[inline(always)]
    pub(crate) fn anchor_sets(&self) -> u64 {
        self.sets.first().map_or(u64::MAX, |sets| sets.get())
    }

    /// What a run may stand for, ascending by letter, and whether it goes on to longer
    /// ones.
    #[inline(always)]
    pub(crate) fn run(&self, run: u32) -> (&'r [ReadingRecord], bool) {
        let Some([this, next]) = self.pair(run) else { return (&[], false) };
        let (from, to) = (this.readings.get(), next.readings.get());
        let readings = self.readings.get(from as usize..to as usize).unwrap_or(&[]);
        (readings, (this.longer.get() ^ next.longer.get()) & COUNT != 0)
    }

    /// What some runs may stand for.
    pub(crate) fn readings_of(&self, runs: Range<u32>) -> &'r [ReadingRecord] {
        let from = |run: u32| self.runs.get(run as usize).map(|run| run.readings.get());
        let (Some(from), Some(to)) = (from(runs.start), from(runs.end)) else {
            return &[];
        };
        self.readings.get(from as usize..to as usize).unwrap_or(&[])
    }

    /// The disguise in which a run stands for a letter, if some sets allow it.
    #[inline]
    pub(crate) fn kind(&self, run: u32, letter: u16, sets: u64) -> Option<u8> {
        let mut readings = self.run(run).0.iter();
        let found = readings.find(|reading| {
            reading.letter.get() == letter && self.sets(reading.sets) & sets != 0
        });
        found.map(|reading| reading.kind)
    }

    /// The run with one more symbol before it.
    #[inline]
    pub(crate) fn longer(&self, run: u32, symbol: u16) -> Option<u32> {
        let longer = self.all_longer(run);
        let place = longer.partition_point(|longer| longer.symbol.get() < symbol);
        let found = longer.get(place)?;
        (found.symbol.get() == symbol).then(|| found.run.get())
    }

    /// The numbers of all runs that go on from one.
    #[inline]
    pub(crate) fn beyond(&self, run: u32) -> Range<u32> {
        match self.all_longer(run) {
            [] => 0..0,
            [first, .., last] => first.run.get()..last.end.get(),
            [only] => only.run.get()..only.end.get(),
        }
    }

    /// Whether a run that goes on from one stands for a letter that ends a term.
    #[inline(always)]
    pub(crate) fn ends(&self, run: u32) -> bool {
        let record = self.runs.get(run as usize);
        record.is_some_and(|record| record.longer.get() & RunRecord::ENDS != 0)
    }

    /// Whether a longer run of a letter may end in a symbol; no false negatives.
    #[inline(always)]
    pub(crate) fn may_end_in(&self, letter: u16, symbol: u16) -> bool {
        let marks =
            self.letters.get(usize::from(letter)).map_or(0, |own| own.marks.get());
        marks & LetterRecord::mark(symbol) != 0
    }

    /// Whether one of some runs stands for a letter, under some sets of disguises.
    #[inline]
    pub(crate) fn may_spell(&self, letter: u16, runs: &Range<u32>, sets: u64) -> bool {
        let letter = usize::from(letter);
        let Some([from, to]) = self.letters.get(letter..letter + 2) else { return false };
        let (from, to) = (from.spelled.get(), to.spelled.get());
        let spelled = self.spelled.get(from as usize..to as usize);
        spelled.unwrap_or(&[]).iter().any(|spelled| {
            runs.contains(&spelled.run.get()) && self.sets(spelled.sets) & sets != 0
        })
    }

    #[inline(always)]
    pub(super) fn all_longer(&self, run: u32) -> &'r [LongerRecord] {
        self.pair(run).map_or(&[], |[this, next]| {
            let (from, to) = (this.longer.get() & COUNT, next.longer.get() & COUNT);
            self.longer.get(from as usize..to as usize).unwrap_or(&[])
        })
    }

    #[inline(always)]
    fn pair(&self, run: u32) -> Option<&'r [RunRecord; 2]> {
        self.runs.get(run as usize..)?.first_chunk()
    }

    /// The number of letters.
    pub(crate) fn letter_count(&self) -> usize {
        self.letters.len().saturating_sub(1)
    }

    /// Whether the sets of a record are there.
    pub(crate) fn has_sets(&self, sets: U16) -> bool {
        usize::from(sets.get()) < self.sets.len()
    }

    /// Checks that every index leads inside the tables.
    pub(crate) fn validate(&self) -> Result<(), &'static str> {
        let Some((last, runs)) = self.runs.split_last() else {
            return Err("there are no runs of symbols");
        };
        let sound = self.runs.is_sorted_by_key(|run| run.longer.get() & COUNT)
            && self.runs.is_sorted_by_key(|run| run.readings.get())
            && (last.longer.get() & COUNT) as usize == self.longer.len()
            && last.readings.get() as usize == self.readings.len();
        if !sound {
            return Err("the runs of symbols are out of order");
        }
        let inside = |run: u32| (run as usize) < runs.len();
        if !self.longer.iter().all(|longer| inside(longer.run.get())) {
            return Err("a run of symbols leads to none");
        }
        let letters = self.letter_count();
        if self.readings.iter().any(|r| usize::from(r.letter.get()) >= letters) {
            return Err("a run of symbols stands for an unknown letter");
        }
        let (readings, spelled) = (self.readings.iter(), self.spelled.iter());
        let mut named =
            readings.map(|record| record.sets).chain(spelled.map(|record| record.sets));
        if !named.all(|sets| self.has_sets(sets)) {
            return Err("a spelling names unknown disguises");
        }
        let end = self.letters.last().map_or(0, |end| end.spelled.get() as usize);
        if !self.letters.is_sorted_by_key(|from| from.spelled.get())
            || end != self.spelled.len()
        {
            return Err("the spellings of letters are out of order");
        }
        Ok(())
    }
}
