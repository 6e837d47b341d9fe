//! How a number that was said is held against the books: exact, in whole numbers. Pure.
//!
//! Every comparator names a run of figures for which the claim holds. From that run follow both the
//! verdict and the headroom: how far the figure may fall before the verdict changes.

use crate::metrics::Unit;
use crate::money::{Amount, MoneyError, Share, Weight};
use crate::refusal::FieldFault;
use crate::text_enum::text_enum;

text_enum! {
    /// How the number was said.
    Comparator {
        /// Exactly that.
        Eq = "eq",
        /// That or more (돌파, 이상).
        Gte = "gte",
        /// More than that (초과).
        Gt = "gt",
        /// That or less (이내).
        Lte = "lte",
        /// About that (약).
        About = "about",
        /// Nearly that, but not yet (육박).
        Near = "near",
        /// That and a little more (여): less than one more unit.
        RoundedDown = "rounded_down",
    }
}

/// How far above the books `about` may lie, where the claim does not say: 2 %.
const ABOUT_ABOVE: i64 = 200;
/// How far below the books `about`, and below the number `near`, may lie: 5 %.
const DEFAULT_BELOW: i64 = 500;
/// The widest tolerance of a claim: 20 %.
pub const MAX_TOLERANCE: i64 = 2_000;

/// A number as it was said, before it is known what it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stated {
    whole: Result<Amount, MoneyError>,
    kilograms: Result<Weight, MoneyError>,
}

/// How far a claim may lie beside the books, where it says so itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tolerance {
    /// Above them.
    pub above: Option<Share>,
    /// Below them.
    pub below: Option<Share>,
}

/// A number with the way it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    comparator: Comparator,
    value: i64,
    unit: Option<i64>,
    tolerance: Tolerance,
}

impl Stated {
    /// Reads a text.
    ///
    /// # Errors
    /// The [`MoneyError`] of a text that is neither whole nor a weight.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        Self::either(Amount::parse(text), Weight::parse(text))
    }

    /// Reads the text of a JSON number.
    ///
    /// # Errors
    /// As [`Stated::parse`].
    pub fn from_number_text(text: &str) -> Result<Self, MoneyError> {
        Self::either(
            Amount::from_number_text(text),
            Weight::from_number_text(text),
        )
    }

    fn either(
        whole: Result<Amount, MoneyError>,
        kilograms: Result<Weight, MoneyError>,
    ) -> Result<Self, MoneyError> {
        match (whole, kilograms) {
            (Err(MoneyError::Fraction), Err(error)) | (Err(error), Err(_)) => Err(error),
            _ => Ok(Self { whole, kilograms }),
        }
    }

    /// The number in the smallest part of a unit: whole, or grams.
    ///
    /// # Errors
    /// [`MoneyError::Fraction`] where the unit has no decimals; [`MoneyError::TooLarge`].
    pub fn in_unit(self, unit: Unit) -> Result<i64, MoneyError> {
        match unit {
            Unit::Kg => self.kilograms.map(Weight::grams),
            Unit::Krw | Unit::People | Unit::Count => self.whole.map(Amount::get),
        }
    }
}

impl Comparison {
    /// A comparison whose parts belong together.
    ///
    /// # Errors
    /// Every wrong part: a unit that is missing or too much, a tolerance where there is none.
    pub fn new(
        comparator: Comparator,
        value: i64,
        unit: Option<i64>,
        tolerance: Tolerance,
    ) -> Result<Self, Vec<FieldFault>> {
        let faults = faults(comparator, unit.is_some(), tolerance);
        if faults.is_empty() {
            Ok(Self {
                comparator,
                value,
                unit,
                tolerance,
            })
        } else {
            Err(faults)
        }
    }

    /// How the number was said.
    #[must_use]
    pub fn comparator(&self) -> Comparator {
        self.comparator
    }

    /// The number.
    #[must_use]
    pub fn value(&self) -> i64 {
        self.value
    }

    /// To what it was rounded down.
    #[must_use]
    pub fn unit(&self) -> Option<i64> {
        self.unit
    }

    /// The tolerance that the claim gives itself.
    #[must_use]
    pub fn tolerance(&self) -> Tolerance {
        self.tolerance
    }

    /// Whether the claim holds when the books say `actual`.
    #[must_use]
    pub fn holds(&self, actual: i64) -> bool {
        let (least, most) = self.range();
        least.is_none_or(|least| actual >= least) && most.is_none_or(|most| actual <= most)
    }

    /// How far `actual` may fall before it stops, or begins, to hold; none where it never does.
    #[must_use]
    pub fn headroom(&self, actual: i64) -> Option<i64> {
        let (least, most) = self.range();
        if self.holds(actual) {
            return Some(actual.saturating_sub(least?));
        }
        let most = most?;
        let empty = least.is_some_and(|least| least > most);
        (actual > most && !empty).then(|| actual.saturating_sub(most).saturating_sub(1))
    }

