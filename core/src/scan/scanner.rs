//! The loop over the text, and the segments of hits that come out of it.

use super::hit::{Hit, Walker};
use super::limits::*;
use super::mask::mask;
use super::scratch::{Scratch, push_within};
use super::token::Gap;
use super::verdict::Verdict;
use super::{finding, pattern, rule};
use crate::contact;
use crate::fold::{self, Noise, decode, decode_escaped_number, decode_last};
use crate::ruleset::{Cell, Ruleset, flags};

impl Ruleset<'_> {
    /// Scans a text.
    ///
    /// Allocates nothing, and takes time in proportion to the text's length.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use huoyan::{Category, Ruleset, Scratch};
    ///
    /// let ruleset = Ruleset::builtin();
    /// let mut scratch = Scratch::new(ruleset);
    /// let verdict = ruleset.scan(&mut scratch, "出售Ｖ信号，老号带支付");
    /// assert_eq!(verdict.category(), Some(Category::AccountTrade));
    /// let seen = verdict.findings().flat_map(|f| f.evidence()).find(|e| e.concept() == "wechat");
    /// assert_eq!(seen.unwrap().text(), "Ｖ信");
    /// # }
    /// ```
    pub fn scan<'s>(&'s self, scratch: &'s mut Scratch, text: &'s str) -> Verdict<'s> {
        self.scan_bytes(scratch, text.as_bytes())
    }

    /// Scans bytes that need not be valid UTF-8; offsets are those of the
    /// bytes. An invalid sequence is one character that ends matches, like a
    /// letter that no term names.
    pub fn scan_bytes<'s>(
        &'s self,
        scratch: &'s mut Scratch,
        text: &'s [u8],
    ) -> Verdict<'s> {
        let cut = &text[..text.len().min(TEXT_BYTES_MAX)];
        scratch.reset(self);
        scratch.truncated = cut.len() < text.len();
        Scanner::new(self, cut, scratch).run();
        Verdict::new(self, scratch, cut)
    }

    /// Whether any category reaches the pack's threshold in the text.
    pub fn is_flagged(&self, scratch: &mut Scratch, text: &str) -> bool {
        self.scan(scratch, text).is_flagged()
    }

    /// The text as the rules see it: folded, without invisible code points
    /// and marks.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")]
    /// assert_eq!(huoyan::Ruleset::builtin().fold("ＶＸ註冊"), "vx注册");
    /// ```
    pub fn fold(&self, text: &str) -> alloc::string::String {
        fold::fold(text).map(|folded| folded.char).collect()
    }

    /// The text with its findings and contacts masked by `*`, one for each
    /// code point; white space stays.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use huoyan::{Ruleset, Scratch};
    ///
    /// let ruleset = Ruleset::builtin();
    /// let masked = ruleset.mask(&mut Scratch::new(ruleset), "你好，大量V信号出售");
    /// assert!(masked.starts_with("你好，") && !masked.contains("出售"));
    /// # }
    /// ```
    pub fn mask(&self, scratch: &mut Scratch, text: &str) -> alloc::string::String {
        let mut masked = alloc::string::String::with_capacity(text.len());
        let verdict = self.scan(scratch, text);
        // Writing to a String does not fail.
        let _ = mask(&verdict, text, &mut masked);
        masked
    }
}

/// Right-to-left override: what follows is displayed reversed.
const OVERRIDE: u32 = 0x202E;
/// Right-to-left isolate.
const ISOLATE: u32 = 0x2067;
/// Longest run that is read reversed, in code points.
const OVERRIDE_MAX: usize = 256;

pub(super) struct Scanner<'r, 's> {
    pub(super) walker: Walker<'r>,
    pub(super) ruleset: &'r Ruleset<'r>,
    pub(super) text: &'r [u8],
    pub(super) scratch: &'s mut Scratch,
    /// Keeps every hit and firing for `explain`; allocates.
    #[cfg(feature = "std")]
    pub(super) record: Option<super::explain::Record>,
}

/// Where the loop over the text stands.
#[derive(Clone, Copy, Default)]
struct Cursor {
    /// Number of the next token.
    next: u32,
    /// Symbol of the last token; 0 at the start and for no symbol.
    before: u16,
    /// Symbol of the last token that is not the same as `before`.
    different: u16,
    /// Noise since the last token.
    gap: Gap,
}

impl Cursor {
    /// The symbol before a new one, and the last before that which is not the
    /// same as the new one; 0 for what a match cannot reach.
    #[inline(always)]
    fn before(&self, symbol: u16) -> (u16, u16) {
        match (self.gap.is_wide(), self.before == symbol) {
            (true, _) => (0, 0),
            (false, true) => (symbol, self.different),
            (false, false) => (self.before, self.before),
        }
    }

