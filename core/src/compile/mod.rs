//! From packs to rulesets.
//!
//! Every per-character disguise is undone here, once, so that scanning pays
//! one look-up a code point however many disguises are on:
//!
//! 1. each letter of each term gets its alternatives ([`letter`]): sets of
//!    code points that stand for it one for one, and sequences;
//! 2. code points that are in the same sets become one symbol ([`partition`]);
//! 3. what stands for a letter over symbols becomes a tree ([`spelling`]), and the
//!    terms over letters the literal automaton ([`literal`]);
//! 4. patterns become the pattern automaton ([`pattern`]).

mod anchor;
mod collision;
mod data;
mod encode;
mod ending;
mod frequency;
mod letter;
mod literal;
mod load;
mod pairs;
mod partition;
mod pattern;
mod position;
mod rule_index;
mod spelling;
mod strings;
mod triples;

use crate::fold::{self, Disguise, DisguiseSet};
use crate::pack::{self, Matcher, Pack, PackError, Problem, Term};
use crate::ruleset::{Ruleset, TermRecord};
use data::Data;
use letter::Planner;
pub use load::PackFileError;

impl Ruleset<'static> {
    /// Compiles a pack from its TOML source (format 1). A pack may extend the built-in
    /// one, which is then compiled with it (feature `builtin`):
    ///
    /// ```
    /// # #[cfg(feature = "builtin")] {
    /// use huoyan::{Ruleset, Scratch};
    ///
    /// let ruleset = Ruleset::compile(r#"
    ///     format = 1
    ///     [pack]
    ///     id = "our-site"
    ///     version = "1"
    ///     extends = "wechat-trade"
    ///     [[concept]]
    ///     id = "wechat"
    ///     terms = ["小青蛙"]
    /// "#)?;
    /// assert!(ruleset.is_flagged(&mut Scratch::new(&ruleset), "出售 小青 蛙 老号"));
    /// # }
    /// # Ok::<(), huoyan::PackError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`PackError`] with every mistake found: unknown names, empty terms, bad patterns,
    /// limits passed; only what is no TOML, has an unknown key, extends an unknown pack or
    /// has too many of a kind is told alone. The pack's examples are not run;
    /// see [`check_examples`](crate::check_examples).
    ///
    /// # Resources
    ///
    /// Time and space grow with the number of terms and their disguises; the
    /// limits are the constants of [`huoyan::pack`](crate::pack).
    pub fn compile(source: &str) -> Result<Ruleset<'static>, PackError> {
        Self::compile_named("pack.toml", source)
    }

    /// [`compile`](Self::compile) with the name to show in errors.
    ///
    /// # Errors
    ///
    /// As [`compile`](Self::compile).
    pub fn compile_named(
        name: &str,
        source: &str,
    ) -> Result<Ruleset<'static>, PackError> {
        Self::of_pack(name, source, &pack::parse(name, source)?)
    }

    /// The same of a source that was parsed.
    pub(crate) fn of_pack(
        name: &str,
        source: &str,
        pack: &Pack,
    ) -> Result<Ruleset<'static>, PackError> {
        build(pack).map_err(|problem| PackError::new(name, source, vec![problem]))
    }
}

/// A term on its way into the ruleset.
struct Entry<'p> {
    concept: u16,
    term: &'p Term,
    flags: u8,
    /// Those that its letters may wear.
    disguises: DisguiseSet,
    /// For each letter, its plan.
    letters: Vec<usize>,
}

fn build(pack: &Pack) -> Result<Ruleset<'static>, Problem> {
    let data = Data::get();
    let mut planner = Planner::new(data);
    let entries = entries(pack, &mut planner);
    let Planner { plans, characters, sets, .. } = planner;
    let partition = partition::partition(&sets)?;
    let letters: Vec<letter::Letter> =
        plans.iter().map(|plan| plan.resolve(&partition)).collect();
    let frequencies = frequency::Frequencies::new(data, &partition);
    let anchors = anchor::anchors(pack, &entries, &letters, &frequencies);
    let terms = position::TermPositions::new(&entries, &letters, &partition);
    let literals = literal::build(&terms, &characters, &anchors, &frequencies)?;
    let patterns = pattern::determinise(pack)?;
    let collisions: Vec<Vec<String>> =
        entries.iter().map(|entry| collision::collisions(data, entry.term)).collect();
    let parts = encode::Parts {
        pack,
        entries: &entries,
        partition: &partition,
        literals: &literals,
        anchors: &anchors,
        patterns: &patterns,
        collisions: &collisions,
    };
    let too_large = || Problem::new(0..0, "the compiled pack is 4 GiB or larger");
    let block = encode::encode(&parts).ok_or_else(too_large)?;
    Ruleset::from_bytes(block).map_err(|error| {
        Problem::new(0..0, format!("the compiler made a bad ruleset: {error}"))
    })
}

fn entries<'p>(pack: &'p Pack, planner: &mut Planner<'_>) -> Vec<Entry<'p>> {
    let mut entries = Vec::new();
    for (index, concept) in pack.concepts.iter().enumerate() {
        let Matcher::Terms(terms, exceptions) = &concept.matcher else { continue };
        let concept = index as u16;
        let normal = terms.iter().map(|term| (term, 0));
        let except = exceptions.iter().map(|term| (term, TermRecord::EXCEPTION));
        for (term, flag) in normal.chain(except) {
            let hanzi = term.plain.iter().filter(|c| pack::is_hanzi(**c)).count();
            let chinese = if hanzi >= 2 { TermRecord::CHINESE } else { 0 };
            let start = if term.start { TermRecord::START } else { 0 };
            let flags = flag | chinese | start;
            let mut add = |flags: u8, disguises: DisguiseSet, letters: Vec<usize>| {
                entries.push(Entry { concept, term, flags, disguises, letters });
            };
            if term.disguises.contains(Disguise::Reorder) && term.plain.len() > 1 {
                // Reversed and risky at once would read `信、维` as 微信.
                let kept = pack::default_disguises()
                    .without(Disguise::Pinyin)
                    .without(Disguise::Split);
                let letters = term.plain.iter().rev().map(|c| planner.letter(*c, kept));
                add(flags | TermRecord::REVERSED, kept, letters.collect());
            }
            let disguises = letter::of_letters(term, term.disguises);
            let letters = term.plain.iter().map(|c| planner.letter(*c, disguises));
            // What is written in disguise in the pack is in disguise in a text.
            let is_plain = |c: &char| fold::lookup(*c).disguise().is_none();
            let is_literal = term.plain.iter().all(is_plain)
                && term.text.chars().eq(term.plain.iter().copied());
            let literal = if is_literal { TermRecord::LITERAL } else { 0 };
            add(flags | literal, disguises, letters.collect());
            if let Some(emoji) = planner.whole(term) {
                add(flags, disguises, vec![emoji]);
            }
        }
    }
    entries
}
