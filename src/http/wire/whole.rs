//! Whole numbers that are no money: years, counts.

use std::borrow::Cow;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::Faults;

/// A whole number from `MIN` to `MAX`, both taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whole<const MIN: i64, const MAX: i64>(pub i64);

/// Whether a number lies within the bounds.
///
/// # Errors
/// `too_small` or `too_large`, with the bound that is broken.
pub fn within(number: i64, least: i64, most: i64, at: ValuePointerRef<'_>) -> Result<i64, Faults> {
    if number < least {
        Err(Faults::one(at, "too_small").with("least", least))
    } else if number > most {
        Err(Faults::one(at, "too_large").with("most", most))
    } else {
        Ok(number)
    }
}

impl<const MIN: i64, const MAX: i64> Deserr<Faults> for Whole<MIN, MAX> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let number = match value {
            Value::Integer(number) => i64::try_from(number).unwrap_or(i64::MAX),
            Value::NegativeInteger(number) => number,
            Value::String(text) if crate::http::json::is_number(&text) => {
                return Err(Faults::one(at, "not_whole"));
            }
            _ => return Err(Faults::one(at, "wrong_type")),
        };
        within(number, MIN, MAX, at).map(Self)
    }
}

impl<const MIN: i64, const MAX: i64> PartialSchema for Whole<MIN, MAX> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::Integer)
            .minimum(Some(MIN))
            .maximum(Some(MAX))
            .description(Some("A whole number."))
            .examples([serde_json::Value::from(2022.clamp(MIN, MAX))])
            .into()
    }
}

impl<const MIN: i64, const MAX: i64> ToSchema for Whole<MIN, MAX> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("Whole{MIN}To{MAX}"))
    }
}
