//! 사업자등록번호, the registration number of a business.
//!
//! Ten digits: the tax office (3), the type (2), a serial (4) and a check digit. It is a personal
//! detail: it never shows itself in debug output, cannot be serialized, and is wiped when dropped.
//! A right check digit says nothing about the business being open.

use std::fmt;

use zeroize::Zeroize;

const LENGTH: usize = 10;

/// What each of the first nine digits counts in the check sum.
const WEIGHTS: [u32; 9] = [1, 3, 7, 1, 3, 7, 1, 3, 5];

/// The lowest tax office that gives numbers out.
const FIRST_OFFICE: u16 = 101;

/// Why a text is not a registration number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationNumberError {
    /// Not ten digits.
    #[error("must have ten digits")]
    BadLength,
    /// Something other than digits and the two hyphens of `123-45-67890`.
    #[error("must be digits, as 123-45-67890 or 1234567890")]
    NotDigits,
    /// An office, type or serial that is never given out.
    #[error("is not a number that is given out")]
    NoSuchNumber,
    /// The last digit does not fit the others: most likely a slip of the pen.
    #[error("the check digit is wrong")]
    BadCheckDigit,
}

impl RegistrationNumberError {
    /// The stable code that answers carry.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::BadLength | Self::NotDigits | Self::NoSuchNumber => "bad_registration_number",
            Self::BadCheckDigit => "bad_check_digit",
        }
    }
}

/// A registration number whose check digit is right, as ten digits.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct RegistrationNumber(String);

impl RegistrationNumber {
    /// Reads `123-45-67891` or `1234567891`.
    ///
    /// # Errors
    /// Any [`RegistrationNumberError`] that the text deserves.
    pub fn parse(text: &str) -> Result<Self, RegistrationNumberError> {
        let number = Self(without_hyphens(text));
        number.check()?;
        Ok(number)
    }

    /// The number of this tax office (101 to 999), type (1 to 99) and serial (1 to 9999), with
    /// the check digit computed.
    ///
    /// # Errors
    /// [`RegistrationNumberError::NoSuchNumber`] where a part is out of its range.
    pub fn from_serial(
        office: u16,
        kind: u8,
        serial: u16,
    ) -> Result<Self, RegistrationNumberError> {
        if office > 999 || kind > 99 || serial > 9_999 {
            return Err(RegistrationNumberError::NoSuchNumber);
        }
        let mut number = format!("{office:03}{kind:02}{serial:04}");
        number.push(check_digit(&number));
        let number = Self(number);
        number.check()?;
        Ok(number)
    }

    /// The ten digits, for the encrypted table and the keyed index only.
    #[must_use]
    pub fn as_digits(&self) -> &str {
        &self.0
    }

    /// What those may see who may not see the number: `***-**-*1234`.
    #[must_use]
    pub fn masked(&self) -> String {
        let shown = self.0.get(6..).unwrap_or_default();
        format!("***-**-*{shown}")
    }

    fn check(&self) -> Result<(), RegistrationNumberError> {
        let digits = self.0.as_str();
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(RegistrationNumberError::NotDigits);
        }
        if digits.len() != LENGTH {
            return Err(RegistrationNumberError::BadLength);
        }
        let part = |from, to| {
            digits
                .get(from..to)
                .and_then(|text| text.parse::<u16>().ok())
        };
        let office = part(0, 3).unwrap_or_default();
        if office < FIRST_OFFICE || part(3, 5) == Some(0) || part(5, 9) == Some(0) {
            return Err(RegistrationNumberError::NoSuchNumber);
        }
        if !digits.ends_with(check_digit(digits)) {
            return Err(RegistrationNumberError::BadCheckDigit);
        }
        Ok(())
    }
}

/// Takes out the two hyphens where they stand right; any other is left, to be refused as no digit.
fn without_hyphens(text: &str) -> String {
    match text.split('-').collect::<Vec<_>>().as_slice() {
        [office, kind, rest] if [office.len(), kind.len(), rest.len()] == [3, 2, 5] => {
            [*office, kind, rest].concat()
        }
        _ => text.to_owned(),
    }
}

