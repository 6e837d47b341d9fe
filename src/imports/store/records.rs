//! Which rows of imports became which records.

use diesel::prelude::*;

use crate::db::dialect::upsert_rows;
use crate::db::schema::import_records;
use crate::db::words::Words;
use crate::db::{Conn, DbError};
use crate::ids::RecordId;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = import_records, treat_none_as_default_value = false)]
struct Row {
    import: String,
    line: i64,
    record: String,
}

/// Of a row that is there already.
struct UpsertImportRecords;

impl Words for UpsertImportRecords {
    const WORDS: &'static str = "ON CONFLICT (import, line) DO UPDATE SET record = excluded.record";
}

/// Keeps which record each row became.
///
/// # Errors
/// [`DbError::Statement`].
pub fn keep(conn: &mut Conn, import: &RecordId, made: &[(i64, String)]) -> Result<(), DbError> {
    let row = |(line, record): &(i64, String)| Row {
        import: import.to_string(),
        line: *line,
        record: record.clone(),
    };
    let rows: Vec<Row> = made.iter().map(row).collect();
    // A row that was noted before a crash is noted again.
    Ok(upsert_rows!(
        conn,
        import_records::table,
        rows,
        UpsertImportRecords
    )?)
}

/// The records of an import behind a line, in the order of the rows: at most `most`.
///
/// # Errors
/// [`DbError::Statement`].
pub fn list(
    conn: &mut Conn,
    import: &RecordId,
    after: i64,
    most: i64,
) -> Result<Vec<(i64, String)>, DbError> {
    Ok(import_records::table
        .filter(import_records::import.eq(import.as_str()))
        .filter(import_records::line.gt(after))
        .order(import_records::line)
        .limit(most)
        .select((import_records::line, import_records::record))
        .load(conn)?)
}

/// How many records an import has.
///
/// # Errors
/// [`DbError::Statement`].
pub fn count(conn: &mut Conn, import: &RecordId) -> Result<i64, DbError> {
    Ok(import_records::table
        .filter(import_records::import.eq(import.as_str()))
        .count()
        .get_result(conn)?)
}
