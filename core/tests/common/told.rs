//! What a scan tells, in a form that can be compared.

use huoyan::{Ruleset, Scratch, Stream, StreamPart, Verdict};

/// What a text comes to, in an order that does not depend on parts.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Told {
    pub(crate) lines: Vec<String>,
    pub(crate) score: f32,
    pub(crate) category: Option<huoyan::Category>,
    pub(crate) platforms: Vec<String>,
    pub(crate) truncated: bool,
}

impl Told {
    /// What a verdict tells.
    pub(crate) fn of(verdict: &Verdict<'_>) -> Told {
        let mut told = Told {
            score: verdict.score(),
            category: verdict.category(),
            platforms: verdict.platforms().map(str::to_owned).collect(),
            truncated: verdict.truncated(),
            ..Told::default()
        };
        told.add(verdict, 0);
        told.lines.sort();
        told
    }

    /// Adds what a part tells that begins at `offset`.
    pub(crate) fn add(&mut self, verdict: &Verdict<'_>, offset: u64) {
        let span = |range: std::ops::Range<usize>| {
            format!("{}..{}", range.start as u64 + offset, range.end as u64 + offset)
        };
        for finding in verdict.findings() {
            let evidence: Vec<String> = finding
                .evidence()
                .map(|e| {
                    format!("{} {} {:?}", e.concept(), span(e.range()), e.disguises())
                })
                .collect();
            self.lines.push(format!(
                "finding {} {} {} {:?} {evidence:?}",
                finding.category(),
                span(finding.range()),
                finding.log_odds(),
                finding.rules().collect::<Vec<_>>(),
            ));
        }
        for contact in verdict.contacts() {
            let value: String = contact.value().collect();
            let (platform, span) = (contact.platform(), span(contact.range()));
            self.lines.push(format!("contact {platform} {span} {value}"));
        }
        for attribute in verdict.attributes() {
            let span = span(attribute.range());
            self.lines.push(format!("attribute {} {span}", attribute.name()));
        }
    }
}

/// What a scan of a whole text tells.
pub(crate) fn whole(ruleset: &Ruleset<'_>, scratch: &mut Scratch, text: &[u8]) -> Told {
    Told::of(&ruleset.scan_bytes(scratch, text))
}

/// What a text in chunks tells.
pub(crate) fn streamed<'c>(
    stream: &mut Stream<'_>,
    chunks: impl IntoIterator<Item = &'c [u8]>,
) -> Told {
    let mut told = Told::default();
    let mut add = |part: StreamPart<'_>| told.add(&part.verdict(), part.offset());
    chunks.into_iter().for_each(|chunk| stream.feed(chunk, &mut add));
    stream.finish(&mut add);
    told.lines.sort();
    Told {
        score: stream.score(),
        category: stream.category(),
        platforms: stream.platforms().map(str::to_owned).collect(),
        truncated: stream.truncated(),
        ..told
    }
}
