//! The glance's loop over Chinese text with vector instructions of x86-64.
//!
//! The only unsafe code of the library. What it computes is what
//! [`Glance`](super::glance::Glance) computes without it.

use super::common_pair::is_no_clue;
use crate::automaton::{Clues, kind, pair_filter};
use crate::ruleset::Symbols;
use core::arch::x86_64::*;
use zerocopy::little_endian::{U16, U32};

/// Code points that are read at a time, of three bytes each.
const GROUP: usize = 8;
/// The last of them.
const LAST: i32 = GROUP as i32 - 1;
/// Bytes of a group, and what is loaded with it.
const BYTES: usize = 3 * GROUP;
const LOADED: usize = BYTES + 4;
/// Fewer bytes than this at the end of a text are not worth a group.
const REST_MIN: usize = 6;

/// The tables of kinds and pairs, on a processor that has AVX2.
#[derive(Clone, Copy)]
pub(super) struct Wide<'r> {
    kinds: &'r [U16; kind::COUNT],
    filter: Filter<'r>,
}

/// A [`pair_filter`] of `1 << bits` words.
#[derive(Clone, Copy)]
struct Filter<'r> {
    words: &'r [U32],
    bits: u32,
}

/// The tables of a loop over groups.
struct Groups<'t, 'r> {
    symbols: &'t Symbols<'r>,
    clues: &'t Clues<'r>,
    wide: Wide<'r>,
}

impl<'r> Wide<'r> {
    /// `None` if the processor lacks the instructions, or the ruleset the tables.
    #[inline(always)]
    pub(super) fn new(clues: &Clues<'r>) -> Option<Wide<'r>> {
        let kinds = clues.kinds.try_into().ok()?;
        let filter = Filter::new(clues.filter)?;
        let has_avx2 = std::arch::is_x86_feature_detected!("avx2");
        has_avx2.then_some(Wide { kinds, filter })
    }

    /// Reads code points of three bytes, as long as nothing is special about any.
    /// Takes and gives the place and the symbol before it that may begin a pair, 0 if
    /// there is none.
    #[inline(always)]
    pub(super) fn three(
        self,
        symbols: &Symbols<'r>,
        clues: &Clues<'r>,
        text: &[u8],
        (at, before): (usize, u16),
    ) -> (usize, u16) {
        let groups = Groups { symbols, clues, wide: self };
        // SAFETY: a `Wide` exists only where the processor has AVX2.
        unsafe { groups.read(text, at, before) }
    }
}

impl<'r> Filter<'r> {
    /// `None` if its words are not as many as they may be.
    #[inline(always)]
    fn new(words: &'r [U32]) -> Option<Filter<'r>> {
        let bits = words.len().checked_ilog2()?;
        let fits = bits <= pair_filter::BITS_MAX && words.len() == 1 << bits;
        fits.then_some(Filter { words, bits })
    }
}

impl Groups<'_, '_> {
    #[target_feature(enable = "avx2")]
    fn read(&self, text: &[u8], mut at: usize, before: u16) -> (usize, u16) {
        // In each lane what was before.
        let mut open = _mm256_set1_epi32(i32::from(before));
        let symbol = _mm256_set1_epi32(i32::from(kind::SYMBOL));
        let mut end;
        loop {
            let rest = text.get(at..).unwrap_or(&[]);
            let loaded = match rest.first_chunk() {
                Some(loaded) => loaded,
                None if rest.len() < REST_MIN => break,
                None => {
                    end = padded(rest);
                    &end
                }
            };
            let Group { kinds, right } = Group::read(loaded, self.wide.kinds);
            // How many are of three bytes, which is known long before what they are.
            let count = (!right | 1 << GROUP).trailing_zeros();
            let lasts = _mm256_and_si256(kinds, symbol);
            let is_noise = _mm256_slli_epi32::<{ distance(kind::NOISE) }>(kinds);
            // Each symbol, or over noise what is before it. Most noise is alone; that
            // of a run is carried on as far as the longest is long.
            let mut begun = where_signed(is_noise, behind(lasts, open), lasts);
            let mut noise = sign(is_noise);
            noise &= noise << 1;
            while noise != 0 {
                begun = where_signed(is_noise, behind(begun, open), lasts);
                noise &= noise << 1;
            }
            let befores = behind(begun, open);
            // Code points from the first of these on are not for this loop.
            let special = sign(_mm256_slli_epi32::<{ distance(kind::SPECIAL) }>(kinds));
            let neither = zero(_mm256_min_epu32(befores, lasts));
            let pairs = self.wide.filter.may_have(befores, lasts) & !neither;
            if (special | pairs) & below(count) != 0 {
                let stop = (special | 1 << count).trailing_zeros();
                let pairs = pairs & below(stop);
                let place = self.first_clue(text, at, pairs, befores, lasts);
                let place = place.unwrap_or(stop);
                if place < count {
                    return (at + 3 * place as usize, lane(befores, place));
                }
            }
            if count < GROUP as u32 {
                return (at + 3 * count as usize, lane(befores, count));
            }
            at += BYTES;
            open = _mm256_permutevar8x32_epi32(begun, _mm256_set1_epi32(LAST));
        }
        (at, lane(open, 0))
    }

