//! The command line, as the Rust program has it.

use pyo3::prelude::*;
use std::ffi::OsString;

/// Runs the program `huoyan` with these arguments, the first being its own name.
///
/// It uses the standard streams of the process. Gives the exit status.
#[pyfunction]
pub(crate) fn main(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| huoyan_cli::run(arguments))
}
