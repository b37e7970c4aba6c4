//! The form of a file of behaviour rows, for whoever runs them in Rust.

use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct File {
    /// The pack to use; the built-in one if absent.
    pub(crate) pack: Option<String>,
    pub(crate) row: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) text: String,
    /// The category of the verdict; not flagged if absent.
    pub(crate) category: Option<String>,
    /// Text of the first finding.
    pub(crate) finding: Option<String>,
    pub(crate) platforms: Option<Vec<String>>,
    pub(crate) hits: Option<Vec<Hit>>,
    pub(crate) attributes: Option<BTreeMap<String, Vec<String>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Hit {
    pub(crate) concept: String,
    pub(crate) text: Option<String>,
    pub(crate) means: Option<String>,
    pub(crate) disguises: Option<Vec<String>>,
}
