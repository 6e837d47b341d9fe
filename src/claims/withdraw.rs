//! Taking a claim back (정정·철회). It stays on record and is no longer said from a day on.

use chrono::NaiveDate;
use serde_json::json;

use super::error::ClaimError;
use super::model::{Claim, Withdrawn};
use super::subject;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ids::RecordId;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};

/// Takes a claim back.
#[derive(Debug, Clone)]
pub struct WithdrawClaim {
    /// Which one.
    pub id: RecordId,
    /// Why.
    pub reason: String,
    /// Since when it is no longer said; today by default.
    pub effective_on: Option<NaiveDate>,
    /// The version that was read, if the caller wants to be sure of it.
    pub expected_version: Option<i32>,
}

impl Command for WithdrawClaim {
    type Done = Claim;

    fn book(&self) -> BookRef {
        BookRef::Number(self.id.book())
    }

    fn hint(&self, desk: &Desk) {
        desk.claims.want(&self.id);
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Claim>, Stop> {
        let before = desk.claims.find(&self.id)?.ok_or(ClaimError::NotFound)?;
        if self
            .expected_version
            .is_some_and(|expected| expected != before.version)
        {
            return Err(ClaimError::Stale(before.version).into());
        }
        let on = self.day(&before, desk.today())?;
        let mut claim = (*before).clone();
        claim.withdrawn = Some(Withdrawn {
            reason: self.reason.clone(),
            on,
            by: who.actor.clone(),
        });
        claim.version = claim.version.saturating_add(1);
        let changes = Changes::of(NewEvent {
            kind: "claim.withdrawn",
            subject: subject(&claim),
            effective_on: on,
            command: json!({ "id": self.id, "effective_on": on, "reason": self.reason })
                .to_string(),
        });
        Ok(changes.put(Put::Claim(claim.clone())).done(claim))
    }
}

impl WithdrawClaim {
    /// The day on which it is taken back: never in the future, never before it was said.
    fn day(&self, claim: &Claim, today: NaiveDate) -> Result<NaiveDate, ClaimError> {
        let on = self.effective_on.unwrap_or(today);
        if claim.withdrawn.is_some() {
            Err(ClaimError::Withdrawn("withdraw"))
        } else if on > today {
            Err(ClaimError::InTheFuture)
        } else if on < claim.said_on {
            Err(ClaimError::BeforeItWasSaid(claim.said_on))
        } else {
            Ok(on)
        }
    }
}
