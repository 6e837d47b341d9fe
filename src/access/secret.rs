//! Random secrets: refresh tokens, one-off passwords, ids, and the bytes that keys are made of.
//!
//! A refresh token leaves the server once, and so does a client's secret. What stays is its SHA-256:
//! with 256 random bits behind it nothing slower is needed, and a stolen database holds nothing that signs anybody in.

use std::fmt;

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use zeroize::Zeroizing;

use crate::ids;

/// How the text of every refresh token begins, so that leak scanners can find one.
const REFRESH_PREFIX: &str = "srt_";

/// How the text of every secret of a client begins.
const CLIENT_PREFIX: &str = "ssk_";

/// Random bytes in a refresh token, and in the secret of a client: 256 bits.
const REFRESH_BYTES: usize = 32;

/// Letters and digits that cannot be taken for one another: no `i`, `l`, `o`, `u`.
const READABLE: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Characters of a random password, five bits each: 100 bits.
const PASSWORD_CHARS: usize = 20;

/// A dash stands after so many characters of a random password.
const PASSWORD_GROUP: usize = 5;

/// The operating system gave no random bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gave no random bytes")]
pub struct NoRandomness;

/// `N` random bytes fit for keys, wiped when dropped.
///
/// # Errors
/// [`NoRandomness`] when the operating system has none to give.
pub fn random_bytes<const N: usize>() -> Result<Zeroizing<[u8; N]>, NoRandomness> {
    let mut bytes = Zeroizing::new([0; N]);
    rand::fill(bytes.as_mut_slice()).map_err(|Unspecified| NoRandomness)?;
    Ok(bytes)
}

/// A new opaque id: the text of a UUID version 7 (RFC 9562 §5.7) that sorts by `now`, and after
/// all that this process made before it.
///
/// An id names a thing; it is never a secret.
#[must_use]
pub fn random_id(now: DateTime<Utc>) -> String {
    ids::unique(now).to_string()
}

/// A password for people to copy, such as `8k3mz-w0c2q-…`: 100 random bits in a readable alphabet.
///
/// # Errors
/// [`NoRandomness`] when the operating system has none to give.
pub fn random_password() -> Result<Zeroizing<String>, NoRandomness> {
    let random = random_bytes::<PASSWORD_CHARS>()?;
    // 32 letters divide 256 evenly, so each is equally likely.
    let letter = |byte: &u8| {
        READABLE
            .get(usize::from(byte & 31))
            .copied()
            .map(char::from)
    };
    let group = |bytes: &[u8]| bytes.iter().filter_map(letter).collect::<String>();
    let groups: Vec<String> = random.chunks(PASSWORD_GROUP).map(group).collect();
    Ok(Zeroizing::new(groups.join("-")))
}

/// The bytes as lower-case hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// A long-lived secret that buys new access tokens; every use replaces it.
pub struct RefreshToken(Zeroizing<String>);

impl RefreshToken {
    /// A new one.
    ///
    /// # Errors
    /// [`NoRandomness`] when the operating system has none to give.
    pub fn generate() -> Result<Self, NoRandomness> {
        let random = random_bytes::<REFRESH_BYTES>()?;
        let body = Zeroizing::new(URL_SAFE_NO_PAD.encode(random.as_slice()));
        Ok(Self(Zeroizing::new(format!(
            "{REFRESH_PREFIX}{}",
            body.as_str()
        ))))
    }

    /// Reads what a client sent; `None` for anything that could not have come from here.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let body = text.strip_prefix(REFRESH_PREFIX)?;
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(body).ok()?);
        (bytes.len() == REFRESH_BYTES).then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The secret itself: for the client's eyes, never for a log or a table.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// SHA-256 of the text in hexadecimal: the only form that is kept.
    #[must_use]
    pub fn digest(&self) -> String {
        hex(digest(&SHA256, self.0.as_bytes()).as_ref())
    }

    /// Whether `digest` was kept for this token; takes equally long for every digest.
    #[must_use]
    pub fn matches(&self, digest: &str) -> bool {
        verify_slices_are_equal(self.digest().as_bytes(), digest.as_bytes()).is_ok()
    }
}

