//! Tasks of the project: `cargo xtask help`.

mod bench;
mod packs;
mod run;
mod tables;
mod test;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Tasks of the project.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Run every check and test of the project.
    Test,
    /// Generate core/data/*.tsv from the packages in xtask/tables/sources.toml.
    GenTables,
    /// Compare with the peers, in one run, and print the ratios against the goals.
    Bench {
        /// Passed on: `--quick`, `--only ENGINE:WORKLOAD`, `--write DATE`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Count the instructions of three fixed workloads, against the baseline.
    Instructions {
        /// Make what is counted the new baseline.
        #[arg(long)]
        save: bool,
    },
    /// Compile the built-in packs and run their examples.
    GenPacks {
        /// Change nothing; fail if the checked-in file is not up to date.
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Test => test::test(),
        Task::GenTables => tables::generate(),
        Task::Bench { arguments } => bench::compare(&arguments),
        Task::Instructions { save } => bench::guard(save),
        Task::GenPacks { check } => packs::generate(check),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => run::fail(&message),
    }
}

/// The root of the workspace.
fn root() -> PathBuf {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    own.parent().map(PathBuf::from).unwrap_or(own)
}
