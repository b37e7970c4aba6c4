//! `huoyan.Ruleset`.

use crate::arrow::{self, Fields, VerdictArray};
use crate::batch::{self, NoCollection, Progress, Texts, Threads, Workers};
use crate::data::VerdictData;
use crate::errors;
use crate::explanation::Explanation;
use crate::lazy::{Chunk, VerdictIterator};
use crate::parts::strings;
use crate::scratch::with_scratch;
use crate::text::{Surrogates, Text};
use crate::verdict::{Verdict, native, scan, with_text};
use pyo3::basic::CompareOp;
use pyo3::exceptions::{PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyBytes, PyList, PyString, PyTuple, PyType};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::sync::Arc;

/// Texts longer than this, in bytes, are scanned without the interpreter.
const DETACH_BYTES: usize = 1 << 14;

/// A compiled pack: immutable, shared between threads.
///
/// Pickles by name and version if it is the built-in one, and by its bytes
/// otherwise.
#[pyclass(frozen, module = "huoyan", weakref)]
pub(crate) struct Ruleset {
    inner: Arc<huoyan::Ruleset<'static>>,
    /// The threshold of its pack.
    own_threshold: f32,
    /// Pickled by name, not by bytes.
    builtin: bool,
}

impl Ruleset {
    fn new(
        ruleset: huoyan::Ruleset<'static>,
        threshold: Option<f32>,
        builtin: bool,
    ) -> PyResult<Ruleset> {
        let own_threshold = ruleset.threshold();
        let ruleset = match threshold {
            Some(score) if (0.0..=100.0).contains(&score) => {
                ruleset.with_threshold(score)
            }
            Some(score) => {
                return Err(PyValueError::new_err(format!(
                    "threshold must be 0 to 100, not {score}"
                )));
            }
            None => ruleset,
        };
        Ok(Ruleset { inner: Arc::new(ruleset), own_threshold, builtin })
    }

    fn same(&self, other: &Ruleset) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
            || (self.inner.threshold() == other.inner.threshold()
                && self.inner.to_bytes() == other.inner.to_bytes())
    }

    /// Runs `work` on a text; without the interpreter if the text is long.
    fn on<T: Send>(
        &self,
        py: Python<'_>,
        text: &Text,
        work: impl FnOnce(&huoyan::Ruleset<'static>, &str) -> T + Send,
    ) -> T {
        let (ruleset, text) = (&*self.inner, text.as_str());
        match text.len() > DETACH_BYTES {
            true => py.detach(|| work(ruleset, text)),
            false => work(ruleset, text),
        }
    }
}

#[pymethods]
impl Ruleset {
    /// The built-in ruleset, `wechat-trade`.
    #[classmethod]
    #[pyo3(signature = (*, threshold = None))]
    fn builtin(_class: &Bound<'_, PyType>, threshold: Option<f32>) -> PyResult<Ruleset> {
        Ruleset::new(huoyan::Ruleset::builtin().clone(), threshold, true)
    }

    /// Compiles a pack from its TOML source; `name` is for error messages.
    ///
    /// Raises `PackError`.
    #[classmethod]
    #[pyo3(signature = (source, *, name = "pack.toml", threshold = None))]
    fn compile(
        class: &Bound<'_, PyType>,
        source: Bound<'_, PyString>,
        name: &str,
        threshold: Option<f32>,
    ) -> PyResult<Ruleset> {
        let py = class.py();
        let text = Text::new(source, Surrogates::Never, None)?;
        let compiled = py.detach(|| huoyan::Ruleset::compile_named(name, text.as_str()));
        let ruleset = compiled.map_err(|error| errors::pack(py, name, &error))?;
        Ruleset::new(ruleset, threshold, false)
    }

    /// Loads a file: a pack's TOML, or what `huoyan compile` made of it.
    ///
    /// Raises `OSError`, `PackError` or `LoadError`.
    #[classmethod]
    #[pyo3(signature = (path, *, threshold = None))]
    fn load(
        class: &Bound<'_, PyType>,
        path: PathBuf,
        threshold: Option<f32>,
    ) -> PyResult<Ruleset> {
        let py = class.py();
        let name = path.to_string_lossy().into_owned();
        let bytes = py.detach(|| std::fs::read(&path)).map_err(|error| {
            match error.raw_os_error() {
                // With the number Python chooses the class, FileNotFoundError …
                Some(number) => {
                    let message = error.to_string();
                    let ending = format!(" (os error {number})");
                    let message = message.strip_suffix(&ending).unwrap_or(&message);
                    PyOSError::new_err((number, message.to_owned(), name.clone()))
                }
                None => error.into(),
            }
        })?;
        let loaded = py.detach(|| huoyan::Ruleset::load(&name, bytes));
        let ruleset = loaded.map_err(|error| errors::pack_file(py, &name, &error))?;
        Ruleset::new(ruleset, threshold, false)
    }

