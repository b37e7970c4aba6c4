//! The glance's loop over Chinese text.

use super::common_pair::is_no_clue;
use super::token::GAP_MAX;
use crate::automaton::{ClueClass, Clues};
use crate::fold::{decode_three_at, halves_of_three};
use crate::ruleset::{AsciiTable, Symbols};

/// Reads code points of three bytes, and noise of ASCII between, as long as nothing is
/// special about any. Takes and gives the place, and the column of what is before it.
#[inline(never)]
pub(super) fn read(
    (symbols, clues, ascii): (&Symbols<'_>, &Clues<'_>, &AsciiTable),
    text: &[u8],
    (mut at, mut column): (usize, u32),
) -> (usize, u32) {
    loop {
        let mut rest = text.get(at..).unwrap_or(&[]);
        while let Some((first, behind)) = rest.split_first_chunk()
            && let Some((upper, lower)) = halves_of_three(*first)
        {
            let class = clues.class(symbols.cell_of_halves(upper, lower).0);
            if class.is(ClueClass::SPECIAL) {
                break;
            }
            if clues.is_pair(column, class.row()) {
                at = text.len() - rest.len();
                if !is_no_clue(symbols, clues, text, at) {
                    return (at, column);
                }
            }
            column = if class.is(ClueClass::SOFT) { column } else { class.column() };
            rest = behind;
        }
        at = text.len() - rest.len();
        let Some((behind, is_wide)) = pass(ascii, text, at) else { return (at, column) };
        let next = decode_three_at(text, behind);
        let class =
            next.map(|code_point| clues.class(symbols.cell_of_number(code_point).0));
        // What is special, and what may be a clue, is told with the noise before it.
        let before = if is_wide { 0 } else { column };
        match class {
            Some(class)
                if !class.is(ClueClass::SPECIAL)
                    && !clues.is_pair(before, class.row()) =>
            {
                column = if class.is(ClueClass::SOFT) { before } else { class.column() };
                at = behind + 3;
            }
            _ => return (at, column),
        }
    }
}

/// Where noise of ASCII ends that is in no clue, and whether nothing goes on over it;
/// `None` if there is none.
#[inline]
fn pass(ascii: &AsciiTable, text: &[u8], at: usize) -> Option<(usize, bool)> {
    let (mut end, mut gap) = (at, 0);
    while let Some(byte) = text.get(end)
        && ascii.costs[usize::from(*byte)] != AsciiTable::NONE
    {
        gap += usize::from(ascii.costs[usize::from(*byte)]);
        end += 1;
    }
    (end > at).then_some((end, gap > usize::from(GAP_MAX)))
}
