//! A share that somebody states, such as a tolerance: exact to four places.

use std::fmt;

use super::MoneyError;
use super::numeral::Numeral;

/// Decimal places that are kept.
const PLACES: i64 = 4;
const PER_WHOLE: u64 = 10_000;

/// A share of a whole from nothing to all of it, in ten-thousandths. Written `0.0200`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Share(i64);

impl Share {
    /// The whole, in ten-thousandths.
    pub const WHOLE: i64 = 10_000;

    /// This many ten-thousandths, where they are no more than the whole.
    ///
    /// # Errors
    /// [`MoneyError::Negative`] or [`MoneyError::TooLarge`].
    pub const fn new(ten_thousandths: i64) -> Result<Self, MoneyError> {
        match ten_thousandths {
            ..0 => Err(MoneyError::Negative),
            0..=Self::WHOLE => Ok(Self(ten_thousandths)),
            _ => Err(MoneyError::TooLarge),
        }
    }

    /// Reads a string such as `0.02`.
    ///
    /// # Errors
    /// Any [`MoneyError`] that the text deserves; [`MoneyError::Fraction`] for a fifth place.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        Self::new(Numeral::read(text)?.without_exponent()?.scaled(PLACES)?)
    }

    /// Reads the text of a JSON number.
    ///
    /// # Errors
    /// As [`Share::parse`].
    pub fn from_number_text(text: &str) -> Result<Self, MoneyError> {
        Self::new(Numeral::read(text)?.scaled(PLACES)?)
    }

    /// How many ten-thousandths.
    #[must_use]
    pub const fn ten_thousandths(self) -> i64 {
        self.0
    }
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = self.0.unsigned_abs();
        write!(f, "{}.{:04}", parts / PER_WHOLE, parts % PER_WHOLE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_lies_between_nothing_and_the_whole() {
        for (text, shown) in [("0", "0.0000"), ("0.02", "0.0200"), ("1.0000", "1.0000")] {
            assert_eq!(Share::parse(text).unwrap().to_string(), shown);
            assert_eq!(Share::from_number_text(text).unwrap().to_string(), shown);
        }
        assert_eq!(Share::parse("1.0001"), Err(MoneyError::TooLarge));
        assert_eq!(Share::parse("-0.1"), Err(MoneyError::Negative));
        assert_eq!(Share::parse("0.00005"), Err(MoneyError::Fraction));
        assert_eq!(Share::parse("2e-2"), Err(MoneyError::Exponent));
        assert_eq!(Share::from_number_text("2e-2"), Share::new(200));
    }
}
