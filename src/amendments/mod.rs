//! Amendments: what is not money of an approved record, changed under four eyes.
//!
//! [`propose::ProposeAmendment`] says what is to be changed and why; a second person approves or
//! rejects it, or its proposer withdraws it ([`decide::DecideAmendment`]). Where the program asks for
//! no approval it is in effect at once. In effect (`effect.rs`) the record is what the amendment says,
//! from its value date on: no money moves, but where the region changed, what stands in the sums of
//! the old one moves to the new. Both versions stay readable. A name is sealed and goes to the
//! vault alone.

pub mod decide;
mod effect;
pub mod error;
pub mod model;
pub mod propose;
pub mod rules;
pub mod store;

use crate::disbursements::model::Disbursement;
use crate::donations::model::Donation;
use crate::payouts::Noun;
use model::Particulars;

/// A kind of record that can be amended.
pub trait Amendable: Noun {
    /// The name of the event that a proposal leaves in the log.
    const PROPOSED: &'static str;
    /// That of a refused one.
    const REJECTED: &'static str;
    /// That of one that was taken back.
    const WITHDRAWN: &'static str;

    /// What may be amended, as it is.
    fn particulars(&self) -> Particulars;

    /// Makes the record what an amendment says.
    fn amend(&mut self, later: &Particulars);
}

impl Amendable for Disbursement {
    const PROPOSED: &'static str = "disbursement.amendment_proposed";
    const REJECTED: &'static str = "disbursement.amendment_rejected";
    const WITHDRAWN: &'static str = "disbursement.amendment_withdrawn";

    fn particulars(&self) -> Particulars {
        Particulars {
            region: self.payee.region,
            purpose: self.payout.purpose.clone(),
            voucher_number: self.voucher_number.clone(),
            approval_document: None,
            attributes: self.payout.attributes.clone(),
        }
    }

    fn amend(&mut self, later: &Particulars) {
        self.payee.region = later.region;
        self.payout.purpose.clone_from(&later.purpose);
        self.voucher_number.clone_from(&later.voucher_number);
        self.payout.attributes.clone_from(&later.attributes);
    }
}

impl Amendable for Donation {
    const PROPOSED: &'static str = "donation.amendment_proposed";
    const REJECTED: &'static str = "donation.amendment_rejected";
    const WITHDRAWN: &'static str = "donation.amendment_withdrawn";

    fn particulars(&self) -> Particulars {
        Particulars {
            region: None,
            purpose: self.payout.purpose.clone(),
            voucher_number: None,
            approval_document: self.approval_document.clone(),
            attributes: self.payout.attributes.clone(),
        }
    }

    fn amend(&mut self, later: &Particulars) {
        self.payout.purpose.clone_from(&later.purpose);
        self.approval_document.clone_from(&later.approval_document);
        self.payout.attributes.clone_from(&later.attributes);
    }
}
