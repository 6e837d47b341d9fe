//! What callers say of programs.

use deserr::Deserr;
use utoipa::{IntoParams, ToSchema};

use super::tags::{TagChangesIn, TagsIn};
use crate::code::Code;
use crate::http::v1::funds::dto::{Label, Note, OpennessWire};
use crate::http::wire::{Change, Choice, CodeIn, CostIn, Day, Edit, Faults, Items, NameIn, WonIn};
use crate::programs::change::{ChangeProgram, ProgramPatch};
use crate::programs::create::CreateProgram;
use crate::programs::model::{Approval, OnePaymentPer, ProgramKind, ProgramTerms};
use crate::programs::rules::MAX_FUNDS;
use crate::programs::store::ProgramFilter;

/// What a program does.
pub type ProgramKindWire = Choice<ProgramKind>;
/// Who has to approve.
pub type ApprovalWire = Choice<Approval>;
/// How often one beneficiary may be paid.
pub type OnePaymentPerWire = Choice<OnePaymentPer>;
/// The funds of a program.
pub type FundCodes = Items<CodeIn, MAX_FUNDS>;

/// A program to be made.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({
    "code": "sosin-merchants", "name": {"ko": "소신상인", "en": "Sosin merchants"},
    "kind": "merchant_support", "funds": ["co-prosperity"], "partner": null,
    "approval": "four_eyes", "one_payment_per": "round", "area": "merchants"
}))]
pub struct NewProgram {
    /// Its address from now on.
    pub code: CodeIn,
    /// Its name.
    pub name: NameIn,
    /// What it does; fixed from now on.
    pub kind: ProgramKindWire,
    /// The funds it draws on; none for a program that pays outside any fund.
    #[deserr(default)]
    pub funds: Option<FundCodes>,
    /// The organisation that runs it (수행기관).
    #[deserr(default)]
    pub partner: Option<CodeIn>,
    /// Who has to approve a record; a second person by default.
    #[deserr(default)]
    pub approval: Option<ApprovalWire>,
    /// Over how many won a second person has to approve, whatever `approval` says; by default as for
    /// the house.
    #[deserr(default)]
    pub second_approval_above: Option<WonIn>,
    /// How often one beneficiary may be paid; as often as recorded by default.
    #[deserr(default)]
    pub one_payment_per: Option<OnePaymentPerWire>,
    /// A free area such as "merchants", by which plans group programs.
    #[deserr(default)]
    pub area: Option<Label>,
    /// Labels by scheme.
    #[deserr(default)]
    pub tags: Option<TagsIn>,
    /// What running it costs a year; kept apart from what is given.
    #[deserr(default)]
    pub management_cost: Option<CostIn>,
    /// What its figures rest on.
    #[deserr(default)]
    pub basis: Option<Note>,
    /// Since when this holds; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
}

impl NewProgram {
    /// The command that makes it.
    #[must_use]
    pub fn into_command(self) -> CreateProgram {
        CreateProgram {
            code: self.code.0,
            kind: self.kind.0,
            funds: self.funds.map(codes).unwrap_or_default(),
            approval: self.approval.map_or(Approval::FourEyes, |choice| choice.0),
            second_approval_above: self.second_approval_above.map(|won| won.0),
            one_payment_per: self
                .one_payment_per
                .map_or(OnePaymentPer::None, |choice| choice.0),
            terms: ProgramTerms {
                name: self.name.into_name(),
                partner: self.partner.map(|code| code.0),
                area: self.area.map(|label| label.0),
                tags: self.tags.unwrap_or_default().0,
                management_cost: self.management_cost.map(|cost| cost.0),
                basis: self.basis.map(|note| note.0),
            },
            effective_on: self.effective_on.map(|day| day.0),
        }
    }
}

fn codes(codes: FundCodes) -> Vec<Code> {
    codes.0.into_iter().map(|code| code.0).collect()
}

