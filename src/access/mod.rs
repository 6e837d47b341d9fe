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
//! Wrong tries at a password or a secret make the next ones wait ([`throttle`]).
//!
//! Somebody who signed in at the company's [identity provider](issuer) comes with its token instead,
//! and is a user like any other.
//!
//! A client of a [partner](partners) gets its tokens for a secret, without a refresh token. Whatever
//! it may do is looked up as a user is; its token can only narrow it.
//!
//! Cost: a signature check and a look-up in memory a request; a row read where a user was not seen
//! for a second; some 20 ms of hashing a sign-in, at most two at a time.

mod checked;
pub mod error;
pub mod issuer;
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
pub mod signing;
pub mod source;
pub mod store;
pub mod throttle;
pub mod token;
pub mod users;
mod vouched;

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::hmac;

pub use error::{AccessError, SignInError};
pub use rights::{Details, Principal, Right, Role, sees_details};
pub use sessions::REFRESH_TTL;

use self::issuer::Issuer;
use self::keys::{KeyError, KeyRing};
use self::model::{Email, User};
use self::partners::model::Standing;
use self::password::{NOBODYS_HASH, Password, PasswordRefused};
use self::recent::Recent;
use self::secret::{RefreshToken, hex};
use self::sessions::{Grant, Refreshed, SignedIn, SignedOut};
use self::source::Source;
use self::throttle::{Attempt, Throttle};
use self::token::{ACCESS_TTL, Published};
use self::users::{ChangePassword, ChangeUser};
use crate::clock::Clock;
use crate::db::{Conn, Db};
use crate::desk::{Answer, Door, Request, WriteError};
use crate::ledger::Who;
use crate::refusal::Refusal;

