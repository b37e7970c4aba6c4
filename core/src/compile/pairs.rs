//! Matrices of pairs of symbols.

use crate::automaton::{ClueClass, Pairs};
use crate::bits::Bits;
use rustc_hash::FxHashMap;
use std::hash::Hash;

/// Most rows of a matrix, and most columns.
const CLASSES_MAX: usize = ClueClass::PLACES as usize;
/// The rarest rows and columns, which make up one part of so many of ordinary text, share
/// their places with each other.
const RARE_PARTS: f32 = 64.0;
/// So many share a place, and more where there are too many for all places.
const SHARERS: usize = 8;
const WORD: usize = Pairs::WORD;

/// A matrix of pairs; see [`Pairs`](crate::automaton::Pairs).
#[derive(Default)]
pub(super) struct PairMatrix {
    pub(super) rows: Vec<u32>,
    pub(super) columns: Vec<u16>,
    pub(super) bits: Vec<u32>,
    /// The bits of a row.
    pub(super) stride: u32,
}

/// A last symbol, or one of another matrix behind those of this one, and the symbol before.
type Pair = (u32, u16);

impl PairMatrix {
    /// The matrix of these pairs of a last symbol and the one before it, given what part
    /// of ordinary text each symbol makes up. They are ascending, and each is there once.
    pub(super) fn new(parts: &[f32], pairs: &[(u16, u16)]) -> PairMatrix {
        let pairs: Vec<Pair> =
            pairs.iter().map(|(last, before)| (u32::from(*last), *before)).collect();
        PairMatrix::of(parts, 1, &pairs)
    }

    /// The matrices of some pairs, and of others. Where most are the same they share
    /// their bits, which the first one has.
    pub(super) fn two(
        parts: &[f32],
        pairs: &[(u16, u16)],
        others: &[(u16, u16)],
    ) -> [PairMatrix; 2] {
        if 4 * others.len() < 3 * pairs.len() {
            return [pairs, others].map(|pairs| PairMatrix::new(parts, pairs));
        }
        let first = pairs.iter().map(|(last, before)| (u32::from(*last), *before));
        let behind = others
            .iter()
            .map(|(last, before)| (u32::from(*last) + parts.len() as u32, *before));
        let all: Vec<Pair> = first.chain(behind).collect();
        let mut one = PairMatrix::of(parts, 2, &all);
        let rows = one.rows.split_off(parts.len());
        let (columns, stride) = (one.columns.clone(), one.stride);
        [one, PairMatrix { rows, columns, bits: Vec::new(), stride }]
    }

    /// The matrix of so many sets of pairs together.
    fn of(parts: &[f32], sets: usize, pairs: &[Pair]) -> PairMatrix {
        debug_assert!(pairs.is_sorted());
        let symbols = parts.len();
        // Row 0 and column 0 are those of symbols without pairs.
        let mut classes = Classes::default();
        let mut row_of = vec![0; sets * symbols];
        for run in pairs.chunk_by(|a, b| a.0 == b.0) {
            let befores: Vec<u16> = run.iter().map(|(_, before)| *before).collect();
            let last = run[0].0 as usize;
            row_of[last] = classes.of(befores, parts[last % symbols]);
        }
        let rows = classes.share(&mut row_of);
        // By symbol the rows that have it, a bit each.
        let words = rows.div_ceil(WORD);
        let mut holders = vec![0u32; symbols * words];
        for (last, before) in pairs {
            let row = row_of[*last as usize];
            holders[usize::from(*before) * words + row / WORD] |= 1 << (row % WORD);
        }
        let mut classes = Classes::default();
        let holders = holders.chunks_exact(words).zip(parts);
        let mut column_of: Vec<usize> = holders
            .map(|(bits, part)| {
                let rows: Vec<u16> = ones(bits).collect();
                if rows.is_empty() { 0 } else { classes.of(rows, *part) }
            })
            .collect();
        let stride = classes.share(&mut column_of).next_multiple_of(WORD);
        let mut matrix = PairMatrix {
            rows: row_of.iter().map(|row| (row * stride) as u32).collect(),
            columns: column_of.iter().map(|column| *column as u16).collect(),
            bits: vec![0; rows.max(2) * stride / WORD],
            stride: stride as u32,
        };
        for (last, before) in pairs {
            let row = matrix.rows[*last as usize] as usize;
            let bit = row + usize::from(matrix.columns[usize::from(*before)]);
            matrix.bits[bit / WORD] |= 1 << (bit % WORD);
        }
        matrix
    }
}

/// The places of the bits that are set, ascending.
fn ones(words: &[u32]) -> impl Iterator<Item = u16> + '_ {
    words.iter().enumerate().flat_map(|(place, word)| {
        Bits((*word).into()).map(move |bit| (place * WORD) as u16 + u16::from(bit))
    })
}

/// Numbers equal keys alike, from 1 on, and knows what part of ordinary text each has.
struct Classes<K> {
    known: FxHashMap<K, usize>,
    parts: Vec<f32>,
}

impl<K> Default for Classes<K> {
    fn default() -> Self {
        Classes { known: FxHashMap::default(), parts: Vec::new() }
    }
}

impl<K: Hash + Ord> Classes<K> {
    fn of(&mut self, key: K, part: f32) -> usize {
        let next = self.known.len() + 1;
        let number = *self.known.entry(key).or_insert(next);
        self.parts.resize(self.known.len(), 0.0);
        self.parts[number - 1] += part;
        number
    }

