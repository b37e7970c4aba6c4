//! Where in which terms the symbols so far may have led.
//!
//! A position is a place in one spelling of one term, read from the end. The clues and
//! the pairs that end terms are read off these.

use super::Entry;
use super::letter::Letter;
use super::partition::Partition;
use rustc_hash::FxHashMap;

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

/// How all terms may be read.
pub(super) struct TermPositions<'c, 'p> {
    pub(super) entries: &'c [Entry<'p>],
    pub(super) letters: &'c [Letter],
    pub(super) partition: &'c Partition,
    /// By symbol, what it leads to as the last one: a place in `lasts` plus one, or 0.
    states: Vec<u32>,
    lasts: Vec<Box<[Position]>>,
}

impl<'c, 'p> TermPositions<'c, 'p> {
    pub(super) fn new(
        entries: &'c [Entry<'p>],
        letters: &'c [Letter],
        partition: &'c Partition,
    ) -> Self {
        let mut found = TermPositions {
            entries,
            letters,
            partition,
            states: vec![0; partition.flags.len()],
            lasts: Vec::new(),
        };
        let mut moves: Vec<Move> = Vec::new();
        for (term, entry) in entries.iter().enumerate() {
            let end = Position::between(term as u32, entry.letters.len());
            found.moves(end, &mut moves);
        }
        moves.sort_unstable();
        moves.dedup();
        let mut known: FxHashMap<Box<[Position]>, u32> = FxHashMap::default();
        for run in by_symbol(&moves) {
            let positions: Box<[Position]> = positions(run).collect();
            let next = found.lasts.len() as u32 + 1;
            let state = *known.entry(positions).or_insert_with_key(|positions| {
                found.lasts.push(positions.clone());
                next
            });
            found.states[usize::from(run[0].symbol())] = state;
        }
        found
    }

    /// The symbols in which terms end, and their states.
    pub(super) fn last_symbols(&self) -> impl Iterator<Item = (u16, u32)> + '_ {
        let states = self.states.iter().enumerate().filter(|(_, state)| **state != 0);
        states.map(|(symbol, state)| (symbol as u16, *state))
    }

    /// The positions of a state.
    pub(super) fn positions(&self, state: u32) -> &[Position] {
        let place = (state as usize).checked_sub(1);
        place.and_then(|place| self.lasts.get(place)).map_or(&[], |positions| positions)
    }

    /// What comes before positions.
    pub(super) fn before(&self, positions: impl Iterator<Item = Position>) -> Vec<Move> {
        let mut moves = Vec::new();
        positions.for_each(|position| self.moves(position, &mut moves));
        moves.sort_unstable();
        moves.dedup();
        moves
    }

    /// Appends where a position leads, by symbol.
    fn moves(&self, position: Position, moves: &mut Vec<Move>) {
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
}

/// The positions of moves.
pub(super) fn positions(moves: &[Move]) -> impl Iterator<Item = Position> + '_ {
    moves.iter().map(|step| step.position())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::automaton::TOKENS_MAX;
    use crate::pack::{ALTERNATIVES_MAX, TERM_CHARS_MAX, TERMS_MAX};

    /// What a pack may have at most fits into a position.
    #[test]
    fn positions_hold_all_there_may_be() {
        // Of each term there is one that is reversed, and an emoji, at most.
        let term = 3 * TERMS_MAX as u32;
        let most = (term, TERM_CHARS_MAX, ALTERNATIVES_MAX - 1, TOKENS_MAX - 1);
        let position = Position::inside(most.0, most.1, most.2, most.3);
        assert_eq!((position.term(), position.letters()), (most.0, most.1));
        assert_eq!(position.sequence(), (most.2 + 1, most.3));
        assert!(!position.is_done() && Position::between(term, 0).is_done());
        let step = Move::new(u16::MAX, position);
        assert!((step.symbol(), step.position()) == (u16::MAX, position));
    }
}
