//! What callers are shown of indicators.

use serde::Serialize;
use utoipa::ToSchema;

use super::dto::{AccumulationWire, BetterWire, ValueKindWire};
use crate::calendar::Period;
use crate::http::wire::{Choice, Day, NameOut, QuantityOut};
use crate::indicators::model::{Baseline, Dimension, Indicator, Target};
use crate::indicators::rules::places;

/// An indicator.
#[derive(Debug, Serialize, ToSchema)]
pub struct IndicatorView {
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
    /// Decimal places of its values; of a ratio, of numerator and denominator.
    pub decimals: i32,
    /// Whether values of different periods, groups or programs may be added.
    pub additive: bool,
    /// What a value says of its period.
    pub accumulation: AccumulationWire,
    /// Which way is better.
    pub better: BetterWire,
    /// The program it is about.
    #[schema(required)]
    pub program: Option<String>,
    /// A free area.
    #[schema(required)]
    pub area: Option<String>,
    /// The days that measurements have to lie in.
    #[schema(required)]
    pub period: Option<RunView>,
    /// By what its values are told apart.
    pub dimensions: Vec<DimensionView>,
    /// Where it stood at the start.
    #[schema(required)]
    pub baseline: Option<BaselineView>,
    /// Where it is meant to stand, by year.
    pub targets: Vec<TargetView>,
    /// What exactly is counted, and how.
    #[schema(required)]
    pub definition: Option<String>,
    /// Where what is known of it comes from.
    #[schema(required)]
    pub basis: Option<String>,
    /// The version of this data.
    pub version: i32,
}

/// A run of days, first and last included.
#[derive(Debug, Serialize, ToSchema)]
pub struct RunView {
    /// The first day.
    pub start: Day,
    /// The last day.
    pub end: Day,
}

/// One way in which values are told apart.
#[derive(Debug, Serialize, ToSchema)]
pub struct DimensionView {
    /// Its address within the indicator.
    #[schema(example = "region")]
    pub code: String,
    /// Its name.
    pub name: NameOut,
    /// What there is of it.
    pub values: Vec<DimensionValueView>,
}

/// One value of a dimension.
#[derive(Debug, Serialize, ToSchema)]
pub struct DimensionValueView {
    /// Its address within the dimension.
    #[schema(example = "jeju")]
    pub code: String,
    /// Its name.
    pub name: NameOut,
}

/// Where an indicator stood at the start.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "value": "12000", "numerator": null, "denominator": null, "on": "2021-12-31"
}))]
pub struct BaselineView {
    /// The number.
    #[schema(required)]
    pub value: Option<QuantityOut>,
    /// The numerator.
    #[schema(required)]
    pub numerator: Option<QuantityOut>,
    /// The denominator.
    #[schema(required)]
    pub denominator: Option<QuantityOut>,
    /// On which day.
    pub on: Day,
}

/// Where an indicator is meant to stand in a year.
#[derive(Debug, Serialize, ToSchema)]
pub struct TargetView {
    /// The calendar year.
    pub year: i32,
    /// The value; of a ratio, the share with four places.
    pub value: QuantityOut,
}

impl From<Period> for RunView {
    fn from(period: Period) -> Self {
        Self {
            start: Day(period.start()),
            end: Day(period.end()),
        }
    }
}

impl BaselineView {
    fn of(baseline: &Baseline, decimals: i32) -> Self {
        let (stated, shown) = (baseline.stated, |quantity| {
            QuantityOut::of(quantity, decimals)
        });
        Self {
            value: stated.value.map(shown),
            numerator: stated.numerator.map(shown),
            denominator: stated.denominator.map(shown),
            on: Day(baseline.on),
        }
    }
}

impl From<&Dimension> for DimensionView {
    fn from(dimension: &Dimension) -> Self {
        let values = dimension.values.iter().map(|value| DimensionValueView {
            code: value.code.to_string(),
            name: NameOut::from(&value.name),
        });
        Self {
            code: dimension.code.to_string(),
            name: NameOut::from(&dimension.name),
            values: values.collect(),
        }
    }
}

impl IndicatorView {
    /// The view of an indicator.
    #[must_use]
    pub fn of(indicator: &Indicator) -> Self {
        let terms = &indicator.terms;
        let target = |target: &Target| TargetView {
            year: target.year,
            value: QuantityOut::of(target.value, places(terms)),
        };
        let baseline = |baseline| BaselineView::of(baseline, terms.decimals);
        Self {
            code: indicator.code.to_string(),
            name: NameOut::from(&terms.name),
            unit: terms.unit.clone(),
            value: Choice(terms.value),
            decimals: terms.decimals,
            additive: terms.additive,
            accumulation: Choice(terms.accumulation),
            better: Choice(terms.better),
            program: terms.program.as_ref().map(ToString::to_string),
            area: terms.area.clone(),
            period: terms.period.map(RunView::from),
            dimensions: terms.dimensions.iter().map(DimensionView::from).collect(),
            baseline: terms.baseline.as_ref().map(baseline),
            targets: terms.targets.iter().map(target).collect(),
            definition: terms.definition.clone(),
            basis: terms.basis.clone(),
            version: indicator.version,
        }
    }
}
