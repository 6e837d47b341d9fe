//! What the report of a program looks like.

use utoipa::ToSchema;

use super::examples;
use super::figures::{BelowZero, ProgramFigures};
use super::people::PeopleInPeriod;
use super::stated::{Intermediaries, ProgramSales};
use crate::http::v1::programs::dto::{ApprovalWire, ProgramKindWire};
use crate::http::v1::reports::query::RegionBasisWire;
use crate::http::wire::{Currency, Day, NameOut, RegionOut, WonOut};

/// The report of one program.
#[derive(ToSchema)]
#[schema(example = examples::program_report)]
pub struct ProgramReport {
    /// The day at whose end the books were read.
    pub as_of: Day,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The address of the program.
    pub code: String,
    /// Its name on that day.
    pub name: NameOut,
    /// What it does.
    pub kind: ProgramKindWire,
    /// The organisation that ran it on that day (수행기관).
    #[schema(required)]
    pub partner: Option<String>,
    /// The funds it draws on.
    pub funds: Vec<String>,
    /// Who has to approve.
    pub approval: ApprovalWire,
    /// Of which day the regions are.
    pub region_basis: RegionBasisWire,
    /// PROGRAM FIGURES.
    #[serde(flatten)]
    pub figures: ProgramFigures,
    /// Month by month, those with entries.
    pub by_month: Vec<MonthRow>,
    /// By 시도, those with entries; 지역 미배분 last.
    pub by_region: Vec<RegionRow>,
    /// Whom it reached.
    pub beneficiaries: Beneficiaries,
    /// Whom it reached in a period; null without `from`.
    #[schema(required)]
    pub people_in_period: Option<PeopleInPeriod>,
    /// What it sold; null where it never did and nobody stated anything.
    #[schema(required)]
    pub sales: Option<ProgramSales>,
    /// What became of its donations to intermediaries.
    pub intermediaries: Intermediaries,
    /// Days on which an account ended below zero.
    pub below_zero_days: Vec<BelowZero>,
    /// Whether there are, or may be, more such days than are listed.
    pub below_zero_days_truncated: bool,
}

/// What happened in one month.
#[derive(ToSchema)]
#[schema(example = examples::month)]
pub struct MonthRow {
    /// The month.
    #[schema(pattern = "^[0-9]{4}-[0-9]{2}$")]
    pub month: String,
    /// The figures.
    #[serde(flatten)]
    pub cell: Cell,
}

/// What happened in one region.
#[derive(ToSchema)]
#[schema(example = examples::region)]
pub struct RegionRow {
    /// The 시도, under its code of that day or of today; null for 지역 미배분.
    #[schema(required)]
    pub region: Option<RegionOut>,
    /// Whether it is a region that ended, and nobody knows in which 시도 its area lies today.
    pub ended: bool,
    /// The figures.
    #[serde(flatten)]
    pub cell: Cell,
}

/// One row of a table; its figures are null where they are hidden.
#[derive(ToSchema)]
#[schema(example = examples::cell)]
pub struct Cell {
    /// Approved, net of cancellations.
    #[schema(required)]
    pub approved: Option<WonOut>,
    /// Paid, net of what the bank returned.
    #[schema(required)]
    pub paid: Option<WonOut>,
    /// Came back for good.
    #[schema(required)]
    pub refunded: Option<WonOut>,
    /// paid − refunded (집행).
    #[schema(required)]
    pub disbursed: Option<WonOut>,
    /// Payments (지급 건수); below zero where more ended than began.
    #[schema(required)]
    pub payments: Option<i64>,
    /// Whether the figures are hidden, since they would tell about single people.
    pub suppressed: bool,
}

/// Whom a program reached. Distinct people of different scopes are never added.
#[derive(ToSchema)]
#[schema(example = examples::beneficiaries)]
pub struct Beneficiaries {
    /// Distinct people of the program (실인원).
    pub unique: i64,
    /// Its payments (지급 건수).
    pub payments: i64,
    /// Distinct people of each of its funds, whatever the program; none for partners.
    pub unique_in_funds: Vec<FundReach>,
    /// Distinct people of all books; null for partners.
    #[schema(required)]
    pub unique_overall: Option<i64>,
}

/// Whom a fund reached.
#[derive(ToSchema)]
#[schema(example = examples::fund_reach)]
pub struct FundReach {
    /// The fund, with its child funds.
    pub fund: String,
    /// Distinct people.
    pub unique: i64,
}
