//! What a text comes to, as views over the scratch.

use super::finding::FindingRecord;
use super::hit::Hit;
use super::scratch::Scratch;
use crate::category::Category;
use crate::contact::ContactRecord;
use crate::fold::DisguiseSet;
use crate::ruleset::{ConceptRecord, Ruleset};
use crate::score::score;
use core::iter::FusedIterator;
use core::ops::Range;

/// What a text comes to: scores, findings, contacts, attributes.
///
/// Borrows the scratch; the next scan makes another.
#[derive(Clone, Copy)]
pub struct Verdict<'s> {
    ruleset: &'s Ruleset<'s>,
    scratch: &'s Scratch,
    text: &'s [u8],
}

impl<'s> Verdict<'s> {
    pub(super) fn new(
        ruleset: &'s Ruleset<'s>,
        scratch: &'s Scratch,
        text: &'s [u8],
    ) -> Verdict<'s> {
        Verdict { ruleset, scratch, text }
    }

    /// Whether any finding reaches the pack's threshold.
    pub fn is_flagged(&self) -> bool {
        !self.scratch.findings.is_empty()
    }

    /// The highest score of any place, 0 to 100, whether or not it reaches the
    /// threshold; 0 where no rule fired. Where the threshold is out of reach,
    /// patterns are not looked for, and the score lacks what they would add.
    pub fn score(&self) -> f32 {
        match self.scratch.best {
            best if best.is_finite() => score(best),
            _ => 0.0,
        }
    }

    /// The category of the finding with the highest score.
    pub fn category(&self) -> Option<Category> {
        let findings = self.scratch.findings.iter();
        let best = findings.rev().max_by(|a, b| {
            a.log_odds.total_cmp(&b.log_odds).then(b.category.cmp(&a.category))
        });
        best.map(|finding| finding.category)
    }

    /// The findings that reach the threshold, in the order of the text; by category
    /// where several begin together.
    pub fn findings(
        &self,
    ) -> impl ExactSizeIterator<Item = Finding<'s>>
    + DoubleEndedIterator
    + FusedIterator
    + use<'s> {
        let verdict = *self;
        self.scratch.findings.iter().map(move |record| Finding { verdict, record })
    }

    /// The identifiers that the post gives, in the order of the text.
    pub fn contacts(
        &self,
    ) -> impl ExactSizeIterator<Item = Contact<'s>>
    + DoubleEndedIterator
    + FusedIterator
    + use<'s> {
        let verdict = *self;
        self.scratch.contacts.iter().map(move |record| Contact { verdict, record })
    }

    /// The attributes of what is offered: age, real name, payment …
    pub fn attributes(
        &self,
    ) -> impl ExactSizeIterator<Item = Attribute<'s>>
    + DoubleEndedIterator
    + FusedIterator
    + use<'s> {
        let verdict = *self;
        self.scratch.attributes.iter().map(move |hit| Attribute { verdict, hit })
    }

    /// Every platform that the text names, flagged or not.
    pub fn platforms(
        &self,
    ) -> impl ExactSizeIterator<Item = &'s str> + DoubleEndedIterator + FusedIterator + use<'s>
    {
        self.ruleset.platforms_of(self.scratch.platforms)
    }

    /// Whether a limit of [`limits`](super::limits) cut the result: more was
    /// there than is told.
    pub fn truncated(&self) -> bool {
        self.scratch.truncated
    }

    /// The bytes that were scanned.
    pub(crate) fn bytes(&self) -> &'s [u8] {
        self.text
    }

    /// What the scan left.
    pub(super) fn scratch(&self) -> &'s Scratch {
        self.scratch
    }

    /// A bit for each platform, by its number.
    pub(super) fn platform_set(&self) -> u64 {
        self.scratch.platforms
    }

    /// Log-odds of the best place; minus infinity if no rule fired.
    pub(super) fn best(&self) -> f32 {
        self.scratch.best
    }

    fn concept(&self, hit: &Hit) -> ConceptRecord {
        let records = self.ruleset.concept_records();
        records.get(usize::from(hit.concept)).copied().unwrap_or_default()
    }

    /// The text of a span. Spans lie on character borders of what was decoded;
    /// only invalid input can make this come out empty.
    fn text(&self, start: u32, end: u32) -> &'s str {
        let bytes = self.text.get(start as usize..end as usize).unwrap_or(&[]);
        core::str::from_utf8(bytes).unwrap_or("")
    }
}

impl core::fmt::Debug for Verdict<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Verdict")
            .field("score", &self.score())
            .field("category", &self.category())
            .field("findings", &self.scratch.findings.len())
            .finish_non_exhaustive()
    }
}

/// A place in the text where rules of one category fired.
#[derive(Clone, Copy)]
pub struct Finding<'s> {
    verdict: Verdict<'s>,
    record: &'s FindingRecord,
}

impl<'s> Finding<'s> {
    /// What is offered.
    pub fn category(&self) -> Category {
        self.record.category
    }

    /// The score of the place, 0 to 100.
    pub fn score(&self) -> f32 {
        score(self.record.log_odds)
    }

    /// The log-odds behind the score.
    pub fn log_odds(&self) -> f32 {
        self.record.log_odds
    }

    /// From the first to the last piece of evidence, in bytes.
    pub fn range(&self) -> Range<usize> {
        self.record.start as usize..self.record.end as usize
    }

