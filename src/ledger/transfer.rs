//! Transfers: the only thing that changes money.

use chrono::NaiveDate;

use super::account::{AccountKey, Bucket, Line};
use crate::code::Code;
use crate::money::Amount;
use crate::text_enum::text_enum;

text_enum! {
    /// Why money moved.
    TransferKind {
        /// Promised to a root fund: outside → unallocated.
        Commit = "commit",
        /// Taken back from a root fund: unallocated → outside.
        Lower = "lower",
        /// Promised to a child fund out of its parent: unallocated → unallocated.
        CommitChild = "commit_child",
        /// Given back by a child fund: unallocated → unallocated.
        LowerChild = "lower_child",
        /// Set aside for a program: unallocated → available.
        Allocate = "allocate",
        /// Given back by a program: available → unallocated.
        Release = "release",
        /// Not used by the end of its year (불용): available → unallocated.
        Lapse = "lapse",
        /// Taken into another year (이월): available → available.
        CarryOver = "carry_over",
        /// Approved: available (or outside) → awaiting.
        Approve = "approve",
        /// Approved no longer: awaiting → where it came from.
        Cancel = "cancel",
        /// Paid: awaiting → spent.
        Pay = "pay",
        /// Sent back by the bank (반송): spent → awaiting.
        Return = "return",
        /// Given back by the beneficiary: spent → where it came from.
        Refund = "refund",
        /// Cash paid in: cash outside → cash.
        Contribute = "contribute",
        /// Cash moved from a parent fund: cash → cash.
        ContributeChild = "contribute_child",
        /// A contribution that was wrong, undone.
        ContributeReverse = "contribute_reverse",
        /// A move from a parent fund that was wrong, undone.
        ContributeChildReverse = "contribute_child_reverse",
        /// Cash that left with a payment: cash → cash outside.
        CashOut = "cash_out",
        /// Cash that came back with a return or refund: cash outside → cash.
        CashBack = "cash_back",
    }
}

text_enum! {
    /// In what form value is given.
    Form {
        /// Neither: a budget movement.
        None = "none",
        /// Money.
        Cash = "cash",
        /// Goods, credit or services.
        InKind = "in_kind",
    }
}

/// A movement of money that a decision asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transfer {
    /// Why.
    pub kind: TransferKind,
    /// In what form.
    pub form: Form,
    /// Where from.
    pub debit: AccountKey,
    /// Where to.
    pub credit: AccountKey,
    /// How much, in won.
    pub amount: Amount,
    /// On what day, in Korea.
    pub effective_on: NaiveDate,
    /// The event that this one takes back, by its sequence in the book.
    pub reverses: Option<i64>,
}

impl Transfer {
    /// A movement between two buckets of one line.
    #[must_use]
    pub fn within(
        line: &Line,
        (from, to): (Bucket, Bucket),
        kind: TransferKind,
        form: Form,
        amount: Amount,
        effective_on: NaiveDate,
    ) -> Self {
        Self {
            kind,
            form,
            debit: line.bucket(from),
            credit: line.bucket(to),
            amount,
            effective_on,
            reverses: None,
        }
    }

    /// The same transfer, pointing at the event that it takes back.
    #[must_use]
    pub fn reversing(mut self, sequence: i64) -> Self {
        self.reverses = Some(sequence);
        self
    }

    /// Cash that leaves a fund with a payment (`Form::Cash` only).
    #[must_use]
    pub fn cash_out(fund: &Code, amount: Amount, effective_on: NaiveDate) -> Self {
        Self {
            kind: TransferKind::CashOut,
            form: Form::Cash,
            debit: Line::of_fund(fund).bucket(Bucket::Cash),
            credit: Line::outside().bucket(Bucket::CashOutside),
            amount,
            effective_on,
            reverses: None,
        }
    }

    /// Cash that comes back to a fund with a return or a refund.
    #[must_use]
    pub fn cash_back(fund: &Code, amount: Amount, effective_on: NaiveDate) -> Self {
        Self {
            kind: TransferKind::CashBack,
            debit: Line::outside().bucket(Bucket::CashOutside),
            credit: Line::of_fund(fund).bucket(Bucket::Cash),
            ..Self::cash_out(fund, amount, effective_on)
        }
    }
}
