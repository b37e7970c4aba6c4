//! Triples: what is before pairs that are clues, where all three are common.
//!
//! `服务` ends `解封服务`, and stands in every tenth message. What is before such a
//! pair tells most of them from the end of a term, before any state is looked up.

use super::frequency::Frequencies;
use super::partition::Partition;
use super::position::Move;
use crate::automaton::{Triple, Triples};
use crate::ruleset::flags;

/// What part of ordinary text a symbol is that counts as common, at least.
const PART_MIN: f32 = 3e-5;
/// Most triples of small packs, and for each term of others.
const TRIPLES_MAX: usize = 3 << 13;
const TRIPLES_OF_TERM: usize = 6;

/// A pair, and what may stand before it in a term, as far as it is common.
struct Pair {
    second: u16,
    last: u16,
    thirds: Vec<u16>,
    /// How often the pair is seen behind anything else.
    worth: f32,
}

/// Collects the triples in which terms end.
pub(super) struct Collector<'f> {
    frequencies: &'f Frequencies,
    /// By symbol whether it is common.
    common: Vec<bool>,
    /// By symbol whether it is never noise.
    plain: Vec<bool>,
    pairs: Vec<Pair>,
    found: Vec<Triple>,
}

impl<'f> Collector<'f> {
    pub(super) fn new(
        frequencies: &'f Frequencies,
        partition: &Partition,
    ) -> Collector<'f> {
        let is_common = |symbol: usize| {
            partition.flags[symbol] & flags::ALPHANUMERIC == 0
                && frequencies.part(symbol as u16) >= PART_MIN
        };
        let is_plain = |flag: &u8| flag & (flags::NOISE | flags::ALPHANUMERIC) == 0;
        Collector {
            frequencies,
            common: (0..partition.flags.len()).map(is_common).collect(),
            plain: partition.flags.iter().map(is_plain).collect(),
            pairs: Vec::new(),
            found: Vec::new(),
        }
    }

    /// Whether a symbol is common.
    pub(super) fn is_common(&self, symbol: u16) -> bool {
        self.common.get(usize::from(symbol)).is_some_and(|is_common| *is_common)
    }

    /// Whether both symbols of a pair are common, and never noise.
    pub(super) fn tells(&self, second: u16, last: u16) -> bool {
        let is_told = |symbol| self.is_common(symbol) && self.plain[usize::from(symbol)];
        is_told(second) && is_told(last)
    }

    /// Adds such a pair in which terms end, and what is before it, which is ascending;
    /// `None` where a term is the pair alone.
    pub(super) fn add(&mut self, second: u16, last: u16, before: Option<&[Move]>) {
        let Some(before) = before else {
            return self.found.push(Triple::new(Triple::ANY, second, last));
        };
        let thirds = before.iter().map(|step| step.symbol());
        let mut thirds: Vec<u16> =
            thirds.filter(|third| self.is_common(*third)).collect();
        thirds.dedup();
        let part = |third: &u16| self.frequencies.part(*third);
        let rest = 1.0 - thirds.iter().map(part).sum::<f32>();
        let worth = self.frequencies.neighbours(second, last) * rest.max(0.0);
        self.pairs.push(Pair { second, last, thirds, worth });
    }

    /// The words of the filter, for a pack of so many terms. Before pairs that are worth
    /// least for their triples may be anything.
    pub(super) fn finish(mut self, terms: usize) -> Vec<u32> {
        let most = TRIPLES_MAX.max(TRIPLES_OF_TERM * terms);
        let price = |pair: &Pair| pair.thirds.len().max(1) as f32 / pair.worth.max(1e-20);
        self.pairs.sort_by(|a, b| price(a).total_cmp(&price(b)));
        for Pair { second, last, thirds, .. } in &self.pairs {
            let triple = |third: u16| Triple::new(third, *second, *last);
            match self.found.len() + thirds.len() <= most {
                true => self.found.extend(thirds.iter().map(|third| triple(*third))),
                false => self.found.push(triple(Triple::ANY)),
            }
        }
        self.found.sort_unstable();
        self.found.dedup();
        Triples::words_of(&self.found)
    }
}
