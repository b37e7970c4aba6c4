//! The concepts of a pack and their terms, checked.

use super::error::Problem;
use super::limits::*;
use super::model::{Concept, Matcher, Term};
use super::source::{ConceptTable, Spanned, TermSource};
use super::validate::{Checker, GAP_MAX, default_disguises, is_hanzi};
use crate::fold::{self, Disguise, DisguiseSet};

impl Checker {
    /// A concept whose whole, if it has one, is not known yet.
    pub(super) fn concept(&mut self, table: ConceptTable, has_parts: bool) -> Concept {
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
}

/// Whether a kind is undone only for terms that name it.
fn is_per_term(kind: Disguise) -> bool {
    kind == Disguise::Variant
        || (Disguise::RareHomophone..=Disguise::Bopomofo).contains(&kind)
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
