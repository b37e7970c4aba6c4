//! Modules of the core depend in one direction only.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// From the bottom up: a module may use those before it.
const ORDER: &[&str] = &[
    "bits",
    "category",
    "fold",
    "pack",
    "automaton",
    "score",
    "ruleset",
    "compile",
    "contact",
    "scan",
    "report",
    "builtin",
    "examples",
];
/// `contact` looks at hits of `scan`, which calls it: the one knot, by type only.
const ALLOWED: &[(&str, &str)] = &[("contact", "scan")];

fn sources(path: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(path).expect("a source folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(fs::read_to_string(&path).expect("a source file"));
        }
    }
}

#[test]
fn modules_depend_in_one_direction() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut checked = 0;
    for (place, module) in ORDER.iter().enumerate() {
        let mut texts = Vec::new();
        let (folder, file) = (root.join(module), root.join(format!("{module}.rs")));
        if folder.is_dir() {
            sources(&folder, &mut texts);
        } else {
            texts.push(fs::read_to_string(file).expect("a module"));
        }
        for text in texts {
            let code = text.split("#[cfg(test)]").next().unwrap_or_default();
            let code: String = code
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect::<Vec<_>>()
                .join("\n");
            let used: BTreeSet<&str> = code
                .split("crate::")
                .skip(1)
                .map(|rest| {
                    rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap()
                })
                .collect();
            for other in used {
                let Some(at) = ORDER.iter().position(|m| *m == other) else { continue };
                checked += 1;
                assert!(
                    at <= place || ALLOWED.contains(&(*module, other)),
                    "`{module}` uses `crate::{other}`, which stands above it"
                );
            }
        }
    }
    assert!(checked > 20, "the check found hardly any use: {checked}");
}
