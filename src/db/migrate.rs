//! Brings the schema up to date, or says that it is.
//!
//! Both engines have a tree of migrations with equal names. A schema that is newer than this
//! program is refused: downgrading would lose what the newer one recorded.

use diesel::connection::SimpleConnection;
use diesel::migration::MigrationSource;
use diesel::sqlite::Sqlite;
use diesel::{PgConnection, QueryResult, RunQueryDsl, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::conn::TextValue;
use super::{Conn, DbError, Use};

const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
/// Where both engines keep which migrations ran.
pub(super) const TABLE: &str = "__diesel_schema_migrations";
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

/// Says where the schema stands. Changes nothing, so that a role may ask that may only read.
///
/// # Errors
/// [`DbError::Schema`] when the migration table cannot be read.
pub fn standing(conn: &mut Conn) -> Result<Standing, DbError> {
    let known = known()?;
    let applied = applied(conn)?;
    if applied.iter().any(|version| !known.contains(version)) {
        return Ok(Standing::Ahead);
    }
    match known.len().saturating_sub(applied.len()) {
        0 => Ok(Standing::UpToDate),
        pending => Ok(Standing::Behind(pending)),
    }
}

/// The version of the last migration that this program knows.
///
/// # Errors
/// [`DbError::Schema`] when its migrations cannot be read.
pub fn newest() -> Result<String, DbError> {
    Ok(known()?.into_iter().max().unwrap_or_default())
}

/// The versions that this program knows. Both trees have the same names.
fn known() -> Result<Vec<String>, DbError> {
    let known = MigrationSource::<Sqlite>::migrations(&SQLITE);
    let known = known.map_err(|e| DbError::Schema(e.to_string()))?;
    let versions = known.iter().map(|migration| migration.name().version());
    Ok(versions.map(|version| version.to_string()).collect())
}

/// Runs what is pending and returns how many migrations that were.
///
/// All of them are one transaction, and whoever else starts at the same moment waits for it: so
/// each runs once, and a failure leaves the schema as it was. Where nothing is pending, nothing is
/// locked and no right to change anything is needed.
///
/// # Errors
/// [`DbError::Ahead`] when the schema is newer than this program, [`DbError::MayNotMigrate`] when
/// it is behind and not the role's to change, [`DbError::Schema`] when a migration fails: it is
/// then rolled back.
pub fn run(conn: &mut Conn) -> Result<usize, DbError> {
    match standing(conn)? {
        Standing::UpToDate => return Ok(0),
        Standing::Ahead => return Err(DbError::Ahead),
        Standing::Behind(pending) => refuse_who_may_not(conn, pending)?,
    }
    conn.begin(Use::Write)?;
    let done = run_pending(conn);
    match done {
        Ok(_) => conn.commit()?,
        Err(_) => conn.roll_back()?,
    }
    done
}

/// Makes whoever else migrates or grants wait until the end of the transaction.
pub(super) fn take_turns(conn: &mut PgConnection) -> QueryResult<()> {
    // A large table may take its time, and so may whoever holds the lock.
    conn.batch_execute(&format!(
        "SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0; \
         SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"
    ))
}

fn run_pending(conn: &mut Conn) -> Result<usize, DbError> {
    let done = match conn {
        Conn::Sqlite(conn) => conn.run_pending_migrations(SQLITE).map(|done| done.len()),
        Conn::Postgres(conn) => {
            take_turns(conn)?;
            conn.run_pending_migrations(POSTGRES).map(|done| done.len())
        }
    };
    done.map_err(|e| DbError::Schema(format!("the migration failed and was rolled back: {e}")))
}

/// Refuses a schema that is not exactly the one this program was built for.
///
/// # Errors
/// [`DbError::Behind`] and [`DbError::Ahead`], saying what to do.
pub fn check(conn: &mut Conn) -> Result<(), DbError> {
    match standing(conn)? {
        Standing::UpToDate => Ok(()),
        Standing::Behind(pending) => {
            refuse_who_may_not(conn, pending)?;
            Err(DbError::Behind(pending))
        }
        Standing::Ahead => Err(DbError::Ahead),
    }
}

/// The versions that ran. None where there is no table of them yet, which diesel would make.
fn applied(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    let there = match conn {
        Conn::Sqlite(_) => {
            format!("SELECT count(*) AS value FROM sqlite_master WHERE name = '{TABLE}'")
        }
        Conn::Postgres(_) => format!(
            "SELECT count(*) AS value FROM pg_class WHERE oid = to_regclass('{TABLE}') \
             AND has_table_privilege(oid, 'SELECT')"
        ),
    };
    if conn.number(&there)? == 0 {
        return Ok(Vec::new());
    }
    let rows = sql_query(format!("SELECT version AS value FROM {TABLE}"));
    let rows: Vec<TextValue> = rows.load(conn)?;
    Ok(rows.into_iter().map(|row| row.value).collect())
}

/// On PostgreSQL, refuses a role that neither owns the tables nor may make the first ones.
fn refuse_who_may_not(conn: &mut Conn, pending: usize) -> Result<(), DbError> {
    if matches!(conn, Conn::Sqlite(_)) {
        return Ok(());
    }
    let role = conn.text(
        "SELECT CASE WHEN has_schema_privilege(current_schema(), 'CREATE') AND NOT EXISTS ( \
           SELECT 1 FROM pg_class WHERE oid = to_regclass('events') \
           AND NOT pg_has_role(relowner, 'USAGE')) \
         THEN '' ELSE current_user::text END AS value",
    )?;
    if role.is_empty() {
        Ok(())
    } else {
        Err(DbError::MayNotMigrate { pending, role })
    }
}
