//! Which engine, and the two doors to it. Knows no domain.
//!
//! [`Db::read`] gives a snapshot on a pooled connection; the [`writer`] owns the only connection
//! that writes. Nobody else begins a transaction.

pub mod aside;
pub mod conn;
pub mod dialect;
pub mod integrity;
pub mod kept;
pub mod migrate;
pub mod page;
pub mod place;
pub mod schema;
pub mod writer;

use std::time::Duration;

use diesel::connection::{SimpleConnection, TransactionManager};
use diesel::r2d2::{self, ManageConnection, Pool};

pub use conn::{Conn, Sql, Url, Use};

/// Connections kept for reading.
const READERS: u32 = 4;
/// How long a reader waits for a connection before the answer is "busy".
const READER_WAIT: Duration = Duration::from_secs(1);

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
    /// The schema is not the one this program was built for.
    #[error("{0}")]
    Schema(String),
    /// A statement failed.
    #[error("a statement failed: {0}")]
    Statement(#[from] diesel::result::Error),
    /// The connection was lost on the way, or none could be made.
    #[error("the database is out of reach: {0}")]
    OutOfReach(String),
    /// No connection came free in time.
    #[error("all connections are busy")]
    Busy,
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
}

/// Makes reading connections for the pool.
#[derive(Debug)]
struct Readers(Url);

impl ManageConnection for Readers {
    type Connection = Conn;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<Conn, Self::Error> {
        Conn::open(&self.0, Use::Read).map_err(|error| {
            r2d2::Error::ConnectionError(diesel::ConnectionError::BadConnection(error.to_string()))
        })
    }

    fn is_valid(&self, conn: &mut Conn) -> Result<(), Self::Error> {
        conn.batch_execute("SELECT 1")
            .map_err(r2d2::Error::QueryError)
    }

    fn has_broken(&self, conn: &mut Conn) -> bool {
        !matches!(
            <Conn as TransactionManager<Conn>>::transaction_manager_status_mut(conn)
                .transaction_depth(),
            Ok(None)
        )
    }
}

/// The reading side of the database.
#[derive(Clone)]
pub struct Db {
    readers: Pool<Readers>,
}

impl Db {
    /// Opens the reading side. Connections are made as they are needed.
    ///
    /// # Errors
    /// [`DbError::Connect`] when not even one connection can be made.
    pub fn open(url: &Url) -> Result<Self, DbError> {
        let readers = Pool::builder()
            .max_size(READERS)
            .min_idle(Some(1))
            .test_on_check_out(matches!(url, Url::Postgres(_)))
            .connection_timeout(READER_WAIT)
            .build(Readers(url.clone()))
            .map_err(|e| DbError::Connect(e.to_string()))?;
        Ok(Self { readers })
    }

    /// Runs `work` on one snapshot of the books. Blocks; call it off the request threads.
    ///
    /// # Errors
    /// [`DbError::Busy`] when no connection came free in time, [`DbError::OutOfReach`] when it was
    /// lost, else what `work` returns.
    pub fn read<T, E: From<DbError>>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut conn = self.readers.get().map_err(|_timed_out| DbError::Busy)?;
        let lost = |error: DbError| DbError::OutOfReach(error.to_string());
        conn.begin(Use::Read).map_err(lost)?;
        let result = work(&mut conn);
        // Nothing was written, so this fails with the connection alone; that tells more than what
        // `work` met with on a connection that was gone.
        conn.roll_back().map_err(lost)?;
        result
    }
}
