//! From the TOML form to a checked pack: names resolved, limits held.

use super::PackError;
use super::error::Problem;
use super::extend::{self, Joined};
use super::limits::*;
use super::model::{Concept, Example, Matcher, Pack, Rule, Term};
use super::source::{ConceptTable, RuleTable, Source, Spanned, TermSource};
use crate::category::Category;
use crate::fold::{self, Disguise, DisguiseSet};
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

/// Most problems that are kept, of which the first in the source are told.
const PROBLEMS_MAX: usize = 1_024;
/// Longest name that a similar one is looked for, and offered, in bytes.
const SIMILAR_BYTES_MAX: usize = 64;

#[derive(Default)]
struct Checker {
    problems: Vec<Problem>,
    /// Problems that were not kept.
    left_out: usize,
}

impl Checker {
    fn report(&mut self, problem: Problem) {
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
        self.limit("concepts", source.concept.len(), CONCEPTS_MAX, at.clone());
        self.limit("rules", source.rule.len(), RULES_MAX, at.clone());
        self.limit("terms", terms, TERMS_MAX, at.clone());
        self.limit("patterns", patterns, PATTERNS_MAX, at);
    }

    fn limit(&mut self, what: &str, actual: usize, limit: usize, span: Range<usize>) {
        self.limit_with(what, (actual, limit), span, "split the pack, or leave some out");
    }

