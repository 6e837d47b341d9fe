//! What a user is, and a session.

use std::fmt;

use chrono::{DateTime, Utc};

use super::rights::{Principal, Role};
use super::rules::is_email;
use crate::bounds::Bounds;
use crate::text_enum::text_enum;

text_enum! {
    /// Whether a user may sign in.
    UserStatus {
        /// May sign in.
        Active = "active",
        /// May not; every session is over.
        Disabled = "disabled",
    }
}

/// How many sources of a user are remembered.
const MAX_SOURCES: usize = 8;

/// An e-mail address in lower case. Hidden from Debug: it names a person.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Email(String);

/// Why a text is not an e-mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an e-mail address")]
pub struct NotAnEmail;

impl NotAnEmail {
    /// The stable code of the fault.
    #[must_use]
    pub fn code(self) -> &'static str {
        "invalid_email"
    }
}

impl Email {
    /// Reads an address; blanks around it and capitals make no other address.
    ///
    /// # Errors
    /// [`NotAnEmail`] for what [`is_email`] does not take.
    pub fn parse(text: &str) -> Result<Self, NotAnEmail> {
        let address = text.trim_matches(' ').to_ascii_lowercase();
        if is_email(&address) {
            Ok(Self(address))
        } else {
            Err(NotAnEmail)
        }
    }

    /// An address as the database holds it; it was checked when it was stored.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// The address itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(hidden)")
    }
}

/// Somebody who may sign in.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// A random id that sorts by the time it was made.
    pub id: String,
    /// What the user signs in with; no two users share one.
    pub email: Email,
    /// The password as a PHC string (argon2id). Hidden from Debug.
    pub password_hash: String,
    /// What the user is: sorted, at least one, none twice.
    pub roles: Vec<Role>,
    /// Whether the user may sign in.
    pub status: UserStatus,
    /// Counted up to end every session of the user; tokens name the number they hold for.
    pub session_version: i64,
    /// When the user was made.
    pub recorded_at: DateTime<Utc>,
    /// The version of what others see of this row: its roles and status.
    pub version: i32,
    /// Who the user is at the identity provider, where it vouched for the user.
    pub subject: Option<String>,
    /// Tokens that the identity provider issued before this are of no use.
    pub tokens_from: Option<DateTime<Utc>>,
    /// Keyed hashes of the sources that the user last signed in from with the password, the newest
    /// first.
    pub sources: Vec<String>,
}

impl User {
    /// Whether the user may sign in.
    #[must_use]
    pub fn is_active(&self) -> bool {
        self.status == UserStatus::Active
    }

    /// Who sends a request with a token of this user. Bounds are for clients to have: a user who is
    /// said to be a partner sees nothing of anybody's.
    #[must_use]
    pub fn principal(self) -> Principal {
        let outside = self.roles.contains(&Role::Partner);
        Principal {
            user: self.id,
            roles: self.roles,
            session_version: self.session_version,
            scopes: None,
            bounds: if outside {
                Bounds::of([], false)
            } else {
                Bounds::none()
            },
        }
    }

    /// The same user with every session over as of `now`, and every token of the identity provider.
    #[must_use]
    pub fn signed_out(&self, now: DateTime<Utc>) -> Self {
        Self {
            session_version: self.session_version.saturating_add(1),
            tokens_from: Some(self.tokens_from.map_or(now, |from| from.max(now))),
            ..self.clone()
        }
    }

    /// The sources of the user with this one as the newest.
    #[must_use]
    pub fn sources_with(&self, source: &str) -> Vec<String> {
        let others = self.sources.iter().filter(|known| *known != source);
        let all = std::iter::once(source).chain(others.map(String::as_str));
        all.take(MAX_SOURCES).map(str::to_owned).collect()
    }
}

