//! What a disbursement and a donation have in common: a payout, its life and its steps.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use crate::ids::RecordId;
use crate::ledger::{Form, Line};
use crate::money::{Amount, Cost, Won};
use crate::text_enum::text_enum;

text_enum! {
    /// Where a payout stands.
    Status {
        /// Waiting for a decision.
        Submitted = "submitted",
        /// Sent back (반려).
        Rejected = "rejected",
        /// Taken back by who recorded it (회수).
        Withdrawn = "withdrawn",
        /// Approved, nothing paid.
        Approved = "approved",
        /// Approved no longer (취소).
        Cancelled = "cancelled",
        /// Part of it paid.
        PartlyPaid = "partly_paid",
        /// All of it paid.
        Paid = "paid",
        /// Part of what was paid came back for good.
        PartlyRefunded = "partly_refunded",
        /// All of it came back for good.
        Refunded = "refunded",
    }
}

impl Status {
    /// Whether the record counts for `external_id` and for one payment per round or program.
    #[must_use]
    pub fn is_live(self) -> bool {
        !matches!(self, Self::Rejected | Self::Withdrawn | Self::Cancelled)
    }

    /// Whether nobody has decided on the record for good: it may still be approved.
    #[must_use]
    pub fn waits(self) -> bool {
        matches!(self, Self::Submitted | Self::Rejected)
    }
}

text_enum! {
    /// What can be done to a payout.
    Verb {
        /// Record it.
        Submit = "submit",
        /// Change it while it waits for a decision.
        Edit = "edit",
        /// Hand it in again after it was sent back.
        Resubmit = "resubmit",
        /// Take it back.
        Withdraw = "withdraw",
        /// Approve it as the first of two: nothing moves yet.
        ApproveFirst = "approve_first",
        /// Approve it.
        Approve = "approve",
        /// Send it back.
        Reject = "reject",
        /// Approve it no longer.
        Cancel = "cancel",
        /// Book a payment.
        Pay = "pay",
        /// Book what the bank sent back (반송).
        Return = "return",
        /// Book what came back for good.
        Refund = "refund",
        /// Change what is not money of an approved one.
        Amend = "amend",
    }
}

text_enum! {
    /// Why money came back for good.
    ReasonClass {
        /// Not needed (반납).
        Unused = "unused",
        /// Taken back (환수).
        Clawback = "clawback",
        /// Paid by mistake (정정).
        Error = "error",
    }
}

/// What giving in kind is worth, each in won.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Values {
    /// What it cost the giver; may be nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<Cost>,
    /// Its list price.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<Amount>,
    /// Its fair value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fair: Option<Amount>,
}

/// What became of the money, in won.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Amounts {
    /// Approved, net of what was cancelled.
    pub approved: Won,
    /// Paid, net of what the bank returned.
    pub paid: Won,
    /// Returned by the bank, in all.
    pub returned: Won,
    /// Came back for good, in all.
    pub refunded: Won,
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What.
    pub verb: Verb,
    /// By whom.
    pub actor: String,
    /// The value date.
    pub effective_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// The sequence of its event in the book.
    pub sequence: i64,
    /// How much, where the verb moves money.
    pub amount: Option<Amount>,
    /// For a refund.
    pub reason_class: Option<ReasonClass>,
    /// In the words of who did it.
    pub reason: Option<String>,
    /// The bank's reference, for a payment.
    pub bank_reference: Option<String>,
    /// The digest of what was approved, for an approval.
    pub content: Option<String>,
}

/// A payment to somebody, through its whole life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payout {
    /// Its id.
    pub id: RecordId,
    /// The budget line it draws on.
    pub line: Line,
    /// Cash or in kind.
    pub form: Form,
    /// How much.
    pub amount: Amount,
    /// What it is worth in kind.
    pub values: Values,
    /// When it is meant to be paid.
    pub planned_on: NaiveDate,
    /// When it was submitted.
    pub effective_on: NaiveDate,
    /// What for.
    pub purpose: Option<String>,
    /// The caller's own id, unique among the live records of the program.
    pub external_id: Option<String>,
    /// Labels of the caller's own.
    pub attributes: BTreeMap<String, String>,
    /// How many different people have to approve it, as the limits are when it is read; had to, once
    /// it is approved. Derived, and not stored.
    pub approvals_needed: i32,
    /// Where it stands.
    pub status: Status,
    /// What became of the money.
    pub amounts: Amounts,
    /// Everything that was done to it, in order.
    pub steps: Vec<Step>,
    /// The version of the record.
    pub version: i32,
}

impl Payout {
    /// Who first recorded it.
    #[must_use]
    pub fn recorded_by(&self) -> &str {
        self.steps.first().map_or("", |step| step.actor.as_str())
    }

    /// When it was first recorded.
    #[must_use]
    pub fn recorded_at(&self) -> DateTime<Utc> {
        self.steps
            .first()
            .map_or(DateTime::UNIX_EPOCH, |step| step.recorded_at)
    }

    /// Whether `actor` recorded, changed or resubmitted it: such a person never decides on it.
    #[must_use]
    pub fn was_made_by(&self, actor: &str) -> bool {
        self.steps.iter().any(|step| {
            step.actor == actor && matches!(step.verb, Verb::Submit | Verb::Edit | Verb::Resubmit)
        })
    }

    /// Whether `actor` ever approved it, as one of two or alone: such a person never pays it.
    #[must_use]
    pub fn was_approved_by(&self, actor: &str) -> bool {
        let approved = |step: &&Step| matches!(step.verb, Verb::ApproveFirst | Verb::Approve);
        let mut approvals = self.steps.iter().filter(approved);
        approvals.any(|step| step.actor == actor)
    }

    /// The approvals that stand, in their order: those of what it says since it was last changed or
    /// sent back, by people who did not make it.
    #[must_use]
    pub fn approvals(&self) -> Vec<&Step> {
        let voids = |step: &Step| {
            matches!(
                step.verb,
                Verb::Submit | Verb::Edit | Verb::Resubmit | Verb::Reject
            )
        };
        let since = self.steps.iter().rposition(voids).unwrap_or(0);
        let standing = self.steps.iter().skip(since);
        standing
            .filter(|step| matches!(step.verb, Verb::ApproveFirst | Verb::Approve))
            .filter(|step| !self.was_made_by(&step.actor))
            .collect()
    }

    /// The first of two approvals, where it stands and is one of this content.
    #[must_use]
    pub fn first_approval(&self, content: &str) -> Option<&Step> {
        let standing = self.approvals().into_iter();
        let mut first = standing.filter(|step| step.verb == Verb::ApproveFirst);
        first.find(|step| step.content.as_deref() == Some(content))
    }

    /// How many different people a record had to be approved by, once it is.
    #[must_use]
    pub fn approvals_had(&self) -> i32 {
        i32::try_from(self.approvals().len()).unwrap_or(i32::MAX)
    }

    /// How many amendments are in effect.
    #[must_use]
    pub fn amendments(&self) -> i64 {
        let in_effect = self.steps.iter().filter(|step| step.verb == Verb::Amend);
        i64::try_from(in_effect.count()).unwrap_or(i64::MAX)
    }

    /// The value date of the last step.
    #[must_use]
    pub fn last_on(&self) -> NaiveDate {
        self.steps
            .iter()
            .map(|step| step.effective_on)
            .max()
            .unwrap_or(self.effective_on)
    }
}
