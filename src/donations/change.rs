//! Editing a donation while it is submitted, and resubmitting one that came back.

use chrono::NaiveDate;
use serde_json::json;

use super::model::{Donation, RecipientRole};
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ids::RecordId;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::payouts::Noun;
use crate::payouts::error::PayoutError;
use crate::payouts::model::Verb;
use crate::payouts::patch::{self, PayoutPatch};

/// Changes a donation, or hands it in again.
#[derive(Debug, Clone)]
pub struct ChangeDonation {
    /// Which one.
    pub id: RecordId,
    /// [`Verb::Edit`] or [`Verb::Resubmit`].
    pub verb: Verb,
    /// The version that was read; needed for an edit.
    pub expected_version: Option<i32>,
    /// The value date of a resubmission.
    pub effective_on: Option<NaiveDate>,
    /// What it has in common with a disbursement.
    pub patch: PayoutPatch,
    /// What the recipient does with it.
    pub recipient_role: Option<RecipientRole>,
    /// Whether its use is laid down.
    pub designated: Option<bool>,
    /// The document that approved it; `Some(None)` for none.
    pub approval_document: Option<Option<String>>,
}

impl Command for ChangeDonation {
    type Done = Donation;

    fn book(&self) -> BookRef {
        BookRef::Number(self.id.book())
    }

    fn hint(&self, desk: &Desk) {
        desk.donations.want(&self.id);
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Donation>, Stop> {
        let before = desk
            .donations
            .find(&self.id)?
            .ok_or(PayoutError::NotFound)?;
        if let Some(expected) = self.expected_version {
            patch::expect_version(&before.payout, expected)?;
        }
        let mut record = (*before).clone();
        let mut changes = Changes::of(NewEvent {
            kind: Donation::event(self.verb),
            subject: format!("{}:{}", Donation::NAME, self.id),
            effective_on: before.payout.last_on(),
            command: String::new(),
        });
        let verb = (self.verb, self.effective_on);
        let own = |record: &mut Donation| self.apply(record);
        let on = patch::change(desk, who, &mut record, verb, &self.patch, own, &mut changes)?;
        changes.event.effective_on = on;
        changes.event.command = told(&record, on);
        Ok(changes.put(record.clone().put()).done(record))
    }
}

impl ChangeDonation {
    fn apply(&self, record: &mut Donation) {
        record.recipient_role = self.recipient_role.unwrap_or(record.recipient_role);
        record.designated = self.designated.unwrap_or(record.designated);
        if let Some(document) = &self.approval_document {
            record.approval_document.clone_from(document);
        }
    }
}

fn told(record: &Donation, on: NaiveDate) -> String {
    let payout = &record.payout;
    json!({
        "id": payout.id,
        "recipient_role": record.recipient_role,
        "designated": record.designated,
        "amount": payout.amount,
        "values": payout.values,
        "planned_on": payout.planned_on,
        "effective_on": on,
        "purpose": payout.purpose,
        "approval_document": record.approval_document,
        "external_id": payout.external_id,
        "attributes": payout.attributes,
    })
    .to_string()
}
