//! Why a receipt may not be recorded. What else may be wrong with a donation is a
//! [`PayoutError`].

use crate::desk::Stop;
use crate::money::MoneyError;
use crate::payouts::error::PayoutError;
use crate::payouts::model::Status;
use crate::refusal::Refusal;

/// Why a receipt may not be recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReceiptError {
    /// There is one already.
    #[error("receipt {0} is recorded already")]
    Exists(String),
    /// Nothing was paid, or nothing of it is left.
    #[error("nothing is paid while {0}")]
    NothingPaid(Status),
    /// It would be issued in the future.
    #[error("the day of issue lies in the future")]
    InTheFuture,
    /// What any payout may be refused for.
    #[error(transparent)]
    Payout(#[from] PayoutError),
}

impl From<MoneyError> for ReceiptError {
    fn from(error: MoneyError) -> Self {
        Self::Payout(error.into())
    }
}

impl From<ReceiptError> for Stop {
    fn from(error: ReceiptError) -> Self {
        match error {
            ReceiptError::Exists(number) => Refusal::rule("receipt_exists")
                .with("number", number)
                .into(),
            ReceiptError::NothingPaid(status) => Refusal::rule("invalid_state")
                .with("status", status)
                .with("verb", "receipt")
                .into(),
            ReceiptError::InTheFuture => Refusal::field("/issued_on", "in_the_future").into(),
            ReceiptError::Payout(error) => error.into(),
        }
    }
}
