//! Deciding on an amendment, or taking it back.

use std::marker::PhantomData;

use chrono::NaiveDate;
use serde_json::json;

use super::error::AmendmentError;
use super::model::{Amendment, AmendmentStatus};
use super::{Amendable, effect, rules};
use crate::beneficiaries::rename::Renaming;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ids::RecordId;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::payouts::error::PayoutError;
use crate::payouts::model::Verb;

/// What becomes of an amendment.
#[derive(Debug, Clone)]
pub enum Verdict {
    /// It takes effect.
    Approve {
        /// From when on; what it asked for, or else today.
        effective_on: Option<NaiveDate>,
        /// The other name, sealed, where it has one and the person is still there.
        renaming: Option<Box<Renaming>>,
    },
    /// A second person refuses it.
    Reject {
        /// Why.
        reason: String,
    },
    /// Its proposer takes it back.
    Withdraw {
        /// Why.
        reason: String,
    },
}

/// Decides on an amendment, or takes it back.
#[derive(Debug, Clone)]
pub struct DecideAmendment<N> {
    /// Of which record.
    pub id: RecordId,
    /// Which one.
    pub number: i32,
    /// What becomes of it.
    pub verdict: Verdict,
    /// The version of the record that was read, if the caller wants to be sure of it.
    pub expected_version: Option<i32>,
    /// Of which noun.
    pub noun: PhantomData<fn() -> N>,
}

impl<N: Amendable> Command for DecideAmendment<N> {
    type Done = (RecordId, Amendment);

    fn book(&self) -> BookRef {
        BookRef::Number(self.id.book())
    }

    fn hint(&self, desk: &Desk) {
        drop(N::find(desk, &self.id));
        desk.amendments.want(&self.id);
        if let Verdict::Approve {
            renaming: Some(renaming),
            ..
        } = &self.verdict
        {
            renaming.hint(desk);
        }
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Self::Done>, Stop> {
        let record = N::find(desk, &self.id)?.ok_or(PayoutError::NotFound)?;
        let known = desk.amendments.find(&self.id)?;
        let mut known = (*known.ok_or(PayoutError::NotFound)?).clone();
        let of_number = |amendment: &&mut Amendment| amendment.number == self.number;
        let found = known.all.iter_mut().find(of_number);
        let found = found.ok_or(PayoutError::NotFound)?;
        if let Some(expected) = self.expected_version {
            crate::payouts::patch::expect_version(record.payout(), expected)?;
        }
        let (status, reason) = match &self.verdict {
            Verdict::Approve {
                effective_on,
                renaming,
            } => {
                rules::may_decide(record.payout(), found, &who.actor)?;
                crate::payouts::rules::may_change(record.payout(), Verb::Amend)?;
                if found.renames && renaming.is_none() {
                    return Err(AmendmentError::DetailsErased.into());
                }
                let mut amendment = found.clone();
                amendment.effective_on = effective_on.or(amendment.effective_on);
                let (mut record, renaming) = ((*record).clone(), renaming.as_deref());
                let both = (&mut record, &mut known);
                let changes = effect::take_effect(desk, who, both, amendment, renaming)?;
                let done = known.all.last().cloned().ok_or(PayoutError::NotFound)?;
                let changes = changes.put(Put::Amendments(known));
                return Ok(changes.done((self.id.clone(), done)));
            }
            Verdict::Reject { reason } => {
                rules::may_decide(record.payout(), found, &who.actor)?;
                (AmendmentStatus::Rejected, reason)
            }
            Verdict::Withdraw { reason } => {
                rules::may_withdraw(found, &who.actor)?;
                (AmendmentStatus::Withdrawn, reason)
            }
        };
        found.status = status;
        found.decided = Some((effect::deed(desk, who), Some(reason.clone())));
        let done = found.clone();
        let changes = Changes::of(self.event(desk, status, reason));
        let changes = changes.put(Put::Amendments(known));
        Ok(changes.done((self.id.clone(), done)))
    }
}

impl<N: Amendable> DecideAmendment<N> {
    fn event(&self, desk: &Desk, status: AmendmentStatus, reason: &str) -> NewEvent {
        let kind = match status {
            AmendmentStatus::Withdrawn => N::WITHDRAWN,
            _ => N::REJECTED,
        };
        NewEvent {
            kind,
            subject: format!("{}:{}", N::NAME, self.id),
            effective_on: desk.today(),
            command: json!({"id": self.id, "number": self.number, "reason": reason}).to_string(),
        }
    }
}
