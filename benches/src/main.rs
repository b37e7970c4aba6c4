//! Huoyan beside its peers and the machine's limits, in one run.
//!
//! `cargo xtask bench` builds and runs it.

mod corpus;
mod hyperscan;
mod measure;

use corpus::{Corpus, documents, messages};
use huoyan::{Ruleset, Scratch};
use measure::{Case, measure};
use std::hint::black_box;

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let rounds = if quick { 5 } else { 9 };
    let pack = corpus::pack();
    let reviews = corpus::cached("reviews.txt");
    let news = corpus::cached("news.txt");
    let technical = corpus::cached("technical.txt");
    let reviews: Vec<&str> = reviews.lines().filter(|line| line.len() > 20).collect();
    let news: Vec<&str> = news.split_inclusive('。').collect();
    let technical: Vec<&str> = technical.lines().collect();
    let chinese: Vec<&str> =
        reviews.chunks(40).zip(news.chunks(40)).flat_map(|(a, b)| a.iter().chain(b)).copied().collect();
    let mixed = corpus::mixed(&chinese, &technical);
    let mut corpora = vec![
        documents("documents", &chinese, 64),
        messages("messages", &chinese, 20_000),
        documents("english", &technical, 32),
        documents("mixed", &mixed, 32),
        corpus::lines("talk", &pack.talk.join("\n")),
        corpus::lines("ads", &pack.ads.join("\n")),
    ];
    if let Ok(folder) = std::env::var("HUOYAN_EVAL") {
        let texts = |name: &str| -> String {
            let text = std::fs::read_to_string(format!("{folder}/{name}")).expect("a file of posts");
            let lines = text.lines().filter_map(|line| line.split("\"text\": \"").nth(1));
            lines.filter_map(|rest| rest.split("\", \"").next()).map(|t| t.to_owned() + "\n").collect()
        };
        corpora.push(corpus::lines("real talk", &texts("negative.jsonl")));
        corpora.push(corpus::lines("real ads", &texts("gold.jsonl")));
    }
    let ruleset = Ruleset::builtin();
    let hs = hyperscan::Database::new(&pack.words);
    let plain = aho_corasick::AhoCorasick::builder()
        .kind(Some(aho_corasick::AhoCorasickKind::DFA))
        .build(&pack.words)
        .expect("an automaton");
    let mut cases = Vec::new();
    for corpus in &corpora {
        let size = (corpus.bytes(), corpus.texts.len());
        let mut scratch = Scratch::new(ruleset);
        cases.push(Case::new("huoyan", corpus.name, size, move || {
            each(corpus, |text| u64::from(ruleset.scan(&mut scratch, text).is_flagged()))
        }));
        if let Some(hs) = &hs {
            cases.push(Case::new("hyperscan raw", corpus.name, size, move || {
                each(corpus, |text| hs.scan(text.as_bytes()))
            }));
        }
        let plain = &plain;
        cases.push(Case::new("aho-corasick dfa raw", corpus.name, size, move || {
            each(corpus, |text| plain.find_overlapping_iter(text).count() as u64)
        }));
        cases.push(Case::new("simdutf8", corpus.name, size, move || {
            each(corpus, |text| u64::from(simdutf8::basic::from_utf8(black_box(text.as_bytes())).is_ok()))
        }));
        cases.push(Case::new("chars()", corpus.name, size, move || {
            each(corpus, |text| text.chars().map(|c| u64::from(u32::from(c))).sum::<u64>())
        }));
    }
    // `--only huoyan:messages` measures what begins so.
    if let Some(only) = std::env::args().skip_while(|a| a != "--only").nth(1) {
        cases.retain(|case| format!("{}:{}", case.engine, case.workload).starts_with(&only));
    }
    measure(&mut cases, rounds);
    println!("hyperscan {}", hyperscan::version());
    for case in &cases {
        println!(
            "{:12} {:22} {:9.0} MB/s (best {:9.0}) {:9.0} ns/call  counted {}",
            case.workload,
            case.engine,
            case.rate(),
            case.best_rate(),
            case.nanoseconds(),
            case.counted.unwrap_or(0)
        );
    }
}

fn each(corpus: &Corpus, mut one: impl FnMut(&str) -> u64) -> u64 {
    corpus.texts.iter().map(|text| one(black_box(text))).fold(0, u64::wrapping_add)
}
