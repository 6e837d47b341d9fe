//! What an intermediary may say of a donation. Pure.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::error::UseError;
use super::model::{PassedOn, Use};
use crate::donations::model::{Donation, RecipientRole};
use crate::money::{Amount, MoneyError, Won};
use crate::payouts::model::{Payout, Verb};
use crate::payouts::rules::value_date;
use crate::refusal::FieldFault;

/// Uses that one donation may have, undone ones included.
pub const MAX_USES: usize = 200;

/// Everything that is wrong with a use by itself.
#[must_use]
pub fn faults(new: &Use, today: NaiveDate) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    let end = new.period.end();
    if end > today {
        faults.push(FieldFault::new("/period/end", "in_the_future"));
    }
    if new.effective_on > today {
        faults.push(FieldFault::new("/effective_on", "in_the_future"));
    } else if new.effective_on < end && end <= today {
        faults.push(FieldFault::new("/effective_on", "before_period_end").with("end", end));
    }
    if new.used.get() == 0 && new.returned.get() == 0 {
        faults.push(FieldFault::new("/used", "nothing_used_or_returned"));
    }
    faults
}

/// Makes sure that the donation has an intermediary that was paid and may have one more use.
///
/// # Errors
/// [`UseError`].
pub fn may_have(donation: &Donation) -> Result<(), UseError> {
    if donation.recipient_role != RecipientRole::Intermediary {
        return Err(UseError::NotAnIntermediary);
    }
    if donation.payout.amounts.paid == Won::ZERO {
        return Err(UseError::NothingPaid(donation.payout.status));
    }
    if donation.uses.len() >= MAX_USES {
        return Err(UseError::TooMany);
    }
    Ok(())
}

/// Makes sure that no live use tells of the same region on one of the same days.
///
/// # Errors
/// [`UseError::Overlaps`].
pub fn alone(uses: &[Use], new: &Use) -> Result<(), UseError> {
    let same = |other: &&Use| {
        other.cancelled.is_none()
            && other.region == new.region
            && other.period.start() <= new.period.end()
            && new.period.start() <= other.period.end()
    };
    match uses.iter().find(same) {
        Some(other) => Err(UseError::Overlaps(other.number)),
        None => Ok(()),
    }
}

/// What became of a donation by the end of a day.
///
/// # Errors
/// [`MoneyError::Overflow`].
pub fn passed_on(payout: &Payout, uses: &[Use], day: NaiveDate) -> Result<PassedOn, MoneyError> {
    let mut sum = PassedOn::default();
    for step in payout.steps.iter().filter(|step| step.effective_on <= day) {
        let moved = step.amount.map_or(Won::ZERO, Amount::won);
        match step.verb {
            Verb::Pay => sum.paid = sum.paid.checked_add(moved)?,
            Verb::Return => sum.paid = sum.paid.checked_sub(moved)?,
            Verb::Refund => sum.refunded = sum.refunded.checked_add(moved)?,
            _ => {}
        }
    }
    for said in uses.iter().filter(|said| said.counts_on(day)) {
        sum.used = sum.used.checked_add(said.used.won())?;
        sum.returned = sum.returned.checked_add(said.returned.won())?;
    }
    Ok(sum)
}

/// Makes sure that on no day more was used or came back than was paid by then. The days on which
/// anything changes are all that need a look.
///
/// # Errors
/// [`UseError::MoreThanWasPassedOn`] with the first day on which it is so.
pub fn within_what_was_paid(donation: &Donation) -> Result<(), UseError> {
    if donation.uses.is_empty() {
        return Ok(());
    }
    let payout = &donation.payout;
    let steps = payout.steps.iter().map(|step| step.effective_on);
    let uses = donation.uses.iter().map(|said| said.effective_on);
    let days: BTreeSet<NaiveDate> = steps.chain(uses).collect();
    for on in days {
        let passed_on = passed_on(payout, &donation.uses, on)?;
        if passed_on.held()? < Won::ZERO {
            return Err(UseError::MoreThanWasPassedOn { on, passed_on });
        }
    }
    Ok(())
}

