//! Disbursements (지급 건): payments to beneficiaries.
//!
//! [`record::RecordDisbursement`] submits one, or approves it at once where its program asks for no
//! approval; [`change`] edits and resubmits; every other verb is
//! [`Advance<Disbursement>`](crate::payouts::advance::Advance). What is a disbursement's own stands
//! in [`rules`]; what it shares with donations in [`crate::payouts`].

pub mod change;
pub mod model;
pub mod once;
pub mod record;
pub mod rules;
pub mod store;

use std::rc::Rc;

use crate::TextEnum;
use crate::beneficiaries::model::BeneficiaryId;
use crate::desk::changes::Put;
use crate::desk::{Desk, Stop};
use crate::ids::RecordId;
use crate::payouts::Noun;
use crate::payouts::effects::{Counted, Place};
use crate::payouts::model::{Payout, Verb};
use model::Disbursement;

impl Noun for Disbursement {
    const NAME: &'static str = "disbursement";

    fn find(desk: &Desk, id: &RecordId) -> Result<Option<Rc<Self>>, Stop> {
        desk.disbursements.find(id)
    }

    fn payout(&self) -> &Payout {
        &self.payout
    }

    fn payout_mut(&mut self) -> &mut Payout {
        &mut self.payout
    }

    fn place(&self) -> Place {
        Place {
            region: self.payee.region,
            payee: self.payee.kind.as_str(),
            counted: Counted::Payments,
        }
    }

    fn person(&self) -> Option<&BeneficiaryId> {
        self.payee.beneficiary.as_ref()
    }

    fn event(verb: Verb) -> &'static str {
        match verb {
            Verb::Submit => "disbursement.submitted",
            Verb::Edit => "disbursement.edited",
            Verb::Resubmit => "disbursement.resubmitted",
            Verb::Withdraw => "disbursement.withdrawn",
            Verb::Approve => "disbursement.approved",
            Verb::Reject => "disbursement.rejected",
            Verb::Cancel => "disbursement.cancelled",
            Verb::Pay => "disbursement.paid",
            Verb::Return => "disbursement.returned",
            Verb::Refund => "disbursement.refunded",
        }
    }

    fn put(self) -> Put {
        Put::Disbursement(self)
    }
}
