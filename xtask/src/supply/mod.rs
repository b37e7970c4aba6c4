//! What the project is made of, and what it promises, as checked-in files that
//! are compared with the sources.

mod api;
mod deny;
mod dependencies;
mod inventory;

pub(crate) use api::api;
pub(crate) use deny::deny;
pub(crate) use dependencies::dependencies;
pub(crate) use inventory::unsafe_inventory;

use crate::run::{say, stage};
use std::fs;

/// All comparisons.
pub(crate) fn check() -> Result<(), String> {
    stage("dependencies", dependencies)?;
    stage("unsafe code", || unsafe_inventory(true))?;
    stage("public interface", || api(true))
}

/// Most changed lines that are shown.
const SHOWN: usize = 40;

/// Writes a file of the project, or compares it with what it should be.
fn write_or_compare(
    name: &str,
    wanted: &str,
    check: bool,
    command: &str,
) -> Result<(), String> {
    let path = crate::root().join(name);
    let found = fs::read_to_string(&path).unwrap_or_default();
    if found == wanted {
        return Ok(());
    }
    let lines = |from: &str, other: &str, sign: char| {
        let other: Vec<&str> = other.lines().collect();
        let own = from.lines().filter(|line| !other.contains(line));
        own.map(|line| format!("{sign} {line}\n")).collect::<String>()
    };
    let changes = lines(&found, wanted, '-') + &lines(wanted, &found, '+');
    let changes: String = changes.split_inclusive('\n').take(SHOWN).collect();
    if check {
        return Err(format!(
            "{name} is not up to date; see whether the change is meant, and run \
             `cargo xtask {command}`:\n{changes}"
        ));
    }
    fs::write(&path, wanted).map_err(|error| format!("{name}: {error}"))?;
    say(&format!("{name}:\n{changes}"));
    Ok(())
}
