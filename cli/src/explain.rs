//! `huoyan explain`: everything that a scan of one text sees.

use crate::align;
use crate::args::ExplainArgs;
use crate::error::{Failure, Result};
use crate::input::{POST_BYTES_MAX, STDIN};
use crate::pack;
use crate::paint::{self, Found, Styles, push_styled};
use crate::pretty::{Row, push_rows, tidy};
use crate::terminal::{pad, printable};
use huoyan::{
    ExplainedHit, ExplainedPlace, ExplainedRule, Explanation, NearReason, Ruleset,
    shown_score,
};
use std::fmt::Write as _;
use std::io::{self, Read, Write};
use unicode_width::UnicodeWidthStr;

/// Most rules that nearly fired that are shown.
const MISSES_MAX: usize = 12;
/// Most names of concepts that one of them lists.
const NAMES_MAX: usize = 6;
/// Most places whose score is explained.
const PLACES_MAX: usize = 8;

/// Runs the command.
pub(crate) fn run(args: &ExplainArgs) -> Result<()> {
    let ruleset = pack::load(&args.pack)?;
    let text = match args.text.as_str() {
        STDIN => read_stdin()?,
        text => text.to_owned(),
    };
    let colour =
        anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never;
    let shown = explain(&ruleset, &text, &Styles::new(colour));
    anstream::stdout().write_all(shown.as_bytes())?;
    Ok(())
}

fn read_stdin() -> Result<String> {
    let mut bytes = Vec::new();
    let limit = POST_BYTES_MAX as u64 + 1;
    io::stdin().take(limit).read_to_end(&mut bytes).map_err(|error| {
        Failure::message(format!("cannot read standard input: {error}"))
    })?;
    if bytes.len() > POST_BYTES_MAX {
        return Err(Failure::message(
            "the text is longer than 16 MiB; explain a part of it",
        ));
    }
    let text = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    Ok(String::from_utf8_lossy(text).into_owned())
}

/// The explanation as text.
fn explain(ruleset: &Ruleset<'_>, text: &str, styles: &Styles) -> String {
    let explanation = ruleset.explain(text);
    let mut out = String::new();
    push_title(&mut out, "text", styles);
    out.push_str("    ");
    let hits = explanation.hits.iter();
    let mut words: Vec<_> = hits.map(|hit| hit.range.clone()).collect();
    words.sort_by_key(|word| word.start);
    let found = Found { words: words.clone(), ..Found::default() };
    paint::push(&mut out, text.as_bytes(), found, styles);
    out.push('\n');
    if explanation.folded != text {
        push_title(&mut out, "folded", styles);
        align::push(&mut out, text, &words, styles);
    }
    push_title(&mut out, "seen", styles);
    push_rows(&mut out, &hits_as_rows(&explanation, text), styles);
    if explanation.hits.is_empty() {
        out.push_str("    nothing that the pack has a word for\n");
    }
    push_fired(&mut out, &explanation, text, styles);
    push_near_misses(&mut out, &explanation, styles);
    push_scores(&mut out, ruleset, &explanation, text, styles);
    out
}

fn push_title(out: &mut String, title: &str, styles: &Styles) {
    if !out.is_empty() {
        out.push('\n');
    }
    push_styled(out, title, styles.place);
    out.push('\n');
}

fn hits_as_rows(explanation: &Explanation, text: &str) -> Vec<Row> {
    let row = |hit: &ExplainedHit| {
        let span = text.get(hit.range.clone()).unwrap_or("");
        let mut row =
            Row::new(hit.range.clone(), span, &hit.concept, &hit.means, hit.disguises);
        if hit.risk != 0.0 {
            row.note = format!("risk {:+.1}", hit.risk);
        }
        row
    };
    let mut rows = explanation.hits.iter().map(row).collect();
    tidy(&mut rows);
    rows
}