    #[inline(always)]
    fn advance(&mut self, symbol: u16) {
        let different = if self.before == symbol { self.different } else { self.before };
        *self = Cursor {
            next: self.next + 1,
            before: symbol,
            different,
            gap: Gap::default(),
        };
    }
}

impl<'r, 's> Scanner<'r, 's> {
    pub(super) fn new(
        ruleset: &'r Ruleset<'r>,
        text: &'r [u8],
        scratch: &'s mut Scratch,
    ) -> Scanner<'r, 's> {
        let walker = Walker {
            ruleset,
            symbols: ruleset.symbols(),
            literals: ruleset.literals(),
            text,
        };
        Scanner {
            walker,
            ruleset,
            text,
            scratch,
            #[cfg(feature = "std")]
            record: None,
        }
    }

    pub(super) fn run(&mut self) {
        let (text, symbols) = (self.text, self.walker.symbols);
        let mut cursor = Cursor::default();
        let mut at = 0;
        while let Some((code_point, length)) =
            text.get(at..).and_then(decode_escaped_number)
        {
            let cell = symbols.cell_of_number(code_point);
            if let Some(class) = cell.as_noise() {
                cursor.gap.add(class);
                if class == Noise::Invisible && matches!(code_point, OVERRIDE | ISOLATE) {
                    (at, cursor) = self.reversed(at + length, cursor);
                    continue;
                }
            } else {
                self.cell(cell, at, &mut cursor);
            }
            at += length;
        }
        self.scratch.steps += text.len() as u64;
        if !self.scratch.hits.is_empty() {
            self.segment(false);
        }
    }

    /// A cell that is not plain noise.
    #[inline(always)]
    fn cell(&mut self, cell: Cell, start: usize, cursor: &mut Cursor) {
        if cell.is_expansion() {
            *cursor = self.expansion(cell, start, *cursor);
            return;
        }
        self.scratch.ring.put(cursor.next, cell.0, start as u32, cursor.gap);
        let own = self.walker.symbols.flags(cell.0);
        if own & flags::ENDS != 0 && self.walker.worth(cursor.before(cell.0), cell.0, own)
        {
            self.walk(cursor.next);
        }
        cursor.advance(cell.0);
    }

    /// A code point that folds to several characters.
    #[cold]
    fn expansion(&mut self, cell: Cell, start: usize, mut cursor: Cursor) -> Cursor {
        for cell in self.walker.symbols.expansion(cell) {
            let cell = Cell(cell.get());
            match cell.as_noise() {
                Some(class) => cursor.gap.add(class),
                None if cell.is_expansion() => {}
                None => self.cell(cell, start, &mut cursor),
            }
        }
        cursor
    }

    /// Scans a run that is displayed from right to left in the order of the
    /// display. Gives where the run ends.
    #[cold]
    fn reversed(&mut self, start: usize, mut cursor: Cursor) -> (usize, Cursor) {
        let mut end = start;
        for _ in 0..OVERRIDE_MAX {
            match self.text.get(end..).and_then(decode) {
                Some((c, length))
                    if !matches!(c, '\u{202C}' | '\u{2069}' | '\n' | '\r') =>
                {
                    end += length;
                }
                _ => break,
            }
        }
        let mut at = end;
        while at > start {
            let Some((c, length)) = self.text.get(start..at).and_then(decode_last) else {
                break;
            };
            at -= length;
            let cell = self.walker.symbols.cell(c);
            match cell.as_noise() {
                Some(class) => cursor.gap.add(class),
                None => {
                    cursor.gap.add_override();
                    self.cell(cell, at, &mut cursor);
                }
            }
        }
        (end, cursor)
    }

    #[inline(never)]
    fn walk(&mut self, number: u32) {
        let reach = u32::from(self.ruleset.header().reach.get());
        // Patterns and contacts look a little beyond the hits.
        let quiet =
            self.scratch.hits.last().is_some_and(|hit| number > hit.last + 2 * reach);
        let full = self.scratch.hits.len() + 256 > self.scratch.hits.capacity();
        if quiet || full {
            self.segment(full);
        }
        let Scratch { ring, hits, steps, truncated, .. } = &mut *self.scratch;
        *steps += self.walker.walk(ring, number, &mut |hit| {
            *truncated |= !push_within(hits, hit);
        });
    }

