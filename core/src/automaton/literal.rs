//! The literal automaton: all terms, read from their ends.
//!
//! Its nodes are the ends that terms have, letter by letter: `号`, `信号` and `微信号`
//! are three in a row. What stands for a letter is not its business but that of
//! [`Spellings`], so that a letter is one node however many disguises it has. As
//! symbols may stand for several letters, and be part of longer spellings, a scan is in
//! several states at once: mostly in one or two.
//!
//! The scanner enters at the *last* symbol of a term and walks backwards over
//! the recent symbols, so it needs no look-ahead, and text that ends no term
//! costs one table look-up a symbol. A matrix of pairs of symbols answers most
//! of the entries that lead nowhere.

use super::Pairs;
use super::spelling::Spellings;
use arrayvec::ArrayVec;
use zerocopy::little_endian::{U16, U32};

/// Most symbols that one spelling of a term may have.
pub(crate) const TOKENS_MAX: usize = 64;

/// The bits of a place in a table of which the highest bit says something else.
pub(super) const COUNT: u32 = u32::MAX >> 1;

/// A view of the literal automaton.
#[derive(Clone, Copy)]
pub(crate) struct LiteralAutomaton<'r> {
    /// The first letter of what each node stands for. Node 0 is that of no letters.
    /// The nodes of one letter have its number.
    pub(crate) letters: &'r [U16],
    /// Where the nodes with one more letter before begin, and [`Self::COMPLETE`]; and
    /// one more. Those of one node are ascending by letter.
    pub(crate) nodes: &'r [U32],
    /// The node in which each term is complete, ascending.
    pub(crate) complete: &'r [U32],
    pub(crate) spellings: Spellings<'r>,
    /// The pairs of symbols that may end a term.
    pub(crate) pairs: Pairs<'r>,
}

/// What the symbols so far may be: letters of which the first is complete, or is not.
#[derive(Clone, Copy, PartialEq, Eq)]
struct State {
    node: u32,
    /// The symbols of the letter before, 0 if there are none yet.
    run: u32,
}

/// All that the symbols so far may be.
#[derive(Clone)]
pub(crate) struct States {
    list: ArrayVec<State, { States::MAX }>,
    /// There were more.
    pub(crate) overflow: bool,
}

impl States {
    /// Most states at once.
    pub(crate) const MAX: usize = 64;

    pub(crate) fn new() -> States {
        States { list: ArrayVec::new(), overflow: false }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.list.len()
    }

    #[inline(always)]
    fn add(&mut self, state: State) {
        // The letter before may have been read in two ways.
        if !self.list.contains(&state) {
            self.overflow |= self.list.try_push(state).is_err();
        }
    }
}

impl<'r> LiteralAutomaton<'r> {
    /// Some term is complete in a node.
    pub(crate) const COMPLETE: u32 = !COUNT;

    /// The states after a last symbol; none if no term ends in it.
    #[inline]
    pub(crate) fn enter(&self, last: u16, to: &mut States) {
        to.list.clear();
        self.take(0, u32::from(last), to);
    }

    /// The states one symbol further back. Says whether there are any.
    #[inline]
    pub(crate) fn step(&self, from: &States, symbol: u16, to: &mut States) -> bool {
        to.list.clear();
        to.overflow = from.overflow;
        for state in &from.list {
            let run = match state.run {
                0 => Some(u32::from(symbol)),
                run => self.spellings.longer(run, symbol),
            };
            if let Some(run) = run {
                self.take(state.node, run, to);
            }
        }
        !to.is_empty()
    }

