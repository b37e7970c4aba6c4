//! Verdicts and explanations as HTML for notebooks.
//!
//! Posts are text from strangers: everything of a post goes through
//! [`push_text`], which leaves no markup and no control over the direction of
//! writing.

use crate::data::{Details, Span};
use crate::explanation::{FiredRule, Hit, NearMiss};
use crate::place::Place;
use huoyan::fold::is_hidden;
use std::fmt::Write;

/// Most rules that nearly fired that are shown.
const MISSES_MAX: usize = 12;
/// Most places whose score is explained.
const PLACES_MAX: usize = 8;
/// Longest text that is shown whole, in bytes; the rest is left out.
const TEXT_BYTES_MAX: usize = 20_000;

/// Light colours, and dark ones where the page or the notebook is dark.
const STYLE: &str = "<style>\
.huoyan{--ink:#1f2328;--soft:#59636e;--line:#d1d9e0;--page:#fff;--bad:#b3261e;\
--seen:#ffe08a;--place:#fff5d6;--good:#1a7f37;color:var(--ink);\
background:var(--page);border:1px solid var(--line);border-radius:8px;\
padding:12px 16px;max-width:60em;font:14px/1.5 system-ui,sans-serif}\
@media (prefers-color-scheme:dark){.huoyan{--ink:#e6edf3;--soft:#9198a1;\
--line:#3d444d;--page:#151b23;--bad:#ff8f85;--seen:#7a5c00;--place:#3a3218;\
--good:#56d364}}\
[data-jp-theme-light=\"true\"] .huoyan,body.vscode-light .huoyan{--ink:#1f2328;\
--soft:#59636e;--line:#d1d9e0;--page:#fff;--bad:#b3261e;--seen:#ffe08a;\
--place:#fff5d6;--good:#1a7f37}\
[data-jp-theme-light=\"false\"] .huoyan,body.vscode-dark .huoyan{--ink:#e6edf3;\
--soft:#9198a1;--line:#3d444d;--page:#151b23;--bad:#ff8f85;--seen:#7a5c00;\
--place:#3a3218;--good:#56d364}\
.huoyan .post{margin:10px 0;font-size:16px;line-height:2.2;white-space:pre-wrap;\
overflow-wrap:anywhere;unicode-bidi:isolate}\
.huoyan .place{background:var(--place)}\
.huoyan ruby{background:var(--seen);border-radius:3px;padding:0 2px;\
ruby-position:over}\
.huoyan rt{font-size:11px;color:var(--soft);user-select:none}\
.huoyan .contact{border-bottom:2px dotted var(--bad)}\
.huoyan .hidden{color:var(--soft);font-size:10px;border:1px solid var(--line);\
border-radius:3px;padding:0 2px}\
.huoyan .score{font-weight:600;font-size:18px;margin-right:8px}\
.huoyan .flagged{color:var(--bad)}.huoyan .passed{color:var(--good)}\
.huoyan .soft{color:var(--soft)}\
.huoyan h4{margin:12px 0 4px;font-size:13px;color:var(--soft);font-weight:600}\
.huoyan table{border-collapse:collapse;margin:0;font-size:13px}\
.huoyan td,.huoyan th{border:0;border-top:1px solid var(--line);padding:3px 14px 3px 0;\
text-align:left;vertical-align:top;background:none;color:inherit;\
overflow-wrap:anywhere}\
.huoyan th{color:var(--soft);font-weight:normal;border-top:0}\
</style>";

/// What an explanation shows.
pub(crate) struct Explained<'e> {
    pub(crate) text: &'e str,
    pub(crate) folded: &'e str,
    pub(crate) threshold: f32,
    pub(crate) score: f32,
    pub(crate) verdict: &'e Details,
    pub(crate) hits: Vec<&'e Hit>,
    pub(crate) fired: Vec<&'e FiredRule>,
    pub(crate) near_misses: Vec<&'e NearMiss>,
    pub(crate) places: Vec<&'e Place>,
}

/// A span to mark, and what is written over it.
struct Mark<'m> {
    span: Span,
    reads: &'m str,
}

/// A verdict as HTML.
pub(crate) fn verdict(text: &str, score: f32, details: &Details) -> String {
    let mut out = String::new();
    open(&mut out, score, details);
    let evidence = details.findings.iter().flat_map(|finding| &finding.evidence);
    let marks = evidence.map(|seen| Mark { span: seen.span, reads: &seen.means });
    push_post(&mut out, text, marks.collect(), details);
    let evidence: Vec<_> = details
        .findings
        .iter()
        .flat_map(|finding| &finding.evidence)
        .map(|e| (e.span, &*e.means, &*e.concept, e.disguises.names().collect(), 0.0))
        .collect();
    push_seen(&mut out, text, &evidence);
    push_contacts(&mut out, text, details);
    out.push_str("</div>");
    out
}

