//! The form in which reports are written and read: that of the records of
//! `huoyan scan --output json`.

use super::Report;
use crate::fold::{Disguise, DisguiseSet};
use alloc::vec::Vec;
use serde::ser::{Serialize, SerializeStruct, Serializer};
use serde::{Deserialize, Deserializer};

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // Formats for machines find a field by its place, so that none may be missing.
        let tells_truncated = self.truncated || !serializer.is_human_readable();
        let count = 6 + usize::from(tells_truncated);
        let mut form = serializer.serialize_struct("Report", count)?;
        form.serialize_field("score", &self.score)?;
        form.serialize_field("category", &self.category)?;
        form.serialize_field("platforms", &self.platforms)?;
        form.serialize_field("findings", &self.findings)?;
        form.serialize_field("contacts", &self.contacts)?;
        form.serialize_field("attributes", &attributes::Form(&self.attributes))?;
        match tells_truncated {
            true => form.serialize_field("truncated", &self.truncated)?,
            false => form.skip_field("truncated")?,
        }
        form.end()
    }
}

impl Serialize for DisguiseSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for DisguiseSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let kinds = Vec::<Disguise>::deserialize(deserializer)?;
        Ok(kinds.into_iter().collect())
    }
}

/// Attributes as a map: each name with its values, or with `true` if it has none.
pub(super) mod attributes {
    use crate::report::AttributeReport;
    use alloc::string::String;
    use alloc::vec::Vec;
    use core::fmt;
    use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
    use serde::ser::{Serialize, SerializeMap, Serializer};

    /// Attributes that are written.
    pub(crate) struct Form<'a>(pub(crate) &'a [AttributeReport]);

    impl Serialize for Form<'_> {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            // Who reads a format for machines must know what type comes.
            if !serializer.is_human_readable() {
                return self.0.serialize(serializer);
            }
            let mut map = serializer.serialize_map(Some(self.0.len()))?;
            for AttributeReport { name, values } in self.0 {
                match values.is_empty() {
                    true => map.serialize_entry(name, &true)?,
                    false => map.serialize_entry(name, values)?,
                }
            }
            map.end()
        }
    }

    pub(crate) fn read<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<AttributeReport>, D::Error> {
        match deserializer.is_human_readable() {
            true => deserializer.deserialize_map(Named),
            false => Vec::deserialize(deserializer),
        }
    }

    struct Named;

    impl<'de> Visitor<'de> for Named {
        type Value = Vec<AttributeReport>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map of attributes")
        }

        fn visit_map<A: MapAccess<'de>>(
            self,
            mut map: A,
        ) -> Result<Vec<AttributeReport>, A::Error> {
            let mut attributes = Vec::new();
            while let Some((name, Values(values))) = map.next_entry()? {
                attributes.push(AttributeReport { name, values });
            }
            Ok(attributes)
        }
    }

    /// The values of one attribute.
    struct Values(Vec<String>);

    impl<'de> Deserialize<'de> for Values {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            deserializer.deserialize_any(OneAttribute)
        }
    }

    struct OneAttribute;

    impl<'de> Visitor<'de> for OneAttribute {
        type Value = Values;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("true, or a list of values that is not empty")
        }

        fn visit_bool<E: Error>(self, is_there: bool) -> Result<Values, E> {
            match is_there {
                true => Ok(Values(Vec::new())),
                false => Err(E::invalid_value(serde::de::Unexpected::Bool(false), &self)),
            }
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Values, A::Error> {
            let mut values = Vec::new();
            while let Some(value) = list.next_element()? {
                values.push(value);
            }
            match values.is_empty() {
                true => Err(A::Error::invalid_length(0, &self)),
                false => Ok(Values(values)),
            }
        }
    }
}
