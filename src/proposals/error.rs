//! Why a proposal may not be decided.

use super::model::ProposalStatus;
use crate::desk::Stop;
use crate::refusal::Refusal;

/// Why a proposal may not be decided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProposalError {
    /// There is no such proposal.
    #[error("no such proposal")]
    NotFound,
    /// Who proposed it does not decide on it.
    #[error("the actor proposed it")]
    Own,
    /// Only who proposed it takes it back.
    #[error("the actor did not propose it")]
    NotProposer,
    /// It is decided already.
    #[error("the proposal is {status} already")]
    Decided {
        /// Where it stands.
        status: ProposalStatus,
        /// What was asked for.
        verb: &'static str,
    },
    /// It was decided since it was read.
    #[error("the proposal is at version {0}")]
    Stale(i32),
}

impl From<ProposalError> for Stop {
    fn from(error: ProposalError) -> Self {
        Self::Refused(match error {
            ProposalError::NotFound => Refusal::rule("not_found"),
            ProposalError::Own => Refusal::rule("own_record"),
            ProposalError::NotProposer => Refusal::rule("not_recorder"),
            ProposalError::Decided { status, verb } => Refusal::rule("invalid_state")
                .with("status", status)
                .with("verb", verb),
            ProposalError::Stale(version) => Refusal::rule("stale_etag").with("version", version),
        })
    }
}
