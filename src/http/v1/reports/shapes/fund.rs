//! What the report of a fund looks like.

use utoipa::ToSchema;

use super::examples;
use super::figures::{BelowZero, FundFigures, ProgramFigures, Progress};
use super::people::PeopleInPeriod;
use super::plan::{FundArea, FundPlan};
use crate::http::v1::funds::dto::{FundKindWire, OpennessWire};
use crate::http::v1::funds::views::PeriodView;
use crate::http::wire::{Currency, Day, NameOut, WonOut};

/// A fund in short.
#[derive(ToSchema)]
#[schema(example = examples::fund_summary)]
pub struct FundSummary {
    /// Its address.
    pub code: String,
    /// Its name on that day.
    pub name: NameOut,
    /// The fund it is a part of.
    #[schema(required)]
    pub part_of: Option<String>,
    /// When it runs.
    pub period: PeriodView,
    /// How far it has come.
    #[serde(flatten)]
    pub progress: Progress,
    /// FIGURES, with its child funds.
    #[serde(flatten)]
    pub figures: FundFigures,
    /// FIGURES without its child funds.
    pub own: FundFigures,
    /// Committed on to child funds.
    pub to_child_funds: WonOut,
}

/// The report of one fund.
#[derive(ToSchema)]
#[schema(example = examples::fund_report)]
pub struct FundReport {
    /// The day at whose end the books were read.
    pub as_of: Day,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The address of the fund.
    pub code: String,
    /// Its name on that day.
    pub name: NameOut,
    /// The fund it is a part of.
    #[schema(required)]
    pub part_of: Option<String>,
    /// When it runs.
    pub period: PeriodView,
    /// Whether it is open now.
    pub status: OpennessWire,
    /// Under what rules it stands.
    pub kind: FundKindWire,
    /// How far it has come.
    #[serde(flatten)]
    pub progress: Progress,
    /// FIGURES, with its child funds.
    #[serde(flatten)]
    pub figures: FundFigures,
    /// FIGURES without its child funds.
    pub own: FundFigures,
    /// Committed on to child funds.
    pub to_child_funds: WonOut,
    /// Its child funds, by code.
    pub children: Vec<FundSummary>,
    /// The plan in force; null where it has none.
    #[schema(required)]
    pub plan: Option<FundPlan>,
    /// By program, with child funds.
    pub by_program: Vec<FundProgram>,
    /// By fiscal year, with child funds; the undated line first.
    pub by_fiscal_year: Vec<FiscalYear>,
    /// By the area of its programs, with child funds; adds up to the figures.
    pub by_area: Vec<FundArea>,
    /// Whom it reached in a period, with child funds; null without `from`.
    #[schema(required)]
    pub people_in_period: Option<PeopleInPeriod>,
    /// Days on which an account ended below zero, with child funds.
    pub below_zero_days: Vec<BelowZero>,
    /// Whether there are, or may be, more such days than are listed.
    pub below_zero_days_truncated: bool,
}

/// What one program drew from the fund.
#[derive(ToSchema)]
#[schema(example = examples::fund_program)]
pub struct FundProgram {
    /// The program.
    pub program: String,
    /// Its name on that day.
    #[schema(required)]
    pub name: Option<NameOut>,
    /// PROGRAM FIGURES within the fund.
    #[serde(flatten)]
    pub figures: ProgramFigures,
}

/// What stands in the lines of one fiscal year.
#[derive(ToSchema)]
#[schema(example = examples::fiscal_year)]
pub struct FiscalYear {
    /// The year; null for the undated lines.
    #[schema(required)]
    pub fiscal_year: Option<i32>,
    /// Set aside (배정).
    pub allocated: WonOut,
    /// Not approved away (가용 예산).
    pub available: WonOut,
    /// Approved and not paid (지급 대기액).
    pub awaiting_payment: WonOut,
    /// Paid, net of what the bank returned.
    pub paid: WonOut,
    /// Came back for good.
    pub refunded: WonOut,
    /// paid − refunded (집행).
    pub disbursed: WonOut,
}
