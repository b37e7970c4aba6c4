//! The C and C++ interface: its header, its tests, its packaging.

pub(crate) mod rows;

use crate::run::{cargo, run};

/// Writes include/huoyan.h.
pub(crate) fn generate_header() -> Result<(), String> {
    let mut command = cargo("test --quiet --package huoyan-c --test header the_header");
    run("header", command.env("HUOYAN_WRITE_HEADER", "1"))
}

pub(crate) fn test(_load: bool) -> Result<(), String> {
    Ok(())
}
