//! Where the area of a region lies on a later day: codes end, and other codes take their area.
//!
//! Each region names the codes that its area had before. A code that ended and is named by one
//! region went into it whole. One that is named by several was split: which part a record lies in
//! nobody can tell from the code. One that nobody names ended without a trace in the table. What is
//! not certain is said to be so, and never guessed.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::{RegionCode, get, table};

/// How often an area may have changed its code: far more than any ever did.
const MOST_CHANGES: usize = 16;

/// The region that holds an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Current {
    /// Its code on the day; the old code where nobody can tell.
    pub code: RegionCode,
    /// Whether the code ended without a certain successor.
    pub ended: bool,
}

/// The region that holds the area of a code on a day at or after it was valid.
#[must_use]
pub fn current(code: RegionCode, day: NaiveDate) -> Current {
    match only(&heirs(code, day, MOST_CHANGES)) {
        Some(heir) => Current {
            code: heir,
            ended: false,
        },
        None => Current { code, ended: true },
    }
}

/// The 시도 that holds the area of a code on a day. A district that was split is certain of its 시도
/// while all its parts lie in the same one.
#[must_use]
pub fn current_sido(code: RegionCode, day: NaiveDate) -> Current {
    let heirs = heirs(code, day, MOST_CHANGES);
    let sidos: BTreeSet<RegionCode> = heirs
        .iter()
        .filter_map(|heir| get(*heir).map(|region| region.sido))
        .collect();
    match only(&sidos) {
        Some(sido) => Current {
            code: sido,
            ended: false,
        },
        None => Current { code, ended: true },
    }
}

/// The regions that hold the area of a code on a day, before it was valid or after; none where part
/// of it is lost. Where there is one only, it holds the area for certain.
#[must_use]
pub fn on_day(code: RegionCode, day: NaiveDate) -> BTreeSet<RegionCode> {
    match get(code) {
        Some(region) if day < region.valid_from => forerunners(code, day, MOST_CHANGES),
        _ => heirs(code, day, MOST_CHANGES),
    }
}

/// The regions that held the area of a code on an earlier day.
fn forerunners(code: RegionCode, day: NaiveDate, changes: usize) -> BTreeSet<RegionCode> {
    let Some(region) = get(code) else {
        return BTreeSet::new();
    };
    if region.is_valid_on(day) {
        return BTreeSet::from([code]);
    }
    let before = region.predecessors.iter().filter(|_| changes > 0);
    before
        .flat_map(|before| forerunners(*before, day, changes.saturating_sub(1)))
        .collect()
}

fn only(codes: &BTreeSet<RegionCode>) -> Option<RegionCode> {
    codes.first().copied().filter(|_| codes.len() == 1)
}

/// The regions that hold the area together on that day; none where part of it is lost.
fn heirs(code: RegionCode, day: NaiveDate, changes: usize) -> BTreeSet<RegionCode> {
    if get(code).is_some_and(|region| region.is_valid_on(day)) {
        return BTreeSet::from([code]);
    }
    let mut heirs = BTreeSet::new();
    if changes == 0 {
        return heirs;
    }
    for next in table::successors(code) {
        if next.valid_from > day {
            continue;
        }
        let further = self::heirs(next.code, day, changes.saturating_sub(1));
        if further.is_empty() {
            return BTreeSet::new();
        }
        heirs.extend(further);
    }
    heirs
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn told(found: Current) -> String {
        let mark = if found.ended { " ended" } else { "" };
        format!("{}{mark}", found.code)
    }

    fn on(code: &str, on: &str) -> String {
        told(current(RegionCode::parse(code).unwrap(), day(on)))
    }

    fn sido_on(code: &str, on: &str) -> String {
        told(current_sido(RegionCode::parse(code).unwrap(), day(on)))
    }

    #[test]
    fn a_region_that_was_renumbered_or_merged_is_found_under_its_new_code() {
        assert_eq!(on("42", "2023-06-10"), "42");
        assert_eq!(on("42", "2023-06-11"), "51");
        assert_eq!(on("45", "2024-01-18"), "52");
        assert_eq!(on("29", "2026-07-01"), "12");
        assert_eq!(on("46", "2026-07-01"), "12");
        assert_eq!(on("42110", "2026-11-22"), "51110");
        assert_eq!(on("46230", "2026-11-22"), "12190");
        assert_eq!(on("28140", "2026-11-22"), "28125");
        assert_eq!(on("11110", "2026-11-22"), "11110");
    }

    #[test]
    fn a_district_that_was_split_stays_under_its_old_code_and_is_certain_of_its_province() {
        assert_eq!(on("28110", "2026-06-30"), "28110");
        assert_eq!(on("28110", "2026-07-01"), "28110 ended");
        assert_eq!(sido_on("28110", "2026-07-01"), "28");
        assert_eq!(sido_on("28260", "2026-07-01"), "28");
    }

    #[test]
    fn a_region_without_a_known_successor_is_not_guessed() {
        // 군위군 went from 경상북도 to 대구 in 2023; the table does not say so.
        assert_eq!(sido_on("47720", "2023-06-30"), "47");
        assert_eq!(sido_on("47720", "2023-07-01"), "47720 ended");
        assert_eq!(on("45145", "2022-11-11"), "45145 ended");
    }

    #[test]
    fn districts_are_taken_up_to_the_province_of_that_day() {
        assert_eq!(sido_on("42110", "2022-11-03"), "42");
        assert_eq!(sido_on("42110", "2023-06-11"), "51");
        assert_eq!(sido_on("29110", "2026-07-01"), "12");
    }

    #[test]
    fn whatever_is_certain_is_valid_on_the_day() {
        let today = day("2026-11-22");
        for region in table::all() {
            for found in [
                current(region.code, today),
                current_sido(region.code, today),
            ] {
                let valid = get(found.code).unwrap().is_valid_on(today);
                assert_eq!(valid, !found.ended, "{region:?}");
                assert!(!found.ended || found.code == region.code, "{region:?}");
            }
        }
    }
}
