//! Pairs of common symbols that the symbol before them tells from a clue.

use crate::automaton::{ClueClass, Clues, Triple};
use crate::fold::{bits_of_two_threes, decode_three_at};
use crate::ruleset::{Cell, Symbols};

/// Bytes of the characters that this is about.
pub(super) const LENGTH: usize = 3;

/// Signs before a pair that are passed over, at most.
const SIGNS_MAX: usize = 4;

/// Whether a pair that ends in the character of three bytes at a place is no clue: one of
/// common symbols behind another that no term has there. No walk would skip any of the
/// three, and what it would skip before the pair is no symbol that some term has there.
#[inline(never)]
pub(super) fn is_no_clue(
    symbols: &Symbols<'_>,
    clues: &Clues<'_>,
    text: &[u8],
    at: usize,
) -> bool {
    let three = |at: usize| decode_three_at(text, at).map(|c| symbols.cell_of_number(c));
    // Behind less than that there is hardly a symbol.
    let eight = text.get(..at + LENGTH).and_then(|read| read.last_chunk());
    let pair =
        eight.and_then(|eight| bits_of_two_threes(u64::from_le_bytes(*eight) >> 16));
    let Some(pair) = pair else { return false };
    // Halves of pairs, which are no code points, are none of the common.
    let [second, last] = pair.map(|bits| symbols.cell_of_number(bits.into()));
    let mut end = at - LENGTH;
    let is_told = |cell: Cell| {
        let class = clues.class(cell.0);
        class.is(ClueClass::COMMON) && !class.is(ClueClass::SOFT)
    };
    let triple = |third: u16| Triple::new(third, second.0, last.0);
    if !is_told(last) || !is_told(second) || clues.triples.may_have(triple(Triple::ANY)) {
        return false;
    }
    for _ in 0..=SIGNS_MAX {
        let of_three = end.checked_sub(LENGTH).and_then(|at| Some((three(at)?, LENGTH)));
        let ascii = || {
            // An escape ends in a letter or a digit, or has one before its last sign;
            // those are symbols of any ruleset.
            let byte = text.get(end.checked_sub(1)?).filter(|byte| byte.is_ascii())?;
            Some((symbols.cell_of_number(u32::from(*byte)), 1))
        };
        let Some((cell, length)) = of_three.or_else(ascii) else { return false };
        if cell == Cell::OTHER {
            return true;
        }
        if cell.is_symbol() {
            let class = clues.class(cell.0);
            // A lone letter, which is none of the common, may be skipped, and a repeat
            // belong to the second.
            if !class.is(ClueClass::COMMON)
                || clues.triples.may_have(triple(cell.0))
                || cell == second
            {
                return false;
            }
            if !class.is(ClueClass::SOFT) {
                return true;
            }
        } else if cell.as_noise().is_none() || cell == Cell::OVERRIDE {
            return false;
        }
        end -= length;
    }
    false
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
            // A walk would skip what is before.
            ("山，服务", true),
            ("山, 服务", true),
            ("解封，服务", false),
            ("解封, 服务", false),
            ("山服，服务", false),
            ("山，。，。服务", true),
            ("山，。，。，服务", false),
            // There is nothing before, or something else that it may skip.
            ("，服务", false),
            ("山x服务", false),
            ("山１服务", false),
            ("山&#23553;服务", false),
            ("山\u{202E}服务", false),
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

    #[test]
    fn halves_of_pairs_are_not_common() {
        let ruleset = Ruleset::builtin();
        let (symbols, clues) = (ruleset.symbols(), ruleset.clues());
        for half in 0xD800..0xE000 {
            let class = clues.class(symbols.cell_of_number(half).0);
            assert!(!class.is(ClueClass::COMMON), "{half:X}");
        }
    }
}
