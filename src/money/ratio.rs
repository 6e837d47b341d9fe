//! Shares of a whole, to four places, rounded half up.

use std::fmt;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Serialize, Serializer};

use super::Won;

/// Decimal places that a ratio keeps.
const PLACES: u32 = 4;

/// A quotient rounded half up (a half goes away from zero) to four places: `0.1188`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Ratio(Decimal);

impl Ratio {
    /// `numerator` / `denominator`, or nothing where the denominator is zero.
    ///
    /// Rounded once for all purposes: the division is carried to 28 digits, and no quotient of
    /// two `i64` lies so near a half without being one.
    #[must_use]
    pub fn of(numerator: i64, denominator: i64) -> Option<Self> {
        let quotient = Decimal::from(numerator).checked_div(Decimal::from(denominator))?;
        let mut rounded =
            quotient.round_dp_with_strategy(PLACES, RoundingStrategy::MidpointAwayFromZero);
        if rounded.is_zero() {
            rounded.set_sign_positive(true);
        }
        Some(Self(rounded))
    }

    /// The rounded quotient, to compare or compute with.
    #[must_use]
    pub const fn decimal(self) -> Decimal {
        self.0
    }
}

/// The share that one sum is of another, or nothing where there is no other.
#[must_use]
pub fn ratio(numerator: Won, denominator: Won) -> Option<Ratio> {
    Ratio::of(numerator.get(), denominator.get())
}

impl fmt::Display for Ratio {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.4}", self.0)
    }
}

impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(numerator: i64, denominator: i64) -> Option<String> {
        Ratio::of(numerator, denominator).map(|ratio| ratio.to_string())
    }

    #[test]
    fn the_figures_of_the_first_call_come_out_as_they_were_said() {
        assert_eq!(text(217, 1_826).as_deref(), Some("0.1188"));
        let disbursed = ratio(Won::new(8_200_000_000), Won::new(300_000_000_000));
        assert_eq!(
            disbursed.map(|ratio| ratio.to_string()).as_deref(),
            Some("0.0273")
        );
    }

    #[test]
    fn a_half_goes_away_from_zero() {
        assert_eq!(text(1, 20_000).as_deref(), Some("0.0001"));
        assert_eq!(text(-1, 20_000).as_deref(), Some("-0.0001"));
        assert_eq!(text(1, 20_001).as_deref(), Some("0.0000"));
        assert_eq!(text(-1, 20_001).as_deref(), Some("0.0000"));
        assert_eq!(text(3, 1).as_deref(), Some("3.0000"));
        assert_eq!(Ratio::default().to_string(), "0.0000");
    }

    #[test]
    fn nothing_is_no_denominator() {
        assert_eq!(text(1, 0), None);
        assert_eq!(text(0, 0), None);
    }

    /// The same rule in whole numbers only: ten-thousandths, a half away from zero.
    fn ten_thousandths(numerator: i64, denominator: i64) -> i128 {
        let (n, d) = (i128::from(numerator), i128::from(denominator));
        let size = (n.abs() * 20_000 + d.abs()) / (d.abs() * 2);
        size * n.signum() * d.signum()
    }

    fn agrees(numerator: i64, denominator: i64) -> bool {
        Ratio::of(numerator, denominator).is_some_and(|ratio| {
            let mut scaled = ratio.decimal();
            scaled.rescale(PLACES);
            scaled.mantissa() == ten_thousandths(numerator, denominator)
        })
    }

    proptest! {
        #[test]
        fn tells_a_half_from_what_is_next_to_it(
            half in 0_i64..100_000,
            d in 1..i64::MAX / 11,
            off in -1..=1_i128,
        ) {
            let at_half = (i128::from(half) * 2 + 1) * i128::from(d) / 20_000;
            let n = i64::try_from(at_half + off).unwrap();
            prop_assert!(agrees(n, d));
            prop_assert!(agrees(-n, d));
        }

        #[test]
        fn rounds_as_whole_numbers_do(n in any::<i64>(), d in any::<i64>()) {
            prop_assume!(d != 0);
            prop_assert!(agrees(n, d));
        }

        #[test]
        fn rounds_small_shares_as_whole_numbers_do(n in -30_000_i64..30_000, d in 1_i64..30_000) {
            prop_assert!(agrees(n, d));
        }
    }
}
