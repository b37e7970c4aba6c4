//! Columns of text in, columns of verdicts out, by the Arrow C interface.

mod capsule;
mod check;
mod fields;
mod input;
mod nested;
mod output;
mod rows;

pub(crate) use fields::Fields;
pub(crate) use output::VerdictArray;

use crate::batch::{self, Progress, Stop, Workers};
use arrow_array::ArrayRef;
use arrow_schema::DataType;
use capsule::{Broken, Source};
use huoyan::{Ruleset, Scratch};
use input::Column;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use rows::{Row, Rows};

/// Bytes of text that are taken from a stream before they are scanned: enough
/// to keep threads busy, and a bound on what a stream adds to memory.
const GROUP_BYTES: usize = 64 << 20;

/// Scans a column.
pub(crate) fn scan(
    py: Python<'_>,
    ruleset: &Ruleset<'static>,
    data: &Bound<'_, PyAny>,
    fields: Fields,
    threads: usize,
    progress: bool,
) -> PyResult<VerdictArray> {
    let Some(mut source) = Source::of(data)? else {
        return Err(PyTypeError::new_err(format!(
            "scan_arrow takes an object with __arrow_c_array__ or __arrow_c_stream__ \
             (a column of pyarrow, polars, pandas, DuckDB …), not {}; scan_batch takes \
             lists",
            data.get_type().name()?
        )));
    };
    input::check(source.data_type(), data)?;
    let mut progress = Progress::new(py, progress, data.len().ok())?;
    let work = Work { ruleset, fields, threads };
    let mut chunks = Vec::new();
    loop {
        let (group, ended) = py.detach(|| group(&mut source)).map_err(broken)?;
        let is_dictionary =
            |array: &ArrayRef| matches!(array.data_type(), DataType::Dictionary(..));
        // Neighbours are scanned together; each dictionary has values of its own.
        for arrays in group.chunk_by(|a, b| !is_dictionary(a) && !is_dictionary(b)) {
            let columns = arrays.iter().map(Column::of).collect::<PyResult<Vec<_>>>()?;
            chunks.extend(match &columns[..] {
                [Column::Dictionary(keys, values)] if values.len() <= keys.len() => {
                    work.dictionary(py, keys, values, &mut progress)?
                }
                columns => work.columns(py, columns, &mut progress)?,
            });
        }
        py.check_signals()?;
        if ended {
            break;
        }
    }
    progress.finish(py)?;
    Ok(VerdictArray::new(fields, chunks))
}

fn broken(broken: Broken) -> PyErr {
    PyValueError::new_err(match broken {
        Broken::Stream(error) => format!("the Arrow stream broke off: {error}"),
        Broken::Array(damage) => format!("the Arrow data is damaged at {damage}"),
    })
}

/// The next arrays of a stream, and whether it ended.
fn group(source: &mut Source) -> Result<(Vec<ArrayRef>, bool), Broken> {
    let (mut arrays, mut bytes) = (Vec::new(), 0);
    for array in source {
        let array = array?;
        bytes += input::text_bytes(&array);
        arrays.push(array);
        if bytes >= GROUP_BYTES {
            return Ok((arrays, false));
        }
    }
    Ok((arrays, true))
}

struct Work<'w> {
    ruleset: &'w Ruleset<'static>,
    fields: Fields,
    threads: usize,
}

impl Work<'_> {
    /// Scans columns as if they were one.
    fn columns(
        &self,
        py: Python<'_>,
        columns: &[Column],
        progress: &mut Progress,
    ) -> PyResult<Vec<ArrayRef>> {
        let mut starts = Vec::with_capacity(columns.len());
        let mut rows = 0;
        for column in columns {
            starts.push(rows);
            rows += column.len();
        }
        let mut place = 0;
        let blocks = batch::blocks(rows, self.threads, batch::BLOCK_BYTES, |row| {
            while starts.get(place + 1).is_some_and(|start| row >= *start) {
                place += 1;
            }
            columns[place].length(row - starts[place])
        });
        let Work { ruleset, fields, threads } = *self;
        let workers = Workers::Threads(threads);
        batch::run(py, ruleset, &blocks, workers, progress, |scratch, block, stop| {
            let mut rows = Rows::new(fields, block.len());
            let first = starts.partition_point(|start| *start <= block.start) - 1;
            for (column, start) in columns.iter().zip(&starts).skip(first) {
                if *start >= block.end {
                    break;
                }
                let from = block.start.max(*start) - start;
                let to = (block.end - start).min(column.len());
                column.each(from..to, |text| match text {
                    _ if stop.is_set() => {}
                    Some(text) => {
                        rows.push(&Row::of(ruleset, scratch, fields, text), text)
                    }
                    None => rows.push_null(),
                });
            }
            rows.finish()
        })
    }

    /// Scans each value of a dictionary once.
    fn dictionary(
        &self,
        py: Python<'_>,
        keys: &[Option<u32>],
        values: &Column,
        progress: &mut Progress,
    ) -> PyResult<Vec<ArrayRef>> {
        let Work { ruleset, fields, threads } = *self;
        let workers = Workers::Threads(threads);
        let length = |row: usize| values.length(row);
        let blocks = batch::blocks(values.len(), threads, batch::BLOCK_BYTES, length);
        // Progress counts rows, below.
        let silent = &mut Progress::none();
        let scan = |scratch: &mut Scratch, block, stop: &Stop| {
            let mut verdicts: Vec<Option<Row>> = Vec::new();
            values.each(block, |text| {
                let text = text.filter(|_| !stop.is_set());
                verdicts.push(text.map(|text| Row::of(ruleset, scratch, fields, text)));
            });
            verdicts
        };
        let verdicts = batch::run(py, ruleset, &blocks, workers, silent, scan)?;
        let verdicts: Vec<Option<Row>> = verdicts.into_iter().flatten().collect();
        let blocks = batch::blocks(keys.len(), threads, batch::BLOCK_BYTES, |_| 0);
        batch::run(py, ruleset, &blocks, Workers::Inline, progress, |_, block, _| {
            let mut rows = Rows::new(fields, block.len());
            for key in &keys[block] {
                let row = key.map(|key| key as usize);
                let row = row.and_then(|key| {
                    Some((verdicts.get(key)?.as_ref()?, values.text(key)?))
                });
                match row {
                    Some((row, text)) => rows.push(row, text),
                    None => rows.push_null(),
                }
            }
            rows.finish()
        })
    }
}
