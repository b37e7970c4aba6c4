//! The TOML form of a pack, as serde types. Nothing is checked here but shape.

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
pub(crate) use toml::Spanned;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Source {
    pub(super) format: Spanned<i64>,
    pub(super) pack: PackTable,
    #[serde(default)]
    pub(super) concept: Vec<Spanned<ConceptTable>>,
    #[serde(default)]
    pub(super) rule: Vec<Spanned<RuleTable>>,
    #[serde(default)]
    pub(super) risk: BTreeMap<Spanned<String>, f32>,
    #[serde(default)]
    pub(super) example: Vec<Spanned<PackExampleTable>>,
}

impl Source {
    /// Where what comes from the pack that it extends stands: where that is named.
    pub(super) fn extended_at(&self) -> Option<Range<usize>> {
        self.pack.extends.as_ref().map(Spanned::span)
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PackTable {
    pub(super) id: Spanned<String>,
    pub(super) version: Spanned<String>,
    /// The pack that this one adds to.
    pub(super) extends: Option<Spanned<String>>,
    pub(super) threshold: Option<Spanned<f32>>,
    pub(super) bias: Option<Spanned<f32>>,
    pub(super) saturation: Option<Spanned<f32>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ConceptTable {
    pub(super) id: Spanned<String>,
    pub(super) platform: Option<Spanned<String>>,
    pub(super) attribute: Option<Spanned<String>>,
    pub(super) part_of: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) terms: Vec<Spanned<TermSource>>,
    #[serde(default)]
    pub(super) except: Vec<Spanned<TermSource>>,
    pub(super) pattern: Option<Spanned<String>>,
}

/// A term is a string, or a table with the string and its settings.
#[derive(Default)]
pub(super) struct TermSource {
    pub(super) text: String,
    pub(super) disguise: Vec<Spanned<String>>,
    pub(super) gap: Option<Spanned<i64>>,
    pub(super) plain: bool,
    pub(super) start: bool,
    pub(super) means: Option<Spanned<String>>,
    pub(super) wears: Vec<Spanned<String>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct TermTable {
    text: String,
    #[serde(default)]
    disguise: Vec<Spanned<String>>,
    gap: Option<Spanned<i64>>,
    #[serde(default)]
    plain: bool,
    #[serde(default)]
    start: bool,
    means: Option<Spanned<String>>,
    #[serde(default)]
    wears: Vec<Spanned<String>>,
}

impl<'de> Deserialize<'de> for TermSource {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct StringOrTable;
        impl<'de> Visitor<'de> for StringOrTable {
            type Value = TermSource;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a term: a string, or a table such as { text = \"…\", gap = 1 }",
                )
            }

            fn visit_str<E>(self, text: &str) -> Result<TermSource, E> {
                Ok(TermSource { text: text.to_owned(), ..TermSource::default() })
            }

            fn visit_map<M: MapAccess<'de>>(
                self,
                map: M,
            ) -> Result<TermSource, M::Error> {
                let table = TermTable::deserialize(MapAccessDeserializer::new(map))?;
                let TermTable { text, disguise, gap, plain, start, means, wears } = table;
                Ok(TermSource { text, disguise, gap, plain, start, means, wears })
            }
        }
        deserializer.deserialize_any(StringOrTable)
    }
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleTable {
    pub(super) id: Spanned<String>,
    pub(super) category: Spanned<String>,
    pub(super) all: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    pub(super) any: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) none: Vec<Spanned<String>>,
    pub(super) within: Spanned<i64>,
    pub(super) weight: Spanned<f32>,
    #[serde(default)]
    pub(super) example: Vec<Spanned<ExampleTable>>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExampleTable {
    #[serde(rename = "match")]
    pub(super) matches: Option<Spanned<String>>,
    pub(super) pass: Option<Spanned<String>>,
}

/// An example of the pack, not of one rule.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PackExampleTable {
    pub(super) category: Option<Spanned<String>>,
    #[serde(rename = "match")]
    pub(super) matches: Option<Spanned<String>>,
    pub(super) pass: Option<Spanned<String>>,
}
