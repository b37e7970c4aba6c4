//! `huoyan.Explanation`: everything that a scan saw.

use crate::data::{Disguises, Span, VerdictData, count_code_points};
use crate::html;
use crate::place::Place;
use crate::text::{Text, slice};
use crate::verdict::{Verdict, with_text};
use huoyan::NearReason;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString, PyTuple};

/// Everything that a scan of one text saw.
#[pyclass(frozen, module = "huoyan", get_all)]
pub(crate) struct Explanation {
    /// The text after folding.
    folded: String,
    /// What the text comes to.
    verdict: Py<Verdict>,
    /// Score from which a finding counts.
    threshold: f32,
    /// Every hit, whether or not a rule used it.
    hits: Py<PyTuple>,
    /// Rules that fired, each as often as it did.
    fired: Py<PyTuple>,
    /// Rules that nearly fired, with what kept them from it.
    near_misses: Py<PyTuple>,
    /// How the score of each place came about, whether or not it counts.
    places: Py<PyTuple>,
    /// Whether a limit cut what is told.
    truncated: bool,
}

/// A concept seen at a span, whether or not a rule used it.
#[pyclass(frozen, module = "huoyan")]
pub(crate) struct Hit {
    text: Py<PyString>,
    pub(crate) span: Span,
    /// The concept's name.
    #[pyo3(get)]
    pub(crate) concept: String,
    /// The plain spelling, or what the pattern read.
    #[pyo3(get)]
    pub(crate) means: String,
    /// What they cost, in log-odds.
    #[pyo3(get)]
    pub(crate) risk: f32,
    pub(crate) disguises: Disguises,
}

/// A rule that fired.
#[pyclass(frozen, module = "huoyan")]
pub(crate) struct FiredRule {
    text: Py<PyString>,
    span: Span,
    /// The rule's name.
    #[pyo3(get)]
    pub(crate) rule: String,
    /// The category that it speaks for.
    #[pyo3(get)]
    pub(crate) category: &'static str,
    /// What it adds, in log-odds.
    #[pyo3(get)]
    pub(crate) weight: f32,
}

/// A rule that nearly fired.
#[pyclass(frozen, module = "huoyan")]
pub(crate) struct NearMiss {
    /// The rule's name.
    #[pyo3(get)]
    pub(crate) rule: String,
    /// The category that it speaks for.
    #[pyo3(get)]
    pub(crate) category: &'static str,
    /// What kept it from firing, for people: `lacks account`.
    #[pyo3(get)]
    pub(crate) reason: String,
    /// What kept it from firing.
    ///
    /// `lacks`: its one of `concepts` was not seen. `lacks-any`: none of `concepts`
    /// was, and one of them is needed. `apart`: its concepts were seen further apart
    /// than `within`. `forbidden`: the one of `concepts` must not be near.
    #[pyo3(get)]
    kind: &'static str,
    /// The concepts that are missing, or the one that must not be near.
    concepts: Vec<String>,
    /// How many symbols its concepts may be apart, for `apart`.
    #[pyo3(get)]
    within: Option<u16>,
}

impl NearMiss {
    fn new(miss: huoyan::NearMiss) -> NearMiss {
        let reason = miss.reason.to_string();
        let (kind, concepts, within) = match miss.reason {
            NearReason::Lacks(concept) => ("lacks", vec![concept], None),
            NearReason::LacksAny(concepts) => ("lacks-any", concepts, None),
            NearReason::Apart(within) => ("apart", Vec::new(), Some(within)),
            NearReason::Forbidden(concept) => ("forbidden", vec![concept], None),
            _ => ("other", Vec::new(), None),
        };
        let huoyan::NearMiss { rule, category, .. } = miss;
        NearMiss { rule, category, reason, kind, concepts, within }
    }
}

impl Explanation {
    pub(crate) fn new(
        py: Python<'_>,
        text: Text,
        (explained, data): (huoyan::Explanation, VerdictData),
        threshold: f32,
    ) -> PyResult<Explanation> {
        let mut hits: Vec<Hit> = explained
            .hits
            .into_iter()
            .map(|hit| Hit {
                text: text.object(py),
                span: Span::bytes(hit.range),
                concept: hit.concept,
                means: hit.means,
                risk: hit.risk,
                disguises: Disguises::of(hit.disguises),
            })
            .collect();
        let mut fired: Vec<FiredRule> = explained
            .fired
            .into_iter()
            .map(|rule| FiredRule {
                text: text.object(py),
                span: Span::bytes(rule.range),
                rule: rule.rule,
                category: rule.category,
                weight: rule.weight,
            })
            .collect();
        let places = explained.places.into_iter();
        let mut places: Vec<Place> =
            places.map(|place| Place::new(text.object(py), place)).collect();
        let spans = hits.iter_mut().map(|hit| &mut hit.span);
        let spans = spans.chain(fired.iter_mut().map(|rule| &mut rule.span));
        let spans = spans.chain(places.iter_mut().map(|place| &mut place.span));
        count_code_points(text.as_str().as_bytes(), spans.collect());
        let near_misses = explained.near_misses.into_iter().map(NearMiss::new);
        Ok(Explanation {
            folded: explained.folded,
            verdict: Py::new(py, with_text(py, text, data))?,
            threshold,
            hits: PyTuple::new(py, hits)?.unbind(),
            fired: PyTuple::new(py, fired)?.unbind(),
            near_misses: PyTuple::new(py, near_misses.collect::<Vec<_>>())?.unbind(),
            places: PyTuple::new(py, places)?.unbind(),
            truncated: explained.truncated,
        })
    }

