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
        groups: std::array::from_fn(|_| Group::new(symbols)),
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
    deal.finish(symbols)
}

/// A group while symbols are dealt out.
struct Group {
    /// By symbol, of how many that are alike it is one before.
    firsts: Vec<u32>,
    lasts: Vec<bool>,
    /// How often symbols of either kind are seen.
    first: f32,
    last: f32,
}

impl Group {
    fn new(symbols: usize) -> Group {
        Group {
            firsts: vec![0; symbols],
            lasts: vec![false; symbols],
            first: 0.0,
            last: 0.0,
        }
    }
}

struct Deal<'f> {
    frequencies: &'f Frequencies,
    /// By symbol, those that often come before it in a word.
    befores: Vec<Vec<(u16, f32)>>,
    groups: [Group; GROUPS],
}

impl Deal<'_> {
    /// The group in which such symbols add the fewest neighbours.
    fn best(&self, alike: &Alike) -> usize {
        let costs = self.groups.each_ref().map(|group| self.cost(group, alike));
        let all = 0..GROUPS;
        all.min_by(|a, b| costs[*a].total_cmp(&costs[*b])).unwrap_or(0)
    }

    /// How often two neighbours would be in the group that are not yet.
    fn cost(&self, group: &Group, alike: &Alike) -> f32 {
        let is_first = |symbol: u16| group.firsts[usize::from(symbol)] > 0;
        let new = alike.befores.iter().filter(|before| !is_first(**before));
        let (mut added, mut words) = (0.0, 0.0);
        for before in new {
            added += self.frequencies.part(*before);
            let next = self.frequencies.next(*before).iter();
            let known = next.filter(|(last, _)| group.lasts[usize::from(*last)]);
            words += known.map(|(_, part)| part).sum::<f32>();
        }
        for last in &alike.lasts {
            let known = self.befores[usize::from(*last)].iter();
            let known = known.filter(|(before, _)| is_first(*before));
            words += known.map(|(_, part)| part).sum::<f32>();
        }
        alike.part * (group.first + added) + added * group.last + words
    }

    fn put(&mut self, group: usize, alike: &Alike) {
        let group = &mut self.groups[group];
        for before in &alike.befores {
            let count = &mut group.firsts[usize::from(*before)];
            *count += 1;
            if *count == 1 {
                group.first += self.frequencies.part(*before);
            }
        }
        alike.lasts.iter().for_each(|last| group.lasts[usize::from(*last)] = true);
        group.last += alike.part;
    }

    fn take(&mut self, group: usize, alike: &Alike) {
        let group = &mut self.groups[group];
        for before in &alike.befores {
            let count = &mut group.firsts[usize::from(*before)];
            *count -= 1;
            if *count == 0 {
                group.first -= self.frequencies.part(*before);
            }
        }
        alike.lasts.iter().for_each(|last| group.lasts[usize::from(*last)] = false);
        group.last -= alike.part;
    }

    /// `None` if too many neighbours are in one group.
    fn finish(self, symbols: usize) -> Option<Groups> {
        let alike: f32 = self.groups.iter().map(|group| group.first * group.last).sum();
        let bits = |is: &dyn Fn(&Group, usize) -> bool| -> Vec<u8> {
            let of = |symbol: usize| {
                let groups = self.groups.iter().enumerate();
                groups.fold(0, |all, (n, group)| all | u8::from(is(group, symbol)) << n)
            };
            (0..symbols).map(of).collect()
        };
        (alike < ALIKE_MAX).then(|| Groups {
            first: bits(&|group, symbol| group.firsts[symbol] > 0),
            last: bits(&|group, symbol| group.lasts[symbol]),
        })
    }
}
