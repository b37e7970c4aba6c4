//! Common pairs that the symbol before them tells from a clue.

use crate::automaton::{ClueClass, Clues};
use crate::ruleset::{Cell, Symbols};

/// Bytes of the characters that this is about.
const LENGTH: usize = 3;

/// Whether a clue that ends in the character of three bytes at a place is none: a
/// common pair behind a symbol that no term has there. All three are characters of
/// three bytes in a row that no walk would skip.
#[inline(never)]
pub(super) fn is_idle(
    symbols: &Symbols<'_>,
    clues: &Clues<'_>,
    text: &[u8],
    at: usize,
) -> bool {
    let Some([a, b, c, d, e, f, g, h, i]) = at
        .checked_sub(2 * LENGTH)
        .and_then(|from| text.get(from..))
        .and_then(<[u8]>::first_chunk)
    else {
        return false;
    };
    let cell = |first: u8, second: u8, third: u8| {
        let number = u32::from(first & 0xF) << 12
            | u32::from(second & 0x3F) << 6
            | u32::from(third & 0x3F);
        let is_right =
            first & 0xF0 == 0xE0 && second & 0xC0 == 0x80 && third & 0xC0 == 0x80;
        // Overlong forms and surrogates are no code points.
        (is_right && !matches!(number >> 11, 0 | 0x1B))
            .then(|| symbols.cell_of_number(number))
    };
    let is_plain = |cell: Cell| {
        let class = clues.class(cell.0);
        cell.is_symbol() && class.letter() == 0 && !class.is(ClueClass::SOFT)
    };
    let (Some(third), Some(second), Some(last)) =
        (cell(*a, *b, *c), cell(*d, *e, *f), cell(*g, *h, *i))
    else {
        return false;
    };
    // Only plain symbols are in the table.
    let Some(thirds) = clues.thirds(second.0, last.0) else { return false };
    // A repeat may belong to the second.
    let is_other = third == Cell::OTHER || is_plain(third) && third != second;
    is_other
        && thirds.binary_search_by_key(&third.0, |symbol| symbol.get()).is_err()
        && !clues.class(last.0).is(ClueClass::ALONE)
}

#[cfg(all(test, feature = "builtin"))]
mod tests {
    use super::*;
    use crate::Ruleset;

    #[test]
    fn a_common_pair_is_a_clue_only_behind_what_terms_have_there() {
        let ruleset = Ruleset::builtin();
        let (symbols, clues) = (ruleset.symbols(), ruleset.clues());
        let rows = [
            ("山水服务", true),
            ("你好服务", true),
            ("解封服务", false),
            // A walk would skip what is before, or there is nothing.
            ("山，服务", false),
            ("山x服务", false),
            ("服服务", false),
            ("服务", false),
            // Not in a row, or not common.
            ("山水服·务", false),
            ("山水微信", false),
        ];
        for (text, is_none) in rows {
            let at = text.len() - LENGTH;
            let found = is_idle(&symbols, &clues, text.as_bytes(), at);
            assert_eq!(found, is_none, "{text}");
        }
    }
}