/// What of a program is to be changed; what is left out stays, what is null goes.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ProgramChanges {
    /// Its name.
    #[deserr(default)]
    #[schema(value_type = NameIn, required = false)]
    pub name: Edit<NameIn>,
    /// All the funds it draws on from now on; none of those before may be missing.
    #[deserr(default)]
    #[schema(value_type = FundCodes, required = false)]
    pub funds: Edit<FundCodes>,
    /// The organisation that runs it.
    #[deserr(default)]
    #[schema(value_type = Option<CodeIn>)]
    pub partner: Change<CodeIn>,
    /// Who has to approve what is recorded from now on.
    #[deserr(default)]
    #[schema(value_type = ApprovalWire, required = false)]
    pub approval: Edit<ApprovalWire>,
    /// Over how many won a second person has to approve. Stricter at once; looser only by a proposal.
    #[deserr(default)]
    #[schema(value_type = Option<WonIn>)]
    pub second_approval_above: Change<WonIn>,
    /// How often one beneficiary may be paid by what is recorded from now on.
    #[deserr(default)]
    #[schema(value_type = OnePaymentPerWire, required = false)]
    pub one_payment_per: Edit<OnePaymentPerWire>,
    /// A free area.
    #[deserr(default)]
    #[schema(value_type = Option<Label>)]
    pub area: Change<Label>,
    /// Labels by scheme.
    #[deserr(default)]
    #[schema(value_type = Option<TagChangesIn>)]
    pub tags: Change<TagChangesIn>,
    /// What running it costs a year.
    #[deserr(default)]
    #[schema(value_type = Option<CostIn>)]
    pub management_cost: Change<CostIn>,
    /// What its figures rest on.
    #[deserr(default)]
    #[schema(value_type = Option<Note>)]
    pub basis: Change<Note>,
    /// Since when the change holds; today by default.
    #[deserr(default)]
    pub effective_on: Option<Day>,
}

impl ProgramChanges {
    /// The command that changes it.
    #[must_use]
    pub fn into_command(self, code: Code, expected_version: i32) -> ChangeProgram {
        let cost = self.management_cost.into_option();
        let patch = ProgramPatch {
            name: self.name.into_option().map(NameIn::into_name),
            partner: self
                .partner
                .into_option()
                .map(|code| code.map(|code| code.0)),
            area: self
                .area
                .into_option()
                .map(|label| label.map(|label| label.0)),
            tags: self.tags.into_option().map(|tags| tags.map(|tags| tags.0)),
            management_cost: cost.map(|cost| cost.map(|cost| cost.0)),
            basis: self.basis.into_option().map(|note| note.map(|note| note.0)),
            funds: self.funds.into_option().map(codes),
            approval: self.approval.into_option().map(|choice| choice.0),
            second_approval_above: self
                .second_approval_above
                .into_option()
                .map(|above| above.map(|won| won.0)),
            one_payment_per: self.one_payment_per.into_option().map(|choice| choice.0),
        };
        let effective_on = self.effective_on.map(|day| day.0);
        ChangeProgram {
            code,
            expected_version,
            effective_on,
            patch,
        }
    }
}

/// Which programs to list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProgramQuery {
    /// Only open or only closed ones.
    #[deserr(default)]
    pub status: Option<OpennessWire>,
    /// Only those of a kind.
    #[deserr(default)]
    pub kind: Option<ProgramKindWire>,
    /// Only those that draw on a fund.
    #[deserr(default)]
    pub fund: Option<CodeIn>,
    /// Only those that an organisation runs.
    #[deserr(default)]
    pub partner: Option<CodeIn>,
    /// Only those whose code or name contains this.
    #[deserr(default)]
    pub q: Option<Label>,
}

impl ProgramQuery {
    /// The filter that it asks for.
    #[must_use]
    pub fn into_filter(self) -> ProgramFilter {
        ProgramFilter {
            status: self.status.map(|choice| choice.0),
            kind: self.kind.map(|choice| choice.0),
            fund: self.fund.map(|code| code.0),
            partner: self.partner.map(|code| code.0),
            q: self.q.map(|label| label.0),
            programs: None,
        }
    }
}