/// An explanation as HTML.
pub(crate) fn explanation(explained: &Explained<'_>) -> String {
    let Explained { text, verdict, .. } = explained;
    let mut out = String::new();
    open(&mut out, explained.score, verdict);
    let marks = explained.hits.iter();
    let marks = marks.map(|hit| Mark { span: hit.span, reads: &hit.means }).collect();
    push_post(&mut out, text, marks, verdict);
    if explained.folded != *text {
        title(&mut out, "folded");
        out.push_str("<div class=\"post\" dir=\"auto\">");
        push_text(&mut out, cut(explained.folded));
        out.push_str("</div>");
    }
    let hits: Vec<_> = explained
        .hits
        .iter()
        .map(|h| (h.span, &*h.means, &*h.concept, h.disguises.names().collect(), h.risk))
        .collect();
    push_seen(&mut out, text, &hits);
    push_contacts(&mut out, text, verdict);
    if !explained.fired.is_empty() {
        title(&mut out, "rules that fired");
        out.push_str("<table><tr><th>weight<th>rule<th>category");
        for rule in &explained.fired {
            _ = write!(out, "<tr><td>{:+.2}<td>", rule.weight);
            push_text(&mut out, &rule.rule);
            _ = write!(out, "<td>{}", rule.category);
        }
        out.push_str("</table>");
    }
    let misses = &explained.near_misses;
    if !misses.is_empty() {
        title(&mut out, "rules that nearly fired");
        out.push_str("<table><tr><th>rule<th>category<th>why not");
        for miss in misses.iter().take(MISSES_MAX) {
            out.push_str("<tr><td>");
            push_text(&mut out, &miss.rule);
            _ = write!(out, "<td>{}<td class=\"soft\">", miss.category);
            push_text(&mut out, &miss.reason);
        }
        out.push_str("</table>");
        if misses.len() > MISSES_MAX {
            let more = misses.len() - MISSES_MAX;
            _ = write!(out, "<span class=\"soft\">… and {more} more</span>");
        }
    }
    push_places(&mut out, text, &explained.places);
    _ = write!(out, "<h4>flagged from a score of {:.0}</h4></div>", explained.threshold);
    out
}

/// How the score of each place came about, the highest first.
fn push_places(out: &mut String, text: &str, places: &[&Place]) {
    let mut places = places.to_vec();
    places.sort_by(|a, b| b.place.log_odds.total_cmp(&a.place.log_odds));
    for Place { span, place, .. } in places.iter().take(PLACES_MAX) {
        let class = if place.flagged { "flagged" } else { "passed" };
        _ = write!(
            out,
            "<h4><span class=\"{class}\">{}</span> {} · ",
            huoyan::shown_score(place.score, place.flagged),
            place.category.name()
        );
        let (start, end) = span.bytes;
        push_text(out, cut(text.get(start as usize..end as usize).unwrap_or("")));
        out.push_str("</h4><table>");
        for (value, what) in place.account() {
            _ = write!(out, "<tr><td>{value:+.2}<td>");
            push_text(out, what);
        }
        out.push_str("</table>");
    }
    if places.len() > PLACES_MAX {
        let more = places.len() - PLACES_MAX;
        _ = write!(out, "<span class=\"soft\">… and {more} more places</span>");
    }
}

fn open(out: &mut String, score: f32, details: &Details) {
    out.push_str(STYLE);
    let (class, what) = match details.category {
        Some(category) => ("flagged", category.name()),
        None => ("passed", "not flagged"),
    };
    let score = huoyan::shown_score(score, details.category.is_some());
    _ = write!(
        out,
        "<div class=\"huoyan\"><span class=\"score {class}\">{score}</span>\
         <span class=\"{class}\">{what}</span>"
    );
    for platform in &details.platforms {
        out.push_str(" <span class=\"soft\">· ");
        push_text(out, platform);
        out.push_str("</span>");
    }
}

fn title(out: &mut String, title: &str) {
    _ = write!(out, "<h4>{title}</h4>");
}

