//! Many texts: in blocks, on one thread or several, without the interpreter.

use crate::missing::is_missing;
use crate::scratch::with_scratch;
use crate::text::{Surrogates, Text};
use huoyan::{Ruleset, Scratch};
use pyo3::exceptions::{PyOverflowError, PyTypeError, PyValueError};
use pyo3::gc::{PyTraverseError, PyVisit};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyIterator, PyMapping, PyString};
use std::num::NonZero;
use std::ops::{Range, RangeInclusive};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// Most rows of a block.
const BLOCK_ROWS_MAX: usize = 1 << 16;
/// Fewest rows of a block, unless they are long.
const BLOCK_ROWS_MIN: usize = 1 << 10;
/// Bytes of text from which a block is full: a few milliseconds of work on
/// ordinary text, a few tenths of a second on one that is nothing but offers.
pub(crate) const BLOCK_BYTES: usize = 1 << 20;
/// The same where signals can only be looked at between blocks.
pub(crate) const INLINE_BLOCK_BYTES: usize = 1 << 17;
/// How often signals are looked at, and progress is shown.
const TICK: Duration = Duration::from_millis(100);
/// Strings that are taken from a list at a time, for each thread.
const TAKEN_AT_ONCE: usize = 1 << 12;
/// The same where there are several threads, which must not wait often.
const TAKEN_FOR_THREADS: usize = 1 << 17;
/// Strings that are taken for each of several threads where somebody waits for the
/// first results, and memory counts.
const TAKEN_FOR_A_THREAD: usize = 1 << 13;
/// Most threads that a caller may ask for.
const THREADS_MAX: usize = 512;

/// How many threads `threads=` means; 0 is one for each core.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Threads(pub(crate) usize);

impl FromPyObject<'_, '_> for Threads {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Threads> {
        let what = || format!("threads must be 0 (one for each core) to {THREADS_MAX}");
        Ok(Threads(match number_within(object, 0..=THREADS_MAX, what)? {
            0 => thread::available_parallelism().map_or(1, NonZero::get),
            asked => asked,
        }))
    }
}

/// A whole number of a range; what it must be tells the `ValueError` of any other.
pub(crate) fn number_within(
    object: Borrowed<'_, '_, PyAny>,
    range: RangeInclusive<usize>,
    what: impl Fn() -> String,
) -> PyResult<usize> {
    match object.extract() {
        Ok(asked) if range.contains(&asked) => Ok(asked),
        Err(error) if !error.is_instance_of::<PyOverflowError>(object.py()) => Err(error),
        _ => Err(PyValueError::new_err(format!("{}, not {}", what(), object.repr()?))),
    }
}

/// The texts of a list or another iterable, some at a time: what was touched
/// to read a text is still in the cache when its reference is given back.
pub(crate) struct Texts {
    iterator: Py<PyIterator>,
    taken: usize,
    surrogates: Surrogates,
    /// How many there are, if that is known.
    pub(crate) length: Option<usize>,
}

impl Texts {
    pub(crate) fn of(
        iterable: &Bound<'_, PyAny>,
        surrogates: Surrogates,
    ) -> PyResult<Texts> {
        if iterable.is_instance_of::<PyString>() || iterable.is_instance_of::<PyBytes>() {
            return Err(PyTypeError::new_err(
                "texts must be a list of str, not one text; scan() takes one",
            ));
        }
        if let Some(instead) = instead_of_keys(iterable)? {
            let kind = iterable.get_type();
            return Err(PyTypeError::new_err(format!(
                "texts must be a list of str, not {}, {instead}",
                kind.name()?
            )));
        }
        let (iterator, length) = (iterable.try_iter()?.unbind(), iterable.len().ok());
        Ok(Texts { iterator, taken: 0, surrogates, length })
    }

    /// How many of the next `most` texts there are, as far as that is known.
    pub(crate) fn expected(&self, most: usize) -> usize {
        self.length.map_or(most, |length| length.saturating_sub(self.taken)).min(most)
    }

    /// Takes texts until `texts` holds `most` of them, or so many bytes, and tells
    /// whether there may be more. One that is missing is `None`. What was taken before
    /// an error is there.
    pub(crate) fn take(
        &mut self,
        py: Python<'_>,
        texts: &mut Vec<Option<Text>>,
        most: usize,
        most_bytes: usize,
    ) -> PyResult<bool> {
        let mut iterator = self.iterator.bind(py).clone();
        let mut bytes: usize = texts.iter().map(length).sum();
        while texts.len() < most && bytes < most_bytes {
            let Some(object) = iterator.next() else { return Ok(false) };
            let text = match object?.cast_into::<PyString>() {
                Ok(string) => {
                    let text = Text::new(string, self.surrogates, Some(self.taken))?;
                    bytes += text.as_str().len();
                    Some(text)
                }
                Err(error) => self.missing(&error.into_inner())?,
            };
            texts.push(text);
            self.taken += 1;
        }
        Ok(true)
    }

