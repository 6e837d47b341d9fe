//! One connection type over both engines, chosen by the scheme of the URL.
//!
//! SQLite runs in WAL mode with `synchronous=FULL`: with `NORMAL` a power cut takes acknowledged
//! commits with it. Every setting is read back when a connection is made.

#![expect(
    missing_docs,
    clippy::disallowed_types,
    reason = "diesel derives a whole backend: without words of its own, and with types we never use"
)]

use diesel::connection::{AnsiTransactionManager, CacheSize, SimpleConnection, TransactionManager};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::{DbError, Server, tls};

/// A connection to either engine.
#[derive(diesel::MultiConnection)]
pub enum Conn {
    /// The embedded engine.
    Sqlite(diesel::SqliteConnection),
    /// PostgreSQL.
    Postgres(diesel::PgConnection),
}

/// SQL as both engines speak it, for queries built at run time.
pub type Sql = <Conn as Connection>::Backend;

/// Where the books are kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Url {
    /// A file of the embedded engine.
    Sqlite(String),
    /// A PostgreSQL server.
    Postgres(Server),
}

impl Url {
    /// Reads `sqlite://PATH` or `postgres://…`.
    ///
    /// # Errors
    /// [`DbError::Url`] for any other scheme, and for a path that is empty.
    pub fn parse(text: &str) -> Result<Self, DbError> {
        if let Some(path) = text.strip_prefix("sqlite://") {
            if path.is_empty() || path.contains('?') || path == ":memory:" {
                return Err(DbError::Url(text.to_owned()));
            }
            return Ok(Self::Sqlite(path.to_owned()));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(Self::Postgres(Server::at(text)));
        }
        Err(DbError::Url(text.to_owned()))
    }

    /// Whether several servers may write to it, on a machine of its own.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// The same, with prepared statements kept or not; see [`Server::with_statement_cache`].
    #[must_use]
    pub fn with_statement_cache(self, statement_cache: bool) -> Self {
        match self {
            Self::Sqlite(path) => Self::Sqlite(path),
            Self::Postgres(server) => Self::Postgres(server.with_statement_cache(statement_cache)),
        }
    }
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Snapshots only; the engine itself refuses writes.
    Read,
    /// The write door.
    Write,
}

/// SQLite before this version may corrupt a WAL file under concurrent checkpoints.
const SQLITE_FLOOR: (u32, u32, u32) = (3, 51, 3);
/// How long a connection waits for the file before it gives up, in milliseconds.
const BUSY_TIMEOUT_MS: i64 = 5_000;
/// Memory that the writing connection may keep pages in, in KiB: sums and indexes are hot.
const WRITE_CACHE_KIB: u32 = 16_384;
/// Pages of the write-ahead log before a commit carries over into the database file what is left of
/// them, 128 MiB: a page that many groups change is carried a few times only, and most of it was
/// carried beside the writer. A log of this length is read back in well under a second after a crash.
const PAGES_PER_CHECKPOINT: u32 = 32_768;
/// How long PostgreSQL may work on one statement, in milliseconds. It may so outlive the answer to
/// whoever asked, who is then told that the outcome is unknown; the key stays taken until it ends.
const STATEMENT_TIMEOUT_MS: i64 = 10_000;
/// How long a transaction may wait for its next statement, in milliseconds. Shorter than a lock is
/// waited for: whoever waits for one whose holder was cut off outlives the holder.
const IDLE_TIMEOUT_MS: i64 = 4_000;

#[derive(QueryableByName)]
pub(super) struct TextValue {
    #[diesel(sql_type = Text)]
    pub(super) value: String,
}

