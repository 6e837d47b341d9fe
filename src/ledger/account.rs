//! Accounts: the buckets that money moves through.

use chrono::NaiveDate;

use crate::code::Code;
use crate::money::Won;
use crate::text_enum::text_enum;

text_enum! {
    /// Where money stands on its way.
    Bucket {
        /// Beyond these books: where commitments come from.
        Outside = "outside",
        /// Committed to a fund, not yet set aside.
        Unallocated = "unallocated",
        /// Set aside for a program, not yet approved away.
        Available = "available",
        /// Approved, not yet paid.
        Awaiting = "awaiting",
        /// Paid, net of returns and refunds.
        Spent = "spent",
        /// Cash paid into a fund and not yet paid out.
        Cash = "cash",
        /// Beyond these books: where cash comes from and goes to.
        CashOutside = "cash_outside",
    }
}

/// A budget line: money of one fund for one program and fiscal year.
///
/// Without a fund it is a program's own line, without either the direct giving of the house.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Line {
    /// The fund that pays.
    pub fund: Option<Code>,
    /// The program that spends.
    pub program: Option<Code>,
    /// The fiscal year, or none for an undated line.
    pub fiscal_year: Option<i32>,
}

impl Line {
    /// The part of a fund that no program has.
    #[must_use]
    pub fn of_fund(fund: &Code) -> Self {
        Self {
            fund: Some(fund.clone()),
            program: None,
            fiscal_year: None,
        }
    }

    /// What lies outside every fund and program.
    #[must_use]
    pub fn outside() -> Self {
        Self {
            fund: None,
            program: None,
            fiscal_year: None,
        }
    }

    /// The bucket of this line.
    #[must_use]
    pub fn bucket(&self, bucket: Bucket) -> AccountKey {
        AccountKey {
            line: self.clone(),
            bucket,
        }
    }
}

/// What an account is for; one in its book.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountKey {
    /// The budget line.
    pub line: Line,
    /// The bucket of that line.
    pub bucket: Bucket,
}

impl AccountKey {
    /// The key in one text, as the event log's leaves hold it.
    #[must_use]
    pub fn text(&self) -> String {
        format!(
            "{}/{}/{}/{}",
            crate::code::or_empty(self.line.fund.as_ref()),
            crate::code::or_empty(self.line.program.as_ref()),
            self.line.fiscal_year.unwrap_or(0),
            self.bucket
        )
    }
}

/// One account as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its number in the book; none until it is first written.
    pub number: Option<i64>,
    /// What it is for.
    pub key: AccountKey,
    /// Whether its balance may not go below zero.
    pub limited: bool,
    /// Credits less debits, in the order of recording.
    pub balance: Won,
    /// The latest value date of its transfers.
    pub last_on: NaiveDate,
    /// Whether something was taken from it on a day before `last_on`.
    pub backdated: bool,
}

impl Account {
    /// An account that nothing has moved through.
    #[must_use]
    pub fn fresh(key: AccountKey, limited: bool) -> Self {
        Self {
            number: None,
            key,
            limited,
            balance: Won::ZERO,
            last_on: NaiveDate::MIN,
            backdated: false,
        }
    }
}
