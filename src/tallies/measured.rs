//! A number for each measure, side by side as they are stored.

use super::{Measure, add};
use crate::money::MoneyError;
use crate::text_enum::TextEnum;

/// What was done, by measure: won, or numbers of records.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    submitted: i64,
    approved: i64,
    paid: i64,
    refunded: i64,
    payments: i64,
    donations: i64,
    receipts: i64,
}

impl Measured {
    /// Of numbers in the order of [`Measure`], as they are stored.
    #[must_use]
    pub fn of(numbers: [i64; 7]) -> Self {
        let [
            submitted,
            approved,
            paid,
            refunded,
            payments,
            donations,
            receipts,
        ] = numbers;
        Self {
            submitted,
            approved,
            paid,
            refunded,
            payments,
            donations,
            receipts,
        }
    }

    /// Adds to one measure.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn add(&mut self, measure: Measure, amount: i64) -> Result<(), MoneyError> {
        let sum = match measure {
            Measure::Submitted => &mut self.submitted,
            Measure::Approved => &mut self.approved,
            Measure::Paid => &mut self.paid,
            Measure::Refunded => &mut self.refunded,
            Measure::Payments => &mut self.payments,
            Measure::Donations => &mut self.donations,
            Measure::Receipts => &mut self.receipts,
        };
        *sum = add(*sum, amount)?;
        Ok(())
    }

    /// Both together.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self {
            submitted: add(self.submitted, other.submitted)?,
            approved: add(self.approved, other.approved)?,
            paid: add(self.paid, other.paid)?,
            refunded: add(self.refunded, other.refunded)?,
            payments: add(self.payments, other.payments)?,
            donations: add(self.donations, other.donations)?,
            receipts: add(self.receipts, other.receipts)?,
        })
    }

    /// The number of one measure.
    #[must_use]
    pub fn get(&self, measure: Measure) -> i64 {
        match measure {
            Measure::Submitted => self.submitted,
            Measure::Approved => self.approved,
            Measure::Paid => self.paid,
            Measure::Refunded => self.refunded,
            Measure::Payments => self.payments,
            Measure::Donations => self.donations,
            Measure::Receipts => self.receipts,
        }
    }

    /// Every measure of which there is something; all of them where there is nothing, so that
    /// where something was and was taken back is still told of.
    pub fn told(self) -> impl Iterator<Item = (Measure, i64)> {
        let is_nothing = self == Self::default();
        let all = Measure::ALL.iter().map(move |one| (*one, self.get(*one)));
        all.filter(move |(_, amount)| is_nothing || *amount != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_measure_has_its_own_place_and_what_is_nothing_is_told_whole() {
        let numbers = Measured::of([1, 2, 3, 4, 5, 6, 7]);
        let told: Vec<i64> = numbers.told().map(|(_, amount)| amount).collect();
        assert_eq!(told, [1, 2, 3, 4, 5, 6, 7]);
        let mut added = Measured::default();
        assert_eq!(added.told().count(), 7);
        for (place, measure) in Measure::ALL.iter().enumerate() {
            added
                .add(*measure, i64::try_from(place).unwrap() + 1)
                .unwrap();
        }
        assert_eq!(added, numbers);
        added.add(Measure::Paid, -3).unwrap();
        assert!(added.told().all(|(measure, _)| measure != Measure::Paid));
        assert!(added.add(Measure::Receipts, i64::MAX).is_err());
    }
}
