//! The JSON record of a post.

use crate::view::View;
use huoyan::{Contact, Evidence, Finding, shown_score};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::fmt::Display;

/// A post with its verdict, in the form of `--output json`.
pub(crate) struct Record<'a>(pub(crate) &'a View<'a>);

/// A post that could not be read, in the form of `--output json`.
pub(crate) struct ErrorRecord<'a> {
    pub(crate) id: &'a dyn Display,
    pub(crate) file: Option<&'a str>,
    pub(crate) error: &'a str,
}

impl Serialize for Record<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let view = self.0;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &Text(view.post.id()))?;
        if let Some(file) = view.file {
            map.serialize_entry("file", file)?;
        }
        let category = view.verdict.category();
        let score = shown_score(view.verdict.score(), category.is_some());
        map.serialize_entry("score", &score)?;
        map.serialize_entry("category", &category.map(|category| category.name()))?;
        map.serialize_entry("platforms", &Seq(|| view.verdict.platforms()))?;
        map.serialize_entry(
            "findings",
            &Seq(|| view.findings().map(|finding| FindingRecord { view, finding })),
        )?;
        map.serialize_entry(
            "contacts",
            &Seq(|| {
                view.verdict.contacts().map(|contact| ContactRecord { view, contact })
            }),
        )?;
        map.serialize_entry("attributes", &Attributes(view))?;
        if view.verdict.truncated() {
            map.serialize_entry("truncated", &true)?;
        }
        map.end()
    }
}

impl Serialize for ErrorRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("id", &Text(self.id))?;
        if let Some(file) = self.file {
            map.serialize_entry("file", file)?;
        }
        map.serialize_entry("error", self.error)?;
        map.end()
    }
}

struct FindingRecord<'a> {
    view: &'a View<'a>,
    finding: Finding<'a>,
}

impl Serialize for FindingRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let FindingRecord { view, finding } = self;
        let range = finding.range();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("category", finding.category().name())?;
        map.serialize_entry("score", &shown_score(finding.score(), true))?;
        map.serialize_entry("start", &range.start)?;
        map.serialize_entry("end", &range.end)?;
        map.serialize_entry("text", &view.text(range))?;
        map.serialize_entry("rules", &Seq(|| finding.rules()))?;
        map.serialize_entry(
            "evidence",
            &Seq(|| finding.evidence().map(|evidence| EvidenceRecord { view, evidence })),
        )?;
        map.end()
    }
}

struct EvidenceRecord<'a> {
    view: &'a View<'a>,
    evidence: Evidence<'a>,
}

impl Serialize for EvidenceRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let EvidenceRecord { view, evidence } = self;
        let range = evidence.range();
        let disguises = evidence.disguises();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("concept", evidence.concept())?;
        map.serialize_entry("start", &range.start)?;
        map.serialize_entry("end", &range.end)?;
        map.serialize_entry("text", &view.text(range))?;
        map.serialize_entry("means", &view.means(evidence))?;
        map.serialize_entry("disguises", &Seq(|| disguises.iter().map(|d| d.name())))?;
        map.end()
    }
}

struct ContactRecord<'a> {
    view: &'a View<'a>,
    contact: Contact<'a>,
}

impl Serialize for ContactRecord<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ContactRecord { view, contact } = self;
        let range = contact.range();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("platform", contact.platform())?;
        map.serialize_entry("value", &contact.value().collect::<String>())?;
        map.serialize_entry("start", &range.start)?;
        map.serialize_entry("end", &range.end)?;
        map.serialize_entry("text", &view.text(range))?;
        map.end()
    }
}

/// Each attribute's name with its values, or `true` if it has none.
struct Attributes<'a>(&'a View<'a>);

impl Serialize for Attributes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, values) in self.0.attributes() {
            match values.is_empty() {
                true => map.serialize_entry(name, &true)?,
                false => map.serialize_entry(name, &values)?,
            }
        }
        map.end()
    }
}

/// Something shown as a JSON string.
struct Text<T>(T);

impl<T: Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

/// An iterator as a JSON array.
struct Seq<F>(F);

impl<I, F> Serialize for Seq<F>
where
    I: Iterator<Item: Serialize>,
    F: Fn() -> I,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq((self.0)())
    }
}