    /// Works out the hits so far. `carry` keeps the latest for the segment
    /// that follows, because the text goes on without a pause.
    fn segment(&mut self, carry: bool) {
        settle(&mut self.scratch.hits);
        rule::note(self);
        let named = self.platforms();
        let worth = self.worth_more();
        if worth || named {
            let segment = pattern::Segment::around(self, carry);
            if worth {
                pattern::find(self, &segment);
                rule::note(self);
                rule::fire(self);
                if finding::merge(self) {
                    self.attributes();
                }
            }
            contact::extract(
                self.ruleset,
                self.text,
                segment.range(),
                &self.scratch.hits,
                &mut self.scratch.contacts,
            );
            self.scratch.truncated |= self.scratch.contacts.len() == CONTACTS_MAX;
        }
        #[cfg(feature = "std")]
        if let Some(record) = &mut self.record {
            record.segment(&self.scratch.hits, &self.scratch.firings);
        }
        self.scratch.firings.clear();
        if carry {
            let reach = u32::from(self.ruleset.header().reach.get());
            let end = self.scratch.hits.iter().map(|hit| hit.last).max().unwrap_or(0);
            let mut room = SEGMENT_HITS_MAX / 4;
            self.scratch.hits.retain_mut(|hit| {
                hit.flags |= Hit::CARRIED;
                let near =
                    hit.last + reach >= end && room > 0 && hit.term != Hit::PATTERN;
                room -= usize::from(near);
                near
            });
        } else {
            self.scratch.hits.clear();
        }
    }

    /// Notes the platforms that the segment names; says whether there is one.
    fn platforms(&mut self) -> bool {
        let mut named = 0;
        for hit in &self.scratch.hits {
            let concept = self.ruleset.concept_records().get(usize::from(hit.concept));
            if let Some(platform @ 1..) = concept.map(|concept| concept.platform) {
                named |= 1 << (platform - 1).min(63);
            }
        }
        self.scratch.platforms |= named;
        named != 0
    }

    /// Whether a rule may fire if patterns help.
    fn worth_more(&mut self) -> bool {
        #[cfg(feature = "std")]
        if self.record.is_some() {
            return true;
        }
        rule::suppose_patterns(self);
        rule::possible(self)
    }

    fn attributes(&mut self) {
        let Scratch { hits, attributes, truncated, .. } = &mut *self.scratch;
        for hit in hits.iter() {
            let concept = self.ruleset.concept_records().get(usize::from(hit.concept));
            let named = concept.is_some_and(|concept| concept.attribute > 0);
            let known = attributes.iter().any(|a| {
                a.concept == hit.concept && a.start < hit.end && hit.start < a.end
            });
            if named && !known {
                *truncated |= !push_within(attributes, *hit);
            }
        }
    }
}

/// Drops hits that are none: inside an exception of their concept, or a part
/// of a longer word.
fn settle(hits: &mut alloc::vec::Vec<Hit>) {
    hits.sort_unstable_by_key(|hit| (hit.last, hit.first, hit.concept, hit.term));
    // A border that is open may be where the next word of a run begins:
    // `weixin` in `weixinhao`. From the left, then from the right.
    for forward in [true, false] {
        let (flag, count) =
            (if forward { Hit::OPEN_LEFT } else { Hit::OPEN_RIGHT }, hits.len());
        for step in 0..count {
            let place = if forward { step } else { count - 1 - step };
            let hit = hits[place];
            if !hit.is(flag) {
                continue;
            }
            let meets = |other: &Hit| {
                let touches =
                    if forward { other.end == hit.start } else { other.start == hit.end };
                touches && !other.is(flag | Hit::EXCEPTION)
            };
            // Hits are in the order of their ends; a neighbour is close by.
            let near = place.saturating_sub(64)..(place + 64).min(count);
            if hits[near].iter().any(meets) {
                hits[place].flags &= !flag;
            }
        }
    }
    for place in 0..hits.len() {
        if !hits[place].is(Hit::EXCEPTION) {
            continue;
        }
        let exception = hits[place];
        let near = place.saturating_sub(64)..(place + 64).min(hits.len());
        for hit in &mut hits[near] {
            let inside = hit.start >= exception.start && hit.end <= exception.end;
            if inside && hit.concept == exception.concept && !hit.is(Hit::EXCEPTION) {
                hit.term = Hit::PATTERN;
                hit.flags |= Hit::EXCEPTION;
            }
        }
    }
    hits.retain(|hit| !hit.is(Hit::OPEN_LEFT | Hit::OPEN_RIGHT | Hit::EXCEPTION));
}
