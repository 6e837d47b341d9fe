//! Splitting (쪼개기): payments to one person that stay below the limit one by one and pass it together.
//! Pure. It is shown to whoever approves, and stops nobody.

use chrono::NaiveDate;

use super::model::{Disbursement, Splitting};
use crate::ids::RecordId;
use crate::money::Amount;
use crate::settings::limits::needs_second;

/// Days that two records may lie apart, by when they were submitted or by when they are to be paid.
pub const WITHIN_DAYS: i64 = 30;
/// Other records that are named.
pub const MAX_TOLD: usize = 20;

/// Another live record of the same program for the same person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sibling {
    /// Its id.
    pub id: RecordId,
    /// How much.
    pub amount: Amount,
    /// When it is meant to be paid.
    pub planned_on: NaiveDate,
    /// When it was submitted.
    pub effective_on: NaiveDate,
}

/// What a record and its siblings look like together where the limit is `above`: none unless each is
/// within it and all are more.
#[must_use]
pub fn splitting(record: &Disbursement, siblings: &[Sibling], above: Amount) -> Option<Splitting> {
    let payout = &record.payout;
    if needs_second(payout.amount, Some(above)) {
        return None;
    }
    let near = |a: NaiveDate, b: NaiveDate| (a - b).num_days().abs() <= WITHIN_DAYS;
    let with_it = siblings.iter().filter(|other| {
        other.id != payout.id
            && !needs_second(other.amount, Some(above))
            && (near(other.planned_on, payout.planned_on)
                || near(other.effective_on, payout.effective_on))
    });
    let (mut total, mut records, mut others) = (payout.amount.won(), 1_usize, Vec::new());
    for other in with_it {
        total = total.checked_add(other.amount.won()).ok()?;
        records = records.saturating_add(1);
        if others.len() < MAX_TOLD {
            others.push(other.id.clone());
        }
    }
    (total > above.won()).then_some(Splitting {
        above,
        total,
        records,
        others,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::beneficiaries::model::PayeeKind;
    use crate::disbursements::model::Payee;
    use crate::payouts::rules::sample;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn record(amount: i64) -> Disbursement {
        let mut payout = sample::submitted(amount);
        payout.planned_on = day("2022-11-03");
        payout.effective_on = day("2022-11-03");
        Disbursement {
            payout,
            payee: Payee {
                beneficiary: None,
                kind: PayeeKind::Worker,
                count: None,
                region: None,
            },
            round: None,
            voucher_number: None,
            assessment: None,
            once_key: None,
            splitting: None,
        }
    }

    fn sibling(id: &str, amount: i64, on: &str) -> Sibling {
        Sibling {
            id: RecordId::stored(id.to_owned()),
            amount: Amount::new(amount).unwrap(),
            planned_on: day(on),
            effective_on: day(on),
        }
    }

    fn found(amount: i64, siblings: &[Sibling]) -> Option<(i64, usize, usize)> {
        let above = Amount::new(100).unwrap();
        let found = splitting(&record(amount), siblings, above)?;
        Some((found.total.get(), found.records, found.others.len()))
    }

    #[test]
    fn what_is_each_within_the_limit_and_together_more_is_told() {
        let other = [sibling("a", 40, "2022-11-03")];
        assert_eq!(found(60, &other), None);
        assert_eq!(found(61, &other), Some((101, 2, 1)));
        assert_eq!(found(100, &other), Some((140, 2, 1)));
        // What is above the limit by itself needs two anyway.
        assert_eq!(found(101, &other), None);
        assert_eq!(found(61, &[sibling("a", 101, "2022-11-03")]), None);
        assert_eq!(found(100, &[]), None);
    }

    #[test]
    fn thirty_days_are_near_and_thirty_one_are_not() {
        for (on, near) in [
            ("2022-10-04", true),
            ("2022-10-03", false),
            ("2022-12-03", true),
            ("2022-12-04", false),
        ] {
            let told = found(100, &[sibling("a", 1, on)]);
            assert_eq!(told.is_some(), near, "{on}");
        }
        // What is to be paid later and was submitted together is near all the same.
        let mut later = sibling("a", 1, "2022-12-31");
        later.effective_on = day("2022-11-03");
        assert!(found(100, &[later]).is_some());
    }

    #[test]
    fn so_many_others_are_named_and_all_are_counted() {
        let others: Vec<Sibling> = (0..MAX_TOLD + 5)
            .map(|n| sibling(&n.to_string(), 50, "2022-11-03"))
            .collect();
        let all = MAX_TOLD + 5;
        let total = 50 * (i64::try_from(all).unwrap() + 1);
        assert_eq!(found(50, &others), Some((total, all + 1, MAX_TOLD)));
        // It is not its own sibling.
        let itself = record(60).payout.id.as_str().to_owned();
        assert_eq!(found(60, &[sibling(&itself, 60, "2022-11-03")]), None);
    }
}
