//! What a statement of sales is.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::calendar::Period;
use crate::code::Code;
use crate::ids::RecordId;
use crate::money::{Amount, Weight};
use crate::sales::model::Cancelled;
use crate::text_enum::text_enum;

text_enum! {
    /// What the days of a statement are to its figures.
    StatementBasis {
        /// Everything from the first day, the day it all began, to the last.
        Cumulative = "cumulative",
        /// What was sold on these days alone.
        InPeriod = "in_period",
    }
}

text_enum! {
    /// Who is counted as a buyer. None of these can be added up.
    BuyersBasis {
        /// Distinct people from the first day on.
        UniqueToDate = "unique_to_date",
        /// Distinct people of these days alone.
        UniqueInPeriod = "unique_in_period",
        /// Whoever made an order, once for each.
        Orders = "orders",
    }
}

/// How many bought, and who was counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Buyers {
    /// How many.
    pub count: i64,
    /// Who was counted.
    pub basis: BuyersBasis,
}

/// The figures of a statement; none for what it does not tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures {
    /// How much was sold.
    pub quantity: Option<Weight>,
    /// For how much, in won.
    pub amount: Option<Amount>,
    /// In how many orders.
    pub orders: Option<i64>,
    /// To how many.
    pub buyers: Option<Buyers>,
}

/// What was declared: all that rules and reports go by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declared {
    /// The id of the statement.
    pub id: RecordId,
    /// What its days are to its figures.
    pub basis: StatementBasis,
    /// Its days. It counts from the last one.
    pub period: Period,
    /// Its figures.
    pub figures: Figures,
    /// Why a cumulative figure falls, where one does.
    pub reason: Option<String>,
}

/// A statement as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// What was declared.
    pub declared: Declared,
    /// The program that sold.
    pub program: Code,
    /// Where the figures come from.
    pub source: Option<String>,
    /// The caller's own id.
    pub external_id: Option<String>,
    /// Labels of the caller's own.
    pub attributes: BTreeMap<String, String>,
    /// Why, when and by whom it was undone.
    pub cancelled: Option<Cancelled>,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// The version of the record.
    pub version: i32,
}

/// The statements of a program that were not undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveStatements {
    /// The program.
    pub program: Code,
    /// Its statements, in no order.
    pub declared: Vec<Declared>,
}

/// A statement as a report reads it: one that had not been undone by the day of the report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The program.
    pub program: Code,
    /// What was declared.
    pub declared: Declared,
    /// The day on which it was undone, which comes after that of the report.
    pub undone_on: Option<NaiveDate>,
}
