//! Common pairs: clues that ordinary text is full of.
//!
//! `服务` ends `解封服务`, and stands in every tenth message. What is before such a
//! pair tells most of them from the end of a term, before any state is looked up.

use super::frequency::Frequencies;
use super::position::Move;
use crate::automaton::{CommonPair, slot};

/// Most pairs. Looking one up costs little, and the others are rare.
const PAIRS_MAX: usize = 1 << 10;
/// Pairs that are seen less often are not worth a place.
const PART_MIN: f32 = 2e-6;
/// Most symbols before one of them.
const THIRDS_MAX: usize = 1 << 6;

/// A pair, and what may stand before it in a term.
struct Candidate {
    /// See [`CommonPair::key`].
    key: u32,
    /// Ascending.
    thirds: Vec<u16>,
    /// How often the pair is seen behind anything else.
    worth: f32,
}

/// Collects pairs in which terms end.
pub(super) struct Common<'f> {
    frequencies: &'f Frequencies,
    found: Vec<Candidate>,
}

/// See [`Clues`](crate::automaton::Clues): the slots of pairs, key and start of the list
/// each, and the lists.
pub(super) type Tables = (Vec<(u32, u32)>, Vec<u16>);

impl<'f> Common<'f> {
    pub(super) fn new(frequencies: &'f Frequencies) -> Common<'f> {
        Common { frequencies, found: Vec::new() }
    }

    /// Adds a pair in which terms end that all go on before it, if it is common;
    /// `moves` says where they lead.
    pub(super) fn add(
        &mut self,
        before: u16,
        last: u16,
        moves: impl FnOnce() -> Vec<Move>,
    ) {
        let part = self.frequencies.neighbours(before, last);
        if part < PART_MIN {
            return;
        }
        let mut thirds: Vec<u16> = moves().iter().map(|step| step.symbol()).collect();
        thirds.dedup();
        let parts = thirds.iter().map(|symbol| self.frequencies.part(*symbol));
        let worth = part * (1.0 - parts.sum::<f32>());
        if thirds.len() <= THIRDS_MAX && worth >= PART_MIN {
            let key = CommonPair::key(before, last);
            self.found.push(Candidate { key, thirds, worth });
        }
    }

    /// The tables of those that are worth most.
    pub(super) fn finish(mut self) -> Tables {
        self.found.sort_unstable_by(|a, b| {
            b.worth.total_cmp(&a.worth).then_with(|| a.key.cmp(&b.key))
        });
        self.found.truncate(PAIRS_MAX);
        // Half of the slots are free, at least.
        let mut bits = (2 * self.found.len()).next_power_of_two().ilog2();
        loop {
            self.found.sort_unstable_by_key(|pair| (slot(pair.key, bits), pair.key));
            match self.slots(bits) {
                Some(tables) => return tables,
                None => bits += 1,
            }
        }
    }

    /// The tables with so many slots, if no pair is too far from its own.
    fn slots(&self, bits: u32) -> Option<Tables> {
        let count = (1 << bits) + CommonPair::BEHIND;
        let (mut slots, mut thirds) = (Vec::with_capacity(count), Vec::new());
        for pair in &self.found {
            let own = slot(pair.key, bits);
            while slots.len() < own {
                slots.push((CommonPair::NONE, thirds.len() as u32));
            }
            // The last place that is looked at.
            if slots.len() + 1 >= own + CommonPair::BEHIND {
                return None;
            }
            slots.push((pair.key, thirds.len() as u32));
            thirds.extend_from_slice(&pair.thirds);
        }
        slots.resize(count, (CommonPair::NONE, thirds.len() as u32));
        Some((slots, thirds))
    }
}
