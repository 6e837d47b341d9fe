//! Why an amendment may not be proposed or decided. What else may be wrong is a [`PayoutError`].

use super::model::AmendmentStatus;
use crate::desk::Stop;
use crate::payouts::error::PayoutError;
use crate::refusal::Refusal;

/// Why an amendment may not be proposed or decided.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmendmentError {
    /// Another one waits for a decision.
    #[error("amendment {0} waits for a decision")]
    Open(i32),
    /// The record has as many as it may have.
    #[error("the record has too many amendments")]
    TooMany,
    /// It is decided already.
    #[error("the amendment is {0} already")]
    Decided(AmendmentStatus),
    /// It would change nothing.
    #[error("nothing would be changed")]
    Nothing,
    /// It names somebody in a group, which has no name.
    #[error("a group has no name")]
    GroupHasNoName,
    /// Who it names was erased.
    #[error("the personal details were erased")]
    DetailsErased,
    /// Who it names was changed by somebody else at the same time.
    #[error("the personal details were changed in the meantime")]
    DetailsChanged,
    /// What any payout may be refused for.
    #[error(transparent)]
    Payout(#[from] PayoutError),
}

impl From<AmendmentError> for Stop {
    fn from(error: AmendmentError) -> Self {
        let refusal = match error {
            AmendmentError::Payout(error) => return error.into(),
            AmendmentError::Open(number) => Refusal::rule("amendment_open").with("number", number),
            AmendmentError::TooMany => Refusal::rule("too_many_amendments"),
            AmendmentError::Decided(status) => Refusal::rule("invalid_state")
                .with("status", status)
                .with("verb", "amend"),
            AmendmentError::Nothing => Refusal::field("", "nothing_amended"),
            AmendmentError::GroupHasNoName => Refusal::field("/name", "group_has_no_identity"),
            AmendmentError::DetailsErased => Refusal::rule("details_erased"),
            AmendmentError::DetailsChanged => Refusal::rule("details_changed"),
        };
        Self::Refused(refusal)
    }
}