    /// Loads what `to_bytes` gave. Raises `LoadError`; no bytes crash.
    #[classmethod]
    #[pyo3(signature = (data, *, threshold = None))]
    fn from_bytes(
        class: &Bound<'_, PyType>,
        data: &[u8],
        threshold: Option<f32>,
    ) -> PyResult<Ruleset> {
        let ruleset = huoyan::Ruleset::from_bytes(data.to_vec())
            .map_err(|error| errors::load(class.py(), "bytes", &error))?;
        Ruleset::new(ruleset, threshold, false)
    }

    /// The compiled ruleset, for a file or another machine.
    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, self.inner.to_bytes())
    }

    /// The same rules with another threshold, 0 to 100.
    fn with_threshold(&self, threshold: f32) -> PyResult<Ruleset> {
        let own = (*self.inner).clone().with_threshold(self.own_threshold);
        Ruleset::new(own, Some(threshold), self.builtin)
    }

    /// The pack's id.
    #[getter]
    fn id(&self) -> &str {
        self.inner.id()
    }

    /// The pack's version.
    #[getter]
    fn version(&self) -> &str {
        self.inner.version()
    }

    /// Score from which a finding counts, 0 to 100.
    #[getter]
    fn threshold(&self) -> f32 {
        self.inner.threshold()
    }

    /// The names of the concepts.
    #[getter]
    fn concepts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        strings(py, &self.inner.concepts().map(Box::from).collect::<Vec<_>>())
    }

    /// The names of the rules.
    #[getter]
    fn rules<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        strings(py, &self.inner.rules().map(Box::from).collect::<Vec<_>>())
    }

    /// The names of the platforms that texts may name.
    #[getter]
    fn platforms<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        strings(py, &self.inner.platforms().map(Box::from).collect::<Vec<_>>())
    }

    /// Scans one text.
    ///
    /// A lone surrogate in it raises `TextError`, or is read as U+FFFD with
    /// `errors="replace"`; positions stay those of `text`.
    #[pyo3(signature = (text, *, errors = Surrogates::Strict), text_signature = "($self, text, *, errors='strict')")]
    fn scan(
        &self,
        py: Python<'_>,
        text: Bound<'_, PyString>,
        errors: Surrogates,
    ) -> PyResult<Verdict> {
        let text = Text::new(text, errors, None)?;
        let data = self.on(py, &text, scan);
        Ok(with_text(py, text, data))
    }

    /// Whether any category reaches the threshold.
    #[pyo3(signature = (text, *, errors = Surrogates::Strict), text_signature = "($self, text, *, errors='strict')")]
    fn is_flagged(
        &self,
        py: Python<'_>,
        text: Bound<'_, PyString>,
        errors: Surrogates,
    ) -> PyResult<bool> {
        let text = Text::new(text, errors, None)?;
        Ok(self.on(py, &text, |ruleset, text| {
            with_scratch(ruleset, |scratch| ruleset.is_flagged(scratch, text))
        }))
    }

    /// The text as the rules see it: its plain form.
    #[pyo3(signature = (text, *, errors = Surrogates::Strict), text_signature = "($self, text, *, errors='strict')")]
    fn fold(
        &self,
        py: Python<'_>,
        text: Bound<'_, PyString>,
        errors: Surrogates,
    ) -> PyResult<String> {
        let text = Text::new(text, errors, None)?;
        Ok(self.on(py, &text, huoyan::Ruleset::fold))
    }

    /// The text with findings and contacts masked by `*`.
    ///
    /// However many there are, a scan of what comes out finds nothing that could
    /// still be masked.
    #[pyo3(signature = (text, *, errors = Surrogates::Strict), text_signature = "($self, text, *, errors='strict')")]
    fn mask(
        &self,
        py: Python<'_>,
        text: Bound<'_, PyString>,
        errors: Surrogates,
    ) -> PyResult<String> {
        let text = Text::new(text, errors, None)?;
        Ok(self.on(py, &text, |ruleset, text| {
            with_scratch(ruleset, |scratch| ruleset.mask(scratch, text))
        }))
    }

    /// Everything that a scan sees: for people, not for speed.
    #[pyo3(signature = (text, *, errors = Surrogates::Strict), text_signature = "($self, text, *, errors='strict')")]
    fn explain(
        &self,
        py: Python<'_>,
        text: Bound<'_, PyString>,
        errors: Surrogates,
    ) -> PyResult<Explanation> {
        let text = Text::new(text, errors, None)?;
        // An explanation reads all in full, where a scan stops when the threshold is
        // out of reach: its places do not tell the score of a verdict.
        let explained = self
            .on(py, &text, |ruleset, text| (ruleset.explain(text), scan(ruleset, text)));
        Explanation::new(py, text, explained, self.inner.threshold())
    }

    /// Scans a list of texts, while other Python threads run.
    ///
    /// `threads=0` is one thread for each core. Ctrl-C ends it. `None`, NaN,
    /// `pandas.NA` and `NaT` are texts that are missing, and give `None`; what else is
    /// no `str` raises `TypeError` with its index. So does a mapping or a frame: what
    /// they give one by one are keys or names.
    #[pyo3(signature = (texts, *, threads = Threads(1), progress = false, errors = Surrogates::Strict), text_signature = "($self, texts, *, threads=1, progress=False, errors='strict')")]
    fn scan_batch<'py>(
        &self,
        py: Python<'py>,
        texts: &Bound<'_, PyAny>,
        threads: Threads,
        progress: bool,
        errors: Surrogates,
    ) -> PyResult<Bound<'py, PyList>> {
        let ruleset = &*self.inner;
        let verdicts = PyList::empty(py);
        let how = (threads, progress, errors);
        let scan = |scratch: &mut huoyan::Scratch, text: &str| {
            VerdictData::of(&ruleset.scan(scratch, text), text.as_bytes())
        };
        over_list(py, ruleset, texts, how, scan, |texts, done| {
            let _pause = NoCollection::new(py)?;
            texts.into_iter().zip(done).try_for_each(|(text, data)| {
                let verdict =
                    text.zip(data).map(|(text, data)| with_text(py, text, data));
                verdicts.append(verdict)
            })
        })?;
        Ok(verdicts)
    }

    /// `is_flagged` for a list of texts, as `scan_batch` works.
    #[pyo3(signature = (texts, *, threads = Threads(1), progress = false, errors = Surrogates::Strict), text_signature = "($self, texts, *, threads=1, progress=False, errors='strict')")]
    fn is_flagged_batch<'py>(
        &self,
        py: Python<'py>,
        texts: &Bound<'_, PyAny>,
        threads: Threads,
        progress: bool,
        errors: Surrogates,
    ) -> PyResult<Bound<'py, PyList>> {
        let ruleset = &*self.inner;
        let flags = PyList::empty(py);
        let how = (threads, progress, errors);
        let scan =
            |scratch: &mut huoyan::Scratch, text: &str| ruleset.is_flagged(scratch, text);
        over_list(py, ruleset, texts, how, scan, |_, done| {
            done.into_iter().try_for_each(|flagged| flags.append(flagged))
        })?;
        Ok(flags)
    }

    /// Scans texts while they come: an iterator that gives the verdict on each in turn.
    ///
    /// For what is too long for a list, or has no end. Texts are taken when verdicts are
    /// asked for, `chunk` of them at a time, and fewer where they are long: none after
    /// 32 MiB of UTF-8. That bounds the memory, and is how long the first verdict waits: a
    /// feed that gives a text now and then wants `chunk=1`. From 1 to 1,048,576; unless told
    /// it is 4,096, and with several threads 8,192 for each, up to 131,072.
    ///
    /// Missing texts, `threads` and `errors` are as in `scan_batch`. An error, of a text
    /// (with its index among all of them) or of the iterable, is raised in its place,
    /// after the verdicts on the texts before it, and ends the iterator. Ctrl-C is raised
    /// at once and ends nothing: what was taken is still to come.
    #[pyo3(signature = (texts, *, chunk = None, threads = Threads(1), errors = Surrogates::Strict), text_signature = "($self, texts, *, chunk=None, threads=1, errors='strict')")]
    fn scan_iter(
        &self,
        texts: &Bound<'_, PyAny>,
        chunk: Option<Chunk>,
        threads: Threads,
        errors: Surrogates,
    ) -> PyResult<VerdictIterator> {
        VerdictIterator::new(self.inner.clone(), texts, chunk, threads, errors)
    }

    /// Scans a column of strings in any Arrow layout, without copying it.
    ///
    /// The result has a struct for each row, null where the text is. Spans in
    /// it are code points.
    ///
    /// A row whose offsets, view or dictionary index leads out of the column raises
    /// `ValueError`; nothing is read from there. What Arrow's C interface does not tell
    /// is taken on trust: that buffers are as long as the number of rows asks and, for
    /// `string` and `large_string`, that the texts reach as far as the last offset.
    /// Have data from strangers checked by what reads it, in pyarrow with
    /// `validate(full=True)`.
    #[pyo3(signature = (data, *, fields = Fields::DEFAULT, threads = Threads(1), progress = false), text_signature = "($self, data, *, fields=('flagged', 'score', 'category', 'findings', 'truncated'), threads=1, progress=False)")]
    fn scan_arrow(
        &self,
        py: Python<'_>,
        data: &Bound<'_, PyAny>,
        fields: Fields,
        threads: Threads,
        progress: bool,
    ) -> PyResult<VerdictArray> {
        arrow::scan(py, &self.inner, data, fields, threads.0, progress)
    }

    fn __repr__(&self) -> String {
        let (id, version) = (self.inner.id(), self.inner.version());
        let (rules, concepts) =
            (self.inner.rules().count(), self.inner.concepts().count());
        let kilobytes = self.inner.to_bytes().len().div_ceil(1000);
        let threshold = match self.inner.threshold() {
            threshold if threshold == self.own_threshold => String::new(),
            threshold => format!(", threshold {threshold}"),
        };
        format!(
            "<Ruleset {id} {version}: {concepts} concepts, {rules} rules, \
             {kilobytes} kB{threshold}>"
        )
    }

    fn __richcmp__(
        &self,
        py: Python<'_>,
        other: &Ruleset,
        operation: CompareOp,
    ) -> PyResult<Py<PyAny>> {
        Ok(match operation {
            CompareOp::Eq => {
                PyBool::new(py, self.same(other)).to_owned().into_any().unbind()
            }
            CompareOp::Ne => {
                PyBool::new(py, !self.same(other)).to_owned().into_any().unbind()
            }
            _ => py.NotImplemented(),
        })
    }

    fn __hash__(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.inner.checksum().hash(&mut hasher);
        self.inner.threshold().to_bits().hash(&mut hasher);
        hasher.finish()
    }

    fn __copy__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __deepcopy__(slf: Py<Self>, _memo: &Bound<'_, PyAny>) -> Py<Self> {
        slf
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        let ruleset = &*self.inner;
        let threshold = ruleset.threshold();
        if self.builtin {
            let restore = native(py, "restore_builtin")?;
            let (id, version) = (ruleset.id(), ruleset.version());
            let arguments = (id, version, ruleset.checksum(), threshold);
            return (restore, arguments).into_pyobject(py);
        }
        let restore = native(py, "restore_ruleset")?;
        (restore, (self.to_bytes(py), threshold)).into_pyobject(py)
    }
}

