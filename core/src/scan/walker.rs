//! Walking back over the ring, along the spellings of terms.

use super::hit::Hit;
use super::limits::HIT_NOISE_MAX;
use super::token::{FILLER, GAP_MAX, Ring};
use crate::automaton::{
    LiteralAutomaton, Pairs, StateCache, StateSet, SymbolWord, TOKENS_MAX, Terms,
};
use crate::fold::{Disguise, DisguiseSet};
use crate::ruleset::{Ruleset, Symbols, TermFacts, TermRecord, flags};
use arrayvec::ArrayVec;
use core::cell::Cell;

/// Most times one letter may be repeated.
const REPEATS_MAX: u32 = 16;

/// Most tokens that a walk skips before the second that it uses.
const SKIPPED_MAX: u32 = REPEATS_MAX + GAP_MAX as u32 + 2;

/// Most tokens of one walk that are tried both as a letter and as noise.
const DETOURS_MAX: u32 = 2;

/// The symbol before a new one; 0 at the start, behind a character that no term
/// names, and behind more noise than a match may have.
#[derive(Clone, Copy, Default)]
pub(super) struct Before {
    symbol: u16,
    word: SymbolWord,
}

impl Before {
    #[inline(always)]
    pub(super) fn new(symbol: u16, word: SymbolWord) -> Before {
        Before { symbol, word }
    }

    /// Whether a walk from a symbol may skip it: noise, a repeat, a letter between hanzi,
    /// a digit as the tone of a syllable in letters.
    #[inline(always)]
    fn is_soft(self, symbol: u16, own: SymbolWord) -> bool {
        self.word.is(flags::NOISE | flags::DIGIT)
            | self.word.has_beside(own, flags::ALPHANUMERIC)
            | (self.symbol == symbol)
    }
}

/// Says which symbols are worth a walk.
#[derive(Clone, Copy)]
pub(super) struct Filter<'r> {
    pub(super) pairs: Pairs<'r>,
}

impl Filter<'_> {
    /// Whether a walk from a symbol may find anything, given the symbol before
    /// it: a first answer without branches, for the loop that all text goes
    /// through.
    #[inline(always)]
    pub(super) fn may_be_worth(
        &self,
        before: Before,
        symbol: u16,
        own: SymbolWord,
    ) -> bool {
        self.pairs.has_bit(before.word.column(), own.row())
            || own.is(flags::ENDS)
                && (before.is_soft(symbol, own) | own.is(flags::ENDS_ALONE))
    }

    /// The second answer, once the first is yes and the symbol is in the ring:
    /// whether it makes a pair with one that a walk may reach.
    pub(super) fn is_worth(
        &self,
        symbols: &Symbols<'_>,
        ring: &Ring,
        number: u32,
    ) -> bool {
        let last = ring.get(number);
        let own = symbols.record(last.symbol).word();
        if !own.is(flags::ENDS) || own.is(flags::ENDS_ALONE) {
            return own.is(flags::ENDS);
        }
        let mut gap = u32::from(last.gap);
        for number in (number.saturating_sub(SKIPPED_MAX)..number).rev() {
            let token = ring.get(number);
            if token.symbol == 0 || gap > u32::from(GAP_MAX) {
                return false;
            }
            if self.pairs.may_have(token.symbol, last.symbol) {
                return true;
            }
            let before = Before::new(token.symbol, symbols.record(token.symbol).word());
            if !before.is_soft(last.symbol, own) {
                return false;
            }
            gap += u32::from(token.gap);
        }
        false
    }
}

/// What a walk needs to see.
pub(super) struct Walker<'w> {
    pub(super) ruleset: &'w Ruleset<'w>,
    pub(super) facts: TermFacts<'w>,
    pub(super) symbols: Symbols<'w>,
    pub(super) literals: &'w LiteralAutomaton<'w>,
    pub(super) text: &'w [u8],
    /// More of the text is to come, as in a stream.
    pub(super) is_part: bool,
    /// A walk had more states than there is room for.
    pub(super) overflow: Cell<bool>,
}

