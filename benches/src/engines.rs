//! The peers, each made once for one list of words.

use crate::corpus::Corpus;
use crate::hyperscan;
use crate::measure::Case;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use daachorse::{CharwiseDoubleArrayAhoCorasick, CharwiseDoubleArrayAhoCorasickBuilder};
use matcher_rs::{ProcessType, SimpleMatcher, SimpleMatcherBuilder};
use std::hint::black_box;
use unicode_normalization::UnicodeNormalization;

/// Automata for one list of words.
pub(crate) struct Engines {
    hyperscan: Option<hyperscan::Database>,
    dfa: AhoCorasick,
    daachorse: CharwiseDoubleArrayAhoCorasick<u32>,
    regex: regex_automata::meta::Regex,
    matcher: SimpleMatcher,
}

impl Engines {
    pub(crate) fn new(words: &[String]) -> Engines {
        let mut matcher = SimpleMatcherBuilder::new();
        for (id, word) in (1..).zip(words) {
            matcher = matcher.add_word(ProcessType::VariantNormDeleteNormalize, id, word);
        }
        let escaped: Vec<String> = words.iter().map(|word| escape(word)).collect();
        Engines {
            hyperscan: hyperscan::Database::new(words),
            dfa: AhoCorasick::builder()
                .kind(Some(AhoCorasickKind::DFA))
                .build(words)
                .expect("an automaton"),
            daachorse: CharwiseDoubleArrayAhoCorasickBuilder::new()
                .build(words)
                .expect("an automaton"),
            regex: regex_automata::meta::Regex::new(&escaped.join("|")).expect("a regex"),
            matcher: matcher.build().expect("a matcher"),
        }
    }

    pub(crate) fn hyperscan_size(&self) -> usize {
        self.hyperscan.as_ref().map_or(0, hyperscan::Database::size)
    }

    /// Every engine on one corpus.
    pub(crate) fn cases<'c>(&'c self, corpus: &'c Corpus, cases: &mut Vec<Case<'c>>) {
        let mut add = |engine: &str, mut one: Box<dyn FnMut(&str) -> u64 + 'c>| {
            let size = (corpus.bytes(), corpus.texts.len());
            cases.push(Case::new(engine, corpus.name, size, move || {
                each(corpus, &mut one)
            }));
        };
        if let Some(hyperscan) = &self.hyperscan {
            add("hyperscan raw", Box::new(move |text| hyperscan.scan(text.as_bytes())));
        }
        let dfa = &self.dfa;
        add(
            "aho-corasick dfa raw",
            Box::new(move |t| dfa.find_overlapping_iter(t).count() as u64),
        );
        let daachorse = &self.daachorse;
        add(
            "daachorse charwise raw",
            Box::new(move |text| daachorse.find_overlapping_iter(text).count() as u64),
        );
        let regex = &self.regex;
        add(
            "regex-automata raw",
            Box::new(move |text| regex.find_iter(text).count() as u64),
        );
        let matcher = &self.matcher;
        add(
            "matcher_rs normalised",
            Box::new(move |text| matcher.process(text).len() as u64),
        );
    }
}

/// Decodes a text, and no more.
pub(crate) fn decode(text: &str) -> u64 {
    text.chars().map(|c| u64::from(u32::from(c))).sum()
}

/// What bounds any engine, and normalising alone.
pub(crate) fn limits<'c>(corpus: &'c Corpus, cases: &mut Vec<Case<'c>>) {
    let mut add = |engine: &str, mut one: Box<dyn FnMut(&str) -> u64 + 'c>| {
        let size = (corpus.bytes(), corpus.texts.len());
        cases.push(Case::new(engine, corpus.name, size, move || each(corpus, &mut one)));
    };
    add(
        "limit: read memory",
        Box::new(|text| {
            let (words, rest) = text.as_bytes().as_chunks::<8>();
            let sum = words
                .iter()
                .fold(0u64, |sum, w| sum.wrapping_add(u64::from_le_bytes(*w)));
            sum.wrapping_add(rest.len() as u64)
        }),
    );
    add(
        "limit: validate UTF-8",
        Box::new(|text| u64::from(simdutf8::basic::from_utf8(text.as_bytes()).is_ok())),
    );
    add("limit: decode", Box::new(decode));
    add(
        "NFKC alone",
        Box::new(|text| text.nfkc().map(|c| u64::from(u32::from(c))).sum()),
    );
    // With bidi reordering a document takes milliseconds; it is left out.
    let options = decancer::Options::default().disable_bidi().retain_capitalization();
    add(
        "decancer alone",
        Box::new(move |text| {
            decancer::cure(text, options).map_or(0, |cured| cured.len() as u64)
        }),
    );
}

pub(crate) fn each(corpus: &Corpus, mut one: impl FnMut(&str) -> u64) -> u64 {
    corpus.texts.iter().map(|text| one(black_box(text))).fold(0, u64::wrapping_add)
}

fn escape(word: &str) -> String {
    word.chars()
        .flat_map(|c| (c.is_ascii_punctuation()).then_some('\\').into_iter().chain([c]))
        .collect()
}
