//! The rows of imports as they came: many to a parcel, sealed.

use diesel::prelude::*;

use crate::db::dialect::insert_rows;
use crate::db::schema::{import_parcels, imports};
use crate::db::{Conn, DbError};
use crate::ids::RecordId;

#[derive(Queryable, Insertable)]
#[diesel(table_name = import_parcels, treat_none_as_default_value = false)]
struct Row {
    import: String,
    parcel: i32,
    line: i64,
    sealed: Vec<u8>,
}

/// A parcel as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Its number in its import.
    pub number: i32,
    /// The first row in it, as a person counts in the file; 0 for the header.
    pub line: i64,
    /// What is in it, sealed.
    pub sealed: Vec<u8>,
}

/// Keeps parcels of an import.
///
/// # Errors
/// [`DbError::Statement`].
pub fn keep(conn: &mut Conn, import: &RecordId, parcels: Vec<Parcel>) -> Result<(), DbError> {
    let row = |parcel: Parcel| Row {
        import: import.to_string(),
        parcel: parcel.number,
        line: parcel.line,
        sealed: parcel.sealed,
    };
    let rows: Vec<Row> = parcels.into_iter().map(row).collect();
    Ok(insert_rows!(conn, import_parcels::table, rows)?)
}

/// Reads one parcel; `None` behind the last one.
///
/// # Errors
/// [`DbError::Statement`].
pub fn get(conn: &mut Conn, import: &RecordId, parcel: i32) -> Result<Option<Vec<u8>>, DbError> {
    Ok(import_parcels::table
        .find((import.as_str(), parcel))
        .select(import_parcels::sealed)
        .first(conn)
        .optional()?)
}

/// The number of the parcel that a row lies in; `None` where there is none.
///
/// # Errors
/// [`DbError::Statement`].
pub fn of_line(conn: &mut Conn, import: &RecordId, line: i64) -> Result<Option<i32>, DbError> {
    Ok(import_parcels::table
        .filter(import_parcels::import.eq(import.as_str()))
        .filter(import_parcels::line.le(line))
        .order(import_parcels::parcel.desc())
        .select(import_parcels::parcel)
        .first(conn)
        .optional()?)
}

/// Parcels that are thrown away in one transaction: others write in between.
const THROWN_AT_ONCE: i32 = 50;

/// Throws the first parcels of an import away; whether there were any.
///
/// # Errors
/// [`DbError::Statement`].
pub fn throw_away(conn: &mut Conn, import: &RecordId) -> Result<bool, DbError> {
    let first: Option<i32> = import_parcels::table
        .filter(import_parcels::import.eq(import.as_str()))
        .select(diesel::dsl::min(import_parcels::parcel))
        .first(conn)?;
    let Some(first) = first else { return Ok(false) };
    let of_it = import_parcels::table
        .filter(import_parcels::import.eq(import.as_str()))
        .filter(import_parcels::parcel.lt(first.saturating_add(THROWN_AT_ONCE)));
    diesel::delete(of_it).execute(conn)?;
    Ok(true)
}

/// Parcels whose import never came to be, or is over: the ids of their imports, at most `most`,
/// those before `before` alone.
///
/// # Errors
/// [`DbError::Statement`].
pub fn left_over(conn: &mut Conn, before: &str, most: i64) -> Result<Vec<RecordId>, DbError> {
    let held = imports::table
        .filter(imports::wrapped_key.ne(Vec::<u8>::new()))
        .select(imports::id);
    let ids: Vec<String> = import_parcels::table
        .filter(import_parcels::import.lt(before))
        .filter(import_parcels::import.ne_all(held))
        .select(import_parcels::import)
        .distinct()
        .limit(most)
        .load(conn)?;
    Ok(ids.into_iter().map(RecordId::stored).collect())
}
