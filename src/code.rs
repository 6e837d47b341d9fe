//! Codes and names that people give to things.

use std::fmt;
use std::sync::Arc;

/// The address of a fund, a program or an organisation: `[a-z0-9-]`, 2 to 64 characters.
///
/// Every record carries several, mostly the same: copies share their text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(Arc<str>);

/// Why a text is not a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not 2 to 64 of a-z, 0-9 and hyphen")]
pub struct NotACode;

impl Code {
    /// Most characters of a code.
    pub const MAX: usize = 64;
    /// Fewest characters of a code.
    pub const MIN: usize = 2;

    /// Reads a code.
    ///
    /// # Errors
    /// [`NotACode`] for a wrong length or any other character.
    pub fn parse(text: &str) -> Result<Self, NotACode> {
        let fits = (Self::MIN..=Self::MAX).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fits {
            Ok(Self(text.into()))
        } else {
            Err(NotACode)
        }
    }

    /// A code as the database holds it; what was stored was checked when it was made.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text.into())
    }

    /// A code that the database keeps as the empty text where there is none.
    #[must_use]
    pub fn stored_or_none(text: String) -> Option<Self> {
        if text.is_empty() {
            None
        } else {
            Some(Self(text.into()))
        }
    }

    /// The code itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The stored form of a code that may be absent: the empty text.
#[must_use]
pub fn or_empty(code: Option<&Code>) -> &str {
    code.map_or("", Code::as_str)
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl serde::Serialize for Code {
    fn serialize<S: serde::Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        out.serialize_str(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Code {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// A name in both languages.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Name {
    /// Korean.
    pub ko: String,
    /// English.
    pub en: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_short_and_plain() {
        for good in ["ab", "co-prosperity", "2022", &"a".repeat(64)] {
            assert_eq!(Code::parse(good).unwrap().as_str(), good);
        }
        for bad in ["", "a", "Ab", "a_b", "기금", "a b", "a\0", &"a".repeat(65)] {
            assert_eq!(Code::parse(bad), Err(NotACode), "{bad}");
        }
    }
}