    /// The items of one of the tuples.
    fn each<'py, T: pyo3::PyClass>(
        py: Python<'py>,
        tuple: &Py<PyTuple>,
    ) -> PyResult<Vec<Bound<'py, T>>> {
        let items = tuple.bind(py).iter();
        items.map(|item| Ok(item.cast_into::<T>()?)).collect()
    }
}

#[pymethods]
impl Explanation {
    /// The text that was scanned.
    #[getter]
    fn text(&self, py: Python<'_>) -> Py<PyString> {
        self.verdict.get().text.clone_ref(py)
    }

    /// The explanation as plain data.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("verdict", self.verdict.get().to_dict(py)?)?;
        dict.set_item("folded", &self.folded)?;
        dict.set_item("threshold", self.threshold)?;
        let lists = [
            ("hits", &self.hits),
            ("fired", &self.fired),
            ("near_misses", &self.near_misses),
            ("places", &self.places),
        ];
        for (name, tuple) in lists {
            let list = PyList::empty(py);
            for item in tuple.bind(py).iter() {
                list.append(item.call_method0("to_dict")?)?;
            }
            dict.set_item(name, list)?;
        }
        dict.set_item("truncated", self.truncated)?;
        Ok(dict)
    }

    fn _repr_html_(&self, py: Python<'_>) -> PyResult<String> {
        let verdict = self.verdict.get();
        let text = verdict.text.bind(py).to_string_lossy().into_owned();
        let hits = Self::each::<Hit>(py, &self.hits)?;
        let fired = Self::each::<FiredRule>(py, &self.fired)?;
        let misses = Self::each::<NearMiss>(py, &self.near_misses)?;
        let places = Self::each::<Place>(py, &self.places)?;
        Ok(html::explanation(&html::Explained {
            text: &text,
            folded: &self.folded,
            threshold: self.threshold,
            score: verdict.score,
            verdict: verdict.data(),
            hits: hits.iter().map(|hit| hit.get()).collect(),
            fired: fired.iter().map(|rule| rule.get()).collect(),
            near_misses: misses.iter().map(|miss| miss.get()).collect(),
            places: places.iter().map(|place| place.get()).collect(),
        }))
    }

    fn __repr__(&self, py: Python<'_>) -> String {
        let count = |tuple: &Py<PyTuple>| tuple.bind(py).len();
        let verdict = self.verdict.get();
        format!(
            "<Explanation score {} of {:.0}: {} hits, {} rules fired, {} nearly>",
            huoyan::shown_score(verdict.score, verdict.data().category.is_some()),
            self.threshold,
            count(&self.hits),
            count(&self.fired),
            count(&self.near_misses),
        )
    }
}

#[pymethods]
impl Hit {
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

    /// The place as it is written.
    #[getter]
    fn text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        slice(py, &self.text, self.span.chars)
    }

    /// The kinds of disguise that it wore.
    #[getter]
    fn disguises<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.disguises.names().collect::<Vec<_>>())
    }

    /// The hit as plain data.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("concept", &self.concept)?;
        dict.set_item("start", self.span.chars.0)?;
        dict.set_item("end", self.span.chars.1)?;
        dict.set_item("byte_span", self.span.bytes)?;
        dict.set_item("text", self.text(py)?)?;
        dict.set_item("means", &self.means)?;
        dict.set_item("disguises", self.disguises.names().collect::<Vec<_>>())?;
        dict.set_item("risk", self.risk)?;
        Ok(dict)
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let text = self.text(py)?.repr()?;
        let means = PyString::new(py, &self.means).repr()?;
        let (text, means) = (text.to_string_lossy(), means.to_string_lossy());
        let (start, end) = self.span.chars;
        Ok(format!("<Hit {}: {text} reads {means} at {start}:{end}>", self.concept))
    }
}

#[pymethods]
impl FiredRule {
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

    /// From the first to the last hit, as it is written.
    #[getter]
    fn text<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        slice(py, &self.text, self.span.chars)
    }

    /// The rule as plain data.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("rule", &self.rule)?;
        dict.set_item("category", self.category)?;
        dict.set_item("weight", self.weight)?;
        dict.set_item("start", self.span.chars.0)?;
        dict.set_item("end", self.span.chars.1)?;
        dict.set_item("byte_span", self.span.bytes)?;
        dict.set_item("text", self.text(py)?)?;
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        format!("<FiredRule {} {} {:+.2}>", self.rule, self.category, self.weight)
    }
}

#[pymethods]
impl NearMiss {
    /// The concepts that were missing, or must not be near; none for `apart`.
    #[getter]
    fn concepts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, &self.concepts)
    }

    /// The rule as plain data.
    fn to_dict<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let dict = PyDict::new(py);
        dict.set_item("rule", &self.rule)?;
        dict.set_item("category", self.category)?;
        dict.set_item("reason", &self.reason)?;
        dict.set_item("kind", self.kind)?;
        dict.set_item("concepts", &self.concepts)?;
        dict.set_item("within", self.within)?;
        Ok(dict)
    }

    fn __repr__(&self) -> String {
        format!("<NearMiss {} {}: {}>", self.rule, self.category, self.reason)
    }
}
