//! A copy of an embedded database as it stands at one moment, made while others write to it.

use diesel::RunQueryDsl;
use diesel::sql_types::Text;

use super::{Conn, DbError};

/// Writes everything that the database holds into `file`, which is empty or not there, in one
/// reading transaction: whoever writes goes on meanwhile, and is not in the copy.
///
/// Cost: one pass over the file. The log of writes cannot be shortened before the end of it.
///
/// # Errors
/// [`DbError::Statement`], also when the disk is full; `file` is then worth nothing.
pub fn into_file(conn: &mut Conn, file: &str) -> Result<(), DbError> {
    diesel::sql_query("VACUUM INTO $1")
        .bind::<Text, _>(file)
        .execute(conn)?;
    Ok(())
}
