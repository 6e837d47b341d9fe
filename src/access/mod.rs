//! Users and clients of partners, what they may do, and who is signed in.
//!
//! A request carries an access token, good for a quarter of an hour: [`Access::authenticate`]
//! checks its signature, then that the user is active and that the token names the user's current
//! *session version*. Counting that number up ends every session of the user, here at once and in
//! other processes within a second ([`recent::BELIEVED_FOR`]). Signing out, another password,
//! other roles, disabling, and a refresh token that is presented twice all do it.
//!
//! New access tokens are bought with a refresh token, good for [`REFRESH_TTL`] and for one use.
//! Whatever is wrong with an address, a password or a token, the answer is the same.
//!
//! A client of a [partner](partners) gets its tokens for a secret, without a refresh token. Whatever
//! it may do is looked up as a user is; its token can only narrow it.
//!
//! Cost: a signature check and a look-up in memory a request; a row read where a user was not seen
//! for a second; some 20 ms of hashing a sign-in, at most two at a time.

pub mod error;
pub mod keys;
pub mod model;
pub mod partners;
pub mod password;
pub mod recent;
pub mod refused;
pub mod rights;
pub mod rules;
pub mod secret;
pub mod sessions;
pub mod store;
pub mod token;
pub mod users;

use std::fmt;
use std::sync::Arc;

pub use error::{AccessError, SignInError};
pub use rights::{Details, Principal, Right, Role, sees_details};
pub use sessions::REFRESH_TTL;

use self::keys::KeyRing;
use self::model::{Email, User};
use self::partners::model::Standing;
use self::password::Password;
use self::recent::Recent;
use self::secret::RefreshToken;
use self::sessions::{Grant, Refreshed, SignedIn, SignedOut};
use self::token::ACCESS_TTL;
use self::users::{ChangePassword, ChangeUser};
use crate::clock::Clock;
use crate::db::{Conn, Db};
use crate::desk::{Answer, Door, Request, WriteError};
use crate::ledger::Who;

/// What somebody who signed in gets. Hidden from Debug.
pub struct Tokens {
    /// Goes with every request.
    pub access_token: String,
    /// Buys the next two, once.
    pub refresh_token: String,
    /// Seconds until the access token is of no use.
    pub expires_in: i64,
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens(hidden)")
    }
}

/// Signs users in and out and tells who somebody is. Cheap to clone.
#[derive(Clone)]
pub struct Access {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    door: Arc<Door>,
    keys: Arc<KeyRing>,
    clock: Arc<dyn Clock>,
    recent: Recent,
}

/// A password that was found to be the user's.
struct Proof {
    user: String,
    verified_hash: String,
    better_hash: Option<String>,
}

impl Access {
    /// The service over these.
    #[must_use]
    pub fn new(db: Db, door: Arc<Door>, keys: Arc<KeyRing>, clock: Arc<dyn Clock>) -> Self {
        Self {
            inner: Arc::new(Inner {
                db,
                door,
                keys,
                clock,
                recent: Recent::default(),
            }),
        }
    }

    /// Who sends this access token. Reads a row where the user was not seen for a second.
    ///
    /// # Errors
    /// [`SignInError::Refused`] for whatever is wrong with the token or its user;
    /// [`SignInError::Busy`] or [`SignInError::Database`] when the user cannot be read.
    pub async fn authenticate(&self, bearer: &str) -> Result<Principal, SignInError> {
        let inner = &self.inner;
        let claims = inner
            .keys
            .tokens()
            .verify(bearer, inner.clock.now())
            .map_err(|refused| {
                tracing::debug!(fault = %refused.fault(), "access token refused");
                SignInError::Refused
            })?;
        // A token newer than what is held was given out by another process a moment ago.
        let held = inner
            .recent
            .get(&claims.sub)
            .filter(|user| user.session_version >= claims.ver);
        let principal = match held {
            Some(principal) => principal,
            None => match claims.scope {
                Some(_) => inner.read_client(claims.sub).await?,
                None => inner.read(claims.sub).await?,
            },
        };
        let principal = Some(principal).filter(|known| known.session_version == claims.ver);
        let named = principal.and_then(|known| known.named(claims.scope.as_deref()));
        named.ok_or(SignInError::Refused)
    }

    /// Opens a session.
    ///
    /// # Errors
    /// [`SignInError::Refused`] for a wrong address or password and for a disabled user, after the
    /// same time; [`SignInError::Busy`] when too many are signing in.
    pub async fn sign_in(
        &self,
        email: &str,
        password: Password,
        request_id: &str,
    ) -> Result<Tokens, SignInError> {
        let user = match Email::parse(email) {
            Ok(email) => {
                let look_up = move |conn: &mut Conn| store::by_email(conn, &email);
                self.inner.db.ask(look_up).await?
            }
            Err(_) => None,
        };
        let proof = self.off_thread(move || prove(user, &password)).await?;
        let token = RefreshToken::generate()?;
        let who = who(&proof.user, request_id);
        let command = SignedIn {
            user: proof.user,
            verified_hash: proof.verified_hash,
            better_hash: proof.better_hash,
            digest: token.digest(),
        };
        let opened = self.inner.door.run(command, who).await;
        self.tokens(&opened.map_err(SignInError::of_session)?, &token)
    }

