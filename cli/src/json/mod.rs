//! Posts in JSON objects: two fields of interest, the rest passed over.

mod path;

use crate::problem::{Broken, Kind, Problem};
use path::Step;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::fmt;

/// Whether a line is JSON.
pub(crate) fn is_valid(line: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(line).is_ok()
}

/// The names of the two fields. One with dots leads into nested objects, unless a key
/// is that name as it stands.
#[derive(Clone, Debug)]
pub(crate) struct FieldNames {
    pub(crate) text: String,
    pub(crate) id: String,
}

/// What a line's object held. Reused from line to line.
#[derive(Debug, Default)]
pub(crate) struct JsonPost {
    /// The post, valid UTF-8. A half of a surrogate pair, which JSON can write, is
    /// U+FFFD.
    pub(crate) text: Vec<u8>,
    /// The first part of the text that is broken in the input.
    pub(crate) broken: Option<Broken>,
    /// Its id as text; empty if it has none.
    pub(crate) id: String,
}

/// What was found on the way through a line's object.
#[derive(Default)]
struct Found<'j> {
    /// The post has a text, under its name as it stands.
    text: bool,
    /// The same of the id, which may be null.
    id: bool,
    /// Where the names lead otherwise.
    text_step: Step<'j>,
    id_step: Step<'j>,
}

impl JsonPost {
    /// Reads a line, which is valid UTF-8; `is_broken` if it was not, and has U+FFFD
    /// for what was no UTF-8.
    ///
    /// # Errors
    ///
    /// What is wrong and what to do about it. The id is there all the same if
    /// it came before what is wrong.
    pub(crate) fn read(
        &mut self,
        line: &[u8],
        is_broken: bool,
        names: &FieldNames,
    ) -> Result<(), Problem> {
        self.text.clear();
        self.id.clear();
        let mut found = Found::default();
        let mut deserializer = serde_json::Deserializer::from_slice(line);
        let read = Object { names, post: self, found: &mut found }
            .deserialize(&mut deserializer)
            .and_then(|()| deserializer.end());
        let id = self.read_nested_id(names, &found);
        read.map_err(|error| explain(&error, line))?;
        id?;
        if !found.text {
            self.read_nested_text(line, names, &found)?;
        }
        let bytes = is_broken
            .then(|| memchr::memmem::find(&self.text, REPLACEMENT.as_bytes()))
            .flatten()
            .map(|at| Broken { kind: Kind::NotUtf8, at });
        let half =
            mend_surrogates(&mut self.text).map(|at| Broken { kind: Kind::HalfPair, at });
        self.broken = bytes.or(half);
        Ok(())
    }

    /// Reads what the id's name leads to, unless a key is that name as it stands. A post
    /// without anything there has no id.
    fn read_nested_id(
        &mut self,
        names: &FieldNames,
        found: &Found<'_>,
    ) -> Result<(), Problem> {
        match found.id_step.follow(&names.id) {
            Ok(value) if !found.id => {
                read_id(value.get(), &mut self.id).map_err(|what| {
                    Problem::new(Kind::WrongField, wrong_id(&names.id, what))
                })
            }
            _ => Ok(()),
        }
    }

    /// Reads what the text's name leads to.
    fn read_nested_text(
        &mut self,
        line: &[u8],
        names: &FieldNames,
        found: &Found<'_>,
    ) -> Result<(), Problem> {
        let value = found.text_step.follow(&names.text);
        let value = value.map_err(|lost| lost.problem(line))?;
        Text(names, &mut self.text)
            .deserialize(&mut serde_json::Deserializer::from_str(value.get()))
            .map_err(|error| explain(&error, line))
    }
}

/// What stands for what is no UTF-8.
const REPLACEMENT: &str = "\u{FFFD}";

/// Puts U+FFFD in the place of each half of a surrogate pair, which has as many
/// bytes. Gives the place of the first one.
fn mend_surrogates(text: &mut [u8]) -> Option<usize> {
    let (mut from, mut first) = (0, None);
    while let Some(length) = memchr::memchr(0xED, text.get(from..).unwrap_or(&[])) {
        let at = from + length;
        // Hangul begins with the same byte.
        if let Some([_, 0xA0..=0xBF, _]) = text.get(at..at + 3) {
            text[at..at + 3].copy_from_slice(REPLACEMENT.as_bytes());
            first = first.or(Some(at));
        }
        from = at + 1;
    }
    first
}

