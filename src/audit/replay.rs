//! The life of a payout told again from its steps. Pure, and apart from the rules that allow them.

use std::collections::BTreeMap;
use std::fmt;
use std::rc::Rc;

use chrono::NaiveDate;

use crate::payouts::model::{Status, Verb};
use crate::tallies::Measure;
use crate::tallies::audit::Place;

/// A kind of record that is a payout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Noun {
    Disbursement,
    Donation,
}

impl fmt::Display for Noun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Disbursement => "disbursement",
            Self::Donation => "donation",
        })
    }
}

/// One step, as far as the books are concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Step {
    pub(super) verb: Verb,
    pub(super) on: NaiveDate,
    pub(super) sequence: i64,
    /// Won asked for, or moved.
    pub(super) amount: i128,
    /// Where the record lies from this step on.
    pub(super) place: Rc<Place>,
}

/// What does not change in the life of a payout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Nature {
    pub(super) noun: Noun,
    /// Whether cash leaves a fund with its payments.
    pub(super) cash_of_fund: bool,
    /// The sequence of the event that recorded its receipt.
    pub(super) receipt: Option<i64>,
}

/// What became of the money, in won.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Amounts {
    pub(super) approved: i128,
    pub(super) paid: i128,
    pub(super) returned: i128,
    pub(super) refunded: i128,
}

impl fmt::Display for Amounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            approved,
            paid,
            returned,
            refunded,
        } = self;
        write!(
            f,
            "approved {approved}, paid {paid}, returned {returned}, refunded {refunded}"
        )
    }
}

/// What a step adds to the sums of the record's program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Change {
    pub(super) place: Rc<Place>,
    pub(super) measure: Measure,
    pub(super) on: NaiveDate,
    pub(super) amount: i128,
}

/// Won moved, by the name of the reason.
pub(super) type Moved = BTreeMap<String, i128>;

/// What the steps of a payout come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Life {
    pub(super) status: Status,
    /// Won asked for, as it was last changed.
    pub(super) asked: i128,
    pub(super) amounts: Amounts,
    pub(super) changes: Vec<Change>,
    /// What each event moves.
    pub(super) moved: BTreeMap<i64, Moved>,
    waiting: Option<(Rc<Place>, i128)>,
    lies: Option<Rc<Place>>,
}

/// Tells the life of a payout from its steps.
pub(super) fn replay(nature: Nature, steps: &[Step]) -> Life {
    let mut life = Life {
        status: Status::Submitted,
        asked: 0,
        amounts: Amounts::default(),
        changes: Vec::new(),
        moved: BTreeMap::new(),
        waiting: None,
        lies: None,
    };
    for step in steps {
        let before = life.amounts;
        life.take(step);
        life.count(nature, before, step);
        life.move_money(nature, step);
        life.lie(nature, step);
    }
    life
}

impl Life {
    /// Adds the receipt of a donation, on the day it was issued.
    pub(super) fn receipt(&mut self, on: NaiveDate, place: &Rc<Place>) {
        let place = Rc::clone(place);
        self.changes.push(Change {
            place,
            measure: Measure::Receipts,
            on,
            amount: 1,
        });
    }

    fn take(&mut self, step: &Step) {
        let (amount, now) = (step.amount, &mut self.amounts);
        match step.verb {
            Verb::Submit | Verb::Edit | Verb::Resubmit => {
                self.stop_waiting(step.on);
                self.asked = amount;
                self.waiting = Some((Rc::clone(&step.place), amount));
                self.change(step, Measure::Submitted, amount);
            }
            Verb::Reject | Verb::Withdraw => self.stop_waiting(step.on),
            Verb::Approve => {
                now.approved = amount;
                self.stop_waiting(step.on);
                self.change(step, Measure::Approved, amount);
            }
            Verb::Cancel => {
                now.approved = now.approved.saturating_sub(amount);
                self.change(step, Measure::Approved, amount.saturating_neg());
            }
            Verb::Pay => {
                now.paid = now.paid.saturating_add(amount);
                self.change(step, Measure::Paid, amount);
            }
            Verb::Return => {
                now.paid = now.paid.saturating_sub(amount);
                now.returned = now.returned.saturating_add(amount);
                self.change(step, Measure::Paid, amount.saturating_neg());
            }
            Verb::Refund => {
                now.refunded = now.refunded.saturating_add(amount);
                self.change(step, Measure::Refunded, amount);
            }
            Verb::ApproveFirst | Verb::Amend => {}
        }
        self.status = match step.verb {
            Verb::Submit | Verb::Edit | Verb::Resubmit | Verb::ApproveFirst => Status::Submitted,
            Verb::Reject => Status::Rejected,
            Verb::Withdraw => Status::Withdrawn,
            _ => standing(&self.amounts),
        };
    }

    /// Takes back what waits for a decision, where it waits.
    fn stop_waiting(&mut self, on: NaiveDate) {
        if let Some((place, amount)) = self.waiting.take() {
            let amount = amount.saturating_neg();
            self.changes.push(Change {
                place,
                measure: Measure::Submitted,
                on,
                amount,
            });
        }
    }

