//! What callers say of people. Nothing here can be shown by Debug.

use chrono::{DateTime, NaiveDate, Utc};
use deserr::{Deserr, ValuePointerRef};
use utoipa::{IntoParams, ToSchema};

use crate::beneficiaries::model::PayeeKind;
use crate::beneficiaries::store::BeneficiaryFilter;
use crate::beneficiaries::vault::Vault;
use crate::beneficiaries::{Identity, Introduced, RecordBeneficiary, introduce};
use crate::code::Code;
use crate::disbursements::record::Whom;
use crate::http::problem::ApiError;
use crate::http::v1::funds::dto::Label;
use crate::http::wire::{Choice, CodeIn, Faults, RegionIn, RegistrationNumberIn, Whole};
use crate::refusal::Refusal;
use crate::regions::{self, RegionCode};

/// What sort of beneficiary.
pub type PayeeKindWire = Choice<PayeeKind>;
/// How many people.
pub type Headcount = Whole<1, 100_000_000>;

/// What identifies a person: exactly one of the two.
type Identifiers = (Option<RegistrationNumberIn>, Option<Label>);

/// A beneficiary to be recorded without a payment.
#[derive(Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields, validate = check_beneficiary -> Faults)]
#[schema(example = json!({
    "kind": "worker", "reference": "DRV-20831", "program": "mobility-support", "region": "11"
}))]
pub struct NewBeneficiary {
    /// What sort of beneficiary; not a group.
    pub kind: PayeeKindWire,
    /// 사업자등록번호: one person across the books.
    #[deserr(default)]
    pub registration_number: Option<RegistrationNumberIn>,
    /// The program's own mark for the person: one person in that program.
    #[deserr(default)]
    pub reference: Option<Label>,
    /// The program that a reference belongs to.
    #[deserr(default)]
    pub program: Option<CodeIn>,
    /// The name.
    #[deserr(default)]
    pub name: Option<Label>,
    /// Where.
    #[deserr(default)]
    pub region: Option<RegionIn>,
}

/// Who is to be paid.
#[derive(Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields, validate = check_payee -> Faults)]
#[schema(example = json!({
    "kind": "merchant", "registration_number": "101-11-00013", "region": "11110"
}))]
pub struct NewPayee {
    /// What sort of beneficiary.
    pub kind: PayeeKindWire,
    /// 사업자등록번호: one person across the books.
    #[deserr(default)]
    pub registration_number: Option<RegistrationNumberIn>,
    /// The program's own mark for the person: one person in that program.
    #[deserr(default)]
    pub reference: Option<Label>,
    /// The name.
    #[deserr(default)]
    pub name: Option<Label>,
    /// Where.
    #[deserr(default)]
    pub region: Option<RegionIn>,
    /// How many people a group has.
    #[deserr(default)]
    pub count: Option<Headcount>,
}

/// For whom something was sold.
#[derive(Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields, validate = check_producer -> Faults)]
#[schema(example = json!({"reference": "FARM-0007", "region": "50110"}))]
pub struct NewProducer {
    /// 사업자등록번호: one producer across the books.
    #[deserr(default)]
    pub registration_number: Option<RegistrationNumberIn>,
    /// The program's own mark for the producer: one producer in that program.
    #[deserr(default)]
    pub reference: Option<Label>,
    /// The name.
    #[deserr(default)]
    pub name: Option<Label>,
    /// Where.
    #[deserr(default)]
    pub region: Option<RegionIn>,
}

fn check_beneficiary(
    person: NewBeneficiary,
    at: ValuePointerRef<'_>,
) -> Result<NewBeneficiary, Faults> {
    let mut faults = Faults::default();
    if person.kind.0 == PayeeKind::Group {
        faults.add(at.push_key("kind"), "group_has_no_identity");
    }
    if person.reference.is_some() && person.program.is_none() {
        faults.add(at.push_key("program"), "program_required_with_reference");
    }
    check_identity(
        &person.registration_number,
        &person.reference,
        at,
        &mut faults,
    );
    if faults.is_empty() {
        Ok(person)
    } else {
        Err(faults)
    }
}

fn check_payee(payee: NewPayee, at: ValuePointerRef<'_>) -> Result<NewPayee, Faults> {
    let mut faults = Faults::default();
    if payee.kind.0 == PayeeKind::Group {
        let given = [
            ("registration_number", payee.registration_number.is_some()),
            ("reference", payee.reference.is_some()),
            ("name", payee.name.is_some()),
        ];
        for (field, _) in given.iter().filter(|(_, given)| *given) {
            faults.add(at.push_key(field), "group_has_no_identity");
        }
        if payee.count.is_none() {
            faults.add(at.push_key("count"), "missing");
        }
    } else {
        check_identity(
            &payee.registration_number,
            &payee.reference,
            at,
            &mut faults,
        );
        if payee.count.is_some() {
            faults.add(at.push_key("count"), "count_without_group");
        }
    }
    if faults.is_empty() {
        Ok(payee)
    } else {
        Err(faults)
    }
}

