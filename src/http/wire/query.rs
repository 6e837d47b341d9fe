//! Values that only query strings hold, where everything is a text.

use std::borrow::Cow;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::Faults;
use super::scalar::text;
use super::whole::{Whole, within};

/// A whole number from `MIN` to `MAX`, in digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryNumber<const MIN: i64, const MAX: i64>(pub i64);

/// `true` or `false`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueryFlag(pub bool);

impl<const MIN: i64, const MAX: i64> Deserr<Faults> for QueryNumber<MIN, MAX> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let text = text(value, at)?;
        let digits = text.strip_prefix('-').unwrap_or(&text);
        if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Faults::one(at, "not_a_number"));
        }
        let beyond = if text.starts_with('-') {
            i64::MIN
        } else {
            i64::MAX
        };
        within(text.parse().unwrap_or(beyond), MIN, MAX, at).map(Self)
    }
}

impl Deserr<Faults> for QueryFlag {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        match text(value, at)?.as_str() {
            "true" => Ok(Self(true)),
            "false" => Ok(Self(false)),
            _ => Err(Faults::one(at, "unknown_value").with("known", "true, false")),
        }
    }
}

impl<const MIN: i64, const MAX: i64> PartialSchema for QueryNumber<MIN, MAX> {
    fn schema() -> RefOr<Schema> {
        Whole::<MIN, MAX>::schema()
    }
}

impl<const MIN: i64, const MAX: i64> ToSchema for QueryNumber<MIN, MAX> {
    fn name() -> Cow<'static, str> {
        Whole::<MIN, MAX>::name()
    }
}

impl PartialSchema for QueryFlag {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Boolean).into()
    }
}

impl ToSchema for QueryFlag {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::json::Json;

    fn read(text: &str) -> Result<i64, &'static str> {
        let json = Json::of_texts([("limit".to_owned(), text.to_owned())]);
        let read: Result<Limited, Faults> = deserr::deserialize(json);
        read.map(|query| query.limit.0)
            .map_err(|faults| faults.into_vec()[0].code)
    }

    #[derive(Deserr)]
    #[deserr(error = Faults, deny_unknown_fields)]
    struct Limited {
        limit: QueryNumber<1, 1_000>,
    }

    #[test]
    fn a_number_in_a_query_is_plain_digits_within_its_bounds() {
        assert_eq!(read("50"), Ok(50));
        assert_eq!(read("1000"), Ok(1_000));
        for (text, code) in [
            ("0", "too_small"),
            ("-5", "too_small"),
            ("-99999999999999999999", "too_small"),
            ("1001", "too_large"),
            ("99999999999999999999", "too_large"),
            ("", "not_a_number"),
            ("-", "not_a_number"),
            ("1e2", "not_a_number"),
            ("+5", "not_a_number"),
            ("５", "not_a_number"),
        ] {
            assert_eq!(read(text), Err(code), "{text}");
        }
    }
}
