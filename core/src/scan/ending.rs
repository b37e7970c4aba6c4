//! Where a term of an anchor may end: quick looks at the text, without the ring.

use super::hit::{Hit, goes_on};
use super::token::{FILLER, GAP_MAX, Ring};
use super::walker::Walker;
use crate::automaton::{Clues, Letters, StateCache, StateSet, TOKENS_MAX, Terms};
use crate::fold::{self, Disguise, ESCAPE_BYTES_MAX};
use crate::ruleset::{Cell, TermRecord, flags};

/// Code points behind a symbol over which a repeat of it is looked for.
const SKIPPED_MAX: usize = 8;
/// Bytes that are looked at for the first letters of a term.
const START_BYTES_MAX: usize = 12;

impl Walker<'_> {
    /// Whether a symbol may be repeated behind a place where it ends, with nothing
    /// between that a walk would not skip. No false negatives.
    pub(super) fn may_repeat(&self, symbol: u16, mut at: usize) -> bool {
        let is_word = |cell: Cell| self.symbols.flags(cell.0) & flags::ALPHANUMERIC != 0;
        let next = |at: usize| {
            let behind = self.text.get(at..).and_then(fold::decode_escaped_number);
            behind.map(|(code_point, length)| {
                (self.symbols.cell_of_number(code_point), length)
            })
        };
        let mut gap = 0;
        for _ in 0..SKIPPED_MAX {
            let Some((cell, length)) = next(at) else { break };
            at += length;
            if cell == Cell::OTHER {
                return false;
            }
            if cell.0 == symbol || cell.is_expansion() || cell == Cell::OVERRIDE {
                return true;
            }
            let class = cell.as_noise().or_else(|| self.symbols.noise(cell.0));
            gap += match class {
                Some(class) => u32::from(class.cost()),
                None if !is_word(cell) => return false,
                // Between letters a digit may be a tone.
                None if is_word(Cell(symbol)) => {
                    return self.symbols.flags(cell.0) & flags::DIGIT != 0;
                }
                // Between hanzi a lone letter or digit may be a filler.
                None if next(at).is_some_and(|(behind, _)| is_word(behind)) => {
                    return false;
                }
                None => FILLER,
            };
            if gap > u32::from(GAP_MAX) {
                return false;
            }
        }
        true
    }

    /// Whether no walk skips a symbol behind another, but for a repeat of it.
    pub(super) fn is_firm(&self, before: u16, symbol: u16) -> bool {
        const SKIPPED: u8 = flags::NOISE | flags::ALPHANUMERIC | flags::DIGIT;
        let own = |symbol: u16| self.symbols.flags(symbol) & SKIPPED;
        let is_letter = |symbol: u16| own(symbol) == flags::ALPHANUMERIC;
        own(symbol) == 0 || is_letter(symbol) && is_letter(before)
    }

    /// Whether a term is one of an anchor, and no exception, or all are anchors.
    pub(super) fn is_anchor(&self, term: u32) -> bool {
        if self.facts.are_anchors {
            return true;
        }
        let Some(term) = self.facts.terms.get(term as usize) else { return false };
        let concept = self.facts.concepts.get(usize::from(term.concept.get()));
        concept.is_some_and(|concept| concept.anchor != 0)
            && !term.is(TermRecord::EXCEPTION)
    }

    /// Whether a walk back from a code point may complete a term of an anchor: a
    /// quick look, without the ring. What it cannot tell it takes for true. No
    /// escape begins at `lead` or behind and before the code point. Counts the
    /// symbols that it reads.
    pub(super) fn may_end_anchor(
        &self,
        (at, end): (usize, usize),
        lead: usize,
        clues: &Clues<'_>,
        cache: &mut StateCache,
        steps: &mut u64,
    ) -> bool {
        let alphanumeric =
            |symbol: u16| self.symbols.flags(symbol) & flags::ALPHANUMERIC != 0;
        let source = self.text.get(at..end).and_then(fold::decode_escaped_number);
        let Some((code_point, _)) = source else { return false };
        let last = self.symbols.cell_of_number(code_point);
        if !last.is_symbol() {
            return true;
        }
        if !self.facts.are_anchors
            && end == at + 1
            && alphanumeric(last.0)
            && self.is_cut_off(last.0, end, clues)
        {
            return false;
        }
        let entered = cache.enter(self.literals, Terms::Anchors, last.0);
        let Some(mut states) = entered else { return false };
        if cache.overflows(states) {
            return true;
        }
        let (mut consumed, mut gap, mut start) = (last.0, 0, at);
        if self.ends_anchor(cache, states) && self.may_begin(consumed, start, lead) {
            return true;
        }
        // Nothing to follow but repeats and noise, which lead nowhere new.
        for _ in 0..4 * TOKENS_MAX {
            let Some((cell, length)) = self.before(start, lead) else { return false };
            start -= length;
            *steps += 1;
            if let Some(class) = cell.as_noise() {
                gap += u32::from(class.cost());
                if gap > u32::from(GAP_MAX) {
                    return false;
                }
                continue;
            }
            if !cell.is_symbol() {
                return cell != Cell::OTHER;
            }
            let own = self.symbols.flags(cell.0);
            // A lone letter or digit between two Chinese characters.
            let is_filler = own & flags::ALPHANUMERIC != 0
                && !alphanumeric(consumed)
                && !self
                    .before(start, lead)
                    .is_some_and(|(next, _)| alphanumeric(next.0));
            let is_soft = own & flags::NOISE != 0 || is_filler;
            // The digit of a tone behind a syllable.
            let is_tone = alphanumeric(cell.0) && clues.class(cell.0).letter() == 0;
            match cache.step(self.literals, states, cell.0) {
                // It may be noise as well, unless it was used before.
                Some(_) if (is_soft || is_tone) && cell.0 != consumed => return true,
                Some(next) if cache.overflows(next) => return true,
                Some(next) => {
                    (states, consumed, gap) = (next, cell.0, 0);
                    if self.ends_anchor(cache, states)
                        && self.may_begin(consumed, start, lead)
                    {
                        return true;
                    }
                }
                None if cell.0 == consumed || is_tone => {}
                None if is_soft => {
                    let class = self.symbols.noise(cell.0);
                    gap += class.map_or(FILLER, |class| u32::from(class.cost()));
                    if gap > u32::from(GAP_MAX) {
                        return false;
                    }
                }
                None => return false,
            }
        }
        true
    }

    /// Whether a term of an anchor is complete in a set of states.
    #[inline]
    fn ends_anchor(&self, cache: &StateCache, states: StateSet) -> bool {
        let mut found = false;
        cache.outputs(self.literals, states, |term| found |= self.is_anchor(term));
        found
    }

    /// The cell before a place, and its length in the text.
    #[inline]
    pub(super) fn before(&self, at: usize, lead: usize) -> Option<(Cell, usize)> {
        let (c, length) = match at > lead + ESCAPE_BYTES_MAX {
            true => fold::decode_last(self.text.get(..at)?)?,
            false => fold::decode_last_escaped(self.text, at)?,
        };
        Some((self.symbols.cell(c), length))
    }

    /// Whether a hit may begin with a symbol at a place: behind letters or digits
    /// a letter does so only where another hit may end.
    fn may_begin(&self, symbol: u16, at: usize, lead: usize) -> bool {
        let is_word = |symbol: u16| self.symbols.flags(symbol) & flags::ALPHANUMERIC != 0;
        // What is none, in the midst of a word, tells segments apart all the same.
        if self.facts.are_anchors || !is_word(symbol) {
            return true;
        }
        let Some((before, length)) = self.before(at, lead) else { return true };
        let own = self.symbols.flags(before.0);
        // A repeat belongs to the hit.
        let is_repeat = before.0 == symbol;
        // So does the digit of a tone to the hit before.
        if is_repeat
            || self.tone((at - length) as u32)
            || !before.is_symbol()
            || !is_word(before.0)
            || own & flags::ENDS_ALONE != 0
        {
            return true;
        }
        if own & flags::ENDS == 0 {
            return false;
        }
        match self.before(at - length, lead) {
            Some((Cell::OTHER, _)) | None => false,
            // A digit may be a tone, and what is before it as well.
            Some((far, _))
                if is_word(far.0)
                    && far != before
                    && self.symbols.flags(far.0) & flags::DIGIT == 0 =>
            {
                self.literals.pairs.may_have(far.0, before.0)
            }
            Some(_) => true,
        }
    }

    /// Whether a hit may end where another begins, which ends in the token
    /// `newest`. No false negatives. Returns the steps taken, too.
    pub(super) fn may_meet(
        &self,
        ring: &Ring,
        cache: &mut StateCache,
        newest: u32,
        hit: &Hit,
    ) -> (bool, u64) {
        // The ring holds so many tokens; a longer hit before is taken for granted.
        const LONG: u64 = TOKENS_MAX as u64 / 2;
        let Some(before) = hit.first.checked_sub(1) else { return (true, 0) };
        // The digit of a tone belongs to a hit that ends in the letter before it.
        if u64::from(newest - before) > LONG
            || hit.disguises.contains(Disguise::Override)
            || self.tone(ring.get(before).start)
        {
            return (true, 0);
        }
        let (mut meets, mut steps, mut longest) = (false, 0, 0);
        // A hit may begin and end in any symbol of a character that is several.
        let mut character = None;
        for last in (ring.first(before)..=before).rev() {
            let token = ring.get(last);
            let is_inside = token.start == hit.start;
            if token.symbol == Ring::UNREAD
                || !is_inside && *character.get_or_insert(token.start) != token.start
            {
                break;
            }
            let taken = self.walk(ring, cache, last, &mut |other| {
                meets |= !other.is(Hit::EXCEPTION);
            });
            (steps, longest) = (steps + taken, longest.max(taken));
        }
        (meets || self.overflow.take() || longest > LONG, steps)
    }

    /// Whether a word goes on behind a symbol, in which no other hit may begin. No
    /// false positives.
    #[inline]
    fn is_cut_off(&self, symbol: u16, end: usize, clues: &Clues<'_>) -> bool {
        !self.may_start(symbol, end, clues) && goes_on(self.text, end, self.is_part)
    }

    /// Whether another hit may begin where a hit ends. No false negatives.
    pub(super) fn may_go_on(&self, hit: &Hit, clues: &Clues<'_>) -> bool {
        let last = fold::decode_last_escaped(self.text, hit.end as usize);
        hit.disguises.contains(Disguise::Override)
            || last.is_none_or(|(c, _)| {
                let cell = self.symbols.cell(c);
                cell.is_expansion() || self.may_start(cell.0, hit.end as usize, clues)
            })
    }

    /// Whether a term may begin behind a symbol, or one that ends in it may end in a
    /// repeat of it. No false negatives.
    fn may_start(&self, symbol: u16, at: usize, clues: &Clues<'_>) -> bool {
        let last = clues.class(symbol).letter();
        // The first symbols there, if they are letters: noise and repeats left out.
        let (mut letters, mut count) = (Letters::default(), 0);
        let behind = self.text.get(at..).unwrap_or(&[]);
        for byte in behind.iter().take(START_BYTES_MAX) {
            if !byte.is_ascii() {
                return true;
            }
            let cell = self.symbols.cell_of_number(u32::from(*byte));
            if cell.as_noise().is_some() {
                continue;
            }
            let letter = clues.class(cell.0).letter();
            if letter == 0 || count == 0 && letter == last {
                return true;
            }
            if count > 0 && letter == letters.last() {
                continue;
            }
            (letters, count) = (letters.then(letter), count + 1);
            if count == 3 {
                return clues.may_start(letters);
            }
        }
        true
    }
}