impl fmt::Debug for User {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("User")
            .field("id", &self.id)
            .field("roles", &self.roles)
            .field("status", &self.status)
            .field("session_version", &self.session_version)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

/// Which user has an e-mail address.
#[derive(Clone, PartialEq, Eq)]
pub struct UserEmail {
    /// The address, as an [`Email`] writes it.
    pub email: String,
    /// The id of the user.
    pub id: String,
}

/// Which user is somebody at the identity provider.
#[derive(Clone, PartialEq, Eq)]
pub struct UserSubject {
    /// Who it is there.
    pub subject: String,
    /// The id of the user.
    pub id: String,
}

/// The refresh tokens that follow from one sign-in, each replacing the one before.
///
/// `<session version>-<digest of the first token>`: whoever holds it knows at which version of
/// the user's sessions it ends, without a look-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Family(String);

impl Family {
    /// The family of a sign-in.
    #[must_use]
    pub fn new(session_version: i64, first_digest: &str) -> Self {
        Self(format!("{session_version}-{first_digest}"))
    }

    /// A family as the database holds it.
    #[must_use]
    pub fn stored(text: String) -> Self {
        Self(text)
    }

    /// Whether it holds at this version of the user's sessions.
    #[must_use]
    pub fn holds_at(&self, session_version: i64) -> bool {
        self.0
            .split_once('-')
            .is_some_and(|(own, _)| own.parse() == Ok(session_version))
    }

    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What is kept of a refresh token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefreshSession {
    /// SHA-256 of the token, hexadecimal.
    pub digest: String,
    /// The sign-in that it follows from.
    pub family: Family,
    /// Whom it signs in.
    pub user_id: String,
    /// When it was given out.
    pub issued_at: DateTime<Utc>,
    /// The first instant at which it is of no use.
    pub expires_at: DateTime<Utc>,
    /// Whether another token replaced it already.
    pub used: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_the_same_in_capitals_and_with_blanks_around_it() {
        let email = Email::parse(" Minji.Kim@Example.COM ").unwrap();
        assert_eq!(email.as_str(), "minji.kim@example.com");
        assert_eq!(Email::parse("minji"), Err(NotAnEmail));
        assert_eq!(Email::parse("minji@example.com\n"), Err(NotAnEmail));
    }

    #[test]
    fn debug_shows_neither_address_nor_hash() {
        let user = User {
            id: "u1".to_owned(),
            email: Email::parse("minji@example.com").unwrap(),
            password_hash: "$argon2id$hash".to_owned(),
            roles: vec![Role::Officer],
            status: UserStatus::Active,
            session_version: 1,
            recorded_at: DateTime::UNIX_EPOCH,
            version: 1,
            subject: None,
            tokens_from: None,
            sources: Vec::new(),
        };
        let shown = format!("{user:?} {:?}", user.email);
        assert!(
            !shown.contains("minji") && !shown.contains("argon2"),
            "{shown}"
        );
    }

    #[test]
    fn the_last_few_sources_are_remembered_and_none_twice() {
        let mut user = User {
            id: "u1".to_owned(),
            email: Email::parse("minji@example.com").unwrap(),
            password_hash: String::new(),
            roles: vec![Role::Officer],
            status: UserStatus::Active,
            session_version: 1,
            recorded_at: DateTime::UNIX_EPOCH,
            version: 1,
            subject: None,
            tokens_from: None,
            sources: Vec::new(),
        };
        for source in ["a", "b", "a", "c", "d", "e", "f", "g", "h", "i"] {
            user.sources = user.sources_with(source);
        }
        assert_eq!(user.sources, ["i", "h", "g", "f", "e", "d", "c", "a"]);
    }

    #[test]
    fn a_family_holds_at_its_own_version_alone() {
        let family = Family::new(12, "ab34");
        assert!(Family::stored(family.as_str().to_owned()).holds_at(12));
        for other in [1, 2, 11, 13, -12] {
            assert!(!family.holds_at(other), "{other}");
        }
        assert!(!Family::stored(String::new()).holds_at(0));
    }
}
