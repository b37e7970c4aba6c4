//! Packs that add to the built-in one.
//!
//! Both are joined in their TOML form, before anything is checked, so that what is checked is
//! one pack. What comes from the built-in one stands, for errors, where it is named.

use super::error::Problem;
#[cfg(feature = "builtin")]
use super::relocate::Relocation;
use super::source::{ConceptTable, PackTable, Source, Spanned};
use std::collections::{HashMap, HashSet};

/// The pack that others may add to.
#[cfg(feature = "builtin")]
const BUILTIN: &str = include_str!("../../packs/wechat-trade.toml");

/// A pack with what it adds to.
pub(super) struct Joined {
    pub(super) source: Source,
    /// What is wrong with how they are joined.
    pub(super) problems: Vec<Problem>,
}

/// A pack with what it adds to: as it is, if that is nothing.
///
/// # Errors
///
/// A problem if there is no such pack.
pub(super) fn joined(own: Source) -> Result<Joined, Problem> {
    let mut problems = Vec::new();
    let source = match &own.pack.extends {
        Some(name) if name == &own.pack.id => {
            let what = format!("pack `{}` extends itself", name.get_ref());
            let help = "give it an id of its own, and only what it adds; a copy of a pack \
                        stands without `extends`";
            return Err(Problem::new(name.span(), what).help(help));
        }
        Some(name) => join(base(name)?, own, &mut problems),
        None => own,
    };
    Ok(Joined { source, problems })
}

/// Concepts of a pack's own of which nothing comes: in no rule, and nothing that is told
/// besides.
pub(super) fn idle(source: &Source) -> impl Iterator<Item = &Spanned<String>> {
    let concepts = source.concept.iter().map(Spanned::get_ref);
    let rules = source.rule.iter().map(Spanned::get_ref);
    let named = rules
        .flat_map(|rule| rule.all.get_ref().iter().chain(&rule.any).chain(&rule.none));
    let extended = source.extended_at();
    let wholes = concepts.clone().filter_map(|concept| concept.part_of.as_ref());
    let known: HashSet<&str> =
        named.chain(wholes).map(|name| name.get_ref().as_str()).collect();
    concepts
        .filter(|concept| {
            let told = [&concept.platform, &concept.attribute, &concept.part_of];
            told.iter().all(|key| key.is_none())
        })
        .map(|concept| &concept.id)
        .filter(move |id| {
            extended.as_ref() != Some(&id.span())
                && !known.contains(id.get_ref().as_str())
        })
}

#[cfg(feature = "builtin")]
fn base(name: &Spanned<String>) -> Result<Source, Problem> {
    let unknown = |known: &str| {
        Problem::new(name.span(), format!("no pack `{}` to extend", name.get_ref()))
            .help(format!("there is one, the built-in `{known}`"))
    };
    match toml::from_str::<Source>(BUILTIN) {
        Ok(base) if base.pack.id.get_ref() == name.get_ref() => {
            Ok(Relocation(name.span()).source(base))
        }
        Ok(base) => Err(unknown(base.pack.id.get_ref())),
        // A test parses it.
        Err(error) => Err(Problem::new(name.span(), error.message())),
    }
}

#[cfg(not(feature = "builtin"))]
fn base(name: &Spanned<String>) -> Result<Source, Problem> {
    let what = format!("no pack `{}` to extend", name.get_ref());
    Err(Problem::new(name.span(), what)
        .help("this library was built without the built-in one (feature `builtin`)"))
}

fn join(base: Source, own: Source, problems: &mut Vec<Problem>) -> Source {
    let PackTable { threshold, bias, saturation, .. } = base.pack;
    let pack = PackTable {
        threshold: own.pack.threshold.or(threshold),
        bias: own.pack.bias.or(bias),
        saturation: own.pack.saturation.or(saturation),
        ..own.pack
    };
    let mut concepts = base.concept;
    // What is named a second time is one more, and an error.
    let mut places = by_name(&concepts, |concept| &concept.id);
    for concept in own.concept {
        match places.remove(concept.get_ref().id.get_ref()) {
            Some(place) => add(concepts[place].get_mut(), concept.into_inner(), problems),
            None => concepts.push(concept),
        }
    }
    let mut rules = base.rule;
    let mut places = by_name(&rules, |rule| &rule.id);
    for rule in own.rule {
        match places.remove(rule.get_ref().id.get_ref()) {
            Some(place) => rules[place] = rule,
            None => rules.push(rule),
        }
    }
    let mut risk = base.risk;
    for (kind, value) in own.risk {
        // With its own place: what is equal would keep the other's.
        risk.remove(&kind);
        risk.insert(kind, value);
    }
    Source { format: own.format, pack, concept: concepts, rule: rules, risk, ..own }
}

/// Where each has its place, by its name.
fn by_name<T>(
    tables: &[Spanned<T>],
    id: impl Fn(&T) -> &Spanned<String>,
) -> HashMap<String, usize> {
    let ids = tables.iter().map(|table| id(table.get_ref()).get_ref().clone());
    ids.zip(0..).collect()
}

/// Adds terms and exceptions to a concept; what it is stays.
fn add(concept: &mut ConceptTable, more: ConceptTable, problems: &mut Vec<Problem>) {
    let ConceptTable { id, platform, attribute, part_of, terms, except, pattern } = more;
    let keys = [
        ("platform", platform),
        ("attribute", attribute),
        ("part_of", part_of),
        ("pattern", pattern),
    ];
    for (key, value) in keys {
        let Some(value) = value else { continue };
        let what =
            format!("concept `{}` is one of the pack that is extended", id.get_ref());
        let label = format!("it keeps its own `{key}`, or has none");
        let help = "add `terms` and `except` to it, or make a concept with another id";
        problems.push(Problem::new(value.span(), what).label(label).help(help));
    }
    if concept.pattern.is_some() && !(terms.is_empty() && except.is_empty()) {
        let what = format!("concept `{}` is a pattern", id.get_ref());
        let help = "make a concept with terms, and name it in rules of your own";
        problems.push(Problem::new(id.span(), what).help(help));
        return;
    }
    concept.terms.extend(terms);
    concept.except.extend(except);
}
