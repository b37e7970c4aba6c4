//! Text from strangers on a terminal, and numbers for people.

use huoyan::fold::{self, Noise, is_hidden};
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// Most combining marks on one character that are shown as they are.
const MARKS_MAX: u32 = 2;

/// Counts combining marks in a row; `true` for those past what is shown.
#[derive(Debug, Default)]
pub(crate) struct Marks(u32);

impl Marks {
    pub(crate) fn overflow(&mut self, c: char) -> bool {
        match fold::lookup(c).noise() {
            Some(Noise::Combining) => self.0 += 1,
            _ => self.0 = 0,
        }
        self.0 > MARKS_MAX
    }
}

/// Writes the escape of a code point.
pub(crate) fn push_escape(out: &mut String, c: char) {
    match c {
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        // Writing to a String does not fail.
        _ => _ = write!(out, "\\u{{{:04X}}}", u32::from(c)),
    }
}

/// Text with everything in it that must not reach a terminal escaped.
pub(crate) fn printable(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let (mut before, mut marks) = (None, Marks::default());
    for c in text.chars() {
        match is_hidden(c, before) || marks.overflow(c) {
            true => push_escape(&mut shown, c),
            false => shown.push(c),
        }
        before = Some(c);
    }
    shown
}

/// A few names in quotation marks.
pub(crate) fn quoted_list<'n>(names: impl Iterator<Item = &'n str>) -> String {
    const SHOWN: usize = 8;
    let mut list = String::new();
    for (place, name) in names.enumerate() {
        if place == SHOWN {
            list.push_str(", …");
            break;
        }
        let comma = if place > 0 { ", " } else { "" };
        _ = write!(list, "{comma}\"{name}\"");
    }
    list
}

/// A number with commas: `1,234,567`.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// Appends spaces after a text, up to a width.
pub(crate) fn pad(out: &mut String, text: &str, width: usize) {
    let spaces = width.saturating_sub(text.width()).max(1);
    out.extend(std::iter::repeat_n(' ', spaces));
}
