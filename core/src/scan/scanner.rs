//! The loop over the text, and the segments of hits that come out of it.

use super::anchor::{MARGIN, REACHES};
use super::finding::{Outcome, Part};
use super::glance::{Glance, Tables};
use super::hit::Hit;
use super::limits::*;
use super::scratch::{Scratch, push_within};
use super::token::{Gap, Ring};
use super::verdict::Verdict;
use super::walker::{Before, Filter, Walker};
use super::{finding, pattern, rule, vicinity};
use crate::automaton::{Clues, Letters, SymbolWord};
use crate::fold::{
    self, decode, decode_escaped, decode_escaped_number, decode_last, halves_of_three,
};
use crate::ruleset::{Cell, Ruleset, Symbols, TermRecord};
use alloc::string::String;
use alloc::vec::Vec;

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
    /// bytes. An invalid sequence counts as U+FFFD, a sign that may stand
    /// between the letters of a word as others may.
    pub fn scan_bytes<'s>(
        &'s self,
        scratch: &'s mut Scratch,
        text: &'s [u8],
    ) -> Verdict<'s> {
        let cut = &text[..text.len().min(TEXT_BYTES_MAX)];
        self.scan_for(Wanted::All, scratch, cut);
        scratch.truncated |= cut.len() < text.len();
        Verdict::new(self, scratch, cut)
    }

    /// Whether any category reaches the pack's threshold in the text: what
    /// [`Verdict::is_flagged`] says after a scan, for less time, since platforms,
    /// contacts and attributes are not looked for and a finding is enough.
    pub fn is_flagged(&self, scratch: &mut Scratch, text: &str) -> bool {
        self.is_flagged_bytes(scratch, text.as_bytes())
    }

    /// The same for bytes that need not be valid UTF-8; see
    /// [`scan_bytes`](Self::scan_bytes).
    pub fn is_flagged_bytes(&self, scratch: &mut Scratch, text: &[u8]) -> bool {
        let cut = &text[..text.len().min(TEXT_BYTES_MAX)];
        self.scan_for(Wanted::Flag, scratch, cut);
        !scratch.findings.is_empty()
    }

    fn scan_for(&self, wanted: Wanted, scratch: &mut Scratch, text: &[u8]) {
        scratch.reset(self);
        // Most texts are done with a glance, for which no more is made ready.
        let tables = Tables::of(self);
        let mut looks = Glance::new(&tables, 0);
        match looks.next(text) {
            None => scratch.steps = text.len() as u64,
            first => {
                let mut scanner = Scanner::new(self, &tables, text, scratch);
                scanner.wanted = wanted;
                scanner.run_from(looks, first);
            }
        }
    }

    /// The text as the rules see it: folded, without invisible code points
    /// and marks.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")]
    /// assert_eq!(huoyan::Ruleset::builtin().fold("ＶＸ註冊"), "vx注册");
    /// ```
    pub fn fold(&self, text: &str) -> String {
        fold::fold(text).map(|folded| folded.char).collect()
    }
}

/// From this number on symbols are numbered anew.
const NUMBERS_MAX: u32 = 1 << 31;
/// Longest run that is read reversed, in code points.
pub(super) const OVERRIDE_MAX: u32 = 256;

/// What a scan is to tell.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    All,
    /// Whether there is a finding.
    Flag,
}

/// Which hits reading is for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Hits {
    /// All of the text, which come to findings.
    Text,
    /// All that are near an anchor, which are only looked at together.
    Near,
    /// The same, but of its partners alone.
    Partners,
    /// None: symbols are read for the walks behind them.
    None,
}

