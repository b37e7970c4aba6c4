//! The built-in packs, compiled ahead.

use crate::run::{cargo, run, say};
use std::fs;

const PACK: &str = "wechat-trade";

pub(crate) fn generate(check: bool) -> Result<(), String> {
    let folder = crate::root().join("core/packs");
    let name = format!("core/packs/{PACK}.toml");
    let source = fs::read_to_string(folder.join(format!("{PACK}.toml")))
        .map_err(|error| format!("{name}: {error}"))?;
    let (ruleset, examples) =
        huoyan::check_examples(&name, &source).map_err(|error| format!("\n{error}"))?;
    say(&format!("{name}: {examples} examples hold, {} bytes", ruleset.to_bytes().len()));
    let compiled = folder.join(format!("{PACK}.huoyan"));
    if check {
        return match fs::read(&compiled) {
            Ok(bytes) if bytes == ruleset.to_bytes() => Ok(()),
            _ => Err(format!(
                "{PACK}.huoyan is not up to date: run `cargo xtask gen-packs`"
            )),
        };
    }
    let sizes = ruleset.section_sizes().filter(|(_, size)| *size > 0);
    sizes.for_each(|(section, size)| say(&format!("  {section:<20} {size:>9}")));
    fs::write(&compiled, ruleset.to_bytes())
        .map_err(|error| format!("{PACK}.huoyan: {error}"))
}

/// Writes the fixtures of the current formats.
pub(crate) fn fixtures() -> Result<(), String> {
    let mut command = cargo("test --quiet --package huoyan --test compatibility packs");
    run("fixtures", command.env("HUOYAN_WRITE_FIXTURES", "1"))
}
