//! Making a program.

use chrono::NaiveDate;
use serde_json::json;

use super::error::ProgramError;
use super::model::{Approval, OnePaymentPer, Program, ProgramKind, ProgramTerms};
use super::{check, open_funds, subject, version};
use crate::code::Code;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::funds::model::Openness;
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};
use crate::money::Amount;
use crate::settings::limits;

/// Makes a program.
#[derive(Debug, Clone)]
pub struct CreateProgram {
    /// Its address.
    pub code: Code,
    /// What it does.
    pub kind: ProgramKind,
    /// The funds it draws on; none for a program that pays outside any fund.
    pub funds: Vec<Code>,
    /// Who has to approve.
    pub approval: Approval,
    /// Over how many won a second person has to approve; none where the house's limit is to hold.
    pub second_approval_above: Option<Amount>,
    /// How often one beneficiary may be paid.
    pub one_payment_per: OnePaymentPer,
    /// What may be changed later.
    pub terms: ProgramTerms,
    /// Since when these terms hold; today by default.
    pub effective_on: Option<NaiveDate>,
}

impl Command for CreateProgram {
    type Done = Program;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.programs.want(&self.code);
        self.funds.iter().for_each(|fund| desk.funds.want(fund));
        self.terms
            .partner
            .iter()
            .for_each(|partner| desk.organisations.want(partner));
    }

    fn decide(&self, desk: &Desk, _who: &Who) -> Result<Decision<Program>, Stop> {
        let on = self.effective_on.unwrap_or_else(|| desk.today());
        let program = self.program();
        check(desk, &program, on)?;
        if desk.programs.find(&self.code)?.is_some() {
            return Err(ProgramError::DuplicateCode(self.code.clone()).into());
        }
        open_funds(desk, self.funds.iter())?;
        let house = limits::of_program(desk, None)?;
        limits::may_become(house, limits::of_program(desk, Some(&program))?)?;
        let mut changes = Changes::of(event(&program, on));
        changes.version = Some(version(&program, desk, on)?);
        Ok(changes.put(Put::Program(program.clone())).done(program))
    }
}

impl CreateProgram {
    fn program(&self) -> Program {
        Program {
            code: self.code.clone(),
            kind: self.kind,
            funds: self.funds.clone(),
            approval: self.approval,
            second_approval_above: self.second_approval_above,
            one_payment_per: self.one_payment_per,
            terms: self.terms.clone(),
            status: Openness::Open,
            version: 1,
        }
    }
}

fn event(program: &Program, on: NaiveDate) -> NewEvent {
    NewEvent {
        kind: "program.created",
        subject: subject(&program.code),
        effective_on: on,
        command: json!({
            "program": program.code,
            "kind": program.kind,
            "funds": program.funds,
            "approval": program.approval,
            "second_approval_above": program.second_approval_above,
            "one_payment_per": program.one_payment_per,
            "terms": program.terms,
            "effective_on": on,
        })
        .to_string(),
    }
}
