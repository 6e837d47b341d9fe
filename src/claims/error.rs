//! Why a claim may not be changed or taken back.

use chrono::NaiveDate;

use crate::desk::Stop;
use crate::refusal::Refusal;

/// Why a claim may not be changed or taken back.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClaimError {
    /// There is no such claim.
    #[error("no such claim")]
    NotFound,
    /// It was changed since it was read.
    #[error("the claim is at version {0}")]
    Stale(i32),
    /// It was taken back already.
    #[error("the claim is withdrawn")]
    Withdrawn(&'static str),
    /// Nothing is taken back tomorrow.
    #[error("the day lies ahead")]
    InTheFuture,
    /// Nothing is taken back before it was said.
    #[error("the claim was said on {0}")]
    BeforeItWasSaid(NaiveDate),
}

impl From<ClaimError> for Stop {
    fn from(error: ClaimError) -> Self {
        Self::Refused(match error {
            ClaimError::NotFound => Refusal::rule("not_found"),
            ClaimError::Stale(version) => Refusal::rule("stale_etag").with("version", version),
            ClaimError::Withdrawn(verb) => Refusal::rule("invalid_state")
                .with("status", "withdrawn")
                .with("verb", verb),
            ClaimError::InTheFuture => Refusal::field("/effective_on", "in_the_future"),
            ClaimError::BeforeItWasSaid(said_on) => {
                Refusal::rule("before_previous_step").with("last_on", said_on)
            }
        })
    }
}