    /// For Python's collector: an iterator may be of a generator that keeps what
    /// keeps this.
    pub(crate) fn visit(&self, visit: &PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.iterator)
    }

    /// What no string is for: no text, or an error.
    #[cold]
    fn missing(&self, object: &Bound<'_, PyAny>) -> PyResult<Option<Text>> {
        if is_missing(object) {
            return Ok(None);
        }
        let place = self.taken;
        let kind = object.get_type();
        let kind = kind.name().map_or_else(|_| "?".into(), |name| name.to_string());
        Err(PyTypeError::new_err(format!("texts[{place}] is {kind}, not str or None")))
    }
}

/// Bytes of a text, none of one that is missing.
fn length(text: &Option<Text>) -> usize {
    text.as_ref().map_or("", Text::as_str).len()
}

/// What to pass instead of what Python iterates by keys or by names of columns:
/// those are strings as well, and would be scanned without a word.
fn instead_of_keys(texts: &Bound<'_, PyAny>) -> PyResult<Option<&'static str>> {
    if texts.cast::<PyMapping>().is_ok() {
        return Ok(Some("whose keys would be scanned; pass its values()"));
    }
    // Asked of the class: a lazy frame would have to look at its source.
    let is_frame = texts.get_type().hasattr("columns")?;
    Ok(is_frame.then_some("which has many columns; pass one, here or to scan_arrow()"))
}

/// Collects no garbage while it lives. Verdicts are tracked by Python's
/// collector, though they are in no cycle; a hundred thousand of them would
/// start it over and over.
pub(crate) struct NoCollection<'py>(Option<Bound<'py, PyModule>>);

impl<'py> NoCollection<'py> {
    pub(crate) fn new(py: Python<'py>) -> PyResult<NoCollection<'py>> {
        let gc = py.import("gc")?;
        let enabled: bool = gc.call_method0("isenabled")?.extract()?;
        if enabled {
            gc.call_method0("disable")?;
        }
        Ok(NoCollection(enabled.then_some(gc)))
    }
}

impl Drop for NoCollection<'_> {
    fn drop(&mut self) {
        if let Some(gc) = &self.0 {
            // It takes no arguments and cannot fail.
            drop(gc.call_method0("enable"));
        }
    }
}

/// Cuts `rows` rows into blocks of about so many bytes. `length` gives a row's
/// length in bytes.
pub(crate) fn blocks(
    rows: usize,
    threads: usize,
    block_bytes: usize,
    mut length: impl FnMut(usize) -> usize,
) -> Vec<Range<usize>> {
    let most = (rows / (threads * 8)).clamp(BLOCK_ROWS_MIN, BLOCK_ROWS_MAX);
    let mut blocks = Vec::with_capacity(rows / most + 1);
    let (mut start, mut bytes) = (0, 0);
    for row in 0..rows {
        bytes += length(row);
        if row + 1 - start >= most || bytes >= block_bytes {
            blocks.push(start..row + 1);
            (start, bytes) = (row + 1, 0);
        }
    }
    if start < rows {
        blocks.push(start..rows);
    }
    blocks
}

/// A progress bar, or none.
pub(crate) struct Progress {
    bar: Option<Py<PyAny>>,
    pending: usize,
    shown: Instant,
}

impl Progress {
    pub(crate) fn new(
        py: Python<'_>,
        wanted: bool,
        total: Option<usize>,
    ) -> PyResult<Self> {
        let bar = match wanted {
            true => {
                let module = py.import("huoyan._progress")?;
                Some(module.getattr("bar")?.call1((total,))?.unbind())
            }
            false => None,
        };
        Ok(Progress { bar, pending: 0, shown: Instant::now() })
    }

    /// Shows nothing.
    pub(crate) fn none() -> Progress {
        Progress { bar: None, pending: 0, shown: Instant::now() }
    }

    fn advance(&mut self, py: Python<'_>, rows: usize) -> PyResult<()> {
        self.pending += rows;
        if self.shown.elapsed() >= TICK { self.show(py) } else { Ok(()) }
    }

    fn show(&mut self, py: Python<'_>) -> PyResult<()> {
        if let Some(bar) = &self.bar {
            bar.call_method1(py, "update", (self.pending,))?;
        }
        (self.pending, self.shown) = (0, Instant::now());
        Ok(())
    }

    pub(crate) fn finish(mut self, py: Python<'_>) -> PyResult<()> {
        self.show(py)?;
        match &self.bar {
            Some(bar) => bar.call_method0(py, "close").map(drop),
            None => Ok(()),
        }
    }
}

/// Whether the caller has had enough: work ends after the text at hand, and
/// what it gives is thrown away.
#[derive(Default)]
pub(crate) struct Stop(AtomicBool);

