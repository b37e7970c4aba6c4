//! From the TOML form to a checked pack: names resolved, limits held.

use super::PackError;
use super::error::Problem;
use super::extend::{self, Joined};
use super::limits::*;
use super::model::{Concept, Pack, Rule};
use super::source::{ConceptTable, Source, Spanned};
use crate::fold::{Disguise, DisguiseSet};
use std::collections::HashMap;
use std::ops::Range;

/// Disguises that Chinese terms get unless they are `plain`.
pub(crate) fn default_disguises() -> DisguiseSet {
    use Disguise::*;
    [RareHomophone, Variant, Component, Split, Pinyin].into_iter().collect()
}

/// The threshold of a pack that names none, and the bias.
const THRESHOLD: f32 = 50.0;
const BIAS: f32 = -4.0;

/// Widest gap between two letters of a term, in visible noise code points.
pub(crate) const GAP_MAX: u8 = 4;

/// Parses and checks a pack source. `name` is shown in errors.
///
/// # Errors
///
/// Everything that is wrong with the source, as far as it could be read.
pub fn parse(name: &str, source: &str) -> Result<Pack, PackError> {
    if source.len() > PACK_BYTES_MAX {
        let message = format!(
            "the pack is {} bytes long; the limit is {PACK_BYTES_MAX} bytes",
            source.len()
        );
        return Err(PackError::new(name, "", vec![Problem::new(0..0, message)]));
    }
    let table: Source = toml::from_str(source).map_err(|error| {
        let span = error.span().unwrap_or(0..0);
        PackError::new(name, source, vec![Problem::new(span, error.message())])
    })?;
    let Joined { source: table, problems } = extend::joined(table)
        .map_err(|problem| PackError::new(name, source, vec![problem]))?;
    let mut check = Checker { problems, ..Checker::default() };
    let joined = check.problems.len();
    check.sizes(&table);
    if check.problems.len() > joined {
        return Err(check.error(name, source));
    }
    let pack = check.pack(table);
    if check.problems.is_empty() { Ok(pack) } else { Err(check.error(name, source)) }
}

/// What is said of a count that has another pack's in it.
fn with_those_of(source: &Source) -> String {
    let extended = source.pack.extends.as_ref();
    let with = extended.map(|name| format!(" with those of `{}`", name.get_ref()));
    with.unwrap_or_default()
}

/// Most problems that are kept, of which the first in the source are told.
const PROBLEMS_MAX: usize = 1_024;
/// Longest name that a similar one is looked for, and offered, in bytes.
const SIMILAR_BYTES_MAX: usize = 64;

/// What is wrong so far.
#[derive(Default)]
pub(super) struct Checker {
    problems: Vec<Problem>,
    /// Problems that were not kept.
    left_out: usize,
}

impl Checker {
    pub(super) fn report(&mut self, problem: Problem) {
        match self.problems.len() < PROBLEMS_MAX {
            true => self.problems.push(problem),
            false => self.left_out += 1,
        }
    }

    fn error(mut self, name: &str, source: &str) -> PackError {
        self.problems.sort_by_key(|problem| problem.span.start);
        PackError::new(name, source, self.problems).and_more(self.left_out)
    }

    /// How many of each there are. Nothing else is looked at in a pack that is
    /// too large: that would take time out of proportion.
    fn sizes(&mut self, source: &Source) {
        let at = source.pack.id.span();
        let concepts = || source.concept.iter().map(Spanned::get_ref);
        let terms = concepts().map(|c| c.terms.len() + c.except.len()).sum();
        let patterns = concepts().filter(|c| c.pattern.is_some()).count();
        let with = with_those_of(source);
        for (what, count, limit) in [
            ("concepts", source.concept.len(), CONCEPTS_MAX),
            ("rules", source.rule.len(), RULES_MAX),
            ("terms", terms, TERMS_MAX),
            ("patterns", patterns, PATTERNS_MAX),
        ] {
            self.limit(&format!("{what}{with}"), count, limit, at.clone());
        }
    }

    pub(super) fn limit(
        &mut self,
        what: &str,
        actual: usize,
        limit: usize,
        span: Range<usize>,
    ) {
        self.limit_with(what, (actual, limit), span, "split the pack, or leave some out");
    }

    /// The same for what is one thing.
    pub(super) fn length(
        &mut self,
        what: &str,
        actual: usize,
        limit: usize,
        span: Range<usize>,
    ) {
        self.limit_with(what, (actual, limit), span, "make it shorter");
    }

    fn limit_with(
        &mut self,
        what: &str,
        (actual, limit): (usize, usize),
        span: Range<usize>,
        help: &str,
    ) {
        if actual > limit {
            let problem =
                Problem::new(span, format!("{actual} {what}; the limit is {limit}"));
            self.report(problem.help(help));
        }
    }

