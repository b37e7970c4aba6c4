//! A pack as it is compiled.

use crate::category::Category;
use crate::fold::DisguiseSet;
use std::ops::Range;

/// A checked pack.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Pack {
    /// The pack's name.
    pub id: String,
    /// The pack's version.
    pub version: String,
    /// Score from which a finding counts, 0 to 100.
    pub threshold: f32,
    /// Log-odds that a place starts with.
    pub bias: f32,
    /// Most log-odds that the rules which speak for a category add to a place.
    pub saturation: f32,
    /// The concepts, in the order of the source.
    pub concepts: Vec<Concept>,
    /// The rules, in the order of the source.
    pub rules: Vec<Rule>,
    /// What each disguise costs a hit, in log-odds, indexed by discriminant.
    pub risk: [f32; 32],
    /// Texts for and against that are of no rule.
    pub examples: Vec<Example>,
}

/// A named set of terms with one meaning.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Concept {
    /// The concept's name.
    pub id: String,
    /// The platform that a hit names.
    pub platform: Option<String>,
    /// The attribute that a hit gives.
    pub attribute: Option<String>,
    /// The concept that this one is a kind of, by index: a hit of this one is a
    /// hit of that one to every rule, unless it is inside an exception of that one.
    pub part_of: Option<u16>,
    /// How the concept is recognised.
    pub matcher: Matcher,
}

/// How a concept is recognised.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Matcher {
    /// By terms, with exceptions: a hit inside one of these is none, and a hit of a kind
    /// of this concept is none of this one.
    Terms(Vec<Term>, Vec<Term>),
    /// By a regular expression over the folded text, with its source span.
    Pattern(String, Range<usize>),
}

/// A phrase in plain spelling, with the disguises to expect.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Term {
    /// The phrase in plain spelling: as the pack writes it, but for letters in disguise.
    pub text: String,
    /// The phrase after folding: the letters that must be seen.
    pub plain: Vec<char>,
    /// The per-term disguises that are undone.
    pub disguises: DisguiseSet,
    /// Most visible noise code points between two letters, 0 to 4.
    pub gap: u8,
    /// Whether the term must open a clause: only visible noise, or nothing,
    /// stands before it.
    pub start: bool,
    /// What the phrase stands for, if the pack says so, which results tell instead of
    /// [`text`](Self::text).
    pub means: Option<String>,
    /// The disguises that the phrase itself is, beside those of its letters.
    pub wears: DisguiseSet,
    /// Where in the source the term stands, in bytes.
    pub span: Range<usize>,
}

/// A condition on concepts near each other.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rule {
    /// The rule's name.
    pub id: String,
    /// The category that it speaks for, or against.
    pub category: Category,
    /// Concepts that must all be in the window, by index.
    pub all: Vec<u16>,
    /// Concepts of which one must be in the window, unless empty.
    pub any: Vec<u16>,
    /// Concepts that must not be near.
    pub none: Vec<u16>,
    /// Widest window, in symbols from first to last.
    pub within: u16,
    /// Log-odds.
    pub weight: f32,
    /// Texts for and against.
    pub examples: Vec<Example>,
}

/// A text with what the pack must make of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Example {
    /// The text.
    pub text: String,
    /// The category that is meant; `None` for any.
    pub category: Option<Category>,
    /// Whether it must be flagged.
    pub flagged: bool,
    /// Where in the source the example stands, in bytes.
    pub span: Range<usize>,
}
