//! Sums over spans of time, kept beside the rows they are the sums of.
//!
//! Each change is added to three spans: for ever, its month, its day. What stood on a past day is
//! read from the months before that day's month and the days of the month itself, so a report
//! costs the number of months, not of records.

use chrono::{Datelike, NaiveDate};

use crate::calendar::Month;

/// How long a sum runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Span {
    /// Everything recorded.
    Ever,
    /// One month.
    Month,
    /// One day.
    Day,
}

impl Span {
    /// Every span that a change is added to.
    pub const ALL: [Self; 3] = [Self::Ever, Self::Month, Self::Day];

    /// The stored number.
    #[must_use]
    pub fn number(self) -> i32 {
        match self {
            Self::Ever => 0,
            Self::Month => 1,
            Self::Day => 2,
        }
    }

    /// The first day of the span that `day` lies in.
    #[must_use]
    pub fn starts_on(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Ever => NaiveDate::default(),
            Self::Month => day.with_day(1).unwrap_or(day),
            Self::Day => day,
        }
    }
}

/// Which sums together tell what stood at the end of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Nothing is dated later: the sums for ever.
    Now,
    /// The months that start before `month`, and the days from it to `day`.
    Day {
        /// The first day of the month that `day` lies in.
        month: NaiveDate,
        /// The day itself, included.
        day: NaiveDate,
    },
}

impl Until {
    /// The sums that tell what stood at the end of `as_of`, when today is `today`.
    ///
    /// No entry is dated after today, so from today on the sums for ever are right.
    #[must_use]
    pub fn end_of(as_of: NaiveDate, today: NaiveDate) -> Self {
        if as_of >= today {
            Self::Now
        } else {
            Self::Day {
                month: Month::of(as_of).first_day(),
                day: as_of,
            }
        }
    }
}
