//! The automata that recognise terms and patterns, as views over bytes.
//!
//! Both are read-only tables in little-endian form without alignment, so a
//! compiled ruleset can be used from where it lies.

mod clues;
mod literal;
mod pairs;
mod pattern;

#[cfg(feature = "compile")]
pub(crate) use clues::Run;
pub(crate) use clues::{
    ClueClass, Clues, CommonPair, LETTERS_MAX, LetterRun, LetterTable, Letters, kind,
    pair_filter,
};
pub(crate) use literal::{LiteralAutomaton, Node, TOKENS_MAX};
pub(crate) use pairs::Pairs;
pub(crate) use pattern::PatternAutomaton;
