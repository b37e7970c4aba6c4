//! `huoyan.VerdictArray`: verdicts as an Arrow column of structs.

use super::capsule;
use super::fields::Fields;
use arrow_array::{Array, ArrayRef, make_array, new_empty_array};
use arrow_data::transform::MutableArrayData;
use arrow_schema::{ArrowError, DataType, Field, FieldRef};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};
use std::sync::Arc;

/// Verdicts on a column, as an Arrow column of structs.
///
/// Whatever reads Arrow takes it: `pyarrow.chunked_array(verdicts)`,
/// `polars.Series(verdicts)` …; `to_table` makes it a table.
#[pyclass(frozen, module = "huoyan")]
pub(crate) struct VerdictArray {
    field: FieldRef,
    chunks: Vec<ArrayRef>,
}

impl VerdictArray {
    pub(crate) fn new(fields: Fields, chunks: Vec<ArrayRef>) -> VerdictArray {
        let field = Arc::new(Field::new("huoyan", fields.data_type(), true));
        VerdictArray { field, chunks }
    }
}

#[pymethods]
impl VerdictArray {
    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        _ = requested_schema;
        let array = match &self.chunks[..] {
            [] => new_empty_array(self.field.data_type()),
            [chunk] => chunk.clone(),
            chunks => py.detach(|| joined(chunks)).map_err(|error| {
                PyValueError::new_err(format!(
                    "too much for one array: {error}; take the chunks by \
                     __arrow_c_stream__"
                ))
            })?,
        };
        capsule::array(py, &self.field, &array)
    }

    #[pyo3(signature = (requested_schema = None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        _ = requested_schema;
        capsule::stream(py, &self.field, &self.chunks)
    }

    fn __arrow_c_schema__<'py>(
        &self,
        py: Python<'py>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        capsule::schema(py, &self.field)
    }

    /// The struct's fields.
    #[getter]
    fn fields<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        match self.field.data_type() {
            DataType::Struct(fields) => {
                let names = fields.iter().map(|field| field.name().as_str());
                PyTuple::new(py, names.collect::<Vec<_>>())
            }
            _ => Ok(PyTuple::empty(py)),
        }
    }

    /// In how many arrays the column is.
    #[getter]
    fn num_chunks(&self) -> usize {
        self.chunks.len()
    }

    /// A `pyarrow.Table` with a column for each field, null where the text is.
    ///
    /// Needs pyarrow, whose own `pyarrow.table(verdicts)` refuses a column with nulls.
    fn to_table<'py>(slf: &Bound<'py, Self>) -> PyResult<Bound<'py, PyAny>> {
        slf.py().import("huoyan._table")?.call_method1("table", (slf,))
    }

    fn __len__(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.len()).sum()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let fields: Vec<String> = self.fields(py)?.extract()?;
        let rows = self.__len__();
        Ok(format!("<VerdictArray: {rows} rows of {}>", fields.join(", ")))
    }
}

/// Chunks as one array.
fn joined(chunks: &[ArrayRef]) -> Result<ArrayRef, ArrowError> {
    let chunks: Vec<_> = chunks.iter().map(|chunk| chunk.to_data()).collect();
    let rows = chunks.iter().map(|chunk| chunk.len()).sum();
    let mut joined = MutableArrayData::new(chunks.iter().collect(), false, rows);
    for (place, chunk) in chunks.iter().enumerate() {
        joined.try_extend(place, 0, chunk.len())?;
    }
    Ok(make_array(joined.freeze()))
}
