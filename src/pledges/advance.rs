//! What is done about a pledge once it is made: milestones, reviews, slips, confirmations, and
//! taking it back.

use chrono::NaiveDate;

use super::error::PledgeError;
use super::event;
use super::make::{known_organisation, step};
use super::model::{Milestone, MilestoneStatus, Pledge, Step};
use super::rules::{self, Act, Allowed};
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop, both};
use crate::ids::RecordId;
use crate::ledger::Who;
use crate::ledger::store::BookRef;

/// Does something to a pledge.
#[derive(Debug, Clone)]
pub struct Advance {
    /// Which one.
    pub id: RecordId,
    /// The version that was read, if the caller wants to be sure of it.
    pub expected_version: Option<i32>,
    /// The value date; today by default.
    pub on: Option<NaiveDate>,
    /// What.
    pub act: Act,
}

impl Command for Advance {
    type Done = Pledge;

    fn book(&self) -> BookRef {
        BookRef::Number(self.id.book())
    }

    fn hint(&self, desk: &Desk) {
        desk.pledges.want(&self.id);
        if let Act::Confirm { organisation, .. } = &self.act {
            desk.organisations.want(organisation);
        }
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Pledge>, Stop> {
        let before = desk.pledges.find(&self.id)?.ok_or(PledgeError::NotFound)?;
        if self
            .expected_version
            .is_some_and(|expected| expected != before.version)
        {
            return Err(PledgeError::Stale(before.version).into());
        }
        let known = match &self.act {
            Act::Confirm { organisation, .. } => {
                known_organisation(desk, "/organisation", organisation)
            }
            _ => Ok(()),
        };
        let allowed = rules::allow(&before, &self.act, self.on, desk.today());
        let ((), allowed) = both(known, allowed.map_err(Stop::from))?;
        let mut pledge = (*before).clone();
        let bare = step(desk, who, self.act.verb(), allowed.on);
        self.take(&mut pledge, bare, allowed);
        pledge.version = before.version.saturating_add(1);
        Ok(Changes::of(event(&pledge))
            .put(Put::Pledge(pledge.clone()))
            .done(pledge))
    }
}

impl Advance {
    /// Adds what is done to the pledge.
    fn take(&self, pledge: &mut Pledge, bare: Step, allowed: Allowed) {
        let bare = Step {
            milestone: self.act.of(),
            ..bare
        };
        let step = match self.act.clone() {
            Act::AddMilestone { title, due_on } => {
                pledge.milestones.push(Milestone {
                    title,
                    due_on,
                    made_on: allowed.on,
                });
                bare
            }
            Act::Review {
                status,
                met_on,
                note,
                evidence_url,
                ..
            } => Step {
                status: Some(status),
                met_on: met_on.or((status == MilestoneStatus::Met).then_some(allowed.on)),
                note,
                evidence_url,
                ..bare
            },
            Act::Reschedule { due_on, reason, .. } => Step {
                due_from: allowed.due_on,
                due_on: Some(due_on),
                note: Some(reason),
                ..bare
            },
            Act::Confirm {
                organisation,
                reference,
                ..
            } => Step {
                organisation: Some(organisation),
                reference,
                ..bare
            },
            Act::Withdraw { reason } => Step {
                note: Some(reason),
                ..bare
            },
        };
        pledge.steps.push(step);
    }
}
