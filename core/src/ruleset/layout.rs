//! The layout of the tables, as a number.
//!
//! Whoever changes a table may forget to raise the version of the format. Two
//! builds would then read each other's bytes as something else. So the compiler
//! makes a number out of the sections, their records and the codes in them, and
//! the header of every ruleset has it.

use super::format::Section;
use super::record::*;
use super::symbols::{Cell, flags};
use crate::automaton::{
    ClueClass, CompleteRecord, ENDING_MAX, HintRecord, LETTERS_MAX, LetterRecord,
    LetterTable, LiteralAutomaton, LongerRecord, NodeRecord, Numbers, PatternAutomaton,
    ReadingRecord, Run, RunRecord, SpelledRecord, SymbolRecord, TAIL_MAX, Triple,
};
use crate::fold::Noise;
use zerocopy::little_endian::{F32, U16, U32, U64};

/// The layout that this library writes and reads.
pub(super) const LAYOUT: u32 = {
    let mut sum = START;
    let mut place = 0;
    while place < Section::ALL.len() {
        let section = Section::ALL[place];
        sum = mix_text(sum, section.name());
        sum = mix(sum, section.shape());
        place += 1;
    }
    let mut place = 0;
    while place < CODES.len() {
        sum = mix(sum, CODES[place]);
        place += 1;
    }
    sum
};

/// What a number in a table may stand for, beside a place in another table.
const CODES: &[u32] = &[
    Cell::OTHER.0 as u32,
    Cell::OVERRIDE.0 as u32,
    Cell::FIRST_SYMBOL as u32,
    Cell::FIRST_EXPANSION as u32,
    Noise::ALL.len() as u32,
    flags::NOISE as u32,
    flags::ALPHANUMERIC as u32,
    flags::ENDS as u32,
    flags::ENDS_ALONE as u32,
    flags::DIGIT as u32,
    EXACT as u32,
    ANCHOR_PLAIN as u32,
    TermRecord::EXCEPTION as u32,
    TermRecord::REVERSED as u32,
    TermRecord::CHINESE as u32,
    TermRecord::START as u32,
    TermRecord::COLLIDES as u32,
    TermRecord::LITERAL as u32,
    LETTERS_MAX,
    LetterTable::BYTES as u32,
    Numbers::COUNT,
    ClueClass::PLACES,
    ClueClass::PARTS,
    TAIL_MAX,
    ENDING_MAX,
    Run::OPEN as u32,
    Run::TAIL as u32,
    ClueClass::ALONE,
    ClueClass::SOFT,
    ClueClass::SPECIAL,
    ClueClass::COMMON,
    Triple::SAMPLE,
    PatternAutomaton::BLOCK as u32,
    LiteralAutomaton::COMPLETE,
    LiteralAutomaton::STRIDE as u32,
    RunRecord::ENDS,
];

/// What a table consists of.
pub(crate) trait Record: Sized {
    /// Its fields, their order and their types, as a number.
    const SHAPE: u32;
}

/// The number of a record whose fields are these.
pub(super) const fn record(size: usize, fields: &[(&str, u32)]) -> u32 {
    let mut sum = mix(START, size as u32);
    let mut place = 0;
    while place < fields.len() {
        sum = mix_text(sum, fields[place].0);
        sum = mix(sum, fields[place].1);
        place += 1;
    }
    sum
}

macro_rules! numbers {
    ($($ty:ty),*) => {
        $(impl Record for $ty {
            const SHAPE: u32 =
                mix_text(mix(START, size_of::<$ty>() as u32), stringify!($ty));
        })*
    };
}

numbers!(u8, U16, U32, U64, F32);

macro_rules! shapes {
    ($($name:ident { $($field:ident: $ty:ty),* $(,)? })*) => {
        $(impl Record for $name {
            const SHAPE: u32 = record(
                size_of::<$name>(),
                &[$((stringify!($field), <$ty as Record>::SHAPE)),*],
            );
        })*
    };
}

shapes! {
    SymbolRecord { row: U32, column: U16, flags: u8, letter: u8 }
    LetterRecord { spelled: U32, marks: U32 }
    RunRecord { longer: U32, readings: U32 }
    LongerRecord { symbol: U16, run: U32, end: U32 }
    ReadingRecord { letter: U16, kind: u8, sets: U16 }
    SpelledRecord { run: U32, sets: U16 }
    NodeRecord { letter: U16, from: U32, sets: U16 }
    HintRecord { parent: U32, term: U32 }
    CompleteRecord { node: U32, set: u8 }
}

/// FNV-1a begins with it.
const START: u32 = 0x811C_9DC5;

const fn mix_byte(sum: u32, byte: u8) -> u32 {
    (sum ^ byte as u32).wrapping_mul(0x0100_0193)
}

const fn mix(mut sum: u32, number: u32) -> u32 {
    let bytes = number.to_le_bytes();
    let mut place = 0;
    while place < bytes.len() {
        sum = mix_byte(sum, bytes[place]);
        place += 1;
    }
    sum
}

const fn mix_text(mut sum: u32, text: &str) -> u32 {
    let bytes = text.as_bytes();
    let mut place = 0;
    while place < bytes.len() {
        sum = mix_byte(sum, bytes[place]);
        place += 1;
    }
    // Where one name ends and the next begins counts too.
    mix_byte(sum, 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_readers_see_makes_another_number() {
        let sound = record(6, &[("start", U32::SHAPE), ("length", U16::SHAPE)]);
        assert_eq!(sound, Text::SHAPE);
        let others = [
            record(6, &[("length", U16::SHAPE), ("start", U32::SHAPE)]),
            record(6, &[("start", U32::SHAPE), ("end", U16::SHAPE)]),
            record(6, &[("start", F32::SHAPE), ("length", U16::SHAPE)]),
            record(8, &[("start", U32::SHAPE), ("length", U16::SHAPE)]),
            record(4, &[("start", U32::SHAPE)]),
        ];
        for (place, other) in others.iter().enumerate() {
            assert_ne!(*other, sound);
            assert!(!others[..place].contains(other));
        }
        // Of records in records, too.
        let holder = |inner| record(6, &[("id", inner)]);
        assert_ne!(holder(sound), holder(others[0]));
        assert_ne!(
            mix_text(mix_text(START, "ab"), "c"),
            mix_text(mix_text(START, "a"), "bc")
        );
    }
}
