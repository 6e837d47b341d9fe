//! A new payout: its program, its fund, its budget line, its dates, its value.

use std::collections::BTreeMap;
use std::rc::Rc;

use chrono::{Datelike, NaiveDate};
use uuid::Uuid;

use super::advance;
use super::error::PayoutError;
use super::model::{Amounts, Payout, Status, Step, Values, Verb};
use super::rules;
use crate::beneficiaries::model::BeneficiaryId;
use crate::code::Code;
use crate::desk::{Desk, Stop};
use crate::funds::model::{CountedAt, Fund, Openness};
use crate::ids::RecordId;
use crate::ledger::{Bucket, Form, Line, Who};
use crate::money::Amount;
use crate::programs::model::{Approval, Program};
use crate::refusal::{FieldFault, Refusal};
use crate::settings::limits;

/// What a caller says of a new payout, whatever its noun.
#[derive(Debug, Clone)]
pub struct NewPayout {
    /// What its id is made from.
    pub unique: Uuid,
    /// The program; none for direct giving.
    pub program: Option<Code>,
    /// The fund, where the program has several.
    pub fund: Option<Code>,
    /// The fiscal year whose allocation it draws on.
    pub fiscal_year: Option<i32>,
    /// Cash or in kind.
    pub form: Form,
    /// How much.
    pub amount: Amount,
    /// What it is worth in kind.
    pub values: Values,
    /// When it is meant to be paid.
    pub planned_on: NaiveDate,
    /// When it is submitted: the earlier of today and `planned_on` by default.
    pub effective_on: Option<NaiveDate>,
    /// What for.
    pub purpose: Option<String>,
    /// The caller's own id.
    pub external_id: Option<String>,
    /// Labels of the caller's own.
    pub attributes: BTreeMap<String, String>,
}

impl NewPayout {
    /// The date of submission.
    #[must_use]
    pub fn submitted_on(&self, today: NaiveDate) -> NaiveDate {
        self.effective_on
            .unwrap_or_else(|| today.min(self.planned_on))
    }
}

/// A payout that passed every check that does not depend on its noun.
#[derive(Debug)]
pub struct Draft {
    /// The payout, submitted.
    pub payout: Payout,
    /// Its program.
    pub program: Option<Rc<Program>>,
    /// Its fund.
    pub fund: Option<Rc<Fund>>,
}

/// Names what a new payout to this person is sure to ask for.
pub fn hint(desk: &Desk, noun: &'static str, new: &NewPayout, person: Option<&BeneficiaryId>) {
    desk.settings.want(&());
    if let Some(external_id) = &new.external_id {
        desk.external_ids
            .want(&(noun, new.program.clone(), external_id.clone()));
    }
    let Ok((Some(program), fund)) = payers(desk, new, &mut Vec::new()) else {
        return;
    };
    let Ok(line) = line(desk, new, Some(&program), fund.as_deref()) else {
        return;
    };
    if program.approval == Approval::None {
        advance::hint(desk, &line, Verb::Approve, person);
    }
}

/// Checks a new payout and picks its budget line.
///
/// # Errors
/// [`Stop`]: every wrong field at once, or the state of fund, program or records.
pub fn draft(desk: &Desk, who: &Who, noun: &'static str, new: &NewPayout) -> Result<Draft, Stop> {
    let mut faults = Vec::new();
    let (program, fund) = payers(desk, new, &mut faults)?;
    let effective_on = new.submitted_on(desk.today());
    if effective_on > desk.today() {
        faults.push(FieldFault::new("/effective_on", "in_the_future"));
    }
    if new.fiscal_year.is_some() && fund.is_none() {
        faults.push(FieldFault::new("/fiscal_year", "fiscal_year_without_fund"));
    }
    faults.extend(in_kind_fault(
        new.form,
        new.amount,
        &new.values,
        fund.as_deref(),
    ));
    if !faults.is_empty() {
        return Err(Refusal::Fields(faults).into());
    }
    open(program.as_deref(), fund.as_deref())?;
    unused_external_id(
        desk,
        noun,
        new.program.as_ref(),
        new.external_id.as_ref(),
        None,
    )?;
    let above = limits::of_program(desk, program.as_deref())?;
    let line = line(desk, new, program.as_deref(), fund.as_deref())?;
    let step = Step {
        verb: Verb::Submit,
        actor: who.actor.clone(),
        effective_on,
        recorded_at: desk.now(),
        sequence: desk.next_sequence(),
        amount: Some(new.amount),
        reason_class: None,
        reason: None,
        bank_reference: None,
        content: None,
    };
    let payout = Payout {
        id: RecordId::new(new.unique, desk.book()),
        line,
        form: new.form,
        amount: new.amount,
        values: new.values,
        planned_on: new.planned_on,
        effective_on,
        purpose: new.purpose.clone(),
        external_id: new.external_id.clone(),
        attributes: new.attributes.clone(),
        approvals_needed: rules::approvals_needed(new.amount, above),
        status: Status::Submitted,
        amounts: Amounts::default(),
        steps: vec![step],
        version: 1,
    };
    Ok(Draft {
        payout,
        program,
        fund,
    })
}

