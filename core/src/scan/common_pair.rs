//! Common pairs that the symbol before them tells from a clue.

use crate::automaton::{ClueClass, Clues};
use crate::fold::decode_three_at;
use crate::ruleset::{Cell, Symbols};

/// Bytes of the characters that this is about.
pub(super) const LENGTH: usize = 3;

/// Whether a pair that ends in the character of three bytes at a place is no clue: a
/// common one behind a symbol that no term has there. All three are characters of
/// three bytes in a row that no walk would skip.
#[inline(never)]
pub(super) fn is_no_clue(
    symbols: &Symbols<'_>,
    clues: &Clues<'_>,
    text: &[u8],
    at: usize,
) -> bool {
    let before = |distance: usize| {
        let code_point = decode_three_at(text, at.checked_sub(distance)?)?;
        Some(symbols.cell_of_number(code_point))
    };
    let (Some(third), Some(second), Some(last)) =
        (before(2 * LENGTH), before(LENGTH), before(0))
    else {
        return false;
    };
    // Only plain symbols are in the table.
    let Some(thirds) = clues.thirds(second.0, last.0) else { return false };
    let class = clues.class(third.0);
    let is_plain = third.is_symbol() && class.letter() == 0 && !class.is(ClueClass::SOFT);
    // A repeat may belong to the second.
    let is_other = third == Cell::OTHER || is_plain && third != second;
    is_other && thirds.binary_search_by_key(&third.0, |symbol| symbol.get()).is_err()
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
            let found = is_no_clue(&symbols, &clues, text.as_bytes(), at);
            assert_eq!(found, is_none, "{text}");
        }
    }
}
