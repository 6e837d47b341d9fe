//! One of a closed set of names.

use std::any::type_name;
use std::borrow::Cow;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Serialize, Serializer};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::{PartialSchema, ToSchema};

use super::Faults;
use super::scalar::text;
use crate::TextEnum;

/// One of the names of `T`, in and out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice<T: TextEnum>(pub T);

/// The names that there are.
fn names<T: TextEnum>() -> impl Iterator<Item = &'static str> {
    T::ALL.iter().map(|value| value.as_str())
}

impl<T: TextEnum> Deserr<Faults> for Choice<T> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        T::from_name(&text(value, at)?).map(Self).ok_or_else(|| {
            let known: Vec<&str> = names::<T>().collect();
            Faults::one(at, "unknown_value").with("known", known.join(", "))
        })
    }
}

impl<T: TextEnum> Serialize for Choice<T> {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(self.0.as_str())
    }
}

impl<T: TextEnum> PartialSchema for Choice<T> {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .enum_values(Some(names::<T>()))
            .into()
    }
}

impl<T: TextEnum> ToSchema for Choice<T> {
    fn name() -> Cow<'static, str> {
        let name = type_name::<T>();
        Cow::Borrowed(name.rsplit("::").next().unwrap_or(name))
    }
}
