//! The automata that recognise terms and patterns, as views over bytes.
//!
//! Both are read-only tables in little-endian form without alignment, so a
//! compiled ruleset can be used from where it lies.

mod literal;
mod pairs;
mod pattern;

pub(crate) use literal::{LiteralAutomaton, Node, TOKENS_MAX};
pub(crate) use pairs::Pairs;
pub(crate) use pattern::PatternAutomaton;