/// The tokens that a walk consumed, the last of the text first.
#[derive(Clone)]
pub(super) struct Path {
    pub(super) numbers: ArrayVec<u32, TOKENS_MAX>,
    /// Visible noise: between the last two, the most between any two, in all.
    gap: u32,
    pub(super) widest: u32,
    noise: u32,
    repeats: u32,
    /// Whether a digit between Latin letters was skipped as a tone.
    pub(super) tones: bool,
    /// Whether a lone letter or digit was skipped.
    pub(super) fillers: bool,
    pub(super) between: DisguiseSet,
}

/// Where a walk goes: the tokens, and the states that are known.
pub(super) struct Way<'m> {
    ring: &'m Ring,
    cache: &'m mut StateCache,
    terms: Terms,
}

impl<'w> Walker<'w> {
    /// Walks back from a token and gives every hit that ends in it. Returns
    /// the number of steps taken.
    pub(super) fn walk(
        &self,
        ring: &Ring,
        cache: &mut StateCache,
        last: u32,
        emit: &mut impl FnMut(Hit),
    ) -> u64 {
        let mut way = Way { ring, cache, terms: Terms::All };
        self.walk_to(&mut way, last, &mut |term, path| {
            if let Some(hit) = self.complete(ring, term, path) {
                emit(hit);
            }
        })
    }

    /// The same for some terms alone, of which nothing but the place counts.
    pub(super) fn walk_for(
        &self,
        ring: &Ring,
        cache: &mut StateCache,
        last: u32,
        wanted: &impl Fn(&TermRecord) -> bool,
        emit: &mut impl FnMut(Hit),
    ) -> u64 {
        let terms = self.facts.terms;
        let mut way = Way { ring, cache, terms: Terms::All };
        self.walk_to(&mut way, last, &mut |term, path| {
            if terms.get(term as usize).is_some_and(wanted)
                && let Some(hit) = self.placed(ring, term, path, false)
            {
                emit(hit);
            }
        })
    }

    /// The same for anchors alone, exceptions left out; see [`Self::placed`].
    pub(super) fn walk_to_anchors(
        &self,
        ring: &Ring,
        cache: &mut StateCache,
        last: u32,
        may_repeat: bool,
        emit: &mut impl FnMut(Hit),
    ) -> u64 {
        let mut way = Way { ring, cache, terms: Terms::Anchors };
        self.walk_to(&mut way, last, &mut |term, path| {
            if self.is_anchor(term)
                && let Some(hit) = self.placed_anchor(ring, term, path, may_repeat)
            {
                emit(hit);
            }
        })
    }

    /// The same for some terms, whatever else is asked of a hit.
    #[inline(never)]
    fn walk_to(
        &self,
        way: &mut Way<'_>,
        last: u32,
        emit: &mut impl FnMut(u32, &Path),
    ) -> u64 {
        let symbol = way.ring.get(last).symbol;
        let Some(now) = way.cache.enter(self.literals, way.terms, symbol) else {
            return 1;
        };
        let mut steps = way.cache.count(now) as u64;
        let mut path = Path {
            numbers: ArrayVec::new(),
            gap: 0,
            widest: 0,
            noise: 0,
            repeats: 0,
            tones: false,
            fillers: false,
            between: DisguiseSet::EMPTY,
        };
        path.numbers.push(last);
        steps += self.outputs(way, now, &path, emit);
        steps + self.follow(way, now, &mut path, last, DETOURS_MAX, emit)
    }

