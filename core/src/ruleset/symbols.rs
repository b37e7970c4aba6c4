//! From code points to the symbols of one ruleset.

use super::record::{List, SparseBlock};
use crate::automaton::SymbolRecord;
use crate::fold::Noise;
use zerocopy::little_endian::U16;

/// Bits of a symbol's flags.
pub(crate) mod flags {
    /// Noise class plus one, or 0: the symbol may be skipped as noise.
    pub(crate) const NOISE: u8 = 0x0F;
    /// A Latin letter or an ASCII digit after folding.
    pub(crate) const ALPHANUMERIC: u8 = 0x10;
    /// Some term may end here.
    pub(crate) const ENDS: u8 = 0x40;
    /// A term of one symbol may end here: no pair is needed.
    pub(crate) const ENDS_ALONE: u8 = 0x20;
    /// A digit, which behind a letter may be the tone of a syllable.
    pub(crate) const DIGIT: u8 = 0x80;
}

/// Code points to cells, in two stages. Beyond the Basic Multilingual Plane, where most
/// are other, in three, and blocks have cells for the rest alone.
#[derive(Clone, Copy)]
pub(crate) struct Symbols<'r> {
    /// The place in `stage2` of each [`Self::BLOCK`] code points up to U+FFFF.
    pub(crate) stage1: &'r [U16],
    pub(crate) stage2: &'r [U16],
    /// The group of each [`Self::GROUP`] blocks from U+10000 on.
    pub(crate) sparse_groups: &'r [U16],
    /// The places in `sparse` of the blocks of each group.
    pub(crate) group_blocks: &'r [U16],
    pub(crate) sparse: &'r [SparseBlock],
    pub(crate) sparse_cells: &'r [U16],
    pub(crate) records: &'r [SymbolRecord],
    pub(crate) expansions: &'r [List],
    pub(crate) expansion_cells: &'r [U16],
}

/// What a code point is to a ruleset.
///
/// 0 is "other": a character that no term names, which ends every match.
/// 1 to 10 are noise that no term names. From [`Cell::FIRST_SYMBOL`] on it is a
/// symbol, from [`Cell::FIRST_EXPANSION`] on a sequence of cells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell(pub(crate) u16);

impl Cell {
    pub(crate) const OTHER: Cell = Cell(0);
    /// The right-to-left override: invisible noise, and more.
    pub(crate) const OVERRIDE: Cell = Cell(10);
    pub(crate) const FIRST_SYMBOL: u16 = 16;
    pub(crate) const FIRST_EXPANSION: u16 = 0xF000;

    #[cfg(feature = "compile")]
    pub(crate) const fn noise(class: Noise) -> Cell {
        Cell(class as u16 + 1)
    }

    #[inline(always)]
    pub(crate) fn as_noise(self) -> Option<Noise> {
        const CLASSES: [Noise; Noise::ALL.len() + 1] = {
            let mut classes = [Noise::Invisible; Noise::ALL.len() + 1];
            let mut class = 0;
            while class < Noise::ALL.len() {
                classes[class] = Noise::ALL[class];
                class += 1;
            }
            classes
        };
        CLASSES.get(usize::from(self.0).wrapping_sub(1)).copied()
    }

    #[inline(always)]
    pub(crate) fn is_expansion(self) -> bool {
        self.0 >= Self::FIRST_EXPANSION
    }

    #[inline(always)]
    pub(crate) fn is_symbol(self) -> bool {
        (Self::FIRST_SYMBOL..Self::FIRST_EXPANSION).contains(&self.0)
    }
}

impl<'r> Symbols<'r> {
    /// Code points in a block of the second stage.
    pub(crate) const BLOCK: usize = 64;
    /// Blocks of the Basic Multilingual Plane.
    pub(crate) const DENSE: usize = 0x1_0000 / Self::BLOCK;
    /// Blocks of a group.
    pub(crate) const GROUP: usize = 64;
    /// Groups beyond the Basic Multilingual Plane.
    const GROUPS: usize = 0x10_0000 / (Self::GROUP * Self::BLOCK);

    #[inline(always)]
    pub(crate) fn cell(&self, code_point: char) -> Cell {
        self.cell_of_number(u32::from(code_point))
    }

