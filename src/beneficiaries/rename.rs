//! Another name for a person. Both names stay readable to whoever may read names: the later one in
//! the person's own details, each sealed beside the amendment that changed it. They are erased with
//! the person. The log holds commitments to them, and nothing else does.

use std::rc::Rc;

use super::model::{Beneficiary, BeneficiaryId, SealedDetails};
use super::vault::{Commitment, PersonalDetails, Sealed, Vault, VaultError};
use crate::amendments::error::AmendmentError;
use crate::amendments::model::{NameVersion, SealedName};
use crate::desk::{Desk, Stop};
use crate::ids::RecordId;
use crate::text_enum::TextEnum;

/// A name, sealed, with the commitment to it.
#[derive(Debug, Clone)]
struct Committed {
    details: SealedDetails,
    digest: String,
}

/// Another name for a person, sealed before anything is decided.
#[derive(Debug, Clone)]
pub struct Renaming {
    beneficiary: BeneficiaryId,
    blind_index: String,
    /// What the person's details were when this was made.
    expected: Sealed,
    /// What they become.
    becomes: Sealed,
    former: Committed,
    later: Committed,
}

/// Seals another name for a person, for an amendment of that record.
///
/// # Errors
/// [`VaultError`] when the details do not open, or the machine's cryptography fails.
pub fn rename(
    vault: &Vault,
    record: &RecordId,
    person: &Beneficiary,
    name: Option<String>,
) -> Result<Renaming, VaultError> {
    let id = person.id.as_str();
    let mut details = vault.open(id, &person.details.sealed)?;
    let committed = |version, name: Option<String>| -> Result<Committed, VaultError> {
        let mut alone = PersonalDetails::default();
        alone.name = name;
        let commitment = Commitment::to(&alone)?;
        Ok(Committed {
            details: SealedDetails {
                sealed: vault.seal(&place(record, version, &person.id), &alone)?,
                salt: commitment.salt.clone(),
            },
            digest: commitment.digest,
        })
    };
    let former = committed(NameVersion::Former, details.name.clone())?;
    let later = committed(NameVersion::Later, name.clone())?;
    details.name = name;
    Ok(Renaming {
        beneficiary: person.id.clone(),
        blind_index: person.blind_index.clone(),
        expected: person.details.sealed.clone(),
        becomes: vault.seal(id, &details)?,
        former,
        later,
    })
}

/// Opens a name that was sealed with an amendment of that record.
///
/// # Errors
/// As [`Vault::open`].
pub fn open(
    vault: &Vault,
    record: &RecordId,
    name: &SealedName,
) -> Result<Option<String>, VaultError> {
    let place = place(record, name.version, &name.beneficiary);
    let details = vault.open(&place, &name.details.sealed)?;
    Ok(details.name.clone())
}

/// Where the seal of a name belongs.
fn place(record: &RecordId, version: NameVersion, person: &BeneficiaryId) -> String {
    format!("amendment/{record}/{}/{person}", version.as_str())
}

impl Renaming {
    /// Says that this person will be looked up.
    pub fn hint(&self, desk: &Desk) {
        desk.beneficiaries.want(&self.blind_index);
    }

    /// The person, who has to be there still.
    ///
    /// # Errors
    /// [`AmendmentError::DetailsErased`]; [`Stop::Fetch`].
    pub fn person(&self, desk: &Desk) -> Result<Rc<Beneficiary>, Stop> {
        let person = desk.beneficiaries.find(&self.blind_index)?;
        person.ok_or_else(|| AmendmentError::DetailsErased.into())
    }

    /// The person under the other name.
    ///
    /// # Errors
    /// As [`Renaming::person`]; [`AmendmentError::DetailsChanged`] where the details are no longer
    /// what they were when this was made.
    pub fn settle(&self, desk: &Desk) -> Result<Beneficiary, Stop> {
        let mut person = Beneficiary::clone(&*self.person(desk)?);
        if person.details.sealed != self.expected {
            return Err(AmendmentError::DetailsChanged.into());
        }
        person.details.sealed = self.becomes.clone();
        Ok(person)
    }

    /// The name before or after, as it is kept with that amendment.
    #[must_use]
    pub fn name(&self, number: i32, version: NameVersion) -> SealedName {
        SealedName {
            number,
            version,
            beneficiary: self.beneficiary.clone(),
            details: self.committed(version).details.clone(),
        }
    }

    /// The salted commitment to the name before or after, for the log.
    #[must_use]
    pub fn commitment(&self, version: NameVersion) -> &str {
        &self.committed(version).digest
    }

    fn committed(&self, version: NameVersion) -> &Committed {
        match version {
            NameVersion::Former => &self.former,
            NameVersion::Later => &self.later,
        }
    }
}
