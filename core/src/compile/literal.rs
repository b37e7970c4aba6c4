//! The literal automaton: the ends of all terms, letter by letter.
//!
//! Its size is that of the pack's terms, whatever stands for their letters.

use super::ending::{self, Clues};
use super::frequency::Frequencies;
use super::letter::Letter;
use super::pairs::PairMatrix;
use super::position::{Position, TermPositions, by_symbol};
use super::spelling::{self, Spellings};
use crate::pack::{ALTERNATIVES_MAX, LETTERS_MAX, Problem, STATES_MAX};
use rustc_hash::FxHashMap;

/// The tables of the automaton; see
/// [`LiteralAutomaton`](crate::automaton::LiteralAutomaton).
#[derive(Default)]
pub(super) struct Literals {
    /// The first letter of what each node stands for.
    pub(super) letters: Vec<u16>,
    /// Where the nodes with one more letter begin, and whether a term is complete.
    pub(super) nodes: Vec<(u32, bool)>,
    /// The node of each term, ascending.
    pub(super) complete: Vec<u32>,
    /// The entries in the order of `complete`.
    pub(super) order: Vec<usize>,
    pub(super) spellings: Spellings,
    /// The pairs that may end a term.
    pub(super) pairs: PairMatrix,
    /// By symbol: whether a term may end in it, and whether in it alone.
    pub(super) ends: Vec<(bool, bool)>,
    /// How terms of anchors end.
    pub(super) clues: Clues,
}

pub(super) fn build(
    terms: &TermPositions<'_, '_>,
    anchors: &[bool],
    frequencies: &Frequencies,
) -> Result<Literals, Problem> {
    for letter in terms.letters {
        let most = letter.singles.len().max(letter.sequences.len());
        limit("ways to write one letter", most, ALTERNATIVES_MAX)?;
    }
    let clues = ending::clues(terms, anchors, frequencies);
    let mut literals = Literals { clues, ..Literals::default() };
    let (numbers, letters, ending) = numbers(terms);
    limit("different letters", letters.len(), LETTERS_MAX)?;
    let symbols = terms.partition.flags.len();
    literals.spellings = spelling::spellings(&letters, ending, symbols)?;
    literals.tree(terms, &numbers)?;
    literals.find_pairs(terms);
    Ok(literals)
}

pub(super) fn limit_states(count: usize) -> Result<(), Problem> {
    limit("states", count, STATES_MAX)
}

fn limit(what: &str, actual: usize, limit: usize) -> Result<(), Problem> {
    match actual > limit {
        false => Ok(()),
        true => Err(Problem::new(
            0..0,
            format!(
                "the pack's disguises expand to over {limit} {what}, which is the limit"
            ),
        )
        .help(
            "use fewer terms with `homophone` and `near-homophone`, or split the pack",
        )),
    }
}

/// By place in `letters` the number of each; the letters in the order of their numbers,
/// from 1 on; and how many end terms, which come first.
fn numbers<'c>(terms: &TermPositions<'c, '_>) -> (Vec<usize>, Vec<&'c Letter>, usize) {
    let mut known: FxHashMap<&Letter, usize> = FxHashMap::default();
    let mut order = Vec::new();
    let mut of = vec![0; terms.letters.len()];
    let mut number = |letter: usize| {
        if of[letter] == 0 {
            let next = order.len() + 1;
            of[letter] = *known.entry(&terms.letters[letter]).or_insert(next);
            if of[letter] == next {
                order.push(&terms.letters[letter]);
            }
        }
        order.len()
    };
    let last = terms.entries.iter().filter_map(|entry| entry.letters.last());
    let ending = last.map(|letter| number(*letter)).max().unwrap_or(0);
    for entry in terms.entries {
        entry.letters.iter().for_each(|letter| _ = number(*letter));
    }
    (of, order, ending)
}

impl Literals {
    /// The nodes, in the order of how many letters they have.
    fn tree(
        &mut self,
        terms: &TermPositions<'_, '_>,
        numbers: &[usize],
    ) -> Result<(), Problem> {
        let reversed = terms.entries.iter().map(|entry| {
            let letters = entry.letters.iter().rev();
            letters.map(|letter| numbers[*letter] as u16).collect::<Vec<u16>>()
        });
        let mut sorted: Vec<(Vec<u16>, usize)> = reversed.zip(0..).collect();
        sorted.sort_unstable();
        // What each node's terms are, of those that are sorted, and its letters.
        let mut queue: Vec<(&[(Vec<u16>, usize)], usize)> = vec![(&sorted, 0)];
        self.letters.push(0);
        let mut node = 0;
        while let Some((terms, depth)) = queue.get(node).copied() {
            let (complete, rest) =
                terms.split_at(terms.partition_point(|(term, _)| term.len() == depth));
            self.nodes.push((queue.len() as u32, !complete.is_empty()));
            for (_, entry) in complete {
                self.complete.push(node as u32);
                self.order.push(*entry);
            }
            for run in rest.chunk_by(|a, b| a.0[depth] == b.0[depth]) {
                self.letters.push(run[0].0[depth]);
                queue.push((run, depth + 1));
            }
            limit_states(queue.len())?;
            node += 1;
        }
        self.nodes.push((queue.len() as u32, false));
        Ok(())
    }

    /// Finds the pairs that may end a term, and the symbols that end one.
    fn find_pairs(&mut self, terms: &TermPositions<'_, '_>) {
        // By state: the symbols before, and whether a term is complete.
        let mut known: FxHashMap<u32, (Vec<u16>, bool)> = FxHashMap::default();
        let mut pairs = Vec::new();
        self.ends = vec![(false, false); terms.partition.flags.len()];
        for (last, state) in terms.last_symbols() {
            let (befores, alone) = known.entry(state).or_insert_with(|| {
                let positions = terms.positions(state);
                let before = terms.before(positions.iter().copied());
                let symbols = by_symbol(&before).map(|moves| moves[0].symbol());
                (symbols.collect(), positions.iter().copied().any(Position::is_done))
            });
            pairs.extend(befores.iter().map(|before| (last, *before)));
            self.ends[usize::from(last)] = (true, *alone);
        }
        self.pairs = PairMatrix::new(terms.partition.flags.len(), &pairs);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packs that reach the largest of these limits need gigabytes.
    #[test]
    fn sizes_are_held_at_their_limits() {
        for most in [ALTERNATIVES_MAX, STATES_MAX, LETTERS_MAX] {
            assert!(limit("things", most, most).is_ok());
            let problem = limit("things", most + 1, most).unwrap_err();
            assert!(problem.message.contains(&format!("{most} things")));
        }
    }
}
