//! The comparison with the peers, and the guard on instruction counts.

use crate::run::{cargo, run, say};
use std::path::Path;
use std::process::Command;

/// Instruction counts may grow by this part before the guard fails.
const GROWTH_MAX: f64 = 0.10;
const BASELINE: &str = "benches/results/instructions.tsv";

/// Builds and runs the comparison program, and prints its table. What is in
/// `arguments` is passed on to it.
pub(crate) fn compare(arguments: &[String]) -> Result<(), String> {
    if !crate::root().join("benches/.cache/reviews.txt").exists() {
        run("corpora", Command::new("python3").arg("benches/corpora.py"))?;
    }
    // matcher_rs asks for features that the compiler calls unstable.
    let mut build = cargo("build --release --manifest-path benches/Cargo.toml");
    run("build", build.env("RUSTC_BOOTSTRAP", "1"))?;
    let program = Path::new("benches/target/release/huoyan-benches");
    run("comparison", Command::new(program).args(arguments))
}

/// Counts the instructions of three fixed workloads under Callgrind and
/// compares them with the baseline; `save` makes a new one.
pub(crate) fn guard(save: bool) -> Result<(), String> {
    if Command::new("valgrind").arg("--version").output().is_err() {
        say("    instructions: skipped, valgrind is not installed");
        return Ok(());
    }
    run("build", &mut cargo("build --release --package huoyan --example workload"))?;
    let mut lines = String::new();
    let known = std::fs::read_to_string(crate::root().join(BASELINE)).unwrap_or_default();
    for workload in ["benign", "ads", "load"] {
        let counted = instructions(workload)?;
        lines += &format!("{workload}\t{counted}\n");
        let before = known
            .lines()
            .filter_map(|line| line.split_once('\t'))
            .find(|(name, _)| *name == workload)
            .and_then(|(_, count)| count.parse::<u64>().ok());
        let Some(before) = before.filter(|_| !save) else {
            say(&format!("    {workload}: {counted} instructions"));
            continue;
        };
        let ratio = counted as f64 / before as f64;
        say(&format!(
            "    {workload}: {counted} instructions, {ratio:.3} of the baseline"
        ));
        if ratio > 1.0 + GROWTH_MAX {
            return Err(format!(
                "{workload}: {counted} instructions, the baseline is {before} and may grow by \
                 {:.0} %; make it cheaper, or `cargo xtask instructions --save` with the reason \
                 in the commit",
                GROWTH_MAX * 100.0
            ));
        }
    }
    match save {
        true => std::fs::write(crate::root().join(BASELINE), lines)
            .map_err(|error| format!("{BASELINE}: {error}")),
        false => Ok(()),
    }
}

fn instructions(workload: &str) -> Result<u64, String> {
    let output = Command::new("valgrind")
        .args([
            "--tool=callgrind",
            "--callgrind-out-file=/dev/null",
            "--toggle-collect=measured",
        ])
        .args(["target/release/examples/workload", workload])
        .current_dir(crate::root())
        .output()
        .map_err(|error| format!("valgrind: {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    let count = text
        .lines()
        .find_map(|line| line.split_once("Collected :"))
        .and_then(|(_, count)| count.trim().parse().ok());
    count.ok_or_else(|| format!("valgrind on {workload}: no count in\n{text}"))
}
