//! What stands in a list for a text that is not there.

use pyo3::prelude::*;
use pyo3::types::PyString;

/// Whether an object means that there is no text: `None`, what is not equal to itself,
/// as NaN of any type and `pandas.NaT`, and `pandas.NA`. That one is known by its name:
/// who has none of it should not wait until pandas is imported.
pub(crate) fn is_missing(object: &Bound<'_, PyAny>) -> bool {
    // Of an array neither is true or false.
    if object.is_none() || object.ne(object).unwrap_or(false) {
        return true;
    }
    let kind = object.get_type();
    let is_named = |name: &str| kind.name().is_ok_and(|found| found == name);
    is_named("NAType") && kind.module().is_ok_and(|module| is_of_pandas(&module))
}

/// Where the class is has changed between versions of pandas.
fn is_of_pandas(module: &Bound<'_, PyString>) -> bool {
    module.to_str().is_ok_and(|module| module.split('.').next() == Some("pandas"))
}
