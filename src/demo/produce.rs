//! The produce (facts 5 and 7): made-up lines, one for each week and product in season, that add
//! up to the sums that were said. Farm, livestock and fishery produce from where it is known for.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};

use super::dice::Dice;
use super::error::DemoError;
use super::facts::{MAKERS_PRODUCE, PRODUCE_KG, PRODUCE_ORDERS, PRODUCE_WON};
use super::pen::{Pen, Tools};
use crate::calendar::parse_day;
use crate::clock::Clock;
use crate::code::Code;
use crate::ids;
use crate::ledger::Who;
use crate::money::{Amount, MoneyError, Weight, Won, split};
use crate::sales::model::{Product, Sale};
use crate::sales::record::RecordSale;

/// The Wednesdays on which sales are recorded.
const FIRST_SALE: &str = "2021-08-04";
const LAST_SALE: &str = "2022-11-02";
/// Prices are rounded to hundreds of won, weights to whole kilograms.
const WON_STEP: i64 = 100;
const GRAMS_PER_KG: i64 = 1_000;
/// A week's sales lie so many percent of what is usual, from here on, apart.
const LEAST_PERCENT: u64 = 70;
const PERCENT_APART: u64 = 61;
/// Which throws of the dice are the produce's.
const DICE: u64 = 2;

const BASIS: &str = "시연용 생성: 합계만 2022-11-03 실적 발표와 같음 \
                     (generated for the demo; only the sums are those of the earnings call)";

struct Crop {
    code: &'static str,
    name: &'static str,
    /// The 시군구 it comes from.
    origin: &'static str,
    /// The months in which it is sold.
    season: &'static [u32],
    /// Kilograms that are usual in a week.
    kg: u64,
    /// Won that are usual for a kilogram.
    price: u64,
}

