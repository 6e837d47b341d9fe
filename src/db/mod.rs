//! Which engine, and the two doors to it. Knows no domain.
//!
//! [`Db::read`] gives a snapshot on a pooled connection; the [`writer`] owns the only connections
//! that write. Nobody else begins a transaction. How long either is waited for, [`patience`] says.

pub mod among;
pub mod aside;
pub mod carry;
pub mod conn;
pub mod dialect;
pub mod grants;
pub mod integrity;
pub mod kept;
pub mod migrate;
pub mod moment;
pub mod page;
pub mod patience;
pub mod place;
mod pool;
pub mod schema;
pub mod server;
pub mod snapshot;
pub mod standby;
pub mod times;
pub mod tls;
pub mod words;
pub mod writer;

use std::sync::Arc;

use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::meters::Counter;
use crate::traces;
pub use conn::{Conn, Sql, Url, Use};
use moment::Moments;
use patience::{Late, Patience};
use pool::{Pool, READER_WAIT, READERS};
pub use server::Server;
use standby::Standby;

/// What can go wrong between us and the database.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The URL's scheme is not one of ours.
    #[error("database URL {0:?} is neither sqlite://PATH nor postgres://HOST/NAME")]
    Url(String),
    /// The engine cannot be reached.
    #[error("the database cannot be opened: {0}")]
    Connect(String),
    /// The engine runs with settings that would lose acknowledged records.
    #[error("the database is not safe to write to: {0}")]
    Unsafe(String),
    /// What is stored, or how, is not what this program knows.
    #[error("{0}")]
    Schema(String),
    /// So many migrations are still to run.
    #[error("the schema is {0} migrations behind this program: run `sangsaeng migrate`")]
    Behind(usize),
    /// The same, and the role that would have to run them does not own the tables.
    #[error(
        "the schema is {pending} migrations behind this program, and the role {role} may not \
         change it: run `sangsaeng migrate --grant-to {role}` as the role that owns the tables"
    )]
    MayNotMigrate {
        /// How many migrations are still to run.
        pending: usize,
        /// The role that is connected.
        role: String,
    },
    /// The schema knows migrations that this program does not.
    #[error("the schema is newer than this program: use the release that made it, or a newer one")]
    Ahead,
    /// The role may not do what serving needs.
    #[error(
        "the role {role} may not {right}: run `sangsaeng migrate --grant-to {role}` as the role \
         that owns the tables"
    )]
    Lacking {
        /// The role that is connected.
        role: String,
        /// The first right that is missing, with its table.
        right: String,
    },
    /// The URL asks for TLS, and this program was built without it.
    #[error("{0} asks for TLS, but this program was built without the feature `tls`")]
    NoTls(String),
    /// A statement failed.
    #[error("a statement failed: {0}")]
    Statement(#[from] diesel::result::Error),
    /// The connection was lost on the way, or none could be made.
    #[error("the database is out of reach: {0}")]
    OutOfReach(String),
    /// No connection came free in time.
    #[error("all connections are busy")]
    Busy,
    /// Whoever was reading ended without an answer.
    #[error("reading ended early: {0}")]
    Died(String),
}

impl DbError {
    /// Whether another writer may have caused it, so that the same again can succeed: a key that
    /// was just taken, a snapshot that no longer holds, or what diesel has no kind for, among it
    /// a deadlock.
    fn may_be_a_race(&self) -> bool {
        use diesel::result::DatabaseErrorKind::{SerializationFailure, UniqueViolation, Unknown};
        use diesel::result::Error::DatabaseError;
        matches!(
            self,
            Self::Statement(DatabaseError(
                UniqueViolation | SerializationFailure | Unknown,
                _
            ))
        )
    }

    /// Whether the server only lets itself be read: it is no longer the one to write to.
    fn is_read_only(&self) -> bool {
        use diesel::result::DatabaseErrorKind::ReadOnlyTransaction;
        use diesel::result::Error::DatabaseError;
        matches!(self, Self::Statement(DatabaseError(ReadOnlyTransaction, _)))
    }
}

