//! Patterns, looked for only around hits.

use super::glance::Tables;
use super::hit::{Hit, alphanumeric_before};
use super::scanner::Scanner;
use super::scratch::push_within;
use crate::automaton::{PatternAutomaton, TOKENS_MAX};
use crate::fold::{self, DisguiseSet};
use crate::pack::{PATTERN_REACH, PATTERNS_MAX};
use crate::ruleset::{Cell, Symbols};
use core::ops::Range;

/// How far before and after the hits of a segment is looked, in bytes of what is seen.
pub(super) const MARGIN: usize = 192;
/// How far at most, with what is not seen: characters that do not show push nothing
/// out of reach, unless there are dozens between any two.
const STRETCH_MAX: usize = 64 * MARGIN;

/// Most symbols of one byte of text, rounded up: an expansion has more than one.
const SYMBOLS_MAX: usize = 2;

/// The part of the text that belongs to a segment.
pub(super) struct Segment {
    start: usize,
    end: usize,
    /// A place in it, and the number of the symbol there.
    place: usize,
    number: u32,
    /// All of it is near hits, or may be.
    is_near: bool,
}

impl Segment {
    /// The span of some hits with a margin on either side, and the numbers of its
    /// symbols. A segment that goes on has no margin at its end.
    pub(super) fn around(
        scanner: &Scanner<'_, '_>,
        own: impl Fn(&&Hit) -> bool,
        goes_on: bool,
    ) -> Segment {
        let hits = || scanner.scratch.hits.iter().filter(&own);
        let text = scanner.text;
        let Some(first) = hits().min_by_key(|hit| hit.start) else {
            return Segment { start: 0, end: 0, place: 0, number: 0, is_near: true };
        };
        let last = hits().map(|hit| hit.end as usize).max().unwrap_or(0);
        let mut start = margin_before(text, first.start as usize);
        let end = if goes_on { border(text, last) } else { margin_after(text, last) };
        let before = start..first.start as usize;
        // Reading may have begun inside the margin; what is before has no number.
        if (SYMBOLS_MAX * before.len()) as u64 > u64::from(first.first) {
            let symbols = &scanner.walker.symbols;
            let mut before = count(scanner.tables, text, before);
            while before > first.first
                && let Some((c, length)) =
                    text.get(start..).and_then(fold::decode_escaped)
            {
                before -= symbols_of(symbols, symbols.cell(c));
                start += length;
            }
        }
        let (place, number) = (first.start as usize, first.first);
        Segment { start, end, place, number, is_near: false }
    }

    /// A part of the text whose first symbol has the number 0.
    pub(super) fn of(range: Range<usize>) -> Segment {
        let Range { start, end } = range;
        Segment { start, end, place: start, number: 0, is_near: true }
    }

    /// The number of its first symbol.
    fn first_number(&self, tables: &Tables<'_>, text: &[u8]) -> u32 {
        self.number.saturating_sub(count(tables, text, self.start..self.place))
    }

