//! The glance's loop over Chinese text with vector instructions of x86-64.
//!
//! The only unsafe code of the library. What it computes is what
//! [`Glance`](super::glance::Glance) computes without it.

use crate::automaton::{ClueClass, Clues};
use crate::ruleset::Symbols;
use core::arch::x86_64::*;

/// Five code points of three bytes each.
const GROUP: usize = 15;
/// The bits of each byte that are fixed in a code point of three bytes.
const FIXED: [u8; GROUP + 1] = group([0xF0, 0xC0, 0xC0]);
/// What those bits are.
const WANTED: [u8; GROUP + 1] = group([0xE0, 0x80, 0x80]);

/// The same for each code point of a group, and 0 for the byte behind it.
const fn group(one: [u8; 3]) -> [u8; GROUP + 1] {
    let mut all = [0; GROUP + 1];
    let mut place = 0;
    while place < GROUP {
        all[place] = one[place % 3];
        place += 1;
    }
    all
}

/// The tables, on a processor that has SSSE3.
///
/// Made from a [`Ruleset`](crate::Ruleset), whose tables have been checked:
/// every index that they hold leads inside the next.
#[derive(Clone, Copy)]
pub(super) struct Wide<'r> {
    symbols: Symbols<'r>,
    clues: Clues<'r>,
}

impl<'r> Wide<'r> {
    /// `None` if the processor lacks the instructions, or the tables are empty.
    #[inline(always)]
    pub(super) fn new(symbols: Symbols<'r>, clues: Clues<'r>) -> Option<Wide<'r>> {
        let fits = symbols.stage1.len() >= 0x1_0000 / Symbols::BLOCK
            && !clues.classes.is_empty();
        (std::arch::is_x86_feature_detected!("ssse3") && fits)
            .then_some(Wide { symbols, clues })
    }

    /// Reads groups of five code points of three bytes, as long as nothing is
    /// special about any of a group. Takes and gives the place and the column.
    #[inline(always)]
    pub(super) fn three(&self, text: &[u8], at: usize, column: u32) -> (usize, u32) {
        // SAFETY: a `Wide` exists only where the processor has SSSE3, and only
        // for tables that were checked.
        unsafe { self.three_ssse3(text, at, column) }
    }

    #[target_feature(enable = "ssse3")]
    unsafe fn three_ssse3(
        &self,
        text: &[u8],
        mut at: usize,
        column: u32,
    ) -> (usize, u32) {
        let mut column = u64::from(column);
        let last = self.clues.classes.len() - 1;
        let (stage1, stage2) =
            (self.symbols.stage1.as_ptr(), self.symbols.stage2.as_ptr());
        let (classes, bits) = (self.clues.classes.as_ptr(), self.clues.bits.as_ptr());
        // SAFETY: both have sixteen bytes.
        let (fixed, wanted) = unsafe {
            (
                _mm_loadu_si128(FIXED.as_ptr().cast()),
                _mm_loadu_si128(WANTED.as_ptr().cast()),
            )
        };
        // Third and second bytes, and first bytes, in pairs.
        let tails =
            _mm_setr_epi8(2, 1, 5, 4, 8, 7, 11, 10, 14, 13, -1, -1, -1, -1, -1, -1);
        let heads =
            _mm_setr_epi8(0, -1, 3, -1, 6, -1, 9, -1, 12, -1, -1, -1, -1, -1, -1, -1);
        while let Some(group) = text.get(at..at + GROUP + 1) {
            // SAFETY: the group has sixteen bytes.
            let bytes = unsafe { _mm_loadu_si128(group.as_ptr().cast()) };
            let equal = _mm_cmpeq_epi8(_mm_and_si128(bytes, fixed), wanted);
            if _mm_movemask_epi8(equal) != 0xFFFF {
                break;
            }
            let low = _mm_and_si128(_mm_shuffle_epi8(bytes, tails), _mm_set1_epi8(0x3F));
            let low = _mm_maddubs_epi16(low, _mm_set1_epi16(0x4001));
            let high = _mm_slli_epi16::<12>(_mm_shuffle_epi8(bytes, heads));
            let points = _mm_or_si128(low, high);
            // Overlong forms and surrogates are no code points.
            let kind = _mm_and_si128(points, _mm_set1_epi16(0xF800_u16 as i16));
            let overlong = _mm_cmpeq_epi16(kind, _mm_setzero_si128());
            let surrogate = _mm_cmpeq_epi16(kind, _mm_set1_epi16(0xD800_u16 as i16));
            let wrong = _mm_movemask_epi8(_mm_or_si128(overlong, surrogate));
            if wrong & ((1 << (2 * GROUP / 3)) - 1) != 0 {
                break;
            }
            let four = _mm_cvtsi128_si64(points) as u64;
            let fifth = _mm_extract_epi16::<4>(points) as u64;
            let mut special = 0u64;
            let mut pairs = 0u32;
            let mut next = column;
            let mut one = |point: usize| {
                // SAFETY: `point` is below 0x10000; the first stage has an entry
                // for each block of that, whose block the second stage has. The
                // class is one of the table. Rows and columns of classes add up
                // to a bit of the matrix, and `next` is a column of a class or
                // one that was given, which is the same.
                unsafe {
                    let block = usize::from((*stage1.add(point / Symbols::BLOCK)).get());
                    let place = block * Symbols::BLOCK + point % Symbols::BLOCK;
                    let cell = usize::from((*stage2.add(place)).get());
                    let class = (*classes.add(cell.min(last))).get();
                    let bit = u64::from(class as u32) + next;
                    pairs |= u32::from(*bits.add((bit / 8) as usize)) >> (bit % 8);
                    special |= class;
                    let column = class >> 44;
                    next = if class & ClueClass::SOFT == 0 { column } else { next };
                }
            };
            one((four & 0xFFFF) as usize);
            one((four >> 16 & 0xFFFF) as usize);
            one((four >> 32 & 0xFFFF) as usize);
            one((four >> 48) as usize);
            one(fifth as usize);
            if special & ClueClass::SPECIAL != 0 || pairs & 1 != 0 {
                break;
            }
            column = next;
            at += GROUP;
        }
        (at, column as u32)
    }
}
