//! What the wire types have in common: looking at one value, refusing it, describing a text.

use deserr::{IntoValue, Value, ValuePointerRef};
use utoipa::openapi::schema::{ObjectBuilder, Type};

use super::Faults;
use crate::http::json::as_number_text;

/// A value that is a text or a number; a number by the text that writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scalar {
    /// A text.
    Text(String),
    /// A number, whole or not.
    Number(String),
}

/// The text or number that a value is.
///
/// # Errors
/// `wrong_type` for anything else.
pub fn scalar<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<Scalar, Faults> {
    match value {
        Value::Integer(whole) => Ok(Scalar::Number(whole.to_string())),
        Value::NegativeInteger(whole) => Ok(Scalar::Number(whole.to_string())),
        Value::String(text) => Ok(match as_number_text(&text) {
            Some(number) => Scalar::Number(number.to_owned()),
            None => Scalar::Text(text),
        }),
        _ => Err(Faults::one(at, "wrong_type")),
    }
}

/// The text that a value is.
///
/// # Errors
/// `wrong_type` for anything else.
pub fn text<V: IntoValue>(value: Value<V>, at: ValuePointerRef<'_>) -> Result<String, Faults> {
    match scalar(value, at)? {
        Scalar::Text(text) => Ok(text),
        Scalar::Number(_) => Err(Faults::one(at, "wrong_type")),
    }
}

/// The beginning of the schema of a text.
#[must_use]
pub fn text_schema(description: &str, example: &str) -> ObjectBuilder {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(description))
        .examples([serde_json::Value::from(example)])
}
