//! Proposing a merge, deciding it, and taking it back.

use std::rc::Rc;

use chrono::NaiveDate;
use serde_json::json;

use super::error::MergeError;
use super::model::{Identity, MergeFile, MergeStep, MergeVerb};
use super::rules;
use crate::beneficiaries::model::BeneficiaryId;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::tallies::merged;

/// Proposes to merge a beneficiary into another.
#[derive(Debug, Clone)]
pub struct ProposeMerge {
    /// Who is to be merged.
    pub id: BeneficiaryId,
    /// Into whom.
    pub into: BeneficiaryId,
    /// Why.
    pub reason: String,
    /// When; today by default.
    pub effective_on: Option<NaiveDate>,
    /// The version that was read, if the caller wants to be sure of it.
    pub expected_version: Option<i32>,
}

/// Approves or rejects a proposed merge.
#[derive(Debug, Clone)]
pub struct DecideMerge {
    /// Who is to be merged.
    pub id: BeneficiaryId,
    /// Whether it is approved.
    pub approve: bool,
    /// Why; needed for a rejection.
    pub reason: Option<String>,
    /// When; today by default.
    pub effective_on: Option<NaiveDate>,
    /// The version that was read, if the caller wants to be sure of it.
    pub expected_version: Option<i32>,
}

/// Takes a merge back.
#[derive(Debug, Clone)]
pub struct Unmerge {
    /// Who was merged.
    pub id: BeneficiaryId,
    /// Why.
    pub reason: String,
    /// When; today by default.
    pub effective_on: Option<NaiveDate>,
    /// The version that was read, if the caller wants to be sure of it.
    pub expected_version: Option<i32>,
}

fn hint(desk: &Desk, id: &BeneficiaryId) {
    desk.identities.want(id);
    desk.merges.want(id);
}

fn person(desk: &Desk, id: &BeneficiaryId) -> Result<Rc<Identity>, Stop> {
    Ok(desk.identities.find(id)?.ok_or(MergeError::NotFound)?)
}

/// What was done about a beneficiary so far, as the caller expects it.
fn file(desk: &Desk, id: &BeneficiaryId, expected_version: Option<i32>) -> Result<MergeFile, Stop> {
    let file = desk.merges.find(id)?;
    let file = file.map_or_else(|| MergeFile::empty(id.clone()), |file| (*file).clone());
    match expected_version {
        Some(expected) if expected != file.version() => {
            Err(MergeError::Stale(file.version()).into())
        }
        _ => Ok(file),
    }
}

/// What somebody does about a merge.
struct Act<'a> {
    verb: MergeVerb,
    survivor: &'a BeneficiaryId,
    effective_on: NaiveDate,
    reason: Option<&'a str>,
}

/// Adds the step to the file; the event that goes with it.
fn act(desk: &Desk, who: &Who, file: &mut MergeFile, act: &Act<'_>) -> NewEvent {
    file.steps.push(MergeStep {
        step: file.version(),
        verb: act.verb,
        survivor: act.survivor.clone(),
        actor: who.actor.clone(),
        effective_on: act.effective_on,
        recorded_at: desk.now(),
        sequence: desk.next_sequence(),
        reason: act.reason.map(ToOwned::to_owned),
    });
    NewEvent {
        kind: act.verb.event(),
        subject: format!("beneficiary:{}", file.beneficiary),
        effective_on: act.effective_on,
        command: json!({
            "id": file.beneficiary,
            "into": act.survivor,
            "effective_on": act.effective_on,
            "reason": act.reason,
        })
        .to_string(),
    }
}

impl Command for ProposeMerge {
    type Done = MergeFile;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        hint(desk, &self.id);
        desk.identities.want(&self.into);
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<MergeFile>, Stop> {
        let mut file = file(desk, &self.id, self.expected_version)?;
        let person = person(desk, &self.id)?;
        let survivor = desk.identities.find(&self.into)?;
        let survivor = survivor.ok_or_else(|| MergeError::UnknownSurvivor(self.into.clone()))?;
        rules::may_merge(&person, &survivor)?;
        rules::may_propose(&file)?;
        let on = rules::next_on(&file, self.effective_on, desk.today())?;
        let step = Act {
            verb: MergeVerb::Propose,
            survivor: &self.into,
            effective_on: on,
            reason: Some(&self.reason),
        };
        let event = act(desk, who, &mut file, &step);
        Ok(Changes::of(event).put(Put::Merge(file.clone())).done(file))
    }
}

impl Command for DecideMerge {
    type Done = MergeFile;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        hint(desk, &self.id);
        desk.histories.want(&self.id);
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<MergeFile>, Stop> {
        let mut file = file(desk, &self.id, self.expected_version)?;
        let person = person(desk, &self.id)?;
        let into = rules::decides(&file, &who.actor)?.survivor.clone();
        let on = rules::next_on(&file, self.effective_on, desk.today())?;
        let verb = if self.approve {
            MergeVerb::Approve
        } else {
            MergeVerb::Reject
        };
        let step = Act {
            verb,
            survivor: &into,
            effective_on: on,
            reason: self.reason.as_deref(),
        };
        let mut changes = Changes::of(act(desk, who, &mut file, &step));
        if self.approve {
            let survivor = desk.identities.find(&into)?.ok_or(MergeError::NotFound)?;
            rules::may_merge(&person, &survivor)?;
            changes.people.push(merged::join(desk, &person, &survivor)?);
            let (mut person, mut survivor) = ((*person).clone(), (*survivor).clone());
            person.merged_into = Some(into);
            survivor.merged.push(person.id.clone());
            survivor.merged.sort();
            changes = changes
                .put(Put::Identity(person))
                .put(Put::Identity(survivor));
        }
        Ok(changes.put(Put::Merge(file.clone())).done(file))
    }
}

impl Command for Unmerge {
    type Done = MergeFile;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        hint(desk, &self.id);
        desk.histories.want(&self.id);
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<MergeFile>, Stop> {
        let mut file = file(desk, &self.id, self.expected_version)?;
        let person = person(desk, &self.id)?;
        let from = rules::merged_into(&person)?.clone();
        let survivor = desk.identities.find(&from)?.ok_or(MergeError::NotFound)?;
        let on = rules::next_on(&file, self.effective_on, desk.today())?;
        let step = Act {
            verb: MergeVerb::Unmerge,
            survivor: &from,
            effective_on: on,
            reason: Some(&self.reason),
        };
        let mut changes = Changes::of(act(desk, who, &mut file, &step));
        changes.people.push(merged::part(desk, &person, &survivor)?);
        let (mut person, mut survivor) = ((*person).clone(), (*survivor).clone());
        person.merged_into = None;
        survivor.merged.retain(|id| *id != person.id);
        let changes = changes
            .put(Put::Identity(person))
            .put(Put::Identity(survivor));
        Ok(changes.put(Put::Merge(file.clone())).done(file))
    }
}
