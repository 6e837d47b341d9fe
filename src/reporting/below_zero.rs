//! Days on which a limited account ended below zero.
//!
//! Limits hold in the order of recording. Something entered late, for a day in the past, may leave
//! an account below zero on that day: reports flag such days. Only accounts that something
//! back-dated was taken from can have them.

use chrono::NaiveDate;
use serde::Serialize;

use super::store::AccountDays;
use super::until::before;
use crate::code::Code;
use crate::ledger::{AccountKey, Bucket};
use crate::money::{MoneyError, Won};

/// Most runs of days that one report lists.
pub const MAX_RUNS: usize = 100;

/// A run of days on which an account ended below zero.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BelowZero {
    /// The fund of the account.
    pub fund: Option<Code>,
    /// The program of the account.
    pub program: Option<Code>,
    /// Its fiscal year.
    pub fiscal_year: Option<i32>,
    /// Its bucket.
    pub bucket: Bucket,
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// The lowest balance, in won.
    pub lowest: Won,
}

/// The first [`MAX_RUNS`] runs until `as_of`, and whether there are more or may be.
///
/// # Errors
/// [`MoneyError::Overflow`].
pub fn runs(
    (accounts, more): &(Vec<AccountDays>, bool),
    as_of: NaiveDate,
) -> Result<(Vec<BelowZero>, bool), MoneyError> {
    let mut found = Vec::new();
    for account in accounts {
        find(account, as_of, &mut found)?;
    }
    let truncated = *more || found.len() > MAX_RUNS;
    found.truncate(MAX_RUNS);
    Ok((found, truncated))
}

fn find(
    account: &AccountDays,
    as_of: NaiveDate,
    found: &mut Vec<BelowZero>,
) -> Result<(), MoneyError> {
    let mut balance = Won::ZERO;
    let mut run: Option<BelowZero> = None;
    for (day, change) in &account.changes {
        balance = balance.checked_add(*change)?;
        match (&mut run, balance < Won::ZERO) {
            (Some(run), true) => run.lowest = run.lowest.min(balance),
            (None, true) => run = Some(starting(&account.key, *day, as_of, balance)),
            (_, false) => found.extend(run.take().map(|run| BelowZero {
                to: before(*day),
                ..run
            })),
        }
    }
    found.extend(run);
    Ok(())
}

fn starting(key: &AccountKey, from: NaiveDate, to: NaiveDate, lowest: Won) -> BelowZero {
    BelowZero {
        fund: key.line.fund.clone(),
        program: key.line.program.clone(),
        fiscal_year: key.line.fiscal_year,
        bucket: key.bucket,
        from,
        to,
        lowest,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::Line;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2022, 8, n).unwrap()
    }

    fn found(changes: &[(u32, i64)]) -> Vec<(NaiveDate, NaiveDate, i64)> {
        let account = AccountDays {
            key: Line::outside().bucket(Bucket::Available),
            changes: changes
                .iter()
                .map(|(n, won)| (day(*n), Won::new(*won)))
                .collect(),
        };
        let (runs, truncated) = runs(&(vec![account], false), day(31)).unwrap();
        assert!(!truncated);
        let runs = runs.into_iter();
        runs.map(|run| (run.from, run.to, run.lowest.get()))
            .collect()
    }

    #[test]
    fn a_run_ends_on_the_day_before_the_balance_is_back() {
        assert_eq!(
            found(&[(3, 10), (5, -15), (7, -1), (9, 6), (20, -1)]),
            [(day(5), day(8), -6), (day(20), day(31), -1)]
        );
    }

    #[test]
    fn a_balance_of_nothing_is_not_below_zero() {
        assert_eq!(found(&[(3, 10), (5, -10)]), []);
        assert_eq!(found(&[]), []);
    }

    #[test]
    fn a_long_list_says_that_it_was_cut() {
        let account = AccountDays {
            key: Line::outside().bucket(Bucket::Spent),
            changes: [(day(1), Won::new(-1))].into(),
        };
        let (few, cut) = runs(&(vec![account.clone()], true), day(31)).unwrap();
        assert_eq!((few.len(), cut), (1, true));
        let (many, cut) = runs(&(vec![account; MAX_RUNS + 1], false), day(31)).unwrap();
        assert_eq!((many.len(), cut), (MAX_RUNS, true));
    }
}
