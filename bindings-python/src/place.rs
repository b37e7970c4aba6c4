//! `huoyan.Place`: how the score of a place came about.

use crate::data::Span;
use crate::text::slice;
use huoyan::{ExplainedPart, ExplainedPlace};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

/// A place where rules of one category fired, with the account of its score.
///
/// `bias`, the weight and risk of each of the `parts`, and `cut` add up to
/// `log_odds`.
#[pyclass(frozen, module = "huoyan")]
pub(crate) struct Place {
    text: Py<PyString>,
    pub(crate) span: Span,
    pub(crate) place: ExplainedPlace,
}

/// What one rule added to a place.
#[pyclass(frozen, module = "huoyan", get_all)]
pub(crate) struct PlacePart {
    /// The rule's name.
    rule: String,
    /// Its weight, in log-odds.
    weight: f32,
    /// What the disguises of its evidence cost; what several use is paid once.
    risk: f32,
}

impl PlacePart {
    fn new(part: &ExplainedPart) -> PlacePart {
        PlacePart { rule: part.rule.clone(), weight: part.weight, risk: part.risk }
    }
}

impl Place {
    /// A place of a text, with its span in bytes.
    pub(crate) fn new(text: Py<PyString>, place: ExplainedPlace) -> Place {
        Place { text, span: Span::bytes(place.range.clone()), place }
    }
}

#[pymethods]
impl Place {
    /// The category of the rules.
    #[getter]
    fn category(&self) -> &'static str {
        self.place.category.name()
    }

    /// The log-odds that every place starts with.
    #[getter]
    fn bias(&self) -> f32 {
        self.place.bias
    }

    /// What saturation took from what the rules gained, zero or less.
    #[getter]
    fn cut(&self) -> f32 {
        self.place.cut
    }

    /// The sum.
    #[getter]
    fn log_odds(&self) -> f32 {
        self.place.log_odds
    }

    /// The log-odds as a score, 0 to 100.
    #[getter]
    fn score(&self) -> f32 {
        self.place.score
    }

    /// Whether the score reaches the threshold.
    #[getter]
    fn flagged(&self) -> bool {
        self.place.flagged
    }

    /// First code point.
    #[getter]
    fn start(&self) -> u32 {
        self.span.chars.0
    }

    /// End, exclusive, in code points.
    #[getter]
    fn end(&self) -> u32 {
        self.span.chars.1
    }

    /// `(start, end)`.
    #[getter]
    fn span(&self) -> (u32, u32) {
        self.span.chars
    }

    /// The span in bytes of the text's UTF-8, end exclusive.
    #[getter]
    fn byte_span(&self) -> (u32, u32) {
        self.span.bytes
    }

    /// From the first to the last piece of evidence, as it is written.
    #[getter]
    fn text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        slice(py, &self.text, self.span.chars)
    }

    /// What each rule added, those that speak for the category first.
    #[getter]
    fn parts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.place.parts.iter().map(PlacePart::new))
    }

    /// The place as plain data.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("category", self.category())?;
        dict.set_item("score", self.place.score)?;
        dict.set_item("flagged", self.place.flagged)?;
        dict.set_item("start", self.span.chars.0)?;
        dict.set_item("end", self.span.chars.1)?;
        dict.set_item("byte_span", self.span.bytes)?;
        dict.set_item("text", self.text(py)?)?;
        dict.set_item("bias", self.place.bias)?;
        let parts = PyList::empty(py);
        for part in &self.place.parts {
            parts.append(PlacePart::new(part).to_dict(py)?)?;
        }
        dict.set_item("parts", parts)?;
        dict.set_item("cut", self.place.cut)?;
        dict.set_item("log_odds", self.place.log_odds)?;
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        let flagged = if self.place.flagged { ", flagged" } else { "" };
        let (start, end) = self.span.chars;
        format!(
            "<Place {} score {}{flagged} at {start}:{end}>",
            self.category(),
            huoyan::shown_score(self.place.score, self.place.flagged)
        )
    }
}

#[pymethods]
impl PlacePart {
    /// The part as plain data.
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
