//! Ids of records, where a body names one.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use super::Faults;
use super::scalar::{text, text_schema};
use crate::ids::RecordId;

/// The id of a record, as it was answered when the record was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordIdIn(pub RecordId);

impl Deserr<Faults> for RecordIdIn {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let id = RecordId::parse(&text(value, at)?);
        id.map(Self).ok_or_else(|| Faults::one(at, "bad_id"))
    }
}

impl PartialSchema for RecordIdIn {
    fn schema() -> RefOr<Schema> {
        text_schema(
            "The id of a record, as it was answered when the record was made.",
            "0184f0c5a0007a3c8f5e0d6b2c1a9e47-2",
        )
        .pattern(Some("^[0-9a-f]{32}-[1-9][0-9]*$"))
        .into()
    }
}

impl ToSchema for RecordIdIn {}