#[derive(QueryableByName)]
struct NumberValue {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

impl Conn {
    /// Connects and settles the session.
    ///
    /// # Errors
    /// [`DbError::Connect`] when the engine cannot be reached, [`DbError::Unsafe`] when a setting
    /// that durability rests on did not take.
    pub fn open(url: &Url, purpose: Use) -> Result<Self, DbError> {
        match url {
            Url::Sqlite(path) => {
                let conn = diesel::SqliteConnection::establish(path)
                    .map_err(|e| DbError::Connect(e.to_string()))?;
                let mut conn = Self::Sqlite(conn);
                conn.settle_sqlite(purpose)?;
                Ok(conn)
            }
            Url::Postgres(server) => {
                tls::check(server.url())?;
                let mut conn = diesel::PgConnection::establish(&server.told())
                    .map_err(|e| DbError::Connect(e.to_string()))?;
                if !server.has_statement_cache() {
                    conn.set_prepared_statement_cache_size(CacheSize::Disabled);
                }
                let mut conn = Self::Postgres(conn);
                conn.check_postgres()?;
                Ok(conn)
            }
        }
    }

    /// Begins a transaction of the kind that `purpose` needs on this engine.
    ///
    /// # Errors
    /// [`DbError::Statement`] when the engine refuses.
    pub(super) fn begin(&mut self, purpose: Use) -> Result<(), DbError> {
        match self {
            Self::Sqlite(conn) => {
                let sql = match purpose {
                    Use::Read => "BEGIN DEFERRED",
                    Use::Write => "BEGIN IMMEDIATE",
                };
                AnsiTransactionManager::begin_transaction_sql(conn, sql)?;
            }
            Self::Postgres(conn) => {
                let (kind, idle) = match purpose {
                    Use::Read => ("REPEATABLE READ READ ONLY", STATEMENT_TIMEOUT_MS),
                    Use::Write => ("READ COMMITTED", IDLE_TIMEOUT_MS),
                };
                // One message. For this transaction alone: behind a pooler the next one may have
                // another session, and somebody else's this one.
                let sql = format!(
                    "BEGIN ISOLATION LEVEL {kind}; \
                     SET LOCAL statement_timeout = {STATEMENT_TIMEOUT_MS}; \
                     SET LOCAL lock_timeout = {BUSY_TIMEOUT_MS}; \
                     SET LOCAL idle_in_transaction_session_timeout = {idle}"
                );
                AnsiTransactionManager::begin_transaction_sql(conn, &sql)?;
            }
        }
        Ok(())
    }

    /// Whether a transaction that writes is alone in the database: nothing has to be locked then.
    #[must_use]
    pub fn writes_alone(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }

    /// Lets rows of this transaction name rows that are written after them, where the engine looks at
    /// each row by itself. Not for every transaction: it makes the embedded engine prepare all of its
    /// statements anew.
    ///
    /// # Errors
    /// [`DbError::Statement`].
    pub fn defer_references(&mut self) -> Result<(), DbError> {
        if let Self::Sqlite(_) = self {
            self.batch_execute("PRAGMA defer_foreign_keys = ON")?;
        }
        Ok(())
    }

    /// Commits what [`Conn::begin`] began.
    ///
    /// # Errors
    /// [`DbError::Statement`]: whether the commit took effect is then unknown.
    pub(super) fn commit(&mut self) -> Result<(), DbError> {
        Ok(<Self as TransactionManager<Self>>::commit_transaction(
            self,
        )?)
    }

    /// Takes back what was done since [`Conn::begin`].
    ///
    /// # Errors
    /// [`DbError::Statement`] when the connection is lost.
    pub(super) fn roll_back(&mut self) -> Result<(), DbError> {
        Ok(<Self as TransactionManager<Self>>::rollback_transaction(
            self,
        )?)
    }

    /// Carries the write-ahead log over into its file, as far as nobody has to wait for it. Nothing to
    /// do on PostgreSQL.
    ///
    /// # Errors
    /// [`DbError::Statement`] when the file cannot be written; the log then keeps everything.
    pub(super) fn carry_over(&mut self) -> Result<(), DbError> {
        if let Self::Sqlite(_) = self {
            self.batch_execute("PRAGMA wal_checkpoint(PASSIVE)")?;
        }
        Ok(())
    }

