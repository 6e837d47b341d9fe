//! Regions: by code (`11`, `11110`, `KR-11`) or by name (`서울`, `서울특별시 강남구`, `강원도 춘천시`,
//! `Gangnam-gu, Seoul`), old names and new ones.
//!
//! The rule. A code or name has to be valid on the day. With [`RegionCodes::Successor`] one that
//! was valid on another day stands for the region that holds its area on the day, if exactly one
//! does for certain; a region that was split is refused with the candidates. A name that several
//! regions have, as 중구 has, is refused with the candidates.

use std::collections::{BTreeSet, HashMap};
use std::sync::LazyLock;

use chrono::NaiveDate;

use super::{ValueFault, folded, narrow};
use crate::regions::{self, Level, Region, RegionCode, RegionError};
use crate::tables::Cell;
use crate::text_enum::text_enum;

/// Candidates that are told at most.
const MOST_TOLD: usize = 8;

text_enum! {
    /// Which regions are taken.
    RegionCodes {
        /// Those that were valid on the day.
        Strict = "strict",
        /// Also those that exactly one other stands for on the day, for certain.
        Successor = "successor",
    }
}

/// What 시도 are called in short.
const SHORT: [(&str, &[&str]); 28] = [
    ("서울특별시", &["서울", "서울시"]),
    ("부산광역시", &["부산", "부산시"]),
    ("부산직할시", &["부산", "부산시"]),
    ("대구광역시", &["대구", "대구시"]),
    ("대구직할시", &["대구", "대구시"]),
    ("인천광역시", &["인천", "인천시"]),
    ("인천직할시", &["인천", "인천시"]),
    ("광주광역시", &["광주", "광주시"]),
    ("광주직할시", &["광주", "광주시"]),
    ("대전광역시", &["대전", "대전시"]),
    ("대전직할시", &["대전", "대전시"]),
    ("울산광역시", &["울산", "울산시"]),
    ("세종특별자치시", &["세종", "세종시"]),
    ("경기도", &["경기"]),
    ("강원도", &["강원"]),
    ("강원특별자치도", &["강원"]),
    ("충청북도", &["충북"]),
    ("충청남도", &["충남"]),
    ("전라북도", &["전북"]),
    ("전북특별자치도", &["전북"]),
    ("전라남도", &["전남"]),
    ("경상북도", &["경북"]),
    ("경상남도", &["경남"]),
    ("제주도", &["제주"]),
    ("제주특별자치도", &["제주"]),
    ("전남광주통합특별시", &["전남광주", "전남광주시"]),
    ("북부출장소", &[]),
    ("동해출장소", &[]),
];

/// Every name that a region goes by, and the regions of that name whatever the day.
static NAMES: LazyLock<HashMap<String, Vec<RegionCode>>> = LazyLock::new(|| {
    let mut names: HashMap<String, Vec<RegionCode>> = HashMap::new();
    for region in regions::all() {
        let own: BTreeSet<String> = names_of(region).iter().map(|name| folded(name)).collect();
        for name in own {
            names.entry(name).or_default().push(region.code);
        }
    }
    names
});

fn short(sido: &str) -> impl Iterator<Item = &'static str> {
    let found = SHORT.iter().find(|(name, _)| *name == sido);
    found
        .into_iter()
        .flat_map(|(_, short)| short.iter().copied())
}

fn names_of(region: &Region) -> Vec<String> {
    let mut names = vec![
        region.full_name_ko(),
        region.full_name_en().replace(',', ""),
        region.name_en.to_owned(),
        region.name_ko.to_owned(),
    ];
    if region.level == Level::Sido {
        names.extend(short(region.name_ko).map(str::to_owned));
        return names;
    }
    // 수원시 장안구 is called 장안구 as well.
    if let Some((_, district)) = region.name_ko.rsplit_once(' ') {
        names.push(district.to_owned());
    }
    if let Some(sido) = regions::get(region.sido) {
        for short in short(sido.name_ko) {
            names.push(format!("{short} {}", region.name_ko));
        }
    }
    names
}

