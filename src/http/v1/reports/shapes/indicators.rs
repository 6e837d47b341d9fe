//! What the reports of indicators look like.

use utoipa::ToSchema;

use crate::http::v1::indicators::dto::{AccumulationWire, BetterWire, ValueKindWire};
use crate::http::v1::reports::query::IndicatorIntervalWire;
use crate::http::wire::{Choice, Day, NameOut, QuantityOut, RatioOut};
use crate::reporting::indicators::line::FigureNature;
use crate::reporting::indicators::targets::TargetStatus;

/// How a figure is known.
pub type FigureNatureWire = Choice<FigureNature>;
/// Where an indicator stands towards a target.
pub type TargetStatusWire = Choice<TargetStatus>;

/// All indicators on one page.
#[derive(ToSchema)]
pub struct IndicatorsReport {
    /// The day at whose end the books were read.
    pub as_of: Day,
    /// Each of them, by code. They are never added to each other.
    pub indicators: Vec<IndicatorSummary>,
}

/// What an indicator is, on the day of the report.
#[derive(ToSchema)]
pub struct IndicatorHead {
    /// Its address.
    #[schema(example = "accessible-stations")]
    pub code: String,
    /// Its name.
    pub name: NameOut,
    /// In what it is counted.
    #[schema(example = "stations")]
    pub unit: String,
    /// Numbers or ratios.
    pub value: ValueKindWire,
    /// Whether values may be added.
    pub additive: bool,
    /// What a value says of its period.
    pub accumulation: AccumulationWire,
    /// Which way is better.
    pub better: BetterWire,
    /// The program it is about.
    #[schema(required)]
    pub program: Option<String>,
}

/// One indicator in a few figures.
#[derive(ToSchema)]
pub struct IndicatorSummary {
    /// What it is.
    #[serde(flatten)]
    pub head: IndicatorHead,
    /// Where it stood at the start.
    #[schema(required)]
    pub baseline: Option<IndicatorBaseline>,
    /// What was measured last of the whole.
    #[schema(required)]
    pub latest: Option<IndicatorPoint>,
    /// The target of the year that the day lies in.
    #[schema(required)]
    pub target: Option<IndicatorTarget>,
    /// How many measurements count.
    pub counts: MeasurementCounts,
}

/// How many measurements count, and how they are known.
#[derive(ToSchema)]
pub struct MeasurementCounts {
    /// All of them.
    pub measurements: i64,
    /// Those that were measured.
    pub measured: i64,
    /// Those that were estimated.
    pub estimated: i64,
    /// Those that somebody declared.
    pub declared: i64,
}

/// Where an indicator stood at the start.
#[derive(ToSchema)]
pub struct IndicatorBaseline {
    /// The number, or the share.
    #[schema(required)]
    pub value: Option<QuantityOut>,
    /// The numerator of a ratio.
    #[schema(required)]
    pub numerator: Option<QuantityOut>,
    /// The denominator of a ratio.
    #[schema(required)]
    pub denominator: Option<QuantityOut>,
    /// On which day.
    pub on: Day,
}

/// A target with what came of it.
#[derive(ToSchema)]
#[schema(example = json!({
    "year": 2022, "target": "300", "actual": "212", "actual_as_of": "2022-09-30",
    "difference": "-88", "achieved_ratio": "0.7067", "status": "not_yet", "not_added": null
}))]
pub struct IndicatorTarget {
    /// The calendar year.
    pub year: i32,
    /// Where the indicator is meant to stand.
    pub target: QuantityOut,
    /// Where it stands; null where nothing was measured, or it must not be added.
    #[schema(required)]
    pub actual: Option<QuantityOut>,
    /// The figure's own day.
    #[schema(required)]
    pub actual_as_of: Option<Day>,
    /// actual − target.
    #[schema(required)]
    pub difference: Option<QuantityOut>,
    /// actual ÷ target where more is better, target ÷ actual where less is.
    #[schema(required)]
    pub achieved_ratio: Option<RatioOut>,
    /// Where it stands towards the target.
    pub status: TargetStatusWire,
    /// Why there is no figure of the year.
    #[schema(required)]
    pub not_added: Option<NotAddedReason>,
}

/// Why figures were not added.
#[derive(ToSchema)]
#[schema(example = json!({
    "code": "not_additive",
    "reason": {
        "ko": "더할 수 없는 지표입니다. 같은 대상이 여러 기간·구분·사업에 들어 있을 수 있습니다.",
        "en": "Values of this indicator are not added: the same person or thing may be in \
               several periods, groups or programs."
    }
}))]
pub struct NotAddedReason {
    /// The stable code.
    #[schema(pattern = "^(?:not_additive|different_days|too_large)$")]
    pub code: String,
    /// In words.
    pub reason: NameOut,
}

