//! The glance's loop over Chinese text with vector instructions of x86-64.
//!
//! The only unsafe code of the library. What it computes is what
//! [`Glance`](super::glance::Glance) computes without it.

use super::common_pair::is_no_clue;
use crate::automaton::{ClueClass, Clues, kind};
use crate::ruleset::Symbols;
use core::arch::x86_64::*;
use zerocopy::little_endian::U16;

/// Code points that are read at a time, of three bytes each.
const GROUP: usize = 8;
/// The last of them.
const LAST: i32 = GROUP as i32 - 1;
/// Bytes of a group, and what is loaded with it.
const BYTES: usize = 3 * GROUP;
const LOADED: usize = BYTES + 4;
/// Fewer bytes than this at the end of a text are not worth a group.
const REST_MIN: usize = 6;
/// A bit for each group of pairs.
const ALL_GROUPS: i32 = (1 << kind::GROUPS) - 1;

/// The table of kinds, on a processor that has AVX2.
#[derive(Clone, Copy)]
pub(super) struct Wide<'r> {
    kinds: &'r [U16; kind::COUNT],
}

/// The tables of a loop over groups.
struct Groups<'t, 'r> {
    symbols: &'t Symbols<'r>,
    clues: &'t Clues<'r>,
    kinds: &'r [U16; kind::COUNT],
}

impl<'r> Wide<'r> {
    /// `None` if the processor lacks the instructions, or the ruleset the table.
    #[inline(always)]
    pub(super) fn new(clues: &Clues<'r>) -> Option<Wide<'r>> {
        let kinds = clues.kinds.try_into().ok()?;
        let has_avx2 = std::arch::is_x86_feature_detected!("avx2");
        has_avx2.then_some(Wide { kinds })
    }

    /// Reads code points of three bytes, as long as nothing is special about any.
    /// Takes and gives the place and the column of what was before.
    #[inline(always)]
    pub(super) fn three(
        self,
        symbols: &Symbols<'r>,
        clues: &Clues<'r>,
        text: &[u8],
        (at, column): (usize, u32),
    ) -> (usize, u32) {
        let groups = Groups { symbols, clues, kinds: self.kinds };
        // SAFETY: a `Wide` exists only where the processor has AVX2.
        unsafe { groups.read(text, at, column) }
    }
}

impl Groups<'_, '_> {
    #[target_feature(enable = "avx2")]
    fn read(&self, text: &[u8], mut at: usize, column: u32) -> (usize, u32) {
        let mut before = Before::Column(column);
        // The groups in which what was before begins pairs, a bit each.
        let mut open = _mm256_set1_epi32(if column > 0 { ALL_GROUPS } else { 0 });
        let mut end;
        loop {
            let rest = text.get(at..).unwrap_or(&[]);
            let loaded = match rest.first_chunk() {
                Some(loaded) => loaded,
                None if rest.len() < REST_MIN => break,
                None => {
                    // Zeros behind are no code points of three bytes.
                    end = [0; LOADED];
                    end[..rest.len()].copy_from_slice(rest);
                    &end
                }
            };
            let Group { points, kinds, right } = Group::read(loaded, self.kinds);
            // Code points from here on are not for this loop.
            let special = sign(_mm256_slli_epi32::<{ distance(kind::SPECIAL) }>(kinds));
            let stop = (special | !right | 1 << GROUP).trailing_zeros();
            let firsts = _mm256_and_si256(kinds, _mm256_set1_epi32(ALL_GROUPS));
            let is_noise = _mm256_slli_epi32::<{ distance(kind::NOISE) }>(kinds);
            // What each begins, or over noise what is before it. That is carried on as
            // far as the longest run of noise is long.
            let (mut befores, mut noise) = (behind(firsts, open), sign(is_noise));
            let mut begun = firsts;
            while noise != 0 {
                begun = where_signed(is_noise, befores, firsts);
                befores = behind(begun, open);
                noise &= noise << 1;
            }
            let lasts = _mm256_srli_epi32::<{ kind::GROUPS as i32 }>(kinds);
            let pairs = _mm256_and_si256(befores, lasts);
            let begins = !zero(firsts);
            let mut pairs = !zero(pairs) & below(stop);
            let mut place = stop;
            while pairs != 0 {
                let pair = pairs.trailing_zeros();
                let first = before.then(&points, begins & below(pair));
                if self.is_pair(first, points[pair as usize % GROUP])
                    && !is_no_clue(self.symbols, self.clues, text, at + 3 * pair as usize)
                {
                    place = pair;
                    break;
                }
                pairs &= pairs - 1;
            }
            before = before.then(&points, begins & below(place));
            at += 3 * place as usize;
            if place < GROUP as u32 {
                let open = lane(befores, place);
                return (at, if open == 0 { 0 } else { self.column(before) });
            }
            open = _mm256_permutevar8x32_epi32(begun, _mm256_set1_epi32(LAST));
        }
        (at, if lane(open, 0) == 0 { 0 } else { self.column(before) })
    }

    /// Whether a code point is a clue with what is before it.
    fn is_pair(&self, before: Before, point: u32) -> bool {
        self.clues.is_pair(self.column(before), self.class(point).row())
    }

    fn column(&self, before: Before) -> u32 {
        match before {
            Before::Column(column) => column,
            Before::Point(point) => self.class(point).column(),
        }
    }

