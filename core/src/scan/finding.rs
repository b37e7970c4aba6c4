//! Findings: places where rules of one category fired, with their score.

use super::hit::Hit;
use super::limits::*;
use super::scanner::Scanner;
use super::scratch::{Scratch, push_within};
use crate::category::Category;
use crate::ruleset::Ruleset;

/// A rule that fired.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Firing {
    pub(crate) rule: u16,
    /// Numbers of the first and last symbol of the window.
    pub(crate) first: u32,
    pub(crate) last: u32,
    count: u8,
    /// It has more hits than it carries.
    is_cut: bool,
    hits: [u16; RULE_EVIDENCE_MAX],
}

impl Firing {
    pub(super) fn new(rule: u16) -> Firing {
        let hits = [0; RULE_EVIDENCE_MAX];
        Firing { rule, first: u32::MAX, last: 0, count: 0, is_cut: false, hits }
    }

    /// Widens the window by a hit of the segment.
    pub(super) fn add(&mut self, place: u32, hit: &Hit) {
        self.first = self.first.min(hit.first);
        self.last = self.last.max(hit.last);
        match self.hits.get_mut(usize::from(self.count)) {
            Some(slot) => {
                *slot = place as u16;
                self.count += 1;
            }
            None => self.is_cut = true,
        }
    }

    /// Places of its hits in the segment.
    pub(crate) fn hits(&self) -> &[u16] {
        self.hits.get(..usize::from(self.count)).unwrap_or(&[])
    }

    /// Symbols between this window and another; 0 if they touch.
    fn distance(&self, first: u32, last: u32) -> u32 {
        self.first.saturating_sub(last).max(first.saturating_sub(self.last))
    }

    /// What the disguises of its hits cost.
    pub(super) fn risk(&self, hits: &[Hit]) -> f32 {
        self.sum(hits, |hit| hit.risk)
    }

    /// How good a reading its hits are.
    pub(super) fn fit(&self, hits: &[Hit]) -> f32 {
        self.sum(hits, Hit::fit)
    }

    fn sum(&self, hits: &[Hit], of: impl Fn(&Hit) -> f32) -> f32 {
        let own = self.hits().iter().filter_map(|place| hits.get(usize::from(*place)));
        own.map(of).sum()
    }
}

/// A finding as the scratch keeps it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FindingRecord {
    pub(crate) category: Category,
    pub(crate) log_odds: f32,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Ranges in the lists of evidence and rules.
    pub(crate) evidence: (u32, u32),
    pub(crate) rules: (u32, u32),
}

/// Merges the firings of a segment into findings.
pub(super) fn merge(scanner: &mut Scanner<'_, '_>) {
    let ruleset = scanner.ruleset;
    let Scratch { firings, .. } = &mut *scanner.scratch;
    if firings.is_empty() {
        return;
    }
    let rules = ruleset.rule_records();
    let category = |firing: &Firing| {
        rules.get(usize::from(firing.rule)).map_or(0, |rule| rule.category)
    };
    let weight = |firing: &Firing| {
        rules.get(usize::from(firing.rule)).map_or(0.0, |rule| rule.weight.get())
    };
    // For each category: the firings that speak for it by place, then the others.
    firings.sort_unstable_by_key(|f| {
        (category(f), weight(f) <= 0.0, f.first, f.last, f.rule)
    });
    let value = |firing: &Firing, hits: &[Hit]| weight(firing) + firing.risk(hits);

    let threshold = ruleset.cut();
    let mut from = 0;
    while from < scanner.scratch.firings.len() {
        let Scratch { firings, hits, .. } = &mut *scanner.scratch;
        let own = category(&firings[from]);
        if weight(&firings[from]) <= 0.0 {
            from += 1;
            continue;
        }
        let (first, mut last, mut to) =
            (firings[from].first, firings[from].last, from + 1);
        while to < firings.len()
            && category(&firings[to]) == own
            && weight(&firings[to]) > 0.0
            && firings[to].first <= last.saturating_add(MERGE_SYMBOLS)
        {
            last = last.max(firings[to].last);
            to += 1;
        }
        firings[from..to].sort_unstable_by(|a, b| {
            value(b, hits).total_cmp(&value(a, hits)).then(a.rule.cmp(&b.rule))
        });
        let place = Place { own, first, last, from, to };
        let (is_recorded, mut parts) = (scanner.is_recorded(), alloc::vec::Vec::new());
        let mut note = |part| {
            if is_recorded {
                parts.push(part);
            }
        };
        let outcome = place.finish(ruleset, scanner.scratch, threshold, &mut note);
        scanner.note_place(outcome, parts);
        from = to;
    }
}

/// What one rule adds to the log-odds of a place.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "std"), expect(dead_code, reason = "explanations read it"))]
pub(super) struct Part {
    pub(super) rule: u16,
    pub(super) weight: f32,
    /// What the disguises of its evidence cost, as far as no rule before it
    /// has paid for them.
    pub(super) risk: f32,
}

