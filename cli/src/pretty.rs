//! Findings for people: a flagged post, what was found in it, what it means.

use crate::paint::{self, Found, Styles, push_styled};
use crate::terminal::{pad, printable};
use crate::view::View;
use huoyan::{ContactReport, EvidenceReport, Report, fold::DisguiseSet, shown_score};
use std::fmt::Write;
use std::ops::Range;
use unicode_width::UnicodeWidthStr;

/// Most lines that tell of words found in one post.
const ROWS_MAX: usize = 24;
/// Widest first column.
const COLUMN_MAX: usize = 28;

/// Where lists go on on the next line.
const LINE_COLUMNS: usize = 90;

/// Writes flagged posts.
#[derive(Debug)]
pub(crate) struct Pretty {
    styles: Styles,
    /// Kept from post to post.
    out: String,
}

/// A line that tells of a span of the post.
pub(crate) struct Row {
    pub(crate) range: Range<usize>,
    /// The span as it stands in the post.
    pub(crate) text: String,
    /// What was seen in it.
    pub(crate) concepts: Vec<String>,
    /// What the span reads as, if that is something else.
    pub(crate) means: Option<String>,
    pub(crate) disguises: DisguiseSet,
    /// What else there is to say.
    pub(crate) note: String,
}

impl Pretty {
    pub(crate) fn new(colour: bool) -> Pretty {
        Pretty { styles: Styles::new(colour), out: String::new() }
    }

    /// Writes one flagged post.
    pub(crate) fn write(&mut self, view: &View<'_>, file: &str, output: &mut Vec<u8>) {
        let Pretty { styles, out } = self;
        let report = view.verdict.to_report();
        out.clear();
        push_header(out, view, file, styles);
        out.push_str("  ");
        paint::push(out, view.post.text, found(&report), styles);
        out.push_str("\n\n");
        let mut rows = rows(&report);
        only_longest(&mut rows);
        push_rows(out, &rows, styles);
        push_details(out, &report, styles);
        out.push('\n');
        output.extend_from_slice(out.as_bytes());
    }
}

/// Where the post is, and what it offers.
fn push_header(out: &mut String, view: &View<'_>, file: &str, styles: &Styles) {
    // Writing to a String does not fail; so in all of this module.
    let place = format!("{file}:{}", view.post.line);
    push_styled(out, &place, styles.place);
    if let Some(id) = &view.post.id {
        push_styled(out, &format!(" (id {})", printable(id)), styles.faint);
    }
    for (category, score) in view.scores() {
        out.push_str("  ");
        push_styled(
            out,
            &format!("{category} {}", shown_score(score, true)),
            styles.flagged,
        );
    }
    out.push('\n');
}

fn found(report: &Report) -> Found {
    Found {
        words: evidence(report).map(EvidenceReport::range).collect(),
        contacts: report.contacts.iter().map(ContactReport::range).collect(),
    }
}

fn evidence(report: &Report) -> impl Iterator<Item = &EvidenceReport> {
    report.findings.iter().flat_map(|finding| &finding.evidence)
}

fn rows(report: &Report) -> Vec<Row> {
    let row = |hit: &EvidenceReport| {
        Row::new(hit.range(), &hit.text, &hit.concept, &hit.means, hit.disguises)
    };
    evidence(report).map(row).collect()
}

impl Row {
    pub(crate) fn new(
        range: Range<usize>,
        text: &str,
        concept: &str,
        means: &str,
        disguises: DisguiseSet,
    ) -> Row {
        let same = text == means || text.to_lowercase() == means;
        Row {
            range,
            text: printable(text),
            concepts: vec![printable(concept)],
            means: (!same).then(|| printable(means)),
            disguises,
            note: String::new(),
        }
    }

    /// What decides which of two rows says more.
    fn rank(&self) -> (Range<usize>, DisguiseSet, bool) {
        (self.range.clone(), self.disguises, self.means.is_some())
    }
}

/// Puts rows in the order of the text, and makes one of those that say the
/// same of the same span.
pub(crate) fn tidy(rows: &mut Vec<Row>) {
    rows.sort_by_key(|row| (row.range.start, row.range.end));
    let mut tidy: Vec<Row> = Vec::new();
    for row in rows.drain(..) {
        let twin =
            tidy.iter_mut().rev().take_while(|known| known.range == row.range).find(
                |known| (&known.means, known.disguises) == (&row.means, row.disguises),
            );
        match twin {
            Some(twin) if twin.concepts.contains(&row.concepts[0]) => {}
            Some(twin) => twin.concepts.extend(row.concepts),
            None => tidy.push(row),
        }
    }
    *rows = tidy;
}

