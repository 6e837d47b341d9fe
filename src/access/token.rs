//! Access tokens: short-lived signed statements of who is calling (JWS over Ed25519).
//!
//! The JWT library signs and checks signatures, nothing else. It would let pass unknown critical
//! headers, foreign token kinds and loosely typed claims, so header and claims are read here, each
//! strictly: the exact set of keys, each once, each of its own type. Time comes in as `now`.
//! Cost: one Ed25519 operation at the first sight of a token, no I/O. Whether the session version is still the user's current
//! one is for the caller to look up: that is what revokes a token before it expires.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use aws_lc_rs::error::KeyRejected;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, DecodingKey, Header, crypto};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

pub use super::refused::{TokenFault, TokenRefused};
use super::secret::random_id;
pub use super::signing::{Published, SigningKey, SigningKeys};

/// How long an access token lives.
pub const ACCESS_TTL: TimeDelta = TimeDelta::minutes(15);

/// How far two servers' clocks may lie apart. It lengthens no lifetime.
pub(super) const LEEWAY: TimeDelta = TimeDelta::seconds(5);

/// A longer token is refused unread.
const MAX_TOKEN_BYTES: usize = 4096;

/// The longest subject a token is issued for: user ids are far shorter.
const MAX_SUBJECT_BYTES: usize = 64;

const ISSUER: &str = "sangsaeng";
const AUDIENCE: &str = "sangsaeng-api";
/// The one signature algorithm, by its name in RFC 8037.
const ALGORITHM: &str = "EdDSA";
/// The kind of token (RFC 9068 §2.1), so that no other kind passes for this one.
const KIND: &str = "at+jwt";

/// What an access token says. The names are those of RFC 7519; times are Unix seconds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccessClaims {
    /// Who issued it: always `sangsaeng`.
    pub iss: String,
    /// Whom it is for: always `sangsaeng-api`.
    pub aud: String,
    /// Whose it is: the id of a user or client.
    pub sub: String,
    /// The token's own id, a UUID version 7.
    pub jti: String,
    /// Issued at.
    pub iat: i64,
    /// Not valid before.
    pub nbf: i64,
    /// Not valid from then on.
    pub exp: i64,
    /// The session version of the user or client when it was issued.
    pub ver: i64,
    /// What it is for, where it is a client's (RFC 6749 §3.3). A user's has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

/// The protected header: these three keys and no others, which refuses `crit`, `jku`, `jwk`,
/// `x5c`, `b64`, `zip` and all that is yet to be invented.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StrictHeader {
    alg: String,
    typ: String,
    kid: String,
}

