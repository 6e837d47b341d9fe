//! Sign-ins and refused requests, counted for auditors.
//!
//! Nothing here is in the way of a request: whoever answers one [notes](Attempts::note) it in
//! memory, under a lock of a moment, and a [`worker`] writes the counts down, beside the books. The
//! same attempt within a minute is one row with a count, and how many rows there can be is bounded
//! three times over ([`counts`], [`rules`]): a flood costs a count, not disk.
//!
//! What somebody typed as their name is looked up when it is written down; what nobody is called is
//! kept as a keyed hash, for it may be anything, a password too. Secrets and tokens never get here.
//!
//! These counts are no part of the books: no tree binds them, and a killed server loses those of
//! the last seconds. Whatever changed something, each single sign-in among it, is in the log as an
//! event.

pub mod counts;
pub mod model;
pub mod rules;
pub mod store;
pub mod worker;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_lc_rs::hmac;

use crate::access::model::Email;
use crate::access::partners::store as clients;
use crate::access::secret::hex;
use crate::access::store as users;
use crate::clock::Clock;
use crate::db::aside::Aside;
use crate::db::{Db, DbError, Url};

use counts::Counts;
use model::{Account, Attempt, Name};

/// Bytes of the hash of a name that nobody has.
const HASH_BYTES: usize = 12;
/// What the hash of a name is made for, so that the key makes it for nothing else.
const PURPOSE: &[u8] = b"sangsaeng: a name that was typed";

/// Counts attempts, and writes them down.
pub struct Attempts {
    db: Db,
    aside: Aside,
    clock: Arc<dyn Clock>,
    key: hmac::Key,
    counts: Mutex<Counts>,
}

impl Attempts {
    /// Nothing counted yet. Names that nobody has are hashed with `key`.
    #[must_use]
    pub fn new(url: &Url, db: Db, clock: Arc<dyn Clock>, key: &[u8; 32]) -> Self {
        Self {
            aside: Aside::new(url),
            db,
            clock,
            key: hmac::Key::new(hmac::HMAC_SHA256, key),
            counts: Mutex::default(),
        }
    }

    /// Counts an attempt. Writes nothing yet.
    pub fn note(&self, attempt: Attempt) {
        self.counts().note(attempt, self.clock.now());
    }

    /// Writes down what was counted since the last time. What cannot be written is kept, within
    /// bounds, for the next time.
    ///
    /// # Errors
    /// [`DbError`].
    pub fn write_down(&self) -> Result<(), DbError> {
        let unnamed = self.counts().unnamed();
        for name in unnamed {
            let account = self.account(&name)?;
            self.counts().name(&name, &account);
        }
        let rows = self.counts().unwritten();
        if rows.is_empty() {
            return Ok(());
        }
        self.aside.write(|conn| store::keep(conn, &rows))?;
        self.counts().written(&rows, self.clock.now());
        Ok(())
    }

    /// Removes what is older than it is kept, and the oldest of what is more than is kept.
    ///
    /// # Errors
    /// [`DbError`].
    pub fn sweep(&self) -> Result<(), DbError> {
        let before = rules::kept_since(self.clock.now());
        for (known, most) in [
            (true, rules::MOST_OF_KNOWN),
            (false, rules::MOST_OF_STRANGERS),
        ] {
            loop {
                let swept = self
                    .aside
                    .write(|conn| store::sweep(conn, known, before, most))?;
                if swept < store::SWEPT_AT_ONCE {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Whose name that is; its hash where it is nobody's.
    fn account(&self, name: &Name) -> Result<Account, DbError> {
        let known = match name {
            Name::Email(text) => match Email::parse(text) {
                Ok(email) => self
                    .db
                    .read(|conn| users::by_email(conn, &email))?
                    .map(|user| user.id),
                Err(_) => None,
            },
            Name::Client(id) => self
                .db
                .read(|conn| clients::client(conn, id))?
                .map(|client| client.id),
        };
        Ok(match known {
            Some(id) => Account::Known(id),
            None => Account::Unknown(self.hash(name)),
        })
    }

    fn hash(&self, name: &Name) -> String {
        let mut hash = hmac::Context::with_key(&self.key);
        hash.update(PURPOSE);
        hash.update(name.text().to_lowercase().as_bytes());
        let hash = hash.sign();
        let short = hash.as_ref().get(..HASH_BYTES);
        hex(short.unwrap_or_default())
    }

    fn counts(&self) -> MutexGuard<'_, Counts> {
        // Numbers are whole even where another thread died while it held the lock.
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
