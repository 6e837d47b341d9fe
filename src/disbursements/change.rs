//! Editing a disbursement while it is submitted, and resubmitting one that came back.

use chrono::NaiveDate;
use serde_json::json;

use super::model::{Assessment, Disbursement};
use super::record::assessable;
use super::{once, rules};
use crate::beneficiaries::region_on;
use crate::bounds::About;
use crate::desk::{Changes, Command, Decision, Desk, Stop, both};
use crate::ids::RecordId;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::payouts::Noun;
use crate::payouts::error::PayoutError;
use crate::payouts::model::Verb;
use crate::payouts::patch::{self, PayoutPatch};
use crate::refusal::Refusal;

/// Changes a disbursement, or hands it in again.
#[derive(Debug, Clone)]
pub struct ChangeDisbursement {
    /// Which one.
    pub id: RecordId,
    /// [`Verb::Edit`] or [`Verb::Resubmit`].
    pub verb: Verb,
    /// The version that was read; needed for an edit.
    pub expected_version: Option<i32>,
    /// The value date of a resubmission.
    pub effective_on: Option<NaiveDate>,
    /// What it has in common with a donation.
    pub patch: PayoutPatch,
    /// Where, as the caller wrote it; `Some(None)` for not known.
    pub region: Option<Option<String>>,
    /// The wave; `Some(None)` for none.
    pub round: Option<Option<String>>,
    /// The voucher; `Some(None)` for none.
    pub voucher_number: Option<Option<String>>,
    /// How the damage was assessed; `Some(None)` for not at all.
    pub assessment: Option<Option<Assessment>>,
}

impl Command for ChangeDisbursement {
    type Done = Disbursement;

    fn book(&self) -> BookRef {
        BookRef::Number(self.id.book())
    }

    fn about(&self) -> About<'_> {
        About::Disbursement(&self.id)
    }

    fn hint(&self, desk: &Desk) {
        desk.disbursements.want(&self.id);
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Disbursement>, Stop> {
        let before = desk
            .disbursements
            .find(&self.id)?
            .ok_or(PayoutError::NotFound)?;
        if let Some(expected) = self.expected_version {
            patch::expect_version(&before.payout, expected)?;
        }
        let mut record = (*before).clone();
        let region = match &self.region {
            Some(region) => region_on(
                region.as_deref(),
                before.payout.last_on(),
                "/beneficiary/region",
            )
            .map_err(Stop::from),
            None => Ok(before.payee.region),
        };
        let (region, ()) = both(region, self.may_be_assessed(desk, &before))?;
        let round = self.round.clone().unwrap_or_else(|| before.round.clone());
        let voucher = self.voucher_number.clone();
        let voucher = voucher.unwrap_or_else(|| before.voucher_number.clone());
        let assessment = self.assessment.clone();
        let assessment = assessment.unwrap_or_else(|| before.assessment.clone());
        let once_key = self.once_key(desk, &before, round.as_deref())?;
        let own = |record: &mut Disbursement| {
            record.payee.region = region;
            record.round = round;
            record.voucher_number = voucher;
            record.assessment = assessment;
            record.once_key = once_key;
            // What was told of it was told of what it said before.
            record.splitting = None;
        };
        let mut changes = Changes::of(NewEvent {
            kind: Disbursement::event(self.verb),
            subject: format!("{}:{}", Disbursement::NAME, self.id),
            effective_on: before.payout.last_on(),
            command: String::new(),
        });
        let verb = (self.verb, self.effective_on);
        let on = patch::change(desk, who, &mut record, verb, &self.patch, own, &mut changes)?;
        changes.event.effective_on = on;
        changes.event.command = told(&record, on);
        Ok(changes.put(record.clone().put()).done(record))
    }
}

impl ChangeDisbursement {
    fn may_be_assessed(&self, desk: &Desk, before: &Disbursement) -> Result<(), Stop> {
        match (&self.assessment, &before.payout.line.program) {
            (Some(Some(_)), Some(code)) => assessable(desk, code),
            _ => Ok(()),
        }
    }

    fn once_key(
        &self,
        desk: &Desk,
        before: &Disbursement,
        round: Option<&str>,
    ) -> Result<Option<String>, Stop> {
        let Some(code) = &before.payout.line.program else {
            return Ok(None);
        };
        let Some(program) = desk.programs.find(code)? else {
            return Ok(None);
        };
        let key = rules::once_key(&program, round).map_err(|fault| Refusal::Fields(vec![fault]))?;
        if let (Some(person), Some(key)) = (&before.payee.beneficiary, &key)
            && let Some(other) = once::paid_already(desk, code, person, key, Some(&self.id))?
        {
            let refusal = Refusal::rule(rules::duplicate_code(&program));
            return Err(refusal.with("id", other).into());
        }
        Ok(key)
    }
}

fn told(record: &Disbursement, on: NaiveDate) -> String {
    let payout = &record.payout;
    json!({
        "id": payout.id,
        "round": record.round,
        "region": record.payee.region,
        "amount": payout.amount,
        "values": payout.values,
        "planned_on": payout.planned_on,
        "effective_on": on,
        "purpose": payout.purpose,
        "external_id": payout.external_id,
        "voucher_number": record.voucher_number,
        "assessment": record.assessment,
        "attributes": payout.attributes,
    })
    .to_string()
}
