//! How far a fund has come: of its time, of its plan, of its promise. Pure.

use chrono::{Datelike, NaiveDate};
use serde::Serialize;

use super::figures::FundFigures;
use crate::calendar::Period;
use crate::funds::model::{FundTerms, PlanLine};
use crate::money::{MoneyError, Ratio, Won, ratio};

/// When a fund runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeriodShown {
    /// The first day.
    pub start: NaiveDate,
    /// The last day.
    pub end: NaiveDate,
    /// How that is known, such as "assumed".
    pub basis: Option<String>,
}

impl PeriodShown {
    /// The period of these terms.
    #[must_use]
    pub fn of(terms: &FundTerms) -> Self {
        Self {
            start: terms.period.start(),
            end: terms.period.end(),
            basis: terms.period_basis.clone(),
        }
    }
}

/// Shares, rounded half up to four places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Progress {
    /// Days from the start to the day asked for, both counted, over the days of the period.
    pub elapsed_ratio: Ratio,
    /// What was planned to be spent by the day, over committed; none without a plan.
    pub plan_to_date_ratio: Option<Ratio>,
    /// Disbursed over committed; none where nothing is committed.
    pub disbursed_ratio: Option<Ratio>,
}

impl Progress {
    /// The progress of a fund with these figures.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn of(
        period: Period,
        plan: Option<&[PlanLine]>,
        figures: &FundFigures,
        as_of: NaiveDate,
    ) -> Result<Self, MoneyError> {
        let planned = plan.map(|lines| plan_to_date_ratio(lines, period, figures.committed, as_of));
        Ok(Self {
            elapsed_ratio: period.elapsed_ratio(as_of),
            plan_to_date_ratio: planned.transpose()?.flatten(),
            disbursed_ratio: ratio(figures.disbursed, figures.committed),
        })
    }
}

/// What was planned to be spent by the end of `as_of`, in won, rounded down; none for a year that
/// the calendar does not have.
///
/// # Errors
/// [`MoneyError::Overflow`].
pub fn plan_to_date(
    lines: &[PlanLine],
    period: Period,
    as_of: NaiveDate,
) -> Result<Option<Won>, MoneyError> {
    let planned = planned_times_days(lines, period, as_of)?;
    Ok(planned.and_then(|(planned, days)| planned.get().checked_div(days).map(Won::new)))
}

/// Lines of ended years whole, the current year's by the days of that year within the period, over
/// committed. A year outside the period runs by the calendar.
///
/// (ended × days + current × elapsed) / (committed × days): whole numbers, so rounded only once.
fn plan_to_date_ratio(
    lines: &[PlanLine],
    period: Period,
    committed: Won,
    as_of: NaiveDate,
) -> Result<Option<Ratio>, MoneyError> {
    let Some((planned, days)) = planned_times_days(lines, period, as_of)? else {
        return Ok(None);
    };
    Ok(ratio(planned, times(committed, days)?))
}

/// What was planned by the day, times the days of its year, and these days.
fn planned_times_days(
    lines: &[PlanLine],
    period: Period,
    as_of: NaiveDate,
) -> Result<Option<(Won, i64)>, MoneyError> {
    let year = as_of.year();
    let of_years = |wanted: fn(&i32, &i32) -> bool| {
        let chosen = lines.iter().filter(|line| wanted(&line.fiscal_year, &year));
        Won::sum(chosen.map(|line| line.amount.won()))
    };
    let ended = of_years(i32::lt)?;
    let current = of_years(i32::eq)?;
    let Some(days) = days_of_plan(period, year) else {
        return Ok(None);
    };
    let planned =
        times(ended, days.days())?.checked_add(times(current, days.elapsed_days(as_of))?)?;
    Ok(Some((planned, days.days())))
}

/// The days over which a plan's lines of `year` run: those of the year within the period, or all
/// of a year outside it.
#[must_use]
pub fn days_of_plan(period: Period, year: i32) -> Option<Period> {
    period.overlap_with_year(year).or_else(|| whole_year(year))
}

