//! `GET /v1/reports/funds/{fund}`: where the money of a fund stands.
//!
//! Flow: the fund and every fund below it; their sums until the day; FIGURES with children and the
//! fund's own; the children; the plan in force against what was done; by program, by fiscal year
//! and by area (with children, so that they add up to FIGURES); days below zero.
//!
//! Cost: what [`Rows`] costs, the statements of `funds::store::all`, one for their names, two for
//! days below zero, and at most five where there is a plan.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::below_zero::{self, BelowZero};
use super::books::{Books, Flows};
use super::checks::{self, Broken};
use super::figures::{FundFigures, ProgramFigures};
use super::plan::{self, FundArea, PlanShown, Timed};
use super::progress::{PeriodShown, Progress};
use super::reach::PeopleInPeriod;
use super::rows::Rows;
use super::store::{self, AccountDays};
use super::{CURRENCY, ReportError, master};
use crate::code::{Code, Name};
use crate::db::Conn;
use crate::funds::model::{Fund, FundKind, Openness};
use crate::ledger::store::SumFilter;
use crate::money::Won;

/// A fund in short.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FundSummary {
    /// Its address.
    pub code: Code,
    /// Its name on that day.
    pub name: Name,
    /// The fund it is a part of.
    pub part_of: Option<Code>,
    /// When it runs.
    pub period: PeriodShown,
    /// How far it has come.
    #[serde(flatten)]
    pub progress: Progress,
    /// FIGURES, with its child funds.
    #[serde(flatten)]
    pub figures: FundFigures,
    /// FIGURES without them.
    pub own: FundFigures,
    /// Committed on to child funds, in won.
    pub to_child_funds: Won,
}

impl FundSummary {
    /// What the books say of a fund.
    ///
    /// # Errors
    /// [`Broken`].
    pub fn of(rows: &Rows, books: &Books, fund: &Fund) -> Result<Self, Broken> {
        let family = master::family(&rows.funds, &fund.code);
        let whole = books.total(|line| line.fund.as_ref().is_some_and(|f| family.contains(f)))?;
        let alone = books.total(|line| line.fund.as_ref() == Some(&fund.code))?;
        let figures = FundFigures::of(&whole)?;
        let own = FundFigures::of(&alone)?;
        checks::fund(fund.code.as_str(), &figures)?;
        checks::fund(&format!("{} alone", fund.code), &own)?;
        let plan = rows.plans.get(&fund.code).map(|plan| plan.lines.as_slice());
        let progress = Progress::of(fund.terms.period, plan, &figures, rows.as_of)?;
        Ok(Self {
            code: fund.code.clone(),
            name: fund.terms.name.clone(),
            part_of: fund.part_of.clone(),
            period: PeriodShown::of(&fund.terms),
            progress,
            figures,
            own,
            to_child_funds: alone.flows.to_children,
        })
    }
}

/// The report of one fund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FundReport {
    /// The day.
    pub as_of: NaiveDate,
    /// Of every amount.
    pub currency: &'static str,
    /// The address of the fund.
    pub code: Code,
    /// Its name on that day.
    pub name: Name,
    /// The fund it is a part of.
    pub part_of: Option<Code>,
    /// When it runs.
    pub period: PeriodShown,
    /// Whether it is open now.
    pub status: Openness,
    /// Under what rules it stands.
    pub kind: FundKind,
    /// How far it has come.
    #[serde(flatten)]
    pub progress: Progress,
    /// FIGURES, with its child funds.
    #[serde(flatten)]
    pub figures: FundFigures,
    /// FIGURES without them.
    pub own: FundFigures,
    /// Committed on to child funds, in won.
    pub to_child_funds: Won,
    /// Its child funds, by code.
    pub children: Vec<FundSummary>,
    /// The plan in force against what was done, with child funds.
    pub plan: Option<PlanShown>,
    /// By program, with child funds.
    pub by_program: Vec<FundProgram>,
    /// By fiscal year, with child funds; the undated line first.
    pub by_fiscal_year: Vec<FiscalYear>,
    /// By the area of its programs, with child funds; not classified first.
    pub by_area: Vec<FundArea>,
    /// Whom it reached in a period, with child funds; none where none was asked for.
    pub people_in_period: Option<PeopleInPeriod>,
    /// Days on which an account ended below zero, with child funds.
    pub below_zero_days: Vec<BelowZero>,
    /// Whether there are more such days than are listed.
    pub below_zero_days_truncated: bool,
}

/// What one program drew from the fund.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FundProgram {
    /// The program.
    pub program: Code,
    /// Its name on that day.
    pub name: Option<Name>,
    /// PROGRAM FIGURES within the fund.
    #[serde(flatten)]
    pub figures: ProgramFigures,
}

