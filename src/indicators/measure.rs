//! A value of an indicator: a number, or a ratio as its numerator and denominator. Pure.

use serde::{Deserialize, Serialize};

use super::model::ValueKind;
use crate::money::{MoneyError, Quantity};
use crate::refusal::FieldFault;

/// A number, or the numerator and denominator of a ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measure {
    /// The number, or the numerator.
    pub value: Quantity,
    /// The denominator of a ratio; none for a number.
    pub denominator: Option<Quantity>,
}

/// A value as somebody stated it: either the number or both parts of a ratio.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Stated {
    /// The number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Quantity>,
    /// The numerator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numerator: Option<Quantity>,
    /// The denominator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<Quantity>,
}

impl Measure {
    /// What it amounts to: the number, or the share, rounded half up to four places. Nothing where
    /// the denominator is not above zero.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] where a share does not fit.
    pub fn figure(self) -> Result<Option<Quantity>, MoneyError> {
        match self.denominator {
            None => Ok(Some(self.value)),
            Some(denominator) if denominator > Quantity::ZERO => {
                Quantity::share(self.value, denominator)
            }
            Some(_) => Ok(None),
        }
    }

    /// Both together; of ratios, numerators and denominators each.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.each(other, Quantity::checked_add)
    }

    /// This without the other; of ratios, numerators and denominators each.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.each(other, Quantity::checked_sub)
    }

    fn each(
        self,
        other: Self,
        of: impl Fn(Quantity, Quantity) -> Result<Quantity, MoneyError>,
    ) -> Result<Self, MoneyError> {
        let denominator = match (self.denominator, other.denominator) {
            (Some(one), Some(two)) => Some(of(one, two)?),
            _ => None,
        };
        Ok(Self {
            value: of(self.value, other.value)?,
            denominator,
        })
    }

    /// Whether a running count has fallen since `before`, in any of its parts.
    #[must_use]
    pub fn has_fallen_since(self, before: Self) -> bool {
        self.value < before.value || self.denominator < before.denominator
    }

    /// The same value as it is stated.
    #[must_use]
    pub fn stated(self) -> Stated {
        match self.denominator {
            None => Stated {
                value: Some(self.value),
                ..Stated::default()
            },
            Some(_) => Stated {
                value: None,
                numerator: Some(self.value),
                denominator: self.denominator,
            },
        }
    }
}

