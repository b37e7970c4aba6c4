//! Kinds of code points, for a glance that reads many at a time.
//!
//! A matrix of pairs cannot be asked eight times at once, three bits can. So the
//! symbols that end pairs are dealt out to three groups, such that ordinary text
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

/// A [`kind`] for each code point below 0x10000; none if they would tell too
/// little. `pairs` are last symbols with those before them, ascending.
pub(super) fn kinds(
    pairs: &[(u16, u16)],
    classes: &[ClueClass],
    partition: &Partition,
    frequencies: &Frequencies,
) -> Vec<u8> {
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
        groups.first[symbol] << kind::FIRST | groups.last[symbol] << kind::LAST
    };
    let kinds = (0..0x1_0000).map(|code_point| {
        // Surrogates and what is written in fewer bytes are for the careful loop.
        match char::from_u32(code_point).filter(|_| code_point >= 0x800) {
            Some(c) => of_class(usize::from(partition.cell(c).0).min(classes.len() - 1)),
            None => kind::SPECIAL,
        }
    });
    let mut kinds: Vec<u8> = kinds.collect();
    kinds.resize(kind::COUNT, kind::SPECIAL);
    kinds
}

/// By symbol, a bit for each group.
struct Groups {
    first: Vec<u8>,
    last: Vec<u8>,
}

/// Last symbols before which the same symbols stand, and how often they are seen.
#[derive(Default)]
struct Alike {
    part: f32,
    lasts: Vec<u16>,
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
    let mut alike: Vec<(Vec<u16>, Alike)> = known.into_iter().collect();
    alike.sort_unstable_by(|(_, a), (_, b)| {
        b.part.total_cmp(&a.part).then_with(|| a.lasts.cmp(&b.lasts))
    });
    let mut groups = Groups { first: vec![0; symbols], last: vec![0; symbols] };
    let mut firsts = [0.0f32; GROUPS];
    let mut lasts = [0.0f32; GROUPS];
    for (befores, Alike { part, lasts: symbols }) in &alike {
        let added = |group: usize| -> f32 {
            let new = befores
                .iter()
                .filter(|b| groups.first[usize::from(**b)] >> group & 1 == 0);
            new.map(|before| frequencies.part(*before)).sum()
        };
        let cost = |group: usize| {
            part * (firsts[group] + added(group)) + added(group) * lasts[group]
        };
        let all = 0..GROUPS;
        let best = all.min_by(|a, b| cost(*a).total_cmp(&cost(*b))).unwrap_or(0);
        firsts[best] += added(best);
        lasts[best] += part;
        for before in befores {
            groups.first[usize::from(*before)] |= 1 << best;
        }
        for last in symbols {
            groups.last[usize::from(*last)] |= 1 << best;
        }
    }
    let alike: f32 = firsts.iter().zip(&lasts).map(|(first, last)| first * last).sum();
    (alike < ALIKE_MAX).then_some(groups)
}
