//! Making a limit another one, as an act that a second person agrees to.

use serde::{Deserialize, Serialize};

use crate::code::Code;
use crate::desk::changes::Put;
use crate::desk::{Changes, Decision, Desk, Stop};
use crate::funds::error::FundError;
use crate::funds::{Entry, open as funds_open, terms};
use crate::ledger::Who;
use crate::ledger::store::BookRef;
use crate::money::Amount;
use crate::programs;
use crate::programs::change as programs_change;
use crate::settings::{change, limits};

/// Whose limit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LimitOf {
    /// A fund's.
    Fund(Code),
    /// A program's.
    Program(Code),
    /// The house's.
    House,
}

/// Makes a limit another one.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SetLimit {
    /// The fund's book, or that of the house.
    #[serde(skip, default = "BookRef::house")]
    pub book: BookRef,
    /// Whose limit.
    pub of: LimitOf,
    /// Over how many won a second person is to be needed; none to have no limit of its own.
    pub second_approval_above: Option<Amount>,
    /// Why.
    pub reason: String,
}

impl SetLimit {
    /// What it comes to, once somebody else agrees to it.
    ///
    /// # Errors
    /// [`Stop`] when there is nothing of that name, or it is not in hand yet.
    pub(crate) fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Entry>, Stop> {
        let changes = match &self.of {
            LimitOf::Fund(code) => self.of_fund(desk, code)?,
            LimitOf::Program(code) => self.of_program(desk, code)?,
            LimitOf::House => {
                let before = limits::settings(desk)?;
                change::changed(desk, &before, self.second_approval_above).changes
            }
        };
        let entry = Entry::now(desk, who, &changes.event);
        Ok(changes.done(entry))
    }

    fn of_fund(&self, desk: &Desk, code: &Code) -> Result<Changes, Stop> {
        let fund = desk.funds.find(code)?.ok_or(FundError::NotFound)?;
        desk.expect_book(fund.book)?;
        let mut fund = (*fund).clone();
        fund.second_approval_above = self.second_approval_above;
        fund.version = fund.version.saturating_add(1);
        let mut changes = Changes::of(terms::changed(&fund, desk.today()));
        changes.version = Some(funds_open::version(&fund, desk, desk.today())?);
        Ok(changes.put(Put::Fund(fund)))
    }

    fn of_program(&self, desk: &Desk, code: &Code) -> Result<Changes, Stop> {
        let mut program = programs::find(desk, code)?;
        program.second_approval_above = self.second_approval_above;
        program.version = program.version.saturating_add(1);
        let mut changes = Changes::of(programs_change::changed(&program, desk.today()));
        changes.version = Some(programs::version(&program, desk, desk.today())?);
        Ok(changes.put(Put::Program(program)))
    }
}
