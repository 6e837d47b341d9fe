//! Quantities of any unit: people, tonnes of CO2, hours. Kept in whole millionths.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::numeral::Numeral;
use super::{MoneyError, Ratio};

/// Decimal places that are kept.
const PLACES: u32 = 6;
const PER_UNIT: u64 = 1_000_000;

/// A quantity in millionths of its unit, of any sign.
///
/// What an entry may carry is read by [`Quantity::parse`] or [`Quantity::from_number_text`]: up to
/// a billion billionths either way, with at most six places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Quantity(i64);

impl Quantity {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// The most that one entry may carry, in millionths: 10^12 units.
    pub const MAX: i64 = 1_000_000_000_000_000_000;

    /// Decimal places that are kept.
    pub const PLACES: i32 = 6;

    /// Decimal places of a share of a whole.
    pub const RATIO_PLACES: i32 = 4;

    /// A quantity of this many millionths.
    #[must_use]
    pub const fn from_millionths(millionths: i64) -> Self {
        Self(millionths)
    }

    /// How many millionths.
    #[must_use]
    pub const fn millionths(self) -> i64 {
        self.0
    }

    /// Reads a string such as `12.5`.
    ///
    /// # Errors
    /// Any [`MoneyError`] that the text deserves.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        Self::carried(Numeral::read(text)?.without_exponent()?)
    }

    /// Reads the text of a JSON number.
    ///
    /// # Errors
    /// Any [`MoneyError`] that the number deserves.
    pub fn from_number_text(text: &str) -> Result<Self, MoneyError> {
        Self::carried(Numeral::read(text)?)
    }

    fn carried(numeral: Numeral<'_>) -> Result<Self, MoneyError> {
        match numeral.scaled(i64::from(PLACES)) {
            Ok(millionths) if millionths.unsigned_abs() <= Self::MAX.unsigned_abs() => {
                Ok(Self(millionths))
            }
            Ok(_) => Err(MoneyError::TooLarge),
            Err(MoneyError::Fraction) => Err(MoneyError::TooFine),
            Err(other) => Err(other),
        }
    }

    /// The share that one is of another, rounded half up to four places; nothing where there is no
    /// other.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] where it does not fit.
    pub fn share(part: Self, whole: Self) -> Result<Option<Self>, MoneyError> {
        let Some(ratio) = Ratio::of(part.0, whole.0) else {
            return Ok(None);
        };
        let mut decimal = ratio.decimal();
        decimal.rescale(PLACES);
        let millionths = i64::try_from(decimal.mantissa());
        millionths
            .map(|millionths| Some(Self(millionths)))
            .map_err(|_too_wide| MoneyError::Overflow)
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

    /// Whether it needs no more than that many decimal places.
    #[must_use]
    pub fn has_at_most(self, places: i32) -> bool {
        let dropped = u32::try_from(Self::PLACES.saturating_sub(places)).unwrap_or(0);
        let step = 10_i64.checked_pow(dropped).unwrap_or(i64::MAX);
        self.0.checked_rem(step) == Some(0)
    }

    /// The quantity with exactly that many decimal places, of at most six; it has to need no more.
    #[must_use]
    pub fn shown(self, places: i32) -> String {
        let all = format!("{self:.6}");
        let surplus = usize::try_from(Self::PLACES.saturating_sub(places)).unwrap_or(0);
        let end = all.len().saturating_sub(surplus);
        let cut = all.get(..end).unwrap_or(&all);
        cut.trim_end_matches('.').to_owned()
    }
}

impl fmt::Display for Quantity {
    /// As short as it can be; with all six places where a precision is asked for.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        let text = format!("{sign}{}.{:06}", size / PER_UNIT, size % PER_UNIT);
        if f.precision().is_some() {
            return f.write_str(&text);
        }
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

impl Serialize for Quantity {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quantity {
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
    fn quantities_come_in_with_up_to_six_places_and_either_sign() {
        assert_eq!(Quantity::parse("12.5"), Ok(Quantity(12_500_000)));
        assert_eq!(Quantity::parse("-0.000001"), Ok(Quantity(-1)));
        assert_eq!(
            Quantity::from_number_text("125e-1"),
            Ok(Quantity(12_500_000))
        );
        assert_eq!(Quantity::parse("0.0000001"), Err(MoneyError::TooFine));
        assert_eq!(Quantity::parse("1e3"), Err(MoneyError::Exponent));
        assert_eq!(Quantity::parse("1,000"), Err(MoneyError::NotDigits));
        assert_eq!(
            Quantity::parse("1000000000000"),
            Ok(Quantity(Quantity::MAX))
        );
        let above = Quantity::parse("1000000000000.000001");
        assert_eq!(above, Err(MoneyError::TooLarge));
    }

    #[test]
    fn quantities_go_out_short_or_with_the_places_asked_for() {
        let quantity = Quantity::parse("-1200.5").unwrap();
        assert_eq!(quantity.to_string(), "-1200.5");
        assert_eq!(quantity.shown(2), "-1200.50");
        assert_eq!(Quantity::parse("1200").unwrap().shown(0), "1200");
        assert_eq!(Quantity::parse("100").unwrap().to_string(), "100");
        assert_eq!(Quantity::ZERO.to_string(), "0");
    }

    #[test]
    fn a_quantity_knows_how_many_places_it_needs() {
        let quantity = Quantity::parse("12.50").unwrap();
        assert!(quantity.has_at_most(1) && quantity.has_at_most(6));
        assert!(!quantity.has_at_most(0));
    }

    #[test]
    fn a_share_is_rounded_half_up_to_four_places() {
        let share = |part: &str, whole: &str| {
            let read = |text| Quantity::parse(text).unwrap();
            Quantity::share(read(part), read(whole)).map(|share| share.map(|share| share.shown(4)))
        };
        assert_eq!(share("1", "3"), Ok(Some("0.3333".to_owned())));
        assert_eq!(share("0.00005", "1"), Ok(Some("0.0001".to_owned())));
        assert_eq!(share("1", "0"), Ok(None));
        let huge = share("1000000000000", "0.000001");
        assert_eq!(huge, Err(MoneyError::Overflow));
    }

    #[test]
    fn sums_that_do_not_fit_are_errors() {
        let most = Quantity(i64::MAX);
        assert_eq!(most.checked_add(Quantity(1)), Err(MoneyError::Overflow));
        let least = Quantity(i64::MIN);
        assert_eq!(least.checked_sub(Quantity(1)), Err(MoneyError::Overflow));
    }

    proptest! {
        #[test]
        fn what_was_written_is_read_again(millionths in -Quantity::MAX..=Quantity::MAX) {
            let quantity = Quantity(millionths);
            let json = serde_json::to_string(&quantity).unwrap();
            prop_assert_eq!(serde_json::from_str::<Quantity>(&json).unwrap(), quantity);
            prop_assert_eq!(Quantity::parse(&quantity.shown(6)), Ok(quantity));
        }
    }
}
