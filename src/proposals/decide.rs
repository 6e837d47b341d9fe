//! Deciding on a proposal, or taking it back.

use serde_json::{Value, json};

use super::error::ProposalError;
use super::model::{Proposal, ProposalStatus, Said};
use super::rules;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ids::RecordId;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};

/// Decides on a proposal, or takes it back.
#[derive(Debug, Clone)]
pub struct DecideProposal {
    /// Which one.
    pub id: RecordId,
    /// What it is to be: anything but proposed.
    pub to: ProposalStatus,
    /// Why, where that is said.
    pub reason: Option<String>,
    /// The version that was read, if the caller wants to be sure of it.
    pub expected_version: Option<i32>,
}

impl Command for DecideProposal {
    type Done = Proposal;

    fn book(&self) -> BookRef {
        BookRef::Number(self.id.book())
    }

    fn hint(&self, desk: &Desk) {
        desk.settings.want(&());
        desk.proposals.want(&self.id);
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Proposal>, Stop> {
        let found = desk.proposals.find(&self.id)?;
        let mut proposal = (*found.ok_or(ProposalError::NotFound)?).clone();
        if let Some(expected) = self.expected_version.filter(|v| *v != proposal.version) {
            tracing::debug!(expected, found = proposal.version, "stale version");
            return Err(ProposalError::Stale(proposal.version).into());
        }
        rules::may_become(&proposal, self.to, &who.actor)?;
        let changes = match self.to {
            ProposalStatus::Approved => approved(desk, who, &proposal)?,
            _ => Changes::of(self.event(desk)),
        };
        proposal.status = self.to;
        proposal.version = proposal.version.saturating_add(1);
        let said = Said {
            by: who.actor.clone(),
            at: desk.now(),
            sequence: desk.next_sequence(),
        };
        proposal.decided = Some((said, self.reason.clone()));
        Ok(changes.put(Put::Proposal(proposal.clone())).done(proposal))
    }
}

/// What the act comes to now, by the same rules as if it were asked for now; its event names both.
fn approved(desk: &Desk, who: &Who, proposal: &Proposal) -> Result<Changes, Stop> {
    let mut changes = proposal.act.decide(desk, who)?.changes;
    let told = serde_json::from_str(&changes.event.command);
    let mut told: Value = told.unwrap_or_default();
    if let Some(members) = told.as_object_mut() {
        members.insert("proposal".to_owned(), json!(proposal.id));
        members.insert("proposed_by".to_owned(), json!(proposal.proposed.by));
        members.insert("approved_by".to_owned(), json!(who.actor));
    }
    changes.event.command = told.to_string();
    Ok(changes)
}

impl DecideProposal {
    fn event(&self, desk: &Desk) -> NewEvent {
        let kind = match self.to {
            ProposalStatus::Withdrawn => "proposal.withdrawn",
            _ => "proposal.rejected",
        };
        NewEvent {
            kind,
            subject: format!("proposal:{}", self.id),
            effective_on: desk.today(),
            command: json!({ "id": self.id, "reason": self.reason }).to_string(),
        }
    }
}