/// What a client signs in with.
pub struct ClientSecret(Zeroizing<String>);

impl ClientSecret {
    /// A new one.
    ///
    /// # Errors
    /// [`NoRandomness`] when the operating system has none to give.
    pub fn generate() -> Result<Self, NoRandomness> {
        let random = random_bytes::<REFRESH_BYTES>()?;
        let body = Zeroizing::new(URL_SAFE_NO_PAD.encode(random.as_slice()));
        Ok(Self(Zeroizing::new(format!(
            "{CLIENT_PREFIX}{}",
            body.as_str()
        ))))
    }

    /// Reads what a client sent, whatever it is.
    #[must_use]
    pub fn typed(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }

    /// The secret itself: for the client's eyes, never for a log or a table.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// SHA-256 of the text in hexadecimal: the only form that is kept.
    #[must_use]
    pub fn digest(&self) -> String {
        hex(digest(&SHA256, self.0.as_bytes()).as_ref())
    }

    /// Whether `digest` was kept for this secret; takes equally long for every digest.
    #[must_use]
    pub fn matches(&self, digest: &str) -> bool {
        verify_slices_are_equal(self.digest().as_bytes(), digest.as_bytes()).is_ok()
    }
}

impl fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientSecret(hidden)")
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(hidden)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refresh_token_is_read_back_and_matches_only_its_own_digest() {
        let token = RefreshToken::generate().unwrap();
        let again = RefreshToken::parse(token.expose()).unwrap();
        assert!(again.matches(&token.digest()));
        assert!(!RefreshToken::generate().unwrap().matches(&token.digest()));
        assert!(!token.matches(""));
        assert_eq!(token.digest().len(), 64);
    }

    #[test]
    fn the_digest_is_plain_sha_256_of_the_text() {
        let token = RefreshToken::parse(&format!("srt_{}", "A".repeat(43))).unwrap();
        let expected = "d533bfebf2a00363b70a2359b1fa98fe90af2b0c53aa2c6b658630edf972c419";
        assert_eq!(token.digest(), expected);
    }

    #[test]
    fn anything_else_is_no_refresh_token() {
        let text = RefreshToken::generate().unwrap().expose().to_owned();
        let body = text.strip_prefix("srt_").unwrap();
        let wrong = [
            String::new(),
            "srt_".to_owned(),
            body.to_owned(),
            format!("SRT_{body}"),
            format!("{text}="),
            format!(" {text}"),
            format!("{text}A"),
            format!("srt_{}+", "A".repeat(42)),
            format!("srt_{}B", "A".repeat(42)), // the last letter carries unused bits
        ];
        for text in wrong {
            assert!(RefreshToken::parse(&text).is_none(), "{text}");
        }
    }

    #[test]
    fn debug_shows_nothing_of_the_secret() {
        let token = RefreshToken::generate().unwrap();
        assert_eq!(format!("{token:?}"), "RefreshToken(hidden)");
    }

    #[test]
    fn random_passwords_are_readable_and_differ() {
        let (one, two) = (random_password().unwrap(), random_password().unwrap());
        assert_ne!(*one, *two);
        let groups: Vec<&str> = one.split('-').collect();
        assert_eq!(groups.len(), 4);
        for group in groups {
            assert_eq!(group.len(), 5);
            assert!(group.bytes().all(|letter| READABLE.contains(&letter)));
        }
    }

    #[test]
    fn ids_sort_by_the_time_given_and_those_of_one_instant_as_they_were_made() {
        let earlier = DateTime::from_timestamp(1_667_433_600, 0).unwrap();
        let later = DateTime::from_timestamp(1_667_433_601, 0).unwrap();
        assert!(random_id(earlier) < random_id(later));
        let ids = [(); 100].map(|()| random_id(later));
        assert!(ids.is_sorted() && ids[0] != ids[99]);
        assert_eq!(
            uuid::Uuid::parse_str(&random_id(later))
                .unwrap()
                .get_version_num(),
            7
        );
    }
}
