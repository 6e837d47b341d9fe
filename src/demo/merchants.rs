//! The merchants: 20,000 made-up ones, in the regions where real ones are.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::dice::Dice;
use super::error::DemoError;
use super::facts::MERCHANTS;
use crate::beneficiaries::registration_number::{RegistrationNumber, RegistrationNumberError};
use crate::money::{Won, split};
use crate::regions::{self, Region, RegionCode};

/// The share of each 시도 in all small merchants, in thousandths: rounded from what the surveys of
/// small businesses (소상공인실태조사) and of all establishments published around 2021. Approximate.
const SHARES: [(&str, u64); 17] = [
    ("11", 186),
    ("26", 64),
    ("27", 46),
    ("28", 53),
    ("29", 28),
    ("30", 27),
    ("31", 21),
    ("36", 6),
    ("41", 254),
    ("42", 34),
    ("43", 31),
    ("44", 42),
    ("45", 37),
    ("46", 37),
    ("47", 54),
    ("48", 63),
    ("50", 17),
];

/// A tax office that does not exist, so that no number is that of a real business.
const OFFICE: u16 = 999;
/// The types 01 to 79: people in business for themselves.
const PERSONAL_TYPES: u32 = 79;
/// Which throws of the dice are the merchants'.
const DICE: u64 = 1;

/// A made-up merchant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Merchant {
    /// From 1 on, in the order in which they are paid.
    pub number: u32,
    /// The 시군구 it is in.
    pub region: RegionCode,
}

impl Merchant {
    /// Its registration number, like no other merchant's.
    ///
    /// # Errors
    /// [`RegistrationNumberError`] past the numbers that one tax office has.
    pub fn registration_number(self) -> Result<RegistrationNumber, RegistrationNumberError> {
        let before = self.number.saturating_sub(1);
        let kind = u8::try_from(before % PERSONAL_TYPES + 1);
        let serial = u16::try_from(before / PERSONAL_TYPES + 1);
        match (kind, serial) {
            (Ok(kind), Ok(serial)) => RegistrationNumber::from_serial(OFFICE, kind, serial),
            _ => Err(RegistrationNumberError::NoSuchNumber),
        }
    }

    /// Its name, which says that it is made up.
    pub fn name(self) -> String {
        format!("시연용 상점 {:05}", self.number)
    }

    /// What the company calls it.
    pub fn external_id(self) -> String {
        format!("demo-{:05}", self.number)
    }
}

/// All merchants: the 시도 by their shares, the 시군구 and the order by chance.
///
/// # Errors
/// [`DemoError::Money`] when the shares cannot be split.
pub fn all(day: NaiveDate) -> Result<Vec<Merchant>, DemoError> {
    let mut dice = Dice::new(DICE);
    let counts = split(Won::new(MERCHANTS), &SHARES.map(|(_, share)| share))?;
    let mut homes = Vec::new();
    for ((sido, _), count) in SHARES.iter().zip(counts) {
        let towns = towns(sido, day);
        homes.extend((0..count.get()).filter_map(|_| dice.pick(&towns).copied()));
    }
    dice.shuffle(&mut homes);
    let merchant = |(number, region)| Merchant { number, region };
    Ok((1..).zip(homes).map(merchant).collect())
}

/// The 시군구 of a 시도 in which people live: a city that has districts gives way to them, and
/// branch offices are none.
fn towns(sido: &str, day: NaiveDate) -> Vec<RegionCode> {
    let within = |region: &&Region| region.sido.as_str() == sido;
    let regions: Vec<_> = regions::sigungu_valid_on(day).filter(within).collect();
    let with_districts: BTreeSet<&str> = regions
        .iter()
        .filter_map(|region| region.name_ko.split_once(' '))
        .map(|(city, _)| city)
        .collect();
    let lived_in = |region: &&&Region| {
        !with_districts.contains(region.name_ko) && !region.name_ko.ends_with("출장소")
    };
    regions
        .iter()
        .filter(lived_in)
        .map(|region| region.code)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn merchants() -> Vec<Merchant> {
        all(day("2022-08-01")).unwrap()
    }

    #[test]
    fn the_shares_are_of_all_regions_and_add_up() {
        assert_eq!(SHARES.iter().map(|(_, share)| share).sum::<u64>(), 1_000);
        let sido: Vec<_> = regions::sido_valid_on(day("2022-08-01"))
            .map(|sido| sido.code.as_str())
            .collect();
        assert_eq!(SHARES.map(|(sido, _)| sido).to_vec(), sido);
    }

    #[test]
    fn there_are_twenty_thousand_spread_by_the_shares() {
        let merchants = merchants();
        assert_eq!(merchants.len(), 20_000);
        for (sido, share) in SHARES {
            let here = merchants
                .iter()
                .filter(|m| m.region.as_str().starts_with(sido))
                .count();
            assert_eq!(here, usize::try_from(share).unwrap() * 20, "{sido}");
        }
    }

    #[test]
    fn registration_numbers_are_valid_and_no_two_are_the_same() {
        let numbers: BTreeSet<String> = merchants()
            .into_iter()
            .map(|merchant| {
                let number = merchant.registration_number().unwrap();
                RegistrationNumber::parse(number.as_digits()).unwrap();
                assert!(number.as_digits().starts_with("999"));
                number.as_digits().to_owned()
            })
            .collect();
        assert_eq!(numbers.len(), 20_000);
    }

    #[test]
    fn every_region_is_a_town_for_as_long_as_merchants_are_paid() {
        let towns: BTreeSet<_> = merchants()
            .into_iter()
            .map(|merchant| merchant.region)
            .collect();
        for on in ["2022-08-01", "2022-11-02"] {
            for town in &towns {
                assert_eq!(regions::find_on(town.as_str(), day(on)), Ok(*town), "{on}");
            }
        }
        let named = |name: &str| {
            towns
                .iter()
                .any(|t| regions::get(*t).unwrap().name_ko == name)
        };
        assert!(named("수원시 장안구") && !named("수원시") && !named("북부출장소"));
        assert!(towns.len() > 240, "{}", towns.len());
    }

    #[test]
    fn the_same_merchants_come_every_time() {
        assert_eq!(merchants(), merchants());
        let names: Vec<_> = merchants().iter().take(2).map(|m| m.name()).collect();
        assert_eq!(names, ["시연용 상점 00001", "시연용 상점 00002"]);
    }
}