fn check_producer(producer: NewProducer, at: ValuePointerRef<'_>) -> Result<NewProducer, Faults> {
    let mut faults = Faults::default();
    check_identity(
        &producer.registration_number,
        &producer.reference,
        at,
        &mut faults,
    );
    if faults.is_empty() {
        Ok(producer)
    } else {
        Err(faults)
    }
}

fn check_identity(
    number: &Option<RegistrationNumberIn>,
    reference: &Option<Label>,
    at: ValuePointerRef<'_>,
    faults: &mut Faults,
) {
    match (number, reference) {
        (None, None) => faults.add(at, "identity_required"),
        (Some(_), Some(_)) => faults.add(at.push_key("reference"), "identity_twice"),
        _ => {}
    }
}

/// Seals a person whose identifiers were checked when they were read.
fn seal(
    (vault, now): (&Vault, DateTime<Utc>),
    (kind, program): (PayeeKind, Option<&Code>),
    identifiers: Identifiers,
    (name, region): (Option<Label>, Option<RegionIn>),
) -> Result<Introduced, ApiError> {
    let identity = match identifiers {
        (Some(number), _) => Identity::RegistrationNumber(number.0),
        (None, Some(reference)) => Identity::Reference(reference.0),
        (None, None) => return Err(Refusal::field("", "identity_required").into()),
    };
    let told = (name.map(|name| name.0), region.map(|region| region.0));
    introduce(vault, now, kind, &identity, program, told).map_err(ApiError::internal)
}

impl NewBeneficiary {
    /// The command that records it.
    ///
    /// # Errors
    /// `internal` when the machine's cryptography fails.
    pub fn into_command(
        self,
        vault: &Vault,
        now: DateTime<Utc>,
    ) -> Result<RecordBeneficiary, ApiError> {
        let program = self.program.map(|code| code.0);
        let identifiers = (self.registration_number, self.reference);
        let whom = (self.kind.0, program.as_ref());
        let introduced = seal((vault, now), whom, identifiers, (self.name, self.region))?;
        Ok(RecordBeneficiary {
            introduced,
            program,
        })
    }
}

impl NewPayee {
    /// The person, sealed, or the group.
    ///
    /// # Errors
    /// As [`NewBeneficiary::into_command`].
    pub fn into_whom(
        self,
        vault: &Vault,
        now: DateTime<Utc>,
        program: &Code,
    ) -> Result<Whom, ApiError> {
        match self.count {
            Some(count) => Ok(Whom::Group {
                count: count.0,
                region: self.region.map(|region| region.0),
            }),
            None => {
                let identifiers = (self.registration_number, self.reference);
                let whom = (self.kind.0, Some(program));
                seal((vault, now), whom, identifiers, (self.name, self.region)).map(Whom::One)
            }
        }
    }
}

impl NewProducer {
    /// The producer, sealed.
    ///
    /// # Errors
    /// As [`NewBeneficiary::into_command`].
    pub fn into_introduced(
        self,
        vault: &Vault,
        now: DateTime<Utc>,
        program: &Code,
    ) -> Result<Introduced, ApiError> {
        let identifiers = (self.registration_number, self.reference);
        let whom = (PayeeKind::Producer, Some(program));
        seal((vault, now), whom, identifiers, (self.name, self.region))
    }
}

/// Which beneficiaries to list.
#[derive(Debug, Deserr, IntoParams)]
#[deserr(error = Faults, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct BeneficiaryQuery {
    /// Only those of a kind.
    #[deserr(default)]
    pub kind: Option<PayeeKindWire>,
    /// Only those known by a reference of this program.
    #[deserr(default)]
    pub program: Option<CodeIn>,
    /// Only those in a region; a 시도 takes in its 시군구.
    #[deserr(default)]
    pub region: Option<RegionIn>,
}

impl BeneficiaryQuery {
    /// The filter that it asks for.
    ///
    /// # Errors
    /// As [`region`].
    pub fn into_filter(self, today: NaiveDate) -> Result<BeneficiaryFilter, ApiError> {
        Ok(BeneficiaryFilter {
            kind: self.kind.map(|choice| choice.0),
            program: self.program.map(|code| code.0),
            region: region(self.region, today)?,
        })
    }
}

/// The region that a list is narrowed to: by its own code whenever that was valid, by the ISO code
/// of a 시도 as it is today.
///
/// # Errors
/// `unknown_region`, `region_not_valid_on_date`.
pub fn region(wanted: Option<RegionIn>, today: NaiveDate) -> Result<Option<RegionCode>, ApiError> {
    let Some(RegionIn(text)) = wanted else {
        return Ok(None);
    };
    let code = RegionCode::parse(&text).or_else(|_| regions::find_on(&text, today));
    code.map(Some).map_err(|error| {
        let refusal = Refusal::field("?region", error.code());
        refusal.with("region", &text).with("day", today).into()
    })
}
