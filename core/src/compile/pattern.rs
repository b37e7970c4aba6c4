//! Patterns to one dense, anchored DFA.

use crate::automaton::PatternAutomaton;
use crate::fold;
use crate::pack::{
    Matcher, PATTERN_AUTOMATON_BYTES_MAX, PATTERN_NESTING_MAX, PATTERN_STATES_MAX, Pack,
    Problem,
};
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;
use regex_automata::{Anchored, MatchKind};
use regex_syntax::hir::{Class, Hir, HirKind};
use rustc_hash::FxHashMap;
use std::ops::Range;

/// The tables of the pattern automaton.
#[derive(Default)]
pub(super) struct Patterns {
    /// Class of each byte; empty without patterns.
    pub(super) classes: Vec<u8>,
    /// By state and block of classes, the number of the block.
    pub(super) rows: Vec<u16>,
    /// Next states by class, block after block.
    pub(super) blocks: Vec<u16>,
    pub(super) accepts: Vec<u32>,
    pub(super) ids: Vec<u16>,
    /// A bit for each code point below 0x10000 in which a match may begin.
    pub(super) starts: Vec<u8>,
    /// The concept of each pattern.
    pub(super) concepts: Vec<u16>,
}

pub(super) fn determinise(pack: &Pack) -> Result<Patterns, Problem> {
    let mut sources: Vec<Hir> = Vec::new();
    let mut patterns = Patterns::default();
    let mut place = 0..0;
    for (index, concept) in pack.concepts.iter().enumerate() {
        if let Matcher::Pattern(source, span) = &concept.matcher {
            let hir = parse(source, span)?;
            automaton(std::slice::from_ref(&hir), span)?;
            sources.push(hir);
            patterns.concepts.push(index as u16);
            place = span.clone();
        }
    }
    if !sources.is_empty() {
        let dfa = automaton(&sources, &place)?;
        patterns.transcribe(&dfa, &place)?;
    }
    Ok(patterns)
}

fn parse(source: &str, span: &Range<usize>) -> Result<Hir, Problem> {
    let mut parser =
        regex_syntax::ParserBuilder::new().nest_limit(PATTERN_NESTING_MAX).build();
    // Errors are those of the source as written.
    let hir = match parser.parse(source) {
        Ok(_) => parser.parse(&plain_digits(source)),
        written => written,
    };
    let hir = hir.map_err(|error| {
        let (what, at) = match &error {
            regex_syntax::Error::Parse(e) => {
                (e.kind().to_string(), e.span().start.offset)
            }
            regex_syntax::Error::Translate(e) => {
                (e.kind().to_string(), e.span().start.offset)
            }
            _ => (error.to_string(), 0),
        };
        let column = source.get(..at).unwrap_or("").chars().count() + 1;
        Problem::new(span.clone(), format!("bad pattern: {what}"))
            .label(format!("at character {column} of the pattern"))
            .help("the syntax is that of the Rust crate `regex`")
    })?;
    let properties = hir.properties();
    if !properties.look_set().is_empty() {
        return Err(Problem::new(
            span.clone(),
            "a pattern uses an assertion such as ^ or \\b",
        )
        .help("leave it out: ends that are letters or digits respect borders anyway"));
    }
    if properties.minimum_len() == Some(0) {
        return Err(Problem::new(span.clone(), "a pattern matches the empty text")
            .help("ask for at least one character"));
    }
    if let Err(c) = occurs(&hir) {
        let plain: String = fold::lookup(c).chars().collect();
        return Err(Problem::new(
            span.clone(),
            format!("the pattern never matches: folded text has no `{c}`"),
        )
        .label("patterns are looked for in folded text")
        .help(format!("write `{plain}`, which `{c}` folds to")));
    }
    Ok(hir)
}

/// Whether folded text may have what a pattern asks for; else the first character that
/// it has not.
fn occurs(hir: &Hir) -> Result<(), char> {
    let known = |c: char| fold::lookup(c).chars().eq([c]).then_some(()).ok_or(c);
    match hir.kind() {
        HirKind::Literal(literal) => {
            String::from_utf8_lossy(&literal.0).chars().try_for_each(known)
        }
        HirKind::Class(Class::Unicode(class)) => {
            let characters = class.iter().flat_map(|range| range.start()..=range.end());
            any_of(characters.map(known))
        }
        HirKind::Repetition(repetition) if repetition.min > 0 => occurs(&repetition.sub),
        HirKind::Capture(capture) => occurs(&capture.sub),
        HirKind::Concat(parts) => parts.iter().try_for_each(occurs),
        HirKind::Alternation(ways) => any_of(ways.iter().map(occurs)),
        _ => Ok(()),
    }
}

/// The first error, unless anything is well.
fn any_of(mut found: impl Iterator<Item = Result<(), char>>) -> Result<(), char> {
    let first = found.next().unwrap_or(Ok(()));
    if first.is_err() && found.any(|next| next.is_ok()) { Ok(()) } else { first }
}

/// The pattern with `\\d` for the ten ASCII digits: folded text has no others,
/// and the digits of all scripts make automata ten times larger.
fn plain_digits(source: &str) -> String {
    let mut plain = String::with_capacity(source.len());
    let (mut depth, mut characters) = (0usize, source.chars());
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next() {
                Some('d') if depth > 0 => plain.push_str("0-9"),
                Some('d') => plain.push_str("[0-9]"),
                next => plain.extend([Some(c), next].into_iter().flatten()),
            },
            _ => {
                match c {
                    '[' => depth += 1,
                    ']' => depth = depth.saturating_sub(1),
                    _ => {}
                }
                plain.push(c);
            }
        }
    }
    plain
}

