//! What each code point of the Basic Multilingual Plane is to a glance, worked out when a
//! ruleset is loaded: one look-up where the tables of a ruleset take three.

use super::symbols::Symbols;
use crate::automaton::{ClueClass, Clues};
use alloc::boxed::Box;
use alloc::vec;

const CODE_POINTS: usize = Symbols::DENSE * Symbols::BLOCK;

/// The classes by code point. Those below U+0800, which have fewer than three bytes in
/// UTF-8, and surrogates, which have none, are left out: they need more than a look.
pub(crate) struct BasicPlane {
    classes: Box<[ClueClass; CODE_POINTS]>,
}

impl BasicPlane {
    pub(super) fn new(symbols: &Symbols<'_>, clues: &Clues<'_>) -> BasicPlane {
        let mut classes = vec![ClueClass::EXPANSION; CODE_POINTS];
        // Where the classes of a block are, which others may share.
        let mut known = [None; Symbols::DENSE];
        let is_left_out = |block: &usize| {
            let first = block * Symbols::BLOCK;
            first < 0x800 || (0xD800..0xE000).contains(&first)
        };
        for block in (0..Symbols::DENSE).filter(|block| !is_left_out(block)) {
            let first = block * Symbols::BLOCK;
            let number = symbols.stage1.get(block).map_or(0, |number| number.get());
            match known.get_mut(usize::from(number)) {
                Some(Some(same)) => {
                    classes.copy_within(*same..*same + Symbols::BLOCK, first);
                }
                place => {
                    let own = classes[first..].iter_mut().take(Symbols::BLOCK);
                    for (lower, class) in (0..).zip(own) {
                        *class =
                            clues.class(symbols.cell_of_halves(block as u32, lower).0);
                    }
                    if let Some(place) = place {
                        *place = Some(first);
                    }
                }
            }
        }
        let classes = classes.into_boxed_slice().try_into();
        BasicPlane { classes: classes.expect("a class for each code point") }
    }

    #[inline(always)]
    pub(crate) fn class(&self, code_point: u16) -> ClueClass {
        self.classes[usize::from(code_point)]
    }
}

#[cfg(all(test, feature = "builtin"))]
mod tests {
    use super::*;
    use crate::Ruleset;

    #[test]
    fn every_code_point_of_three_bytes_has_its_class() {
        let ruleset = Ruleset::builtin();
        let (symbols, clues) = (ruleset.symbols(), ruleset.clues());
        for code_point in 0..=u16::MAX {
            let c = char::from_u32(u32::from(code_point)).filter(|c| c.len_utf8() == 3);
            let class = match c {
                Some(c) => clues.class(symbols.cell(c).0),
                None => ClueClass::EXPANSION,
            };
            assert_eq!(ruleset.plane().class(code_point), class, "{code_point:X}");
        }
    }
}