    fn class(&self, point: u32) -> ClueClass {
        self.clues.class(self.symbols.cell_of_number(point).0)
    }
}

/// What may be the first one of a pair.
#[derive(Clone, Copy)]
enum Before {
    /// Before the start, of which the column was given.
    Column(u32),
    Point(u32),
}

impl Before {
    /// The last of these code points of a group, if there are any.
    #[inline(always)]
    fn then(self, points: &[u32; GROUP], begins: u32) -> Before {
        match begins.checked_ilog2() {
            Some(last) => Before::Point(points[last as usize % GROUP]),
            None => self,
        }
    }
}

/// What is read at a time.
struct Group {
    points: [u32; GROUP],
    /// Their kinds, each in the low half of its lane.
    kinds: __m256i,
    /// A bit for each that is one of three bytes.
    right: u32,
}

impl Group {
    #[target_feature(enable = "avx2")]
    #[inline]
    fn read(loaded: &[u8; LOADED], table: &[U16; kind::COUNT]) -> Group {
        // For each of four code points in twelve bytes: third, second, first byte.
        let order = _mm256_setr_epi8(
            2, 1, 0, -1, 5, 4, 3, -1, 8, 7, 6, -1, 11, 10, 9, -1, 2, 1, 0, -1, 5, 4, 3,
            -1, 8, 7, 6, -1, 11, 10, 9, -1,
        );
        let number = |number: u32| _mm256_set1_epi32(number as i32);
        // SAFETY: 28 bytes are there; the loads end at 16 and at 28.
        let (low, high) = unsafe {
            let start = loaded.as_ptr();
            let low = _mm_loadu_si128(start.cast());
            (low, _mm_loadu_si128(start.add(BYTES / 2).cast()))
        };
        let bytes = _mm256_shuffle_epi8(_mm256_set_m128i(high, low), order);
        let fixed = _mm256_and_si256(bytes, number(0x00F0_C0C0));
        let right = _mm256_cmpeq_epi32(fixed, number(0x00E0_8080));
        let payload = _mm256_and_si256(bytes, number(0x000F_3F3F));
        // The third byte and 64 times the second; 16 times the first. Then the sum.
        let sums = _mm256_maddubs_epi16(payload, number(0x0010_4001));
        let points = _mm256_madd_epi16(sums, number(0x0100_0001));
        // Their places in the table: low ones, those between, high ones.
        let low = _mm256_sub_epi32(points, number(kind::LOW.start));
        let low = _mm256_min_epu32(low, number(kind::OTHER));
        let high = _mm256_sub_epi32(points, number(kind::HIGH.start - kind::OTHER - 1));
        let is_high = _mm256_cmpgt_epi32(points, number(kind::HIGH.start - 1));
        let places = _mm256_blendv_epi8(low, high, is_high);
        let mut numbers = [0; GROUP];
        // SAFETY: whatever the bytes are, a code point is below 0x10000. So a place
        // that is low is at most `OTHER`, and a high one below `COUNT - 1`; the four
        // bytes from there on are two kinds of the table. Eight numbers have room for
        // all lanes.
        let kinds = unsafe {
            _mm256_storeu_si256(numbers.as_mut_ptr().cast(), points);
            _mm256_i32gather_epi32::<2>(table.as_ptr().cast(), places)
        };
        Group { points: numbers, kinds, right: sign(right) }
    }
}

/// How far a flag of a kind is from the sign of its lane.
const fn distance(flag: u16) -> i32 {
    31 - flag.trailing_zeros() as i32
}

/// The bits below a place.
#[inline(always)]
fn below(place: u32) -> u32 {
    (1 << place) - 1
}

/// The sign of each lane.
#[inline]
#[target_feature(enable = "avx2")]
fn sign(lanes: __m256i) -> u32 {
    _mm256_movemask_ps(_mm256_castsi256_ps(lanes)) as u32
}

/// Whether each lane is zero.
#[inline]
#[target_feature(enable = "avx2")]
fn zero(lanes: __m256i) -> u32 {
    sign(_mm256_cmpeq_epi32(lanes, _mm256_setzero_si256()))
}

/// A lane as a number.
#[inline]
#[target_feature(enable = "avx2")]
fn lane(lanes: __m256i, place: u32) -> i32 {
    let place = _mm256_set1_epi32(place as i32);
    _mm256_cvtsi256_si32(_mm256_permutevar8x32_epi32(lanes, place))
}

/// Each lane's neighbour before it; before the first, that of `open`.
#[inline]
#[target_feature(enable = "avx2")]
fn behind(lanes: __m256i, open: __m256i) -> __m256i {
    let before = _mm256_setr_epi32(0, 0, 1, 2, 3, 4, 5, 6);
    _mm256_blend_epi32::<1>(_mm256_permutevar8x32_epi32(lanes, before), open)
}

/// The lanes of one where a lane is signed, of the other elsewhere.
#[inline]
#[target_feature(enable = "avx2")]
fn where_signed(signs: __m256i, one: __m256i, other: __m256i) -> __m256i {
    let ps = _mm256_castsi256_ps;
    _mm256_castps_si256(_mm256_blendv_ps(ps(other), ps(one), ps(signs)))
}
