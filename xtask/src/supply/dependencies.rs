//! What the core depends on: the table in README, and the oldest Rust.

use crate::run::{cargo, run_quietly};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

/// Members that users get; the oldest Rust is promised for these.
const SHIPPED: &str =
    "--package huoyan --package huoyan-cli --package huoyan-c --package huoyan-python";

/// Holds the table of README to what cargo resolves, and the oldest Rust of
/// every dependency to our own.
pub(crate) fn dependencies() -> Result<(), String> {
    let readme = fs::read_to_string(crate::root().join("README.md"))
        .map_err(|error| format!("README.md: {error}"))?;
    let table = table(&readme)?;
    let mut stated = BTreeSet::new();
    for features in ["", "compile", "rayon", "serde"] {
        let with = if features.is_empty() { "always" } else { features };
        stated.extend(table.get(with).into_iter().flatten().cloned());
        // Each set of features brings what its own row says, and what is always there.
        let always = table.get("always").into_iter().flatten();
        let own = table.get(with).into_iter().flatten();
        let wanted: BTreeSet<String> = always.chain(own).cloned().collect();
        let arguments =
            format!("--package huoyan --no-default-features --features={features}");
        let found = resolved(&arguments, "normal")?;
        if wanted != found {
            let differ: Vec<_> = wanted.symmetric_difference(&found).collect();
            return Err(format!(
                "with [{features}] the core depends on {found:?}; the table in README.md \
                 differs in {differ:?}"
            ));
        }
    }
    if stated != resolved("--package huoyan --all-features", "normal")? {
        return Err("features of the core bring what no row in README.md states".into());
    }
    oldest_rust()
}

/// The crates of each row of the table, by what needs them.
fn table(readme: &str) -> Result<BTreeMap<String, BTreeSet<String>>, String> {
    let (_, section) = readme
        .split_once("\n## Dependencies\n")
        .ok_or("README.md has no section `Dependencies`")?;
    let section = section.split("\n## ").next().unwrap_or_default();
    let mut table: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in section.lines().filter(|line| line.starts_with("| `")) {
        let mut cells = line.split('|').map(str::trim).skip(1);
        let (own, with) = (cells.next(), cells.next());
        let names = [own, cells.next()].into_iter().flatten();
        let names = names.flat_map(|cell| cell.split('`').skip(1).step_by(2));
        let row = table.entry(with.unwrap_or_default().trim_matches('`').to_owned());
        row.or_default().extend(names.map(str::to_owned));
    }
    Ok(table)
}

/// Names of all packages below some members.
fn resolved(arguments: &str, kinds: &str) -> Result<BTreeSet<String>, String> {
    let mut tree = cargo("tree --locked --prefix none --format {p} --target all --edges");
    let text = run_quietly("cargo tree", tree.arg(kinds).args(arguments.split(' ')))?;
    let names = text.lines().filter_map(|line| line.split(' ').next());
    let members = ["huoyan", "huoyan-cli", "huoyan-c", "huoyan-python"];
    Ok(names.filter(|name| !members.contains(name)).map(str::to_owned).collect())
}

/// Nothing that users build needs a newer Rust than we promise.
fn oldest_rust() -> Result<(), String> {
    let mut metadata = cargo("metadata --locked --format-version 1");
    let text = run_quietly("cargo metadata", &mut metadata)?;
    let metadata: serde_json::Value = serde_json::from_str(&text)
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let packages =
        metadata["packages"].as_array().ok_or("cargo metadata: no packages")?;
    let version = |package: &serde_json::Value| {
        let text = package["rust_version"].as_str()?;
        let mut parts = text.split('.').map(|part| part.parse::<u32>().ok());
        Some((parts.next()??, parts.next()??))
    };
    let own = packages.iter().find(|package| package["name"] == "huoyan");
    let own = own.and_then(version).ok_or("core/Cargo.toml: no rust-version")?;
    let shipped = resolved(SHIPPED, "normal,build")?;
    let newer: Vec<String> = packages
        .iter()
        .filter(|package| shipped.contains(package["name"].as_str().unwrap_or_default()))
        .filter(|package| version(package).is_some_and(|other| other > own))
        .map(|package| format!("{} {}", package["name"], package["rust_version"]))
        .collect();
    match newer.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "these need a newer Rust than {}.{}, which Cargo.toml promises: {}",
            own.0,
            own.1,
            newer.join(", ")
        )),
    }
}
