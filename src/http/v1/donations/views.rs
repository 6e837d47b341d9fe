//! What callers are shown of donations.

use serde::Serialize;
use utoipa::ToSchema;

use super::dto::{ReceiptClassWire, RecipientRoleWire};
use super::uses::UsesView;
use crate::donations::model::{Donation, Receipt};
use crate::http::v1::payouts::dto::{FormWire, StatusWire};
use crate::http::v1::payouts::views::{AmountsView, ApprovalView, StepView, ValuesView, form};
use crate::http::wire::{Attributes, Choice, Currency, Day, Instant, WonOut};

/// A donation.
#[derive(Debug, Serialize, ToSchema)]
pub struct DonationView {
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub status: StatusWire,
    /// The program; null for direct giving.
    #[schema(required)]
    pub program: Option<String>,
    /// The fund; null outside any.
    #[schema(required)]
    pub fund: Option<String>,
    /// The year whose allocation it draws on; null for the undated line.
    #[schema(required)]
    pub fiscal_year: Option<i32>,
    /// The code of the organisation that receives it.
    pub recipient: String,
    /// Whether that keeps and uses it or passes it on.
    pub recipient_role: RecipientRoleWire,
    /// Whether its use is laid down (지정기부).
    pub designated: bool,
    /// In what form.
    pub form: FormWire,
    /// The currency of all its amounts.
    pub currency: Currency,
    /// How much.
    pub amount: WonOut,
    /// What it is worth in kind.
    #[schema(required)]
    pub values: Option<ValuesView>,
    /// What became of the money.
    pub amounts: AmountsView,
    /// When it is meant to be paid.
    pub planned_on: Day,
    /// When it was submitted.
    pub effective_on: Day,
    /// What for.
    #[schema(required)]
    pub purpose: Option<String>,
    /// The document that approved it.
    #[schema(required)]
    pub approval_document: Option<String>,
    /// What the figure rests on.
    #[schema(required)]
    pub basis: Option<String>,
    /// Its receipt, once there is one.
    #[schema(required)]
    pub receipt: Option<ReceiptView>,
    /// What its intermediary passed on; null where the recipient keeps the gift.
    #[schema(required)]
    pub uses: Option<UsesView>,
    /// The caller's own id.
    #[schema(required)]
    pub external_id: Option<String>,
    /// Labels of the caller's own.
    pub attributes: Attributes,
    /// How many amendments of what is not money are in effect.
    pub amendments: i64,
    /// How many different people have to approve it, none of whom made it; had to, once it is approved.
    pub approvals_needed: i32,
    /// The approvals that stand. A change of the record voids those before it.
    pub approvals: Vec<ApprovalView>,
    /// Everything that was done to it, in order.
    pub steps: Vec<StepView>,
    /// Who recorded it: the id of a user.
    pub recorded_by: String,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// The version of the record.
    pub version: i32,
}

/// The receipt of a donation.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReceiptView {
    /// Its number.
    #[schema(example = "2022-0153")]
    pub number: String,
    /// When it was issued.
    pub issued_on: Day,
    /// Its class under the tax law.
    pub class: ReceiptClassWire,
}

impl From<&Receipt> for ReceiptView {
    fn from(receipt: &Receipt) -> Self {
        Self {
            number: receipt.number.clone(),
            issued_on: Day(receipt.issued_on),
            class: Choice(receipt.class),
        }
    }
}

impl DonationView {
    /// The view of a donation.
    #[must_use]
    pub fn of(record: &Donation) -> Self {
        let payout = &record.payout;
        Self {
            id: payout.id.to_string(),
            status: Choice(payout.status),
            program: payout.line.program.as_ref().map(ToString::to_string),
            fund: payout.line.fund.as_ref().map(ToString::to_string),
            fiscal_year: payout.line.fiscal_year,
            recipient: record.recipient.to_string(),
            recipient_role: Choice(record.recipient_role),
            designated: record.designated,
            form: form(payout),
            currency: Currency,
            amount: WonOut::from(payout.amount),
            values: ValuesView::of(&payout.values),
            amounts: AmountsView::from(&payout.amounts),
            planned_on: Day(payout.planned_on),
            effective_on: Day(payout.effective_on),
            purpose: payout.purpose.clone(),
            approval_document: record.approval_document.clone(),
            basis: record.basis.clone(),
            receipt: record.receipt.as_ref().map(ReceiptView::from),
            uses: UsesView::of(record),
            external_id: payout.external_id.clone(),
            attributes: Attributes(payout.attributes.clone()),
            amendments: payout.amendments(),
            approvals_needed: payout.approvals_needed,
            approvals: ApprovalView::all(payout),
            steps: payout.steps.iter().map(StepView::from).collect(),
            recorded_by: payout.recorded_by().to_owned(),
            recorded_at: Instant(payout.recorded_at()),
            version: payout.version,
        }
    }
}
