//! The part of an indicator that is meant, as an object: the code of a value for each dimension.

use std::collections::BTreeMap;

use deserr::{Deserr, IntoValue, Map, Value, ValuePointerRef};
use serde::Serialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{AdditionalProperties, ObjectBuilder, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

use crate::code::Code;
use crate::http::wire::codes::CODE_PATTERN;
use crate::http::wire::{CodeIn, Faults};
use crate::indicators::rules::MAX_DIMENSIONS;
use crate::measurements::model::Cell;

/// A value for each dimension; none at all for the whole. In and out.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Dimensions(pub BTreeMap<Code, Code>);

impl From<&Cell> for Dimensions {
    fn from(cell: &Cell) -> Self {
        Self(cell.0.clone())
    }
}

impl Deserr<Faults> for Dimensions {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let Value::Map(object) = value else {
            return Err(Faults::one(at, "wrong_type"));
        };
        if object.len() > MAX_DIMENSIONS {
            return Err(Faults::one(at, "too_many").with("most", MAX_DIMENSIONS));
        }
        let (mut members, mut faults) = (BTreeMap::new(), Faults::default());
        for (name, value) in object.into_iter() {
            let at = at.push_key(&name);
            let read = CodeIn::deserialize_from_value(value.into_value(), at);
            match (Code::parse(&name), read) {
                (Ok(dimension), Ok(value)) => drop(members.insert(dimension, value.0)),
                (Ok(_), Err(others)) => faults.append(others),
                (Err(_), _) => faults.add(at, "bad_code"),
            }
        }
        if faults.is_empty() {
            Ok(Self(members))
        } else {
            Err(faults)
        }
    }
}

impl PartialSchema for Dimensions {
    fn schema() -> RefOr<Schema> {
        let code = || {
            ObjectBuilder::new()
                .schema_type(SchemaType::new(Type::String))
                .pattern(Some(CODE_PATTERN))
        };
        ObjectBuilder::new()
            .schema_type(SchemaType::new(Type::Object))
            .description(Some(
                "The code of a value for every dimension of the indicator; empty for the whole.",
            ))
            .max_properties(Some(MAX_DIMENSIONS))
            .property_names(Some(code()))
            .additional_properties(Some(AdditionalProperties::RefOr(code().into())))
            .examples([serde_json::json!({"region": "jeju"})])
            .into()
    }
}

impl ToSchema for Dimensions {}
