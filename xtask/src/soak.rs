//! The long run that watches its own memory.

use crate::run::{cargo, run};
use std::process::Command;

/// Builds `core/examples/soak.rs` and runs it for so many minutes.
pub(crate) fn soak(minutes: f64) -> Result<(), String> {
    run("build", &mut cargo("build --release --package huoyan --example soak"))?;
    let seconds = (minutes * 60.0).to_string();
    run("soak", Command::new("target/release/examples/soak").arg(seconds))
}
