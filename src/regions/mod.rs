//! The regions of Korea, by the administrative codes (행정표준코드) and the days they were valid.
//!
//! `kr_region_codes.csv` has one row for each 시도 (2 digits) and 시군구 (5 digits) since 1988. It
//! is read once, at first use, into a table by code; a look-up costs a few comparisons.
//!
//! Sources: the Ministry of the Interior and Safety's file of 법정동코드 of 2024-08-01, and for the
//! codes of 2026-02-01 and 2026-07-01 several public programs that cite the ministry's notice and
//! agree with each other; compare those with the ministry's own file before relying on them. The
//! `source` column tells them apart. English names are Revised Romanization with the official
//! forms for the 시도.
//!
//! Traps: ISO 3166-2:KR is another list (세종 is 36 but KR-50), has no code for 12, and gives a
//! province that was renumbered one code for both numbers. A code means something only together
//! with a day: regions were merged, split and renumbered, last in 2023 to 2026.

mod successors;
mod table;

use std::fmt;

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

pub use successors::{Current, current, current_sido, on_day};

/// Why a text is not the code of a region on some day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RegionError {
    /// No region ever had this code.
    #[error("is not the code of a region")]
    Unknown,
    /// The region was there, but not on that day.
    #[error("was not valid on {day}")]
    NotValidOn {
        /// The day asked for.
        day: NaiveDate,
        /// The first day the code was valid.
        from: NaiveDate,
        /// The first day it was no longer valid, if it ended.
        to: Option<NaiveDate>,
    },
}

impl RegionError {
    /// The stable code that answers carry.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unknown => "unknown_region",
            Self::NotValidOn { .. } => "region_not_valid_on_date",
        }
    }
}

/// The code of a region in the table, of 2 or 5 digits: `11`, `11110`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RegionCode(&'static str);

impl RegionCode {
    /// Reads an administrative code that is or was one, whatever the day.
    ///
    /// # Errors
    /// [`RegionError::Unknown`].
    pub fn parse(text: &str) -> Result<Self, RegionError> {
        let region = table::by_code(text).ok_or(RegionError::Unknown)?;
        Ok(region.code)
    }

    /// The code as text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl fmt::Display for RegionCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Serialize for RegionCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for RegionCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

/// How large a region is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// 시도: a province or a city of its rank, 2 digits.
    Sido,
    /// 시군구: a city, county or district, 5 digits.
    Sigungu,
}

/// A region, under one code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Its code.
    pub code: RegionCode,
    /// 시도 or 시군구.
    pub level: Level,
    /// Its own Korean name, without that of its 시도: `종로구`.
    pub name_ko: &'static str,
    /// Its own English name, without that of its 시도: `Jongno-gu`.
    pub name_en: &'static str,
    /// The 시도 it lies in; a 시도 lies in itself.
    pub sido: RegionCode,
    /// The first day the code was valid.
    pub valid_from: NaiveDate,
    /// The first day it was no longer valid, if it ended.
    pub valid_to: Option<NaiveDate>,
    /// The ISO 3166-2 code of its 시도, where there is one: `KR-11`.
    pub iso: Option<&'static str>,
    /// The codes that its area had before, where they are known.
    pub predecessors: Vec<RegionCode>,
}

impl Region {
    /// Whether its code was valid on that day.
    #[must_use]
    pub fn is_valid_on(&self, day: NaiveDate) -> bool {
        self.valid_from <= day && self.valid_to.is_none_or(|end| day < end)
    }

    /// Its Korean name with that of its 시도 before it: `서울특별시 종로구`.
    #[must_use]
    pub fn full_name_ko(&self) -> String {
        match self.outer() {
            Some(sido) => format!("{} {}", sido.name_ko, self.name_ko),
            None => self.name_ko.to_owned(),
        }
    }

    /// Its English name with that of its 시도 after it: `Jongno-gu, Seoul`.
    #[must_use]
    pub fn full_name_en(&self) -> String {
        match self.outer() {
            Some(sido) => format!("{}, {}", self.name_en, sido.name_en),
            None => self.name_en.to_owned(),
        }
    }

    /// The 시도 around it, unless it is one itself or, like 세종, has its 시도's name.
    fn outer(&self) -> Option<&'static Self> {
        get(self.sido).filter(|sido| sido.name_ko != self.name_ko)
    }

    fn not_valid_on(&self, day: NaiveDate) -> RegionError {
        RegionError::NotValidOn {
            day,
            from: self.valid_from,
            to: self.valid_to,
        }
    }
}

/// Finds the code that a user meant on that day: `11`, `11110`, or the ISO code of a 시도, `KR-11`.
///
/// # Errors
/// [`RegionError::Unknown`], or [`RegionError::NotValidOn`] with the days it was valid; for an ISO
/// code these are the days of the last 시도 that had it.
pub fn find_on(text: &str, day: NaiveDate) -> Result<RegionCode, RegionError> {
    let mut last = None;
    for region in table::by_code(text).into_iter().chain(table::by_iso(text)) {
        if region.is_valid_on(day) {
            return Ok(region.code);
        }
        last = Some(region);
    }
    Err(last.map_or(RegionError::Unknown, |region| region.not_valid_on(day)))
}

/// The region of a code.
#[must_use]
pub fn get(code: RegionCode) -> Option<&'static Region> {
    table::by_code(code.0)
}

/// Every region there is or was, by code.
pub fn all() -> impl Iterator<Item = &'static Region> {
    table::all()
}

/// The 시도 that were valid on that day, by code.
pub fn sido_valid_on(day: NaiveDate) -> impl Iterator<Item = &'static Region> {
    valid_on(Level::Sido, day)
}

