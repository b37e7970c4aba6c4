//! What a text comes to, with memory of its own.

#[cfg(feature = "serde")]
mod form;

use crate::category::Category;
use crate::fold::{DisguiseSet, fold_bytes};
use crate::scan::{Contact, Evidence, Finding, Verdict};
use crate::score::shown_score;
use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;
use core::ops::Range;

/// What a text comes to: a [`Verdict`] that borrows neither the scratch nor the text, to
/// be kept, or given to another thread or program.
///
/// Scores are whole, as [`shown_score`] makes them; [`Verdict::score`] has what is behind
/// the point. All spans are in bytes of the text that was scanned, from 0, end exclusive;
/// those of a part of a stream count from [`StreamPart::offset`](crate::StreamPart::offset).
/// Beside each stands its text, with U+FFFD for what is not UTF-8.
///
/// # Resources
///
/// Making a report allocates, but for that of a text in which nothing was seen.
///
/// # The form as JSON
///
/// With the feature `serde` a report can be written and read. As JSON, and in every other
/// format for people, it has the form of a line of `huoyan scan --output json` without
/// `id` and `file`, which has a JSON Schema (`cli/record.schema.json`). Such a line is
/// read as a report too, unless it is that of a post that could not be read: fields that
/// are not known are passed over. A struct with an `id` and a report that is
/// `#[serde(flatten)]` writes such lines. What is written and read again is equal, unless something between sorts the keys of maps, which
/// `attributes` are. Formats for machines, such as Postcard, have every field in a fixed
/// place, and attributes as a list.
///
/// Reading fails where a field is missing, is of another type, or has the name of a
/// category or disguise that this release does not know; the error tells the name and
/// those that are known. Values are not checked otherwise: a span of a report that was
/// read may lie outside of the text, which [`str::get`] tells.
///
/// # Example
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use huoyan::{Category, Ruleset, Scratch};
/// use std::{sync::mpsc, thread};
///
/// let (queue, reports) = mpsc::channel();
/// thread::spawn(move || {
///     let ruleset = Ruleset::builtin();
///     let mut scratch = Scratch::new(ruleset);
///     for post in ["大量Ｖ信号出售", "今天天气不错"] {
///         let report = ruleset.scan(&mut scratch, post).to_report();
///         queue.send(report).expect("somebody listens");
///     }
/// });
/// let reports: Vec<_> = reports.iter().collect();
/// assert_eq!(reports[0].category, Some(Category::AccountTrade));
/// assert!(!reports[1].is_flagged());
/// # }
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Deserialize))]
#[non_exhaustive]
pub struct Report {
    /// The highest score of any place, 0 to 100: rounded to the nearest where the text is
    /// flagged, else down.
    pub score: u8,
    /// The category of the finding with the highest score; `None` where the text is not
    /// flagged.
    // Without this a record that lacks the field would be read as one without a category.
    #[cfg_attr(
        feature = "serde",
        serde(deserialize_with = "serde::Deserialize::deserialize")
    )]
    pub category: Option<Category>,
    /// Every platform that the text names, flagged or not.
    pub platforms: Vec<String>,
    /// The places that reach the threshold, in the order of the text.
    pub findings: Vec<FindingReport>,
    /// The identifiers that the text gives, in its order.
    pub contacts: Vec<ContactReport>,
    /// What the text says about what is offered, each attribute once, in the order in
    /// which the text first gives them.
    #[cfg_attr(feature = "serde", serde(deserialize_with = "form::attributes::read"))]
    pub attributes: Vec<AttributeReport>,
    /// Whether a limit of [`limits`](crate::limits) cut the result.
    #[cfg_attr(feature = "serde", serde(default))]
    pub truncated: bool,
}

/// A place in the text where rules of one category fired.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct FindingReport {
    /// What is offered.
    pub category: Category,
    /// The score of the place, 0 to 100, rounded to the nearest.
    pub score: u8,
    /// Where the first piece of evidence begins, in bytes.
    pub start: usize,
    /// Where the last piece of evidence ends, in bytes, exclusive.
    pub end: usize,
    /// The text of the place as it stands in the post.
    pub text: String,
    /// The names of the rules that fired: those that speak for the category from the
    /// strongest on, then those that speak against it.
    pub rules: Vec<String>,
    /// The concepts seen, in the order of the text.
    pub evidence: Vec<EvidenceReport>,
}

/// A concept seen at a span of the text.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct EvidenceReport {
    /// The concept's name.
    pub concept: String,
    /// Where the span begins, in bytes.
    pub start: usize,
    /// Where the span ends, in bytes, exclusive.
    pub end: usize,
    /// The text as it stands in the post.
    pub text: String,
    /// What it reads as: the plain spelling of the term, or what the pack says that the
    /// term means; of a pattern, the folded text.
    pub means: String,
    /// The disguises that it wore.
    pub disguises: DisguiseSet,
}

