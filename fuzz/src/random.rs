//! Chance out of a seed.

pub(crate) use crate::damage::Random;
use std::ops::Range;

/// A part of a sequence of some length, not longer than `most`.
pub(crate) fn part(random: &mut Random, length: usize, most: usize) -> Range<usize> {
    let start = random.below(length + 1);
    let end = start + random.below((length - start).min(most) + 1);
    start..end
}
