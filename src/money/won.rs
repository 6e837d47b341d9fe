//! Whole won: the one type of every balance and figure.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::MoneyError;

/// A signed sum of whole won. Arithmetic that does not fit is an error, never a wrong figure.
///
/// Written as plain digits, `-300`, and as a decimal string in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Won(i64);

impl Won {
    /// No money.
    pub const ZERO: Self = Self(0);

    /// A sum of this many won.
    #[must_use]
    pub const fn new(won: i64) -> Self {
        Self(won)
    }

    /// How many won.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }

    /// This and the other together.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] where the result does not fit.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        let sum = self.0.checked_add(other.0);
        sum.map(Self).ok_or(MoneyError::Overflow)
    }

    /// This without the other.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] where the result does not fit.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        let difference = self.0.checked_sub(other.0);
        difference.map(Self).ok_or(MoneyError::Overflow)
    }

    /// The same sum the other way.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] for the one sum that has no opposite.
    pub fn checked_neg(self) -> Result<Self, MoneyError> {
        self.0.checked_neg().map(Self).ok_or(MoneyError::Overflow)
    }

    /// All of them together, whatever their order.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] where the result does not fit.
    pub fn sum(all: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        let total: i128 = all.into_iter().map(|won| i128::from(won.0)).sum();
        i64::try_from(total)
            .map(Self)
            .map_err(|_too_wide| MoneyError::Overflow)
    }
}

impl fmt::Display for Won {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Serialize for Won {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Won {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let won = text.parse().ok().map(Self);
        // Only its own writing: no `+`, no leading zeros, no `-0`.
        won.filter(|won| won.to_string() == text)
            .ok_or_else(|| de::Error::custom(MoneyError::NotDigits))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sums_that_do_not_fit_are_errors() {
        let most = Won::new(i64::MAX);
        let least = Won::new(i64::MIN);
        let one = Won::new(1);
        assert_eq!(most.checked_add(one), Err(MoneyError::Overflow));
        assert_eq!(least.checked_sub(one), Err(MoneyError::Overflow));
        assert_eq!(least.checked_neg(), Err(MoneyError::Overflow));
        assert_eq!(Won::sum([most, one]), Err(MoneyError::Overflow));
        assert_eq!(Won::sum([most, one, Won::new(-1)]), Ok(most));
        assert_eq!(Won::sum([]), Ok(Won::ZERO));
    }

    #[test]
    fn is_written_as_plain_digits() {
        assert_eq!(Won::new(-300).to_string(), "-300");
        assert_eq!(serde_json::to_string(&Won::new(6_000)).unwrap(), "\"6000\"");
    }

    #[test]
    fn reads_only_its_own_writing() {
        for json in [
            "6000", "\"1.0\"", "\"1e3\"", "\"+1\"", "\"01\"", "\"-0\"", "\"\"", "null",
        ] {
            assert!(serde_json::from_str::<Won>(json).is_err(), "{json}");
        }
    }

    proptest! {
        #[test]
        fn every_sum_survives_writing_and_reading(won in any::<i64>()) {
            let json = serde_json::to_string(&Won::new(won)).unwrap();
            prop_assert_eq!(serde_json::from_str::<Won>(&json).unwrap(), Won::new(won));
        }

        #[test]
        fn adding_and_taking_away_again_changes_nothing(a in any::<i32>(), b in any::<i32>()) {
            let (a, b) = (Won::new(i64::from(a)), Won::new(i64::from(b)));
            prop_assert_eq!(a.checked_add(b).unwrap().checked_sub(b), Ok(a));
            prop_assert_eq!(Won::sum([a, b]), a.checked_add(b));
        }
    }
}
