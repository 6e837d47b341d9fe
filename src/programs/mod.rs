//! Programs (사업): what money is spent on, and what sells produce for producers.
//!
//! [`create::CreateProgram`] makes one, [`change`] changes, closes and reopens it. A program is
//! never deleted, its kind is fixed, and it keeps every fund it ever drew on. All lie in the book
//! of the house; what a program's records move lies in the books of its funds, or in its own.

pub mod change;
pub mod create;
pub mod error;
pub mod model;
pub mod rules;
pub mod store;

use chrono::NaiveDate;

use crate::code::Code;
use crate::desk::{Desk, Stop};
use crate::refusal::{FieldFault, Refusal};
use crate::versions::Version;
use error::ProgramError;
use model::Program;

fn subject(program: &Code) -> String {
    format!("program:{program}")
}

/// The version of a program's terms to be kept.
pub(crate) fn version(program: &Program, desk: &Desk, on: NaiveDate) -> Result<Version, Stop> {
    Ok(Version {
        noun: "program",
        code: program.code.clone(),
        version: program.version,
        effective_on: on,
        recorded_at: desk.now(),
        document: crate::ledger::written(&program.terms)?,
    })
}

/// Makes sure that the fields of a program as it is to be from that day on are right.
///
/// # Errors
/// Every fault: lists too long, a partner or a fund that does not exist, a day ahead.
fn check(desk: &Desk, program: &Program, on: NaiveDate) -> Result<(), Stop> {
    let mut faults = rules::faults(program);
    if on > desk.today() {
        faults.push(FieldFault::new("/effective_on", "in_the_future"));
    }
    if let Some(partner) = &program.terms.partner
        && desk.organisations.find(partner)?.is_none()
    {
        let fault = FieldFault::new("/partner", "unknown_organisation");
        faults.push(fault.with("organisation", partner));
    }
    for (place, fund) in program.funds.iter().enumerate() {
        if desk.funds.find(fund)?.is_none() {
            let fault = FieldFault::new(format!("/funds/{place}"), "unknown_fund");
            faults.push(fault.with("fund", fund));
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Fields(faults).into())
    }
}

/// Makes sure that these funds are open.
fn open_funds<'a>(desk: &Desk, funds: impl Iterator<Item = &'a Code>) -> Result<(), Stop> {
    for fund in funds {
        if let Some(fund) = desk.funds.find(fund)? {
            rules::open(&fund)?;
        }
    }
    Ok(())
}

/// The program of that code.
pub(crate) fn find(desk: &Desk, code: &Code) -> Result<Program, Stop> {
    let program = desk.programs.find(code)?.ok_or(ProgramError::NotFound)?;
    Ok((*program).clone())
}
