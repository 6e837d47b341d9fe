//! Days, months and periods of the calendar in Korea.
//!
//! A value date is a day in Korea; an instant is a moment in UTC. Korea has kept +09:00 without
//! daylight saving since 1988, so the day in Seoul follows from the instant alone.

use chrono::{DateTime, Datelike, Months, NaiveDate, NaiveTime, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::money::Ratio;

/// How far the clocks in Seoul are ahead of UTC.
const SEOUL_AHEAD: TimeDelta = TimeDelta::hours(9);

/// The years in which an event may lie.
const FIRST_YEAR: i32 = 1900;
const LAST_YEAR: i32 = 2199;

/// Why a text is not a day, or two days are not a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DayError {
    /// Not of the form `YYYY-MM-DD`.
    #[error("must be a date written as YYYY-MM-DD")]
    NotADay,
    /// The calendar has no such day: `2022-02-30`.
    #[error("the calendar has no such day")]
    NoSuchDay,
    /// Outside the years that the books can hold.
    #[error("must lie in the years {FIRST_YEAR} to {LAST_YEAR}")]
    OutOfRange,
    /// A period that ends before it starts.
    #[error("the end must not lie before the start")]
    EndBeforeStart,
}

impl DayError {
    /// The stable code that answers carry.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotADay => "not_a_day",
            Self::NoSuchDay => "no_such_day",
            Self::OutOfRange => "day_out_of_range",
            Self::EndBeforeStart => "end_before_start",
        }
    }
}

/// The day it is in Seoul at this instant.
#[must_use]
pub fn today_in_seoul(now: DateTime<Utc>) -> NaiveDate {
    now.naive_utc()
        .checked_add_signed(SEOUL_AHEAD)
        .map_or(NaiveDate::MAX, |local| local.date())
}

/// The instant at which a day begins in Seoul.
#[must_use]
pub fn begins_in_seoul(day: NaiveDate) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN).and_utc();
    midnight.checked_sub_signed(SEOUL_AHEAD).unwrap_or(midnight)
}

/// Reads a day written exactly as `YYYY-MM-DD`, in the years 1900 to 2199.
///
/// # Errors
/// [`DayError::NotADay`], [`DayError::NoSuchDay`] or [`DayError::OutOfRange`].
pub fn parse_day(text: &str) -> Result<NaiveDate, DayError> {
    let mut parts = text.split('-');
    let parts = [parts.next(), parts.next(), parts.next(), parts.next()];
    let [Some(year), Some(month), Some(day), None] = parts else {
        return Err(DayError::NotADay);
    };
    let year = i32::try_from(digits(year, 4)?).map_err(|_too_wide| DayError::OutOfRange)?;
    let (month, day) = (digits(month, 2)?, digits(day, 2)?);
    day_of(year, month, day)
}

fn digits(text: &str, length: usize) -> Result<u32, DayError> {
    if text.len() != length || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(DayError::NotADay);
    }
    text.parse().map_err(|_not_digits| DayError::NotADay)
}

fn day_of(year: i32, month: u32, day: u32) -> Result<NaiveDate, DayError> {
    if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
        return Err(DayError::OutOfRange);
    }
    NaiveDate::from_ymd_opt(year, month, day).ok_or(DayError::NoSuchDay)
}

/// An instant as the project writes it: RFC 3339 in UTC with microseconds and `Z`.
#[must_use]
pub fn instant_text(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// A run of days, first and last included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    start: NaiveDate,
    end: NaiveDate,
}

impl Period {
    /// The days from `start` to `end`, both included.
    ///
    /// # Errors
    /// [`DayError::EndBeforeStart`].
    pub fn new(start: NaiveDate, end: NaiveDate) -> Result<Self, DayError> {
        if end < start {
            return Err(DayError::EndBeforeStart);
        }
        Ok(Self { start, end })
    }

    /// The first day.
    #[must_use]
    pub const fn start(self) -> NaiveDate {
        self.start
    }

    /// The last day.
    #[must_use]
    pub const fn end(self) -> NaiveDate {
        self.end
    }

    /// How many days it has, at least one.
    #[must_use]
    pub fn days(self) -> i64 {
        days_through(self.start, self.end)
    }

    /// Whether the day lies in it.
    #[must_use]
    pub fn contains(self, day: NaiveDate) -> bool {
        self.start <= day && day <= self.end
    }

