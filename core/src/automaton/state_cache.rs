//! The sets of states that walks over the literal automaton came to, each worked out
//! once: what a lazy DFA is to an NFA.
//!
//! A set depends on nothing but the symbols that were used to come to it, and text says
//! much the same again and again. Which set a symbol leads to is kept in a table of
//! fixed size; when there is no more room, all is forgotten.

use super::literal::{LetterSet, LiteralAutomaton, Onward, READINGS_MAX, State, States};
use super::slot::slot;
use alloc::vec;
use alloc::vec::Vec;
use core::ops::Range;

/// Sets that are known at the same time, at most.
const SETS_MAX: usize = 1 << 12;
/// States of all of them, at most: more than the largest set.
const STATES_MAX: usize = 1 << 13;
/// Terms that are complete in them of which the list is kept, at most.
const COMPLETE_MAX: usize = 1 << 12;
/// Transitions that are known at the same time, as a power of two.
const TRANSITION_BITS: u32 = 13;

/// Symbols of which it is known at the same time what letters end in them.
const LETTER_SETS: usize = 1 << 12;

const _: () = assert!(READINGS_MAX < STATES_MAX && SETS_MAX <= u16::MAX as usize);

/// A set of states that is known. Valid until the cache forgets; [`StateCache::age`] tells
/// when it did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StateSet(u16);

/// Which terms a walk is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Terms {
    All,
    /// Those that allow the same disguises as some term of an anchor.
    Anchors,
}

/// Sets that are always there: those before the first symbol.
const STARTS: usize = 2;

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
    /// Where the terms that are complete in one of them begin, and how many there are;
    /// [`SetRecord::MANY`] if they are not kept.
    first: u16,
    complete: u16,
    /// What symbols must be to lead on.
    onward: Onward,
}

impl SetRecord {
    const MANY: u16 = u16::MAX;

    /// Its states.
    #[inline(always)]
    fn states(self) -> Range<usize> {
        usize::from(self.from)..usize::from(self.from) + usize::from(self.count)
    }

    /// The terms that are complete in one of them.
    #[inline(always)]
    fn complete(self) -> Range<usize> {
        usize::from(self.first)..usize::from(self.first) + usize::from(self.complete)
    }
}

/// Where a symbol leads from a set, as one number: 0 if there is none here.
///
/// ```text
/// 0  16  the set that it leads to, `NOWHERE` if to none
/// 16 16  the symbol
/// 32 16  the set, plus one
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
struct Transition(u64);

impl Transition {
    /// The number of a start, to which nothing leads.
    const NOWHERE: u16 = Terms::All as u16;
    /// So many places in a row are one another's neighbours.
    const NEIGHBOURS: usize = 4;

    #[inline(always)]
    const fn key(from: StateSet, symbol: u16) -> u32 {
        (from.0 as u32 + 1) << 16 | symbol as u32
    }

    #[inline(always)]
    const fn new(key: u32, to: u16) -> Transition {
        Transition((key as u64) << 16 | to as u64)
    }

    /// Where it leads, if it is that of a key.
    #[inline(always)]
    fn to(self, key: u32) -> Option<u16> {
        (self.0 >> 16 == u64::from(key)).then_some(self.0 as u16)
    }
}

/// What a list takes, in bytes.
pub(crate) fn bytes_of<T>(list: &Vec<T>) -> usize {
    list.capacity() * size_of::<T>()
}

