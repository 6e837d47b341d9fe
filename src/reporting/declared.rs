//! What partners stated of sales, and how it differs from the lines.
//!
//! Statements are read as they stood on the day of the report. One that was undone later gives way
//! on every day to what was recorded in its place, so that no day is stated twice. Amounts may be
//! added over periods that share no day; buyers never are: the latest statement that tells of them
//! is shown as it is.
//!
//! Cost: one statement for what was stated, and two for the lines of the same days.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate};
use serde::Serialize;

use super::books::count;
use super::{store, until};
use crate::calendar::Period;
use crate::code::Code;
use crate::db::{Conn, DbError};
use crate::ids::RecordId;
use crate::ledger::Span;
use crate::money::{Amount, MoneyError, Weight, Won};
use crate::statements::model::{Buyers, BuyersBasis, Declared, Figures, Known, StatementBasis};
use crate::statements::rules::collide;
use crate::tallies;
use crate::tallies::Sold;

/// Statements that the report of a program shows, the latest first.
pub const MAX_SHOWN: usize = 50;

/// The latest that partners stated of a program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// What was sold; none where no statement tells.
    pub sold: Option<StatedSold>,
    /// To how many; none where no statement tells.
    pub buyers: Option<StatedBuyers>,
}

/// What was sold, as it was stated. What one of the statements leaves out is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedSold {
    /// For how much, in won.
    pub amount: Option<Won>,
    /// How much.
    pub quantity: Option<Weight>,
    /// In how many orders.
    pub orders: Option<i64>,
    /// Until when.
    pub as_of: NaiveDate,
}

/// How many bought, as it was stated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedBuyers {
    /// How many, and who was counted.
    pub buyers: Buyers,
    /// Of which days.
    pub period: Period,
    /// By which statement.
    pub statement: RecordId,
}

/// The statements that stand, by program and last day: of two that cannot both stand the one that
/// was recorded later.
#[must_use]
pub fn standing(known: &[Known]) -> BTreeMap<&Code, Vec<&Declared>> {
    let mut programs: BTreeMap<&Code, Vec<&Declared>> = BTreeMap::new();
    for program in known.chunk_by(|a, b| a.program == b.program) {
        let stands = |one: &&Known| {
            one.undone_on.is_none()
                || !program.iter().any(|other| {
                    other.declared.id > one.declared.id && collide(&other.declared, &one.declared)
                })
        };
        let standing = program.iter().filter(stands);
        for one in standing {
            programs
                .entry(&one.program)
                .or_default()
                .push(&one.declared);
        }
    }
    programs
}

impl Stated {
    /// The latest of the statements of one program, which stand and come by their last days.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn of(statements: &[&Declared]) -> Result<Self, MoneyError> {
        let told = |wanted: StatementBasis| {
            let all = statements.iter().copied();
            all.filter(move |one| one.basis == wanted && tells_of_goods(&one.figures))
        };
        let sold = match told(StatementBasis::Cumulative).last() {
            Some(latest) => Some(StatedSold::of(latest)),
            None => StatedSold::sum(told(StatementBasis::InPeriod))?,
        };
        let buyers = statements.iter().filter_map(|one| {
            let buyers = one.figures.buyers?;
            // Of two of the same last day, distinct people to date say the most.
            let order = (one.period.end(), buyers.basis == BuyersBasis::UniqueToDate);
            let (period, statement) = (one.period, one.id.clone());
            Some((
                order,
                StatedBuyers {
                    buyers,
                    period,
                    statement,
                },
            ))
        });
        let buyers = buyers.max_by_key(|(order, _)| *order);
        Ok(Self {
            sold,
            buyers: buyers.map(|(_, buyers)| buyers),
        })
    }
}

fn tells_of_goods(figures: &Figures) -> bool {
    figures.amount.is_some() || figures.quantity.is_some() || figures.orders.is_some()
}

impl StatedSold {
    fn of(one: &Declared) -> Self {
        Self {
            amount: one.figures.amount.map(Amount::won),
            quantity: one.figures.quantity,
            orders: one.figures.orders,
            as_of: one.period.end(),
        }
    }

