//! Fuzzing: builds the targets of `fuzz/` and runs them.

mod corpus;

use crate::run::{cargo, run, say, stage};
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// Targets, and whether their inputs are text that the pack's words help with.
const TARGETS: &[(&str, bool)] = &[
    ("scan_reference", true),
    ("scan_paths", true),
    ("stream", true),
    ("fold", true),
    ("mask", true),
    ("steps", true),
    ("ruleset_bytes", false),
    ("pack_toml", true),
    ("c_api", false),
];

/// Seconds that each target gets among all tests.
const TEST_SECONDS: u64 = 3;
/// Targets that run at once.
const AT_ONCE: usize = 2;
/// An input that takes so many seconds hangs.
const TIMEOUT: u64 = 30;

/// Instrumentation as `cargo fuzz` asks for it, by flags that the stable
/// compiler has.
const FLAGS: &[&str] = &[
    "--cfg=fuzzing",
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=4",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Cllvm-args=-sanitizer-coverage-trace-compares",
];

#[derive(Args)]
pub(crate) struct FuzzArgs {
    /// Seconds for each target; 0 only replays what is known.
    #[arg(long, default_value_t = 60)]
    seconds: u64,
    /// Only this target; may be given several times.
    #[arg(long, value_name = "NAME")]
    target: Vec<String>,
    /// Build with AddressSanitizer, which sees into `unsafe` code.
    #[arg(long)]
    address: bool,
    /// Keep the inputs that cover most in fuzz/kept, where tests replay them.
    #[arg(long)]
    keep: bool,
}

/// What came of a target.
struct Outcome {
    target: &'static str,
    executions: u64,
    edges: u64,
    crash: Option<String>,
}

pub(crate) fn fuzz(args: &FuzzArgs) -> Result<(), String> {
    let unknown =
        args.target.iter().find(|name| TARGETS.iter().all(|(known, _)| known != name));
    if let Some(name) = unknown {
        let known: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
        return Err(format!("no target `{name}`; there are {}", known.join(", ")));
    }
    let chosen = TARGETS.iter().filter(|(name, _)| {
        args.target.is_empty() || args.target.iter().any(|wanted| wanted == name)
    });
    let chosen: Vec<_> = chosen.copied().collect();
    let folder = build(args.address)?;
    corpus::write_seeds(&chosen)?;
    let outcomes = stage("fuzz: run", || run_all(&folder, &chosen, args.seconds, None))?;
    if args.keep {
        for (target, _) in &chosen {
            corpus::keep(&folder.join(target), target)?;
        }
    }
    report(&outcomes)
}

/// The short run among all tests: what is known is replayed, and a few seconds
/// from a fixed seed follow.
pub(crate) fn test() -> Result<(), String> {
    if !cfg!(target_os = "linux") {
        say("    fuzz: SKIPPED, the targets run on Linux so far");
        return Ok(());
    }
    let folder = build(false)?;
    corpus::write_seeds(TARGETS)?;
    let outcomes =
        stage("fuzz: run", || run_all(&folder, TARGETS, TEST_SECONDS, Some(1)))?;
    report(&outcomes)
}

fn fuzz_folder() -> PathBuf {
    crate::root().join("fuzz")
}

/// Builds all targets. Returns the folder of the programs.
fn build(address: bool) -> Result<PathBuf, String> {
    let host = host()?;
    let target = fuzz_folder().join(if address { "target/address" } else { "target" });
    let mut command = cargo("build --quiet --release --manifest-path fuzz/Cargo.toml");
    // With --target, build scripts and macros are not instrumented.
    command.args(["--target", &host]).arg("--target-dir").arg(&target);
    let mut flags = FLAGS.join(" ");
    if address {
        // The flag is not stable yet; what it needs comes with the compiler.
        flags.push_str(" -Zsanitizer=address");
        command.env("RUSTC_BOOTSTRAP", "1");
    }
    run("fuzz: build", command.env("RUSTFLAGS", flags))?;
    Ok(target.join(host).join("release"))
}

