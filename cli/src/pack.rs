//! Loading rulesets; `huoyan compile` and `huoyan test`.

use crate::args::{CompileArgs, PackArgs, TestArgs};
use crate::error::{Failure, Result, stderr_has_colour};
use crate::input::STDIN;
use crate::messages;
use crate::summary::plural;
use crate::terminal::{printable, thousands};
use huoyan::{PackError, PackFileError, Ruleset};
use std::fs;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

/// The ruleset that `--pack` names, or the built-in one, with `--threshold`.
pub(crate) fn load(args: &PackArgs) -> Result<Ruleset<'static>> {
    let ruleset = named(args.pack.as_deref())?;
    Ok(match args.threshold {
        Some(threshold) => ruleset.with_threshold(threshold),
        None => ruleset,
    })
}

fn named(path: Option<&Path>) -> Result<Ruleset<'static>> {
    let Some(path) = path else {
        return Ok(Ruleset::builtin().clone());
    };
    let name = printable(&path.to_string_lossy());
    Ruleset::load(&name, read(path)?).map_err(|error| match error {
        PackFileError::Pack(error) => report(&error),
        error => Failure::message(format!("{name}: {error}")),
    })
}

/// `huoyan compile`.
pub(crate) fn compile(args: &CompileArgs) -> Result<()> {
    let path = &args.pack;
    let output = args.output.clone().unwrap_or_else(|| match is_standard(path) {
        true => PathBuf::from(STDIN),
        false => path.with_extension("huoyan"),
    });
    let to_stdout = is_standard(&output);
    if to_stdout && io::stdout().is_terminal() {
        let hint = "name a file with --output";
        return Err(Failure::message(format!(
            "a ruleset is no text for a terminal; {hint}"
        )));
    }
    if !to_stdout && &output == path {
        let hint = "name another file with --output";
        return Err(Failure::message(format!(
            "{} would replace itself; {hint}",
            name(path)
        )));
    }
    let ruleset =
        Ruleset::compile_named(&name(path), &source(path)?).map_err(|e| report(&e))?;
    let bytes = ruleset.to_bytes();
    let made = format!(
        "{} {}, {}, {}, {}\n",
        printable(ruleset.id()),
        printable(ruleset.version()),
        plural(ruleset.concepts().count() as u64, "concept", "concepts"),
        plural(ruleset.rules().count() as u64, "rule", "rules"),
        plural(bytes.len() as u64, "byte", "bytes"),
    );
    let mut stdout = io::stdout();
    if to_stdout {
        stdout.write_all(bytes)?;
        stdout.flush()?;
        messages::write(&format!("stdout: {made}"));
        return Ok(());
    }
    fs::write(&output, bytes).map_err(|error| {
        Failure::message(format!("cannot write {}: {error}", name(&output)))
    })?;
    write!(stdout, "{}: {made}", name(&output))?;
    Ok(())
}

/// `huoyan test`.
pub(crate) fn test(args: &TestArgs) -> Result<()> {
    let path = &args.pack;
    let (ruleset, count) =
        huoyan::check_examples(&name(path), &source(path)?).map_err(|e| report(&e))?;
    let id = printable(ruleset.id());
    let mut stdout = io::stdout();
    match count {
        0 => writeln!(
            stdout,
            "{id}: the pack has no examples; add [[example]] or [[rule.example]]"
        )?,
        1 => writeln!(stdout, "{id}: 1 example passed")?,
        _ => writeln!(stdout, "{id}: {} examples passed", thousands(count as u64))?,
    }
    Ok(())
}

/// Whether standard input or output is meant.
fn is_standard(path: &Path) -> bool {
    path == Path::new(STDIN)
}

fn name(path: &Path) -> String {
    match is_standard(path) {
        true => "stdin".into(),
        false => printable(&path.to_string_lossy()),
    }
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).map_err(|error| {
        let name = printable(&path.to_string_lossy());
        Failure::message(format!("cannot read {name}: {error}"))
    })
}

fn read_stdin() -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes).map_err(|error| {
        Failure::message(format!("cannot read standard input: {error}"))
    })?;
    Ok(bytes)
}

/// A pack's source text.
fn source(path: &Path) -> Result<String> {
    let bytes = match is_standard(path) {
        true => read_stdin()?,
        false => read(path)?,
    };
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