fn explain(error: &serde_json::Error, line: &[u8]) -> Problem {
    let text = error.to_string();
    let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
    match line.trim_ascii() {
        [b'[', ..] if error.is_data() => {
            let what = "a JSON array; write one object a line, as jq -c '.[]' does";
            Problem::new(Kind::NotObject, what)
        }
        [b'{', ..] if error.is_data() => Problem::new(Kind::WrongField, what.to_owned()),
        _ if error.is_data() => Problem::new(Kind::NotObject, what.to_owned()),
        b"{" => {
            let what = "not JSON: an object over several lines; write one object a line, \
                        as jq -c . does";
            Problem::new(Kind::NotJson, what)
        }
        _ => {
            let what = format!(
                "not JSON: {what} at byte {}; write one object a line, or use --format text",
                error.column().saturating_sub(1)
            );
            Problem::new(Kind::NotJson, what)
        }
    }
}

/// The object of a line.
struct Object<'p, 'j> {
    names: &'p FieldNames,
    post: &'p mut JsonPost,
    found: &'p mut Found<'j>,
}

impl<'de> DeserializeSeed<'de> for Object<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object; write one a line, or use --format text")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Key(self.names))? {
            match key {
                Field::Text => {
                    map.next_value_seed(Text(self.names, &mut self.post.text))?;
                    self.found.text = true;
                }
                Field::Id => {
                    let value: &RawValue = map.next_value()?;
                    self.post.id.clear();
                    read_id(value.get(), &mut self.post.id).map_err(|what| {
                        A::Error::custom(wrong_id(&self.names.id, what))
                    })?;
                    self.found.id = true;
                }
                Field::Step { length, text, id } => {
                    let value: &RawValue = map.next_value()?;
                    if text {
                        self.found.text_step.offer(length, value);
                    }
                    if id {
                        self.found.id_step.offer(length, value);
                    }
                }
                Field::Other => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// An id from its JSON: a string's contents, or a number as it is written.
fn read_id(json: &str, id: &mut String) -> Result<(), &'static str> {
    match json.as_bytes().first() {
        Some(b'"') => match serde_json::from_str::<String>(json) {
            Ok(string) => *id = string,
            Err(_) => return Err("not valid Unicode"),
        },
        Some(b'-' | b'0'..=b'9') => id.push_str(json),
        Some(b'n') => {}
        _ => return Err(kind_of(json.as_bytes())),
    }
    Ok(())
}

fn wrong_id(name: &str, kind: &str) -> String {
    format!("field \"{name}\" is {kind}; an id is a string or a number")
}

/// What a JSON value is, with its article.
fn kind_of(json: &[u8]) -> &'static str {
    match json.trim_ascii_start().first() {
        Some(b'"') => "a string",
        Some(b'n') => "null",
        Some(b't' | b'f') => "a boolean",
        Some(b'[') => "an array",
        Some(b'{') => "an object",
        _ => "a number",
    }
}

enum Field {
    Text,
    Id,
    /// A key that begins a name.
    Step {
        length: usize,
        text: bool,
        id: bool,
    },
    Other,
}

struct Key<'p>(&'p FieldNames);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = Field;

    fn deserialize<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Field, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Field;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_bytes<E: Error>(self, key: &[u8]) -> Result<Field, E> {
        Ok(match key {
            key if key == self.0.text.as_bytes() => Field::Text,
            key if key == self.0.id.as_bytes() => Field::Id,
            key => {
                let text = path::begins(&self.0.text, key);
                let id = path::begins(&self.0.id, key);
                match text || id {
                    true => Field::Step { length: key.len(), text, id },
                    false => Field::Other,
                }
            }
        })
    }
}

/// The post: copied, not checked for valid Unicode.
struct Text<'p>(&'p FieldNames, &'p mut Vec<u8>);

impl<'de> DeserializeSeed<'de> for Text<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for Text<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a string in field \"{}\"; name another with --field", self.0.text)
    }

    fn visit_bytes<E: Error>(self, text: &[u8]) -> Result<(), E> {
        self.1.clear();
        self.1.extend_from_slice(text);
        Ok(())
    }
}
