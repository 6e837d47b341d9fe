//! Taking a payout a step further: one command for every verb that decides or moves money.

use std::marker::PhantomData;
use std::rc::Rc;

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::Value;

use super::error::PayoutError;
use super::model::{ReasonClass, Step, Verb};
use super::rules::{self, Act, Asked, Next};
use super::{Noun, draft, effects};
use crate::beneficiaries::model::BeneficiaryId;
use crate::bounds::About;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ids::RecordId;
use crate::ledger::store::BookRef;
use crate::ledger::{LedgerError, Line, NewEvent, Who, written};
use crate::money::Amount;
use crate::programs::model::Program;
use crate::settings::limits;
use crate::tallies::people::{self, Given};

/// A verb on a record.
#[derive(Debug, Clone)]
pub struct Advance<N> {
    /// Which record.
    pub id: RecordId,
    /// What to do.
    pub act: Act,
    /// The value date; today by default.
    pub effective_on: Option<NaiveDate>,
    /// The version that was read, if the caller wants to be sure of it.
    pub expected_version: Option<i32>,
    noun: PhantomData<fn() -> N>,
}

impl<N> Advance<N> {
    /// A verb on a record.
    #[must_use]
    pub fn new(
        id: RecordId,
        act: Act,
        effective_on: Option<NaiveDate>,
        expected_version: Option<i32>,
    ) -> Self {
        Self {
            id,
            act,
            effective_on,
            expected_version,
            noun: PhantomData,
        }
    }
}

impl<N: Noun> Command for Advance<N> {
    type Done = N;

    fn book(&self) -> BookRef {
        BookRef::Number(self.id.book())
    }

    fn about(&self) -> About<'_> {
        N::about(&self.id)
    }

    fn hint(&self, desk: &Desk) {
        let Ok(Some(record)) = N::find(desk, &self.id) else {
            return;
        };
        let line = &record.payout().line;
        if self.act.verb() == Verb::Approve {
            desk.settings.want(&());
            line.program
                .iter()
                .for_each(|code| desk.programs.want(code));
            line.fund.iter().for_each(|code| desk.funds.want(code));
        }
        hint(desk, line, self.act.verb(), record.person());
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<N>, Stop> {
        let record = N::find(desk, &self.id)?.ok_or(PayoutError::NotFound)?;
        let payout = record.payout();
        if let Some(expected) = self.expected_version.filter(|v| *v != payout.version) {
            tracing::debug!(expected, found = payout.version, "stale version");
            return Err(PayoutError::Stale(payout.version).into());
        }
        let (program, asked) = self.asked(desk, &*record)?;
        let next = rules::advance(payout, &self.act, &who.actor, &asked)?;
        let verb = rules::leaves(&self.act, &next);
        let on = rules::value_date(self.effective_on, record.last_on(), desk.today())?;
        if self.act.verb() == Verb::Approve {
            let fund = payout.line.fund.as_ref();
            let fund = fund.map(|code| desk.funds.find(code)).transpose()?;
            draft::open(program.as_deref(), fund.flatten().as_deref())?;
        }
        let mut changed = (*record).clone();
        let event = NewEvent {
            kind: N::event(verb),
            subject: format!("{}:{}", N::NAME, self.id),
            effective_on: on,
            command: self.told(&*record, &asked, &next, on)?,
        };
        let mut changes = Changes::of(event);
        step(
            desk,
            &mut changed,
            self.step(desk, who, (&*record, &asked), &next, on),
            &next,
            &mut changes,
        )?;
        if self.act.verb() == Verb::Approve {
            let needed = rules::approvals_needed(payout.amount, asked.above);
            changed.payout_mut().approvals_needed = needed;
        }
        changed.may_be()?;
        Ok(changes.put(changed.clone().put()).done(changed))
    }
}

impl<N: Noun> Advance<N> {
    /// The program of a record that is to be approved, and what the approval is held against.
    fn asked(&self, desk: &Desk, record: &N) -> Result<(Option<Rc<Program>>, Asked), Stop> {
        if self.act.verb() != Verb::Approve {
            return Ok((None, Asked::default()));
        }
        let program = record.payout().line.program.as_ref();
        let program = program.map(|code| desk.programs.find(code)).transpose()?;
        let program = program.flatten();
        let asked = Asked {
            above: limits::of_program(desk, program.as_deref())?,
            content: record.digest()?,
        };
        Ok((program, asked))
    }

