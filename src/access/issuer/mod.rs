//! People who sign in at the company's own identity provider (OpenID Connect), and come with its
//! tokens.
//!
//! A token is read as strictly as our own, as far as providers agree on what one says: an exact
//! header, a key that the provider publishes, an algorithm that is the key's own, and the claims of
//! RFC 9068 with their types. What somebody may do follows from a claim of the token, by a table in
//! the settings.
//!
//! Each of them is a user here like any other ([`introduce`]): made when seen first, or known by
//! the address. So whoever recorded something is the same person whichever way they signed in, and
//! disabling the user ends it all within a second.
//!
//! A token is believed for [`LONGEST`] after it was issued, whatever it says itself.

pub mod claims;
pub mod introduce;
pub mod jwks;
pub mod keys;
pub mod location;

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use self::claims::Claims;
use self::jwks::{Algorithm, BadJwks};
use self::keys::Keys;
use self::location::{Location, Unfetched};
use super::model::Email;
use super::refused::TokenFault;
use super::rights::Role;
use super::token::{Parts, read_part};

/// How long a token is believed after it was issued.
pub const LONGEST: TimeDelta = TimeDelta::hours(1);

/// What an access token may call itself: RFC 9068 §2.1 has `at+jwt`, most providers say `JWT`.
const KINDS: [&str; 3] = ["at+jwt", "application/at+jwt", "JWT"];

/// What is known of the identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// The `iss` of its tokens.
    pub issuer: String,
    /// The `aud` of those that are for us.
    pub audience: String,
    /// Where it publishes its keys.
    pub jwks: Location,
    /// The algorithms that its keys may be for.
    pub algorithms: Vec<Algorithm>,
    /// The claim that says what somebody is: its name, or a JSON pointer to it.
    pub role_claim: String,
    /// The roles that its values stand for.
    pub roles: BTreeMap<String, Role>,
}

/// Why the identity provider cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IssuerError {
    /// Its keys could not be had.
    #[error(transparent)]
    Unfetched(#[from] Unfetched),
    /// What was had are no keys.
    #[error(transparent)]
    Jwks(#[from] BadJwks),
}

/// Somebody whom the identity provider vouches for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// What they are known as here: `oidc:` and a hash of the issuer and of who they are there.
    pub subject: String,
    /// The address, where the provider made sure of it.
    pub email: Option<Email>,
    /// What they are here: sorted, at least one, none twice.
    pub roles: Vec<Role>,
    /// When the token was issued.
    pub issued_at: DateTime<Utc>,
}

/// The identity provider, and the keys that it published.
pub struct Issuer {
    provider: Provider,
    keys: Keys,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    alg: Algorithm,
    kid: String,
    typ: Option<String>,
}

impl Issuer {
    /// Gets the keys for the first time. A provider that is out of reach is asked again later; a
    /// file has to be there.
    ///
    /// # Errors
    /// [`IssuerError`].
    pub fn open(provider: Provider, now: DateTime<Utc>) -> Result<Self, IssuerError> {
        let keys = Keys::of(&provider);
        match keys.fetch(now) {
            Err(error) if provider.jwks.may_recover() => {
                tracing::warn!(%error, "the identity provider is out of reach");
            }
            fetched => fetched?,
        }
        Ok(Self { provider, keys })
    }

    /// Whom the token speaks of, if it is one of the provider's for us and holds at `now`.
    ///
    /// # Errors
    /// What is wrong with it, for the log alone.
    pub async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Person, TokenFault> {
        let parts = Parts::of(token)?;
        let header: Header = read_part(parts.header).ok_or(TokenFault::Header)?;
        let mut kind = header.typ.iter();
        if !kind.all(|kind| KINDS.contains(&kind.as_str())) {
            return Err(TokenFault::Header);
        }
        let key = self.keys.find(&header.kid, now).await;
        let key = key.ok_or(TokenFault::UnknownKey)?;
        // The key says by what algorithm it is used; the token can only agree.
        if key.algorithm != header.alg {
            return Err(TokenFault::Header);
        }
        parts.check(&key.checking, key.algorithm.into())?;
        let claims = Claims::read(parts.claims).ok_or(TokenFault::Claims)?;
        claims.person(&self.provider, now)
    }
}
