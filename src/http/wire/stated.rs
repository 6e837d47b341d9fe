//! Numbers whose unit another field tells, and shares.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::Faults;
use super::scalar::{Scalar, scalar, text_schema};
use crate::claims::comparison::Stated;
use crate::money::{Amount, Share};

/// A number above zero: whole, or kilograms with at most three places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NumberIn(pub Stated);

/// A share of a whole from 0 to 1 with at most four places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShareIn(pub Share);

/// A share of a whole with four places, as a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShareOut(pub Share);

impl Deserr<Faults> for NumberIn {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let read = match scalar(value, at)? {
            Scalar::Text(text) => Stated::parse(&text),
            Scalar::Number(number) => Stated::from_number_text(&number),
        };
        read.map(Self)
            .map_err(|error| Faults::one(at, error.code()))
    }
}

impl Deserr<Faults> for ShareIn {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let read = match scalar(value, at)? {
            Scalar::Text(text) => Share::parse(&text),
            Scalar::Number(number) => Share::from_number_text(&number),
        };
        // Whatever is wrong with it, it is not such a share.
        read.map(Self)
            .map_err(|_not_a_share| Faults::one(at, "not_a_share"))
    }
}

impl Serialize for ShareOut {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(&self.0)
    }
}

impl PartialSchema for NumberIn {
    fn schema() -> RefOr<Schema> {
        let digits = ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^(?:0|[1-9][0-9]{0,15})(?:\\.[0-9]{1,3})?$"));
        let number = ObjectBuilder::new()
            .schema_type(Type::Number)
            .exclusive_minimum(Some(0))
            .maximum(Some(Amount::MAX));
        OneOfBuilder::new()
            .item(digits)
            .item(number)
            .description(Some(
                "A number above zero, in the unit of the metric: whole, but for kilograms, which \
                 have at most three places. Digits in a string, or a number.",
            ))
            .examples(["6000000000"])
            .into()
    }
}

impl ToSchema for NumberIn {}

impl PartialSchema for ShareIn {
    fn schema() -> RefOr<Schema> {
        let digits = ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some("^(?:0(?:\\.[0-9]{1,4})?|1(?:\\.0{1,4})?)$"));
        let number = ObjectBuilder::new()
            .schema_type(Type::Number)
            .minimum(Some(0))
            .maximum(Some(1));
        OneOfBuilder::new()
            .item(digits)
            .item(number)
            .description(Some(
                "A share of a whole with at most four places: digits in a string, or a number.",
            ))
            .examples(["0.02"])
            .into()
    }
}

impl ToSchema for ShareIn {}

impl PartialSchema for ShareOut {
    fn schema() -> RefOr<Schema> {
        text_schema("A share of a whole, with four places.", "0.0200")
            .pattern(Some("^[01]\\.[0-9]{4}$"))
            .into()
    }
}

impl ToSchema for ShareOut {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::json::Json;
    use crate::metrics::Unit;

    fn read<T: Deserr<Faults>>(body: &str) -> Result<T, &'static str> {
        let json = Json::parse(body.as_bytes()).unwrap();
        let read: Result<T, Faults> = deserr::deserialize(json);
        read.map_err(|faults| faults.into_vec()[0].code)
    }

    #[test]
    fn a_number_is_read_before_its_unit_is_known() {
        let grams = |body| read::<NumberIn>(body).map(|number| number.0.in_unit(Unit::Kg));
        for body in ["\"2.5\"", "2.5", "2.500"] {
            assert_eq!(grams(body), Ok(Ok(2_500)), "{body}");
        }
        for (body, code) in [
            ("\"0\"", "zero"),
            ("-1", "negative"),
            ("\"1.0005\"", "too_many_places"),
            ("\"1e3\"", "not_a_number"),
            ("\"약 5\"", "not_a_number"),
            ("9999999999999999", "too_large"),
            ("null", "wrong_type"),
        ] {
            assert_eq!(grams(body), Err(code), "{body}");
        }
    }

    #[test]
    fn a_share_lies_between_nothing_and_the_whole() {
        let share = |body| read::<ShareIn>(body).map(|share| share.0.to_string());
        assert_eq!(share("\"0.02\""), Ok("0.0200".to_owned()));
        assert_eq!(share("0.02"), Ok("0.0200".to_owned()));
        for body in ["\"1.01\"", "-0.1", "\"0.00001\"", "\"2%\"", "\"\""] {
            assert_eq!(share(body), Err("not_a_share"), "{body}");
        }
    }
}
