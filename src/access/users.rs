//! Commands about users. All lie in the house book; none logs an address or a hash.

use serde_json::json;

use super::error::AccessError;
use super::model::{Email, User, UserStatus};
use super::rights::{Right, Role};
use super::rules::{change, tidy};
use crate::desk::changes::Put;
use crate::desk::{Changes, Command, Decision, Desk, Stop};
use crate::ledger::store::BookRef;
use crate::ledger::{NewEvent, Who};

/// The session version of a new user.
pub(super) const FIRST_SESSION_VERSION: i64 = 1;

/// Makes a user. Results in the user.
pub struct CreateUser {
    /// A fresh random id.
    pub id: String,
    /// What the user signs in with.
    pub email: Email,
    /// The password as a PHC string.
    pub password_hash: String,
    /// What the user is; at least one.
    pub roles: Vec<Role>,
}

/// Changes what a user is, or whether the user may sign in. Results in the user.
pub struct ChangeUser {
    /// The id of the user.
    pub id: String,
    /// All the roles from now on; `None` leaves them.
    pub roles: Option<Vec<Role>>,
    /// The status from now on; `None` leaves it.
    pub status: Option<UserStatus>,
    /// The version that the caller read.
    pub expected_version: i32,
}

/// Gives a user another password and ends every session.
pub struct ChangePassword {
    /// The id of the user.
    pub user: String,
    /// The hash that the current password was found to match.
    pub verified_hash: String,
    /// The new password as a PHC string.
    pub new_hash: String,
}

impl Command for CreateUser {
    type Done = User;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.user_emails.want(&self.email.to_string());
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<User>, Stop> {
        still_manages(desk, who)?;
        let roles = tidy(&self.roles)?;
        if let Some(other) = desk.user_emails.find(&self.email.to_string())? {
            return Err(AccessError::EmailTaken {
                id: other.id.clone(),
            }
            .into());
        }
        let user = User {
            id: self.id.clone(),
            email: self.email.clone(),
            password_hash: self.password_hash.clone(),
            roles,
            status: UserStatus::Active,
            session_version: FIRST_SESSION_VERSION,
            recorded_at: desk.now(),
            version: 1,
            subject: None,
            tokens_from: None,
            sources: Vec::new(),
        };
        let event = event(desk, "user.created", &user.id, described(&user));
        Ok(Changes::of(event).put(Put::User(user.clone())).done(user))
    }
}

impl Command for ChangeUser {
    type Done = User;

    fn book(&self) -> BookRef {
        BookRef::house()
    }

    fn hint(&self, desk: &Desk) {
        desk.users.want(&self.id);
    }

    fn decide(&self, desk: &Desk, who: &Who) -> Result<Decision<User>, Stop> {
        still_manages(desk, who)?;
        let user = desk.users.find(&self.id)?.ok_or(AccessError::UnknownUser)?;
        if user.version != self.expected_version {
            return Err(AccessError::StaleVersion {
                current: user.version,
            }
            .into());
        }
        let by = (who.actor.as_str(), desk.now());
        let user = change(&user, by, self.roles.as_deref(), self.status)?;
        let event = event(desk, "user.changed", &user.id, described(&user));
        Ok(Changes::of(event).put(Put::User(user.clone())).done(user))
    }
}

impl Command for ChangePassword {
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
        if !user.is_active() {
            return Err(AccessError::UserDisabled.into());
        }
        // Another change may have come first; what was verified is not the current password then.
        if user.password_hash != self.verified_hash {
            return Err(AccessError::WrongPassword.into());
        }
        let event = event(
            desk,
            "user.password_changed",
            &user.id,
            json!({ "user": user.id }),
        );
        let user = User {
            password_hash: self.new_hash.clone(),
            ..user.signed_out(desk.now())
        };
        Ok(Changes::of(event).put(Put::User(user)).done(()))
    }
}

/// Makes sure that a user who manages users still may, under the lock of the book. So two admins
/// who disable each other at the same moment leave one. What is no user is the command line.
pub(super) fn still_manages(desk: &Desk, who: &Who) -> Result<(), Stop> {
    match desk.users.find(&who.actor)? {
        Some(user) if !(user.is_active() && Right::ManageUsers.granted_to(&user.roles)) => {
            Err(AccessError::NotSignedIn.into())
        }
        _ => Ok(()),
    }
}

pub(super) fn described(user: &User) -> serde_json::Value {
    json!({ "roles": user.roles, "status": user.status, "user": user.id })
}

/// An event of today about a user.
pub(super) fn event(
    desk: &Desk,
    kind: &'static str,
    user: &str,
    command: serde_json::Value,
) -> NewEvent {
    NewEvent {
        kind,
        subject: format!("user:{user}"),
        effective_on: desk.today(),
        command: command.to_string(),
    }
}
