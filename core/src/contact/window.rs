//! A look ahead over the folded text.

use crate::fold::{self, FoldedChar, FoldedText};

/// Most folded characters that an identifier is read from.
pub(super) const WINDOW: usize = 64;

/// The folded characters from one place on, read only as far as asked for.
pub(super) struct Window<'t> {
    text: &'t [u8],
    chars: [Option<FoldedChar>; WINDOW],
    filled: usize,
    /// How often a character was asked for.
    asked: u32,
    rest: FoldedText<'t>,
}

impl<'t> Window<'t> {
    /// The characters of `text` from the byte offset `start` on.
    pub(super) fn new(text: &'t [u8], start: usize) -> Window<'t> {
        let rest = fold::fold_bytes(text).starting_at(start);
        Window { text, chars: [None; WINDOW], filled: 0, asked: 0, rest }
    }

    /// Lets the window begin at another byte offset.
    pub(super) fn move_to(&mut self, start: usize) {
        self.rest = fold::fold_bytes(self.text).starting_at(start);
        self.filled = 0;
    }

    /// The character at a place, counted from the start of the window. `None`
    /// past the end of the text and of the window.
    pub(super) fn get(&mut self, place: usize) -> Option<FoldedChar> {
        self.asked = self.asked.wrapping_add(1);
        while self.filled <= place.min(WINDOW - 1) {
            self.chars[self.filled] = self.rest.next();
            self.filled += 1;
        }
        if place < self.filled { self.chars[place] } else { None }
    }

    /// How often a character was asked for since this was last asked: the steps
    /// that were taken here.
    pub(super) fn take_asked(&mut self) -> u64 {
        u64::from(core::mem::take(&mut self.asked))
    }

    /// The plain character at a place; a blank where there is none.
    pub(super) fn char(&mut self, place: usize) -> char {
        self.get(place).map_or(' ', |folded| folded.char)
    }

    /// Where the character at a place begins, in bytes.
    pub(super) fn start(&mut self, place: usize) -> usize {
        self.get(place).map_or(0, |folded| folded.start)
    }

    /// Where the character before a place ends, in bytes.
    pub(super) fn end(&mut self, place: usize) -> usize {
        place
            .checked_sub(1)
            .and_then(|before| self.get(before))
            .map_or(0, |folded| folded.end)
    }

    /// Whether the characters of a place on are this plain text, all of them.
    pub(super) fn is(&mut self, from: usize, length: usize, plain: &str) -> bool {
        length == plain.len()
            && plain.chars().enumerate().all(|(n, c)| self.char(from + n) == c)
    }
}
