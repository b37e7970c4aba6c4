//! Columns of lists: findings with their evidence, contacts, attributes. A row
//! without any, which most are, costs an offset.

use super::fields::{self, item};
use crate::data::{Details, Span, lossy};
use arrow_array::builder::StringBuilder;
use arrow_array::{ArrayRef, Float32Array, Int32Array, ListArray, StructArray};
use arrow_buffer::OffsetBuffer;
use arrow_schema::DataType;
use huoyan::Category;
use std::sync::Arc;

/// Bytes of text from which the texts of a block are left out. Each byte may
/// become three, and what is longer than 31 bits tell is no Arrow string.
const TEXTS_BYTES_MAX: usize = i32::MAX as usize / 4;

/// The offsets of a list column; where an entry ends the next begins.
struct Offsets(Vec<i32>);

impl Offsets {
    pub(super) fn with_capacity(rows: usize) -> Offsets {
        let mut offsets = Vec::with_capacity(rows + 1);
        offsets.push(0);
        Offsets(offsets)
    }

    /// Ends an entry; `items` is how many items there are by now. A block
    /// holds about a megabyte of text, so that they fit.
    pub(super) fn end(&mut self, items: usize) {
        self.0.push(i32::try_from(items).unwrap_or(i32::MAX));
    }

    pub(super) fn list(self, items: ArrayRef) -> ArrayRef {
        let offsets = OffsetBuffer::new(self.0.into());
        Arc::new(ListArray::new(item(items.data_type().clone()), offsets, items, None))
    }
}

/// A list of strings in each row.
pub(super) struct Strings {
    offsets: Offsets,
    values: StringBuilder,
    count: usize,
}

impl Strings {
    pub(super) fn with_capacity(rows: usize) -> Strings {
        let offsets = Offsets::with_capacity(rows);
        Strings { offsets, values: StringBuilder::with_capacity(0, 0), count: 0 }
    }

    pub(super) fn push<'s>(&mut self, strings: impl Iterator<Item = &'s str>) {
        for string in strings {
            self.values.append_value(string);
            self.count += 1;
        }
        self.offsets.end(self.count);
    }

    pub(super) fn finish(mut self) -> ArrayRef {
        self.offsets.list(Arc::new(self.values.finish()))
    }
}

/// Spans with their text.
#[derive(Default)]
struct Spans {
    start: Vec<i32>,
    end: Vec<i32>,
    text: StringBuilder,
}

impl Spans {
    pub(super) fn push(&mut self, span: Span, text: &[u8]) {
        let int = |chars: u32| i32::try_from(chars).unwrap_or(i32::MAX);
        self.start.push(int(span.chars.0));
        self.end.push(int(span.chars.1));
        let bytes = span.bytes.0 as usize..span.bytes.1 as usize;
        let text = text.get(bytes).unwrap_or_default();
        match self.text.values_slice().len() + text.len() > TEXTS_BYTES_MAX {
            true => self.text.append_null(),
            false => self.text.append_value(lossy(text)),
        }
    }

    pub(super) fn finish(mut self) -> [ArrayRef; 3] {
        [
            Arc::new(Int32Array::from(self.start)),
            Arc::new(Int32Array::from(self.end)),
            Arc::new(self.text.finish()),
        ]
    }
}

fn structure(data_type: DataType, columns: Vec<ArrayRef>) -> ArrayRef {
    let DataType::Struct(fields) = data_type else { unreachable!("a struct's type") };
    Arc::new(StructArray::new(fields, columns, None))
}

pub(super) struct Findings {
    offsets: Offsets,
    category: StringBuilder,
    score: Vec<f32>,
    spans: Spans,
    rules: Strings,
    evidence_offsets: Offsets,
    evidence: Evidence,
}

#[derive(Default)]
struct Evidence {
    concept: StringBuilder,
    spans: Spans,
    means: StringBuilder,
    disguises: Option<Strings>,
}

impl Findings {
    pub(super) fn with_capacity(rows: usize) -> Findings {
        Findings {
            offsets: Offsets::with_capacity(rows),
            category: StringBuilder::with_capacity(0, 0),
            score: Vec::new(),
            spans: Spans::default(),
            rules: Strings::with_capacity(0),
            evidence_offsets: Offsets::with_capacity(0),
            evidence: Evidence::default(),
        }
    }

