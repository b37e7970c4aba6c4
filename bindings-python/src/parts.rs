//! Parts of verdicts: `huoyan.Finding`, `Evidence` and `Contact`. Each keeps
//! its verdict's data and knows its place there.

use crate::data::{ContactData, Details, EvidenceData, FindingData, Span};
use crate::text::slice;
use crate::verdict::{Verdict, native};
use huoyan::Category;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// A place in a text where rules of one category fired.
#[pyclass(frozen, module = "huoyan")]
pub(crate) struct Finding {
    pub(crate) text: Py<PyString>,
    pub(crate) details: Arc<Details>,
    pub(crate) place: usize,
}

/// A concept seen at a span of a text.
#[pyclass(frozen, module = "huoyan")]
pub(crate) struct Evidence {
    text: Py<PyString>,
    details: Arc<Details>,
    finding: usize,
    place: usize,
}

/// An account identifier that a text gives.
#[pyclass(frozen, module = "huoyan")]
pub(crate) struct Contact {
    pub(crate) text: Py<PyString>,
    pub(crate) details: Arc<Details>,
    pub(crate) place: usize,
}

/// Strings as a tuple.
pub(crate) fn strings<'py>(
    py: Python<'py>,
    strings: &[Box<str>],
) -> PyResult<Bound<'py, PyTuple>> {
    PyTuple::new(py, strings.iter().map(|string| &**string).collect::<Vec<_>>())
}

/// The entries that every part has.
fn span_dict<'py>(
    py: Python<'py>,
    text: &Py<PyString>,
    span: Span,
) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("start", span.chars.0)?;
    dict.set_item("end", span.chars.1)?;
    dict.set_item("byte_span", span.bytes)?;
    dict.set_item("text", slice(py, text, span.chars)?)?;
    Ok(dict)
}

/// `repr` of a span's text.
fn shown(py: Python<'_>, text: &Py<PyString>, span: Span) -> PyResult<String> {
    Ok(slice(py, text, span.chars)?.repr()?.to_string_lossy().into_owned())
}

fn hash_span(
    py: Python<'_>,
    text: &Py<PyString>,
    span: Span,
    more: &str,
) -> PyResult<u64> {
    let mut hasher = DefaultHasher::new();
    (span, more).hash(&mut hasher);
    slice(py, text, span.chars)?.hash()?.hash(&mut hasher);
    Ok(hasher.finish())
}

/// A part as a call that makes it again, for pickles.
fn reduce<'py>(
    py: Python<'py>,
    (text, details): (&Py<PyString>, &Arc<Details>),
    kind: &str,
    place: usize,
    within: usize,
) -> PyResult<Bound<'py, PyTuple>> {
    let verdict = Verdict::around(py, text, details);
    let arguments = (verdict, kind, place, within);
    (native(py, "restore_part")?, arguments).into_pyobject(py)
}

/// Never happens: places are checked when a part is made.
fn gone() -> PyErr {
    PyRuntimeError::new_err("the verdict has no such part")
}

impl Finding {
    fn data(&self) -> PyResult<&FindingData> {
        self.details.findings.get(self.place).ok_or_else(gone)
    }

    pub(crate) fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let data = self.data()?;
        let dict = PyDict::new(py);
        dict.set_item("category", self.category()?)?;
        dict.set_item("score", data.score)?;
        dict.update(span_dict(py, &self.text, data.span)?.as_mapping())?;
        let rules = data.rules.iter().map(|rule| &**rule).collect::<Vec<_>>();
        dict.set_item("rules", PyList::new(py, rules)?)?;
        let evidence = PyList::empty(py);
        for place in 0..data.evidence.len() {
            if let Some(part) = Evidence::of(py, self, place) {
                evidence.append(part.to_dict(py)?)?;
            }
        }
        dict.set_item("evidence", evidence)?;
        Ok(dict)
    }
}