    /// Goes on back from a token. A token that may be used and may be noise is
    /// tried as both, so that no term hides another.
    fn follow(
        &self,
        way: &mut Way<'_>,
        mut now: StateSet,
        path: &mut Path,
        mut number: u32,
        mut detours: u32,
        emit: &mut impl FnMut(u32, &Path),
    ) -> u64 {
        let (mut steps, ring) = (0, way.ring);
        let first = ring.first(path.numbers[0]);
        let mut overflows = way.cache.overflows(now);
        while number > first && !path.numbers.is_full() {
            steps += way.cache.count(now) as u64;
            let after = ring.get(number);
            path.gap += u32::from(after.gap);
            path.between = path.between.union(after.noise_disguises());
            number -= 1;
            let token = ring.get(number);
            if token.symbol == 0
                || token.symbol == Ring::UNREAD
                || path.gap > u32::from(GAP_MAX)
                || path.noise + path.gap > HIT_NOISE_MAX
            {
                break;
            }
            let age = way.cache.age();
            if let Some(next) = way.cache.step(self.literals, now, token.symbol) {
                overflows |= way.cache.overflows(next);
                let consumed = ring.get(path.first()).symbol;
                let both = flags::NOISE | flags::ALPHANUMERIC;
                if detours > 0
                    && token.symbol != consumed
                    && self.symbols.flags(token.symbol) & both != 0
                {
                    let mut detour = path.clone();
                    if self.skip(ring, number, first, &mut detour) {
                        detours -= 1;
                        // The step may have made the cache forget what came before it.
                        let Some(now) = self.known(way, now, age, path) else { break };
                        steps +=
                            self.follow(way, now, &mut detour, number, detours, emit);
                    }
                }
                path.consume(number);
                // The detour may have made it forget what the step came to.
                let Some(next) = self.known(way, next, age, path) else { break };
                now = next;
                steps += self.outputs(way, now, path, emit);
            } else if !self.skip(ring, number, first, path) {
                break;
            }
        }
        if overflows {
            self.overflow.set(true);
        }
        steps
    }

    /// The set of states after the tokens that a path has used, worked out again if the
    /// cache forgot anything since an age. That is not counted as steps, which do not hang
    /// on what is known.
    #[inline(always)]
    fn known(
        &self,
        way: &mut Way<'_>,
        set: StateSet,
        age: u32,
        path: &Path,
    ) -> Option<StateSet> {
        if way.cache.age() == age {
            return Some(set);
        }
        let symbols = path.numbers.iter().map(|number| way.ring.get(*number).symbol);
        way.cache.after(self.literals, way.terms, symbols)
    }

    /// Skips a token that no spelling consumes here, if it may be noise.
    fn skip(&self, ring: &Ring, number: u32, first: u32, path: &mut Path) -> bool {
        let symbol = ring.get(number).symbol;
        let consumed = ring.get(path.first()).symbol;
        if symbol == consumed {
            path.repeats += 1;
            path.between.insert(Disguise::Repeat);
            return path.repeats <= REPEATS_MAX;
        }
        if let Some(class) = self.symbols.noise(symbol) {
            path.gap += u32::from(class.cost());
            path.between.insert(class.disguise());
            return true;
        }
        if number == first {
            return false;
        }
        let alphanumeric =
            |symbol: u16| self.symbols.flags(symbol) & flags::ALPHANUMERIC != 0;
        let before = ring.get(number - 1).symbol;
        // A lone letter or digit between two Chinese characters.
        if alphanumeric(symbol) && !alphanumeric(consumed) && !alphanumeric(before) {
            path.gap += FILLER;
            path.fillers = true;
            path.between.insert(Disguise::Filler);
            return true;
        }
        // The digit of a tone after a syllable in letters.
        if alphanumeric(before) && self.tone(ring.get(number).start) {
            path.tones = true;
            return true;
        }
        false
    }

    /// Whether the digit of a tone, 1 to 5, stands alone at an offset.
    pub(super) fn tone(&self, at: u32) -> bool {
        let digits = self.text.get(at as usize..).unwrap_or(&[]);
        matches!(digits, [b'1'..=b'5'])
            || matches!(digits, [b'1'..=b'5', next, ..] if !next.is_ascii_digit())
    }

    fn outputs(
        &self,
        way: &Way<'_>,
        set: StateSet,
        path: &Path,
        emit: &mut impl FnMut(u32, &Path),
    ) -> u64 {
        let mut count = 0;
        way.cache.outputs(self.literals, set, |term| {
            emit(term, path);
            count += 1;
        });
        (path.numbers.len() * count) as u64
    }
}

