//! Regions of Korea.

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use serde::Serialize;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::Schema;
use utoipa::{PartialSchema, ToSchema};

use super::scalar::{text, text_schema};
use super::{Faults, NameOut};
use crate::regions::{self, RegionCode};

/// A text of the form of a region's code; whether it was one depends on the day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegionIn(pub String);

/// A region.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(example = json!({
    "code": "11110", "iso": "KR-11", "name": {"ko": "서울특별시 종로구", "en": "Jongno-gu, Seoul"}
}))]
pub struct RegionOut {
    /// Its administrative code (행정표준코드): 2 digits for a 시도, 5 for a 시군구.
    pub code: &'static str,
    /// The ISO 3166-2 code of its 시도, where there is one.
    #[schema(required)]
    pub iso: Option<&'static str>,
    /// Its name.
    pub name: NameOut,
}

impl Deserr<Faults> for RegionIn {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let text = text(value, at)?;
        let digits = text.strip_prefix("KR-").unwrap_or(&text);
        let lengths: &[usize] = if digits.len() == text.len() {
            &[2, 5]
        } else {
            &[2]
        };
        if lengths.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text))
        } else {
            Err(Faults::one(at, "unknown_region").with("region", text))
        }
    }
}

impl RegionOut {
    /// The region of that code.
    #[must_use]
    pub fn of(code: RegionCode) -> Self {
        let region = regions::get(code);
        Self {
            code: code.as_str(),
            iso: region.and_then(|region| region.iso),
            name: NameOut {
                ko: region
                    .map(regions::Region::full_name_ko)
                    .unwrap_or_default(),
                en: region
                    .map(regions::Region::full_name_en)
                    .unwrap_or_default(),
            },
        }
    }
}

impl PartialSchema for RegionIn {
    fn schema() -> RefOr<Schema> {
        let description = "A region: the administrative code (행정표준코드) of a 시도 (2 digits) or \
            a 시군구 (5 digits) that was valid on the day, or the ISO 3166-2 code of a 시도.";
        text_schema(description, "11110")
            .pattern(Some("^(?:[0-9]{2}|[0-9]{5}|KR-[0-9]{2})$"))
            .into()
    }
}

impl ToSchema for RegionIn {}