    fn change(&mut self, step: &Step, measure: Measure, amount: i128) {
        let (place, on) = (Rc::clone(&step.place), step.on);
        self.changes.push(Change {
            place,
            measure,
            on,
            amount,
        });
    }

    /// Counts the record from the day it has something of its own to the day it has nothing left.
    fn count(&mut self, nature: Nature, before: Amounts, step: &Step) {
        let (measure, left): (_, fn(&Amounts) -> i128) = match nature.noun {
            Noun::Disbursement => (Measure::Payments, |a: &Amounts| {
                a.approved.saturating_sub(a.refunded)
            }),
            Noun::Donation => (Measure::Donations, |a: &Amounts| {
                a.paid.saturating_sub(a.refunded)
            }),
        };
        let change = match (left(&before) > 0, left(&self.amounts) > 0) {
            (false, true) => 1,
            (true, false) => -1,
            _ => return,
        };
        self.change(step, measure, change);
        if nature
            .receipt
            .is_some_and(|receipt| receipt < step.sequence)
        {
            self.change(step, Measure::Receipts, change);
        }
    }

    /// Where an amendment laid the record elsewhere, all that stands where it lay goes with it.
    fn lie(&mut self, nature: Nature, step: &Step) {
        let lay = self.lies.replace(Rc::clone(&step.place));
        let Some(lay) = lay.filter(|lay| step.verb == Verb::Amend && *lay != step.place) else {
            return;
        };
        let Amounts {
            approved,
            paid,
            refunded,
            ..
        } = self.amounts;
        let left = approved.saturating_sub(refunded);
        let counted = i128::from(nature.noun == Noun::Disbursement && left > 0);
        for (measure, amount) in [
            (Measure::Approved, approved),
            (Measure::Paid, paid),
            (Measure::Refunded, refunded),
            (Measure::Payments, counted),
        ] {
            self.changes.push(Change {
                place: Rc::clone(&lay),
                measure,
                on: step.on,
                amount: amount.saturating_neg(),
            });
            self.change(step, measure, amount);
        }
    }

