//! Registration numbers: `123-45-67891`, `1234567891`, with a check digit that fits.

use super::{ValueFault, narrow};
use crate::beneficiaries::registration_number::RegistrationNumber;
use crate::tables::Cell;

/// Reads a 사업자등록번호. Blanks around it and full-width digits are taken; the check digit has to
/// fit.
///
/// # Errors
/// `bad_registration_number`, `bad_check_digit`.
pub fn read(cell: &Cell) -> Result<RegistrationNumber, ValueFault> {
    let text = narrow(cell.text()).replace(['–', '‐', '−'], "-");
    RegistrationNumber::parse(&text).map_err(|error| ValueFault::new(error.code()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_taken_and_a_wrong_digit_is_told() {
        for text in [
            "101-11-00013",
            "1011100013",
            " １０１－１１－０００１３ ",
            "101–11–00013",
        ] {
            let read = read(&Cell::from(text)).unwrap();
            assert_eq!(read.as_digits(), "1011100013", "{text}");
        }
        let wrong = |text: &str| read(&Cell::from(text)).map(|_| ()).unwrap_err().code;
        assert_eq!(wrong("101-11-00014"), "bad_check_digit");
        assert_eq!(wrong("101-1100013"), "bad_registration_number");
        assert_eq!(wrong(""), "bad_registration_number");
    }
}
