//! Recording a measurement.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use uuid::Uuid;

use super::error::MeasurementError;
use super::model::{Cell, Measurement, MeasurementNature, MeasurementStatus};
use super::{MEASUREMENT, agrees, event, hint, rules, step, subject, told};
use crate::calendar::Period;
use crate::code::Code;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ids::RecordId;
use crate::indicators::measure::{Measure, Stated};
use crate::indicators::model::IndicatorTerms;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::payouts::model::Verb;
use crate::refusal::{FieldFault, Refusal};

/// Records a measurement.
#[derive(Debug, Clone)]
pub struct RecordMeasurement {
    /// What its id is made from.
    pub unique: Uuid,
    /// Of what.
    pub indicator: Code,
    /// When.
    pub period: Period,
    /// Of which part of it.
    pub cell: Cell,
    /// How much.
    pub stated: Stated,
    /// How it is known.
    pub nature: MeasurementNature,
    /// By which method; needed for an estimate.
    pub method: Option<String>,
    /// Why a running count has fallen.
    pub reason: Option<String>,
    /// What it rests on.
    pub basis: Option<String>,
    /// The caller's own id.
    pub external_id: Option<String>,
    /// Labels of the caller's own.
    pub attributes: BTreeMap<String, String>,
    /// When it is submitted; today by default.
    pub effective_on: Option<NaiveDate>,
}

impl Command for RecordMeasurement {
    type Done = Measurement;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        hint(desk, &self.indicator, &self.cell.to_string());
        if let Some(external_id) = &self.external_id {
            let scope = Some(self.indicator.clone());
            desk.external_ids
                .want(&(MEASUREMENT, scope, external_id.clone()));
        }
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Measurement>, Stop> {
        let on = self.effective_on.unwrap_or_else(|| desk.today());
        let Some(indicator) = desk.indicators.find(&self.indicator)? else {
            return Err(self.unknown_indicator(on, desk.today()).into());
        };
        let measure = self.measure(&indicator.terms, on, desk.today())?;
        let measurement = Measurement {
            id: RecordId::new(self.unique, desk.book()),
            indicator: self.indicator.clone(),
            period: self.period,
            cell: self.cell.clone(),
            measure,
            nature: self.nature,
            method: self.method.clone(),
            reason: self.reason.clone(),
            basis: self.basis.clone(),
            external_id: self.external_id.clone(),
            attributes: self.attributes.clone(),
            status: MeasurementStatus::Submitted,
            steps: vec![step(desk, who, Verb::Submit, on, None)],
            version: 1,
        };
        let usage = desk.usages.find(&self.indicator)?;
        if usage.is_some_and(|usage| usage.measurements >= rules::MAX_MEASUREMENTS) {
            return Err(MeasurementError::TooMany.into());
        }
        agrees(desk, &indicator, &measurement)?;
        let changes = Changes::of(NewEvent {
            kind: event(Verb::Submit),
            subject: subject(&measurement),
            effective_on: on,
            command: told(&measurement, on).to_string(),
        });
        Ok(changes
            .put(Put::Measurement(measurement.clone()))
            .done(measurement))
    }
}

impl RecordMeasurement {
    /// What is measured, where every field is right by itself and for its indicator.
    fn measure(
        &self,
        terms: &IndicatorTerms,
        on: NaiveDate,
        today: NaiveDate,
    ) -> Result<Measure, Refusal> {
        let mut faults = self.own_faults(on, today);
        faults.extend(rules::cell_faults(terms, &self.cell));
        faults.extend(rules::period_faults(
            terms,
            self.period,
            on.min(today),
            today,
        ));
        match self.stated.read(terms.value, terms.decimals, "") {
            Ok(measure) if faults.is_empty() => return Ok(measure),
            Ok(_) => {}
            Err(more) => faults.extend(more),
        }
        Err(Refusal::Fields(faults))
    }

    fn own_faults(&self, on: NaiveDate, today: NaiveDate) -> Vec<FieldFault> {
        let ahead = (on > today).then(|| FieldFault::new("/effective_on", "in_the_future"));
        let method = rules::method_fault(self.nature, self.method.as_deref());
        ahead.into_iter().chain(method).collect()
    }

    fn unknown_indicator(&self, on: NaiveDate, today: NaiveDate) -> Refusal {
        let fault = FieldFault::new("/indicator", "unknown_indicator");
        let mut faults = vec![fault.with("indicator", &self.indicator)];
        faults.extend(self.own_faults(on, today));
        Refusal::Fields(faults)
    }
}