/// `amount` × `part` / `whole`, to the won, a half away from zero.
///
/// # Errors
/// [`MoneyError::Overflow`] where it does not fit, or `whole` is not above zero.
pub fn share(amount: Won, part: i64, whole: i64) -> Result<Won, MoneyError> {
    if whole <= 0 {
        return Err(MoneyError::Overflow);
    }
    let product = i128::from(amount.get()) * i128::from(part);
    let twice = product.checked_mul(2).ok_or(MoneyError::Overflow)?;
    let whole = i128::from(whole);
    let rounded = twice.abs().saturating_add(whole) / (whole * 2) * twice.signum();
    let won = i64::try_from(rounded).map_err(|_too_wide| MoneyError::Overflow);
    won.map(Won::new)
}

fn whole_year(year: i32) -> Option<Period> {
    let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
    let last = NaiveDate::from_ymd_opt(year, 12, 31)?;
    Period::new(first, last).ok()
}

fn times(amount: Won, days: i64) -> Result<Won, MoneyError> {
    let product = amount.get().checked_mul(days);
    product.map(Won::new).ok_or(MoneyError::Overflow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Amount;

    const BILLION: i64 = 1_000_000_000;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn plan_on(as_of: &str) -> Option<String> {
        let line = |fiscal_year| PlanLine {
            fiscal_year,
            program: None,
            area: None,
            amount: Amount::new(60 * BILLION).unwrap(),
        };
        let lines: Vec<PlanLine> = (2022..=2026).map(line).collect();
        let period = Period::new(day("2022-04-01"), day("2027-03-31")).unwrap();
        let ratio = plan_to_date_ratio(&lines, period, Won::new(300 * BILLION), day(as_of));
        ratio.unwrap().map(|ratio| ratio.to_string())
    }

    #[test]
    fn the_current_year_counts_by_its_days_within_the_period() {
        assert_eq!(plan_on("2022-03-31").as_deref(), Some("0.0000"));
        assert_eq!(plan_on("2022-11-03").as_deref(), Some("0.1578"));
        assert_eq!(plan_on("2022-12-31").as_deref(), Some("0.2000"));
    }

    #[test]
    fn ended_years_count_whole() {
        // 60 and 60 × 182 / 366 of 300.
        assert_eq!(plan_on("2024-06-30").as_deref(), Some("0.4995"));
        assert_eq!(plan_on("2027-01-01").as_deref(), Some("1.0000"));
        assert_eq!(plan_on("2031-05-05").as_deref(), Some("1.0000"));
    }

    #[test]
    fn a_share_is_rounded_half_away_from_zero() {
        let of = |amount, part, whole| share(Won::new(amount), part, whole).map(Won::get);
        assert_eq!(of(60 * BILLION, 217, 275), Ok(47_345_454_545));
        assert_eq!((of(5, 1, 2), of(-5, 1, 2)), (Ok(3), Ok(-3)));
        assert_eq!(
            (of(7, 1, 3), of(8, 1, 3), of(-7, 1, 3)),
            (Ok(2), Ok(3), Ok(-2))
        );
        assert_eq!(of(i64::MAX, i64::MAX, i64::MAX), Ok(i64::MAX));
        assert_eq!(of(i64::MAX, 3, 2), Err(MoneyError::Overflow));
        assert_eq!(of(1, 1, 0), Err(MoneyError::Overflow));
    }

    #[test]
    fn there_is_no_share_of_nothing() {
        let period = Period::new(day("2022-04-01"), day("2027-03-31")).unwrap();
        let of_nothing = plan_to_date_ratio(&[], period, Won::ZERO, day("2022-11-03"));
        assert_eq!(of_nothing, Ok(None));
    }

    #[test]
    fn a_plan_that_does_not_fit_is_no_figure() {
        let huge = Won::new(i64::MAX / 2);
        let period = Period::new(day("2022-04-01"), day("2027-03-31")).unwrap();
        let ratio = plan_to_date_ratio(&[], period, huge, day("2022-11-03"));
        assert_eq!(ratio, Err(MoneyError::Overflow));
    }
}
