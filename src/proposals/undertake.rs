//! Asking for something: it is done, or proposed where a second person has to agree.

use serde_json::json;
use uuid::Uuid;

use super::act::Act;
use super::model::{Proposal, ProposalStatus, Said};
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::funds::Entry;
use crate::ids::RecordId;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::refusal::Refusal;

/// Asks for something.
#[derive(Debug, Clone)]
pub struct Undertake {
    /// What a proposal's id is made from; where there is none, what needs a second person is refused.
    pub unique: Option<Uuid>,
    /// What is to be done.
    pub act: Act,
}

/// What came of it.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// It is done.
    Done(Entry),
    /// A second person has to agree.
    Proposed(Proposal),
}

impl Undertake {
    /// Asks for what one person may do; what needs two is refused.
    #[must_use]
    pub fn alone(act: impl Into<Act>) -> Self {
        Self {
            unique: None,
            act: act.into(),
        }
    }

    /// Asks for it, as a proposal of this id where that is needed.
    #[must_use]
    pub fn or_propose(act: impl Into<Act>, unique: Uuid) -> Self {
        Self {
            unique: Some(unique),
            act: act.into(),
        }
    }
}

impl Command for Undertake {
    type Done = Outcome;

    fn book(&self) -> BookRef {
        self.act.book()
    }

    fn hint(&self, desk: &Desk) {
        self.act.hint(desk);
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Outcome>, Stop> {
        // What could not be done is not proposed either.
        let decision = self.act.decide(desk, who)?;
        if !self.act.needs_second(desk)? {
            let Decision { changes, done } = decision;
            return Ok(changes.done(Outcome::Done(done)));
        }
        let Some(unique) = self.unique else {
            let limit = self.act.limit(desk)?;
            let limit = limit.map_or_else(String::new, |limit| limit.to_string());
            let refusal = Refusal::rule("second_person_needed");
            return Err(refusal.with("limit", limit).into());
        };
        let proposal = Proposal {
            id: RecordId::new(unique, desk.book()),
            act: self.act.clone(),
            amount: self.act.amount(desk)?,
            status: ProposalStatus::Proposed,
            proposed: Said {
                by: who.actor.clone(),
                at: desk.now(),
                sequence: desk.next_sequence(),
            },
            decided: None,
            version: 1,
        };
        let changes = Changes::of(NewEvent {
            kind: "proposal.made",
            subject: format!("proposal:{}", proposal.id),
            effective_on: desk.today(),
            command: json!({
                "id": proposal.id,
                "asked": proposal.act,
                "second_approval_above": self.act.limit(desk)?,
            })
            .to_string(),
        });
        let changes = changes.put(Put::Proposal(proposal.clone()));
        Ok(changes.done(Outcome::Proposed(proposal)))
    }
}