/// The reading side of the database.
#[derive(Clone)]
pub struct Db {
    pool: Arc<Pool>,
    /// Whoever is off the request threads to read has one of these: whoever waits for a
    /// connection, or for a database that stalls, then holds up no thread.
    turns: Arc<Semaphore>,
    patience: Patience,
    moments: Arc<Moments>,
    standby: Option<Arc<Standby>>,
}

/// Connections for reading.
#[derive(Debug, Clone, Copy)]
pub struct InPool {
    /// That there may be.
    pub limit: usize,
    /// That are open and free.
    pub idle: usize,
    /// That are at work.
    pub in_use: usize,
}

impl Db {
    /// Opens the reading side. Connections are made as they are needed.
    ///
    /// # Errors
    /// [`DbError::Connect`] when not even one connection can be made.
    pub fn open(url: &Url) -> Result<Self, DbError> {
        Ok(Self::over(Pool::open(url)?, url))
    }

    fn over(pool: Pool, url: &Url) -> Self {
        Self {
            pool: Arc::new(pool),
            turns: Arc::new(Semaphore::new(READERS)),
            patience: Patience::with(url, Use::Read),
            moments: Arc::new(Moments::of(url)),
            standby: None,
        }
    }

    /// The same with a standby for [`Db::trailing`].
    #[must_use]
    pub fn with_standby(mut self, standby: Standby) -> Self {
        self.standby = Some(Arc::new(standby));
        self
    }

    /// Runs `work` on one snapshot of the books. Blocks, and for as long as the database does: a
    /// server calls [`Db::ask`].
    ///
    /// # Errors
    /// [`DbError::Busy`] when no connection came free in time, [`DbError::OutOfReach`] when it was
    /// lost or none could be made, else what `work` returns.
    pub fn read<T, E: From<DbError>>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        self.pool.read(work)
    }

    /// The same on a connection of its own, for what takes so long that others would wait for one
    /// of the pool's. Whoever calls it sees to it that there are few at a time.
    ///
    /// # Errors
    /// As [`Db::read`].
    pub fn read_apart<T, E: From<DbError>>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        self.pool.read_apart(work)
    }

    /// Runs `work` on one snapshot of the books, off the request threads.
    ///
    /// # Errors
    /// As [`Db::read`], and [`DbError::OutOfReach`] when a database does not answer.
    pub async fn ask<T, E>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let db = self.clone();
        self.look_up(move || db.read(work)).await
    }

    /// Runs `work`, which reads by itself, off the request threads.
    ///
    /// # Errors
    /// As [`Db::ask`].
    pub async fn look_up<T, E>(
        &self,
        work: impl FnOnce() -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let answer = async {
            let turn = timeout(READER_WAIT, Arc::clone(&self.turns).acquire_owned()).await;
            let Ok(Ok(turn)) = turn else {
                self.pool.timed_out().inc();
                return Err(DbError::Busy.into());
            };
            let span = traces::read();
            let work = spawn_blocking(move || {
                let _turn = turn;
                span.in_scope(work)
            });
            work.await
                .unwrap_or_else(|died| Err(DbError::Died(died.to_string()).into()))
        };
        match self.patience.wait(answer).await {
            Ok(answer) => answer,
            Err(Late::Silent) => Err(DbError::OutOfReach("no answer in time".to_owned()).into()),
            Err(Late::Long) => Err(DbError::Busy.into()),
        }
    }

    /// How many reads found no free connection in time.
    #[must_use]
    pub fn timed_out(&self) -> &Counter {
        self.pool.timed_out()
    }

    /// How the connections for reading stand.
    #[must_use]
    pub fn pool(&self) -> InPool {
        let (in_use, idle) = self.pool.counts();
        InPool {
            limit: READERS,
            idle,
            in_use,
        }
    }
}
