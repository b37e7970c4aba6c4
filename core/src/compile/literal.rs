//! The literal automaton: the ends of all terms, letter by letter.
//!
//! Its size is that of the pack's terms, whatever stands for their letters.

use super::Entry;
use super::anchor::Anchors;
use super::ending::{self, Clues};
use super::frequency::Frequencies;
use super::letter::Letter;
use super::pairs::PairMatrix;
use super::position::TermPositions;
use super::spelling::{self, Spellings};
use crate::fold::DisguiseSet;
use crate::pack::{ALTERNATIVES_MAX, LETTERS_MAX, Problem, STATES_MAX};
use rustc_hash::{FxHashMap, FxHashSet};

/// The tables of the automaton; see
/// [`LiteralAutomaton`](crate::automaton::LiteralAutomaton).
#[derive(Default)]
pub(super) struct Literals {
    /// The nodes, and one more.
    pub(super) nodes: Vec<Node>,
    /// The sets of disguises of the anchors' terms.
    pub(super) anchor_sets: u64,
    /// The node of each term, ascending, and its set.
    pub(super) complete: Vec<(u32, u8)>,
    /// The entries in the order of `complete`.
    pub(super) order: Vec<usize>,
    pub(super) spellings: Spellings,
    /// The pairs that may end a term.
    pub(super) pairs: PairMatrix,
    /// By symbol: whether a term may end in it, and whether in it alone.
    pub(super) ends: Vec<(bool, bool)>,
    /// How terms of anchors end.
    pub(super) clues: Clues,
}

/// What some terms end in, letter by letter.
pub(super) struct Node {
    /// Its first letter, 0 if it has none.
    pub(super) letter: u16,
    /// Where the nodes with one more letter begin.
    pub(super) from: u32,
    pub(super) is_complete: bool,
    /// The sets of disguises of its terms.
    pub(super) sets: u64,
}

pub(super) fn build(
    terms: &TermPositions<'_, '_>,
    characters: &[usize],
    anchors: &Anchors,
    frequencies: &Frequencies,
) -> Result<Literals, Problem> {
    for letter in terms.letters {
        let most = letter.singles.len().max(letter.sequences.len());
        limit("ways to write one letter", most, ALTERNATIVES_MAX)?;
    }
    let mut literals = Literals::default();
    (literals.clues, literals.pairs, literals.ends) =
        ending::clues(terms, anchors, frequencies);
    let alphabet = Alphabet::new(terms, characters, anchors);
    limit("different letters", alphabet.letters.len(), LETTERS_MAX)?;
    literals.anchor_sets = alphabet.anchors;
    literals.tree(&alphabet)?;
    let ending = literals.nodes[1..=alphabet.ending].iter().map(|node| node.sets);
    let (ending, symbols): (Vec<u64>, _) =
        (ending.collect(), terms.partition.flags.len());
    literals.spellings = spelling::spellings(&alphabet.letters, &ending, symbols)?;
    limit("different sets of disguises", literals.count_sets(), LETTERS_MAX)?;
    Ok(literals)
}

pub(super) fn limit_states(count: usize) -> Result<(), Problem> {
    limit("states", count, STATES_MAX)
}

fn limit(what: &str, actual: usize, limit: usize) -> Result<(), Problem> {
    match actual > limit {
        false => Ok(()),
        true => Err(Problem::new(
            0..0,
            format!(
                "the pack's disguises expand to over {limit} {what}, which is the limit"
            ),
        )
        .help(
            "use fewer terms with `homophone` and `near-homophone`, or split the pack",
        )),
    }
}

/// The letters of the pack: its characters, each as different sets of disguises write
/// it. Of sets that are too many for the bits of a number there are groups, to which
/// letters belong.
struct Alphabet<'c> {
    /// Ways to write each letter, from 1 on, and the set that each is of.
    letters: Vec<Vec<(&'c Letter, u64)>>,
    /// How many end terms, which come first.
    ending: usize,
    /// Of each entry the letters, the last one first, and the number of its set.
    entries: Vec<(Vec<u16>, u8)>,
    /// The sets of the anchors' terms.
    anchors: u64,
}