    /// The bytes of the segment in the text.
    pub(super) fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// The next character border at or after an offset.
fn border(text: &[u8], mut at: usize) -> usize {
    while at < text.len() && text[at] & 0xC0 == 0x80 {
        at += 1;
    }
    at
}

/// Where the margin before a place begins, escapes in one piece.
fn margin_before(text: &[u8], at: usize) -> usize {
    fold::end_of_escape_around(text, seen_before(text, at))
}

/// Where so much of what is seen before a place begins.
fn seen_before(text: &[u8], at: usize) -> usize {
    let near = border(text, at.saturating_sub(MARGIN));
    if !may_hide(text.get(near..at).unwrap_or(&[])) {
        return near;
    }
    let (mut start, mut seen) = (at, 0);
    while at - start < STRETCH_MAX
        && let Some((c, length)) = text.get(..start).and_then(fold::decode_last)
    {
        seen += if fold::lookup(c).is_unseen() { 0 } else { length };
        if seen > MARGIN {
            break;
        }
        start -= length;
    }
    start.min(near)
}

/// Where the margin behind a place ends.
fn margin_after(text: &[u8], at: usize) -> usize {
    let near = border(text, (at + MARGIN).min(text.len()));
    if !may_hide(text.get(at..near).unwrap_or(&[])) {
        return near;
    }
    let (mut end, mut seen) = (at, 0);
    while end - at < STRETCH_MAX
        && seen < MARGIN
        && let Some((c, length)) = text.get(end..).and_then(fold::decode)
    {
        seen += if fold::lookup(c).is_unseen() { 0 } else { length };
        end += length;
    }
    end.max(near)
}

/// Whether bytes may have characters that do not show: a first answer, which takes
/// Chinese and its punctuation for what shows.
fn may_hide(bytes: &[u8]) -> bool {
    let alone = |byte: u8| matches!(byte, 0xC2..=0xE2 | 0xF3);
    let together = |first: u8, second: u8| {
        first == 0xEF && matches!(second, 0xB8 | 0xBB | 0xBE)
            || first == 0xE3 && second == 0x85
    };
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or(&[]));
    // Without a way out, so that it is done with vectors.
    bytes.iter().fold(false, |found, byte| found | alone(*byte))
        | pairs.fold(false, |found, (one, two)| found | together(*one, *two))
}

/// A part of the text that is near no hit, and the start of the next hit.
struct Gap {
    range: Range<usize>,
    next: usize,
}

impl Gap {
    /// The next one behind a place that is in a hit. Hits that are none may have joined
    /// what is on both sides, which must not matter.
    fn behind(text: &[u8], hits: &[Hit], mut at: usize) -> Option<Gap> {
        let is_near = |hit: &Hit, at: usize| hit.start as usize <= at + 2 * MARGIN;
        loop {
            // Most are in the order of the text, so that once over them is enough.
            let end = hits.iter().fold(at, |end, hit| match is_near(hit, end) {
                true => end.max(hit.end as usize),
                false => end,
            });
            if end == at {
                break;
            }
            at = end;
        }
        let next = hits.iter().filter(|hit| !is_near(hit, at)).map(|hit| hit.start).min();
        let next = next? as usize;
        Some(Gap { range: margin_after(text, at)..margin_before(text, next), next })
    }
}

/// How many symbols the scanner counts for one cell.
pub(super) fn symbols_of(symbols: &Symbols<'_>, cell: Cell) -> u32 {
    if cell.is_symbol() || cell == Cell::OTHER {
        return 1;
    }
    let noise = |cell: Cell| cell.as_noise().is_some();
    let cells = symbols.expansion(cell).iter().filter(|cell| !noise(Cell(cell.get())));
    if noise(cell) { 0 } else { cells.count() as u32 }
}

/// How many symbols the scanner counts for a part of the text.
pub(super) fn count(tables: &Tables<'_>, text: &[u8], part: Range<usize>) -> u32 {
    count_up_to(tables, text, part, u32::MAX)
}

/// The same, where from so many on it does not matter how many there are.
pub(super) fn count_up_to(
    tables: &Tables<'_>,
    text: &[u8],
    part: Range<usize>,
    most: u32,
) -> u32 {
    let (symbols, mut at, mut number) = (tables.symbols, part.start, 0);
    let bytes = text.get(..part.end).unwrap_or(text);
    while number < most && at < bytes.len() {
        while let Some(eight) = bytes.get(at..).and_then(|rest| rest.first_chunk())
            && tables.plane.begins_with_symbols(u64::from_le_bytes(*eight))
        {
            at += 6;
            number += 2;
        }
        // An escape goes on as long as it can.
        let next = text.get(at..).and_then(fold::decode_escaped);
        let Some((c, length)) = next.filter(|_| at < bytes.len()) else { break };
        number += symbols_of(symbols, symbols.cell(c));
        at += length;
    }
    number
}