/// The day on which a use stops counting: today by default, never in the future, never before its
/// own value date.
///
/// # Errors
/// [`UseError`] for such a day, and for a use that was undone already.
pub fn cancelled_on(
    said: &Use,
    wanted: Option<NaiveDate>,
    today: NaiveDate,
) -> Result<NaiveDate, UseError> {
    if said.cancelled.is_some() {
        return Err(UseError::Cancelled(said.number));
    }
    Ok(value_date(wanted, said.effective_on, today)?)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;
    use crate::calendar::Period;
    use crate::donations::rules::tests::donation;
    use crate::money::Cost;
    use crate::regions::RegionCode;
    use crate::sales::model::Cancelled;

    fn day(n: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2022, 9, n).unwrap()
    }

    /// A use of the days from 1 to `on`, its value date.
    fn said(number: i32, (used, returned): (i64, i64), on: u32) -> Use {
        Use {
            number,
            period: Period::new(day(1), day(on)).unwrap(),
            effective_on: day(on),
            region: None,
            used: Cost::new(used).unwrap(),
            returned: Cost::new(returned).unwrap(),
            beneficiaries: None,
            note: None,
            cancelled: None,
            recorded_by: "officer".into(),
            recorded_at: DateTime::UNIX_EPOCH,
        }
    }

    fn excess(steps: &[(Verb, i64, u32)], uses: Vec<Use>) -> Option<NaiveDate> {
        let mut donation = donation(steps);
        donation.uses = uses;
        match within_what_was_paid(&donation) {
            Ok(()) => None,
            Err(UseError::MoreThanWasPassedOn { on, .. }) => Some(on),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn what_is_used_and_came_back_is_within_what_was_paid() {
        let paid = [(Verb::Pay, 100, 6)];
        assert_eq!(excess(&paid, vec![said(1, (70, 30), 8)]), None);
        assert_eq!(excess(&paid, vec![said(1, (70, 31), 8)]), Some(day(8)));
        let two = vec![said(1, (70, 0), 8), said(2, (31, 0), 9)];
        assert_eq!(excess(&paid, two), Some(day(9)));
    }

    #[test]
    fn money_that_came_back_counts_once_whoever_says_so() {
        let refunded = [(Verb::Pay, 100, 6), (Verb::Refund, 30, 9)];
        assert_eq!(excess(&refunded, vec![said(1, (70, 30), 8)]), None);
        assert_eq!(excess(&refunded, vec![said(1, (70, 10), 8)]), None);
        assert_eq!(excess(&refunded, vec![said(1, (71, 0), 8)]), Some(day(9)));
        let sum = passed_on(&donation(&refunded).payout, &[said(1, (50, 10), 8)], day(9));
        assert_eq!(sum.unwrap().held(), Ok(Won::new(20)));
    }

    #[test]
    fn nothing_is_used_before_it_is_paid_and_each_day_is_looked_at() {
        let paid = [(Verb::Pay, 40, 6), (Verb::Pay, 60, 10)];
        assert_eq!(excess(&paid, vec![said(1, (1, 0), 5)]), Some(day(5)));
        assert_eq!(excess(&paid, vec![said(1, (41, 0), 9)]), Some(day(9)));
        assert_eq!(excess(&paid, vec![said(1, (41, 0), 10)]), None);
        let undone = Use {
            cancelled: Some(Cancelled {
                reason: "wrong".into(),
                on: day(12),
                by: "officer".into(),
            }),
            ..said(1, (90, 0), 10)
        };
        assert_eq!(
            excess(&paid, vec![undone.clone(), said(2, (100, 0), 12)]),
            None
        );
        assert_eq!(
            excess(&paid, vec![undone, said(2, (100, 0), 11)]),
            Some(day(11))
        );
    }

    #[test]
    fn uses_share_days_only_in_other_regions() {
        let first = said(1, (1, 0), 8);
        let seoul = Use {
            region: Some(RegionCode::parse("11").unwrap()),
            ..said(2, (1, 0), 8)
        };
        assert_eq!(alone(std::slice::from_ref(&first), &seoul), Ok(()));
        assert_eq!(
            alone(&[first, seoul.clone()], &seoul),
            Err(UseError::Overlaps(2))
        );
    }
}
