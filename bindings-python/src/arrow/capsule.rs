//! The Arrow PyCapsule interface: arrays and streams from Python, and back.
//!
//! `arrow-array` has the structures and their meaning; here they only pass
//! through capsules. The crate that does this for all of Arrow links every
//! conversion between its types, which made the wheel half as large again.

#![allow(unsafe_code)]

use super::check::{Damage, check};
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi_and_data_type};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{Array, ArrayRef, make_array};
use arrow_data::ArrayData;
use arrow_schema::{ArrowError, DataType, FieldRef};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};
use std::ffi::{CStr, CString, c_char, c_int};
use std::ptr::{self, NonNull};

const SCHEMA: &CStr = c"arrow_schema";
const ARRAY: &CStr = c"arrow_array";
const STREAM: &CStr = c"arrow_array_stream";
/// "Invalid argument", what a stream answers that cannot go on.
const EINVAL: c_int = 22;

/// A column from Python, array by array.
pub(crate) enum Source {
    One(DataType, Option<ArrayData>),
    /// A stream, and how many rows it has given.
    Stream(DataType, FFI_ArrowArrayStream, usize),
}

/// Why an array does not come.
pub(crate) enum Broken {
    Stream(ArrowError),
    Array(Damage),
}

impl Source {
    /// Takes a column over from an object with `__arrow_c_array__` or
    /// `__arrow_c_stream__`; `None` if it has neither.
    pub(crate) fn of(data: &Bound<'_, PyAny>) -> PyResult<Option<Source>> {
        if data.hasattr("__arrow_c_stream__")? {
            let capsule = data.call_method0("__arrow_c_stream__")?;
            return Ok(Some(Source::stream(capsule.cast::<PyCapsule>()?)?));
        }
        if data.hasattr("__arrow_c_array__")? {
            let capsules = data.call_method0("__arrow_c_array__")?;
            let (schema, array): (Bound<'_, PyCapsule>, Bound<'_, PyCapsule>) =
                capsules.extract()?;
            return Ok(Some(Source::array(&schema, &array)?));
        }
        Ok(None)
    }

    pub(crate) fn data_type(&self) -> &DataType {
        match self {
            Source::One(data_type, _) | Source::Stream(data_type, ..) => data_type,
        }
    }

    fn array(
        schema: &Bound<'_, PyCapsule>,
        array: &Bound<'_, PyCapsule>,
    ) -> PyResult<Source> {
        let schema: NonNull<FFI_ArrowSchema> =
            schema.pointer_checked(Some(SCHEMA))?.cast();
        let array: NonNull<FFI_ArrowArray> = array.pointer_checked(Some(ARRAY))?.cast();
        // SAFETY: by the PyCapsule interface a capsule of this name points to a
        // structure of this type, which lives as long as the capsule; nobody
        // else uses it while the interpreter is held.
        let (schema, array) =
            unsafe { (schema.as_ref(), FFI_ArrowArray::from_raw(array.as_ptr())) };
        if array.is_released() {
            return Err(taken());
        }
        let data_type = DataType::try_from(schema).map_err(wrong)?;
        // SAFETY: the array came with this schema.
        let data = unsafe { imported(array, &data_type) }.map_err(wrong)?;
        Ok(Source::One(data_type, Some(data)))
    }

    fn stream(capsule: &Bound<'_, PyCapsule>) -> PyResult<Source> {
        let stream: NonNull<FFI_ArrowArrayStream> =
            capsule.pointer_checked(Some(STREAM))?.cast();
        // SAFETY: as in `array`.
        let mut stream = unsafe { FFI_ArrowArrayStream::from_raw(stream.as_ptr()) };
        let get_schema = stream.get_schema().filter(|_| stream.release().is_some());
        let get_schema = get_schema.ok_or_else(taken)?;
        let mut schema = FFI_ArrowSchema::empty();
        // SAFETY: the stream is not released, so that its functions may be
        // called with it and a place to write to.
        if unsafe { get_schema(&mut stream, &mut schema) } != 0 {
            return Err(wrong(last_error(&mut stream)));
        }
        let data_type = DataType::try_from(&schema).map_err(wrong)?;
        Ok(Source::Stream(data_type, stream, 0))
    }
}

impl Iterator for Source {
    type Item = Result<ArrayRef, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        let (data_type, stream, rows) = match self {
            Source::One(_, data) => return Some(checked(data.take()?, 0)),
            Source::Stream(data_type, stream, rows) => (data_type, stream, rows),
        };
        let get_next = stream.get_next()?;
        let mut array = FFI_ArrowArray::empty();
        // SAFETY: the stream is owned and not released.
        if unsafe { get_next(stream, &mut array) } != 0 {
            let error = last_error(stream);
            // A stream that failed is over.
            *stream = FFI_ArrowArrayStream::empty();
            return Some(Err(Broken::Stream(error)));
        }
        if array.is_released() {
            return None;
        }
        // SAFETY: all arrays of a stream are of its schema.
        let data = match unsafe { imported(array, data_type) } {
            Ok(data) => data,
            Err(error) => return Some(Err(Broken::Stream(error))),
        };
        let before = *rows;
        *rows += data.len();
        Some(checked(data, before))
    }
}

