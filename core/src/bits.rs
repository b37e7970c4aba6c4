//! The members of sets that are masks of bits.

use core::iter::FusedIterator;

/// The numbers of the bits of a mask that are set, from the lowest on.
#[derive(Clone)]
pub(crate) struct Bits(pub(crate) u64);

impl Iterator for Bits {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let lowest = (self.0 != 0).then(|| self.0.trailing_zeros())?;
        self.0 &= self.0 - 1;
        Some(lowest as u8)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let count = self.0.count_ones() as usize;
        (count, Some(count))
    }
}

impl DoubleEndedIterator for Bits {
    fn next_back(&mut self) -> Option<u8> {
        let highest = self.0.checked_ilog2()?;
        self.0 ^= 1 << highest;
        Some(highest as u8)
    }
}

impl ExactSizeIterator for Bits {}
impl FusedIterator for Bits {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[test]
    fn bits_come_from_either_end() {
        for mask in [0, 1, 1 << 63, 0b1011_0001, u64::MAX, 0xF0F0_0000_0000_0001] {
            let known: Vec<u8> = (0..64).filter(|bit| mask >> bit & 1 != 0).collect();
            assert_eq!(Bits(mask).len(), known.len());
            assert!(Bits(mask).eq(known.iter().copied()));
            assert!(Bits(mask).rev().eq(known.iter().rev().copied()));
            let mut met = Bits(mask);
            let mut count = 0;
            while met.next().is_some() {
                count += 1 + usize::from(met.next_back().is_some());
            }
            assert_eq!((count, met.next_back()), (known.len(), None));
        }
    }
}
