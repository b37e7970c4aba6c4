//! Folding whole texts, with the way back to the original.

use super::{Fold, decode_escaped, lookup};
use core::ops::Range;

/// One plain character and where it came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FoldedChar {
    /// The plain character.
    pub char: char,
    /// First byte of the source code point in the original text.
    pub start: usize,
    /// End of the source code point, exclusive, in bytes.
    pub end: usize,
    /// What the source code point is.
    pub fold: Fold,
}

impl FoldedChar {
    /// The bytes of the source code point in the original text.
    pub fn range(&self) -> Range<usize> {
        self.start..self.end
    }
}

/// Folds a text: an iterator over plain characters.
///
/// Invisible code points and combining marks are left out; spaces,
/// punctuation and symbols stay, in their plain form. Allocates nothing.
///
/// ```
/// let mut folded = huoyan::fold::fold("加\u{200B}Ⓥ");
/// assert_eq!(folded.next().map(|f| f.char), Some('加'));
/// let second = folded.next().unwrap();
/// assert_eq!((second.char, second.range()), ('v', 6..9));
/// ```
pub fn fold(text: &str) -> FoldedText<'_> {
    fold_bytes(text.as_bytes())
}

/// [`fold`] for bytes that need not be valid UTF-8.
///
/// An invalid sequence becomes one U+FFFD.
pub fn fold_bytes(bytes: &[u8]) -> FoldedText<'_> {
    FoldedText { bytes, at: 0, pending: None, start: 0 }
}

/// The iterator of [`fold`].
#[derive(Clone, Debug)]
pub struct FoldedText<'t> {
    bytes: &'t [u8],
    at: usize,
    start: usize,
    pending: Option<(Fold, usize)>,
}

impl<'t> FoldedText<'t> {
    /// Starts in the middle: `at` is a byte offset on a character border.
    /// Offsets stay those of the whole text.
    pub fn starting_at(mut self, at: usize) -> FoldedText<'t> {
        (self.at, self.pending) = (at.min(self.bytes.len()), None);
        self
    }
}

impl Iterator for FoldedText<'_> {
    type Item = FoldedChar;

    #[inline]
    fn next(&mut self) -> Option<FoldedChar> {
        if let Some((fold, taken)) = self.pending {
            if let Some(char) = fold.chars().nth(taken) {
                self.pending = Some((fold, taken + 1));
                return Some(FoldedChar { char, start: self.start, end: self.at, fold });
            }
            self.pending = None;
        }
        loop {
            let (char, length) = decode_escaped(self.bytes.get(self.at..)?)?;
            self.start = self.at;
            self.at += length;
            if char.is_ascii_lowercase() || char.is_ascii_digit() {
                return Some(FoldedChar {
                    char,
                    start: self.start,
                    end: self.at,
                    fold: lookup(char),
                });
            }
            let fold = lookup(char);
            if fold.is_unseen() {
                continue;
            }
            let char = fold.only().unwrap_or_else(|| {
                self.pending = Some((fold, 1));
                fold.first()
            });
            return Some(FoldedChar { char, start: self.start, end: self.at, fold });
        }
    }
}
