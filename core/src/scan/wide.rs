//! The glance's loop over Chinese text with vector instructions of x86-64.
//!
//! The only unsafe code of the library. What it computes is what
//! [`Glance`](super::glance::Glance) computes without it.

use super::common_pair::is_no_clue;
use super::token::GAP_MAX;
use crate::automaton::{Clues, kind, pair_filter};
use crate::ruleset::{AsciiTable, Symbols};
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
pub(super) const REST_MIN: usize = 6;

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
    costs: &'t [u8; 256],
    wide: &'t Wide<'r>,
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

    /// Reads code points of three bytes, and noise of ASCII between, as long as nothing
    /// is special about any.
    /// Takes and gives the place and the symbol before it that may begin a pair, 0 if
    /// there is none.
    #[inline(always)]
    pub(super) fn three(
        &self,
        (symbols, clues, ascii): (&Symbols<'r>, &Clues<'r>, &AsciiTable),
        text: &[u8],
        (at, before): (usize, u16),
    ) -> (usize, u16) {
        let groups = Groups { symbols, clues, costs: &ascii.costs, wide: self };
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

/// The run of noise that ends where a group begins, if there is more to it than noise:
/// an exit in it, or right behind, goes back to where that is.
#[derive(Clone, Copy)]
struct Pending {
    /// Where the first that is more begins, and the symbol before that.
    at: usize,
    before: u16,
    /// The one among them that may be a symbol, or 0.
    soft: u16,
}

impl Groups<'_, '_> {
    #[target_feature(enable = "avx2")]
    fn read(&self, text: &[u8], mut at: usize, before: u16) -> (usize, u16) {
        // In each lane what was before.
        let mut open = _mm256_set1_epi32(i32::from(before));
        let mut pending: Option<Pending> = None;
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
            let noise = sign(is_noise);
            let mut runs = noise & noise << 1;
            while runs != 0 {
                begun = where_signed(is_noise, behind(begun, open), lasts);
                runs &= runs << 1;
            }
            let befores = behind(begun, open);
            // Code points from the first of these on are not for this loop.
            let special = sign(_mm256_slli_epi32::<{ distance(kind::SPECIAL) }>(kinds));
            let neither = zero(_mm256_min_epu32(befores, lasts));
            let pairs = self.wide.filter.may_have(befores, lasts) & !neither;
            let soft = noise & !zero(lasts);
            let is_plain = (special | pairs | soft) & below(count) == 0;
            // An exit cannot lead back before a symbol.
            let is_over = pending
                .is_none_or(|pending| pending.soft == 0 && !noise & below(count) != 0);
            if is_plain && is_over {
                let next = at + 3 * count as usize;
                if count == GROUP as u32 {
                    pending = None;
                    at = next;
                    open = _mm256_permutevar8x32_epi32(begun, _mm256_set1_epi32(LAST));
                    continue;
                }
                let before = lane(befores, count);
                let Some((behind, is_wide)) = self.pass(text, next) else {
                    return (next, before);
                };
                pending = Some(Pending { at: next, before, soft: 0 });
                at = behind;
                open = _mm256_set1_epi32(if is_wide { 0 } else { i32::from(before) });
                continue;
            }

            let stop = (special | 1 << count).trailing_zeros();
            let group = (text, at, below(stop));
            let mut place = self.first_clue(group, pairs, befores, lasts).unwrap_or(stop);
            if soft & below(stop) != 0 || pending.is_some_and(|pending| pending.soft > 0)
            {
                let open = pending.map_or(0, |pending| pending.soft);
                let found = self.first_soft_clue(group, is_noise, lasts, open);
                place = place.min(found.unwrap_or(stop));
            }
            let run = Run::before(place, noise & below(count), soft);
            let exit = match (run.is_whole, run.first_soft()) {
                (true, _) if pending.is_some() => pending,
                (_, Some(first)) => {
                    let (at, before) = (at + 3 * first as usize, lane(befores, first));
                    Some(Pending { at, before, soft: 0 })
                }
                _ => None,
            };
            let known = if run.is_whole { pending.map_or(0, |p| p.soft) } else { 0 };
            // Of several it is not told which was the last.
            let is_clear = run.soft.count_ones() + u32::from(known > 0) < 2;
            let soft = run.first_soft().map_or(known, |first| lane(lasts, first));
            let next = at + 3 * place as usize;
            let before = lane(befores, place);
            if place == GROUP as u32 && is_clear {
                pending = exit.map(|exit| Pending { soft, ..exit });
                at = next;
                open = _mm256_permutevar8x32_epi32(begun, _mm256_set1_epi32(LAST));
            } else if place == count
                && is_clear
                && let Some((behind, is_wide)) = self.pass(text, next)
            {
                let from = exit.unwrap_or(Pending { at: next, before, soft: 0 });
                let (before, soft) = if is_wide { (0, 0) } else { (before, soft) };
                pending = Some(Pending { soft, ..from });
                at = behind;
                open = _mm256_set1_epi32(i32::from(before));
            } else {
                return exit.map_or((next, before), |exit| (exit.at, exit.before));
            }
        }
        pending.map_or((at, lane(open, 0)), |pending| (pending.at, pending.before))
    }

    /// Where noise of ASCII ends that is in no clue, and whether nothing goes on over it;
    /// `None` unless there is some, and three bytes follow that may be one code point.
    #[inline]
    fn pass(&self, text: &[u8], at: usize) -> Option<(usize, bool)> {
        let (mut end, mut gap) = (at, 0);
        while let Some(byte) = text.get(end)
            && self.costs[usize::from(*byte)] != AsciiTable::NONE
        {
            gap += usize::from(self.costs[usize::from(*byte)]);
            end += 1;
        }
        let goes_on = end > at && text.get(end)? & 0xF0 == 0xE0;
        goes_on.then_some((end, gap > usize::from(GAP_MAX)))
    }

    /// The first place of a group in which a clue ends that begins with a symbol which
    /// may be noise: in the run of noise right before it. `open` is that of the run
    /// before the group.
    #[target_feature(enable = "avx2")]
    #[inline(never)]
    fn first_soft_clue(
        &self,
        group: (&[u8], usize, u32),
        is_noise: __m256i,
        lasts: __m256i,
        open: u16,
    ) -> Option<u32> {
        let none = _mm256_setzero_si256();
        let open = _mm256_set1_epi32(i32::from(open));
        let mut befores = behind(where_signed(is_noise, lasts, none), open);
        let mut first: Option<u32> = None;
        // Each one on, as far as there is noise.
        while zero(befores) != below(GROUP as u32) {
            let neither = zero(_mm256_min_epu32(befores, lasts));
            let pairs = self.wide.filter.may_have(befores, lasts) & !neither;
            let found = self.first_clue(group, pairs, befores, lasts);
            first = [first, found].into_iter().flatten().min();
            befores = behind(where_signed(is_noise, befores, none), none);
        }
        first
    }

    /// The first place of a group in which a clue ends, of those where there is a pair.
    /// The group is a text, where in it, and a bit for each place that counts.
    #[target_feature(enable = "avx2")]
    #[inline(never)]
    fn first_clue(
        &self,
        (text, at, group): (&[u8], usize, u32),
        pairs: u32,
        befores: __m256i,
        lasts: __m256i,
    ) -> Option<u32> {
        let mut places = pairs & group;
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

/// The run of noise right before a place of a group.
struct Run {
    /// Those of it that may be symbols, a bit for each.
    soft: u32,
    /// It begins before the group, or with it.
    is_whole: bool,
}

impl Run {
    #[inline(always)]
    fn before(place: u32, noise: u32, soft: u32) -> Run {
        // The last before the place that is no noise.
        let others = !noise & below(place);
        let start = u32::BITS - others.leading_zeros();
        Run { soft: soft & below(place) & !below(start), is_whole: start == 0 }
    }

    fn first_soft(&self) -> Option<u32> {
        (self.soft != 0).then(|| self.soft.trailing_zeros())
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
