//! What a plan meant to be spent by a day. Pure.
//!
//! Lines of ended years count whole, the current year's by the days of that year within the
//! period, rounded half up to the won. Groups of lines share that won by the largest remainder, so
//! that they add up.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use crate::calendar::Period;
use crate::funds::model::PlanLine;
use crate::money::{MoneyError, Won, split};
use crate::reporting::progress::{days_of_plan, share};

/// A plan on a day: its lines, and how much of the current year's has come due.
pub(super) struct Due<'a> {
    lines: &'a [PlanLine],
    year: i32,
    current_to_date: Won,
}

impl<'a> Due<'a> {
    /// The lines as they stand at the end of `as_of`.
    pub(super) fn of(
        lines: &'a [PlanLine],
        period: Period,
        as_of: NaiveDate,
    ) -> Result<Self, MoneyError> {
        let year = as_of.year();
        let current = lines.iter().filter(|line| line.fiscal_year == year);
        let current = Won::sum(current.map(|line| line.amount.won()))?;
        let due = match days_of_plan(period, year) {
            Some(days) => share(current, days.elapsed_days(as_of), days.days())?,
            None => Won::ZERO,
        };
        Ok(Self {
            lines,
            year,
            current_to_date: due,
        })
    }

    /// Planned by the day in all, in won.
    pub(super) fn to_date(&self) -> Result<Won, MoneyError> {
        let ended = self.lines.iter().filter(|l| l.fiscal_year < self.year);
        Won::sum(ended.map(|line| line.amount.won()))?.checked_add(self.current_to_date)
    }

    /// The lines in groups: (planned in all, planned by the day). The groups add up to the plan.
    pub(super) fn groups<K: Ord>(
        &self,
        key: impl Fn(&PlanLine) -> K,
    ) -> Result<BTreeMap<K, (Won, Won)>, MoneyError> {
        let mut groups: BTreeMap<K, (Won, Won, u64)> = BTreeMap::new();
        for line in self.lines {
            let amount = line.amount.won();
            let (plan, ended, current) = groups.entry(key(line)).or_default();
            *plan = plan.checked_add(amount)?;
            if line.fiscal_year < self.year {
                *ended = ended.checked_add(amount)?;
            } else if line.fiscal_year == self.year {
                let weight = u64::try_from(amount.get()).unwrap_or(0);
                *current = current.checked_add(weight).ok_or(MoneyError::Overflow)?;
            }
        }
        let weights: Vec<u64> = groups.values().map(|(_, _, current)| *current).collect();
        let parts = if weights.iter().all(|weight| *weight == 0) {
            vec![Won::ZERO; weights.len()]
        } else {
            split(self.current_to_date, &weights)?
        };
        let groups = groups.into_iter().zip(parts);
        groups
            .map(|((key, (plan, ended, _)), part)| Ok((key, (plan, ended.checked_add(part)?))))
            .collect()
    }
}