/// The region that a cell names on a day.
///
/// # Errors
/// `unknown_region`, `region_not_valid_on_date`, `ambiguous_region`, `region_split`.
pub fn read(cell: &Cell, on: NaiveDate, codes: RegionCodes) -> Result<RegionCode, ValueFault> {
    let text = narrow(cell.text());
    let candidates = candidates(&text);
    if candidates.is_empty() {
        return Err(ValueFault::new("unknown_region").with("region", text));
    }
    let valid: BTreeSet<RegionCode> = candidates
        .iter()
        .copied()
        .filter(|code| regions::get(*code).is_some_and(|region| region.is_valid_on(on)))
        .collect();
    match one_of(&valid) {
        Some(code) => return Ok(code),
        None if !valid.is_empty() => return Err(told("ambiguous_region", &valid)),
        None => {}
    }
    if codes == RegionCodes::Strict {
        return Err(not_valid(&text, &candidates, on));
    }
    let mut held = BTreeSet::new();
    let mut certain = true;
    let candidates = nearest(&candidates, on);
    for code in &candidates {
        let on_the_day = regions::on_day(*code, on);
        certain &= on_the_day.len() == 1;
        held.extend(on_the_day);
    }
    match one_of(&held) {
        Some(code) if certain => Ok(code),
        _ if held.is_empty() => Err(not_valid(&text, &candidates, on)),
        _ if candidates.len() > 1 => Err(told("ambiguous_region", &held)),
        _ => Err(told("region_split", &held)),
    }
}

/// Without those that another of the same name, in a 시도 of the same name, is nearer to the day
/// than: 광주 동구 of 1990 where there was one in 2020.
fn nearest(candidates: &[RegionCode], day: NaiveDate) -> Vec<RegionCode> {
    let known = || candidates.iter().filter_map(|code| regions::get(*code));
    let kept = known().filter(|one| {
        !known().any(|other| is_same_place(one, other) && days_to(other, day) < days_to(one, day))
    });
    kept.map(|region| region.code).collect()
}

fn is_same_place(one: &Region, other: &Region) -> bool {
    let sido = |region: &Region| regions::get(region.sido).map_or("", |sido| sido.name_ko);
    let is_shared = |name| short(sido(other)).any(|other| other == name);
    one.level == other.level
        && (one.level == Level::Sido || one.name_ko == other.name_ko)
        && (sido(one) == sido(other) || short(sido(one)).any(is_shared))
}

/// How far a day lies from the days on which a region was valid.
fn days_to(region: &Region, day: NaiveDate) -> i64 {
    let ended = region.valid_to.filter(|end| *end <= day);
    match ended {
        Some(end) => (day - end).num_days() + 1,
        None => (region.valid_from - day).num_days().max(0),
    }
}

/// The regions that a text may mean, whatever the day.
fn candidates(text: &str) -> Vec<RegionCode> {
    if let Ok(code) = RegionCode::parse(text) {
        return vec![code];
    }
    if text.starts_with("KR-") {
        return regions::all()
            .filter(|region| region.level == Level::Sido && region.iso == Some(text))
            .map(|region| region.code)
            .collect();
    }
    let names = NAMES.get(&folded(&text.replace(',', " ")));
    names.cloned().unwrap_or_default()
}

/// The only one; a 시도 that has its only district's name stands for both.
fn one_of(codes: &BTreeSet<RegionCode>) -> Option<RegionCode> {
    let mut codes_left = codes.iter();
    let (first, second) = (codes_left.next()?, codes_left.next());
    match second {
        None => Some(*first),
        Some(second) if codes.len() == 2 => {
            let (sido, district) = (regions::get(*first)?, regions::get(*second)?);
            let same = district.sido == *first && sido.name_ko == district.name_ko;
            same.then_some(*first)
        }
        Some(_) => None,
    }
}

fn not_valid(text: &str, candidates: &[RegionCode], day: NaiveDate) -> ValueFault {
    let last = candidates.iter().filter_map(|code| regions::get(*code));
    let Some(region) = last.max_by_key(|region| region.valid_from) else {
        return ValueFault::new("unknown_region").with("region", text);
    };
    let error = RegionError::NotValidOn {
        day,
        from: region.valid_from,
        to: region.valid_to,
    };
    let to = region
        .valid_to
        .map_or_else(|| "–".to_owned(), |to| to.to_string());
    ValueFault::new(error.code())
        .with("region", text)
        .with("day", day)
        .with("from", region.valid_from)
        .with("to", to)
}

