//! Checks that the tables of a loaded ruleset fit together, once, so that
//! scanning need not.

use super::{LoadError, Ruleset, Section, record::*};
use crate::automaton::LetterTable;
use crate::category::Category;

pub(super) fn validate(ruleset: &Ruleset<'_>) -> Result<(), LoadError> {
    check(ruleset).map_err(LoadError::Damaged)
}

fn check(ruleset: &Ruleset<'_>) -> Result<(), &'static str> {
    shapes(ruleset)?;
    let strings = core::str::from_utf8(ruleset.views().facts.strings)
        .map_err(|_| "the strings are not UTF-8")?;
    let text = |text: Text| strings.get(text.start.get() as usize..text.end()).is_some();

    let header = ruleset.header();
    if !text(header.id) || !text(header.version) {
        return Err("the pack's name is missing");
    }
    let numbers = [header.threshold, header.bias, header.saturation];
    if numbers.iter().any(|number| !number.get().is_finite()) {
        return Err("the threshold, the bias or the saturation is not a number");
    }
    if ruleset.risks().len() != 32 || ruleset.risks().iter().any(|r| !r.get().is_finite())
    {
        return Err("the risks are not numbers");
    }
    let names = [ruleset.platform_names(), ruleset.attribute_names()];
    if !names.iter().all(|names| names.iter().all(|name| text(*name))) {
        return Err("a name is missing");
    }
    if ruleset.platform_names().len() > 64 || ruleset.attribute_names().len() > 64 {
        return Err("too many platforms or attributes");
    }
    let concepts = ruleset.concept_records();
    for concept in concepts {
        let known = usize::from(concept.platform) <= names[0].len()
            && usize::from(concept.attribute) <= names[1].len()
            && usize::from(concept.whole.get()) < concepts.len()
            && concept.rules.end() <= ruleset.rule_index().len();
        if !known || !text(concept.id) {
            return Err("a concept names an unknown platform, attribute or concept");
        }
    }
    rules(ruleset, &text)?;
    terms(ruleset, &text)?;

    ruleset.symbols().validate()?;
    ruleset.literals().validate(ruleset.terms().len())?;
    if ruleset.table::<u8>(Section::ClueLetters).len() != LetterTable::BYTES {
        return Err("the clues have the wrong shape");
    }
    ruleset.clues().validate(ruleset.symbols().records.len())?;
    let patterns = ruleset.pattern_concepts();
    ruleset.patterns().validate(patterns.len())?;
    if patterns.iter().any(|concept| usize::from(concept.get()) >= concepts.len()) {
        return Err("a pattern names an unknown concept");
    }
    Ok(())
}

/// Every section's length is a multiple of its record's size.
fn shapes(ruleset: &Ruleset<'_>) -> Result<(), &'static str> {
    let fits = |section: &Section| {
        let length = ruleset.sections.get(ruleset.to_bytes(), *section).len();
        length.is_multiple_of(section.record_size())
    };
    match Section::ALL.iter().all(fits)
        && ruleset.table::<PackRecord>(Section::Pack).len() == 1
    {
        true => Ok(()),
        false => Err("a section has the wrong length"),
    }
}

fn rules(
    ruleset: &Ruleset<'_>,
    text: &impl Fn(Text) -> bool,
) -> Result<(), &'static str> {
    let concepts = ruleset.concept_records().len();
    let listed = ruleset.table::<zerocopy::little_endian::U16>(Section::RuleConcepts);
    let count = ruleset.rule_records().len();
    let partners = ruleset.concept_records().iter().map(|concept| concept.partners.end());
    if partners.max().unwrap_or(0) > listed.len() {
        return Err("the partners of a concept lie outside their table");
    }
    if ruleset.rule_index().iter().any(|rule| usize::from(rule.get()) >= count) {
        return Err("a concept names an unknown rule");
    }
    if listed.iter().any(|concept| usize::from(concept.get()) >= concepts) {
        return Err("a rule names an unknown concept");
    }
    for rule in ruleset.rule_records() {
        let lists = [rule.all, rule.any, rule.none];
        let inside = lists.iter().all(|list| list.end() <= listed.len());
        let sound = usize::from(rule.category) < Category::ALL.len()
            && rule.weight.get().is_finite()
            && rule.all.length.get() > 0
            && rule.within.get() > 0
            && rule.within.get() <= ruleset.header().reach.get();
        if !inside || !sound || !text(rule.id) {
            return Err("a rule is not sound");
        }
    }
    Ok(())
}

fn terms(
    ruleset: &Ruleset<'_>,
    text: &impl Fn(Text) -> bool,
) -> Result<(), &'static str> {
    for term in ruleset.terms() {
        let known = usize::from(term.concept.get()) < ruleset.concept_records().len();
        if !known || !text(term.text) {
            return Err("a term is not sound");
        }
    }
    let collisions = ruleset.table::<CollisionRecord>(Section::Collisions);
    if !collisions.is_sorted_by_key(|collision| collision.term.get())
        || !collisions.iter().all(|collision| text(collision.word))
    {
        return Err("the collisions are not sound");
    }
    let meanings = ruleset.table::<MeaningRecord>(Section::Meanings);
    if !meanings.is_sorted_by_key(|meaning| meaning.term.get())
        || !meanings.iter().all(|meaning| text(meaning.means))
    {
        return Err("the meanings of terms are not sound");
    }
    Ok(())
}
