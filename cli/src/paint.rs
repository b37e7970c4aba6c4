//! Posts with what was found in them highlighted.

use crate::terminal::{Marks, push_escape};
use anstyle::{AnsiColor, Style};
use huoyan::fold::{decode, decode_last, is_hidden};
use std::fmt::Write;
use std::ops::Range;
use unicode_width::UnicodeWidthChar;

/// Posts up to this width are shown whole.
const WHOLE_COLUMNS: usize = 240;
/// Code points shown before and after a highlight of a longer post.
const CONTEXT: usize = 24;
/// Most stretches of a longer post that are shown.
const WINDOWS_MAX: usize = 8;

/// How each part looks; without colour every style is empty.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Styles {
    /// Where a post is.
    pub(crate) place: Style,
    /// Categories and scores of what is flagged.
    pub(crate) flagged: Style,
    /// Words that were found.
    pub(crate) hit: Style,
    /// Identifiers.
    pub(crate) contact: Style,
    /// What a disguised word means.
    pub(crate) means: Style,
    /// What may be passed over.
    pub(crate) faint: Style,
    /// Escapes for what a terminal would not show.
    pub(crate) hidden: Style,
    /// Whether there is colour, so that highlights need no brackets.
    pub(crate) colour: bool,
}

impl Styles {
    pub(crate) fn new(colour: bool) -> Styles {
        if !colour {
            return Styles::default();
        }
        let fg = |colour: AnsiColor| Style::new().fg_color(Some(colour.into()));
        Styles {
            place: Style::new().bold(),
            flagged: fg(AnsiColor::Red).bold(),
            hit: fg(AnsiColor::Yellow).bold(),
            contact: fg(AnsiColor::Cyan).bold(),
            means: fg(AnsiColor::Green),
            faint: Style::new().dimmed(),
            hidden: fg(AnsiColor::Magenta).dimmed(),
            colour: true,
        }
    }
}

/// What to highlight in a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    pub(crate) words: Vec<Range<usize>>,
    /// Identifiers; their style goes before that of words.
    pub(crate) contacts: Vec<Range<usize>>,
}

/// Appends a text with what was found highlighted; of a long one only what is
/// around that.
pub(crate) fn push(out: &mut String, text: &[u8], found: Found, styles: &Styles) {
    let groups = union(found.words.iter().chain(&found.contacts).cloned().collect());
    let contacts = union(found.contacts);
    let windows = windows(text, &groups);
    let mut end = 0;
    for window in windows.iter().take(WINDOWS_MAX) {
        if window.start > end {
            push_styled(out, if end > 0 { " … " } else { "… " }, styles.faint);
        }
        let mut at = window.start;
        for group in
            groups.iter().filter(|g| window.start <= g.start && g.end <= window.end)
        {
            push_span(out, &text[at..group.start], Style::new(), styles);
            let (open, close) = if styles.colour { ("", "") } else { ("«", "»") };
            out.push_str(open);
            at = group.start;
            for contact in
                contacts.iter().filter(|c| group.start <= c.start && c.end <= group.end)
            {
                push_span(out, &text[at..contact.start], styles.hit, styles);
                push_span(out, &text[contact.clone()], styles.contact, styles);
                at = contact.end;
            }
            push_span(out, &text[at..group.end], styles.hit, styles);
            out.push_str(close);
            at = group.end;
        }
        push_span(out, &text[at..window.end], Style::new(), styles);
        end = window.end;
    }
    if end < text.len() {
        push_styled(out, " …", styles.faint);
    }
}

/// Appends text in one style.
pub(crate) fn push_styled(out: &mut String, text: &str, style: Style) {
    // Writing to a String does not fail.
    _ = write!(out, "{style}{text}{style:#}");
}

/// Appends text from the input in one style, with escapes for what is hidden.
pub(crate) fn push_span(
    out: &mut String,
    mut text: &[u8],
    style: Style,
    styles: &Styles,
) {
    let (mut before, mut marks) = (None, Marks::default());
    _ = write!(out, "{style}");
    while let Some((c, length)) = decode(text) {
        if is_hidden(c, before) || marks.overflow(c) {
            let hidden = styles.hidden;
            _ = write!(out, "{style:#}{hidden}");
            push_escape(out, c);
            _ = write!(out, "{hidden:#}{style}");
        } else {
            out.push(c);
        }
        before = Some(c);
        text = &text[length..];
    }
    _ = write!(out, "{style:#}");
}

/// The ranges in the order of the text, those that overlap made one.
fn union(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.retain(|range| !range.is_empty());
    ranges.sort_by_key(|range| (range.start, range.end));
    ranges.dedup_by(|next, last| {
        let overlap = next.start < last.end;
        if overlap {
            last.end = last.end.max(next.end);
        }
        overlap
    });
    ranges
}

/// The stretches of the text to show.
fn windows(text: &[u8], groups: &[Range<usize>]) -> Vec<Range<usize>> {
    if columns_within(text, WHOLE_COLUMNS) {
        return std::iter::once(0..text.len()).collect();
    }
    let mut windows: Vec<Range<usize>> = Vec::new();
    for range in groups {
        let start = back(text, range.start);
        let end = ahead(text, range.end);
        match windows.last_mut() {
            // Rather show a few characters than leave them out.
            Some(last) if start <= ahead(text, last.end) => last.end = last.end.max(end),
            _ => windows.push(start..end),
        }
    }
    if windows.is_empty() {
        windows.push(0..ahead(text, 0));
    }
    windows
}

fn back(text: &[u8], from: usize) -> usize {
    (0..CONTEXT).fold(from, |at, _| at - decode_last(&text[..at]).map_or(0, |(_, n)| n))
}

fn ahead(text: &[u8], from: usize) -> usize {
    (0..CONTEXT).fold(from, |at, _| at + decode(&text[at..]).map_or(0, |(_, n)| n))
}

fn columns_within(mut text: &[u8], limit: usize) -> bool {
    let mut columns = 0;
    while let Some((c, length)) = decode(text) {
        columns += c.width().unwrap_or(8);
        if columns > limit {
            return false;
        }
        text = &text[length..];
    }
    true
}