impl Path {
    /// Takes in a token, for which there is room.
    fn consume(&mut self, number: u32) {
        self.numbers.push(number);
        self.widest = self.widest.max(self.gap);
        self.noise += self.gap;
        self.gap = 0;
    }

    /// The last token that was consumed, which is the first of the text.
    pub(super) fn first(&self) -> u32 {
        self.numbers.last().copied().unwrap_or(0)
    }

    /// The first of the repeats, without noise, of the first letter.
    pub(super) fn first_repeat(&self, ring: &Ring) -> u32 {
        let mut first = self.first();
        let symbol = ring.get(first).symbol;
        let last = ring.first(self.numbers[0]).max(first.saturating_sub(REPEATS_MAX));
        while first > last
            && ring.get(first).gap == 0
            && ring.get(first - 1).symbol == symbol
        {
            first -= 1;
        }
        first
    }

    /// The tokens in the order of the text.
    pub(super) fn forward(&self) -> impl Iterator<Item = u32> + '_ {
        self.numbers.iter().rev().copied()
    }

    /// The bytes from the first token or a repeat of it that was not consumed.
    pub(super) fn span_from(&self, ring: &Ring, text: &[u8], first: u32) -> (u32, u32) {
        let (start, end) = self.span(ring, text);
        match first < self.first() {
            true => (start.min(ring.get(first).start), end),
            false => (start, end),
        }
    }

    fn span(&self, ring: &Ring, text: &[u8]) -> (u32, u32) {
        let (first, last) = (ring.get(self.first()), ring.get(self.numbers[0]));
        if first.start <= last.start && !self.between.contains(Disguise::Override) {
            return (first.start, last.end(text));
        }
        // Under an override the first token is not the first of the text.
        self.forward()
            .map(|number| ring.get(number))
            .fold((u32::MAX, 0), |(start, end), token| {
                (start.min(token.start), end.max(token.end(text)))
            })
    }
}

#[cfg(all(test, feature = "builtin"))]
mod tests {
    use super::*;
    use crate::Scratch;
    use crate::automaton::Letters;
    use crate::scan::glance::Tables;
    use crate::scan::scanner::Scanner;
    use crate::scan::token::Gap;
    use proptest::prelude::*;

    /// Syllables and words that the pack's terms have, and what stands around them.
    const PIECES: &[&str] = &[
        "wei", "xin", "hao", "zhu", "ce", "fu", "jie", "feng", "chu", "shou", "gou",
        "shi", "ming", "bang", "ka", "dai", "zhi", "fang", "ma", "jia", "wo", "lao",
        "qun", "liang", "zhuang", "QQ", "vx", "V", "wx", "wechat", "account", "sell",
        "buy", "verify", "sale", "code", "for", "a", "e", "i", "n", "g", "o", "u",
    ];

    proptest! {
        #![proptest_config(proptest::test_runner::Config::with_cases(30_000))]

        /// Where a walk over letters finds a term, the last letters tell that one may end.
        #[test]
        fn letters_tell_of_every_term(
            text in proptest::collection::vec(
                prop_oneof![
                    6 => proptest::sample::select(PIECES).prop_map(str::to_owned),
                    1 => "[a-z]{1,2}",
                ],
                1..6,
            )
            .prop_map(|pieces| pieces.concat()),
        ) {
            let ruleset = crate::Ruleset::builtin();
            let mut scratch = Scratch::new(ruleset);
            let tables = Tables::of(ruleset);
            let walker = Scanner::new(ruleset, &tables, text.as_bytes(), &mut scratch).walker;
            let (mut ring, mut letters) = (Ring::new(), Letters::default());
            let mut cache = StateCache::new();
            for (number, c) in (0..).zip(text.chars()) {
                let cell = walker.symbols.cell(c);
                ring.put(number, cell.0, number, Gap::default());
                letters = letters.then(walker.symbols.record(cell.0).letter);
                let mut found = false;
                walker.walk(&ring, &mut cache, number, &mut |_| found = true);
                prop_assert!(!found || tables.clues.may_end(letters), "{text} {number}");
            }
        }
    }
}