    /// The first and the last figure for which it holds; none where there is no such end.
    ///
    /// About: claimed ≤ actual × (1 + above) and claimed ≥ actual × (1 − below). Near: actual <
    /// claimed and actual ≥ claimed × (1 − below).
    fn range(&self) -> (Option<i64>, Option<i64>) {
        let value = self.value;
        let above = self.tolerance.above.map_or(ABOUT_ABOVE, part);
        let below = self.tolerance.below.map_or(DEFAULT_BELOW, part);
        let (more, less) = (
            Share::WHOLE.saturating_add(above),
            Share::WHOLE.saturating_sub(below),
        );
        match self.comparator {
            Comparator::Eq => (Some(value), Some(value)),
            Comparator::Gte => (Some(value), None),
            Comparator::Gt => (Some(value.saturating_add(1)), None),
            Comparator::Lte => (None, Some(value)),
            Comparator::About => (
                Some(at_least(value, Share::WHOLE, more)),
                Some(at_most(value, Share::WHOLE, less)),
            ),
            Comparator::Near => (
                Some(at_least(value, less, Share::WHOLE)),
                Some(value.saturating_sub(1)),
            ),
            Comparator::RoundedDown => {
                let unit = self.unit.unwrap_or(1);
                let next = value.saturating_add(unit);
                (Some(value), Some(next.saturating_sub(1)))
            }
        }
    }
}

fn faults(comparator: Comparator, has_unit: bool, tolerance: Tolerance) -> Vec<FieldFault> {
    let mut faults = Vec::new();
    let rounds = comparator == Comparator::RoundedDown;
    if rounds && !has_unit {
        faults.push(FieldFault::new("/unit", "unit_required"));
    }
    if !rounds && has_unit {
        faults.push(FieldFault::new("/unit", "unit_only_for_rounded_down"));
    }
    let tolerates = match comparator {
        Comparator::About => [true, true],
        Comparator::Near => [false, true],
        _ => [false, false],
    };
    let given = [
        ("/tolerance/above", tolerance.above),
        ("/tolerance/below", tolerance.below),
    ];
    for ((field, share), tolerates) in given.into_iter().zip(tolerates) {
        let Some(share) = share else { continue };
        if !tolerates {
            let fault = FieldFault::new(field, "no_tolerance");
            faults.push(fault.with("comparator", comparator));
        } else if share.ten_thousandths() > MAX_TOLERANCE {
            faults.push(FieldFault::new(field, "tolerance_too_wide"));
        }
    }
    faults
}

fn part(share: Share) -> i64 {
    share.ten_thousandths()
}

/// The first whole number that is not below value × of / over. `over` is above zero.
fn at_least(value: i64, of: i64, over: i64) -> i64 {
    let (product, over) = (i128::from(value) * i128::from(of), i128::from(over));
    let up = product.rem_euclid(over) != 0;
    narrow(product.div_euclid(over) + i128::from(up))
}

/// The last whole number that is not above value × of / over. `over` is above zero.
fn at_most(value: i64, of: i64, over: i64) -> i64 {
    narrow((i128::from(value) * i128::from(of)).div_euclid(i128::from(over)))
}

