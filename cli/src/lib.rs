//! The command line of huoyan: `huoyan scan`, `explain`, `fold`, `mask`,
//! `compile`, `test` and `eval`. A library with one function, so that the Python wheel
//! brings the same program.

mod align;
mod args;
mod error;
mod eval;
mod explain;
mod input;
mod json;
mod messages;
mod pack;
mod paint;
mod pipeline;
mod post;
mod pretty;
mod problem;
mod progress;
mod record;
mod rewrite;
mod scan;
mod summary;
mod terminal;
mod view;

use args::{Cli, Command};
use clap::Parser;
use error::Failure;
use std::ffi::OsString;
use std::io::Write;
use summary::plural;

/// Exit status with `--check` when everything was read and something was flagged.
const FLAGGED: u8 = 1;
/// Exit status of an error.
const ERROR: u8 = 2;

/// Runs the program with these arguments, the first being its own name, and
/// gives its exit status. Reads and writes the standard streams of the process.
pub fn run<A: Into<OsString> + Clone>(arguments: impl IntoIterator<Item = A>) -> u8 {
    let status = match Cli::try_parse_from(arguments) {
        Ok(cli) => execute(&cli.command),
        Err(error) => {
            // Nothing is left to tell an error of the standard streams to.
            drop(error.print());
            return u8::try_from(error.exit_code()).unwrap_or(ERROR);
        }
    };
    let status = match status {
        Ok(status) => status,
        Err(Failure::BrokenPipe) => 0,
        Err(Failure::Message(text)) => {
            error::tell(&text);
            ERROR
        }
        Err(Failure::Report(text)) => {
            error::tell_report(&text);
            ERROR
        }
    };
    // A program that is not written in Rust does not do it at its end.
    drop(std::io::stdout().flush());
    status
}

fn execute(command: &Command) -> error::Result<u8> {
    match command {
        Command::Scan(args) if args.check => checked(scan::run(args)),
        Command::Scan(args) => scan::run(args).map(scanned),
        Command::Compile(args) => pack::compile(args).map(|()| 0),
        Command::Test(args) => pack::test(args).map(|()| 0),
        Command::Eval(args) => eval::run(args).map(done),
        Command::Explain(args) => explain::run(args).map(|()| 0),
        Command::Fold(args) => rewrite::fold(args).map(done),
        Command::Mask(args) => rewrite::mask(args).map(done),
    }
}

/// The exit status of a scan. Posts that cannot be read are only told, unless there
/// are no others.
fn scanned(outcome: scan::Outcome) -> u8 {
    if outcome.posts > 0 || outcome.bad == 0 {
        return done(outcome.failed);
    }
    let lines = plural(outcome.bad, "bad line", "bad lines");
    error::tell(&format!("no post could be read: {lines}, see above"));
    ERROR
}

/// The exit status of a scan with `--check`. What was not read may have anything in
/// it, so that such a scan is an error whatever else was flagged.
fn checked(outcome: error::Result<scan::Outcome>) -> error::Result<u8> {
    let outcome = match outcome {
        Err(Failure::BrokenPipe) => {
            let why = "nobody read the output to its end, so the check is not complete";
            return Err(Failure::Message(why.into()));
        }
        outcome => outcome?,
    };
    let unread = [
        (outcome.bad, "could not be read"),
        (outcome.mended, "could not be read as written"),
    ];
    for (count, what) in unread.into_iter().filter(|(count, _)| *count > 0) {
        let posts = plural(count, "post", "posts");
        error::tell(&format!("{posts} {what}, so the check is not complete; see above"));
    }
    Ok(match outcome.failed || outcome.bad > 0 || outcome.mended > 0 {
        true => ERROR,
        false if outcome.flagged => FLAGGED,
        false => 0,
    })
}

/// The exit status after work that went on past files that failed.
fn done(failed: bool) -> u8 {
    if failed { ERROR } else { 0 }
}
