//! What callers say of disbursements.

use chrono::{DateTime, NaiveDate, Utc};
use deserr::Deserr;
use utoipa::{IntoParams, ToSchema};

use crate::beneficiaries::model::BeneficiaryId;
use crate::beneficiaries::vault::Vault;
use crate::disbursements::change::ChangeDisbursement;
use crate::disbursements::model::Assessment;
use crate::disbursements::record::RecordDisbursement;
use crate::disbursements::store::DisbursementFilter;
use crate::http::problem::ApiError;
use crate::http::v1::beneficiaries::dto::{NewPayee, region};
use crate::http::v1::funds::dto::{Label, Note, Year};
use crate::http::v1::payouts::dto::{FormWire, NewValues, StatusWire};
use crate::http::v1::payouts::resubmission::Resubmission;
use crate::http::wire::{
    AttributeChanges, AttributeIs, Attributes, Change, CodeIn, Day, Edit, Faults, RegionIn, Text,
    WonIn,
};
use crate::ids::{RecordId, unique};
use crate::ledger::store::BookRef;
use crate::payouts::draft::NewPayout;
use crate::payouts::lookups::RecordFilter;
use crate::payouts::model::Verb;
use crate::payouts::patch::PayoutPatch;

/// The name of a tier, or of a version of rules.
pub type Grade = Text<40>;

/// A disbursement to be recorded.
#[derive(Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({
    "program": "sosin-merchants", "round": "1", "form": "in_kind", "amount": "300000",
    "beneficiary": {
        "kind": "merchant", "registration_number": "101-11-00013", "region": "11110"
    },
    "values": {"list": "300000"}, "planned_on": "2022-08-25"
}))]
pub struct NewDisbursement {
    /// The program.
    pub program: CodeIn,
    /// The fund; needed where the program has several.
    #[deserr(default)]
    pub fund: Option<CodeIn>,
    /// The year whose allocation it draws on; by default the planned one where that has an
    /// allocation, else none.
    #[deserr(default)]
    pub fiscal_year: Option<Year>,
    /// The wave of the program (차수); needed where the program pays once a round.
    #[deserr(default)]
    pub round: Option<Label>,
    /// Who is to be paid.
    pub beneficiary: NewPayee,
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
    /// The caller's own id, unique among the live records of the program.
    #[deserr(default)]
    pub external_id: Option<Label>,
    /// The voucher in the company's own accounting.
    #[deserr(default)]
    pub voucher_number: Option<Label>,
    /// How the damage was assessed; in a compensation program alone.
    #[deserr(default)]
    pub assessment: Option<NewAssessment>,
    /// Labels of the caller's own.
    #[deserr(default)]
    pub attributes: Option<Attributes>,
}

/// How a damage was assessed.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({
    "tier": "paid-service", "rule_version": "2022-12", "assessed_loss": "48000"
}))]
pub struct NewAssessment {
    /// Its class by the rules.
    pub tier: Grade,
    /// The version of the rules.
    pub rule_version: Grade,
    /// How large it is.
    pub assessed_loss: WonIn,
}

impl NewAssessment {
    fn assessment(self) -> Assessment {
        Assessment {
            tier: self.tier.0,
            rule_version: self.rule_version.0,
            assessed_loss: self.assessed_loss.0,
        }
    }
}

