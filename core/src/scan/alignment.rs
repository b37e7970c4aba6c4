//! What stands for each letter of a term in a spelling.

use super::token::Ring;
use super::walker::{Path, Walker};
use crate::automaton::TOKENS_MAX;
use crate::ruleset::EXACT;

/// More letters and more symbols than one alignment may have, at most.
const LONG: (usize, usize) = (33, TOKENS_MAX + 1);
/// The same of short ones.
const SHORT: (usize, usize) = (8, 24);

impl Walker<'_> {
    /// Finds for each letter of the term what stands for it, at the least
    /// risk. Fills in the kinds and gives the number of letters.
    pub(super) fn align(
        &self,
        ring: &Ring,
        term: u32,
        path: &Path,
        kinds: &mut [u8; TOKENS_MAX],
        risk_of: &impl Fn(u8) -> f32,
    ) -> Option<usize> {
        let mut letters = [0; LONG.0];
        let mut count = 0;
        for letter in self.literals.letters_of(term) {
            *letters.get_mut(count)? = letter;
            count += 1;
        }
        let letters = &letters[..count];
        let sets = self.literals.complete.get(term as usize)?.sets();
        if count == path.numbers.len() {
            let mut each = kinds.iter_mut().zip(letters).zip(path.forward());
            let single = |letter: u16, number| {
                let run = u32::from(ring.get(number).symbol);
                self.literals.spellings.kind(run, letter, sets)
            };
            if each.all(|((kind, letter), number)| {
                single(*letter, number).map(|found| *kind = found).is_some()
            }) {
                return Some(count);
            }
        }
        let mut symbols = [0u16; TOKENS_MAX];
        for (place, number) in symbols.iter_mut().zip(path.forward()) {
            *place = ring.get(number).symbol;
        }
        let symbols = &symbols[..path.numbers.len()];
        // Most are short, and memory to be filled takes its time.
        match count < SHORT.0 && symbols.len() < SHORT.1 {
            true => self.align_within::<{ SHORT.0 }, { SHORT.1 }>(
                letters, sets, symbols, kinds, risk_of,
            ),
            false => self.align_within::<{ LONG.0 }, { LONG.1 }>(
                letters, sets, symbols, kinds, risk_of,
            ),
        }
    }

    /// Dynamic programming over (letters done, symbols used).
    fn align_within<const ROWS: usize, const COLUMNS: usize>(
        &self,
        letters: &[u16],
        sets: u64,
        symbols: &[u16],
        kinds: &mut [u8; TOKENS_MAX],
        risk_of: &impl Fn(u8) -> f32,
    ) -> Option<usize> {
        // Cost of the cheapest way to each cell, and how its last letter got there.
        let mut costs = [f32::INFINITY; COLUMNS];
        let mut steps = [[(0u8, 0u8); COLUMNS]; ROWS];
        costs[0] = 0.0;
        if letters.len() >= ROWS || symbols.len() >= COLUMNS {
            return None;
        }
        let spellings = self.literals.spellings;
        for (letter, row) in letters.iter().zip(&mut steps) {
            let mut next = [f32::INFINITY; COLUMNS];
            for end in 1..=symbols.len() {
                let mut run = 0;
                for from in (0..end).rev() {
                    let symbol = symbols[from];
                    let longer = match run {
                        0 => Some(u32::from(symbol)),
                        run => spellings.longer(run, symbol),
                    };
                    let Some(longer) = longer else { break };
                    run = longer;
                    let Some(kind) = spellings.kind(run, *letter, sets) else { continue };
                    let cost = if kind == EXACT { 0.0 } else { 0.01 };
                    let total = costs[from] - risk_of(kind) + cost;
                    // Of two that cost the same the longer one counts.
                    if total.is_finite() && total <= next[end] {
                        next[end] = total;
                        row[end] = ((end - from) as u8, kind);
                    }
                }
            }
            costs = next;
        }
        if costs[symbols.len()].is_infinite() {
            return None;
        }
        let mut used = symbols.len();
        for place in (0..letters.len()).rev() {
            let (length, kind) = steps[place][used];
            kinds[place] = kind;
            used = used.checked_sub(usize::from(length))?;
        }
        Some(letters.len())
    }
}