type Payers = (Option<Rc<Program>>, Option<Rc<Fund>>);

/// The program, and the fund that pays: the only one it has, or the one that was named.
fn payers(desk: &Desk, new: &NewPayout, faults: &mut Vec<FieldFault>) -> Result<Payers, Stop> {
    let Some(code) = &new.program else {
        if new.fund.is_some() {
            faults.push(FieldFault::new("/program", "program_required_with_fund"));
        }
        return Ok((None, None));
    };
    let Some(program) = desk.programs.find(code)? else {
        faults.push(FieldFault::new("/program", "unknown_program").with("program", code));
        return Ok((None, None));
    };
    let paying = match (&new.fund, program.funds.as_slice()) {
        (Some(fund), funds) if funds.contains(fund) => Some(fund),
        (Some(fund), _) => {
            let fault = FieldFault::new("/fund", "fund_not_of_program");
            faults.push(fault.with("fund", fund).with("program", code));
            None
        }
        (None, [only]) => Some(only),
        (None, []) => None,
        (None, _) => {
            faults.push(FieldFault::new("/fund", "fund_required").with("program", code));
            None
        }
    };
    let fund = match paying {
        Some(fund) => desk.funds.find(fund)?,
        None => None,
    };
    if let Some(fund) = &fund {
        desk.expect_book(fund.book)?;
    }
    Ok((Some(program), fund))
}

/// In kind, the amount is the value at which the fund counts; outside any fund, the cost.
#[must_use]
pub fn in_kind_fault(
    form: Form,
    amount: Amount,
    values: &Values,
    fund: Option<&Fund>,
) -> Option<FieldFault> {
    if form != Form::InKind {
        return None;
    }
    let counted_at = fund.map_or(CountedAt::Cost, |fund| fund.in_kind_counted_at);
    let counted = match counted_at {
        CountedAt::Cost => values.cost.map(|cost| cost.get()),
        CountedAt::List => values.list.map(|list| list.get()),
    };
    let field = format!("/values/{counted_at}");
    match counted {
        None => Some(FieldFault::new(field, "value_required_in_kind").with("value", counted_at)),
        Some(counted) if counted != amount.get() => {
            Some(FieldFault::new("/amount", "amount_is_not_value").with("value", counted_at))
        }
        Some(_) => None,
    }
}

/// Makes sure that both are open.
///
/// # Errors
/// [`PayoutError::ProgramClosed`], [`PayoutError::FundClosed`].
pub fn open(program: Option<&Program>, fund: Option<&Fund>) -> Result<(), PayoutError> {
    if let Some(program) = program.filter(|program| program.status == Openness::Closed) {
        return Err(PayoutError::ProgramClosed(program.code.clone()));
    }
    if let Some(fund) = fund.filter(|fund| fund.status == Openness::Closed) {
        return Err(PayoutError::FundClosed(fund.code.clone()));
    }
    Ok(())
}

/// Makes sure that no other live record of the program has this external id.
///
/// # Errors
/// [`PayoutError::DuplicateExternalId`] as a [`Stop`].
pub fn unused_external_id(
    desk: &Desk,
    noun: &'static str,
    program: Option<&Code>,
    external_id: Option<&String>,
    own: Option<&RecordId>,
) -> Result<(), Stop> {
    let Some(external_id) = external_id else {
        return Ok(());
    };
    match desk
        .external_ids
        .find(&(noun, program.cloned(), external_id.clone()))?
    {
        Some(other) if Some(&other.record) != own => {
            Err(PayoutError::DuplicateExternalId(other.record.clone()).into())
        }
        _ => Ok(()),
    }
}

/// The budget line: the fiscal year asked for; else the planned year where it has an allocation;
/// else the undated one. Never two.
fn line(
    desk: &Desk,
    new: &NewPayout,
    program: Option<&Program>,
    fund: Option<&Fund>,
) -> Result<Line, Stop> {
    let undated = Line {
        fund: fund.map(|fund| fund.code.clone()),
        program: program.map(|program| program.code.clone()),
        fiscal_year: None,
    };
    if fund.is_none() || new.fiscal_year.is_some() {
        return Ok(Line {
            fiscal_year: new.fiscal_year,
            ..undated
        });
    }
    let dated = Line {
        fiscal_year: Some(new.planned_on.year()),
        ..undated.clone()
    };
    let allocated = desk
        .account(&dated.bucket(Bucket::Available))?
        .number
        .is_some();
    Ok(if allocated { dated } else { undated })
}
