//! Statements of sales beside the lines, for the report of a program.
//!
//! Each statement with what the lines of the same days come to, the difference, and, where it is
//! cumulative, what it adds to the one before. Buyers are never compared with lines, and never
//! added; people who bought for the first time are a difference of people to date.
//!
//! Cost: one statement for what was stated, and two for the lines of the same days.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::books::count;
use super::declared::{Stated, both, only};
use super::{store, until};
use crate::calendar::Period;
use crate::code::Code;
use crate::db::{Conn, DbError};
use crate::ids::RecordId;
use crate::ledger::Span;
use crate::money::{Amount, MoneyError, Weight, Won};
use crate::statements::model::{BuyersBasis, Declared, Figures, Known, StatementBasis};
use crate::tallies;
use crate::tallies::Sold;

/// Statements that the report of a program shows, the latest first.
pub const MAX_SHOWN: usize = 50;

/// A statement as the report of a program shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StatementShown {
    /// Its id.
    pub id: RecordId,
    /// The days of its figures.
    pub period: Period,
    /// Cumulative, or of these days alone.
    pub basis: StatementBasis,
    /// How much.
    pub quantity_kg: Option<Weight>,
    /// For how much, in won.
    pub amount: Option<Won>,
    /// In how many orders.
    pub orders: Option<i64>,
    /// To how many.
    pub buyers: Option<i64>,
    /// Who was counted.
    pub buyers_basis: Option<BuyersBasis>,
    /// Why a figure falls.
    pub reason: Option<String>,
    /// The day from which it counts: the last of its days.
    pub as_of: NaiveDate,
    /// What a cumulative one comes to since the one before.
    pub derived: Option<Derived>,
    /// What the lines of the same days come to.
    pub lines: Goods,
    /// Lines − statement; none for what the statement does not tell. Never of buyers.
    pub difference: Goods,
}

/// What lies between two cumulative statements.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Derived {
    /// From the day after the one before.
    pub period: Period,
    /// How much.
    pub quantity_kg: Option<Weight>,
    /// For how much, in won.
    pub amount: Option<Won>,
    /// In how many orders.
    pub orders: Option<i64>,
    /// How many bought for the first time, where both count distinct people to date.
    pub first_time_buyers: Option<i64>,
}

/// A quantity of goods sold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Goods {
    /// How much.
    pub quantity_kg: Option<Weight>,
    /// For how much, in won.
    pub amount: Option<Won>,
    /// In how many orders.
    pub orders: Option<i64>,
}

/// What was stated of one program, with the lines of the same days.
#[derive(Debug, Default)]
pub struct ProgramStatements {
    known: Vec<Known>,
    months: BTreeMap<NaiveDate, Sold>,
    days: BTreeMap<NaiveDate, Sold>,
}

impl ProgramStatements {
    /// Reads what was stated of a program until a day, and the lines of the days that are shown.
    ///
    /// # Errors
    /// [`DbError`].
    pub fn read(conn: &mut Conn, program: &Code, as_of: NaiveDate) -> Result<Self, DbError> {
        let known = crate::statements::store::known(conn, Some(program), as_of)?;
        let (mut months, mut days) = (Vec::new(), Vec::new());
        for one in shown(&only(&known)) {
            for (span, (from, to)) in until::between(one.period.start(), one.period.end()) {
                match span {
                    Span::Day => days.extend(each(from, to)),
                    _ => months.push((from, to)),
                }
            }
        }
        days.sort_unstable();
        days.dedup();
        let first = months.iter().map(|(from, _)| *from).min();
        let last = months.iter().map(|(_, to)| *to).max();
        let months = match first.zip(last) {
            Some(run) => tallies::store::sale_sums(conn, Some(program), Span::Month, run)?,
            None => Vec::new(),
        };
        let months = months.into_iter().map(|sum| (sum.starts_on, sum.sold));
        let overflow = |error: MoneyError| DbError::Schema(format!("sums of sales: {error}"));
        let months = by_day(months).map_err(overflow)?;
        let days = by_day(store::sold_on(conn, program, &days)?).map_err(overflow)?;
        Ok(Self {
            known,
            months,
            days,
        })
    }

    /// The latest that was stated.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn stated(&self) -> Result<Option<Stated>, MoneyError> {
        let standing = only(&self.known);
        if standing.is_empty() {
            return Ok(None);
        }
        Stated::of(&standing).map(Some)
    }

    /// The latest [`MAX_SHOWN`] statements, newest first, and whether there are more.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn shown(&self) -> Result<(Vec<StatementShown>, bool), MoneyError> {
        let standing = only(&self.known);
        let rows = shown(&standing)
            .into_iter()
            .map(|one| self.show(one, &standing))
            .collect::<Result<Vec<_>, _>>()?;
        let more = standing.len() > rows.len();
        Ok((rows, more))
    }

    fn show(&self, one: &Declared, among: &[&Declared]) -> Result<StatementShown, MoneyError> {
        let (figures, lines) = (&one.figures, self.lines(one.period)?);
        let stated = Goods::of(figures);
        Ok(StatementShown {
            id: one.id.clone(),
            period: one.period,
            basis: one.basis,
            quantity_kg: stated.quantity_kg,
            amount: stated.amount,
            orders: stated.orders,
            buyers: figures.buyers.map(|buyers| buyers.count),
            buyers_basis: figures.buyers.map(|buyers| buyers.basis),
            reason: one.reason.clone(),
            as_of: one.period.end(),
            derived: Derived::of(one, among)?,
            difference: lines.less(&stated)?,
            lines,
        })
    }

    /// What the lines of a period come to.
    fn lines(&self, period: Period) -> Result<Goods, MoneyError> {
        let mut sum = Sold::default();
        for (span, (from, to)) in until::between(period.start(), period.end()) {
            let sums = match span {
                Span::Day => &self.days,
                _ => &self.months,
            };
            for (_, sold) in sums.range(from..=to) {
                add(&mut sum, sold)?;
            }
        }
        Ok(Goods {
            quantity_kg: Some(Weight::from_grams(sum.grams)),
            amount: Some(Won::new(sum.amount)),
            orders: Some(sum.orders),
        })
    }
}

