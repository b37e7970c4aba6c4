//! The runs of symbols that may stand for letters, as a tree read from its leaves.

use super::letter::Letter;
use crate::pack::Problem;
use std::collections::BTreeMap;

/// The tables of the runs; see [`Spellings`](crate::automaton::Spellings).
#[derive(Default)]
pub(super) struct Spellings {
    pub(super) runs: Vec<Run>,
    pub(super) longer: Vec<Longer>,
    /// Letters and disguises, for all runs.
    pub(super) readings: Vec<(u16, u8)>,
    /// Where the longer runs of each letter begin in `spelled`, and one more.
    pub(super) letters: Vec<u32>,
    pub(super) spelled: Vec<u32>,
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

/// A run on its way into the tables.
#[derive(Default)]
struct Node {
    longer: BTreeMap<u16, usize>,
    /// Ascending by letter, each once.
    readings: Vec<(u16, u8)>,
}

/// The runs of letters in their order, of which `ending` are those that end terms.
pub(super) fn spellings(
    letters: &[&Letter],
    ending: usize,
    symbols: usize,
) -> Result<Spellings, Problem> {
    let mut nodes: Vec<Node> = Vec::new();
    nodes.resize_with(symbols, Node::default);
    for (number, letter) in letters.iter().enumerate() {
        // 0 is no letter.
        let number = number as u16 + 1;
        for (symbol, kind) in &letter.singles {
            read_as(&mut nodes[usize::from(*symbol)], number, *kind);
        }
        for (places, kind) in &letter.sequences {
            let Some((last, before)) = places.split_last() else { continue };
            for symbol in last {
                spell(&mut nodes, usize::from(*symbol), before, (number, *kind))?;
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
    reading: (u16, u8),
) -> Result<(), Problem> {
    let Some((last, before)) = places.split_last() else {
        read_as(&mut nodes[from], reading.0, reading.1);
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

/// The first kind counts, which is the least risky.
fn read_as(node: &mut Node, letter: u16, kind: u8) {
    if node.readings.last().is_none_or(|(known, _)| *known != letter) {
        node.readings.push((letter, kind));
    }
}

/// Numbers the runs: those of one symbol by it, the others in the order in which they
/// go on from each other, so that all that go on from one are neighbours.
fn number(nodes: &[Node], letters: usize, ending: usize, symbols: usize) -> Spellings {
    let mut order: Vec<usize> = (0..symbols).collect();
    let mut numbers: Vec<u32> = (0..nodes.len() as u32).collect();
    let mut ends: Vec<u32> = vec![0; nodes.len()];
    for symbol in 0..symbols {
        follow(nodes, symbol, &mut order, &mut numbers, &mut ends);
    }
    let mut found = Spellings::default();
    let mut spelled: Vec<Vec<u32>> = vec![Vec::new(); letters + 1];
    let mut ends_term = vec![false; order.len()];
    for (run, node) in order.iter().enumerate() {
        let node = &nodes[*node];
        let (longer, readings) = (found.longer.len() as u32, found.readings.len() as u32);
        found.runs.push(Run { longer, readings, ends: false });
        found.readings.extend(&node.readings);
        for (symbol, next) in &node.longer {
            let (run, end) = (numbers[*next], ends[*next]);
            found.longer.push(Longer { symbol: *symbol, run, end });
        }
        if run >= symbols {
            for (letter, _) in &node.readings {
                spelled[usize::from(*letter)].push(run as u32);
                ends_term[run] |= usize::from(*letter) <= ending;
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
    for runs in spelled {
        found.letters.push(found.spelled.len() as u32);
        found.spelled.extend(runs);
    }
    found.letters.push(found.spelled.len() as u32);
    found
}

fn follow(
    nodes: &[Node],
    from: usize,
    order: &mut Vec<usize>,
    numbers: &mut [u32],
    ends: &mut [u32],
) {
    for next in nodes[from].longer.values() {
        numbers[*next] = order.len() as u32;
        order.push(*next);
        follow(nodes, *next, order, numbers, ends);
        ends[*next] = order.len() as u32;
    }
}
