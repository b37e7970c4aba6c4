//! A post with its verdict, as the outputs see it.

use crate::post::Post;
use huoyan::{Category, Finding, Verdict};

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
}
