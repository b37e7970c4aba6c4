//! The JSON record of a post.

use crate::post::Id;
use crate::view::View;
use huoyan::Report;
use serde::ser::Serializer;
use std::fmt::Display;

/// A post with its verdict, in the form of `--output json`.
#[derive(serde::Serialize)]
pub(crate) struct Record<'a> {
    #[serde(serialize_with = "shown")]
    id: Id<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(flatten)]
    report: Report,
}

impl<'a> Record<'a> {
    pub(crate) fn of(view: &View<'a>) -> Record<'a> {
        let report = view.verdict.to_report();
        Record { id: view.post.id(), file: view.file, report }
    }
}

/// A post that could not be read, in the form of `--output json`.
#[derive(serde::Serialize)]
pub(crate) struct ErrorRecord<'a> {
    #[serde(serialize_with = "shown")]
    pub(crate) id: Id<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<&'a str>,
    pub(crate) error: &'a str,
}

/// Something shown as a JSON string.
fn shown<S: Serializer>(it: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(it)
}
