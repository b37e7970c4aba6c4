//! Texts that come in chunks.
//!
//! Chunks go into a window. A glance goes over each byte once and looks for
//! anchors alone, since all that a scan tells is near one. Where the text has
//! had none for so long that nothing before can have to do with anything
//! after, it is *quiet*: there the window is cut, and what is before the cut is
//! scanned as a text of its own, if it has an anchor. So a stream tells what a
//! scan of the whole text tells.

use super::glance::{Glance, Look, Tables};
use super::pattern::symbols_of;
use super::scanner::{OVERRIDE_MAX, Scanner};
use super::scratch::Scratch;
use super::verdict::Verdict;
use crate::automaton::TOKENS_MAX;
use crate::category::Category;
use crate::fold::{ESCAPE_BYTES_MAX, decode_escaped_number};
use crate::ruleset::{Ruleset, Symbols};
use crate::score::score;
use alloc::vec::Vec;
use core::iter::FusedIterator;

/// Bytes of a window, unless asked for otherwise.
const WINDOW: usize = 64 << 10;
/// Bytes that the smallest window has.
const WINDOW_MIN: usize = 16 << 10;
/// Right-to-left override.
const OVERRIDE: u32 = 0x202E;

/// How far behind an anchor something may belong to it, in widest windows of
/// rules: what the scanner reads there, and one of them more on either side.
const AFTER_REACHES: u32 = 12;
/// The same before an anchor. An escape weighs as little as half a symbol there.
const BEFORE_REACHES: u32 = 9;
/// Symbols beyond that patterns, contacts and borders of words may look at.
const MARGIN: u32 = 192 + 2 * TOKENS_MAX as u32;
/// A letter or digit weighs 1 before an anchor, because up to so many may be
/// one escape; another symbol weighs this.
const SYMBOL_WEIGHT: u32 = 6;

/// A text that comes in chunks of bytes, cut anywhere.
///
/// What is found is told as soon as it is settled, in parts of the text, by
/// their place in the whole. All parts together are what
/// [`Ruleset::scan_bytes`] tells of the whole text, without the limits on how
/// much one text may have.
///
/// # Resources
///
/// A stream has a window of fixed size and a [`Scratch`]; feeding it allocates
/// nothing, and takes time in proportion to the bytes fed, however small the
/// chunks are. A stretch of text that does not fit into the window and has no
/// quiet place (anchors all along, or tens of thousands of bytes of noise) is
/// cut at its end; then [`truncated`](Self::truncated) is set.
///
/// # Example
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use huoyan::{Ruleset, Stream};
///
/// let mut stream = Stream::new(Ruleset::builtin());
/// let mut seen = Vec::new();
/// let post = "大量Ｖ信号出售，老号带支付".as_bytes();
/// for chunk in post.chunks(5) {
///     stream.feed(chunk, |part| seen.extend(part.verdict().findings().map(|f| f.category())));
/// }
/// stream.finish(|part| seen.extend(part.verdict().findings().map(|f| f.category())));
/// assert!(seen.contains(&huoyan::Category::AccountTrade));
/// # }
/// ```
pub struct Stream<'r> {
    ruleset: &'r Ruleset<'r>,
    scratch: Scratch,
    window: Vec<u8>,
    /// Where the window begins in the whole.
    offset: u64,
    reader: Reader,
    quiet: Quiet,
    total: Total,
    has_ended: bool,
}

/// A part of a stream that is settled.
#[derive(Clone, Copy, Debug)]
pub struct StreamPart<'s> {
    verdict: Verdict<'s>,
    offset: u64,
    is_cut: bool,
}

impl<'s> StreamPart<'s> {
    /// What the part comes to. Its spans count from [`offset`](Self::offset).
    pub fn verdict(&self) -> Verdict<'s> {
        self.verdict
    }

    /// Where the part begins, in bytes from the start of the stream.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The bytes of the part.
    pub fn text(&self) -> &'s [u8] {
        self.verdict.bytes()
    }

    /// Whether a limit cut what is told of the part, or the part itself.
    pub fn truncated(&self) -> bool {
        self.is_cut || self.verdict.truncated()
    }
}

