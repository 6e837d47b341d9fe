//! Making an organisation.

use chrono::NaiveDate;

use super::error::OrganisationError;
use super::model::{Organisation, OrganisationTerms};
use super::{event, value_date, version};
use crate::code::Code;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ledger::Who;
use crate::ledger::store::BookRef;

/// Makes an organisation.
#[derive(Debug, Clone)]
pub struct CreateOrganisation {
    /// Its address.
    pub code: Code,
    /// What may be changed later.
    pub terms: OrganisationTerms,
    /// Since when these terms hold; today by default.
    pub effective_on: Option<NaiveDate>,
}

impl Command for CreateOrganisation {
    type Done = Organisation;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.organisations.want(&self.code);
    }

    fn decide(&self, desk: &Desk, _who: &Who) -> Result<Decision<Organisation>, Stop> {
        let on = value_date(desk, self.effective_on)?;
        if desk.organisations.find(&self.code)?.is_some() {
            return Err(OrganisationError::DuplicateCode(self.code.clone()).into());
        }
        let (code, terms) = (self.code.clone(), self.terms.clone());
        let organisation = Organisation {
            code,
            terms,
            version: 1,
        };
        let mut changes = Changes::of(event("organisation.created", &organisation, on));
        changes.version = Some(version(&organisation, desk, on)?);
        Ok(changes
            .put(Put::Organisation(organisation.clone()))
            .done(organisation))
    }
}