pub(super) struct Scanner<'r, 's> {
    pub(super) walker: Walker<'r>,
    pub(super) ruleset: &'r Ruleset<'r>,
    pub(super) text: &'r [u8],
    pub(super) scratch: &'s mut Scratch,
    pub(super) wanted: Wanted,
    pub(super) tables: &'r Tables<'r>,
    pub(super) filter: Filter<'r>,
    /// Bytes that were read again after the glance.
    pub(super) again: usize,
    pub(super) which_hits: Hits,
    /// The run that is being read from its end.
    mirror: Option<Mirror>,
    /// Number of the last symbol of the latest anchor.
    pub(super) latest_anchor: u32,
    /// Number of the last symbol of the latest anchor of the segment.
    pub(super) anchor: Option<u32>,
    /// Keeps every hit and firing for `explain`; allocates.
    #[cfg(feature = "std")]
    pub(super) record: Option<super::explain::Record>,
}

/// A run that is read from its end. Distances are taken in the order of the text as
/// written, and an escape, which is read letter by letter there, is one symbol.
#[derive(Clone, Copy)]
struct Mirror {
    /// Its first byte.
    start: usize,
    /// Number of its first symbol.
    first: u32,
}

impl Mirror {
    /// Numbers a hit, which may begin before the run. Returns the steps taken.
    fn number(self, text: &[u8], tables: &Tables<'_>, hit: &mut Hit) -> u64 {
        let number =
            |at: u32| self.first + pattern::count(tables, text, self.start..at as usize);
        if hit.first >= self.first {
            hit.first = number(hit.start);
        }
        hit.last = number(hit.end).saturating_sub(1).max(hit.first);
        u64::from(hit.end).saturating_sub(self.start as u64)
    }
}

/// Where the loop over the text stands.
#[derive(Clone, Copy, Default)]
pub(super) struct Cursor {
    /// Number of the next token.
    pub(super) next: u32,
    /// The last symbol.
    pub(super) last: Before,
    /// Noise since the last token.
    gap: Gap,
    /// The last tokens that are Latin letters, 0 for others.
    letters: Letters,
}

impl Cursor {
    /// The symbol before a new one, if a match can reach it.
    #[inline(always)]
    fn before(&self) -> Before {
        if self.gap.is_wide() { Before::default() } else { self.last }
    }

    #[inline(always)]
    fn advance(&mut self, symbol: u16, own: SymbolWord) {
        let last = Before::new(symbol, own);
        let letters = self.letters.then(own.letter());
        *self = Cursor { next: self.next + 1, last, gap: Gap::default(), letters };
    }
}

impl<'r, 's> Scanner<'r, 's> {
    pub(super) fn new(
        ruleset: &'r Ruleset<'r>,
        tables: &'r Tables<'r>,
        text: &'r [u8],
        scratch: &'s mut Scratch,
    ) -> Scanner<'r, 's> {
        scratch.cache.belong_to(ruleset.number());
        let walker = Walker {
            ruleset,
            facts: tables.facts,
            symbols: *tables.symbols,
            literals: tables.literals,
            text,
            is_part: false,
            overflow: core::cell::Cell::new(false),
        };
        Scanner {
            filter: Filter { pairs: walker.literals.pairs },
            walker,
            ruleset,
            text,
            scratch,
            wanted: Wanted::All,
            tables,
            again: 0,
            which_hits: Hits::Text,
            mirror: None,
            latest_anchor: 0,
            anchor: None,
            #[cfg(feature = "std")]
            record: None,
        }
    }

    /// Whether every hit is kept for an explanation.
    pub(super) fn is_recorded(&self) -> bool {
        #[cfg(feature = "std")]
        return self.record.is_some();
        #[cfg(not(feature = "std"))]
        false
    }

    /// Scans the text without a glance.
    pub(super) fn read_in_full(&mut self) {
        let mut place = Place::default();
        while !matches!(self.advance(&mut place, Stop::Number(NUMBERS_MAX)), Pause::End) {
            self.number_anew(&mut place);
        }
        self.took(place.at);
        self.end_segment();
    }

    /// Lets symbols be numbered from 0 again before there are too many numbers. A
    /// text may have more symbols than bytes, as `ⅷ` is four.
    pub(super) fn number_anew(&mut self, place: &mut Place) {
        if place.cursor.next >= NUMBERS_MAX {
            self.scratch.truncated |= !self.scratch.hits.is_empty();
            self.end_segment();
            self.latest_anchor = 0;
            *place = Place { at: place.at, ..Place::default() };
        }
    }