impl Stop {
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Who does the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Workers {
    /// The caller's thread, which looks at signals between blocks.
    Inline,
    /// So many other threads, while the caller's looks at signals.
    Threads(usize),
}

impl Workers {
    pub(crate) fn of(Threads(threads): Threads) -> Workers {
        if threads == 1 { Workers::Inline } else { Workers::Threads(threads) }
    }

    /// Strings that are taken at a time for them.
    pub(crate) fn at_once(self) -> usize {
        match self {
            Workers::Inline => TAKEN_AT_ONCE,
            Workers::Threads(_) => TAKEN_FOR_THREADS,
        }
    }

    /// The same where results are given one by one.
    pub(crate) fn chunk(self) -> usize {
        match self {
            Workers::Inline => TAKEN_AT_ONCE,
            Workers::Threads(threads) => {
                TAKEN_FOR_THREADS.min(threads * TAKEN_FOR_A_THREAD)
            }
        }
    }
}

/// Runs `work` on each of these texts and gives the results in order, `None` where a
/// text is missing.
pub(crate) fn over<T: Send>(
    py: Python<'_>,
    ruleset: &Ruleset<'_>,
    texts: &[Option<Text>],
    workers: Workers,
    progress: &mut Progress,
    work: impl Fn(&mut Scratch, &str) -> T + Sync,
) -> PyResult<Vec<Option<T>>> {
    let (threads, block_bytes) = match workers {
        Workers::Inline => (1, INLINE_BLOCK_BYTES),
        Workers::Threads(threads) => (threads, BLOCK_BYTES),
    };
    let blocks = blocks(texts.len(), threads, block_bytes, |row| length(&texts[row]));
    let work = |scratch: &mut Scratch, block: Range<usize>, stop: &Stop| {
        let texts = texts[block].iter().take_while(|_| !stop.is_set());
        let work = |text: &Option<Text>| Some(work(scratch, text.as_ref()?.as_str()));
        texts.map(work).collect::<Vec<Option<T>>>()
    };
    let done = run(py, ruleset, &blocks, workers, progress, work)?;
    Ok(done.into_iter().flatten().collect())
}

/// Runs `work` on every block and gives the results in order. A signal that
/// raises, such as an interrupt, ends the work.
pub(crate) fn run<T: Send>(
    py: Python<'_>,
    ruleset: &Ruleset<'_>,
    blocks: &[Range<usize>],
    workers: Workers,
    progress: &mut Progress,
    work: impl Fn(&mut Scratch, Range<usize>, &Stop) -> T + Sync,
) -> PyResult<Vec<T>> {
    let stop = Stop::default();
    let threads = match workers {
        Workers::Threads(threads) if blocks.len() > 1 => threads,
        _ => {
            let mut done = Vec::with_capacity(blocks.len());
            for block in blocks {
                let rows = block.len();
                done.push(py.detach(|| {
                    with_scratch(ruleset, |scratch| work(scratch, block.clone(), &stop))
                }));
                py.check_signals()?;
                progress.advance(py, rows)?;
            }
            return Ok(done);
        }
    };
    let mut done: Vec<Option<T>> = Vec::new();
    done.resize_with(blocks.len(), || None);
    let next = AtomicUsize::new(0);
    let scope = || {
        thread::scope(|scope| {
            let (sender, receiver) = mpsc::channel();
            for _ in 0..threads.min(blocks.len()) {
                let (sender, next, stop, work) = (sender.clone(), &next, &stop, &work);
                scope.spawn(move || {
                    let mut scratch = Scratch::new(ruleset);
                    while !stop.is_set() {
                        let place = next.fetch_add(1, Ordering::Relaxed);
                        let Some(block) = blocks.get(place) else { break };
                        let result = work(&mut scratch, block.clone(), stop);
                        if sender.send((place, result)).is_err() {
                            break;
                        }
                    }
                });
            }
            drop(sender);
            let mut ticked = Instant::now();
            loop {
                let received = receiver.recv_timeout(TICK);
                if let Err(RecvTimeoutError::Disconnected) = received {
                    return Ok(());
                }
                let mut rows = 0;
                if let Ok((place, result)) = received {
                    rows = blocks.get(place).map_or(0, Range::len);
                    if let Some(slot) = done.get_mut(place) {
                        *slot = Some(result);
                    }
                }
                progress.pending += rows;
                if ticked.elapsed() >= TICK {
                    ticked = Instant::now();
                    let ended = Python::attach(|py| {
                        py.check_signals()?;
                        progress.advance(py, 0)
                    });
                    if ended.is_err() {
                        stop.0.store(true, Ordering::Relaxed);
                        return ended;
                    }
                }
            }
        })
    };
    py.detach(scope)?;
    py.check_signals()?;
    progress.advance(py, 0)?;
    Ok(done.into_iter().flatten().collect())
}
