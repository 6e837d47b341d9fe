//! Undoing a use that was wrong.

use chrono::NaiveDate;
use serde_json::json;

use super::record::UseOf;
use super::rules;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::donations::model::Donation;
use crate::ids::RecordId;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::payouts::Noun;
use crate::payouts::error::PayoutError;
use crate::payouts::patch;
use crate::sales::model::Cancelled;

/// Undoes a use.
#[derive(Debug, Clone)]
pub struct CancelUse {
    /// Of which donation.
    pub donation: RecordId,
    /// Which one.
    pub number: i32,
    /// Why.
    pub reason: String,
    /// On which day it stops counting; today by default.
    pub effective_on: Option<NaiveDate>,
    /// The version of the donation that was read, if the caller wants to be sure of it.
    pub expected_version: Option<i32>,
}

impl Command for CancelUse {
    type Done = UseOf;

    fn book(&self) -> BookRef {
        BookRef::Number(self.donation.book())
    }

    fn hint(&self, desk: &Desk) {
        desk.donations.want(&self.donation);
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<UseOf>, Stop> {
        let before = desk
            .donations
            .find(&self.donation)?
            .ok_or(PayoutError::NotFound)?;
        if let Some(expected) = self.expected_version {
            patch::expect_version(&before.payout, expected)?;
        }
        let mut donation = (*before).clone();
        let mut uses = donation.uses.iter_mut();
        let said = uses
            .find(|said| said.number == self.number)
            .ok_or(PayoutError::NotFound)?;
        let on = rules::cancelled_on(said, self.effective_on, desk.today())?;
        said.cancelled = Some(Cancelled {
            reason: self.reason.clone(),
            on,
            by: who.actor.clone(),
        });
        let said = said.clone();
        donation.payout.version = donation.payout.version.saturating_add(1);
        let changes = Changes::of(self.event(on));
        let done = UseOf {
            donation: donation.clone(),
            said,
        };
        Ok(changes.put(donation.put()).done(done))
    }
}

impl CancelUse {
    fn event(&self, on: NaiveDate) -> NewEvent {
        NewEvent {
            kind: "donation.use_cancelled",
            subject: format!("{}:{}", Donation::NAME, self.donation),
            effective_on: on,
            command: json!({
                "id": self.donation,
                "number": self.number,
                "effective_on": on,
                "reason": self.reason,
            })
            .to_string(),
        }
    }
}
