//! What is known of merges.

use chrono::{DateTime, NaiveDate, Utc};

use crate::beneficiaries::model::{BeneficiaryId, PayeeKind};
use crate::text_enum::text_enum;

/// Others that may be merged into one.
pub const MAX_MERGED: usize = 50;
/// Steps that the merges of one beneficiary may have.
pub const MAX_STEPS: usize = 200;

text_enum! {
    /// What was done about a merge.
    MergeVerb {
        /// Somebody holds two for one.
        Propose = "propose",
        /// Somebody else agrees.
        Approve = "approve",
        /// Somebody else does not.
        Reject = "reject",
        /// They are two after all.
        Unmerge = "unmerge",
    }
}

text_enum! {
    /// Where a merge stands.
    MergeStatus {
        /// Waiting for a second person.
        Proposed = "proposed",
        /// The two count as one.
        Merged = "merged",
        /// They never did.
        Rejected = "rejected",
        /// They no longer do.
        Unmerged = "unmerged",
    }
}

impl MergeVerb {
    /// Where it leaves the merge.
    #[must_use]
    pub const fn leads_to(self) -> MergeStatus {
        match self {
            Self::Propose => MergeStatus::Proposed,
            Self::Approve => MergeStatus::Merged,
            Self::Reject => MergeStatus::Rejected,
            Self::Unmerge => MergeStatus::Unmerged,
        }
    }

    /// The kind of its event.
    #[must_use]
    pub const fn event(self) -> &'static str {
        match self {
            Self::Propose => "beneficiary.merge_proposed",
            Self::Approve => "beneficiary.merged",
            Self::Reject => "beneficiary.merge_rejected",
            Self::Unmerge => "beneficiary.unmerged",
        }
    }
}

/// A beneficiary by its id, and whom it is one with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The pseudonym.
    pub id: BeneficiaryId,
    /// What sort.
    pub kind: PayeeKind,
    /// Whom it counts under, if not itself.
    pub merged_into: Option<BeneficiaryId>,
    /// Who counts under it, in the order of their ids.
    pub merged: Vec<BeneficiaryId>,
}

/// One step of a merge. Never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeStep {
    /// 1 for the first of this beneficiary.
    pub step: i32,
    /// What was done.
    pub verb: MergeVerb,
    /// Into whom.
    pub survivor: BeneficiaryId,
    /// Who did it.
    pub actor: String,
    /// The value date.
    pub effective_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Its event, in the house book.
    pub sequence: i64,
    /// Why.
    pub reason: Option<String>,
}

/// All that was ever done about merging one beneficiary into others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergeFile {
    /// Who was to be merged.
    pub beneficiary: BeneficiaryId,
    /// In their order.
    pub steps: Vec<MergeStep>,
    /// How many of them the table has.
    pub stored: usize,
}

impl MergeFile {
    /// The file of a beneficiary that nothing was ever done about.
    #[must_use]
    pub const fn empty(beneficiary: BeneficiaryId) -> Self {
        Self {
            beneficiary,
            steps: Vec::new(),
            stored: 0,
        }
    }

    /// The last step.
    #[must_use]
    pub fn last(&self) -> Option<&MergeStep> {
        self.steps.last()
    }

    /// Where the last merge stands; none where there never was one.
    #[must_use]
    pub fn status(&self) -> Option<MergeStatus> {
        self.last().map(|step| step.verb.leads_to())
    }

    /// The version that goes with the steps: 1 without any.
    #[must_use]
    pub fn version(&self) -> i32 {
        self.last().map_or(1, |step| step.step.saturating_add(1))
    }
}