fn told(code: &'static str, candidates: &BTreeSet<RegionCode>) -> ValueFault {
    let mut names: Vec<String> = candidates
        .iter()
        .take(MOST_TOLD)
        .filter_map(|code| regions::get(*code))
        .map(|region| format!("{} {}", region.code, region.full_name_ko()))
        .collect();
    if candidates.len() > MOST_TOLD {
        names.push("…".to_owned());
    }
    ValueFault::new(code).with("candidates", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str, day: &str, codes: RegionCodes) -> String {
        match read(&Cell::from(text), day.parse().unwrap(), codes) {
            Ok(code) => code.to_string(),
            Err(fault) => fault.code.to_owned(),
        }
    }

    fn strict(text: &str) -> String {
        on(text, "2022-11-03", RegionCodes::Strict)
    }

    fn successor(text: &str, day: &str) -> String {
        on(text, day, RegionCodes::Successor)
    }

    #[test]
    fn regions_are_known_by_code_and_by_every_name() {
        for (text, code) in [
            ("11", "11"),
            ("11110", "11110"),
            ("KR-11", "11"),
            ("서울", "11"),
            ("서울시", "11"),
            ("서울특별시", "11"),
            ("Seoul", "11"),
            ("서울특별시 강남구", "11680"),
            ("서울 강남구", "11680"),
            ("서울강남구", "11680"),
            ("강남구", "11680"),
            ("Gangnam-gu, Seoul", "11680"),
            ("강원도 춘천시", "42110"),
            ("강원 춘천시", "42110"),
            ("경기도 수원시 장안구", "41111"),
            ("장안구", "41111"),
            ("제주", "50"),
            ("세종", "36"),
            ("세종특별자치시", "36"),
            ("광주", "29"),
            ("경기 광주시", "41610"),
            ("１１", "11"),
        ] {
            assert_eq!(strict(text), code, "{text}");
        }
    }

    #[test]
    fn a_name_of_several_regions_is_refused_with_the_candidates() {
        for text in ["중구", "동구", "광주시", "고성군", "Jung-gu"] {
            assert_eq!(strict(text), "ambiguous_region", "{text}");
        }
        let day = "2022-11-03".parse().unwrap();
        let fault = read(&Cell::from("고성군"), day, RegionCodes::Strict).unwrap_err();
        let told = &fault.facts.first().unwrap().1;
        assert_eq!(told, "42820 강원도 고성군, 48820 경상남도 고성군");
        assert_eq!(strict("없는군"), "unknown_region");
        assert_eq!(strict(""), "unknown_region");
    }

    #[test]
    fn strictly_a_name_or_code_has_to_be_valid_on_the_day() {
        for text in ["51", "강원특별자치도", "강원특별자치도 춘천시", "KR-99"] {
            let told = strict(text);
            let refused = ["region_not_valid_on_date", "unknown_region"].contains(&told.as_str());
            assert!(refused, "{text}: {told}");
        }
        assert_eq!(
            on("강원도", "2024-01-01", RegionCodes::Strict),
            "region_not_valid_on_date"
        );
        assert_eq!(on("강원", "2024-01-01", RegionCodes::Strict), "51");
    }

    #[test]
    fn a_certain_successor_or_predecessor_is_taken() {
        assert_eq!(successor("강원도", "2024-01-01"), "51");
        assert_eq!(successor("42110", "2024-01-01"), "51110");
        assert_eq!(successor("강원도 춘천시", "2024-01-01"), "51110");
        assert_eq!(successor("강원특별자치도", "2022-11-03"), "42");
        assert_eq!(successor("51110", "2022-11-03"), "42110");
        assert_eq!(successor("광주 동구", "2026-07-01"), "12210");
    }

    #[test]
    fn a_split_without_a_certain_successor_is_refused_with_the_candidates() {
        assert_eq!(successor("28110", "2026-07-01"), "region_split");
        let day = "2026-07-01".parse().unwrap();
        let fault = read(&Cell::from("28110"), day, RegionCodes::Successor).unwrap_err();
        let told = &fault.facts.first().unwrap().1;
        assert!(told.contains("28125"), "{told}");
        // The merged city was two before: a record of before may lie in either.
        assert_eq!(successor("12", "2022-11-03"), "region_split");
        // 군위군 went from one province to another, which the table of codes does not tell.
        assert_eq!(successor("47720", "2023-07-02"), "region_not_valid_on_date");
    }

    #[test]
    fn every_sido_has_its_short_names_at_hand() {
        for region in regions::all().filter(|region| region.level == Level::Sido) {
            assert!(
                SHORT.iter().any(|(name, _)| *name == region.name_ko),
                "{region:?}"
            );
        }
    }
}