    /// How many of its days have begun on `as_of`, that day counted: 0 before it, all after it.
    #[must_use]
    pub fn elapsed_days(self, as_of: NaiveDate) -> i64 {
        days_through(self.start, as_of.min(self.end)).max(0)
    }

    /// The share of its days that have begun on `as_of`.
    #[must_use]
    pub fn elapsed_ratio(self, as_of: NaiveDate) -> Ratio {
        // A period has at least one day, so there always is a ratio.
        Ratio::of(self.elapsed_days(as_of), self.days()).unwrap_or_default()
    }

    /// The part of it that lies in the calendar year, if any.
    #[must_use]
    pub fn overlap_with_year(self, year: i32) -> Option<Self> {
        let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
        let last = NaiveDate::from_ymd_opt(year, 12, 31)?;
        Self::new(self.start.max(first), self.end.min(last)).ok()
    }
}

/// Days from the one to the other, both counted; zero or less where the last comes first.
fn days_through(first: NaiveDate, last: NaiveDate) -> i64 {
    let between = last.signed_duration_since(first).num_days();
    between.saturating_add(1)
}

/// A calendar month, known by its first day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month(NaiveDate);

impl Month {
    /// The month that the day lies in.
    #[must_use]
    pub fn of(day: NaiveDate) -> Self {
        // Every month has a first day, so there is nothing to fall back on.
        Self(day.with_day(1).unwrap_or(day))
    }

    /// The month of this year and number (1 to 12).
    ///
    /// # Errors
    /// [`DayError::OutOfRange`] or [`DayError::NoSuchDay`].
    pub fn new(year: i32, month: u32) -> Result<Self, DayError> {
        day_of(year, month, 1).map(Self)
    }

    /// Its year.
    #[must_use]
    pub fn year(self) -> i32 {
        self.0.year()
    }

    /// Its number, 1 to 12.
    #[must_use]
    pub fn month(self) -> u32 {
        self.0.month()
    }

    /// Its first day.
    #[must_use]
    pub const fn first_day(self) -> NaiveDate {
        self.0
    }

    /// Its last day.
    #[must_use]
    pub fn last_day(self) -> NaiveDate {
        self.next().0.pred_opt().unwrap_or(self.0)
    }

    /// The month after it.
    #[must_use]
    pub fn next(self) -> Self {
        // Only the last month that the calendar type can hold has none after it.
        self.0.checked_add_months(Months::new(1)).map_or(self, Self)
    }

    /// Its name in a series by month: `2022-08`.
    #[must_use]
    pub fn key(self) -> String {
        self.0.format("%Y-%m").to_string()
    }

    /// The name of its quarter in a series by quarter: `2022-Q3`.
    #[must_use]
    pub fn quarter_key(self) -> String {
        format!("{:04}-Q{}", self.year(), self.0.quarter())
    }

    /// The name of its year in a series by year: `2022`.
    #[must_use]
    pub fn year_key(self) -> String {
        format!("{:04}", self.year())
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone;
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        parse_day(text).unwrap()
    }

    fn period(start: &str, end: &str) -> Period {
        Period::new(day(start), day(end)).unwrap()
    }

    #[test]
    fn the_day_in_seoul_begins_nine_hours_before_the_day_in_utc() {
        let before = Utc.with_ymd_and_hms(2022, 11, 2, 14, 59, 59).unwrap();
        let after = Utc.with_ymd_and_hms(2022, 11, 2, 15, 0, 0).unwrap();
        assert_eq!(today_in_seoul(before), day("2022-11-02"));
        assert_eq!(today_in_seoul(after), day("2022-11-03"));
        assert_eq!(today_in_seoul(DateTime::<Utc>::MAX_UTC), NaiveDate::MAX);
        let begins = begins_in_seoul(day("2022-11-03"));
        assert_eq!(instant_text(begins), "2022-11-02T15:00:00.000000Z");
        assert_eq!(today_in_seoul(begins), day("2022-11-03"));
    }

