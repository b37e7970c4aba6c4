//! `huoyan.Verdict`.

use crate::data::{Details, VerdictData};
use crate::html;
use crate::parts::{self, Contact, Evidence, Finding};
use crate::text::Text;
use huoyan::Category;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyString, PyTuple};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

/// What a text comes to.
///
/// `bool(verdict)` is `verdict.flagged`. A verdict that is not flagged is false, as the
/// `None` of a missing text is: `verdict is None` tells them apart.
#[pyclass(frozen, module = "huoyan")]
pub(crate) struct Verdict {
    pub(crate) text: Py<PyString>,
    pub(crate) score: f32,
    pub(crate) details: Option<Arc<Details>>,
}

static NOTHING: Details = Details {
    category: None,
    platforms: Vec::new(),
    findings: Vec::new(),
    contacts: Vec::new(),
    attributes: Vec::new(),
    truncated: false,
};

impl Verdict {
    pub(crate) fn new(text: Py<PyString>, data: VerdictData) -> Verdict {
        Verdict { text, score: data.score, details: data.details }
    }

    pub(crate) fn data(&self) -> &Details {
        self.details.as_deref().unwrap_or(&NOTHING)
    }

    pub(crate) fn finding(&self, py: Python<'_>, place: usize) -> Option<Finding> {
        let details = self.details.as_ref()?;
        details.findings.get(place)?;
        Some(Finding { text: self.text.clone_ref(py), details: details.clone(), place })
    }

    pub(crate) fn contact(&self, py: Python<'_>, place: usize) -> Option<Contact> {
        let details = self.details.as_ref()?;
        details.contacts.get(place)?;
        Some(Contact { text: self.text.clone_ref(py), details: details.clone(), place })
    }

    /// A verdict again, from a part of it.
    pub(crate) fn around(
        py: Python<'_>,
        text: &Py<PyString>,
        details: &Arc<Details>,
    ) -> Verdict {
        let text = text.clone_ref(py);
        Verdict { text, score: 0.0, details: Some(details.clone()) }
    }
}

#[pymethods]
impl Verdict {
    /// The text that was scanned.
    #[getter]
    fn text(&self, py: Python<'_>) -> Py<PyString> {
        self.text.clone_ref(py)
    }

    /// The highest score of any place, 0 to 100, whether or not it counts.
    #[getter]
    fn score(&self) -> f32 {
        self.score
    }

    /// Whether any finding reaches the threshold.
    #[getter]
    fn flagged(&self) -> bool {
        !self.data().findings.is_empty()
    }

