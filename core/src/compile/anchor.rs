//! Anchors: concepts without which a text comes to nothing.
//!
//! A rule that speaks for a category fires only where all its concepts are, so
//! one of them may stand for it. A text without any anchor, and without a
//! platform, need not be looked at further, and most texts have none.

use crate::pack::{Matcher, Pack};

/// For each concept whether it is an anchor.
///
/// For each rule the concept is chosen that seems the rarest: the one whose
/// terms are the longest. Concepts that name a platform are anchors anyway,
/// since platforms are told of every text.
pub(super) fn anchors(pack: &Pack) -> Vec<bool> {
    let mut anchors: Vec<bool> =
        pack.concepts.iter().map(|concept| concept.platform.is_some()).collect();
    let literal = |concept: &u16| {
        matches!(pack.concepts[usize::from(*concept)].matcher, Matcher::Terms(..))
    };
    for rule in pack.rules.iter().filter(|rule| rule.weight > 0.0) {
        let all: Vec<u16> = rule.all.iter().copied().filter(literal).collect();
        if all.iter().any(|concept| anchors[usize::from(*concept)]) {
            continue;
        }
        match all.iter().min_by_key(|concept| commonness(pack, **concept)) {
            Some(rarest) => anchors[usize::from(*rarest)] = true,
            // Patterns alone: any of the others brings the rule about.
            None => {
                rule.any.iter().filter(|concept| literal(concept)).for_each(|concept| {
                    anchors[usize::from(*concept)] = true;
                })
            }
        }
    }
    anchors
}

/// How often a concept's terms may be expected, without any text to count in:
/// each letter makes a term rarer.
fn commonness(pack: &Pack, concept: u16) -> u64 {
    let Matcher::Terms(terms, _) = &pack.concepts[usize::from(concept)].matcher else {
        return u64::MAX;
    };
    let each = terms.iter().map(|term| 1u64 << (60 - 6 * term.plain.len().clamp(1, 10)));
    each.fold(0, u64::saturating_add)
}