/// What stands in the lines of one fiscal year, in won.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FiscalYear {
    /// The year; none for the undated lines.
    pub fiscal_year: Option<i32>,
    /// Set aside.
    pub allocated: Won,
    /// Not approved away.
    pub available: Won,
    /// Approved and not paid.
    pub awaiting_payment: Won,
    /// Paid, net of returns.
    pub paid: Won,
    /// Came back for good.
    pub refunded: Won,
    /// Paid − refunded.
    pub disbursed: Won,
}

/// Reports on a fund as it stood at the end of `as_of`.
///
/// # Errors
/// [`ReportError`].
pub fn fund(
    conn: &mut Conn,
    code: &Code,
    as_of: NaiveDate,
    today: NaiveDate,
) -> Result<FundReport, ReportError> {
    let funds = master::funds(conn, as_of)?;
    let Some(fund) = funds.iter().find(|fund| fund.code == *code).cloned() else {
        return Err(ReportError::UnknownFund(code.clone()));
    };
    let family = master::family(&funds, code);
    let filter = SumFilter {
        funds: Some(family.clone()),
        program: None,
    };
    let backdated = store::backdated(conn, &filter, as_of)?;
    let rows = Rows::read(conn, (as_of, today), funds, Some(family.clone()))?;
    let timed = match rows.plans.get(code) {
        Some(_) => Timed::read(conn, &family, fund.terms.period, (as_of, today))?,
        None => Timed::default(),
    };
    build(&rows, &fund, &backdated, &timed).map_err(|broken| broken.in_report("fund"))
}

fn build(
    rows: &Rows,
    fund: &Fund,
    backdated: &(Vec<AccountDays>, bool),
    timed: &Timed,
) -> Result<FundReport, Broken> {
    let books = Books::of(&rows.sums, &rows.tallies)?;
    checks::books(&books, rows.now)?;
    let whole = FundSummary::of(rows, &books, fund)?;
    let (below_zero_days, below_zero_days_truncated) = below_zero::runs(backdated, rows.as_of)?;
    let plan = rows.plans.get(&fund.code);
    let against = |plan| plan::against(rows, &books, (fund, plan), &whole.figures, timed);
    Ok(FundReport {
        as_of: rows.as_of,
        currency: CURRENCY,
        status: fund.status,
        kind: fund.kind,
        children: children(rows, &books, fund)?,
        plan: plan.map(against).transpose()?,
        by_program: by_program(rows, &books)?,
        by_fiscal_year: by_fiscal_year(&books)?,
        by_area: plan::by_area(rows, &books, plan, &whole.figures)?,
        people_in_period: None,
        below_zero_days,
        below_zero_days_truncated,
        code: whole.code,
        name: whole.name,
        part_of: whole.part_of,
        period: whole.period,
        progress: whole.progress,
        figures: whole.figures,
        own: whole.own,
        to_child_funds: whole.to_child_funds,
    })
}

/// The child funds that had taken effect by the day, or had money by then.
fn children(rows: &Rows, books: &Books, fund: &Fund) -> Result<Vec<FundSummary>, Broken> {
    rows.funds
        .iter()
        .filter(|child| child.part_of.as_ref() == Some(&fund.code) && is_listed(rows, books, child))
        .map(|child| FundSummary::of(rows, books, child))
        .collect()
}

/// Whether a fund had taken effect by the day, or had money by then.
#[must_use]
pub fn is_listed(rows: &Rows, books: &Books, fund: &Fund) -> bool {
    rows.has_taken_effect("fund", &fund.code)
        || books.any(|line| line.fund.as_ref() == Some(&fund.code))
}

fn by_program(rows: &Rows, books: &Books) -> Result<Vec<FundProgram>, Broken> {
    let lines = books.flows.keys().chain(books.tallied.keys());
    let codes: BTreeSet<&Code> = lines.filter_map(|line| line.program.as_ref()).collect();
    codes
        .into_iter()
        .map(|code| {
            let total = books.total(|line| line.program.as_ref() == Some(code))?;
            let known = rows.programs.iter().find(|program| program.code == *code);
            Ok(FundProgram {
                program: code.clone(),
                name: known.map(|program| program.terms.name.clone()),
                figures: ProgramFigures::of(&total, true)?,
            })
        })
        .collect()
}

fn by_fiscal_year(books: &Books) -> Result<Vec<FiscalYear>, Broken> {
    let lines = || {
        books
            .flows
            .iter()
            .filter(|(line, _)| line.program.is_some())
    };
    let years: BTreeSet<Option<i32>> = lines().map(|(line, _)| line.fiscal_year).collect();
    years
        .into_iter()
        .map(|fiscal_year| {
            let mut flows = Flows::default();
            for (_, of_line) in lines().filter(|(line, _)| line.fiscal_year == fiscal_year) {
                flows = flows.plus(of_line)?;
            }
            Ok(FiscalYear {
                fiscal_year,
                allocated: flows.set_aside,
                available: flows.available,
                awaiting_payment: flows.awaiting,
                paid: flows.paid.whole()?,
                refunded: flows.refunded.whole()?,
                disbursed: flows.disbursed()?.whole()?,
            })
        })
        .collect()
}
