//! The subset construction of the literal automaton.
//!
//! A position is a place in one spelling of one term, read from the end. A
//! state is the set of positions that a run of symbols may have led to. Sets
//! of symbols are disjoint after the partition, so the number of states stays
//! near the number of letters in the pack.

use super::Entry;
use super::ending::{self, Clues};
use super::frequency::Frequencies;
use super::letter::Letter;
use super::pairs::PairMatrix;
use super::partition::Partition;
use crate::automaton::LiteralAutomaton;
use crate::pack::{ALTERNATIVES_MAX, Problem, STATES_MAX, TRANSITIONS_MAX};
use rustc_hash::FxHashMap;

/// The tables of the automaton.
#[derive(Default)]
pub(super) struct Literals {
    pub(super) entries: Vec<u32>,
    /// Where each state's transitions begin.
    pub(super) nodes: Vec<u32>,
    pub(super) symbols: Vec<u16>,
    /// How many symbols follow the first in each transition.
    pub(super) widths: Vec<u8>,
    pub(super) targets: Vec<u32>,
    /// The pairs that may end a term.
    pub(super) pairs: PairMatrix,
    /// Symbols in which a term of one symbol ends.
    pub(super) ends_alone: Vec<u16>,
    /// How terms of anchors end.
    pub(super) clues: Clues,
}

/// A place in a spelling: term, letters that remain, and inside a sequence its number
/// plus one and the places that remain.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Position(u64);

/// Bits of the places, the number and the letters of a position.
const PLACES: u32 = 6;
const NUMBER: u32 = 16;
const LETTERS: u32 = 6;
/// What is below the term.
const REST: u32 = PLACES + NUMBER + LETTERS;
/// Bits of a position: what is above them is the symbol of a move.
const BITS: u32 = u64::BITS - u16::BITS;

impl Position {
    fn between(term: u32, letters: usize) -> Position {
        debug_assert!(term >> (BITS - REST) == 0 && letters >> LETTERS == 0);
        Position(u64::from(term) << REST | (letters as u64) << (PLACES + NUMBER))
    }

    fn inside(term: u32, letters: usize, sequence: usize, places: usize) -> Position {
        debug_assert!((sequence + 1) >> NUMBER == 0 && places >> PLACES == 0);
        let inside = (sequence as u64 + 1) << PLACES | places as u64;
        Position(Position::between(term, letters).0 | inside)
    }

    pub(super) fn term(self) -> u32 {
        (self.0 >> REST) as u32
    }

    fn letters(self) -> usize {
        (self.0 >> (PLACES + NUMBER)) as usize & ((1 << LETTERS) - 1)
    }

    /// The number of the sequence plus one, and the places.
    fn sequence(self) -> (usize, usize) {
        let number = (self.0 >> PLACES) as usize & ((1 << NUMBER) - 1);
        (number, self.0 as usize & ((1 << PLACES) - 1))
    }

    /// Whether the term is complete.
    pub(super) fn is_done(self) -> bool {
        self.0 & ((1 << REST) - 1) == 0
    }
}

/// Where a symbol leads. Sorts by symbol, then by position, as one number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Move(u64);

impl Move {
    pub(super) fn new(symbol: u16, position: Position) -> Move {
        debug_assert!(position.0 >> BITS == 0);
        Move(u64::from(symbol) << BITS | position.0)
    }

    pub(super) fn symbol(self) -> u16 {
        (self.0 >> BITS) as u16
    }

    pub(super) fn position(self) -> Position {
        Position(self.0 & ((1 << BITS) - 1))
    }
}

/// Moves in order, by symbol.
pub(super) fn by_symbol(moves: &[Move]) -> impl Iterator<Item = &[Move]> {
    moves.chunk_by(|a, b| a.symbol() == b.symbol())
}

pub(super) struct Construction<'c, 'p> {
    pub(super) entries: &'c [Entry<'p>],
    letters: &'c [Letter],
    pub(super) partition: &'c Partition,
    states: FxHashMap<Box<[Position]>, u32>,
    queue: Vec<Box<[Position]>>,
}