    pub(super) fn push(&mut self, details: &Details, text: &[u8]) {
        for finding in &details.findings {
            self.category.append_value(finding.category.map_or("", Category::name));
            self.score.push(finding.score);
            self.spans.push(finding.span, text);
            self.rules.push(finding.rules.iter().map(|rule| &**rule));
            for evidence in &finding.evidence {
                self.evidence.concept.append_value(&evidence.concept);
                self.evidence.spans.push(evidence.span, text);
                self.evidence.means.append_value(&evidence.means);
                let disguises = self
                    .evidence
                    .disguises
                    .get_or_insert_with(|| Strings::with_capacity(0));
                disguises.push(evidence.disguises.names());
            }
            self.evidence_offsets.end(self.evidence.spans.start.len());
        }
        self.end();
    }

    pub(super) fn end(&mut self) {
        self.offsets.end(self.score.len());
    }

    pub(super) fn finish(mut self) -> ArrayRef {
        let mut seen = self.evidence;
        let [start, end, text] = seen.spans.finish();
        let disguises = seen.disguises.unwrap_or_else(|| Strings::with_capacity(0));
        let evidence = structure(
            fields::evidence(),
            vec![
                Arc::new(seen.concept.finish()),
                start,
                end,
                text,
                Arc::new(seen.means.finish()),
                disguises.finish(),
            ],
        );
        let [start, end, text] = self.spans.finish();
        let findings = structure(
            fields::findings(),
            vec![
                Arc::new(self.category.finish()),
                Arc::new(Float32Array::from(self.score)),
                start,
                end,
                text,
                self.rules.finish(),
                self.evidence_offsets.list(evidence),
            ],
        );
        self.offsets.list(findings)
    }
}

pub(super) struct Contacts {
    offsets: Offsets,
    platform: StringBuilder,
    value: StringBuilder,
    spans: Spans,
}

impl Contacts {
    pub(super) fn with_capacity(rows: usize) -> Contacts {
        Contacts {
            offsets: Offsets::with_capacity(rows),
            platform: StringBuilder::with_capacity(0, 0),
            value: StringBuilder::with_capacity(0, 0),
            spans: Spans::default(),
        }
    }

    pub(super) fn push(&mut self, details: &Details, text: &[u8]) {
        for contact in &details.contacts {
            self.platform.append_value(&contact.platform);
            self.value.append_value(&contact.value);
            self.spans.push(contact.span, text);
        }
        self.end();
    }

    pub(super) fn end(&mut self) {
        self.offsets.end(self.spans.start.len());
    }

    pub(super) fn finish(mut self) -> ArrayRef {
        let [start, end, text] = self.spans.finish();
        let platform = Arc::new(self.platform.finish());
        let value = Arc::new(self.value.finish());
        let columns = vec![platform, value, start, end, text];
        self.offsets.list(structure(fields::contacts(), columns))
    }
}

pub(super) struct Attributes {
    offsets: Offsets,
    name: StringBuilder,
    value: StringBuilder,
    count: usize,
}

impl Attributes {
    pub(super) fn with_capacity(rows: usize) -> Attributes {
        Attributes {
            offsets: Offsets::with_capacity(rows),
            name: StringBuilder::with_capacity(0, 0),
            value: StringBuilder::with_capacity(0, 0),
            count: 0,
        }
    }

    pub(super) fn push(&mut self, details: &Details) {
        for attribute in &details.attributes {
            self.name.append_value(&attribute.name);
            self.value.append_option(attribute.value.as_deref());
            self.count += 1;
        }
        self.end();
    }

    pub(super) fn end(&mut self) {
        self.offsets.end(self.count);
    }

    pub(super) fn finish(mut self) -> ArrayRef {
        let columns: Vec<ArrayRef> =
            vec![Arc::new(self.name.finish()), Arc::new(self.value.finish())];
        self.offsets.list(structure(fields::attributes(), columns))
    }
}
