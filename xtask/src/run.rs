//! Running other programs, and talking to the person in front.

use std::io::Write;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::Instant;

/// Prints a line to standard error.
pub(crate) fn say(message: &str) {
    // Nobody is there to be told that telling failed.
    let _ = writeln!(std::io::stderr().lock(), "{message}");
}

pub(crate) fn fail(message: &str) -> ExitCode {
    say(&format!("xtask: {message}"));
    ExitCode::FAILURE
}

/// Runs a program in the workspace's root and fails unless it succeeds.
pub(crate) fn run(title: &str, command: &mut Command) -> Result<(), String> {
    run_in(&crate::root(), title, command)
}

/// Runs a program in a folder and fails unless it succeeds.
pub(crate) fn run_in(
    folder: &Path,
    title: &str,
    command: &mut Command,
) -> Result<(), String> {
    say(&format!("==> {title}"));
    let started = Instant::now();
    let status = command
        .current_dir(folder)
        .status()
        .map_err(|error| format!("{title}: cannot start {command:?}: {error}"))?;
    if !status.success() {
        return Err(format!("{title}: {command:?} ended with {status}"));
    }
    say(&format!("    {title}: {:.0} s", started.elapsed().as_secs_f64()));
    Ok(())
}

/// `cargo` with arguments separated by blanks.
pub(crate) fn cargo(arguments: &str) -> Command {
    let mut command =
        Command::new(std::env::var("CARGO").unwrap_or_else(|_| "cargo".into()));
    command.args(arguments.split(' '));
    command
}

/// Whether a cargo subcommand is installed.
pub(crate) fn has_cargo(subcommand: &str) -> bool {
    let output = cargo(subcommand).arg("--version").output();
    output.is_ok_and(|output| output.status.success())
}

/// [`run`], but the program's output is shown only if it fails. Gives its
/// standard output.
pub(crate) fn run_quietly(title: &str, command: &mut Command) -> Result<String, String> {
    let output = command
        .current_dir(crate::root())
        .output()
        .map_err(|error| format!("{title}: cannot start {command:?}: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    Err(format!(
        "{title}: {command:?} ended with {}\n{}{}",
        output.status,
        text(&output.stdout),
        text(&output.stderr)
    ))
}

/// A stage of a longer task, with its time.
pub(crate) fn stage<T>(
    title: &str,
    work: impl FnOnce() -> Result<T, String>,
) -> Result<T, String> {
    say(&format!("==> {title}"));
    let started = Instant::now();
    let done = work()?;
    say(&format!("    {title}: {:.0} s", started.elapsed().as_secs_f64()));
    Ok(done)
}
