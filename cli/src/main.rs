//! The command line of huoyan: `huoyan scan`, `explain`, `fold`, `mask`,
//! `compile`, `test` and `eval`.

mod align;
mod args;
mod error;
mod eval;
mod explain;
mod input;
mod json;
mod pack;
mod paint;
mod pipeline;
mod post;
mod pretty;
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
use std::process::ExitCode;

/// Exit status with `--check` when something was flagged.
const FLAGGED: u8 = 1;
/// Exit status of an error.
const ERROR: u8 = 2;

fn main() -> ExitCode {
    match run(&Cli::parse().command) {
        Ok(status) => ExitCode::from(status),
        Err(Failure::BrokenPipe) => ExitCode::SUCCESS,
        Err(Failure::Message(text)) => {
            error::tell(&text);
            ExitCode::from(ERROR)
        }
        Err(Failure::Report(text)) => {
            error::tell_report(&text);
            ExitCode::from(ERROR)
        }
    }
}

fn run(command: &Command) -> error::Result<u8> {
    match command {
        Command::Scan(args) => {
            let outcome = scan::run(args)?;
            Ok(match outcome.flagged && args.check {
                true if !outcome.failed => FLAGGED,
                _ => done(outcome.failed),
            })
        }
        Command::Compile(args) => pack::compile(args).map(|()| 0),
        Command::Test(args) => pack::test(args).map(|()| 0),
        Command::Eval(args) => eval::run(args).map(done),
        Command::Explain(args) => explain::run(args).map(|()| 0),
        Command::Fold(args) => rewrite::fold(args).map(done),
        Command::Mask(args) => rewrite::mask(args).map(done),
    }
}

/// The exit status after work that went on past files that failed.
fn done(failed: bool) -> u8 {
    if failed { ERROR } else { 0 }
}