/// The digit that, added to the weighted sum of the first nine, makes it end in zero; the tens of
/// the ninth one's product count once more (the rule of the National Tax Service).
fn check_digit(digits: &str) -> char {
    let values = || digits.chars().filter_map(|digit| digit.to_digit(10));
    let weighted: u32 = values()
        .zip(WEIGHTS)
        .map(|(digit, weight)| digit * weight)
        .sum();
    let tens_of_ninth = values().nth(8).unwrap_or_default() * 5 / 10;
    let check = (10 - (weighted + tens_of_ninth) % 10) % 10;
    char::from_digit(check, 10).unwrap_or_default()
}

impl fmt::Debug for RegistrationNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RegistrationNumber(hidden)")
    }
}

impl Drop for RegistrationNumber {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::RegistrationNumberError::{BadCheckDigit, BadLength, NoSuchNumber, NotDigits};
    use super::*;

    #[test]
    fn accepts_numbers_whose_check_digit_is_right() {
        for text in [
            "123-45-67891",
            "116-82-00276",
            "134-86-72683",
            "211-86-08983",
            "220-88-69974",
            "317-81-11175",
            "209-82-06382",
            "130-47-17700",
            "999-81-00015",
            "999-82-00012",
            "999-86-00010",
            "1234567891",
        ] {
            let number = RegistrationNumber::parse(text).unwrap();
            assert_eq!(number.as_digits(), text.replace('-', ""), "{text}");
        }
    }

    #[test]
    fn says_what_is_wrong_with_a_number() {
        for (text, error) in [
            ("123-45-67890", BadCheckDigit),
            ("211-86-08984", BadCheckDigit),
            ("206-18-12345", BadCheckDigit),
            ("100-86-08983", NoSuchNumber),
            ("211-00-08983", NoSuchNumber),
            ("211-86-00003", NoSuchNumber),
            ("12345678", BadLength),
            ("12345678911", BadLength),
            ("", BadLength),
            ("FF34567890", NotDigits),
            ("1234-5-67891", NotDigits),
            ("12345-67891", NotDigits),
            ("123-45-6789-1", NotDigits),
            ("123 45 67891", NotDigits),
            ("１２３４５６７８９１", NotDigits),
        ] {
            assert_eq!(RegistrationNumber::parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn never_shows_itself_whole() {
        let number = RegistrationNumber::parse("123-45-67891").unwrap();
        assert_eq!(format!("{number:?}"), "RegistrationNumber(hidden)");
        assert_eq!(number.masked(), "***-**-*7891");
    }

    #[test]
    fn parts_out_of_their_range_make_no_number() {
        for (office, kind, serial) in [
            (100, 81, 1),
            (1_000, 81, 1),
            (101, 0, 1),
            (101, 100, 1),
            (101, 81, 0),
            (101, 81, 10_000),
        ] {
            let made = RegistrationNumber::from_serial(office, kind, serial);
            assert_eq!(made, Err(NoSuchNumber), "{office} {kind} {serial}");
        }
    }

    proptest! {
        #[test]
        fn a_number_made_from_its_parts_is_read_again(
            office in 101_u16..=999,
            kind in 1_u8..=99,
            serial in 1_u16..=9_999,
        ) {
            let made = RegistrationNumber::from_serial(office, kind, serial).unwrap();
            let digits = made.as_digits();
            let parts = format!("{office:03}{kind:02}{serial:04}");
            prop_assert!(digits.starts_with(&parts));
            prop_assert_eq!(RegistrationNumber::parse(digits), Ok(made.clone()));
        }

        #[test]
        fn one_wrong_check_digit_is_always_noticed(serial in 1_u16..=9_999, off in 1_u32..=9) {
            let made = RegistrationNumber::from_serial(101, 81, serial).unwrap();
            let (head, last) = made.as_digits().split_at(9);
            let wrong = (last.parse::<u32>().unwrap() + off) % 10;
            let read = RegistrationNumber::parse(&format!("{head}{wrong}"));
            prop_assert_eq!(read, Err(BadCheckDigit));
        }
    }
}
