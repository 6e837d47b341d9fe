//! Recording the receipt (기부금영수증) of a donation.

use serde_json::json;

use super::model::{Donation, Receipt};
use super::rules;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ids::RecordId;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::payouts::Noun;
use crate::payouts::error::PayoutError;
use crate::payouts::patch;
use crate::tallies::{Measure, Tally};

/// Records a receipt.
#[derive(Debug, Clone)]
pub struct RecordReceipt {
    /// Which donation.
    pub id: RecordId,
    /// The receipt.
    pub receipt: Receipt,
    /// The version that was read, if the caller wants to be sure of it.
    pub expected_version: Option<i32>,
}

impl Command for RecordReceipt {
    type Done = Donation;

    fn book(&self) -> BookRef {
        BookRef::Number(self.id.book())
    }

    fn hint(&self, desk: &Desk) {
        desk.donations.want(&self.id);
    }

    fn decide(&self, desk: &Desk, _who: &Who) -> Result<Decision<Donation>, Stop> {
        let before = desk
            .donations
            .find(&self.id)?
            .ok_or(PayoutError::NotFound)?;
        if let Some(expected) = self.expected_version {
            patch::expect_version(&before.payout, expected)?;
        }
        rules::may_have_receipt(&before, self.receipt.issued_on, desk.today())?;
        let mut record = (*before).clone();
        record.receipt = Some(self.receipt.clone());
        record.payout.version = record.payout.version.saturating_add(1);
        let mut changes = Changes::of(self.event());
        changes.tallies.push(self.tally(&record));
        Ok(changes.put(record.clone().put()).done(record))
    }
}

impl RecordReceipt {
    fn event(&self) -> NewEvent {
        let Receipt {
            number,
            issued_on,
            class,
        } = &self.receipt;
        NewEvent {
            kind: "donation.receipt_recorded",
            subject: format!("{}:{}", Donation::NAME, self.id),
            effective_on: *issued_on,
            command: json!({
                "id": self.id,
                "number": number,
                "issued_on": issued_on,
                "class": class,
            })
            .to_string(),
        }
    }

    /// One more receipt. What takes it back is the step that takes the gift back.
    fn tally(&self, record: &Donation) -> Tally {
        let place = record.place();
        Tally {
            program: record.payout.line.program.clone(),
            fund: record.payout.line.fund.clone(),
            region: place.region,
            payee: place.payee,
            form: record.payout.form,
            measure: Measure::Receipts,
            on: self.receipt.issued_on,
            amount: 1,
        }
    }
}