    fn settle_sqlite(&mut self, purpose: Use) -> Result<(), DbError> {
        self.batch_execute(&format!(
            "PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}; PRAGMA journal_mode = WAL; \
             PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF; \
             PRAGMA mmap_size = 0; PRAGMA temp_store = MEMORY;"
        ))?;
        match purpose {
            Use::Read => self.batch_execute("PRAGMA query_only = ON;")?,
            Use::Write => self.batch_execute(&format!(
                "PRAGMA cache_size = -{WRITE_CACHE_KIB}; \
                 PRAGMA wal_autocheckpoint = {PAGES_PER_CHECKPOINT};"
            ))?,
        }
        let version = self.text("SELECT sqlite_version() AS value")?;
        if parse_version(&version) < SQLITE_FLOOR {
            return Err(DbError::Unsafe(format!(
                "SQLite {version} is older than 3.51.3"
            )));
        }
        let mode = self.text("SELECT journal_mode AS value FROM pragma_journal_mode")?;
        if mode != "wal" {
            return Err(DbError::Unsafe(format!("journal_mode is {mode}, not wal")));
        }
        for (pragma, wanted) in [
            ("synchronous", 2),
            ("foreign_keys", 1),
            ("trusted_schema", 0),
        ] {
            let got = self.number(&format!("SELECT {pragma} AS value FROM pragma_{pragma}"))?;
            if got != wanted {
                return Err(DbError::Unsafe(format!("{pragma} is {got}, not {wanted}")));
            }
        }
        Ok(())
    }

    /// Refuses a server that would lose acknowledged commits in a crash.
    fn check_postgres(&mut self) -> Result<(), DbError> {
        let off = self.text(
            "SELECT coalesce(string_agg(name, ', ' ORDER BY name), '') AS value FROM pg_settings \
             WHERE name IN ('fsync', 'full_page_writes', 'synchronous_commit') \
             AND setting = 'off'",
        )?;
        if off.is_empty() {
            Ok(())
        } else {
            Err(DbError::Unsafe(format!("{off} is off: switch it on")))
        }
    }

    /// Whether the engine would not notice a page that was spoilt on its disk. SQLite has no such
    /// setting: `verify` looks at its file.
    ///
    /// # Errors
    /// [`DbError::Statement`].
    pub fn lacks_checksums(&mut self) -> Result<bool, DbError> {
        let Self::Postgres(_) = self else {
            return Ok(false);
        };
        Ok(self.text("SELECT current_setting('data_checksums') AS value")? == "off")
    }

    pub(super) fn text(&mut self, sql: &str) -> Result<String, DbError> {
        Ok(diesel::sql_query(sql).get_result::<TextValue>(self)?.value)
    }

    pub(super) fn number(&mut self, sql: &str) -> Result<i64, DbError> {
        Ok(diesel::sql_query(sql)
            .get_result::<NumberValue>(self)?
            .value)
    }
}

fn parse_version(text: &str) -> (u32, u32, u32) {
    let mut parts = text.split('.').map(|part| part.parse().unwrap_or(0));
    (
        parts.next().unwrap_or(0),
        parts.next().unwrap_or(0),
        parts.next().unwrap_or(0),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_chooses_the_engine_and_nothing_else_is_guessed() {
        assert_eq!(
            Url::parse("sqlite://a/b.db").unwrap(),
            Url::Sqlite("a/b.db".into())
        );
        assert!(matches!(
            Url::parse("postgres://h/d").unwrap(),
            Url::Postgres(_)
        ));
        for bad in ["a.db", "mysql://h/d", "sqlite://", "sqlite://:memory:", ""] {
            assert!(Url::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn versions_compare_as_numbers() {
        assert!(parse_version("3.51.10") > parse_version("3.51.3"));
        assert!(parse_version("3.40.1") < SQLITE_FLOOR);
    }
}
