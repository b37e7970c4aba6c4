//! Findings and their evidence.

use crate::category::hy_category;
use crate::disguise::hy_disguises;
use crate::text::hy_str;

/// A place in the text where rules of one category fired.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct hy_finding {
    /// First byte of the first piece of evidence, from the start of the text,
    /// or of the stream.
    pub start: u64,
    /// End of the last piece of evidence, exclusive.
    pub end: u64,
    /// The place as it stands in the text, which it points into.
    pub text: hy_str,
    /// What is offered.
    pub category: hy_category,
    /// 0 to 100; at least the ruleset's threshold.
    pub score: f32,
    /// The log-odds behind the score.
    pub log_odds: f32,
    /// How many pieces of evidence there are.
    pub evidence_count: u32,
    /// The evidence, in the order of the text.
    pub evidence: *const hy_evidence,
    /// The names of the rules that fired: those that speak for the category,
    /// from the strongest on, then those that speak against it.
    pub rules: *const hy_str,
    /// How many rules there are.
    pub rule_count: u32,
    /// Zero.
    pub reserved: u32,
}

/// The evidence was seen by a pattern, not by a term.
pub const HY_EVIDENCE_PATTERN: u32 = 1;

/// A concept seen at a span of the text.
#[repr(C)]
#[derive(Clone, Copy, Debug)]
pub struct hy_evidence {
    /// First byte.
    pub start: u64,
    /// End, exclusive.
    pub end: u64,
    /// The span as it stands in the text, which it points into.
    pub text: hy_str,
    /// The concept's name. Lives as long as the ruleset.
    pub concept_name: hy_str,
    /// The plain spelling of the term that was seen, or what the pack says that
    /// it means; empty if a pattern saw it. Lives as long as the ruleset, but in
    /// hy_explain during the call only.
    pub means: hy_str,
    /// The disguises that it wore.
    pub disguises: hy_disguises,
    /// The concept's number, as for hy_ruleset_concept.
    pub concept_number: u32,
    /// HY_EVIDENCE_PATTERN, or 0. A later version may set further bits.
    pub flags: u32,
}