/// Rules that fired, each once.
fn push_fired(out: &mut String, explanation: &Explanation, text: &str, styles: &Styles) {
    let mut fired: Vec<(&ExplainedRule, usize)> = Vec::new();
    for rule in &explanation.fired {
        match fired.iter_mut().find(|(known, _)| known.rule == rule.rule) {
            Some((_, times)) => *times += 1,
            None => fired.push((rule, 1)),
        }
    }
    if fired.is_empty() {
        return;
    }
    push_title(out, "rules that fired", styles);
    let width = fired.iter().map(|(rule, _)| rule.rule.width()).max().unwrap_or(0);
    for (rule, times) in fired {
        _ = write!(out, "    {:+5.2}  {}", rule.weight, printable(&rule.rule));
        pad(out, &rule.rule, width + 2);
        push_styled(out, &format!("{:<23}", rule.category), styles.faint);
        let span = text.get(rule.range.clone()).unwrap_or("");
        paint::push(out, span.as_bytes(), Found::default(), styles);
        if times > 1 {
            _ = write!(out, "  ×{times}");
        }
        out.push('\n');
    }
}

fn push_near_misses(out: &mut String, explanation: &Explanation, styles: &Styles) {
    let misses = &explanation.near_misses;
    if misses.is_empty() {
        return;
    }
    push_title(out, "rules that nearly fired", styles);
    let width = misses.iter().map(|miss| miss.rule.width()).max().unwrap_or(0);
    for miss in misses.iter().take(MISSES_MAX) {
        let rule = printable(&miss.rule);
        _ = write!(out, "    {rule}");
        pad(out, &rule, width + 2);
        push_styled(out, &format!("{:<23}", miss.category), styles.faint);
        out.push_str(&reason(&miss.reason));
        out.push('\n');
    }
    if misses.len() > MISSES_MAX {
        _ = writeln!(out, "    … and {} more", misses.len() - MISSES_MAX);
    }
}

fn reason(reason: &NearReason) -> String {
    match reason {
        NearReason::Lacks(concept) => format!("lacks {}", printable(concept)),
        NearReason::LacksAny(concepts) => {
            let names: Vec<String> =
                concepts.iter().take(NAMES_MAX).map(|name| printable(name)).collect();
            let more = if concepts.len() > NAMES_MAX { ", …" } else { "" };
            format!("lacks one of {}{more}", names.join(", "))
        }
        NearReason::Apart(within) => {
            format!("its parts are {within} symbols apart or more")
        }
        NearReason::Forbidden(concept) => {
            format!("{} must not be near", printable(concept))
        }
        _ => String::new(),
    }
}

/// How the score of each place came about, whether or not it counts.
fn push_scores(
    out: &mut String,
    ruleset: &Ruleset<'_>,
    explanation: &Explanation,
    text: &str,
    styles: &Styles,
) {
    let threshold = ruleset.threshold();
    push_title(out, &format!("score, of 100; flagged from {threshold}"), styles);
    let mut places: Vec<&ExplainedPlace> = explanation.places.iter().collect();
    places.sort_by(|a, b| b.log_odds.total_cmp(&a.log_odds));
    if places.is_empty() {
        out.push_str("      0  no rule fired\n");
    }
    for place in places.iter().take(PLACES_MAX) {
        let style = if place.flagged { styles.flagged } else { Default::default() };
        out.push_str("    ");
        let title =
            format!("{:>3}  {}", shown_score(place.score, place.flagged), place.category);
        push_styled(out, &title, style);
        out.push_str(if place.flagged { ", flagged  " } else { "  " });
        let span = text.get(place.range.clone()).unwrap_or("");
        paint::push(out, span.as_bytes(), Found::default(), styles);
        out.push('\n');
        for (value, what) in place.account() {
            let line = format!("         {value:+6.2}  {}\n", printable(what));
            push_styled(out, &line, styles.faint);
        }
    }
    if places.len() > PLACES_MAX {
        _ = writeln!(out, "    … and {} more places", places.len() - PLACES_MAX);
    }
}
