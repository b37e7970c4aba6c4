//! From clues to anchors, and from anchors to what is read in full.
//!
//! A glance gives places where an anchor may be. Around each the literal
//! automaton decides. If an anchor may come to something the text is read in
//! full: all of it, or around the anchor if the text is long.

use super::glance::Glance;
use super::hit::{Filter, Hit};
use super::limits::SEGMENT_HITS_MAX;
use super::rule;
use super::scanner::{BEFORE_REACHES, Cursor, Pause, Place, Scanner, settle};
use super::scratch::{Scratch, push_within};
use crate::automaton::TOKENS_MAX;
use crate::fold::{ESCAPE_BYTES_MAX, Noise, decode, decode_last};
use crate::ruleset::{Cell, flags};

/// Bytes that may be read again in any text.
const AGAIN_MIN: usize = 1 << 12;
/// A text up to so many bytes is a short one.
const SHORT: usize = 1 << 10;
/// A text up to so many bytes is read in full where it has an anchor.
const WHOLE: usize = 1 << 16;
/// Bytes that are read on sooner than a new start is looked for.
const CLOSE: usize = 256;
/// So many hits around a clue need not be told apart.
const HITS_ENOUGH: usize = SEGMENT_HITS_MAX / 2;
/// Noise before a clue behind which nothing can be one with it, where an
/// escape may look like noise.
const GAP_BEFORE: usize = 16;

/// What the search for anchors has read in full.
#[derive(Default)]
struct Checked {
    place: Place,
    /// Nothing behind the place can be one with what is before it.
    is_cut: bool,
}

impl Scanner<'_, '_> {
    /// Scans the text. Most of it has no anchor, which a glance tells; the rest
    /// is read in full around them.
    pub(super) fn run(&mut self) {
        self.scratch.steps += self.text.len() as u64;
        if self.is_recorded() {
            return self.read_in_full();
        }
        let ruleset = self.ruleset;
        let glance =
            |at| Glance::new(ruleset.symbols(), ruleset.clues(), ruleset.ascii(), at);
        let (mut looks, mut checked) = (glance(0), Checked::default());
        // What is before this byte has been read in full.
        let mut done = 0;
        while let Some(at) = looks.next(self.text) {
            // Text that is full of clues is read in full sooner than place by
            // place.
            if self.again > AGAIN_MIN + looks.at {
                let steps = self.scratch.steps;
                self.scratch.reset(ruleset);
                self.scratch.steps = steps;
                return self.read_in_full();
            }
            if !self.holds_anchor(at, done, &mut checked) {
                continue;
            }
            let end = checked.place.at;
            // A short text is read in full sooner than twice in part.
            if self.text.len() > SHORT && !self.matters(at, end) {
                done = end;
                continue;
            }
            // What is not long is read in full once, so that nothing is told twice.
            if self.text.len() <= WHOLE {
                return self.read_in_full();
            }
            let reach = usize::from(ruleset.header().reach.get());
            let start = self.back(at, BEFORE_REACHES * reach, usize::MAX);
            done = self.neighbourhood(start, end);
            if done >= self.text.len() {
                return;
            }
            let again = self.back(done, TOKENS_MAX, GAP_BEFORE);
            (looks, checked) = (glance(again), Checked::default());
        }
    }

    /// Whether an anchor that ends before `end` may come to anything: it names a
    /// platform, or all that some rule needs is within its reach.
    fn matters(&mut self, at: usize, end: usize) -> bool {
        let reach = u32::from(self.ruleset.header().reach.get());
        self.filter = Filter { pairs: self.walker.literals.pairs, ends: flags::ENDS };
        self.looks_for_anchor = false;
        self.is_near = true;
        let truncated = core::mem::take(&mut self.scratch.truncated);
        let mut start = self.back(at, reach as usize + TOKENS_MAX, usize::MAX);
        for _ in 0..TOKENS_MAX {
            match self.text.get(..start).and_then(decode_last) {
                Some((_, length)) if self.is_inside_word(start) => start -= length,
                _ => break,
            }
        }
        let mut place = Place { at: start, cursor: Cursor::default() };
        // The widest window that has the anchor in it.
        while place.at < end && !matches!(self.advance(&mut place, 0), Pause::End) {}
        let stop = place.cursor.next + reach + TOKENS_MAX as u32;
        while place.cursor.next < stop
            && !matches!(self.advance(&mut place, stop), Pause::End)
        {}
        for _ in 0..TOKENS_MAX {
            if !self.is_inside_word(place.at) {
                break;
            }
            self.advance(&mut place, 0);
        }
        self.is_near = false;
        self.took(place.at - start);
        // What begins or ends inside a word, or in an exception, is no hit; that
        // can be told unless the stretch itself does so.
        if !self.is_inside_word(start) && !self.is_inside_word(place.at) {
            settle(&mut self.scratch.hits);
        }
        let overflow = core::mem::replace(&mut self.scratch.truncated, truncated);
        rule::note(self);
        let matters = self.platform_named() || self.worth_more();
        self.scratch.hits.clear();
        matters || overflow
    }