/// Adds the hits of all patterns in a segment to the current hits.
pub(super) fn find(scanner: &mut Scanner<'_, '_>, segment: &Segment) {
    search(scanner, segment, false);
}

/// The same, with hits that overlap those before: whatever part of a text the
/// segment is, none that the whole has is left out.
pub(super) fn find_all(scanner: &mut Scanner<'_, '_>, segment: &Segment) {
    search(scanner, segment, true);
}

/// Drops what patterns found in the name of a platform, which is no identifier, unless the
/// concept says more of it. For settled hits alone, as those of a look may be none.
pub(super) fn drop_names(scanner: &mut Scanner<'_, '_>) {
    for place in 0..scanner.scratch.hits.len() {
        let hit = scanner.scratch.hits[place];
        if hit.term != Hit::PATTERN {
            continue;
        }
        let concept = scanner.walker.facts.concepts.get(usize::from(hit.concept));
        if concept.is_some_and(|concept| concept.platform > 0 || concept.attribute > 0) {
            continue;
        }
        // In the order of their last symbols. That of a name is before a tone behind it.
        let hits = &scanner.scratch.hits;
        let before = hits.partition_point(|other| other.last + 1 < hit.last);
        let is_name = |other: &Hit| {
            other.term != Hit::PATTERN
                && other.is_around(&hit)
                && scanner.platform_of(other).is_some()
        };
        // A longer name ends farther behind, but no more than a walk goes.
        let near = |other: &&Hit| other.last <= hit.last + TOKENS_MAX as u32;
        if hits[before..].iter().take_while(near).any(is_name) {
            scanner.scratch.hits[place].flags |= Hit::EXCEPTION;
        }
    }
    scanner.scratch.hits.retain(|hit| !hit.is(Hit::EXCEPTION));
}

fn search(scanner: &mut Scanner<'_, '_>, segment: &Segment, overlapping: bool) {
    let patterns = scanner.ruleset.patterns();
    if patterns.is_empty() || scanner.scratch.hits.is_empty() {
        return;
    }
    let text = &scanner.text[..segment.end];
    // A pattern matches again only after the end of its last match.
    let mut resume = [0usize; PATTERNS_MAX];
    let mut ends = [0usize; PATTERNS_MAX];
    // A place, and the number of the symbol there, from which others are counted; few
    // need theirs.
    let mut counted: Option<(usize, u32)> = None;
    let (mut at, mut steps, mut is_word) = (segment.start, 0, false);
    let known = scanner.scratch.hits.len();
    // What ends there was found in the segment before, with all that is near it.
    let carried = scanner.scratch.hits.iter().filter(|hit| hit.is(Hit::CARRIED));
    let carried = carried.map(|hit| hit.end as usize).max().unwrap_or(0);
    let gap_behind = |scanner: &Scanner<'_, '_>, at: usize| {
        let hits = scanner.scratch.hits.get(..known).unwrap_or(&[]);
        if segment.is_near { None } else { Gap::behind(scanner.text, hits, at) }
    };
    let mut gap = gap_behind(scanner, segment.place);
    loop {
        if let Some(Gap { range, next }) =
            gap.as_ref().filter(|gap| at >= gap.range.start)
        {
            (at, is_word) = (at.max(range.end), false);
            gap = gap_behind(scanner, *next);
            steps += known as u64;
        }
        let plain = skip_plain(&patterns, text, at);
        steps += ((plain - at) / 3) as u64;
        is_word &= plain == at;
        at = plain;
        let Some((c, length)) = text.get(at..).and_then(fold::decode_escaped) else {
            break;
        };
        steps += 1;
        let start = at;
        at += length;
        // No match begins inside a word; most are of ASCII.
        let goes_on = is_word;
        is_word = c.is_ascii_alphanumeric();
        if goes_on && is_word || !patterns.may_begin(c as u32) {
            continue;
        }
        let (mut found, taken) = matches(&patterns, text, start, &mut ends);
        steps += taken;
        while found != 0 {
            let pattern = found.trailing_zeros() as usize;
            found &= found - 1;
            let concept = scanner.ruleset.pattern_concepts().get(pattern);
            let Some(concept) =
                concept.filter(|_| overlapping || start >= resume[pattern])
            else {
                continue;
            };
            let (place, number) = counted.unwrap_or_else(|| {
                (segment.start, segment.first_number(scanner.tables, scanner.text))
            });
            let first = number + count(scanner.tables, scanner.text, place..start);
            counted = Some((start, first));
            let end = ends[pattern];
            resume[pattern] = end;
            let further = count(scanner.tables, scanner.text, start..end);
            steps += u64::from(further);
            let hit = Hit {
                start: start as u32,
                end: end as u32,
                first,
                last: first + further.saturating_sub(1),
                concept: concept.get(),
                whole: scanner.ruleset.whole_of(concept.get()),
                flags: if end <= carried { Hit::CARRIED } else { 0 },
                symbols: 0,
                term: Hit::PATTERN,
                disguises: DisguiseSet::EMPTY,
                risk: 0.0,
            };
            scanner.scratch.truncated |= !push_within(&mut scanner.scratch.hits, hit);
        }
    }
    scanner.scratch.steps += steps;
    scanner.scratch.hits.sort_unstable_by_key(|hit| (hit.last, hit.first, hit.concept));
}

