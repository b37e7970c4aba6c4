//! What each code point of three bytes is to a glance: one look-up where the tables of a
//! ruleset take three.
//!
//! It is noted when the code point is first seen, so that a ruleset is at hand at once and
//! memory for what no text has stays untouched.

use super::symbols::Symbols;
use crate::automaton::{ClueClass, Clues};
use alloc::boxed::Box;
use alloc::sync::Arc;
use core::sync::atomic::{AtomicU32, Ordering};
use zerocopy::FromZeros;

const CODE_POINTS: usize = Symbols::DENSE * Symbols::BLOCK;

/// By code point of the Basic Multilingual Plane, its class with [`ClueClass::SPECIAL`]
/// turned round; 0 if unknown, so that what is unknown is special. Whoever notes one notes
/// the same.
type Classes = [AtomicU32; CODE_POINTS];

/// Those of the built-in ruleset, for which no memory has to be made ready.
#[cfg(feature = "builtin")]
static BUILTIN: Classes = [const { AtomicU32::new(0) }; CODE_POINTS];

/// The memory of a ruleset for them, which its clones share.
#[derive(Clone)]
pub(super) enum PlaneMemory {
    #[cfg(feature = "builtin")]
    Builtin,
    Own(Arc<OwnClasses>),
}

pub(super) struct OwnClasses(Box<Classes>);

impl PlaneMemory {
    pub(super) fn new() -> PlaneMemory {
        let classes = FromZeros::new_box_zeroed();
        let classes = classes.expect("memory for 256 KiB of classes");
        PlaneMemory::Own(Arc::new(OwnClasses(classes)))
    }

    #[inline]
    pub(super) fn plane(&self) -> BasicPlane<'_> {
        match self {
            #[cfg(feature = "builtin")]
            PlaneMemory::Builtin => BasicPlane { classes: &BUILTIN },
            PlaneMemory::Own(own) => BasicPlane { classes: &own.0 },
        }
    }
}

/// The classes as far as they are known.
#[derive(Clone, Copy)]
pub(crate) struct BasicPlane<'p> {
    classes: &'p Classes,
}

impl BasicPlane<'_> {
    /// No class is special and nothing else.
    const UNKNOWN: ClueClass = ClueClass(ClueClass::SPECIAL);

    /// The class of a code point; of one that has not three bytes, that of what needs more
    /// than a look.
    #[inline(always)]
    pub(crate) fn class(
        &self,
        code_point: u16,
        symbols: &Symbols<'_>,
        clues: &Clues<'_>,
    ) -> ClueClass {
        let known = self.classes[usize::from(code_point)].load(Ordering::Relaxed);
        match ClueClass(known ^ ClueClass::SPECIAL) {
            Self::UNKNOWN => self.note(code_point, symbols, clues),
            class => class,
        }
    }

    #[cold]
    #[inline(never)]
    fn note(
        &self,
        code_point: u16,
        symbols: &Symbols<'_>,
        clues: &Clues<'_>,
    ) -> ClueClass {
        let c = char::from_u32(u32::from(code_point)).filter(|c| c.len_utf8() == 3);
        let class = c.map_or(ClueClass::EXPANSION, |c| clues.class(symbols.cell(c).0));
        let note = class.0 ^ ClueClass::SPECIAL;
        self.classes[usize::from(code_point)].store(note, Ordering::Relaxed);
        class
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
        let memory = PlaneMemory::new();
        let plane = memory.plane();
        // As it is noted, and as it is known then.
        for code_point in (0..=u16::MAX).chain(0..=u16::MAX) {
            let c = char::from_u32(u32::from(code_point)).filter(|c| c.len_utf8() == 3);
            let class = match c {
                Some(c) => clues.class(symbols.cell(c).0),
                None => ClueClass::EXPANSION,
            };
            assert_ne!(class, BasicPlane::UNKNOWN);
            let found = plane.class(code_point, &symbols, &clues);
            assert_eq!(found, class, "{code_point:X}");
        }
    }
}
