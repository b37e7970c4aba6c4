//! The automata that recognise terms and patterns, as views over bytes.
//!
//! Both are read-only tables in little-endian form without alignment, so a
//! compiled ruleset can be used from where it lies.

mod literal;
mod pattern;

pub(crate) use literal::{
    BIGRAM_BITS_MIN, LiteralAutomaton, Node, Pairs, TOKENS_MAX, bigram_slot,
};
pub(crate) use pattern::PatternAutomaton;
