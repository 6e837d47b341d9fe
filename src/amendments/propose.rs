//! Proposing an amendment.

use std::collections::BTreeMap;
use std::marker::PhantomData;

use chrono::NaiveDate;
use serde_json::json;

use super::error::AmendmentError;
use super::model::{
    Amendment, AmendmentClass, AmendmentStatus, Amendments, NameVersion, Particulars,
};
use super::{Amendable, effect, rules};
use crate::beneficiaries::region_on;
use crate::beneficiaries::rename::Renaming;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ids::RecordId;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::payouts::error::PayoutError;
use crate::payouts::patch::{self, MAX_ATTRIBUTES};
use crate::programs::model::Approval;
use crate::refusal::Refusal;

/// What is to be changed; `None` leaves a thing as it is, `Some(None)` takes it away.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// Where, as the caller wrote it.
    pub region: Option<Option<String>>,
    /// What for.
    pub purpose: Option<Option<String>>,
    /// The voucher in the company's own accounting.
    pub voucher_number: Option<Option<String>>,
    /// The document that approved it.
    pub approval_document: Option<Option<String>>,
    /// Labels: `None` as a value takes one away.
    pub attributes: BTreeMap<String, Option<String>>,
}

/// Proposes an amendment of an approved record.
#[derive(Debug, Clone)]
pub struct ProposeAmendment<N> {
    /// Which record.
    pub id: RecordId,
    /// What is to be changed.
    pub wish: Wish,
    /// Whether the beneficiary is to have another name.
    pub renames: bool,
    /// That name, sealed; none where the record has nobody to name.
    pub renaming: Option<Renaming>,
    /// Why, by its class.
    pub reason_class: AmendmentClass,
    /// Why.
    pub reason: String,
    /// The value date; the day it is approved by default.
    pub effective_on: Option<NaiveDate>,
    /// The version of the record that was read, if the caller wants to be sure of it.
    pub expected_version: Option<i32>,
    /// Of which noun.
    pub noun: PhantomData<fn() -> N>,
}

impl<N: Amendable> Command for ProposeAmendment<N> {
    type Done = (RecordId, Amendment);

    fn book(&self) -> BookRef {
        BookRef::Number(self.id.book())
    }

    fn hint(&self, desk: &Desk) {
        drop(N::find(desk, &self.id));
        desk.amendments.want(&self.id);
        if let Some(renaming) = &self.renaming {
            renaming.hint(desk);
        }
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Self::Done>, Stop> {
        let record = N::find(desk, &self.id)?.ok_or(PayoutError::NotFound)?;
        if let Some(expected) = self.expected_version {
            patch::expect_version(record.payout(), expected)?;
        }
        let known = desk.amendments.find(&self.id)?;
        let none = || Amendments::none_of(self.id.clone());
        let mut known = known.map_or_else(none, |known| (*known).clone());
        rules::may_propose(record.payout(), &known)?;
        let amendment = self.amendment(desk, who, &*record, known.next_number())?;
        let at_once = match &record.payout().line.program {
            Some(code) => {
                let program = desk.programs.find(code)?;
                program.is_some_and(|program| program.approval == Approval::None)
            }
            None => false,
        };
        if let Some(renaming) = &self.renaming {
            renaming.person(desk)?;
            let later = renaming.name(amendment.number, NameVersion::Later);
            known.new_names.push(later);
        }
        let changes = if at_once {
            let mut record = (*record).clone();
            let both = (&mut record, &mut known);
            effect::take_effect(desk, who, both, amendment, self.renaming.as_ref())?
        } else {
            let changes = Changes::of(self.event(desk, &amendment));
            known.all.push(amendment);
            changes
        };
        let done = known.all.last().cloned().ok_or(PayoutError::NotFound)?;
        Ok(changes
            .put(Put::Amendments(known))
            .done((self.id.clone(), done)))
    }
}

impl<N: Amendable> ProposeAmendment<N> {
    fn amendment(
        &self,
        desk: &Desk,
        who: &Who,
        record: &N,
        number: i32,
    ) -> Result<Amendment, Stop> {
        if self.renames && record.person().is_none() {
            return Err(AmendmentError::GroupHasNoName.into());
        }
        if self.effective_on.is_some() {
            let last_on = record.last_on();
            crate::payouts::rules::value_date(self.effective_on, last_on, desk.today())?;
        }
        let former = record.particulars();
        let day = self.effective_on.unwrap_or_else(|| desk.today());
        let later = self.wish.applied_to(&former, day)?;
        if later == former && !self.renames {
            return Err(AmendmentError::Nothing.into());
        }
        Ok(Amendment {
            number,
            status: AmendmentStatus::Proposed,
            reason_class: self.reason_class,
            reason: self.reason.clone(),
            former,
            later,
            renames: self.renames,
            effective_on: self.effective_on,
            proposed: effect::deed(desk, who),
            decided: None,
        })
    }

    fn event(&self, desk: &Desk, amendment: &Amendment) -> NewEvent {
        let name = self
            .renaming
            .as_ref()
            .map(|renaming| renaming.commitment(NameVersion::Later));
        NewEvent {
            kind: N::PROPOSED,
            subject: format!("{}:{}", N::NAME, self.id),
            effective_on: desk.today(),
            command: json!({
                "id": self.id,
                "number": amendment.number,
                "effective_on": amendment.effective_on,
                "reason_class": amendment.reason_class,
                "reason": amendment.reason,
                "former": amendment.former,
                "later": amendment.later,
                "name": name,
            })
            .to_string(),
        }
    }
}

impl Wish {
    /// The record as it is wished for; the region has to be one of that day.
    fn applied_to(&self, former: &Particulars, day: NaiveDate) -> Result<Particulars, Refusal> {
        let mut later = former.clone();
        if let Some(region) = &self.region {
            later.region = region_on(region.as_deref(), day, "/region")?;
        }
        for (wished, text) in [
            (&self.purpose, &mut later.purpose),
            (&self.voucher_number, &mut later.voucher_number),
            (&self.approval_document, &mut later.approval_document),
        ] {
            if let Some(wished) = wished {
                text.clone_from(wished);
            }
        }
        for (name, value) in &self.attributes {
            match value {
                Some(value) => later.attributes.insert(name.clone(), value.clone()),
                None => later.attributes.remove(name),
            };
        }
        if later.attributes.len() > MAX_ATTRIBUTES {
            let refusal = Refusal::field("/attributes", "too_many");
            return Err(refusal.with("most", MAX_ATTRIBUTES));
        }
        Ok(later)
    }
}
