//! Changing an organisation.

use chrono::NaiveDate;

use super::error::OrganisationError;
use super::model::{Organisation, OrganisationKind, OrganisationTerms};
use super::{event, value_date, version};
use crate::code::{Code, Name};
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ledger::Who;
use crate::ledger::store::BookRef;

/// What of an organisation is to be changed. `None` leaves a thing as it is, `Some(None)` takes
/// it away.
#[derive(Debug, Clone, Default)]
pub struct OrganisationPatch {
    /// Its name.
    pub name: Option<Name>,
    /// What sort it is.
    pub kind: Option<OrganisationKind>,
    /// Its registration number (ten digits).
    pub registration_number: Option<Option<String>>,
    /// Where what is known of it comes from.
    pub basis: Option<Option<String>>,
}

impl OrganisationPatch {
    fn apply(&self, before: &Organisation) -> Organisation {
        let old = before.terms.clone();
        let number = self.registration_number.clone();
        Organisation {
            code: before.code.clone(),
            terms: OrganisationTerms {
                name: self.name.clone().unwrap_or(old.name),
                kind: self.kind.unwrap_or(old.kind),
                registration_number: number.unwrap_or(old.registration_number),
                basis: self.basis.clone().unwrap_or(old.basis),
            },
            version: before.version.saturating_add(1),
        }
    }
}

/// Changes an organisation.
#[derive(Debug, Clone)]
pub struct ChangeOrganisation {
    /// The organisation.
    pub code: Code,
    /// The version that was read.
    pub expected_version: i32,
    /// Since when the change holds; today by default.
    pub effective_on: Option<NaiveDate>,
    /// What is to be changed.
    pub patch: OrganisationPatch,
}

impl Command for ChangeOrganisation {
    type Done = Organisation;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.organisations.want(&self.code);
    }

    fn decide(&self, desk: &Desk, _who: &Who) -> Result<Decision<Organisation>, Stop> {
        let before = desk
            .organisations
            .find(&self.code)?
            .ok_or(OrganisationError::NotFound)?;
        if before.version != self.expected_version {
            return Err(OrganisationError::Stale(before.version).into());
        }
        let on = value_date(desk, self.effective_on)?;
        let organisation = self.patch.apply(&before);
        let mut changes = Changes::of(event("organisation.changed", &organisation, on));
        changes.version = Some(version(&organisation, desk, on)?);
        Ok(changes
            .put(Put::Organisation(organisation.clone()))
            .done(organisation))
    }
}
