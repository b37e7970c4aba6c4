//! The subset construction of the literal automaton.
//!
//! A position is a place in one spelling of one term, read from the end. A
//! state is the set of positions that a run of symbols may have led to. Sets
//! of symbols are disjoint after the partition, so the number of states stays
//! near the number of letters in the pack.

use super::Entry;
use super::letter::Letter;
use super::pairs::PairMatrix;
use super::partition::Partition;
use crate::pack::{ALTERNATIVES_MAX, Problem, STATES_MAX, TRANSITIONS_MAX};
use rustc_hash::FxHashMap;

/// The tables of the automaton.
#[derive(Default)]
pub(super) struct Literals {
    pub(super) entries: Vec<u32>,
    /// Where each state's transitions and outputs begin.
    pub(super) nodes: Vec<(u32, u32)>,
    pub(super) symbols: Vec<u16>,
    /// How many symbols follow the first in each transition.
    pub(super) widths: Vec<u8>,
    pub(super) targets: Vec<u32>,
    pub(super) outputs: Vec<u32>,
    /// The pairs that may end a term.
    pub(super) pairs: PairMatrix,
    /// Symbols in which a term of one symbol ends.
    pub(super) ends_alone: Vec<u16>,
    /// The pairs that may end a term of an anchor, and their last symbols.
    pub(super) anchor_pairs: PairMatrix,
    pub(super) ends_anchor: Vec<u16>,
}

/// A place in a spelling: term, letters that remain, and inside a sequence
/// its number plus one and the places that remain.
type Position = u64;

fn between(term: u32, letters: u8) -> Position {
    u64::from(term) << 32 | u64::from(letters) << 24
}

fn inside(term: u32, letters: u8, sequence: usize, places: usize) -> Position {
    between(term, letters) | (sequence as u64 + 1) << 8 | places as u64
}

struct Construction<'c, 'p> {
    entries: &'c [Entry<'p>],
    letters: &'c [Letter],
    partition: &'c Partition,
    states: FxHashMap<Box<[Position]>, u32>,
    queue: Vec<Box<[Position]>>,
}

