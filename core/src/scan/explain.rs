//! Explanations: everything that a scan saw, for people.

use super::finding::Firing;
use super::hit::Hit;
use super::rule::missing;
use super::scanner::Scanner;
use super::scratch::Scratch;
use crate::fold::DisguiseSet;
use crate::ruleset::Ruleset;
use core::ops::Range;

/// Most concepts that a rule may lack to be called a near miss.
const LACKING_MAX: usize = 1;

/// Everything that a scan of one text saw.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Explanation {
    /// The text after folding.
    pub folded: String,
    /// Every hit, whether or not a rule used it.
    pub hits: Vec<ExplainedHit>,
    /// Rules that fired, each as often as it did.
    pub fired: Vec<ExplainedRule>,
    /// Rules that lacked one concept, or whose concepts were too far apart.
    pub near_misses: Vec<NearMiss>,
}

/// A hit, with what it means.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ExplainedHit {
    /// The concept's name.
    pub concept: String,
    /// The span in bytes.
    pub range: Range<usize>,
    /// The plain spelling, or what the pattern read.
    pub means: String,
    /// The disguises that it wore.
    pub disguises: DisguiseSet,
    /// What they cost, in log-odds.
    pub risk: f32,
}

/// A rule that fired.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ExplainedRule {
    /// The rule's name.
    pub rule: String,
    /// The category's name.
    pub category: &'static str,
    /// Log-odds.
    pub weight: f32,
    /// From the first to the last hit, in bytes.
    pub range: Range<usize>,
}

/// A rule that nearly fired.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct NearMiss {
    /// The rule's name.
    pub rule: String,
    /// The category's name.
    pub category: &'static str,
    /// The concept that it lacked; `None` if all were there but not near
    /// enough, or `any` and `none` forbade it.
    pub lacks: Option<String>,
}

/// Hits and firings as they come.
#[derive(Default)]
pub(super) struct Record {
    hits: Vec<Hit>,
    firings: Vec<(Firing, Range<usize>)>,
}

impl Record {
    pub(super) fn segment(&mut self, hits: &[Hit], firings: &[Firing]) {
        self.hits.extend(hits.iter().filter(|hit| !hit.is(Hit::CARRIED)));
        for firing in firings {
            let of =
                firing.hits().iter().filter_map(|place| hits.get(usize::from(*place)));
            let (start, end) = of.fold((usize::MAX, 0), |(start, end), hit| {
                (start.min(hit.start as usize), end.max(hit.end as usize))
            });
            let range = start..end;
            self.firings.push((*firing, range));
        }
    }
}

impl Ruleset<'_> {
    /// Scans a text and tells everything that was seen: for people and tools,
    /// not for speed.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// let explanation = huoyan::Ruleset::builtin().explain("加薇信");
    /// assert_eq!(explanation.folded, "加薇信");
    /// assert!(explanation.hits.iter().any(|hit| hit.concept == "wechat"));
    /// # }
    /// ```
    pub fn explain(&self, text: &str) -> Explanation {
        let mut scratch = Scratch::new(self);
        let mut scanner = Scanner::new(self, text.as_bytes(), &mut scratch);
        scanner.record = Some(Record::default());
        scanner.run();
        let record = scanner.record.take().unwrap_or_default();
        let mut hits = record.hits;
        hits.sort_unstable_by_key(|hit| (hit.start, hit.end, hit.concept));
        let categories = crate::Category::ALL;
        let category =
            |number: u8| categories.get(usize::from(number)).map_or("", |c| c.name());
        let rules = self.rule_records();
        let fired: Vec<ExplainedRule> = record
            .firings
            .iter()
            .filter_map(|(firing, range)| {
                let rule = rules.get(usize::from(firing.rule))?;
                Some(ExplainedRule {
                    rule: self.string(rule.id).into(),
                    category: category(rule.category),
                    weight: rule.weight.get(),
                    range: range.clone(),
                })
            })
            .collect();
        let near_misses = rules
            .iter()
            .filter(|rule| rule.weight.get() > 0.0)
            .filter(|rule| !fired.iter().any(|fired| fired.rule == self.string(rule.id)))
            .filter_map(|rule| {
                let lacks = missing(self, rule, &hits);
                let wanted = usize::from(rule.all.length.get());
                let near = lacks.len() <= LACKING_MAX && lacks.len() < wanted;
                near.then(|| NearMiss {
                    rule: self.string(rule.id).into(),
                    category: category(rule.category),
                    lacks: lacks.first().map(|concept| self.concept_name(*concept)),
                })
            })
            .collect();
        let hits = hits
            .iter()
            .map(|hit| {
                let range = hit.start as usize..hit.end as usize;
                let span = text.get(range.clone()).unwrap_or("");
                let term = self.terms().get(hit.term as usize);
                ExplainedHit {
                    concept: self.concept_name(hit.concept),
                    means: term
                        .map_or_else(|| self.fold(span), |t| self.string(t.text).into()),
                    range,
                    disguises: hit.disguises,
                    risk: hit.risk,
                }
            })
            .collect();
        Explanation { folded: self.fold(text), hits, fired, near_misses }
    }

    fn concept_name(&self, concept: u16) -> String {
        let record = self.concept_records().get(usize::from(concept));
        record.map_or_else(String::new, |record| self.string(record.id).into())
    }
}
