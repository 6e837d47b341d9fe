//! What identifies people: never shown by Debug, never echoed in a fault.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use super::Faults;
use super::scalar::{text, text_schema};
use crate::access::model::Email;
use crate::beneficiaries::registration_number::RegistrationNumber;

/// An e-mail address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailIn(pub Email);

/// 사업자등록번호, the registration number of a business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationNumberIn(pub RegistrationNumber);

impl Deserr<Faults> for EmailIn {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let read = Email::parse(&text(value, at)?);
        read.map(Self)
            .map_err(|error| Faults::one(at, error.code()))
    }
}

impl Deserr<Faults> for RegistrationNumberIn {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let read = RegistrationNumber::parse(&text(value, at)?);
        read.map(Self)
            .map_err(|error| Faults::one(at, error.code()))
    }
}

impl PartialSchema for EmailIn {
    fn schema() -> RefOr<Schema> {
        text_schema(
            "An e-mail address; capitals make no other address.",
            "kim@example.org",
        )
        .min_length(Some(3))
        .max_length(Some(254))
        .into()
    }
}

impl ToSchema for EmailIn {}

impl PartialSchema for RegistrationNumberIn {
    fn schema() -> RefOr<Schema> {
        text_schema("사업자등록번호 with its check digit.", "101-11-00013")
            .pattern(Some("^[0-9]{3}-?[0-9]{2}-?[0-9]{5}$"))
            .into()
    }
}

impl ToSchema for RegistrationNumberIn {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_is_a_registration_number() {
        assert!(RegistrationNumber::parse("101-11-00013").is_ok());
    }
}
