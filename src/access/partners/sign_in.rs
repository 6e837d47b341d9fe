//! Signing clients in, and changing them so that it is noticed at once.

use super::clients::{ChangeClient, ClientSignedIn, RotateSecret};
use super::grant::ChangePartner;
use super::model::{Client, Partner, PartnerScope, Standing};
use super::{rules, store};
use crate::access::secret::ClientSecret;
use crate::access::source::Source;
use crate::access::throttle::Attempt;
use crate::access::token::ACCESS_TTL;
use crate::access::{Access, SignInError, who};
use crate::db::Conn;
use crate::desk::{Answer, Request, WriteError};

/// What a client that signed in gets.
pub struct ClientToken {
    /// Goes with every request.
    pub access_token: String,
    /// Seconds until it is of no use.
    pub expires_in: i64,
    /// What it is for.
    pub scope: String,
}

/// Why a client gets no token.
#[derive(Debug)]
pub enum TokenDenied {
    /// The client or its secret is not accepted; which, and why, is not told.
    Client,
    /// It asks for what it was not granted.
    Scope,
    /// It could not be found out.
    Failed(SignInError),
}

impl Access {
    /// Signs a client in for the scopes it asks for, or for all that it was granted.
    ///
    /// Nobody guesses a secret of 256 bits; wrong ones are counted so that they cost little. So a
    /// right one is good whatever others tried on the client, unless they share its source.
    ///
    /// # Errors
    /// [`TokenDenied`].
    pub async fn client_token(
        &self,
        (client, secret): (&str, &ClientSecret),
        asked: Option<&str>,
        source: Source,
        request_id: &str,
    ) -> Result<ClientToken, TokenDenied> {
        let inner = &self.inner;
        let attempt = Attempt::as_client(client, source);
        let (throttle, now) = (&inner.throttle, inner.clock.now());
        throttle.check_source(source, now).map_err(failed)?;
        let id = client.to_owned();
        let look_up = move |conn: &mut Conn| store::standing(conn, &id);
        let found = inner.db.ask(look_up).await.map_err(failed)?;
        let Some((standing, digest)) = proven(found, secret) else {
            throttle.begin(attempt, now).map_err(failed)?.wrong(now);
            return Err(TokenDenied::Client);
        };
        let granted = standing.scopes();
        let scopes = rules::scopes_of_token(asked, &granted).ok_or(TokenDenied::Scope)?;
        let scope = rules::written(&scopes);
        let command = ClientSignedIn {
            id: standing.client.id.clone(),
            digest,
            scopes,
        };
        let signed_in = inner.door.run(command, who(client, request_id)).await;
        let version = signed_in.map_err(|error| match SignInError::of_session(error) {
            SignInError::Refused => TokenDenied::Client,
            other => TokenDenied::Failed(other),
        })?;
        let (keys, now) = (inner.keys.tokens(), inner.clock.now());
        let token = keys.issue_for(client, version, Some(scope.clone()), now);
        Ok(ClientToken {
            access_token: token.map_err(failed)?,
            expires_in: ACCESS_TTL.num_seconds(),
            scope,
        })
    }

    /// Changes a client through the write door, and forgets here what it was.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn change_client(
        &self,
        request: Request<ChangeClient>,
        render: impl Fn(&Client) -> Answer + Send + 'static,
    ) -> Result<Answer, WriteError> {
        let client = request.command.id.clone();
        let answer = self.inner.door.write(request, render).await;
        self.inner.recent.forget(&client);
        answer
    }

    /// Gives a client another secret through the write door, and forgets here what it was.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn rotate_secret(
        &self,
        request: Request<RotateSecret>,
        render: impl Fn(&Client) -> Answer + Send + 'static,
    ) -> Result<Answer, WriteError> {
        let client = request.command.id.clone();
        let answer = self.inner.door.write(request, render).await;
        self.inner.recent.forget(&client);
        answer
    }

    /// Changes a partner through the write door, and forgets here what its clients were.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn change_partner(
        &self,
        request: Request<ChangePartner>,
        render: impl Fn(&Partner) -> Answer + Send + 'static,
    ) -> Result<Answer, WriteError> {
        let answer = self.inner.door.write(request, render).await;
        self.inner.recent.forget_all();
        answer
    }
}

/// A client that may sign in, and the digest of its secret that was presented.
fn proven(found: Option<Standing>, secret: &ClientSecret) -> Option<(Standing, String)> {
    let standing = found.filter(Standing::is_active)?;
    let mut kept = standing.client.secrets();
    let matching = kept.find(|kept| secret.matches(&kept.digest));
    let digest = matching?.digest.clone();
    drop(kept);
    Some((standing, digest))
}

fn failed(error: impl Into<SignInError>) -> TokenDenied {
    TokenDenied::Failed(error.into())
}

/// The scopes that the command line grants a partner that has none yet: all but to record
/// directly, which is trusted to few.
pub const USUAL: [PartnerScope; 3] = [
    PartnerScope::Submit,
    PartnerScope::ReadPrograms,
    PartnerScope::ReadProgramReports,
];
