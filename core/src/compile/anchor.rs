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
        members(pack, *concept)
            .all(|member| matches!(pack.concepts[member].matcher, Matcher::Terms(..)))
    };
    for rule in pack.rules.iter().filter(|rule| rule.weight > 0.0) {
        let all: Vec<u16> = rule.all.iter().copied().filter(literal).collect();
        if all.iter().any(|concept| members(pack, *concept).all(|m| anchors[m])) {
            continue;
        }
        let rarest = all.iter().min_by_key(|concept| commonness(pack, **concept));
        // With patterns alone, any of the others brings the rule about.
        let any = rule.any.iter().filter(|concept| literal(concept));
        let chosen: Vec<u16> = match rarest {
            Some(rarest) => vec![*rarest],
            None => any.copied().collect(),
        };
        for concept in chosen {
            members(pack, concept).for_each(|member| anchors[member] = true);
        }
    }
    anchors
}

/// A concept and its kinds: a hit of any of them is a hit of it.
fn members(pack: &Pack, concept: u16) -> impl Iterator<Item = usize> + '_ {
    let is_member = move |index: &usize| {
        *index == usize::from(concept) || pack.concepts[*index].part_of == Some(concept)
    };
    (0..pack.concepts.len()).filter(is_member)
}

/// How often a concept's terms may be expected, without any text to count in:
/// each letter makes a term rarer.
fn commonness(pack: &Pack, concept: u16) -> u64 {
    let each = members(pack, concept).flat_map(|member| {
        let terms = match &pack.concepts[member].matcher {
            Matcher::Terms(terms, _) => terms.as_slice(),
            Matcher::Pattern(..) => &[],
        };
        terms.iter().map(|term| 1u64 << (60 - 6 * term.plain.len().clamp(1, 10)))
    });
    each.fold(0, u64::saturating_add)
}
