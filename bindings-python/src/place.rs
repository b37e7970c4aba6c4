//! `huoyan.Place`: how the score of a place came about.

use crate::data::Span;
use crate::text::slice;
use huoyan::{ExplainedPart, ExplainedPlace};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

/// A place where rules of one category fired, with the account of its score.
#[pyclass(frozen, module = "huoyan")]
pub(crate) struct Place {
    pub(crate) text: Py<PyString>,
    pub(crate) span: Span,
    #[pyo3(get)]
    pub(crate) category: &'static str,
    #[pyo3(get)]
    pub(crate) bias: f32,
    #[pyo3(get)]
    pub(crate) cut: f32,
    #[pyo3(get)]
    pub(crate) log_odds: f32,
    #[pyo3(get)]
    pub(crate) score: f32,
    #[pyo3(get)]
    pub(crate) flagged: bool,
    pub(crate) parts: Vec<PlacePart>,
}

/// What one rule added to a place.
#[pyclass(frozen, module = "huoyan", get_all)]
#[derive(Clone)]
pub(crate) struct PlacePart {
    pub(crate) rule: String,
    pub(crate) weight: f32,
    pub(crate) risk: f32,
}

impl Place {
    /// A place of a text, with its span in bytes.
    pub(crate) fn new(text: Py<PyString>, place: ExplainedPlace) -> Place {
        let part = |part: ExplainedPart| PlacePart {
            rule: part.rule,
            weight: part.weight,
            risk: part.risk,
        };
        Place {
            text,
            span: Span::bytes(place.range),
            category: place.category.name(),
            bias: place.bias,
            cut: place.cut,
            log_odds: place.log_odds,
            score: place.score,
            flagged: place.flagged,
            parts: place.parts.into_iter().map(part).collect(),
        }
    }
}

#[pymethods]
impl Place {
    #[getter]
    fn start(&self) -> u32 {
        self.span.chars.0
    }

    #[getter]
    fn end(&self) -> u32 {
        self.span.chars.1
    }

    #[getter]
    fn span(&self) -> (u32, u32) {
        self.span.chars
    }

    #[getter]
    fn byte_span(&self) -> (u32, u32) {
        self.span.bytes
    }

    #[getter]
    fn text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        slice(py, &self.text, self.span.chars)
    }

    #[getter]
    fn parts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.parts.iter().cloned())
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("category", self.category)?;
        dict.set_item("score", self.score)?;
        dict.set_item("flagged", self.flagged)?;
        dict.set_item("start", self.span.chars.0)?;
        dict.set_item("end", self.span.chars.1)?;
        dict.set_item("byte_span", self.span.bytes)?;
        dict.set_item("text", self.text(py)?)?;
        dict.set_item("bias", self.bias)?;
        let parts = PyList::empty(py);
        for part in &self.parts {
            parts.append(part.to_dict(py)?)?;
        }
        dict.set_item("parts", parts)?;
        dict.set_item("cut", self.cut)?;
        dict.set_item("log_odds", self.log_odds)?;
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        let flagged = if self.flagged { ", flagged" } else { "" };
        let (start, end) = self.span.chars;
        format!(
            "<Place {} score {:.0}{flagged} at {start}:{end}>",
            self.category, self.score
        )
    }
}

#[pymethods]
impl PlacePart {
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("rule", &self.rule)?;
        dict.set_item("weight", self.weight)?;
        dict.set_item("risk", self.risk)?;
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        format!("<PlacePart {} {:+.2} risk {:+.2}>", self.rule, self.weight, self.risk)
    }
}