fn automaton(
    sources: &[Hir],
    span: &Range<usize>,
) -> Result<dense::DFA<Vec<u32>>, Problem> {
    use regex_automata::nfa::thompson;
    let fail = |error: String| {
        Problem::new(
            span.clone(),
            format!("a pattern is too large: {error} (the limit is {PATTERN_AUTOMATON_BYTES_MAX} bytes)"),
        )
        .help("shorten repetitions and character classes")
    };
    let nfa = thompson::Compiler::new()
        .configure(
            thompson::Config::new().nfa_size_limit(Some(PATTERN_AUTOMATON_BYTES_MAX)),
        )
        .build_many_from_hir(sources)
        .map_err(|error| fail(error.to_string()))?;
    dense::Builder::new()
        .configure(
            dense::Config::new()
                .match_kind(MatchKind::All)
                .start_kind(StartKind::Anchored)
                .accelerate(false)
                .dfa_size_limit(Some(PATTERN_AUTOMATON_BYTES_MAX))
                .determinize_size_limit(Some(4 * PATTERN_AUTOMATON_BYTES_MAX)),
        )
        .build_from_nfa(&nfa)
        .map_err(|error| fail(error.to_string()))
}

/// The number of the latest state.
fn number(count: usize, of: &str, span: &Range<usize>) -> Result<u16, Problem> {
    u16::try_from(count).map_err(|_| {
        let what = format!(
            "the patterns need over {PATTERN_STATES_MAX} {of}, which is the limit"
        );
        Problem::new(span.clone(), what).help("shorten repetitions, or split the pack")
    })
}

/// Whether nothing goes on from a state.
fn is_dead(dfa: &dense::DFA<Vec<u32>>, state: StateID) -> bool {
    dfa.is_dead_state(state) || dfa.is_quit_state(state)
}

/// The next states of some classes in a row.
type Block = [u16; PatternAutomaton::BLOCK];

impl Patterns {
    /// Fills in where matches may begin, given the state in which all do.
    fn find_starts(&mut self, dfa: &dense::DFA<Vec<u32>>, start: StateID) {
        self.starts = vec![0; PatternAutomaton::STARTS / 8];
        let begins = |c: &char| {
            let mut buffer = [0; 4];
            let first = fold::lookup(*c).first().encode_utf8(&mut buffer);
            let step = |state, byte| dfa.next_state(state, byte);
            !is_dead(dfa, first.bytes().fold(start, step))
        };
        let points = (0..PatternAutomaton::STARTS as u32).filter_map(char::from_u32);
        for c in points.filter(begins) {
            self.starts[c as usize / 8] |= 1 << (c as usize % 8);
        }
    }

    /// Adds the next states of a state, by class. `numbers` are those of the blocks so
    /// far.
    fn add_row(
        &mut self,
        row: &[u16],
        numbers: &mut FxHashMap<Block, u16>,
        span: &Range<usize>,
    ) -> Result<(), Problem> {
        for cells in row.chunks(PatternAutomaton::BLOCK) {
            let mut block = Block::default();
            block[..cells.len()].copy_from_slice(cells);
            let known = numbers.get(&block).copied();
            let number = match known {
                Some(known) => known,
                None => number(numbers.len(), "blocks of transitions", span)?,
            };
            if known.is_none() {
                numbers.insert(block, number);
                self.blocks.extend(block);
            }
            self.rows.push(number);
        }
        Ok(())
    }

    /// Copies a DFA into our tables. A match there is seen one step late, at
    /// the end of input; here a state says at once what is complete in it.
    fn transcribe(
        &mut self,
        dfa: &dense::DFA<Vec<u32>>,
        span: &Range<usize>,
    ) -> Result<(), Problem> {
        let start =
            dfa.start_state(&start::Config::new().anchored(Anchored::Yes)).map_err(
                |error| Problem::new(span.clone(), format!("bad pattern: {error}")),
            )?;
        self.find_starts(dfa, start);
        // Bytes with equal columns share a class.
        let mut order: Vec<StateID> = vec![start];
        let mut numbers: FxHashMap<StateID, u16> = FxHashMap::default();
        numbers.insert(start, PatternAutomaton::START);
        let mut columns = vec![Vec::new(); 256];
        let mut next = 0;
        while next < order.len() {
            for byte in 0..=255u8 {
                let target = dfa.next_state(order[next], byte);
                let number = match (is_dead(dfa, target), numbers.get(&target)) {
                    (true, _) => 0,
                    (false, Some(number)) => *number,
                    (false, None) => {
                        order.push(target);
                        let number = number(order.len(), "states", span)?;
                        numbers.insert(target, number);
                        number
                    }
                };
                columns[usize::from(byte)].push(number);
            }
            next += 1;
        }
        let mut kinds: Vec<&Vec<u16>> = Vec::new();
        for column in &columns {
            let class =
                kinds.iter().position(|kind| *kind == column).unwrap_or_else(|| {
                    kinds.push(column);
                    kinds.len() - 1
                });
            self.classes.push(class as u8);
        }
        let mut blocks = FxHashMap::default();
        // Of the dead state there is no column.
        self.add_row(&vec![0; kinds.len()], &mut blocks, span)?;
        for state in 0..order.len() {
            let row: Vec<u16> = kinds.iter().map(|kind| kind[state]).collect();
            self.add_row(&row, &mut blocks, span)?;
        }
        self.accepts = vec![0, 0];
        for state in order {
            let end = dfa.next_eoi_state(state);
            if dfa.is_match_state(end) {
                let count = dfa.match_len(end);
                self.ids.extend(
                    (0..count).map(|i| dfa.match_pattern(end, i).as_u32() as u16),
                );
            }
            self.accepts.push(self.ids.len() as u32);
        }
        Ok(())
    }
}
