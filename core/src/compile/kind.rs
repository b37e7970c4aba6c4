//! Kinds of code points, for a glance that reads many at a time.
//!
//! A matrix of pairs cannot be asked eight times at once, a few bits can. So the
//! symbols that end pairs are dealt out to as many groups, such that ordinary text
//! seldom has two characters in a row that are in pairs of one group without
//! being a pair.

use super::frequency::Frequencies;
use super::partition::Partition;
use crate::automaton::{ClueClass, kind};
use rustc_hash::FxHashMap;

const GROUPS: usize = kind::GROUPS as usize;
/// Where more neighbours than this part are in one group, asking the matrix
/// for each is quicker.
const ALIKE_MAX: f32 = 0.5;
/// How often all symbols are dealt out again.
const ROUNDS: usize = 3;

/// A [`kind`] for each place of its table; none if they would tell too little.
/// `pairs` are last symbols with those before them, ascending.
pub(super) fn kinds(
    pairs: &[(u16, u16)],
    classes: &[ClueClass],
    partition: &Partition,
    frequencies: &Frequencies,
) -> Vec<u16> {
    let Some(groups) = groups(pairs, classes.len(), frequencies) else {
        return Vec::new();
    };
    let of_class = |symbol: usize| {
        let class = classes[symbol];
        if class.is(ClueClass::SPECIAL) {
            return kind::SPECIAL;
        }
        if class.is(ClueClass::SOFT) {
            return kind::NOISE;
        }
        let (first, last) = (groups.first[symbol], groups.last[symbol]);
        u16::from(first) | u16::from(last) << kind::GROUPS
    };
    let of = |code_point: u32| {
        let c = char::from_u32(code_point).expect("a range without surrogates");
        of_class(usize::from(partition.cell(c).0).min(classes.len() - 1))
    };
    let (low, high) = (kind::LOW.map(of), kind::HIGH.map(of));
    // Behind the low ones are the others; the last is only read along.
    let others = [kind::SPECIAL];
    low.chain(others).chain(high).chain(others).collect()
}

/// By symbol, a bit for each group.
struct Groups {
    first: Vec<u8>,
    last: Vec<u8>,
}

/// Last symbols before which the same symbols stand, and how often they are seen.
#[derive(Default)]
struct Alike {
    befores: Vec<u16>,
    lasts: Vec<u16>,
    part: f32,
}

fn groups(
    pairs: &[(u16, u16)],
    symbols: usize,
    frequencies: &Frequencies,
) -> Option<Groups> {
    // Symbols that end the same pairs go together.
    let mut known: FxHashMap<Vec<u16>, Alike> = FxHashMap::default();
    for run in pairs.chunk_by(|a, b| a.0 == b.0) {
        let befores: Vec<u16> = run.iter().map(|(_, before)| *before).collect();
        let same = known.entry(befores).or_default();
        same.part += frequencies.part(run[0].0);
        same.lasts.push(run[0].0);
    }
    let mut alike: Vec<Alike> =
        known.into_iter().map(|(befores, alike)| Alike { befores, ..alike }).collect();
    alike.sort_unstable_by(|a, b| {
        b.part.total_cmp(&a.part).then_with(|| a.lasts.cmp(&b.lasts))
    });
    let mut deal = Deal {
        frequencies,
        befores: frequencies.befores(symbols),
        counts: vec![[0; GROUPS]; symbols],
        first: vec![0; symbols],
        last: vec![0; symbols],
        parts: [Parts::default(); GROUPS],
    };
    let mut place: Vec<usize> = Vec::with_capacity(alike.len());
    for alike in &alike {
        let best = deal.best(alike);
        deal.put(best, alike);
        place.push(best);
    }
    for _ in 0..ROUNDS {
        for (alike, place) in alike.iter().zip(&mut place) {
            deal.take(*place, alike);
            *place = deal.best(alike);
            deal.put(*place, alike);
        }
    }
    deal.finish()
}

/// How often the symbols of a group are seen.
#[derive(Clone, Copy, Default)]
struct Parts {
    first: f32,
    last: f32,
}

/// The groups while symbols are dealt out.
struct Deal<'f> {
    frequencies: &'f Frequencies,
    /// By symbol, those that often come before it in a word.
    befores: Vec<Vec<(u16, f32)>>,
    /// By symbol and group, of how many that are alike it is one before.
    counts: Vec<[u32; GROUPS]>,
    /// By symbol, a bit for each group: where that is any; and where it is a last one.
    first: Vec<u8>,
    last: Vec<u8>,
    parts: [Parts; GROUPS],
}

/// The groups of a set of bits.
fn members(set: u8) -> impl Iterator<Item = usize> {
    (0..GROUPS).filter(move |group| set >> group & 1 != 0)
}

impl Deal<'_> {
    /// The group in which such symbols add the fewest neighbours.
    fn best(&self, alike: &Alike) -> usize {
        let costs = self.costs(alike);
        let all = 0..GROUPS;
        all.min_by(|a, b| costs[*a].total_cmp(&costs[*b])).unwrap_or(0)
    }

    /// By group, how often two neighbours would be in it that are not yet.
    fn costs(&self, alike: &Alike) -> [f32; GROUPS] {
        let (mut added, mut words) = ([0.0; GROUPS], [0.0; GROUPS]);
        for before in &alike.befores {
            let new = !self.first[usize::from(*before)];
            let part = self.frequencies.part(*before);
            members(new).for_each(|group| added[group] += part);
            for (last, part) in self.frequencies.next(*before) {
                let known = new & self.last[usize::from(*last)];
                members(known).for_each(|group| words[group] += part);
            }
        }
        for last in &alike.lasts {
            for (before, part) in &self.befores[usize::from(*last)] {
                let known = self.first[usize::from(*before)];
                members(known).for_each(|group| words[group] += part);
            }
        }
        std::array::from_fn(|group| {
            let (parts, added) = (self.parts[group], added[group]);
            alike.part * (parts.first + added) + added * parts.last + words[group]
        })
    }

    fn put(&mut self, group: usize, alike: &Alike) {
        for before in &alike.befores {
            let place = usize::from(*before);
            self.counts[place][group] += 1;
            if self.counts[place][group] == 1 {
                self.first[place] |= 1 << group;
                self.parts[group].first += self.frequencies.part(*before);
            }
        }
        alike.lasts.iter().for_each(|last| self.last[usize::from(*last)] |= 1 << group);
        self.parts[group].last += alike.part;
    }

    fn take(&mut self, group: usize, alike: &Alike) {
        for before in &alike.befores {
            let place = usize::from(*before);
            self.counts[place][group] -= 1;
            if self.counts[place][group] == 0 {
                self.first[place] &= !(1 << group);
                self.parts[group].first -= self.frequencies.part(*before);
            }
        }
        alike
            .lasts
            .iter()
            .for_each(|last| self.last[usize::from(*last)] &= !(1 << group));
        self.parts[group].last -= alike.part;
    }

    /// `None` if too many neighbours are in one group.
    fn finish(self) -> Option<Groups> {
        let alike: f32 = self.parts.iter().map(|parts| parts.first * parts.last).sum();
        (alike < ALIKE_MAX).then_some(Groups { first: self.first, last: self.last })
    }
}