#[pymethods]
impl Finding {
    /// What is offered.
    #[getter]
    fn category(&self) -> PyResult<Option<&'static str>> {
        Ok(self.data()?.category.map(Category::name))
    }

    /// The score of the place, 0 to 100.
    #[getter]
    fn score(&self) -> PyResult<f32> {
        Ok(self.data()?.score)
    }

    /// First code point.
    #[getter]
    fn start(&self) -> PyResult<u32> {
        Ok(self.data()?.span.chars.0)
    }

    /// End, exclusive, in code points: `verdict.text[start:end] == text`.
    #[getter]
    fn end(&self) -> PyResult<u32> {
        Ok(self.data()?.span.chars.1)
    }

    /// `(start, end)`.
    #[getter]
    fn span(&self) -> PyResult<(u32, u32)> {
        Ok(self.data()?.span.chars)
    }

    /// The span in bytes of the text's UTF-8, end exclusive.
    #[getter]
    fn byte_span(&self) -> PyResult<(u32, u32)> {
        Ok(self.data()?.span.bytes)
    }

    /// The place as it is written.
    #[getter]
    fn text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        slice(py, &self.text, self.data()?.span.chars)
    }

    /// The rules that fired, the strongest first.
    #[getter]
    fn rules<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        strings(py, &self.data()?.rules)
    }

    /// The concepts seen, in the order of the text.
    #[getter]
    fn evidence<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let places = 0..self.data()?.evidence.len();
        let evidence: Vec<Evidence> =
            places.filter_map(|place| Evidence::of(py, self, place)).collect();
        PyTuple::new(py, evidence)
    }

    /// The finding as plain data.
    #[pyo3(name = "to_dict")]
    fn py_to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.to_dict(py)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let data = self.data()?;
        let category = data.category.map_or("", Category::name);
        let text = shown(py, &self.text, data.span)?;
        let (start, end) = data.span.chars;
        let score = huoyan::shown_score(data.score, true);
        Ok(format!("<Finding {category} {score}: {text} at {start}:{end}>"))
    }

    fn __eq__(&self, py: Python<'_>, other: &Finding) -> PyResult<bool> {
        let (data, others) = (self.data()?, other.data()?);
        let texts = || self.text(py)?.eq(other.text(py)?);
        Ok(data == others && texts()?)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<u64> {
        let data = self.data()?;
        hash_span(py, &self.text, data.span, data.category.map_or("", Category::name))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        reduce(py, (&self.text, &self.details), "finding", self.place, 0)
    }
}

impl Evidence {
    pub(crate) fn of(
        py: Python<'_>,
        finding: &Finding,
        place: usize,
    ) -> Option<Evidence> {
        finding.data().ok()?.evidence.get(place)?;
        Some(Evidence {
            text: finding.text.clone_ref(py),
            details: finding.details.clone(),
            finding: finding.place,
            place,
        })
    }

    fn data(&self) -> PyResult<&EvidenceData> {
        let finding = self.details.findings.get(self.finding);
        finding.and_then(|finding| finding.evidence.get(self.place)).ok_or_else(gone)
    }

    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let data = self.data()?;
        let dict = PyDict::new(py);
        dict.set_item("concept", &*data.concept)?;
        dict.update(span_dict(py, &self.text, data.span)?.as_mapping())?;
        dict.set_item("means", &*data.means)?;
        let disguises = data.disguises.names().collect::<Vec<_>>();
        dict.set_item("disguises", PyList::new(py, disguises)?)?;
        Ok(dict)
    }
}

#[pymethods]
impl Evidence {
    /// The concept's name.
    #[getter]
    fn concept(&self) -> PyResult<&str> {
        Ok(&self.data()?.concept)
    }

    /// First code point.
    #[getter]
    fn start(&self) -> PyResult<u32> {
        Ok(self.data()?.span.chars.0)
    }

    /// End, exclusive, in code points.
    #[getter]
    fn end(&self) -> PyResult<u32> {
        Ok(self.data()?.span.chars.1)
    }

    /// `(start, end)`.
    #[getter]
    fn span(&self) -> PyResult<(u32, u32)> {
        Ok(self.data()?.span.chars)
    }

    /// The span in bytes of the text's UTF-8, end exclusive.
    #[getter]
    fn byte_span(&self) -> PyResult<(u32, u32)> {
        Ok(self.data()?.span.bytes)
    }

