//! New records, and those that are approved as they are recorded by the rule of their program: none
//! that needs two.

use chrono::NaiveDate;

use super::model::{Amounts, Status, Step, Verb};
use super::rules::Next;
use super::{Noun, advance, effects};
use crate::desk::{Changes, Desk, Stop};
use crate::ledger::Who;
use crate::programs::model::{Approval, Program};

/// Adds what a new record does to the sums to `changes`, and approves it in the same event where
/// its program asks for no approval. What a partner records waits for the house all the same, unless
/// the partner may record directly.
///
/// # Errors
/// [`Stop`] when a bucket would fall below zero, or something is not in hand yet.
pub fn submit<N: Noun>(
    desk: &Desk,
    who: &Who,
    record: &mut N,
    program: Option<&Program>,
    changes: &mut Changes,
) -> Result<(), Stop> {
    let payout = record.payout();
    let (planned_on, on) = (payout.planned_on, payout.effective_on);
    let waiting = Next {
        status: Status::Submitted,
        amounts: Amounts::default(),
        moved: None,
    };
    let tallies = effects::tallies(payout, record.place(), Verb::Submit, &waiting, on)?;
    changes.tallies.extend(tallies);
    let at_once = approved_at_once_on(program, planned_on, on, desk.today());
    // Where two have to approve, none is not enough.
    let nobody_asked = payout.approvals_needed < 2 && who.bounds.record_directly();
    match at_once.filter(|_| nobody_asked) {
        Some(on) => approve(desk, who, record, on, changes),
        None => Ok(()),
    }
}

/// The day on which a record is approved by its program's own rule, if that asks for no approval:
/// the planned day, or today where that is still ahead; never before it was submitted. Direct
/// giving is always approved by a second person.
#[must_use]
pub fn approved_at_once_on(
    program: Option<&Program>,
    planned_on: NaiveDate,
    submitted_on: NaiveDate,
    today: NaiveDate,
) -> Option<NaiveDate> {
    let asks_nobody = program.is_some_and(|program| program.approval == Approval::None);
    asks_nobody.then(|| planned_on.min(today).max(submitted_on))
}

fn approve<N: Noun>(
    desk: &Desk,
    who: &Who,
    record: &mut N,
    on: NaiveDate,
    changes: &mut Changes,
) -> Result<(), Stop> {
    let amount = record.payout().amount;
    let amounts = Amounts {
        approved: amount.won(),
        ..Amounts::default()
    };
    let next = Next {
        status: Status::Approved,
        amounts,
        moved: Some(amount),
    };
    let step = Step {
        verb: Verb::Approve,
        actor: who.actor.clone(),
        effective_on: on,
        recorded_at: desk.now(),
        sequence: desk.next_sequence(),
        amount: Some(amount),
        reason_class: None,
        reason: None,
        bank_reference: None,
        content: Some(record.digest()?),
    };
    record.payout_mut().approvals_needed = 0;
    advance::step(desk, record, step, &next, changes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::{Code, Name};
    use crate::funds::model::Openness;
    use crate::programs::model::{OnePaymentPer, ProgramKind, ProgramTerms, Tags};

    fn program(approval: Approval) -> Program {
        Program {
            code: Code::parse("program").unwrap(),
            kind: ProgramKind::Other,
            funds: Vec::new(),
            approval,
            second_approval_above: None,
            one_payment_per: OnePaymentPer::None,
            terms: ProgramTerms {
                name: Name {
                    ko: "사업".into(),
                    en: "program".into(),
                },
                partner: None,
                area: None,
                tags: Tags::new(),
                management_cost: None,
                basis: None,
            },
            status: Openness::Open,
            version: 1,
        }
    }

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2022, 8, n).unwrap()
    }

    #[test]
    fn an_approval_at_once_takes_the_planned_day_but_never_one_ahead() {
        let at_once = program(Approval::None);
        let on =
            |planned, submitted| approved_at_once_on(Some(&at_once), planned, submitted, day(10));
        assert_eq!(on(day(3), day(3)), Some(day(3)));
        assert_eq!(on(day(20), day(10)), Some(day(10)));
        assert_eq!(on(day(3), day(7)), Some(day(7)));
    }

    #[test]
    fn four_eyes_and_direct_giving_are_never_approved_at_once() {
        let four_eyes = program(Approval::FourEyes);
        assert_eq!(
            approved_at_once_on(Some(&four_eyes), day(3), day(3), day(10)),
            None
        );
        assert_eq!(approved_at_once_on(None, day(3), day(3), day(10)), None);
    }
}