    /// Statements of periods that share no day, together.
    fn sum<'a>(mut all: impl Iterator<Item = &'a Declared>) -> Result<Option<Self>, MoneyError> {
        let Some(first) = all.next() else {
            return Ok(None);
        };
        let sum = all.map(Self::of).try_fold(Self::of(first), |sum, one| {
            Ok(Self {
                amount: both(sum.amount, one.amount, Won::checked_add)?,
                quantity: both(sum.quantity, one.quantity, Weight::checked_add)?,
                orders: both(sum.orders, one.orders, added)?,
                as_of: sum.as_of.max(one.as_of),
            })
        });
        sum.map(Some)
    }
}

fn added(a: i64, b: i64) -> Result<i64, MoneyError> {
    a.checked_add(b).ok_or(MoneyError::Overflow)
}

fn less(a: i64, b: i64) -> Result<i64, MoneyError> {
    a.checked_sub(b).ok_or(MoneyError::Overflow)
}

/// What is made of both; nothing where one is not known.
fn both<T>(
    a: Option<T>,
    b: Option<T>,
    made: impl Fn(T, T) -> Result<T, MoneyError>,
) -> Result<Option<T>, MoneyError> {
    a.zip(b).map(|(a, b)| made(a, b)).transpose()
}

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

/// The standing statements of the one program that was read.
fn only(known: &[Known]) -> Vec<&Declared> {
    standing(known).into_values().next().unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reporting::sample::{code, day};

    fn declared(id: &str, basis: StatementBasis, days: (&str, &str), amount: i64) -> Declared {
        Declared {
            id: RecordId::stored(id.to_owned()),
            basis,
            period: Period::new(day(days.0), day(days.1)).unwrap(),
            figures: Figures {
                amount: Some(Amount::new(amount).unwrap()),
                ..Figures::default()
            },
            reason: None,
        }
    }

    fn buyers(mut one: Declared, count: i64, basis: BuyersBasis) -> Declared {
        one.figures.buyers = Some(Buyers { count, basis });
        one
    }

    fn known(declared: Declared, undone_on: Option<&str>) -> Known {
        Known {
            program: code("makers"),
            declared,
            undone_on: undone_on.map(day),
        }
    }

    #[test]
    fn what_was_undone_later_gives_way_to_what_took_its_place() {
        let october = ("2022-10-01", "2022-10-31");
        let wrong = known(
            declared("1", StatementBasis::InPeriod, october, 500),
            Some("2022-11-03"),
        );
        let alone = [wrong.clone()];
        assert_eq!(only(&alone).len(), 1, "it was not undone yet");
        let right = known(declared("2", StatementBasis::InPeriod, october, 50), None);
        let both = [wrong, right];
        let ids: Vec<&str> = only(&both).iter().map(|one| one.id.as_str()).collect();
        assert_eq!(ids, ["2"]);
    }

    #[test]
    fn periods_are_added_and_buyers_are_not() {
        let statements = [
            buyers(
                declared(
                    "1",
                    StatementBasis::InPeriod,
                    ("2022-09-01", "2022-09-30"),
                    30,
                ),
                7,
                BuyersBasis::UniqueInPeriod,
            ),
            buyers(
                declared(
                    "2",
                    StatementBasis::InPeriod,
                    ("2022-10-01", "2022-10-31"),
                    40,
                ),
                5,
                BuyersBasis::UniqueInPeriod,
            ),
        ];
        let stated = Stated::of(&statements.iter().collect::<Vec<_>>()).unwrap();
        let sold = stated.sold.unwrap();
        assert_eq!(
            (sold.amount, sold.as_of),
            (Some(Won::new(70)), day("2022-10-31"))
        );
        assert_eq!(sold.quantity, None);
        assert_eq!(stated.buyers.unwrap().buyers.count, 5);
    }

    #[test]
    fn the_latest_cumulative_statement_goes_before_those_of_periods() {
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
        let sold = Stated::of(&all).unwrap().sold.unwrap();
        assert_eq!(
            (sold.amount, sold.as_of),
            (Some(Won::new(30)), day("2022-09-30"))
        );
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