    /// Works out the hits that are left.
    pub(super) fn end_segment(&mut self) {
        if !self.scratch.hits.is_empty() {
            self.segment(false);
        }
        let findings = &mut self.scratch.findings;
        findings.sort_unstable_by_key(|f| (f.start, f.category, f.end));
    }

    /// Keeps what a place came to for an explanation, if there is to be one.
    #[cfg_attr(not(feature = "std"), allow(unused_variables))]
    pub(super) fn note_place(&mut self, outcome: Outcome, parts: Vec<Part>) {
        #[cfg(feature = "std")]
        if let Some(record) = &mut self.record {
            record.place(outcome, parts);
        }
    }

    /// Counts bytes that were read again after the glance.
    pub(super) fn took(&mut self, bytes: usize) {
        self.again += bytes;
        self.scratch.steps += bytes as u64;
    }

    /// Reads on to the next thing that is to be done, and does it.
    pub(super) fn advance(&mut self, place: &mut Place, stop: Stop) -> Pause {
        let (symbols, clues) = (self.tables.symbols, self.tables.clues);
        let filter = &self.filter;
        let ring = &mut self.scratch.ring;
        let pause = read(self.text, symbols, clues, filter, ring, place, stop);
        match pause {
            Pause::Walk => self.walk(place.cursor.next - 1),
            Pause::Expansion(cell, start) => {
                place.cursor = self.expansion(cell, start, place.cursor);
            }
            Pause::Override if self.which_hits == Hits::None => {}
            Pause::Override => {
                // Read in the order of the display, and then as it stands:
                // not everything that shows text obeys overrides.
                let ring = self.scratch.ring.clone();
                self.reversed(place.at, place.cursor);
                self.scratch.ring = ring;
            }
            Pause::Stop | Pause::End => {}
        }
        pause
    }

