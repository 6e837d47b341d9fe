//! What a contribution (출연) is: cash paid into a fund. It lives in the log alone.

use chrono::{DateTime, NaiveDate, Utc};

use crate::code::Code;
use crate::money::Amount;

/// A contribution as its event tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    /// The number of its book.
    pub book: i64,
    /// The sequence of its event in the book.
    pub sequence: i64,
    /// The fund that it was paid into.
    pub fund: Code,
    /// How much, in won.
    pub amount: Amount,
    /// Who paid it: a free text, or the code of the parent fund.
    pub from: String,
    /// Whether it came from the fund that this one is a part of.
    pub from_parent: bool,
    /// The value date.
    pub effective_on: NaiveDate,
    /// Who recorded it.
    pub recorded_by: String,
    /// When.
    pub recorded_at: DateTime<Utc>,
    /// Whether it was wrong and is undone.
    pub reversed: bool,
}

impl Contribution {
    /// The kind of the event that records one.
    pub const RECORDED: &'static str = "contribution.recorded";
    /// The kind of the event that undoes one.
    pub const REVERSED: &'static str = "contribution.reversed";

    /// The subject of the event that undoes the contribution of that place in the log.
    #[must_use]
    pub fn reversal_subject(book: i64, sequence: i64) -> String {
        format!("contribution:{book}-{sequence}")
    }
}
