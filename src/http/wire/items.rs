//! Lists, each with its bound, and pages of lists.

use std::borrow::Cow;

use deserr::{Deserr, IntoValue, Sequence, Value, ValuePointerRef};
use serde::Serialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{ArrayBuilder, Ref, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::Faults;

/// At most `MAX` of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Items<T, const MAX: usize>(pub Vec<T>);

/// From one to `MAX` of something, each read for itself: one that is wrong does not spoil another.
#[derive(Debug)]
pub struct Each<T, const MAX: usize>(pub Vec<Result<T, Faults>>);

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PageOf<T> {
    /// What is on this page, in the order of the list.
    pub data: Vec<T>,
    /// What to pass as `cursor` for the next page; null on the last one.
    #[schema(required, example = json!(null))]
    pub next_cursor: Option<String>,
}

impl<T: Deserr<Faults>, const MAX: usize> Deserr<Faults> for Items<T, MAX> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        match value {
            Value::Sequence(list) if list.len() > MAX => {
                Err(Faults::one(at, "too_many").with("most", MAX))
            }
            value => Vec::deserialize_from_value(value, at).map(Self),
        }
    }
}

impl<T: ToSchema, const MAX: usize> PartialSchema for Items<T, MAX> {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new()
            .items(RefOr::Ref(Ref::from_schema_name(T::name())))
            .max_items(Some(MAX))
            .into()
    }
}

impl<T: ToSchema, const MAX: usize> ToSchema for Items<T, MAX> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("{}List", T::name()))
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}

impl<T: Deserr<Faults>, const MAX: usize> Deserr<Faults> for Each<T, MAX> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let Value::Sequence(list) = value else {
            return Err(Faults::one(at, "wrong_type"));
        };
        match list.len() {
            0 => Err(Faults::one(at, "empty")),
            len if len > MAX => Err(Faults::one(at, "too_many").with("most", MAX)),
            _ => {
                let items = list.into_iter().enumerate();
                let read = |(index, item): (usize, V)| {
                    T::deserialize_from_value(item.into_value(), at.push_index(index))
                };
                Ok(Self(items.map(read).collect()))
            }
        }
    }
}

impl<T: ToSchema, const MAX: usize> PartialSchema for Each<T, MAX> {
    fn schema() -> RefOr<Schema> {
        ArrayBuilder::new()
            .items(RefOr::Ref(Ref::from_schema_name(T::name())))
            .min_items(Some(1))
            .max_items(Some(MAX))
            .into()
    }
}

impl<T: ToSchema, const MAX: usize> ToSchema for Each<T, MAX> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("{}Batch", T::name()))
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}
