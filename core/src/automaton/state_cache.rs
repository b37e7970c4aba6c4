//! The sets of states that walks over the literal automaton came to, each worked out
//! once: what a lazy DFA is to an NFA.
//!
//! A set depends on nothing but the symbols that were used to come to it, and text says
//! much the same again and again. Which set a symbol leads to is kept in a table of
//! fixed size; when there is no more room, all is forgotten.

use super::literal::{LiteralAutomaton, Onward, READINGS_MAX, State, States};
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

/// Sets that are known at the same time, at most.
const SETS_MAX: usize = 1 << 12;
/// States of all of them, at most: more than the largest set.
const STATES_MAX: usize = 1 << 13;
/// Transitions that are known at the same time, as a power of two.
const TRANSITION_BITS: u32 = 13;

const _: () = assert!(READINGS_MAX < STATES_MAX && SETS_MAX <= u16::MAX as usize);

/// A set of states, until the next is asked for that is not known: what is forgotten
/// then is told by [`StateCache::age`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StateSet(u16);

/// Which terms a walk is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Terms {
    All,
    /// Those that allow the same disguises as some term of an anchor.
    Anchors,
}

impl Terms {
    /// The set that a walk is in before its first symbol.
    const fn start(self) -> StateSet {
        StateSet(self as u16)
    }
}

/// What is kept of a set.
#[derive(Clone, Copy, Default)]
struct SetRecord {
    /// Where its states begin, and how many there are.
    from: u16,
    count: u16,
    /// There were more.
    overflow: bool,
    /// A term is complete in one of them.
    is_complete: bool,
    /// What symbols must be to lead on.
    onward: Onward,
}

impl SetRecord {
    /// Its states.
    #[inline(always)]
    fn range(self) -> Range<usize> {
        usize::from(self.from)..usize::from(self.from) + usize::from(self.count)
    }
}

/// Where a symbol leads from a set.
#[derive(Clone, Copy, Default)]
struct Transition {
    /// See [`Transition::key`]; 0 if there is none here.
    key: u32,
    /// The set that it leads to, [`Transition::NOWHERE`] if to none.
    to: u16,
}

impl Transition {
    /// The number of a start, to which nothing leads.
    const NOWHERE: u16 = Terms::All as u16;
    /// An odd number without a pattern: 2^32 divided by the golden ratio.
    const FACTOR: u32 = 0x9E37_79B1;

    #[inline(always)]
    const fn key(from: StateSet, symbol: u16) -> u32 {
        (from.0 as u32 + 1) << 16 | symbol as u32
    }

    /// Its place in the table.
    #[inline(always)]
    const fn place(key: u32) -> usize {
        (key.wrapping_mul(Self::FACTOR) >> (u32::BITS - TRANSITION_BITS)) as usize
    }
}

/// The sets of states that are known.
pub(crate) struct StateCache {
    /// The number of the ruleset whose states they are, 0 for none.
    owner: usize,
    sets: Vec<SetRecord>,
    states: Vec<State>,
    transitions: Vec<Transition>,
    /// The one that is being worked out.
    next: States,
    /// How often all was forgotten.
    age: u32,
}

impl StateCache {
    /// Allocates all that it will ever need; most is not touched until it is.
    pub(crate) fn new() -> StateCache {
        let mut cache = StateCache {
            owner: 0,
            sets: Vec::with_capacity(SETS_MAX),
            states: Vec::with_capacity(STATES_MAX),
            transitions: vec![Transition::default(); 1 << TRANSITION_BITS],
            next: States::new(),
            age: 0,
        };
        cache.begin();
        cache
    }