/// Keeps the longest of rows that lie inside each other: `微信号`, not `微信`
/// and `号`. A row that tells of a disguise only goes for one that does too.
fn only_longest(rows: &mut Vec<Row>) {
    tidy(rows);
    let all: Vec<_> = rows.iter().map(Row::rank).collect();
    rows.retain(|row| {
        let (range, disguises, tells) = row.rank();
        !all.iter().any(|(other, theirs, others_tells)| {
            let around = other.start <= range.start && range.end <= other.end;
            let as_disguised = disguises.union(*theirs) == *theirs;
            let more = *other != range || *theirs != disguises || *others_tells && !tells;
            around && as_disguised && more
        })
    });
}

/// Appends rows in columns.
pub(crate) fn push_rows(out: &mut String, rows: &[Row], styles: &Styles) {
    let rows_shown = &rows[..rows.len().min(ROWS_MAX)];
    let widest = |texts: &mut dyn Iterator<Item = &str>| {
        texts.map(UnicodeWidthStr::width).max().unwrap_or(0).min(COLUMN_MAX)
    };
    let first = widest(&mut rows_shown.iter().map(|row| row.text.as_str()));
    let concepts: Vec<String> =
        rows_shown.iter().map(|row| row.concepts.join(", ")).collect();
    let second = widest(&mut concepts.iter().map(String::as_str));
    for (row, concept) in rows_shown.iter().zip(&concepts) {
        out.push_str("    ");
        push_styled(out, &row.text, styles.hit);
        pad(out, &row.text, first + 2);
        push_styled(out, concept, styles.faint);
        let mut rest = String::new();
        if let Some(means) = &row.means {
            rest.push_str("reads ");
            push_styled(&mut rest, means, styles.means);
        }
        if !row.disguises.is_empty() {
            let names: Vec<&str> = row.disguises.iter().map(|kind| kind.name()).collect();
            let space = if rest.is_empty() { "" } else { "  " };
            _ = write!(rest, "{space}({})", names.join(", "));
        }
        if !row.note.is_empty() {
            let space = if rest.is_empty() { "" } else { "  " };
            _ = write!(rest, "{space}{}", row.note);
        }
        if !rest.is_empty() {
            pad(out, concept, second + 2);
            out.push_str(&rest);
        }
        out.push('\n');
    }
    if rows.len() > rows_shown.len() {
        _ = writeln!(out, "    … and {} more", rows.len() - rows_shown.len());
    }
}

/// Appends contacts, attributes, and the names of the rules.
fn push_details(out: &mut String, report: &Report, styles: &Styles) {
    let mut contacts: Vec<String> = Vec::new();
    for contact in &report.contacts {
        let mut shown = format!("{} ", printable(&contact.platform));
        push_styled(&mut shown, &printable(&contact.value), styles.contact);
        if !contacts.contains(&shown) {
            contacts.push(shown);
        }
    }
    push_detail(out, "contacts", &contacts, styles);
    let attributes: Vec<String> = report
        .attributes
        .iter()
        .map(|attribute| {
            let values = attribute.values.iter().map(|value| printable(value));
            let values: Vec<String> = values.collect();
            let space = if values.is_empty() { "" } else { " " };
            format!("{}{space}{}", printable(&attribute.name), values.join(" / "))
        })
        .collect();
    push_detail(out, "attributes", &attributes, styles);
    let mut rules: Vec<String> = Vec::new();
    for rule in report.findings.iter().flat_map(|finding| &finding.rules) {
        let rule = printable(rule);
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    push_detail(out, "rules", &rules, styles);
    if report.truncated {
        out.push_str("    more was found than is kept of one post\n");
    }
}

fn push_detail(out: &mut String, name: &str, values: &[String], styles: &Styles) {
    let mut column = LINE_COLUMNS;
    for (place, value) in values.iter().enumerate() {
        let width = value.width() + 2;
        if place > 0 {
            out.push(',');
        }
        if column + width > LINE_COLUMNS {
            let name = if place == 0 { name } else { "" };
            out.push_str(if place == 0 { "    " } else { "\n    " });
            push_styled(out, &format!("{name:<11}"), styles.faint);
            column = 15;
        } else {
            out.push(' ');
        }
        out.push_str(value);
        column += width;
    }
    if !values.is_empty() {
        out.push('\n');
    }
}
