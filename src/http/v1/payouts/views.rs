//! What callers are shown of payouts, whatever their noun.

use serde::Serialize;
use utoipa::ToSchema;

use super::dto::{FormWire, PaymentForm, ReasonClassWire, VerbWire};
use crate::http::wire::{Choice, Day, Instant, WonOut};
use crate::ledger::Form;
use crate::payouts::model::{Amounts, Payout, Step, Values};

/// What became of the money.
#[derive(Debug, Serialize, ToSchema)]
pub struct AmountsView {
    /// Approved, net of what was cancelled.
    pub approved: WonOut,
    /// Paid, net of what the bank returned.
    pub paid: WonOut,
    /// Returned by the bank, in all.
    pub returned: WonOut,
    /// Came back for good, in all.
    pub refunded: WonOut,
}

impl From<&Amounts> for AmountsView {
    fn from(amounts: &Amounts) -> Self {
        Self {
            approved: WonOut::from(amounts.approved),
            paid: WonOut::from(amounts.paid),
            returned: WonOut::from(amounts.returned),
            refunded: WonOut::from(amounts.refunded),
        }
    }
}

/// What giving in kind is worth.
#[derive(Debug, Serialize, ToSchema)]
pub struct ValuesView {
    /// What it cost the giver.
    #[schema(required)]
    pub cost: Option<WonOut>,
    /// Its list price.
    #[schema(required)]
    pub list: Option<WonOut>,
    /// Its fair value.
    #[schema(required)]
    pub fair: Option<WonOut>,
}

impl ValuesView {
    /// The view of values; none where nothing is known of them.
    #[must_use]
    pub fn of(values: &Values) -> Option<Self> {
        (*values != Values::default()).then(|| Self {
            cost: values.cost.map(WonOut::from),
            list: values.list.map(WonOut::from),
            fair: values.fair.map(WonOut::from),
        })
    }
}

/// One thing that was done to a record.
#[derive(Debug, Serialize, ToSchema)]
pub struct StepView {
    /// What.
    pub verb: VerbWire,
    /// By whom: the id of a user.
    pub actor: String,
    /// The value date.
    pub effective_on: Day,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// How much, where it is about money.
    #[schema(required)]
    pub amount: Option<WonOut>,
    /// Of which class, for a refund.
    #[schema(required)]
    pub reason_class: Option<ReasonClassWire>,
    /// In the words of who did it.
    #[schema(required)]
    pub reason: Option<String>,
    /// The bank's reference, for a payment.
    #[schema(required)]
    pub bank_reference: Option<String>,
}

impl From<&Step> for StepView {
    fn from(step: &Step) -> Self {
        Self {
            verb: Choice(step.verb),
            actor: step.actor.clone(),
            effective_on: Day(step.effective_on),
            recorded_at: Instant(step.recorded_at),
            amount: step.amount.map(WonOut::from),
            reason_class: step.reason_class.map(Choice),
            reason: step.reason.clone(),
            bank_reference: step.bank_reference.clone(),
        }
    }
}

/// An approval that stands: of the record as it is, or was when it was approved.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApprovalView {
    /// By whom: the id of a user.
    pub by: String,
    /// The value date.
    pub effective_on: Day,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// The digest of what was approved; null for what was approved before there were any.
    #[schema(
        required,
        example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
    )]
    pub content: Option<String>,
}

impl ApprovalView {
    /// The approvals of a payout that stand, the first one first.
    #[must_use]
    pub fn all(payout: &Payout) -> Vec<Self> {
        let approvals = payout.approvals().into_iter();
        let view = |step: &Step| Self {
            by: step.actor.clone(),
            effective_on: Day(step.effective_on),
            recorded_at: Instant(step.recorded_at),
            content: step.content.clone(),
        };
        approvals.map(view).collect()
    }
}

/// The form of a payout, which is one of the two.
#[must_use]
pub fn form(payout: &Payout) -> FormWire {
    Choice(match payout.form {
        Form::InKind => PaymentForm::InKind,
        Form::Cash | Form::None => PaymentForm::Cash,
    })
}
