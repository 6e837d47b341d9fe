//! What callers are shown of measurements.

use serde::Serialize;
use utoipa::ToSchema;

use super::cell::Dimensions;
use super::dto::{MeasurementStatusWire, NatureWire};
use crate::http::v1::indicators::views::RunView;
use crate::http::v1::payouts::dto::VerbWire;
use crate::http::wire::{Attributes, Choice, Day, Instant, QuantityOut};
use crate::measurements::model::Measurement;
use crate::payouts::model::Step;

/// A measurement.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "0184a1b2c3d47e5f8a9b0c1d2e3f4a5b-1", "status": "submitted",
    "indicator": "accessible-stations", "period": {"start": "2022-01-01", "end": "2022-09-30"},
    "dimensions": {}, "value": "212", "numerator": null, "denominator": null,
    "nature": "measured", "method": null, "reason": null, "basis": null, "external_id": null,
    "attributes": {}, "steps": [], "recorded_by": "officer",
    "recorded_at": "2022-11-03T01:02:03.000004Z", "version": 1
}))]
pub struct MeasurementView {
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub status: MeasurementStatusWire,
    /// Of what.
    pub indicator: String,
    /// When.
    pub period: RunView,
    /// Of which part of it.
    pub dimensions: Dimensions,
    /// The number.
    #[schema(required)]
    pub value: Option<QuantityOut>,
    /// The numerator of a ratio.
    #[schema(required)]
    pub numerator: Option<QuantityOut>,
    /// The denominator of a ratio.
    #[schema(required)]
    pub denominator: Option<QuantityOut>,
    /// How it is known.
    pub nature: NatureWire,
    /// By which method.
    #[schema(required)]
    pub method: Option<String>,
    /// Why a running count has fallen.
    #[schema(required)]
    pub reason: Option<String>,
    /// What it rests on.
    #[schema(required)]
    pub basis: Option<String>,
    /// The caller's own id.
    #[schema(required)]
    pub external_id: Option<String>,
    /// Labels of the caller's own.
    pub attributes: Attributes,
    /// Everything that was done to it, in order.
    pub steps: Vec<MeasurementStepView>,
    /// Who recorded it: the id of a user.
    pub recorded_by: String,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// The version of the record.
    pub version: i32,
}

/// One thing that was done to a measurement.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeasurementStepView {
    /// What.
    pub verb: VerbWire,
    /// By whom: the id of a user.
    pub actor: String,
    /// The value date.
    pub effective_on: Day,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// In the words of who did it.
    #[schema(required)]
    pub reason: Option<String>,
}

impl From<&Step> for MeasurementStepView {
    fn from(step: &Step) -> Self {
        Self {
            verb: Choice(step.verb),
            actor: step.actor.clone(),
            effective_on: Day(step.effective_on),
            recorded_at: Instant(step.recorded_at),
            reason: step.reason.clone(),
        }
    }
}

impl MeasurementView {
    /// The view of a measurement. Its quantities are written as short as they can be.
    #[must_use]
    pub fn of(measurement: &Measurement) -> Self {
        let (stated, shown) = (
            measurement.measure.stated(),
            |quantity: crate::money::Quantity| QuantityOut(quantity.to_string()),
        );
        Self {
            id: measurement.id.to_string(),
            status: Choice(measurement.status),
            indicator: measurement.indicator.to_string(),
            period: RunView::from(measurement.period),
            dimensions: Dimensions::from(&measurement.cell),
            value: stated.value.map(shown),
            numerator: stated.numerator.map(shown),
            denominator: stated.denominator.map(shown),
            nature: Choice(measurement.nature),
            method: measurement.method.clone(),
            reason: measurement.reason.clone(),
            basis: measurement.basis.clone(),
            external_id: measurement.external_id.clone(),
            attributes: Attributes(measurement.attributes.clone()),
            steps: measurement.steps.iter().map(Into::into).collect(),
            recorded_by: measurement.recorded_by().to_owned(),
            recorded_at: Instant(measurement.recorded_at()),
            version: measurement.version,
        }
    }
}
