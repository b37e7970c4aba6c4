//! The glance's loop over Chinese text with vector instructions of x86-64.
//!
//! The only unsafe code of the library. What it computes is what
//! [`Glance`](super::glance::Glance) computes without it.

use crate::automaton::{ClueClass, Clues, kind};
use crate::ruleset::Symbols;
use core::arch::x86_64::*;

const GROUPS: usize = kind::GROUPS as usize;
/// Code points that are read at a time, of three bytes each.
const GROUP: usize = 8;
/// Bytes of a group, and what is loaded with it.
const BYTES: usize = 3 * GROUP;
const LOADED: usize = BYTES + 4;

/// The tables, on a processor that has AVX2.
///
/// Made from a [`Ruleset`](crate::Ruleset), whose tables have been checked.
#[derive(Clone, Copy)]
pub(super) struct Wide<'r> {
    symbols: Symbols<'r>,
    clues: Clues<'r>,
    kinds: &'r [u8; kind::COUNT],
}

/// A loop over groups.
struct Loop<'w, 'r> {
    wide: &'w Wide<'r>,
    text: &'w [u8],
    /// The next byte.
    at: usize,
    /// The groups in which what was before begins pairs, a bit each.
    open: u32,
    /// Where that begins; before the start, the column that was given.
    first: Option<usize>,
    column: u32,
}

impl<'r> Wide<'r> {
    /// `None` if the processor lacks the instructions, or the ruleset the table.
    #[inline(always)]
    pub(super) fn new(symbols: Symbols<'r>, clues: Clues<'r>) -> Option<Wide<'r>> {
        let kinds = clues.kinds.try_into().ok()?;
        let has_avx2 = std::arch::is_x86_feature_detected!("avx2");
        has_avx2.then_some(Wide { symbols, clues, kinds })
    }

    /// Reads code points of three bytes, as long as nothing is special about any.
    /// Takes and gives the place and the column of what was before.
    #[inline(always)]
    pub(super) fn three(&self, text: &[u8], at: usize, column: u32) -> (usize, u32) {
        let open = if column > 0 { (1 << kind::GROUPS) - 1 } else { 0 };
        let mut groups = Loop { wide: self, text, at, open, first: None, column };
        // SAFETY: a `Wide` exists only where the processor has AVX2.
        unsafe { groups.run() };
        (groups.at, groups.column())
    }
}

impl Loop<'_, '_> {
    #[target_feature(enable = "avx2")]
    fn run(&mut self) {
        // For each of four code points in twelve bytes: third, second, first byte.
        let order = _mm256_setr_epi8(
            2, 1, 0, -1, 5, 4, 3, -1, 8, 7, 6, -1, 11, 10, 9, -1, 2, 1, 0, -1, 5, 4, 3,
            -1, 8, 7, 6, -1, 11, 10, 9, -1,
        );
        let fixed = _mm256_set1_epi32(0x00F0_C0C0);
        let wanted = _mm256_set1_epi32(0x00E0_8080);
        let payload = _mm256_set1_epi32(0x000F_3F3F);
        // The third byte and 64 times the second; 16 times the first.
        let shifts = _mm256_set1_epi32(0x0010_4001);
        let join = _mm256_set1_epi32(0x0100_0001);
        while let Some(loaded) = self.text.get(self.at..self.at + LOADED) {
            // SAFETY: 28 bytes are there; the loads end at 16 and at 28.
            let (low, high) = unsafe {
                let start = loaded.as_ptr();
                let low = _mm_loadu_si128(start.cast());
                (low, _mm_loadu_si128(start.add(BYTES / 2).cast()))
            };
            let bytes = _mm256_shuffle_epi8(_mm256_set_m128i(high, low), order);
            let right = _mm256_cmpeq_epi32(_mm256_and_si256(bytes, fixed), wanted);
            let sums = _mm256_maddubs_epi16(_mm256_and_si256(bytes, payload), shifts);
            let points = _mm256_madd_epi16(sums, join);
            // SAFETY: each is below 0x10000, whatever the bytes are, and the table
            // has four bytes from there on.
            let kinds = unsafe {
                _mm256_i32gather_epi32::<1>(self.wide.kinds.as_ptr().cast(), points)
            };
            if !self.group(mask::<0>(right), kinds) {
                return;
            }
        }
    }

