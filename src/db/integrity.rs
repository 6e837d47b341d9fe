//! What the engine itself finds wrong with its files and with the keys between tables.

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::{Conn, DbError};

#[derive(QueryableByName)]
struct Fault {
    #[diesel(sql_type = Text)]
    fault: String,
}

/// The engine's own complaints, at most 100 of a sort: broken structure, rows whose parent is
/// missing.
///
/// PostgreSQL has no such question to ask: it keeps its keys always and its pages by checksum, so
/// the answer is empty there. Cost on SQLite: one pass over the file.
///
/// # Errors
/// [`DbError::Statement`].
pub fn faults(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    let Conn::Sqlite(conn) = conn else {
        return Ok(Vec::new());
    };
    let mut found: Vec<Fault> = diesel::sql_query(
        "SELECT integrity_check AS fault FROM pragma_integrity_check \
         WHERE integrity_check <> 'ok'",
    )
    .load(conn)?;
    let orphans: Vec<Fault> = diesel::sql_query(
        "SELECT \"table\" || ' row ' || coalesce(rowid, '?') || ': no such ' || parent AS fault \
         FROM pragma_foreign_key_check LIMIT 100",
    )
    .load(conn)?;
    found.extend(orphans);
    Ok(found.into_iter().map(|row| row.fault).collect())
}
