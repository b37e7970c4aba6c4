//! Python strings as UTF-8, and what to do with those that have no UTF-8.

use crate::errors;
use pyo3::exceptions::{PyUnicodeEncodeError, PyValueError};
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedStr;
use pyo3::types::{PyBytes, PySlice, PyString};
use std::borrow::Cow;

/// What to do with a string that holds halves of surrogate pairs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Surrogates {
    /// Raise `TextError`.
    #[default]
    Strict,
    /// Read each as U+FFFD. Positions stay as they are.
    Replace,
    /// Raise `TextError` where the caller has no `errors` to choose.
    Never,
}

impl FromPyObject<'_, '_> for Surrogates {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Surrogates> {
        let name: Cow<'_, str> = object.extract()?;
        match name.as_ref() {
            "strict" => Ok(Surrogates::Strict),
            "replace" => Ok(Surrogates::Replace),
            other => Err(PyValueError::new_err(format!(
                "errors must be 'strict' or 'replace', not {other:?}"
            ))),
        }
    }
}

/// A Python string with its UTF-8, usable without the interpreter.
pub(crate) enum Text {
    Whole(PyBackedStr),
    /// The original, and its UTF-8 with U+FFFD for what has none.
    Replaced(Py<PyString>, String),
}

impl Text {
    /// `place` is the string's index in a list, for the error.
    pub(crate) fn new(
        object: Bound<'_, PyString>,
        surrogates: Surrogates,
        place: Option<usize>,
    ) -> PyResult<Text> {
        let Err(error) = object.to_str() else {
            return PyBackedStr::try_from(object).map(Text::Whole);
        };
        let py = object.py();
        if !error.is_instance_of::<PyUnicodeEncodeError>(py) {
            return Err(error);
        }
        let encoded = object.call_method1("encode", ("utf-8", "surrogatepass"))?;
        let bytes = encoded.cast::<PyBytes>()?.as_bytes();
        match surrogates {
            Surrogates::Strict => Err(surrogate_error(py, bytes, place, true)),
            Surrogates::Never => Err(surrogate_error(py, bytes, place, false)),
            Surrogates::Replace => Ok(Text::Replaced(object.unbind(), replaced(bytes))),
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        match self {
            Text::Whole(text) => text,
            Text::Replaced(_, text) => text,
        }
    }

    /// The string as Python has it, without counting another reference.
    pub(crate) fn into_object(self, py: Python<'_>) -> Py<PyString> {
        match self {
            Text::Whole(text) => match text.into_pyobject(py) {
                Ok(object) => object.unbind(),
            },
            Text::Replaced(object, _) => object,
        }
    }

    /// The string as Python has it.
    pub(crate) fn object(&self, py: Python<'_>) -> Py<PyString> {
        match self {
            Text::Whole(text) => text.as_py_str().clone_ref(py),
            Text::Replaced(object, _) => object.clone_ref(py),
        }
    }
}

/// The code points `start..end` of a string.
pub(crate) fn slice<'py>(
    py: Python<'py>,
    text: &Py<PyString>,
    (start, end): (u32, u32),
) -> PyResult<Bound<'py, PyAny>> {
    let slice = PySlice::new(py, start as isize, end as isize, 1);
    text.bind(py).as_any().get_item(slice)
}

/// Where UTF-8 that was written with `surrogatepass` has the first surrogate.
fn surrogate(bytes: &[u8]) -> Option<usize> {
    bytes.windows(2).position(|pair| pair[0] == 0xED && pair[1] >= 0xA0)
}

/// Each surrogate is three bytes, as U+FFFD is: no offset changes.
fn replaced(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some(at) = surrogate(rest) {
        text.push_str(&String::from_utf8_lossy(&rest[..at]));
        text.push('\u{FFFD}');
        rest = rest.get(at + 3..).unwrap_or_default();
    }
    text.push_str(&String::from_utf8_lossy(rest));
    text
}

fn surrogate_error(
    py: Python<'_>,
    bytes: &[u8],
    place: Option<usize>,
    replaceable: bool,
) -> PyErr {
    let at = surrogate(bytes).unwrap_or(0);
    let position = bytes[..at].iter().filter(|byte| is_start(**byte)).count();
    let byte = |n: usize| u32::from(bytes.get(at + n).copied().unwrap_or_default());
    let code_point = 0xD000 | (byte(1) & 0x3F) << 6 | byte(2) & 0x3F;
    errors::text(py, (position, code_point), place, replaceable)
}

/// Whether a byte of UTF-8 begins a code point.
pub(crate) fn is_start(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}
