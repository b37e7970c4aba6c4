//! Anchors: concepts without which a text comes to nothing.
//!
//! A rule that speaks for a category fires only where all its concepts are, so
//! one of them may stand for it. A text without any anchor, and without a
//! platform, need not be looked at further, and most texts have none.

use crate::pack::{Matcher, Pack};

/// For each concept whether it is an anchor.
///
/// A small and rare set that every rule needs is sought greedily: the concept
/// comes first that costs least for each rule that it covers. Concepts that
/// name a platform are anchors anyway, since platforms are told of every text.
pub(super) fn anchors(pack: &Pack) -> Vec<bool> {
    let mut anchors: Vec<bool> =
        pack.concepts.iter().map(|concept| concept.platform.is_some()).collect();
    let literal = |concept: &u16| {
        members(pack, *concept)
            .all(|member| matches!(pack.concepts[member].matcher, Matcher::Terms(..)))
    };
    // For each rule the concepts of which one covers it; with patterns alone,
    // all of the others together.
    let mut rules: Vec<Vec<u16>> = Vec::new();
    for rule in pack.rules.iter().filter(|rule| rule.weight > 0.0) {
        let all: Vec<u16> = rule.all.iter().copied().filter(literal).collect();
        if all.is_empty() {
            for concept in rule.any.iter().filter(|concept| literal(concept)) {
                members(pack, *concept).for_each(|member| anchors[member] = true);
            }
        } else {
            rules.push(all);
        }
    }
    let covered = |concept: u16, anchors: &[bool]| {
        members(pack, concept).all(|member| anchors[member])
    };
    loop {
        rules.retain(|all| !all.iter().any(|concept| covered(*concept, &anchors)));
        let mut candidates: Vec<u16> = rules.concat();
        candidates.sort_unstable();
        let share = |concept: u16| {
            let cost: f64 = members(pack, concept)
                .filter(|member| !anchors[*member])
                .map(|member| commonness(pack, member))
                .sum();
            let count = rules.iter().filter(|all| all.contains(&concept)).count();
            cost / count as f64
        };
        candidates.dedup();
        let cheapest =
            candidates.into_iter().min_by(|a, b| share(*a).total_cmp(&share(*b)));
        let Some(concept) = cheapest else { return anchors };
        members(pack, concept).for_each(|member| anchors[member] = true);
    }
}

/// A concept and its kinds: a hit of any of them is a hit of it.
fn members(pack: &Pack, concept: u16) -> impl Iterator<Item = usize> + '_ {
    let is_member = move |index: &usize| {
        *index == usize::from(concept) || pack.concepts[*index].part_of == Some(concept)
    };
    (0..pack.concepts.len()).filter(is_member)
}

/// How often a concept's own terms may be expected, without any text to count
/// in: each letter makes a term rarer.
fn commonness(pack: &Pack, concept: usize) -> f64 {
    match &pack.concepts[concept].matcher {
        Matcher::Terms(terms, _) => {
            terms.iter().map(|term| 0.02f64.powi(term.plain.len().min(8) as i32)).sum()
        }
        Matcher::Pattern(..) => 0.0,
    }
}