/// What a place comes to.
#[derive(Clone, Copy, Debug)]
#[cfg_attr(not(feature = "std"), expect(dead_code, reason = "explanations read it"))]
pub(super) struct Outcome {
    pub(super) record: FindingRecord,
    /// Whether it reaches the threshold.
    pub(super) counts: bool,
    /// What saturation took from the sum, zero or less.
    pub(super) cut: f32,
}

/// A run of firings that speak for one category.
struct Place {
    own: u8,
    first: u32,
    last: u32,
    from: usize,
    to: usize,
}

impl Place {
    fn finish(
        &self,
        ruleset: &Ruleset<'_>,
        scratch: &mut Scratch,
        threshold: f32,
        note: &mut impl FnMut(Part),
    ) -> Outcome {
        let rules = ruleset.rule_records();
        let Scratch { firings, hits, evidence, rules: named, findings, .. } = scratch;
        let header = ruleset.header();
        let mut gained = 0.0;
        let (evidence_from, rules_from) = (evidence.len(), named.len());
        let (mut start, mut end) = (u32::MAX, 0);
        // Validation holds that the number is one of a category.
        let category = Category::ALL.get(usize::from(self.own)).copied();
        let category = category.unwrap_or(Category::ALL[0]);
        for firing in &firings[self.from..self.to] {
            if named[rules_from..].contains(&firing.rule) {
                // It counts once, but an offer that is repeated is all of it.
                for place in firing.hits() {
                    let hit = hits[usize::from(*place)];
                    (start, end) = (start.min(hit.start), end.max(hit.end));
                }
                continue;
            }
            let Some(rule) = rules.get(usize::from(firing.rule)) else { continue };
            let fresh = |place: &&u16| {
                let hit = &hits[usize::from(**place)];
                !evidence[evidence_from..].iter().any(|known| same(known, hit))
            };
            let risk: f32 = firing
                .hits()
                .iter()
                .filter(fresh)
                .map(|p| hits[usize::from(*p)].risk)
                .sum();
            let gain = rule.weight.get() + risk;
            if gain <= 0.0 && named.len() > rules_from {
                continue;
            }
            if named.len() - rules_from == FINDING_RULES_MAX
                || !push_within(named, firing.rule)
            {
                // The strongest came first: what is left out adds least.
                scratch.truncated = true;
                break;
            }
            scratch.truncated |= firing.is_cut;
            gained += gain;
            note(Part { rule: firing.rule, weight: rule.weight.get(), risk });
            for place in firing.hits() {
                let hit = hits[usize::from(*place)];
                (start, end) = (start.min(hit.start), end.max(hit.end));
                if evidence[evidence_from..].iter().any(|known| same(known, &hit)) {
                    continue;
                }
                if evidence.len() - evidence_from >= EVIDENCE_MAX
                    || !push_within(evidence, hit)
                {
                    scratch.truncated = true;
                }
            }
        }
        // Evidence of one thing is seldom independent: it counts so far only.
        let saturation = header.saturation.get();
        let mut log_odds = header.bias.get() + gained.min(saturation);
        let cut = gained.min(saturation) - gained;
        // Rules that speak against the category, each once.
        let against = firings.iter().filter(|firing| {
            rules.get(usize::from(firing.rule)).is_some_and(|rule| {
                rule.category == self.own
                    && rule.weight.get() <= 0.0
                    && firing.distance(self.first, self.last)
                        <= u32::from(rule.within.get())
            })
        });
        let spoken = named.len();
        for firing in against {
            if named[spoken..].contains(&firing.rule) {
                continue;
            }
            if named.len() - spoken == FINDING_RULES_MAX
                || !push_within(named, firing.rule)
            {
                scratch.truncated = true;
                break;
            }
            let rule = rules.get(usize::from(firing.rule));
            let weight = rule.map_or(0.0, |rule| rule.weight.get());
            log_odds += weight;
            note(Part { rule: firing.rule, weight, risk: 0.0 });
        }
        scratch.best = scratch.best.max(log_odds);
        let counts = log_odds >= threshold;
        let record = FindingRecord {
            category,
            log_odds,
            start,
            end,
            evidence: (evidence_from as u32, evidence.len() as u32),
            rules: (rules_from as u32, named.len() as u32),
        };
        evidence[evidence_from..]
            .sort_unstable_by_key(|hit| (hit.start, hit.end, hit.concept));
        // A segment that goes on may tell its end again, with more behind it.
        let known = findings.iter_mut().rev().find(|known| {
            known.category == category && known.start < end && start < known.end
        });
        let is_told = match known {
            Some(known) if counts && known.log_odds < log_odds => {
                *known = record;
                true
            }
            Some(_) => false,
            None => {
                let fits = counts && push_within(findings, record);
                scratch.truncated |= counts && !fits;
                fits
            }
        };
        if !is_told {
            evidence.truncate(evidence_from);
            named.truncate(rules_from);
        }
        Outcome { record, counts, cut }
    }
}

/// Whether two hits are the same piece of evidence.
fn same(a: &Hit, b: &Hit) -> bool {
    a.concept == b.concept && a.start < b.end && b.start < a.end
}
