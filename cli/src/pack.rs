//! Loading rulesets; `huoyan compile` and `huoyan test`.

use crate::args::{CompileArgs, PackArgs, TestArgs};
use crate::error::{Failure, Result, stderr_has_colour};
use crate::terminal::{printable, thousands};
use huoyan::{PackError, PackFileError, Ruleset};
use std::fs;
use std::io::Write;
use std::path::Path;

/// The ruleset that `--pack` names, or the built-in one.
pub(crate) fn load(args: &PackArgs) -> Result<Ruleset<'static>> {
    let Some(path) = &args.pack else {
        return Ok(Ruleset::builtin().clone());
    };
    let name = name(path);
    Ruleset::load(&name, read(path)?).map_err(|error| match error {
        PackFileError::Pack(error) => report(&error),
        error => Failure::message(format!("{name}: {error}")),
    })
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
    if Ruleset::is_compiled(&bytes) {
        let hint = "give the TOML that it was made from";
        return Err(Failure::message(format!(
            "{} is compiled already; {hint}",
            name(path)
        )));
    }
    String::from_utf8(bytes).map_err(|error| {
        let error = PackFileError::NotText { at: error.utf8_error().valid_up_to() };
        Failure::message(format!("{}: {error}", name(path)))
    })
}

fn report(error: &PackError) -> Failure {
    Failure::Report(error.render(stderr_has_colour()))
}
