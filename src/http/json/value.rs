//! JSON as deserr walks it: whole numbers by value, all others by their text.
//!
//! deserr knows no exact fractions, so a number such as `1.5` travels as a text that begins with a
//! NUL. No text that came in holds one: [`super::outline`] refuses it.

use deserr::{IntoValue, Map, Sequence, Value, ValueKind};
use serde_json::Value as Raw;

use super::Json;
use super::number::{Plain, Whole};

/// What a number that is not whole begins with.
const NUMBER: char = '\0';

/// The text of a number that is not whole, if it is one.
#[must_use]
pub fn as_number_text(text: &str) -> Option<&str> {
    text.strip_prefix(NUMBER)
}

/// Whether a text stands for a number that is not whole.
#[must_use]
pub fn is_number(text: &str) -> bool {
    text.starts_with(NUMBER)
}

/// The values of a list.
#[derive(Debug)]
pub struct List(Vec<Raw>);

/// The members of an object.
#[derive(Debug)]
pub struct Object(serde_json::Map<String, Raw>);

impl IntoValue for Json {
    type Sequence = List;
    type Map = Object;

    fn kind(&self) -> ValueKind {
        match &self.0 {
            Raw::Null => ValueKind::Null,
            Raw::Bool(_) => ValueKind::Boolean,
            Raw::Number(number) => match Plain::of(number.as_str()).whole() {
                Some(Whole::Natural(_)) => ValueKind::Integer,
                Some(Whole::Negative(_)) => ValueKind::NegativeInteger,
                None => ValueKind::String,
            },
            Raw::String(_) => ValueKind::String,
            Raw::Array(_) => ValueKind::Sequence,
            Raw::Object(_) => ValueKind::Map,
        }
    }

    fn into_value(self) -> Value<Self> {
        match self.0 {
            Raw::Null => Value::Null,
            Raw::Bool(truth) => Value::Boolean(truth),
            Raw::Number(number) => match Plain::of(number.as_str()).whole() {
                Some(Whole::Natural(whole)) => Value::Integer(whole),
                Some(Whole::Negative(whole)) => Value::NegativeInteger(whole),
                None => Value::String(format!("{NUMBER}{number}")),
            },
            Raw::String(text) => Value::String(text),
            Raw::Array(values) => Value::Sequence(List(values)),
            Raw::Object(members) => Value::Map(Object(members)),
        }
    }
}

impl Sequence for List {
    type Value = Json;
    type Iter = std::iter::Map<std::vec::IntoIter<Raw>, fn(Raw) -> Json>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn into_iter(self) -> Self::Iter {
        IntoIterator::into_iter(self.0).map(Json)
    }
}

type Member = (String, Json);

impl Map for Object {
    type Value = Json;
    type Iter = std::iter::Map<serde_json::map::IntoIter, fn((String, Raw)) -> Member>;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn remove(&mut self, key: &str) -> Option<Json> {
        self.0.remove(key).map(Json)
    }

    fn into_iter(self) -> Self::Iter {
        IntoIterator::into_iter(self.0).map(|(name, value)| (name, Json(value)))
    }
}
