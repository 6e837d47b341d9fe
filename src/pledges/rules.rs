//! What may be promised, and what may be done about a promise. Pure.
//!
//! Value dates of one thing, a milestone or the pledge itself, never run backwards, and never lie
//! before the promise: so what a day says never depends on the order of recording.

use chrono::NaiveDate;

use super::error::PledgeError;
use super::make::{MakePledge, NewTarget};
use super::model::{Milestone, MilestoneStatus, Pledge, PledgeVerb, Step, Target, TargetPath};
use super::standing::Track;
use crate::code::Code;
use crate::metrics::{Metric, Scope};
use crate::refusal::{FieldFault, Refusal};
use crate::text_enum::TextEnum;

/// Most milestones of one pledge.
pub const MAX_MILESTONES: usize = 50;
/// Most steps of one pledge: fifty milestones looked at every quarter for ten years.
pub const MAX_STEPS: usize = 2_000;

/// What is to be done to a pledge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Add a milestone.
    AddMilestone {
        /// What is to be done.
        title: String,
        /// When it is due.
        due_on: Option<NaiveDate>,
    },
    /// Say how far a milestone has come; without one, the pledge itself.
    Review {
        /// The number of the milestone.
        of: Option<i32>,
        /// How far it has come.
        status: MilestoneStatus,
        /// When it was met; the day of the review by default.
        met_on: Option<NaiveDate>,
        /// What was seen.
        note: Option<String>,
        /// Where it can be seen.
        evidence_url: Option<String>,
    },
    /// Move the due date of a milestone; without one, of the pledge itself.
    Reschedule {
        /// The number of the milestone.
        of: Option<i32>,
        /// When it is due from now on.
        due_on: NaiveDate,
        /// Why.
        reason: String,
    },
    /// Have an organisation confirm a milestone.
    Confirm {
        /// The number of the milestone.
        milestone: i32,
        /// Who confirms.
        organisation: Code,
        /// The letter or message that says so.
        reference: Option<String>,
    },
    /// Take the promise back.
    Withdraw {
        /// Why.
        reason: String,
    },
}

impl Act {
    /// What it is.
    #[must_use]
    pub fn verb(&self) -> PledgeVerb {
        match self {
            Self::AddMilestone { .. } => PledgeVerb::AddMilestone,
            Self::Review { .. } => PledgeVerb::Review,
            Self::Reschedule { .. } => PledgeVerb::Reschedule,
            Self::Confirm { .. } => PledgeVerb::Confirm,
            Self::Withdraw { .. } => PledgeVerb::Withdraw,
        }
    }

    /// Which milestone it is about; none for the pledge itself.
    #[must_use]
    pub fn of(&self) -> Option<i32> {
        match self {
            Self::Review { of, .. } | Self::Reschedule { of, .. } => *of,
            Self::Confirm { milestone, .. } => Some(*milestone),
            Self::AddMilestone { .. } | Self::Withdraw { .. } => None,
        }
    }

    /// The field of its value date.
    fn day_field(&self) -> &'static str {
        match self {
            Self::Review { .. } => "/reviewed_on",
            Self::Confirm { .. } => "/confirmed_on",
            _ => "/effective_on",
        }
    }
}

/// The days of a new pledge that cannot be.
#[must_use]
pub fn days_of(new: &MakePledge, today: NaiveDate) -> Vec<FieldFault> {
    let made_on = new.source.date;
    let mut faults = Vec::new();
    if made_on > today {
        faults.push(FieldFault::new("/source/date", "in_the_future"));
    }
    faults.extend(before_promise("/due_on", new.due_on, made_on));
    for (index, milestone) in new.milestones.iter().enumerate() {
        let field = format!("/milestones/{index}/due_on");
        faults.extend(before_promise(&field, milestone.due_on, made_on));
    }
    let starts_on = new.target.as_ref().and_then(|target| target.starts_on);
    if let (Some(starts_on), Some(due_on)) = (starts_on, new.due_on)
        && starts_on > due_on
    {
        faults.push(FieldFault::new("/target/starts_on", "after_due").with("due_on", due_on));
    }
    faults
}

fn before_promise(field: &str, day: Option<NaiveDate>, made_on: NaiveDate) -> Option<FieldFault> {
    day.filter(|day| *day < made_on)
        .map(|_| FieldFault::new(field, "before_the_promise").with("made_on", made_on))
}

/// The target that is asked for.
///
/// # Errors
/// Everything that is wrong with it.
pub fn target(new: &NewTarget, made_on: NaiveDate) -> Result<Target, Vec<FieldFault>> {
    let mut faults = Vec::new();
    let scope = match (&new.program, &new.fund) {
        (None, None) => Scope::All,
        (Some(program), None) => Scope::Program(program.clone()),
        (None, Some(fund)) => Scope::Fund(fund.clone()),
        (Some(_), Some(_)) => {
            faults.push(FieldFault::new("/target/scope", "program_or_fund"));
            return Err(faults);
        }
    };
    let metric = new.metric;
    if metric == Metric::PledgesMet {
        // A pledge that counts pledges could count itself.
        faults.push(FieldFault::new("/target/metric", "not_a_target").with("metric", metric));
    } else if !metric.is_of(&scope) {
        let fault = FieldFault::new("/target/scope", "figure_not_of_scope");
        faults.push(fault.with("metric", metric));
    }
    let of_a_plan = matches!(scope, Scope::Fund(_)) && metric == Metric::Disbursed;
    if new.path == TargetPath::Plan && !of_a_plan {
        faults.push(FieldFault::new("/target/path", "target_without_plan"));
    }
    match new.value {
        Ok(value) if faults.is_empty() => Ok(Target {
            metric,
            scope,
            value,
            starts_on: new.starts_on.unwrap_or(made_on),
            path: new.path,
        }),
        Ok(_) => Err(faults),
        Err(error) => {
            faults.push(FieldFault::new("/target/value", error.code()));
            Err(faults)
        }
    }
}

