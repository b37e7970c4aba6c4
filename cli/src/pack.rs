//! Loading rulesets; `huoyan compile` and `huoyan test`.

use crate::args::{CompileArgs, PackArgs, TestArgs};
use crate::error::{Failure, Result, stderr_has_colour};
use crate::terminal::{printable, thousands};
use huoyan::{LoadError, PackError, Ruleset};
use std::fs;
use std::io::Write;
use std::path::Path;

/// The ruleset that `--pack` names, or the built-in one.
pub(crate) fn load(args: &PackArgs) -> Result<Ruleset<'static>> {
    let Some(path) = &args.pack else {
        return Ok(Ruleset::builtin().clone());
    };
    let bytes = read(path)?;
    match Ruleset::from_bytes(bytes) {
        Ok(ruleset) => Ok(ruleset),
        Err(LoadError::NotARuleset) => {
            Ruleset::compile_named(&name(path), &source(path)?).map_err(|e| report(&e))
        }
        Err(error) => Err(Failure::message(format!("{}: {error}", name(path)))),
    }
}

/// `huoyan compile`.
pub(crate) fn compile(args: &CompileArgs) -> Result<()> {
    let path = &args.pack;
    let output = args.output.clone().unwrap_or_else(|| path.with_extension("huoyan"));
    if &output == path {
        let hint = "name another file with --output";
        return Err(Failure::message(format!(
            "{} would replace itself; {hint}",
            name(path)
        )));
    }
    let ruleset =
        Ruleset::compile_named(&name(path), &source(path)?).map_err(|e| report(&e))?;
    let bytes = ruleset.to_bytes();
    fs::write(&output, bytes).map_err(|error| {
        Failure::message(format!("cannot write {}: {error}", name(&output)))
    })?;
    writeln!(
        std::io::stdout(),
        "{}: {} {}, {} concepts, {} rules, {} bytes",
        name(&output),
        printable(ruleset.id()),
        printable(ruleset.version()),
        ruleset.concepts().count(),
        ruleset.rules().count(),
        thousands(bytes.len() as u64),
    )?;
    Ok(())
}

/// `huoyan test`.
pub(crate) fn test(args: &TestArgs) -> Result<()> {
    let path = &args.pack;
    let (ruleset, count) =
        huoyan::check_examples(&name(path), &source(path)?).map_err(|e| report(&e))?;
    let id = printable(ruleset.id());
    let mut stdout = std::io::stdout();
    match count {
        0 => writeln!(stdout, "{id}: the pack has no examples; add [[rule.example]]")?,
        1 => writeln!(stdout, "{id}: 1 example passed")?,
        _ => writeln!(stdout, "{id}: {} examples passed", thousands(count as u64))?,
    }
    Ok(())
}

fn name(path: &Path) -> String {
    printable(&path.to_string_lossy())
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path)
        .map_err(|error| Failure::message(format!("cannot read {}: {error}", name(path))))
}

/// A pack's source text.
fn source(path: &Path) -> Result<String> {
    let bytes = read(path)?;
    if !matches!(Ruleset::from_bytes(bytes.as_slice()), Err(LoadError::NotARuleset)) {
        let hint = "give the TOML that it was made from";
        return Err(Failure::message(format!(
            "{} is compiled already; {hint}",
            name(path)
        )));
    }
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        let wants = "a pack is TOML in UTF-8, or what `huoyan compile` wrote";
        Failure::message(format!("{}: not UTF-8 at byte {at}; {wants}", name(path)))
    })
}

fn report(error: &PackError) -> Failure {
    Failure::Report(error.render(stderr_has_colour()))
}
