//! Regions in reports: each record's region taken up to its 시도, with 지역 미배분 apart.

use serde::Serialize;

use super::checks::Broken;
use crate::code::Name;
use crate::regions::{self, RegionCode};

/// Where something was given, as reports group it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In this 시도, under the code of that day.
    Sido(RegionCode),
    /// Not known: 지역 미배분. Listed last.
    Unallocated,
}

impl Place {
    /// The place of a sum's region, which is empty where none is known.
    ///
    /// # Errors
    /// [`Broken::NoRegion`].
    pub fn of(region: &str) -> Result<Self, Broken> {
        if region.is_empty() {
            return Ok(Self::Unallocated);
        }
        let code = RegionCode::parse(region).ok();
        code.and_then(regions::get)
            .map(|region| Self::Sido(region.sido))
            .ok_or_else(|| Broken::NoRegion(region.to_owned()))
    }

    /// The 시도 as reports show it; none for 지역 미배분.
    #[must_use]
    pub fn shown(self) -> Option<RegionShown> {
        let Self::Sido(code) = self else { return None };
        regions::get(code).map(|region| RegionShown {
            code,
            iso: region.iso,
            name: Name {
                ko: region.full_name_ko(),
                en: region.full_name_en(),
            },
        })
    }
}

/// A region as reports show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegionShown {
    /// Its administrative code.
    pub code: RegionCode,
    /// Its ISO 3166-2 code, where there is one.
    pub iso: Option<&'static str>,
    /// Its name.
    pub name: Name,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_district_is_shown_as_its_province() {
        let shown = Place::of("11110").unwrap().shown().unwrap();
        assert_eq!(
            (shown.code.as_str(), shown.iso, shown.name.en.as_str()),
            ("11", Some("KR-11"), "Seoul")
        );
    }

    #[test]
    fn an_unknown_region_is_not_taken_for_none() {
        assert_eq!(Place::of(""), Ok(Place::Unallocated));
        assert_eq!(Place::of("99999"), Err(Broken::NoRegion("99999".into())));
    }

    #[test]
    fn what_has_no_region_comes_last() {
        assert!(Place::of("50").unwrap() < Place::Unallocated);
    }
}
