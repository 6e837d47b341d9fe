//! Why an access token is not accepted: told to the log, never to whoever sent it.

/// The token is not accepted. Clients learn no more than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the access token is not accepted")]
pub struct TokenRefused(pub(super) TokenFault);

impl TokenRefused {
    /// The fault, for the log alone.
    #[must_use]
    pub fn fault(self) -> TokenFault {
        self.0
    }
}

/// What was wrong with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenFault {
    /// Longer than any token that is issued here.
    #[error("too long")]
    TooLong,
    /// Not three parts, or its header is not exactly ours.
    #[error("header")]
    Header,
    /// Signed with a key that this server doesn't have.
    #[error("unknown key")]
    UnknownKey,
    /// The signature doesn't hold.
    #[error("signature")]
    Signature,
    /// A claim is missing, doubled, unknown, of a wrong type or of a wrong value.
    #[error("claims")]
    Claims,
    /// Nothing that it says of somebody stands for a role.
    #[error("no role")]
    Role,
    /// It lives longer than any token that is issued here, or ends before it begins.
    #[error("lifetime")]
    Lifetime,
    /// Issued, or valid from, a time yet to come.
    #[error("not yet valid")]
    NotYetValid,
    /// Its time is over.
    #[error("expired")]
    Expired,
}
