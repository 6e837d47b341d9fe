//! The statements that the two engines need spelled apart.
//!
//! diesel offers many-row inserts and `ON CONFLICT` on each engine, not on the enum of both, so
//! every such statement goes through one of these. Nothing outside `db/` matches on the engine.

use diesel::RunQueryDsl;
use diesel::sql_types::{Array, Text};

use super::{Conn, DbError};

/// Rows of one statement: SQLite binds at most 32,766 values, PostgreSQL 65,535.
pub const ROWS_PER_STATEMENT: usize = 500;

/// Inserts rows, many at a time, on either engine.
macro_rules! insert_rows {
    ($conn:expr, $table:expr, $rows:expr) => {{
        let mut result = Ok(());
        for chunk in $rows.chunks($crate::db::dialect::ROWS_PER_STATEMENT) {
            let statement = diesel::insert_into($table).values(chunk);
            let done = match $conn {
                $crate::db::Conn::Sqlite(conn) => statement.execute(conn),
                $crate::db::Conn::Postgres(conn) => statement.execute(conn),
            };
            if let Err(error) = done {
                result = Err(error);
                break;
            }
        }
        result
    }};
}

/// Inserts rows, or changes those whose key is there already, many at a time on either engine.
macro_rules! upsert_rows {
    ($conn:expr, $table:expr, $rows:expr, $key:expr, $set:expr) => {{
        let mut result = Ok(());
        for chunk in $rows.chunks($crate::db::dialect::ROWS_PER_STATEMENT) {
            let done = match $conn {
                $crate::db::Conn::Sqlite(conn) => diesel::insert_into($table)
                    .values(chunk)
                    .on_conflict($key)
                    .do_update()
                    .set($set)
                    .execute(conn),
                $crate::db::Conn::Postgres(conn) => diesel::insert_into($table)
                    .values(chunk)
                    .on_conflict($key)
                    .do_update()
                    .set($set)
                    .execute(conn),
            };
            if let Err(error) = done {
                result = Err(error);
                break;
            }
        }
        result
    }};
}
pub(crate) use {insert_rows, upsert_rows};

/// Locks the rows of a table with those ids until the end of the transaction, in the order of
/// their ids. On SQLite nothing has to be done: a transaction that writes is alone.
///
/// # Errors
/// [`DbError::Statement`], also when two that wait for each other are found.
pub fn lock_rows(conn: &mut Conn, table: &'static str, ids: &[&str]) -> Result<(), DbError> {
    let Conn::Postgres(conn) = conn else {
        return Ok(());
    };
    // Weaker than FOR UPDATE: rows that name these as their parent can still be written.
    diesel::sql_query(format!(
        "SELECT id FROM {table} WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE"
    ))
    .bind::<Array<Text>, _>(ids)
    .execute(conn)?;
    Ok(())
}
