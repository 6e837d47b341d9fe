//! Commands that open, renew and end sessions. All lie in the house book; none logs a token.
//!
//! A sign-in opens a family of refresh tokens. Each is used once and replaced by the next. One
//! that comes back after its use is in two hands, so it ends the family. Ending anything counts
//! up the user's session version, which ends all that the user has: every family, and every
//! access token within the second. That is coarse, and needs no list of tokens to go through.

use chrono::TimeDelta;
use serde_json::json;

use super::error::AccessError;
use super::model::{Family, RefreshSession, User};
use super::rules::{Presented, present};
use super::users::event;
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ledger::Who;
use crate::ledger::store::BookRef;

/// How long a refresh token is good for, unless it is used.
pub const REFRESH_TTL: TimeDelta = TimeDelta::days(14);

/// Opens a session for a user whose password was just verified.
pub struct SignedIn {
    /// The id of the user.
    pub user: String,
    /// The hash that the password was found to match.
    pub verified_hash: String,
    /// The same password hashed at today's cost, where the hash was made at less.
    pub better_hash: Option<String>,
    /// The digest of the first refresh token.
    pub digest: String,
    /// The keyed hash of where the user signs in from.
    pub source: String,
}

/// Replaces a refresh token, or ends every session of the user where it was replaced before.
pub struct Refreshed {
    /// The digest of the token that is presented.
    pub old: String,
    /// The digest of the one that replaces it.
    pub new: String,
}

/// Ends every session of a user.
pub struct SignedOut {
    /// The id of the user.
    pub user: String,
}

/// To whom an access token may be given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The id of the user.
    pub user: String,
    /// The version of the user's sessions that the token is to name.
    pub session_version: i64,
}

impl Command for SignedIn {
    type Done = Grant;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.users.want(&self.user);
    }

    fn decide(&self, desk: &Desk, _who: &Who) -> Result<Decision<Grant>, Stop> {
        let user = desk
            .users
            .find(&self.user)?
            .ok_or(AccessError::NotSignedIn)?;
        // The user may have been disabled, or have another password, since it was verified.
        if !user.is_active() || user.password_hash != self.verified_hash {
            return Err(AccessError::NotSignedIn.into());
        }
        let family = Family::new(user.session_version, &self.digest);
        let session = issued(desk, &self.digest, family, &user.id);
        let event = event(desk, "session.opened", &user.id, json!({ "user": user.id }));
        let mut changes = Changes::of(event).put(Put::Session(session));
        let sources = user.sources_with(&self.source);
        if self.better_hash.is_some() || sources != user.sources {
            let hash = self.better_hash.as_ref().unwrap_or(&user.password_hash);
            changes = changes.put(Put::User(User {
                password_hash: hash.clone(),
                sources,
                ..(*user).clone()
            }));
        }
        Ok(changes.done(granted(&user)))
    }
}

impl Command for Refreshed {
    /// Nothing where the token was used before, and all sessions are over now.
    type Done = Option<Grant>;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.sessions.want(&self.old);
    }

    fn decide(&self, desk: &Desk, _who: &Who) -> Result<Decision<Option<Grant>>, Stop> {
        let old = desk
            .sessions
            .find(&self.old)?
            .ok_or(AccessError::NotSignedIn)?;
        let user = desk
            .users
            .find(&old.user_id)?
            .ok_or(AccessError::NotSignedIn)?;
        match present(&old, &user, desk.now()) {
            Presented::Over => Err(AccessError::NotSignedIn.into()),
            Presented::Reused => Ok(ended(desk, &user, "token_reused").done(None)),
            Presented::Renewed => {
                let new = issued(desk, &self.new, old.family.clone(), &user.id);
                let old = RefreshSession {
                    used: true,
                    ..(*old).clone()
                };
                let command = json!({ "user": user.id });
                Ok(
                    Changes::of(event(desk, "session.refreshed", &user.id, command))
                        .put(Put::Session(old))
                        .put(Put::Session(new))
                        .done(Some(granted(&user))),
                )
            }
        }
    }
}

impl Command for SignedOut {
    type Done = ();

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.users.want(&self.user);
    }

    fn decide(&self, desk: &Desk, _who: &Who) -> Result<Decision<()>, Stop> {
        let user = desk
            .users
            .find(&self.user)?
            .ok_or(AccessError::UnknownUser)?;
        Ok(ended(desk, &user, "signed_out").done(()))
    }
}

fn granted(user: &User) -> Grant {
    Grant {
        user: user.id.clone(),
        session_version: user.session_version,
    }
}

fn issued(desk: &Desk, digest: &str, family: Family, user: &str) -> RefreshSession {
    let now = desk.now();
    RefreshSession {
        digest: digest.to_owned(),
        family,
        user_id: user.to_owned(),
        issued_at: now,
        expires_at: now.checked_add_signed(REFRESH_TTL).unwrap_or(now),
        used: false,
    }
}

fn ended(desk: &Desk, user: &User, reason: &str) -> Changes {
    let command = json!({ "reason": reason, "user": user.id });
    Changes::of(event(desk, "session.ended", &user.id, command))
        .put(Put::User(user.signed_out(desk.now())))
}