/// The sets of states that are known.
pub(crate) struct StateCache {
    /// The number of the ruleset whose states they are, 0 for none.
    owner: usize,
    sets: Vec<SetRecord>,
    /// How many sets, and how many complete terms, are known at the same time, at most.
    sets_max: usize,
    complete_max: usize,
    /// By hash the number of the set that was last found with it.
    places: Vec<u16>,
    states: Vec<State>,
    /// The terms that are complete in them.
    complete: Vec<u32>,
    /// See [`Transition`].
    transitions: Vec<u64>,
    /// By symbol the letters that end in it, below the number of the symbol that they are
    /// of. No letter ends in symbol 0.
    letters: Vec<u64>,
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
            places: vec![0; SETS_MAX],
            sets_max: SETS_MAX,
            complete_max: COMPLETE_MAX,
            states: Vec::with_capacity(STATES_MAX),
            complete: Vec::with_capacity(COMPLETE_MAX),
            transitions: vec![0; 1 << TRANSITION_BITS],
            letters: vec![0; LETTER_SETS],
            next: States::new(),
            age: 0,
        };
        cache.begin();
        cache
    }

    /// One that has room for a single set, with no more than one complete term, and
    /// forgets it for the next.
    #[cfg(test)]
    pub(crate) fn forgetful() -> StateCache {
        StateCache { sets_max: STARTS + 1, complete_max: 1, ..StateCache::new() }
    }

    /// What it takes, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        bytes_of(&self.sets)
            + bytes_of(&self.places)
            + bytes_of(&self.states)
            + bytes_of(&self.complete)
            + bytes_of(&self.transitions)
            + bytes_of(&self.letters)
            + bytes_of(&self.next.list)
    }

    /// Forgets what belongs to another ruleset than the one with this number.
    #[inline]
    pub(crate) fn belong_to(&mut self, owner: usize) {
        if !self.belongs_to(owner) {
            self.change_owner(owner);
        }
    }

    /// Whether it knows the states of the ruleset with this number.
    #[inline]
    pub(crate) fn belongs_to(&self, owner: usize) -> bool {
        self.owner == owner
    }

    #[cold]
    fn change_owner(&mut self, owner: usize) {
        // Memory that is still as it was made is left untouched.
        if self.owner != 0 {
            self.letters.fill(0);
            self.forget();
        }
        self.owner = owner;
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
        // Where most walks end, which is not worth a place in the table.
        let letters = self.letters_ending_in(automaton, symbol);
        if !self.record(from).onward.may_be(symbol, letters) {
            return None;
        }
        self.go(automaton, from, symbol)
    }

    /// The set after some symbols, the last of the text first; `None` if they lead nowhere.
    pub(crate) fn after(
        &mut self,
        automaton: &LiteralAutomaton<'_>,
        terms: Terms,
        symbols: impl IntoIterator<Item = u16>,
    ) -> Option<StateSet> {
        let mut symbols = symbols.into_iter();
        let first = self.enter(automaton, terms, symbols.next()?)?;
        symbols.try_fold(first, |set, symbol| self.step(automaton, set, symbol))
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
        if record.complete == SetRecord::MANY {
            automaton.outputs(self.states.get(record.states()).unwrap_or(&[]), emit);
        } else {
            let complete = self.complete.get(record.complete()).unwrap_or(&[]);
            complete.iter().copied().for_each(emit);
        }
    }

    /// The letters that a symbol may stand for, or be the last of.
    #[inline(always)]
    fn letters_ending_in(
        &mut self,
        automaton: &LiteralAutomaton<'_>,
        symbol: u16,
    ) -> LetterSet {
        let tag = u64::from(symbol) << LetterSet::BITS;
        let place = usize::from(symbol) % LETTER_SETS;
        // Its own tag comes to nothing; another's is above all letters.
        let known = self.letters.get(place).map_or(0, |known| known ^ tag);
        if known <= LetterSet::ALL.0 {
            return LetterSet(known);
        }
        let letters = automaton.letters_ending_in(symbol);
        if let Some(known) = self.letters.get_mut(place) {
            *known = letters.0 | tag;
        }
        letters
    }

    #[inline(always)]
    fn go(
        &mut self,
        automaton: &LiteralAutomaton<'_>,
        from: StateSet,
        symbol: u16,
    ) -> Option<StateSet> {
        let key = Transition::key(from, symbol);
        let to = match self.known(slot(key, TRANSITION_BITS)).to(key) {
            Some(to) => to,
            None => self.look_further(automaton, from, symbol),
        };
        (to != Transition::NOWHERE).then_some(StateSet(to))
    }

    /// Where a symbol leads from a set that is not in the place of its own.
    #[cold]
    #[inline(never)]
    fn look_further(
        &mut self,
        automaton: &LiteralAutomaton<'_>,
        from: StateSet,
        symbol: u16,
    ) -> u16 {
        let key = Transition::key(from, symbol);
        let place = slot(key, TRANSITION_BITS);
        for other in (1..Transition::NEIGHBOURS).map(|step| place ^ step) {
            if let Some(to) = self.known(other).to(key) {
                self.transitions.swap(place, other);
                return to;
            }
        }
        self.work_out(automaton, from, symbol)
    }

    /// What is in a place of the table.
    #[inline(always)]
    fn known(&self, place: usize) -> Transition {
        Transition(self.transitions.get(place).copied().unwrap_or(0))
    }

    /// Keeps where a symbol leads, in the place of its own. What was there moves on to a
    /// neighbour's, and one that was not asked for lately is forgotten.
    fn keep(&mut self, key: u32, to: u16) {
        let (place, mut moving) =
            (slot(key, TRANSITION_BITS), Transition::new(key, to).0);
        for other in (0..Transition::NEIGHBOURS).map(|step| place ^ step) {
            let Some(slot) = self.transitions.get_mut(other) else { return };
            moving = core::mem::replace(slot, moving);
            if moving == 0 {
                return;
            }
        }
    }

    /// Works out where a symbol leads from a set, and keeps that.
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
                !self.next.list.is_empty()
            }
            None => {
                let record = self.record(from);
                let states = self.states.get(record.states()).unwrap_or(&[]);
                automaton.step(states, record.overflow, symbol, &mut self.next)
            }
        };
        let age = self.age;
        let to = if leads_on { self.add(automaton) } else { Transition::NOWHERE };
        // What was forgotten meanwhile leads nowhere any more.
        if self.age == age || start.is_some() {
            self.keep(Transition::key(from, symbol), to);
        }
        to
    }

    /// Keeps the set that was worked out, unless it is known.
    fn add(&mut self, automaton: &LiteralAutomaton<'_>) -> u16 {
        let count = self.next.list.len();
        let place = slot(self.next.hash(), SETS_MAX.ilog2());
        let same = self.places.get(place).copied().unwrap_or_default();
        if let Some(record) = self.sets.get(usize::from(same))
            && record.overflow == self.next.overflow
            && self.states.get(record.states()) == Some(self.next.list.as_slice())
        {
            return same;
        }
        if self.sets.len() >= self.sets_max || self.states.len() + count > STATES_MAX {
            self.forget();
        }
        let first = self.complete.len();
        let mut is_kept = true;
        automaton.outputs(&self.next.list, |term| {
            is_kept &= self.complete.len() < self.complete_max;
            if is_kept {
                self.complete.push(term);
            }
        });
        if !is_kept {
            self.complete.truncate(first);
        }
        let record = SetRecord {
            from: self.states.len() as u16,
            count: count as u16,
            overflow: self.next.overflow,
            first: first as u16,
            complete: match is_kept {
                true => (self.complete.len() - first) as u16,
                false => SetRecord::MANY,
            },
            onward: automaton.onward(&self.next.list),
        };
        self.states.extend_from_slice(&self.next.list);
        self.sets.push(record);
        let number = (self.sets.len() - 1) as u16;
        if let Some(place) = self.places.get_mut(place) {
            *place = number;
        }
        number
    }

    #[cold]
    fn forget(&mut self) {
        self.age = self.age.wrapping_add(1);
        self.transitions.fill(0);
        self.begin();
    }

    /// With no sets but those of the starts.
    fn begin(&mut self) {
        self.states.clear();
        self.complete.clear();
        self.sets.clear();
        self.sets.resize(STARTS, SetRecord::default());
    }

    #[inline(always)]
    fn record(&self, set: StateSet) -> SetRecord {
        self.sets.get(usize::from(set.0)).copied().unwrap_or_default()
    }
}

