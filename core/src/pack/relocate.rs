//! A pack in its TOML form whose errors are told in another place than where it stands.

use super::source::{ConceptTable, PackTable, RuleTable, Source, Spanned, TermSource};
use std::ops::Range;

/// Gives everything another place.
pub(super) struct Relocation(pub(super) Range<usize>);

impl Relocation {
    fn one<T>(&self, value: Spanned<T>) -> Spanned<T> {
        Spanned::new(self.0.clone(), value.into_inner())
    }

    fn all<T>(&self, values: Vec<Spanned<T>>) -> Vec<Spanned<T>> {
        values.into_iter().map(|value| self.one(value)).collect()
    }

    fn some<T>(&self, value: Option<Spanned<T>>) -> Option<Spanned<T>> {
        value.map(|value| self.one(value))
    }

    fn each<T>(
        &self,
        values: Vec<Spanned<T>>,
        inner: impl Fn(T) -> T,
    ) -> Vec<Spanned<T>> {
        let moved =
            |value: Spanned<T>| Spanned::new(self.0.clone(), inner(value.into_inner()));
        values.into_iter().map(moved).collect()
    }

    pub(super) fn source(&self, source: Source) -> Source {
        let risk = source.risk.into_iter();
        Source {
            format: self.one(source.format),
            pack: PackTable {
                id: self.one(source.pack.id),
                version: self.one(source.pack.version),
                extends: self.some(source.pack.extends),
                threshold: self.some(source.pack.threshold),
                bias: self.some(source.pack.bias),
                saturation: self.some(source.pack.saturation),
            },
            concept: self.each(source.concept, |concept| self.concept(concept)),
            rule: self.each(source.rule, |rule| self.rule(rule)),
            risk: risk.map(|(kind, value)| (self.one(kind), value)).collect(),
            example: Vec::new(),
        }
    }

    fn concept(&self, concept: ConceptTable) -> ConceptTable {
        ConceptTable {
            id: self.one(concept.id),
            platform: self.some(concept.platform),
            attribute: self.some(concept.attribute),
            part_of: self.some(concept.part_of),
            terms: self.each(concept.terms, |term| self.term(term)),
            except: self.each(concept.except, |term| self.term(term)),
            pattern: self.some(concept.pattern),
        }
    }

    fn term(&self, term: TermSource) -> TermSource {
        TermSource {
            disguise: self.all(term.disguise),
            gap: self.some(term.gap),
            means: self.some(term.means),
            wears: self.all(term.wears),
            ..term
        }
    }

    /// Its examples are the other pack's own.
    fn rule(&self, rule: RuleTable) -> RuleTable {
        RuleTable {
            id: self.one(rule.id),
            category: self.one(rule.category),
            all: Spanned::new(self.0.clone(), self.all(rule.all.into_inner())),
            any: self.all(rule.any),
            none: self.all(rule.none),
            within: self.one(rule.within),
            weight: self.one(rule.weight),
            example: Vec::new(),
        }
    }
}