    /// Replaces a refresh token. One that was replaced before ends every session of its user.
    ///
    /// # Errors
    /// [`SignInError::Refused`] for any token that is not good.
    pub async fn refresh(&self, token: &str, request_id: &str) -> Result<Tokens, SignInError> {
        let old = RefreshToken::parse(token)
            .ok_or(SignInError::Refused)?
            .digest();
        let digest = old.clone();
        let look_up = move |conn: &mut Conn| store::session_user(conn, &digest);
        let user = self.inner.db.ask(look_up).await?;
        let user = user.ok_or(SignInError::Refused)?;
        let new = RefreshToken::generate()?;
        let command = Refreshed {
            old,
            new: new.digest(),
        };
        let renewed = self.inner.door.run(command, who(&user, request_id)).await;
        match renewed.map_err(SignInError::of_session)? {
            Some(grant) => self.tokens(&grant, &new),
            None => {
                self.inner.recent.forget(&user);
                tracing::warn!(user, request_id, "a refresh token was used twice");
                Err(SignInError::Refused)
            }
        }
    }

    /// Ends every session of whoever asks.
    ///
    /// # Errors
    /// [`SignInError::Write`].
    pub async fn sign_out(
        &self,
        principal: &Principal,
        request_id: &str,
    ) -> Result<(), SignInError> {
        let user = &principal.user;
        let command = SignedOut { user: user.clone() };
        let ended = self.inner.door.run(command, who(user, request_id)).await;
        self.inner.recent.forget(user);
        Ok(ended?)
    }

    /// Gives whoever asks another password and ends every session, this one too.
    ///
    /// # Errors
    /// [`SignInError::Write`] with the refusal `wrong_password` when `current` is not the current
    /// one; [`SignInError::Busy`] when too many are signing in.
    pub async fn change_password(
        &self,
        principal: &Principal,
        current: Password,
        new: Password,
        request_id: &str,
    ) -> Result<(), SignInError> {
        let user = principal.user.clone();
        let found = self
            .inner
            .db
            .ask(move |conn| store::get(conn, &user))
            .await?;
        let found = found.ok_or(SignInError::Refused)?;
        let command = self
            .off_thread(move || rehash(found, &current, &new))
            .await?;
        let user = &principal.user;
        let changed = self.inner.door.run(command, who(user, request_id)).await;
        self.inner.recent.forget(user);
        Ok(changed?)
    }

    /// Changes a user through the write door, and forgets here what the user was.
    ///
    /// # Errors
    /// [`WriteError`].
    pub async fn change_user(
        &self,
        request: Request<ChangeUser>,
        render: impl Fn(&User) -> Answer + Send + 'static,
    ) -> Result<Answer, WriteError> {
        let user = request.command.id.clone();
        let answer = self.inner.door.write(request, render).await;
        self.inner.recent.forget(&user);
        answer
    }

    /// The hash to keep of a password, made off the request threads.
    ///
    /// # Errors
    /// [`SignInError::Busy`] when too many are signing in, [`SignInError::Failed`].
    pub async fn hash(&self, password: Password) -> Result<String, SignInError> {
        self.off_thread(move || Ok(password::hash(&password)?))
            .await
    }

    fn tokens(&self, grant: &Grant, refresh: &RefreshToken) -> Result<Tokens, SignInError> {
        let now = self.inner.clock.now();
        let keys = self.inner.keys.tokens();
        Ok(Tokens {
            access_token: keys.issue(&grant.user, grant.session_version, now)?,
            refresh_token: refresh.expose().to_owned(),
            expires_in: ACCESS_TTL.num_seconds(),
        })
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, SignInError> + Send + 'static,
    ) -> Result<T, SignInError> {
        let done = tokio::task::spawn_blocking(work).await;
        done.map_err(SignInError::failed)?
    }
}

impl Inner {
    /// Reads who a user is, and holds it for a moment. Somebody disabled is nobody.
    async fn read(&self, user: String) -> Result<Principal, SignInError> {
        let reading = self.recent.reading();
        let user = self.db.ask(move |conn| store::get(conn, &user)).await?;
        let user = user.filter(User::is_active).ok_or(SignInError::Refused)?;
        let principal = user.principal();
        self.recent.hold(reading, &principal);
        Ok(principal)
    }

    /// The same for a client.
    async fn read_client(&self, id: String) -> Result<Principal, SignInError> {
        let reading = self.recent.reading();
        let look_up = move |conn: &mut Conn| partners::store::standing(conn, &id);
        let standing = self.db.ask(look_up).await?;
        let standing = standing.filter(Standing::is_active);
        let principal = standing.ok_or(SignInError::Refused)?.principal();
        self.recent.hold(reading, &principal);
        Ok(principal)
    }
}

/// Verifies a password. An unknown address takes as long and answers the same.
fn prove(user: Option<User>, password: &Password) -> Result<Proof, SignInError> {
    let Some(user) = user else {
        password::dummy_verify(password)?;
        return Err(SignInError::Refused);
    };
    if !password::verify(password, &user.password_hash)? || !user.is_active() {
        return Err(SignInError::Refused);
    }
    let outdated = password::needs_rehash(&user.password_hash);
    let better_hash = outdated.then(|| password::hash(password)).transpose()?;
    Ok(Proof {
        user: user.id,
        verified_hash: user.password_hash,
        better_hash,
    })
}

/// Verifies the current password and hashes the new one.
fn rehash(user: User, current: &Password, new: &Password) -> Result<ChangePassword, SignInError> {
    if !password::verify(current, &user.password_hash)? {
        let refusal = AccessError::WrongPassword.into();
        return Err(SignInError::Write(WriteError::Refused(refusal)));
    }
    Ok(ChangePassword {
        user: user.id,
        verified_hash: user.password_hash,
        new_hash: password::hash(new)?,
    })
}

fn who(user: &str, request_id: &str) -> Who {
    Who::of_house(user, request_id)
}
