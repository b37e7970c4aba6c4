//! Rules: concepts near each other.

use super::finding::Firing;
use super::hit::Hit;
use super::scanner::Scanner;
use super::scratch::{Scratch, push_within};
use crate::ruleset::{RuleRecord, Ruleset};
use zerocopy::little_endian::U16;

/// Marks the concepts of a rule that is swept, beside the place of the latest hit.
const WANTED: u32 = 1 << 31;

/// Hits looked at on either side of a window for `any` and `none`.
const NEIGHBOURS: usize = 128;

/// Notes which concepts the current segment has.
pub(super) fn note(scanner: &mut Scanner<'_, '_>) {
    let Scratch { hits, present, steps, .. } = &mut *scanner.scratch;
    present.fill(0);
    for hit in hits.iter() {
        mark(present, hit.concept);
        mark(present, hit.whole);
    }
    *steps += hits.len() as u64;
}

/// Adds the concepts of all patterns, found or not.
pub(super) fn suppose_patterns(scanner: &mut Scanner<'_, '_>) {
    for concept in scanner.ruleset.pattern_concepts() {
        let present = &mut scanner.scratch.present;
        mark(present, concept.get());
        mark(present, scanner.ruleset.whole_of(concept.get()));
    }
}

pub(super) fn mark(present: &mut [u64], concept: u16) {
    if let Some(word) = present.get_mut(usize::from(concept) / 64) {
        *word |= 1 << (concept % 64);
    }
}

pub(super) fn has(present: &[u64], concept: u16) -> bool {
    present
        .get(usize::from(concept) / 64)
        .is_some_and(|word| word >> (concept % 64) & 1 != 0)
}

/// The rules that have all the concepts that they need somewhere in the
/// segment, by number.
struct Complete<'r, 'p> {
    ruleset: &'r Ruleset<'r>,
    present: &'p [u64],
}

impl<'r> Complete<'r, '_> {
    /// Calls `visit` with each until it gives `false`. Returns the steps taken.
    fn each(&self, mut visit: impl FnMut(u16, &'r RuleRecord) -> bool) -> u64 {
        let (rules, concepts) =
            (self.ruleset.rule_records(), self.ruleset.rule_concepts());
        let (records, index) =
            (self.ruleset.concept_records(), self.ruleset.rule_index());
        let mut steps = 0;
        for (word, bits) in self.present.iter().enumerate() {
            let mut bits = *bits;
            while bits != 0 {
                let concept = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let tried = records.get(concept).map_or(&[][..], |c| c.rules.of(index));
                steps += 1 + tried.len() as u64;
                for number in tried {
                    let number = number.get();
                    let Some(rule) = rules.get(usize::from(number)) else { continue };
                    if complete(concepts, self.present, rule) && !visit(number, rule) {
                        return steps;
                    }
                }
            }
        }
        steps
    }
}

/// Whether a rule that speaks for a category has all the concepts that it
/// needs somewhere in the segment.
pub(super) fn possible(scanner: &mut Scanner<'_, '_>) -> bool {
    let Scratch { present, steps, .. } = &mut *scanner.scratch;
    let mut found = false;
    let complete = Complete { ruleset: scanner.ruleset, present };
    *steps += complete.each(|_, rule| {
        found |= rule.weight.get() > 0.0;
        !found
    });
    found
}

fn complete(concepts: &[U16], present: &[u64], rule: &RuleRecord) -> bool {
    let any = rule.any.of(concepts);
    rule.all.of(concepts).iter().all(|concept| has(present, concept.get()))
        && (any.is_empty() || any.iter().any(|concept| has(present, concept.get())))
}

/// Finds the places of the current segment where rules fire.
///
/// For each rule the hits are swept once in the order of their ends, with the
/// latest hit of each concept at hand; windows of one rule do not overlap.
pub(super) fn fire(scanner: &mut Scanner<'_, '_>) {
    sweep_all(scanner, false);
}

/// Whether a rule that speaks for a category fires among the current hits, if
/// nothing of what it must not have is near.
pub(super) fn may_fire(scanner: &mut Scanner<'_, '_>) -> bool {
    let truncated = scanner.scratch.truncated;
    sweep_all(scanner, true);
    let overflow = core::mem::replace(&mut scanner.scratch.truncated, truncated);
    let rules = scanner.ruleset.rule_records();
    let speaks_for = |firing: &Firing| {
        rules.get(usize::from(firing.rule)).is_some_and(|rule| rule.weight.get() > 0.0)
    };
    let fires = scanner.scratch.firings.iter().any(speaks_for);
    scanner.scratch.firings.clear();
    fires || overflow
}

