//! Making an indicator.

use chrono::NaiveDate;

use super::error::IndicatorError;
use super::model::{Indicator, IndicatorTerms};
use super::{checked, event, version};
use crate::code::Code;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ledger::Who;
use crate::ledger::store::BookRef;

/// Makes an indicator.
#[derive(Debug, Clone)]
pub struct CreateIndicator {
    /// Its address.
    pub code: Code,
    /// What may be changed later.
    pub terms: IndicatorTerms,
    /// Since when these terms hold; today by default.
    pub effective_on: Option<NaiveDate>,
}

impl Command for CreateIndicator {
    type Done = Indicator;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.indicators.want(&self.code);
        if let Some(program) = &self.terms.program {
            desk.programs.want(program);
        }
    }

    fn decide(&self, desk: &Desk, _who: &Who) -> Result<Decision<Indicator>, Stop> {
        let indicator = Indicator {
            code: self.code.clone(),
            terms: self.terms.clone(),
            version: 1,
        };
        let on = checked(&indicator, desk, self.effective_on)?;
        if desk.indicators.find(&self.code)?.is_some() {
            return Err(IndicatorError::DuplicateCode(self.code.clone()).into());
        }
        let mut changes = Changes::of(event("indicator.created", &indicator, on));
        changes.version = Some(version(&indicator, desk, on)?);
        Ok(changes
            .put(Put::Indicator(indicator.clone()))
            .done(indicator))
    }
}