    #[test]
    fn a_day_is_read_only_as_it_is_written() {
        assert_eq!(day("2022-11-03").to_string(), "2022-11-03");
        for text in [
            "",
            "2022-11",
            "2022-11-3",
            "22-11-03",
            "2022/11/03",
            "20221103",
            "+2022-11-03",
            "2022-11-03 ",
            "2022-11-03T",
            "2022-11-03-",
            "-2022-11-03",
            "2022-11-+3",
            "２022-11-03",
        ] {
            assert_eq!(parse_day(text), Err(DayError::NotADay), "{text}");
        }
        for text in ["2022-02-29", "2022-13-01", "2022-00-10", "2022-04-31"] {
            assert_eq!(parse_day(text), Err(DayError::NoSuchDay), "{text}");
        }
        for text in ["1899-12-31", "2200-01-01", "0000-00-00"] {
            assert_eq!(parse_day(text), Err(DayError::OutOfRange), "{text}");
        }
    }

    #[test]
    fn a_period_counts_both_its_ends() {
        let fund = period("2022-04-01", "2027-03-31");
        assert_eq!(fund.days(), 1_826);
        assert_eq!(fund.elapsed_days(day("2022-11-03")), 217);
        assert_eq!(fund.elapsed_ratio(day("2022-11-03")).to_string(), "0.1188");
        assert!(fund.contains(day("2022-04-01")) && fund.contains(day("2027-03-31")));
        assert!(!fund.contains(day("2022-03-31")) && !fund.contains(day("2027-04-01")));
    }

    #[test]
    fn elapsed_days_stay_within_the_period() {
        let fund = period("2022-04-01", "2022-04-30");
        assert_eq!(fund.elapsed_days(day("2022-03-31")), 0);
        assert_eq!(fund.elapsed_days(day("2020-01-01")), 0);
        assert_eq!(fund.elapsed_days(day("2022-04-01")), 1);
        assert_eq!(fund.elapsed_days(day("2022-05-01")), 30);
        assert_eq!(fund.elapsed_ratio(day("2030-01-01")).to_string(), "1.0000");
        assert_eq!(
            Period::new(day("2022-04-02"), day("2022-04-01")),
            Err(DayError::EndBeforeStart)
        );
    }

    #[test]
    fn a_period_overlaps_only_its_own_years() {
        let fund = period("2022-04-01", "2027-03-31");
        let first = period("2022-04-01", "2022-12-31");
        assert_eq!(fund.overlap_with_year(2022), Some(first));
        assert_eq!(fund.overlap_with_year(2024).map(Period::days), Some(366));
        assert_eq!(fund.overlap_with_year(2021), None);
        assert_eq!(fund.overlap_with_year(2028), None);
        assert_eq!(fund.overlap_with_year(i32::MAX), None);
    }

    #[test]
    fn an_instant_is_written_with_microseconds_in_utc() {
        let instant = Utc.timestamp_micros(1_667_437_323_000_004).unwrap();
        assert_eq!(instant_text(instant), "2022-11-03T01:02:03.000004Z");
    }

    #[test]
    fn months_name_their_buckets() {
        let august = Month::of(day("2022-08-31"));
        assert_eq!(august, Month::new(2022, 8).unwrap());
        assert_eq!(august.key(), "2022-08");
        assert_eq!(august.quarter_key(), "2022-Q3");
        assert_eq!(august.year_key(), "2022");
        assert_eq!(Month::new(2022, 12).unwrap().next().key(), "2023-01");
        assert_eq!(Month::new(2022, 13), Err(DayError::NoSuchDay));
    }

    proptest! {
        #[test]
        fn the_days_of_the_months_add_up_to_the_year(year in 1970..=2100) {
            let mut month = Month::new(year, 1).unwrap();
            let mut days = 0;
            while month.year() == year {
                days += Period::new(month.first_day(), month.last_day()).unwrap().days();
                month = month.next();
            }
            let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
            let last = NaiveDate::from_ymd_opt(year, 12, 31).unwrap();
            prop_assert_eq!(days, Period::new(first, last).unwrap().days());
        }

        #[test]
        fn the_years_of_a_period_add_up_to_its_days(from in 0_u64..47_000, length in 0_u64..9_000) {
            let start = day("1970-01-01") + chrono::Days::new(from);
            let whole = Period::new(start, start + chrono::Days::new(length)).unwrap();
            let years = whole.start().year()..=whole.end().year();
            let parts = years.filter_map(|year| whole.overlap_with_year(year));
            let days: i64 = parts.map(Period::days).sum();
            prop_assert_eq!(days, whole.days());
        }

        #[test]
        fn a_day_that_was_written_is_read_again(from in 0_u64..100_000) {
            let written = day("1900-01-01") + chrono::Days::new(from);
            prop_assert_eq!(parse_day(&written.to_string()), Ok(written));
        }
    }
}
