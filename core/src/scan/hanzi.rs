//! The glance's loop over Chinese text.

use super::common_pair::is_no_clue;
use super::glance::Tables;
use super::token::GAP_MAX;
use crate::automaton::ClueClass;
use crate::fold::bits_of_three;
use crate::ruleset::AsciiTable;

/// Reads code points of three bytes, and noise of ASCII between, as long as nothing is
/// special about any. Takes and gives the place, and the column of what is before it.
#[inline(never)]
pub(super) fn read<'t>(
    tables: &Tables<'_>,
    text: &'t [u8],
    (mut at, mut column): (usize, u32),
) -> (usize, u32) {
    let Tables { symbols, clues, ascii, plane, .. } = *tables;
    let class_of_first = |rest: &'t [u8]| {
        let (first, behind) = rest.split_first_chunk()?;
        Some((plane.class(bits_of_three(*first)?, symbols, clues), behind))
    };
    loop {
        let mut rest = text.get(at..).unwrap_or(&[]);
        while let Some((class, behind)) = class_of_first(rest) {
            if class.is(ClueClass::SPECIAL) {
                // Most signs that may be letters stand alone, and make no pair.
                let Some((next, behind)) = class_of_first(behind) else { break };
                let is_sign = class.is(ClueClass::SOFT)
                    && !class.is(ClueClass::ALONE)
                    && class.letter() == 0;
                if !is_sign
                    || next.is(ClueClass::SPECIAL | ClueClass::SOFT)
                    || clues.is_pair(column, class.row())
                    || clues.is_pair(column, next.row())
                    || clues.is_pair(class.column(), next.row())
                {
                    break;
                }
                (column, rest) = (next.column(), behind);
                continue;
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
        let next = class_of_first(text.get(behind..).unwrap_or(&[]));
        // What is special, and what may be a clue, is told with the noise before it.
        let before = if is_wide { 0 } else { column };
        match next {
            Some((class, _))
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
        && let Some(byte) = ascii.bytes.get(usize::from(*byte)).filter(|byte| byte.passes)
    {
        gap += usize::from(byte.cost);
        end += 1;
    }
    (end > at).then_some((end, gap > usize::from(GAP_MAX)))
}
