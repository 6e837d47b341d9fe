//! What compensation programs did, by rule version and tier. Never a part of giving.
//!
//! A record counts, with its people, its assessed loss and what it is worth in kind, while what it
//! was approved, net of what was cancelled or refunded, is above zero. Once it is approved none of
//! these changes any more, so a step adds it, takes it away, or leaves it.

use chrono::NaiveDate;

use crate::code::Code;
use crate::ledger::Form;
use crate::money::MoneyError;

/// A quantity of compensation: so many records with all that belongs to them, and what moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Compensated {
    /// Records of which something approved is left.
    pub records: i64,
    /// Of them, those that name a person.
    pub named: i64,
    /// People in their groups: counted, not told apart.
    pub counted: i64,
    /// Their assessed loss, in won.
    pub assessed_loss: i64,
    /// What those in kind cost, in won.
    pub cost: i64,
    /// Their list price, in won, where it is known.
    pub list: i64,
    /// Those in kind without a list price.
    pub without_list: i64,
    /// Their fair value, in won, where it is known.
    pub fair: i64,
    /// Those in kind without a fair value.
    pub without_fair: i64,
    /// Won approved, net of cancellations.
    pub approved: i64,
    /// Won paid, net of returns.
    pub paid: i64,
    /// Won that came back for good.
    pub refunded: i64,
}

/// A change to what a compensation program did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CompensationChange {
    /// The program.
    pub program: Code,
    /// The version of the rules; empty where nothing was assessed.
    pub rule_version: String,
    /// The tier; empty where nothing was assessed.
    pub tier: String,
    /// In what form.
    pub form: Form,
    /// The value date.
    pub on: NaiveDate,
    /// What is added; below zero where it is taken back.
    pub added: Compensated,
}

impl Compensated {
    /// Every figure, in the order of their declaration.
    #[must_use]
    pub fn figures(&self) -> [i64; 12] {
        let Self {
            records,
            named,
            counted,
            assessed_loss,
            cost,
            list,
            without_list,
            fair,
            without_fair,
            approved,
            paid,
            refunded,
        } = *self;
        [
            records,
            named,
            counted,
            assessed_loss,
            cost,
            list,
            without_list,
            fair,
            without_fair,
            approved,
            paid,
            refunded,
        ]
    }

    /// What these figures say, in the order of [`Compensated::figures`].
    #[must_use]
    pub fn of(figures: [i64; 12]) -> Self {
        let [
            records,
            named,
            counted,
            assessed_loss,
            cost,
            list,
            without_list,
            fair,
            without_fair,
            approved,
            paid,
            refunded,
        ] = figures;
        Self {
            records,
            named,
            counted,
            assessed_loss,
            cost,
            list,
            without_list,
            fair,
            without_fair,
            approved,
            paid,
            refunded,
        }
    }

    /// Both together.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        let mut sums = self.figures();
        for (sum, more) in sums.iter_mut().zip(other.figures()) {
            *sum = super::add(*sum, more)?;
        }
        Ok(Self::of(sums))
    }

    /// The same so many times: 1 where a record comes in, −1 where it goes.
    #[must_use]
    pub fn times(self, sign: i64) -> Self {
        Self::of(self.figures().map(|figure| figure.saturating_mul(sign)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_in_the_order_they_are_told() {
        let figures = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];
        let told = Compensated::of(figures);
        assert_eq!(
            (told.records, told.fair, told.refunded, told.figures()),
            (1, 8, 12, figures)
        );
        assert_eq!(told.plus(told.times(-1)).unwrap(), Compensated::default());
    }

    #[test]
    fn a_sum_that_does_not_fit_is_an_error() {
        let most = Compensated {
            paid: i64::MAX,
            ..Compensated::default()
        };
        assert_eq!(most.plus(most), Err(MoneyError::Overflow));
    }
}