    /// The place as it is written.
    #[getter]
    fn text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        slice(py, &self.text, self.data()?.span.chars)
    }

    /// The plain spelling.
    #[getter]
    fn means(&self) -> PyResult<&str> {
        Ok(&self.data()?.means)
    }

    /// The kinds of disguise that it wore.
    #[getter]
    fn disguises<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.data()?.disguises.names().collect::<Vec<_>>())
    }

    /// The evidence as plain data.
    #[pyo3(name = "to_dict")]
    fn py_to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.to_dict(py)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let data = self.data()?;
        let text = shown(py, &self.text, data.span)?;
        let means = PyString::new(py, &data.means).repr()?;
        let means = means.to_string_lossy();
        let mut shown = format!("<Evidence {}: {text} reads {means}", data.concept);
        let disguises = data.disguises.names().collect::<Vec<_>>().join(", ");
        if !disguises.is_empty() {
            shown += &format!(" ({disguises})");
        }
        let (start, end) = data.span.chars;
        Ok(shown + &format!(" at {start}:{end}>"))
    }

    fn __eq__(&self, py: Python<'_>, other: &Evidence) -> PyResult<bool> {
        let texts = || self.text(py)?.eq(other.text(py)?);
        Ok(self.data()? == other.data()? && texts()?)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<u64> {
        let data = self.data()?;
        hash_span(py, &self.text, data.span, &data.concept)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        reduce(py, (&self.text, &self.details), "evidence", self.finding, self.place)
    }
}

impl Contact {
    fn data(&self) -> PyResult<&ContactData> {
        self.details.contacts.get(self.place).ok_or_else(gone)
    }

    pub(crate) fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let data = self.data()?;
        let dict = PyDict::new(py);
        dict.set_item("platform", &*data.platform)?;
        dict.set_item("value", &*data.value)?;
        dict.update(span_dict(py, &self.text, data.span)?.as_mapping())?;
        Ok(dict)
    }
}

#[pymethods]
impl Contact {
    /// A platform of the pack, `phone`, `url` or `unknown`.
    #[getter]
    fn platform(&self) -> PyResult<&str> {
        Ok(&self.data()?.platform)
    }

    /// The identifier undisguised.
    #[getter]
    fn value(&self) -> PyResult<&str> {
        Ok(&self.data()?.value)
    }

    /// First code point.
    #[getter]
    fn start(&self) -> PyResult<u32> {
        Ok(self.data()?.span.chars.0)
    }

    /// End, exclusive, in code points.
    #[getter]
    fn end(&self) -> PyResult<u32> {
        Ok(self.data()?.span.chars.1)
    }

    /// `(start, end)`.
    #[getter]
    fn span(&self) -> PyResult<(u32, u32)> {
        Ok(self.data()?.span.chars)
    }

    /// The span in bytes of the text's UTF-8, end exclusive.
    #[getter]
    fn byte_span(&self) -> PyResult<(u32, u32)> {
        Ok(self.data()?.span.bytes)
    }

    /// The identifier as it is written.
    #[getter]
    fn text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        slice(py, &self.text, self.data()?.span.chars)
    }

    /// The contact as plain data.
    #[pyo3(name = "to_dict")]
    fn py_to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        self.to_dict(py)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let data = self.data()?;
        let value = PyString::new(py, &data.value).repr()?;
        let (value, text) = (value.to_string_lossy(), shown(py, &self.text, data.span)?);
        let (start, end) = data.span.chars;
        let platform = &data.platform;
        Ok(format!("<Contact {platform} {value}, written {text} at {start}:{end}>"))
    }

    fn __eq__(&self, py: Python<'_>, other: &Contact) -> PyResult<bool> {
        let texts = || self.text(py)?.eq(other.text(py)?);
        Ok(self.data()? == other.data()? && texts()?)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<u64> {
        let data = self.data()?;
        hash_span(py, &self.text, data.span, &data.value)
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        reduce(py, (&self.text, &self.details), "contact", self.place, 0)
    }
}
