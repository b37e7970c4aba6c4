//! What `Ruleset.scan_iter` gives: verdicts one by one, from texts that are taken
//! some at a time.

use crate::batch::{self, Progress, Texts, Threads, Workers};
use crate::data::VerdictData;
use crate::text::{Surrogates, Text};
use crate::verdict::{Verdict, with_text};
use pyo3::exceptions::{PyBaseException, PyException, PyValueError};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use std::iter::Zip;
use std::sync::{Arc, Mutex, TryLockError};
use std::vec;

/// Most texts that a caller may have taken at a time.
const CHUNK_MAX: usize = 1 << 20;
/// Bytes of text from which no more are taken, however few they are: what bounds the
/// memory where texts are long.
const CHUNK_BYTES: usize = 1 << 25;

/// How many texts `chunk=` takes at a time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Chunk(usize);

impl FromPyObject<'_, '_> for Chunk {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Chunk> {
        let what = || format!("chunk must be 1 to {CHUNK_MAX} texts");
        batch::number_within(object, 1..=CHUNK_MAX, what).map(Chunk)
    }
}

/// Verdicts on the texts of an iterable, one by one.
#[pyclass(frozen, module = "huoyan")]
pub(crate) struct VerdictIterator {
    ruleset: Arc<huoyan::Ruleset<'static>>,
    chunk: usize,
    workers: Workers,
    state: Mutex<State>,
}

struct State {
    /// What is still to come; `None` after its end or its first error, since an
    /// iterator that has ended must not be asked again.
    texts: Option<Texts>,
    /// Taken and not scanned: after an interrupt they are not lost.
    taken: Vec<Option<Text>>,
    scanned: Zip<vec::IntoIter<Option<Text>>, vec::IntoIter<Option<VerdictData>>>,
    /// What ended the texts, to be raised after the verdicts on those before.
    error: Option<Py<PyBaseException>>,
}

impl VerdictIterator {
    pub(crate) fn new(
        ruleset: Arc<huoyan::Ruleset<'static>>,
        texts: &Bound<'_, PyAny>,
        chunk: Option<Chunk>,
        threads: Threads,
        surrogates: Surrogates,
    ) -> PyResult<VerdictIterator> {
        let state = State {
            texts: Some(Texts::of(texts, surrogates)?),
            taken: Vec::new(),
            scanned: Vec::new().into_iter().zip(Vec::new()),
            error: None,
        };
        let workers = Workers::of(threads);
        let chunk = chunk.map_or(workers.chunk(), |Chunk(texts)| texts);
        Ok(VerdictIterator { ruleset, chunk, workers, state: Mutex::new(state) })
    }

    /// Takes the next texts and scans them.
    fn fill(&self, py: Python<'_>, state: &mut State) -> PyResult<()> {
        if let Some(texts) = &mut state.texts {
            match texts.take(py, &mut state.taken, self.chunk, CHUNK_BYTES) {
                Ok(true) => {}
                Ok(false) => state.texts = None,
                Err(error) if error.is_instance_of::<PyException>(py) => {
                    (state.texts, state.error) = (None, Some(error.into_value(py)));
                }
                // Ctrl-C and the like wait for nothing.
                Err(error) => return Err(error),
            }
        }
        let ruleset = &*self.ruleset;
        let scan = |scratch: &mut huoyan::Scratch, text: &str| {
            VerdictData::of(&ruleset.scan(scratch, text), text.as_bytes())
        };
        let (workers, mut progress) = (self.workers, Progress::none());
        let done = batch::over(py, ruleset, &state.taken, workers, &mut progress, scan)?;
        state.scanned = std::mem::take(&mut state.taken).into_iter().zip(done);
        Ok(())
    }
}

#[pymethods]
impl VerdictIterator {
    fn __iter__(slf: Py<Self>) -> Py<Self> {
        slf
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Option<Verdict>>> {
        let mut state = match self.state.try_lock() {
            Ok(state) => state,
            Err(TryLockError::Poisoned(error)) => error.into_inner(),
            // As a generator says, instead of waiting for itself.
            Err(TryLockError::WouldBlock) => {
                return Err(PyValueError::new_err(
                    "the iterator is at work already: another thread, or the texts \
                     themselves, asked for the next verdict",
                ));
            }
        };
        let state = &mut *state;
        loop {
            if let Some((text, data)) = state.scanned.next() {
                return Ok(Some(
                    text.zip(data).map(|(text, data)| with_text(py, text, data)),
                ));
            }
            if state.texts.is_none() && state.taken.is_empty() {
                let error = state.error.take();
                return error.map_or(Ok(None), |error| {
                    Err(PyErr::from_value(error.into_bound(py).into_any()))
                });
            }
            self.fill(py, state)?;
        }
    }

    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        // While another thread is at work here, nothing is garbage.
        match self.state.try_lock() {
            Ok(state) => {
                visit.call(&state.error)?;
                state.texts.as_ref().map_or(Ok(()), |texts| texts.visit(&visit))
            }
            Err(_) => Ok(()),
        }
    }

    fn __clear__(&self) {
        let held = self.state.try_lock().ok();
        let held = held.map(|mut state| (state.texts.take(), state.error.take()));
        // What this frees may run code of Python, which may come back here.
        drop(held);
    }
}