/// An account identifier that the text gives.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct ContactReport {
    /// Where the identifier is for: a platform of the pack, `phone`, `url`, or `unknown`.
    pub platform: String,
    /// The identifier undisguised.
    pub value: String,
    /// Where the span begins, in bytes.
    pub start: usize,
    /// Where the span ends, in bytes, exclusive.
    pub end: usize,
    /// The text as it stands in the post.
    pub text: String,
}

/// An attribute of what is offered.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub struct AttributeReport {
    /// The attribute's name.
    pub name: String,
    /// The spans of the text that give its values, each once; none where it is there
    /// without a value.
    pub values: Vec<String>,
}

impl Report {
    /// Whether any finding reached the pack's threshold.
    pub fn is_flagged(&self) -> bool {
        !self.findings.is_empty()
    }
}

impl FindingReport {
    /// From the first to the last piece of evidence, in bytes.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

impl EvidenceReport {
    /// The span in bytes.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

impl ContactReport {
    /// The span in bytes.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

impl Verdict<'_> {
    /// All that the verdict tells, with memory of its own.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use huoyan::{Ruleset, Scratch};
    ///
    /// let ruleset = Ruleset::builtin();
    /// let post = String::from("大量Ｖ信号出售");
    /// let report = ruleset.scan(&mut Scratch::new(ruleset), &post).to_report();
    /// let mut seen = report.findings[0].evidence.iter();
    /// let wechat = seen.find(|seen| seen.concept == "wechat").expect("it is there");
    /// assert_eq!((wechat.text.as_str(), wechat.means.as_str()), ("Ｖ信", "微信"));
    /// assert_eq!(post[wechat.range()], wechat.text);
    /// # }
    /// ```
    pub fn to_report(&self) -> Report {
        let text = Source(self.bytes());
        Report {
            score: shown_score(self.score(), self.is_flagged()),
            category: self.category(),
            platforms: self.platforms().map(str::to_owned).collect(),
            findings: self.findings().map(|finding| text.finding(&finding)).collect(),
            contacts: self.contacts().map(|contact| text.contact(&contact)).collect(),
            attributes: text.attributes(self),
            truncated: self.truncated(),
        }
    }
}

impl From<Verdict<'_>> for Report {
    fn from(verdict: Verdict<'_>) -> Report {
        verdict.to_report()
    }
}

/// The text that a verdict is on.
struct Source<'t>(&'t [u8]);

impl<'t> Source<'t> {
    fn bytes(&self, range: Range<usize>) -> &'t [u8] {
        self.0.get(range).unwrap_or_default()
    }

    fn text(&self, range: Range<usize>) -> String {
        String::from_utf8_lossy(self.bytes(range)).into_owned()
    }

    fn finding(&self, finding: &Finding<'_>) -> FindingReport {
        let Range { start, end } = finding.range();
        FindingReport {
            category: finding.category(),
            score: shown_score(finding.score(), true),
            start,
            end,
            text: self.text(start..end),
            rules: finding.rules().map(str::to_owned).collect(),
            evidence: finding.evidence().map(|seen| self.evidence(&seen)).collect(),
        }
    }

    fn evidence(&self, seen: &Evidence<'_>) -> EvidenceReport {
        let Range { start, end } = seen.range();
        let folded = || fold_bytes(self.bytes(start..end)).map(|folded| folded.char);
        EvidenceReport {
            concept: seen.concept().to_owned(),
            start,
            end,
            text: self.text(start..end),
            means: seen.means().map_or_else(|| folded().collect(), str::to_owned),
            disguises: seen.disguises(),
        }
    }

    fn contact(&self, contact: &Contact<'_>) -> ContactReport {
        let Range { start, end } = contact.range();
        ContactReport {
            platform: contact.platform().to_owned(),
            value: contact.value().collect(),
            start,
            end,
            text: self.text(start..end),
        }
    }

    fn attributes(&self, verdict: &Verdict<'_>) -> Vec<AttributeReport> {
        let mut named: Vec<AttributeReport> = Vec::new();
        for attribute in verdict.attributes() {
            let name = attribute.name();
            let place = named.iter().position(|known| known.name == name);
            let place = place.unwrap_or_else(|| {
                named.push(AttributeReport { name: name.to_owned(), values: Vec::new() });
                named.len() - 1
            });
            let value = attribute.value().map(|_| self.text(attribute.range()));
            if let Some(value) = value
                && let Some(AttributeReport { values, .. }) = named.get_mut(place)
                && !values.contains(&value)
            {
                values.push(value);
            }
        }
        named
    }
}
