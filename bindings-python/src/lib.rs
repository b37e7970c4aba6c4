//! Python package `huoyan`: the native half.
//!
//! `python/huoyan` holds the other half: what hosts (polars, Spark …) need,
//! and the error classes, which Python code can subclass and pickle.

mod arrow;
mod batch;
mod cli;
mod data;
mod errors;
mod explanation;
mod html;
mod lazy;
mod missing;
mod parts;
mod place;
mod ruleset;
mod scratch;
mod text;
mod verdict;

use pyo3::prelude::*;

#[pymodule(gil_used = false)]
mod _native {
    #[pymodule_export]
    use crate::arrow::VerdictArray;
    #[pymodule_export]
    use crate::cli::main;
    #[pymodule_export]
    use crate::explanation::{Explanation, FiredRule, Hit, NearMiss};
    #[pymodule_export]
    use crate::parts::{Contact, Evidence, Finding};
    #[pymodule_export]
    use crate::place::{Place, PlacePart};
    #[pymodule_export]
    use crate::ruleset::{Ruleset, restore_builtin, restore_ruleset};
    #[pymodule_export]
    use crate::verdict::{Verdict, restore_part, restore_verdict};

    use super::*;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }
}
