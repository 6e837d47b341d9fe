//! Which key signs access tokens, and whose tokens are good, at each moment.
//!
//! There is one key, or there are two while one takes the place of the other: the next one is
//! published from the moment it is there, signs from the moment it names, and the first one is good
//! until its last token has expired. So servers that read the same two files agree without a word
//! between them, and whoever checks tokens outside knows each key before it signs.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};

use super::checked::{Checked, Fingerprint};
use super::token::{ACCESS_TTL, LEEWAY, Parts, TokenError, TokenFault};

/// A key that signs access tokens.
pub struct SigningKey {
    pub(super) kid: String,
    pub(super) signing: EncodingKey,
    checking: DecodingKey,
    checked: Checked,
    public: String,
    from: DateTime<Utc>,
}

/// The public half of a key, as RFC 8037 names its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// The key's id.
    pub kid: String,
    /// The point on the curve Ed25519, as base64url.
    pub x: String,
}

impl SigningKey {
    /// The key that grows from an Ed25519 seed, named `kid` in its tokens, to sign from then on.
    ///
    /// # Errors
    /// [`TokenError::Key`] or [`TokenError::Backend`] when the library refuses the seed.
    pub fn from_seed(kid: &str, seed: &[u8; 32], from: DateTime<Utc>) -> Result<Self, TokenError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed)?;
        let public = pair.public_key().as_ref();
        Ok(Self {
            kid: kid.to_owned(),
            signing: EncodingKey::from_ed_der(pair.to_pkcs8v1()?.as_ref()),
            checking: DecodingKey::from_ed_der(public),
            checked: Checked::default(),
            public: URL_SAFE_NO_PAD.encode(public),
            from,
        })
    }

    /// Makes sure that this key signed the token: at the first sight of it.
    pub(super) fn signed(&self, token: &str, parts: &Parts<'_>) -> Result<(), TokenFault> {
        let token = Fingerprint::of(token);
        if !self.checked.knows(token) {
            parts.check(&self.checking, Algorithm::EdDSA)?;
            self.checked.remember(token);
        }
        Ok(())
    }

    pub(super) fn published(&self) -> Published {
        Published {
            kid: self.kid.clone(),
            x: self.public.clone(),
        }
    }
}

/// The key that signs, and the one that takes its place, where there is one.
pub struct SigningKeys {
    pub(super) first: SigningKey,
    next: Option<SigningKey>,
}

impl SigningKeys {
    /// One key.
    #[must_use]
    pub fn one(first: SigningKey) -> Self {
        Self { first, next: None }
    }

    /// A key, and the one that takes its place.
    #[must_use]
    pub fn with_next(first: SigningKey, next: Option<SigningKey>) -> Self {
        Self { first, next }
    }

    /// The key that signs at `now`.
    pub(super) fn signs_at(&self, now: DateTime<Utc>) -> &SigningKey {
        let next = self.next.as_ref().filter(|next| next.from <= now);
        next.unwrap_or(&self.first)
    }

    /// The keys whose tokens may be good at `now` or soon.
    pub(super) fn good_at(&self, now: DateTime<Utc>) -> impl Iterator<Item = &SigningKey> {
        let replaced = self.next.as_ref();
        let over = replaced.is_some_and(|next| now >= last_use(next.from));
        let first = (!over).then_some(&self.first);
        first.into_iter().chain(replaced)
    }
}

/// Until when tokens are good that were signed before `replaced`.
pub(super) fn last_use(replaced: DateTime<Utc>) -> DateTime<Utc> {
    let last = replaced.checked_add_signed(ACCESS_TTL);
    let last = last.and_then(|last| last.checked_add_signed(LEEWAY));
    last.unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::access::token::TokenKeys;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    fn keys() -> TokenKeys {
        let key = |kid, seed, from| SigningKey::from_seed(kid, &[seed; 32], at(from)).unwrap();
        TokenKeys::of(SigningKeys::with_next(
            key("old", 1, 0),
            Some(key("new", 2, 1_000)),
        ))
    }

    fn kids(keys: &TokenKeys, now: i64) -> Vec<String> {
        let published = keys.published(at(now));
        published.into_iter().map(|key| key.kid).collect()
    }

    #[test]
    fn a_key_is_published_before_it_signs_and_until_its_last_token_has_expired() {
        let keys = keys();
        for now in [0, 999, 1_000, 1_904] {
            assert_eq!(kids(&keys, now), ["old", "new"], "{now}");
        }
        assert_eq!(kids(&keys, 1_905), ["new"]);
    }

    #[test]
    fn tokens_go_on_being_good_while_one_key_takes_the_place_of_another() {
        let keys = keys();
        let last_of_old = keys.issue("u1", 1, at(999)).unwrap();
        let first_of_new = keys.issue("u1", 1, at(1_000)).unwrap();
        for now in [999, 1_000, 1_899, 1_903] {
            assert!(keys.verify(&last_of_old, at(now)).is_ok(), "{now}");
        }
        for now in [995, 1_000, 1_899, 1_904] {
            assert!(keys.verify(&first_of_new, at(now)).is_ok(), "{now}");
        }
        // Whatever such a token says of itself, its key is over.
        let late = TokenKeys::from_seed("old", &[1; 32]).unwrap();
        let late = late.issue("u1", 1, at(1_905)).unwrap();
        assert!(keys.verify(&late, at(1_905)).is_err());
    }

    #[test]
    fn keys_are_replaced_while_they_are_in_use() {
        let keys = TokenKeys::from_seed("k1", &[7; 32]).unwrap();
        let token = keys.issue("u1", 1, at(0)).unwrap();
        let other = SigningKey::from_seed("k2", &[8; 32], at(0)).unwrap();
        keys.replace(SigningKeys::one(other));
        assert!(keys.verify(&token, at(0)).is_err());
        assert_eq!(kids(&keys, 0), ["k2"]);
    }
}
