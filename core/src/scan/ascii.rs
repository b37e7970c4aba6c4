//! The glance's loop over ASCII.
//!
//! It keeps what may come before in a pair as one set, without telling how far it is.
//! That is more than there is; where it makes a clue, the loop stops, and the careful
//! way reads on.

use super::glance::{Before, Glance, Look};
use super::token::GAP_MAX;
use crate::automaton::{Clues, LetterRun, Letters};
use crate::ruleset::AsciiKind;

/// What came before, where all of it was ASCII.
struct Chain {
    /// The places of those that may be the first of a pair, the last symbol left out if
    /// that is a letter.
    places: u64,
    /// The last symbol was a letter.
    is_letter: bool,
    /// It stood behind another without anything between.
    is_word: bool,
    /// Noise stands behind it.
    is_apart: bool,
    /// What that costs.
    noise: usize,
}

impl Chain {
    /// `None` if there may be others before.
    #[inline(always)]
    fn of(look: &Look) -> Option<Chain> {
        let Before { is_letter, is_word, is_apart, .. } = look.before;
        (is_word && is_letter || look.before.is_empty()).then_some(Chain {
            places: 0,
            is_letter,
            is_word: is_word && is_letter,
            is_apart,
            noise: 0,
        })
    }

    /// The place of the last symbol, if that is a letter which may begin a pair.
    #[inline(always)]
    fn letter(&self, clues: &Clues<'_>, letters: Letters) -> u64 {
        match self.is_letter && letters.last() > 0 && clues.is_tail(letters) {
            true => 1 << (letters.last() - 1),
            false => 0,
        }
    }
}

impl Glance<'_> {
    /// Reads letters behind a letter, as long as they are plainly no clue.
    #[inline(always)]
    fn word(&self, text: &[u8], mut at: usize, run: &mut LetterRun) -> usize {
        let (clues, letters) = (self.tables.clues, &self.tables.ascii.letters);
        let mut last = *run;
        while let Some(byte) = text.get(at) {
            let letter = letters[usize::from(*byte)];
            if letter == 0 || letter == last.letters.last() {
                break;
            }
            let Some(next) = clues.plain_letter(last, letter) else { break };
            last = next;
            at += 1;
        }
        *run = last;
        at
    }

    /// Reads ASCII until it may complete a clue or is something special.
    pub(super) fn ascii(&mut self, text: &[u8]) {
        let Some(mut chain) = Chain::of(&self.look) else { return };
        let (clues, table) = (self.tables.clues, &self.tables.ascii.bytes);
        let (mut at, mut run) = (self.look.at, self.look.run);
        while let Some(byte) = text.get(at).and_then(|byte| table.get(usize::from(*byte)))
        {
            if byte.kind == AsciiKind::Noise {
                chain.noise += usize::from(byte.cost);
                chain.is_apart = true;
                at += 1;
                continue;
            }
            // Most letters are inside a word, and plainly no clue.
            if chain.is_letter && !chain.is_apart && chain.places == 0 {
                let end = self.word(text, at, &mut run);
                if end > at {
                    (chain.is_word, at) = (true, end);
                    continue;
                }
            }
            // Behind so much noise nothing goes on; that a letter stays is more than
            // there is.
            if chain.noise > usize::from(GAP_MAX) {
                chain.places = 0;
            }
            match byte.kind {
                AsciiKind::Letter => {
                    let is_repeat = chain.is_letter && byte.letter == run.letters.last();
                    let (next, is_clue) = clues.letter(run, byte.letter, is_repeat);
                    if is_clue || chain.places & byte.befores != 0 {
                        break;
                    }
                    chain.is_word = chain.is_letter && !chain.is_apart;
                    chain.places = match chain.is_word {
                        true => 0,
                        // The last one may be a lone one, and noise.
                        false => chain.places | chain.letter(clues, run.letters),
                    };
                    chain.is_letter = true;
                    run = next;
                }
                AsciiKind::Soft | AsciiKind::Hard => {
                    let places = chain.places | chain.letter(clues, run.letters);
                    let number = u32::from(byte.number);
                    if places & byte.befores != 0
                        && (!chain.is_word || clues.is_tail_of(run.letters, number))
                    {
                        break;
                    }
                    if byte.kind == AsciiKind::Hard {
                        chain.places = byte.place;
                        run.close(byte.opener);
                    } else {
                        chain.places = places | byte.place;
                        run.open(byte.opener);
                    }
                    (chain.is_letter, chain.is_word) = (false, false);
                }
                AsciiKind::Noise | AsciiKind::Special => break,
            }
            (chain.is_apart, chain.noise) = (false, 0);
            at += 1;
        }
        if at == self.look.at {
            return;
        }
        let mut before = Before::default();
        let places = chain.places | chain.letter(clues, run.letters);
        for column in self.tables.ascii.columns_of(places) {
            match column {
                Some(column) => before.add(column),
                None => before.is_any = true,
            }
        }
        before.age(chain.noise);
        before.is_apart = chain.is_apart;
        (before.is_letter, before.is_word) = (chain.is_letter, chain.is_word);
        self.look = Look { at, run, before, ..self.look };
    }
}