/// Goes over characters of three bytes that no match begins with, which most Chinese is.
#[inline(always)]
fn skip_plain(patterns: &PatternAutomaton<'_>, text: &[u8], mut at: usize) -> usize {
    // Two at a time; most are below the surrogates.
    let is_plain = |bits: u16| {
        bits.wrapping_sub(0x800) < 0xD000 && !patterns.may_begin(u32::from(bits))
    };
    while let Some(eight) = text.get(at..).and_then(|rest| rest.first_chunk())
        && let Some([first, second]) =
            fold::bits_of_two_threes(u64::from_le_bytes(*eight))
        && is_plain(first)
        && is_plain(second)
    {
        at += 6;
    }
    while let Some(code_point) = fold::decode_three_at(text, at)
        && !patterns.may_begin(code_point)
    {
        at += 3;
    }
    at
}

/// Runs the automaton from one place. Returns the patterns that match, a bit each,
/// and the steps taken; fills in where the longest match of each of those ends.
fn matches(
    patterns: &PatternAutomaton<'_>,
    text: &[u8],
    start: usize,
    ends: &mut [usize; PATTERNS_MAX],
) -> (u64, u64) {
    let mut state = PatternAutomaton::START;
    let (mut found, mut steps) = (0, 0);
    let mut folded =
        fold::fold_bytes(text).starting_at(start).take(PATTERN_REACH).peekable();
    let starts_inside = |c: char| {
        let before = c.is_ascii_digit() || c.is_ascii_lowercase();
        before && alphanumeric_before(text, start)
    };
    if folded.peek().is_none_or(|first| first.start != start || starts_inside(first.char))
    {
        return (0, 1);
    }
    while let Some(plain) = folded.next() {
        let mut buffer = [0; 4];
        for byte in plain.char.encode_utf8(&mut buffer).bytes() {
            state = patterns.step(state, byte);
            steps += 1;
        }
        if state == 0 {
            break;
        }
        let accepts = patterns.accepts(state);
        if accepts.is_empty() {
            continue;
        }
        let cut = plain.char.is_ascii_alphanumeric()
            && folded.peek().is_some_and(|next| match plain.char.is_ascii_digit() {
                true => next.char.is_ascii_digit(),
                false => next.char.is_ascii_alphanumeric(),
            });
        if !cut {
            for pattern in accepts {
                if let Some(end) = ends.get_mut(usize::from(pattern.get())) {
                    *end = plain.end;
                    found |= 1 << pattern.get();
                }
            }
        }
    }
    (found, steps)
}