/// Runs `work` on each text of a list, and gives texts and results to `finish`
/// as they come, `None` where a text is missing.
fn over_list<T: Send>(
    py: Python<'_>,
    ruleset: &huoyan::Ruleset<'static>,
    texts: &Bound<'_, PyAny>,
    (threads, progress, errors): (Threads, bool, Surrogates),
    work: impl Fn(&mut huoyan::Scratch, &str) -> T + Sync,
    mut finish: impl FnMut(Vec<Option<Text>>, Vec<Option<T>>) -> PyResult<()>,
) -> PyResult<()> {
    let mut all = Texts::of(texts, errors)?;
    let mut progress = Progress::new(py, progress, all.length)?;
    let workers = Workers::of(threads);
    let most = workers.at_once();
    loop {
        let mut texts = Vec::with_capacity(all.expected(most));
        all.take(py, &mut texts, most, usize::MAX)?;
        if texts.is_empty() {
            return progress.finish(py);
        }
        let done = batch::over(py, ruleset, &texts, workers, &mut progress, &work)?;
        finish(texts, done)?;
    }
}

/// The built-in ruleset, if it is still the one that was pickled.
#[pyfunction]
pub(crate) fn restore_builtin(
    py: Python<'_>,
    id: &str,
    version: &str,
    checksum: u32,
    threshold: f32,
) -> PyResult<Ruleset> {
    let ruleset = huoyan::Ruleset::builtin();
    let here = (ruleset.id(), ruleset.version());
    if here != (id, version) || ruleset.checksum() != checksum {
        return Err(errors::version(py, (id, version), here));
    }
    Ruleset::new(ruleset.clone(), Some(threshold), true)
}

/// A ruleset from its pickled bytes.
#[pyfunction]
pub(crate) fn restore_ruleset(
    py: Python<'_>,
    data: &[u8],
    threshold: f32,
) -> PyResult<Ruleset> {
    let ruleset = huoyan::Ruleset::from_bytes(data.to_vec())
        .map_err(|error| errors::load(py, "pickle", &error))?;
    Ruleset::new(ruleset, Some(threshold), false)
}
