//! The statements that the two engines need spelled apart.
//!
//! diesel offers many-row inserts and `ON CONFLICT` on each engine, not on the enum of both, so
//! every such statement goes through one of these. Nothing outside `db/` matches on the engine.

use diesel::RunQueryDsl;
use diesel::sql_types::{Array, Text};

use super::{Conn, DbError};

/// Rows of one statement: SQLite binds at most 32,766 values, PostgreSQL 65,535.
pub const ROWS_PER_STATEMENT: usize = 500;

/// Inserts rows on either engine: many at a time where each statement is a journey, one at a time by
/// a statement that was prepared once where it is a call.
macro_rules! insert_rows {
    ($conn:expr, $table:expr, $rows:expr) => {
        match $conn {
            $crate::db::Conn::Sqlite(conn) => $rows.iter().try_for_each(|row| {
                diesel::insert_into($table)
                    .values(row)
                    .execute(conn)
                    .map(drop)
            }),
            $crate::db::Conn::Postgres(conn) => $rows
                .chunks($crate::db::dialect::ROWS_PER_STATEMENT)
                .try_for_each(|rows| {
                    diesel::insert_into($table)
                        .values(rows)
                        .execute(conn)
                        .map(drop)
                }),
        }
    };
}

/// Inserts rows, or changes those whose key is there already in these
/// [`Words`](super::words::Words): as [`insert_rows`]. Columns that the words leave out keep their value.
macro_rules! upsert_rows {
    ($conn:expr, $table:expr, $rows:expr, $words:ty) => {
        match $conn {
            $crate::db::Conn::Sqlite(conn) => $rows.iter().try_for_each(|row| {
                let insert = diesel::insert_into($table).values(row);
                $crate::db::words::Ending::<_, $words>::of(insert)
                    .execute(conn)
                    .map(drop)
            }),
            $crate::db::Conn::Postgres(conn) => $rows
                .chunks($crate::db::dialect::ROWS_PER_STATEMENT)
                .try_for_each(|rows| {
                    let insert = diesel::insert_into($table).values(rows);
                    $crate::db::words::Ending::<_, $words>::of(insert)
                        .execute(conn)
                        .map(drop)
                }),
        }
    };
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
