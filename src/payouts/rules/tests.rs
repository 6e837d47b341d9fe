//! What may be done to a payout, case by case, and whatever is done at random.

use super::sample::{day, step, submitted};
use super::*;
use proptest::prelude::*;

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
        let next = advance(&payout, act, "decider", &Asked::default()).unwrap();
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
            advance(&payout, &act, "maker", &Asked::default()),
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
        advance(&payout, &Act::Approve, "editor", &Asked::default()),
        Err(PayoutError::OwnRecord)
    );
}

#[test]
fn only_who_recorded_an_entry_withdraws_it() {
    let withdraw = Act::Withdraw {
        reason: "typo".into(),
    };
    assert_eq!(
        advance(&submitted(1), &withdraw, "other", &Asked::default()),
        Err(PayoutError::NotRecorder)
    );
    assert_eq!(
        advance(&submitted(1), &withdraw, "maker", &Asked::default())
            .unwrap()
            .status,
        Status::Withdrawn
    );
}

#[test]
fn part_payments_add_up_to_paid_and_no_further() {
    let payout = after(submitted(100), &[Act::Approve, pay(won(60))]);
    assert_eq!(payout.status, Status::PartlyPaid);
    assert_eq!(
        advance(&payout, &pay(won(41)), "x", &Asked::default()),
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
        advance(&payout, &refund(won(71)), "x", &Asked::default()),
        Err(PayoutError::MoreThanPaid { paid: Won::new(70) })
    );
    let all = after(payout, &[refund(None)]);
    assert_eq!(all.status, Status::Refunded);
    assert!(matches!(
        advance(&all, &refund(None), "x", &Asked::default()),
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
        advance(&payout, &Act::Approve, "x", &Asked::default()),
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
            if let Ok(next) = advance(&payout, act, "decider", &Asked::default()) {
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

/// What an approval of more than 100 won is held against.
fn asked(content: &str) -> Asked {
    Asked {
        above: won(100),
        content: content.to_owned(),
    }
}

/// Approves as somebody, and adds the step that it leaves.
fn approved(mut payout: Payout, actor: &str, content: &str) -> Result<Payout, PayoutError> {
    let next = advance(&payout, &Act::Approve, actor, &asked(content))?;
    let mut done = step(leaves(&Act::Approve, &next), actor);
    done.content = Some(content.to_owned());
    payout.steps.push(done);
    payout.status = next.status;
    payout.amounts = next.amounts;
    Ok(payout)
}

#[test]
fn above_the_limit_it_takes_two_and_up_to_it_one() {
    let one = approved(submitted(100), "a", "x").unwrap();
    assert_eq!(
        (one.status, one.amounts.approved.get()),
        (Status::Approved, 100)
    );
    let first = approved(submitted(101), "a", "x").unwrap();
    assert_eq!(
        (first.status, first.amounts.approved.get()),
        (Status::Submitted, 0)
    );
    let again = approved(first.clone(), "a", "x");
    assert_eq!(again, Err(PayoutError::SameApprover));
    let second = approved(first, "b", "x").unwrap();
    assert_eq!(
        (second.status, second.amounts.approved.get()),
        (Status::Approved, 101)
    );
    assert_eq!(second.approvals_had(), 2);
}

#[test]
fn a_first_approval_is_one_of_what_was_read_and_of_nothing_else() {
    let first = approved(submitted(101), "a", "x").unwrap();
    // What it says is another thing now: whoever comes is the first, also who was.
    for verb in [Verb::Edit, Verb::Resubmit, Verb::Reject] {
        let mut changed = first.clone();
        changed.steps.push(step(verb, "maker"));
        assert_eq!(changed.approvals().len(), 0, "{verb}");
        let next = approved(changed, "a", "x").unwrap();
        assert_eq!(next.status, Status::Submitted, "{verb}");
    }
    let other = approved(first, "b", "y").unwrap();
    assert_eq!(other.status, Status::Submitted);
}

#[test]
fn whoever_approved_never_touches_the_money() {
    let first = approved(submitted(101), "a", "x").unwrap();
    let both = approved(first, "b", "x").unwrap();
    for (act, actor) in [
        (pay(None), "a"),
        (pay(None), "b"),
        (give_back(None), "a"),
        (refund(None), "b"),
    ] {
        let refused = advance(&both, &act, actor, &Asked::default());
        assert_eq!(refused, Err(PayoutError::OwnApproval), "{act:?}");
    }
    assert!(advance(&both, &pay(None), "c", &Asked::default()).is_ok());
    // An approver may still cancel.
    assert!(advance(&both, &cancel(), "a", &Asked::default()).is_ok());
}
