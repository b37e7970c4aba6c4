//! The ring of recent symbols.

use crate::automaton::TOKENS_MAX;
use crate::fold::{self, Disguise, DisguiseSet, Noise};
use crate::ruleset::Cell;

/// One symbol of the text, with the noise before it: eight bytes.
#[derive(Clone, Copy, Default)]
pub(crate) struct Token {
    /// First byte of its code point.
    pub(crate) start: u32,
    /// 0 for a character that no term names: it ends every match.
    pub(crate) symbol: u16,
    /// Cost of the visible noise between the token before and this one.
    pub(crate) gap: u8,
    /// What that noise is, a bit for each member of [`NOISE_DISGUISES`].
    noise: u8,
}

/// Visible noise that no match may have between two letters.
pub(crate) const GAP_MAX: u8 = 4;

/// What a lone letter between hanzi costs in a gap.
pub(super) const FILLER: u32 = 2;

/// The disguises that noise may be.
const NOISE_DISGUISES: [Disguise; 6] = [
    Disguise::Separator,
    Disguise::Invisible,
    Disguise::Combining,
    Disguise::Private,
    Disguise::Filler,
    Disguise::Override,
];

/// By noise class: the cost, and the bit of its disguise.
const NOISE: [(u8, u8); Noise::ALL.len()] = {
    let mut table = [(0, 0); Noise::ALL.len()];
    let mut class = 0;
    while class < table.len() {
        let noise = Noise::ALL[class];
        let mut bit = 0;
        while NOISE_DISGUISES[bit] as u8 != noise.disguise() as u8 {
            bit += 1;
        }
        table[class] = (noise.cost(), 1 << bit);
        class += 1;
    }
    table
};

impl Token {
    /// The disguises that the noise before the token is.
    #[inline]
    pub(crate) fn noise_disguises(&self) -> DisguiseSet {
        if self.noise == 0 {
            return DisguiseSet::EMPTY;
        }
        let kinds = NOISE_DISGUISES.into_iter().enumerate();
        kinds
            .filter(|(bit, _)| self.noise >> bit & 1 != 0)
            .map(|(_, kind)| kind)
            .collect()
    }

    /// End of its code point, exclusive.
    pub(crate) fn end(&self, text: &[u8]) -> u32 {
        let source = text.get(self.start as usize..).and_then(fold::decode_escaped);
        self.start + source.map_or(0, |(_, length)| length as u32)
    }
}

/// Noise since the last token.
#[derive(Clone, Copy, Default)]
pub(super) struct Gap {
    cost: u8,
    noise: u8,
}

impl Gap {
    #[inline(always)]
    pub(super) fn add(&mut self, class: Noise) {
        let (cost, bit) = NOISE[class as usize];
        self.cost = self.cost.saturating_add(cost);
        self.noise |= bit;
    }

    /// Whether there is none.
    #[inline(always)]
    pub(super) fn is_empty(self) -> bool {
        self.cost == 0 && self.noise == 0
    }

    /// Whether no match may reach over it.
    #[inline(always)]
    pub(super) fn is_wide(self) -> bool {
        self.cost > GAP_MAX
    }

    /// Marks the next token as part of a run that is displayed reversed.
    pub(super) fn add_override(&mut self) {
        self.noise |= 1 << (NOISE_DISGUISES.len() - 1);
    }
}

/// Most tokens that a [`LookBack`] takes.
pub(super) const LOOK_BACK_MAX: u32 = TOKENS_MAX as u32 - 2;

/// Fills a ring from the last token of a place on backwards.
pub(super) struct LookBack<'s> {
    ring: &'s mut Ring,
    /// Symbol and start of the latest, until the noise before it is known.
    pending: Option<(u16, u32)>,
    number: u32,
    gap: Gap,
    /// No match reaches beyond what was taken.
    is_at_end: bool,
}

impl LookBack<'_> {
    pub(super) fn new(ring: &mut Ring) -> LookBack<'_> {
        let number = Ring::LOOK_BACK + 1;
        LookBack { ring, pending: None, number, gap: Gap::default(), is_at_end: false }
    }

    /// Takes the cell before what was taken.
    pub(super) fn take(&mut self, cell: Cell, start: usize) {
        if let Some(class) = cell.as_noise() {
            self.gap.add(class);
            self.is_at_end |= self.gap.is_wide();
            return;
        }
        if cell.is_expansion() || self.count() >= LOOK_BACK_MAX {
            return;
        }
        self.put();
        self.number -= 1;
        self.pending = Some((cell.0, start as u32));
        self.is_at_end |= cell == Cell::OTHER;
    }

    /// How many symbols were taken.
    pub(super) fn count(&self) -> u32 {
        Ring::LOOK_BACK + 1 - self.number
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.is_at_end
    }

    /// Ends the ring: what is before it has not been read.
    pub(super) fn finish(mut self) {
        self.put();
        self.ring.put(self.number - 1, Ring::UNREAD, 0, Gap::default());
    }

    fn put(&mut self) {
        if let Some((symbol, start)) = self.pending.take() {
            self.ring.put(self.number, symbol, start, self.gap);
            self.gap = Gap::default();
        }
    }
}

/// The last [`TOKENS_MAX`] tokens. A token's number is how many symbols stand
/// before it in the text, noise not counted.
#[derive(Clone)]
pub(crate) struct Ring {
    tokens: [Token; TOKENS_MAX],
}

impl Ring {
    /// Number of the last token of a [`LookBack`].
    pub(super) const LOOK_BACK: u32 = TOKENS_MAX as u32;
    /// Stands before the first token of a [`LookBack`]. No symbol is so large.
    pub(super) const UNREAD: u16 = u16::MAX;

    pub(crate) fn new() -> Ring {
        Ring { tokens: [Token::default(); TOKENS_MAX] }
    }

    #[inline(always)]
    pub(super) fn put(&mut self, number: u32, symbol: u16, start: u32, gap: Gap) {
        let token = Token { start, symbol, gap: gap.cost, noise: gap.noise };
        self.tokens[number as usize % TOKENS_MAX] = token;
    }

    #[inline(always)]
    pub(crate) fn get(&self, number: u32) -> &Token {
        &self.tokens[number as usize % TOKENS_MAX]
    }

    /// The first token that a walk from `last` may reach.
    #[inline(always)]
    pub(crate) fn first(&self, last: u32) -> u32 {
        (last + 1).saturating_sub(TOKENS_MAX as u32)
    }
}