/// A year without a season.
const ALL_YEAR: &[u32] = &[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

/// Made up, near the weights and prices of the time.
const CROPS: [Crop; 8] = [
    Crop {
        code: "jeju-tangerine",
        name: "제주 감귤",
        origin: "50130",
        season: &[10, 11, 12, 1, 2],
        kg: 28_000,
        price: 3_500,
    },
    Crop {
        code: "jeju-carrot",
        name: "제주 당근",
        origin: "50110",
        season: &[1, 2, 3, 4],
        kg: 9_000,
        price: 2_500,
    },
    Crop {
        code: "gangwon-potato",
        name: "강원 감자",
        origin: "42760",
        season: &[7, 8, 9, 10],
        kg: 10_000,
        price: 2_300,
    },
    Crop {
        code: "jeonnam-onion",
        name: "전남 양파",
        origin: "46840",
        season: &[5, 6, 7, 8],
        kg: 12_000,
        price: 2_000,
    },
    Crop {
        code: "gyeongbuk-apple",
        name: "경북 사과",
        origin: "47750",
        season: &[8, 9, 10, 11, 12],
        kg: 8_000,
        price: 5_800,
    },
    Crop {
        code: "gyeongnam-garlic",
        name: "경남 마늘",
        origin: "48740",
        season: &[6, 7, 8, 9],
        kg: 4_000,
        price: 9_500,
    },
    Crop {
        code: "chungnam-pork",
        name: "충남 돼지고기",
        origin: "44800",
        season: ALL_YEAR,
        kg: 2_000,
        price: 14_000,
    },
    Crop {
        code: "jeonnam-abalone",
        name: "전남 전복",
        origin: "46890",
        season: ALL_YEAR,
        kg: 400,
        price: 35_000,
    },
];

/// One line: what was sold of one product in one week.
struct Line {
    crop: &'static Crop,
    sold_on: NaiveDate,
    kg: i64,
    won: i64,
    orders: i64,
}

/// All lines, by day.
pub struct Produce(Vec<Line>);

impl Produce {
    /// Makes the lines up.
    ///
    /// # Errors
    /// [`DemoError`] when a figure of the demo is wrong.
    pub fn generate() -> Result<Self, DemoError> {
        let mut dice = Dice::new(DICE);
        let mut about = |usual: u64| {
            let percent = LEAST_PERCENT.saturating_add(dice.below(PERCENT_APART));
            usual.saturating_mul(percent) / 100
        };
        let sold = in_season()?;
        let kg: Vec<u64> = sold.iter().map(|(crop, _)| about(crop.kg)).collect();
        let won: Vec<u64> = sold
            .iter()
            .zip(&kg)
            .map(|((crop, _), kg)| kg.saturating_mul(about(crop.price)))
            .collect();
        let kilograms = parts(PRODUCE_KG, &kg)?;
        let hundreds = parts(PRODUCE_WON / WON_STEP, &won)?;
        let orders = parts(PRODUCE_ORDERS, &won)?;
        let figures = kilograms.into_iter().zip(hundreds).zip(orders);
        let line = |((crop, sold_on), ((kg, hundreds), orders))| Line {
            crop,
            sold_on,
            kg,
            won: i64::saturating_mul(hundreds, WON_STEP),
            orders,
        };
        Ok(Self(sold.into_iter().zip(figures).map(line).collect()))
    }

    /// How many lines there are.
    pub fn entries(&self) -> usize {
        self.0.len()
    }

    /// Records what was sold on that day.
    ///
    /// # Errors
    /// [`DemoError`] when the books do not take an entry.
    pub fn on(&self, day: NaiveDate, pen: &mut Pen<'_>, officer: &Who) -> Result<(), DemoError> {
        let tools = pen.tools;
        let lines = self.0.iter().filter(|line| line.sold_on == day);
        pen.write_all(
            officer,
            lines.map(|line| line.entry(tools)),
            |sale: &Sale| &sale.id,
        )?;
        Ok(())
    }
}

/// The days of sale, each with the crops that were in season.
fn in_season() -> Result<Vec<(&'static Crop, NaiveDate)>, DemoError> {
    let (mut day, last) = (parse_day(FIRST_SALE)?, parse_day(LAST_SALE)?);
    let mut sold = Vec::new();
    while day <= last {
        let ripe = CROPS
            .iter()
            .filter(|crop| crop.season.contains(&day.month()));
        sold.extend(ripe.map(|crop| (crop, day)));
        day = day.checked_add_days(Days::new(7)).unwrap_or(NaiveDate::MAX);
    }
    Ok(sold)
}

fn parts(total: i64, weights: &[u64]) -> Result<Vec<i64>, MoneyError> {
    Ok(split(Won::new(total), weights)?
        .into_iter()
        .map(Won::get)
        .collect())
}

impl Line {
    fn entry(&self, tools: &Tools<'_>) -> Result<RecordSale, DemoError> {
        let program = Code::parse(MAKERS_PRODUCE)?;
        let grams = self.kg.saturating_mul(GRAMS_PER_KG);
        Ok(RecordSale {
            book: tools.directory.of_sale(&program)?,
            unique: ids::unique(tools.clock.now()),
            program,
            product: Product {
                code: Code::parse(self.crop.code)?,
                name: self.crop.name.to_owned(),
            },
            producer: None,
            origin_region: Some(self.crop.origin.to_owned()),
            sold_on: self.sold_on,
            quantity: Weight::from_grams(grams),
            amount: Amount::new(self.won)?,
            orders: self.orders,
            external_id: Some(format!("{}-{}", self.crop.code, self.sold_on)),
            basis: Some(BASIS.to_owned()),
            attributes: BTreeMap::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::regions;

    fn lines() -> Vec<Line> {
        Produce::generate().unwrap().0
    }

    #[test]
    fn the_lines_add_up_exactly() {
        let lines = lines();
        assert_eq!(lines.iter().map(|line| line.kg).sum::<i64>(), 2_100_000);
        assert_eq!(
            lines.iter().map(|line| line.won).sum::<i64>(),
            10_000_000_000
        );
        assert_eq!(lines.iter().map(|line| line.orders).sum::<i64>(), 452_000);
    }

    #[test]
    fn every_line_sells_something_at_a_fair_price() {
        for Line {
            crop,
            kg,
            won,
            orders,
            ..
        } in lines()
        {
            assert!(
                kg > 0 && orders > 0 && orders <= kg * 10,
                "{} {kg} {orders}",
                crop.code
            );
            let (price, usual) = (won / kg, i64::try_from(crop.price).unwrap());
            assert!(
                price * 2 > usual && price < usual * 2,
                "{} {price}",
                crop.code
            );
        }
    }

    #[test]
    fn every_week_sells_from_regions_that_were_there() {
        let lines = lines();
        let days: BTreeSet<NaiveDate> = lines.iter().map(|line| line.sold_on).collect();
        assert_eq!(days.len(), 66);
        assert_eq!(days.last().unwrap().to_string(), LAST_SALE);
        for line in &lines {
            regions::find_on(line.crop.origin, line.sold_on).unwrap();
        }
        let sold: BTreeSet<&str> = lines.iter().map(|line| line.crop.code).collect();
        assert_eq!(sold.len(), CROPS.len());
    }
}
