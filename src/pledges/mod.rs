//! Pledges (대외 약속): promises made in public, with a due date, milestones and, where there is
//! one, a measured target.
//!
//! [`make::MakePledge`] records one and [`make::EditPledge`] changes its words, each version of
//! which is kept; everything else is [`advance::Advance`]. Nothing that was promised is ever
//! rewritten: a due date that moves is a step with its reason, and the first one stays. Where a
//! pledge stands is stored nowhere: [`standing::Standing`] tells it for any day. All pledges lie
//! in the book of the house.

pub mod advance;
pub mod error;
pub mod make;
pub mod model;
pub mod rules;
pub mod standing;
pub mod store;

use chrono::NaiveDate;
use serde_json::{Value, json};

use crate::code::Code;
use crate::desk::{Desk, Stop};
use crate::ledger::{NewEvent, written};
use crate::metrics::Scope;
use crate::versions::Version;
use model::{Pledge, PledgeVerb, Step, Target};

/// What versions of words are kept under.
pub const NOUN: &str = "pledge";

/// What the events of a pledge happen to.
#[must_use]
pub fn subject(pledge: &Pledge) -> String {
    format!("pledge:{}", pledge.id)
}

/// The name of the event of a verb.
#[must_use]
pub fn event_kind(verb: PledgeVerb) -> &'static str {
    match verb {
        PledgeVerb::Make => "pledge.made",
        PledgeVerb::Edit => "pledge.edited",
        PledgeVerb::AddMilestone => "pledge.milestone_added",
        PledgeVerb::Review => "pledge.reviewed",
        PledgeVerb::Reschedule => "pledge.rescheduled",
        PledgeVerb::Confirm => "pledge.confirmed",
        PledgeVerb::Withdraw => "pledge.withdrawn",
    }
}

/// What the event of a step says, as its rows tell it; of words, those that hold now.
#[must_use]
pub fn told(pledge: &Pledge, step: &Step) -> Value {
    match step.verb {
        PledgeVerb::Make => json!({
            "id": pledge.id,
            "terms": pledge.terms,
            "source": pledge.source,
            "due_on": pledge.due_on,
            "target": pledge.target.as_ref().map(told_target),
            // Those that were promised with it; later ones have events of their own.
            "milestones": pledge.milestones.get(..first_milestones(pledge)),
        }),
        PledgeVerb::Edit => json!({ "id": pledge.id, "terms": pledge.terms }),
        PledgeVerb::AddMilestone => {
            let added = pledge.steps.iter().take_while(|other| *other != step);
            let added = added
                .filter(|other| other.verb == PledgeVerb::AddMilestone)
                .count();
            let index = first_milestones(pledge).saturating_add(added);
            json!({ "id": pledge.id, "milestone": pledge.milestones.get(index) })
        }
        PledgeVerb::Review
        | PledgeVerb::Reschedule
        | PledgeVerb::Confirm
        | PledgeVerb::Withdraw => json!({
            "id": pledge.id,
            "milestone": step.milestone,
            "effective_on": step.effective_on,
            "status": step.status,
            "met_on": step.met_on,
            "due_from": step.due_from,
            "due_on": step.due_on,
            "organisation": step.organisation,
            "note": step.note,
            "evidence_url": step.evidence_url,
            "reference": step.reference,
        }),
    }
}

/// How many of its milestones a pledge was made with.
fn first_milestones(pledge: &Pledge) -> usize {
    let added = pledge
        .steps
        .iter()
        .filter(|step| step.verb == PledgeVerb::AddMilestone);
    pledge.milestones.len().saturating_sub(added.count())
}

fn told_target(target: &Target) -> Value {
    let (program, fund) = match &target.scope {
        Scope::All => (None, None),
        Scope::Program(program) => (Some(program), None),
        Scope::Fund(fund) => (None, Some(fund)),
    };
    json!({
        "metric": target.metric,
        "scope": { "program": program, "fund": fund },
        "value": target.value,
        "starts_on": target.starts_on,
        "path": target.path,
    })
}

/// The event of the last step.
fn event(pledge: &Pledge) -> NewEvent {
    let (kind, on, command) = pledge.steps.last().map_or_else(
        || ("pledge.made", pledge.source.date, Value::Null),
        |step| (event_kind(step.verb), step.effective_on, told(pledge, step)),
    );
    NewEvent {
        kind,
        subject: subject(pledge),
        effective_on: on,
        command: command.to_string(),
    }
}

/// The version of a pledge's words to be kept.
fn terms_version(pledge: &Pledge, desk: &Desk, on: NaiveDate) -> Result<Version, Stop> {
    Ok(Version {
        noun: NOUN,
        code: Code::stored(pledge.id.to_string()),
        version: pledge.version,
        effective_on: on,
        recorded_at: desk.now(),
        document: written(&pledge.terms)?,
    })
}