/// What all parts so far come to.
#[derive(Clone, Copy, Default)]
struct Total {
    /// Log-odds of the best place.
    best: Option<f32>,
    /// The category of the best finding, with its log-odds.
    category: Option<(f32, Category)>,
    platforms: u64,
    truncated: bool,
    /// Bytes of the text, once it has ended.
    length: u64,
}

impl<'r> Stream<'r> {
    /// A stream with a window of 64 KiB.
    pub fn new(ruleset: &'r Ruleset<'r>) -> Stream<'r> {
        Stream::with_window(ruleset, WINDOW)
    }

    /// A stream with a window of so many bytes, between 16 KiB and 1 GiB; what
    /// is beyond that is taken as the nearest.
    pub fn with_window(ruleset: &'r Ruleset<'r>, bytes: usize) -> Stream<'r> {
        Stream {
            ruleset,
            scratch: Scratch::new(ruleset),
            window: Vec::with_capacity(bytes.clamp(WINDOW_MIN, 1 << 30)),
            offset: 0,
            reader: Reader::default(),
            quiet: Quiet::new(ruleset),
            total: Total::default(),
            has_ended: false,
        }
    }

    /// Goes on with the text. Calls `sink` with every part that is settled by
    /// that and in which there is something to tell.
    pub fn feed(&mut self, mut chunk: &[u8], mut sink: impl FnMut(StreamPart<'_>)) {
        self.begin();
        loop {
            let room = self.window.capacity() - self.window.len();
            let (fits, rest) = chunk.split_at(chunk.len().min(room));
            self.window.extend_from_slice(fits);
            chunk = rest;
            // The rest of the last character may be in the next chunk.
            while self.read(ESCAPE_BYTES_MAX) {
                self.tell(self.quiet.cut, false, &mut sink);
            }
            if chunk.is_empty() {
                return;
            }
            if self.window.len() == self.window.capacity() {
                self.make_room(&mut sink);
            }
        }
    }

    /// Begins another text, if the one before has ended.
    fn begin(&mut self) {
        if self.has_ended {
            (self.total, self.has_ended) = (Total::default(), false);
        }
    }

    /// Ends the text. Calls `sink` as [`feed`](Self::feed) does. What the text came to can
    /// be asked for until the next begins: with the next chunk, or, if that text is empty,
    /// with its own `finish`.
    pub fn finish(&mut self, mut sink: impl FnMut(StreamPart<'_>)) {
        self.begin();
        while self.read(0) {
            self.tell(self.quiet.cut, false, &mut sink);
        }
        if self.quiet.has_anchor {
            self.tell(self.window.len(), false, &mut sink);
        }
        self.total.length = self.length();
        self.window.clear();
        self.offset = 0;
        self.reader = Reader::default();
        self.quiet = Quiet::new(self.ruleset);
        self.has_ended = true;
    }

    /// Whether a finding has reached the pack's threshold so far.
    pub fn is_flagged(&self) -> bool {
        self.total.category.is_some()
    }

    /// The highest score of any place so far, 0 to 100, whether or not it
    /// reaches the threshold; 0 where no rule fired.
    pub fn score(&self) -> f32 {
        self.total.best.map_or(0.0, score)
    }

    /// The category of the finding with the highest score so far.
    pub fn category(&self) -> Option<Category> {
        self.total.category.map(|(_, category)| category)
    }

    /// Every platform that the text has named so far, flagged or not.
    pub fn platforms(
        &self,
    ) -> impl ExactSizeIterator<Item = &'r str> + DoubleEndedIterator + FusedIterator + use<'r>
    {
        self.ruleset.platforms_of(self.total.platforms)
    }

    /// Whether a limit has cut something so far.
    pub fn truncated(&self) -> bool {
        self.total.truncated
    }

    /// Bytes of the text so far, or of the one that has ended.
    pub fn length(&self) -> u64 {
        self.total.length + self.offset + self.window.len() as u64
    }

    /// The ruleset.
    pub fn ruleset(&self) -> &'r Ruleset<'r> {
        self.ruleset
    }

    /// Reads on, but for a character that may have more than the last `hold` bytes.
    /// Stops where the text is quiet after an anchor, and says so.
    fn read(&mut self, hold: usize) -> bool {
        let tables = Tables::of(self.ruleset);
        let Stream { window, scratch, reader, quiet, .. } = self;
        let mut scanner = Scanner::new(self.ruleset, &tables, window, scratch);
        scanner.walker.is_part = hold > 0;
        loop {
            if reader.count(tables.symbols, window, quiet) {
                return true;
            }
            if reader.anchor.take().is_some() {
                quiet.start_again();
            }
            let mut glance = Glance::go_on(&tables, reader.look);
            let found = glance.next_of_part(window, hold);
            reader.look = glance.look;
            match found {
                Some(at) => {
                    let Look { at: end, lead, .. } = reader.look;
                    let is_anchor = scanner.may_end_anchor(at, end, lead);
                    reader.anchor = is_anchor.then_some(end);
                }
                None if reader.counted >= reader.look.at => return false,
                None => {}
            }
        }
    }

    /// Forgets what is before a quiet place, or else tells all of the window.
    fn make_room(&mut self, sink: &mut impl FnMut(StreamPart<'_>)) {
        match self.quiet.cut {
            0 => {
                self.tell(self.reader.look.at, true, sink);
                self.reader = Reader::default();
                self.quiet = Quiet::new(self.ruleset);
            }
            cut => self.slide(cut),
        }
    }

    /// Scans the window up to `cut`, tells what is there, and forgets it.
    fn tell(&mut self, cut: usize, is_cut: bool, sink: &mut impl FnMut(StreamPart<'_>)) {
        let text = self.window.get(..cut).unwrap_or(&[]);
        let verdict = self.ruleset.scan_bytes(&mut self.scratch, text);
        let part = StreamPart { verdict, offset: self.offset, is_cut };
        let has_anything = verdict.is_flagged()
            || verdict.contacts().next().is_some()
            || verdict.attributes().next().is_some()
            || verdict.platforms().next().is_some();
        if has_anything || part.truncated() {
            sink(part);
        }
        self.total.add(&part);
        self.quiet.has_anchor = false;
        self.slide(cut);
    }

    /// Forgets the window up to `cut`.
    fn slide(&mut self, cut: usize) {
        let rest = self.window.len() - cut;
        self.window.copy_within(cut.., 0);
        self.window.truncate(rest);
        self.offset += cut as u64;
        self.reader.slide(cut);
        self.quiet.slide(cut);
    }
}

impl core::fmt::Debug for Stream<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Stream")
            .field("length", &self.length())
            .field("is_flagged", &self.is_flagged())
            .finish_non_exhaustive()
    }
}

impl Total {
    fn add(&mut self, part: &StreamPart<'_>) {
        let verdict = part.verdict;
        self.truncated |= part.truncated();
        self.platforms |= verdict.platform_set();
        let best = verdict.best();
        if best.is_finite() && self.best.is_none_or(|known| best > known) {
            self.best = Some(best);
        }
        for finding in verdict.findings() {
            let found = (finding.log_odds(), finding.category());
            let is_better = self.category.is_none_or(|(log_odds, category)| {
                found.0 > log_odds || found.0 == log_odds && found.1 < category
            });
            if is_better {
                self.category = Some(found);
            }
        }
    }
}

/// Goes over the text once. A glance goes ahead; symbols are counted behind it.
#[derive(Default)]
struct Reader {
    look: Look,
    /// The next byte to count.
    counted: usize,
    /// The end of an anchor that was seen, and not yet counted.
    anchor: Option<usize>,
    /// Code points that an override may still reverse.
    reversed: u32,
}

/// What one character of the text came to.
struct Passed {
    count: u32,
    weight: u32,
}

impl Reader {
    /// Counts what the glance has gone over, up to an anchor if there is one.
    /// Whether the text can be cut behind an anchor.
    fn count(&mut self, symbols: &Symbols<'_>, text: &[u8], quiet: &mut Quiet) -> bool {
        let until = self.anchor.unwrap_or(self.look.at);
        while self.counted < until {
            let rest = text.get(self.counted..).unwrap_or(&[]);
            let Some((code_point, length)) = decode_escaped_number(rest) else { break };
            self.counted += length;
            if code_point == OVERRIDE {
                self.reversed = OVERRIDE_MAX + 1;
            }
            if self.reversed > 0 {
                // What it shows may be an anchor, whatever the letters are.
                self.reversed -= 1;
                quiet.start_again();
                continue;
            }
            let count = symbols_of(symbols, symbols.cell_of_number(code_point));
            let weight = if code_point < 0x80 { 1 } else { SYMBOL_WEIGHT };
            let passed = Passed { count, weight: weight * count };
            if quiet.go_on(&passed, self.counted) {
                return true;
            }
        }
        false
    }

    fn slide(&mut self, cut: usize) {
        self.look.at = self.look.at.saturating_sub(cut);
        self.look.lead = self.look.lead.saturating_sub(cut);
        self.counted = self.counted.saturating_sub(cut);
        self.anchor = self.anchor.map(|end| end.saturating_sub(cut));
    }
}

/// Where the text has been without an anchor for long enough.
struct Quiet {
    /// Symbols needed from an anchor to a cut.
    after: u32,
    /// Weight needed from a cut to the next anchor.
    before: u32,
    /// Symbols since the last anchor.
    since: u32,
    /// Where a cut is possible if no anchor follows soon.
    candidate: Option<usize>,
    /// Weight since the candidate.
    weight: u32,
    /// Where the window can be cut; 0 if nowhere.
    cut: usize,
    /// Whether the window has an anchor, behind the cut if there is one.
    has_anchor: bool,
}

impl Quiet {
    fn new(ruleset: &Ruleset<'_>) -> Quiet {
        let reach = u32::from(ruleset.header().reach.get());
        Quiet {
            after: AFTER_REACHES * reach + MARGIN,
            before: (BEFORE_REACHES * reach + MARGIN) * SYMBOL_WEIGHT,
            since: u32::MAX,
            candidate: Some(0),
            weight: 0,
            cut: 0,
            has_anchor: false,
        }
    }

    /// An anchor: nothing near it is quiet.
    fn start_again(&mut self) {
        (self.since, self.candidate, self.has_anchor) = (0, None, true);
    }

    /// A character without an anchor, which ends at `end`. Whether the text can
    /// be cut now behind an anchor.
    #[inline]
    fn go_on(&mut self, passed: &Passed, end: usize) -> bool {
        if passed.count == 0 {
            return false;
        }
        self.since = self.since.saturating_add(passed.count);
        self.weight = self.weight.saturating_add(passed.weight);
        match self.candidate {
            None if self.since >= self.after => {
                (self.candidate, self.weight) = (Some(end), 0);
            }
            Some(candidate) if self.weight >= self.before => {
                (self.candidate, self.weight, self.cut) = (Some(end), 0, candidate);
                return self.has_anchor && candidate > 0;
            }
            _ => {}
        }
        false
    }

    fn slide(&mut self, cut: usize) {
        self.candidate = self.candidate.map(|candidate| candidate.saturating_sub(cut));
        self.cut = 0;
    }
}

#[cfg(all(test, feature = "builtin"))]
mod tests {
    use super::*;

    /// Offsets go on beyond 32 bits.
    #[test]
    fn a_stream_may_be_longer_than_a_text() {
        const OFFER: &str = "大量V信号出售，老号带支付";
        let mut stream = Stream::new(Ruleset::builtin());
        stream.offset = u64::from(u32::MAX);
        let mut seen = Vec::new();
        for _ in 0..3 {
            stream.feed("山高月小而石自现".repeat(1000).as_bytes(), |_| {});
            let before = stream.length();
            stream.feed(OFFER.as_bytes(), |_| {});
            let mut found = |part: StreamPart<'_>| {
                for finding in part.verdict().findings() {
                    let range = finding.range();
                    assert!(part.offset() + range.start as u64 >= before);
                    assert!(
                        part.offset() + range.end as u64 <= before + OFFER.len() as u64
                    );
                    assert_eq!(part.text().get(range), Some(finding.text().as_bytes()));
                    seen.push(part.offset());
                }
            };
            stream.feed("山高月小而石自现".repeat(1000).as_bytes(), &mut found);
        }
        assert!(seen.len() >= 3 && seen.iter().all(|at| *at >= u64::from(u32::MAX)));
        assert!(!stream.truncated());
    }
}
