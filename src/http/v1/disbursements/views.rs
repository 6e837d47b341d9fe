//! What callers are shown of disbursements. No personal details.

use serde::Serialize;
use utoipa::ToSchema;

use crate::bounds::Bounds;
use crate::disbursements::model::{Assessment, Disbursement, Payee, Splitting};
use crate::http::v1::beneficiaries::dto::PayeeKindWire;
use crate::http::v1::payouts::dto::{FormWire, StatusWire};
use crate::http::v1::payouts::views::{AmountsView, ApprovalView, StepView, ValuesView, form};
use crate::http::wire::{Attributes, Choice, Currency, Day, Instant, RegionOut, WonOut};

/// A disbursement.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisbursementView {
    /// Its id.
    pub id: String,
    /// Where it stands.
    pub status: StatusWire,
    /// The program.
    #[schema(required)]
    pub program: Option<String>,
    /// The fund; null outside any.
    #[schema(required)]
    pub fund: Option<String>,
    /// The year whose allocation it draws on; null for the undated line.
    #[schema(required)]
    pub fiscal_year: Option<i32>,
    /// The wave of the program.
    #[schema(required)]
    pub round: Option<String>,
    /// Who is paid.
    pub beneficiary: PayeeView,
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
    /// The caller's own id.
    #[schema(required)]
    pub external_id: Option<String>,
    /// The voucher in the company's own accounting.
    #[schema(required)]
    pub voucher_number: Option<String>,
    /// How the damage was assessed, in a compensation program.
    #[schema(required)]
    pub assessment: Option<AssessmentView>,
    /// Labels of the caller's own.
    pub attributes: Attributes,
    /// How many amendments of what is not money are in effect.
    pub amendments: i64,
    /// How many different people have to approve it, none of whom made it; had to, once it is approved.
    pub approvals_needed: i32,
    /// The approvals that stand. A change of the record voids those before it.
    pub approvals: Vec<ApprovalView>,
    /// Where one payment looks split to stay below the limit: what it is a part of. A warning, which
    /// stops nobody; null for partners.
    #[schema(required)]
    pub splitting: Option<SplittingView>,
    /// Everything that was done to it, in order.
    pub steps: Vec<StepView>,
    /// Who recorded it: the id of a user.
    pub recorded_by: String,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// The version of the record.
    pub version: i32,
}

/// How a damage was assessed.
#[derive(Debug, Serialize, ToSchema)]
pub struct AssessmentView {
    /// Its class by the rules.
    #[schema(example = "paid-service")]
    pub tier: String,
    /// The version of the rules.
    #[schema(example = "2022-12")]
    pub rule_version: String,
    /// How large it is, in won. Not giving, nor what was paid.
    pub assessed_loss: WonOut,
}

/// Live records of one program for one person, near each other, each within the limit and together
/// above it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SplittingView {
    /// Over how many won a second person has to approve.
    pub above: WonOut,
    /// What they come to in all.
    pub total: WonOut,
    /// How many they are, this one among them.
    #[schema(example = 2)]
    pub records: usize,
    /// The ids of the others, oldest first: 20 at most.
    pub others: Vec<String>,
}

impl SplittingView {
    fn of(found: &Splitting) -> Self {
        Self {
            above: WonOut::from(found.above),
            total: WonOut::from(found.total),
            records: found.records,
            others: found.others.iter().map(ToString::to_string).collect(),
        }
    }
}

/// Who is paid: a pseudonym.
#[derive(Debug, Serialize, ToSchema)]
pub struct PayeeView {
    /// The id of the beneficiary; null for a group, and for partners.
    #[schema(required)]
    pub id: Option<String>,
    /// What sort of beneficiary.
    pub kind: PayeeKindWire,
    /// How many people a group has.
    #[schema(required)]
    pub count: Option<i64>,
    /// Where.
    #[schema(required)]
    pub region: Option<RegionOut>,
}

impl DisbursementView {
    /// The view of a disbursement, for somebody with these bounds.
    #[must_use]
    pub fn of(record: &Disbursement, bounds: &Bounds) -> Self {
        let payout = &record.payout;
        Self {
            id: payout.id.to_string(),
            status: Choice(payout.status),
            program: payout.line.program.as_ref().map(ToString::to_string),
            fund: payout.line.fund.as_ref().map(ToString::to_string),
            fiscal_year: payout.line.fiscal_year,
            round: record.round.clone(),
            beneficiary: PayeeView::of(&record.payee, bounds),
            form: form(payout),
            currency: Currency,
            amount: WonOut::from(payout.amount),
            values: ValuesView::of(&payout.values),
            amounts: AmountsView::from(&payout.amounts),
            planned_on: Day(payout.planned_on),
            effective_on: Day(payout.effective_on),
            purpose: payout.purpose.clone(),
            external_id: payout.external_id.clone(),
            voucher_number: record.voucher_number.clone(),
            assessment: record.assessment.as_ref().map(AssessmentView::from),
            attributes: Attributes(payout.attributes.clone()),
            amendments: payout.amendments(),
            approvals_needed: payout.approvals_needed,
            approvals: ApprovalView::all(payout),
            splitting: record
                .splitting
                .as_ref()
                .filter(|_| !bounds.any())
                .map(SplittingView::of),
            steps: payout.steps.iter().map(StepView::from).collect(),
            recorded_by: payout.recorded_by().to_owned(),
            recorded_at: Instant(payout.recorded_at()),
            version: payout.version,
        }
    }
}

impl From<&Assessment> for AssessmentView {
    fn from(assessment: &Assessment) -> Self {
        Self {
            tier: assessment.tier.clone(),
            rule_version: assessment.rule_version.clone(),
            assessed_loss: WonOut::from(assessment.assessed_loss),
        }
    }
}

impl PayeeView {
    /// One person has one id across the books, which would tell a partner whether somebody else
    /// paid them before.
    fn of(payee: &Payee, bounds: &Bounds) -> Self {
        let person = payee.beneficiary.as_ref().filter(|_| !bounds.any());
        Self {
            id: person.map(ToString::to_string),
            kind: Choice(payee.kind),
            count: payee.count,
            region: payee.region.map(RegionOut::of),
        }
    }
}