    fn move_money(&mut self, nature: Nature, step: &Step) {
        let reasons: &[&str] = match step.verb {
            Verb::Approve => &["approve"],
            Verb::Cancel => &["cancel"],
            Verb::Pay => &["pay", "cash_out"],
            Verb::Return => &["return", "cash_back"],
            Verb::Refund => &["refund", "cash_back"],
            _ => return,
        };
        let moved = self.moved.entry(step.sequence).or_default();
        for reason in reasons.iter().take(if nature.cash_of_fund { 2 } else { 1 }) {
            let sum = moved.entry((*reason).to_owned()).or_default();
            *sum = sum.saturating_add(step.amount);
        }
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
    match (approved, paid, refunded) {
        (0, _, _) => Status::Cancelled,
        (_, 0, 0) => Status::Approved,
        (_, _, 0) if paid < approved => Status::PartlyPaid,
        (_, _, 0) => Status::Paid,
        _ if refunded < approved => Status::PartlyRefunded,
        _ => Status::Refunded,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Verb::{Approve, Cancel, Edit, Pay, Refund, Reject, Resubmit, Return, Submit, Withdraw};

    const DISBURSEMENT: Nature = Nature {
        noun: Noun::Disbursement,
        cash_of_fund: true,
        receipt: None,
    };

    fn place(region: &str) -> Rc<Place> {
        Rc::new(Place {
            program: "program".to_owned(),
            fund: "fund".to_owned(),
            region: region.to_owned(),
            payee: "merchant".to_owned(),
            form: "cash".to_owned(),
        })
    }

    /// Steps on the days 1, 2, 3 … with the sequences 1, 2, 3 …
    fn steps(done: &[(Verb, i128)]) -> Vec<Step> {
        let numbered = done.iter().zip(1_u32..);
        numbered
            .map(|((verb, amount), n)| Step {
                verb: *verb,
                on: NaiveDate::from_ymd_opt(2022, 8, n).unwrap(),
                sequence: i64::from(n),
                amount: *amount,
                place: place(""),
            })
            .collect()
    }

    fn sum(life: &Life, measure: Measure) -> i128 {
        let changes = life
            .changes
            .iter()
            .filter(|change| change.measure == measure);
        changes.map(|change| change.amount).sum()
    }

    #[test]
    fn a_payout_stands_where_its_steps_leave_it() {
        let lives: [(&[(Verb, i128)], Status); 12] = [
            (&[(Submit, 9)], Status::Submitted),
            (&[(Submit, 9), (Reject, 0)], Status::Rejected),
            (
                &[(Submit, 9), (Reject, 0), (Withdraw, 0)],
                Status::Withdrawn,
            ),
            (
                &[(Submit, 9), (Reject, 0), (Resubmit, 8)],
                Status::Submitted,
            ),
            (&[(Submit, 9), (Approve, 9)], Status::Approved),
            (&[(Submit, 9), (Approve, 9), (Cancel, 9)], Status::Cancelled),
            (&[(Submit, 9), (Approve, 9), (Pay, 4)], Status::PartlyPaid),
            (
                &[(Submit, 9), (Approve, 9), (Pay, 4), (Cancel, 5)],
                Status::Paid,
            ),
            (
                &[(Submit, 9), (Approve, 9), (Pay, 9), (Return, 9)],
                Status::Approved,
            ),
            (
                &[(Submit, 9), (Approve, 9), (Pay, 9), (Refund, 2)],
                Status::PartlyRefunded,
            ),
            (
                &[(Submit, 9), (Approve, 9), (Pay, 9), (Refund, 9)],
                Status::Refunded,
            ),
            (
                &[
                    (Submit, 9),
                    (Approve, 9),
                    (Pay, 4),
                    (Refund, 4),
                    (Cancel, 5),
                ],
                Status::Refunded,
            ),
        ];
        for (done, status) in lives {
            assert_eq!(
                replay(DISBURSEMENT, &steps(done)).status,
                status,
                "{done:?}"
            );
        }
    }

    #[test]
    fn nothing_waits_once_it_is_decided_and_it_is_taken_back_where_it_waited() {
        let mut done = steps(&[(Submit, 9), (Edit, 7), (Approve, 7)]);
        done[0].place = place("11");
        let life = replay(DISBURSEMENT, &done);
        assert_eq!((life.asked, sum(&life, Measure::Submitted)), (7, 0));
        let there = life
            .changes
            .iter()
            .filter(|change| change.place.region == "11");
        let there: Vec<_> = there.collect();
        assert_eq!((there[0].amount, there[1].amount, there.len()), (9, -9, 2));
        assert_eq!(there[1].on, done[1].on);
    }

    #[test]
    fn a_disbursement_counts_until_nothing_of_it_is_left() {
        let done = [(Submit, 9), (Approve, 9), (Pay, 4), (Refund, 4)];
        assert_eq!(
            sum(&replay(DISBURSEMENT, &steps(&done)), Measure::Payments),
            1
        );
        let done = [
            (Submit, 9),
            (Approve, 9),
            (Pay, 4),
            (Refund, 4),
            (Cancel, 5),
        ];
        assert_eq!(
            sum(&replay(DISBURSEMENT, &steps(&done)), Measure::Payments),
            0
        );
    }

    #[test]
    fn a_donation_counts_while_something_paid_is_left_and_its_receipt_with_it() {
        let nature = Nature {
            noun: Noun::Donation,
            cash_of_fund: false,
            receipt: Some(3),
        };
        let mut life = replay(
            nature,
            &steps(&[(Submit, 9), (Approve, 9), (Pay, 9), (Refund, 9)]),
        );
        life.receipt(NaiveDate::from_ymd_opt(2022, 8, 3).unwrap(), &place(""));
        assert_eq!(
            (
                sum(&life, Measure::Donations),
                sum(&life, Measure::Receipts)
            ),
            (0, 0)
        );
    }

    #[test]
    fn what_stands_where_a_record_lay_goes_where_an_amendment_lays_it() {
        let mut done = steps(&[
            (Submit, 9),
            (Approve, 9),
            (Pay, 4),
            (Verb::Amend, 0),
            (Pay, 5),
        ]);
        for step in &mut done[..3] {
            step.place = place("11");
        }
        let life = replay(DISBURSEMENT, &done);
        let there = |region: &str, measure| -> i128 {
            let changes = life.changes.iter();
            changes
                .filter(|change| change.place.region == region && change.measure == measure)
                .map(|change| change.amount)
                .sum()
        };
        for measure in [Measure::Approved, Measure::Paid, Measure::Payments] {
            assert_eq!(there("11", measure), 0, "{measure}");
        }
        assert_eq!(
            (there("", Measure::Paid), there("", Measure::Payments)),
            (9, 1)
        );
        assert_eq!(life.status, Status::Paid);
    }

    #[test]
    fn cash_of_a_fund_leaves_and_comes_back_with_the_payment() {
        let done = steps(&[(Submit, 9), (Approve, 9), (Pay, 9), (Return, 9)]);
        let life = replay(DISBURSEMENT, &done);
        let moved = |sequence| {
            life.moved.get(&sequence).map(|moved| {
                moved
                    .iter()
                    .map(|(reason, won)| format!("{reason} {won}"))
                    .collect::<Vec<_>>()
            })
        };
        assert_eq!(moved(1), None);
        assert_eq!(moved(2), Some(vec!["approve 9".to_owned()]));
        assert_eq!(
            moved(3),
            Some(vec!["cash_out 9".to_owned(), "pay 9".to_owned()])
        );
        assert_eq!(
            moved(4),
            Some(vec!["cash_back 9".to_owned(), "return 9".to_owned()])
        );
    }
}
