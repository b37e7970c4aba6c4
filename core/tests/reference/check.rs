//! What is asked of the engine, beside the reference.

use crate::alternatives::is_word;
use crate::bench::Bench;
use crate::matcher::{self, Claim, Unit};
use crate::recipe::Disguised;
use huoyan::ExplainedHit;
use huoyan::fold::{self, Disguise, DisguiseSet};
use std::ops::Range;

pub(crate) fn describe(text: &str) -> String {
    let codes: Vec<String> = text.chars().map(|c| format!("{:04X}", c as u32)).collect();
    format!("{text:?} = {}", codes.join(" "))
}

/// Whether a hit reports what is claimed. Of several terms of a concept at one
/// place the engine reports the cheapest, so the term may be another.
pub(crate) fn is(hit: &ExplainedHit, claim: &Claim) -> bool {
    hit.concept == claim.concept
        && (claim.earliest..=claim.range.0).contains(&hit.range.start)
        && hit.range.end == claim.range.1
}

/// greedy ⊆ engine ⊆ exhaustive.
pub(crate) fn check(bench: &Bench, text: &str) -> Result<(), String> {
    // How several overrides act on each other is not held here.
    if matcher::overrides(text) > 1 {
        return Ok(());
    }
    let hits = bench.hits(text);
    let readings = bench.reference.readings(text);
    let units = &readings[0];
    for hit in &hits {
        if text.get(hit.range.clone()).is_none_or(str::is_empty) {
            return Err(format!(
                "{}: {hit:?} is not on character borders",
                describe(text)
            ));
        }
        let terms = bench.reference.terms.iter().enumerate();
        let own: Vec<usize> = terms
            .filter(|(_, term)| term.concept == hit.concept && term.means == hit.means)
            .map(|(number, _)| number)
            .collect();
        if own.is_empty() {
            // The built-in pack has patterns, too; they are no business of ours.
            continue;
        }
        // Several terms may mean the same.
        let mut worn: Vec<(usize, DisguiseSet)> = Vec::new();
        // Under an override, and before a tone, the last unit ends elsewhere.
        for units in &readings {
            let inside = |end: &usize| hit.range.contains(&units[*end].range.start);
            for end in (0..units.len()).filter(inside) {
                for term in &own {
                    let derived = bench.reference.derivations(text, units, *term, end);
                    let here = derived
                        .into_iter()
                        .filter(|(start, end, _)| (*start..*end) == hit.range);
                    let wears = bench.reference.terms[*term].wears;
                    worn.extend(here.map(|(_, _, bits)| {
                        (*term, DisguiseSet::from_bits(bits).union(wears))
                    }));
                }
            }
        }
        let mut read = worn.iter().filter(|(_, worn)| *worn == hit.disguises).peekable();
        if read.peek().is_none() {
            return Err(format!(
                "unsound: in {} the engine reports {} = {:?} wearing {:?}; the reference derives {worn:?}",
                describe(text),
                hit.means,
                &text[hit.range.clone()],
                hit.disguises,
            ));
        }
        let whole = units.iter().filter(|unit| hit.range.contains(&unit.range.start));
        let clean = whole.clone().all(|unit| unit.noise.is_none());
        let span = &text[hit.range.clone()];
        if clean && read.all(|(term, _)| bench.reference.terms[*term].collides(span)) {
            return Err(format!(
                "{}: {span:?} is a word, not {}",
                describe(text),
                hit.means
            ));
        }
        if !borders_hold(bench, text, units, hit) {
            return Err(format!("{}: {span:?} is a part of a word", describe(text)));
        }
        if hit.risk > 0.0 {
            return Err(format!("{}: {hit:?} has a risk above zero", describe(text)));
        }
    }
    for claim in bench.reference.greedy(text) {
        if !hits.iter().any(|hit| is(hit, &claim)) {
            return Err(format!(
                "incomplete: in {} the engine misses {} = {:?}; it reports {:?}",
                describe(text),
                claim.means,
                &text[claim.range.0..claim.range.1],
                hits.iter()
                    .map(|hit| (&hit.means, hit.range.clone()))
                    .collect::<Vec<_>>(),
            ));
        }
    }
    Ok(())
}

/// Where a hit ends in a letter or digit, no other goes on: unless another
/// match meets it there, or an identifier follows.
pub(crate) fn borders_hold(
    bench: &Bench,
    text: &str,
    units: &[Unit],
    hit: &ExplainedHit,
) -> bool {
    let alphanumeric = |at: usize, ends: bool| {
        let mut here = units.iter().filter(|unit| match ends {
            true => unit.range.end == at,
            false => unit.range.start == at,
        });
        here.any(|unit| unit.alphanumeric)
    };
    if hit.disguises.contains(Disguise::Override) {
        return true;
    }
    let Range { start, end } = hit.range;
    // The characters before, as written: an escape is one, and no letter.
    let before = units.iter().rev().filter(|unit| unit.range.end <= start);
    let before = before.map(|unit| unit.chars[0]);
    if alphanumeric(start, false)
        && matcher::touches(before.take(8))
        && !bench.reference.meets(text, units, start, true)
    {
        return false;
    }
    let after: Vec<char> = fold::fold(&text[end..])
        .take(24)
        .map(|folded| folded.char)
        .take_while(char::is_ascii_alphanumeric)
        .collect();
    let digits = after.iter().filter(|c| c.is_ascii_digit()).count();
    !alphanumeric(end, true)
        || after.is_empty()
        || digits >= 5
        || bench.reference.meets(text, units, end, false)
}

/// A generated term is found at its span, as cheaply as it was made.
pub(crate) fn check_found(bench: &Bench, made: &Disguised) -> Result<(), String> {
    let Disguised { text, claim, risk } = made;
    let span = &text[claim.range.0..claim.range.1];
    let allowed = bench.reference.greedy(text);
    let same = |a: &&Claim| a.means == claim.means && a.range == claim.range;
    let Some(claim) = allowed.iter().find(|a| same(a) && a.concept == claim.concept)
    else {
        // A word of the dictionary, or an exception of the concept.
        let excepted = bench
            .reference
            .terms
            .iter()
            .any(|term| term.exception && term.concept == claim.concept);
        return match is_word(span) || excepted {
            true => Ok(()),
            false => Err(format!("the reference itself misses {made:?}")),
        };
    };
    let hits = bench.hits(text);
    let found = hits.iter().filter(|hit| is(hit, claim));
    let Some(best) = found.map(|hit| hit.risk).max_by(f32::total_cmp) else {
        return Err(format!(
            "incomplete: {} is {} in disguise, but the engine reports {hits:?}",
            describe(span),
            claim.means
        ));
    };
    match best >= risk - 1e-3 {
        true => Ok(()),
        false => Err(format!(
            "dear: {} can be read as {} at {risk}, but the engine reports {hits:?}",
            describe(span),
            claim.means
        )),
    }
}
