//! The universal fold table.

use super::Disguise;

include!(concat!(env!("OUT_DIR"), "/fold_table.rs"));

/// Code points of a block of the table.
pub(crate) const BLOCK: usize = 64;
const NONE: u8 = 0xFF;
const EXPANSION: u32 = 0x8000_0000;

/// The classes of noise: code points that disguises put between letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
#[non_exhaustive]
pub enum Noise {
    /// Default-ignorable and other code points without a shape.
    Invisible = 0,
    /// Marks that sit on the character before.
    Combining = 1,
    /// Private use.
    Private = 2,
    /// White space inside a line.
    Space = 3,
    /// Line and paragraph breaks.
    Break = 4,
    /// Ends of sentences: `。！？`.
    Stop = 5,
    /// Other punctuation.
    Punctuation = 6,
    /// Symbols and emoji.
    Symbol = 7,
    /// Single strokes and stroke-like components: `丶`, `氵`.
    Stroke = 8,
}

impl Noise {
    /// Every class, in the order of the discriminants.
    pub const ALL: &'static [Noise] = &[
        Noise::Invisible,
        Noise::Combining,
        Noise::Private,
        Noise::Space,
        Noise::Break,
        Noise::Stop,
        Noise::Punctuation,
        Noise::Symbol,
        Noise::Stroke,
    ];

    /// What one code point of this class costs in a gap.
    ///
    /// What a reader does not see costs nothing; what ends a line or a
    /// sentence costs double.
    pub const fn cost(self) -> u8 {
        match self {
            Noise::Invisible | Noise::Combining => 0,
            Noise::Break | Noise::Stop => 2,
            _ => 1,
        }
    }

    /// The disguise that noise of this class is when it stands inside a word.
    pub const fn disguise(self) -> Disguise {
        match self {
            Noise::Invisible => Disguise::Invisible,
            Noise::Combining => Disguise::Combining,
            Noise::Private => Disguise::Private,
            Noise::Stroke => Disguise::Filler,
            _ => Disguise::Separator,
        }
    }
}

/// What one code point folds to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fold {
    source: char,
    entry: (u32, u8, u8),
}

impl Fold {
    /// The disguise that the code point is, if it is not plain.
    pub fn disguise(&self) -> Option<Disguise> {
        Disguise::from_index(self.entry.1)
    }

    /// The noise class, if the code point may be noise.
    pub fn noise(&self) -> Option<Noise> {
        Noise::ALL.get(self.entry.2 as usize).copied()
    }

    /// Whether there is nothing of it to be seen but, perhaps, a mark on the
    /// character before.
    pub(crate) fn is_unseen(&self) -> bool {
        matches!(self.noise(), Some(Noise::Invisible | Noise::Combining))
    }

    /// The plain characters, one to four.
    pub fn chars(&self) -> impl Iterator<Item = char> + Clone + use<> {
        let (target, ..) = self.entry;
        let rest: &'static [char] = match target & EXPANSION {
            0 => &[],
            _ => EXPANSIONS.get((target ^ EXPANSION) as usize).copied().unwrap_or(&[]),
        };
        let single = rest.is_empty().then(|| self.single());
        single.into_iter().chain(rest.iter().copied())
    }

    /// The plain character, if it is the only one.
    #[inline]
    pub(crate) fn only(&self) -> Option<char> {
        (self.entry.0 & EXPANSION == 0).then(|| self.single())
    }

    /// The same of one that is known to be no expansion.
    #[inline]
    fn single(&self) -> char {
        match self.entry {
            (_, NONE, _) => self.source,
            (target, ..) => char::from_u32(target).unwrap_or(self.source),
        }
    }

    /// The first plain character, which for nearly all code points is the only one.
    pub fn first(&self) -> char {
        self.chars().next().unwrap_or(self.source)
    }
}

/// The number of a code point's block: blocks of one number fold alike.
#[cfg(feature = "compile")]
pub(crate) fn block(code_point: usize) -> u16 {
    STAGE1.get(code_point / BLOCK).map_or(0, |block| *block)
}

/// Looks a code point up in the universal fold table.
///
/// ```
/// use huoyan::fold::{Disguise, Noise, lookup};
///
/// assert_eq!(lookup('冊').first(), '册');
/// assert_eq!(lookup('冊').disguise(), Some(Disguise::Traditional));
/// assert_eq!(lookup('⑩').chars().collect::<String>(), "10");
/// assert_eq!(lookup('·').noise(), Some(Noise::Punctuation));
/// ```
pub fn lookup(code_point: char) -> Fold {
    let entry = PALETTE.get(entry(code_point)).copied().unwrap_or((0, NONE, NONE));
    Fold { source: code_point, entry }
}

/// The only plain character of a code point of the Basic Multilingual Plane; `None` if it
/// has several, or is not seen.
pub(crate) const fn only_seen(code_point: u16) -> Option<u32> {
    const INVISIBLE: u8 = Noise::Invisible as u8;
    const COMBINING: u8 = Noise::Combining as u8;
    let place = code_point as usize;
    let block = STAGE1[place / BLOCK] as usize;
    match PALETTE[STAGE2[block * BLOCK + place % BLOCK] as usize] {
        (_, _, INVISIBLE | COMBINING) => None,
        (target, ..) if target & EXPANSION != 0 => None,
        (_, NONE, _) => Some(code_point as u32),
        (target, ..) => Some(target),
    }
}

/// The place in the palette of how a code point folds.
#[inline(always)]
fn entry(code_point: char) -> usize {
    let cp = code_point as usize;
    let block = STAGE1.get(cp / BLOCK).map_or(0, |block| usize::from(*block));
    STAGE2.get(block * BLOCK + cp % BLOCK).map_or(PLAIN, |entry| usize::from(*entry))
}

/// What folds to itself.
const PLAIN: usize = 0;

const _: () = assert!(matches!(PALETTE[PLAIN], (0, NONE, NONE)));
