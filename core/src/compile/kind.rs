//! Kinds of code points and a filter of their pairs, for a glance that reads many at
//! a time.
//!
//! A matrix of pairs cannot be asked eight times at once, a filter of which each pair
//! has one word can.

use super::partition::Partition;
use crate::automaton::{ClueClass, kind, pair_filter as filter};

/// Bits of the filter for each pair, at least.
const PAIR_BITS: usize = 16;

/// A [`kind`] for each place of its table; none if there are too many symbols.
pub(super) fn kinds(classes: &[ClueClass], partition: &Partition) -> Vec<u16> {
    if classes.len() > usize::from(kind::SYMBOL) {
        return Vec::new();
    }
    let of_class = |symbol: usize| {
        let class = classes[symbol];
        let is_soft = class.is(ClueClass::SOFT);
        if class.is(ClueClass::ALONE) || class.letter() > 0 {
            return kind::SPECIAL;
        }
        let in_pairs = class.row() > 0 || class.column() > 0;
        let own = if in_pairs { symbol as u16 } else { 0 };
        if is_soft { kind::NOISE | own } else { own }
    };
    let of = |code_point: u32| {
        let c = char::from_u32(code_point).expect("a range without surrogates");
        of_class(usize::from(partition.cell(c).0).min(classes.len() - 1))
    };
    let (low, high) = (kind::LOW.map(of), kind::HIGH.map(of));
    // Behind the low ones are the others; the last is only read along.
    let others = [kind::SPECIAL];
    low.chain(others).chain(high).chain(others).collect()
}

/// The filter of these pairs of a last symbol and the one before it.
pub(super) fn pair_filter(pairs: &[(u16, u16)]) -> Vec<u32> {
    let words = (pairs.len() * PAIR_BITS).div_ceil(32).next_power_of_two();
    let bits = words.ilog2().min(filter::BITS_MAX);
    let mut filter = vec![0; 1 << bits];
    for (last, before) in pairs {
        let (word, places) = filter::place(*before, *last, bits);
        filter[word] |= places;
    }
    filter
}
