//! Matrices of pairs of symbols.

use rustc_hash::FxHashMap;
use std::hash::Hash;

/// Most bits of a matrix. What does not fit shares rows and columns.
const BITS_MAX: usize = 1 << 22;
/// Most rows and most columns.
const CLASSES_MAX: usize = 1 << 12;

/// A matrix of pairs; see [`Pairs`](crate::automaton::Pairs).
#[derive(Default)]
pub(super) struct PairMatrix {
    pub(super) rows: Vec<u32>,
    pub(super) columns: Vec<u16>,
    pub(super) bits: Vec<u8>,
}

impl PairMatrix {
    /// The matrix of these pairs of a last symbol and the one before it, both
    /// below `symbols`. The pairs are ascending, and each is there once.
    pub(super) fn new(symbols: usize, pairs: &[(u16, u16)]) -> PairMatrix {
        let pairs: Vec<(u32, u16)> =
            pairs.iter().map(|(last, before)| (u32::from(*last), *before)).collect();
        PairMatrix::of(symbols, symbols, &pairs)
    }

    /// The matrices of some pairs, and of others. Where most are the same they share
    /// their bits, which the first one has.
    pub(super) fn two(
        symbols: usize,
        pairs: &[(u16, u16)],
        others: &[(u16, u16)],
    ) -> [PairMatrix; 2] {
        if 4 * others.len() < 3 * pairs.len() {
            return [pairs, others].map(|pairs| PairMatrix::new(symbols, pairs));
        }
        let first = pairs.iter().map(|(last, before)| (u32::from(*last), *before));
        let behind = others
            .iter()
            .map(|(last, before)| (u32::from(*last) + symbols as u32, *before));
        let all: Vec<(u32, u16)> = first.chain(behind).collect();
        let mut one = PairMatrix::of(2 * symbols, symbols, &all);
        let rows = one.rows.split_off(symbols);
        let other = PairMatrix { rows, columns: one.columns.clone(), bits: Vec::new() };
        [one, other]
    }

    /// The same for numbers of last symbols below `lasts`.
    fn of(lasts: usize, symbols: usize, pairs: &[(u32, u16)]) -> PairMatrix {
        debug_assert!(pairs.is_sorted());
        // Row 0 and column 0 are those of symbols without pairs.
        let mut classes = Classes::default();
        let mut row_of = vec![0usize; lasts];
        for run in pairs.chunk_by(|a, b| a.0 == b.0) {
            let befores: Vec<u16> = run.iter().map(|(_, before)| *before).collect();
            row_of[run[0].0 as usize] = classes.of(befores);
        }
        let rows = classes.count();
        let mut holders: Vec<Vec<u16>> = vec![Vec::new(); symbols];
        for (befores, row) in classes.known {
            for before in befores {
                holders[usize::from(before)].push(row as u16);
            }
        }
        let mut classes = Classes::default();
        let column_of: Vec<usize> = holders
            .into_iter()
            .map(|mut rows| {
                rows.sort_unstable();
                if rows.is_empty() { 0 } else { classes.of(rows) }
            })
            .collect();
        let columns = (classes.count() + 1).min(CLASSES_MAX);
        let stride = columns.next_multiple_of(8);
        let rows = (rows + 1).min(CLASSES_MAX).min(BITS_MAX / stride).max(2);
        let mut matrix = PairMatrix {
            rows: row_of.iter().map(|row| (shared(*row, rows) * stride) as u32).collect(),
            columns: column_of.iter().map(|c| shared(*c, columns) as u16).collect(),
            bits: vec![0; rows * stride / 8],
        };
        for (last, before) in pairs {
            let row = matrix.rows[*last as usize] as usize;
            let bit = row + usize::from(matrix.columns[usize::from(*before)]);
            matrix.bits[bit / 8] |= 1 << (bit % 8);
        }
        matrix
    }
}

/// The class as one of `count`; 0 stays for itself.
fn shared(class: usize, count: usize) -> usize {
    match class.checked_sub(1) {
        Some(class) => class % (count - 1).max(1) + 1,
        None => 0,
    }
}

/// Numbers equal keys alike, from 1 on.
struct Classes<K> {
    known: FxHashMap<K, usize>,
}

impl<K> Default for Classes<K> {
    fn default() -> Self {
        Classes { known: FxHashMap::default() }
    }
}

impl<K: Hash + Eq> Classes<K> {
    fn of(&mut self, key: K) -> usize {
        let next = self.known.len() + 1;
        *self.known.entry(key).or_insert(next)
    }

    fn count(&self) -> usize {
        self.known.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::automaton::{Pairs, SymbolRecord};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn has(matrix: &PairMatrix, before: u16, last: u16) -> bool {
        let sides = matrix.rows.iter().zip(&matrix.columns);
        let symbols: Vec<SymbolRecord> = sides
            .map(|(row, column)| SymbolRecord {
                row: (*row).into(),
                column: (*column).into(),
                ..SymbolRecord::default()
            })
            .collect();
        let pairs = Pairs { symbols: &symbols, bits: &matrix.bits };
        assert_eq!(pairs.validate(), Ok(()));
        pairs.may_have(before, last)
    }

    proptest! {
        #[test]
        fn a_matrix_has_exactly_its_pairs(
            pairs in proptest::collection::btree_set((0u16..40, 0u16..40), 0..300),
        ) {
            let sorted: Vec<_> = pairs.iter().copied().collect();
            let matrix = PairMatrix::new(40, &sorted);
            for last in 0..40 {
                for before in 0..40 {
                    let found = has(&matrix, before, last);
                    prop_assert_eq!(found, pairs.contains(&(last, before)));
                }
            }
        }
    }

    /// The second of two that share their bits, as one of its own.
    fn with_bits([one, other]: [PairMatrix; 2]) -> [PairMatrix; 2] {
        assert!(other.bits.is_empty());
        let bits = one.bits.clone();
        [one, PairMatrix { bits, ..other }]
    }

    proptest! {
        #[test]
        fn two_matrices_that_share_their_bits_keep_to_their_pairs(
            pairs in proptest::collection::btree_set((0u16..40, 0u16..40), 0..300),
            dropped in proptest::sample::select(&[5usize, 7, 100]),
        ) {
            let all: Vec<_> = pairs.iter().copied().collect();
            let kept = all.iter().enumerate().filter(|(place, _)| place % dropped > 0);
            let kept: Vec<_> = kept.map(|(_, pair)| *pair).collect();
            prop_assume!(4 * kept.len() >= 3 * all.len());
            let [one, other] = with_bits(PairMatrix::two(40, &all, &kept));
            for last in 0..40 {
                for before in 0..40 {
                    let pair = (last, before);
                    prop_assert_eq!(has(&one, before, last), all.contains(&pair));
                    prop_assert_eq!(has(&other, before, last), kept.contains(&pair));
                }
            }
        }
    }

    #[test]
    fn a_matrix_that_shares_rows_misses_nothing() {
        // Every row and column differs: more than the matrix has room for.
        let pairs: BTreeSet<(u16, u16)> =
            (0..6000u16).flat_map(|n| [(n, n), (n, (n * 7 + 1) % 6000)]).collect();
        let sorted: Vec<_> = pairs.iter().copied().collect();
        let matrix = PairMatrix::new(6000, &sorted);
        assert!(matrix.bits.len() * 8 <= BITS_MAX);
        assert!(sorted.iter().all(|(last, before)| has(&matrix, *before, *last)));
    }
}
