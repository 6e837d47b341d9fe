//! Brings the schema up to date, or says that it is.
//!
//! Both engines have a tree of migrations with equal names. A schema that is newer than this
//! program is refused: downgrading would lose what the newer one recorded.

use diesel::Connection;
use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::{Conn, DbError};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
/// What the servers of one PostgreSQL database take turns by while they migrate it.
const MIGRATION_LOCK: i64 = 0x7361_6e67_7361_656e;

/// Where the schema stands against this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The schema is the one this program was built for.
    UpToDate,
    /// So many migrations are still to run.
    Behind(usize),
    /// The schema knows migrations that this program does not.
    Ahead,
}

/// Says where the schema stands. Changes nothing but the migration table, which it may make.
///
/// # Errors
/// [`DbError::Schema`] when the migration table cannot be read.
pub fn standing(conn: &mut Conn) -> Result<Standing, DbError> {
    match conn {
        Conn::Sqlite(conn) => compare(conn, &SQLITE),
        Conn::Postgres(conn) => compare(conn, &POSTGRES),
    }
}

/// Runs what is pending and returns how many migrations that were.
///
/// All of them are one transaction, and whoever else starts at the same moment waits for it: so
/// each runs once, and a failure leaves the schema as it was.
///
/// # Errors
/// [`DbError::Schema`] when the schema is newer than this program, or a migration fails: it is
/// then rolled back.
pub fn run(conn: &mut Conn) -> Result<usize, DbError> {
    match conn {
        Conn::Sqlite(conn) => conn.immediate_transaction(|conn| run_pending(conn, SQLITE)),
        Conn::Postgres(conn) => conn.transaction(|conn| {
            // A large table may take its time, and so may whoever holds the lock.
            conn.batch_execute(&format!(
                "SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; \
                 SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"
            ))?;
            run_pending(conn, POSTGRES)
        }),
    }
}

fn run_pending<C, B>(conn: &mut C, source: EmbeddedMigrations) -> Result<usize, DbError>
where
    C: MigrationHarness<B> + diesel::Connection<Backend = B>,
    B: diesel::backend::Backend,
    EmbeddedMigrations: MigrationSource<B>,
{
    match compare(conn, &source)? {
        Standing::UpToDate => return Ok(0),
        Standing::Ahead => return Err(ahead()),
        Standing::Behind(_) => {}
    }
    let done = conn.run_pending_migrations(source).map(|done| done.len());
    done.map_err(|e| DbError::Schema(format!("the migration failed and was rolled back: {e}")))
}

/// Refuses a schema that is not exactly the one this program was built for.
///
/// # Errors
/// [`DbError::Schema`], saying what to do.
pub fn check(conn: &mut Conn) -> Result<(), DbError> {
    match standing(conn)? {
        Standing::UpToDate => Ok(()),
        Standing::Behind(count) => Err(DbError::Schema(format!(
            "the schema is {count} migrations behind: run `sangsaeng migrate`"
        ))),
        Standing::Ahead => Err(ahead()),
    }
}

/// The version of the last migration that this program knows.
///
/// # Errors
/// [`DbError::Schema`] when its migrations cannot be read.
pub fn newest() -> Result<String, DbError> {
    let known = MigrationSource::<diesel::sqlite::Sqlite>::migrations(&SQLITE);
    let known = known.map_err(|e| DbError::Schema(e.to_string()))?;
    let versions = known.iter().map(|m| m.name().version().to_string());
    Ok(versions.max().unwrap_or_default())
}

fn ahead() -> DbError {
    DbError::Schema(
        "the schema is newer than this program: use the release that made it, or a newer one"
            .to_owned(),
    )
}

fn compare<C, B>(conn: &mut C, source: &EmbeddedMigrations) -> Result<Standing, DbError>
where
    C: MigrationHarness<B> + diesel::Connection<Backend = B>,
    B: diesel::backend::Backend,
    EmbeddedMigrations: MigrationSource<B>,
{
    let failed = |e: Box<dyn std::error::Error + Send + Sync>| DbError::Schema(e.to_string());
    let known = MigrationSource::<B>::migrations(source).map_err(failed)?;
    let known: Vec<_> = known
        .iter()
        .map(|m| m.name().version().as_owned())
        .collect();
    let applied = conn.applied_migrations().map_err(failed)?;
    if applied.iter().any(|version| !known.contains(version)) {
        return Ok(Standing::Ahead);
    }
    match known.len().saturating_sub(applied.len()) {
        0 => Ok(Standing::UpToDate),
        pending => Ok(Standing::Behind(pending)),
    }
}