fn sweep_all(scanner: &mut Scanner<'_, '_>, loosely: bool) {
    let concepts = scanner.ruleset.rule_concepts();
    // Sweeping needs the scratch; which rules are complete does not change.
    let present = core::mem::take(&mut scanner.scratch.present);
    let complete = Complete { ruleset: scanner.ruleset, present: &present };
    let steps = complete.each(|number, rule| {
        sweep(scanner, number, rule, concepts, loosely);
        true
    });
    scanner.scratch.present = present;
    scanner.scratch.steps += steps;
}

fn sweep(
    scanner: &mut Scanner<'_, '_>,
    number: u16,
    rule: &RuleRecord,
    concepts: &[U16],
    loosely: bool,
) {
    let all = rule.all.of(concepts);
    let (any, none) = (rule.any.of(concepts), rule.none.of(concepts));
    let within = u32::from(rule.within.get());
    let speaks_against = rule.weight.get() <= 0.0;
    let scratch = &mut *scanner.scratch;
    for concept in all {
        scratch.latest[usize::from(concept.get())] = WANTED;
    }
    let mut last_fired: Option<u32> = None;
    for place in 0..scratch.hits.len() {
        scratch.steps += 1;
        let hit = &scratch.hits[place];
        let is_wanted = |concept: u16| {
            let slot = scratch.latest.get(usize::from(concept));
            slot.is_some_and(|slot| slot & WANTED != 0)
        };
        // A hit may stand for itself and for what it is a kind of.
        let own = is_wanted(hit.concept);
        let whole = hit.whole != hit.concept && is_wanted(hit.whole);
        if !own && !whole {
            continue;
        }
        let hit = *hit;
        let slots = [(own, hit.concept), (whole, hit.whole)];
        for (_, concept) in slots.into_iter().filter(|(wanted, _)| *wanted) {
            let slot = &mut scratch.latest[usize::from(concept)];
            let known = (*slot & !WANTED).checked_sub(1);
            let known = known.map(|place| scratch.hits[place as usize]);
            let is_better = |known: Hit| match loosely {
                // Which readings will be left is not known: the narrowest window tells.
                true => hit.first >= known.first,
                // A better reading of the same place stays.
                false => {
                    known.start >= hit.end
                        || hit.start >= known.end
                        || hit.fit() >= known.fit()
                }
            };
            if known.is_none_or(is_better) {
                *slot = WANTED | (place as u32 + 1);
            }
        }
        let mut firing = Firing::new(number);
        let mut complete = true;
        let mut carried = true;
        for concept in all {
            match scratch.latest[usize::from(concept.get())] & !WANTED {
                0 => complete = false,
                found => {
                    let part = &scratch.hits[found as usize - 1];
                    carried &= part.is(Hit::CARRIED);
                    firing.add(found - 1, part);
                }
            }
        }
        if !complete || carried || firing.last - firing.first >= within {
            continue;
        }
        let window = Window { first: firing.first, last: firing.last, within };
        scratch.steps += 2 * NEIGHBOURS.min(scratch.hits.len()) as u64;
        let hinders = !loosely && !none.is_empty();
        if hinders && window.nearest(&scratch.hits, place, none).is_some() {
            continue;
        }
        if !any.is_empty() {
            match window.nearest(&scratch.hits, place, any) {
                Some(found) => firing.add(found as u32, &scratch.hits[found]),
                None => continue,
            }
        }
        if last_fired.is_some_and(|last| firing.first <= last) {
            let Some(known) = scratch.firings.last_mut() else { continue };
            if known.rule != number {
                continue;
            }
            if speaks_against {
                // How far it is from a finding must not depend on where the first
                // of its windows began.
                known.last = known.last.max(firing.last);
                last_fired = Some(known.last);
            } else if firing.fit(&scratch.hits) > known.fit(&scratch.hits) {
                // A better reading of the same place: 亻言 behind 亻 alone.
                last_fired = Some(firing.last);
                *known = firing;
            }
            continue;
        }
        last_fired = Some(firing.last);
        scratch.truncated |= !push_within(&mut scratch.firings, firing);
    }
    for concept in all {
        scratch.latest[usize::from(concept.get())] = 0;
    }
}

/// A window that holds all required concepts.
struct Window {
    first: u32,
    last: u32,
    within: u32,
}

impl Window {
    /// The best hit of one of the concepts that fits into the window.
    fn nearest(&self, hits: &[Hit], place: usize, concepts: &[U16]) -> Option<usize> {
        let near = place.saturating_sub(NEIGHBOURS)..(place + NEIGHBOURS).min(hits.len());
        let fits = |hit: &Hit| {
            let width = self.last.max(hit.last) - self.first.min(hit.first);
            width < self.within && concepts.iter().any(|c| hit.is_of(c.get()))
        };
        let candidates = near.filter(|place| fits(&hits[*place]));
        candidates.max_by(|a, b| hits[*a].fit().total_cmp(&hits[*b].fit()))
    }
}
