//! What a series looks like.

use utoipa::ToSchema;

use super::examples;
use crate::http::v1::reports::query::{GroupByWire, IntervalWire, MetricWire, RegionBasisWire};
use crate::http::wire::{Choice, Currency, Day, NameOut};
use crate::reporting::series::{Basis, Unit};

/// In what a series is counted.
pub type UnitWire = Choice<Unit>;
/// What a value of a series says of its period.
pub type BasisWire = Choice<Basis>;

/// One metric over time.
#[derive(ToSchema)]
#[schema(example = examples::series)]
pub struct Series {
    /// The day at whose end the books were read.
    pub as_of: Day,
    /// The currency of the values; null where they are no money.
    #[schema(required)]
    pub currency: Option<Currency>,
    /// What is followed.
    pub metric: MetricWire,
    /// In what it is counted.
    pub unit: UnitWire,
    /// How long each period is.
    pub interval: IntervalWire,
    /// By what it is told apart.
    pub group_by: GroupByWire,
    /// Of which day the regions are.
    pub region_basis: RegionBasisWire,
    /// What a value says: what happened in its period, or what stood at its end.
    pub basis: BasisWire,
    /// The first day.
    pub from: Day,
    /// The last day.
    pub to: Day,
    /// The groups with entries; one where nothing is told apart.
    pub groups: Vec<SeriesGroup>,
}

/// One line of a series.
#[derive(ToSchema)]
#[schema(example = examples::series_group)]
pub struct SeriesGroup {
    /// `all`, the code of a program, fund or 시도, or a kind; null for what has none.
    #[schema(required)]
    pub key: Option<String>,
    /// What it is called; null where the key says it all.
    #[schema(required)]
    pub name: Option<NameOut>,
    /// Whether it is a region that ended, and nobody knows in which 시도 its area lies today.
    pub ended: bool,
    /// Whether the values are hidden, since they would tell about single people.
    pub suppressed: bool,
    /// Every period of the series.
    pub points: Vec<SeriesPoint>,
    /// The values together; null where they are never added, or hidden.
    #[schema(required, pattern = "^-?[0-9]+(?:\\.[0-9]{3})?$")]
    pub total: Option<String>,
}

/// One value of a series.
#[derive(ToSchema)]
#[schema(example = examples::point)]
pub struct SeriesPoint {
    /// The name of the period: `2022-08-01`, `2022-08`, `2022-Q3` or `2022`.
    #[schema(pattern = "^[0-9]{4}(?:-(?:Q[1-4]|[0-9]{2}(?:-[0-9]{2})?))?$")]
    pub period: String,
    /// Its first day within the series.
    pub starts_on: Day,
    /// The value, kilograms with three places; null where it is hidden.
    #[schema(required, pattern = "^-?[0-9]+(?:\\.[0-9]{3})?$")]
    pub value: Option<String>,
    /// How many disbursements are in it, where `approved` is asked for; null elsewhere and hidden.
    #[schema(required)]
    pub payments: Option<i64>,
}