impl<'c> Alphabet<'c> {
    fn new(
        terms: &TermPositions<'c, '_>,
        characters: &[usize],
        anchors: &Anchors,
    ) -> Alphabet<'c> {
        // Terms of anchors have sets of their own, if there are bits for so many.
        let key = |entry: &Entry<'_>| (entry.disguises, anchors.has(entry));
        let keys: FxHashSet<_> = terms.entries.iter().map(key).collect();
        let splits = keys.len() <= u64::BITS as usize;
        let mut sets: FxHashMap<(DisguiseSet, bool), u32> = FxHashMap::default();
        let mut known: FxHashMap<(usize, u32), usize> = FxHashMap::default();
        let mut ways: FxHashSet<(usize, u32)> = FxHashSet::default();
        let mut letters: Vec<Vec<(&Letter, u64)>> = Vec::new();
        let mut number = |plan: usize, set: u32| {
            let next = known.len();
            let key = (characters[plan], set / u64::BITS);
            let letter = *known.entry(key).or_insert(next);
            if letter == next {
                letters.push(Vec::new());
            }
            if ways.insert((plan, set)) {
                letters[letter].push((&terms.letters[plan], 1 << (set % u64::BITS)));
            }
            letter + 1
        };
        let mut of = |entry: &Entry<'_>| {
            let next = sets.len() as u32;
            let (disguises, of_anchor) = key(entry);
            *sets.entry((disguises, of_anchor && splits)).or_insert(next)
        };
        let last = terms.entries.iter().filter_map(|entry| {
            let plan = entry.letters.last()?;
            Some(number(*plan, of(entry)))
        });
        let ending = last.max().unwrap_or(0);
        let entries = terms.entries.iter().map(|entry| {
            let set = of(entry);
            let plans = entry.letters.iter().rev();
            // More than there may be are told before any is used.
            let letters = plans.map(|plan| number(*plan, set) as u16).collect();
            (letters, (set % u64::BITS) as u8)
        });
        let entries = entries.collect();
        let of_anchors = sets.iter().filter(|((_, of_anchor), _)| *of_anchor);
        let anchors = match splits {
            true => of_anchors.fold(0, |bits, (_, set)| bits | 1 << set),
            false => u64::MAX,
        };
        Alphabet { letters, ending, entries, anchors }
    }
}

impl Literals {
    /// The nodes, in the order of how many letters they have.
    fn tree(&mut self, alphabet: &Alphabet<'_>) -> Result<(), Problem> {
        let mut order: Vec<usize> = (0..alphabet.entries.len()).collect();
        order.sort_by_key(|entry| &alphabet.entries[*entry].0);
        let letters = |entry: usize| alphabet.entries[entry].0.as_slice();
        // What each node's terms are, how many letters it has, and the first of them.
        let mut queue: Vec<(&[usize], usize, u16)> = vec![(&order, 0, 0)];
        let mut node = 0;
        while let Some((terms, depth, letter)) = queue.get(node).copied() {
            let complete = terms.partition_point(|entry| letters(*entry).len() == depth);
            let (complete, rest) = terms.split_at(complete);
            let mut sets = 0;
            for entry in complete {
                let set = alphabet.entries[*entry].1;
                self.complete.push((node as u32, set));
                self.order.push(*entry);
                sets |= 1 << set;
            }
            let (from, is_complete) = (queue.len() as u32, !complete.is_empty());
            self.nodes.push(Node { letter, from, is_complete, sets });
            for run in rest.chunk_by(|a, b| letters(*a)[depth] == letters(*b)[depth]) {
                queue.push((run, depth + 1, letters(run[0])[depth]));
            }
            limit_states(queue.len())?;
            node += 1;
        }
        let from = queue.len() as u32;
        self.nodes.push(Node { letter: 0, from, is_complete: false, sets: 0 });
        for node in (0..queue.len()).rev() {
            let longer =
                self.nodes[node].from as usize..self.nodes[node + 1].from as usize;
            let sets = self.nodes[longer].iter().fold(0, |sets, node| sets | node.sets);
            self.nodes[node].sets |= sets;
        }
        Ok(())
    }

