//! Raising and lowering a commitment (약정액).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::error::FundError;
use super::model::Fund;
use super::{Entry, entry, open_fund, subject, value_date};
use crate::code::Code;
use crate::desk::{Decision, Desk, Stop};
use crate::ledger::store::BookRef;
use crate::ledger::{Bucket, Form, Line, NewEvent, Transfer, TransferKind, Who};
use crate::money::Amount;
use crate::text_enum::text_enum;

text_enum! {
    /// Which way a commitment changes.
    Change {
        /// More is promised.
        Raise = "raise",
        /// Less is promised.
        Lower = "lower",
    }
}

/// Raises or lowers a commitment.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChangeCommitment {
    /// The fund's book.
    #[serde(skip, default = "BookRef::house")]
    pub book: BookRef,
    /// The fund.
    pub fund: Code,
    /// Which way.
    pub change: Change,
    /// By how much.
    pub amount: Amount,
    /// When; today by default.
    pub effective_on: Option<NaiveDate>,
    /// Why.
    pub reason: String,
}

impl ChangeCommitment {
    /// What it comes to, once nobody else has to agree to it.
    ///
    /// # Errors
    /// [`Stop`]: wrong fields, a wrong state, or not enough money.
    pub(crate) fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Entry>, Stop> {
        let fund = open_fund(desk, &self.fund)?;
        let on = value_date(desk, self.effective_on)?;
        let transfer = transfer(&fund, self.change, self.amount, on);
        if let Some(short) = desk.shortfall(std::slice::from_ref(&transfer))? {
            let (available, needed) = (short.available, short.needed);
            return Err(match self.change {
                Change::Raise => FundError::InsufficientUnallocated { available, needed },
                Change::Lower => FundError::BelowAllocated { available, needed },
            }
            .into());
        }
        let kind = match self.change {
            Change::Raise => "fund.commitment_raised",
            Change::Lower => "fund.commitment_lowered",
        };
        let command = json!({
            "fund": self.fund,
            "change": self.change,
            "amount": self.amount,
            "effective_on": on,
            "reason": self.reason,
        });
        let event = NewEvent {
            kind,
            subject: subject(&self.fund),
            effective_on: on,
            command: command.to_string(),
        };
        Ok(entry(desk, who, event, vec![transfer]))
    }
}

/// The transfer that changes a commitment: with the parent's unallocated money for a child fund,
/// with the outside for a root.
pub(super) fn transfer(
    fund: &Fund,
    change: Change,
    amount: Amount,
    effective_on: NaiveDate,
) -> Transfer {
    let own = Line::of_fund(&fund.code).bucket(Bucket::Unallocated);
    let (source, raise, lower) = match &fund.part_of {
        Some(parent) => (
            Line::of_fund(parent).bucket(Bucket::Unallocated),
            TransferKind::CommitChild,
            TransferKind::LowerChild,
        ),
        None => {
            let outside = Line::outside().bucket(Bucket::Outside);
            (outside, TransferKind::Commit, TransferKind::Lower)
        }
    };
    let (kind, debit, credit) = match change {
        Change::Raise => (raise, source, own),
        Change::Lower => (lower, own, source),
    };
    Transfer {
        kind,
        form: Form::None,
        debit,
        credit,
        amount,
        effective_on,
        reverses: None,
    }
}
