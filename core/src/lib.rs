// Its example needs a ruleset.
#![cfg_attr(feature = "builtin", doc = include_str!("../README.md"))]
#![cfg_attr(not(feature = "builtin"), doc = "Finds posts that trade accounts.")]
#![cfg_attr(not(feature = "std"), no_std)]
#![forbid(unsafe_code)]
#![deny(rustdoc::broken_intra_doc_links)]

extern crate alloc;

// Each module depends only on those above it; `tests/layers.rs` holds that.
mod automaton;
mod bits;
#[cfg(feature = "builtin")]
mod builtin;
mod category;
#[cfg(feature = "compile")]
mod compile;
mod contact;
#[cfg(feature = "compile")]
mod examples;
pub mod fold;
pub mod pack;
mod report;
mod ruleset;
mod scan;
mod score;

pub use category::Category;
#[cfg(feature = "compile")]
pub use compile::PackFileError;
#[cfg(feature = "compile")]
pub use examples::check_examples;
#[cfg(feature = "compile")]
pub use pack::PackError;
pub use report::{AttributeReport, ContactReport, EvidenceReport, FindingReport, Report};
pub use ruleset::{LoadError, Ruleset};
pub use scan::{
    Attribute, Contact, Evidence, Finding, Scratch, Stream, StreamPart, Verdict, limits,
    mask, mask_bytes,
};
#[cfg(feature = "std")]
pub use scan::{
    ExplainedHit, ExplainedPart, ExplainedPlace, ExplainedRule, Explanation, NearMiss,
    NearReason,
};
pub use score::{score, shown_score};
