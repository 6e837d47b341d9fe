//! Recording a claim.

use serde_json::{Value, json};
use uuid::Uuid;

use super::model::Claim;
use super::rules::{self, Draft};
use super::{subject, told};
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop, both};
use crate::ids::RecordId;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::metrics::Scope;
use crate::money::Share;
use crate::refusal::Refusal;

/// Records a claim.
#[derive(Debug, Clone)]
pub struct RecordClaim {
    /// What its id is made from.
    pub unique: Uuid,
    /// What was said.
    pub draft: Draft,
}

impl Command for RecordClaim {
    type Done = Claim;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        match &self.draft.scope {
            Scope::All => {}
            Scope::Program(code) => desk.programs.want(code),
            Scope::Fund(code) => desk.funds.want(code),
        }
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Claim>, Stop> {
        let makes_sense = rules::check(&self.draft, desk.today()).map_err(Stop::from);
        let ((), comparison) = both(known(&self.draft.scope, desk), makes_sense)?;
        let draft = self.draft.clone();
        let claim = Claim {
            id: RecordId::new(self.unique, desk.book()),
            words: draft.words,
            said_on: draft.said_on,
            metric: draft.metric,
            scope: draft.scope,
            from: draft.from,
            as_of: draft.as_of,
            comparison,
            nature: draft.nature,
            withdrawn: None,
            recorded_by: who.actor.clone(),
            recorded_at: desk.now(),
            version: 1,
        };
        Ok(Changes::of(event(&claim))
            .put(Put::Claim(claim.clone()))
            .done(claim))
    }
}

/// Makes sure that the scope names a program or fund there is.
fn known(scope: &Scope, desk: &Desk) -> Result<(), Stop> {
    let refusal = match scope {
        Scope::Program(code) if desk.programs.find(code)?.is_none() => {
            Refusal::field("/scope/program", "unknown_program").with("program", code)
        }
        Scope::Fund(code) if desk.funds.find(code)?.is_none() => {
            Refusal::field("/scope/fund", "unknown_fund").with("fund", code)
        }
        _ => return Ok(()),
    };
    Err(refusal.into())
}

fn event(claim: &Claim) -> NewEvent {
    NewEvent {
        kind: "claim.recorded",
        subject: subject(claim),
        effective_on: claim.said_on,
        command: told_whole(claim).to_string(),
    }
}

/// A claim as the command tells it that records it.
#[must_use]
pub fn told_whole(claim: &Claim) -> Value {
    let (comparison, tolerance) = (&claim.comparison, claim.comparison.tolerance());
    let share = |share: Option<Share>| share.map(|share| share.to_string());
    json!({
        "id": claim.id,
        "words": told(&claim.words),
        "said_on": claim.said_on,
        "metric": claim.metric,
        "scope": claim.scope.to_string(),
        "from": claim.from,
        "as_of": claim.as_of,
        "comparator": comparison.comparator(),
        "value": claim.unit().shown(comparison.value()),
        "unit": comparison.unit().map(|unit| claim.unit().shown(unit)),
        "tolerance": { "above": share(tolerance.above), "below": share(tolerance.below) },
        "nature": claim.nature,
    })
}
