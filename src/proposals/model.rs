//! What a proposal is.

use chrono::{DateTime, Utc};

use super::act::Act;
use crate::ids::RecordId;
use crate::money::Amount;
use crate::text_enum::text_enum;

text_enum! {
    /// What is proposed.
    ProposalKind {
        /// To promise a fund more or less.
        Commitment = "commitment",
        /// To book cash paid in.
        Contribution = "contribution",
        /// To undo that.
        ContributionReversal = "contribution_reversal",
        /// To set money aside, to give it back, or to move it to another year.
        Allocation = "allocation",
        /// To make a limit another one.
        SecondApprovalAbove = "second_approval_above",
    }
}

text_enum! {
    /// Where a proposal stands.
    ProposalStatus {
        /// Waiting for a second person.
        Proposed = "proposed",
        /// Done.
        Approved = "approved",
        /// Refused by a second person.
        Rejected = "rejected",
        /// Taken back by who proposed it.
        Withdrawn = "withdrawn",
    }
}

/// What somebody did about it, when, and where the log tells so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Who.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// The sequence of the event in the book.
    pub sequence: i64,
}

/// A proposal as it stands.
#[derive(Debug, Clone)]
pub struct Proposal {
    /// Its id, which tells its book.
    pub id: RecordId,
    /// What is to be done.
    pub act: Act,
    /// Over how much it goes, where it is about money.
    pub amount: Option<Amount>,
    /// Where it stands.
    pub status: ProposalStatus,
    /// Who proposed it.
    pub proposed: Said,
    /// Who decided on it or took it back, and why if they said so.
    pub decided: Option<(Said, Option<String>)>,
    /// The version of this row.
    pub version: i32,
}
