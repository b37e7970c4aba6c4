//! Scanning: text in, verdict out, nothing allocated on the way.
//!
//! ```text
//! text ─► tokens ─► hits ─► rules ─► findings ─► verdict
//! ```
//!
//! The scanner decodes the text once and looks each code point up in the
//! ruleset's symbol table. Symbols go into a small ring; where one may end a
//! term, the literal automaton walks back over the ring. Hits that are close
//! to each other form a segment, and at the end of a segment its patterns,
//! rules and contacts are worked out.

mod alignment;
mod anchor;
mod ascii;
mod common_pair;
mod confirm;
mod ending;
#[cfg(feature = "std")]
mod explain;
mod finding;
#[cfg(fuzzing)]
mod fuzzing;
mod glance;
mod hanzi;
mod hit;
mod leap;
mod lent;
mod many;
mod mask;
mod pattern;
mod rule;
mod scanner;
mod scratch;
mod stream;
#[cfg(all(test, feature = "builtin"))]
mod testing;
mod token;
mod verdict;
mod vicinity;
mod walker;

#[cfg(feature = "std")]
pub use explain::{
    ExplainedHit, ExplainedPart, ExplainedPlace, ExplainedRule, Explanation, NearMiss,
    NearReason,
};
pub(crate) use hit::Hit;
pub use mask::{mask, mask_bytes};
pub use scratch::Scratch;
pub use stream::{Stream, StreamPart};
pub use verdict::{Attribute, Contact, Evidence, Finding, Verdict};

/// Limits on scans. Past one, the verdict is cut and says so:
/// [`Verdict::truncated`]; where a limit works otherwise, it says how.
pub mod limits {
    /// Longest text, in bytes. What follows is not scanned.
    pub const TEXT_BYTES_MAX: usize = u32::MAX as usize;
    /// Most hits that are weighed together. More are weighed in parts, in which a
    /// quarter of so many is carried from each to the next; that is not marked.
    pub const SEGMENT_HITS_MAX: usize = 1_024;
    /// Most findings of one text.
    pub const FINDINGS_MAX: usize = 64;
    /// Most pieces of evidence of one finding.
    pub const EVIDENCE_MAX: usize = 32;
    /// Most rules of one finding that speak for its category, the strongest
    /// first, and most that speak against it. Others do not count.
    pub const FINDING_RULES_MAX: usize = 32;
    /// Most pieces of evidence that one rule brings. The window of a rule that
    /// needs more concepts spans all of them.
    pub const RULE_EVIDENCE_MAX: usize = 12;
    /// Most contacts of one text.
    pub const CONTACTS_MAX: usize = 64;
    /// Most attributes of one text.
    pub const ATTRIBUTES_MAX: usize = 64;
    /// Longest spelling of a term that is seen, in symbols, noise that terms
    /// name included. A longer one is no hit, which is not marked: what a text
    /// might have meant is not counted.
    pub const HIT_SYMBOLS_MAX: usize = crate::automaton::TOKENS_MAX;
    /// Most readings of symbols that are followed at once: ends of terms that they may
    /// be, letter by letter. Only packs reach it in which hundreds of terms sound alike.
    pub const READINGS_MAX: usize = crate::automaton::READINGS_MAX;
    /// Visible noise code points that one hit may contain. With more it is none.
    pub const HIT_NOISE_MAX: u32 = 8;
    /// Farthest that the window of a rule may begin behind the last symbol of
    /// another, in symbols, to belong to the same place. Twice the pack's widest
    /// window is as far as any place reaches.
    pub const MERGE_SYMBOLS: u32 = 32;
}
