//! The tables in core/data, generated from registry packages.

use crate::run::run;
use std::path::Path;
use std::process::Command;

/// Modules that the generator needs from PyPI; see xtask/tables/README.md.
const PYTHON: &str = "python3";

pub(crate) fn generate() -> Result<(), String> {
    let script = Path::new("xtask/tables/gen_tables.py");
    let mut command = Command::new(PYTHON);
    command.arg(script).args(["--out", "core/data", "--cache", ".cache/tables"]);
    run("tables", &mut command)
}
