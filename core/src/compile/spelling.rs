//! The runs of symbols that may stand for letters, as a tree read from its leaves.

use super::letter::Letter;
use crate::automaton::LetterRecord;
use crate::pack::Problem;
use std::collections::BTreeMap;

/// The tables of the runs; see [`Spellings`](crate::automaton::Spellings).
#[derive(Default)]
pub(super) struct Spellings {
    pub(super) runs: Vec<Run>,
    pub(super) longer: Vec<Longer>,
    pub(super) readings: Vec<Reading>,
    /// Where the longer runs of each letter begin in `spelled`, and the marks of the
    /// symbols in which they end; and one more.
    pub(super) letters: Vec<(u32, u32)>,
    /// Runs, and the sets of disguises that allow them.
    pub(super) spelled: Vec<(u32, u64)>,
}

/// A run: where its lists begin.
pub(super) struct Run {
    pub(super) longer: u32,
    pub(super) readings: u32,
    /// A longer run stands for a letter that ends a term.
    pub(super) ends: bool,
}

/// A run that is longer by a symbol, and the end of those that go on from it.
pub(super) struct Longer {
    pub(super) symbol: u16,
    pub(super) run: u32,
    pub(super) end: u32,
}

/// A letter that a run may stand for, the disguise, and the sets that allow it.
#[derive(Clone, Copy)]
pub(super) struct Reading {
    pub(super) letter: u16,
    pub(super) kind: u8,
    pub(super) sets: u64,
}

/// A run on its way into the tables.
#[derive(Default)]
struct Node {
    longer: BTreeMap<u16, usize>,
    /// Ascending by letter.
    readings: Vec<Reading>,
}

/// The runs of letters in their order, from 1 on: each as different sets of disguises
/// write it. `ending` has the sets of the terms that end in each letter that some does;
/// those letters come first.
pub(super) fn spellings(
    letters: &[Vec<(&Letter, u64)>],
    ending: &[u64],
    symbols: usize,
) -> Result<Spellings, Problem> {
    let mut nodes: Vec<Node> = Vec::new();
    nodes.resize_with(symbols, Node::default);
    for (number, ways) in (1..).zip(letters) {
        for (way, sets) in ways {
            let reading = |kind| Reading { letter: number, kind, sets: *sets };
            for (symbol, kind) in &way.singles {
                nodes[usize::from(*symbol)].read_as(reading(*kind));
            }
            for (places, kind) in &way.sequences {
                let Some((last, before)) = places.split_last() else { continue };
                for symbol in last {
                    spell(&mut nodes, usize::from(*symbol), before, reading(*kind))?;
                }
            }
        }
    }
    Ok(number(&nodes, letters.len(), ending, symbols))
}

/// Adds what goes on from a run with symbols of these places, the last one next.
fn spell(
    nodes: &mut Vec<Node>,
    from: usize,
    places: &[Vec<u16>],
    reading: Reading,
) -> Result<(), Problem> {
    let Some((last, before)) = places.split_last() else {
        nodes[from].read_as(reading);
        return Ok(());
    };
    for symbol in last {
        let next = nodes.len();
        let node = *nodes[from].longer.entry(*symbol).or_insert(next);
        if node == next {
            super::literal::limit_states(next)?;
            nodes.push(Node::default());
        }
        spell(nodes, node, before, reading)?;
    }
    Ok(())
}

impl Node {
    /// Of a set the first kind counts, which is the least risky.
    fn read_as(&mut self, reading: Reading) {
        let from = self.readings.partition_point(|known| known.letter < reading.letter);
        let known = &mut self.readings[from..];
        if known.iter().any(|known| known.sets & reading.sets != 0) {
            return;
        }
        match known.iter_mut().find(|known| known.kind == reading.kind) {
            Some(known) => known.sets |= reading.sets,
            None => self.readings.push(reading),
        }
    }
}

/// Numbers the runs: those of one symbol by it, the others in the order in which they
/// go on from each other, so that all that go on from one are neighbours.
fn number(nodes: &[Node], letters: usize, ending: &[u64], symbols: usize) -> Spellings {
    // The runs, and the symbol in which each ends.
    let mut order: Vec<(usize, u16)> =
        (0..symbols).map(|symbol| (symbol, symbol as u16)).collect();
    let mut numbers: Vec<u32> = (0..nodes.len() as u32).collect();
    let mut ends: Vec<u32> = vec![0; nodes.len()];
    for symbol in 0..symbols {
        follow(nodes, (symbol, symbol as u16), &mut order, &mut numbers, &mut ends);
    }
    let mut found = Spellings::default();
    let mut marks = vec![0; letters + 1];
    let mut spelled: Vec<Vec<(u32, u64)>> = vec![Vec::new(); letters + 1];
    let mut ends_term = vec![false; order.len()];
    for (run, (node, last)) in order.iter().enumerate() {
        let node = &nodes[*node];
        let (longer, readings) = (found.longer.len() as u32, found.readings.len() as u32);
        found.runs.push(Run { longer, readings, ends: false });
        found.readings.extend(&node.readings);
        for (symbol, next) in &node.longer {
            let (run, end) = (numbers[*next], ends[*next]);
            found.longer.push(Longer { symbol: *symbol, run, end });
        }
        if run >= symbols {
            for same in node.readings.chunk_by(|a, b| a.letter == b.letter) {
                let letter = usize::from(same[0].letter);
                let sets = same.iter().fold(0, |sets, reading| sets | reading.sets);
                spelled[letter].push((run as u32, sets));
                marks[letter] |= LetterRecord::mark(*last);
                let ending = ending.get(letter - 1).is_some_and(|own| own & sets != 0);
                ends_term[run] |= ending;
            }
        }
    }
    let (longer, readings) = (found.longer.len() as u32, found.readings.len() as u32);
    found.runs.push(Run { longer, readings, ends: false });
    for run in 0..order.len() {
        let longer = found.runs[run].longer as usize..found.runs[run + 1].longer as usize;
        let beyond = found.longer[longer].iter();
        let mut beyond = beyond.flat_map(|longer| longer.run..longer.end);
        found.runs[run].ends = beyond.any(|run| ends_term[run as usize]);
    }
    for (runs, marks) in spelled.into_iter().zip(marks) {
        found.letters.push((found.spelled.len() as u32, marks));
        found.spelled.extend(runs);
    }
    found.letters.push((found.spelled.len() as u32, 0));
    found
}

fn follow(
    nodes: &[Node],
    (from, last): (usize, u16),
    order: &mut Vec<(usize, u16)>,
    numbers: &mut [u32],
    ends: &mut [u32],
) {
    for next in nodes[from].longer.values() {
        numbers[*next] = order.len() as u32;
        order.push((*next, last));
        follow(nodes, (*next, last), order, numbers, ends);
        ends[*next] = order.len() as u32;
    }
}
