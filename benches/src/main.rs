//! Huoyan beside its peers and the machine's limits, in one run.
//!
//! `cargo xtask bench` builds and runs it.

mod corpus;
mod engines;
mod hyperscan;
mod measure;
mod report;

use corpus::{Corpus, documents, messages};
use engines::{Engines, each};
use huoyan::{Ruleset, Scratch};
use measure::{Case, measure, processor_time};
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
    let chinese: Vec<&str> = reviews
        .chunks(40)
        .zip(news.chunks(40))
        .flat_map(|(a, b)| a.iter().chain(b))
        .copied()
        .collect();
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
            let text = std::fs::read_to_string(format!("{folder}/{name}"))
                .expect("a file of posts");
            let lines = text.lines().filter_map(|line| line.split("\"text\": \"").nth(1));
            lines
                .filter_map(|rest| rest.split("\", \"").next())
                .map(|t| t.to_owned() + "\n")
                .collect()
        };
        corpora.push(corpus::lines("real talk", &texts("negative.jsonl")));
        corpora.push(corpus::lines("real ads", &texts("gold.jsonl")));
    }
    let started = processor_time();
    let ruleset = Ruleset::builtin();
    let first = processor_time() - started;
    let engines = Engines::new(&pack.words);
    let counts = [1_000, 10_000];
    let names = ["1000 words", "10000 words"];
    let mut large = Vec::new();
    for (count, name) in counts.into_iter().zip(names) {
        let words = corpus::words(count);
        let source = large_pack(&words);
        let started = processor_time();
        let ruleset = Ruleset::compile(&source).expect("a sound pack");
        let compiled = processor_time() - started;
        let engines = Engines::new(&words);
        println!(
            "{name}: compiled in {:.0} ms, {} bytes, {:.0} a word; hyperscan {} bytes",
            compiled * 1e3,
            ruleset.to_bytes().len(),
            ruleset.to_bytes().len() as f64 / words.len() as f64,
            engines.hyperscan_size(),
        );
        large.push((documents(name, &chinese, 32), ruleset, engines));
    }
    let started = processor_time();
    for _ in 0..100 {
        black_box(Ruleset::from_bytes(black_box(ruleset.to_bytes())).is_ok());
    }
    println!(
        "built-in ruleset: {} bytes, at hand in {:.0} us, loaded with all checks in {:.0} us",
        ruleset.to_bytes().len(),
        first * 1e6,
        (processor_time() - started) * 1e4
    );
    println!("hyperscan {}", hyperscan::version());

    let [two, limit] = two_threads(ruleset, &corpora[0]);
    println!(
        "two threads: {two:.2} times one, by the clock; that only decode: {limit:.2}"
    );

    let mut cases = Vec::new();
    for corpus in &corpora {
        huoyan(ruleset, corpus, &mut cases);
        engines.cases(corpus, &mut cases);
        if ["documents", "messages", "english"].contains(&corpus.name) {
            engines::limits(corpus, &mut cases);
        }
    }
    for (corpus, ruleset, engines) in &large {
        huoyan(ruleset, corpus, &mut cases);
        engines.cases(corpus, &mut cases);
    }
    // `--only huoyan:messages` measures what begins so.
    let only = std::env::args().skip_while(|a| a != "--only").nth(1);
    if let Some(only) = &only {
        cases.retain(|case| {
            format!("{}:{}", case.engine, case.workload).starts_with(only)
        });
    }
    measure(&mut cases, rounds);
    print!("{}", report::table(&cases));
    if only.is_none() {
        print!("\n{}", report::goals(&cases));
    }
    if let Some(date) = std::env::args().skip_while(|a| a != "--write").nth(1) {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("results");
        report::write(&folder, &date, &cases).expect("a folder for the results");
    }
}

/// How many times as fast two threads are as one: the median of many rounds, of which the
/// first makes memory ready and does not count. And the same of threads that do nothing but
/// decode, which is what the machine has to give.
fn two_threads(ruleset: &Ruleset<'_>, corpus: &Corpus) -> [f64; 2] {
    use rayon::prelude::*;
    const ROUNDS: usize = 21;
    let pool =
        rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("two threads");
    let clock = |work: &mut dyn FnMut()| {
        let started = std::time::Instant::now();
        (0..4).for_each(|_| work());
        started.elapsed().as_secs_f64()
    };
    let texts = &corpus.texts;
    // A few times each, as it takes less than threads do to begin.
    let decode = |text: &String| -> u64 {
        (0..4).map(|_| engines::decode(black_box(text))).fold(0, u64::wrapping_add)
    };
    let flagged = |verdict: huoyan::Verdict<'_>| verdict.is_flagged();
    let round = |_| {
        let one = clock(&mut || drop(ruleset.scan_many(texts, flagged)));
        let two = clock(&mut || {
            drop(pool.install(|| ruleset.scan_many_parallel(texts, flagged)));
        });
        let sum = || texts.iter().map(decode).fold(0, u64::wrapping_add);
        let alone = clock(&mut || drop(black_box(sum())));
        let sum = || texts.par_iter().map(decode).reduce(|| 0, u64::wrapping_add);
        let together = clock(&mut || drop(black_box(pool.install(sum))));
        [one / two, alone / together]
    };
    let rounds: Vec<[f64; 2]> = (0..=ROUNDS).map(round).skip(1).collect();
    [0, 1].map(|which| {
        let mut ratios: Vec<f64> = rounds.iter().map(|round| round[which]).collect();
        ratios.sort_unstable_by(f64::total_cmp);
        ratios[ROUNDS / 2]
    })
}

fn huoyan<'c>(ruleset: &'c Ruleset<'_>, corpus: &'c Corpus, cases: &mut Vec<Case<'c>>) {
    let size = (corpus.bytes(), corpus.texts.len());
    let mut scratch = Scratch::new(ruleset);
    cases.push(Case::new("huoyan", corpus.name, size, move || {
        each(corpus, |text| u64::from(ruleset.scan(&mut scratch, text).is_flagged()))
    }));
}

/// A pack that flags each of the words, with the disguises that terms have by
/// default.
fn large_pack(words: &[String]) -> String {
    let quoted: Vec<String> =
        words.iter().map(|word| format!("  \"{word}\",\n")).collect();
    format!(
        "format = 1\n[pack]\nid = \"large\"\nversion = \"1\"\n[[concept]]\nid = \"word\"\nterms = [\n{}]\n\
         [[rule]]\nid = \"any\"\ncategory = \"account_trade\"\nall = [\"word\"]\nwithin = 8\nweight = 8.0\n",
        quoted.concat()
    )
}