#[cfg(all(test, feature = "builtin"))]
mod tests {
    use super::*;
    use crate::Ruleset;

    /// What the automaton says without a cache.
    fn reference(
        automaton: &LiteralAutomaton<'_>,
        symbols: &[u16],
    ) -> Option<(usize, Vec<u32>)> {
        let (mut now, mut next) = (States::new(), States::new());
        let (last, before) = symbols.split_first()?;
        automaton.enter(*last, u64::MAX, &mut now);
        for symbol in before {
            if !automaton.step(&now.list, now.overflow, *symbol, &mut next) {
                return None;
            }
            core::mem::swap(&mut now, &mut next);
        }
        let mut found = Vec::new();
        automaton.outputs(&now.list, |term| found.push(term));
        (!now.list.is_empty()).then_some((now.list.len(), found))
    }

    fn cached(
        cache: &mut StateCache,
        automaton: &LiteralAutomaton<'_>,
        symbols: &[u16],
    ) -> Option<(usize, Vec<u32>)> {
        let set = cache.after(automaton, Terms::All, symbols.iter().copied())?;
        let mut found = Vec::new();
        cache.outputs(automaton, set, |term| found.push(term));
        Some((cache.count(set), found))
    }

    /// Words of the pack from their ends, and symbols at random before them: more than
    /// there is room for.
    #[test]
    fn what_is_known_is_what_the_automaton_says() {
        let ruleset = Ruleset::builtin();
        let (automaton, symbols) = (ruleset.literals(), ruleset.symbols());
        let (mut cache, mut forgetful) = (StateCache::new(), StateCache::forgetful());
        let mut random = 1u32;
        let mut next = move || {
            random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            random >> 8
        };
        let count = automaton.pairs.symbols.len() as u32;
        let mut alive = 0;
        for round in 0..3 {
            for term in ruleset.terms() {
                let text = ruleset.string(term.text);
                let cells = text.chars().rev().map(|c| symbols.cell(c));
                let mut word: Vec<u16> =
                    cells.filter(|cell| cell.is_symbol()).map(|cell| cell.0).collect();
                if round > 0 {
                    let place = next() as usize % (word.len() + 1);
                    word.truncate(place);
                    word.push((next() % count) as u16);
                    word.push((next() % count) as u16);
                }
                for length in 1..=word.len() {
                    let word = &word[..length];
                    let expected = reference(&automaton, word);
                    alive += usize::from(expected.is_some());
                    assert_eq!(cached(&mut cache, &automaton, word), expected, "{text}");
                    assert_eq!(
                        cached(&mut forgetful, &automaton, word),
                        expected,
                        "{text}"
                    );
                }
            }
        }
        assert!(alive > 10_000 && cache.age() > 2 && forgetful.age() > 10_000);
    }

    /// States of one ruleset are none of another's.
    #[test]
    fn another_ruleset_begins_anew() {
        let ruleset = Ruleset::builtin();
        let (automaton, symbols) = (ruleset.literals(), ruleset.symbols());
        let mut cache = StateCache::new();
        cache.belong_to(ruleset.number());
        let word = ['信', '微'].map(|c| symbols.cell(c).0);
        assert!(cached(&mut cache, &automaton, &word).is_some());
        let age = cache.age();
        cache.belong_to(ruleset.clone().number());
        assert_eq!(cache.age(), age);
        cache.belong_to(usize::MAX);
        assert_ne!(cache.age(), age);
        assert_eq!(cache.sets.len(), STARTS);
    }
}
