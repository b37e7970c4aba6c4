//! A text with its plain form right under it, column by column.

use crate::paint::{Styles, push_styled};
use crate::terminal::{Marks, push_escape};
use anstyle::Style;
use huoyan::fold::{self, is_hidden};
use std::ops::Range;
use unicode_width::UnicodeWidthStr;

/// Columns of one line.
const COLUMNS: usize = 72;
/// Most lines of a text that are shown.
const LINES_MAX: usize = 24;

/// One code point of the text, or one escape that stands for it, and what it
/// folds to.
struct Cell {
    /// As a terminal may show it.
    source: String,
    folded: String,
    start: usize,
    hidden: bool,
}

impl Cell {
    fn width(&self) -> usize {
        self.source.width().max(self.folded.width())
    }
}

/// Appends a text and under each of its lines the folded one. `words` are
/// highlighted: byte ranges, ascending.
pub(crate) fn push(
    out: &mut String,
    text: &str,
    words: &[Range<usize>],
    styles: &Styles,
) {
    let cells = cells(text);
    let mut rest = cells.as_slice();
    for line in 0.. {
        if rest.is_empty() {
            break;
        }
        if line == LINES_MAX {
            push_styled(out, "    …\n", styles.faint);
            break;
        }
        let mut columns = 0;
        let fits = rest.iter().take_while(|cell| {
            columns += cell.width();
            columns <= COLUMNS
        });
        let (shown, after) = rest.split_at(fits.count().max(1));
        rest = after;
        push_line(out, shown, |cell| (&cell.source, source_style(cell, words, styles)));
        push_line(out, shown, |cell| {
            let changed = cell.folded != cell.source;
            let style = if changed { styles.means } else { styles.faint };
            (&cell.folded, style)
        });
        if !rest.is_empty() {
            out.push('\n');
        }
    }
}

fn source_style(cell: &Cell, words: &[Range<usize>], styles: &Styles) -> Style {
    let after = words.partition_point(|word| word.start <= cell.start);
    let inside = words[..after].iter().rev().take(16).any(|word| cell.start < word.end);
    match (cell.hidden, inside) {
        (true, _) => styles.hidden,
        (false, true) => styles.hit,
        (false, false) => Style::new(),
    }
}

fn push_line<'c>(
    out: &mut String,
    cells: &'c [Cell],
    part: impl Fn(&'c Cell) -> (&'c String, Style),
) {
    out.push_str("    ");
    let mut waiting = 0;
    for cell in cells {
        let (text, style) = part(cell);
        // No spaces at the end of a line.
        if !text.is_empty() {
            out.extend(std::iter::repeat_n(' ', waiting));
            waiting = 0;
            push_styled(out, text, style);
        }
        waiting += cell.width() - text.width();
    }
    out.push('\n');
}

fn cells(text: &str) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    let (mut at, mut before, mut marks) = (0, None, Marks::default());
    let mut show = |range: Range<usize>| {
        let mut shown = String::new();
        let mut hidden = false;
        for c in text[range].chars() {
            match is_hidden(c, before) || marks.overflow(c) {
                true => {
                    hidden = true;
                    push_escape(&mut shown, c);
                }
                false => shown.push(c),
            }
            before = Some(c);
        }
        (shown, hidden)
    };
    for folded in fold::fold(text).map(Some).chain([None]) {
        if let (Some(folded), Some(cell)) = (&folded, cells.last_mut())
            && folded.start < at
        {
            // One code point that folds to several characters.
            cell.folded.push(folded.char);
            continue;
        }
        // What is left out of the folded text.
        let next = folded.as_ref().map_or(text.len(), |folded| folded.start);
        for (place, c) in text[at..next].char_indices() {
            let start = at + place;
            let (source, hidden) = show(start..start + c.len_utf8());
            cells.push(Cell { source, folded: String::new(), start, hidden });
        }
        let Some(folded) = folded else { break };
        let (source, hidden) = show(folded.range());
        let plain = match is_hidden(folded.char, None) {
            true => String::new(),
            false => folded.char.to_string(),
        };
        cells.push(Cell { source, folded: plain, start: folded.start, hidden });
        at = folded.end;
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn aligned(text: &str) -> String {
        let mut out = String::new();
        push(&mut out, text, &[], &Styles::default());
        out
    }

    #[test]
    fn wide_and_narrow_stand_under_each_other() {
        assert_eq!(aligned("ＶＸ號：⑩"), "    ＶＸ號：⑩\n    v x 号: 10\n");
    }

    #[test]
    fn what_is_left_out_has_nothing_under_it() {
        assert_eq!(
            aligned("微\u{200B}信&#21495;"),
            "    微\\u{200B}信&#21495;\n    微        信号\n"
        );
    }

    #[test]
    fn long_texts_are_wrapped_and_cut() {
        let long = "微信".repeat(40);
        assert_eq!(aligned(&long).lines().filter(|line| line.is_empty()).count(), 2);
        assert!(aligned(&"微信".repeat(4_000)).ends_with("    …\n"));
        assert_eq!(aligned(""), "");
    }
}
