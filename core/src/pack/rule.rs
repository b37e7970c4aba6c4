//! The rules of a pack and its examples, checked.

use super::error::Problem;
use super::limits::*;
use super::model::{Concept, Example, Matcher, Rule};
use super::source::{ExampleTable, PackExampleTable, RuleTable, Spanned};
use super::validate::Checker;
use crate::category::Category;
use std::collections::HashMap;
use std::ops::Range;

impl Checker {
    pub(super) fn rule(&mut self, table: RuleTable, ids: &HashMap<String, u16>) -> Rule {
        let category = self.category(&table.category);
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
        let examples = table.example.into_iter();
        let examples = examples
            .filter_map(|example| {
                let (span, table) = (example.span(), example.into_inner());
                self.example(span, category, table)
            })
            .collect();
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
    pub(super) fn rule_by_patterns(
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

    fn category(&mut self, name: &Spanned<String>) -> Option<Category> {
        let category = Category::from_name(name.get_ref());
        if category.is_none() {
            let known: Vec<&str> = Category::ALL.iter().map(|c| c.name()).collect();
            let what = format!("unknown category `{}`", name.get_ref());
            let help = format!("known are: {}", known.join(", "));
            self.report(Problem::new(name.span(), what).help(help));
        }
        category
    }

    pub(super) fn pack_example(
        &mut self,
        example: Spanned<PackExampleTable>,
    ) -> Option<Example> {
        let span = example.span();
        let PackExampleTable { category, matches, pass } = example.into_inner();
        let category = category.and_then(|name| self.category(&name));
        self.example(span, category, ExampleTable { matches, pass })
    }

    fn example(
        &mut self,
        span: Range<usize>,
        category: Option<Category>,
        table: ExampleTable,
    ) -> Option<Example> {
        let (text, flagged) = match (table.matches, table.pass) {
            (Some(text), None) => (text, true),
            (None, Some(text)) => (text, false),
            _ => {
                self.report(
                    Problem::new(
                        span,
                        "an example has both `match` and `pass`, or neither",
                    )
                    .help("write one table for each text"),
                );
                return None;
            }
        };
        let span = text.span();
        Some(Example { text: text.into_inner(), category, flagged, span })
    }
}
