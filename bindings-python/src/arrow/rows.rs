//! Building a block of verdicts.

use super::fields::{Fields, Part};
use super::nested::{Attributes, Contacts, Findings, Strings};
use crate::data::Details;
use arrow_array::builder::{LargeStringBuilder, StringBuilder};
use arrow_array::{Array, ArrayRef, BooleanArray, Float32Array, StructArray};
use arrow_buffer::{BooleanBufferBuilder, NullBuffer};
use arrow_schema::Field;
use huoyan::{Category, Ruleset, Scratch, fold};
use std::sync::Arc;

/// The verdict on a text, as far as the chosen fields need it.
pub(crate) struct Row {
    score: f32,
    flagged: bool,
    category: Option<Category>,
    truncated: bool,
    details: Option<Arc<Details>>,
    masked: Option<String>,
    folded: Option<String>,
}

impl Row {
    #[inline]
    pub(crate) fn of(
        ruleset: &Ruleset<'_>,
        scratch: &mut Scratch,
        fields: Fields,
        text: &[u8],
    ) -> Row {
        let verdict = ruleset.scan_bytes(scratch, text);
        let flagged = verdict.is_flagged();
        let wants_details = fields.has_details() || flagged && fields.has(Part::Findings);
        let folded = || fold::fold_bytes(text).map(|plain| plain.char).collect();
        let mut row = Row {
            score: verdict.score(),
            flagged,
            category: if flagged { verdict.category() } else { None },
            truncated: verdict.truncated(),
            details: wants_details.then(|| Details::of(&verdict, text)).flatten(),
            masked: None,
            folded: fields.has(Part::Folded).then(folded),
        };
        if fields.has(Part::Masked) {
            row.masked = Some(ruleset.mask(scratch, &String::from_utf8_lossy(text)));
        }
        row
    }
}

/// A block of verdicts while it grows.
pub(crate) struct Rows {
    fields: Fields,
    valid: BooleanBufferBuilder,
    flagged: BooleanBufferBuilder,
    score: Vec<f32>,
    category: StringBuilder,
    findings: Option<Findings>,
    truncated: BooleanBufferBuilder,
    platforms: Option<Strings>,
    contacts: Option<Contacts>,
    attributes: Option<Attributes>,
    masked: Option<LargeStringBuilder>,
    folded: Option<LargeStringBuilder>,
    nulls: usize,
}

impl Rows {
    pub(crate) fn new(fields: Fields, rows: usize) -> Rows {
        let with = |part: Part| if fields.has(part) { rows } else { 0 };
        let strings = || LargeStringBuilder::with_capacity(rows, 0);
        Rows {
            fields,
            valid: BooleanBufferBuilder::new(rows),
            flagged: BooleanBufferBuilder::new(with(Part::Flagged)),
            score: Vec::with_capacity(with(Part::Score)),
            category: StringBuilder::with_capacity(with(Part::Category), 0),
            findings: fields.has(Part::Findings).then(|| Findings::with_capacity(rows)),
            truncated: BooleanBufferBuilder::new(with(Part::Truncated)),
            platforms: fields.has(Part::Platforms).then(|| Strings::with_capacity(rows)),
            contacts: fields.has(Part::Contacts).then(|| Contacts::with_capacity(rows)),
            attributes: fields
                .has(Part::Attributes)
                .then(|| Attributes::with_capacity(rows)),
            masked: fields.has(Part::Masked).then(strings),
            folded: fields.has(Part::Folded).then(strings),
            nulls: 0,
        }
    }

    /// Adds a verdict on `text`.
    #[inline]
    pub(crate) fn push(&mut self, row: &Row, text: &[u8]) {
        self.valid.append(true);
        if self.fields.has(Part::Flagged) {
            self.flagged.append(row.flagged);
        }
        if self.fields.has(Part::Score) {
            self.score.push(row.score);
        }
        if self.fields.has(Part::Category) {
            self.category.append_option(row.category.map(Category::name));
        }
        if self.fields.has(Part::Truncated) {
            self.truncated.append(row.truncated);
        }
        if let Some(masked) = &mut self.masked {
            masked.append_option(row.masked.as_deref());
        }
        if let Some(folded) = &mut self.folded {
            folded.append_option(row.folded.as_deref());
        }
        match &row.details {
            Some(details) => self.push_details(details, text),
            None => self.push_no_details(),
        }
    }

    fn push_details(&mut self, details: &Details, text: &[u8]) {
        if let Some(findings) = &mut self.findings {
            findings.push(details, text);
        }
        if let Some(platforms) = &mut self.platforms {
            platforms.push(details.platforms.iter().map(|name| &**name));
        }
        if let Some(contacts) = &mut self.contacts {
            contacts.push(details, text);
        }
        if let Some(attributes) = &mut self.attributes {
            attributes.push(details);
        }
    }

    fn push_no_details(&mut self) {
        if let Some(findings) = &mut self.findings {
            findings.end();
        }
        if let Some(platforms) = &mut self.platforms {
            platforms.push(std::iter::empty());
        }
        if let Some(contacts) = &mut self.contacts {
            contacts.end();
        }
        if let Some(attributes) = &mut self.attributes {
            attributes.end();
        }
    }

    /// Adds a row without text.
    pub(crate) fn push_null(&mut self) {
        self.valid.append(false);
        self.nulls += 1;
        if self.fields.has(Part::Flagged) {
            self.flagged.append(false);
        }
        if self.fields.has(Part::Score) {
            self.score.push(0.0);
        }
        if self.fields.has(Part::Category) {
            self.category.append_null();
        }
        if self.fields.has(Part::Truncated) {
            self.truncated.append(false);
        }
        if let Some(masked) = &mut self.masked {
            masked.append_null();
        }
        if let Some(folded) = &mut self.folded {
            folded.append_null();
        }
        self.push_no_details();
    }

    /// The block as an array of structs; rows without text are null.
    pub(crate) fn finish(mut self) -> ArrayRef {
        let rows = self.valid.len();
        let valid = NullBuffer::new(self.valid.finish());
        let nulls = (self.nulls > 0).then_some(valid);
        let mut columns: Vec<ArrayRef> = Vec::new();
        if self.fields.has(Part::Flagged) {
            let flagged = self.flagged.finish();
            columns.push(Arc::new(BooleanArray::new(flagged, nulls.clone())));
        }
        if self.fields.has(Part::Score) {
            columns.push(Arc::new(Float32Array::new(self.score.into(), nulls.clone())));
        }
        if self.fields.has(Part::Category) {
            columns.push(Arc::new(self.category.finish()));
        }
        columns.extend(self.findings.map(Findings::finish));
        if self.fields.has(Part::Truncated) {
            let truncated = self.truncated.finish();
            columns.push(Arc::new(BooleanArray::new(truncated, nulls.clone())));
        }
        columns.extend(self.platforms.map(Strings::finish));
        columns.extend(self.contacts.map(Contacts::finish));
        columns.extend(self.attributes.map(Attributes::finish));
        let texts = [self.masked, self.folded].into_iter().flatten();
        columns.extend(texts.map(|mut text| Arc::new(text.finish()) as ArrayRef));
        debug_assert!(columns.iter().all(|column| column.len() == rows));
        let fields: Vec<Field> = self.fields.schema();
        Arc::new(StructArray::new(fields.into(), columns, nulls))
    }
}