    /// A cell that is not plain noise.
    #[inline(always)]
    fn cell(&mut self, cell: Cell, start: usize, cursor: &mut Cursor) {
        if cell.is_expansion() {
            *cursor = self.expansion(cell, start, *cursor);
            return;
        }
        self.scratch.ring.put(cursor.next, cell.0, start as u32, cursor.gap);
        if self.filter.is_worth(&self.walker.symbols, &self.scratch.ring, cursor.next) {
            self.walk(cursor.next);
        }
        cursor.advance(cell.0, self.walker.symbols.record(cell.0).word());
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
    /// display.
    #[cold]
    fn reversed(&mut self, start: usize, mut cursor: Cursor) {
        let ends = |c| matches!(c, '\u{202C}' | '\u{202E}' | '\u{2069}' | '\n' | '\r');
        let mut end = start;
        for _ in 0..OVERRIDE_MAX {
            let rest = self.text.get(end..).unwrap_or(&[]);
            // An escape is read letter by letter, but may end the run: else one
            // override after the other would read the same text again.
            match (decode_escaped(rest), decode(rest)) {
                (Some((whole, _)), Some((_, length))) if !ends(whole) => end += length,
                _ => break,
            }
        }
        // Not in the midst of the run, where the hits behind it would be out of order.
        if self.which_hits == Hits::Text {
            self.end_of_segment(cursor.next);
        }
        let known = self.scratch.hits.len();
        self.mirror = Some(Mirror { start, first: cursor.next });
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
        self.mirror = None;
        // In the order of the text, as all hits are.
        let hits = &mut self.scratch.hits;
        let known = known.min(hits.len());
        hits[known..].reverse();
    }

    #[inline(never)]
    fn walk(&mut self, number: u32) {
        if self.which_hits == Hits::None {
            return;
        }
        let (mirror, mut numbered) = (self.mirror, 0);
        let (text, tables) = (self.text, self.tables);
        if self.which_hits != Hits::Text {
            let walker = &self.walker;
            let Scratch { ring, cache, hits, steps, truncated, partners, .. } =
                &mut *self.scratch;
            let mut emit = |mut hit| {
                numbered +=
                    mirror.map_or(0, |mirror| mirror.number(text, tables, &mut hit));
                *truncated |= !push_within(hits, hit);
            };
            *steps += if self.which_hits == Hits::Partners {
                let wanted = |term: &TermRecord| rule::has(partners, term.concept.get());
                walker.walk_for(ring, cache, number, &wanted, &mut emit)
            } else {
                walker.walk(ring, cache, number, &mut emit)
            };
            *steps += numbered;
            *truncated |= walker.overflow.take();
            return;
        }
        self.end_of_segment(mirror.map_or(number, |mirror| mirror.first));
        let Scratch { ring, cache, hits, steps, truncated, .. } = &mut *self.scratch;
        let (walker, concepts) = (&self.walker, self.walker.facts.concepts);
        let (latest, anchor) = (&mut self.latest_anchor, &mut self.anchor);
        *steps += walker.walk(ring, cache, number, &mut |mut hit| {
            numbered += mirror.map_or(0, |mirror| mirror.number(text, tables, &mut hit));
            let concept = concepts.get(usize::from(hit.concept));
            if concept.is_some_and(|concept| concept.anchor != 0) {
                *latest = (*latest).max(hit.last);
                *anchor = Some(*latest);
            }
            *truncated |= !push_within(hits, hit);
        });
        *steps += numbered;
        *truncated |= walker.overflow.take();
    }

    /// Ends the segment, if a hit that ends in a token is not part of it.
    pub(super) fn end_of_segment(&mut self, number: u32) {
        let Some(last) = self.scratch.hits.last().map(|hit| hit.last) else { return };
        let reach = self.reach();
        let far = self.far();
        let full = self.scratch.hits.len() + 256 > self.scratch.hits.capacity();
        if number > last + 2 * reach {
            // Patterns and contacts look a little beyond the hits.
            self.segment(false);
        } else if let Some(latest) = self.anchor
            && number > latest + 2 * far
        {
            // What is far from all anchors comes to nothing; what is behind may
            // belong to the next.
            self.keep_behind(latest + far);
        } else if full && self.anchor.is_none() && !self.is_recorded() {
            let from = number.saturating_sub(far);
            self.scratch.hits.retain(|hit| hit.last >= from);
        } else if full {
            self.segment(true);
        }
    }

    /// The widest window of any rule, in symbols.
    pub(super) fn reach(&self) -> u32 {
        u32::from(self.ruleset.header().reach.get())
    }

    /// How far from an anchor something may belong to it, in symbols.
    pub(super) fn far(&self) -> u32 {
        REACHES * self.reach() + MARGIN
    }

    /// Works out the hits that end before a token, and keeps the others.
    fn keep_behind(&mut self, number: u32) {
        let Scratch { hits, near_hits, .. } = &mut *self.scratch;
        let split = hits.partition_point(|hit| hit.last <= number);
        near_hits.clear();
        // Both lists have the same room.
        near_hits.extend_from_slice(&hits[split..]);
        hits.truncate(split);
        self.segment(false);
        let Scratch { hits, near_hits, .. } = &mut *self.scratch;
        hits.extend_from_slice(near_hits);
    }

    /// Works out the hits so far. `carry` keeps the latest for the segment
    /// that follows, because the text goes on without a pause.
    fn segment(&mut self, carry: bool) {
        // Most segments come to nothing, which the concepts alone tell.
        rule::note(self);
        let worth = self.worth_more();
        let named = self.platform_named();
        if worth || named {
            settle(&mut self.scratch.hits, self.walker.facts.terms);
            self.platforms();
            let known = self.scratch.findings.len();
            if worth {
                if !self.ruleset.patterns().is_empty() {
                    let segment = pattern::Segment::around(self, |_| true, carry);
                    pattern::find(self, &segment);
                    pattern::drop_names(self);
                    rule::note(self);
                }
                rule::fire(self);
                // What goes on is told in parts, wherever they begin.
                self.scratch.truncated |= carry && !self.scratch.firings.is_empty();
                finding::merge(self);
            }
            if self.wanted == Wanted::All {
                vicinity::tell(self, known, carry);
            }
        }
        #[cfg(feature = "std")]
        if let Some(record) = &mut self.record {
            record.segment(&self.scratch.hits, &self.scratch.firings);
        }
        self.scratch.firings.clear();
        self.anchor = None;
        if carry {
            let reach = self.reach();
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

    pub(super) fn platform_of(&self, hit: &Hit) -> Option<u8> {
        let concept = self.walker.facts.concepts.get(usize::from(hit.concept))?;
        concept.platform.checked_sub(1)
    }

    /// Whether a hit names a platform, and that is wanted.
    pub(super) fn platform_named(&self) -> bool {
        self.wanted == Wanted::All
            && self.scratch.hits.iter().any(|hit| self.platform_of(hit).is_some())
    }

    /// Notes the platforms that the segment names.
    fn platforms(&mut self) {
        let named = self.scratch.hits.iter().filter_map(|hit| self.platform_of(hit));
        self.scratch.platforms |=
            named.fold(0, |set, number| set | 1u64 << number.min(63));
    }

    /// Whether a rule may fire if patterns help.
    pub(super) fn worth_more(&mut self) -> bool {
        rule::suppose_patterns(self);
        self.is_recorded() || rule::possible(self)
    }
}

/// Where reading stands.
#[derive(Default)]
pub(super) struct Place {
    /// The next byte.
    pub(super) at: usize,
    pub(super) cursor: Cursor,
}

impl Place {
    /// At a byte, with nothing read.
    pub(super) fn at(at: usize) -> Place {
        Place { at, ..Place::default() }
    }
}

/// Where reading stops at the latest, once it has read something.
#[derive(Clone, Copy)]
pub(super) enum Stop {
    /// At the next symbol of this number.
    Number(u32),
    /// At a byte, or behind it.
    At(usize),
}

/// Why reading pauses.
pub(super) enum Pause {
    /// The last token may end a term.
    Walk,
    /// A code point that folds to several characters, and where it begins.
    Expansion(Cell, usize),
    /// A right-to-left override.
    Override,
    /// It was to stop.
    Stop,
    End,
}

/// Reads on until there is something to do: decodes, looks up, fills the ring.
///
/// This is the loop that all text goes through. It stands alone, and works on
/// copies, so that its state stays in registers.
#[inline(never)]
fn read(
    text: &[u8],
    symbols: &Symbols<'_>,
    clues: &Clues<'_>,
    filter: &Filter<'_>,
    ring: &mut Ring,
    place: &mut Place,
    stop: Stop,
) -> Pause {
    let Place { mut at, mut cursor } = *place;
    let (stop, end) = match stop {
        Stop::Number(number) => (number, usize::MAX),
        Stop::At(at) => (NUMBERS_MAX, at),
    };
    let before_end = text.get(..end).unwrap_or(text);
    let pause = loop {
        // Most characters are of three bytes with nothing between.
        let mut may_be_worth = None;
        if cursor.gap.is_empty() {
            may_be_worth =
                plain(before_end, symbols, filter, ring, (&mut at, &mut cursor), stop);
        }
        let may_be_worth = match may_be_worth {
            Some(may_be_worth) => may_be_worth,
            None if at >= end && at > place.at => break Pause::Stop,
            None => {
                let Some((code_point, length)) =
                    text.get(at..).and_then(decode_escaped_number)
                else {
                    break Pause::End;
                };
                let start = at;
                at += length;
                let cell = symbols.cell_of_number(code_point);
                if let Some(class) = cell.as_noise() {
                    cursor.gap.add(class);
                    if cell == Cell::OVERRIDE {
                        break Pause::Override;
                    }
                    continue;
                }
                if cell.is_expansion() {
                    break Pause::Expansion(cell, start);
                }
                ring.put(cursor.next, cell.0, start as u32, cursor.gap);
                let own = symbols.record(cell.0).word();
                let before = cursor.before();
                cursor.advance(cell.0, own);
                filter.may_be_worth(before, cell.0, own)
            }
        };
        if may_be_worth
            && clues.may_end(cursor.letters)
            && filter.is_worth(symbols, ring, cursor.next - 1)
        {
            break Pause::Walk;
        }
        if cursor.next >= stop || at >= end {
            break Pause::Stop;
        }
    };
    *place = Place { at, cursor };
    pause
}

/// Reads code points of three bytes that are a symbol each, as long as there is nothing
/// to do: up to a token that may be worth a walk, or the last that is wanted. Says which
/// it was; `None` where the next is something else.
#[inline(always)]
fn plain(
    text: &[u8],
    symbols: &Symbols<'_>,
    filter: &Filter<'_>,
    ring: &mut Ring,
    (at, cursor): (&mut usize, &mut Cursor),
    stop: u32,
) -> Option<bool> {
    let (symbols, filter) = (*symbols, *filter);
    debug_assert!(cursor.gap.is_empty());
    let (gap, Cursor { mut next, mut last, mut letters, .. }) = (Gap::default(), *cursor);
    let mut rest = text.get(*at..)?;
    let end = loop {
        let Some((first, behind)) = rest.split_first_chunk() else { break None };
        let Some((upper, lower)) = halves_of_three(*first) else { break None };
        let cell = symbols.cell_of_halves(upper, lower);
        if !cell.is_symbol() && cell != Cell::OTHER {
            break None;
        }
        ring.put(next, cell.0, (text.len() - rest.len()) as u32, gap);
        let own = symbols.record(cell.0).word();
        let before = core::mem::replace(&mut last, Before::new(cell.0, own));
        letters = letters.then(own.letter());
        next += 1;
        rest = behind;
        let may_be_worth = filter.may_be_worth(before, cell.0, own);
        if may_be_worth || next >= stop {
            break Some(may_be_worth);
        }
    };
    *at = text.len() - rest.len();
    *cursor = Cursor { next, last, letters, gap };
    end
}

/// Drops hits that are none: inside an exception of their concept, or a part
/// of a longer word. Inside one of what they are a kind of, they are themselves alone.
pub(super) fn settle(hits: &mut Vec<Hit>, terms: &[TermRecord]) {
    let place = |hit: &Hit| terms.get(hit.term as usize).map(|term| term.place.get());
    let open = |hit: &Hit| hit.flags & (Hit::OPEN_LEFT | Hit::OPEN_RIGHT);
    hits.sort_unstable_by(|a, b| {
        let key = |hit: &Hit| {
            let exception = hit.is(Hit::EXCEPTION);
            (hit.last, hit.first, hit.concept, exception, hit.start, hit.end)
        };
        let order = key(a).cmp(&key(b)).then(b.fit().total_cmp(&a.fit()));
        // What is left is told alike, in whatever order it was found.
        let rest = |hit: &Hit| (place(hit), open(hit), hit.disguises.bits());
        order.then_with(|| rest(a).cmp(&rest(b)))
    });
    // Several ways to read one span are one hit: the best. Which borders of it are open
    // an override turns round.
    hits.dedup_by_key(|hit| {
        (hit.concept, hit.is(Hit::EXCEPTION), hit.start, hit.end, open(hit))
    });
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
            // An open border has no visible noise behind it, so that symbols that
            // follow each other touch, whatever is hidden between them.
            let meets = |other: &Hit| {
                let (one, two) = if forward { (other, &hit) } else { (&hit, other) };
                let touches = one.end == two.start || one.last + 1 == two.first;
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
            if !exception.is_around(hit) || hit.is(Hit::EXCEPTION) {
                continue;
            }
            if hit.concept == exception.concept {
                hit.term = Hit::PATTERN;
                hit.flags |= Hit::EXCEPTION;
            } else if hit.whole == exception.concept {
                // It stays what it is, but is no kind of that.
                hit.whole = hit.concept;
            }
        }
    }
    hits.retain(|hit| !hit.is(Hit::OPEN_LEFT | Hit::OPEN_RIGHT | Hit::EXCEPTION));
    hits.dedup_by_key(|hit| (hit.concept, hit.start, hit.end));
}
