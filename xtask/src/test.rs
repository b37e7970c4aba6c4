//! Every check and test of the project, in one command.

use crate::c;
use crate::fuzz;
use crate::python;
use crate::run::{cargo, has_cargo, run, say};

pub(crate) fn test() -> Result<(), String> {
    if has_cargo("fmt") {
        run("format", &mut cargo("fmt --all --check"))?;
        let fuzz = "fmt --manifest-path fuzz/Cargo.toml --check";
        run("format of fuzz", &mut cargo(fuzz))?;
    } else {
        say("    format: skipped, rustfmt is not installed");
    }
    // Every set of features must build; one that lacks `std` must not use it.
    for features in ["", "std", "builtin", "std,compile"] {
        let title = format!("features [{features}]");
        let arguments = format!(
            "check --quiet --package huoyan --no-default-features --features={features}"
        );
        run(&title, cargo(&arguments).env("RUSTFLAGS", "-D warnings"))?;
    }
    if has_cargo("clippy") {
        let arguments = "clippy --quiet --workspace --all-targets -- --deny warnings";
        run("clippy", &mut cargo(arguments))?;
    } else {
        say("    clippy: skipped, it is not installed");
    }
    // The Python package has no Rust tests, and no interpreter to link with.
    let arguments = "test --workspace --exclude huoyan-python --no-fail-fast";
    run("tests", &mut cargo(arguments))?;
    crate::bench::guard(false)?;
    let mut documentation = cargo("doc --quiet --workspace --no-deps");
    run("documentation", documentation.env("RUSTDOCFLAGS", "-D warnings"))?;
    fuzz::test()?;
    crate::supply::check()?;
    c::test(true)?;
    python::test()?;
    say("all checks passed");
    Ok(())
}
