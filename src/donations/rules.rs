//! What is a donation's own to decide. Pure.

use chrono::NaiveDate;

use super::error::ReceiptError;
use super::model::Donation;
use crate::money::{MoneyError, Won};
use crate::payouts::error::PayoutError;
use crate::payouts::model::{Payout, Verb};

/// Makes sure that a donation may get a receipt issued on that day: it has none yet, something
/// paid is left of it, and that was paid by then.
///
/// # Errors
/// [`ReceiptError`].
pub fn may_have_receipt(
    donation: &Donation,
    issued_on: NaiveDate,
    today: NaiveDate,
) -> Result<(), ReceiptError> {
    if issued_on > today {
        return Err(ReceiptError::InTheFuture);
    }
    if let Some(receipt) = &donation.receipt {
        return Err(ReceiptError::Exists(receipt.number.clone()));
    }
    match paid_since(&donation.payout)? {
        None => Err(ReceiptError::NothingPaid(donation.payout.status)),
        Some(last_on) if issued_on < last_on => {
            Err(PayoutError::BeforePreviousStep { last_on }.into())
        }
        Some(_) => Ok(()),
    }
}

/// The value date of the payment since which something paid is left; none where nothing is.
fn paid_since(payout: &Payout) -> Result<Option<NaiveDate>, MoneyError> {
    let (mut left, mut since) = (Won::ZERO, None);
    for step in &payout.steps {
        let amount = step.amount.map_or(Won::ZERO, |amount| amount.won());
        left = match step.verb {
            Verb::Pay => left.checked_add(amount)?,
            Verb::Return | Verb::Refund => left.checked_sub(amount)?,
            _ => continue,
        };
        since = if left > Won::ZERO {
            since.or(Some(step.effective_on))
        } else {
            None
        };
    }
    Ok(since)
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::BTreeMap;

    use chrono::DateTime;

    use super::*;
    use crate::code::Code;
    use crate::donations::model::{Receipt, ReceiptClass, RecipientRole};
    use crate::ids::RecordId;
    use crate::ledger::{Form, Line};
    use crate::money::Amount;
    use crate::payouts::model::{Amounts, Status, Step, Values};

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2022, 9, n).unwrap()
    }

    /// A gift of 100 won with these steps, each with its amount and day.
    pub fn donation(steps: &[(Verb, i64, u32)]) -> Donation {
        let step = |(verb, amount, on): &(Verb, i64, u32)| Step {
            verb: *verb,
            actor: "officer".into(),
            effective_on: day(*on),
            recorded_at: DateTime::UNIX_EPOCH,
            sequence: 1,
            amount: Some(Amount::new(*amount).unwrap()),
            reason_class: None,
            reason: None,
            bank_reference: None,
            content: None,
        };
        let payout = Payout {
            id: RecordId::stored("id".into()),
            line: Line::outside(),
            form: Form::Cash,
            amount: Amount::new(100).unwrap(),
            values: Values::default(),
            planned_on: day(1),
            effective_on: day(1),
            purpose: None,
            external_id: None,
            attributes: BTreeMap::new(),
            approvals_needed: 1,
            status: Status::Approved,
            amounts: Amounts::default(),
            steps: steps.iter().map(step).collect(),
            version: 1,
        };
        Donation {
            payout,
            recipient: Code::parse("hope-bridge").unwrap(),
            recipient_role: RecipientRole::Intermediary,
            designated: true,
            approval_document: None,
            basis: None,
            receipt: None,
            uses: Vec::new(),
        }
    }

    const WAITING: [(Verb, i64, u32); 2] = [(Verb::Submit, 100, 1), (Verb::Approve, 100, 2)];

    fn refused(more: &[(Verb, i64, u32)], issued_on: u32) -> Option<ReceiptError> {
        let donation = donation(&[&WAITING, more].concat());
        may_have_receipt(&donation, day(issued_on), day(20)).err()
    }

    #[test]
    fn a_receipt_needs_a_payment_of_which_something_is_left() {
        let nothing = Some(ReceiptError::NothingPaid(Status::Approved));
        assert_eq!(refused(&[], 10), nothing);
        assert_eq!(refused(&[(Verb::Pay, 40, 6)], 10), None);
        assert_eq!(
            refused(&[(Verb::Pay, 40, 6), (Verb::Refund, 10, 7)], 10),
            None
        );
        assert_eq!(
            refused(&[(Verb::Pay, 40, 6), (Verb::Refund, 40, 7)], 10),
            nothing
        );
        assert_eq!(
            refused(&[(Verb::Pay, 40, 6), (Verb::Return, 40, 7)], 10),
            nothing
        );
    }

    #[test]
    fn a_receipt_is_issued_between_the_payment_that_counts_and_today() {
        let before = |on| Some(PayoutError::BeforePreviousStep { last_on: day(on) }.into());
        assert_eq!(
            refused(&[(Verb::Pay, 40, 6), (Verb::Pay, 60, 8)], 5),
            before(6)
        );
        assert_eq!(refused(&[(Verb::Pay, 40, 6), (Verb::Pay, 60, 8)], 6), None);
        let paid_again = [
            (Verb::Pay, 100, 6),
            (Verb::Return, 100, 7),
            (Verb::Pay, 100, 9),
        ];
        assert_eq!(refused(&paid_again, 8), before(9));
        assert_eq!(refused(&paid_again, 20), None);
        assert_eq!(refused(&paid_again, 21), Some(ReceiptError::InTheFuture));
    }

    #[test]
    fn a_second_receipt_is_refused() {
        let mut donation = donation(&[&WAITING[..], &[(Verb::Pay, 100, 6)]].concat());
        let number = "2022-1".to_owned();
        let (issued_on, class) = (day(7), ReceiptClass::Special);
        donation.receipt = Some(Receipt {
            number: number.clone(),
            issued_on,
            class,
        });
        let refused = may_have_receipt(&donation, day(8), day(20));
        assert_eq!(refused, Err(ReceiptError::Exists(number)));
    }
}
