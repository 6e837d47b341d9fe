//! Tags of programs: for each scheme, such as `sdg`, a list of its labels.

use std::collections::BTreeMap;

use deserr::{Deserr, IntoValue, Map, Sequence, Value, ValuePointerRef};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{
    AdditionalProperties, ArrayBuilder, ObjectBuilder, OneOfBuilder, Schema, Type,
};
use utoipa::{PartialSchema, ToSchema};

use crate::http::wire::Faults;
use crate::http::wire::scalar::{Scalar, scalar};
use crate::http::wire::text::check;
use crate::programs::change::TagChanges;
use crate::programs::model::Tags;
use crate::programs::rules::{MAX_SCHEMES, MAX_TAGS};

/// Most characters of a label.
const MAX_LABEL: usize = 100;
/// Most characters of the name of a scheme.
const MAX_SCHEME: usize = 40;
/// What the name of a scheme looks like.
const SCHEME_PATTERN: &str = "^[a-z][a-z0-9_]{0,39}$";

/// Tags as they are sent. A label may be a number, and one label alone needs no list.
#[derive(Debug, Default)]
pub struct TagsIn(pub Tags);

/// Tags to be set by scheme, or, where null, taken away.
#[derive(Debug, Default)]
pub struct TagChangesIn(pub TagChanges);

fn is_scheme(name: &str) -> bool {
    name.len() <= MAX_SCHEME
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Reads an object of at most [`MAX_SCHEMES`], each value by `read`.
fn schemes<T, V: IntoValue>(
    value: Value<V>,
    at: ValuePointerRef<'_>,
    read: impl Fn(Value<V>, ValuePointerRef<'_>) -> Result<T, Faults>,
) -> Result<BTreeMap<String, T>, Faults> {
    let Value::Map(object) = value else {
        return Err(Faults::one(at, "wrong_type"));
    };
    if object.len() > MAX_SCHEMES {
        return Err(Faults::one(at, "too_many").with("most", MAX_SCHEMES));
    }
    let (mut schemes, mut faults) = (BTreeMap::new(), Faults::default());
    for (name, value) in object.into_iter() {
        let at = at.push_key(&name);
        if !is_scheme(&name) {
            faults.add(at, "bad_scheme");
        }
        match read(value.into_value(), at) {
            Ok(labels) => {
                schemes.insert(name, labels);
            }
            Err(others) => faults.append(others),
        }
    }
    if faults.is_empty() {
        Ok(schemes)
    } else {
        Err(faults)
    }
}

fn labels<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Vec<String>, Faults> {
    let Value::Sequence(list) = value else {
        return label(value, at).map(|label| vec![label]);
    };
    if list.len() > MAX_TAGS {
        return Err(Faults::one(at, "too_many").with("most", MAX_TAGS));
    }
    let (mut labels, mut faults) = (Vec::new(), Faults::default());
    for (index, value) in list.into_iter().enumerate() {
        match label(value.into_value(), at.push_index(index)) {
            Ok(label) => labels.push(label),
            Err(others) => faults.append(others),
        }
    }
    if faults.is_empty() {
        Ok(labels)
    } else {
        Err(faults)
    }
}

fn label<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<String, Faults> {
    let (Scalar::Text(label) | Scalar::Number(label)) = scalar(value, at)?;
    check(&label, MAX_LABEL).map_err(|code| Faults::one(at, code).with("most", MAX_LABEL))?;
    Ok(label)
}

impl Deserr<Faults> for TagsIn {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        schemes(value, at, labels).map(Self)
    }
}

impl Deserr<Faults> for TagChangesIn {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let change = |value: Value<V>, at: ValuePointerRef<'_>| match value {
            Value::Null => Ok(None),
            value => labels(value, at).map(Some),
        };
        schemes(value, at, change).map(Self)
    }
}

fn label_schema() -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .min_length(Some(1))
        .max_length(Some(MAX_LABEL))
}

fn number_schema() -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::Integer)
}

fn labels_schema() -> OneOfBuilder {
    let either = OneOfBuilder::new()
        .item(label_schema())
        .item(number_schema());
    OneOfBuilder::new()
        .item(ArrayBuilder::new().items(either).max_items(Some(MAX_TAGS)))
        .item(label_schema())
        .item(number_schema())
}

fn schema_of(labels: OneOfBuilder, description: &str) -> RefOr<Schema> {
    let labels = AdditionalProperties::RefOr(labels.into());
    ObjectBuilder::new()
        .schema_type(Type::Object)
        .description(Some(description))
        .max_properties(Some(MAX_SCHEMES))
        .property_names(Some(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .pattern(Some(SCHEME_PATTERN)),
        ))
        .additional_properties(Some(labels))
        .examples([serde_json::json!({"sdg": ["8", "10"], "gri": ["203-1"]})])
        .into()
}

impl PartialSchema for TagsIn {
    fn schema() -> RefOr<Schema> {
        schema_of(
            labels_schema(),
            "Labels by scheme: `sdg`, `gri`, `b4si` or another.",
        )
    }
}

impl ToSchema for TagsIn {}

impl PartialSchema for TagChangesIn {
    fn schema() -> RefOr<Schema> {
        let labels = labels_schema().item(ObjectBuilder::new().schema_type(Type::Null));
        schema_of(
            labels,
            "Labels by scheme to set, or, where null, to take away.",
        )
    }
}

impl ToSchema for TagChangesIn {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::json::Json;

    fn read<T: Deserr<Faults>>(body: &str) -> Result<T, Vec<(String, &'static str)>> {
        deserr::deserialize(Json::parse(body.as_bytes()).unwrap()).map_err(|faults: Faults| {
            faults
                .into_vec()
                .into_iter()
                .map(|fault| (fault.field, fault.code))
                .collect()
        })
    }

    #[test]
    fn labels_are_texts_or_numbers_in_a_list_or_alone() {
        let tags: TagsIn =
            read(r#"{"sdg":[8,"10"],"gri":["203-1"],"b4si":"community_investment"}"#).unwrap();
        assert_eq!(tags.0["sdg"], ["8", "10"]);
        assert_eq!(tags.0["gri"], ["203-1"]);
        assert_eq!(tags.0["b4si"], ["community_investment"]);
    }

    #[test]
    fn every_wrong_label_and_scheme_is_named() {
        let wrong = read::<TagsIn>(r#"{"SDG":["8"],"gri":["",{}],"b4si":true}"#).unwrap_err();
        let wrong: Vec<_> = wrong
            .iter()
            .map(|(field, code)| (field.as_str(), *code))
            .collect();
        assert_eq!(
            wrong,
            [
                ("/SDG", "bad_scheme"),
                ("/gri/0", "empty"),
                ("/gri/1", "wrong_type"),
                ("/b4si", "wrong_type")
            ]
        );
    }

    #[test]
    fn null_takes_a_scheme_away_where_tags_are_changed() {
        let changes: TagChangesIn = read(r#"{"sdg":null,"gri":["203-1"]}"#).unwrap();
        assert_eq!(changes.0["sdg"], None);
        assert_eq!(changes.0["gri"], Some(vec!["203-1".to_owned()]));
        assert!(read::<TagsIn>(r#"{"sdg":null}"#).is_err());
    }
}
