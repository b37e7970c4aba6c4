//! The Rust core on a file of posts, one a line: what `compare.py` measures the
//! Python package against. Prints seconds, the best of so many rounds.

#![allow(clippy::print_stdout, missing_docs)]

use huoyan::{Ruleset, Scratch};
use std::hint::black_box;
use std::time::Instant;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("usage: core-throughput FILE [ROUNDS]")?;
    let rounds: usize = arguments.next().map_or(Ok(5), |rounds| rounds.parse())?;
    let text = std::fs::read_to_string(path)?;
    let posts: Vec<&str> = text.lines().collect();
    let ruleset = Ruleset::builtin();
    let mut scratch = Scratch::new(ruleset);
    let mut best = f64::INFINITY;
    let mut flagged = 0;
    for _ in 0..rounds {
        flagged = 0;
        let started = Instant::now();
        for post in &posts {
            let verdict = ruleset.scan(&mut scratch, black_box(post));
            black_box(verdict.score());
            flagged += usize::from(verdict.is_flagged());
        }
        best = best.min(started.elapsed().as_secs_f64());
    }
    println!("{best} {flagged}");
    Ok(())
}
