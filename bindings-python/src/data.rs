//! Verdicts as data of their own: what the scratch held, with spans in code
//! points beside those in bytes. No Python here.

use crate::text::is_start;
use huoyan::fold::{Disguise, DisguiseSet};
use huoyan::{Category, Verdict, fold};
use serde::{Deserialize, Serialize};
use std::ops::Range;
use std::sync::Arc;

/// What a text came to. Most texts have no details.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct VerdictData {
    pub(crate) score: f32,
    pub(crate) details: Option<Arc<Details>>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Details {
    #[serde(with = "category")]
    pub(crate) category: Option<Category>,
    pub(crate) platforms: Vec<Box<str>>,
    pub(crate) findings: Vec<FindingData>,
    pub(crate) contacts: Vec<ContactData>,
    pub(crate) attributes: Vec<AttributeData>,
    pub(crate) truncated: bool,
}

/// A span of a text, end exclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) struct Span {
    pub(crate) bytes: (u32, u32),
    /// In code points.
    pub(crate) chars: (u32, u32),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct FindingData {
    #[serde(with = "category")]
    pub(crate) category: Option<Category>,
    pub(crate) score: f32,
    pub(crate) span: Span,
    pub(crate) rules: Vec<Box<str>>,
    pub(crate) evidence: Vec<EvidenceData>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EvidenceData {
    pub(crate) concept: Box<str>,
    pub(crate) span: Span,
    pub(crate) means: Box<str>,
    pub(crate) disguises: Disguises,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ContactData {
    pub(crate) platform: Box<str>,
    pub(crate) value: Box<str>,
    pub(crate) span: Span,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AttributeData {
    pub(crate) name: Box<str>,
    /// `None` where the attribute is there or not.
    pub(crate) value: Option<Box<str>>,
}

/// Kinds of disguise, by the bits of [`DisguiseSet`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Disguises(u32);

impl Disguises {
    pub(crate) fn of(set: DisguiseSet) -> Disguises {
        Disguises(set.bits())
    }

    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        DisguiseSet::from_bits(self.0).iter().map(Disguise::name)
    }
}

impl VerdictData {
    /// Copies a verdict on `text`.
    pub(crate) fn of(verdict: &Verdict<'_>, text: &[u8]) -> VerdictData {
        VerdictData { score: verdict.score(), details: Details::of(verdict, text) }
    }
}

impl Details {
    /// `None` if there is nothing to tell beside the score.
    pub(crate) fn of(verdict: &Verdict<'_>, text: &[u8]) -> Option<Arc<Details>> {
        let nothing = !verdict.is_flagged()
            && !verdict.truncated()
            && verdict.platforms().next().is_none()
            && verdict.contacts().next().is_none()
            && verdict.attributes().next().is_none();
        if nothing {
            return None;
        }
        let mut details = Details {
            category: verdict.category(),
            platforms: verdict.platforms().map(Box::from).collect(),
            truncated: verdict.truncated(),
            ..Details::default()
        };
        for finding in verdict.findings() {
            let evidence = finding.evidence().map(|evidence| {
                let range = evidence.range();
                let means = match evidence.means() {
                    Some(means) => Box::from(means),
                    None => folded(text.get(range.clone()).unwrap_or_default()),
                };
                EvidenceData {
                    concept: evidence.concept().into(),
                    span: Span::bytes(range),
                    means,
                    disguises: Disguises::of(evidence.disguises()),
                }
            });
            details.findings.push(FindingData {
                category: Some(finding.category()),
                score: finding.score(),
                span: Span::bytes(finding.range()),
                rules: finding.rules().map(Box::from).collect(),
                evidence: evidence.collect(),
            });
        }
        details.contacts.extend(verdict.contacts().map(|contact| ContactData {
            platform: contact.platform().into(),
            value: contact.value().collect::<String>().into(),
            span: Span::bytes(contact.range()),
        }));
        for attribute in verdict.attributes() {
            let span = text.get(attribute.range()).unwrap_or_default();
            let value = attribute.value().map(|_| lossy(span));
            let data = AttributeData { name: attribute.name().into(), value };
            if !details.attributes.contains(&data) {
                details.attributes.push(data);
            }
        }
        count_code_points(text, details.spans());
        Some(Arc::new(details))
    }

    /// The attributes, each with its values.
    pub(crate) fn attributes(&self) -> Vec<(&str, Vec<&str>)> {
        let mut named: Vec<(&str, Vec<&str>)> = Vec::new();
        for AttributeData { name, value } in &self.attributes {
            let place = named.iter().position(|(known, _)| *known == &**name);
            let place = place.unwrap_or_else(|| {
                named.push((name, Vec::new()));
                named.len() - 1
            });
            if let (Some(value), Some((_, values))) = (value, named.get_mut(place)) {
                values.push(value);
            }
        }
        named
    }

    fn spans(&mut self) -> Vec<&mut Span> {
        let mut spans: Vec<&mut Span> = Vec::new();
        for finding in &mut self.findings {
            spans.push(&mut finding.span);
            spans.extend(finding.evidence.iter_mut().map(|evidence| &mut evidence.span));
        }
        spans.extend(self.contacts.iter_mut().map(|contact| &mut contact.span));
        spans
    }
}

impl Span {
    /// A span whose code points are not counted yet. No text is longer than
    /// the library scans, which is what 32 bits hold.
    pub(crate) fn bytes(range: Range<usize>) -> Span {
        let bytes = (range.start as u32, range.end as u32);
        Span { bytes, chars: bytes }
    }
}

/// Fills in the code points of spans, in one pass over the text.
pub(crate) fn count_code_points(text: &[u8], mut spans: Vec<&mut Span>) {
    if spans.is_empty() || text.is_ascii() {
        return;
    }
    let mut offsets: Vec<u32> =
        spans.iter().flat_map(|s| [s.bytes.0, s.bytes.1]).collect();
    offsets.sort_unstable();
    offsets.dedup();
    let (mut at, mut count) = (0, 0);
    let counted: Vec<u32> = offsets
        .iter()
        .map(|offset| {
            let to = (*offset as usize).min(text.len());
            let between = text.get(at..to).unwrap_or_default();
            count += between.iter().filter(|byte| is_start(**byte)).count() as u32;
            at = to;
            count
        })
        .collect();
    let chars = |offset: u32| {
        let place = offsets.binary_search(&offset).unwrap_or_default();
        counted.get(place).copied().unwrap_or_default()
    };
    for span in &mut spans {
        span.chars = (chars(span.bytes.0), chars(span.bytes.1));
    }
}

/// The plain form of a span.
pub(crate) fn folded(span: &[u8]) -> Box<str> {
    fold::fold_bytes(span).map(|folded| folded.char).collect::<String>().into()
}

/// A span as text.
pub(crate) fn lossy(span: &[u8]) -> Box<str> {
    String::from_utf8_lossy(span).into()
}

mod category {
    use huoyan::Category;
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(
        category: &Option<Category>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        category.map(Category::name).serialize(serializer)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Category>, D::Error> {
        let name = Option::<std::borrow::Cow<'_, str>>::deserialize(deserializer)?;
        Ok(name.and_then(|name| Category::from_name(&name)))
    }
}
