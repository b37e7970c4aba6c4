//! Anchors: concepts without which a text comes to nothing.
//!
//! A rule that speaks for a category fires only where all its concepts are, so
//! one of them may stand for it. A text without any anchor, and without a
//! platform, need not be looked at further, and most texts have none.

use super::Entry;
use super::frequency::Frequencies;
use super::letter::Letter;
use crate::pack::{Concept, Matcher, Pack};
use crate::ruleset::TermRecord;

/// Which concepts are anchors.
pub(super) struct Anchors {
    /// Whether each concept is one.
    pub(super) concepts: Vec<bool>,
    /// All that have terms are, so that their exceptions are looked for, too: a clue is
    /// wherever a hit may end.
    pub(super) are_all: bool,
}

impl Anchors {
    /// Whether a term is looked for as one of an anchor.
    pub(super) fn has(&self, entry: &Entry<'_>) -> bool {
        let is_exception = entry.flags & TermRecord::EXCEPTION != 0;
        self.are_all || self.concepts[usize::from(entry.concept)] && !is_exception
    }
}

/// All terms together, if anchors, may be so much more common than those that must be.
const ALL_COST: f32 = 1.5;

/// Chooses the anchors.
///
/// Concepts that name a platform are anchors anyway, since platforms are told
/// of every text. Of the others those are taken, one after the other, that cost
/// least for each further rule that they stand for: that ordinary text has
/// seldom. Where that leaves out little or nothing, as in lists of words, all are.
pub(super) fn anchors(
    pack: &Pack,
    entries: &[Entry<'_>],
    letters: &[Letter],
    frequencies: &Frequencies,
) -> Anchors {
    let mut costs = vec![0.0f32; pack.concepts.len()];
    let mut exceptions = 0.0;
    for entry in entries {
        let term: Vec<&Letter> =
            entry.letters.iter().map(|letter| &letters[*letter]).collect();
        let cost = frequencies.term(&term);
        match entry.flags & TermRecord::EXCEPTION {
            0 => costs[usize::from(entry.concept)] += cost,
            _ => exceptions += cost,
        }
    }
    let concepts = cover(pack, &costs);
    let kept = costs.iter().zip(&concepts).filter(|(_, is_anchor)| **is_anchor);
    let kept: f32 = kept.map(|(cost, _)| cost).sum();
    let all = costs.iter().sum::<f32>() + exceptions;
    if all > ALL_COST * kept {
        return Anchors { concepts, are_all: false };
    }
    let has_terms = pack
        .concepts
        .iter()
        .map(|concept: &Concept| matches!(&concept.matcher, Matcher::Terms(..)));
    let concepts = concepts.iter().zip(has_terms).map(|(is_anchor, has)| is_anchor | has);
    Anchors { concepts: concepts.collect(), are_all: true }
}

/// Concepts of which one stands for each rule, at the least cost.
fn cover(pack: &Pack, costs: &[f32]) -> Vec<bool> {
    let mut anchors: Vec<bool> =
        pack.concepts.iter().map(|concept| concept.platform.is_some()).collect();
    let members = members(pack);
    let members = |concept: u16| members[usize::from(concept)].iter().copied();
    let literal = |concept: &u16| is_literal(pack, members(*concept));
    // For each rule the concepts of which one is enough.
    let mut open: Vec<Vec<u16>> = Vec::new();
    for rule in pack.rules.iter().filter(|rule| rule.weight > 0.0) {
        let all: Vec<u16> = rule.all.iter().copied().filter(literal).collect();
        if all.is_empty() {
            // Patterns alone: any of the others brings the rule about.
            for concept in rule.any.iter().filter(|concept| literal(concept)) {
                members(*concept).for_each(|member| anchors[member] = true);
            }
        } else {
            open.push(all);
        }
    }
    let covered =
        |concept: u16, anchors: &[bool]| members(concept).all(|member| anchors[member]);
    loop {
        open.retain(|all| !all.iter().any(|concept| covered(*concept, &anchors)));
        let mut stands_for = vec![0u32; pack.concepts.len()];
        open.iter().flatten().for_each(|concept| stands_for[usize::from(*concept)] += 1);
        let price = |concept: &usize| {
            let more = members(*concept as u16).filter(|member| !anchors[*member]);
            more.map(|member| costs[member]).sum::<f32>() / stands_for[*concept] as f32
        };
        let useful = (0..anchors.len()).filter(|concept| stands_for[*concept] > 0);
        match useful.min_by(|a, b| price(a).total_cmp(&price(b))) {
            Some(best) => {
                members(best as u16).for_each(|member| anchors[member] = true);
            }
            None => return anchors,
        }
    }
}

/// Whether terms alone are hits of a concept, given its members.
pub(super) fn is_literal(pack: &Pack, members: impl Iterator<Item = usize>) -> bool {
    let mut matchers = members.map(|member| &pack.concepts[member].matcher);
    matchers.all(|matcher| matches!(matcher, Matcher::Terms(..)))
}

/// For each concept itself and its kinds: a hit of any of them is a hit of it.
pub(super) fn members(pack: &Pack) -> Vec<Vec<usize>> {
    let mut members: Vec<Vec<usize>> =
        (0..pack.concepts.len()).map(|c| vec![c]).collect();
    for (index, concept) in pack.concepts.iter().enumerate() {
        if let Some(whole) = concept.part_of {
            members[usize::from(whole)].push(index);
        }
    }
    members
}

/// The widest window of the rules that have a concept, or what it is a kind of,
/// and speak for a category; and what may be in those windows, itself included.
pub(super) fn partners(
    pack: &Pack,
    members: &[Vec<usize>],
    concept: u16,
) -> (u16, Vec<u16>) {
    let own = [Some(concept), pack.concepts[usize::from(concept)].part_of];
    let has = |list: &[u16]| list.iter().any(|c| own.contains(&Some(*c)));
    let (mut reach, mut partners) = (0, vec![concept]);
    for rule in pack.rules.iter().filter(|rule| rule.weight > 0.0) {
        if has(&rule.all) || has(&rule.any) {
            reach = reach.max(rule.within);
            let named = rule.all.iter().chain(&rule.any);
            let kinds = named.flat_map(|named| &members[usize::from(*named)]);
            partners.extend(kinds.map(|kind| *kind as u16));
        }
    }
    partners.sort_unstable();
    partners.dedup();
    (reach, partners)
}
