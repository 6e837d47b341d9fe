//! Where a fund leads by the end of its period: in a straight line, and at the current pace.
//!
//! Whole numbers throughout: each product is divided once and rounded half up. After the end of
//! the period both are what was disbursed.

use std::collections::BTreeMap;

use chrono::{Datelike, Days, NaiveDate};
use serde::Serialize;

use super::due::Due;
use crate::calendar::Period;
use crate::code::Code;
use crate::db::{Conn, DbError};
use crate::funds::model::Plan;
use crate::money::{MoneyError, Won};
use crate::reporting::books::Tallied;
use crate::reporting::progress::share;
use crate::reporting::until;
use crate::tallies;
use crate::tallies::store::{TallyFilter, TallySum};

/// Days that the current pace is measured over; fewer where the period began later.
pub const PACE_DAYS: i64 = 90;

/// What would be disbursed by the end of the period, in won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Forecast {
    /// The last day of the period.
    pub on: NaiveDate,
    /// Planned by then.
    pub plan: Won,
    /// Disbursed × days of the period / days elapsed.
    pub straight_line: Won,
    /// Disbursed, and for each day left what was disbursed on a day of the last ones.
    pub current_pace: Won,
    /// How many days the pace was measured over.
    pub pace_days: i64,
    /// Each less what is planned by then.
    pub against_plan: AgainstPlan,
}

/// Forecasts less what is planned, in won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AgainstPlan {
    /// Of the straight line.
    pub straight_line: Won,
    /// Of the current pace.
    pub current_pace: Won,
}

/// What was done when: by month, and in the days of the pace.
#[derive(Debug, Default)]
pub struct Timed {
    months: Vec<TallySum>,
    recent: Vec<TallySum>,
}

impl Timed {
    /// Reads the programs' sums of these funds.
    ///
    /// # Errors
    /// [`DbError`].
    pub fn read(
        conn: &mut Conn,
        funds: &[Code],
        period: Period,
        (as_of, today): (NaiveDate, NaiveDate),
    ) -> Result<Self, DbError> {
        let filter = TallyFilter {
            funds: Some(funds.to_vec()),
            ..TallyFilter::default()
        };
        let months = until::by_month(as_of, today);
        let recent = until::between(pace_from(period, as_of), as_of);
        Ok(Self {
            months: until::read(&months, |span, days| {
                tallies::store::read(conn, &filter, span, days)
            })?,
            recent: until::read(&recent, |span, days| {
                tallies::store::read(conn, &filter, span, days)
            })?,
        })
    }

    /// Those sums.
    #[cfg(test)]
    pub(super) const fn of(months: Vec<TallySum>, recent: Vec<TallySum>) -> Self {
        Self { months, recent }
    }

    /// Disbursed in each calendar year, by value date, in won.
    pub(super) fn by_year(&self) -> Result<BTreeMap<i32, Won>, MoneyError> {
        let mut years: BTreeMap<i32, Tallied> = BTreeMap::new();
        for sum in &self.months {
            years.entry(sum.starts_on.year()).or_default().add(sum)?;
        }
        let won = |(year, tallied): (i32, Tallied)| Ok((year, tallied.disbursed()?));
        years.into_iter().map(won).collect()
    }

    fn recently(&self) -> Result<Won, MoneyError> {
        let mut tallied = Tallied::default();
        for sum in &self.recent {
            tallied.add(sum)?;
        }
        tallied.disbursed()
    }
}

/// The first day that the pace is measured from.
fn pace_from(period: Period, as_of: NaiveDate) -> NaiveDate {
    let before = u64::try_from(PACE_DAYS - 1).unwrap_or(0);
    let window = as_of.checked_sub_days(Days::new(before));
    window.map_or(period.start(), |from| from.max(period.start()))
}

/// Where the plan's fund leads, or nothing before its period began.
///
/// # Errors
/// [`MoneyError::Overflow`].
pub(super) fn forecast(
    (period, plan): (Period, &Plan),
    disbursed: Won,
    timed: &Timed,
    as_of: NaiveDate,
) -> Result<Option<Forecast>, MoneyError> {
    let (days, elapsed) = (period.days(), period.elapsed_days(as_of));
    if elapsed == 0 {
        return Ok(None);
    }
    let run = Period::new(pace_from(period, as_of), as_of);
    let pace_days = run.map_or(1, Period::days);
    let ahead = share(timed.recently()?, days - elapsed, pace_days)?;
    let straight_line = share(disbursed, days, elapsed)?;
    let current_pace = disbursed.checked_add(ahead)?;
    let planned = Due::of(&plan.lines, period, period.end())?.to_date()?;
    Ok(Some(Forecast {
        on: period.end(),
        plan: planned,
        straight_line,
        current_pace,
        pace_days,
        against_plan: AgainstPlan {
            straight_line: straight_line.checked_sub(planned)?,
            current_pace: current_pace.checked_sub(planned)?,
        },
    }))
}
