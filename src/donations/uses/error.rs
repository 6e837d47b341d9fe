//! Why a use may not be recorded or undone.

use chrono::NaiveDate;

use super::model::PassedOn;
use super::rules::MAX_USES;
use crate::desk::Stop;
use crate::money::MoneyError;
use crate::payouts::error::PayoutError;
use crate::payouts::model::Status;
use crate::refusal::Refusal;

/// Why a use may not be recorded or undone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UseError {
    /// The recipient keeps the gift.
    #[error("the recipient is no intermediary")]
    NotAnIntermediary,
    /// Nothing is paid.
    #[error("nothing is paid while {0}")]
    NothingPaid(Status),
    /// Used and came back are more than was paid.
    #[error("on {on} more than was paid is used or came back")]
    MoreThanWasPassedOn {
        /// The first such day.
        on: NaiveDate,
        /// What it would come to on that day.
        passed_on: PassedOn,
    },
    /// Another use tells of the same region on the same days.
    #[error("use {0} tells of these days and this region")]
    Overlaps(i32),
    /// The donation has as many uses as it may have.
    #[error("the donation has {MAX_USES} uses")]
    TooMany,
    /// It was undone already.
    #[error("use {0} is cancelled already")]
    Cancelled(i32),
    /// What any record may be refused for.
    #[error(transparent)]
    Payout(#[from] PayoutError),
}

impl From<MoneyError> for UseError {
    fn from(error: MoneyError) -> Self {
        Self::Payout(error.into())
    }
}

impl From<UseError> for Stop {
    fn from(error: UseError) -> Self {
        let refusal = match error {
            UseError::NotAnIntermediary => Refusal::rule("not_an_intermediary"),
            UseError::NothingPaid(status) => Refusal::rule("invalid_state")
                .with("status", status)
                .with("verb", "uses"),
            UseError::MoreThanWasPassedOn { on, passed_on } => {
                Refusal::rule("more_than_was_passed_on")
                    .with("on", on)
                    .with("paid", passed_on.paid)
                    .with("used", passed_on.used)
                    .with("came_back", passed_on.came_back())
            }
            UseError::Overlaps(number) => Refusal::rule("use_overlaps").with("number", number),
            UseError::TooMany => Refusal::rule("too_many_uses").with("most", MAX_USES),
            UseError::Cancelled(_) => Refusal::rule("invalid_state")
                .with("status", "cancelled")
                .with("verb", "cancel"),
            UseError::Payout(error) => return error.into(),
        };
        refusal.into()
    }
}