    fn step(
        &self,
        desk: &Desk,
        who: &Who,
        (record, asked): (&N, &Asked),
        next: &Next,
        on: NaiveDate,
    ) -> Step {
        let (reason_class, bank_reference) = self.particulars();
        let verb = rules::leaves(&self.act, next);
        let approves = matches!(verb, Verb::ApproveFirst | Verb::Approve);
        let approved = (verb == Verb::ApproveFirst).then_some(record.payout().amount);
        Step {
            verb,
            actor: who.actor.clone(),
            effective_on: on,
            recorded_at: desk.now(),
            sequence: desk.next_sequence(),
            amount: next.moved.or(approved),
            reason_class,
            reason: self.act.reason().map(str::to_owned),
            bank_reference: bank_reference.map(str::to_owned),
            content: approves.then(|| asked.content.clone()),
        }
    }

    /// The command as the log holds it.
    fn told(
        &self,
        record: &N,
        asked: &Asked,
        next: &Next,
        on: NaiveDate,
    ) -> Result<String, LedgerError> {
        let (reason_class, bank_reference) = self.particulars();
        let told = Told {
            id: &self.id,
            effective_on: on,
            amount: next.moved,
            reason_class,
            bank_reference,
            reason: self.act.reason(),
            approval: (self.act.verb() == Verb::Approve).then(|| ApprovalTold::of(record, asked)),
        };
        written(&told)
    }

    /// What a refund and a payment say besides.
    fn particulars(&self) -> (Option<ReasonClass>, Option<&str>) {
        match &self.act {
            Act::Refund { class, .. } => (Some(*class), None),
            Act::Pay { bank_reference, .. } => (None, bank_reference.as_deref()),
            _ => (None, None),
        }
    }
}

/// A verb in the words of the log.
#[derive(Serialize)]
struct Told<'a> {
    id: &'a RecordId,
    effective_on: NaiveDate,
    amount: Option<Amount>,
    reason_class: Option<ReasonClass>,
    bank_reference: Option<&'a str>,
    reason: Option<&'a str>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    approval: Option<ApprovalTold<'a>>,
}

/// What an approval says besides: how many it takes, of what, who came first, and what was shown.
#[derive(Serialize)]
struct ApprovalTold<'a> {
    approvals_needed: i32,
    content: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    second_approval_above: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    first_approved_by: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    splitting: Option<Value>,
}

impl<'a> ApprovalTold<'a> {
    fn of<N: Noun>(record: &'a N, asked: &'a Asked) -> Self {
        let payout = record.payout();
        let first = payout.first_approval(&asked.content);
        Self {
            approvals_needed: rules::approvals_needed(payout.amount, asked.above),
            content: &asked.content,
            second_approval_above: asked.above,
            first_approved_by: first.map(|first| first.actor.as_str()),
            splitting: record.warning(),
        }
    }
}

/// Names what a step on a record of this budget line, to this person, is sure to ask for.
pub fn hint(desk: &Desk, line: &Line, verb: Verb, person: Option<&BeneficiaryId>) {
    let Some((_, debit, credit)) = effects::sides(line, verb) else {
        return;
    };
    desk.want_account(&debit);
    desk.want_account(&credit);
    if let (Some(person), Some(program), true) = (person, &line.program, effects::gives(verb)) {
        people::hint(desk, person, program, line.fund.as_ref());
    }
}

/// Adds a step to a record, and what it does to the books to `changes`.
///
/// # Errors
/// [`Stop`] when a bucket would fall below zero, or something is not in hand yet.
pub fn step<N: Noun>(
    desk: &Desk,
    record: &mut N,
    step: Step,
    next: &Next,
    changes: &mut Changes,
) -> Result<(), Stop> {
    let (verb, on) = (step.verb, step.effective_on);
    let (place, payout) = (record.place(), record.payout());
    if let Some(amount) = next.moved {
        let transfers = effects::transfers(payout, verb, amount, on);
        changes.transfers.extend(transfers);
    }
    if let Some(shortfall) = desk.shortfall(&changes.transfers)? {
        return Err(PayoutError::short(&shortfall).into());
    }
    changes
        .tallies
        .extend(effects::tallies(payout, place, verb, next, on)?);
    if let (Some(cohort), Some(program)) = (record.cohort(), &payout.line.program)
        && desk.compensates(program)?
    {
        let change = effects::compensated(payout, cohort, verb, next, on)?;
        changes.compensation.extend(change);
    }
    if let (Some(person), Some(amount), Some(program)) = (
        record.person(),
        effects::given(verb, next)?,
        &payout.line.program,
    ) {
        let fund = payout.line.fund.clone();
        let given = Given {
            program: program.clone(),
            fund,
            on,
            amount,
        };
        changes.people.push(people::give(desk, person, given)?);
    }
    let payout = record.payout_mut();
    payout.status = next.status;
    payout.amounts = next.amounts;
    if payout
        .steps
        .last()
        .is_some_and(|last| last.sequence != step.sequence)
    {
        payout.version = payout.version.saturating_add(1);
    }
    payout.steps.push(step);
    Ok(())
}