    /// Concepts that were meant to be others, most likely.
    fn idle(&mut self, source: &Source) {
        for idle in extend::idle(source) {
            let id = idle.get_ref();
            let what = format!("nothing comes of concept `{id}`: it is in no rule");
            let problem = Problem::new(idle.span(), what);
            let ids = source.concept.iter().map(|concept| concept.get_ref().id.get_ref());
            self.report(match self.similar(ids, id) {
                Some(other) => problem.help(format!("did you mean `{other}`?")),
                None => problem.help(
                    "name it in a rule, or make it part of a concept, a platform or an \
                     attribute",
                ),
            });
        }
    }

    fn pack(&mut self, source: Source) -> Pack {
        let with = with_those_of(&source);
        let extended = source.extended_at();
        if source.pack.extends.is_some() {
            self.idle(&source);
        }
        if *source.format.get_ref() != 1 {
            self.report(
                Problem::new(
                    source.format.span(),
                    format!("format {} is unknown", source.format.get_ref()),
                )
                .help("this library reads `format = 1`"),
            );
        }
        let threshold = source.pack.threshold.map_or(THRESHOLD, |threshold| {
            let value = *threshold.get_ref();
            if !(0.0..=100.0).contains(&value) {
                self.report(Problem::new(
                    threshold.span(),
                    format!("threshold {value} is outside 0 to 100"),
                ));
            }
            value
        });
        let bias = source.pack.bias.map_or(BIAS, |bias| {
            if !bias.get_ref().is_finite() {
                self.report(Problem::new(bias.span(), "the bias is not a number"));
            }
            bias.into_inner()
        });
        let saturation = source.pack.saturation.map_or(SATURATION_MAX, |saturation| {
            let value = *saturation.get_ref();
            if !(0.0..=SATURATION_MAX).contains(&value) {
                self.report(
                    Problem::new(
                        saturation.span(),
                        format!("saturation {value} is outside 0 to {SATURATION_MAX}"),
                    )
                    .help("it is the most log-odds that the rules of a place add up to"),
                );
            }
            value
        });
        self.name(&source.pack.id);
        self.name(&source.pack.version);
        self.names(
            source.concept.iter().filter_map(|c| c.get_ref().platform.as_ref()),
            &format!("platforms{with}"),
        );
        self.names(
            source.concept.iter().filter_map(|c| c.get_ref().attribute.as_ref()),
            &format!("attributes{with}"),
        );
        let ids = source.concept.iter().map(|c| &c.get_ref().id);
        let ids = self.unique(ids, "concept", extended.as_ref());
        let rules = source.rule.iter().map(|rule| &rule.get_ref().id);
        self.unique(rules, "rule", extended.as_ref());
        let wholes = self.wholes(&source.concept, &ids);
        let concepts = source
            .concept
            .into_iter()
            .zip(&wholes)
            .enumerate()
            .map(|(index, (concept, part_of))| {
                let has_parts = wholes.contains(&Some(index as u16));
                let concept = self.concept(concept.into_inner(), has_parts);
                Concept { part_of: *part_of, ..concept }
            })
            .collect::<Vec<_>>();
        let spans: Vec<_> = source.rule.iter().map(|r| r.get_ref().id.span()).collect();
        let rules: Vec<Rule> =
            source.rule.into_iter().map(|r| self.rule(r.into_inner(), &ids)).collect();
        for (rule, span) in rules.iter().zip(spans) {
            self.rule_by_patterns(rule, &concepts, span);
        }
        let mut risk = [0.0; 32];
        for (kind, value) in source.risk {
            match Disguise::from_name(kind.get_ref()) {
                Some(found) if value <= 0.0 && value.is_finite() => {
                    risk[found as usize] = value
                }
                Some(_) => self.report(
                    Problem::new(kind.span(), format!("the risk {value} is no cost"))
                        .help("a risk is what a disguise costs a hit: zero or less"),
                ),
                None => self.unknown_disguise(&kind, |_| true),
            }
        }
        let examples = source.example.into_iter();
        let examples =
            examples.filter_map(|example| self.pack_example(example)).collect();
        Pack {
            id: source.pack.id.into_inner(),
            version: source.pack.version.into_inner(),
            threshold,
            bias,
            saturation,
            concepts,
            rules,
            risk,
            examples,
        }
    }

    pub(super) fn name(&mut self, name: &Spanned<String>) {
        self.length("bytes in a name", name.get_ref().len(), NAME_BYTES_MAX, name.span());
        if name.get_ref().is_empty() {
            self.report(
                Problem::new(name.span(), "a name is empty").help("results show it"),
            );
        }
    }

