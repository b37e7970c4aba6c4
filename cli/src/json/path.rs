//! Names with dots, which lead into nested objects.

use super::kind_of;
use crate::problem::{Kind, Problem};
use crate::terminal::quoted_list;
use serde::de::{Deserializer, Error, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

/// Whether a key begins a name that leads on from it: `a` and `a.b` begin `a.b.c`.
pub(super) fn begins(name: &str, key: &[u8]) -> bool {
    name.as_bytes().strip_prefix(key).is_some_and(|rest| rest.starts_with(b"."))
}

/// The longest key of an object so far that a name begins with, so that a key with
/// dots in it comes before the objects that the dots would lead into.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Step<'j> {
    length: usize,
    value: Option<&'j RawValue>,
}

impl<'j> Step<'j> {
    /// Of equal keys the last one counts.
    pub(super) fn offer(&mut self, length: usize, value: &'j RawValue) {
        if self.value.is_none() || length >= self.length {
            *self = Step { length, value: Some(value) };
        }
    }

    /// Goes on from here to the end of the name.
    pub(super) fn follow<'n>(self, name: &'n str) -> Result<&'j RawValue, Lost<'n, 'j>> {
        let mut object = None;
        let (mut start, mut step) = (0, self);
        loop {
            let Some(value) = step.value else {
                return Err(Lost { name, start, object });
            };
            let end = start + step.length;
            if end >= name.len() {
                return Ok(value);
            }
            (start, object) = (end + 1, Some(value));
            let read = serde_json::Deserializer::from_str(value.get())
                .deserialize_map(Level(&name[start..]));
            // What is no object has no fields.
            step = read.unwrap_or_default();
        }
    }
}

/// Where a name leads nowhere.
pub(super) struct Lost<'n, 'j> {
    name: &'n str,
    /// Where the part begins that is missing.
    start: usize,
    /// What lacks it; `None` is the object of the line.
    object: Option<&'j RawValue>,
}

impl Lost<'_, '_> {
    /// What is missing where. `line` is the whole object.
    pub(super) fn problem(&self, line: &[u8]) -> Problem {
        let Lost { name, start, object } = self;
        let field = name[*start..].split('.').next().unwrap_or_default();
        let before = &name[..start.saturating_sub(1)];
        let json = object.map_or(line, |object| object.get().as_bytes());
        let kind = kind_of(json);
        if object.is_some() && kind != "an object" {
            let what = format!(
                "field \"{before}\" is {kind}, not an object with \"{field}\"; name \
                 another with --field"
            );
            return Problem::new(Kind::WrongField, what);
        }
        let keys: BTreeMap<String, IgnoredAny> =
            serde_json::from_slice(json).unwrap_or_default();
        let has = match keys.is_empty() {
            true => "it is empty".into(),
            false => format!("it has {}", quoted_list(keys.keys().map(String::as_str))),
        };
        let within = match object {
            Some(_) => format!(" in \"{before}\""),
            None => String::new(),
        };
        let what = format!("no field \"{field}\"{within} ({has}); name it with --field");
        Problem::new(Kind::NoField, what)
    }
}

/// An object on the way of the rest of a name.
struct Level<'n>(&'n str);

impl<'de> Visitor<'de> for Level<'_> {
    type Value = Step<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Step<'de>, A::Error> {
        let mut step = Step::default();
        while let Some(length) = map.next_key_seed(Key(self.0))? {
            match length {
                Some(length) => step.offer(length, map.next_value()?),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(step)
    }
}

/// The length of a key that is the rest of the name, or begins it.
struct Key<'n>(&'n str);

impl<'de> serde::de::DeserializeSeed<'de> for Key<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(
        self,
        deserializer: D,
    ) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_bytes(self)
    }
}

impl Visitor<'_> for Key<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_bytes<E: Error>(self, key: &[u8]) -> Result<Option<usize>, E> {
        let is_whole = key == self.0.as_bytes();
        Ok((is_whole || begins(self.0, key)).then_some(key.len()))
    }
}
