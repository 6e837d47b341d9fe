//! Why a pledge may not be changed, or not be taken further.

use chrono::NaiveDate;

use super::model::PledgeVerb;
use crate::code::Code;
use crate::desk::Stop;
use crate::refusal::Refusal;

/// Why a pledge may not be changed, or not be taken further.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PledgeError {
    /// There is no such pledge or milestone.
    #[error("no such pledge or milestone")]
    NotFound,
    /// The pledge was changed since it was read.
    #[error("the pledge is at version {0}")]
    Stale(i32),
    /// The state does not allow the verb.
    #[error("{verb} is not possible while {status}")]
    InvalidState {
        /// Where it stands.
        status: &'static str,
        /// What was asked for.
        verb: PledgeVerb,
    },
    /// The value date lies before the last step.
    #[error("the value date lies before {last_on}")]
    BeforePreviousStep {
        /// The value date of the last step.
        last_on: NaiveDate,
    },
    /// The state follows from the milestones.
    #[error("the state follows from the milestones")]
    FollowsMilestones,
    /// The state follows from the figure of the target.
    #[error("the state follows from the figure of the target")]
    FollowsTarget,
    /// The organisation has confirmed it already.
    #[error("{0} has confirmed it already")]
    AlreadyConfirmed(Code),
    /// The pledge has as many milestones as it may have.
    #[error("the pledge has too many milestones")]
    TooManyMilestones,
    /// The pledge has as many steps as it may have.
    #[error("the pledge has too many steps")]
    TooManySteps,
}

impl From<PledgeError> for Refusal {
    fn from(error: PledgeError) -> Self {
        match error {
            PledgeError::NotFound => Self::rule("not_found"),
            PledgeError::Stale(version) => Self::rule("stale_etag").with("version", version),
            PledgeError::InvalidState { status, verb } => Self::rule("invalid_state")
                .with("status", status)
                .with("verb", verb),
            PledgeError::BeforePreviousStep { last_on } => {
                Self::rule("before_previous_step").with("last_on", last_on)
            }
            PledgeError::FollowsMilestones => Self::rule("follows_milestones"),
            PledgeError::FollowsTarget => Self::rule("follows_target"),
            PledgeError::AlreadyConfirmed(organisation) => {
                Self::rule("already_confirmed").with("organisation", organisation)
            }
            PledgeError::TooManyMilestones => {
                Self::rule("too_many_milestones").with("most", super::rules::MAX_MILESTONES)
            }
            PledgeError::TooManySteps => Self::rule("too_many_steps"),
        }
    }
}

impl From<PledgeError> for Stop {
    fn from(error: PledgeError) -> Self {
        Self::Refused(error.into())
    }
}
