//! Posts in JSON objects: two fields of interest, the rest passed over.

use crate::problem::{Broken, Kind, Problem};
use crate::terminal::quoted_list;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

/// Whether a line is JSON.
pub(crate) fn is_valid(line: &[u8]) -> bool {
    serde_json::from_slice::<IgnoredAny>(line).is_ok()
}

/// The names of the two fields.
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
    has_text: bool,
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
        self.has_text = false;
        let mut deserializer = serde_json::Deserializer::from_slice(line);
        let result = Object { names, post: self }
            .deserialize(&mut deserializer)
            .and_then(|()| deserializer.end());
        match result {
            Err(error) => Err(explain(&error, line)),
            Ok(()) if !self.has_text => {
                let keys: BTreeMap<String, IgnoredAny> =
                    serde_json::from_slice(line).unwrap_or_default();
                let has = match keys.is_empty() {
                    true => "it is empty".into(),
                    false => {
                        format!("it has {}", quoted_list(keys.keys().map(String::as_str)))
                    }
                };
                let text = &names.text;
                let what = format!("no field \"{text}\" ({has}); name it with --field");
                Err(Problem::new(Kind::NoField, what))
            }
            Ok(()) => {
                let bytes = is_broken
                    .then(|| memchr::memmem::find(&self.text, REPLACEMENT.as_bytes()))
                    .flatten()
                    .map(|at| Broken { kind: Kind::NotUtf8, at });
                let half = mend_surrogates(&mut self.text)
                    .map(|at| Broken { kind: Kind::HalfPair, at });
                self.broken = bytes.or(half);
                Ok(())
            }
        }
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
                error.column()
            );
            Problem::new(Kind::NotJson, what)
        }
    }
}

/// The object of a line.
struct Object<'p> {
    names: &'p FieldNames,
    post: &'p mut JsonPost,
}

impl<'de> DeserializeSeed<'de> for Object<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Object<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object; write one a line, or use --format text")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key_seed(Key(self.names))? {
            match key {
                Field::Text => {
                    map.next_value_seed(Text(self.names, &mut self.post.text))?;
                    self.post.has_text = true;
                }
                Field::Id => {
                    let value: &RawValue = map.next_value()?;
                    self.post.id.clear();
                    read_id(value.get(), &mut self.post.id).map_err(|what| {
                        A::Error::custom(format_args!(
                            "field \"{}\" is {what}; an id is a string or a number",
                            self.names.id
                        ))
                    })?;
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
        Some(b't' | b'f') => return Err("a boolean"),
        Some(b'[') => return Err("an array"),
        _ => return Err("an object"),
    }
    Ok(())
}

enum Field {
    Text,
    Id,
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
            _ => Field::Other,
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