    fn names<'s>(
        &mut self,
        names: impl Iterator<Item = &'s Spanned<String>>,
        what: &str,
    ) {
        let mut different: Vec<&Spanned<String>> = Vec::new();
        for name in names {
            self.name(name);
            if !different.iter().any(|other| other.get_ref() == name.get_ref()) {
                different.push(name);
            }
        }
        // The first too many stands for all of them.
        if let Some(name) = different.get(PLATFORMS_MAX) {
            self.limit(what, different.len(), PLATFORMS_MAX, name.span());
        }
    }

    fn unique<'s>(
        &mut self,
        ids: impl Iterator<Item = &'s Spanned<String>>,
        what: &str,
        extended: Option<&Range<usize>>,
    ) -> HashMap<String, u16> {
        let (mut seen, mut firsts) = (HashMap::new(), HashMap::new());
        for (index, id) in ids.enumerate() {
            let name = id.get_ref();
            self.name(id);
            if name.is_empty() {
                self.report(Problem::new(
                    id.span(),
                    format!("a {what} with an empty id"),
                ));
            }
            let first = firsts.entry(name.as_str()).or_insert_with(|| id.span());
            let is_again = seen.insert(name.clone(), index as u16).is_some();
            if is_again && !name.is_empty() {
                // What comes from the pack that is extended stands nowhere here.
                let related = (extended != Some(&*first)).then(|| first.clone());
                self.report(
                    Problem::new(id.span(), format!("{what} `{name}` is defined twice"))
                        .label("again")
                        .help("ids are unique: rename one, or join the two")
                        .related(related),
                );
            }
        }
        seen
    }

    /// The concept that each one is a kind of.
    fn wholes(
        &mut self,
        concepts: &[Spanned<ConceptTable>],
        ids: &HashMap<String, u16>,
    ) -> Vec<Option<u16>> {
        let named = |concept: &Spanned<ConceptTable>| {
            let name = concept.get_ref().part_of.as_ref()?;
            Some((name.span(), ids.get(name.get_ref()).copied(), name.get_ref().clone()))
        };
        let mut wholes = Vec::new();
        for concept in concepts {
            let found = named(concept);
            let own = concept.get_ref().id.get_ref();
            let problem = match &found {
                None => None,
                Some((span, None, name)) => {
                    let what = format!("concept `{own}` is part of the unknown `{name}`");
                    let near = self.similar(ids.keys(), name);
                    Some((span, what, near.map(|id| format!("did you mean `{id}`?"))))
                }
                Some((span, Some(whole), name)) => {
                    let whole = &concepts[usize::from(*whole)];
                    let nested = whole.get_ref().part_of.is_some();
                    let help = "name the outermost concept: kinds have one level";
                    let what = format!("`{name}` is itself part of another concept");
                    nested.then_some((span, what, Some(help.into())))
                }
            };
            if let Some((span, what, help)) = problem {
                let problem = Problem::new(span.clone(), what);
                self.report(match help {
                    Some(help) => problem.help(help),
                    None => problem,
                });
            }
            wholes.push(found.and_then(|(_, whole, _)| whole));
        }
        wholes
    }

    pub(super) fn unknown_disguise(
        &mut self,
        name: &Spanned<String>,
        fits: fn(Disguise) -> bool,
    ) {
        let fitting = Disguise::ALL.iter().filter(|kind| fits(**kind));
        let known: Vec<&str> = fitting.map(|kind| kind.name()).collect();
        self.report(
            Problem::new(name.span(), format!("unknown disguise `{}`", name.get_ref()))
                .help(format!("known are: {}", known.join(", "))),
        );
    }

    /// A known name that an unknown one may be meant for.
    pub(super) fn similar<'i>(
        &self,
        ids: impl Iterator<Item = &'i String>,
        name: &str,
    ) -> Option<&'i String> {
        // Comparing with all names is for errors that are told.
        if self.problems.len() >= DIAGNOSTICS_MAX || name.len() > SIMILAR_BYTES_MAX {
            return None;
        }
        let short = ids.filter(|id| id.len() <= SIMILAR_BYTES_MAX && *id != name);
        let nearest = short.min_by_key(|id| (distance(id, name), id.as_str()))?;
        let is_near = 2 * distance(nearest, name) <= name.chars().count();
        is_near.then_some(nearest)
    }
}

/// Whether a character is a hanzi: CJK unified ideographs and their extensions.
pub(crate) fn is_hanzi(c: char) -> bool {
    matches!(c as u32, 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0x2_0000..=0x3_FFFF | 0x3007)
}

/// Levenshtein distance, for "did you mean".
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}
