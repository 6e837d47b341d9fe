//! Whoever asks to be signed in, for those who look for it later.

use crate::attempts::model::Name;

/// Most characters of a typed name that are kept to be looked up: no name of ours is longer.
const MAX_NAME: usize = 254;

/// A request to sign somebody in, in the request's extensions: with the name that was typed, where
/// one was.
#[derive(Debug, Clone)]
pub struct SigningIn(pub Option<Name>);

impl SigningIn {
    /// A user, by the e-mail address that was typed.
    #[must_use]
    pub fn user(email: &str) -> Self {
        Self(Some(Name::Email(short(email))))
    }

    /// A client, by the id that was typed.
    #[must_use]
    pub fn client(id: &str) -> Self {
        Self(Some(Name::Client(short(id))))
    }

    /// Somebody who did not say who they are.
    #[must_use]
    pub fn nobody() -> Self {
        Self(None)
    }
}

fn short(name: &str) -> String {
    name.chars().take(MAX_NAME).collect()
}