pub(super) fn determinise(
    entries: &[Entry<'_>],
    letters: &[Letter],
    partition: &Partition,
    anchors: &[bool],
    frequencies: &Frequencies,
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
    literals.nodes.push(0);

    let mut moves: Vec<Move> = Vec::new();
    for (term, entry) in entries.iter().enumerate() {
        work.moves(Position::between(term as u32, entry.letters.len()), &mut moves);
        if let Some(set) = entry.whole {
            let done = Position::between(term as u32, 0);
            let symbols = partition.symbols(set).iter();
            moves.extend(symbols.map(|symbol| Move::new(*symbol, done)));
        }
    }
    literals.entries = vec![0; partition.flags.len()];
    for (symbol, state) in work.group(&mut moves) {
        literals.entries[usize::from(symbol)] = state;
    }
    literals.clues = ending::clues(&work, &literals.entries, anchors, frequencies);
    let mut next = 1;
    while next < work.queue.len() {
        let positions = std::mem::take(&mut work.queue[next]);
        literals.nodes.push(literals.symbols.len() as u32);
        moves.clear();
        for position in &positions {
            if position.is_done() {
                literals.push(LiteralAutomaton::COMPLETE, position.term());
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
                    literals.push(symbol, state);
                }
            }
        }
        limit("states", work.queue.len(), STATES_MAX)?;
        limit("transitions", literals.symbols.len(), TRANSITIONS_MAX)?;
        next += 1;
    }
    literals.nodes.push(literals.symbols.len() as u32);
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
    pub(super) fn moves(&self, position: Position, moves: &mut Vec<Move>) {
        let (term, remaining) = (position.term(), position.letters());
        let (sequence, places) = position.sequence();
        let Some(place) = remaining.checked_sub(1) else { return };
        let letter = &self.letters[self.entries[term as usize].letters[place]];
        let done = Position::between(term, place);
        let mut along = |number: usize, places: usize| {
            let Some(last) = places.checked_sub(1) else { return };
            let target = match last {
                0 => done,
                _ => Position::inside(term, remaining, number, last),
            };
            let symbols = letter.sequences[number].0[last].iter();
            moves.extend(symbols.map(|symbol| Move::new(*symbol, target)));
        };
        if let Some(number) = sequence.checked_sub(1) {
            along(number, places);
            return;
        }
        for (number, (elements, _)) in letter.sequences.iter().enumerate() {
            along(number, elements.len());
        }
        moves.extend(letter.singles.iter().map(|(symbol, _)| Move::new(*symbol, done)));
    }

    /// A letter of an entry.
    pub(super) fn letter(&self, number: usize) -> &Letter {
        &self.letters[number]
    }

    /// The positions of an entry, as long as it was not worked out.
    pub(super) fn positions(&self, state: u32) -> &[Position] {
        self.queue.get(state as usize).map_or(&[], |positions| positions)
    }

    /// Groups moves by symbol into states, ascending by symbol.
    fn group(&mut self, moves: &mut Vec<Move>) -> Vec<(u16, u32)> {
        moves.sort_unstable();
        moves.dedup();
        let mut found = Vec::new();
        let mut positions: Vec<Position> = Vec::new();
        for run in by_symbol(moves) {
            positions.clear();
            positions.extend(run.iter().map(|step| step.position()));
            let state = match self.states.get(positions.as_slice()) {
                Some(state) => *state,
                None => {
                    let state = self.queue.len() as u32;
                    let positions: Box<[Position]> = positions.as_slice().into();
                    self.queue.push(positions.clone());
                    self.states.insert(positions, state);
                    state
                }
            };
            found.push((run[0].symbol(), state));
        }
        debug_assert!(
            found.iter().all(|(s, _)| usize::from(*s) < self.partition.flags.len())
        );
        found
    }
}

impl Literals {
    /// Adds a transition to the latest state.
    fn push(&mut self, symbol: u16, target: u32) {
        debug_assert!(target >> LiteralAutomaton::TARGET_BITS == 0);
        self.symbols.push(symbol);
        self.widths.push(0);
        self.targets.push(target);
    }

    /// Finds the pairs that may end a term, and the symbols that end one alone.
    fn find_pairs(&mut self) {
        let (mut pairs, mut alone) = (Vec::new(), Vec::new());
        for (last, state) in self.entries.iter().enumerate() {
            if *state == 0 {
                continue;
            }
            let state = *state as usize;
            let mut ends = false;
            for place in self.nodes[state] as usize..self.nodes[state + 1] as usize {
                let first = self.symbols[place];
                if first == LiteralAutomaton::COMPLETE {
                    ends = true;
                    continue;
                }
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
    use crate::automaton::TOKENS_MAX;
    use crate::pack::{TERM_CHARS_MAX, TERMS_MAX};

    /// Packs that reach the largest of these limits need gigabytes.
    #[test]
    fn sizes_are_held_at_their_limits() {
        for most in [ALTERNATIVES_MAX, STATES_MAX, TRANSITIONS_MAX] {
            assert!(limit("things", most, most).is_ok());
            let problem = limit("things", most + 1, most).unwrap_err();
            assert!(problem.message.contains(&format!("{most} things")));
        }
    }

    /// What a pack may have at most fits into a position.
    #[test]
    fn positions_hold_all_there_may_be() {
        // Of each term there is one that is reversed, at most.
        let term = 2 * TERMS_MAX as u32;
        let most = (term, TERM_CHARS_MAX, ALTERNATIVES_MAX - 1, TOKENS_MAX - 1);
        let position = Position::inside(most.0, most.1, most.2, most.3);
        assert_eq!((position.term(), position.letters()), (most.0, most.1));
        assert_eq!(position.sequence(), (most.2 + 1, most.3));
        assert!(!position.is_done() && Position::between(term, 0).is_done());
        let step = Move::new(u16::MAX, position);
        assert!((step.symbol(), step.position()) == (u16::MAX, position));
    }
}