    /// Adds what a run of symbols before a node may be.
    #[inline(always)]
    fn take(&self, node: u32, run: u32, to: &mut States) {
        let readings = self.spellings.readings(run);
        let (from, end) = self.bounds(node);
        if node == 0 {
            let ending =
                readings.iter().take_while(|reading| u32::from(reading.letter.get()) < end);
            for reading in ending {
                to.add(State { node: u32::from(reading.letter.get()), run: 0 });
            }
        } else if !readings.is_empty() {
            let letters = self.letters.get(from as usize..end as usize).unwrap_or(&[]);
            let mut place = 0;
            for reading in readings {
                let rest = letters.get(place..).unwrap_or(&[]);
                place += rest.partition_point(|letter| letter.get() < reading.letter.get());
                if letters.get(place).is_some_and(|letter| *letter == reading.letter) {
                    to.add(State { node: from + place as u32, run: 0 });
                }
            }
        }
        if let Some(beyond) = self.spellings.beyond(run) {
            let goes_on = match node {
                0 => self.spellings.ends(run),
                _ => {
                    let letters = self.letters.get(from as usize..end as usize);
                    let mut letters = letters.unwrap_or(&[]).iter();
                    letters.any(|letter| self.spellings.may_spell(letter.get(), &beyond))
                }
            };
            if goes_on {
                to.add(State { node, run });
            }
        }
    }

    /// The terms that are complete, by index.
    #[inline]
    pub(crate) fn outputs(&self, states: &States) -> impl Iterator<Item = u32> {
        let complete = states.list.iter().filter(|state| state.run == 0);
        complete.flat_map(|state| self.complete_in(state.node))
    }

    #[inline]
    fn complete_in(&self, node: u32) -> impl Iterator<Item = u32> + use<'r> {
        let mark = self.nodes.get(node as usize).map_or(0, |from| from.get());
        let all = if mark & Self::COMPLETE == 0 { &[] } else { self.complete };
        let first = all.partition_point(|complete| complete.get() < node);
        let terms = all.get(first..).unwrap_or(&[]).iter();
        let terms = terms.take_while(move |complete| complete.get() == node);
        (first as u32..).zip(terms).map(|(term, _)| term)
    }

    /// The letters of a term, in its order.
    pub(crate) fn letters_of(&self, term: u32) -> impl Iterator<Item = u16> + use<'r> {
        let automaton = *self;
        let mut node = self.complete.get(term as usize).map_or(0, |node| node.get());
        core::iter::from_fn(move || {
            let letter = automaton.letters.get(node as usize).filter(|_| node > 0)?;
            // A node comes behind the one that it goes on from.
            let nodes = automaton.nodes.get(..node as usize)?;
            let after = nodes.partition_point(|from| from.get() & COUNT <= node);
            node = after.checked_sub(1)? as u32;
            Some(letter.get())
        })
    }

    #[inline(always)]
    fn bounds(&self, node: u32) -> (u32, u32) {
        match self.nodes.get(node as usize..) {
            Some([this, next, ..]) => (this.get() & COUNT, next.get() & COUNT),
            _ => (0, 0),
        }
    }

    /// Checks that every index leads inside the tables.
    pub(crate) fn validate(&self, terms: usize) -> Result<(), &'static str> {
        self.pairs.validate()?;
        self.spellings.validate()?;
        let nodes = self.letters.len();
        let from = |node: usize| self.nodes.get(node).map_or(0, |from| from.get() & COUNT);
        let sound = self.nodes.len() == nodes + 1
            && self.nodes.is_sorted_by_key(|from| from.get() & COUNT)
            && from(nodes) as usize == nodes
            // So that the way to node 0 is never a circle.
            && (0..nodes).all(|node| from(node) as usize > node);
        if !sound {
            return Err("the nodes of terms are out of order");
        }
        let letters = self.spellings.letter_count();
        if self.letters.iter().any(|letter| usize::from(letter.get()) >= letters) {
            return Err("a term has an unknown letter");
        }
        if (1..from(1)).any(|node| u32::from(self.letters[node as usize].get()) != node) {
            return Err("a node of one letter has another's number");
        }
        if self.complete.len() != terms || !self.complete.is_sorted_by_key(|n| n.get()) {
            return Err("the terms are out of order");
        }
        let nodes = 1..nodes as u32;
        if !self.complete.iter().all(|node| nodes.contains(&node.get())) {
            return Err("a term is complete nowhere");
        }
        Ok(())
    }
}
