//! What may be measured, and what may be done to a measurement, when and by whom. Pure.
//!
//! ```text
//! submitted ──approve──▶ approved ──cancel──▶ cancelled
//!    │ ▲
//!  reject resubmit          (submitted and rejected ──withdraw──▶ withdrawn)
//!    ▼ │
//! rejected
//! ```

use chrono::NaiveDate;

use super::error::MeasurementError;
use super::model::{Cell, Entry, Measurement, MeasurementNature, MeasurementStatus};
use crate::calendar::Period;
use crate::indicators::model::{Accumulation, IndicatorTerms};
use crate::payouts::error::PayoutError;
use crate::payouts::model::Verb;
use crate::refusal::FieldFault;

/// Steps that one measurement may have.
pub const MAX_STEPS: usize = 200;
/// Measurements that one indicator may have, live or once approved: a report reads all of them.
pub const MAX_MEASUREMENTS: i64 = 20_000;

/// Where a measurement stands after `actor` did that to it.
///
/// # Errors
/// [`MeasurementError`] when the state or the person does not allow it.
pub fn advance(
    measurement: &Measurement,
    verb: Verb,
    actor: &str,
) -> Result<MeasurementStatus, MeasurementError> {
    use MeasurementStatus::{Approved, Cancelled, Rejected, Submitted, Withdrawn};
    let recorder = measurement.recorded_by() == actor;
    match verb {
        Verb::Edit | Verb::Resubmit => {}
        Verb::Withdraw if !recorder => return Err(PayoutError::NotRecorder.into()),
        Verb::Withdraw => {}
        // Whoever recorded an entry never decides on it, whatever the roles.
        _ if measurement.was_made_by(actor) => return Err(PayoutError::OwnRecord.into()),
        _ => {}
    }
    if measurement.steps.len() >= MAX_STEPS {
        return Err(PayoutError::TooManySteps.into());
    }
    match (measurement.status, verb) {
        (Submitted, Verb::Approve) => Ok(Approved),
        (Submitted, Verb::Reject) => Ok(Rejected),
        (Submitted, Verb::Edit) | (Rejected, Verb::Resubmit) => Ok(Submitted),
        (Submitted | Rejected, Verb::Withdraw) => Ok(Withdrawn),
        (Approved, Verb::Cancel) => Ok(Cancelled),
        (status, verb) => Err(MeasurementError::InvalidState { status, verb }),
    }
}

/// What is wrong with a cell of an indicator: every dimension has a value, or none has.
#[must_use]
pub fn cell_faults(terms: &IndicatorTerms, cell: &Cell) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    for (code, value) in &cell.0 {
        let field = format!("/dimensions/{code}");
        let dimension = terms.dimensions.iter().find(|known| known.code == *code);
        match dimension {
            None => faults.push(FieldFault::new(field, "unknown_dimension").with("value", code)),
            Some(known) if !known.values.iter().any(|known| known.code == *value) => {
                let fault = FieldFault::new(field, "unknown_dimension_value");
                faults.push(fault.with("value", value).with("dimension", code));
            }
            Some(_) => {}
        }
    }
    if !cell.is_whole() {
        let missing = terms.dimensions.iter().map(|dimension| &dimension.code);
        for code in missing.filter(|code| !cell.0.contains_key(*code)) {
            faults.push(FieldFault::new(
                format!("/dimensions/{code}"),
                "dimension_missing",
            ));
        }
    }
    faults
}

/// What is wrong with the days of a measurement that is entered on a day.
#[must_use]
pub fn period_faults(
    terms: &IndicatorTerms,
    period: Period,
    on: NaiveDate,
    today: NaiveDate,
) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    if period.end() > today {
        faults.push(FieldFault::new("/period/end", "in_the_future"));
    } else if period.end() > on {
        faults.push(FieldFault::new("/period/end", "after_value_date").with("on", on));
    }
    if let Some(bounds) = terms.period
        && !(bounds.contains(period.start()) && bounds.contains(period.end()))
    {
        let fault = FieldFault::new("/period", "outside_indicator_period");
        faults.push(
            fault
                .with("start", bounds.start())
                .with("end", bounds.end()),
        );
    }
    faults
}

/// What is wrong where no method is told.
#[must_use]
pub fn method_fault(nature: MeasurementNature, method: Option<&str>) -> Option<FieldFault> {
    (nature == MeasurementNature::Estimated && method.is_none())
        .then(|| FieldFault::new("/method", "method_required"))
}

/// Makes sure that a measurement contradicts no live one of its cell.
///
/// # Errors
/// [`MeasurementError::Overlaps`], [`MeasurementError::OtherStart`], [`MeasurementError::Falls`].
pub fn agrees(
    accumulation: Accumulation,
    new: &Measurement,
    live: &[Entry],
) -> Result<(), MeasurementError> {
    let others = || live.iter().filter(|entry| entry.id != new.id);
    let clash = others().find(|other| match accumulation {
        Accumulation::InPeriod => {
            other.period.start() <= new.period.end() && new.period.start() <= other.period.end()
        }
        Accumulation::Cumulative => other.period.end() == new.period.end(),
    });
    if let Some(other) = clash {
        return Err(MeasurementError::Overlaps {
            id: other.id.clone(),
            period: other.period,
        });
    }
    if accumulation == Accumulation::InPeriod {
        return Ok(());
    }
    if let Some(other) = others().find(|other| other.period.start() != new.period.start()) {
        return Err(MeasurementError::OtherStart(other.period.start()));
    }
    let before = others().filter(|other| other.period.end() < new.period.end());
    let before = before.max_by_key(|other| other.period.end());
    let after = others().filter(|other| other.period.end() > new.period.end());
    let after = after.min_by_key(|other| other.period.end());
    // One that is entered late may make what comes after it a fall.
    let falls = before.is_some_and(|before| new.measure.has_fallen_since(before.measure))
        || after.is_some_and(|after| after.measure.has_fallen_since(new.measure));
    if falls && new.reason.is_none() {
        return Err(MeasurementError::Falls);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
