//! Weights and shares: decimals in strings, never binary fractions.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::Faults;
use super::scalar::{Scalar, scalar, text_schema};
use crate::money::{MoneyError, Quantity, Ratio, Weight};

/// The most kilograms of one entry.
const MAX_KG: i64 = Weight::MAX / 1_000;
/// The most units of one entry, either way.
const MAX_UNITS: i64 = Quantity::MAX / 1_000_000;

/// A weight in kilograms, above zero and with at most three places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KgIn(pub Weight);

/// A weight in kilograms with three places, as a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KgOut(pub Weight);

/// A share of a whole with four places, as a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RatioOut(pub Ratio);

/// A quantity of any unit, of either sign and with at most six places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QuantityIn(pub Quantity);

/// A quantity of any unit, as a string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuantityOut(pub String);

impl QuantityOut {
    /// A quantity with that many decimal places.
    #[must_use]
    pub fn of(quantity: Quantity, places: i32) -> Self {
        Self(quantity.shown(places))
    }
}

impl Deserr<Faults> for QuantityIn {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let read = match scalar(value, at)? {
            Scalar::Text(text) => Quantity::parse(&text),
            Scalar::Number(number) => Quantity::from_number_text(&number),
        };
        read.map(Self).map_err(|error| match error {
            MoneyError::TooFine => Faults::one(at, "too_precise").with("most", Quantity::PLACES),
            error => Faults::one(at, error.code()),
        })
    }
}

impl Serialize for QuantityOut {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&self.0)
    }
}

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

impl PartialSchema for QuantityIn {
    fn schema() -> RefOr<Schema> {
        let digits = ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^-?(?:0|[1-9][0-9]{0,12})(?:\\.[0-9]{1,6})?$"));
        let number = ObjectBuilder::new()
            .schema_type(Type::Number)
            .minimum(Some(-MAX_UNITS))
            .maximum(Some(MAX_UNITS));
        OneOfBuilder::new()
            .item(digits)
            .item(number)
            .description(Some(
                "A quantity with at most six decimal places: digits in a string, or a number.",
            ))
            .examples(["1250"])
            .into()
    }
}

impl ToSchema for QuantityIn {}

impl PartialSchema for QuantityOut {
    fn schema() -> RefOr<Schema> {
        text_schema(
            "A quantity, with the decimal places of its indicator.",
            "1250",
        )
        .pattern(Some("^-?[0-9]+(?:\\.[0-9]{1,6})?$"))
        .into()
    }
}

impl ToSchema for QuantityOut {}

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
