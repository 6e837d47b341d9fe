//! Why two beneficiaries may not be merged.

use chrono::NaiveDate;

use super::model::MAX_MERGED;
use crate::beneficiaries::model::{BeneficiaryId, PayeeKind};
use crate::desk::Stop;
use crate::refusal::Refusal;

/// Why two beneficiaries may not be merged, or not be taken apart.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// There is no such beneficiary.
    #[error("no such beneficiary")]
    NotFound,
    /// There is no such survivor.
    #[error("there is no beneficiary {0} to be merged into")]
    UnknownSurvivor(BeneficiaryId),
    /// Into itself.
    #[error("nobody is merged into themselves")]
    IntoItself,
    /// It is merged already.
    #[error("it is merged into {0}")]
    AlreadyMerged(BeneficiaryId),
    /// The survivor is merged itself.
    #[error("the survivor is merged into {0}")]
    IntoMerged(BeneficiaryId),
    /// Others were merged into it.
    #[error("{0} others are merged into it")]
    OthersMerged(usize),
    /// A merchant is no worker.
    #[error("one is {one}, the other {other}")]
    KindsDiffer {
        /// What sort the one is.
        one: PayeeKind,
        /// What sort the other is.
        other: PayeeKind,
    },
    /// The survivor has as many as it may have.
    #[error("too many are merged into the survivor")]
    TooManyMerged,
    /// A proposal waits already.
    #[error("a merge into {0} is proposed already")]
    AlreadyProposed(BeneficiaryId),
    /// No proposal waits.
    #[error("no merge is proposed")]
    NotProposed,
    /// It is not merged.
    #[error("it is not merged")]
    NotMerged,
    /// Who proposed it never decides it.
    #[error("the actor proposed this merge")]
    OwnProposal,
    /// The value date lies in the future.
    #[error("the value date lies in the future")]
    InTheFuture,
    /// The value date lies before the last step.
    #[error("the value date lies before {last_on}")]
    BeforePreviousStep {
        /// The value date of the last step.
        last_on: NaiveDate,
    },
    /// There are as many steps as there may be.
    #[error("there are too many steps")]
    TooManySteps,
    /// Something was done since it was read.
    #[error("the merge is at version {0}")]
    Stale(i32),
}

impl From<MergeError> for Refusal {
    fn from(error: MergeError) -> Self {
        match error {
            MergeError::NotFound => Self::rule("not_found"),
            MergeError::UnknownSurvivor(id) => {
                Self::field("/into", "unknown_beneficiary").with("id", id)
            }
            MergeError::IntoItself => Self::rule("merge_into_itself"),
            MergeError::AlreadyMerged(id) => Self::rule("already_merged").with("id", id),
            MergeError::IntoMerged(id) => Self::rule("merge_into_merged").with("id", id),
            MergeError::OthersMerged(count) => {
                Self::rule("others_merged_into_it").with("count", count)
            }
            MergeError::KindsDiffer { one, other } => Self::rule("merge_of_different_kinds")
                .with("one", one)
                .with("other", other),
            MergeError::TooManyMerged => Self::rule("too_many_merged").with("most", MAX_MERGED),
            MergeError::AlreadyProposed(id) => Self::rule("merge_already_proposed").with("id", id),
            MergeError::NotProposed => Self::rule("merge_not_proposed"),
            MergeError::NotMerged => Self::rule("not_merged"),
            MergeError::OwnProposal => Self::rule("own_record"),
            MergeError::InTheFuture => Self::field("/effective_on", "in_the_future"),
            MergeError::BeforePreviousStep { last_on } => {
                Self::rule("before_previous_step").with("last_on", last_on)
            }
            MergeError::TooManySteps => Self::rule("too_many_steps"),
            MergeError::Stale(version) => Self::rule("stale_etag").with("version", version),
        }
    }
}

impl From<MergeError> for Stop {
    fn from(error: MergeError) -> Self {
        Self::Refused(error.into())
    }
}