/// An array as it came, not yet checked.
///
/// # Safety
///
/// The array is of this type.
unsafe fn imported(
    array: FFI_ArrowArray,
    data_type: &DataType,
) -> Result<ArrayData, ArrowError> {
    if *data_type == DataType::Null {
        // Some producers give a buffer for what is null, which is none too.
        return Ok(ArrayData::new_null(data_type, array.len()));
    }
    // SAFETY: the producer vouches for its array, by the interface. Neither that
    // strings are UTF-8 nor that offsets are within the texts is relied on.
    unsafe { from_ffi_and_data_type(array, data_type.clone()) }
}

/// The array, if no text of it lies elsewhere; so many rows came before.
fn checked(data: ArrayData, before: usize) -> Result<ArrayRef, Broken> {
    check(&data).map_err(|damage| Broken::Array(damage.after(before)))?;
    Ok(make_array(data))
}

fn last_error(stream: &mut FFI_ArrowArrayStream) -> ArrowError {
    let message = stream.get_last_error().and_then(|get_last_error| {
        // SAFETY: the stream is owned and not released.
        let message = unsafe { get_last_error(stream) };
        // SAFETY: it is null or a string that lives until the next call.
        let message = NonNull::new(message.cast_mut())
            .map(|message| unsafe { CStr::from_ptr(message.as_ptr()) });
        message.map(|message| message.to_string_lossy().into_owned())
    });
    let message = message.unwrap_or_else(|| "its producer does not say why".into());
    ArrowError::CDataInterface(message)
}

fn taken() -> PyErr {
    PyValueError::new_err("the Arrow data was taken over already; export it again")
}

fn wrong(error: ArrowError) -> PyErr {
    PyValueError::new_err(format!("the Arrow data cannot be read: {error}"))
}

/// A schema capsule.
pub(crate) fn schema<'py>(
    py: Python<'py>,
    field: &FieldRef,
) -> PyResult<Bound<'py, PyCapsule>> {
    let schema = FFI_ArrowSchema::try_from(field.as_ref()).map_err(wrong)?;
    PyCapsule::new_with_value(py, schema, SCHEMA)
}

/// A schema and an array capsule.
pub(crate) fn array<'py>(
    py: Python<'py>,
    field: &FieldRef,
    array: &dyn Array,
) -> PyResult<Bound<'py, PyTuple>> {
    let array = FFI_ArrowArray::new(&array.to_data());
    let array = PyCapsule::new_with_value(py, array, ARRAY)?;
    (schema(py, field)?, array).into_pyobject(py)
}

/// A stream capsule.
pub(crate) fn stream<'py>(
    py: Python<'py>,
    field: &FieldRef,
    chunks: &[ArrayRef],
) -> PyResult<Bound<'py, PyCapsule>> {
    let chunks = Vec::from(chunks).into_iter();
    let state = State { field: field.clone(), chunks, error: None };
    // SAFETY: the callbacks below keep to the interface; `release` frees the
    // state once and marks the stream as released.
    let stream = unsafe {
        FFI_ArrowArrayStream::new_unchecked(
            Some(get_schema),
            Some(get_next),
            Some(get_last_error),
            Some(release),
            Box::into_raw(Box::new(state)).cast(),
        )
    };
    PyCapsule::new_with_value(py, stream, STREAM)
}

/// What a stream that was given away still has to tell.
struct State {
    field: FieldRef,
    chunks: std::vec::IntoIter<ArrayRef>,
    error: Option<CString>,
}

/// The state of one of our streams.
///
/// # Safety
///
/// `stream` was made by [`stream()`] and is not released.
unsafe fn state<'s>(stream: *mut FFI_ArrowArrayStream) -> &'s mut State {
    // SAFETY: `private_data` is the box of `stream()` until `release`, and the
    // interface forbids calls at the same time.
    unsafe { &mut *(*stream).private_data().cast::<State>() }
}

unsafe extern "C" fn get_schema(
    stream: *mut FFI_ArrowArrayStream,
    out: *mut FFI_ArrowSchema,
) -> c_int {
    // SAFETY: the caller keeps to the interface.
    let state = unsafe { state(stream) };
    match FFI_ArrowSchema::try_from(state.field.as_ref()) {
        Ok(schema) => {
            // SAFETY: `out` is a place to write to, by the interface.
            unsafe { ptr::write(out, schema) };
            0
        }
        Err(error) => {
            state.error = CString::new(error.to_string()).ok();
            EINVAL
        }
    }
}

unsafe extern "C" fn get_next(
    stream: *mut FFI_ArrowArrayStream,
    out: *mut FFI_ArrowArray,
) -> c_int {
    // SAFETY: the caller keeps to the interface.
    let chunk = unsafe { state(stream) }.chunks.next();
    let array = match chunk {
        Some(chunk) => FFI_ArrowArray::new(&chunk.to_data()),
        // A released array says that the stream is over.
        None => FFI_ArrowArray::empty(),
    };
    // SAFETY: `out` is a place to write to, by the interface.
    unsafe { ptr::write(out, array) };
    0
}

unsafe extern "C" fn get_last_error(stream: *mut FFI_ArrowArrayStream) -> *const c_char {
    // SAFETY: the caller keeps to the interface.
    let error = &unsafe { state(stream) }.error;
    error.as_ref().map_or(ptr::null(), |error| error.as_ptr())
}

unsafe extern "C" fn release(stream: *mut FFI_ArrowArrayStream) {
    // SAFETY: the caller keeps to the interface: it is called once, on a
    // stream of ours, and the box is not used after.
    let stream = unsafe { &mut *stream };
    // SAFETY: as above.
    unsafe {
        drop(Box::from_raw(stream.set_private_data(ptr::null_mut()).cast::<State>()));
        stream.set_release(None);
    }
}
