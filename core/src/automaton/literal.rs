//! The literal automaton: all terms, read from their ends.
//!
//! Its nodes are the ends that terms have, letter by letter: `号`, `信号` and `微信号`
//! are three in a row. What stands for a letter is not its business but that of
//! [`Spellings`], so that a letter is one node however many disguises it has. Terms that
//! allow different disguises share nodes, too: a state knows which sets of disguises
//! allow what was read. As symbols may stand for several letters, and be part of longer
//! spellings, a scan is in several states at once: mostly in one or two.
//!
//! The scanner enters at the *last* symbol of a term and walks backwards over
//! the recent symbols, so it needs no look-ahead, and text that ends no term
//! costs one table look-up a symbol. A matrix of pairs of symbols answers most
//! of the entries that lead nowhere.

use super::Pairs;
use super::slot::FACTOR;
use super::spelling::{ReadingRecord, Spellings};
use alloc::vec::Vec;
use zerocopy::little_endian::{U16, U32};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// Most symbols that one spelling of a term may have.
pub(crate) const TOKENS_MAX: usize = 64;

/// Most states at once.
pub(crate) const READINGS_MAX: usize = 1_024;

/// Of up to this many letters it is told at once whether they may be spelled with more
/// than a symbol.
const FEW: usize = 8;

/// The bits of a place in a table of which the highest bit says something else.
pub(super) const COUNT: u32 = u32::MAX >> 1;

/// A view of the literal automaton.
#[derive(Clone, Copy)]
pub(crate) struct LiteralAutomaton<'r> {
    /// The nodes, and one more. Node 0 is that of no letters; those of one letter have
    /// its number.
    pub(crate) nodes: &'r [NodeRecord],
    /// Where each term is complete, ascending by node.
    pub(crate) complete: &'r [CompleteRecord],
    /// For each [`Self::STRIDE`] nodes, and once more for their end.
    pub(crate) hints: &'r [HintRecord],
    pub(crate) spellings: Spellings<'r>,
    /// The pairs of symbols that may end a term.
    pub(crate) pairs: Pairs<'r>,
}

/// What some terms end in, letter by letter.
#[derive(
    Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub(crate) struct NodeRecord {
    /// Its first letter.
    pub(crate) letter: U16,
    /// Where the nodes with one more letter before begin, ascending by letter, and
    /// [`LiteralAutomaton::COMPLETE`].
    pub(crate) from: U32,
    /// The sets of disguises of its terms; see [`Spellings::sets`].
    pub(crate) sets: U16,
}

/// Where to look for what belongs to a node.
#[derive(
    Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub(crate) struct HintRecord {
    /// The node that it goes on from.
    pub(crate) parent: U32,
    /// The first term that is complete in it or behind.
    pub(crate) term: U32,
}

/// Where a term is complete.
#[derive(
    Clone, Copy, Default, FromBytes, IntoBytes, Immutable, KnownLayout, Unaligned,
)]
#[repr(C)]
pub(crate) struct CompleteRecord {
    pub(crate) node: U32,
    /// The number of its set of disguises, which is that of a bit.
    pub(crate) set: u8,
}

impl CompleteRecord {
    /// Whether its set of disguises is one of some.
    #[inline(always)]
    pub(crate) fn is_in(&self, sets: u64) -> bool {
        sets & self.sets() != 0
    }

    /// Its set of disguises alone.
    #[inline(always)]
    pub(crate) fn sets(&self) -> u64 {
        1 << (self.set & 63)
    }
}

/// What the symbols so far may be: letters of which the first is complete, or is not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    node: u32,
    /// The symbols of the letter before, 0 if there are none yet.
    run: u32,
    /// The sets of disguises that allow what was read, a bit each.
    sets: u64,
}

/// What a symbol must be to lead on from some states: one of some letters, or of some
/// symbols. Both share bits with others.
#[derive(Clone, Copy, Default)]
pub(crate) struct Onward {
    /// The letters before their nodes.
    letters: LetterSet,
    /// The symbols with which runs go on; see [`Onward::symbol`].
    symbols: u64,
}

impl Onward {
    /// Of more letters, or runs, it is not worth while to tell.
    const MOST: usize = 64;
    const ANY: Onward = Onward { letters: LetterSet::ALL, symbols: u64::MAX };

    #[inline(always)]
    const fn symbol(symbol: u16) -> u64 {
        1 << (symbol % 64)
    }

