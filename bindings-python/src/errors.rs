//! From errors of the library to the classes of `huoyan.errors`.
//!
//! The classes are Python's own: under the stable ABI native classes cannot
//! derive from exceptions before Python 3.12.

use huoyan::{LoadError, PackError, PackFileError};
use pyo3::call::PyCallArgs;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

static MODULE: PyOnceLock<Py<PyModule>> = PyOnceLock::new();

/// The error `huoyan.errors.<class>(*arguments)`, or what came of the attempt
/// to make it.
fn make<'py>(py: Python<'py>, class: &str, arguments: impl PyCallArgs<'py>) -> PyErr {
    let module = MODULE
        .get_or_try_init(py, || py.import("huoyan.errors").map(|module| module.unbind()));
    let made = module
        .and_then(|module| module.bind(py).getattr(class)?.call1(arguments))
        .map(PyErr::from_value);
    made.unwrap_or_else(|error| error)
}

pub(crate) fn text(
    py: Python<'_>,
    (position, code_point): (usize, u32),
    index: Option<usize>,
    replaceable: bool,
) -> PyErr {
    make(py, "TextError", (position, code_point, index, replaceable))
}

pub(crate) fn load(py: Python<'_>, source: &str, error: &LoadError) -> PyErr {
    let (kind, found, wanted) = match error {
        LoadError::NotARuleset => ("not-a-ruleset", None, None),
        LoadError::Version { found, supported } => {
            ("version", Some(*found as usize), Some(*supported as usize))
        }
        LoadError::Layout { found, supported, .. } => {
            ("layout", Some(*found as usize), Some(*supported as usize))
        }
        LoadError::Length { found, announced } => {
            ("length", Some(*found), Some(*announced))
        }
        LoadError::Checksum => ("checksum", None, None),
        _ => ("damaged", None, None),
    };
    make(py, "LoadError", (error.to_string(), kind, source, found, wanted))
}

pub(crate) fn pack(py: Python<'_>, source: &str, error: &PackError) -> PyErr {
    let diagnostics: Vec<_> = error
        .diagnostics()
        .iter()
        .map(|d| {
            let text = (d.message.as_str(), d.label.as_str(), d.help.as_str());
            let related = d.related.as_ref().map(|span| (span.start, span.end));
            (text, (d.line, d.column), (d.span.start, d.span.end), related)
        })
        .collect();
    make(py, "PackError", (error.to_string(), source, diagnostics))
}

pub(crate) fn pack_file(py: Python<'_>, source: &str, error: &PackFileError) -> PyErr {
    match error {
        PackFileError::Ruleset(error) => load(py, source, error),
        PackFileError::Pack(error) => pack(py, source, error),
        error => {
            let none = None::<usize>;
            make(
                py,
                "LoadError",
                (error.to_string(), "not-a-ruleset", source, none, none),
            )
        }
    }
}

pub(crate) fn version(
    py: Python<'_>,
    pickled: (&str, &str),
    here: (&str, &str),
) -> PyErr {
    make(py, "VersionError", (pickled, here))
}
