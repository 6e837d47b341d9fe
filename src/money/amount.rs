//! What one entry may carry: never negative, never a fraction, never beyond 10^15 won.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::numeral::Numeral;
use super::{MoneyError, Won};

/// The money an entry moves: 1 to 10^15 won.
pub type Amount = Bounded<1>;

/// What something in kind did cost, which may be nothing: 0 to 10^15 won.
pub type Cost = Bounded<0>;

/// Whole won from `LEAST` up to [`Bounded::MAX`]. Use it as [`Amount`] or [`Cost`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bounded<const LEAST: i64>(i64);

impl<const LEAST: i64> Bounded<LEAST> {
    /// The most that one entry may carry, in won.
    pub const MAX: i64 = 1_000_000_000_000_000;

    /// This many won, where an entry may carry them.
    ///
    /// # Errors
    /// [`MoneyError::Negative`], [`MoneyError::Zero`] or [`MoneyError::TooLarge`].
    pub const fn new(won: i64) -> Result<Self, MoneyError> {
        if won < 0 {
            return Err(MoneyError::Negative);
        }
        if won < LEAST {
            return Err(MoneyError::Zero);
        }
        if won > Self::MAX {
            return Err(MoneyError::TooLarge);
        }
        Ok(Self(won))
    }

    /// Reads a string of digits, and nothing but digits.
    ///
    /// # Errors
    /// Any [`MoneyError`] that the text deserves.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let digits = Numeral::read(text)?
            .without_exponent()?
            .without_sign()?
            .without_fraction()?;
        Self::new(digits.scaled(0)?)
    }

    /// Reads the text of a JSON number, which has to be whole: `276`, `276.0` or `1e3`.
    ///
    /// # Errors
    /// Any [`MoneyError`] that the number deserves.
    pub fn from_number_text(text: &str) -> Result<Self, MoneyError> {
        Self::new(Numeral::read(text)?.scaled(0)?)
    }

    /// The amount as a figure to compute with.
    #[must_use]
    pub const fn won(self) -> Won {
        Won::new(self.0)
    }

    /// How many won.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

impl<const LEAST: i64> fmt::Display for Bounded<LEAST> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<const LEAST: i64> Serialize for Bounded<LEAST> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de, const LEAST: i64> Deserialize<'de> for Bounded<LEAST> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_amount_lies_between_one_won_and_the_limit() {
        assert_eq!(Amount::parse("1").map(Amount::get), Ok(1));
        assert_eq!(
            Amount::parse("1000000000000000").map(Amount::get),
            Ok(Amount::MAX)
        );
        assert_eq!(Amount::parse("1000000000000001"), Err(MoneyError::TooLarge));
        assert_eq!(
            Amount::parse("99999999999999999999999"),
            Err(MoneyError::TooLarge)
        );
        assert_eq!(Amount::parse("0"), Err(MoneyError::Zero));
        assert_eq!(Amount::new(-1), Err(MoneyError::Negative));
        assert_eq!(Amount::new(i64::MIN), Err(MoneyError::Negative));
    }

    #[test]
    fn a_cost_may_be_nothing_but_not_less() {
        assert_eq!(Cost::parse("0").map(Cost::won), Ok(Won::ZERO));
        assert_eq!(Cost::from_number_text("-0").map(Cost::get), Ok(0));
        assert_eq!(Cost::new(-1), Err(MoneyError::Negative));
    }

    #[test]
    fn a_string_holds_digits_only() {
        assert_eq!(Amount::parse("276.0"), Err(MoneyError::Fraction));
        assert_eq!(Amount::parse("1e3"), Err(MoneyError::Exponent));
        assert_eq!(Amount::parse("-5"), Err(MoneyError::Negative));
        assert_eq!(Amount::parse("-1.5"), Err(MoneyError::Negative));
        for text in ["007", "+5", " 5", "1,000", "", "오천"] {
            assert_eq!(Amount::parse(text), Err(MoneyError::NotDigits), "{text}");
        }
    }

    #[test]
    fn a_number_has_to_be_whole() {
        assert_eq!(
            Amount::from_number_text("2.760e2").map(Amount::get),
            Ok(276)
        );
        assert_eq!(Amount::from_number_text("1.5"), Err(MoneyError::Fraction));
        assert_eq!(Amount::from_number_text("0.0"), Err(MoneyError::Zero));
        assert_eq!(Amount::from_number_text("-3"), Err(MoneyError::Negative));
        assert_eq!(Amount::from_number_text("1e400"), Err(MoneyError::TooLarge));
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_again(won in 1..=Amount::MAX) {
            let amount = Amount::new(won).unwrap();
            prop_assert_eq!(Amount::parse(&amount.to_string()), Ok(amount));
            prop_assert_eq!(Amount::from_number_text(&format!("{won}.00")), Ok(amount));
            let json = serde_json::to_string(&amount).unwrap();
            prop_assert_eq!(&json, &format!("\"{won}\""));
            prop_assert_eq!(serde_json::from_str::<Amount>(&json).unwrap(), amount);
        }

        #[test]
        fn no_text_whatever_makes_the_readers_panic(text in "[-+0-9.eE ]{0,24}") {
            if let Ok(amount) = Amount::parse(&text) {
                prop_assert_eq!(amount.to_string(), text.clone());
            }
            if let Ok(amount) = Amount::from_number_text(&text) {
                prop_assert!((1..=Amount::MAX).contains(&amount.get()));
            }
        }
    }
}
