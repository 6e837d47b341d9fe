//! What callers say of payouts: values in kind, and the bodies of the verbs.

use deserr::Deserr;
use utoipa::ToSchema;

use crate::http::v1::funds::dto::{Label, Note};
use crate::http::wire::{Choice, CostIn, Day, Faults, WonIn};
use crate::ids::RecordId;
use crate::ledger::Form;
use crate::payouts::advance::Advance;
use crate::payouts::model::{ReasonClass, Status, Values, Verb};
use crate::payouts::rules::Act;
use crate::text_enum::text_enum;

text_enum! {
    /// In what form something is given.
    PaymentForm {
        /// Money.
        Cash = "cash",
        /// Goods, credit or services.
        InKind = "in_kind",
    }
}

impl From<PaymentForm> for Form {
    fn from(form: PaymentForm) -> Self {
        match form {
            PaymentForm::Cash => Self::Cash,
            PaymentForm::InKind => Self::InKind,
        }
    }
}

/// In what form something is given.
pub type FormWire = Choice<PaymentForm>;
/// Where a payout stands.
pub type StatusWire = Choice<Status>;
/// What was done.
pub type VerbWire = Choice<Verb>;
/// Why money came back for good.
pub type ReasonClassWire = Choice<ReasonClass>;

/// What giving in kind is worth, each in won.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct NewValues {
    /// What it cost the giver; may be nothing.
    #[deserr(default)]
    pub cost: Option<CostIn>,
    /// Its list price.
    #[deserr(default)]
    pub list: Option<WonIn>,
    /// Its fair value.
    #[deserr(default)]
    pub fair: Option<WonIn>,
}

impl NewValues {
    /// The values.
    #[must_use]
    pub fn values(self) -> Values {
        Values {
            cost: self.cost.map(|cost| cost.0),
            list: self.list.map(|list| list.0),
            fair: self.fair.map(|fair| fair.0),
        }
    }
}

/// An approval.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct NewApproval {
    /// When; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
}

impl NewApproval {
    /// The command.
    #[must_use]
    pub fn into_command<N>(self, id: RecordId, expected: Option<i32>) -> Advance<N> {
        Advance::new(id, Act::Approve, day(self.effective_on), expected)
    }
}

/// Why a record is sent back, withdrawn or cancelled.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct NewReason {
    /// When; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
    /// Why.
    pub reason: Note,
}

impl NewReason {
    /// The command of sending back.
    #[must_use]
    pub fn into_reject<N>(self, id: RecordId, expected: Option<i32>) -> Advance<N> {
        let act = Act::Reject {
            reason: self.reason.0,
        };
        Advance::new(id, act, day(self.effective_on), expected)
    }

    /// The command of withdrawing.
    #[must_use]
    pub fn into_withdraw<N>(self, id: RecordId, expected: Option<i32>) -> Advance<N> {
        let act = Act::Withdraw {
            reason: self.reason.0,
        };
        Advance::new(id, act, day(self.effective_on), expected)
    }

    /// The command of cancelling.
    #[must_use]
    pub fn into_cancel<N>(self, id: RecordId, expected: Option<i32>) -> Advance<N> {
        let act = Act::Cancel {
            reason: self.reason.0,
        };
        Advance::new(id, act, day(self.effective_on), expected)
    }
}

/// A payment that was made.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct NewPayment {
    /// When; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
    /// How much; all that awaits payment by default.
    #[deserr(default)]
    pub amount: Option<WonIn>,
    /// The bank's reference.
    #[deserr(default)]
    pub bank_reference: Option<Label>,
}

impl NewPayment {
    /// The command.
    #[must_use]
    pub fn into_command<N>(self, id: RecordId, expected: Option<i32>) -> Advance<N> {
        let bank_reference = self.bank_reference.map(|label| label.0);
        let act = Act::Pay {
            amount: self.amount.map(|won| won.0),
            bank_reference,
        };
        Advance::new(id, act, day(self.effective_on), expected)
    }
}

/// A payment that the bank sent back (반송).
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct NewReturn {
    /// When; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
    /// How much; all that is paid and not refunded by default.
    #[deserr(default)]
    pub amount: Option<WonIn>,
    /// Why.
    pub reason: Note,
}

impl NewReturn {
    /// The command.
    #[must_use]
    pub fn into_command<N>(self, id: RecordId, expected: Option<i32>) -> Advance<N> {
        let amount = self.amount.map(|won| won.0);
        let act = Act::Return {
            amount,
            reason: self.reason.0,
        };
        Advance::new(id, act, day(self.effective_on), expected)
    }
}

/// Money that came back for good.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct NewRefund {
    /// When; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
    /// How much; all that is paid and not refunded by default.
    #[deserr(default)]
    pub amount: Option<WonIn>,
    /// Not needed (반납), taken back (환수) or paid by mistake (정정).
    pub reason_class: ReasonClassWire,
    /// Why.
    pub reason: Note,
}

impl NewRefund {
    /// The command.
    #[must_use]
    pub fn into_command<N>(self, id: RecordId, expected: Option<i32>) -> Advance<N> {
        let (amount, class) = (self.amount.map(|won| won.0), self.reason_class.0);
        let act = Act::Refund {
            amount,
            class,
            reason: self.reason.0,
        };
        Advance::new(id, act, day(self.effective_on), expected)
    }
}

fn day(day: Option<Day>) -> Option<chrono::NaiveDate> {
    day.map(|day| day.0)
}
