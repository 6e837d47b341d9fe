//! What may be done to a payout, when, by whom, and what then becomes of it. Pure.
//!
//! The states and the verbs between them:
//!
//! ```text
//! submitted ──approve──▶ approved ──pay──▶ partly_paid ──pay──▶ paid ──refund──▶ refunded
//!    │ ▲                    │  ▲                │                │
//!  reject resubmit       cancel └────return─────┴────return──────┘
//!    ▼ │                    ▼
//! rejected ──withdraw──▶ withdrawn      (a cancelled, withdrawn or refunded one stays so)
//! ```

use chrono::NaiveDate;

use super::error::PayoutError;
use super::model::{Amounts, Payout, ReasonClass, Status, Verb};
use crate::money::{Amount, MoneyError, Won};

/// Steps that one payout may have: part payments and returns have to end somewhere.
pub const MAX_STEPS: usize = 200;

/// What somebody wants to do to a payout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Approve it.
    Approve,
    /// Send it back.
    Reject {
        /// Why.
        reason: String,
    },
    /// Take it back.
    Withdraw {
        /// Why.
        reason: String,
    },
    /// Approve no longer what is not paid.
    Cancel {
        /// Why.
        reason: String,
    },
    /// Book a payment.
    Pay {
        /// How much; all that is awaiting by default.
        amount: Option<Amount>,
        /// The bank's reference.
        bank_reference: Option<String>,
    },
    /// Book what the bank sent back.
    Return {
        /// How much; all that is paid and not refunded by default.
        amount: Option<Amount>,
        /// Why.
        reason: String,
    },
    /// Book what came back for good.
    Refund {
        /// How much; all that is paid and not refunded by default.
        amount: Option<Amount>,
        /// Of which class.
        class: ReasonClass,
        /// Why.
        reason: String,
    },
}

impl Act {
    /// The verb.
    #[must_use]
    pub fn verb(&self) -> Verb {
        match self {
            Self::Approve => Verb::Approve,
            Self::Reject { .. } => Verb::Reject,
            Self::Withdraw { .. } => Verb::Withdraw,
            Self::Cancel { .. } => Verb::Cancel,
            Self::Pay { .. } => Verb::Pay,
            Self::Return { .. } => Verb::Return,
            Self::Refund { .. } => Verb::Refund,
        }
    }

    /// The reason given, for the verbs that need one.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Approve | Self::Pay { .. } => None,
            Self::Reject { reason }
            | Self::Withdraw { reason }
            | Self::Cancel { reason }
            | Self::Return { reason, .. }
            | Self::Refund { reason, .. } => Some(reason),
        }
    }
}

/// What becomes of a payout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Next {
    /// Where it stands then.
    pub status: Status,
    /// What became of the money then.
    pub amounts: Amounts,
    /// What this step moves, if anything.
    pub moved: Option<Amount>,
}

/// Decides whether `actor` may do `act`, and what then becomes of the payout.
///
/// # Errors
/// [`PayoutError`] when the state, the amounts or the person do not allow it.
pub fn advance(payout: &Payout, act: &Act, actor: &str) -> Result<Next, PayoutError> {
    let verb = act.verb();
    if payout.steps.len() >= MAX_STEPS {
        return Err(PayoutError::TooManySteps);
    }
    match verb {
        Verb::Withdraw if payout.recorded_by() != actor => return Err(PayoutError::NotRecorder),
        Verb::Withdraw => {}
        // Whoever recorded an entry never decides on it, whatever the roles.
        _ if payout.was_made_by(actor) => return Err(PayoutError::OwnRecord),
        _ => {}
    }
    if !allows(payout.status, verb) {
        return Err(PayoutError::InvalidState {
            status: payout.status,
            verb,
        });
    }
    move_money(payout, act)
}

fn allows(status: Status, verb: Verb) -> bool {
    use Status::{Approved, Paid, PartlyPaid, PartlyRefunded, Rejected, Submitted};
    match verb {
        Verb::Approve | Verb::Reject | Verb::Edit => status == Submitted,
        Verb::Withdraw => matches!(status, Submitted | Rejected),
        Verb::Resubmit => status == Rejected,
        Verb::Cancel | Verb::Pay => matches!(status, Approved | PartlyPaid | PartlyRefunded),
        Verb::Return | Verb::Refund => matches!(status, PartlyPaid | Paid | PartlyRefunded),
        Verb::Submit => false,
    }
}

