//! What partners stated of sales, as it stood on a day. Pure.
//!
//! Statements are read as they stood on the day of the report. One that was undone later gives way
//! on every day to what was recorded in its place, so that no day is stated twice. Amounts may be
//! added over periods that share no day; buyers never are: the latest statement that tells of them
//! is shown as it is.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::calendar::Period;
use crate::code::Code;
use crate::ids::RecordId;
use crate::money::{Amount, MoneyError, Weight, Won};
use crate::statements::model::{Buyers, BuyersBasis, Declared, Figures, Known, StatementBasis};
use crate::statements::rules::collide;

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
        let sold = match told(StatementBasis::Cumulative).next_back() {
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

/// What is made of both; nothing where one is not known.
pub(super) fn both<T>(
    a: Option<T>,
    b: Option<T>,
    made: impl Fn(T, T) -> Result<T, MoneyError>,
) -> Result<Option<T>, MoneyError> {
    a.zip(b).map(|(a, b)| made(a, b)).transpose()
}

/// The standing statements of the one program that was read.
pub(super) fn only(known: &[Known]) -> Vec<&Declared> {
    standing(known).into_values().next().unwrap_or_default()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::reporting::sample::{code, day};

    pub fn declared(id: &str, basis: StatementBasis, days: (&str, &str), amount: i64) -> Declared {
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

    pub fn buyers(mut one: Declared, count: i64, basis: BuyersBasis) -> Declared {
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
    }
}