/// One figure of an indicator.
#[derive(ToSchema)]
#[schema(example = json!({
    "period": "2022-01-01/2022-09-30", "starts_on": "2022-01-01", "as_of": "2022-09-30",
    "value": "212", "numerator": null, "denominator": null, "in_period": "57",
    "nature": "measured", "method": null, "reason": null, "basis": "현장 조사",
    "measurement": "0184a1b2c3d47e5f8a9b0c1d2e3f4a5b-1", "measurements": 1, "not_added": null
}))]
pub struct IndicatorPoint {
    /// The period: `2022-01-01/2022-03-31` as recorded, or `2022-03`, `2022-Q1`, `2022`.
    #[schema(example = "2022-01-01/2022-09-30")]
    pub period: String,
    /// The first day measured in it.
    pub starts_on: Day,
    /// The last day measured in it: the figure's own day.
    pub as_of: Day,
    /// The number, or the share; null where it would have to be added and must not be.
    #[schema(required)]
    pub value: Option<QuantityOut>,
    /// The numerator of a ratio.
    #[schema(required)]
    pub numerator: Option<QuantityOut>,
    /// The denominator of a ratio.
    #[schema(required)]
    pub denominator: Option<QuantityOut>,
    /// What the time since the figure before brought, for a running count.
    #[schema(required)]
    pub in_period: Option<QuantityOut>,
    /// How it is known.
    pub nature: FigureNatureWire,
    /// By which method, where it is one measurement.
    #[schema(required)]
    pub method: Option<String>,
    /// Why a running count has fallen, where it is one measurement.
    #[schema(required)]
    pub reason: Option<String>,
    /// What it rests on, where it is one measurement.
    #[schema(required)]
    pub basis: Option<String>,
    /// The id of the measurement, where it is one.
    #[schema(required)]
    pub measurement: Option<String>,
    /// Of how many measurements it is made.
    pub measurements: i64,
    /// Why it was not added.
    #[schema(required)]
    pub not_added: Option<NotAddedReason>,
}

/// Figures over time, and what they come to.
#[derive(ToSchema)]
pub struct IndicatorLine {
    /// One figure for each period that was measured.
    pub points: Vec<IndicatorPoint>,
    /// The figures together; of a running count, the last one. Null where they are not added.
    #[schema(required)]
    pub total: Option<QuantityOut>,
    /// Why they are not.
    #[schema(required)]
    pub not_added: Option<NotAddedReason>,
}

/// One value of a dimension over time.
#[derive(ToSchema)]
pub struct IndicatorGroup {
    /// The code of the value.
    #[schema(example = "jeju")]
    pub key: String,
    /// What it is called.
    pub name: NameOut,
    /// Its figures.
    #[serde(flatten)]
    pub line: IndicatorLine,
}

/// The report of one indicator.
#[derive(ToSchema)]
pub struct IndicatorReport {
    /// The day at whose end the books were read.
    pub as_of: Day,
    /// What it is.
    #[serde(flatten)]
    pub head: IndicatorHead,
    /// What exactly is counted.
    #[schema(required)]
    pub definition: Option<String>,
    /// Where what is known of it comes from.
    #[schema(required)]
    pub basis: Option<String>,
    /// Where it stood at the start.
    #[schema(required)]
    pub baseline: Option<IndicatorBaseline>,
    /// Each target with what came of it.
    pub targets: Vec<IndicatorTarget>,
    /// How long each period is.
    pub interval: IndicatorIntervalWire,
    /// By which dimension it is told apart.
    #[schema(required, example = "region")]
    pub group_by: Option<String>,
    /// The first day; null where it was not bounded.
    #[schema(required)]
    pub from: Option<Day>,
    /// The last day.
    pub to: Day,
    /// The whole over time: as it was measured, or, where only parts were, their sum.
    #[serde(flatten)]
    pub whole: IndicatorLine,
    /// Each value of the dimension over time.
    pub groups: Vec<IndicatorGroup>,
    /// What the groups come to together; null where they are not added.
    #[schema(required)]
    pub groups_total: Option<QuantityOut>,
    /// Why they are not.
    #[schema(required)]
    pub groups_not_added: Option<NotAddedReason>,
    /// How many measurements count.
    pub counts: MeasurementCounts,
}
