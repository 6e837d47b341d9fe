//! Editing a measurement while it is submitted, and handing one in again that came back.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::error::MeasurementError;
use super::model::{Measurement, MeasurementNature};
use super::{agrees, event, indicator, rules, step, subject, told};
use crate::calendar::Period;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ids::RecordId;
use crate::indicators::measure::Stated;
use crate::indicators::model::IndicatorTerms;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::money::Quantity;
use crate::payouts::error::PayoutError;
use crate::payouts::model::Verb;
use crate::payouts::patch::MAX_ATTRIBUTES;
use crate::payouts::rules::value_date;
use crate::refusal::FieldFault;

/// What of a measurement may be changed by its makers. `None` leaves a thing as it is, `Some(None)`
/// takes it away.
#[derive(Debug, Clone, Default)]
pub struct MeasurementPatch {
    /// When.
    pub period: Option<Period>,
    /// The number.
    pub value: Option<Quantity>,
    /// The numerator.
    pub numerator: Option<Quantity>,
    /// The denominator.
    pub denominator: Option<Quantity>,
    /// How it is known.
    pub nature: Option<MeasurementNature>,
    /// By which method.
    pub method: Option<Option<String>>,
    /// Why a running count has fallen.
    pub reason: Option<Option<String>>,
    /// What it rests on.
    pub basis: Option<Option<String>>,
    /// The caller's own id.
    pub external_id: Option<Option<String>>,
    /// Labels: `None` as a value takes one away.
    pub attributes: BTreeMap<String, Option<String>>,
}

/// Changes a measurement, or hands it in again.
#[derive(Debug, Clone)]
pub struct ChangeMeasurement {
    /// Which one.
    pub id: RecordId,
    /// [`Verb::Edit`] or [`Verb::Resubmit`].
    pub verb: Verb,
    /// The version that was read; needed for an edit.
    pub expected_version: Option<i32>,
    /// The value date of a resubmission; today by default.
    pub effective_on: Option<NaiveDate>,
    /// What is to be changed.
    pub patch: MeasurementPatch,
}

impl Command for ChangeMeasurement {
    type Done = Measurement;

    fn book(&self) -> BookRef {
        BookRef::Number(self.id.book())
    }

    fn hint(&self, desk: &Desk) {
        desk.measurements.want(&self.id);
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Measurement>, Stop> {
        let before = desk.measurements.find(&self.id)?;
        let before = before.ok_or(PayoutError::NotFound)?;
        if self.expected_version.is_some_and(|v| v != before.version) {
            return Err(PayoutError::Stale(before.version).into());
        }
        let indicator = indicator(desk, &before)?;
        let status = rules::advance(&before, self.verb, &who.actor)?;
        let last_on = before.last_on();
        // An edit is no event of its own in time: it changes what was submitted.
        let wanted = if self.verb == Verb::Edit {
            Some(last_on)
        } else {
            self.effective_on
        };
        let on = value_date(wanted, last_on, desk.today())?;
        let mut changed = self
            .patch
            .apply(&before, &indicator.terms, on, desk.today())?;
        agrees(desk, &indicator, &changed)?;
        changed.status = status;
        changed.version = changed.version.saturating_add(1);
        changed.steps.push(step(desk, who, self.verb, on, None));
        let changes = Changes::of(NewEvent {
            kind: event(self.verb),
            subject: subject(&changed),
            effective_on: on,
            command: told(&changed, on).to_string(),
        });
        Ok(changes.put(Put::Measurement(changed.clone())).done(changed))
    }
}

impl MeasurementPatch {
    /// The measurement with what is changed, where every field is right.
    fn apply(
        &self,
        before: &Measurement,
        terms: &IndicatorTerms,
        on: NaiveDate,
        today: NaiveDate,
    ) -> Result<Measurement, MeasurementError> {
        let mut changed = before.clone();
        changed.period = self.period.unwrap_or(before.period);
        changed.nature = self.nature.unwrap_or(before.nature);
        for (to, from) in [
            (&mut changed.method, &self.method),
            (&mut changed.reason, &self.reason),
            (&mut changed.basis, &self.basis),
            (&mut changed.external_id, &self.external_id),
        ] {
            if let Some(text) = from {
                to.clone_from(text);
            }
        }
        for (name, value) in &self.attributes {
            match value {
                Some(value) => changed.attributes.insert(name.clone(), value.clone()),
                None => changed.attributes.remove(name),
            };
        }
        let mut faults = faults(&changed, terms, on, today);
        match self.stated(before).read(terms.value, terms.decimals, "") {
            Ok(measure) => changed.measure = measure,
            Err(more) => faults.extend(more),
        }
        if faults.is_empty() {
            Ok(changed)
        } else {
            Err(MeasurementError::Fields(faults))
        }
    }

    fn stated(&self, before: &Measurement) -> Stated {
        let old = before.measure.stated();
        Stated {
            value: self.value.or(old.value),
            numerator: self.numerator.or(old.numerator),
            denominator: self.denominator.or(old.denominator),
        }
    }
}

fn faults(
    changed: &Measurement,
    terms: &IndicatorTerms,
    on: NaiveDate,
    today: NaiveDate,
) -> Vec<FieldFault> {
    let mut faults = rules::period_faults(terms, changed.period, on, today);
    // While it was sent back, its indicator may have come to other dimensions.
    faults.extend(rules::cell_faults(terms, &changed.cell));
    faults.extend(rules::method_fault(
        changed.nature,
        changed.method.as_deref(),
    ));
    if changed.attributes.len() > MAX_ATTRIBUTES {
        faults.push(FieldFault::new("/attributes", "too_many").with("most", MAX_ATTRIBUTES));
    }
    faults
}