/// The text with marks over what was seen, findings and contacts.
fn push_post(out: &mut String, text: &str, mut marks: Vec<Mark<'_>>, details: &Details) {
    marks.sort_by_key(|mark| (mark.span.bytes.0, u32::MAX - mark.span.bytes.1));
    out.push_str("<div class=\"post\" dir=\"auto\">");
    let shown = cut(text);
    let covers = |(start, end): (u32, u32), at: u32| start <= at && at < end;
    let style = |at: u32| {
        let place = details.findings.iter().any(|f| covers(f.span.bytes, at));
        let contact = details.contacts.iter().any(|c| covers(c.span.bytes, at));
        (place, contact)
    };
    // Where a finding or a contact begins or ends, another style begins.
    let mut borders: Vec<u32> = Vec::new();
    borders
        .extend(details.findings.iter().flat_map(|f| [f.span.bytes.0, f.span.bytes.1]));
    borders
        .extend(details.contacts.iter().flat_map(|c| [c.span.bytes.0, c.span.bytes.1]));
    borders.sort_unstable();
    let push_styled = |out: &mut String, from: u32, to: u32| {
        let mut at = from;
        while at < to {
            let next = borders.iter().find(|border| **border > at);
            let end = next.copied().unwrap_or(to).min(to);
            let class = match style(at) {
                (true, true) => "place contact",
                (true, false) => "place",
                (false, true) => "contact",
                (false, false) => "",
            };
            let span = shown.get(at as usize..end as usize).unwrap_or("");
            match class {
                "" => push_text(out, span),
                _ => {
                    _ = write!(out, "<span class=\"{class}\">");
                    push_text(out, span);
                    out.push_str("</span>");
                }
            }
            at = end;
        }
    };
    let mut at = 0;
    for Mark { span: Span { bytes: (start, end), .. }, reads } in marks {
        // One mark over a stretch of text; the table lists them all.
        if start < at || end as usize > shown.len() {
            continue;
        }
        push_styled(out, at, start);
        let seen = shown.get(start as usize..end as usize).unwrap_or("");
        out.push_str("<ruby>");
        push_text(out, seen);
        if seen != reads {
            out.push_str("<rt>");
            push_text(out, reads);
            out.push_str("</rt>");
        }
        out.push_str("</ruby>");
        at = end;
    }
    push_styled(out, at, shown.len() as u32);
    if shown.len() < text.len() {
        _ = write!(
            out,
            "<span class=\"soft\"> … {} more bytes</span>",
            text.len() - shown.len()
        );
    }
    out.push_str("</div>");
}

/// A span, what it reads as, its concept, its disguises and its risk.
type Seen<'s> = (Span, &'s str, &'s str, Vec<&'static str>, f32);

fn push_seen(out: &mut String, text: &str, seen: &[Seen<'_>]) {
    if seen.is_empty() {
        return;
    }
    let risky = seen.iter().any(|(.., risk)| *risk != 0.0);
    title(out, "seen");
    out.push_str("<table><tr><th>written<th>reads as<th>concept<th>disguise");
    out.push_str(if risky { "<th>risk" } else { "" });
    for (span, means, concept, disguises, risk) in seen {
        let (start, end) = span.bytes;
        out.push_str("<tr><td>");
        push_text(out, text.get(start as usize..end as usize).unwrap_or(""));
        out.push_str("<td>");
        push_text(out, means);
        out.push_str("<td>");
        push_text(out, concept);
        _ = write!(out, "<td class=\"soft\">{}", disguises.join(", "));
        match (risky, *risk != 0.0) {
            (true, true) => _ = write!(out, "<td>{risk:+.1}"),
            (true, false) => out.push_str("<td>"),
            (false, _) => {}
        }
    }
    out.push_str("</table>");
}

fn push_contacts(out: &mut String, text: &str, details: &Details) {
    if details.contacts.is_empty() {
        return;
    }
    title(out, "contacts");
    out.push_str("<table><tr><th>platform<th>contact<th>written");
    for contact in &details.contacts {
        let (start, end) = contact.span.bytes;
        out.push_str("<tr><td>");
        push_text(out, &contact.platform);
        out.push_str("<td>");
        push_text(out, &contact.value);
        out.push_str("<td>");
        push_text(out, text.get(start as usize..end as usize).unwrap_or(""));
    }
    out.push_str("</table>");
}

/// The beginning of a text, up to what is shown.
fn cut(text: &str) -> &str {
    let mut end = text.len().min(TEXT_BYTES_MAX);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Text without markup: what HTML reads as markup is escaped, and what nobody
/// would see, or what moves other text, is shown by its number.
fn push_text(out: &mut String, text: &str) {
    let mut before = None;
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' => out.push(c),
            _ if is_hidden(c, before) => {
                _ = write!(out, "<span class=\"hidden\">{:04X}</span>", u32::from(c));
            }
            _ => out.push(c),
        }
        before = Some(c);
    }
}
