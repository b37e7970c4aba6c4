//! Tasks of the project: `cargo xtask help`.

mod bench;
mod c;
mod fit;
mod measure;
mod packs;
mod python;
mod release;
mod run;
mod soak;
mod supply;
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
    /// Build the Python package and run its tests, as `test` does.
    TestPython,
    /// Generate core/data/*.tsv from the packages in xtask/tables/sources.toml.
    GenTables,
    /// Fit the weights of a pack to labelled posts, and cross-validate.
    FitWeights(fit::FitArgs),
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
    /// Write core/tests/compatibility for the current version of the formats.
    GenFixtures,
    /// Generate include/huoyan.h from bindings-c/src.
    GenHeader,
    /// Write the behaviour rows as C data, for the tests in C.
    GenCRows {
        /// The file to write.
        out: PathBuf,
    },
    /// Work for a long time on all threads, and watch answers and memory.
    Soak {
        /// For how long.
        #[arg(long, default_value_t = 30.0)]
        minutes: f64,
    },
    /// Show how many lines of the core its tests run, by cargo-llvm-cov.
    Coverage,
    /// Change the core in small ways and see whether a test notices, by
    /// cargo-mutants.
    Mutants {
        /// Passed on: `--file core/src/score.rs`, `--shard 0/20`.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<String>,
    },
    /// Compare the core's dependencies with README, and their Rust with ours.
    Dependencies,
    /// List all unsafe code with its reasons in UNSAFE.md.
    UnsafeInventory {
        /// Change nothing; fail if the checked-in file is not up to date.
        #[arg(long)]
        check: bool,
    },
    /// List the core's public interface in core/public-api.txt.
    PublicApi {
        /// Change nothing; fail if the checked-in file is not up to date.
        #[arg(long)]
        check: bool,
    },
    /// Check whether a release may be made: versions, changelog, packages.
    Release(release::ReleaseArgs),
    /// Check licences, sources and advisories of dependencies by cargo-deny.
    Deny,
    /// Build and test the C and C++ interface: plain, under sanitizers and
    /// Valgrind, installed, and in a service under load.
    TestC {
        /// Leave out the service under load.
        #[arg(long)]
        no_load: bool,
    },
}

fn main() -> ExitCode {
    let done = match Arguments::parse().task {
        Task::Test => test::test(),
        Task::TestPython => python::test(),
        Task::GenTables => tables::generate(),
        Task::FitWeights(args) => fit::fit_weights(&args),
        Task::Bench { arguments } => bench::compare(&arguments),
        Task::Instructions { save } => bench::guard(save),
        Task::GenPacks { check } => packs::generate(check),
        Task::GenFixtures => packs::fixtures(),
        Task::GenHeader => c::generate_header(),
        Task::GenCRows { out } => c::rows::generate(&out),
        Task::Soak { minutes } => soak::soak(minutes),
        Task::Coverage => measure::coverage(),
        Task::Mutants { arguments } => measure::mutants(&arguments),
        Task::Dependencies => supply::dependencies(),
        Task::UnsafeInventory { check } => supply::unsafe_inventory(check),
        Task::PublicApi { check } => supply::api(check),
        Task::Release(args) => release::release(&args),
        Task::Deny => supply::deny(),
        Task::TestC { no_load } => c::test(!no_load),
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
