//! Measurements (실적): what was measured, estimated or declared of an indicator in a period.
//!
//! [`record::RecordMeasurement`] submits one, [`change::ChangeMeasurement`] edits it or hands it in
//! again, [`advance::AdvanceMeasurement`] decides on it. What is allowed stands in [`rules`], pure.
//! Within one cell of its indicator no two live ones contradict each other: periods do not overlap,
//! and a running count that falls says why. All lie in the book of the house, with their indicator.

pub mod advance;
pub mod audit_store;
pub mod change;
pub mod error;
pub mod model;
pub mod record;
pub mod rules;
pub mod store;

use std::rc::Rc;

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::code::Code;
use crate::desk::{Desk, Stop};
use crate::indicators::model::Indicator;
use crate::ledger::Who;
use crate::payouts::draft;
use crate::payouts::model::{Step, Verb};
use crate::refusal::Refusal;
use model::Measurement;

/// The noun of measurements.
pub const MEASUREMENT: &str = "measurement";

/// Names what a measurement of this cell is sure to be asked for.
fn hint(desk: &Desk, indicator: &Code, cell: &str) {
    desk.indicators.want(indicator);
    desk.usages.want(indicator);
    desk.cells.want(&(indicator.clone(), cell.to_owned()));
}

/// The indicator, with everything in hand that a change of this measurement has an effect on.
fn indicator(desk: &Desk, measurement: &Measurement) -> Result<Rc<Indicator>, Stop> {
    let code = &measurement.indicator;
    hint(desk, code, &measurement.cell.to_string());
    desk.usages.find(code)?;
    desk.cells.find(&measurement.cell_key())?;
    let Some(indicator) = desk.indicators.find(code)? else {
        let refusal = Refusal::field("/indicator", "unknown_indicator");
        return Err(refusal.with("indicator", code).into());
    };
    Ok(indicator)
}

/// Makes sure that a measurement agrees with the live ones of its cell, and that its external id is
/// its own.
fn agrees(desk: &Desk, indicator: &Indicator, measurement: &Measurement) -> Result<(), Stop> {
    let cell = desk.cells.find(&measurement.cell_key())?;
    let others = cell.as_deref().map(|cell| cell.entries.as_slice());
    rules::agrees(
        indicator.terms.accumulation,
        measurement,
        others.unwrap_or_default(),
    )?;
    draft::unused_external_id(
        desk,
        MEASUREMENT,
        Some(&measurement.indicator),
        measurement.external_id.as_ref(),
        Some(&measurement.id),
    )
}

fn step(desk: &Desk, who: &Who, verb: Verb, on: NaiveDate, reason: Option<&str>) -> Step {
    Step {
        verb,
        actor: who.actor.clone(),
        effective_on: on,
        recorded_at: desk.now(),
        sequence: desk.next_sequence(),
        amount: None,
        reason_class: None,
        reason: reason.map(str::to_owned),
        bank_reference: None,
        content: None,
    }
}

/// The name of the event that a verb leaves in the log.
fn event(verb: Verb) -> &'static str {
    match verb {
        Verb::Submit => "measurement.submitted",
        Verb::Edit => "measurement.changed",
        Verb::Resubmit => "measurement.resubmitted",
        Verb::Withdraw => "measurement.withdrawn",
        Verb::Approve => "measurement.approved",
        Verb::Reject => "measurement.rejected",
        _ => "measurement.cancelled",
    }
}

fn subject(measurement: &Measurement) -> String {
    format!("{MEASUREMENT}:{}", measurement.id)
}

/// What was submitted, as the log holds it.
fn told(measurement: &Measurement, on: NaiveDate) -> Value {
    let stated = measurement.measure.stated();
    json!({
        "id": measurement.id,
        "indicator": measurement.indicator,
        "period": measurement.period,
        "dimensions": measurement.cell.0,
        "value": stated.value,
        "numerator": stated.numerator,
        "denominator": stated.denominator,
        "nature": measurement.nature,
        "method": measurement.method,
        "reason": measurement.reason,
        "basis": measurement.basis,
        "external_id": measurement.external_id,
        "attributes": measurement.attributes,
        "effective_on": on,
    })
}
