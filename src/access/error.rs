//! What can go wrong while users are kept and sessions opened.

use std::error::Error;

use super::password::PasswordError;
use super::secret::NoRandomness;
use super::throttle::Wait;
use super::token::TokenError;
use crate::db::DbError;
use crate::desk::{Stop, WriteError};
use crate::refusal::Refusal;

/// Why a command about users or sessions is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// Another user has the address.
    #[error("user {id} has this e-mail address")]
    EmailTaken {
        /// The id of that user.
        id: String,
    },
    /// There is no such user.
    #[error("there is no such user")]
    UnknownUser,
    /// The user was changed since it was read.
    #[error("the user is at version {current} by now")]
    StaleVersion {
        /// The version that the user is at.
        current: i32,
    },
    /// Nobody changes what they may do themselves.
    #[error("nobody changes their own roles or status")]
    OwnUser,
    /// The identity provider says what the user's roles are.
    #[error("the identity provider says what the roles of this user are")]
    RolesElsewhere,
    /// A user needs a role.
    #[error("a user has at least one role")]
    NoRoles,
    /// The user may not sign in any more.
    #[error("the user is disabled")]
    UserDisabled,
    /// The current password was not given right.
    #[error("that is not the current password")]
    WrongPassword,
    /// Whoever asks is not signed in, or not any more; why is not told.
    #[error("not signed in")]
    NotSignedIn,
}

impl From<AccessError> for Refusal {
    fn from(error: AccessError) -> Self {
        match error {
            AccessError::EmailTaken { id } => Self::rule("email_taken").with("id", id),
            AccessError::UnknownUser => Self::rule("not_found"),
            AccessError::StaleVersion { current } => {
                Self::rule("stale_etag").with("version", current)
            }
            AccessError::OwnUser => Self::rule("own_user"),
            AccessError::RolesElsewhere => Self::rule("roles_elsewhere"),
            AccessError::NoRoles => Self::field("/roles", "no_roles"),
            AccessError::UserDisabled => Self::rule("user_disabled"),
            AccessError::WrongPassword => Self::rule("wrong_password"),
            AccessError::NotSignedIn => Self::rule("not_signed_in"),
        }
    }
}

impl From<AccessError> for Stop {
    fn from(error: AccessError) -> Self {
        Self::Refused(error.into())
    }
}

/// Why somebody is not signed in, or could not be.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Address, password or token is not accepted; which, and why, is not told.
    #[error("the sign-in is not accepted")]
    Refused,
    /// Too much is going on; try again in a second.
    #[error("too many are signing in at this moment")]
    Busy,
    /// Too many tries were wrong; with the seconds to wait.
    #[error("too many tries were wrong: the next one is in {0} s")]
    TooMany(u64),
    /// The write door says no.
    #[error("the session could not be written: {0:?}")]
    Write(WriteError),
    /// The database cannot be read.
    #[error(transparent)]
    Database(DbError),
    /// A fault of the program or the machine.
    #[error("signing in failed: {0}")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}

impl SignInError {
    /// What the write door says of a session: whatever rule refused it, the caller learns only
    /// that it is not accepted.
    pub(super) fn of_session(error: WriteError) -> Self {
        match error {
            WriteError::Refused(_) => Self::Refused,
            other => Self::Write(other),
        }
    }

    /// A fault that nobody outside can do anything about.
    pub(super) fn failed(fault: impl Error + Send + Sync + 'static) -> Self {
        Self::Failed(Box::new(fault))
    }
}

impl From<Wait> for SignInError {
    fn from(wait: Wait) -> Self {
        Self::TooMany(wait.seconds())
    }
}

impl From<WriteError> for SignInError {
    fn from(error: WriteError) -> Self {
        Self::Write(error)
    }
}

impl From<DbError> for SignInError {
    fn from(error: DbError) -> Self {
        match error {
            DbError::Busy => Self::Busy,
            other => Self::Database(other),
        }
    }
}

impl From<PasswordError> for SignInError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Busy => Self::Busy,
            other => Self::failed(other),
        }
    }
}

impl From<TokenError> for SignInError {
    fn from(error: TokenError) -> Self {
        Self::failed(error)
    }
}

impl From<NoRandomness> for SignInError {
    fn from(error: NoRandomness) -> Self {
        Self::failed(error)
    }
}
