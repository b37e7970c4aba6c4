//! The mutable memory of a scan.

use super::finding::{FindingRecord, Firing};
use super::hit::Hit;
use super::limits::*;
use super::token::Ring;
use crate::automaton::{StateCache, bytes_of};
use crate::contact::ContactRecord;
use crate::ruleset::Ruleset;
use alloc::vec::Vec;

/// Places that the lists of evidence and rules have room for: all findings, and
/// the one that is being worked out.
const PLACES: usize = FINDINGS_MAX + 1;

/// The memory that one scan needs; made once, used by one scan at a time.
///
/// Making a scratch allocates; scanning with it does not. It fits any ruleset:
/// used with one that has more concepts than the one it was made for, the
/// first scan enlarges it. Part of it is a cache of what the last ruleset's terms
/// came to in texts before, so that a scratch that is used again is faster than a
/// new one; what a scan tells does not depend on it.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use huoyan::{Ruleset, Scratch};
///
/// let ruleset = Ruleset::builtin();
/// let mut scratch = Scratch::new(ruleset);
/// for post in ["大量V信号出售", "今天天气不错"] {
///     println!("{}", ruleset.scan(&mut scratch, post).score());
/// }
/// # }
/// ```
pub struct Scratch {
    pub(super) ring: Ring,
    /// Both again, for a look at what is near an anchor.
    pub(super) near_ring: Ring,
    pub(super) near_hits: Vec<Hit>,
    /// The states that walks came to, in this scan and those before.
    pub(super) cache: StateCache,
    /// Hits of the current segment.
    pub(super) hits: Vec<Hit>,
    pub(super) firings: Vec<Firing>,
    /// Concepts hit in the current segment, a bit each.
    pub(super) present: Vec<u64>,
    /// Concepts that may make something of an anchor, a bit each.
    pub(super) partners: Vec<u64>,
    /// For each concept the latest hit while a rule is worked out, plus one; and a mark
    /// of those that the rule wants.
    pub(super) latest: Vec<u32>,
    pub(super) findings: Vec<FindingRecord>,
    pub(super) evidence: Vec<Hit>,
    pub(super) rules: Vec<u16>,
    pub(super) contacts: Vec<ContactRecord>,
    pub(super) attributes: Vec<Hit>,
    /// One bit for each platform that was hit.
    pub(super) platforms: u64,
    /// Log-odds of the best place, whether or not it counts.
    pub(super) best: f32,
    pub(super) truncated: bool,
    pub(super) steps: u64,
}

impl Scratch {
    /// Memory for scans with `ruleset`: about 600 kB, of which most is not touched before
    /// a text needs it.
    pub fn new(ruleset: &Ruleset<'_>) -> Scratch {
        let mut scratch = Scratch {
            ring: Ring::new(),
            near_ring: Ring::new(),
            near_hits: Vec::with_capacity(SEGMENT_HITS_MAX),
            cache: StateCache::new(),
            hits: Vec::with_capacity(SEGMENT_HITS_MAX),
            firings: Vec::with_capacity(SEGMENT_HITS_MAX),
            present: Vec::new(),
            partners: Vec::new(),
            latest: Vec::new(),
            findings: Vec::with_capacity(FINDINGS_MAX),
            evidence: Vec::with_capacity(PLACES * EVIDENCE_MAX),
            rules: Vec::with_capacity(PLACES * 2 * FINDING_RULES_MAX),
            contacts: Vec::with_capacity(CONTACTS_MAX),
            attributes: Vec::with_capacity(ATTRIBUTES_MAX),
            platforms: 0,
            best: f32::NEG_INFINITY,
            truncated: false,
            steps: 0,
        };
        scratch.reset(ruleset);
        scratch
    }

    /// Memory that forgets the states of walks all the time.
    #[cfg(test)]
    pub(super) fn forgetful(ruleset: &Ruleset<'_>) -> Scratch {
        Scratch { cache: StateCache::forgetful(), ..Scratch::new(ruleset) }
    }

    /// Whether what is known of walks is a ruleset's.
    #[cfg(feature = "std")]
    pub(super) fn knows(&self, ruleset: &Ruleset<'_>) -> bool {
        self.cache.belongs_to(ruleset.number())
    }