    /// The category of the finding with the highest score.
    #[getter]
    fn category(&self) -> Option<&'static str> {
        self.data().category.map(Category::name)
    }

    /// Every platform that the text names, flagged or not.
    #[getter]
    fn platforms<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        parts::strings(py, &self.data().platforms)
    }

    /// The findings that reach the threshold, in the order of the text.
    #[getter]
    fn findings<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let places = 0..self.data().findings.len();
        let findings: Vec<Finding> =
            places.filter_map(|place| self.finding(py, place)).collect();
        PyTuple::new(py, findings)
    }

    /// The identifiers that the text gives, in its order.
    #[getter]
    fn contacts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let places = 0..self.data().contacts.len();
        let contacts: Vec<Contact> =
            places.filter_map(|place| self.contact(py, place)).collect();
        PyTuple::new(py, contacts)
    }

    /// What is said of the offer, with its values; none where a word alone tells.
    #[getter]
    fn attributes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let attributes = PyDict::new(py);
        for (name, values) in self.data().attributes() {
            attributes.set_item(name, PyTuple::new(py, values)?)?;
        }
        Ok(attributes)
    }

    /// Whether a limit cut the result.
    #[getter]
    fn truncated(&self) -> bool {
        self.data().truncated
    }

    /// The verdict as plain data, by the names of the JSON output.
    pub(crate) fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let data = self.data();
        let dict = PyDict::new(py);
        dict.set_item("text", &self.text)?;
        dict.set_item("flagged", self.flagged())?;
        dict.set_item("score", self.score)?;
        dict.set_item("category", self.category())?;
        let platforms = data.platforms.iter().map(|name| &**name);
        dict.set_item("platforms", PyList::new(py, platforms.collect::<Vec<_>>())?)?;
        let findings = PyList::empty(py);
        for place in 0..data.findings.len() {
            if let Some(finding) = self.finding(py, place) {
                findings.append(finding.to_dict(py)?)?;
            }
        }
        dict.set_item("findings", findings)?;
        let contacts = PyList::empty(py);
        for place in 0..data.contacts.len() {
            if let Some(contact) = self.contact(py, place) {
                contacts.append(contact.to_dict(py)?)?;
            }
        }
        dict.set_item("contacts", contacts)?;
        let attributes = PyDict::new(py);
        for (name, values) in data.attributes() {
            match values.is_empty() {
                true => attributes.set_item(name, true)?,
                false => attributes.set_item(name, PyList::new(py, values)?)?,
            }
        }
        dict.set_item("attributes", attributes)?;
        dict.set_item("truncated", data.truncated)?;
        Ok(dict)
    }

    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        let text = self.text.bind(py).to_string_lossy().into_owned();
        Ok(html::verdict(&text, self.score, self.data()))
    }

    fn __repr__(&self) -> String {
        let data = self.data();
        let score = huoyan::shown_score(self.score, data.category.is_some());
        let mut shown = match data.category {
            Some(category) => format!("<Verdict {category} {score}"),
            None => format!("<Verdict not flagged, score {score}"),
        };
        let mut count = |number: usize, what: &str| match number {
            0 => {}
            1 => shown += &format!(", 1 {what}"),
            _ => shown += &format!(", {number} {what}s"),
        };
        count(data.findings.len(), "finding");
        count(data.contacts.len(), "contact");
        shown + ">"
    }

    fn __bool__(&self) -> bool {
        self.flagged()
    }

    fn __eq__(&self, py: Python<'_>, other: &Verdict) -> PyResult<bool> {
        Ok(self.score == other.score
            && self.data() == other.data()
            && self.text.bind(py).as_any().eq(other.text.bind(py))?)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<u64> {
        let mut hasher = DefaultHasher::new();
        self.text.bind(py).hash()?.hash(&mut hasher);
        self.score.to_bits().hash(&mut hasher);
        Ok(hasher.finish())
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let function = native(py, "restore_verdict")?;
        let state = (self.score, self.details.as_deref());
        let state = serde_json::to_vec(&state)
            .map_err(|error| PyValueError::new_err(error.to_string()))?;
        let arguments = (self.text.clone_ref(py), PyBytes::new(py, &state));
        (function, arguments).into_pyobject(py)
    }
}

/// A function of this module, for pickles.
pub(crate) fn native<'py>(py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import("huoyan._native")?.getattr(name)
}

/// A verdict from its pickled state.
#[pyfunction]
pub(crate) fn restore_verdict(text: Py<PyString>, state: &[u8]) -> PyResult<Verdict> {
    let (score, details): (f32, Option<Details>) = serde_json::from_slice(state)
        .map_err(|error| PyValueError::new_err(format!("not a verdict: {error}")))?;
    Ok(Verdict { text, score, details: details.map(Arc::new) })
}

/// The finding, evidence or contact of a verdict at a place.
#[pyfunction]
pub(crate) fn restore_part(
    py: Python<'_>,
    verdict: &Verdict,
    kind: &str,
    place: usize,
    within: usize,
) -> PyResult<Py<PyAny>> {
    let gone = || PyValueError::new_err(format!("the verdict has no such {kind}"));
    match kind {
        "finding" => {
            let finding = verdict.finding(py, place).ok_or_else(gone)?;
            Ok(Py::new(py, finding)?.into_any())
        }
        "evidence" => {
            let finding = verdict.finding(py, place).ok_or_else(gone)?;
            let evidence = Evidence::of(py, &finding, within).ok_or_else(gone)?;
            Ok(Py::new(py, evidence)?.into_any())
        }
        _ => {
            let contact = verdict.contact(py, place).ok_or_else(gone)?;
            Ok(Py::new(py, contact)?.into_any())
        }
    }
}

/// Scans a text with this thread's scratch.
pub(crate) fn scan(ruleset: &huoyan::Ruleset<'_>, text: &str) -> VerdictData {
    crate::scratch::with_scratch(ruleset, |scratch| {
        VerdictData::of(&ruleset.scan(scratch, text), text.as_bytes())
    })
}

/// The verdict on a text, with the text as Python has it.
pub(crate) fn with_text(py: Python<'_>, text: Text, data: VerdictData) -> Verdict {
    Verdict::new(text.into_object(py), data)
}
