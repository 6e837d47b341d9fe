//! What is counted: who tried what, from where, and what came of it.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::text_enum::text_enum;

text_enum! {
    /// What sort of attempt it was.
    AttemptKind {
        /// A user or a client signed in.
        SignedIn = "signed_in",
        /// A sign-in was not accepted.
        SignInRefused = "sign_in_refused",
        /// A request was refused.
        Refused = "refused",
    }
}

/// A name as somebody typed it who wanted to sign in. Hidden from Debug: it may be anything.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Name {
    /// An e-mail address.
    Email(String),
    /// The id of a client.
    Client(String),
}

impl Name {
    /// What was typed.
    #[must_use]
    pub fn text(&self) -> &str {
        match self {
            Self::Email(text) | Self::Client(text) => text,
        }
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Name(hidden)")
    }
}

/// Who tried.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Account {
    /// Nobody said who they are.
    Nobody,
    /// A user or client, by its id.
    Known(String),
    /// Somebody with a name that nobody has: its hash.
    Unknown(String),
    /// Somebody whose name was not looked up yet.
    Typed(Name),
}

impl Account {
    /// The id, or the hash with `unknown:` before it.
    #[must_use]
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Known(id) => Some(id.clone()),
            Self::Unknown(hash) => Some(format!("unknown:{hash}")),
            Self::Nobody | Self::Typed(_) => None,
        }
    }
}

/// Something that somebody tried.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// What sort.
    pub kind: AttemptKind,
    /// Who.
    pub account: Account,
    /// From where: an address, or the network of one.
    pub source: Option<String>,
    /// The operation, by its id in the OpenAPI document.
    pub operation: String,
    /// The status of the answer.
    pub status: u16,
    /// The code of the refusal; none where it was let in.
    pub code: Option<&'static str>,
    /// The id of the request.
    pub request: String,
}

/// The same attempt, several times within a minute.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessEvent {
    /// Its id.
    pub id: String,
    /// What sort.
    pub kind: AttemptKind,
    /// Who, as [`Account::text`] has it.
    pub account: Option<String>,
    /// Whether that is the id of somebody.
    pub known: bool,
    /// From where.
    pub source: Option<String>,
    /// The operation; none where the row stands for all that was not told apart.
    pub operation: Option<String>,
    /// The status.
    pub status: Option<i32>,
    /// The code of the refusal.
    pub code: Option<String>,
    /// How many times.
    pub times: i64,
    /// The first time.
    pub first_at: DateTime<Utc>,
    /// The last time.
    pub last_at: DateTime<Utc>,
    /// The id of the last request.
    pub last_request: String,
}