/// What an act may rest on: its value date, and the due date that it moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowed {
    /// The value date.
    pub on: NaiveDate,
    /// The due date until now.
    pub due_on: Option<NaiveDate>,
}

/// Makes sure that something may be done to a pledge; the value date is today by default.
///
/// # Errors
/// Wrong fields, or a [`PledgeError`] for what its state does not allow.
pub fn allow(
    pledge: &Pledge,
    act: &Act,
    wanted: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<Allowed, Refusal> {
    if pledge.withdrawal().is_some() {
        let status = "withdrawn";
        let verb = act.verb();
        return Err(PledgeError::InvalidState { status, verb }.into());
    }
    let (made_on, first_due_on) = subject(pledge, act.of())?;
    let on = wanted.unwrap_or(today);
    let track = Track::of(first_due_on, pledge.steps_of(act.of()), NaiveDate::MAX);
    let mut faults = Vec::new();
    if on > today {
        faults.push(FieldFault::new(act.day_field(), "in_the_future"));
    }
    faults.extend(before_promise(act.day_field(), Some(on), made_on));
    faults.extend(wrong_days(act, &track, (made_on, on)));
    if !faults.is_empty() {
        return Err(Refusal::Fields(faults));
    }
    not_before_last(pledge, act, on)?;
    in_state(pledge, act, &track)?;
    Ok(Allowed {
        on,
        due_on: track.due_on,
    })
}

/// When a milestone, or the pledge itself, was promised, and when it was first due.
fn subject(
    pledge: &Pledge,
    of: Option<i32>,
) -> Result<(NaiveDate, Option<NaiveDate>), PledgeError> {
    let Some(number) = of else {
        return Ok((pledge.source.date, pledge.due_on));
    };
    let milestone: &Milestone = pledge.milestone(number).ok_or(PledgeError::NotFound)?;
    Ok((milestone.made_on, milestone.due_on))
}

fn wrong_days(
    act: &Act,
    track: &Track<'_>,
    (made_on, on): (NaiveDate, NaiveDate),
) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    match act {
        Act::Review { status, met_on, .. } => {
            faults.extend(before_promise("/met_on", *met_on, made_on));
            if met_on.is_some() && *status != MilestoneStatus::Met {
                faults.push(FieldFault::new("/met_on", "not_met"));
            } else if met_on.is_some_and(|met_on| met_on > on) {
                faults.push(FieldFault::new("/met_on", "after_review").with("reviewed_on", on));
            }
        }
        Act::Reschedule { due_on, .. } => {
            faults.extend(before_promise("/due_on", Some(*due_on), made_on));
            if track.due_on == Some(*due_on) {
                faults.push(FieldFault::new("/due_on", "same_day"));
            }
        }
        Act::AddMilestone { due_on, .. } => {
            faults.extend(before_promise("/due_on", *due_on, made_on));
        }
        Act::Confirm { .. } | Act::Withdraw { .. } => {}
    }
    faults
}

/// A step of one thing never comes before the last one of it; taking the promise back comes after
/// all steps. A change of words is no step of the promise.
fn not_before_last(pledge: &Pledge, act: &Act, on: NaiveDate) -> Result<(), PledgeError> {
    let of_the_same = |milestone: Option<i32>| {
        act.verb() == PledgeVerb::Withdraw
            || (milestone == act.of() && act.verb() != PledgeVerb::AddMilestone)
    };
    let before = pledge
        .steps
        .iter()
        .filter(|step| step.verb != PledgeVerb::Edit && of_the_same(step.milestone));
    match before.map(|step| step.effective_on).max() {
        Some(last_on) if on < last_on => Err(PledgeError::BeforePreviousStep { last_on }),
        _ => Ok(()),
    }
}

fn in_state(pledge: &Pledge, act: &Act, track: &Track<'_>) -> Result<(), PledgeError> {
    let verb = act.verb();
    let status = track.status;
    let refused = Err(PledgeError::InvalidState {
        status: status.as_str(),
        verb,
    });
    if pledge.steps.len() >= MAX_STEPS {
        return Err(PledgeError::TooManySteps);
    }
    match act {
        Act::AddMilestone { .. } if pledge.milestones.len() >= MAX_MILESTONES => {
            Err(PledgeError::TooManyMilestones)
        }
        Act::Review { of: None, .. } if pledge.target.is_some() => Err(PledgeError::FollowsTarget),
        Act::Review { of: None, .. } if !pledge.milestones.is_empty() => {
            Err(PledgeError::FollowsMilestones)
        }
        Act::Reschedule { .. } if status == MilestoneStatus::Met => refused,
        Act::Confirm { .. }
            if !matches!(status, MilestoneStatus::Met | MilestoneStatus::PartlyMet) =>
        {
            refused
        }
        Act::Confirm { organisation, .. } => {
            let confirmed = |step: &&Step| step.organisation.as_ref() == Some(organisation);
            match track.confirmations.iter().any(confirmed) {
                true => Err(PledgeError::AlreadyConfirmed(organisation.clone())),
                false => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