/// Why no token could be issued.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The bytes are no Ed25519 key.
    #[error("the token signing key is not an Ed25519 key")]
    Key(#[from] KeyRejected),
    /// The cryptographic library failed to write the key in the form that signing takes.
    #[error("the token signing key could not be prepared")]
    Backend(#[from] aws_lc_rs::error::Unspecified),
    /// The subject is empty or too long.
    #[error("a token's subject has 1 to {MAX_SUBJECT_BYTES} bytes")]
    Subject,
    /// Signing failed.
    #[error("the token could not be signed")]
    Signing(#[from] jsonwebtoken::errors::Error),
}

/// The keys that sign access tokens, and their public halves that check them. They can be replaced
/// while they are in use.
pub struct TokenKeys(RwLock<Arc<SigningKeys>>);

impl TokenKeys {
    /// The keys that grow from one Ed25519 seed, named `kid` in every token.
    ///
    /// # Errors
    /// [`TokenError::Key`] or [`TokenError::Backend`] when the library refuses the seed.
    pub fn from_seed(kid: &str, seed: &[u8; 32]) -> Result<Self, TokenError> {
        let key = SigningKey::from_seed(kid, seed, DateTime::<Utc>::MIN_UTC)?;
        Ok(Self::of(SigningKeys::one(key)))
    }

    /// These keys.
    #[must_use]
    pub fn of(keys: SigningKeys) -> Self {
        Self(RwLock::new(Arc::new(keys)))
    }

    /// Uses these keys from now on.
    pub fn replace(&self, keys: SigningKeys) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(keys);
    }

    /// The public halves of all keys whose tokens may be good at `now` or soon.
    #[must_use]
    pub fn published(&self, now: DateTime<Utc>) -> Vec<Published> {
        let keys = self.keys();
        keys.good_at(now).map(SigningKey::published).collect()
    }

    fn keys(&self) -> Arc<SigningKeys> {
        // The keys are whole at every moment, even where a thread died.
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// A token for `subject`, good for [`ACCESS_TTL`] from `now`.
    ///
    /// # Errors
    /// [`TokenError::Subject`], or [`TokenError::Signing`] when the library fails.
    pub fn issue(
        &self,
        subject: &str,
        session_version: i64,
        now: DateTime<Utc>,
    ) -> Result<String, TokenError> {
        self.issue_for(subject, session_version, None, now)
    }

    /// The same for a client, and good for nothing but `scope`.
    ///
    /// # Errors
    /// As [`TokenKeys::issue`].
    pub fn issue_for(
        &self,
        subject: &str,
        session_version: i64,
        scope: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<String, TokenError> {
        if subject.is_empty() || subject.len() > MAX_SUBJECT_BYTES {
            return Err(TokenError::Subject);
        }
        let keys = self.keys();
        let key = keys.signs_at(now);
        let header = Header {
            typ: Some(KIND.to_owned()),
            kid: Some(key.kid.clone()),
            ..Header::new(Algorithm::EdDSA)
        };
        let issued = now.timestamp();
        let claims = AccessClaims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: subject.to_owned(),
            jti: random_id(now),
            iat: issued,
            nbf: issued,
            exp: issued.saturating_add(ACCESS_TTL.num_seconds()),
            ver: session_version,
            scope,
        };
        Ok(jsonwebtoken::encode(&header, &claims, &key.signing)?)
    }

    /// What the token says, if it was issued here and holds at `now`.
    ///
    /// # Errors
    /// [`TokenRefused`], the same for every fault.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<AccessClaims, TokenRefused> {
        let claims = self.read(token, now).map_err(TokenRefused)?;
        check_times(&claims, now.timestamp()).map_err(TokenRefused)?;
        Ok(claims)
    }

    /// Everything but the clock: the cheap checks, then the signature, then the claims.
    fn read(&self, token: &str, now: DateTime<Utc>) -> Result<AccessClaims, TokenFault> {
        let parts = Parts::of(token)?;
        let header: StrictHeader = read_part(parts.header).ok_or(TokenFault::Header)?;
        if header.alg != ALGORITHM || header.typ != KIND {
            return Err(TokenFault::Header);
        }
        let keys = self.keys();
        let mut good = keys.good_at(now);
        let key = good.find(|key| key.kid == header.kid);
        let key = key.ok_or(TokenFault::UnknownKey)?;
        key.signed(token, &parts)?;
        let claims: AccessClaims = read_part(parts.claims).ok_or(TokenFault::Claims)?;
        let ours = claims.iss == ISSUER && claims.aud == AUDIENCE;
        if !ours || claims.sub.is_empty() || claims.jti.is_empty() {
            return Err(TokenFault::Claims);
        }
        Ok(claims)
    }
}

impl fmt::Debug for TokenKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenKeys")
            .field("kid", &self.keys().first.kid)
            .finish_non_exhaustive()
    }
}

/// A token, taken apart.
pub(super) struct Parts<'a> {
    pub(super) header: &'a str,
    pub(super) claims: &'a str,
    signed: &'a str,
    signature: &'a str,
}

impl<'a> Parts<'a> {
    /// The parts of a token that is not too long.
    pub(super) fn of(token: &'a str) -> Result<Self, TokenFault> {
        if token.len() > MAX_TOKEN_BYTES {
            return Err(TokenFault::TooLong);
        }
        let (signed, signature) = token.rsplit_once('.').ok_or(TokenFault::Header)?;
        let (header, claims) = signed.split_once('.').ok_or(TokenFault::Header)?;
        Ok(Self {
            header,
            claims,
            signed,
            signature,
        })
    }

    /// Makes sure of the signature.
    pub(super) fn check(&self, key: &DecodingKey, by: Algorithm) -> Result<(), TokenFault> {
        match crypto::verify(self.signature, self.signed.as_bytes(), key, by) {
            Ok(true) => Ok(()),
            Ok(false) | Err(_) => Err(TokenFault::Signature),
        }
    }
}

/// One part of a token: strict base64url without padding, then one JSON object.
pub(super) fn read_part<T: DeserializeOwned>(part: &str) -> Option<T> {
    let json = URL_SAFE_NO_PAD.decode(part).ok()?;
    // serde would take an array of the values as well.
    if json.first() != Some(&b'{') {
        return None;
    }
    serde_json::from_slice(&json).ok()
}

/// Whether the claims hold at `now`, in Unix seconds.
fn check_times(claims: &AccessClaims, now: i64) -> Result<(), TokenFault> {
    let leeway = LEEWAY.num_seconds();
    let lifetime = claims.exp.checked_sub(claims.iat);
    if !lifetime.is_some_and(|seconds| (1..=ACCESS_TTL.num_seconds()).contains(&seconds)) {
        return Err(TokenFault::Lifetime);
    }
    if claims.iat.max(claims.nbf) > now.saturating_add(leeway) {
        return Err(TokenFault::NotYetValid);
    }
    if claims.exp <= now.saturating_sub(leeway) {
        return Err(TokenFault::Expired);
    }
    Ok(())
}

#[cfg(test)]
mod tests;
