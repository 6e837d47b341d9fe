//! What callers are shown of funds.

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::dto::{CountedAtWire, FundKindWire, OpennessWire, SpendLimitWire};
use crate::calendar::Period;
use crate::funds::Entry;
use crate::funds::model::{Fund, Plan};
use crate::http::wire::{Choice, Currency, Day, Instant, NameOut, WonOut};

/// A fund.
#[derive(Debug, Serialize, ToSchema)]
pub struct FundView {
    /// Its address.
    pub code: String,
    /// Its name.
    pub name: NameOut,
    /// Under what rules it stands.
    pub kind: FundKindWire,
    /// Open or closed.
    pub status: OpennessWire,
    /// When it runs.
    pub period: PeriodView,
    /// The fund it is a part of.
    #[schema(required)]
    pub part_of: Option<String>,
    /// What spending is limited by.
    pub spend_limit: SpendLimitWire,
    /// At which value giving in kind counts.
    pub in_kind_counted_at: CountedAtWire,
    /// Over how many won a second person has to agree to what moves its money; null where it is as for
    /// the fund that it is a part of, or as for the house.
    #[schema(required)]
    pub second_approval_above: Option<WonOut>,
    /// The version of its plan; 0 where it has none.
    pub plan_version: i32,
    /// What its figures rest on.
    #[schema(required)]
    pub basis: Option<String>,
    /// The version of this data.
    pub version: i32,
}

impl FundView {
    /// The view of a fund.
    #[must_use]
    pub fn of(fund: &Fund) -> Self {
        Self {
            code: fund.code.to_string(),
            name: NameOut::from(&fund.terms.name),
            kind: Choice(fund.kind),
            status: Choice(fund.status),
            period: PeriodView::of(&fund.terms.period, fund.terms.period_basis.as_deref()),
            part_of: fund.part_of.as_ref().map(ToString::to_string),
            spend_limit: Choice(fund.spend_limit),
            in_kind_counted_at: Choice(fund.in_kind_counted_at),
            second_approval_above: fund.second_approval_above.map(WonOut::from),
            plan_version: fund.plan_version,
            basis: fund.terms.basis.clone(),
            version: fund.version,
        }
    }
}

/// A run of days, first and last included.
#[derive(Debug, Serialize, ToSchema)]
pub struct PeriodView {
    /// The first day.
    pub start: Day,
    /// The last day.
    pub end: Day,
    /// How the period is known.
    #[schema(required)]
    pub basis: Option<String>,
}

impl PeriodView {
    /// The view of a period.
    #[must_use]
    pub fn of(period: &Period, basis: Option<&str>) -> Self {
        let basis = basis.map(str::to_owned);
        Self {
            start: Day(period.start()),
            end: Day(period.end()),
            basis,
        }
    }
}

/// A plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanView {
    /// The fund.
    pub fund: String,
    /// 1 for the first.
    pub version: i32,
    /// Why this version was made.
    pub version_reason: String,
    /// Since when it holds.
    pub effective_on: Day,
    /// Who made it.
    pub recorded_by: String,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// The currency of its amounts.
    pub currency: Currency,
    /// What is meant to be spent.
    pub lines: Vec<PlanLineView>,
}

/// A line of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanLineView {
    /// The year.
    pub fiscal_year: i32,
    /// The program it is for.
    #[schema(required)]
    pub program: Option<String>,
    /// The area it is for.
    #[schema(required)]
    pub area: Option<String>,
    /// How much.
    pub amount: WonOut,
}

impl PlanView {
    /// The view of a plan.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let lines = plan.lines.iter().map(|line| PlanLineView {
            fiscal_year: line.fiscal_year,
            program: line.program.as_ref().map(ToString::to_string),
            area: line.area.clone(),
            amount: WonOut::from(line.amount),
        });
        Self {
            fund: plan.fund.to_string(),
            version: plan.version,
            version_reason: plan.reason.clone(),
            effective_on: Day(plan.effective_on),
            recorded_by: plan.recorded_by.clone(),
            recorded_at: Instant(plan.recorded_at),
            currency: Currency,
            lines: lines.collect(),
        }
    }
}

/// An entry in a fund's history.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryView {
    /// Its id.
    #[schema(example = "2-14")]
    pub id: String,
    /// What sort of entry: `fund.opened`, `contribution.recorded`, `allocation.made` …
    #[schema(example = "allocation.made")]
    pub kind: String,
    /// The value date.
    pub effective_on: Day,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// Who recorded it.
    pub recorded_by: String,
    /// The currency of its amount.
    pub currency: Currency,
    /// What was asked for: amount, program, reason …
    #[schema(value_type = Object, example = json!({"fund": "co-prosperity", "amount": "10000000000"}))]
    pub entry: Value,
}

impl EntryView {
    /// The view of an entry.
    #[must_use]
    pub fn of(entry: &Entry) -> Self {
        Self {
            id: entry.id(),
            kind: entry.kind.clone(),
            effective_on: Day(entry.effective_on),
            recorded_at: Instant(entry.recorded_at),
            recorded_by: entry.recorded_by.clone(),
            currency: Currency,
            entry: serde_json::from_str(&entry.command).unwrap_or(Value::Null),
        }
    }
}
