//! What callers say of donations.

use chrono::{DateTime, NaiveDate, Utc};
use deserr::Deserr;
use utoipa::{IntoParams, ToSchema};

use crate::donations::change::ChangeDonation;
use crate::donations::model::{Receipt, ReceiptClass, RecipientRole};
use crate::donations::receipt::RecordReceipt;
use crate::donations::record::RecordDonation;
use crate::donations::store::DonationFilter;
use crate::http::v1::funds::dto::{Label, Note, Year};
use crate::http::v1::payouts::dto::{FormWire, NewValues, StatusWire};
use crate::http::v1::payouts::resubmission::Resubmission;
use crate::http::wire::{
    AttributeChanges, AttributeIs, Attributes, Change, Choice, CodeIn, Day, Edit, Faults, WonIn,
};
use crate::ids::{RecordId, unique};
use crate::ledger::store::BookRef;
use crate::payouts::draft::NewPayout;
use crate::payouts::lookups::RecordFilter;
use crate::payouts::model::Verb;
use crate::payouts::patch::PayoutPatch;

/// What a recipient does with a gift.
pub type RecipientRoleWire = Choice<RecipientRole>;
/// The class of a donation receipt.
pub type ReceiptClassWire = Choice<ReceiptClass>;

/// A donation to be recorded. With neither program nor fund it is direct giving.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({
    "program": "mobility-support", "fund": "mobility-workers", "recipient": "hope-bridge",
    "recipient_role": "intermediary", "designated": true, "amount": "2200000000",
    "form": "cash", "planned_on": "2022-09-06"
}))]
pub struct NewDonation {
    /// The program; needed with a fund.
    #[deserr(default)]
    pub program: Option<CodeIn>,
    /// The fund; needed where the program has several.
    #[deserr(default)]
    pub fund: Option<CodeIn>,
    /// The year whose allocation it draws on; by default the planned one where that has an
    /// allocation, else none.
    #[deserr(default)]
    pub fiscal_year: Option<Year>,
    /// The organisation that receives it.
    pub recipient: CodeIn,
    /// Whether that keeps and uses it or passes it on.
    pub recipient_role: RecipientRoleWire,
    /// Whether its use is laid down (지정기부).
    pub designated: bool,
    /// In what form.
    pub form: FormWire,
    /// How much. In kind, the value at which the fund counts; outside any fund, the cost.
    pub amount: WonIn,
    /// What it is worth in kind.
    #[deserr(default)]
    pub values: Option<NewValues>,
    /// When it is meant to be paid; may lie in the future.
    pub planned_on: Day,
    /// When it is submitted: the earlier of today and `planned_on` by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
    /// What for.
    #[deserr(default)]
    pub purpose: Option<Note>,
    /// The document that approved it.
    #[deserr(default)]
    pub approval_document: Option<Label>,
    /// What the figure rests on.
    #[deserr(default)]
    pub basis: Option<Note>,
    /// The caller's own id, unique among the live records of the program.
    #[deserr(default)]
    pub external_id: Option<Label>,
    /// Labels of the caller's own.
    #[deserr(default)]
    pub attributes: Option<Attributes>,
}

impl NewDonation {
    /// The command that records it in `book`.
    #[must_use]
    pub fn into_command(self, book: BookRef, now: DateTime<Utc>) -> RecordDonation {
        RecordDonation {
            book,
            payout: NewPayout {
                unique: unique(now),
                program: self.program.map(|code| code.0),
                fund: self.fund.map(|code| code.0),
                fiscal_year: self.fiscal_year.and_then(|year| i32::try_from(year.0).ok()),
                form: self.form.0.into(),
                amount: self.amount.0,
                values: self.values.map(NewValues::values).unwrap_or_default(),
                planned_on: self.planned_on.0,
                effective_on: self.effective_on.map(|day| day.0),
                purpose: self.purpose.map(|note| note.0),
                external_id: self.external_id.map(|label| label.0),
                attributes: self.attributes.unwrap_or_default().0,
            },
            recipient: self.recipient.0,
            recipient_role: self.recipient_role.0,
            designated: self.designated,
            approval_document: self.approval_document.map(|label| label.0),
            basis: self.basis.map(|note| note.0),
        }
    }
}

