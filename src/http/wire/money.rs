//! Whole won.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Serialize, Serializer};
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::openapi::{RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

use super::Faults;
use super::scalar::{Scalar, scalar, text_schema};
use crate::money::{Amount, Bounded, Cost, Won};

/// The money an entry moves: a string of digits, or a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WonIn(pub Amount);

/// What something cost, which may be nothing: a string of digits, or a whole number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CostIn(pub Cost);

/// A figure in won, of any sign, as a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WonOut(pub Won);

/// What all money is in; said once in each record and report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Currency;

const KRW: &str = "KRW";

fn read<const LEAST: i64, V: IntoValue>(
    value: Value<V>,
    at: ValuePointerRef<'_>,
) -> Result<Bounded<LEAST>, Faults> {
    let read = match scalar(value, at)? {
        Scalar::Text(text) => Bounded::parse(&text),
        Scalar::Number(number) => Bounded::from_number_text(&number),
    };
    read.map_err(|error| Faults::one(at, error.code()))
}

impl Deserr<Faults> for WonIn {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        read(value, at).map(Self)
    }
}

impl Deserr<Faults> for CostIn {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        read(value, at).map(Self)
    }
}

impl From<Won> for WonOut {
    fn from(won: Won) -> Self {
        Self(won)
    }
}

impl<const LEAST: i64> From<Bounded<LEAST>> for WonOut {
    fn from(amount: Bounded<LEAST>) -> Self {
        Self(amount.won())
    }
}

impl Serialize for WonOut {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(&self.0)
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(KRW)
    }
}

/// A string of digits or a whole number, from `least` up.
fn schema_in(description: &str, pattern: &str, least: i64) -> RefOr<Schema> {
    let digits = ObjectBuilder::new()
        .schema_type(Type::String)
        .pattern(Some(pattern));
    let whole = ObjectBuilder::new()
        .schema_type(Type::Integer)
        .minimum(Some(least))
        .maximum(Some(Amount::MAX));
    OneOfBuilder::new()
        .item(digits)
        .item(whole)
        .description(Some(description))
        .examples(["3000000"])
        .into()
}

impl PartialSchema for WonIn {
    fn schema() -> RefOr<Schema> {
        let description = "Whole won, from 1 to 10^15: digits in a string, or a whole number.";
        schema_in(description, "^(?:[1-9][0-9]{0,14}|10{15})$", 1)
    }
}

impl ToSchema for WonIn {}

impl PartialSchema for CostIn {
    fn schema() -> RefOr<Schema> {
        let description = "Whole won, from 0 to 10^15: digits in a string, or a whole number.";
        schema_in(description, "^(?:0|[1-9][0-9]{0,14}|10{15})$", 0)
    }
}

impl ToSchema for CostIn {}

impl PartialSchema for WonOut {
    fn schema() -> RefOr<Schema> {
        text_schema("Whole won.", "3000000")
            .format(Some(SchemaFormat::Custom("won".to_owned())))
            .pattern(Some("^(?:0|-?[1-9][0-9]{0,18})$"))
            .into()
    }
}

impl ToSchema for WonOut {}

impl PartialSchema for Currency {
    fn schema() -> RefOr<Schema> {
        text_schema("What all money is in.", KRW)
            .enum_values(Some([KRW]))
            .into()
    }
}

impl ToSchema for Currency {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::json::Json;

    fn read_won(body: &str) -> Result<i64, &'static str> {
        let json = Json::parse(body.as_bytes()).unwrap();
        let read: Result<WonIn, Faults> = deserr::deserialize(json);
        read.map(|won| won.0.get())
            .map_err(|faults| faults.into_vec()[0].code)
    }

    #[test]
    fn money_comes_in_as_digits_or_as_a_whole_number() {
        for body in ["\"6000\"", "6000", "6000.0", "6e3"] {
            assert_eq!(read_won(body), Ok(6_000), "{body}");
        }
        for (body, code) in [
            ("\"1.5\"", "not_whole"),
            ("1.5", "not_whole"),
            ("\"1e3\"", "not_a_number"),
            ("\"\"", "not_a_number"),
            ("\"-5\"", "negative"),
            ("-5", "negative"),
            ("-0.5", "not_whole"),
            ("\"0\"", "zero"),
            ("0", "zero"),
            ("1000000000000001", "too_large"),
            ("1e400", "too_large"),
            ("null", "wrong_type"),
            ("true", "wrong_type"),
            ("[1]", "wrong_type"),
            ("{}", "wrong_type"),
        ] {
            assert_eq!(read_won(body), Err(code), "{body}");
        }
    }
}
