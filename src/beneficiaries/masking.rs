//! Personal details with just enough left to tell one person from another. Pure.

use super::registration_number::RegistrationNumber;
use super::vault::PersonalDetails;

/// Stands for what is hidden, whatever its length.
const HIDDEN: &str = "**";
/// Characters that are shown at the end of a reference.
const SHOWN: usize = 2;
/// Characters that a reference has at least before any of it is shown.
const LONG_ENOUGH: usize = 5;

/// The same details, masked.
#[must_use]
pub fn masked(details: &PersonalDetails) -> PersonalDetails {
    PersonalDetails {
        registration_number: details.registration_number.as_deref().map(number),
        reference: details.reference.as_deref().map(reference),
        name: details.name.as_deref().map(name),
    }
}

fn number(digits: &str) -> String {
    RegistrationNumber::parse(digits).map_or_else(|_| HIDDEN.to_owned(), |number| number.masked())
}

fn reference(text: &str) -> String {
    let length = text.chars().count();
    let hidden = if length < LONG_ENOUGH {
        length
    } else {
        length.saturating_sub(SHOWN)
    };
    format!("{HIDDEN}{}", text.chars().skip(hidden).collect::<String>())
}

/// A name with its first character left.
#[must_use]
pub fn name(text: &str) -> String {
    format!("{}{HIDDEN}", text.chars().take(1).collect::<String>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_leaves_enough_to_tell_people_apart_and_no_more() {
        let number = RegistrationNumber::parse("101-11-00013").unwrap();
        let masked = masked(&PersonalDetails {
            registration_number: Some(number.as_digits().to_owned()),
            reference: Some("DRV-20831".into()),
            name: Some("홍길동".into()),
        });
        assert_eq!(
            masked.registration_number.as_deref(),
            Some(number.masked().as_str())
        );
        assert_eq!(masked.reference.as_deref(), Some("**31"));
        assert_eq!(masked.name.as_deref(), Some("홍**"));
    }

    #[test]
    fn nothing_of_a_short_reference_is_shown() {
        assert_eq!(reference("1234"), "**");
        assert_eq!(reference(""), "**");
    }

    #[test]
    fn what_is_no_number_is_hidden_as_a_whole() {
        assert_eq!(number("secret"), "**");
    }
}
