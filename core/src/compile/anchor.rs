//! Anchors: concepts without which a text comes to nothing.
//!
//! A rule that speaks for a category fires only where all its concepts are, so
//! one of them may stand for it. A text without any anchor, and without a
//! platform, need not be looked at further, and most texts have none.

use super::Entry;
use super::frequency::Frequencies;
use super::letter::Letter;
use crate::pack::{Matcher, Pack};
use crate::ruleset::TermRecord;

/// For each concept whether it is an anchor.
///
/// Concepts that name a platform are anchors anyway, since platforms are told
/// of every text. Of the others those are taken, one after the other, that cost
/// least for each further rule that they stand for: that ordinary text has
/// seldom.
pub(super) fn anchors(
    pack: &Pack,
    entries: &[Entry<'_>],
    letters: &[Letter],
    frequencies: &Frequencies,
) -> Vec<bool> {
    let mut anchors: Vec<bool> =
        pack.concepts.iter().map(|concept| concept.platform.is_some()).collect();
    let mut costs = vec![0.0f32; pack.concepts.len()];
    for entry in entries.iter().filter(|entry| entry.flags & TermRecord::EXCEPTION == 0) {
        let term: Vec<&Letter> =
            entry.letters.iter().map(|letter| &letters[*letter]).collect();
        costs[usize::from(entry.concept)] += frequencies.term(&term);
    }
    let literal = |concept: &u16| {
        matches!(pack.concepts[usize::from(*concept)].matcher, Matcher::Terms(..))
    };
    // For each rule the concepts of which one is enough.
    let mut open: Vec<Vec<u16>> = Vec::new();
    for rule in pack.rules.iter().filter(|rule| rule.weight > 0.0) {
        let all: Vec<u16> = rule.all.iter().copied().filter(literal).collect();
        if all.is_empty() {
            // Patterns alone: any of the others brings the rule about.
            for concept in rule.any.iter().filter(|concept| literal(concept)) {
                anchors[usize::from(*concept)] = true;
            }
        } else {
            open.push(all);
        }
    }
    loop {
        open.retain(|all| !all.iter().any(|concept| anchors[usize::from(*concept)]));
        let mut stands_for = vec![0u32; pack.concepts.len()];
        open.iter().flatten().for_each(|concept| stands_for[usize::from(*concept)] += 1);
        let price = |concept: &usize| costs[*concept] / stands_for[*concept] as f32;
        let useful = (0..anchors.len()).filter(|concept| stands_for[*concept] > 0);
        match useful.min_by(|a, b| price(a).total_cmp(&price(b))) {
            Some(best) => anchors[best] = true,
            None => return anchors,
        }
    }
}
