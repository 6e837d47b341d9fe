//! Tokens that are not our own: of the company's identity provider, where there is one.

use super::error::SignInError;
use super::issuer::introduce::{Introduce, is_over};
use super::issuer::{Issuer, Person};
use super::model::User;
use super::rights::Principal;
use super::secret::random_id;
use super::token::TokenFault;
use super::{Access, Inner, store};
use crate::db::Conn;
use crate::ledger::Who;

/// Who makes users of those whom the identity provider vouches for, in the log of events.
const ACTOR: &str = "identity-provider";

impl Access {
    /// Who sends a token that is none of ours for that reason.
    pub(super) async fn another(
        &self,
        bearer: &str,
        fault: TokenFault,
        request_id: &str,
    ) -> Result<Principal, SignInError> {
        let inner = &self.inner;
        let issuer = inner.issuer.as_ref();
        // Whatever names one of our keys is not somebody else's.
        let Some(issuer) =
            issuer.filter(|_| matches!(fault, TokenFault::Header | TokenFault::UnknownKey))
        else {
            tracing::debug!(%fault, "access token refused");
            return Err(SignInError::Refused);
        };
        self.vouched_for(issuer, bearer, request_id).await
    }

    async fn vouched_for(
        &self,
        issuer: &Issuer,
        bearer: &str,
        request_id: &str,
    ) -> Result<Principal, SignInError> {
        let inner = &self.inner;
        let person = issuer.verify(bearer, inner.clock.now()).await;
        let person = person.map_err(|fault| {
            tracing::debug!(%fault, "token of the identity provider refused");
            SignInError::Refused
        })?;
        let held = inner.vouched.get(&person.subject);
        let known = match held.filter(|user| user.roles == person.roles) {
            Some(user) => Some(user),
            None => inner.read_subject(&person.subject).await?,
        };
        let user = match known {
            Some(user) if !user.is_active() || is_over(&user, person.issued_at) => {
                return Err(SignInError::Refused);
            }
            Some(user) if user.roles == person.roles => user,
            _ => self.introduced(person, request_id).await?,
        };
        Ok(user.principal())
    }

    /// Writes down who somebody is.
    async fn introduced(&self, person: Person, request_id: &str) -> Result<User, SignInError> {
        let inner = &self.inner;
        let command = Introduce {
            id: random_id(inner.clock.now()),
            person,
        };
        let who = Who::of_house(ACTOR, request_id);
        let user = inner.door.run(command, who).await;
        let user = user.map_err(SignInError::of_session)?;
        inner.forget(&user.id);
        Ok(user)
    }
}

impl Inner {
    /// Reads who somebody from the identity provider is, and holds it for a moment.
    async fn read_subject(&self, subject: &str) -> Result<Option<User>, SignInError> {
        let reading = self.vouched.reading();
        let asked = subject.to_owned();
        let look_up = move |conn: &mut Conn| store::by_subject(conn, &asked);
        let user = self.db.ask(look_up).await?;
        if let Some(user) = &user {
            self.vouched.hold(reading, subject, user);
        }
        Ok(user)
    }
}
