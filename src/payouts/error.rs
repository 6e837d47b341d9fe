//! Why a payout may not be recorded, or not be taken further.

use chrono::NaiveDate;

use super::model::{Status, Verb};
use crate::code::Code;
use crate::ids::RecordId;
use crate::ledger::{LedgerError, Shortfall};
use crate::money::{MoneyError, Won};
use crate::refusal::Refusal;

/// Why a payout may not be recorded, or not be taken further.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PayoutError {
    /// There is no such record.
    #[error("no such record")]
    NotFound,
    /// The state does not allow the verb.
    #[error("{verb} is not possible while {status}")]
    InvalidState {
        /// Where the record stands.
        status: Status,
        /// What was asked for.
        verb: Verb,
    },
    /// Who recorded an entry never decides on it.
    #[error("the actor recorded this entry")]
    OwnRecord,
    /// Who approved an entry never pays it, nor books what comes back of it.
    #[error("the actor approved this entry")]
    OwnApproval,
    /// Two different people have to approve, and this one did.
    #[error("the actor approved this entry first")]
    SameApprover,
    /// Only who recorded an entry takes it back.
    #[error("the actor did not record this entry")]
    NotRecorder,
    /// The value date lies in the future.
    #[error("the value date lies in the future")]
    InTheFuture,
    /// The value date lies before the last step.
    #[error("the value date lies before {last_on}")]
    BeforePreviousStep {
        /// The value date of the last step.
        last_on: NaiveDate,
    },
    /// More was to be paid than awaits payment.
    #[error("only {awaiting} won await payment")]
    MoreThanAwaiting {
        /// Won awaiting payment.
        awaiting: Won,
    },
    /// More was to come back than was paid.
    #[error("only {paid} won are paid and not refunded")]
    MoreThanPaid {
        /// Won paid and not refunded.
        paid: Won,
    },
    /// Nothing is left to move.
    #[error("nothing is left to move")]
    NothingLeft,
    /// The record has as many steps as it may have.
    #[error("the record has too many steps")]
    TooManySteps,
    /// The budget line does not hold enough.
    #[error("only {available} won are available")]
    InsufficientAvailable {
        /// Won available.
        available: Won,
        /// Won needed.
        needed: Won,
    },
    /// The fund's cash does not reach.
    #[error("only {available} won of cash are there")]
    InsufficientCash {
        /// Won of cash.
        available: Won,
        /// Won needed.
        needed: Won,
    },
    /// The fund is closed.
    #[error("fund {0} is closed")]
    FundClosed(Code),
    /// The program is closed.
    #[error("program {0} is closed")]
    ProgramClosed(Code),
    /// Another live record of the program has the same external id.
    #[error("record {0} has this external id")]
    DuplicateExternalId(RecordId),
    /// The record was changed since it was read.
    #[error("the record is at version {0}")]
    Stale(i32),
    /// A sum does not fit: a fault of the program.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

impl From<MoneyError> for PayoutError {
    fn from(error: MoneyError) -> Self {
        Self::Ledger(LedgerError::Money(error))
    }
}

impl PayoutError {
    /// The error for a bucket that would fall below zero.
    #[must_use]
    pub fn short(shortfall: &Shortfall) -> Self {
        let (available, needed) = (shortfall.available, shortfall.needed);
        if shortfall.account.bucket == crate::ledger::Bucket::Cash {
            Self::InsufficientCash { available, needed }
        } else {
            Self::InsufficientAvailable { available, needed }
        }
    }
}

impl From<PayoutError> for crate::desk::Stop {
    fn from(error: PayoutError) -> Self {
        let refusal = match error {
            PayoutError::Ledger(error) => return Self::Impossible(error),
            PayoutError::NotFound => Refusal::rule("not_found"),
            PayoutError::InvalidState { status, verb } => Refusal::rule("invalid_state")
                .with("status", status)
                .with("verb", verb),
            PayoutError::OwnRecord => Refusal::rule("own_record"),
            PayoutError::OwnApproval => Refusal::rule("own_approval"),
            PayoutError::SameApprover => Refusal::rule("same_approver"),
            PayoutError::NotRecorder => Refusal::rule("not_recorder"),
            PayoutError::InTheFuture => Refusal::field("/effective_on", "in_the_future"),
            PayoutError::BeforePreviousStep { last_on } => {
                Refusal::rule("before_previous_step").with("last_on", last_on)
            }
            PayoutError::MoreThanAwaiting { awaiting } => {
                Refusal::rule("more_than_awaiting").with("awaiting", awaiting)
            }
            PayoutError::MoreThanPaid { paid } => {
                Refusal::rule("more_than_paid").with("paid", paid)
            }
            PayoutError::NothingLeft => Refusal::rule("nothing_left"),
            PayoutError::TooManySteps => Refusal::rule("too_many_steps"),
            PayoutError::InsufficientAvailable { available, needed } => {
                Refusal::rule("insufficient_available")
                    .with("available", available)
                    .with("needed", needed)
            }
            PayoutError::InsufficientCash { available, needed } => {
                Refusal::rule("insufficient_cash")
                    .with("available", available)
                    .with("needed", needed)
            }
            PayoutError::FundClosed(code) => Refusal::rule("fund_closed").with("fund", code),
            PayoutError::ProgramClosed(code) => {
                Refusal::rule("program_closed").with("program", code)
            }
            PayoutError::DuplicateExternalId(id) => {
                Refusal::rule("duplicate_external_id").with("id", id)
            }
            PayoutError::Stale(version) => Refusal::rule("stale_etag").with("version", version),
        };
        Self::Refused(refusal)
    }
}
