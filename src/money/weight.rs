//! Weight of goods: kept in whole grams, shown in kilograms with three places.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::MoneyError;
use super::numeral::Numeral;

/// Decimal places of a kilogram that are kept: one thousandth is a gram.
const PLACES: i64 = 3;
const GRAMS_PER_KG: u64 = 1_000;

/// A weight in grams; signed, since figures may be corrected downwards and compared.
///
/// Written in kilograms, `2100000.000`. What an entry may carry is read by [`Weight::parse`] or
/// [`Weight::from_number_text`], which take only weights above nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Weight(i64);

impl Weight {
    /// No weight.
    pub const ZERO: Self = Self(0);

    /// The most that one entry may carry, in grams: a billion tonnes.
    pub const MAX: i64 = 1_000_000_000_000_000;

    /// A figure of this many grams.
    #[must_use]
    pub const fn from_grams(grams: i64) -> Self {
        Self(grams)
    }

    /// How many grams.
    #[must_use]
    pub const fn grams(self) -> i64 {
        self.0
    }

    /// Reads the kilograms of an entry from a string such as `2.5` or `2.500`.
    ///
    /// # Errors
    /// Any [`MoneyError`] that the text deserves.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        Self::carried(kilograms(text)?)
    }

    /// Reads the kilograms of an entry from the text of a JSON number.
    ///
    /// # Errors
    /// Any [`MoneyError`] that the number deserves.
    pub fn from_number_text(text: &str) -> Result<Self, MoneyError> {
        Self::carried(grams(Numeral::read(text)?)?)
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

    /// All of them together, whatever their order.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] where the result does not fit.
    pub fn sum(all: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        let total: i128 = all.into_iter().map(|weight| i128::from(weight.0)).sum();
        i64::try_from(total)
            .map(Self)
            .map_err(|_too_wide| MoneyError::Overflow)
    }

    /// The weight, where one entry may carry it.
    fn carried(weight: Self) -> Result<Self, MoneyError> {
        match weight.0 {
            ..0 => Err(MoneyError::Negative),
            0 => Err(MoneyError::Zero),
            1..=Self::MAX => Ok(weight),
            _ => Err(MoneyError::TooLarge),
        }
    }
}

/// Reads a string of kilograms with at most three places, of either sign.
fn kilograms(text: &str) -> Result<Weight, MoneyError> {
    let numeral = Numeral::read(text)?.without_exponent()?;
    if i64::try_from(numeral.places()).is_ok_and(|places| places <= PLACES) {
        grams(numeral)
    } else {
        Err(MoneyError::TooFine)
    }
}

fn grams(numeral: Numeral<'_>) -> Result<Weight, MoneyError> {
    match numeral.scaled(PLACES) {
        Ok(grams) => Ok(Weight(grams)),
        Err(MoneyError::Fraction) => Err(MoneyError::TooFine),
        Err(other) => Err(other),
    }
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let grams = self.0.unsigned_abs();
        let (whole, thousandths) = (grams / GRAMS_PER_KG, grams % GRAMS_PER_KG);
        write!(f, "{sign}{whole}.{thousandths:03}")
    }
}

impl Serialize for Weight {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Weight {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        kilograms(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn kilograms_go_out_with_three_places() {
        assert_eq!(Weight::from_grams(2_100_000_000).to_string(), "2100000.000");
        assert_eq!(Weight::from_grams(1).to_string(), "0.001");
        assert_eq!(Weight::from_grams(-500).to_string(), "-0.500");
        assert_eq!(Weight::ZERO.to_string(), "0.000");
    }

    #[test]
    fn kilograms_come_in_with_up_to_three_places() {
        for text in ["2.5", "2.50", "2.500"] {
            assert_eq!(Weight::parse(text), Ok(Weight(2_500)), "{text}");
        }
        assert_eq!(Weight::from_number_text("2.5000"), Ok(Weight(2_500)));
        assert_eq!(Weight::from_number_text("25e-1"), Ok(Weight(2_500)));
        assert_eq!(Weight::parse("2.5001"), Err(MoneyError::TooFine));
        assert_eq!(Weight::from_number_text("2.5001"), Err(MoneyError::TooFine));
        assert_eq!(Weight::parse("25e-1"), Err(MoneyError::Exponent));
    }

    #[test]
    fn an_entry_weighs_more_than_nothing_and_not_more_than_the_limit() {
        assert_eq!(Weight::parse("0.000"), Err(MoneyError::Zero));
        assert_eq!(Weight::parse("-1"), Err(MoneyError::Negative));
        assert_eq!(Weight::parse("1000000000000"), Ok(Weight(Weight::MAX)));
        assert_eq!(
            Weight::parse("1000000000000.001"),
            Err(MoneyError::TooLarge)
        );
    }

    #[test]
    fn sums_that_do_not_fit_are_errors() {
        let most = Weight(i64::MAX);
        assert_eq!(most.checked_add(Weight(1)), Err(MoneyError::Overflow));
        assert_eq!(
            Weight(i64::MIN).checked_sub(Weight(1)),
            Err(MoneyError::Overflow)
        );
        assert_eq!(Weight::sum([most, Weight(1)]), Err(MoneyError::Overflow));
        assert_eq!(Weight::sum([most, Weight(1), Weight(-1)]), Ok(most));
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_again(grams in -Weight::MAX..=Weight::MAX) {
            let weight = Weight(grams);
            let json = serde_json::to_string(&weight).unwrap();
            prop_assert_eq!(serde_json::from_str::<Weight>(&json).unwrap(), weight);
            if grams > 0 {
                prop_assert_eq!(Weight::parse(&weight.to_string()), Ok(weight));
                prop_assert_eq!(Weight::from_number_text(&weight.to_string()), Ok(weight));
            }
        }
    }
}
