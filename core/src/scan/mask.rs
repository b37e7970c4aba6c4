//! Masking: findings and contacts out of sight.
//!
//! What is masked is scanned again until nothing is left, since a place may have
//! kept another from counting, and `*` itself may be read as a letter. A text
//! with more than one verdict tells is masked in parts that overlap, so that the
//! time it takes grows with its length only.

use super::limits::TEXT_BYTES_MAX;
use super::scratch::Scratch;
use super::verdict::Verdict;
use crate::fold::decode;
use crate::ruleset::Ruleset;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::{self, Write};
use core::ops::Range;

/// Bytes of a long text that are masked together.
const PART: usize = 4 << 10;
/// Bytes behind a part that are scanned with it, since they may decide what it
/// comes to, and are masked with the next one.
const AHEAD: usize = 1 << 10;
/// Bytes before a part that are scanned with it.
const BEHIND: usize = 1 << 10;
/// How often the same stretch is masked in a row. Texts take two or three rounds.
const ROUNDS_MAX: usize = 16;
/// How often a text is masked as a whole and then in parts.
const PASSES_MAX: usize = 4;

impl Ruleset<'_> {
    /// The text with its findings and contacts masked by `*`, one for each code
    /// point; white space stays. However many there are, a scan of what comes
    /// out finds nothing that could still be masked.
    ///
    /// Takes time in proportion to the text's length.
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
    pub fn mask(&self, scratch: &mut Scratch, text: &str) -> String {
        let mut bytes = Vec::from(text);
        let length = self.mask_in_place(scratch, &mut bytes);
        bytes.truncate(length);
        // Whole code points were replaced.
        String::from_utf8(bytes).unwrap_or_default()
    }

    /// [`mask`](Self::mask) for bytes, which need not be valid UTF-8, where they
    /// lie: the masked text is the first bytes, as many as are returned; what the
    /// others hold is unspecified. An invalid sequence counts as one code point.
    ///
    /// Allocates nothing. [`Scratch::steps`] then tells the steps of all scans
    /// that it took.
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use huoyan::{Ruleset, Scratch};
    ///
    /// let ruleset = Ruleset::builtin();
    /// let mut text = "你好，大量V信号出售".to_owned().into_bytes();
    /// let length = ruleset.mask_in_place(&mut Scratch::new(ruleset), &mut text);
    /// assert!(text[..length].ends_with(b"**"));
    /// # }
    /// ```
    pub fn mask_in_place(&self, scratch: &mut Scratch, text: &mut [u8]) -> usize {
        let mut mask = Masking { ruleset: self, scratch, steps: 0 };
        let length = mask.run(text);
        mask.scratch.steps = mask.steps;
        length
    }
}

/// The masking of one text.
struct Masking<'m> {
    ruleset: &'m Ruleset<'m>,
    scratch: &'m mut Scratch,
    steps: u64,
}

impl Masking<'_> {
    /// Masks the text where it lies; returns its new length.
    fn run(&mut self, text: &mut [u8]) -> usize {
        let mut length = text.len();
        for pass in 0..PASSES_MAX {
            for _ in 0..ROUNDS_MAX {
                self.scan(&text[..length]);
                if self.scratch.truncated {
                    break;
                }
                match hide(spans(self.scratch, true), &mut text[..length]) {
                    Some(shorter) => length = shorter,
                    None => return length,
                }
            }
            let all_was_read = pass > 0 || length <= TEXT_BYTES_MAX;
            if all_was_read && spans(self.scratch, true).next().is_none() {
                return length;
            }
            // A finding has the names that tell what is a contact: contacts first.
            for findings in [false, true] {
                length = self.in_parts(&mut text[..length], findings);
            }
        }
        // Places longer than a part, more of them than verdicts tell: such a
        // text is made for this.
        hide(core::iter::once(0..length), &mut text[..length]).unwrap_or(length)
    }

    /// Masks the contacts of a text part by part, and its findings if it is to.
    /// Parts move towards the start as those before them get shorter.
    fn in_parts(&mut self, text: &mut [u8], findings: bool) -> usize {
        // What is before `done` is masked, but for its last bytes, which wait for
        // what is behind them; what is from `next` on is to come.
        let (mut done, mut next) = (0_usize, 0_usize);
        while next < text.len() {
            let from = border(text, done.saturating_sub(BEHIND + AHEAD));
            let end = border(text, next.saturating_add(PART));
            text.copy_within(next..end, done);
            done += end - next;
            next = end;
            let ahead = if next == text.len() { 0 } else { AHEAD };
            for _ in 0..ROUNDS_MAX {
                self.scan(&text[from..done]);
                let until = (done - from).saturating_sub(ahead);
                let own =
                    spans(self.scratch, findings).take_while(|span| span.start < until);
                match hide(own, &mut text[from..done]) {
                    Some(shorter) => done = from + shorter,
                    None => break,
                }
                if !findings && !self.scratch.truncated {
                    break;
                }
            }
        }
        done
    }

    fn scan(&mut self, text: &[u8]) {
        self.ruleset.scan_bytes(self.scratch, text);
        self.steps += self.scratch.steps;
    }
}

