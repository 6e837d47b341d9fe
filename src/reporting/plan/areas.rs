//! A fund by the area of its programs. Pure.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::code::Code;
use crate::funds::model::{Plan, PlanLine};
use crate::money::Won;
use crate::reporting::books::Books;
use crate::reporting::checks::{self, Broken};
use crate::reporting::figures::FundFigures;
use crate::reporting::rows::Rows;

/// What a fund did in one area, in won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FundArea {
    /// The area of the programs on that day; none where they have none.
    pub area: Option<String>,
    /// Planned; none where no line names it.
    pub plan: Option<Won>,
    /// Set aside.
    pub allocated: Won,
    /// Approved and not paid.
    pub awaiting_payment: Won,
    /// Paid − refunded.
    pub disbursed: Won,
}

/// The area of each program on the day.
pub(super) struct Areas<'a>(BTreeMap<&'a Code, Option<&'a str>>);

impl<'a> Areas<'a> {
    /// Those of all programs.
    pub(super) fn of(rows: &'a Rows) -> Self {
        let programs = rows.programs.iter();
        Self(
            programs
                .map(|program| (&program.code, program.terms.area.as_deref()))
                .collect(),
        )
    }

    /// The area of a program, if it has one.
    pub(super) fn of_program(&self, program: &Code) -> Option<&str> {
        self.0.get(program).copied().flatten()
    }

    /// Its own, or that of the program it names.
    pub(super) fn of_line(&self, line: &PlanLine) -> Option<String> {
        let of_program = || line.program.as_ref().and_then(|p| self.of_program(p));
        line.area
            .clone()
            .or_else(|| of_program().map(ToOwned::to_owned))
    }
}

/// What the fund did in each area; the areas add up to its FIGURES.
///
/// # Errors
/// [`Broken`].
pub fn by_area(
    rows: &Rows,
    books: &Books,
    plan: Option<&Plan>,
    figures: &FundFigures,
) -> Result<Vec<FundArea>, Broken> {
    let areas = Areas::of(rows);
    let mut planned: BTreeMap<Option<String>, Won> = BTreeMap::new();
    for line in plan.into_iter().flat_map(|plan| &plan.lines) {
        let sum = planned.entry(areas.of_line(line)).or_default();
        *sum = sum.checked_add(line.amount.won())?;
    }
    let programs = books.flows.keys().filter_map(|line| line.program.as_ref());
    let mut keys: BTreeSet<Option<String>> = planned.keys().cloned().collect();
    keys.extend(programs.map(|program| areas.of_program(program).map(ToOwned::to_owned)));
    let mut shown = Vec::new();
    for area in keys {
        let total = books.total(|line| {
            let program = line.program.as_ref();
            program.is_some_and(|program| areas.of_program(program) == area.as_deref())
        })?;
        shown.push(FundArea {
            plan: planned.get(&area).copied(),
            allocated: total.flows.set_aside,
            awaiting_payment: total.flows.awaiting,
            disbursed: total.flows.disbursed()?.whole()?,
            area,
        });
    }
    let sum = |figure: fn(&FundArea) -> Won| Won::sum(shown.iter().map(figure));
    let what = |figure: &str| format!("{figure} by area and in all");
    checks::same(
        || what("allocated"),
        sum(|a| a.allocated)?,
        figures.allocated,
    )?;
    let awaiting = sum(|a| a.awaiting_payment)?;
    checks::same(|| what("awaiting"), awaiting, figures.awaiting_payment)?;
    checks::same(
        || what("disbursed"),
        sum(|a| a.disbursed)?,
        figures.disbursed,
    )?;
    Ok(shown)
}
