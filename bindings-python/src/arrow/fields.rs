//! The fields of a column of verdicts, and their types. All of them are types
//! that Spark knows: signed numbers, no views.

use arrow_schema::{DataType, Field, FieldRef};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::sync::Arc;

/// A field of the struct, as a bit of [`Fields`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u16)]
pub(crate) enum Part {
    Flagged = 1,
    Score = 2,
    Category = 4,
    Findings = 8,
    Truncated = 16,
    Platforms = 32,
    Contacts = 64,
    Attributes = 128,
    Masked = 256,
    Folded = 512,
}

impl Part {
    const ALL: [Part; 10] = [
        Part::Flagged,
        Part::Score,
        Part::Category,
        Part::Findings,
        Part::Truncated,
        Part::Platforms,
        Part::Contacts,
        Part::Attributes,
        Part::Masked,
        Part::Folded,
    ];

    fn name(self) -> &'static str {
        match self {
            Part::Flagged => "flagged",
            Part::Score => "score",
            Part::Category => "category",
            Part::Findings => "findings",
            Part::Truncated => "truncated",
            Part::Platforms => "platforms",
            Part::Contacts => "contacts",
            Part::Attributes => "attributes",
            Part::Masked => "masked",
            Part::Folded => "folded",
        }
    }

    fn field(self) -> Field {
        let data_type = match self {
            Part::Flagged | Part::Truncated => DataType::Boolean,
            Part::Score => DataType::Float32,
            Part::Category => DataType::Utf8,
            Part::Findings => list(findings()),
            Part::Platforms => list(DataType::Utf8),
            Part::Contacts => list(contacts()),
            Part::Attributes => list(attributes()),
            Part::Masked | Part::Folded => DataType::LargeUtf8,
        };
        Field::new(self.name(), data_type, true)
    }
}

/// Which fields a column of verdicts has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fields(u16);

impl Fields {
    pub(crate) const DEFAULT: Fields = Fields(31);

    /// The fields with these names.
    fn named(names: &[String]) -> PyResult<Fields> {
        let mut fields = Fields(0);
        for name in names {
            let known = Part::ALL.into_iter().find(|part| part.name() == name);
            let part = known.ok_or_else(|| {
                let all: Vec<&str> = Part::ALL.iter().map(|part| part.name()).collect();
                PyValueError::new_err(format!(
                    "no field {name:?}; the fields are {}",
                    all.join(", ")
                ))
            })?;
            fields.0 |= part as u16;
        }
        match fields.0 {
            0 => Err(PyValueError::new_err("fields is empty; name one field at least")),
            _ => Ok(fields),
        }
    }

    pub(crate) fn has(self, part: Part) -> bool {
        self.0 & part as u16 != 0
    }

    /// Whether any field tells of texts that are not flagged, too.
    pub(crate) fn has_details(self) -> bool {
        [Part::Platforms, Part::Contacts, Part::Attributes]
            .into_iter()
            .any(|p| self.has(p))
    }

    /// The struct's fields, in an order that does not depend on the caller's.
    pub(crate) fn schema(self) -> Vec<Field> {
        let chosen = Part::ALL.into_iter().filter(|part| self.has(*part));
        chosen.map(Part::field).collect()
    }

    pub(crate) fn data_type(self) -> DataType {
        DataType::Struct(self.schema().into())
    }
}

impl FromPyObject<'_, '_> for Fields {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, '_, PyAny>) -> PyResult<Fields> {
        if object.is_none() {
            return Ok(Fields::DEFAULT);
        }
        if object.is_instance_of::<PyString>() {
            let name = object.repr()?;
            return Err(PyTypeError::new_err(format!(
                "fields is a list of names; write fields=[{name}]"
            )));
        }
        Fields::named(&object.extract::<Vec<String>>()?)
    }
}

pub(crate) fn list(items: DataType) -> DataType {
    DataType::List(item(items))
}

pub(crate) fn item(data_type: DataType) -> FieldRef {
    Arc::new(Field::new("item", data_type, true))
}

fn structure(fields: Vec<(&str, DataType)>) -> DataType {
    let fields = fields.into_iter();
    let fields = fields.map(|(name, data_type)| Field::new(name, data_type, true));
    DataType::Struct(fields.collect())
}

/// The type of a finding. Spans are code points, end exclusive.
pub(crate) fn findings() -> DataType {
    structure(vec![
        ("category", DataType::Utf8),
        ("score", DataType::Float32),
        ("start", DataType::Int32),
        ("end", DataType::Int32),
        ("text", DataType::Utf8),
        ("rules", list(DataType::Utf8)),
        ("evidence", list(evidence())),
    ])
}

/// The type of a piece of evidence.
pub(crate) fn evidence() -> DataType {
    structure(vec![
        ("concept", DataType::Utf8),
        ("start", DataType::Int32),
        ("end", DataType::Int32),
        ("text", DataType::Utf8),
        ("means", DataType::Utf8),
        ("disguises", list(DataType::Utf8)),
    ])
}

/// The type of a contact.
pub(crate) fn contacts() -> DataType {
    structure(vec![
        ("platform", DataType::Utf8),
        ("value", DataType::Utf8),
        ("start", DataType::Int32),
        ("end", DataType::Int32),
        ("text", DataType::Utf8),
    ])
}

/// The type of an attribute; its value is null where it is there or not.
pub(crate) fn attributes() -> DataType {
    structure(vec![("name", DataType::Utf8), ("value", DataType::Utf8)])
}