impl NewDisbursement {
    /// The command that records it in `book`.
    ///
    /// # Errors
    /// `internal` when the machine's cryptography fails.
    pub fn into_command(
        self,
        book: BookRef,
        vault: &Vault,
        now: DateTime<Utc>,
    ) -> Result<RecordDisbursement, ApiError> {
        let program = self.program.0;
        let kind = self.beneficiary.kind.0;
        let whom = self.beneficiary.into_whom(vault, now, &program)?;
        Ok(RecordDisbursement {
            book,
            payout: NewPayout {
                unique: unique(now),
                program: Some(program),
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
            kind,
            whom,
            round: self.round.map(|label| label.0),
            voucher_number: self.voucher_number.map(|label| label.0),
            assessment: self.assessment.map(NewAssessment::assessment),
        })
    }
}

/// What of a disbursement is to be changed; what is left out stays, what is null goes.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct DisbursementChanges {
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
    /// The wave of the program.
    #[deserr(default)]
    #[schema(value_type = Option<Label>)]
    pub round: Change<Label>,
    /// The voucher in the company's own accounting.
    #[deserr(default)]
    #[schema(value_type = Option<Label>)]
    pub voucher_number: Change<Label>,
    /// How the damage was assessed, as a whole; in a compensation program alone.
    #[deserr(default)]
    #[schema(value_type = Option<NewAssessment>)]
    pub assessment: Change<NewAssessment>,
    /// The part of the beneficiary that may be changed.
    #[deserr(default)]
    #[schema(value_type = PayeeChanges, required = false)]
    pub beneficiary: Edit<PayeeChanges>,
}

/// What of a beneficiary may be changed in a record. Who it is may not.
#[derive(Debug, Default, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct PayeeChanges {
    /// Where.
    #[deserr(default)]
    #[schema(value_type = Option<RegionIn>)]
    pub region: Change<RegionIn>,
}

impl DisbursementChanges {
    /// The command that changes what is submitted.
    #[must_use]
    pub fn into_edit(self, id: RecordId, expected_version: i32) -> ChangeDisbursement {
        self.into_command(id, (Verb::Edit, Some(expected_version)), None)
    }

    fn into_command(
        self,
        id: RecordId,
        (verb, expected_version): (Verb, Option<i32>),
        effective_on: Option<NaiveDate>,
    ) -> ChangeDisbursement {
        let label =
            |change: Change<Label>| change.into_option().map(|label| label.map(|label| label.0));
        let region = self.beneficiary.into_option().unwrap_or_default().region;
        ChangeDisbursement {
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
            region: region
                .into_option()
                .map(|region| region.map(|region| region.0)),
            round: label(self.round),
            voucher_number: label(self.voucher_number),
            assessment: self
                .assessment
                .into_option()
                .map(|found| found.map(NewAssessment::assessment)),
        }
    }
}

/// What of a disbursement is changed before it is handed in again.
pub type DisbursementResubmission = Resubmission<DisbursementChanges>;

impl DisbursementResubmission {
    /// The command that hands it in again.
    #[must_use]
    pub fn into_command(self, id: RecordId, expected: Option<i32>) -> ChangeDisbursement {
        self.changes
            .into_command(id, (Verb::Resubmit, expected), self.effective_on)
    }
}

/// Which disbursements to list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DisbursementQuery {
    /// Only those that stand here.
    #[deserr(default)]
    pub status: Option<StatusWire>,
    /// Only those of a program.
    #[deserr(default)]
    pub program: Option<CodeIn>,
    /// Only those that draw on a fund.
    #[deserr(default)]
    pub fund: Option<CodeIn>,
    /// Only those of a round.
    #[deserr(default)]
    pub round: Option<Label>,
    /// Only those in a region; a 시도 takes in its 시군구.
    #[deserr(default)]
    pub region: Option<RegionIn>,
    /// Only those to one beneficiary, by its id.
    #[deserr(default)]
    pub beneficiary: Option<Label>,
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
    /// Only those whose purpose, external id or voucher number contains this.
    #[deserr(default)]
    pub q: Option<Label>,
}

impl DisbursementQuery {
    /// The filter that it asks for.
    ///
    /// # Errors
    /// `unknown_region`.
    pub fn into_filter(self, today: NaiveDate) -> Result<DisbursementFilter, ApiError> {
        let attribute = self
            .attribute
            .map(|attribute| (attribute.name, attribute.value));
        Ok(DisbursementFilter {
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
            round: self.round.map(|label| label.0),
            region: region(self.region, today)?,
            beneficiary: self.beneficiary.map(|id| BeneficiaryId::stored(id.0)),
        })
    }
}