pub(super) fn determinise(
    entries: &[Entry<'_>],
    letters: &[Letter],
    partition: &Partition,
    anchors: &[bool],
) -> Result<Literals, Problem> {
    for letter in letters {
        let most = letter.singles.len().max(letter.sequences.len());
        limit("ways to write one letter", most, ALTERNATIVES_MAX)?;
    }
    let mut work = Construction {
        entries,
        letters,
        partition,
        states: FxHashMap::default(),
        queue: Vec::new(),
    };
    let mut literals = Literals::default();
    // State 0 is dead; its place in the tables stays empty.
    work.queue.push(Box::new([]));
    work.states.insert(Box::new([]), 0);
    literals.nodes.push((0, 0));

    let mut moves: Vec<(u16, Position)> = Vec::new();
    for (term, entry) in entries.iter().enumerate() {
        work.moves(between(term as u32, entry.letters.len() as u8), &mut moves);
        if let Some(set) = entry.whole {
            let done = between(term as u32, 0);
            moves.extend(partition.symbols(set).iter().map(|symbol| (*symbol, done)));
        }
    }
    literals.entries = vec![0; partition.flags.len()];
    for (symbol, state) in work.group(&mut moves) {
        literals.entries[usize::from(symbol)] = state;
    }
    work.anchor_pairs(anchors, &mut literals);
    let mut next = 1;
    while next < work.queue.len() {
        let positions = std::mem::take(&mut work.queue[next]);
        literals
            .nodes
            .push((literals.symbols.len() as u32, literals.outputs.len() as u32));
        moves.clear();
        for position in &positions {
            if position & 0xFFFF_FFFF == 0 {
                literals.outputs.push((position >> 32) as u32);
            } else {
                work.moves(*position, &mut moves);
            }
        }
        let from = literals.symbols.len();
        for (symbol, state) in work.group(&mut moves) {
            // Neighbouring symbols that lead to one state are one transition.
            let first = literals.symbols.last().copied().unwrap_or(0);
            match (literals.widths[from..].last_mut(), literals.targets.last()) {
                (Some(width), Some(target))
                    if *target == state
                        && *width < u8::MAX
                        && first + u16::from(*width) + 1 == symbol =>
                {
                    *width += 1;
                }
                _ => {
                    literals.symbols.push(symbol);
                    literals.widths.push(0);
                    literals.targets.push(state);
                }
            }
        }
        limit("states", work.queue.len(), STATES_MAX)?;
        limit("transitions", literals.symbols.len(), TRANSITIONS_MAX)?;
        next += 1;
    }
    literals.nodes.push((literals.symbols.len() as u32, literals.outputs.len() as u32));
    literals.find_pairs();
    Ok(literals)
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

impl Construction<'_, '_> {
    /// Appends where a position leads, by symbol.
    fn moves(&self, position: Position, moves: &mut Vec<(u16, Position)>) {
        let term = (position >> 32) as u32;
        let remaining = (position >> 24) as u8;
        let (sequence, places) = ((position >> 8) as u16, position as u8);
        let Some(place) = usize::from(remaining).checked_sub(1) else { return };
        let letter = &self.letters[self.entries[term as usize].letters[place]];
        let done = between(term, remaining - 1);
        let mut along = |number: usize, places: usize| {
            let Some(last) = places.checked_sub(1) else { return };
            let target = match last {
                0 => done,
                _ => inside(term, remaining, number, last),
            };
            let symbols = &letter.sequences[number].0[last];
            moves.extend(symbols.iter().map(|symbol| (*symbol, target)));
        };
        if sequence > 0 {
            along(usize::from(sequence) - 1, usize::from(places));
            return;
        }
        for (number, (elements, _)) in letter.sequences.iter().enumerate() {
            along(number, elements.len());
        }
        moves.extend(letter.singles.iter().map(|(symbol, _)| (*symbol, done)));
    }

    /// Fills the pair set of the anchors' terms. The positions of the entries
    /// must still be in the queue.
    fn anchor_pairs(&self, anchors: &[bool], literals: &mut Literals) {
        let is_anchor = |position: &&Position| {
            let term = (**position >> 32) as usize;
            anchors[usize::from(self.entries[term].concept)]
        };
        // By entry state: the symbols before, if it holds anchors at all.
        let mut known: FxHashMap<u32, Option<Vec<u16>>> = FxHashMap::default();
        let mut pairs = Vec::new();
        for (last, state) in literals.entries.iter().enumerate() {
            let befores = known.entry(*state).or_insert_with(|| {
                let positions = &self.queue[*state as usize];
                positions.iter().any(|position| is_anchor(&position)).then(|| {
                    let mut moves = Vec::new();
                    let of_anchors = positions.iter().filter(is_anchor);
                    of_anchors.for_each(|position| self.moves(*position, &mut moves));
                    let mut befores: Vec<u16> =
                        moves.iter().map(|(symbol, _)| *symbol).collect();
                    befores.sort_unstable();
                    befores.dedup();
                    befores
                })
            });
            if let Some(befores) = befores {
                literals.ends_anchor.push(last as u16);
                pairs.extend(befores.iter().map(|before| (last as u16, *before)));
            }
        }
        literals.anchor_pairs = PairMatrix::new(self.partition.flags.len(), &pairs);
    }

    /// Groups moves by symbol into states, ascending by symbol.
    fn group(&mut self, moves: &mut Vec<(u16, Position)>) -> Vec<(u16, u32)> {
        moves.sort_unstable();
        moves.dedup();
        let mut found = Vec::new();
        for run in moves.chunk_by(|a, b| a.0 == b.0) {
            let positions: Box<[Position]> =
                run.iter().map(|(_, position)| *position).collect();
            let state = match self.states.get(&positions) {
                Some(state) => *state,
                None => {
                    let state = self.queue.len() as u32;
                    self.queue.push(positions.clone());
                    self.states.insert(positions, state);
                    state
                }
            };
            found.push((run[0].0, state));
        }
        debug_assert!(
            found.iter().all(|(s, _)| usize::from(*s) < self.partition.flags.len())
        );
        found
    }
}

impl Literals {
    /// Finds the pairs that may end a term, and the symbols that end one alone.
    fn find_pairs(&mut self) {
        let bounds = |state: u32| {
            let (this, next) =
                (self.nodes[state as usize], self.nodes[state as usize + 1]);
            (this.0 as usize..next.0 as usize, next.1 > this.1)
        };
        let (mut pairs, mut alone) = (Vec::new(), Vec::new());
        for (last, state) in self.entries.iter().enumerate() {
            if *state == 0 {
                continue;
            }
            let (places, ends) = bounds(*state);
            for place in places {
                let first = self.symbols[place];
                let befores = first..=first + u16::from(self.widths[place]);
                pairs.extend(befores.map(|before| (last as u16, before)));
            }
            if ends {
                alone.push(last as u16);
            }
        }
        self.pairs = PairMatrix::new(self.entries.len(), &pairs);
        self.ends_alone = alone;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Packs that reach the largest of these limits need gigabytes.
    #[test]
    fn sizes_are_held_at_their_limits() {
        for most in [ALTERNATIVES_MAX, STATES_MAX, TRANSITIONS_MAX] {
            assert!(limit("things", most, most).is_ok());
            let problem = limit("things", most + 1, most).unwrap_err();
            assert!(problem.message.contains(&format!("{most} things")));
        }
    }

    /// A position has 16 bits for the number of a sequence plus one.
    #[test]
    fn positions_hold_all_alternatives() {
        let last = inside(0, 0, ALTERNATIVES_MAX - 1, 0);
        assert_eq!((last >> 8) as u16 as usize, ALTERNATIVES_MAX);
        assert_eq!(last >> 24, 0);
    }
}
