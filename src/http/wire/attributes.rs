//! Attributes: labels of the caller's own on a record. No personal data belongs in them.

use std::collections::BTreeMap;

use deserr::{Deserr, IntoValue, Map, Value, ValuePointerRef};
use serde::Serialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{
    AdditionalProperties, ObjectBuilder, OneOfBuilder, Schema, SchemaType, Type,
};
use utoipa::{PartialSchema, ToSchema};

use super::scalar::{text, text_schema};
use super::text::check;
use super::{Faults, Text};

/// Most attributes of a record.
pub const MAX_ATTRIBUTES: usize = 20;
/// Most characters of a value.
const MAX_VALUE: usize = 200;
/// Most characters of a name.
const MAX_NAME: usize = 40;
/// What a name looks like.
const NAME_PATTERN: &str = "^[a-z][a-z0-9_]{0,39}$";

/// The attributes of a record, in and out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Attributes(pub BTreeMap<String, String>);

/// Attributes to be set, or, where null, taken away.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AttributeChanges(pub BTreeMap<String, Option<String>>);

/// Looks for records that have an attribute: `name:value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttributeIs {
    /// The name of the attribute.
    pub name: String,
    /// The value that it has.
    pub value: String,
}

fn is_name(name: &str) -> bool {
    name.len() <= MAX_NAME
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Reads an object of at most [`MAX_ATTRIBUTES`], each value by `read`.
fn members<T, V: IntoValue>(
    value: Value<V>,
    at: ValuePointerRef<'_>,
    read: impl Fn(Value<V>, ValuePointerRef<'_>) -> Result<T, Faults>,
) -> Result<BTreeMap<String, T>, Faults> {
    let Value::Map(object) = value else {
        return Err(Faults::one(at, "wrong_type"));
    };
    if object.len() > MAX_ATTRIBUTES {
        return Err(Faults::one(at, "too_many").with("most", MAX_ATTRIBUTES));
    }
    let (mut members, mut faults) = (BTreeMap::new(), Faults::default());
    for (name, value) in object.into_iter() {
        let at = at.push_key(&name);
        if !is_name(&name) {
            faults.add(at, "bad_attribute_name");
        }
        match read(value.into_value(), at) {
            Ok(value) => {
                members.insert(name, value);
            }
            Err(others) => faults.append(others),
        }
    }
    if faults.is_empty() {
        Ok(members)
    } else {
        Err(faults)
    }
}

fn attribute<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<String, Faults> {
    Text::<MAX_VALUE>::deserialize_from_value(value, at).map(|text| text.0)
}

impl Deserr<Faults> for Attributes {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        members(value, at, attribute).map(Self)
    }
}

impl Deserr<Faults> for AttributeChanges {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let change = |value: Value<V>, at: ValuePointerRef<'_>| match value {
            Value::Null => Ok(None),
            value => attribute(value, at).map(Some),
        };
        members(value, at, change).map(Self)
    }
}

impl Deserr<Faults> for AttributeIs {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let text = text(value, at)?;
        match text.split_once(':') {
            Some((name, value)) if is_name(name) => {
                check(value, MAX_VALUE)
                    .map_err(|code| Faults::one(at, code).with("most", MAX_VALUE))?;
                Ok(Self {
                    name: name.to_owned(),
                    value: value.to_owned(),
                })
            }
            _ => Err(Faults::one(at, "bad_attribute_name")),
        }
    }
}

fn schema_of(value: impl Into<RefOr<Schema>>, description: &str) -> RefOr<Schema> {
    ObjectBuilder::new()
        .schema_type(SchemaType::new(Type::Object))
        .description(Some(description))
        .max_properties(Some(MAX_ATTRIBUTES))
        .property_names(Some(
            ObjectBuilder::new()
                .schema_type(SchemaType::new(Type::String))
                .pattern(Some(NAME_PATTERN)),
        ))
        .additional_properties(Some(AdditionalProperties::RefOr(value.into())))
        .examples([serde_json::json!({"wave": "2022-08", "channel": "messenger"})])
        .into()
}

impl PartialSchema for Attributes {
    fn schema() -> RefOr<Schema> {
        schema_of(
            Text::<MAX_VALUE>::schema(),
            "Labels of the caller's own; no personal data.",
        )
    }
}

impl ToSchema for Attributes {}

impl PartialSchema for AttributeChanges {
    fn schema() -> RefOr<Schema> {
        let value = OneOfBuilder::new()
            .item(Text::<MAX_VALUE>::schema())
            .item(ObjectBuilder::new().schema_type(Type::Null));
        schema_of(value, "Labels to set, or, where null, to take away.")
    }
}

impl ToSchema for AttributeChanges {}

impl PartialSchema for AttributeIs {
    fn schema() -> RefOr<Schema> {
        text_schema(
            "An attribute that records have, as `name:value`.",
            "wave:2022-08",
        )
        .pattern(Some("^[a-z][a-z0-9_]{0,39}:.+$"))
        .max_length(Some(MAX_NAME.saturating_add(MAX_VALUE).saturating_add(1)))
        .into()
    }
}

impl ToSchema for AttributeIs {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::json::Json;

    fn read(body: &str) -> Result<Attributes, Vec<(String, &'static str)>> {
        let json = Json::parse(body.as_bytes()).unwrap();
        deserr::deserialize(json).map_err(|faults: Faults| {
            faults
                .into_vec()
                .into_iter()
                .map(|fault| (fault.field, fault.code))
                .collect()
        })
    }

    #[test]
    fn every_wrong_attribute_is_named() {
        let good = read(r#"{"wave":"1차","a_1":"x"}"#).unwrap();
        assert_eq!(good.0["wave"], "1차");
        let wrong = read(r#"{"Wave":"x","a":1,"b":"","c":"fine"}"#).unwrap_err();
        let wrong: Vec<_> = wrong
            .iter()
            .map(|(field, code)| (field.as_str(), *code))
            .collect();
        assert_eq!(
            wrong,
            [
                ("/Wave", "bad_attribute_name"),
                ("/a", "wrong_type"),
                ("/b", "empty")
            ]
        );
    }

    #[test]
    fn there_are_at_most_twenty() {
        let many = |count: usize| {
            let members: Vec<String> = (0..count).map(|n| format!("\"a{n}\":\"x\"")).collect();
            read(&format!("{{{}}}", members.join(",")))
        };
        assert!(many(20).is_ok());
        assert_eq!(many(21).unwrap_err(), [(String::new(), "too_many")]);
    }
}
