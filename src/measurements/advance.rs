//! Deciding on a measurement: approving, sending back, withdrawing, cancelling.

use chrono::NaiveDate;
use serde_json::json;

use super::model::Measurement;
use super::{event, indicator, rules, step, subject};
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ids::RecordId;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::payouts::error::PayoutError;
use crate::payouts::model::Verb;
use crate::payouts::rules::value_date;

/// A verb on a measurement.
#[derive(Debug, Clone)]
pub struct AdvanceMeasurement {
    /// Which one.
    pub id: RecordId,
    /// [`Verb::Approve`], [`Verb::Reject`], [`Verb::Withdraw`] or [`Verb::Cancel`].
    pub verb: Verb,
    /// Why, but for an approval.
    pub reason: Option<String>,
    /// The value date; today by default.
    pub effective_on: Option<NaiveDate>,
    /// The version that was read, if the caller wants to be sure of it.
    pub expected_version: Option<i32>,
}

impl Command for AdvanceMeasurement {
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
        indicator(desk, &before)?;
        let status = rules::advance(&before, self.verb, &who.actor)?;
        let on = value_date(self.effective_on, before.last_on(), desk.today())?;
        let reason = self.reason.as_deref();
        let mut changed = (*before).clone();
        changed.status = status;
        changed.version = changed.version.saturating_add(1);
        changed.steps.push(step(desk, who, self.verb, on, reason));
        let changes = Changes::of(NewEvent {
            kind: event(self.verb),
            subject: subject(&changed),
            effective_on: on,
            command: json!({ "id": self.id, "effective_on": on, "reason": reason }).to_string(),
        });
        Ok(changes.put(Put::Measurement(changed.clone())).done(changed))
    }
}