/// The triple of this machine.
fn host() -> Result<String, String> {
    let output = Command::new(std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into()))
        .arg("-vV")
        .output()
        .map_err(|error| format!("rustc: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|line| line.strip_prefix("host: "));
    line.map(str::to_owned).ok_or_else(|| format!("rustc -vV names no host:\n{text}"))
}

fn run_all(
    folder: &Path,
    targets: &[(&'static str, bool)],
    seconds: u64,
    seed: Option<u32>,
) -> Result<Vec<Outcome>, String> {
    let waiting = Mutex::new(targets.iter().copied());
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(targets.len()) {
            scope.spawn(|| {
                loop {
                    let next = waiting.lock().ok().and_then(|mut waiting| waiting.next());
                    let Some((target, is_text)) = next else { break };
                    let outcome = run_one(folder, target, is_text, seconds, seed);
                    if let Ok(mut done) = done.lock() {
                        done.push(outcome);
                    }
                }
            });
        }
    });
    let outcomes = done.into_inner().map_err(|_| "a thread panicked".to_owned())?;
    let mut outcomes = outcomes.into_iter().collect::<Result<Vec<_>, _>>()?;
    outcomes.sort_by_key(|outcome| {
        targets.iter().position(|(name, _)| *name == outcome.target)
    });
    Ok(outcomes)
}

fn run_one(
    folder: &Path,
    target: &'static str,
    is_text: bool,
    seconds: u64,
    seed: Option<u32>,
) -> Result<Outcome, String> {
    let own = fuzz_folder();
    let artifacts = own.join("artifacts").join(target);
    fs::create_dir_all(&artifacts)
        .map_err(|error| format!("{}: {error}", artifacts.display()))?;
    let mut command = Command::new(folder.join(target));
    command.arg(own.join("corpus").join(target));
    command.arg(format!("-artifact_prefix={}/", artifacts.display()));
    command.args(["-print_final_stats=1", "-rss_limit_mb=4096", "-max_len=1024"]);
    command.arg(format!("-timeout={TIMEOUT}"));
    match seconds {
        0 => command.arg("-runs=0"),
        seconds => command.arg(format!("-max_total_time={seconds}")),
    };
    if let Some(seed) = seed {
        command.arg(format!("-seed={seed}"));
    }
    if is_text {
        command.arg(format!("-dict={}", own.join("corpus/dictionary").display()));
    }
    let output = command.output().map_err(|error| format!("{target}: {error}"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    let crash = (!output.status.success()).then(|| crash(&text));
    let number = |text: &str| text.split_whitespace().next().and_then(|n| n.parse().ok());
    let executions =
        text.rsplit("stat::number_of_executed_units:").next().and_then(number);
    let edges = text.rsplit(" cov: ").next().and_then(number);
    Ok(Outcome {
        target,
        executions: executions.unwrap_or(0),
        edges: edges.unwrap_or(0),
        crash,
    })
}

/// What a run that failed says of why: from the panic on, with the input.
fn crash(text: &str) -> String {
    let wanted = |line: &&str| {
        line.contains("panicked at")
            || line.starts_with("SUMMARY:")
            || line.contains("Test unit written to")
            || line.starts_with("==") && line.contains("ERROR")
    };
    let mut lines: Vec<&str> = Vec::new();
    for (place, line) in text.lines().enumerate() {
        if wanted(&line) {
            // A message may go on in the lines behind it.
            let take = if line.contains("panicked at") { 12 } else { 1 };
            lines.extend(text.lines().skip(place).take(take));
        }
    }
    if lines.is_empty() {
        lines.extend(text.lines().rev().take(20).collect::<Vec<_>>().into_iter().rev());
    }
    lines.join("\n")
}

fn report(outcomes: &[Outcome]) -> Result<(), String> {
    say(&format!(
        "    {:<16} {:>12} {:>8} {:>8}",
        "target", "executions", "edges", "crashes"
    ));
    for Outcome { target, executions, edges, crash } in outcomes {
        let crashes = usize::from(crash.is_some());
        say(&format!("    {target:<16} {executions:>12} {edges:>8} {crashes:>8}"));
    }
    let failed: Vec<String> = outcomes
        .iter()
        .filter_map(|outcome| {
            let crash = outcome.crash.as_ref()?;
            Some(format!("fuzz target {}:\n{crash}", outcome.target))
        })
        .collect();
    match failed.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "{}\nrun the target's program with the file to see it again; a bug that was mended \
             becomes a behaviour row or a test, and its input a line of fuzz/kept",
            failed.join("\n\n")
        )),
    }
}