/// Bytes that are kept of where somebody signs in from.
const PLACE_BYTES: usize = 8;

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
    recent: Recent<Principal>,
    /// Users from the identity provider, by who they are there.
    vouched: Recent<User>,
    throttle: Arc<Throttle>,
    issuer: Option<Issuer>,
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
                vouched: Recent::default(),
                throttle: Arc::default(),
                issuer: None,
            }),
        }
    }

    /// The same service, which takes tokens of that identity provider too. Whatever was counted or
    /// held before is not.
    #[must_use]
    pub fn with_issuer(&self, issuer: Issuer) -> Self {
        let Inner {
            db,
            door,
            keys,
            clock,
            ..
        } = &*self.inner;
        Self {
            inner: Arc::new(Inner {
                db: db.clone(),
                door: Arc::clone(door),
                keys: Arc::clone(keys),
                clock: Arc::clone(clock),
                recent: Recent::default(),
                vouched: Recent::default(),
                throttle: Arc::default(),
                issuer: Some(issuer),
            }),
        }
    }

    /// The public keys that access tokens are checked with.
    #[must_use]
    pub fn published_keys(&self) -> Vec<Published> {
        let inner = &self.inner;
        inner.keys.tokens().published(inner.clock.now())
    }

    /// Reads the keys that sign tokens once more. Blocks.
    ///
    /// # Errors
    /// As [`KeyRing::read_again`].
    pub fn read_keys_again(&self) -> Result<(), KeyError> {
        self.inner.keys.read_again()
    }

    /// Who sends this access token. Reads a row where the user was not seen for a second.
    ///
    /// # Errors
    /// [`SignInError::Refused`] for whatever is wrong with the token or its user;
    /// [`SignInError::Busy`] or [`SignInError::Database`] when the user cannot be read.
    pub async fn authenticate(
        &self,
        bearer: &str,
        request_id: &str,
    ) -> Result<Principal, SignInError> {
        let inner = &self.inner;
        let claims = match inner.keys.tokens().verify(bearer, inner.clock.now()) {
            Ok(claims) => claims,
            Err(refused) => return self.another(bearer, refused.fault(), request_id).await,
        };
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

    /// Opens a session for whoever sends that address and that password.
    ///
    /// # Errors
    /// [`SignInError::Refused`] for a wrong address or password and for a disabled user, after the
    /// same time; [`SignInError::TooMany`] after too many of those, whether the password is right or
    /// not; [`SignInError::Busy`] when too many are signing in.
    pub async fn sign_in(
        &self,
        (email, password): (&str, Password),
        source: Source,
        request_id: &str,
    ) -> Result<Tokens, SignInError> {
        let inner = &self.inner;
        let user = match Email::parse(email) {
            Ok(email) => {
                let look_up = move |conn: &mut Conn| store::by_email(conn, &email);
                inner.db.ask(look_up).await?
            }
            Err(_) => None,
        };
        let place = user.as_ref().map(|user| inner.place(&user.id, source));
        let known = user.as_ref().zip(place.as_ref());
        let known = known.is_some_and(|(user, place)| user.sources.contains(place));
        let attempt = Attempt::as_user(email, source).known(known);
        let proof = self.proven(user, password, attempt).await?;
        let place = place.unwrap_or_default();
        let token = RefreshToken::generate()?;
        let who = who(&proof.user, request_id);
        let command = SignedIn {
            user: proof.user,
            verified_hash: proof.verified_hash,
            better_hash: proof.better_hash,
            digest: token.digest(),
            source: place,
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
                self.inner.forget(&user);
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
        self.inner.forget(user);
        Ok(ended?)
    }

    /// Gives whoever asks another password and ends every session, this one too.
    ///
    /// # Errors
    /// [`SignInError::Write`] with the refusal `wrong_password` when `current` is not the current
    /// one, or with what is wrong with `new`; [`SignInError::TooMany`], [`SignInError::Busy`].
    pub async fn change_password(
        &self,
        principal: &Principal,
        (current, new): (Password, Password),
        source: Source,
        request_id: &str,
    ) -> Result<(), SignInError> {
        let user = principal.user.clone();
        let found = self
            .inner
            .db
            .ask(move |conn| store::get(conn, &user))
            .await?;
        let found = found.ok_or(SignInError::Refused)?;
        // Whoever holds a token of the user's is counted by itself, wherever it is sent from.
        let attempt = Attempt::as_user(found.email.as_str(), source).known(true);
        let (throttle, clock) = (
            Arc::clone(&self.inner.throttle),
            Arc::clone(&self.inner.clock),
        );
        let change = move || rehash(found, (&current, &new), (&throttle, attempt), &*clock);
        let command = self.off_thread(change).await?;
        let user = &principal.user;
        let changed = self.inner.door.run(command, who(user, request_id)).await;
        self.inner.forget(user);
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
        self.inner.forget(&user);
        answer
    }

    /// The hash to keep of a first password for the user of that address, made off the request
    /// threads.
    ///
    /// # Errors
    /// [`SignInError::Write`] where the password is made of the address; [`SignInError::Busy`] when
    /// too many are signing in, [`SignInError::Failed`].
    pub async fn hash(&self, password: Password, email: &Email) -> Result<String, SignInError> {
        not_of(&password, email, "/password")?;
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

    /// Makes sure of a password, one try among those that may be made.
    async fn proven(
        &self,
        user: Option<User>,
        password: Password,
        attempt: Attempt,
    ) -> Result<Proof, SignInError> {
        let (throttle, clock) = (
            Arc::clone(&self.inner.throttle),
            Arc::clone(&self.inner.clock),
        );
        throttle.check(&attempt, clock.now())?;
        self.off_thread(move || prove(user, &password, (&throttle, attempt), &*clock))
            .await
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
        self.recent.hold(reading, &principal.user, &principal);
        Ok(principal)
    }

    /// The same for a client.
    async fn read_client(&self, id: String) -> Result<Principal, SignInError> {
        let reading = self.recent.reading();
        let look_up = move |conn: &mut Conn| partners::store::standing(conn, &id);
        let standing = self.db.ask(look_up).await?;
        let standing = standing.filter(Standing::is_active);
        let principal = standing.ok_or(SignInError::Refused)?.principal();
        self.recent.hold(reading, &principal.user, &principal);
        Ok(principal)
    }

    /// Forgets what a user was a moment ago.
    fn forget(&self, user: &str) {
        self.recent.forget(user);
        self.vouched.forget_all();
    }

    /// What is kept of where a user signs in from.
    fn place(&self, user: &str, source: Source) -> String {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.keys.cursor());
        let named = format!("sangsaeng source v1\n{user}\n{source}");
        let tag = hmac::sign(&key, named.as_bytes());
        hex(tag.as_ref().get(..PLACE_BYTES).unwrap_or_default())
    }
}

/// Verifies a password. An unknown address takes as long and answers the same.
fn prove(
    user: Option<User>,
    password: &Password,
    (throttle, attempt): (&Throttle, Attempt),
    clock: &dyn Clock,
) -> Result<Proof, SignInError> {
    let turn = password::turn()?;
    // Asked again, for those that waited for their turn together.
    let trying = throttle.begin(attempt, clock.now())?;
    let known = user.filter(User::is_active);
    let stored = known.as_ref().map(|user| user.password_hash.as_str());
    let matches = turn.verify(password, stored.unwrap_or(NOBODYS_HASH))?;
    let Some(user) = known.filter(|_| matches) else {
        trying.wrong(clock.now());
        return Err(SignInError::Refused);
    };
    trying.right();
    let outdated = password::needs_rehash(&user.password_hash);
    let better_hash = outdated.then(|| turn.hash(password)).transpose()?;
    Ok(Proof {
        user: user.id,
        verified_hash: user.password_hash,
        better_hash,
    })
}

/// Verifies the current password and hashes the new one.
fn rehash(
    user: User,
    (current, new): (&Password, &Password),
    (throttle, attempt): (&Throttle, Attempt),
    clock: &dyn Clock,
) -> Result<ChangePassword, SignInError> {
    let turn = password::turn()?;
    let trying = throttle.begin(attempt, clock.now())?;
    if !turn.verify(current, &user.password_hash)? {
        trying.wrong(clock.now());
        return Err(refused(AccessError::WrongPassword.into()));
    }
    trying.right();
    not_of(new, &user.email, "/new_password")?;
    Ok(ChangePassword {
        user: user.id,
        verified_hash: user.password_hash,
        new_hash: turn.hash(new)?,
    })
}

/// Makes sure that a password is not made of the address of its user.
fn not_of(password: &Password, email: &Email, field: &str) -> Result<(), SignInError> {
    let named = |fault: PasswordRefused| refused(Refusal::field(field, fault.code()));
    password.not_of(email).map_err(named)
}

fn refused(refusal: Refusal) -> SignInError {
    SignInError::Write(WriteError::Refused(refusal))
}

fn who(user: &str, request_id: &str) -> Who {
    Who::of_house(user, request_id)
}
