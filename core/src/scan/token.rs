//! The ring of recent symbols.

use crate::automaton::TOKENS_MAX;
use crate::fold::{Disguise, DisguiseSet, Noise};

/// One symbol of the text, with the noise before it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Token {
    pub(crate) symbol: u16,
    /// Cost of the visible noise between the token before and this one.
    pub(crate) gap: u8,
    /// The classes of noise before it, a bit each.
    pub(crate) noise: u16,
    pub(crate) start: u32,
    pub(crate) end: u32,
    /// Number of the symbol in the text, noise not counted.
    pub(crate) ordinal: u32,
}

/// The last [`TOKENS_MAX`] tokens since the last character that ends matches.
pub(crate) struct Ring {
    tokens: [Token; TOKENS_MAX],
    /// Number of the next token.
    next: u32,
    /// The first token that a match may still reach back to.
    barrier: u32,
    /// Noise since the last token.
    gap: u8,
    noise: u16,
    /// Symbols so far, those that no term names included.
    ordinal: u32,
}

/// The bit of [`Token::noise`] for a run that is displayed reversed.
const OVERRIDDEN: u16 = 1 << 15;

/// Visible noise that ends every match.
const GAP_MAX: u8 = 4;

impl Ring {
    pub(crate) fn new() -> Ring {
        Ring {
            tokens: [Token::default(); TOKENS_MAX],
            next: 0,
            barrier: 0,
            gap: 0,
            noise: 0,
            ordinal: 0,
        }
    }

    pub(crate) fn clear(&mut self) {
        (self.next, self.barrier, self.gap, self.noise, self.ordinal) = (0, 0, 0, 0, 0);
    }

    /// A character that no term names.
    #[inline(always)]
    pub(crate) fn interrupt(&mut self) {
        self.barrier = self.next;
        self.ordinal += 1;
        (self.gap, self.noise) = (0, 0);
    }

    /// Marks the next token as part of a run that is displayed reversed.
    pub(crate) fn override_next(&mut self) {
        self.noise |= OVERRIDDEN;
    }

    /// Noise that no term names.
    #[inline(always)]
    pub(crate) fn skip(&mut self, class: Noise) {
        self.noise |= 1 << class as u16;
        self.gap = self.gap.saturating_add(class.cost());
        if self.gap > GAP_MAX {
            self.barrier = self.next;
        }
    }

    /// A symbol; gives its number.
    #[inline(always)]
    pub(crate) fn push(&mut self, symbol: u16, start: u32, end: u32) -> u32 {
        let token = Token {
            symbol,
            gap: self.gap,
            noise: self.noise,
            start,
            end,
            ordinal: self.ordinal,
        };
        let number = self.next;
        self.tokens[number as usize % TOKENS_MAX] = token;
        self.next += 1;
        self.ordinal += 1;
        (self.gap, self.noise) = (0, 0);
        number
    }

    #[inline(always)]
    pub(crate) fn get(&self, number: u32) -> &Token {
        &self.tokens[number as usize % TOKENS_MAX]
    }

    /// The first token that a walk from `last` may reach.
    #[inline(always)]
    pub(crate) fn first(&self, last: u32) -> u32 {
        self.barrier.max((last + 1).saturating_sub(TOKENS_MAX as u32))
    }

    /// The token before, unless a match cannot reach it.
    #[inline(always)]
    pub(crate) fn before(&self, number: u32) -> Option<&Token> {
        (number > self.first(number)).then(|| self.get(number - 1))
    }

    /// Symbols so far.
    pub(crate) fn ordinal(&self) -> u32 {
        self.ordinal
    }
}

impl Token {
    /// The disguises that the noise before the token is.
    pub(crate) fn noise_disguises(&self) -> DisguiseSet {
        let classes = Noise::ALL.into_iter().filter(|class| self.noise >> *class as u16 & 1 != 0);
        let mut found: DisguiseSet = classes.map(Noise::disguise).collect();
        if self.noise & OVERRIDDEN != 0 {
            found.insert(Disguise::Override);
        }
        found
    }
}
