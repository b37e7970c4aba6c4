//! The coarsest partition of code points that a pack can tell apart.
//!
//! A code point belongs to the sets that name it, and to those that name what
//! it folds to. Code points with the same sets (and the same nature: noise
//! class, alphanumeric) are one symbol.

use super::letter::SetId;
use crate::fold::{self, Noise};
use crate::pack::{Problem, SYMBOLS_MAX};
use crate::ruleset::{Cell, flags};
use rustc_hash::FxHashMap;

const CODE_POINTS: usize = 0x11_0000;
/// The right-to-left override, which is no noise like others.
const OVERRIDE: char = '\u{202E}';

pub(super) struct Partition {
    /// The cell of each code point.
    cells: Vec<u16>,
    /// Flags by symbol; the reserved cells have none.
    pub(super) flags: Vec<u8>,
    /// Cells of code points that fold to several characters.
    pub(super) expansions: Vec<Vec<u16>>,
    /// Symbols of each set, ascending.
    of_set: Vec<Vec<u16>>,
}

impl Partition {
    /// The symbols of a Latin letter, a to z: the planner's first sets.
    pub(super) fn symbols_of_letter(&self, letter: char) -> &[u16] {
        let place = letter as usize - 'a' as usize;
        self.of_set.get(place).map_or(&[], Vec::as_slice)
    }

    /// The letter that each symbol is, 1 to 26, if it is never noise; else 0.
    pub(super) fn letter_codes(&self) -> Vec<u8> {
        let mut codes = vec![0; self.flags.len()];
        for (code, letter) in (1..).zip('a'..='z') {
            for symbol in self.symbols_of_letter(letter) {
                if self.flags[usize::from(*symbol)] & flags::NOISE == 0 {
                    codes[usize::from(*symbol)] = code;
                }
            }
        }
        codes
    }

    /// The cell of a code point.
    pub(super) fn cell(&self, c: char) -> Cell {
        Cell(self.cells[c as usize])
    }

    /// The same of all.
    pub(super) fn cells(&self) -> &[u16] {
        &self.cells
    }

    pub(super) fn symbols(&self, set: SetId) -> &[u16] {
        &self.of_set[set as usize]
    }
}

pub(super) fn partition(sets: &[Vec<char>]) -> Result<Partition, Problem> {
    let named = Named::new(sets);
    let mut symbols: FxHashMap<(Vec<SetId>, u8), u32> = FxHashMap::default();
    let mut cells = vec![0u16; CODE_POINTS];
    let mut members: Vec<(usize, u32)> = Vec::new();
    let mut several: Vec<(usize, fold::Fold)> = Vec::new();
    let mut symbol = |key| {
        let next = symbols.len() as u32;
        *symbols.entry(key).or_insert(next)
    };
    // Most blocks of code points are those of nothing in no set, which are alike.
    let mut plain: FxHashMap<u16, usize> = FxHashMap::default();
    for start in (0..CODE_POINTS).step_by(fold::BLOCK) {
        let block = start..start + fold::BLOCK;
        let is_unnamed = named.index[block.clone()].iter().all(|place| *place == 0);
        let has_chars = char::from_u32(start as u32).is_some();
        if is_unnamed
            && has_chars
            && let Some(first) = plain.get(&fold::block(start))
        {
            cells.copy_within(*first..*first + fold::BLOCK, start);
            continue;
        }
        let (members_before, several_before) = (members.len(), several.len());
        for cp in block.clone() {
            let Some(c) = char::from_u32(cp as u32) else { continue };
            let folded = fold::lookup(c);
            let target = folded.first();
            let expands = folded.only().is_none();
            let own = named.sets(c);
            let through = if target == c || expands { &[] } else { named.sets(target) };
            if own.is_empty() && through.is_empty() {
                if expands {
                    several.push((cp, folded));
                }
                cells[cp] = match c {
                    OVERRIDE => Cell::OVERRIDE,
                    _ => folded.noise().map_or(Cell::OTHER, Cell::noise),
                }
                .0;
                continue;
            }
            let mut ids = [own, through].concat();
            ids.sort_unstable();
            ids.dedup();
            let noise = folded.noise().map_or(0, |class| class as u8 + 1);
            let alphanumeric = match target.is_ascii_alphanumeric() {
                true => flags::ALPHANUMERIC,
                false => 0,
            };
            members.push((cp, symbol((ids, noise | alphanumeric))));
        }
        if is_unnamed
            && (members_before, several_before) == (members.len(), several.len())
            && !block.contains(&(OVERRIDE as usize))
        {
            plain.insert(fold::block(start), start);
        }
    }
    if symbols.len() > SYMBOLS_MAX {
        return Err(Problem::new(
            0..0,
            format!(
                "the pack tells {} classes of characters apart; the limit is {SYMBOLS_MAX}",
                symbols.len()
            ),
        )
        .help("split the pack, or use fewer disguises"));
    }
    let numbers = number(symbols, sets.len());
    for (cp, provisional) in members {
        cells[cp] = numbers.of[provisional as usize];
    }
    let mut found = Partition {
        cells: Vec::new(),
        flags: numbers.flags,
        expansions: Vec::new(),
        of_set: numbers.of_set,
    };
    expand(&mut cells, &several, &mut found);
    found.cells = cells;
    Ok(found)
}

