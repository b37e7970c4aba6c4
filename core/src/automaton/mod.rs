//! The automata that recognise terms and patterns, as views over bytes.
//!
//! Both are read-only tables in little-endian form without alignment, so a
//! compiled ruleset can be used from where it lies.

mod clues;
mod letters;
mod literal;
mod pairs;
mod pattern;
mod slot;
mod spelling;
mod state_cache;
mod triples;

pub(crate) use clues::{ClueClass, Clues, Numbers};
pub(crate) use letters::{
    ENDING_MAX, LETTERS_MAX, LetterRun, LetterTable, Letters, Run, TAIL_MAX,
};
pub(crate) use literal::{
    CompleteRecord, HintRecord, LiteralAutomaton, NodeRecord, READINGS_MAX, TOKENS_MAX,
};
pub(crate) use pairs::{Pairs, SymbolRecord, SymbolWord};
pub(crate) use pattern::PatternAutomaton;
pub(crate) use spelling::{
    LetterRecord, LongerRecord, ReadingRecord, RunRecord, SpelledRecord, Spellings,
};
pub(crate) use state_cache::{StateCache, StateSet, Terms, bytes_of};
pub(crate) use triples::{Triple, Triples};