    /// Whether a symbol, in which some letters end, may lead on. No false negatives.
    #[inline(always)]
    pub(crate) fn may_be(self, symbol: u16, letters: LetterSet) -> bool {
        self.letters.0 & letters.0 != 0 || self.symbols & Self::symbol(symbol) != 0
    }
}

/// A set of letters, which share bits.
#[derive(Clone, Copy, Default)]
pub(crate) struct LetterSet(pub(crate) u64);

impl LetterSet {
    /// The bits that it takes.
    pub(crate) const BITS: u32 = 48;
    pub(crate) const ALL: LetterSet = LetterSet((1 << Self::BITS) - 1);

    #[inline(always)]
    fn add(&mut self, letter: u16) {
        self.0 |= 1 << (u32::from(letter) % Self::BITS);
    }
}

/// All that the symbols so far may be, up to [`READINGS_MAX`].
pub(crate) struct States {
    pub(super) list: Vec<State>,
    /// There were more.
    pub(crate) overflow: bool,
}

/// A run of symbols before a node.
struct Before<'r> {
    run: u32,
    readings: &'r [ReadingRecord],
    has_longer: bool,
}

impl<'r> Before<'r> {
    #[inline(always)]
    fn new(spellings: &Spellings<'r>, run: u32) -> Before<'r> {
        let (readings, has_longer) = spellings.run(run);
        Before { run, readings, has_longer }
    }
}

impl States {
    /// Allocates all that it will ever need.
    pub(crate) fn new() -> States {
        States { list: Vec::with_capacity(READINGS_MAX), overflow: false }
    }

    /// A number that most other states do not have.
    pub(crate) fn hash(&self) -> u32 {
        self.list.iter().fold(0, |hash: u32, state| {
            let sets = (state.sets >> 32) as u32 ^ state.sets as u32;
            (hash.rotate_left(5) ^ state.node ^ state.run.rotate_left(16) ^ sets)
                .wrapping_mul(FACTOR)
        })
    }

    #[inline(always)]
    fn add(&mut self, state: State) {
        // Of letters that were read in two ways there is one state.
        let key = |state: &State| u64::from(state.node) << 32 | u64::from(state.run);
        let same = |known: &&mut State| key(known) == key(&state);
        let is_full = self.list.len() == READINGS_MAX;
        match self.list.iter_mut().find(same) {
            Some(known) => known.sets |= state.sets,
            None if is_full => self.overflow = true,
            None => self.list.push(state),
        }
    }
}

impl<'r> LiteralAutomaton<'r> {
    /// Some term is complete in a node.
    pub(crate) const COMPLETE: u32 = !COUNT;
    /// So many nodes share a hint.
    pub(crate) const STRIDE: usize = 32;

    /// The states after a last symbol, of terms with some sets of disguises; none if none
    /// ends in it.
    #[inline]
    pub(crate) fn enter(&self, last: u16, wanted: u64, to: &mut States) {
        to.list.clear();
        to.overflow = false;
        let run = u32::from(last);
        let (_, end) = self.bounds(0);
        let (readings, has_longer) = self.spellings.run(run);
        for reading in readings {
            // The node of one letter has its number, and those come first.
            let node = u32::from(reading.letter.get());
            if node >= end {
                break;
            }
            let own = self.nodes.get(node as usize).map_or(0, |node| self.sets(node));
            let sets = wanted & own & self.spellings.sets(reading.sets);
            if sets != 0 {
                to.add(State { node, run: 0, sets });
            }
        }
        if has_longer && self.spellings.ends(run) {
            to.add(State { node: 0, run, sets: wanted });
        }
    }

    /// The states one symbol further back, of which there are more if there were more
    /// before. Says whether there are any.
    #[inline]
    pub(crate) fn step(
        &self,
        from: &[State],
        overflow: bool,
        symbol: u16,
        to: &mut States,
    ) -> bool {
        to.list.clear();
        to.overflow = overflow;
        let single = Before::new(&self.spellings, u32::from(symbol));
        let mut leads_on = false;
        for state in from {
            if state.run == 0 {
                leads_on |= self.take(state, &single, to);
            } else if let Some(run) = self.spellings.longer(state.run, symbol) {
                leads_on |= self.take(state, &Before::new(&self.spellings, run), to);
            }
        }
        leads_on || to.list.iter().any(|state| self.may_spell(state))
    }

