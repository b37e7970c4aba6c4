//! Works for a long time and watches itself: scans, streams, compilations, loads
//! and reloads on all threads at once, with every answer compared and the
//! process's memory sampled. `cargo xtask soak --minutes 30`

use arc_swap::ArcSwap;
use huoyan::{Ruleset, Scratch, Stream, Verdict};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::thread;
use std::time::{Duration, Instant};

const PACK: &str = include_str!("../packs/wechat-trade.toml");
/// Memory may grow by so much from the first fifth of the time to the end.
const GROWTH_MAX_KB: u64 = 4 << 10;
const SAMPLES: u32 = 60;

/// What was done, by kind.
#[derive(Default)]
struct Done {
    scans: AtomicU64,
    bytes: AtomicU64,
    streams: AtomicU64,
    compilations: AtomicU64,
    loads: AtomicU64,
    explanations: AtomicU64,
    wrong: AtomicU64,
}

/// What a text must come to: flagged, log-odds of the findings, contacts.
type Answer = (bool, Vec<u32>, usize);

fn answer(verdict: &Verdict<'_>) -> Answer {
    let odds = verdict.findings().map(|finding| finding.log_odds().to_bits());
    (verdict.is_flagged(), odds.collect(), verdict.contacts().count())
}

struct Soak {
    texts: Vec<(String, Answer)>,
    rules: ArcSwap<Ruleset<'static>>,
    done: Done,
    stop: AtomicBool,
}

impl Soak {
    /// The pack's own examples: alone, disguised further, and as long texts.
    fn new() -> Soak {
        let pack = huoyan::pack::parse("wechat-trade.toml", PACK).expect("the own pack");
        let examples: Vec<String> = pack
            .rules
            .into_iter()
            .flat_map(|rule| rule.examples.into_iter().map(|example| example.text))
            .collect();
        let spread = |text: &String| text.chars().flat_map(|c| [c, '\u{200B}']).collect();
        let mut texts: Vec<String> = examples.iter().map(spread).collect();
        for part in examples.chunks(200) {
            texts.push(part.join("。\n"));
        }
        texts.push("山高月小，水落石出。".repeat(5_000));
        texts.push("微信号出售".repeat(2_000));
        texts.extend(examples);
        let ruleset = Ruleset::compile(PACK).expect("the own pack");
        let mut scratch = Scratch::new(&ruleset);
        let texts = texts
            .into_iter()
            .map(|text| {
                let answer = answer(&ruleset.scan(&mut scratch, &text));
                (text, answer)
            })
            .collect();
        let (done, stop) = (Done::default(), AtomicBool::new(false));
        Soak { texts, rules: ArcSwap::from_pointee(ruleset), done, stop }
    }

    fn check(&self, holds: bool) {
        self.done.wrong.fetch_add(u64::from(!holds), Relaxed);
    }

    fn goes_on(&self) -> bool {
        !self.stop.load(Relaxed)
    }

    fn scan(&self) {
        let mut scratch = Scratch::new(&self.rules.load());
        for (text, wanted) in self.texts.iter().cycle().take_while(|_| self.goes_on()) {
            let ruleset = self.rules.load_full();
            self.check(answer(&ruleset.scan(&mut scratch, text)) == *wanted);
            self.done.scans.fetch_add(1, Relaxed);
            self.done.bytes.fetch_add(text.len() as u64, Relaxed);
        }
    }

    fn stream(&self) {
        let mut size = 1;
        while self.goes_on() {
            let ruleset = self.rules.load_full();
            let mut stream = Stream::new(&ruleset);
            for (text, (flagged, _, _)) in self.texts.iter().filter(|t| t.0.len() < 4_000)
            {
                for chunk in text.as_bytes().chunks(size) {
                    stream.feed(chunk, |_| {});
                }
                stream.finish(|_| {});
                self.check(stream.is_flagged() == *flagged);
                self.done.streams.fetch_add(1, Relaxed);
                size = size % 97 + 1;
            }
        }
    }

    /// Compiles, loads, explains and replaces.
    fn reload(&self) {
        let wanted = self.rules.load().to_bytes().to_vec();
        let mut texts = self.texts.iter().cycle();
        while self.goes_on() {
            let compiled = Ruleset::compile(PACK).expect("the own pack");
            self.check(compiled.to_bytes() == wanted);
            self.done.compilations.fetch_add(1, Relaxed);
            for cut in [10, wanted.len() / 2, wanted.len() - 1] {
                self.check(Ruleset::from_bytes(&wanted[..cut]).is_err());
            }
            let loaded = Ruleset::from_bytes(compiled.to_bytes().to_vec());
            self.rules.store(Arc::new(loaded.expect("its own bytes")));
            self.done.loads.fetch_add(1, Relaxed);
            for (text, (flagged, _, _)) in texts.by_ref().take(100) {
                let explained = self.rules.load().explain(text);
                self.check(
                    explained.places.iter().any(|place| place.flagged) == *flagged,
                );
                self.done.explanations.fetch_add(1, Relaxed);
            }
            self.check(Ruleset::compile("format = 1\n[pack]\nid = 7").is_err());
        }
    }
}

/// Resident memory of this process, in kB, where the system tells.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

#[allow(clippy::print_stdout, clippy::print_stderr)]
fn main() -> ExitCode {
    let seconds: Option<f64> = std::env::args().nth(1).and_then(|s| s.parse().ok());
    let Some(seconds) = seconds.filter(|seconds| (1.0..1e6).contains(seconds)) else {
        eprintln!("usage: soak SECONDS");
        return ExitCode::from(2);
    };
    let soak = Soak::new();
    println!("{} texts", soak.texts.len());
    println!(
        "seconds\trss_kb\tscans\tmegabytes\tstreams\tcompiled\tloaded\texplained\twrong"
    );
    let mut samples = Vec::new();
    thread::scope(|scope| {
        scope.spawn(|| soak.scan());
        scope.spawn(|| soak.scan());
        scope.spawn(|| soak.stream());
        scope.spawn(|| soak.reload());
        let started = Instant::now();
        for _ in 0..SAMPLES {
            thread::sleep(Duration::from_secs_f64(seconds / f64::from(SAMPLES)));
            let done = &soak.done;
            let rss = resident();
            samples.extend(rss);
            println!(
                "{:.0}\t{}\t{}\t{}\t{}\t{}\t{}\t{}\t{}",
                started.elapsed().as_secs_f64(),
                rss.map_or("?".into(), |kb| kb.to_string()),
                done.scans.load(Relaxed),
                done.bytes.load(Relaxed) / 1_000_000,
                done.streams.load(Relaxed),
                done.compilations.load(Relaxed),
                done.loads.load(Relaxed),
                done.explanations.load(Relaxed),
                done.wrong.load(Relaxed)
            );
        }
        soak.stop.store(true, Relaxed);
    });
    // The allocator settles within the first fifth.
    let fifth = samples.len() / 5;
    let settled = samples.iter().take(fifth).max().copied().unwrap_or(0);
    let last = samples.iter().skip(samples.len() - fifth).max().copied().unwrap_or(0);
    let wrong = soak.done.wrong.load(Relaxed);
    println!(
        "highest in the first fifth: {settled} kB, in the last: {last} kB; {wrong} wrong"
    );
    match wrong == 0 && last <= settled + GROWTH_MAX_KB {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    }
}