    /// What it takes, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.sets.capacity() * size_of::<SetRecord>()
            + self.states.capacity() * size_of::<State>()
            + self.transitions.capacity() * size_of::<Transition>()
            + self.next.bytes()
    }

    /// Forgets what belongs to another ruleset than the one with this number.
    #[inline]
    pub(crate) fn belong_to(&mut self, owner: usize) {
        if self.owner != owner {
            self.owner = owner;
            self.forget();
        }
    }

    /// Changes when sets that were given are no longer known.
    #[inline(always)]
    pub(crate) fn age(&self) -> u32 {
        self.age
    }

    /// The set after a last symbol; `None` if no term ends in it.
    #[inline]
    pub(crate) fn enter(
        &mut self,
        automaton: &LiteralAutomaton<'_>,
        terms: Terms,
        last: u16,
    ) -> Option<StateSet> {
        self.go(automaton, terms.start(), last)
    }

    /// The set one symbol further back; `None` if that leads nowhere.
    #[inline]
    pub(crate) fn step(
        &mut self,
        automaton: &LiteralAutomaton<'_>,
        from: StateSet,
        symbol: u16,
    ) -> Option<StateSet> {
        self.go(automaton, from, symbol)
    }

    /// How many states a set has.
    #[inline]
    pub(crate) fn count(&self, set: StateSet) -> usize {
        usize::from(self.record(set).count)
    }

    /// Whether a set has not all states that it should have.
    #[inline]
    pub(crate) fn overflows(&self, set: StateSet) -> bool {
        self.record(set).overflow
    }

    /// Gives the terms that are complete in a set, by index.
    #[inline]
    pub(crate) fn outputs(
        &self,
        automaton: &LiteralAutomaton<'_>,
        set: StateSet,
        emit: impl FnMut(u32),
    ) {
        let record = self.record(set);
        if record.is_complete {
            automaton.outputs(self.states.get(record.range()).unwrap_or(&[]), emit);
        }
    }

    #[inline(always)]
    fn go(
        &mut self,
        automaton: &LiteralAutomaton<'_>,
        from: StateSet,
        symbol: u16,
    ) -> Option<StateSet> {
        let key = Transition::key(from, symbol);
        let known = self.transitions.get(Transition::place(key));
        let to = match known {
            Some(known) if known.key == key => known.to,
            _ => self.work_out(automaton, from, symbol),
        };
        (to != Transition::NOWHERE).then_some(StateSet(to))
    }

    /// Works out where a symbol leads from a set, and keeps that.
    #[cold]
    #[inline(never)]
    fn work_out(
        &mut self,
        automaton: &LiteralAutomaton<'_>,
        from: StateSet,
        symbol: u16,
    ) -> u16 {
        let start = [Terms::All, Terms::Anchors].into_iter().find(|t| t.start() == from);
        let leads_on = match start {
            Some(terms) => {
                let wanted = match terms {
                    Terms::All => u64::MAX,
                    Terms::Anchors => automaton.spellings.anchor_sets(),
                };
                automaton.enter(symbol, wanted, &mut self.next);
                !self.next.is_empty()
            }
            None => {
                let record = self.record(from);
                if !automaton.may_step(record.onward, symbol) {
                    return Transition::NOWHERE;
                }
                let states = self.states.get(record.range()).unwrap_or(&[]);
                automaton.step(states, record.overflow, symbol, &mut self.next)
            }
        };
        let age = self.age;
        let to = if leads_on { self.add(automaton) } else { Transition::NOWHERE };
        // What was forgotten meanwhile leads nowhere any more.
        if self.age == age || start.is_some() {
            let key = Transition::key(from, symbol);
            if let Some(place) = self.transitions.get_mut(Transition::place(key)) {
                *place = Transition { key, to };
            }
        }
        to
    }

    /// Keeps the set that was worked out.
    fn add(&mut self, automaton: &LiteralAutomaton<'_>) -> u16 {
        let count = self.next.list().len();
        if self.sets.len() == SETS_MAX || self.states.len() + count > STATES_MAX {
            self.forget();
        }
        let record = SetRecord {
            from: self.states.len() as u16,
            count: count as u16,
            overflow: self.next.overflow,
            is_complete: automaton.is_complete(self.next.list()),
            onward: automaton.onward(self.next.list()),
        };
        self.states.extend_from_slice(self.next.list());
        self.sets.push(record);
        (self.sets.len() - 1) as u16
    }

    #[cold]
    fn forget(&mut self) {
        self.age = self.age.wrapping_add(1);
        self.transitions.fill(Transition::default());
        self.begin();
    }

    /// With no sets but those of the starts.
    fn begin(&mut self) {
        self.states.clear();
        self.sets.clear();
        self.sets.resize(Terms::Anchors as usize + 1, SetRecord::default());
    }

    #[inline(always)]
    fn record(&self, set: StateSet) -> SetRecord {
        self.sets.get(usize::from(set.0)).copied().unwrap_or_default()
    }
}
