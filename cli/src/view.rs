//! A post with its verdict, as the outputs see it.

use crate::post::Post;
use huoyan::{Category, Evidence, Finding, Verdict, fold};
use std::borrow::Cow;
use std::ops::Range;

/// A post with its verdict.
pub(crate) struct View<'a> {
    pub(crate) post: &'a Post<'a>,
    /// The file's name, where there are several.
    pub(crate) file: Option<&'a str>,
    pub(crate) verdict: Verdict<'a>,
}

impl<'a> View<'a> {
    /// The categories of the findings, each with its highest score, the highest
    /// first.
    pub(crate) fn scores(&self) -> Vec<(Category, f32)> {
        let mut scores: Vec<(Category, f32)> = Vec::new();
        for finding in self.findings() {
            let (category, score) = (finding.category(), finding.score());
            match scores.iter_mut().find(|(known, _)| *known == category) {
                Some((_, best)) => *best = best.max(score),
                None => scores.push((category, score)),
            }
        }
        scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        scores
    }

    /// The findings, in the order of the text.
    pub(crate) fn findings(&self) -> impl Iterator<Item = Finding<'a>> + use<'a> {
        self.verdict.findings()
    }

    /// A span of the post.
    pub(crate) fn text(&self, range: Range<usize>) -> Cow<'a, str> {
        String::from_utf8_lossy(self.bytes(range))
    }

    /// What a hit reads as.
    pub(crate) fn means(&self, evidence: &Evidence<'a>) -> Cow<'a, str> {
        match evidence.means() {
            Some(term) => Cow::Borrowed(term),
            None => {
                let span = self.bytes(evidence.range());
                fold::fold_bytes(span).map(|folded| folded.char).collect()
            }
        }
    }

    /// The attributes of what is offered, each with its values.
    pub(crate) fn attributes(&self) -> Vec<(&'a str, Vec<Cow<'a, str>>)> {
        let mut named: Vec<(&str, Vec<_>)> = Vec::new();
        for attribute in self.verdict.attributes() {
            let name = attribute.name();
            let place = named.iter().position(|(known, _)| *known == name);
            let place = place.unwrap_or_else(|| {
                named.push((name, Vec::new()));
                named.len() - 1
            });
            let value = attribute.value().map(|_| self.text(attribute.range()));
            if let Some(value) = value
                && let Some((_, values)) = named.get_mut(place)
                && !values.contains(&value)
            {
                values.push(value);
            }
        }
        named
    }

    fn bytes(&self, range: Range<usize>) -> &'a [u8] {
        self.post.text.get(range).unwrap_or_default()
    }
}