/// Makes sure that the record may be changed by its makers now.
///
/// # Errors
/// [`PayoutError::InvalidState`], [`PayoutError::TooManySteps`].
pub fn may_change(payout: &Payout, verb: Verb) -> Result<(), PayoutError> {
    if payout.steps.len() >= MAX_STEPS {
        Err(PayoutError::TooManySteps)
    } else if allows(payout.status, verb) {
        Ok(())
    } else {
        Err(PayoutError::InvalidState {
            status: payout.status,
            verb,
        })
    }
}

/// The value date of a step: today by default, never in the future, never before the last step.
///
/// # Errors
/// [`PayoutError::InTheFuture`], [`PayoutError::BeforePreviousStep`].
pub fn value_date(
    wanted: Option<NaiveDate>,
    last_on: NaiveDate,
    today: NaiveDate,
) -> Result<NaiveDate, PayoutError> {
    let on = wanted.unwrap_or(today);
    if on > today {
        Err(PayoutError::InTheFuture)
    } else if on < last_on {
        Err(PayoutError::BeforePreviousStep { last_on })
    } else {
        Ok(on)
    }
}

/// Won approved and not yet paid.
///
/// # Errors
/// [`MoneyError::Overflow`], which amounts within their bounds cannot cause.
pub fn awaiting(amounts: &Amounts) -> Result<Won, MoneyError> {
    amounts.approved.checked_sub(amounts.paid)
}

/// Won paid and not refunded.
///
/// # Errors
/// [`MoneyError::Overflow`], which amounts within their bounds cannot cause.
pub fn disbursed(amounts: &Amounts) -> Result<Won, MoneyError> {
    amounts.paid.checked_sub(amounts.refunded)
}

fn move_money(payout: &Payout, act: &Act) -> Result<Next, PayoutError> {
    let now = payout.amounts;
    let stay = |status| Next {
        status,
        amounts: now,
        moved: None,
    };
    let (amounts, moved) = match act {
        Act::Reject { .. } => return Ok(stay(Status::Rejected)),
        Act::Withdraw { .. } => return Ok(stay(Status::Withdrawn)),
        Act::Approve => (
            Amounts {
                approved: payout.amount.won(),
                ..now
            },
            payout.amount,
        ),
        Act::Cancel { .. } => {
            let moved = portion(None, awaiting(&now)?, None)?;
            (
                Amounts {
                    approved: now.approved.checked_sub(moved.won())?,
                    ..now
                },
                moved,
            )
        }
        Act::Pay { amount, .. } => {
            let moved = portion(*amount, awaiting(&now)?, Some(Verb::Pay))?;
            (
                Amounts {
                    paid: now.paid.checked_add(moved.won())?,
                    ..now
                },
                moved,
            )
        }
        Act::Return { amount, .. } => {
            let moved = portion(*amount, disbursed(&now)?, Some(Verb::Return))?;
            let paid = now.paid.checked_sub(moved.won())?;
            let returned = now.returned.checked_add(moved.won())?;
            (
                Amounts {
                    paid,
                    returned,
                    ..now
                },
                moved,
            )
        }
        Act::Refund { amount, .. } => {
            let moved = portion(*amount, disbursed(&now)?, Some(Verb::Refund))?;
            (
                Amounts {
                    refunded: now.refunded.checked_add(moved.won())?,
                    ..now
                },
                moved,
            )
        }
    };
    Ok(Next {
        status: standing(&amounts),
        amounts,
        moved: Some(moved),
    })
}

/// The part of `whole` that was asked for, or all of it.
fn portion(asked: Option<Amount>, whole: Won, verb: Option<Verb>) -> Result<Amount, PayoutError> {
    match asked {
        Some(amount) if amount.won() <= whole => Ok(amount),
        Some(_) if verb == Some(Verb::Pay) => {
            Err(PayoutError::MoreThanAwaiting { awaiting: whole })
        }
        Some(_) => Err(PayoutError::MoreThanPaid { paid: whole }),
        // Nothing is left to pay, to return or to cancel.
        None => Amount::new(whole.get()).map_err(|_zero| PayoutError::NothingLeft),
    }
}