    /// Elementary steps of the last scan, or of all scans of the last
    /// [`Ruleset::mask`]: code points decoded, transitions
    /// tried, letters aligned, hits weighed. A measure of cost that does not
    /// depend on the machine.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Whether scans with `ruleset` allocate nothing.
    pub fn fits(&self, ruleset: &Ruleset<'_>) -> bool {
        self.latest.len() >= ruleset.concept_records().len()
    }

    /// Enlarges the memory for scans with `ruleset`, if it is too small.
    pub fn fit(&mut self, ruleset: &Ruleset<'_>) {
        self.reset(ruleset);
    }

    /// What it takes, in bytes.
    pub fn bytes(&self) -> usize {
        size_of::<Scratch>()
            + self.cache.bytes()
            + bytes_of(&self.hits)
            + bytes_of(&self.near_hits)
            + bytes_of(&self.firings)
            + bytes_of(&self.present)
            + bytes_of(&self.partners)
            + bytes_of(&self.latest)
            + bytes_of(&self.findings)
            + bytes_of(&self.evidence)
            + bytes_of(&self.rules)
            + bytes_of(&self.contacts)
            + bytes_of(&self.attributes)
    }

    /// Puts the memory for a look at what is near in the place of the ordinary,
    /// or back again.
    pub(super) fn swap_near(&mut self) {
        core::mem::swap(&mut self.ring, &mut self.near_ring);
        core::mem::swap(&mut self.hits, &mut self.near_hits);
    }

    pub(super) fn reset(&mut self, ruleset: &Ruleset<'_>) {
        let concepts = ruleset.concept_records().len();
        if self.latest.len() < concepts {
            self.latest.resize(concepts, 0);
            self.present.resize(concepts.div_ceil(64), 0);
            self.partners.resize(concepts.div_ceil(64), 0);
        }
        self.hits.clear();
        self.near_hits.clear();
        self.firings.clear();
        self.findings.clear();
        self.evidence.clear();
        self.rules.clear();
        self.contacts.clear();
        self.attributes.clear();
        self.platforms = 0;
        self.best = f32::NEG_INFINITY;
        self.truncated = false;
        self.steps = 0;
    }
}

impl core::fmt::Debug for Scratch {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Scratch").field("steps", &self.steps).finish_non_exhaustive()
    }
}

/// Adds to a list that must not grow; `false` if it is full.
pub(crate) fn push_within<T>(list: &mut Vec<T>, item: T) -> bool {
    let room = list.len() < list.capacity();
    if room {
        list.push(item);
    }
    room
}

#[cfg(all(test, feature = "builtin", feature = "compile"))]
mod tests {
    use super::*;

    fn ruleset(term: &str) -> Ruleset<'static> {
        let pack = std::format!(
            r#"
            format = 1
            [pack]
            id = "tea"
            version = "1"
            [[concept]]
            id = "tea"
            terms = ["{term}"]
            [[concept]]
            id = "colours"
            terms = ["红绿"]
            [[rule]]
            id = "any-tea"
            category = "account_trade"
            all = ["tea"]
            within = 8
            weight = 8.0
            "#
        );
        Ruleset::compile(&pack).expect("a sound pack")
    }

    /// Symbols of two rulesets may have the same numbers, and stand in other terms.
    #[test]
    fn rulesets_take_turns_with_one_scratch() {
        let (one, other) = (ruleset("红茶叶"), ruleset("绿茶叶"));
        let again = one.clone().with_threshold(60.0);
        let mut scratch = Scratch::new(&one);
        for _ in 0..3 {
            for (ruleset, is_first) in [(&one, true), (&other, false), (&again, true)] {
                assert_eq!(ruleset.is_flagged(&mut scratch, "好红茶叶。"), is_first);
                assert_eq!(ruleset.is_flagged(&mut scratch, "好绿茶叶。"), !is_first);
            }
        }
        let builtin = Ruleset::builtin();
        assert!(builtin.is_flagged(&mut scratch, "大量V信号出售"));
        assert!(one.is_flagged(&mut scratch, "好红茶叶。"));
    }
}
