//! How much of the core the tests run, and how much of it they hold.

use crate::c::tools::answers;
use crate::run::{cargo, has_cargo, run};
use std::path::PathBuf;
use std::process::Command;

/// Line coverage of the core by its own tests, by cargo-llvm-cov.
pub(crate) fn coverage() -> Result<(), String> {
    if !has_cargo("llvm-cov") {
        return Err("`cargo install --locked cargo-llvm-cov` is needed".into());
    }
    let mut report = cargo("llvm-cov --package huoyan --summary-only");
    // Those of rustup need no settings; those of Debian are named by version.
    if let Some(version) = llvm_version()
        && answers(&format!("llvm-cov-{version}"), &["--version"]).is_some()
    {
        report.env("LLVM_COV", find(&format!("llvm-cov-{version}")));
        report.env("LLVM_PROFDATA", find(&format!("llvm-profdata-{version}")));
    }
    run("coverage", &mut report).map_err(|error| {
        format!(
            "{error}\nit needs the tools of the compiler's LLVM: `rustup component add \
             llvm-tools`, or Debian's `llvm-{}`",
            llvm_version().unwrap_or_default()
        )
    })
}

/// The major version of the compiler's LLVM.
fn llvm_version() -> Option<String> {
    let text = answers("rustc", &["--version", "--verbose"])?;
    let line = text.lines().find_map(|line| line.strip_prefix("LLVM version: "))?;
    line.split('.').next().map(str::to_owned)
}

/// Where a program is.
fn find(program: &str) -> PathBuf {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&path).map(|folder| folder.join(program));
    places.find(|place| place.exists()).unwrap_or_else(|| program.into())
}

/// Changes the core in small ways and sees whether a test notices, by
/// cargo-mutants. `arguments` choose which changes.
pub(crate) fn mutants(arguments: &[String]) -> Result<(), String> {
    if !has_cargo("mutants") {
        return Err("`cargo install --locked cargo-mutants` is needed".into());
    }
    let mut mutants: Command = cargo("mutants --package huoyan --output target");
    mutants.args(arguments).args(["--", "--lib"]);
    // The rest takes long, and sees little that these do not.
    let suites = [
        "behaviour",
        "compatibility",
        "load",
        "pack_errors",
        "limits",
        "posts",
        "stream",
        "tables",
    ];
    mutants.args(suites.iter().flat_map(|suite| ["--test", suite]));
    run("mutants", &mut mutants)
}