    /// The same for what is one thing.
    fn length(&mut self, what: &str, actual: usize, limit: usize, span: Range<usize>) {
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
            "platforms",
        );
        self.names(
            source.concept.iter().filter_map(|c| c.get_ref().attribute.as_ref()),
            "attributes",
        );
        let ids = self.unique(source.concept.iter().map(|c| &c.get_ref().id), "concept");
        self.unique(source.rule.iter().map(|r| &r.get_ref().id), "rule");
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
        Pack {
            id: source.pack.id.into_inner(),
            version: source.pack.version.into_inner(),
            threshold,
            bias,
            saturation,
            concepts,
            rules,
            risk,
        }
    }

    fn name(&mut self, name: &Spanned<String>) {
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
        let mut different: Vec<&str> = Vec::new();
        for name in names {
            self.name(name);
            if !different.contains(&name.get_ref().as_str()) {
                different.push(name.get_ref());
                self.limit(what, different.len(), PLATFORMS_MAX, name.span());
            }
        }
    }

    fn unique<'s>(
        &mut self,
        ids: impl Iterator<Item = &'s Spanned<String>>,
        what: &str,
    ) -> HashMap<String, u16> {
        let mut seen = HashMap::new();
        for (index, id) in ids.enumerate() {
            let name = id.get_ref();
            self.name(id);
            if name.is_empty() {
                self.report(Problem::new(
                    id.span(),
                    format!("a {what} with an empty id"),
                ));
            }
            if seen.insert(name.clone(), index as u16).is_some() {
                self.report(
                    Problem::new(id.span(), format!("{what} `{name}` is defined twice"))
                        .label("defined before")
                        .help("ids are unique: rename one, or join the two"),
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

    fn concept(&mut self, table: ConceptTable, has_parts: bool) -> Concept {
        let matcher = match table.pattern {
            Some(pattern) => {
                if !table.terms.is_empty() || !table.except.is_empty() {
                    self.report(
                        Problem::new(
                            pattern.span(),
                            format!(
                                "concept `{}` has a pattern and terms",
                                table.id.get_ref()
                            ),
                        )
                        .help("make two concepts and name both in the rule's `any`"),
                    );
                }
                let span = pattern.span();
                let length = pattern.get_ref().len();
                self.length(
                    "bytes in a pattern",
                    length,
                    PATTERN_BYTES_MAX,
                    span.clone(),
                );
                Matcher::Pattern(pattern.into_inner(), span)
            }
            None => {
                if table.terms.is_empty() && !has_parts {
                    self.report(
                        Problem::new(
                            table.id.span(),
                            format!(
                                "concept `{}` has no terms and no pattern",
                                table.id.get_ref()
                            ),
                        )
                        .help("add `terms = [\"…\"]` or `pattern = '…'`"),
                    );
                }
                let terms =
                    table.terms.into_iter().map(|t| self.term(t, false)).collect();
                let except =
                    table.except.into_iter().map(|t| self.term(t, true)).collect();
                Matcher::Terms(terms, except)
            }
        };
        Concept {
            id: table.id.into_inner(),
            platform: table.platform.map(Spanned::into_inner),
            attribute: table.attribute.map(Spanned::into_inner),
            part_of: None,
            matcher,
        }
    }

    fn term(&mut self, source: Spanned<TermSource>, exception: bool) -> Term {
        let span = source.span();
        let term = source.into_inner();
        self.length("bytes in a term", term.text.len(), NAME_BYTES_MAX, span.clone());
        let plain: Vec<char> = fold::fold(&term.text)
            .filter(|f| f.fold.noise().is_none() || !f.char.is_whitespace())
            .map(|f| f.char)
            .collect();
        if term.text.is_empty() {
            self.report(
                Problem::new(span.clone(), "a term is empty")
                    .help("an empty term would be everywhere: remove it"),
            );
        } else if plain.is_empty() {
            self.report(
                Problem::new(
                    span.clone(),
                    format!("term {:?} folds to nothing", term.text),
                )
                .label("only invisible code points, marks and spaces")
                .help("spell the term with letters, digits, hanzi or symbols"),
            );
        }
        self.length("characters in a term", plain.len(), TERM_CHARS_MAX, span.clone());
        let chinese = plain.iter().any(|c| is_hanzi(*c));
        let mut disguises = match chinese && !term.plain && !exception {
            true => default_disguises(),
            false => DisguiseSet::EMPTY,
        };
        for name in &term.disguise {
            match Disguise::from_name(name.get_ref()) {
                Some(kind) if is_per_term(kind) => {
                    disguises.insert(kind);
                }
                Some(_) => self.report(
                    Problem::new(
                        name.span(),
                        format!("`{}` is undone for every term", name.get_ref()),
                    )
                    .help("leave it out"),
                ),
                None => self.unknown_disguise(name, is_per_term),
            }
        }
        // Ordinary writing parts the letters of a word by a space at most.
        let mut gap = if exception { 1 } else { GAP_MAX };
        if let Some(value) = term.gap {
            match u8::try_from(*value.get_ref()) {
                Ok(number) if number <= GAP_MAX => gap = number,
                _ => self.report(Problem::new(
                    value.span(),
                    format!("gap {} is outside 0 to {GAP_MAX}", value.get_ref()),
                )),
            }
        }
        if let Some(means) = &term.means {
            self.name(means);
        }
        let mut wears = DisguiseSet::EMPTY;
        for name in &term.wears {
            match Disguise::from_name(name.get_ref()) {
                Some(kind) => wears.insert(kind),
                None => self.unknown_disguise(name, |_| true),
            }
        }
        let means = term.means.map(Spanned::into_inner);
        let text = spelling(&term.text);
        Term { text, plain, disguises, gap, start: term.start, means, wears, span }
    }

    fn unknown_disguise(&mut self, name: &Spanned<String>, fits: fn(Disguise) -> bool) {
        let fitting = Disguise::ALL.iter().filter(|kind| fits(**kind));
        let known: Vec<&str> = fitting.map(|kind| kind.name()).collect();
        self.report(
            Problem::new(name.span(), format!("unknown disguise `{}`", name.get_ref()))
                .help(format!("known are: {}", known.join(", "))),
        );
    }

    fn rule(&mut self, table: RuleTable, ids: &HashMap<String, u16>) -> Rule {
        let category = Category::from_name(table.category.get_ref());
        if category.is_none() {
            let known: Vec<&str> = Category::ALL.iter().map(|c| c.name()).collect();
            self.report(
                Problem::new(
                    table.category.span(),
                    format!("unknown category `{}`", table.category.get_ref()),
                )
                .help(format!("known are: {}", known.join(", "))),
            );
        }
        if table.all.get_ref().is_empty() {
            self.report(
                Problem::new(
                    table.all.span(),
                    format!("rule `{}` asks for no concept", table.id.get_ref()),
                )
                .help("name at least one concept in `all`"),
            );
        }
        let within = match u16::try_from(*table.within.get_ref()) {
            Ok(number) if number > 0 && usize::from(number) <= WITHIN_MAX => number,
            _ => {
                self.report(Problem::new(
                    table.within.span(),
                    format!(
                        "within {} is outside 1 to {WITHIN_MAX}",
                        table.within.get_ref()
                    ),
                ));
                1
            }
        };
        if !table.weight.get_ref().is_finite() {
            self.report(Problem::new(table.weight.span(), "the weight is not a number"));
        }
        let examples =
            table.example.into_iter().filter_map(|e| self.example(e)).collect();
        let all = self.concepts(&table.id, table.all.get_ref(), ids);
        Rule {
            category: category.unwrap_or(Category::AccountTrade),
            all,
            any: self.concepts(&table.id, &table.any, ids),
            none: self.concepts(&table.id, &table.none, ids),
            within,
            weight: *table.weight.get_ref(),
            examples,
            id: table.id.into_inner(),
        }
    }

    /// Patterns are looked for near terms only: a rule that speaks for a
    /// category and never needs a term would never fire.
    fn rule_by_patterns(
        &mut self,
        rule: &Rule,
        concepts: &[Concept],
        span: Range<usize>,
    ) {
        let literal = |concept: &u16| {
            let mut kinds = concepts.iter().enumerate().filter(|(index, kind)| {
                *index == usize::from(*concept) || kind.part_of == Some(*concept)
            });
            kinds.all(|(_, kind)| matches!(kind.matcher, Matcher::Terms(..)))
        };
        let needed = rule.all.iter().any(literal)
            || (!rule.any.is_empty() && rule.any.iter().all(literal));
        if rule.weight > 0.0 && !rule.all.is_empty() && !needed {
            self.report(
                Problem::new(span, format!("rule `{}` asks for patterns alone", rule.id))
                    .label("patterns are looked for only near terms")
                    .help("add a concept with terms to `all`, or one that `any` needs"),
            );
        }
    }

    /// A known name that an unknown one may be meant for.
    fn similar<'i>(
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

    fn concepts(
        &mut self,
        rule: &Spanned<String>,
        names: &[Spanned<String>],
        ids: &HashMap<String, u16>,
    ) -> Vec<u16> {
        if let Some(last) = names.get(RULE_CONCEPTS_MAX) {
            let (count, limit) = (names.len(), RULE_CONCEPTS_MAX);
            self.limit("concepts in one list", count, limit, last.span());
            return Vec::new();
        }
        let mut found = Vec::new();
        for name in names {
            match ids.get(name.get_ref()) {
                Some(index) => found.push(*index),
                None => {
                    let near = self.similar(ids.keys(), name.get_ref());
                    let problem = Problem::new(
                        name.span(),
                        format!(
                            "rule `{}` names the unknown concept `{}`",
                            rule.get_ref(),
                            name.get_ref()
                        ),
                    );
                    self.report(match near {
                        Some(id) => problem.help(format!("did you mean `{id}`?")),
                        None => problem,
                    });
                }
            }
        }
        found
    }

    fn example(
        &mut self,
        example: Spanned<super::source::ExampleTable>,
    ) -> Option<Example> {
        let span = example.span();
        let table = example.into_inner();
        let (text, flagged) = match (table.matches, table.pass) {
            (Some(text), None) => (text, true),
            (None, Some(text)) => (text, false),
            _ => {
                self.report(
                    Problem::new(
                        span,
                        "an example has both `match` and `pass`, or neither",
                    )
                    .help("write one [[rule.example]] table for each text"),
                );
                return None;
            }
        };
        let span = text.span();
        Some(Example { text: text.into_inner(), flagged, span })
    }
}

/// Whether a kind is undone only for terms that name it.
fn is_per_term(kind: Disguise) -> bool {
    kind == Disguise::Variant
        || (Disguise::RareHomophone..=Disguise::Bopomofo).contains(&kind)
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
/// A term with its letters in plain form, so that it reads as what they stand for:
/// `實名` is 实名. Case and marks stay.
fn spelling(text: &str) -> String {
    let mut spelling = String::new();
    for folded in fold::fold(text) {
        let mut source = text.get(folded.range()).unwrap_or("").chars();
        let stays = folded.fold.noise().is_some()
            || matches!(folded.fold.disguise(), None | Some(Disguise::Case));
        match (source.next(), source.next()) {
            (Some(c), None) if stays => spelling.push(c),
            // One of several that a sign stands for, or written as an escape.
            _ => spelling.push(folded.char),
        }
    }
    spelling
}
