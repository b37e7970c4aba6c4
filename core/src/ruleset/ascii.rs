//! What ASCII bytes are to a glance, worked out when a ruleset is loaded.

use super::symbols::{Cell, Symbols};
use crate::automaton::{ClueClass, Clues, Numbers};
use crate::bits::Bits;
use crate::fold::begins_escape;

/// The bytes, and what they are before others in pairs.
#[derive(Clone)]
pub(crate) struct AsciiTable {
    pub(crate) bytes: [AsciiByte; 128],
    /// By byte, 1 to 26 for a letter, else 0.
    pub(crate) letters: [u8; 256],
    /// By place, the column in the matrix of pairs; 0 if there is none.
    pub(crate) columns: [u32; PLACES as usize],
}

/// Letters have the first places, whatever their case; signs the others.
const PLACES: u32 = u64::BITS;
const LETTERS: u32 = 26;
/// The place of all signs for which there is no other.
const SEVERAL: u32 = PLACES - 1;

#[derive(Clone, Copy)]
pub(crate) struct AsciiByte {
    /// Places of those that are a pair with it if they come before, a bit each.
    pub(crate) befores: u64,
    /// Its own place, if it comes before any.
    pub(crate) place: u64,
    pub(crate) kind: AsciiKind,
    /// 1 to 26 for a letter, else 0.
    pub(crate) letter: u8,
    /// What it costs in a gap, if it is noise or may be.
    pub(crate) cost: u8,
    /// It is noise to a glance, whatever stands around it.
    pub(crate) passes: bool,
    /// See [`ClueClass::opener`].
    pub(crate) opener: Numbers,
    /// See [`ClueClass::number`].
    pub(crate) number: u8,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AsciiKind {
    Letter,
    Noise,
    /// A sign or digit that may be noise.
    Soft,
    /// Is never noise.
    Hard,
    /// May begin an escape, or is a clue by itself.
    Special,
}

impl AsciiTable {
    /// That of no bytes yet.
    const EMPTY: AsciiTable = AsciiTable {
        bytes: [AsciiByte {
            befores: 0,
            place: 0,
            kind: AsciiKind::Special,
            letter: 0,
            cost: 0,
            passes: false,
            opener: Numbers(0),
            number: 0,
        }; 128],
        letters: [0; 256],
        columns: [0; PLACES as usize],
    };

    pub(super) fn new(symbols: &Symbols<'_>, clues: &Clues<'_>) -> AsciiTable {
        let mut table = AsciiTable::EMPTY;
        let cells: [Cell; 128] =
            core::array::from_fn(|byte| symbols.cell_of_number(byte as u32));
        let classes = cells.map(|cell| clues.class(cell.0));
        let mut signs = LETTERS;
        for byte in 0..table.bytes.len() {
            let (cell, class) = (cells[byte], classes[byte]);
            let kind = if begins_escape(byte as u8) || class.is(ClueClass::ALONE) {
                AsciiKind::Special
            } else if class.letter() > 0 {
                AsciiKind::Letter
            } else if !class.is(ClueClass::SOFT) {
                AsciiKind::Hard
            } else if cell.as_noise().is_some() {
                AsciiKind::Noise
            } else {
                AsciiKind::Soft
            };
            let place = match class.letter() {
                0 if class.column() == 0 => None,
                0 => {
                    let place = signs.min(SEVERAL);
                    signs += 1;
                    Some(place)
                }
                letter => Some(u32::from(letter) - 1),
            };
            if let Some(place) = place {
                table.columns[place as usize] = class.column();
            }
            if kind == AsciiKind::Letter {
                table.letters[byte] = class.letter();
            }
            let is_clue = class.row() > 0 || place.is_some() || class.opener().0 != 0;
            let noise = cell.as_noise().or_else(|| symbols.noise(cell.0));
            let passes = matches!(kind, AsciiKind::Noise | AsciiKind::Soft)
                && noise.is_some()
                && !is_clue;
            table.bytes[byte] = AsciiByte {
                befores: 0,
                place: place.map_or(0, |place| 1 << place),
                kind,
                letter: class.letter(),
                cost: noise.map_or(0, |noise| noise.cost()),
                passes,
                opener: class.opener(),
                number: class.number() as u8,
            };
        }
        // Those that come before any; both cases of a letter mostly are alike.
        let mut befores = [(0, 0); 128];
        let mut count = 0;
        for (byte, class) in table.bytes.iter().zip(&classes) {
            let before = (byte.place, class.column());
            if byte.place != 0 && !befores[..count].contains(&before) {
                befores[count] = before;
                count += 1;
            }
        }
        for (byte, class) in table.bytes.iter_mut().zip(&classes) {
            if class.row() > 0 {
                let pairs = befores[..count].iter();
                let pairs =
                    pairs.filter(|(_, column)| clues.is_pair(*column, class.row()));
                byte.befores = pairs.fold(0, |all, (place, _)| all | place);
            }
        }
        table
    }

    /// The columns of some places; `None` for one that several share.
    pub(crate) fn columns_of(
        &self,
        places: u64,
    ) -> impl Iterator<Item = Option<u32>> + '_ {
        Bits(places).map(|place| {
            let place = u32::from(place);
            (place != SEVERAL).then(|| self.columns[place as usize])
        })
    }
}
