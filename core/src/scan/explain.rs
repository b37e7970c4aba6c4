//! Explanations: everything that a scan saw, for people.

use super::finding::{Firing, Outcome, Part};
use super::glance::Tables;
use super::hit::Hit;
use super::limits::TEXT_BYTES_MAX;
use super::scanner::Scanner;
use super::scratch::Scratch;
use crate::category::Category;
use crate::fold::DisguiseSet;
use crate::ruleset::{RuleRecord, Ruleset};
use crate::score::score;
use core::fmt;
use core::ops::Range;
use zerocopy::little_endian::U16;

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
    /// Rules that lacked one condition.
    pub near_misses: Vec<NearMiss>,
    /// How the score of each place came about, whether or not it counts.
    pub places: Vec<ExplainedPlace>,
    /// Whether a limit of [`limits`](super::limits) cut what is told.
    pub truncated: bool,
}

/// A place where rules of one category fired, with its account: the pack's
/// bias, plus weight and risk of each part, plus the cut, is the place's log-odds.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ExplainedPlace {
    /// The category.
    pub category: Category,
    /// From the first to the last piece of evidence, in bytes.
    pub range: Range<usize>,
    /// The log-odds that every place starts with.
    pub bias: f32,
    /// What each rule added, those that speak for the category first.
    pub parts: Vec<ExplainedPart>,
    /// What saturation took from what the rules gained, zero or less.
    pub cut: f32,
    /// The sum.
    pub log_odds: f32,
    /// The sum as a score, 0 to 100.
    pub score: f32,
    /// Whether the score reaches the threshold.
    pub flagged: bool,
}

impl ExplainedPlace {
    /// The account line by line: a number, in log-odds, and what it stands for. The
    /// sum comes last; risk and cut are left out where there is none.
    pub fn account(&self) -> impl Iterator<Item = (f32, &str)> {
        let risk = self.parts.iter().map(|part| part.risk).sum();
        let some = |value: f32, what| (value != 0.0).then_some((value, what));
        let weights = self.parts.iter().map(|part| (part.weight, part.rule.as_str()));
        core::iter::once((self.bias, "bias of the pack"))
            .chain(weights)
            .chain(some(risk, "risk of the disguises"))
            .chain(some(self.cut, "more than rules may add up to"))
            .chain(core::iter::once((self.log_odds, "log-odds")))
    }
}

/// What one rule added to a place.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ExplainedPart {
    /// The rule's name.
    pub rule: String,
    /// Its weight, in log-odds.
    pub weight: f32,
    /// What the disguises of its evidence cost, in log-odds; what several
    /// rules use is paid for once.
    pub risk: f32,
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
    /// Whether a pattern saw it, and no term.
    pub is_pattern: bool,
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
    /// What kept it from firing.
    pub reason: NearReason,
}

/// What kept a rule from firing.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum NearReason {
    /// This one of its concepts was not seen.
    Lacks(String),
    /// None of these was seen, and one of them is needed.
    LacksAny(Vec<String>),
    /// Its concepts were seen further apart than this many symbols.
    Apart(u16),
    /// A concept was seen that must not be near.
    Forbidden(String),
}

impl fmt::Display for NearReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NearReason::Lacks(concept) => write!(f, "lacks {concept}"),
            NearReason::LacksAny(concepts) => {
                write!(f, "lacks one of {}", concepts.join(", "))
            }
            NearReason::Apart(within) => {
                write!(f, "its parts are {within} symbols apart or more")
            }
            NearReason::Forbidden(concept) => write!(f, "{concept} must not be near"),
        }
    }
}

/// Hits and firings as they come.
#[derive(Default)]
pub(super) struct Record {
    hits: Vec<Hit>,
    firings: Vec<(Firing, Range<usize>)>,
    places: Vec<(Outcome, Vec<Part>)>,
}

impl Record {
    pub(super) fn place(&mut self, result: Outcome, parts: Vec<Part>) {
        self.places.push((result, parts));
    }

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
        let tables = Tables::of(self);
        let cut = &text.as_bytes()[..text.len().min(TEXT_BYTES_MAX)];
        let mut scanner = Scanner::new(self, &tables, cut, &mut scratch);
        scanner.record = Some(Record::default());
        scanner.read_in_full();
        let record = scanner.record.take().unwrap_or_default();
        let truncated = scratch.truncated || cut.len() < text.len();
        let mut hits = record.hits;
        hits.sort_unstable_by_key(|hit| (hit.start, hit.end, hit.concept));
        let categories = Category::ALL;
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
                Some(NearMiss {
                    rule: self.string(rule.id).into(),
                    category: category(rule.category),
                    reason: self.near_reason(rule, &hits)?,
                })
            })
            .collect();
        let hits = hits
            .iter()
            .map(|hit| {
                let range = hit.start as usize..hit.end as usize;
                let span = text.get(range.clone()).unwrap_or("");
                let meaning = self.meaning(hit.term);
                let wears = meaning.map_or(DisguiseSet::EMPTY, |(_, wears)| wears);
                ExplainedHit {
                    concept: self.concept_name(hit.concept),
                    means: meaning
                        .map_or_else(|| self.fold(span), |(means, _)| means.into()),
                    is_pattern: meaning.is_none(),
                    range,
                    disguises: hit.disguises.union(wears),
                    risk: hit.risk,
                }
            })
            .collect();
        let places = record.places.iter().map(|place| self.explain_place(place));
        let places = places.collect();
        let folded = self.fold(text);
        Explanation { folded, hits, fired, near_misses, places, truncated }
    }

    fn explain_place(&self, (result, parts): &(Outcome, Vec<Part>)) -> ExplainedPlace {
        let place = &result.record;
        let name = |rule: u16| {
            let rule = self.rule_records().get(usize::from(rule));
            rule.map_or("", |rule| self.string(rule.id)).to_owned()
        };
        let part = |part: &Part| ExplainedPart {
            rule: name(part.rule),
            weight: part.weight,
            risk: part.risk,
        };
        ExplainedPlace {
            category: place.category,
            range: place.start as usize..place.end as usize,
            bias: self.header().bias.get(),
            parts: parts.iter().map(part).collect(),
            cut: result.cut,
            log_odds: place.log_odds,
            score: score(place.log_odds),
            flagged: result.counts,
        }
    }

    /// What kept a rule from firing, if that was little.
    fn near_reason(&self, rule: &RuleRecord, hits: &[Hit]) -> Option<NearReason> {
        let concepts = self.rule_concepts();
        let seen = |concept: &U16| hits.iter().any(|hit| hit.is_of(concept.get()));
        let name = |concept: &U16| self.concept_name(concept.get());
        let all = rule.all.of(concepts);
        let lacks: Vec<&U16> = all.iter().filter(|concept| !seen(concept)).collect();
        let any = rule.any.of(concepts);
        let lacks_any = !any.is_empty() && !any.iter().any(seen);
        match lacks[..] {
            [] if lacks_any => Some(NearReason::LacksAny(any.iter().map(name).collect())),
            [] => match rule.none.of(concepts).iter().find(|concept| seen(concept)) {
                Some(concept) => Some(NearReason::Forbidden(name(concept))),
                None => Some(NearReason::Apart(rule.within.get())),
            },
            [concept] if all.len() > 1 && !lacks_any => {
                Some(NearReason::Lacks(name(concept)))
            }
            _ => None,
        }
    }

    fn concept_name(&self, concept: u16) -> String {
        let record = self.concept_records().get(usize::from(concept));
        record.map_or_else(String::new, |record| self.string(record.id).into())
    }
}