/// The final numbers of symbols.
struct Numbers {
    /// Final number by provisional number.
    of: Vec<u16>,
    flags: Vec<u8>,
    of_set: Vec<Vec<u16>>,
}

fn number(symbols: FxHashMap<(Vec<SetId>, u8), u32>, sets: usize) -> Numbers {
    let mut order: Vec<(u32, Vec<SetId>, u8)> = symbols
        .into_iter()
        .map(|((ids, nature), provisional)| (provisional, ids, nature))
        .collect();
    order.sort_unstable();
    let mut numbers = Numbers {
        of: vec![0; order.len()],
        flags: vec![0; usize::from(Cell::FIRST_SYMBOL)],
        of_set: vec![Vec::new(); sets],
    };
    for (provisional, ids, nature) in order {
        let next = numbers.flags.len() as u16;
        numbers.of[provisional as usize] = next;
        numbers.flags.push(nature);
        for id in ids {
            numbers.of_set[id as usize].push(next);
        }
    }
    numbers
}

/// Gives code points that fold to several characters their lists of cells.
fn expand(cells: &mut [u16], several: &[(usize, fold::Fold)], found: &mut Partition) {
    let mut known: FxHashMap<Vec<u16>, u16> = FxHashMap::default();
    for (cp, folded) in several {
        let list: Vec<u16> = folded.chars().map(|c| cells[c as usize]).collect();
        if !list.iter().any(|cell| Cell(*cell).is_symbol()) {
            continue;
        }
        let next = Cell::FIRST_EXPANSION + known.len() as u16;
        let cell = *known.entry(list).or_insert_with_key(|list| {
            found.expansions.push(list.clone());
            next
        });
        cells[*cp] = cell;
    }
}

/// The sets that name each code point.
struct Named {
    /// One more than the index into `lists`, by code point; 0 for none.
    index: Vec<u32>,
    lists: Vec<Vec<SetId>>,
}

impl Named {
    fn new(sets: &[Vec<char>]) -> Named {
        let mut named = Named { index: vec![0; CODE_POINTS], lists: Vec::new() };
        for (id, members) in sets.iter().enumerate() {
            for member in members {
                if let Some(Noise::Invisible | Noise::Combining) =
                    fold::lookup(*member).noise()
                {
                    continue;
                }
                let place = &mut named.index[*member as usize];
                if *place == 0 {
                    named.lists.push(Vec::new());
                    *place = named.lists.len() as u32;
                }
                let list = &mut named.lists[*place as usize - 1];
                if list.last() != Some(&(id as SetId)) {
                    list.push(id as SetId);
                }
            }
        }
        named
    }

    fn sets(&self, c: char) -> &[SetId] {
        match self.index[c as usize] {
            0 => &[],
            place => &self.lists[place as usize - 1],
        }
    }
}
