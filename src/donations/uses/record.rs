//! Recording what an intermediary passed on.

use chrono::NaiveDate;
use serde_json::json;

use super::model::Use;
use super::rules;
use crate::beneficiaries::region_on;
use crate::calendar::Period;
use crate::desk::{Changes, Command, Decision, Desk, Stop, both};
use crate::donations::model::Donation;
use crate::ids::RecordId;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::money::Cost;
use crate::payouts::Noun;
use crate::payouts::error::PayoutError;
use crate::payouts::patch;
use crate::refusal::Refusal;
use crate::regions::RegionCode;

/// Records a use.
#[derive(Debug, Clone)]
pub struct RecordUse {
    /// Of which donation.
    pub donation: RecordId,
    /// The days.
    pub period: Period,
    /// The value date; today by default.
    pub effective_on: Option<NaiveDate>,
    /// Where, as the caller wrote it.
    pub region: Option<String>,
    /// Won passed on.
    pub used: Cost,
    /// Won given back.
    pub returned: Cost,
    /// How many people it reached.
    pub beneficiaries: Option<i64>,
    /// In the words of the caller.
    pub note: Option<String>,
    /// The version of the donation that was read, if the caller wants to be sure of it.
    pub expected_version: Option<i32>,
}

/// A donation, and one of its uses.
#[derive(Debug, Clone)]
pub struct UseOf {
    /// The donation.
    pub donation: Donation,
    /// The use.
    pub said: Use,
}

impl Command for RecordUse {
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
        let region = region_on(self.region.as_deref(), self.period.end(), "/region");
        let said = self.said(desk, who, &before, region.clone().ok().flatten());
        let faults = rules::faults(&said, desk.today());
        let sound = if faults.is_empty() {
            Ok(())
        } else {
            Err(Refusal::Fields(faults).into())
        };
        both(region.map_err(Stop::from), sound)?;
        rules::may_have(&before)?;
        rules::alone(&before.uses, &said)?;
        let mut donation = (*before).clone();
        donation.uses.push(said.clone());
        rules::within_what_was_paid(&donation)?;
        donation.payout.version = donation.payout.version.saturating_add(1);
        let changes = Changes::of(self.event(&said));
        let done = UseOf {
            donation: donation.clone(),
            said,
        };
        Ok(changes.put(donation.put()).done(done))
    }
}

impl RecordUse {
    fn said(&self, desk: &Desk, who: &Who, of: &Donation, region: Option<RegionCode>) -> Use {
        let number = i32::try_from(of.uses.len()).unwrap_or(i32::MAX);
        Use {
            number: number.saturating_add(1),
            period: self.period,
            effective_on: self.effective_on.unwrap_or_else(|| desk.today()),
            region,
            used: self.used,
            returned: self.returned,
            beneficiaries: self.beneficiaries,
            note: self.note.clone(),
            cancelled: None,
            recorded_by: who.actor.clone(),
            recorded_at: desk.now(),
        }
    }

    fn event(&self, said: &Use) -> NewEvent {
        NewEvent {
            kind: "donation.use_recorded",
            subject: format!("{}:{}", Donation::NAME, self.donation),
            effective_on: said.effective_on,
            command: json!({
                "id": self.donation,
                "number": said.number,
                "period": said.period,
                "effective_on": said.effective_on,
                "region": said.region,
                "used": said.used,
                "returned": said.returned,
                "beneficiaries": said.beneficiaries,
                "note": said.note,
            })
            .to_string(),
        }
    }
}