    #[inline(always)]
    pub(crate) fn cell_of_number(&self, code_point: u32) -> Cell {
        const BLOCK: u32 = Symbols::BLOCK as u32;
        let (block, place) = (code_point / BLOCK, code_point % BLOCK);
        match code_point <= 0xFFFF {
            true => self.cell_of_halves(block, place),
            false => self.sparse_cell(block, place),
        }
    }

    /// The cell beyond the Basic Multilingual Plane.
    fn sparse_cell(&self, block: u32, place: u32) -> Cell {
        let cell = || {
            let block = (block as usize).checked_sub(Self::DENSE)?;
            let group = usize::from(self.sparse_groups.get(block / Self::GROUP)?.get());
            let block = group * Self::GROUP + block % Self::GROUP;
            let block = usize::from(self.group_blocks.get(block)?.get());
            self.sparse.get(block)?.cell(place, self.sparse_cells)
        };
        cell().map_or(Cell::OTHER, |cell| Cell(cell.get()))
    }

    /// The same of the block of a code point of the Basic Multilingual Plane, and its
    /// place in it.
    #[inline(always)]
    pub(crate) fn cell_of_halves(&self, block: u32, place: u32) -> Cell {
        let Some(block) = self.stage1.get(block as usize) else { return Cell::OTHER };
        let place = usize::from(block.get()) * Self::BLOCK + place as usize;
        let Some(cell) = self.stage2.get(place) else { return Cell::OTHER };
        Cell(cell.get())
    }

    /// What is known of a symbol.
    #[inline(always)]
    pub(crate) fn record(&self, symbol: u16) -> SymbolRecord {
        self.records.get(usize::from(symbol)).copied().unwrap_or_default()
    }

    #[inline(always)]
    pub(crate) fn flags(&self, symbol: u16) -> u8 {
        self.record(symbol).flags
    }

    /// The noise class that a symbol may also be.
    #[inline]
    pub(crate) fn noise(&self, symbol: u16) -> Option<Noise> {
        Cell(u16::from(self.flags(symbol) & flags::NOISE)).as_noise()
    }

    /// The cells of an expansion.
    pub(crate) fn expansion(&self, cell: Cell) -> &'r [U16] {
        let place = usize::from(cell.0.wrapping_sub(Cell::FIRST_EXPANSION));
        self.expansions.get(place).map_or(&[], |list| list.of(self.expansion_cells))
    }

    /// Checks that every index leads inside the tables.
    pub(crate) fn validate(&self) -> Result<(), &'static str> {
        let blocks = self.stage2.len() / Self::BLOCK;
        let groups = self.group_blocks.len() / Self::GROUP;
        if self.stage1.len() != Self::DENSE
            || self.sparse_groups.len() != Self::GROUPS
            || !self.stage2.len().is_multiple_of(Self::BLOCK)
            || !self.group_blocks.len().is_multiple_of(Self::GROUP)
        {
            return Err("the symbol table has the wrong shape");
        }
        let ends = |numbers: &[U16], count: usize| {
            numbers.iter().any(|number| usize::from(number.get()) >= count)
        };
        if ends(self.stage1, blocks)
            || ends(self.sparse_groups, groups)
            || ends(self.group_blocks, self.sparse.len())
        {
            return Err("a block of the symbol table is missing");
        }
        if self.sparse.iter().any(|block| block.end() > self.sparse_cells.len()) {
            return Err("a block lies outside the cells");
        }
        let known = |cell: &U16| {
            let cell = cell.get();
            let expansion = usize::from(cell.wrapping_sub(Cell::FIRST_EXPANSION));
            if cell >= Cell::FIRST_EXPANSION {
                expansion < self.expansions.len()
            } else {
                cell < Cell::FIRST_SYMBOL || usize::from(cell) < self.records.len()
            }
        };
        if !self.stage2.iter().chain(self.sparse_cells).all(known) {
            return Err("a code point has an unknown symbol");
        }
        let plain = |cell: &U16| cell.get() < Cell::FIRST_EXPANSION && known(cell);
        if !self.expansion_cells.iter().all(plain) {
            return Err("an expansion has an unknown symbol");
        }
        if self.expansions.iter().any(|list| list.end() > self.expansion_cells.len()) {
            return Err("an expansion lies outside its table");
        }
        Ok(())
    }
}