/// Where an approved payout stands, by what became of the money.
fn standing(amounts: &Amounts) -> Status {
    let Amounts {
        approved,
        paid,
        refunded,
        ..
    } = *amounts;
    if approved == Won::ZERO {
        Status::Cancelled
    } else if refunded > Won::ZERO {
        if refunded == approved {
            Status::Refunded
        } else {
            Status::PartlyRefunded
        }
    } else if paid == Won::ZERO {
        Status::Approved
    } else if paid < approved {
        Status::PartlyPaid
    } else {
        Status::Paid
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::code::Code;
    use crate::ids::RecordId;
    use crate::ledger::{Form, Line};
    use crate::payouts::model::{Step, Values};
    use chrono::{DateTime, Utc};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2022, 9, n).unwrap()
    }

    fn step(verb: Verb, actor: &str) -> Step {
        Step {
            verb,
            actor: actor.to_owned(),
            effective_on: day(1),
            recorded_at: DateTime::<Utc>::UNIX_EPOCH,
            sequence: 1,
            amount: None,
            reason_class: None,
            reason: None,
            bank_reference: None,
        }
    }

    fn submitted(amount: i64) -> Payout {
        Payout {
            id: RecordId::new(uuid::Uuid::nil(), 1),
            line: Line {
                fund: Some(Code::parse("fund").unwrap()),
                program: Some(Code::parse("program").unwrap()),
                fiscal_year: None,
            },
            form: Form::Cash,
            amount: Amount::new(amount).unwrap(),
            values: Values::default(),
            planned_on: day(1),
            effective_on: day(1),
            purpose: None,
            external_id: None,
            attributes: BTreeMap::new(),
            status: Status::Submitted,
            amounts: Amounts::default(),
            steps: vec![step(Verb::Submit, "maker")],
            version: 1,
        }
    }

    fn won(amount: i64) -> Option<Amount> {
        Some(Amount::new(amount).unwrap())
    }

    fn pay(amount: Option<Amount>) -> Act {
        Act::Pay {
            amount,
            bank_reference: None,
        }
    }

    fn give_back(amount: Option<Amount>) -> Act {
        Act::Return {
            amount,
            reason: "account closed".into(),
        }
    }

    fn refund(amount: Option<Amount>) -> Act {
        Act::Refund {
            amount,
            class: ReasonClass::Unused,
            reason: "not needed".into(),
        }
    }

    fn cancel() -> Act {
        Act::Cancel {
            reason: "called off".into(),
        }
    }

    /// Does `acts` one after the other as somebody who did not record the payout.
    fn after(mut payout: Payout, acts: &[Act]) -> Payout {
        for act in acts {
            let next = advance(&payout, act, "decider").unwrap();
            payout.status = next.status;
            payout.amounts = next.amounts;
        }
        payout
    }

    #[test]
    fn nobody_decides_on_an_entry_of_their_own() {
        for (act, payout) in [
            (Act::Approve, submitted(10)),
            (
                Act::Reject {
                    reason: "no".into(),
                },
                submitted(10),
            ),
            (cancel(), after(submitted(10), &[Act::Approve])),
            (pay(None), after(submitted(10), &[Act::Approve])),
            (
                give_back(None),
                after(submitted(10), &[Act::Approve, pay(None)]),
            ),
            (
                refund(None),
                after(submitted(10), &[Act::Approve, pay(None)]),
            ),
        ] {
            assert_eq!(
                advance(&payout, &act, "maker"),
                Err(PayoutError::OwnRecord),
                "{act:?}"
            );
        }
    }

    #[test]
    fn whoever_edited_an_entry_does_not_decide_on_it_either() {
        let mut payout = submitted(10);
        payout.steps.push(step(Verb::Edit, "editor"));
        assert_eq!(
            advance(&payout, &Act::Approve, "editor"),
            Err(PayoutError::OwnRecord)
        );
    }

    #[test]
    fn only_who_recorded_an_entry_withdraws_it() {
        let withdraw = Act::Withdraw {
            reason: "typo".into(),
        };
        assert_eq!(
            advance(&submitted(1), &withdraw, "other"),
            Err(PayoutError::NotRecorder)
        );
        assert_eq!(
            advance(&submitted(1), &withdraw, "maker").unwrap().status,
            Status::Withdrawn
        );
    }

    #[test]
    fn part_payments_add_up_to_paid_and_no_further() {
        let payout = after(submitted(100), &[Act::Approve, pay(won(60))]);
        assert_eq!(payout.status, Status::PartlyPaid);
        assert_eq!(
            advance(&payout, &pay(won(41)), "x"),
            Err(PayoutError::MoreThanAwaiting {
                awaiting: Won::new(40)
            })
        );
        let paid = after(payout, &[pay(None)]);
        assert_eq!(
            (paid.status, paid.amounts.paid),
            (Status::Paid, Won::new(100))
        );
    }

    #[test]
    fn what_the_bank_returns_awaits_payment_again() {
        let payout = after(submitted(100), &[Act::Approve, pay(None), give_back(None)]);
        assert_eq!(payout.status, Status::Approved);
        assert_eq!(payout.amounts.returned, Won::new(100));
        assert_eq!(awaiting(&payout.amounts), Ok(Won::new(100)));
    }

    #[test]
    fn cancelling_a_partly_paid_record_lets_go_of_the_rest_only() {
        let payout = after(submitted(100), &[Act::Approve, pay(won(60)), cancel()]);
        assert_eq!(payout.status, Status::Paid);
        assert_eq!(payout.amounts.approved, Won::new(60));
        let whole = after(submitted(100), &[Act::Approve, cancel()]);
        assert_eq!(whole.status, Status::Cancelled);
    }

    #[test]
    fn refunds_stop_at_what_was_paid() {
        let payout = after(submitted(100), &[Act::Approve, pay(None), refund(won(30))]);
        assert_eq!(payout.status, Status::PartlyRefunded);
        assert_eq!(
            advance(&payout, &refund(won(71)), "x"),
            Err(PayoutError::MoreThanPaid { paid: Won::new(70) })
        );
        let all = after(payout, &[refund(None)]);
        assert_eq!(all.status, Status::Refunded);
        assert!(matches!(
            advance(&all, &refund(None), "x"),
            Err(PayoutError::InvalidState { .. })
        ));
    }

    #[test]
    fn a_value_date_is_neither_ahead_nor_before_the_last_step() {
        assert_eq!(value_date(None, day(3), day(9)), Ok(day(9)));
        assert_eq!(value_date(Some(day(3)), day(3), day(9)), Ok(day(3)));
        assert_eq!(
            value_date(Some(day(10)), day(3), day(9)),
            Err(PayoutError::InTheFuture)
        );
        assert_eq!(
            value_date(Some(day(2)), day(3), day(9)),
            Err(PayoutError::BeforePreviousStep { last_on: day(3) })
        );
    }

    #[test]
    fn a_payout_has_a_last_step() {
        let mut payout = submitted(10);
        payout.steps = vec![step(Verb::Submit, "maker"); MAX_STEPS];
        assert_eq!(
            advance(&payout, &Act::Approve, "x"),
            Err(PayoutError::TooManySteps)
        );
    }

    fn any_act() -> impl Strategy<Value = Act> {
        let amount = || prop::option::of((1_i64..150).prop_map(|n| Amount::new(n).unwrap()));
        prop_oneof![
            Just(Act::Approve),
            Just(cancel()),
            Just(Act::Reject {
                reason: "no".into()
            }),
            amount().prop_map(pay),
            amount().prop_map(give_back),
            amount().prop_map(refund),
        ]
    }

    proptest! {
        #[test]
        fn whatever_is_done_the_amounts_stay_in_order_and_agree_with_the_state(
            acts in prop::collection::vec(any_act(), 0..40)
        ) {
            let mut payout = submitted(100);
            for act in &acts {
                if let Ok(next) = advance(&payout, act, "decider") {
                    payout.status = next.status;
                    payout.amounts = next.amounts;
                }
                let Amounts { approved, paid, refunded, .. } = payout.amounts;
                prop_assert!(Won::ZERO <= refunded && refunded <= paid && paid <= approved);
                prop_assert!(approved <= Won::new(100));
                match payout.status {
                    Status::Submitted | Status::Rejected | Status::Cancelled => {
                        prop_assert_eq!(approved, Won::ZERO);
                    }
                    Status::Approved => prop_assert_eq!(paid, Won::ZERO),
                    Status::PartlyPaid => prop_assert!(paid < approved && paid > Won::ZERO),
                    Status::Paid => prop_assert!(paid == approved && refunded == Won::ZERO),
                    Status::PartlyRefunded => prop_assert!(refunded < approved),
                    Status::Refunded => prop_assert_eq!(refunded, approved),
                    Status::Withdrawn => prop_assert!(false, "nobody withdrew it"),
                }
            }
        }
    }
}
