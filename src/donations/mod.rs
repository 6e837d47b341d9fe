//! Donations (기부): gifts to recipient organisations.
//!
//! [`record::RecordDonation`] submits one, or approves it at once where its program asks for no
//! approval; [`change`] edits and resubmits; [`receipt::RecordReceipt`] adds its receipt
//! (기부금영수증); [`uses`] holds what an intermediary passed on; every other verb is [`Advance<Donation>`](crate::payouts::advance::Advance).
//! With neither program nor fund it is direct giving, in the book of the house.

pub mod change;
pub mod error;
pub mod model;
pub mod receipt;
pub mod record;
pub mod rules;
pub mod store;
pub mod uses;

use std::rc::Rc;

use chrono::NaiveDate;
use serde_json::json;

use crate::beneficiaries::model::BeneficiaryId;
use crate::bounds::About;
use crate::desk::changes::Put;
use crate::desk::{Desk, Stop};
use crate::ids::RecordId;
use crate::ledger::LedgerError;
use crate::payouts::Noun;
use crate::payouts::effects::{Counted, Place};
use crate::payouts::model::{Payout, Verb};
use crate::tallies::{RECIPIENT_END, RECIPIENT_INTERMEDIARY};
use model::{Donation, RecipientRole};

impl Noun for Donation {
    const NAME: &'static str = "donation";

    fn find(desk: &Desk, id: &RecordId) -> Result<Option<Rc<Self>>, Stop> {
        desk.donations.find(id)
    }

    /// Gifts are the house's own to record.
    fn about(_: &RecordId) -> About<'_> {
        About::House
    }

    fn payout(&self) -> &Payout {
        &self.payout
    }

    fn payout_mut(&mut self) -> &mut Payout {
        &mut self.payout
    }

    /// A receipt is no step of the money, but what follows it is not before it either.
    fn last_on(&self) -> NaiveDate {
        let step = self.payout.last_on();
        self.receipt
            .as_ref()
            .map_or(step, |receipt| receipt.issued_on.max(step))
    }

    fn place(&self) -> Place {
        let payee = match self.recipient_role {
            RecipientRole::End => RECIPIENT_END,
            RecipientRole::Intermediary => RECIPIENT_INTERMEDIARY,
        };
        let receipt = self.receipt.is_some();
        Place {
            region: None,
            payee,
            counted: Counted::Donations { receipt },
        }
    }

    fn person(&self) -> Option<&BeneficiaryId> {
        None
    }

    /// What an intermediary says it used cannot come back as well.
    fn may_be(&self) -> Result<(), Stop> {
        Ok(uses::rules::within_what_was_paid(self)?)
    }

    fn content(&self) -> Result<String, LedgerError> {
        let payout = &self.payout;
        Ok(json!({
            "id": payout.id,
            "program": payout.line.program,
            "fund": payout.line.fund,
            "fiscal_year": payout.line.fiscal_year,
            "recipient": self.recipient,
            "recipient_role": self.recipient_role,
            "designated": self.designated,
            "form": payout.form,
            "amount": payout.amount,
            "values": payout.values,
            "planned_on": payout.planned_on,
            "effective_on": payout.effective_on,
            "purpose": payout.purpose,
            "approval_document": self.approval_document,
            "basis": self.basis,
            "external_id": payout.external_id,
            "attributes": payout.attributes,
        })
        .to_string())
    }

    fn event(verb: Verb) -> &'static str {
        match verb {
            Verb::Submit => "donation.submitted",
            Verb::Edit => "donation.edited",
            Verb::Resubmit => "donation.resubmitted",
            Verb::Withdraw => "donation.withdrawn",
            Verb::ApproveFirst => "donation.approved_first",
            Verb::Approve => "donation.approved",
            Verb::Reject => "donation.rejected",
            Verb::Cancel => "donation.cancelled",
            Verb::Pay => "donation.paid",
            Verb::Return => "donation.returned",
            Verb::Refund => "donation.refunded",
            Verb::Amend => "donation.amended",
        }
    }

    fn put(self) -> Put {
        Put::Donation(self)
    }
}
