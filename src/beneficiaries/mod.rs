//! Beneficiaries: pseudonyms in the books, personal details locked away.
//!
//! The log, the records, the stored answers and every index carry a random id. What identifies a
//! person is encrypted under the person's own key and found again by a keyed hash.

pub mod masking;
pub mod merges;
pub mod model;
pub mod registration_number;
pub mod rename;
pub mod store;
pub mod vault;

use std::rc::Rc;

use chrono::{DateTime, Utc};
use serde_json::json;

use crate::access::secret::random_id;
use crate::code::Code;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop, both};
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::refusal::Refusal;
use crate::regions::{self, RegionCode, RegionError};
use model::{Beneficiary, BeneficiaryId, PayeeKind, SealedDetails};
use registration_number::RegistrationNumber;
use vault::{Commitment, Identifier, PersonalDetails, Vault, VaultError};

/// What identifies a person.
#[derive(Debug, Clone)]
pub enum Identity {
    /// A business registration number: one person across the books.
    RegistrationNumber(RegistrationNumber),
    /// A reference of the program's own: one person in its program.
    Reference(String),
}

/// A person as a caller names it, sealed and ready to be recorded if it is new.
#[derive(Debug, Clone)]
pub struct Introduced {
    candidate: Box<Beneficiary>,
    commitment: String,
    region: Option<String>,
}

/// Seals what a caller says of a person.
///
/// # Errors
/// [`VaultError`] when the machine's cryptography fails.
pub fn introduce(
    vault: &Vault,
    now: DateTime<Utc>,
    kind: PayeeKind,
    identity: &Identity,
    program: Option<&Code>,
    (name, region): (Option<String>, Option<String>),
) -> Result<Introduced, VaultError> {
    let id = random_id(now);
    let mut details = PersonalDetails {
        registration_number: None,
        reference: None,
        name,
    };
    let (blind_index, known_in) = match identity {
        Identity::RegistrationNumber(number) => {
            details.registration_number = Some(number.as_digits().to_owned());
            (
                vault.blind_index(Identifier::RegistrationNumber(number.as_digits())),
                None,
            )
        }
        Identity::Reference(reference) => {
            details.reference = Some(reference.clone());
            let identifier = Identifier::Reference {
                program: program.map_or("", Code::as_str),
                reference,
            };
            (vault.blind_index(identifier), program.cloned())
        }
    };
    let commitment = Commitment::to(&details)?;
    let sealed = vault.seal(&id, &details)?;
    let candidate = Beneficiary {
        id: BeneficiaryId::stored(id),
        blind_index,
        kind,
        program: known_in,
        region: None,
        recorded_at: now,
        merged_into: None,
        details: SealedDetails {
            sealed,
            salt: commitment.salt.clone(),
        },
    };
    Ok(Introduced {
        candidate: Box::new(candidate),
        commitment: commitment.digest.clone(),
        region,
    })
}

impl Introduced {
    /// Says that this person will be looked up.
    pub fn hint(&self, desk: &Desk) {
        desk.beneficiaries.want(&self.candidate.blind_index);
    }

    /// The person, where it was looked up and found; says that it will be looked up where not.
    #[must_use]
    pub fn known(&self, desk: &Desk) -> Option<Rc<Beneficiary>> {
        let found = desk.beneficiaries.find(&self.candidate.blind_index);
        found.ok().flatten()
    }

    /// The region as the caller wrote it.
    #[must_use]
    pub fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The person's id, and the row to be written if it was not known before.
    ///
    /// # Errors
    /// [`Stop::Fetch`] when it was not looked up yet.
    pub fn settle(
        &self,
        desk: &Desk,
        region: Option<RegionCode>,
    ) -> Result<(BeneficiaryId, Option<Beneficiary>), Stop> {
        if let Some(known) = desk.beneficiaries.find(&self.candidate.blind_index)? {
            return Ok((known.id.clone(), None));
        }
        let new = Beneficiary {
            region,
            ..(*self.candidate).clone()
        };
        Ok((new.id.clone(), Some(new)))
    }

    /// The mark by which the person is found, whether it is known yet or not.
    #[must_use]
    pub fn mark(&self) -> &str {
        &self.candidate.blind_index
    }

    /// The salted commitment to the details, for the log.
    #[must_use]
    pub fn commitment(&self) -> &str {
        &self.commitment
    }
}

/// Reads a region as it was valid on a day.
///
/// # Errors
/// A field fault at `field`.
pub fn region_on(
    text: Option<&str>,
    on: chrono::NaiveDate,
    field: &str,
) -> Result<Option<RegionCode>, Refusal> {
    let Some(text) = text else { return Ok(None) };
    regions::find_on(text, on).map(Some).map_err(|error| {
        let refusal = Refusal::field(field, error.code()).with("region", text);
        match error {
            RegionError::Unknown => refusal,
            RegionError::NotValidOn { day, .. } => refusal.with("day", day),
        }
    })
}

/// Records a person without paying them yet.
#[derive(Debug, Clone)]
pub struct RecordBeneficiary {
    /// The person.
    pub introduced: Introduced,
    /// The program that a reference belongs to.
    pub program: Option<Code>,
}

impl Command for RecordBeneficiary {
    type Done = Beneficiary;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        self.introduced.hint(desk);
    }

    fn decide(&self, desk: &Desk, _who: &Who) -> Result<Decision<Beneficiary>, Stop> {
        let region = region_on(self.introduced.region(), desk.today(), "/region");
        let ((), region) = both(self.known_program(desk), region.map_err(Stop::from))?;
        let (id, new) = self.introduced.settle(desk, region)?;
        let Some(new) = new else {
            return Err(Refusal::rule("duplicate_beneficiary").with("id", id).into());
        };
        let event = NewEvent {
            kind: "beneficiary.recorded",
            subject: format!("beneficiary:{id}"),
            effective_on: desk.today(),
            command: json!({
                "id": id,
                "kind": new.kind,
                "program": self.program,
                "region": region,
                "commitment": self.introduced.commitment(),
            })
            .to_string(),
        };
        Ok(Changes::of(event)
            .put(Put::Beneficiary(new.clone()))
            .done(new))
    }
}

impl RecordBeneficiary {
    fn known_program(&self, desk: &Desk) -> Result<(), Stop> {
        match &self.program {
            Some(program) if desk.programs.find(program)?.is_none() => {
                let refusal = Refusal::field("/program", "unknown_program");
                Err(refusal.with("program", program).into())
            }
            _ => Ok(()),
        }
    }
}