/// The 시군구 that were valid on that day, by code.
///
/// A city that has districts comes beside them, and so do a few branch offices (출장소).
pub fn sigungu_valid_on(day: NaiveDate) -> impl Iterator<Item = &'static Region> {
    valid_on(Level::Sigungu, day)
}

fn valid_on(level: Level, day: NaiveDate) -> impl Iterator<Item = &'static Region> {
    table::all().filter(move |region| region.level == level && region.is_valid_on(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn found(text: &str, on: &str) -> Result<&'static str, RegionError> {
        find_on(text, day(on)).map(RegionCode::as_str)
    }

    fn region(text: &str) -> &'static Region {
        get(RegionCode::parse(text).unwrap()).unwrap()
    }

    #[test]
    fn finds_both_levels_and_iso_codes() {
        assert_eq!(found("11", "2022-11-03"), Ok("11"));
        assert_eq!(found("11110", "2022-11-03"), Ok("11110"));
        assert_eq!(found("KR-11", "2022-11-03"), Ok("11"));
        for text in [
            "", "1", "99", "11111", "KR-99", "kr-11", "KR-", "11 ", "서울",
        ] {
            assert_eq!(
                found(text, "2022-11-03"),
                Err(RegionError::Unknown),
                "{text}"
            );
        }
    }

    #[test]
    fn an_iso_code_is_not_the_administrative_code() {
        assert_eq!(found("KR-50", "2022-11-03"), Ok("36"));
        assert_eq!(found("KR-49", "2022-11-03"), Ok("50"));
        assert_eq!(found("KR-42", "2023-06-10"), Ok("42"));
        assert_eq!(found("KR-42", "2023-06-11"), Ok("51"));
        assert_eq!(found("KR-45", "2024-01-17"), Ok("45"));
        assert_eq!(found("KR-45", "2024-01-18"), Ok("52"));
        assert_eq!(found("KR-26", "1994-12-31"), Ok("21"));
    }

    #[test]
    fn says_when_a_code_was_valid() {
        let merged = RegionError::NotValidOn {
            day: day("2026-07-01"),
            from: day("1995-01-01"),
            to: Some(day("2026-07-01")),
        };
        assert_eq!(found("29", "2026-06-30"), Ok("29"));
        assert_eq!(found("29", "2026-07-01"), Err(merged));
        assert_eq!(found("KR-29", "2026-07-01"), Err(merged));
        assert_eq!(found("12", "2026-07-01"), Ok("12"));
        let early = found("51110", "2023-06-10").unwrap_err();
        assert_eq!(early.code(), "region_not_valid_on_date");
        assert_eq!(early.to_string(), "was not valid on 2023-06-10");
        assert!(matches!(early, RegionError::NotValidOn { to: None, .. }));
    }

    #[test]
    fn names_regions_whole_in_both_languages() {
        for (code, ko, en) in [
            ("11", "서울특별시", "Seoul"),
            ("11110", "서울특별시 종로구", "Jongno-gu, Seoul"),
            (
                "41111",
                "경기도 수원시 장안구",
                "Suwon-si Jangan-gu, Gyeonggi-do",
            ),
            ("36110", "세종특별자치시", "Sejong"),
            ("50110", "제주특별자치도 제주시", "Jeju-si, Jeju"),
            (
                "51150",
                "강원특별자치도 강릉시",
                "Gangneung-si, Gangwon State",
            ),
            (
                "52113",
                "전북특별자치도 전주시 덕진구",
                "Jeonju-si Deokjin-gu, Jeonbuk State",
            ),
            (
                "12210",
                "전남광주통합특별시 동구",
                "Dong-gu, Jeonnam-Gwangju",
            ),
            (
                "41105",
                "경기도 북부출장소",
                "Bukbu Branch Office, Gyeonggi-do",
            ),
        ] {
            assert_eq!(region(code).full_name_ko(), ko);
            assert_eq!(region(code).full_name_en(), en);
        }
    }

    #[test]
    fn keeps_the_iso_code_and_the_predecessors_of_a_region() {
        assert_eq!(region("51110").iso, Some("KR-42"));
        assert_eq!(region("12210").iso, Some("KR-29"));
        assert_eq!(region("12").iso, None);
        let before: Vec<_> = region("28125")
            .predecessors
            .iter()
            .map(|code| code.as_str())
            .collect();
        assert_eq!(before, ["28110", "28140"]);
        assert_eq!(region("28125").sido.as_str(), "28");
    }

    #[test]
    fn lists_what_was_valid_on_a_day() {
        assert_eq!(sido_valid_on(day("2022-11-03")).count(), 17);
        assert_eq!(sido_valid_on(day("2026-07-01")).count(), 16);
        let now = day("2026-07-01");
        assert_eq!(
            sido_valid_on(now).count() + sigungu_valid_on(now).count(),
            291
        );
        assert!(sigungu_valid_on(now).all(|region| region.code.as_str().len() == 5));
    }

    #[test]
    fn a_code_is_text_in_json_and_only_a_known_one_is_read() {
        let code = RegionCode::parse("11110").unwrap();
        assert_eq!(serde_json::to_string(&code).unwrap(), "\"11110\"");
        assert_eq!(
            serde_json::from_str::<RegionCode>("\"11110\"").unwrap(),
            code
        );
        assert!(serde_json::from_str::<RegionCode>("\"11111\"").is_err());
        assert!(serde_json::from_str::<RegionCode>("\"KR-11\"").is_err());
    }
}
