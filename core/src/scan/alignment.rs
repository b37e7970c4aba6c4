//! What stands for each letter of a term in a spelling.

use super::token::Ring;
use super::walker::{Path, Walker};
use crate::automaton::TOKENS_MAX;
use crate::fold::Disguise;
use crate::ruleset::{EXACT, LetterRecord, TermRecord};

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
        term: &TermRecord,
        path: &Path,
        kinds: &mut [u8; TOKENS_MAX],
        risk_of: &impl Fn(u8) -> f32,
    ) -> Option<usize> {
        if path.length == 1 {
            let only = ring.get(path.numbers[0]).symbol;
            let whole = self.ruleset.element_symbols(term.whole);
            if whole.iter().any(|symbol| symbol.get() == only) {
                kinds[0] = Disguise::Emoji as u8;
                return Some(1);
            }
        }
        let atoms = term.atoms.of(self.spelling.atoms);
        let letter = |place: usize| {
            let index = atoms.get(place)?.get() as usize;
            self.spelling.letters.get(index)
        };
        if atoms.len() == path.length {
            let mut each = kinds.iter_mut().zip(path.forward()).enumerate();
            let single =
                |place, number| self.single(letter(place)?, ring.get(number).symbol);
            if each.all(|(place, (kind, number))| {
                single(place, number).map(|found| *kind = found).is_some()
            }) {
                return Some(atoms.len());
            }
        }
        let mut symbols = [0u16; TOKENS_MAX];
        for (place, number) in symbols.iter_mut().zip(path.forward()) {
            *place = ring.get(number).symbol;
        }
        let (letters, symbols) = (atoms.len(), &symbols[..path.length]);
        // Most are short, and memory to be filled takes its time.
        match letters < SHORT.0 && symbols.len() < SHORT.1 {
            true => self.align_within::<{ SHORT.0 }, { SHORT.1 }>(
                letters, letter, symbols, kinds, risk_of,
            ),
            false => self.align_within::<{ LONG.0 }, { LONG.1 }>(
                letters, letter, symbols, kinds, risk_of,
            ),
        }
    }

    /// Dynamic programming over (letters done, symbols used).
    fn align_within<'l, const ROWS: usize, const COLUMNS: usize>(
        &self,
        letters: usize,
        letter: impl Fn(usize) -> Option<&'l LetterRecord>,
        symbols: &[u16],
        kinds: &mut [u8; TOKENS_MAX],
        risk_of: &impl Fn(u8) -> f32,
    ) -> Option<usize> {
        // Cost of the cheapest way to each cell, and how its last letter got there.
        let mut costs = [f32::INFINITY; COLUMNS];
        let mut steps = [[(0u8, 0u8); COLUMNS]; ROWS];
        costs[0] = 0.0;
        if letters >= ROWS || symbols.len() >= COLUMNS {
            return None;
        }
        for (place, row) in steps.iter_mut().enumerate().take(letters) {
            let record = letter(place)?;
            let mut next = [f32::INFINITY; COLUMNS];
            for used in 0..symbols.len() {
                let cost = costs[used];
                if cost.is_infinite() {
                    continue;
                }
                let mut offer = |length: usize, kind: u8| {
                    let to = used + length;
                    let total =
                        cost - risk_of(kind) + if kind == EXACT { 0.0 } else { 0.01 };
                    if to <= symbols.len() && total < next[to] {
                        next[to] = total;
                        row[to] = (length as u8, kind);
                    }
                };
                if let Some(kind) = self.single(record, symbols[used]) {
                    offer(1, kind);
                }
                for sequence in self.ruleset.sequences(record.sequences) {
                    let elements = self.ruleset.elements(sequence.elements);
                    let matches = elements.len() <= symbols.len() - used
                        && elements.iter().zip(&symbols[used..]).all(
                            |(element, symbol)| {
                                let alike = self.ruleset.element_symbols(*element);
                                alike.iter().any(|s| s.get() == *symbol)
                            },
                        );
                    if matches {
                        offer(elements.len(), sequence.kind);
                    }
                }
            }
            costs = next;
        }
        if costs[symbols.len()].is_infinite() {
            return None;
        }
        let mut used = symbols.len();
        for place in (0..letters).rev() {
            let (length, kind) = steps[place][used];
            kinds[place] = kind;
            used = used.checked_sub(usize::from(length))?;
        }
        Some(letters)
    }

    fn single(&self, letter: &LetterRecord, symbol: u16) -> Option<u8> {
        let singles = letter.singles.of(self.spelling.singles);
        let place = singles.binary_search_by_key(&symbol, |s| s.symbol.get()).ok()?;
        singles.get(place).map(|single| single.kind)
    }
}