    /// Takes a group in, or what of it comes before anything special or a clue.
    /// Says whether it took it all.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn group(&mut self, right: u32, kinds: __m256i) -> bool {
        // Code points from here on are not for this loop.
        let stop = (mask::<SPECIAL>(kinds) | !right | 1 << GROUP).trailing_zeros();
        let before = |place: u32| (1 << place) - 1;
        let noise = mask::<NOISE>(kinds) & before(stop);
        let firsts = [
            mask::<FIRST>(kinds),
            mask::<{ FIRST - 1 }>(kinds),
            mask::<{ FIRST - 2 }>(kinds),
        ];
        let lasts = [
            mask::<LAST>(kinds),
            mask::<{ LAST - 1 }>(kinds),
            mask::<{ LAST - 2 }>(kinds),
        ];
        let (mut pairs, mut after) = (0, [0; GROUPS]);
        for group in 0..GROUPS {
            // What follows a first one; over noise it is carried on.
            let next = firsts[group] << 1 | self.open >> group & 1;
            let carried = (next & noise) + noise;
            after[group] = (next | carried) & !noise;
            pairs |= after[group] & lasts[group];
        }
        let begins = firsts.iter().fold(0, |all, first| all | first);
        let open = after.iter().fold(0, |all, after| all | after);
        pairs &= before(stop);
        while pairs != 0 {
            let place = pairs.trailing_zeros();
            if self.is_pair(begins, place) {
                return self.stop(begins, open, place);
            }
            pairs &= pairs - 1;
        }
        if stop < GROUP as u32 {
            return self.stop(begins, open, stop);
        }
        self.open = 0;
        for (group, after) in after.iter().enumerate() {
            self.open |= (after >> GROUP & 1) << group;
        }
        self.note(begins);
        self.at += BYTES;
        true
    }

    /// Takes in what comes before a place of a group, and no more.
    fn stop(&mut self, begins: u32, open: u32, place: u32) -> bool {
        self.note(begins & ((1 << place) - 1));
        self.open = open >> place & 1;
        self.at += 3 * place as usize;
        false
    }

    /// Notes where the last of these code points of a group begins.
    fn note(&mut self, begins: u32) {
        if begins != 0 {
            self.first = Some(self.at + 3 * begins.ilog2() as usize);
        }
    }

    /// Whether a place of a group is a clue with what is before it.
    fn is_pair(&self, begins: u32, place: u32) -> bool {
        let before = begins & ((1 << place) - 1);
        let column = match before {
            0 => self.column(),
            _ => self.class(self.at + 3 * before.ilog2() as usize).column(),
        };
        let row = self.class(self.at + 3 * place as usize).row();
        self.wide.clues.is_pair(column, row)
    }

    /// The column of what is before the next byte, 0 if it begins no pair.
    fn column(&self) -> u32 {
        match self.first {
            _ if self.open == 0 => 0,
            None => self.column,
            Some(at) => self.class(at).column(),
        }
    }

    /// The class of a code point of three bytes.
    fn class(&self, at: usize) -> ClueClass {
        let bytes = self.text.get(at..).and_then(|rest| rest.first_chunk());
        let [a, b, c] = bytes.copied().unwrap_or([0; 3]).map(u32::from);
        let code_point = (a & 0xF) << 12 | (b & 0x3F) << 6 | (c & 0x3F);
        self.wide.clues.class(self.wide.symbols.cell_of_number(code_point).0)
    }
}

/// How far each bit of a kind is from the sign of its lane.
const SPECIAL: i32 = 31 - kind::SPECIAL.trailing_zeros() as i32;
const NOISE: i32 = 31 - kind::NOISE.trailing_zeros() as i32;
const FIRST: i32 = 31 - kind::FIRST as i32;
const LAST: i32 = 31 - kind::LAST as i32;

/// A bit of each lane, so far from its sign.
#[inline]
#[target_feature(enable = "avx2")]
fn mask<const DISTANCE: i32>(lanes: __m256i) -> u32 {
    let shifted = _mm256_slli_epi32::<DISTANCE>(lanes);
    _mm256_movemask_ps(_mm256_castsi256_ps(shifted)) as u32
}
