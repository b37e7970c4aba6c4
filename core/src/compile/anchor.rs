//! Anchors: concepts without which a text comes to nothing.
//!
//! A rule that speaks for a category fires only where all its concepts are, so
//! one of them may stand for it. A text without any anchor, and without a
//! platform, need not be looked at further, and most texts have none.

use super::Entry;
use super::frequency::Frequencies;
use super::letter::Letter;
use crate::pack::{Concept, Matcher, Pack, Rule};
use crate::ruleset::TermRecord;
use rustc_hash::FxHashMap;

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

/// Concepts that stand for all rules together, at little cost.
fn cover(pack: &Pack, costs: &[f32]) -> Vec<bool> {
    let named = pack.concepts.iter().map(|concept| concept.platform.is_some());
    let named: Vec<bool> = named.collect();
    let members = members(pack);
    let speaking = pack.rules.iter().filter(|rule| rule.weight > 0.0);
    let rules = speaking.map(|rule| alternatives(pack, &members, rule));
    let rules: Vec<_> = rules.filter(|needed| !needed.is_empty()).collect();
    let stands_for = |anchors: &[bool], needed: &[Vec<usize>]| {
        needed.iter().any(|all| all.iter().all(|concept| anchors[*concept]))
    };
    let mut anchors = named.clone();
    let mut open: Vec<&Vec<Vec<usize>>> = rules.iter().collect();
    loop {
        open.retain(|needed| !stands_for(&anchors, needed));
        let mut helps: FxHashMap<&[usize], u32> = FxHashMap::default();
        open.iter()
            .copied()
            .flatten()
            .for_each(|all| *helps.entry(all).or_default() += 1);
        let price = |(all, helps): &(&[usize], u32)| {
            let more = all.iter().filter(|concept| !anchors[**concept]);
            more.map(|concept| costs[*concept]).sum::<f32>() / *helps as f32
        };
        let cheapest = helps.into_iter().min_by(|one, other| {
            price(one).total_cmp(&price(other)).then(one.0.cmp(other.0))
        });
        let Some((all, _)) = cheapest else { break };
        all.iter().for_each(|concept| anchors[*concept] = true);
    }
    // Those that came later may stand for all that an earlier one does.
    let chosen =
        (0..anchors.len()).filter(|concept| anchors[*concept] && !named[*concept]);
    let mut chosen: Vec<usize> = chosen.collect();
    chosen.sort_by(|one, other| costs[*other].total_cmp(&costs[*one]));
    for concept in chosen {
        anchors[concept] = false;
        anchors[concept] = !rules.iter().all(|needed| stands_for(&anchors, needed));
    }
    anchors
}

/// Sets of concepts with terms, each of which has one wherever a rule fires.
fn alternatives(pack: &Pack, members: &[Vec<usize>], rule: &Rule) -> Vec<Vec<usize>> {
    let needed = rule.all.iter().map(core::slice::from_ref);
    let any = (!rule.any.is_empty()).then_some(rule.any.as_slice());
    let sets = needed.chain(any).map(|concepts| {
        let all = concepts.iter().flat_map(|concept| &members[usize::from(*concept)]);
        let mut all: Vec<usize> = all.copied().collect();
        all.sort_unstable();
        all.dedup();
        all
    });
    sets.filter(|all| is_literal(pack, all.iter().copied())).collect()
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
