//! The plan of a fund against what was done: by the day, by year, by area, by program, and where
//! it leads by the end of the period. Pure but for [`Timed::read`].
//!
//! Flow: `due` says what each line meant to be spent by the day, `areas` to which area it
//! belongs, `forecast` where it leads.
//!
//! Everything counts the fund with its child funds, as FIGURES do: a child's money is part of its
//! parent's, and so is its spending. A child's own plan is not added to its parent's.
//!
//! A year's line is held against what was disbursed in that year by value date, whatever budget
//! line it came from; so the years add up to the fund's disbursed, which is checked.
//!
//! Cost: at most two statements for months and three for the last days, and only for a fund that
//! has a plan.

mod areas;
mod due;
mod forecast;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::books::Books;
use super::checks::{self, Broken};
use super::figures::FundFigures;
use super::rows::Rows;
use crate::code::Code;
use crate::funds::model::{Fund, Plan, PlanLine};
use crate::money::{MoneyError, Ratio, Won, ratio};
use crate::text_enum::text_enum;
use areas::Areas;
use due::Due;

pub use areas::{FundArea, by_area};
pub use forecast::{AgainstPlan, Forecast, PACE_DAYS, Timed};

text_enum! {
    /// Whether the records of a plan are all there.
    Coverage {
        /// Every program has records.
        Full = "full",
        /// Some program has none.
        Partial = "partial",
    }
}

/// The plan in force, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanShown {
    /// 1 for the first.
    pub version: i32,
    /// Its lines.
    pub lines: Vec<PlanLine>,
    /// What was planned to be spent by the day, in won.
    pub to_date: Won,
    /// That over committed; none where nothing is committed.
    pub to_date_ratio: Option<Ratio>,
    /// Paid − refunded, in won.
    pub disbursed: Won,
    /// Disbursed − planned to date; below zero where the fund is behind.
    pub difference: Won,
    /// By calendar year: those of the plan, and those in which anything was disbursed.
    pub by_fiscal_year: Vec<PlanYear>,
    /// By area: those of the plan, and those in which anything was disbursed.
    pub by_area: Vec<PlanArea>,
    /// By program: those that the plan names, and those that disbursed anything.
    pub by_program: Vec<PlanProgram>,
    /// Where it leads; none before the period began.
    pub forecast: Option<Forecast>,
    /// Whether every program has records.
    pub coverage: Coverage,
    /// Programs that the plan names or money is set aside for, of which nothing was approved.
    pub programs_without_records: Vec<Code>,
}

/// One year of a plan, in won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanYear {
    /// The year.
    pub fiscal_year: i32,
    /// Planned for all of it.
    pub plan: Won,
    /// Planned by the day.
    pub plan_to_date: Won,
    /// Disbursed in it, by value date; below zero where more came back than was paid.
    pub disbursed: Won,
    /// Disbursed − planned to date.
    pub difference: Won,
}

/// One area of a plan, in won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanArea {
    /// The area; none for lines and programs without one.
    pub area: Option<String>,
    /// The plan against what was disbursed.
    #[serde(flatten)]
    pub part: PlanPart,
}

/// One program of a plan, in won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanProgram {
    /// The program.
    pub program: Code,
    /// The plan against what was disbursed.
    #[serde(flatten)]
    pub part: PlanPart,
}

/// A part of the plan against what was disbursed there, in won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PlanPart {
    /// Planned in all; none where no line names it.
    pub plan: Option<Won>,
    /// Planned by the day.
    pub plan_to_date: Option<Won>,
    /// Disbursed.
    pub disbursed: Won,
    /// Disbursed − planned to date; none without a line.
    pub difference: Option<Won>,
}

/// The plan of a fund against what was done, if it has one.
///
/// # Errors
/// [`Broken`].
pub fn against(
    rows: &Rows,
    books: &Books,
    (fund, plan): (&Fund, &Plan),
    figures: &FundFigures,
    timed: &Timed,
) -> Result<PlanShown, Broken> {
    let period = fund.terms.period;
    let due = Due::of(&plan.lines, period, rows.as_of)?;
    let to_date = due.to_date()?;
    let without = programs_without_records(books, plan)?;
    Ok(PlanShown {
        version: plan.version,
        lines: plan.lines.clone(),
        to_date,
        to_date_ratio: ratio(to_date, figures.committed),
        disbursed: figures.disbursed,
        difference: figures.disbursed.checked_sub(to_date)?,
        by_fiscal_year: by_fiscal_year(&due, figures, timed)?,
        by_area: plan_by_area(rows, books, &due)?,
        by_program: plan_by_program(books, &due)?,
        forecast: forecast::forecast((period, plan), figures.disbursed, timed, rows.as_of)?,
        coverage: if without.is_empty() {
            Coverage::Full
        } else {
            Coverage::Partial
        },
        programs_without_records: without,
    })
}

