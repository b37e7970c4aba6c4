//! Packs of the size that users bring: ten thousand words.

#![cfg(feature = "compile")]

use huoyan::{Ruleset, Scratch};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Distinct words of two to four common characters, the same everywhere.
fn words(count: usize) -> BTreeSet<String> {
    let mut state = 0x9E37_79B9_7F4A_7C15u64;
    let mut below = move |limit: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % limit
    };
    let mut words = BTreeSet::new();
    while words.len() < count {
        let length = 2 + below(3);
        let letters = (0..length).map(|_| char::from_u32(0x4E00 + below(6_000) as u32));
        words.insert(letters.map(|c| c.expect("a hanzi")).collect());
    }
    words
}

fn pack(words: &BTreeSet<String>) -> String {
    let mut source = String::from(
        "format = 1\n[pack]\nid = \"large\"\nversion = \"1\"\n[[concept]]\nid = \"word\"\nterms = [\n",
    );
    for word in words {
        writeln!(source, "  \"{word}\",").expect("a string");
    }
    source.push_str(
        "]\n[[rule]]\nid = \"any\"\ncategory = \"account_trade\"\nall = [\"word\"]\nwithin = 8\nweight = 8.0\n",
    );
    source
}

#[test]
fn ten_thousand_words_compile_into_eight_megabytes() {
    let words = words(10_000);
    let ruleset = Ruleset::compile(&pack(&words)).expect("a sound pack");
    assert!(ruleset.to_bytes().len() < 8 << 20, "{} bytes", ruleset.to_bytes().len());
    let mut scratch = Scratch::new(&ruleset);
    for word in words.iter().step_by(97) {
        let spread: String = word.chars().flat_map(|c| [c, '.']).collect();
        for text in [word, &spread] {
            let verdict = ruleset.scan(&mut scratch, text);
            let letters = text.trim_end_matches('.');
            let mut evidence = verdict.findings().flat_map(|finding| finding.evidence());
            // Two words that fold alike are one.
            assert!(evidence.any(|seen| seen.text() == letters), "{text}");
        }
    }
}
