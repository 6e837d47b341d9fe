//! Numbers as JSON writes them, taken apart without computing: `-12.50e3` is -125 · 10².

use std::fmt;

/// Exponents beyond this are all the same to us: no quantity here comes near them.
const EXPONENT_LIMIT: i64 = 1_000_000_000;

/// The most digits of a number of 64 bits.
const DIGITS_LIMIT: usize = 20;

/// A number in its plainest form: no zeros at either end of its digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Plain<'a> {
    negative: bool,
    /// What stands before the point.
    integer: &'a str,
    /// What stands after the point.
    fraction: &'a str,
    /// The power of ten that the last digit of `fraction` counts.
    exponent: i64,
}

/// A whole number, held at the ends of what 64 bits can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whole {
    Natural(u64),
    Negative(i64),
}

impl<'a> Plain<'a> {
    /// Takes apart the text of a JSON number.
    pub(super) fn of(text: &'a str) -> Self {
        let (negative, text) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (digits, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (integer, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let fraction = fraction.trim_end_matches('0');
        let places = length(fraction);
        let kept = if fraction.is_empty() {
            integer.trim_end_matches('0')
        } else {
            integer
        };
        let dropped = length(integer).saturating_sub(length(kept));
        let exponent = read_exponent(exponent)
            .saturating_add(dropped)
            .saturating_sub(places);
        if kept.is_empty() {
            return Self {
                negative: false,
                integer: "",
                fraction: "",
                exponent: 0,
            };
        }
        if kept == "0" {
            let fraction = fraction.trim_start_matches('0');
            return Self {
                negative,
                integer: "",
                fraction,
                exponent,
            };
        }
        Self {
            negative,
            integer: kept,
            fraction,
            exponent,
        }
    }

    /// The number, where it is whole.
    pub(super) fn whole(self) -> Option<Whole> {
        if self.exponent < 0 {
            return None;
        }
        let zeros = usize::try_from(self.exponent).unwrap_or(usize::MAX);
        let size = self
            .integer
            .len()
            .saturating_add(self.fraction.len())
            .saturating_add(zeros);
        let digits = if size > DIGITS_LIMIT {
            None
        } else {
            Some(format!(
                "{}{}{}",
                self.integer,
                self.fraction,
                "0".repeat(zeros)
            ))
        };
        Some(match (digits, self.negative) {
            (Some(digits), _) if digits.is_empty() => Whole::Natural(0),
            (Some(digits), false) => Whole::Natural(digits.parse().unwrap_or(u64::MAX)),
            (Some(digits), true) => {
                Whole::Negative(format!("-{digits}").parse().unwrap_or(i64::MIN))
            }
            (None, false) => Whole::Natural(u64::MAX),
            (None, true) => Whole::Negative(i64::MIN),
        })
    }
}

impl fmt::Display for Plain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.negative { "-" } else { "" };
        let zero = if self.integer.is_empty() && self.fraction.is_empty() {
            "0"
        } else {
            ""
        };
        write!(f, "{sign}{}{}{zero}", self.integer, self.fraction)?;
        if self.exponent == 0 {
            Ok(())
        } else {
            write!(f, "e{}", self.exponent)
        }
    }
}

fn read_exponent(text: &str) -> i64 {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let size = digits.parse().unwrap_or(EXPONENT_LIMIT).min(EXPONENT_LIMIT);
    if negative {
        size.saturating_neg()
    } else {
        size
    }
}

fn length(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_numbers_have_one_plain_form() {
        for (text, plain) in [
            ("0", "0"),
            ("-0.00e7", "0"),
            ("276", "276"),
            ("276.0", "276"),
            ("2.760e2", "276"),
            ("27600E-2", "276"),
            ("1000", "1e3"),
            ("1e+3", "1e3"),
            ("-12.50e3", "-125e2"),
            ("0.0012", "12e-4"),
            ("10.05", "1005e-2"),
            ("100.0", "1e2"),
        ] {
            assert_eq!(Plain::of(text).to_string(), plain, "{text}");
        }
    }

    #[test]
    fn whole_numbers_are_known_by_value() {
        for (text, whole) in [
            ("0", Some(Whole::Natural(0))),
            ("-0", Some(Whole::Natural(0))),
            ("276.0", Some(Whole::Natural(276))),
            ("1e3", Some(Whole::Natural(1_000))),
            ("-20.0e1", Some(Whole::Negative(-200))),
            ("0.5e1", Some(Whole::Natural(5))),
            ("18446744073709551615", Some(Whole::Natural(u64::MAX))),
            ("18446744073709551616", Some(Whole::Natural(u64::MAX))),
            ("1e999999999999999999999", Some(Whole::Natural(u64::MAX))),
            ("-1e400", Some(Whole::Negative(i64::MIN))),
            ("1.5", None),
            ("1e-3", None),
            ("1e-99999999999999999999", None),
        ] {
            assert_eq!(Plain::of(text).whole(), whole, "{text}");
        }
    }
}