    /// Whether letters or digits stand on both sides of a place, or may.
    fn is_inside_word(&self, at: usize) -> bool {
        let before = self.text.get(..at).and_then(decode_last);
        let after = self.text.get(at..).and_then(decode);
        let is_word = |found: Option<(char, usize)>| {
            found.is_some_and(|(c, _)| {
                let cell = self.walker.symbols.cell(c);
                cell.is_expansion()
                    || self.walker.symbols.flags(cell.0) & flags::ALPHANUMERIC != 0
                    || matches!(
                        cell.as_noise(),
                        Some(Noise::Invisible | Noise::Combining)
                    )
            })
        };
        is_word(before) && is_word(after)
    }

    /// Whether an anchor has the clue at `at` and ends behind `done`: reads the
    /// text around it as far as anything can be one with it.
    fn holds_anchor(&mut self, at: usize, done: usize, checked: &mut Checked) -> bool {
        if at < checked.place.at && checked.is_cut {
            return false;
        }
        // A place close before is as good to go on from as any.
        let close = checked.place.at > 0 && at < checked.place.at + CLOSE;
        if !close || checked.is_cut {
            let start = self.back(at, TOKENS_MAX, GAP_BEFORE);
            if start > checked.place.at || checked.is_cut || checked.place.at == 0 {
                checked.place = Place { at: start, cursor: Cursor::default() };
            }
        }
        let from = checked.place.at;
        let pairs = self.ruleset.anchor_pairs();
        self.filter = Filter { pairs, ends: flags::ENDS_ANCHOR };
        self.looks_for_anchor = true;
        self.done = done;
        self.cut_behind = at;
        // Read on as far as a term, or an exception, may reach.
        let mut stop = None;
        checked.is_cut = loop {
            let (place, known) = (&mut checked.place, self.scratch.hits.len());
            let next = place.cursor.next;
            let ahead = (at.saturating_sub(place.at) / ESCAPE_BYTES_MAX) as u32;
            let pause = self.advance(place, stop.unwrap_or(next + 1 + ahead));
            if matches!(pause, Pause::End) {
                break true;
            }
            if self.scratch.hits.len() >= HITS_ENOUGH {
                break false;
            }
            if place.at <= at {
                continue;
            }
            if place.cursor.last.symbol == 0 {
                break true;
            }
            let next = place.cursor.next;
            if stop.is_none() || self.scratch.hits.len() > known {
                stop = Some(next + TOKENS_MAX as u32);
            } else if stop.is_some_and(|stop| next >= stop) {
                break false;
            }
        };
        self.cut_behind = usize::MAX;
        self.took(checked.place.at.saturating_sub(from));
        if self.scratch.hits.is_empty() {
            return false;
        }
        if self.scratch.hits.len() >= HITS_ENOUGH {
            self.scratch.hits.clear();
            return true;
        }
        settle(&mut self.scratch.hits);
        let found = !self.scratch.hits.is_empty();
        self.scratch.hits.clear();
        found
    }

    /// Takes note of hits that end in a token, as long as they may come to an
    /// anchor.
    pub(super) fn walk_for_anchor(&mut self, number: u32) {
        let (concepts, done) = (self.ruleset.concept_records(), self.done);
        let Scratch { ring, hits, steps, .. } = &mut *self.scratch;
        let known = hits.len();
        *steps += self.walker.walk(ring, number, &mut |hit| {
            let concept = concepts.get(usize::from(hit.concept));
            let anchor = concept.is_some_and(|concept| concept.anchor != 0);
            if anchor && (hit.is(Hit::EXCEPTION) || hit.end as usize > done) {
                push_within(hits, hit);
            }
        });
        let mut place = known;
        while let Some(hit) = hits.get_mut(place) {
            if hit.is(Hit::OPEN_LEFT) && !self.walker.may_meet(ring, number, hit) {
                hits.swap_remove(place);
                continue;
            }
            // What comes behind it is not known yet.
            hit.flags &= !(Hit::OPEN_LEFT | Hit::OPEN_RIGHT);
            place += 1;
        }
    }

    /// A place before `at` with that many symbols between, or where nothing
    /// before it can be one with what is behind it: a character that no term
    /// names, or more noise than `gap`.
    fn back(&self, mut at: usize, tokens: usize, gap: usize) -> usize {
        // Up to this many letters and digits may be one escape.
        const ESCAPE: usize = 6;
        let (mut room, mut noise) = (tokens * ESCAPE, 0);
        // Most text has none of the signs that escapes begin with.
        let window = &self.text[at.saturating_sub(room)..at];
        let has_escapes = window.iter().any(|byte| matches!(byte, b'&' | b'%' | b'\\'));
        while let Some((c, length)) = self.text.get(..at).and_then(decode_last) {
            at -= length;
            let cell = self.walker.symbols.cell(c);
            if let Some(class) = cell.as_noise() {
                noise += usize::from(class.cost());
                if noise > gap {
                    break;
                }
                continue;
            }
            noise = 0;
            let part = has_escapes && c.is_ascii_alphanumeric();
            let cost = if part { 1 } else { ESCAPE };
            room = room.saturating_sub(cost);
            if room == 0 || cell == Cell::OTHER && gap < usize::MAX {
                break;
            }
        }
        at
    }
}
