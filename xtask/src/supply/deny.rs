//! Licences, sources and advisories of all dependencies, by cargo-deny.

use crate::run::{cargo, has_cargo, run, say};

/// Runs cargo-deny, which must be installed; advisories only where their
/// database can be had.
pub(crate) fn deny() -> Result<(), String> {
    if !has_cargo("deny") {
        return Err("cargo-deny is needed: `cargo install --locked cargo-deny`".into());
    }
    run("deny", &mut cargo("deny --locked check licenses bans sources"))?;
    if run("advisories: fetch", &mut cargo("deny fetch db")).is_err() {
        say(
            "    advisories: SKIPPED, their database on GitHub cannot be reached; CI checks \
             them",
        );
        return Ok(());
    }
    run("advisories", &mut cargo("deny --locked check advisories"))
}
