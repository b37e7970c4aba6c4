//! The glance's loop over Chinese text.

use super::common_pair::{LENGTH, is_no_clue};
use super::glance::Tables;
use super::token::GAP_MAX;
use crate::fold::{bits_of_three, bits_of_two_threes};
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
        loop {
            rest = pairs(tables, rest, &mut column);
            let Some((class, behind)) = class_of_first(rest) else { break };
            if !class.is_plain() {
                // Most signs that may be letters stand alone, and make no pair.
                let Some((next, behind)) = class_of_first(behind) else { break };
                if !class.is_sign()
                    || !next.is_plain()
                    || next.is_soft()
                    || class.is_pair(column, clues)
                    || next.is_pair(column, clues)
                    || next.is_pair(class.column(), clues)
                {
                    break;
                }
                (column, rest) = (next.column(), behind);
                continue;
            }
            if class.is_pair(column, clues) {
                at = text.len() - rest.len();
                if !is_no_clue(symbols, clues, text, at) {
                    return (at, column);
                }
            }
            column = class.column_behind(column);
            rest = behind;
        }
        at = text.len() - rest.len();
        let Some((behind, is_wide)) = pass(ascii, text, at) else { return (at, column) };
        let next = class_of_first(text.get(behind..).unwrap_or(&[]));
        // What is special, and what may be a clue, is told with the noise before it.
        let before = if is_wide { 0 } else { column };
        match next {
            Some((class, _)) if class.is_plain() && !class.is_pair(before, clues) => {
                column = class.column_behind(before);
                at = behind + LENGTH;
            }
            _ => return (at, column),
        }
    }
}

/// Passes over plain code points, two at a time, as long as none makes a pair.
#[inline(always)]
fn pairs<'t>(tables: &Tables<'_>, mut rest: &'t [u8], column: &mut u32) -> &'t [u8] {
    let (clues, plane) = (*tables.clues, tables.plane);
    while let Some(eight) = rest.first_chunk() {
        let Some(both) = bits_of_two_threes(u64::from_le_bytes(*eight)) else { break };
        let [first, second] = both.map(|bits| plane.known(bits));
        let between = first.column_behind(*column);
        if !first.are_plain(second)
            || first.is_pair(*column, &clues)
            || second.is_pair(between, &clues)
        {
            break;
        }
        *column = second.column_behind(between);
        rest = &rest[2 * LENGTH..];
    }
    rest
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
