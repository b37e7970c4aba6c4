//! Columns of text in every layout of Arrow.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, BinaryArray, BinaryViewArray, LargeBinaryArray};
use arrow_schema::DataType;
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use std::ops::Range;

/// A column of text, as bytes: who made it may have broken the promise that
/// strings are UTF-8. Shares the array's memory.
pub(crate) enum Column {
    Small(BinaryArray),
    Large(LargeBinaryArray),
    View(BinaryViewArray),
    /// A key for each row, and the values.
    Dictionary(Vec<Option<u32>>, Box<Column>),
    /// So many nulls.
    Null(usize),
}

fn is_text(data_type: &DataType) -> bool {
    use DataType::*;
    match data_type {
        Utf8 | LargeUtf8 | Utf8View | Binary | LargeBinary | BinaryView | Null => true,
        Dictionary(_, values) => !matches!(**values, Dictionary(..)) && is_text(values),
        _ => false,
    }
}

/// Tells what is wrong with a column that is not text.
pub(crate) fn check(data_type: &DataType, data: &Bound<'_, PyAny>) -> PyResult<()> {
    if is_text(data_type) {
        return Ok(());
    }
    let hint = match data_type {
        DataType::Struct(fields) => {
            let names = fields.iter().map(|field| field.name().as_str());
            let names = names.take(8).collect::<Vec<_>>().join(", ");
            format!("it is a table: choose one of its columns ({names})")
        }
        _ => "cast it to strings".to_owned(),
    };
    let kind = data.get_type();
    Err(PyTypeError::new_err(format!(
        "scan_arrow takes a column of strings, and this {} is of type {data_type}; {hint}",
        kind.name()?
    )))
}

/// How many bytes of text an array holds; the size of the values of a
/// dictionary is not known without a look at each.
pub(crate) fn text_bytes(array: &ArrayRef) -> usize {
    match Column::of(array) {
        Ok(Column::Small(a)) => length(a.value_offsets(), 0..a.len()),
        Ok(Column::Large(a)) => length(a.value_offsets(), 0..a.len()),
        Ok(Column::View(a)) => a.lengths().map(|n| n as usize).sum(),
        _ => array.len(),
    }
}

fn length<O: Copy + TryInto<i64>>(offsets: &[O], rows: Range<usize>) -> usize {
    let at = |row: usize| {
        let offset = offsets.get(row).copied().map(O::try_into);
        offset.and_then(Result::ok).unwrap_or_default()
    };
    (at(rows.end) - at(rows.start)).max(0) as usize
}

impl Column {
    pub(crate) fn of(array: &ArrayRef) -> PyResult<Column> {
        Ok(match array.data_type() {
            DataType::Utf8 => Column::Small(array.as_string::<i32>().clone().into()),
            DataType::LargeUtf8 => Column::Large(array.as_string::<i64>().clone().into()),
            DataType::Utf8View => {
                Column::View(array.as_string_view().clone().to_binary_view())
            }
            DataType::Binary => Column::Small(array.as_binary::<i32>().clone()),
            DataType::LargeBinary => Column::Large(array.as_binary::<i64>().clone()),
            DataType::BinaryView => Column::View(array.as_binary_view().clone()),
            DataType::Null => Column::Null(array.len()),
            DataType::Dictionary(..) => {
                let dictionary = array.as_any_dictionary();
                let values = Column::of(dictionary.values())?;
                let keys = match values.len() {
                    // Keys are asked for only where there are values.
                    0 => vec![None; array.len()],
                    _ => {
                        let keys = dictionary.normalized_keys().into_iter().enumerate();
                        let nulls = dictionary.keys().nulls().cloned();
                        let is_null =
                            |row| nulls.as_ref().is_some_and(|nulls| nulls.is_null(row));
                        keys.map(|(row, key)| (!is_null(row)).then_some(key as u32))
                            .collect()
                    }
                };
                Column::Dictionary(keys, Box::new(values))
            }
            other => {
                return Err(PyTypeError::new_err(format!(
                    "scan_arrow takes a column of strings, not of type {other}"
                )));
            }
        })
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Column::Small(array) => array.len(),
            Column::Large(array) => array.len(),
            Column::View(array) => array.len(),
            Column::Dictionary(keys, _) => keys.len(),
            Column::Null(rows) => *rows,
        }
    }

    /// The length of a row's text, in bytes.
    pub(crate) fn length(&self, row: usize) -> usize {
        match self {
            Column::Small(array) => length(array.value_offsets(), row..row + 1),
            Column::Large(array) => length(array.value_offsets(), row..row + 1),
            _ => self.text(row).map_or(0, <[u8]>::len),
        }
    }

    /// A row's text; `None` where it is null.
    pub(crate) fn text(&self, row: usize) -> Option<&[u8]> {
        match self {
            Column::Small(array) => array.is_valid(row).then(|| array.value(row)),
            Column::Large(array) => array.is_valid(row).then(|| array.value(row)),
            Column::View(array) => array.is_valid(row).then(|| array.value(row)),
            Column::Dictionary(keys, values) => values.text((*keys.get(row)?)? as usize),
            Column::Null(_) => None,
        }
    }

    /// Calls `each` with the text of each row.
    pub(crate) fn each<'c>(
        &'c self,
        rows: Range<usize>,
        mut each: impl FnMut(Option<&'c [u8]>),
    ) {
        match self {
            Column::Small(array) => rows.for_each(|row| {
                each(array.is_valid(row).then(|| array.value(row)));
            }),
            Column::Large(array) => rows.for_each(|row| {
                each(array.is_valid(row).then(|| array.value(row)));
            }),
            _ => rows.for_each(|row| each(self.text(row))),
        }
    }
}