    /// How many different sets of disguises its records name.
    fn count_sets(&self) -> usize {
        let Spellings { readings, spelled, .. } = &self.spellings;
        let named = readings.iter().map(|reading| reading.sets);
        let named = named.chain(spelled.iter().map(|(_, sets)| *sets));
        let named = named.chain(self.nodes.iter().map(|node| node.sets));
        named.chain([self.anchor_sets]).collect::<FxHashSet<u64>>().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Ruleset;
    use crate::automaton::{LiteralAutomaton, StateCache, Terms};
    use crate::fold;
    use crate::ruleset::TermRecord;

    /// The terms that are complete behind some characters, without noise.
    fn complete(ruleset: &Ruleset<'_>, chars: &[char]) -> Vec<u32> {
        let (literals, symbols) = (ruleset.literals(), ruleset.symbols());
        let mut cache = StateCache::new();
        let backwards = chars.iter().rev().map(|c| symbols.cell(*c).0);
        let set = cache.after(&literals, Terms::All, backwards);
        let mut found = Vec::new();
        if let Some(set) = set {
            cache.outputs(&literals, set, |term| found.push(term));
        }
        found
    }

    /// Terms that end in each other, that allow different disguises, and more nodes than
    /// one hint is for.
    #[test]
    fn every_term_is_complete_behind_its_own_characters() {
        let source = include_str!("../../packs/wechat-trade.toml");
        let ruleset = Ruleset::compile(source).expect("the pack is sound");
        let literals = ruleset.literals();
        assert!(literals.nodes.len() > 4 * LiteralAutomaton::STRIDE);
        let mut emoji = 0;
        for (number, term) in (0..).zip(ruleset.terms()) {
            let text = ruleset.string(term.text);
            let chars = fold::fold(text).map(|folded| folded.char);
            let is_symbol = |c: &char| ruleset.symbols().cell(*c).is_symbol();
            let mut chars: Vec<char> = chars.filter(is_symbol).collect();
            if term.is(TermRecord::REVERSED) {
                chars.reverse();
            }
            let letters = literals.letters_of(number).count();
            if letters == 1 && chars.len() > 1 {
                emoji += 1;
                continue;
            }
            assert_eq!(letters, chars.len(), "{text}");
            assert!(complete(&ruleset, &chars).contains(&number), "{text}");
        }
        assert!(emoji > 0);
    }

    /// What one term allows is not read into another with the same letters.
    #[test]
    fn sets_of_disguises_are_told_apart() {
        let pack = |terms: &str| {
            Ruleset::compile(&format!(
                "format = 1\n[pack]\nid = \"a\"\nversion = \"1\"\n\
                 [[concept]]\nid = \"c\"\nterms = [{terms}]\n"
            ))
            .expect("a sound pack")
        };
        let ruleset = pack(
            r#"{ text = "卖微信", plain = true }, { text = "微信", disguise = ["homophone"] }"#,
        );
        let texts = |chars: &str| -> Vec<&str> {
            let chars: Vec<char> = chars.chars().collect();
            let terms = complete(&ruleset, &chars).into_iter();
            terms
                .map(|term| ruleset.string(ruleset.terms()[term as usize].text))
                .collect()
        };
        assert_eq!(texts("微信"), ["微信"]);
        assert_eq!(texts("威信"), ["微信"]);
        assert_eq!(texts("weixin"), ["微信"]);
        assert_eq!(texts("卖微信"), ["卖微信"]);
        assert!(texts("卖威信").is_empty() && texts("卖weixin").is_empty());
    }

    /// Packs that reach the largest of these limits need gigabytes.
    #[test]
    fn sizes_are_held_at_their_limits() {
        for most in [ALTERNATIVES_MAX, STATES_MAX, LETTERS_MAX] {
            assert!(limit("things", most, most).is_ok());
            let problem = limit("things", most + 1, most).unwrap_err();
            assert!(problem.message.contains(&format!("{most} things")));
        }
    }
}