fn shown<'a>(standing: &[&'a Declared]) -> Vec<&'a Declared> {
    standing.iter().rev().take(MAX_SHOWN).copied().collect()
}

fn each(from: NaiveDate, to: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    from.iter_days().take_while(move |day| *day <= to)
}

fn by_day(
    sums: impl IntoIterator<Item = (NaiveDate, Sold)>,
) -> Result<BTreeMap<NaiveDate, Sold>, MoneyError> {
    let mut days: BTreeMap<NaiveDate, Sold> = BTreeMap::new();
    for (day, sold) in sums {
        add(days.entry(day).or_default(), &sold)?;
    }
    Ok(days)
}

fn add(sum: &mut Sold, more: &Sold) -> Result<(), MoneyError> {
    count(&mut sum.grams, more.grams)?;
    count(&mut sum.amount, more.amount)?;
    count(&mut sum.orders, more.orders)
}

impl Goods {
    fn of(figures: &Figures) -> Self {
        Self {
            quantity_kg: figures.quantity,
            amount: figures.amount.map(Amount::won),
            orders: figures.orders,
        }
    }

    fn less(&self, other: &Self) -> Result<Self, MoneyError> {
        Ok(Self {
            quantity_kg: both(self.quantity_kg, other.quantity_kg, Weight::checked_sub)?,
            amount: both(self.amount, other.amount, Won::checked_sub)?,
            orders: both(self.orders, other.orders, less)?,
        })
    }
}

impl Derived {
    /// What a cumulative statement adds to the one before it, or to nothing where it is the first.
    fn of(one: &Declared, among: &[&Declared]) -> Result<Option<Self>, MoneyError> {
        if one.basis != StatementBasis::Cumulative {
            return Ok(None);
        }
        let earlier = among.iter().filter(|other| {
            let (first, second) = (other.period, one.period);
            other.basis == one.basis
                && first.start() == second.start()
                && first.end() < second.end()
        });
        let Some(before) = earlier.max_by_key(|other| other.period.end()) else {
            let goods = Goods::of(&one.figures);
            return Ok(Some(Self::made(one.period, goods, to_date(&one.figures))));
        };
        let next = before.period.end().checked_add_days(Days::new(1));
        let next = next.unwrap_or(one.period.end());
        let period = Period::new(next, one.period.end()).unwrap_or(one.period);
        let goods = Goods::of(&one.figures).less(&Goods::of(&before.figures))?;
        let new = both(to_date(&one.figures), to_date(&before.figures), less)?;
        Ok(Some(Self::made(period, goods, new)))
    }

    fn made(period: Period, goods: Goods, first_time_buyers: Option<i64>) -> Self {
        Self {
            period,
            quantity_kg: goods.quantity_kg,
            amount: goods.amount,
            orders: goods.orders,
            first_time_buyers,
        }
    }
}

/// Distinct people to date, where those were counted.
fn to_date(figures: &Figures) -> Option<i64> {
    let buyers = figures.buyers?;
    (buyers.basis == BuyersBasis::UniqueToDate).then_some(buyers.count)
}

fn less(a: i64, b: i64) -> Result<i64, MoneyError> {
    a.checked_sub(b).ok_or(MoneyError::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reporting::declared::tests::{buyers, declared};
    use crate::reporting::sample::day;

    #[test]
    fn a_cumulative_statement_comes_to_what_it_adds_to_the_one_before() {
        let statements = [
            declared(
                "1",
                StatementBasis::Cumulative,
                ("2022-08-01", "2022-08-31"),
                10,
            ),
            declared(
                "2",
                StatementBasis::Cumulative,
                ("2022-08-01", "2022-09-30"),
                30,
            ),
            declared(
                "3",
                StatementBasis::InPeriod,
                ("2022-10-01", "2022-10-31"),
                40,
            ),
        ];
        let all: Vec<&Declared> = statements.iter().collect();
        let derived = Derived::of(all[1], &all).unwrap().unwrap();
        assert_eq!(derived.amount, Some(Won::new(20)));
        assert_eq!(derived.period.start(), day("2022-09-01"));
        assert_eq!(Derived::of(all[2], &all).unwrap(), None);
    }

    #[test]
    fn people_who_bought_for_the_first_time_are_a_difference_of_people_to_date() {
        let month = |id, end, count, basis| {
            buyers(
                declared(id, StatementBasis::Cumulative, ("2022-08-01", end), 10),
                count,
                basis,
            )
        };
        let statements = [
            month("1", "2022-08-31", 100, BuyersBasis::UniqueToDate),
            month("2", "2022-09-30", 130, BuyersBasis::UniqueToDate),
            month("3", "2022-10-31", 200, BuyersBasis::Orders),
        ];
        let all: Vec<&Declared> = statements.iter().collect();
        let new = |one| Derived::of(one, &all).unwrap().unwrap().first_time_buyers;
        assert_eq!(
            (new(all[0]), new(all[1]), new(all[2])),
            (Some(100), Some(30), None)
        );
    }
}