    /// What a symbol must be to lead on from some states.
    pub(crate) fn onward(&self, states: &[State]) -> Onward {
        let mut onward = Onward::default();
        for state in states {
            let (nodes, longer) = match state.run {
                0 => (self.longer(state.node).1, &[][..]),
                run => (&[][..], self.spellings.all_longer(run)),
            };
            if nodes.len().max(longer.len()) > Onward::MOST {
                return Onward::ANY;
            }
            for run in longer {
                onward.symbols |= Onward::symbol(run.symbol.get());
            }
            nodes.iter().for_each(|node| onward.letters.add(node.letter.get()));
        }
        onward
    }

    /// The letters that a symbol may stand for, or be the last of.
    pub(crate) fn letters_ending_in(&self, symbol: u16) -> LetterSet {
        let run = u32::from(symbol);
        let (single, _) = self.spellings.run(run);
        let longer = self.spellings.readings_of(self.spellings.beyond(run));
        if longer.len() > Onward::MOST {
            return LetterSet::ALL;
        }
        let mut letters = LetterSet::default();
        single.iter().chain(longer).for_each(|reading| letters.add(reading.letter.get()));
        letters
    }

    /// Adds what a run of symbols before a node may be. Says whether any of it is
    /// certain to be the end of a term.
    #[inline(always)]
    fn take(&self, state: &State, before: &Before<'_>, to: &mut States) -> bool {
        let (from, nodes) = self.longer(state.node);
        if nodes.is_empty() {
            return false;
        }
        let mut leads_on = false;
        for reading in before.readings {
            let letter = reading.letter;
            let place = match nodes {
                // The node of one letter has its number.
                _ if state.node == 0 => {
                    let place = usize::from(letter.get()).checked_sub(from as usize);
                    place.filter(|place| *place < nodes.len())
                }
                [only] => (only.letter == letter).then_some(0),
                _ => nodes
                    .binary_search_by_key(&letter.get(), |node| node.letter.get())
                    .ok(),
            };
            let Some(place) = place else { continue };
            let (reading, own) =
                (self.spellings.sets(reading.sets), self.sets(&nodes[place]));
            let sets = state.sets & reading & own;
            if sets != 0 {
                to.add(State { node: from + place as u32, run: 0, sets });
                leads_on = true;
            }
        }
        if before.has_longer && self.may_go_on(state, before.run, nodes) {
            to.add(State { run: before.run, ..*state });
            leads_on |= state.node == 0;
        }
        leads_on
    }

    /// Whether a letter before a node may be spelled with a run: a first answer, which is
    /// looked into where nothing else leads on.
    #[inline(always)]
    fn may_go_on(&self, state: &State, run: u32, nodes: &[NodeRecord]) -> bool {
        match nodes.len() {
            _ if state.node == 0 => self.spellings.ends(run),
            1..=FEW if state.run == 0 => nodes
                .iter()
                .any(|node| self.spellings.may_end_in(node.letter.get(), run as u16)),
            _ => true,
        }
    }

    /// Whether some letter before a node is spelled with what goes on from a run.
    fn may_spell(&self, state: &State) -> bool {
        let (_, nodes) = self.longer(state.node);
        let beyond = self.spellings.beyond(state.run);
        // Of a run of one symbol a mark tells most, which has its number.
        let is_single = (state.run as usize) < self.pairs.symbols.len();
        nodes.iter().any(|node| {
            let letter = node.letter.get();
            let is_marked = self.spellings.may_end_in(letter, state.run as u16);
            let sets = state.sets & self.sets(node);
            (is_marked || !is_single) && self.spellings.may_spell(letter, &beyond, sets)
        })
    }

    /// Gives the terms that are complete, by index.
    #[inline(always)]
    pub(crate) fn outputs(&self, states: &[State], mut emit: impl FnMut(u32)) {
        for state in states.iter().filter(|state| self.is_complete_in(state)) {
            self.complete_in(state, &mut emit);
        }
    }

    #[inline(always)]
    fn is_complete_in(&self, state: &State) -> bool {
        let node = self.nodes.get(state.node as usize);
        let mark = node.map_or(0, |node| node.from.get());
        state.run == 0 && mark & Self::COMPLETE != 0
    }

