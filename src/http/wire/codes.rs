//! Codes and names of funds, programs and organisations.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::Serialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use super::scalar::{text, text_schema};
use super::{Faults, Text};
use crate::code::{Code, Name};

/// The pattern of a code, as a regular expression.
pub const CODE_PATTERN: &str = "^[a-z0-9-]{2,64}$";

/// The code of a fund, a program or an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CodeIn(pub Code);

/// One half of a name.
pub type NameText = Text<200>;

/// A name in both languages.
#[derive(Debug, Clone, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"ko": "상생기금", "en": "Co-prosperity fund"}))]
pub struct NameIn {
    /// In Korean.
    pub ko: NameText,
    /// In English.
    pub en: NameText,
}

/// A name in both languages.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({"ko": "상생기금", "en": "Co-prosperity fund"}))]
pub struct NameOut {
    /// In Korean.
    pub ko: String,
    /// In English.
    pub en: String,
}

impl Deserr<Faults> for CodeIn {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let read = Code::parse(&text(value, at)?);
        // A zero-sized error that carries nothing more to tell.
        read.map(Self)
            .map_err(|_not_a_code| Faults::one(at, "bad_code"))
    }
}

impl NameIn {
    /// The name.
    #[must_use]
    pub fn into_name(self) -> Name {
        Name {
            ko: self.ko.0,
            en: self.en.0,
        }
    }
}

impl From<&Name> for NameOut {
    fn from(name: &Name) -> Self {
        Self {
            ko: name.ko.clone(),
            en: name.en.clone(),
        }
    }
}

impl PartialSchema for CodeIn {
    fn schema() -> RefOr<Schema> {
        text_schema("A code: 2 to 64 of a-z, 0-9 and hyphen.", "co-prosperity")
            .pattern(Some(CODE_PATTERN))
            .into()
    }
}

impl ToSchema for CodeIn {}
