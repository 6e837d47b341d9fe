//! Changing a payout while it waits for a decision, or handing it in again after it came back.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::draft::{in_kind_fault, unused_external_id};
use super::error::PayoutError;
use super::model::{Payout, Status, Step, Values, Verb};
use super::rules::{self, Next};
use super::{Noun, effects};
use crate::desk::{Changes, Desk, Stop};
use crate::ledger::Who;
use crate::money::Amount;
use crate::refusal::Refusal;
use crate::settings::limits;

/// What of a payout may be changed by its makers. `None` leaves a thing as it is.
#[derive(Debug, Clone, Default)]
pub struct PayoutPatch {
    /// How much.
    pub amount: Option<Amount>,
    /// What it is worth in kind, as a whole.
    pub values: Option<Values>,
    /// When it is meant to be paid.
    pub planned_on: Option<NaiveDate>,
    /// What for; `Some(None)` takes it away.
    pub purpose: Option<Option<String>>,
    /// The caller's own id; `Some(None)` takes it away.
    pub external_id: Option<Option<String>>,
    /// Labels: `None` as a value takes one away.
    pub attributes: BTreeMap<String, Option<String>>,
}

impl PayoutPatch {
    fn apply(&self, payout: &mut Payout) {
        payout.amount = self.amount.unwrap_or(payout.amount);
        payout.values = self.values.unwrap_or(payout.values);
        payout.planned_on = self.planned_on.unwrap_or(payout.planned_on);
        if let Some(purpose) = &self.purpose {
            payout.purpose.clone_from(purpose);
        }
        if let Some(external_id) = &self.external_id {
            payout.external_id.clone_from(external_id);
        }
        for (name, value) in &self.attributes {
            match value {
                Some(value) => payout.attributes.insert(name.clone(), value.clone()),
                None => payout.attributes.remove(name),
            };
        }
    }
}

/// Changes `record` in place and adds what that does to the sums to `changes`.
///
/// `verb` is [`Verb::Edit`] or [`Verb::Resubmit`]; `own` changes what belongs to the noun alone.
///
/// # Errors
/// [`Stop`]: wrong fields, a wrong state, or an external id that is taken.
pub fn change<N: Noun>(
    desk: &Desk,
    who: &Who,
    record: &mut N,
    (verb, effective_on): (Verb, Option<NaiveDate>),
    patch: &PayoutPatch,
    own: impl FnOnce(&mut N),
    changes: &mut Changes,
) -> Result<NaiveDate, Stop> {
    let before = record.clone();
    rules::may_change(before.payout(), verb)?;
    let last_on = before.payout().last_on();
    // An edit is no event of its own in time: it changes what was submitted.
    let effective_on = if verb == Verb::Edit {
        Some(last_on)
    } else {
        effective_on
    };
    let on = rules::value_date(effective_on, last_on, desk.today())?;
    patch.apply(record.payout_mut());
    own(record);
    check::<N>(desk, record.payout())?;
    let needed = approvals_needed(desk, record.payout())?;
    record.payout_mut().approvals_needed = needed;
    let payout = record.payout();
    let next = Next {
        status: Status::Submitted,
        amounts: payout.amounts,
        moved: None,
    };
    if verb == Verb::Edit {
        // What was waiting is taken back as it was and waits again as it is.
        let taken = before.payout();
        changes.tallies.extend(effects::tallies(
            taken,
            before.place(),
            Verb::Withdraw,
            &next,
            on,
        )?);
    }
    changes.tallies.extend(effects::tallies(
        payout,
        record.place(),
        Verb::Submit,
        &next,
        on,
    )?);
    let step = Step {
        verb,
        actor: who.actor.clone(),
        effective_on: on,
        recorded_at: desk.now(),
        sequence: desk.next_sequence(),
        amount: Some(payout.amount),
        reason_class: None,
        reason: None,
        bank_reference: None,
        content: None,
    };
    let payout = record.payout_mut();
    payout.status = Status::Submitted;
    payout.version = payout.version.saturating_add(1);
    payout.steps.push(step);
    Ok(on)
}

/// How many different people have to approve it as it is now. Whoever approved it before, approved
/// something else.
fn approvals_needed(desk: &Desk, payout: &Payout) -> Result<i32, Stop> {
    let program = match &payout.line.program {
        Some(code) => desk.programs.find(code)?,
        None => None,
    };
    let above = limits::of_program(desk, program.as_deref())?;
    Ok(rules::approvals_needed(payout.amount, above))
}

/// Makes sure that a changed payout is still one that could be recorded.
fn check<N: Noun>(desk: &Desk, payout: &Payout) -> Result<(), Stop> {
    if payout.attributes.len() > MAX_ATTRIBUTES {
        let refusal = Refusal::field("/attributes", "too_many");
        return Err(refusal.with("most", MAX_ATTRIBUTES).into());
    }
    let fund = match &payout.line.fund {
        Some(code) => desk.funds.find(code)?,
        None => None,
    };
    if let Some(fault) = in_kind_fault(payout.form, payout.amount, &payout.values, fund.as_deref())
    {
        return Err(Refusal::Fields(vec![fault]).into());
    }
    let program = payout.line.program.as_ref();
    let external_id = payout.external_id.as_ref();
    unused_external_id(desk, N::NAME, program, external_id, Some(&payout.id))
}

/// Labels that one record may have.
pub const MAX_ATTRIBUTES: usize = 20;

/// Makes sure that the caller read the version that it wants to change.
///
/// # Errors
/// [`PayoutError::Stale`].
pub fn expect_version(payout: &Payout, expected: i32) -> Result<(), PayoutError> {
    if payout.version == expected {
        Ok(())
    } else {
        Err(PayoutError::Stale(payout.version))
    }
}