    fn complete_in(&self, state: &State, emit: &mut impl FnMut(u32)) {
        let [from, to] = self.hints(state.node).map(|hint| hint.term.get() as usize);
        let near = self.complete.get(from..to).unwrap_or(&[]);
        let first = from + near.partition_point(|term| term.node.get() < state.node);
        let terms = self.complete.get(first..).unwrap_or(&[]).iter();
        let terms = terms.take_while(|term| term.node.get() == state.node);
        for (number, term) in (first as u32..).zip(terms) {
            if term.is_in(state.sets) {
                emit(number);
            }
        }
    }

    /// The letters of a term, in its order.
    pub(crate) fn letters_of(&self, term: u32) -> impl Iterator<Item = u16> + '_ {
        let complete = self.complete.get(term as usize);
        let mut node = complete.map_or(0, |complete| complete.node.get());
        core::iter::from_fn(move || {
            let record = self.nodes.get(node as usize).filter(|_| node > 0)?;
            node = self.parent(node)?;
            Some(record.letter.get())
        })
    }

    #[inline(always)]
    fn sets(&self, node: &NodeRecord) -> u64 {
        self.spellings.sets(node.sets)
    }

    /// The node that one goes on from, which comes before it.
    #[inline]
    fn parent(&self, node: u32) -> Option<u32> {
        let [from, to] = self.hints(node).map(|hint| hint.parent.get() as usize);
        let near = self.nodes.get(from..=to)?;
        let after = near.partition_point(|other| other.from.get() & COUNT <= node);
        let parent = from + after.checked_sub(1)?;
        (parent < node as usize).then_some(parent as u32)
    }

    /// The hint of a node, and the next.
    #[inline(always)]
    fn hints(&self, node: u32) -> [HintRecord; 2] {
        let hints = self.hints.get(node as usize / Self::STRIDE..).unwrap_or(&[]);
        hints.first_chunk().copied().unwrap_or_default()
    }

    /// The first node with one more letter, and all of them.
    #[inline(always)]
    fn longer(&self, node: u32) -> (u32, &'r [NodeRecord]) {
        let (from, end) = self.bounds(node);
        (from, self.nodes.get(from as usize..end as usize).unwrap_or(&[]))
    }

    /// Where the nodes with one more letter begin, and where they end.
    #[inline(always)]
    fn bounds(&self, node: u32) -> (u32, u32) {
        match self.nodes.get(node as usize..) {
            Some([this, next, ..]) => (this.from.get() & COUNT, next.from.get() & COUNT),
            _ => (0, 0),
        }
    }

    /// Checks that every index leads inside the tables.
    pub(crate) fn validate(&self, terms: usize) -> Result<(), &'static str> {
        self.pairs.validate()?;
        self.spellings.validate()?;
        let Some(nodes) = self.nodes.len().checked_sub(1).filter(|nodes| *nodes > 0)
        else {
            return Err("there are no nodes of terms");
        };
        let from = |node: usize| (self.nodes[node].from.get() & COUNT) as usize;
        let sound = self.nodes.is_sorted_by_key(|node| node.from.get() & COUNT)
            && from(nodes) == nodes
            // So that the way to node 0 is never a circle.
            && (0..nodes).all(|node| from(node) > node);
        if !sound {
            return Err("the nodes of terms are out of order");
        }
        let letters = self.spellings.letter_count();
        if self.nodes.iter().any(|node| usize::from(node.letter.get()) >= letters) {
            return Err("a term has an unknown letter");
        }
        if !self.nodes.iter().all(|node| self.spellings.has_sets(node.sets)) {
            return Err("a node names unknown disguises");
        }
        if (1..from(1)).any(|node| usize::from(self.nodes[node].letter.get()) != node) {
            return Err("a node of one letter has another's number");
        }
        let sorted = self.complete.is_sorted_by_key(|complete| complete.node.get());
        if self.complete.len() != terms || !sorted {
            return Err("the terms are out of order");
        }
        let nodes = 1..nodes as u32;
        let end = nodes.end as usize;
        if self.hints.len() != end.div_ceil(Self::STRIDE) + 1
            || !self.hints.is_sorted_by_key(|hint| hint.parent.get())
            || !self.hints.is_sorted_by_key(|hint| hint.term.get())
        {
            return Err("the hints of nodes are out of order");
        }
        if !self.complete.iter().all(|complete| nodes.contains(&complete.node.get())) {
            return Err("a term is complete nowhere");
        }
        Ok(())
    }
}
