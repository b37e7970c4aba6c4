//! Every check and test of the project, in one command.

use crate::c;
use crate::fuzz;
use crate::python;
use crate::run::{cargo, has_cargo, run, say};

/// Runs all parts, also after one that failed: who waits half an hour wants to know
/// all that is wrong.
pub(crate) fn test() -> Result<(), String> {
    // What is quick, and forgotten most often, comes first.
    let parts: &[fn() -> Result<(), String>] = &[
        format,
        crate::supply::check,
        features,
        clippy,
        rust,
        || crate::bench::guard(false),
        documentation,
        fuzz::test,
        || c::test(true),
        python::test,
    ];
    let failures: Vec<String> = parts
        .iter()
        .filter_map(|part| part().err())
        .inspect(|failure| say(&format!("FAILED: {failure}")))
        .collect();
    if failures.is_empty() {
        say("all checks passed");
        return Ok(());
    }
    Err(format!(
        "{} of {} parts failed:\n{}",
        failures.len(),
        parts.len(),
        failures.join("\n")
    ))
}

fn format() -> Result<(), String> {
    if !has_cargo("fmt") {
        say("    format: skipped, rustfmt is not installed");
        return Ok(());
    }
    run("format", &mut cargo("fmt --all --check"))?;
    let fuzz = "fmt --manifest-path fuzz/Cargo.toml --check";
    run("format of fuzz", &mut cargo(fuzz))
}

/// Every set of features must build; one that lacks `std` must not use it.
fn features() -> Result<(), String> {
    for features in ["", "std", "builtin", "std,compile", "serde", "builtin,serde"] {
        let title = format!("features [{features}]");
        let arguments = format!(
            "check --quiet --package huoyan --no-default-features --features={features}"
        );
        run(&title, cargo(&arguments).env("RUSTFLAGS", "-D warnings"))?;
    }
    Ok(())
}

fn clippy() -> Result<(), String> {
    if !has_cargo("clippy") {
        say("    clippy: skipped, it is not installed");
        return Ok(());
    }
    let arguments = "clippy --quiet --workspace --all-targets -- --deny warnings";
    run("clippy", &mut cargo(arguments))
}

/// The Python package has no Rust tests, and no interpreter to link with.
fn rust() -> Result<(), String> {
    let arguments = "test --workspace --exclude huoyan-python --no-fail-fast";
    run("tests", &mut cargo(arguments))
}

fn documentation() -> Result<(), String> {
    let mut documentation = cargo("doc --quiet --workspace --no-deps");
    run("documentation", documentation.env("RUSTDOCFLAGS", "-D warnings"))
}