    /// The text of the place as it stands in the post; empty if it has bytes there that
    /// are not UTF-8, which [`range`](Self::range) gives.
    pub fn text(&self) -> &'s str {
        self.verdict.text(self.record.start, self.record.end)
    }

    /// The names of the rules that fired: those that speak for the category
    /// from the strongest on, then those that speak against it.
    pub fn rules(
        &self,
    ) -> impl ExactSizeIterator<Item = &'s str> + DoubleEndedIterator + FusedIterator + use<'s>
    {
        let ruleset = self.verdict.ruleset;
        let records = ruleset.rule_records();
        self.rule_numbers()
            .map(|number| records.get(number).map_or("", |rule| ruleset.string(rule.id)))
    }

    /// The places of those rules in [`Ruleset::rules`].
    pub fn rule_numbers(
        &self,
    ) -> impl ExactSizeIterator<Item = usize> + DoubleEndedIterator + FusedIterator + use<'s>
    {
        let (from, to) = self.record.rules;
        let scratch = self.verdict.scratch;
        let numbers = scratch.rules.get(from as usize..to as usize).unwrap_or(&[]);
        numbers.iter().map(|number| usize::from(*number))
    }

    /// The concepts seen, in the order of the text.
    pub fn evidence(
        &self,
    ) -> impl ExactSizeIterator<Item = Evidence<'s>>
    + DoubleEndedIterator
    + FusedIterator
    + use<'s> {
        let (from, to) = self.record.evidence;
        let verdict = self.verdict;
        let hits =
            verdict.scratch.evidence.get(from as usize..to as usize).unwrap_or(&[]);
        hits.iter().map(move |hit| Evidence { verdict, hit: *hit })
    }
}

/// A concept seen at a span of the text.
#[derive(Clone, Copy)]
pub struct Evidence<'s> {
    verdict: Verdict<'s>,
    hit: Hit,
}

impl<'s> Evidence<'s> {
    /// The concept's name.
    pub fn concept(&self) -> &'s str {
        self.verdict.ruleset.string(self.verdict.concept(&self.hit).id)
    }

    /// The concept's place in [`Ruleset::concepts`].
    pub fn concept_number(&self) -> usize {
        usize::from(self.hit.concept)
    }

    /// The span in bytes.
    pub fn range(&self) -> Range<usize> {
        self.hit.start as usize..self.hit.end as usize
    }

    /// The text as it stands in the post; empty if it has bytes there that are not UTF-8,
    /// which [`range`](Self::range) gives.
    pub fn text(&self) -> &'s str {
        self.verdict.text(self.hit.start, self.hit.end)
    }

    /// The plain spelling of the term that was seen, or what the pack says that the term
    /// means. `None` for a pattern: the folded text is what it read.
    pub fn means(&self) -> Option<&'s str> {
        let (means, _) = self.verdict.ruleset.meaning(self.hit.term)?;
        Some(means)
    }

    /// The disguises that it wore.
    pub fn disguises(&self) -> DisguiseSet {
        let own = self.verdict.ruleset.meaning(self.hit.term);
        own.map_or(self.hit.disguises, |(_, wears)| self.hit.disguises.union(wears))
    }
}

/// An attribute of what is offered.
#[derive(Clone, Copy)]
pub struct Attribute<'s> {
    verdict: Verdict<'s>,
    hit: &'s Hit,
}

impl<'s> Attribute<'s> {
    /// The attribute's name.
    pub fn name(&self) -> &'s str {
        let place = usize::from(self.verdict.concept(self.hit).attribute);
        let names = self.verdict.ruleset.attribute_names();
        let name = place.checked_sub(1).and_then(|place| names.get(place));
        name.map_or("", |name| self.verdict.ruleset.string(*name))
    }

    /// The text as it stands in the post; empty if it has bytes there that are not UTF-8,
    /// which [`range`](Self::range) gives.
    pub fn text(&self) -> &'s str {
        self.verdict.text(self.hit.start, self.hit.end)
    }

    /// The text that gives the attribute's value, if a pattern found it. An
    /// attribute of a term is there or not.
    pub fn value(&self) -> Option<&'s str> {
        (self.hit.term == Hit::PATTERN).then(|| self.text())
    }

    /// The span in bytes.
    pub fn range(&self) -> Range<usize> {
        self.hit.start as usize..self.hit.end as usize
    }
}

/// An account identifier that the post gives.
#[derive(Clone, Copy)]
pub struct Contact<'s> {
    verdict: Verdict<'s>,
    record: &'s ContactRecord,
}

impl<'s> Contact<'s> {
    /// Where the identifier is for: a platform of the pack, `phone`, `url`, or
    /// `unknown`.
    pub fn platform(&self) -> &'s str {
        let ruleset = self.verdict.ruleset;
        self.record.platform.name(|number| {
            let name = ruleset.platform_names().get(usize::from(number));
            name.map_or("", |name| ruleset.string(*name))
        })
    }

    /// The identifier undisguised, character by character.
    pub fn value(&self) -> impl Iterator<Item = char> + use<'s> {
        self.record.value(self.verdict.text)
    }

    /// The span in bytes.
    pub fn range(&self) -> Range<usize> {
        self.record.start as usize..self.record.end as usize
    }

    /// The text as it stands in the post; empty if it has bytes there that are not UTF-8,
    /// which [`range`](Self::range) gives.
    pub fn text(&self) -> &'s str {
        self.verdict.text(self.record.start, self.record.end)
    }
}

macro_rules! debug_text {
    ($($name:ident),*) => {$(
        impl core::fmt::Debug for $name<'_> {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.debug_struct(stringify!($name))
                    .field("range", &self.range())
                    .finish_non_exhaustive()
            }
        }
    )*};
}

debug_text!(Finding, Evidence, Attribute, Contact);
