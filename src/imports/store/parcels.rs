//! The rows of imports as they came: many to a parcel, sealed.

use diesel::prelude::*;

use crate::db::dialect::insert_rows;
use crate::db::schema::{import_parcels, imports};
use crate::db::{Conn, DbError};
use crate::ids::RecordId;

#[derive(Queryable, Insertable)]
#[diesel(table_name = import_parcels)]
struct Row {
    import: String,
    parcel: i32,
    sealed: Vec<u8>,
}

/// Keeps parcels of an import, each by its number.
///
/// # Errors
/// [`DbError::Statement`].
pub fn keep(
    conn: &mut Conn,
    import: &RecordId,
    parcels: Vec<(i32, Vec<u8>)>,
) -> Result<(), DbError> {
    let row = |(parcel, sealed)| Row {
        import: import.to_string(),
        parcel,
        sealed,
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

/// Throws the parcels of an import away.
///
/// # Errors
/// [`DbError::Statement`].
pub fn throw_away(conn: &mut Conn, import: &RecordId) -> Result<(), DbError> {
    let of_it = import_parcels::table.filter(import_parcels::import.eq(import.as_str()));
    diesel::delete(of_it).execute(conn)?;
    Ok(())
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
