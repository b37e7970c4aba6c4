//! Limits on packs. Past one, compiling fails with an error that names the
//! limit and the actual size.

/// Longest source text of a pack, in bytes.
pub const PACK_BYTES_MAX: usize = 8 << 20;
/// Longest name (of a pack, concept, rule, platform or attribute) and longest
/// term as written, in bytes.
pub const NAME_BYTES_MAX: usize = 1_024;
/// Most platforms, and most attributes, in a pack.
pub const PLATFORMS_MAX: usize = 64;
/// Most concepts in a pack.
pub const CONCEPTS_MAX: usize = 4_096;
/// Most terms in a pack, exceptions included.
pub const TERMS_MAX: usize = 250_000;
/// Longest term, in plain characters after folding.
pub const TERM_CHARS_MAX: usize = 32;
/// Most ways to write one letter of a term: most symbols that stand for it, and
/// most sequences of symbols.
pub const ALTERNATIVES_MAX: usize = u16::MAX as usize - 1;
/// Most rules in a pack.
pub const RULES_MAX: usize = 4_096;
/// Most concepts in one list (`all`, `any`, `none`) of a rule.
pub const RULE_CONCEPTS_MAX: usize = 64;
/// Highest saturation of a pack, in log-odds, and the one that is meant where a
/// pack names none.
pub const SATURATION_MAX: f32 = 100.0;
/// Widest window of a rule, in symbols.
pub const WITHIN_MAX: usize = 256;
/// Most `pattern` concepts in a pack.
pub const PATTERNS_MAX: usize = 64;
/// Longest source of one pattern, in bytes.
pub const PATTERN_BYTES_MAX: usize = 4_096;
/// Deepest nesting of groups, classes and repetitions in one pattern.
pub const PATTERN_NESTING_MAX: u32 = 64;
/// Most states that the automaton of all patterns of a pack may have.
pub const PATTERN_STATES_MAX: usize = u16::MAX as usize;
/// Largest automaton that the patterns of a pack may need, in bytes.
pub const PATTERN_AUTOMATON_BYTES_MAX: usize = 8 << 20;
/// Longest match of a pattern, in plain characters: of what is longer, so much is
/// read.
pub const PATTERN_REACH: usize = 64;
/// Most letters that a pack may tell apart: characters, each once for 64 different
/// sets of disguises; and most such sets that its terms make together.
pub const LETTERS_MAX: usize = u16::MAX as usize - 1;
/// Most nodes that the literal automaton may need, and most runs of symbols that stand
/// for its letters.
pub const STATES_MAX: usize = 4_000_000;
/// Most symbols that a pack may tell apart.
pub const SYMBOLS_MAX: usize = 60_000;
/// Most diagnostics that one [`PackError`](super::PackError) carries.
pub const DIAGNOSTICS_MAX: usize = 32;
