//! What is told beside findings: contacts and attributes near them.
//!
//! Near is what lies within a few of the pack's widest windows of a *telling*
//! hit: one that names a platform, or is inside a finding. So what is told
//! depends on the text there, and not on where reading began or whether
//! other words are all along the text.

use super::finding::FindingRecord;
use super::hit::Hit;
use super::pattern::Segment;
use super::scanner::Scanner;
use super::scratch::{Scratch, push_within};
use crate::contact;

/// How far from a telling hit something may belong to it, in widest windows.
pub(super) const NEAR_REACHES: u32 = 4;

/// A run of telling hits, none far from the next, and what is near them.
struct Vicinity {
    /// Numbers of the first and last symbol.
    first: u32,
    last: u32,
    /// Whether it has a finding.
    is_flagged: bool,
}

/// Tells the contacts and attributes of a segment whose findings are those from
/// `known` on. `goes_on` where another segment follows without a pause.
pub(super) fn tell(scanner: &mut Scanner<'_, '_>, known: usize, goes_on: bool) {
    let near = NEAR_REACHES * scanner.reach();
    let mut open: Option<Vicinity> = None;
    for place in 0..scanner.scratch.hits.len() {
        let hit = scanner.scratch.hits[place];
        let findings = scanner.scratch.findings.get(known..).unwrap_or(&[]);
        let holds = |f: &FindingRecord| f.start <= hit.start && hit.end <= f.end;
        let is_flagged = findings.iter().any(holds);
        if !is_flagged && scanner.platform_of(&hit).is_none() {
            continue;
        }
        let (first, last) =
            (hit.first.saturating_sub(near), hit.last.saturating_add(near));
        match &mut open {
            Some(vicinity) if first <= vicinity.last => {
                vicinity.first = vicinity.first.min(first);
                vicinity.last = vicinity.last.max(last);
                vicinity.is_flagged |= is_flagged;
            }
            _ => {
                let next = Vicinity { first, last, is_flagged };
                if let Some(vicinity) = open.replace(next) {
                    vicinity.tell(scanner, false);
                }
            }
        }
    }
    if let Some(vicinity) = open {
        vicinity.tell(scanner, goes_on);
    }
}

impl Vicinity {
    /// Whether any of a hit is in it.
    fn has(&self, hit: &Hit) -> bool {
        self.first <= hit.last && hit.first <= self.last
    }

    fn tell(&self, scanner: &mut Scanner<'_, '_>, goes_on: bool) {
        let concepts = scanner.walker.facts.concepts;
        let own = |hit: &&Hit| self.has(hit);
        let range = Segment::around(scanner, own, goes_on).range();
        let Scratch { hits, attributes, contacts, truncated, steps, .. } =
            &mut *scanner.scratch;
        for hit in hits.iter().filter(own).filter(|_| self.is_flagged) {
            let concept = concepts.get(usize::from(hit.concept));
            let named = concept.is_some_and(|concept| concept.attribute > 0);
            let known = attributes.iter().any(|a| {
                a.concept == hit.concept && a.start < hit.end && hit.start < a.end
            });
            if named && !known {
                *truncated |= !push_within(attributes, *hit);
            }
        }
        let (taken, is_full) =
            contact::extract(scanner.ruleset, scanner.text, range, hits, contacts);
        *steps += taken;
        *truncated |= is_full;
    }
}
