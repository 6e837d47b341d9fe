//! What the plan of a fund against what was done looks like.

use utoipa::ToSchema;

use super::examples;
use crate::http::v1::funds::views::PlanLineView;
use crate::http::wire::{Choice, Day, RatioOut, WonOut};
use crate::reporting::plan::Coverage;

/// Whether the records of a plan are all there.
pub type CoverageWire = Choice<Coverage>;

/// The plan of a fund against what was done, with child funds.
#[derive(ToSchema)]
#[schema(example = examples::plan)]
pub struct FundPlan {
    /// 1 for the first.
    pub version: i32,
    /// What is meant to be spent.
    pub lines: Vec<PlanLineView>,
    /// Planned by the day: ended years whole, the current one by its days within the period.
    pub to_date: WonOut,
    /// to_date over committed; null where nothing is committed.
    #[schema(required)]
    pub to_date_ratio: Option<RatioOut>,
    /// As in FIGURES.
    pub disbursed: WonOut,
    /// disbursed − to_date; below zero where the fund is behind.
    pub difference: WonOut,
    /// By calendar year; adds up to the figures above.
    pub by_fiscal_year: Vec<PlanYear>,
    /// By area; adds up likewise.
    pub by_area: Vec<PlanArea>,
    /// By program: those that the plan names, and those that disbursed anything.
    pub by_program: Vec<PlanProgram>,
    /// Where it leads; null before the period began.
    #[schema(required)]
    pub forecast: Option<Forecast>,
    /// `partial` where programs of the plan have no records.
    pub coverage: CoverageWire,
    /// Programs that the plan names or money is set aside for, of which nothing stands approved.
    pub programs_without_records: Vec<String>,
}

/// One year of a plan.
#[derive(ToSchema)]
#[schema(example = examples::plan_year)]
pub struct PlanYear {
    /// The year.
    pub fiscal_year: i32,
    /// Planned for all of it.
    pub plan: WonOut,
    /// Planned by the day.
    pub plan_to_date: WonOut,
    /// Disbursed in it, by value date.
    pub disbursed: WonOut,
    /// disbursed − plan_to_date.
    pub difference: WonOut,
}

/// A part of a plan against what was disbursed there.
#[derive(ToSchema)]
#[schema(example = examples::plan_part)]
pub struct PlanPart {
    /// Planned in all; null where no line of the plan names it.
    #[schema(required)]
    pub plan: Option<WonOut>,
    /// Planned by the day.
    #[schema(required)]
    pub plan_to_date: Option<WonOut>,
    /// Disbursed there.
    pub disbursed: WonOut,
    /// disbursed − plan_to_date; null without a line.
    #[schema(required)]
    pub difference: Option<WonOut>,
}

/// One area of a plan.
#[derive(ToSchema)]
#[schema(example = examples::plan_area)]
pub struct PlanArea {
    /// The area of the line or of its program; null for those without one.
    #[schema(required)]
    pub area: Option<String>,
    /// The plan against what was disbursed.
    #[serde(flatten)]
    pub part: PlanPart,
}

/// One program of a plan.
#[derive(ToSchema)]
#[schema(example = examples::plan_program)]
pub struct PlanProgram {
    /// The program.
    pub program: String,
    /// The plan against what was disbursed.
    #[serde(flatten)]
    pub part: PlanPart,
}

/// What would be disbursed by the end of the period; after it, what was.
#[derive(ToSchema)]
#[schema(example = examples::forecast)]
pub struct Forecast {
    /// The last day of the period.
    pub on: Day,
    /// Planned by then.
    pub plan: WonOut,
    /// disbursed × days of the period / days elapsed, rounded half up.
    pub straight_line: WonOut,
    /// disbursed, and for each day left what was disbursed on a day of the last 90.
    pub current_pace: WonOut,
    /// How many days the pace was measured over: 90, or fewer where the period began later.
    pub pace_days: i64,
    /// Each less the plan.
    pub against_plan: AgainstPlan,
}

/// Forecasts less what is planned.
#[derive(ToSchema)]
#[schema(example = examples::against_plan)]
pub struct AgainstPlan {
    /// Of the straight line.
    pub straight_line: WonOut,
    /// Of the current pace.
    pub current_pace: WonOut,
}

/// What a fund did in one area, with child funds.
#[derive(ToSchema)]
#[schema(example = examples::fund_area)]
pub struct FundArea {
    /// The area of the programs on that day; null where they have none.
    #[schema(required)]
    pub area: Option<String>,
    /// Planned; null where no line of the plan names it.
    #[schema(required)]
    pub plan: Option<WonOut>,
    /// Set aside (배정).
    pub allocated: WonOut,
    /// Approved and not paid (지급 대기액).
    pub awaiting_payment: WonOut,
    /// paid − refunded (집행).
    pub disbursed: WonOut,
}
