//! Why a statement may not be recorded or undone.

use super::model::Declared;
use super::rules::{Fall, MAX_LIVE};
use crate::desk::Stop;
use crate::ids::RecordId;
use crate::payouts::error::PayoutError;
use crate::refusal::Refusal;

/// Why a statement may not be recorded or undone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StatementError {
    /// Its days are not its own.
    #[error("the days are those of statement {}", .0.id)]
    Overlaps(Box<Declared>),
    /// A cumulative figure falls and nobody says why.
    #[error("{} falls and no reason is given", .0.figure)]
    FallNeedsReason(Fall),
    /// The program has as many statements as it may have.
    #[error("the program has {MAX_LIVE} statements")]
    TooMany,
    /// It was undone already.
    #[error("statement {0} is cancelled already")]
    Cancelled(RecordId),
    /// What any record may be refused for.
    #[error(transparent)]
    Record(#[from] PayoutError),
}

impl From<StatementError> for Stop {
    fn from(error: StatementError) -> Self {
        match error {
            StatementError::Overlaps(other) => Refusal::rule("statement_overlaps")
                .with("id", other.id)
                .with("basis", other.basis)
                .with("start", other.period.start())
                .with("end", other.period.end())
                .into(),
            StatementError::FallNeedsReason(fall) => Refusal::field("/reason", "fall_needs_reason")
                .with("figure", fall.figure)
                .with("before", fall.before)
                .with("after", fall.after)
                .into(),
            StatementError::TooMany => Refusal::rule("too_many_statements")
                .with("most", MAX_LIVE)
                .into(),
            StatementError::Cancelled(_) => Refusal::rule("invalid_state")
                .with("status", "cancelled")
                .with("verb", "cancel")
                .into(),
            StatementError::Record(error) => error.into(),
        }
    }
}
