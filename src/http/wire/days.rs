//! Days in Korea and instants in UTC.

use chrono::{DateTime, NaiveDate, Utc};
use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::{Serialize, Serializer};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

use super::Faults;
use super::scalar::{text, text_schema};
use crate::calendar::{instant_text, parse_day};

/// A day of the calendar in Korea, `YYYY-MM-DD`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day(pub NaiveDate);

/// A moment, RFC 3339 in UTC with microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Instant(pub DateTime<Utc>);

impl Deserr<Faults> for Day {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let read = parse_day(&text(value, at)?);
        read.map(Self)
            .map_err(|error| Faults::one(at, error.code()))
    }
}

impl Serialize for Day {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.collect_str(&self.0)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&instant_text(self.0))
    }
}

impl PartialSchema for Day {
    fn schema() -> RefOr<Schema> {
        text_schema(
            "A day of the calendar in Korea, in the years 1900 to 2199.",
            "2022-11-03",
        )
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
        .pattern(Some("^(?:19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"))
        .into()
    }
}

impl ToSchema for Day {}

impl PartialSchema for Instant {
    fn schema() -> RefOr<Schema> {
        text_schema(
            "A moment in UTC, with microseconds.",
            "2022-11-03T01:02:03.000004Z",
        )
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
        .into()
    }
}

impl ToSchema for Instant {}
