//! Regions in reports: each record's region taken up to its 시도, with 지역 미배분 apart.
//!
//! By default a region is what it was on the day of the record. Asked for the current ones, each is
//! taken to the 시도 that holds its area today; one whose area went nobody knows where stands by
//! itself, under its old code.

use chrono::NaiveDate;
use serde::Serialize;

use super::checks::Broken;
use crate::code::Name;
use crate::regions::{self, RegionCode};
use crate::text_enum::text_enum;

text_enum! {
    /// Of which day regions are.
    RegionBasis {
        /// Those of the day of each record.
        AsRecorded = "as_recorded",
        /// Today's.
        Current = "current",
    }
}

/// How regions are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Regions {
    /// Of which day they are.
    pub basis: RegionBasis,
    /// Today.
    pub today: NaiveDate,
}

impl Regions {
    /// Those of the day of each record.
    #[must_use]
    pub fn as_recorded(today: NaiveDate) -> Self {
        Self {
            basis: RegionBasis::AsRecorded,
            today,
        }
    }
}

/// Where something was given, as reports group it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// In this 시도.
    Sido(RegionCode),
    /// In a region that ended, and whose area lies nobody knows in which 시도 today.
    Ended(RegionCode),
    /// Not known: 지역 미배분. Listed last.
    Unallocated,
}

impl Place {
    /// The place of a sum's region, which is empty where none is known.
    ///
    /// # Errors
    /// [`Broken::NoRegion`].
    pub fn of(region: &str, regions: &Regions) -> Result<Self, Broken> {
        if region.is_empty() {
            return Ok(Self::Unallocated);
        }
        let code = RegionCode::parse(region).ok();
        let known = code
            .and_then(regions::get)
            .ok_or_else(|| Broken::NoRegion(region.to_owned()))?;
        if regions.basis == RegionBasis::AsRecorded {
            return Ok(Self::Sido(known.sido));
        }
        let now = regions::current_sido(known.code, regions.today);
        Ok(if now.ended {
            Self::Ended(now.code)
        } else {
            Self::Sido(now.code)
        })
    }

    /// Whether nobody knows in which 시도 it lies today.
    #[must_use]
    pub fn has_ended(self) -> bool {
        matches!(self, Self::Ended(_))
    }

    /// The region as reports show it; none for 지역 미배분.
    #[must_use]
    pub fn shown(self) -> Option<RegionShown> {
        let (Self::Sido(code) | Self::Ended(code)) = self else {
            return None;
        };
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

    fn of(region: &str, basis: RegionBasis) -> Result<Place, Broken> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        Place::of(region, &Regions { basis, today })
    }

    fn recorded(region: &str) -> Result<Place, Broken> {
        of(region, RegionBasis::AsRecorded)
    }

    #[test]
    fn current_regions_are_todays_and_what_is_lost_stands_by_itself() {
        let shown = |region: &str| {
            let place = of(region, RegionBasis::Current).unwrap();
            let code = place.shown().unwrap().code;
            (code.to_string(), place.has_ended())
        };
        assert_eq!(shown("42110"), ("51".to_owned(), false));
        assert_eq!(shown("29"), ("12".to_owned(), false));
        assert_eq!(shown("47720"), ("47720".to_owned(), true));
        assert_eq!(
            recorded("42110").unwrap().shown().unwrap().code.as_str(),
            "42"
        );
    }

    #[test]
    fn a_district_is_shown_as_its_province() {
        let shown = recorded("11110").unwrap().shown().unwrap();
        assert_eq!(
            (shown.code.as_str(), shown.iso, shown.name.en.as_str()),
            ("11", Some("KR-11"), "Seoul")
        );
    }

    #[test]
    fn an_unknown_region_is_not_taken_for_none() {
        assert_eq!(recorded(""), Ok(Place::Unallocated));
        assert_eq!(recorded("99999"), Err(Broken::NoRegion("99999".into())));
    }

    #[test]
    fn what_has_no_region_comes_last() {
        assert!(recorded("50").unwrap() < Place::Unallocated);
    }
}
