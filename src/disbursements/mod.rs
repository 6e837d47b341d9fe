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
pub mod splitting;
pub mod store;
mod told;

use std::rc::Rc;

use serde_json::{Value, json};

use crate::TextEnum;
use crate::beneficiaries::model::BeneficiaryId;
use crate::bounds::About;
use crate::desk::changes::Put;
use crate::desk::{Desk, Stop};
use crate::ids::RecordId;
use crate::ledger::{Form, LedgerError, written};
use crate::money::{Amount, Cost};
use crate::payouts::Noun;
use crate::payouts::effects::{Cohort, Counted, Place};
use crate::payouts::model::{Payout, Verb};
use crate::tallies::compensation::Compensated;
use model::Disbursement;
use told::{Told, ToldPayee};

impl Noun for Disbursement {
    const NAME: &'static str = "disbursement";

    fn find(desk: &Desk, id: &RecordId) -> Result<Option<Rc<Self>>, Stop> {
        desk.disbursements.find(id)
    }

    fn about(id: &RecordId) -> About<'_> {
        About::Disbursement(id)
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

    fn cohort(&self) -> Option<Cohort> {
        let (assessment, values) = (self.assessment.as_ref(), &self.payout.values);
        let won = |amount: Option<Amount>| amount.map_or(0, Amount::get);
        let in_kind = self.payout.form == Form::InKind;
        let mut whole = Compensated {
            records: 1,
            named: i64::from(self.payee.beneficiary.is_some()),
            counted: self.payee.count.unwrap_or(0),
            assessed_loss: won(assessment.map(|assessment| assessment.assessed_loss)),
            ..Compensated::default()
        };
        if in_kind {
            whole.cost = values.cost.map_or(0, Cost::get);
            whole.list = won(values.list);
            whole.without_list = i64::from(values.list.is_none());
            whole.fair = won(values.fair);
            whole.without_fair = i64::from(values.fair.is_none());
        }
        let text = |text: Option<&String>| text.cloned().unwrap_or_default();
        Some(Cohort {
            rule_version: text(assessment.map(|assessment| &assessment.rule_version)),
            tier: text(assessment.map(|assessment| &assessment.tier)),
            whole,
        })
    }

    fn content(&self) -> Result<String, LedgerError> {
        written(&Told::of(self, ToldPayee::of(&self.payee)))
    }

    fn warning(&self) -> Option<Value> {
        let found = self.splitting.as_ref()?;
        Some(json!({
            "above": found.above,
            "total": found.total,
            "records": found.records,
            "others": found.others,
        }))
    }

    fn event(verb: Verb) -> &'static str {
        match verb {
            Verb::Submit => "disbursement.submitted",
            Verb::Edit => "disbursement.edited",
            Verb::Resubmit => "disbursement.resubmitted",
            Verb::Withdraw => "disbursement.withdrawn",
            Verb::ApproveFirst => "disbursement.approved_first",
            Verb::Approve => "disbursement.approved",
            Verb::Reject => "disbursement.rejected",
            Verb::Cancel => "disbursement.cancelled",
            Verb::Pay => "disbursement.paid",
            Verb::Return => "disbursement.returned",
            Verb::Refund => "disbursement.refunded",
            Verb::Amend => "disbursement.amended",
        }
    }

    fn put(self) -> Put {
        Put::Disbursement(self)
    }
}