fn by_fiscal_year(
    plan: &Due<'_>,
    figures: &FundFigures,
    timed: &Timed,
) -> Result<Vec<PlanYear>, Broken> {
    let planned = plan.groups(|line| line.fiscal_year)?;
    let mut done = timed.by_year()?;
    let whole = Won::sum(done.values().copied())?;
    checks::same(
        || "disbursed by year and in all".to_owned(),
        whole,
        figures.disbursed,
    )?;
    done.retain(|year, won| *won != Won::ZERO || planned.contains_key(year));
    let years: BTreeSet<i32> = planned.keys().chain(done.keys()).copied().collect();
    years
        .into_iter()
        .map(|fiscal_year| {
            let (plan, plan_to_date) = planned.get(&fiscal_year).copied().unwrap_or_default();
            let disbursed = done.get(&fiscal_year).copied().unwrap_or_default();
            Ok(PlanYear {
                fiscal_year,
                plan,
                plan_to_date,
                disbursed,
                difference: disbursed.checked_sub(plan_to_date)?,
            })
        })
        .collect()
}

fn part(planned: Option<(Won, Won)>, disbursed: Won) -> Result<PlanPart, MoneyError> {
    let difference = planned.map(|(_, to_date)| disbursed.checked_sub(to_date));
    Ok(PlanPart {
        plan: planned.map(|(plan, _)| plan),
        plan_to_date: planned.map(|(_, to_date)| to_date),
        disbursed,
        difference: difference.transpose()?,
    })
}

fn plan_by_area(rows: &Rows, books: &Books, plan: &Due<'_>) -> Result<Vec<PlanArea>, Broken> {
    let areas = Areas::of(rows);
    let planned = plan.groups(|line| areas.of_line(line))?;
    let done = disbursed_by(books, |program| {
        areas.of_program(program).map(ToOwned::to_owned)
    })?;
    let keys: BTreeSet<&Option<String>> = planned.keys().chain(done.keys()).collect();
    keys.into_iter()
        .map(|area| {
            let disbursed = done.get(area).copied().unwrap_or_default();
            Ok(PlanArea {
                area: area.clone(),
                part: part(planned.get(area).copied(), disbursed)?,
            })
        })
        .collect()
}

/// Lines that name no program are for none in particular and stand in no row here.
fn plan_by_program(books: &Books, plan: &Due<'_>) -> Result<Vec<PlanProgram>, Broken> {
    let planned = plan.groups(|line| line.program.clone())?;
    let done = disbursed_by(books, Clone::clone)?;
    let named = planned.keys().flatten();
    let keys: BTreeSet<&Code> = named.chain(done.keys()).collect();
    keys.into_iter()
        .map(|program| {
            let disbursed = done.get(program).copied().unwrap_or_default();
            let planned = planned.get(&Some(program.clone())).copied();
            Ok(PlanProgram {
                program: program.clone(),
                part: part(planned, disbursed)?,
            })
        })
        .collect()
}

/// What was disbursed, in groups of programs; those with nothing are left out.
fn disbursed_by<K: Ord>(
    books: &Books,
    key: impl Fn(&Code) -> K,
) -> Result<BTreeMap<K, Won>, MoneyError> {
    let mut done: BTreeMap<K, Won> = BTreeMap::new();
    for (line, flows) in &books.flows {
        if let Some(program) = &line.program {
            let sum = done.entry(key(program)).or_default();
            *sum = sum.checked_add(flows.disbursed()?.whole()?)?;
        }
    }
    done.retain(|_, won| *won != Won::ZERO);
    Ok(done)
}

/// Programs that a line names, or that money of the fund is set aside for, of which nothing stands
/// approved: no record was made by the day, or all were cancelled.
fn programs_without_records(books: &Books, plan: &Plan) -> Result<Vec<Code>, MoneyError> {
    let mut programs: BTreeSet<Code> = plan
        .lines
        .iter()
        .filter_map(|line| line.program.clone())
        .collect();
    for (line, flows) in &books.flows {
        if flows.set_aside != Won::ZERO {
            programs.extend(line.program.clone());
        }
    }
    let mut without = Vec::new();
    for program in programs {
        let total = books.total(|line| line.program.as_ref() == Some(&program))?;
        if total.tallied.approved == Won::ZERO {
            without.push(program);
        }
    }
    Ok(without)
}