/// The first border of a character at `at` or behind it, as far as one is near.
fn border(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or(&[]);
    let inside = rest.iter().take(3).take_while(|byte| **byte & 0xC0 == 0x80);
    at.min(text.len()) + inside.count()
}

/// The spans of contacts, and of findings if they are wanted, by where they begin.
fn spans(scratch: &Scratch, findings: bool) -> impl Iterator<Item = Range<usize>> {
    let findings = if findings { scratch.findings.as_slice() } else { &[] };
    let mut findings = findings.iter().map(|f| (f.start, f.end)).peekable();
    let mut contacts = scratch.contacts.iter().map(|c| (c.start, c.end)).peekable();
    core::iter::from_fn(move || {
        let is_contact = match (findings.peek(), contacts.peek()) {
            (Some(finding), Some(contact)) => contact < finding,
            (finding, _) => finding.is_none(),
        };
        let (start, end) = if is_contact { contacts.next() } else { findings.next() }?;
        Some(start as usize..end as usize)
    })
}

/// Masks the spans of a text, which come by their starts. Returns the new length;
/// `None` if there is nothing but `*` and white space in them.
fn hide(spans: impl Iterator<Item = Range<usize>>, text: &mut [u8]) -> Option<usize> {
    let (mut read, mut written, mut has_changed) = (0, 0, false);
    for span in spans {
        if span.start > read {
            text.copy_within(read..span.start, written);
            written += span.start - read;
            read = span.start;
        }
        while read < span.end {
            let Some((c, length)) = text.get(read..).and_then(decode) else { break };
            if c.is_whitespace() {
                text.copy_within(read..read + length, written);
                written += length;
            } else {
                has_changed |= c != '*';
                text[written] = b'*';
                written += 1;
            }
            read += length;
        }
    }
    text.copy_within(read.., written);
    has_changed.then(|| written + text.len() - read)
}

/// Writes a text with the findings and contacts of its verdict masked by `*`,
/// one for each code point; white space stays. What a limit keeps from the
/// verdict stays too: [`Ruleset::mask`] masks all.
///
/// # Errors
///
/// What `out` returns.
pub fn mask(verdict: &Verdict<'_>, text: &str, out: &mut impl Write) -> fmt::Result {
    let mut pieces = mask_bytes(verdict, text.as_bytes());
    // Pieces are code points of a string, or `*`.
    pieces.try_for_each(|piece| out.write_str(core::str::from_utf8(piece).unwrap_or("*")))
}

/// [`mask()`] for bytes that need not be valid UTF-8: the pieces of the masked
/// text. An invalid sequence counts as one code point. Allocates nothing.
///
/// ```
/// # #[cfg(feature = "builtin")] {
/// use huoyan::{Ruleset, Scratch, mask_bytes};
///
/// let (ruleset, text) = (Ruleset::builtin(), "大量V信号出售");
/// let mut scratch = Scratch::new(ruleset);
/// let verdict = ruleset.scan(&mut scratch, text);
/// let masked: Vec<u8> = mask_bytes(&verdict, text.as_bytes()).flatten().copied().collect();
/// assert!(masked.ends_with(b"**"));
/// # }
/// ```
pub fn mask_bytes<'t>(
    verdict: &Verdict<'_>,
    text: &'t [u8],
) -> impl Iterator<Item = &'t [u8]> {
    let mut spans = spans(verdict.scratch(), true).peekable();
    let (mut at, mut until) = (0, 0);
    core::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let (c, length) = decode(rest)?;
        while let Some(span) = spans.next_if(|span| span.start <= at) {
            until = until.max(span.end);
        }
        let covered = at < until;
        at += length;
        if covered && !c.is_whitespace() { Some(&b"*"[..]) } else { rest.get(..length) }
    })
}
