//! Three symbols in a row in which terms end, as a set of bits that has more than those: a
//! Bloom filter with both bits of each in one word.

use super::slot::FACTOR;
use zerocopy::little_endian::U32;

/// A place in a [`Triples`] filter, before it is known how large that is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Triple(u32);

impl Triple {
    /// Stands for whatever is before a pair.
    pub(crate) const ANY: u16 = 0;

    /// Of symbols in the order of the text.
    #[inline(always)]
    pub(crate) const fn new(third: u16, second: u16, last: u16) -> Triple {
        // Odd numbers without a pattern, so that what is alike in one part is not in all.
        let pair = ((last as u32) << 16 | second as u32).wrapping_mul(0x85EB_CA6B);
        let key =
            (pair ^ pair >> 15).wrapping_add((third as u32).wrapping_mul(0xC2B2_AE35));
        Triple(key ^ key >> 13)
    }

    /// What changes where triples have other places.
    pub(crate) const SAMPLE: u32 = Self::new(1, 2, 3).0;

    /// The word among so many, a power of two, and two bits in it.
    #[inline(always)]
    fn place(self, words: usize) -> (usize, u32) {
        let mixed = self.0.wrapping_mul(FACTOR);
        let word = (u64::from(mixed) >> (u32::BITS - words.ilog2())) as usize;
        (word, 1 << (mixed >> 12 & 31) | 1 << (mixed >> 7 & 31))
    }
}

/// A view of the filter: a power of two of words.
#[derive(Clone, Copy)]
pub(crate) struct Triples<'r> {
    pub(crate) words: &'r [U32],
}

impl Triples<'_> {
    /// So many bits for each triple, at least, as long as there is room.
    #[cfg(feature = "compile")]
    const BITS: usize = 10;
    /// Most words.
    #[cfg(feature = "compile")]
    const WORDS_MAX: usize = 1 << 15;

    /// Whether some term may end in a triple. No false negatives.
    #[inline(always)]
    pub(crate) fn may_have(self, triple: Triple) -> bool {
        if self.words.is_empty() {
            return true;
        }
        let (word, bits) = triple.place(self.words.len());
        self.words.get(word).is_none_or(|word| word.get() & bits == bits)
    }

    /// The words of a filter of some triples.
    #[cfg(feature = "compile")]
    pub(crate) fn words_of(triples: &[Triple]) -> alloc::vec::Vec<u32> {
        let words = (triples.len() * Self::BITS / u32::BITS as usize).next_power_of_two();
        let mut words = alloc::vec![0u32; words.min(Self::WORDS_MAX)];
        for triple in triples {
            let (word, bits) = triple.place(words.len());
            words[word] |= bits;
        }
        words
    }

    /// Checks its shape.
    pub(crate) fn validate(self) -> Result<(), &'static str> {
        match self.words.len().is_power_of_two() {
            true => Ok(()),
            false => Err("the endings of three symbols have the wrong shape"),
        }
    }
}
