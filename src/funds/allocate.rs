//! Allocations (배정): setting money of a fund aside for a program, and taking it back.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::error::FundError;
use super::model::{Fund, Openness};
use super::{Entry, entry, open_fund, subject, value_date};
use crate::code::Code;
use crate::desk::{Decision, Desk, Stop, both};
use crate::ledger::store::BookRef;
use crate::ledger::{AccountKey, Bucket, Form, Line, NewEvent, Transfer, TransferKind, Who};
use crate::money::Amount;
use crate::refusal::{FieldFault, Refusal};
use crate::text_enum::text_enum;

text_enum! {
    /// What happens to an allocation.
    AllocationKind {
        /// Money is set aside.
        Allocate = "allocate",
        /// Money is given back.
        Release = "release",
        /// Money is taken into another year (이월).
        CarryOver = "carry_over",
        /// Money was not used by the end of its year (불용).
        Lapse = "lapse",
    }
}

/// Changes what of a fund is set aside for a program.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Allocate {
    /// The fund's book.
    #[serde(skip, default = "BookRef::house")]
    pub book: BookRef,
    /// The fund.
    pub fund: Code,
    /// The program.
    pub program: Code,
    /// How much.
    pub amount: Amount,
    /// For which year, or without one.
    pub fiscal_year: Option<i32>,
    /// When; today by default.
    pub effective_on: Option<NaiveDate>,
    /// What happens.
    pub kind: AllocationKind,
    /// Into which year money is carried over.
    pub to_fiscal_year: Option<i32>,
}

impl Allocate {
    /// What it comes to, once nobody else has to agree to it.
    ///
    /// # Errors
    /// [`Stop`]: wrong fields, a wrong state, or not enough money.
    pub(crate) fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<Entry>, Stop> {
        let fund = open_fund(desk, &self.fund)?;
        let faults = self.faults(desk, &fund)?;
        let faulty = match faults.as_slice() {
            [] => Ok(()),
            _ => Err(Refusal::Fields(faults).into()),
        };
        let ((), on) = both(faulty, value_date(desk, self.effective_on))?;
        self.check_program_open(desk)?;
        let transfer = self.transfer(on);
        if let Some(short) = desk.shortfall(std::slice::from_ref(&transfer))? {
            return Err(FundError::short(&short).into());
        }
        let kind = match self.kind {
            AllocationKind::Allocate => "allocation.made",
            AllocationKind::Release => "allocation.released",
            AllocationKind::CarryOver => "allocation.carried_over",
            AllocationKind::Lapse => "allocation.lapsed",
        };
        let command = json!({
            "fund": self.fund,
            "program": self.program,
            "kind": self.kind,
            "amount": self.amount,
            "fiscal_year": self.fiscal_year,
            "to_fiscal_year": self.to_fiscal_year,
            "effective_on": on,
        });
        let event = NewEvent {
            kind,
            subject: subject(&self.fund),
            effective_on: on,
            command: command.to_string(),
        };
        Ok(entry(desk, who, event, vec![transfer]))
    }
}

impl Allocate {
    fn faults(&self, desk: &Desk, fund: &Fund) -> Result<Vec<FieldFault>, Stop> {
        let mut faults = Vec::new();
        match desk.programs.find(&self.program)? {
            None => {
                let fault = FieldFault::new("/program", "unknown_program");
                faults.push(fault.with("program", &self.program));
            }
            Some(program) if !program.funds.contains(&fund.code) => {
                let fault = FieldFault::new("/program", "program_not_of_fund");
                faults.push(
                    fault
                        .with("program", &self.program)
                        .with("fund", &fund.code),
                );
            }
            Some(_) => {}
        }
        let dated = self.fiscal_year.is_some();
        match (self.kind, self.to_fiscal_year) {
            (AllocationKind::CarryOver, None) => {
                faults.push(FieldFault::new("/to_fiscal_year", "missing"));
            }
            (AllocationKind::CarryOver, to) if to == self.fiscal_year => {
                faults.push(FieldFault::new("/to_fiscal_year", "same_fiscal_year"));
            }
            (AllocationKind::CarryOver, _) | (_, None) => {}
            (_, Some(_)) => {
                faults.push(FieldFault::new("/to_fiscal_year", "only_for_carry_over"));
            }
        }
        if !dated && matches!(self.kind, AllocationKind::CarryOver | AllocationKind::Lapse) {
            faults.push(FieldFault::new("/fiscal_year", "fiscal_year_required"));
        }
        Ok(faults)
    }

    /// A closed program gets nothing more, but what it has can be given back.
    fn check_program_open(&self, desk: &Desk) -> Result<(), Stop> {
        let takes = matches!(
            self.kind,
            AllocationKind::Allocate | AllocationKind::CarryOver
        );
        match desk.programs.find(&self.program)? {
            Some(program) if takes && program.status == Openness::Closed => {
                Err(FundError::ProgramClosed(self.program.clone()).into())
            }
            _ => Ok(()),
        }
    }

    fn available(&self, fiscal_year: Option<i32>) -> AccountKey {
        let (fund, program) = (Some(self.fund.clone()), Some(self.program.clone()));
        Line {
            fund,
            program,
            fiscal_year,
        }
        .bucket(Bucket::Available)
    }

    fn transfer(&self, effective_on: NaiveDate) -> Transfer {
        let unallocated = Line::of_fund(&self.fund).bucket(Bucket::Unallocated);
        let available = self.available(self.fiscal_year);
        let (kind, debit, credit) = match self.kind {
            AllocationKind::Allocate => (TransferKind::Allocate, unallocated, available),
            AllocationKind::Release => (TransferKind::Release, available, unallocated),
            AllocationKind::Lapse => (TransferKind::Lapse, available, unallocated),
            AllocationKind::CarryOver => (
                TransferKind::CarryOver,
                available,
                self.available(self.to_fiscal_year),
            ),
        };
        let amount = self.amount;
        Transfer {
            kind,
            form: Form::None,
            debit,
            credit,
            amount,
            effective_on,
            reverses: None,
        }
    }
}