    /// The first of some places of a group in which a clue ends.
    #[target_feature(enable = "avx2")]
    #[inline(never)]
    fn first_clue(
        &self,
        text: &[u8],
        at: usize,
        mut places: u32,
        befores: __m256i,
        lasts: __m256i,
    ) -> Option<u32> {
        while places != 0 {
            let place = places.trailing_zeros();
            let class = |symbols| self.clues.class(lane(symbols, place));
            let (column, row) = (class(befores).column(), class(lasts).row());
            if self.clues.is_pair(column, row)
                && !is_no_clue(self.symbols, self.clues, text, at + 3 * place as usize)
            {
                return Some(place);
            }
            places &= places - 1;
        }
        None
    }
}

impl Filter<'_> {
    /// A bit for each lane whose two symbols may be a pair.
    #[target_feature(enable = "avx2")]
    #[inline]
    fn may_have(self, befores: __m256i, lasts: __m256i) -> u32 {
        let number = |number: u32| _mm256_set1_epi32(number as i32);
        let both = _mm256_or_si256(_mm256_slli_epi32::<16>(befores), lasts);
        let product = _mm256_mullo_epi32(both, number(pair_filter::FACTOR));
        const FOLD: i32 = pair_filter::FOLD as i32;
        const PLACE: i32 = pair_filter::PLACE as i32;
        let hash = _mm256_xor_si256(product, _mm256_srli_epi32::<FOLD>(product));
        let places = _mm256_srl_epi32(hash, _mm_cvtsi32_si128(32 - self.bits as i32));
        // SAFETY: the upper `bits` bits of a hash are below `1 << bits`, which is how
        // many words there are.
        let words =
            unsafe { _mm256_i32gather_epi32::<4>(self.words.as_ptr().cast(), places) };
        let bit = |hash| {
            let place = _mm256_and_si256(hash, number((1 << PLACE) - 1));
            _mm256_srlv_epi32(words, place)
        };
        let both = _mm256_and_si256(bit(hash), bit(_mm256_srli_epi32::<PLACE>(hash)));
        sign(_mm256_slli_epi32::<31>(both))
    }
}

/// What is read at a time.
struct Group {
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
        // SAFETY: whatever the bytes are, a code point is below 0x10000. So a place
        // that is low is at most `OTHER`, and a high one below `COUNT - 1`; the four
        // bytes from there on are two kinds of the table.
        let kinds = unsafe { _mm256_i32gather_epi32::<2>(table.as_ptr().cast(), places) };
        Group { kinds, right: sign(right) }
    }
}

/// The rest of a text, and zeros behind it, which are no code points of three bytes.
#[inline(always)]
fn padded(rest: &[u8]) -> [u8; LOADED] {
    let mut padded = [0; LOADED];
    // Its first and its last bytes, so that pieces are of fixed lengths.
    const LONG: usize = 16;
    const SHORT: usize = REST_MIN;
    let mut copy = |from: usize, count: usize| {
        padded[from..from + count].copy_from_slice(&rest[from..from + count]);
    };
    if rest.len() >= LONG {
        copy(0, LONG);
        copy(rest.len() - LONG, LONG);
    } else {
        copy(0, SHORT);
        copy((rest.len() - SHORT) / 2, SHORT);
        copy(rest.len() - SHORT, SHORT);
    }
    padded
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

/// The symbol in a lane.
#[inline]
#[target_feature(enable = "avx2")]
fn lane(lanes: __m256i, place: u32) -> u16 {
    let place = _mm256_set1_epi32(place as i32);
    _mm256_cvtsi256_si32(_mm256_permutevar8x32_epi32(lanes, place)) as u16
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A place in it is made of so many bits: words that are fewer were read beyond.
    #[test]
    fn a_filter_has_a_power_of_two_of_words() {
        let words = [U32::new(0); 9];
        let bits = |count: usize| Filter::new(&words[..count]).map(|filter| filter.bits);
        let counts = [0, 1, 2, 3, 4, 5, 7, 8, 9];
        let bits: Vec<_> = counts.into_iter().map(bits).collect();
        let (none, some) = (None, Some);
        assert_eq!(
            bits,
            [none, some(0), some(1), none, some(2), none, none, some(3), none]
        );
    }

    #[test]
    fn what_is_left_of_a_text_is_followed_by_zeros() {
        let text: Vec<u8> = (1..=LOADED as u8).collect();
        for count in REST_MIN..LOADED {
            let padded = padded(&text[..count]);
            assert_eq!(padded[..count], text[..count]);
            assert!(padded[count..].iter().all(|byte| *byte == 0));
        }
    }
}
