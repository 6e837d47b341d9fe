//! Texts of people's own words, and secrets.

use std::borrow::Cow;
use std::fmt;

use deserr::{Deserr, IntoValue, Value, ValuePointerRef};
use utoipa::openapi::schema::Schema;
use utoipa::openapi::{KnownFormat, RefOr, SchemaFormat};
use utoipa::{PartialSchema, ToSchema};

use super::Faults;
use super::scalar::{text, text_schema};
use crate::access::password::Password;

/// Most characters of a secret as it is typed; what may be chosen, its room decides.
const MAX_SECRET: usize = 1_024;

/// What [`is_forbidden`] and [`Text`] refuse, as a regular expression of what they take.
const PATTERN: &str = "^[^\\s\\u0000-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069]\
    (?:[^\\u0000-\\u001f\\u007f-\\u009f\\u2028-\\u202e\\u2066-\\u2069]*\
    [^\\s\\u0000-\\u001f\\u007f-\\u009f\\u202a-\\u202e\\u2066-\\u2069])?$";

/// One line of text: 1 to `MAX` characters (Unicode scalar values), no blanks at its ends, nothing
/// that moves the cursor or turns the direction of writing.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text<const MAX: usize>(pub String);

/// A secret as somebody typed it. Hidden from Debug.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

/// Whether a character can make one text look like another, or like two.
fn is_forbidden(character: char) -> bool {
    let turns = matches!(character, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    character.is_control() || turns
}

/// Checks a text of at most `most` characters.
///
/// # Errors
/// The code of what is wrong with it.
pub fn check(text: &str, most: usize) -> Result<(), &'static str> {
    if text.trim().is_empty() {
        Err("empty")
    } else if text.chars().count() > most {
        Err("too_long")
    } else if text.chars().any(is_forbidden) {
        Err("control_character")
    } else if text.trim().len() != text.len() {
        Err("outer_space")
    } else {
        Ok(())
    }
}

impl<const MAX: usize> Deserr<Faults> for Text<MAX> {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let text = text(value, at)?;
        check(&text, MAX).map_err(|code| Faults::one(at, code).with("most", MAX))?;
        Ok(Self(text))
    }
}

impl Deserr<Faults> for Secret {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let text = text(value, at)?;
        if text.is_empty() {
            return Err(Faults::one(at, "empty"));
        }
        if text.chars().count() > MAX_SECRET {
            return Err(Faults::one(at, "too_long").with("most", MAX_SECRET));
        }
        Ok(Self(text))
    }
}

/// A password that somebody may have from now on.
#[derive(Debug)]
pub struct NewSecret(pub Password);

impl Deserr<Faults> for NewSecret {
    fn deserialize_from_value<V: IntoValue>(
        value: Value<V>,
        at: ValuePointerRef<'_>,
    ) -> Result<Self, Faults> {
        let typed = Secret::deserialize_from_value(value, at)?;
        match Password::chosen(typed.0) {
            Ok(password) => Ok(Self(password)),
            Err(refused) => Err(Faults::one(at, refused.code())),
        }
    }
}

impl PartialSchema for NewSecret {
    fn schema() -> RefOr<Schema> {
        text_schema(
            "A password: 8 to 128 characters, and not a common one.",
            "three blue mandarins",
        )
        .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
        .min_length(Some(8))
        .max_length(Some(128))
        .into()
    }
}

impl ToSchema for NewSecret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

impl<const MAX: usize> PartialSchema for Text<MAX> {
    fn schema() -> RefOr<Schema> {
        text_schema(
            "One line of text, without blanks at its ends.",
            "소신상인 1차",
        )
        .min_length(Some(1))
        .max_length(Some(MAX))
        .pattern(Some(PATTERN))
        .into()
    }
}

impl<const MAX: usize> ToSchema for Text<MAX> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("Text{MAX}"))
    }
}

impl PartialSchema for Secret {
    fn schema() -> RefOr<Schema> {
        text_schema("A secret, as it was typed.", "correct horse battery staple")
            .format(Some(SchemaFormat::KnownFormat(KnownFormat::Password)))
            .min_length(Some(1))
            .max_length(Some(MAX_SECRET))
            .into()
    }
}

impl ToSchema for Secret {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_one_line_that_looks_like_what_it_is() {
        for good in ["a", "소신상인 1차", "a b", "100% \"quoted\" <b>", "👩‍🌾"] {
            assert_eq!(check(good, 20), Ok(()), "{good}");
        }
        for (bad, code) in [
            ("", "empty"),
            (" \u{3000}", "empty"),
            (" a", "outer_space"),
            ("a\u{a0}", "outer_space"),
            ("a\nb", "control_character"),
            ("a\u{1b}[2J", "control_character"),
            ("a\u{202e}b", "control_character"),
            ("123456789012345678901", "too_long"),
        ] {
            assert_eq!(check(bad, 20), Err(code), "{bad:?}");
        }
        assert_eq!(
            check(&"가".repeat(20), 20),
            Ok(()),
            "characters are counted, not bytes"
        );
    }
}
