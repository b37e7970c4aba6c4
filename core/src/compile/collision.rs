//! Words of the language that sound like a term and mean something else.
//!
//! Where a term expects common homophones, 威信 and 维新 would be read as
//! 微信. A hit that is, without any noise, such a word is none.

use super::data::Data;
use crate::fold::Disguise;
use crate::pack::Term;

/// Readings of one term that are tried; more come from polyphonic characters.
const READINGS_MAX: usize = 256;

pub(super) fn collisions(data: &Data, term: &Term) -> Vec<String> {
    let near = term.disguises.contains(Disguise::NearHomophone);
    if !near && !term.disguises.contains(Disguise::Homophone) {
        return Vec::new();
    }
    let mut readings = vec![String::new()];
    for c in &term.plain {
        let mut syllables = data.readings(*c).to_vec();
        if near {
            let alike: Vec<_> =
                syllables.iter().flat_map(|s| data.near(*s)).copied().collect();
            syllables.extend(alike);
        }
        if syllables.is_empty() {
            return Vec::new();
        }
        let extended = readings.iter().flat_map(|start| {
            syllables.iter().map(move |s| match start.is_empty() {
                true => data.spelling(*s).to_owned(),
                false => format!("{start} {}", data.spelling(*s)),
            })
        });
        readings = extended.take(READINGS_MAX).collect();
    }
    let plain: String = term.plain.iter().collect();
    let words = readings.iter().flat_map(|reading| data.words(reading));
    let mut found: Vec<String> =
        words.filter(|word| **word != plain).map(|word| (*word).to_owned()).collect();
    found.sort_unstable();
    found.dedup();
    found
}
