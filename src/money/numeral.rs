//! Reads the text of a number exactly, without computing with it.
//!
//! One grammar serves strings and JSON numbers: `-` digits [`.` digits] [`e` ± digits]. What a
//! string may not use, its caller refuses by looking at the parts. Cost: one pass over the text,
//! whatever the exponent says.

use super::MoneyError;

/// Powers of ten beyond this are all the same to us: no quantity here comes near them.
const EXPONENT_LIMIT: i64 = 1_000_000_000;

/// A number of more digits than this fits no `i64`.
const DIGITS_LIMIT: i64 = 19;

/// A number as it was written, in its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Numeral<'a> {
    negative: bool,
    integer: &'a str,
    fraction: Option<&'a str>,
    exponent: Option<i64>,
}

impl<'a> Numeral<'a> {
    /// Takes the text apart. Leading zeros, a `+`, spaces and bare points are refused.
    pub(super) fn read(text: &'a str) -> Result<Self, MoneyError> {
        let (negative, rest) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, Some(read_exponent(exponent)?)),
            None => (rest, None),
        };
        let (integer, fraction) = match mantissa.split_once('.') {
            Some((integer, fraction)) => (integer, Some(fraction)),
            None => (mantissa, None),
        };
        let padded = integer.len() > 1 && integer.starts_with('0');
        if padded || !is_digits(integer) || !fraction.is_none_or(is_digits) {
            return Err(MoneyError::NotDigits);
        }
        Ok(Self {
            negative,
            integer,
            fraction,
            exponent,
        })
    }

    /// Refuses the exponent that a JSON number may have and a string may not.
    pub(super) fn without_exponent(self) -> Result<Self, MoneyError> {
        match self.exponent {
            Some(_) => Err(MoneyError::Exponent),
            None => Ok(self),
        }
    }

    /// Refuses a decimal point, even before zeros.
    pub(super) fn without_fraction(self) -> Result<Self, MoneyError> {
        match self.fraction {
            Some(_) => Err(MoneyError::Fraction),
            None => Ok(self),
        }
    }

    /// Refuses a sign.
    pub(super) fn without_sign(self) -> Result<Self, MoneyError> {
        if self.negative {
            return Err(MoneyError::Negative);
        }
        Ok(self)
    }

    /// How many digits stand after the point.
    pub(super) fn places(self) -> usize {
        self.fraction.map_or(0, str::len)
    }

    /// The value times 10^`places`, where that is whole.
    ///
    /// # Errors
    /// [`MoneyError::Fraction`] where it is not whole, [`MoneyError::TooLarge`] where it does
    /// not fit.
    pub(super) fn scaled(self, places: i64) -> Result<i64, MoneyError> {
        let written = [self.integer, self.fraction.unwrap_or_default()].concat();
        let digits = written.trim_start_matches('0').trim_end_matches('0');
        if digits.is_empty() {
            return Ok(0);
        }
        let dropped = count(written.trim_start_matches('0')).saturating_sub(count(digits));
        let zeros = self
            .exponent
            .unwrap_or(0)
            .saturating_sub(self.fraction.map_or(0, count))
            .saturating_add(dropped)
            .saturating_add(places);
        if zeros < 0 {
            return Err(MoneyError::Fraction);
        }
        if count(digits).saturating_add(zeros) > DIGITS_LIMIT {
            return Err(MoneyError::TooLarge);
        }
        let value = power_of_ten(zeros)
            .and_then(|power| digits.parse::<i64>().ok()?.checked_mul(power))
            .ok_or(MoneyError::TooLarge)?;
        Ok(signed(self.negative, value))
    }
}

/// The exponent after the `e`, held within [`EXPONENT_LIMIT`].
fn read_exponent(text: &str) -> Result<i64, MoneyError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if !is_digits(digits) {
        return Err(MoneyError::NotDigits);
    }
    let size = digits.parse().unwrap_or(EXPONENT_LIMIT).min(EXPONENT_LIMIT);
    Ok(signed(negative, size))
}

/// A size that is not negative, with its sign.
fn signed(negative: bool, size: i64) -> i64 {
    if negative {
        size.saturating_neg()
    } else {
        size
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn count(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(i64::MAX)
}

fn power_of_ten(zeros: i64) -> Option<i64> {
    10_i64.checked_pow(u32::try_from(zeros).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(text: &str) -> Result<i64, MoneyError> {
        Numeral::read(text)?.scaled(0)
    }

    #[test]
    fn reads_whole_numbers_however_they_are_written() {
        for (text, value) in [
            ("276", 276),
            ("276.0", 276),
            ("276.000", 276),
            ("1e3", 1_000),
            ("1E+3", 1_000),
            ("2.760e2", 276),
            ("100e-2", 1),
            ("0.001e3", 1),
            ("-5", -5),
            ("0", 0),
            ("-0.0", 0),
            ("0e999999999999999999999", 0),
            ("0e-999999999999999999999", 0),
        ] {
            assert_eq!(whole(text), Ok(value), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not_whole_or_far_too_large() {
        for text in ["1.5", "0.5", "1e-1", "1e-999999999999999999999", "12.34e1"] {
            assert_eq!(whole(text), Err(MoneyError::Fraction), "{text}");
        }
        for text in ["1e19", "1e999999999999999999999", "9223372036854775808"] {
            assert_eq!(whole(text), Err(MoneyError::TooLarge), "{text}");
        }
    }

    #[test]
    fn refuses_what_is_not_a_number() {
        for text in [
            "", "-", "+5", "007", "00", "1_000", "1,000", " 1", "1 ", "1.", ".5", "1e", "1e+",
            "e3", "1.2.3", "0x10", "--1", "1e1e1", "NaN", "١٢", "１２",
        ] {
            assert_eq!(Numeral::read(text), Err(MoneyError::NotDigits), "{text}");
        }
    }

    #[test]
    fn scales_by_the_places_asked_for() {
        let scaled = |text| Numeral::read(text).and_then(|numeral| numeral.scaled(3));
        assert_eq!(scaled("2.5"), Ok(2_500));
        assert_eq!(scaled("0.001"), Ok(1));
        assert_eq!(scaled("0.0010"), Ok(1));
        assert_eq!(scaled("0.0005"), Err(MoneyError::Fraction));
    }
}