/// What of a donation is to be changed; what is left out stays, what is null goes.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct DonationChanges {
    /// How much.
    #[deserr(default)]
    #[schema(value_type = WonIn, required = false)]
    pub amount: Edit<WonIn>,
    /// What it is worth in kind, as a whole.
    #[deserr(default)]
    #[schema(value_type = NewValues, required = false)]
    pub values: Edit<NewValues>,
    /// When it is meant to be paid.
    #[deserr(default)]
    #[schema(value_type = Day, required = false)]
    pub planned_on: Edit<Day>,
    /// What for.
    #[deserr(default)]
    #[schema(value_type = Option<Note>)]
    pub purpose: Change<Note>,
    /// The caller's own id.
    #[deserr(default)]
    #[schema(value_type = Option<Label>)]
    pub external_id: Change<Label>,
    /// Labels of the caller's own.
    #[deserr(default)]
    #[schema(required = false)]
    pub attributes: AttributeChanges,
    /// Whether the recipient keeps and uses it or passes it on.
    #[deserr(default)]
    #[schema(value_type = RecipientRoleWire, required = false)]
    pub recipient_role: Edit<RecipientRoleWire>,
    /// Whether its use is laid down.
    #[deserr(default)]
    #[schema(value_type = bool, required = false)]
    pub designated: Edit<bool>,
    /// The document that approved it.
    #[deserr(default)]
    #[schema(value_type = Option<Label>)]
    pub approval_document: Change<Label>,
}

impl DonationChanges {
    /// The command that changes what is submitted.
    #[must_use]
    pub fn into_edit(self, id: RecordId, expected_version: i32) -> ChangeDonation {
        self.into_command(id, (Verb::Edit, Some(expected_version)), None)
    }

    fn into_command(
        self,
        id: RecordId,
        (verb, expected_version): (Verb, Option<i32>),
        effective_on: Option<NaiveDate>,
    ) -> ChangeDonation {
        let label =
            |change: Change<Label>| change.into_option().map(|label| label.map(|label| label.0));
        ChangeDonation {
            id,
            verb,
            expected_version,
            effective_on,
            patch: PayoutPatch {
                amount: self.amount.into_option().map(|won| won.0),
                values: self.values.into_option().map(NewValues::values),
                planned_on: self.planned_on.into_option().map(|day| day.0),
                purpose: self
                    .purpose
                    .into_option()
                    .map(|note| note.map(|note| note.0)),
                external_id: label(self.external_id),
                attributes: self.attributes.0,
            },
            recipient_role: self.recipient_role.into_option().map(|choice| choice.0),
            designated: self.designated.into_option(),
            approval_document: label(self.approval_document),
        }
    }
}

/// What of a donation is changed before it is handed in again.
pub type DonationResubmission = Resubmission<DonationChanges>;

impl DonationResubmission {
    /// The command that hands it in again.
    #[must_use]
    pub fn into_command(self, id: RecordId, expected: Option<i32>) -> ChangeDonation {
        self.changes
            .into_command(id, (Verb::Resubmit, expected), self.effective_on)
    }
}

/// The receipt of a donation (기부금영수증).
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({"number": "2022-0153", "issued_on": "2022-09-20", "class": "특례"}))]
pub struct NewReceipt {
    /// Its number.
    pub number: Label,
    /// When it was issued.
    pub issued_on: Day,
    /// Its class under the tax law: 특례기부금 or 일반기부금.
    pub class: ReceiptClassWire,
}

impl NewReceipt {
    /// The command that records it.
    #[must_use]
    pub fn into_command(self, id: RecordId, expected_version: Option<i32>) -> RecordReceipt {
        let (number, class) = (self.number.0, self.class.0);
        let receipt = Receipt {
            number,
            issued_on: self.issued_on.0,
            class,
        };
        RecordReceipt {
            id,
            receipt,
            expected_version,
        }
    }
}

/// Which donations to list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DonationQuery {
    /// Only those that stand here.
    #[deserr(default)]
    pub status: Option<StatusWire>,
    /// Only those of a program.
    #[deserr(default)]
    pub program: Option<CodeIn>,
    /// Only those that draw on a fund.
    #[deserr(default)]
    pub fund: Option<CodeIn>,
    /// Only those to an organisation.
    #[deserr(default)]
    pub recipient: Option<CodeIn>,
    /// Only those submitted from this day on.
    #[deserr(default)]
    pub from: Option<Day>,
    /// Only those submitted up to this day.
    #[deserr(default)]
    pub to: Option<Day>,
    /// Only the one with this id of the caller's own.
    #[deserr(default)]
    pub external_id: Option<Label>,
    /// Only those that have an attribute.
    #[deserr(default)]
    #[param(inline)]
    pub attribute: Option<AttributeIs>,
    /// Only those whose purpose, external id, approval document or receipt number contains this.
    #[deserr(default)]
    pub q: Option<Label>,
}

impl DonationQuery {
    /// The filter that it asks for.
    #[must_use]
    pub fn into_filter(self) -> DonationFilter {
        let attribute = self
            .attribute
            .map(|attribute| (attribute.name, attribute.value));
        DonationFilter {
            records: RecordFilter {
                program: self.program.map(|code| code.0),
                programs: None,
                from: self.from.map(|day| day.0),
                to: self.to.map(|day| day.0),
                external_id: self.external_id.map(|label| label.0),
                attributes: attribute.into_iter().collect(),
                q: self.q.map(|label| label.0),
            },
            status: self.status.map(|choice| choice.0),
            fund: self.fund.map(|code| code.0),
            recipient: self.recipient.map(|code| code.0),
        }
    }
}
