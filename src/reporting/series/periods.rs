//! The periods of a series. Pure.

use chrono::NaiveDate;

use super::query::{Interval, MAX_POINTS};
use crate::calendar::Month;

/// One period of a series, cut to the days asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Its name: `2022-08-01`, `2022-08`, `2022-Q3` or `2022`.
    pub name: String,
    /// Its first day.
    pub starts_on: NaiveDate,
}

/// The periods from `from` to `to`, or nothing where there are more than [`MAX_POINTS`].
#[must_use]
pub fn of(interval: Interval, from: NaiveDate, to: NaiveDate) -> Option<Vec<Span>> {
    let mut periods = Vec::new();
    let mut starts_on = from;
    while starts_on <= to {
        if periods.len() == MAX_POINTS {
            return None;
        }
        let name = name(interval, starts_on);
        periods.push(Span { name, starts_on });
        starts_on = after(interval, starts_on)?;
    }
    Some(periods)
}

fn name(interval: Interval, day: NaiveDate) -> String {
    let month = Month::of(day);
    match interval {
        Interval::Day => day.to_string(),
        Interval::Month => month.key(),
        Interval::Quarter => month.quarter_key(),
        Interval::Year => month.year_key(),
    }
}

/// The first day of the period after the one that `day` lies in.
fn after(interval: Interval, day: NaiveDate) -> Option<NaiveDate> {
    let months = match interval {
        Interval::Day => return day.succ_opt(),
        Interval::Month => 1,
        Interval::Quarter => 3,
        Interval::Year => 12,
    };
    let mut month = Month::of(day).next();
    while !(month.month() - 1).is_multiple_of(months) {
        month = month.next();
    }
    Some(month.first_day())
}

/// Where a day lies among the periods: 1 for the first, 0 for before it.
#[must_use]
pub fn slot(periods: &[Span], day: NaiveDate) -> usize {
    periods.partition_point(|period| period.starts_on <= day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn periods(interval: Interval, from: &str, to: &str) -> Vec<(String, String)> {
        let periods = of(interval, day(from), day(to)).unwrap().into_iter();
        periods
            .map(|period| (period.name, period.starts_on.to_string()))
            .collect()
    }

    fn texts(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        let texts = expected.iter();
        texts
            .map(|(name, day)| ((*name).into(), (*day).into()))
            .collect()
    }

    #[test]
    fn the_first_period_begins_where_the_series_does() {
        assert_eq!(
            periods(Interval::Quarter, "2021-11-20", "2022-04-01"),
            texts(&[
                ("2021-Q4", "2021-11-20"),
                ("2022-Q1", "2022-01-01"),
                ("2022-Q2", "2022-04-01"),
            ])
        );
        assert_eq!(
            periods(Interval::Year, "2021-12-31", "2022-01-01"),
            texts(&[("2021", "2021-12-31"), ("2022", "2022-01-01")])
        );
        assert_eq!(
            periods(Interval::Month, "2022-01-31", "2022-02-28"),
            texts(&[("2022-01", "2022-01-31"), ("2022-02", "2022-02-01")])
        );
    }

    #[test]
    fn a_day_lies_in_the_last_period_that_has_begun() {
        let periods = of(Interval::Month, day("2022-01-10"), day("2022-03-31")).unwrap();
        assert_eq!(slot(&periods, day("2022-01-09")), 0);
        assert_eq!(slot(&periods, day("2022-01-10")), 1);
        assert_eq!(slot(&periods, day("2022-02-01")), 2);
        assert_eq!(slot(&periods, day("2022-03-31")), 3);
    }

    #[test]
    fn too_many_periods_are_none() {
        assert_eq!(
            of(Interval::Day, day("1999-01-01"), day("2022-01-01")),
            None
        );
        let most = of(Interval::Day, day("2011-01-20"), day("2022-01-01"));
        assert_eq!(most.map(|periods| periods.len()), Some(MAX_POINTS));
    }
}
