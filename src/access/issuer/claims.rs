//! What a token of the identity provider says.
//!
//! A provider says much that is nothing to us, so unknown claims are passed over; but none stands
//! twice, and those that are read have exactly the types that RFC 7519 and RFC 9068 give them.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::{LONGEST, Person, Provider};
use crate::access::model::Email;
use crate::access::refused::TokenFault;
use crate::access::rights::Role;
use crate::access::rules::tidy;
use crate::access::secret::hex;
use crate::access::token::LEEWAY;

/// The longest subject (OpenID Connect Core §2).
const MAX_SUBJECT: usize = 255;

/// The claims by their names; none stands twice.
#[derive(Debug)]
pub struct Claims(Value);

impl Claims {
    /// Reads the middle part of a token: strict base64url, one JSON object.
    pub(super) fn read(part: &str) -> Option<Self> {
        let json = URL_SAFE_NO_PAD.decode(part).ok()?;
        let Members(members) = serde_json::from_slice(&json).ok()?;
        Some(Self(Value::Object(members)))
    }

    /// Whom they speak of, if they are that provider's, for us, and hold at `now`.
    pub(super) fn person(
        &self,
        provider: &Provider,
        now: DateTime<Utc>,
    ) -> Result<Person, TokenFault> {
        let issuer = self.text("iss").ok_or(TokenFault::Claims)?;
        let subject = self.text("sub").ok_or(TokenFault::Claims)?;
        let ours = issuer == provider.issuer && self.is_for(&provider.audience);
        if !ours || subject.is_empty() || subject.len() > MAX_SUBJECT || !self.has_id() {
            return Err(TokenFault::Claims);
        }
        let issued_at = self.holds(now)?;
        let roles = self.roles(provider).ok_or(TokenFault::Role)?;
        Ok(Person {
            subject: known_as(issuer, subject),
            email: self.email(),
            roles,
            issued_at,
        })
    }

    /// Whether one audience, or one of several, is this.
    fn is_for(&self, audience: &str) -> bool {
        match self.0.get("aud") {
            Some(Value::String(one)) => one == audience,
            Some(Value::Array(several)) => {
                several.iter().all(Value::is_string) && several.iter().any(|one| one == audience)
            }
            _ => false,
        }
    }

    /// Whether the token's id is one, where it has any: not every provider gives one.
    fn has_id(&self) -> bool {
        self.0.get("jti").is_none_or(Value::is_string)
    }

    /// When it was issued, where it holds at `now`.
    fn holds(&self, now: DateTime<Utc>) -> Result<DateTime<Utc>, TokenFault> {
        let instant = |name| self.instant(name).ok_or(TokenFault::Claims);
        let (issued, expires) = (instant("iat")?, instant("exp")?);
        let from = match self.0.get("nbf") {
            None => issued,
            Some(_) => instant("nbf")?,
        };
        if expires <= issued {
            return Err(TokenFault::Lifetime);
        }
        let later =
            |at: DateTime<Utc>, by: TimeDelta| at.checked_add_signed(by).ok_or(TokenFault::Claims);
        if issued.max(from) > later(now, LEEWAY)? {
            return Err(TokenFault::NotYetValid);
        }
        if later(expires.min(later(issued, LONGEST)?), LEEWAY)? <= now {
            return Err(TokenFault::Expired);
        }
        Ok(issued)
    }

    /// The address, if the provider says that it made sure of it.
    fn email(&self) -> Option<Email> {
        let verified = self.0.get("email_verified") == Some(&Value::Bool(true));
        let email = self.text("email").filter(|_| verified)?;
        Email::parse(email).ok()
    }

    /// The roles that the values of the claim stand for; nothing where there is none.
    fn roles(&self, provider: &Provider) -> Option<Vec<Role>> {
        let name = provider.role_claim.as_str();
        let claim = if name.starts_with('/') {
            self.0.pointer(name)
        } else {
            self.0.get(name)
        };
        let values = match claim? {
            Value::Array(values) => values.as_slice(),
            one => std::slice::from_ref(one),
        };
        let named = values.iter().filter_map(Value::as_str);
        let roles: Vec<Role> = named
            .filter_map(|value| provider.roles.get(value).copied())
            .collect();
        tidy(&roles).ok()
    }

    fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// Whole Unix seconds.
    fn instant(&self, name: &str) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.0.get(name)?.as_i64()?, 0)
    }
}

/// What somebody at that issuer is known as here. The subject itself may be an address.
fn known_as(issuer: &str, subject: &str) -> String {
    let named = format!("{issuer}\n{subject}");
    format!("oidc:{}", hex(digest(&SHA256, named.as_bytes()).as_ref()))
}

/// The members of a JSON object, none of which stands twice.
struct Members(Map<String, Value>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Each;

        impl<'de> Visitor<'de> for Each {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("claims")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Map::new();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if members.insert(name, value).is_some() {
                        return Err(A::Error::custom("a claim stands twice"));
                    }
                }
                Ok(Members(members))
            }
        }

        from.deserialize_map(Each)
    }
}
