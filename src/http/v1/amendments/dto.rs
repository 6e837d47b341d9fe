//! What callers say of amendments.

use std::marker::PhantomData;

use deserr::{Deserr, ValuePointerRef};
use utoipa::{IntoParams, ToSchema};

use crate::amendments::decide::{DecideAmendment, Verdict};
use crate::amendments::model::{AmendmentClass, AmendmentStatus};
use crate::amendments::propose::{ProposeAmendment, Wish};
use crate::beneficiaries::rename::Renaming;
use crate::http::v1::funds::dto::{Label, Note};
use crate::http::wire::{AttributeChanges, Change, Choice, Day, Faults, RegionIn};
use crate::ids::RecordId;

/// Why a record is amended.
pub type AmendmentClassWire = Choice<AmendmentClass>;
/// Where an amendment stands.
pub type AmendmentStatusWire = Choice<AmendmentStatus>;

/// Members of records that are money, or say which money it is: never amended.
const MONEY: [&str; 8] = [
    "amount",
    "assessment",
    "fiscal_year",
    "form",
    "fund",
    "planned_on",
    "program",
    "values",
];

/// What a member is that no amendment has.
fn not_amendable(name: &str, _known: &[&str], at: ValuePointerRef<'_>) -> Faults {
    if MONEY.contains(&name) {
        Faults::one(at.push_key(name), "amendment_touches_money")
    } else {
        Faults::one(at.push_key(name), "unknown_field")
    }
}

/// An amendment of an approved disbursement; what is left out stays, what is null goes.
#[derive(Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields = not_amendable)]
#[schema(example = json!({
    "region": "11110", "reason_class": "correction", "reason": "주소 오기 정정"
}))]
pub struct NewDisbursementAmendment {
    /// Where.
    #[deserr(default)]
    #[schema(value_type = Option<RegionIn>)]
    pub region: Change<RegionIn>,
    /// What for.
    #[deserr(default)]
    #[schema(value_type = Option<Note>)]
    pub purpose: Change<Note>,
    /// The voucher in the company's own accounting.
    #[deserr(default)]
    #[schema(value_type = Option<Label>)]
    pub voucher_number: Change<Label>,
    /// Labels of the caller's own.
    #[deserr(default)]
    #[schema(required = false)]
    pub attributes: AttributeChanges,
    /// The name of the beneficiary, wherever it is named. Shown to nobody who may not see names.
    #[deserr(default)]
    #[schema(value_type = Option<Label>)]
    pub name: Change<Label>,
    /// Wrong from the beginning (정정), told apart in another way (재분류), or changed since (변경).
    pub reason_class: AmendmentClassWire,
    /// Why.
    pub reason: Note,
    /// From when on; the day of the approval by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
}

/// An amendment of an approved donation; what is left out stays, what is null goes.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields = not_amendable)]
#[schema(example = json!({
    "purpose": "수해 복구", "reason_class": "correction", "reason": "용도 오기 정정"
}))]
pub struct NewDonationAmendment {
    /// What for.
    #[deserr(default)]
    #[schema(value_type = Option<Note>)]
    pub purpose: Change<Note>,
    /// The document that approved it.
    #[deserr(default)]
    #[schema(value_type = Option<Label>)]
    pub approval_document: Change<Label>,
    /// Labels of the caller's own.
    #[deserr(default)]
    #[schema(required = false)]
    pub attributes: AttributeChanges,
    /// Wrong from the beginning (정정), told apart in another way (재분류), or changed since (변경).
    pub reason_class: AmendmentClassWire,
    /// Why.
    pub reason: Note,
    /// From when on; the day of the approval by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
}

fn label(change: Change<Label>) -> Option<Option<String>> {
    change.into_option().map(|label| label.map(|label| label.0))
}

fn note(change: Change<Note>) -> Option<Option<String>> {
    change.into_option().map(|note| note.map(|note| note.0))
}

impl NewDisbursementAmendment {
    /// The name that the beneficiary is to have; `Some(None)` for none.
    #[must_use]
    pub fn wished_name(&self) -> Option<Option<String>> {
        match &self.name {
            Change::Keep => None,
            Change::Clear => Some(None),
            Change::Set(name) => Some(Some(name.0.clone())),
        }
    }

    /// The command that proposes it.
    #[must_use]
    pub fn into_command<N>(
        self,
        id: RecordId,
        expected_version: Option<i32>,
        renaming: Option<Renaming>,
    ) -> ProposeAmendment<N> {
        ProposeAmendment {
            id,
            renames: self.name != Change::Keep,
            renaming,
            wish: Wish {
                region: self
                    .region
                    .into_option()
                    .map(|region| region.map(|region| region.0)),
                purpose: note(self.purpose),
                voucher_number: label(self.voucher_number),
                approval_document: None,
                attributes: self.attributes.0,
            },
            reason_class: self.reason_class.0,
            reason: self.reason.0,
            effective_on: self.effective_on.map(|day| day.0),
            expected_version,
            noun: PhantomData,
        }
    }
}

impl NewDonationAmendment {
    /// The command that proposes it.
    #[must_use]
    pub fn into_command<N>(
        self,
        id: RecordId,
        expected_version: Option<i32>,
    ) -> ProposeAmendment<N> {
        ProposeAmendment {
            id,
            renames: false,
            renaming: None,
            wish: Wish {
                purpose: note(self.purpose),
                approval_document: label(self.approval_document),
                attributes: self.attributes.0,
                ..Wish::default()
            },
            reason_class: self.reason_class.0,
            reason: self.reason.0,
            effective_on: self.effective_on.map(|day| day.0),
            expected_version,
            noun: PhantomData,
        }
    }
}

/// The approval of an amendment.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct AmendmentApproval {
    /// From when on; by default what was proposed, or else today.
    #[deserr(default)]
    pub effective_on: Option<Day>,
}

impl AmendmentApproval {
    /// The command.
    #[must_use]
    pub fn into_command<N>(
        self,
        (id, number): (RecordId, i32),
        expected_version: Option<i32>,
        renaming: Option<Renaming>,
    ) -> DecideAmendment<N> {
        let renaming = renaming.map(Box::new);
        let effective_on = self.effective_on.map(|day| day.0);
        DecideAmendment {
            id,
            number,
            verdict: Verdict::Approve {
                effective_on,
                renaming,
            },
            expected_version,
            noun: PhantomData,
        }
    }
}

/// Why an amendment is rejected or taken back.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct AmendmentRefusal {
    /// Why.
    pub reason: Note,
}

impl AmendmentRefusal {
    /// The command of rejecting.
    #[must_use]
    pub fn into_reject<N>(
        self,
        (id, number): (RecordId, i32),
        expected_version: Option<i32>,
    ) -> DecideAmendment<N> {
        let reason = self.reason.0;
        DecideAmendment {
            id,
            number,
            verdict: Verdict::Reject { reason },
            expected_version,
            noun: PhantomData,
        }
    }

    /// The command of taking it back.
    #[must_use]
    pub fn into_withdraw<N>(
        self,
        (id, number): (RecordId, i32),
        expected_version: Option<i32>,
    ) -> DecideAmendment<N> {
        let reason = self.reason.0;
        DecideAmendment {
            id,
            number,
            verdict: Verdict::Withdraw { reason },
            expected_version,
            noun: PhantomData,
        }
    }
}

/// Which amendments to list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AmendmentQuery {
    /// Only those that stand here.
    #[deserr(default)]
    pub status: Option<AmendmentStatusWire>,
}
