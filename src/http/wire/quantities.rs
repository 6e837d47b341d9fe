//! Weights and shares: decimals in strings, never binary fractions.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::Faults;
use super::scalar::{Scalar, scalar, text_schema};
use crate::money::{Ratio, Weight};

/// The most kilograms of one entry.
const MAX_KG: i64 = Weight::MAX / 1_000;

/// A weight in kilograms, above zero and with at most three places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KgIn(pub Weight);

/// A weight in kilograms with three places, as a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KgOut(pub Weight);

/// A share of a whole with four places, as a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RatioOut(pub Ratio);

impl Deserr<Faults> for KgIn {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let read = match scalar(value, at)? {
            Scalar::Text(text) => Weight::parse(&text),
            Scalar::Number(number) => Weight::from_number_text(&number),
        };
        read.map(Self)
            .map_err(|error| Faults::one(at, error.code()))
    }
}

impl Serialize for KgOut {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(&self.0)
    }
}

impl Serialize for RatioOut {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(&self.0)
    }
}

impl PartialSchema for KgIn {
    fn schema() -> RefOr<Schema> {
        let digits = ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^(?:0|[1-9][0-9]{0,11})(?:\\.[0-9]{1,3})?$"));
        let number = ObjectBuilder::new()
            .schema_type(Type::Number)
            .exclusive_minimum(Some(0))
            .maximum(Some(MAX_KG));
        OneOfBuilder::new()
            .item(digits)
            .item(number)
            .description(Some(
                "Kilograms above zero with at most three places: digits in a string, or a number.",
            ))
            .examples(["1250.500"])
            .into()
    }
}

impl ToSchema for KgIn {}

impl PartialSchema for KgOut {
    fn schema() -> RefOr<Schema> {
        text_schema("Kilograms, with three places.", "1250.500")
            .pattern(Some("^-?[0-9]+\\.[0-9]{3}$"))
            .into()
    }
}

impl ToSchema for KgOut {}

impl PartialSchema for RatioOut {
    fn schema() -> RefOr<Schema> {
        text_schema(
            "A share of a whole, with four places, rounded half up.",
            "0.1188",
        )
        .pattern(Some("^-?[0-9]+\\.[0-9]{4}$"))
        .into()
    }
}

impl ToSchema for RatioOut {}