impl Stated {
    /// The value of an indicator of that kind, with at most `decimals` places. `at` is where the
    /// members stand in the body.
    ///
    /// # Errors
    /// Every wrong member.
    pub fn read(
        &self,
        kind: ValueKind,
        decimals: i32,
        at: &str,
    ) -> Result<Measure, Vec<FieldFault>> {
        let members = [
            ("value", self.value, ValueKind::Number, "ratio_wanted"),
            (
                "numerator",
                self.numerator,
                ValueKind::Ratio,
                "number_wanted",
            ),
            (
                "denominator",
                self.denominator,
                ValueKind::Ratio,
                "number_wanted",
            ),
        ];
        let mut faults = Vec::new();
        for (name, quantity, of, foreign) in members {
            let field = format!("{at}/{name}");
            match quantity {
                None if of == kind => faults.push(FieldFault::new(field, "missing")),
                Some(_) if of != kind => faults.push(FieldFault::new(field, foreign)),
                Some(quantity) if !quantity.has_at_most(decimals) => {
                    faults.push(FieldFault::new(field, "too_precise").with("most", decimals));
                }
                _ => {}
            }
        }
        if kind == ValueKind::Ratio
            && let Some(denominator) = self.denominator.filter(|whole| *whole <= Quantity::ZERO)
        {
            let below = denominator < Quantity::ZERO;
            let code = if below { "negative" } else { "zero" };
            faults.push(FieldFault::new(format!("{at}/denominator"), code));
        }
        let measure = match kind {
            ValueKind::Number => self.value.map(|value| (value, None)),
            ValueKind::Ratio => self.numerator.zip(self.denominator.map(Some)),
        };
        match measure {
            Some((value, denominator)) if faults.is_empty() => {
                let measure = Measure { value, denominator };
                let too_large = || vec![FieldFault::new(format!("{at}/numerator"), "too_large")];
                let figure = measure.figure().map_err(|_overflow| too_large())?;
                // The denominator is above zero, so there is one.
                figure.map(|_| measure).ok_or_else(too_large)
            }
            _ => Err(faults),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quantity(text: &str) -> Option<Quantity> {
        Some(Quantity::parse(text).unwrap())
    }

    fn ratio(numerator: &str, denominator: &str) -> Stated {
        Stated {
            value: None,
            numerator: quantity(numerator),
            denominator: quantity(denominator),
        }
    }

    fn number(value: &str) -> Stated {
        Stated {
            value: quantity(value),
            ..Stated::default()
        }
    }

    fn said(stated: Stated, kind: ValueKind, decimals: i32) -> Vec<(String, &'static str)> {
        let faults = stated.read(kind, decimals, "/baseline").unwrap_err();
        faults
            .into_iter()
            .map(|fault| (fault.field.replace("/baseline", ""), fault.code))
            .collect()
    }

    #[test]
    fn a_ratio_is_stated_by_both_its_parts_and_never_as_a_number() {
        let read = ratio("1", "3").read(ValueKind::Ratio, 0, "").unwrap();
        assert_eq!(read.figure().unwrap().unwrap().shown(4), "0.3333");
        assert_eq!(read.stated(), ratio("1", "3"));
        let missing = |name: &str| (name.to_owned(), "missing");
        let faults = said(number("0.3333"), ValueKind::Ratio, 4);
        let wanted = ("/value".to_owned(), "ratio_wanted");
        assert_eq!(
            faults,
            [wanted, missing("/numerator"), missing("/denominator")]
        );
        let faults = said(ratio("1", "3"), ValueKind::Number, 4);
        assert_eq!(faults[0], missing("/value"));
        assert_eq!(faults[1], ("/numerator".to_owned(), "number_wanted"));
        assert_eq!(faults.len(), 3);
    }

    #[test]
    fn nothing_is_divided_by_nothing_or_less() {
        let of = |whole| said(ratio("1", whole), ValueKind::Ratio, 0);
        assert_eq!(of("0"), [("/denominator".to_owned(), "zero")]);
        assert_eq!(of("-3"), [("/denominator".to_owned(), "negative")]);
    }

    #[test]
    fn a_value_has_the_places_of_its_indicator_and_no_more() {
        assert!(number("1.50").read(ValueKind::Number, 1, "").is_ok());
        let faults = said(number("1.55"), ValueKind::Number, 1);
        assert_eq!(faults, [("/value".to_owned(), "too_precise")]);
    }

    #[test]
    fn ratios_are_added_by_their_parts() {
        let read = |n, d| ratio(n, d).read(ValueKind::Ratio, 0, "").unwrap();
        let sum = read("1", "2").checked_add(read("1", "4")).unwrap();
        assert_eq!(sum.figure().unwrap().unwrap().shown(4), "0.3333");
        let nothing_new = sum.checked_sub(sum).unwrap();
        assert_eq!(nothing_new.figure(), Ok(None));
    }

    #[test]
    fn a_fall_of_any_part_is_a_fall() {
        let read = |n, d| ratio(n, d).read(ValueKind::Ratio, 0, "").unwrap();
        assert!(read("5", "9").has_fallen_since(read("5", "10")));
        assert!(!read("5", "20").has_fallen_since(read("5", "10")));
        let number = |n| number(n).read(ValueKind::Number, 0, "").unwrap();
        assert!(number("4").has_fallen_since(number("5")));
        assert!(!number("5").has_fallen_since(number("5")));
    }
}
