//! Reads the file of codes, once, into a table by code.
//!
//! The file is part of the program and holds no quoted fields. A row that could not be read would
//! be left out; a test shows that none is.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::{Level, Region, RegionCode};

const FILE: &str = include_str!("kr_region_codes.csv");

static TABLE: LazyLock<BTreeMap<&'static str, Region>> = LazyLock::new(|| {
    let rows = FILE.lines().skip(1).filter_map(read_row);
    rows.map(|region| (region.code.as_str(), region)).collect()
});

/// The regions that name a code as one that their area had before.
static SUCCESSORS: LazyLock<BTreeMap<RegionCode, Vec<&'static Region>>> = LazyLock::new(|| {
    let mut successors: BTreeMap<RegionCode, Vec<&'static Region>> = BTreeMap::new();
    for region in all() {
        for before in &region.predecessors {
            successors.entry(*before).or_default().push(region);
        }
    }
    successors
});

/// All regions, by code.
pub(super) fn all() -> impl Iterator<Item = &'static Region> {
    TABLE.values()
}

/// The regions that the area of a code went to.
pub(super) fn successors(code: RegionCode) -> impl Iterator<Item = &'static Region> {
    SUCCESSORS.get(&code).into_iter().flatten().copied()
}

/// The region that has or had this code.
pub(super) fn by_code(code: &str) -> Option<&'static Region> {
    TABLE.get(code)
}

/// The 시도 that have or had this ISO 3166-2 code, the latest last.
pub(super) fn by_iso(iso: &str) -> impl Iterator<Item = &'static Region> {
    let of_iso = |region: &&Region| region.level == Level::Sido && region.iso == Some(iso);
    // Most texts are other codes: nobody searches the whole table for those.
    let named = iso.starts_with("KR-").then(all);
    let mut regions: Vec<_> = named.into_iter().flatten().filter(of_iso).collect();
    regions.sort_by_key(|region| region.valid_from);
    regions.into_iter()
}

fn read_row(row: &'static str) -> Option<Region> {
    let columns: Vec<_> = row.split(',').collect();
    let [
        code,
        level,
        sido,
        sigungu,
        name_en,
        from,
        to,
        iso,
        predecessors,
        _source,
    ] = <[&str; 10]>::try_from(columns).ok()?;
    let valid_to = if to.is_empty() {
        None
    } else {
        Some(to.parse().ok()?)
    };
    Some(Region {
        code: RegionCode(code),
        level: read_level(level)?,
        name_ko: if sigungu.is_empty() { sido } else { sigungu },
        name_en,
        sido: RegionCode(code.get(..2)?),
        valid_from: from.parse().ok()?,
        valid_to,
        iso: Some(iso).filter(|iso| !iso.is_empty()),
        predecessors: read_codes(predecessors),
    })
}

fn read_level(text: &str) -> Option<Level> {
    match text {
        "sido" => Some(Level::Sido),
        "sigungu" => Some(Level::Sigungu),
        _ => None,
    }
}

fn read_codes(text: &'static str) -> Vec<RegionCode> {
    let codes = text.split(';').filter(|code| !code.is_empty());
    codes.map(RegionCode).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read_once() {
        assert_eq!(FILE.lines().count(), 1 + 564);
        assert_eq!(TABLE.len(), 564);
    }

    #[test]
    fn the_columns_stand_where_they_are_read() {
        let head = "code,level,sido_name,sigungu_name,name_en,valid_from,valid_to,iso_3166_2,\
                    predecessor,source";
        assert_eq!(FILE.lines().next(), Some(head));
    }

    #[test]
    fn codes_fit_their_level_and_point_to_codes_that_exist() {
        for region in all() {
            let length = match region.level {
                Level::Sido => 2,
                Level::Sigungu => 5,
            };
            let code = region.code.as_str();
            assert_eq!(code.len(), length, "{code}");
            assert!(code.bytes().all(|byte| byte.is_ascii_digit()), "{code}");
            assert!(by_code(region.sido.as_str()).is_some(), "{code}");
            for before in &region.predecessors {
                assert!(by_code(before.as_str()).is_some(), "{code}");
            }
        }
    }

    #[test]
    fn every_region_has_a_name_in_both_languages() {
        for region in all() {
            assert!(
                region.name_en.is_ascii() && !region.name_en.is_empty(),
                "{region:?}"
            );
            assert!(!region.name_ko.is_ascii(), "{region:?}");
        }
    }
}