    /// Puts in place of each number that of a place, which rare ones share with those of
    /// similar keys; 0 stays. Returns how many places there are.
    fn share(self, numbers: &mut [usize]) -> usize {
        let Classes { known, parts } = self;
        let mut order: Vec<usize> = (0..parts.len()).collect();
        order.sort_by(|a, b| parts[*a].total_cmp(&parts[*b]));
        let rare = parts.iter().sum::<f32>() / RARE_PARTS;
        let sums = order.iter().scan(0.0, |sum, class| {
            *sum += parts[*class];
            Some(*sum)
        });
        let count = sums.take_while(|sum| *sum <= rare).count();
        // All that are kept apart and all places that are shared are no more than there may
        // be.
        let most = CLASSES_MAX - 1;
        let sharers = SHARERS.max(parts.len().div_ceil(most));
        let excess = parts.len().saturating_sub(most) * sharers / (sharers - 1);
        let count = count.max(excess.next_multiple_of(sharers)).min(parts.len());
        let mut places = vec![0; parts.len() + 1];
        let own = &order[count..];
        own.iter().zip(1..).for_each(|(class, place)| places[class + 1] = place);
        let mut rare: Vec<(K, usize)> =
            known.into_iter().filter(|(_, number)| places[*number] == 0).collect();
        rare.sort_unstable();
        for (at, (_, number)) in rare.iter().enumerate() {
            places[*number] = own.len() + 1 + at / sharers;
        }
        numbers.iter_mut().for_each(|number| *number = places[*number]);
        let count = 1 + own.len() + count.div_ceil(sharers);
        assert!(count <= CLASSES_MAX, "{count} places");
        count
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::automaton::SymbolRecord;
    use proptest::prelude::*;
    use std::collections::BTreeSet;
    use zerocopy::little_endian::U32;

    fn symbols(matrix: &PairMatrix) -> Vec<SymbolRecord> {
        let sides = matrix.rows.iter().zip(&matrix.columns);
        sides
            .map(|(row, column)| SymbolRecord {
                row: (*row).into(),
                column: (*column).into(),
                ..SymbolRecord::default()
            })
            .collect()
    }

    fn has(matrix: &PairMatrix, before: u16, last: u16) -> bool {
        let symbols = symbols(matrix);
        let bits: Vec<U32> = matrix.bits.iter().map(|word| (*word).into()).collect();
        let pairs = Pairs { symbols: &symbols, bits: &bits };
        assert_eq!(pairs.validate(), Ok(()));
        pairs.may_have(before, last)
    }

    proptest! {
        #[test]
        fn a_matrix_has_exactly_its_pairs(
            pairs in proptest::collection::btree_set((0u16..40, 0u16..40), 0..300),
        ) {
            let sorted: Vec<_> = pairs.iter().copied().collect();
            let matrix = PairMatrix::new(&[1.0; 40], &sorted);
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
            let [one, other] = with_bits(PairMatrix::two(&[1.0; 40], &all, &kept));
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
    fn only_what_is_rare_shares_places() {
        // Each symbol ends one pair, and each begins one; the second half is rare.
        let pairs: Vec<(u16, u16)> = (0..600).map(|n| (n, (n * 7 + 1) % 600)).collect();
        let parts: Vec<f32> =
            (0..600).map(|n| if n < 300 { 64.0 } else { 1.0 }).collect();
        let matrix = PairMatrix::new(&parts, &pairs);
        assert!(matrix.stride < 360, "{}", matrix.stride);
        assert!(pairs.iter().all(|(last, before)| has(&matrix, *before, *last)));
        let all = (0..600u16).flat_map(|last| (0..600).map(move |before| (last, before)));
        let mut false_pairs = all
            .filter(|(last, before)| has(&matrix, *before, *last))
            .filter(|pair| !pairs.contains(pair));
        assert!(false_pairs.all(|(last, before)| last >= 300 || before >= 300));
    }

    #[test]
    fn a_matrix_that_shares_rows_misses_nothing() {
        // Every row and column differs: more than the matrix has room for, and more than
        // all places have room for by eights.
        for count in [6_000u32, 20_000] {
            let other = |n: u32| (n as u16, ((n * 7 + 1) % count) as u16);
            let pairs: BTreeSet<(u16, u16)> =
                (0..count).flat_map(|n| [(n as u16, n as u16), other(n)]).collect();
            let sorted: Vec<_> = pairs.iter().copied().collect();
            let matrix = PairMatrix::new(&vec![1.0; count as usize], &sorted);
            assert!(matrix.bits.len() * WORD <= CLASSES_MAX * CLASSES_MAX);
            let rows = matrix.rows.iter().map(|row| row / matrix.stride);
            assert!(rows.max().is_some_and(|row| row < ClueClass::PLACES));
            assert!(matrix.columns.iter().all(|c| u32::from(*c) < matrix.stride));
            assert!(matrix.stride <= ClueClass::PLACES);
            let symbols = symbols(&matrix);
            let bits: Vec<U32> = matrix.bits.iter().map(|w| (*w).into()).collect();
            let view = Pairs { symbols: &symbols, bits: &bits };
            assert!(sorted.iter().all(|(last, before)| view.may_have(*before, *last)));
        }
    }
}