/// Numbers that are said are 10^15 at most, so that a fifth more still fits.
fn narrow(wide: i128) -> i64 {
    i64::try_from(wide).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text_enum::TextEnum;

    fn said(comparator: Comparator, value: i64) -> Comparison {
        let unit = (comparator == Comparator::RoundedDown).then_some(10_000);
        Comparison::new(comparator, value, unit, Tolerance::default()).unwrap()
    }

    fn codes(comparator: Comparator, unit: Option<i64>, tolerance: Tolerance) -> Vec<String> {
        let refused = Comparison::new(comparator, 1, unit, tolerance).unwrap_err();
        let line = |fault: FieldFault| format!("{} {}", fault.field, fault.code);
        refused.into_iter().map(line).collect()
    }

    #[test]
    fn each_comparator_holds_for_its_run_of_figures() {
        use Comparator::{About, Eq, Gt, Gte, Lte, Near, RoundedDown};
        for (comparator, value, below, first, last, above) in [
            (Eq, 100, 99, 100, 100, 101),
            (Gte, 100, 99, 100, i64::MAX, i64::MIN),
            (Gt, 100, 100, 101, i64::MAX, 0),
            (Lte, 100, 101, i64::MIN, 100, 101),
            // 10,000 / 1.02 = 9803.9…, 10,000 / 0.95 = 10526.3…
            (About, 10_000, 9_803, 9_804, 10_526, 10_527),
            (Near, 10_000, 9_499, 9_500, 9_999, 10_000),
            (RoundedDown, 390_000, 389_999, 390_000, 399_999, 400_000),
        ] {
            let said = said(comparator, value);
            let held = [below, first, last, above].map(|actual| said.holds(actual));
            assert_eq!(held, [false, true, true, false], "{comparator}");
        }
    }

    #[test]
    fn headroom_is_how_far_the_books_may_fall() {
        use Comparator::{About, Eq, Gt, Gte, Lte, Near, RoundedDown};
        for (comparator, value, actual, headroom) in [
            (Gte, 100, 100, Some(0)),
            (Gte, 100, 130, Some(30)),
            (Gte, 100, 99, None),
            (Gt, 100, 101, Some(0)),
            (Eq, 100, 100, Some(0)),
            (Eq, 100, 105, Some(4)),
            (Lte, 100, 100, None),
            (Lte, 100, 103, Some(2)),
            (About, 10_000, 10_000, Some(196)),
            (Near, 10_000, 9_999, Some(499)),
            (Near, 10_000, 10_000, Some(0)),
            (Near, 10_000, 9_000, None),
            (Near, 1, 1, None),
            (RoundedDown, 390_000, 392_000, Some(2_000)),
        ] {
            let said = said(comparator, value);
            assert_eq!(said.headroom(actual), headroom, "{comparator} {actual}");
        }
    }

    #[test]
    fn a_claim_may_bring_its_own_tolerance() {
        let share = |parts| Share::new(parts).ok();
        let own = Tolerance {
            above: share(0),
            below: share(1_000),
        };
        let about = Comparison::new(Comparator::About, 900, None, own).unwrap();
        assert_eq!(
            [899, 900, 1_000, 1_001].map(|n| about.holds(n)),
            [false, true, true, false]
        );
        let wide = Tolerance {
            above: share(2_001),
            below: None,
        };
        assert_eq!(
            codes(Comparator::About, None, wide),
            ["/tolerance/above tolerance_too_wide"]
        );
        assert_eq!(
            codes(Comparator::Near, None, own),
            ["/tolerance/above no_tolerance"]
        );
        assert_eq!(
            codes(Comparator::Gte, Some(1), own),
            [
                "/unit unit_only_for_rounded_down",
                "/tolerance/above no_tolerance",
                "/tolerance/below no_tolerance"
            ]
        );
        let none = Tolerance::default();
        assert_eq!(
            codes(Comparator::RoundedDown, None, none),
            ["/unit unit_required"]
        );
    }

    #[test]
    fn a_number_is_whole_or_a_weight() {
        let won = |text: &str| Stated::parse(text).and_then(|n| n.in_unit(Unit::Krw));
        let grams = |text: &str| Stated::parse(text).and_then(|n| n.in_unit(Unit::Kg));
        assert_eq!(won("390000"), Ok(390_000));
        assert_eq!(grams("2.5"), Ok(2_500));
        assert_eq!(won("2.5"), Err(MoneyError::Fraction));
        assert_eq!(won("2.0005"), Err(MoneyError::TooFine));
        assert_eq!(won("0"), Err(MoneyError::Zero));
        assert_eq!(won("-1"), Err(MoneyError::Negative));
        assert_eq!(won("1e3"), Err(MoneyError::Exponent));
        assert_eq!(won("much"), Err(MoneyError::NotDigits));
        assert_eq!(grams("1000000000001"), Err(MoneyError::TooLarge));
        let number = Stated::from_number_text("1e3").and_then(|n| n.in_unit(Unit::Kg));
        assert_eq!(number, Ok(1_000_000));
    }

    proptest! {
        #[test]
        fn the_verdict_stays_within_the_headroom_and_changes_right_behind_it(
            index in 0..7_usize,
            value in 1..=Amount::MAX,
            off in -600_i64..1_200,
            fine in -3_i64..=3,
        ) {
            let said = said(Comparator::ALL[index], value);
            // Near the number, where verdicts change.
            let actual = value + i64::try_from(i128::from(value) * i128::from(off) / 10_000).unwrap() + fine;
            let verdict = said.holds(actual);
            match said.headroom(actual) {
                Some(headroom) => {
                    prop_assert!(headroom >= 0);
                    prop_assert_eq!(said.holds(actual - headroom), verdict);
                    prop_assert_eq!(said.holds(actual - headroom - 1), !verdict);
                }
                None => for fall in [1, 2, 1_000, value, 2 * value] {
                    prop_assert_eq!(said.holds(actual - fall), verdict);
                },
            }
        }

        #[test]
        fn about_is_what_its_words_say(value in 1_i64..1_000_000, actual in 1_i64..1_200_000) {
            let words = value * 10_000 <= actual * 10_200 && value * 10_000 >= actual * 9_500;
            prop_assert_eq!(said(Comparator::About, value).holds(actual), words);
        }
    }
}
