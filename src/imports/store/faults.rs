//! What is wrong with the rows of imports.

use std::collections::BTreeSet;

use diesel::prelude::*;

use super::super::model::{RowFault, Weight};
use crate::db::dialect::insert_rows;
use crate::db::place::Place;
use crate::db::schema::import_faults;
use crate::db::{Conn, DbError};
use crate::ids::RecordId;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = import_faults, treat_none_as_default_value = false)]
struct Row {
    import: String,
    line: i64,
    part: i32,
    weight: String,
    place: Option<i32>,
    header: Option<String>,
    field: String,
    code: String,
    facts: String,
}

/// Keeps what is wrong with rows of an import.
///
/// # Errors
/// [`DbError::Statement`].
pub fn keep(conn: &mut Conn, import: &RecordId, faults: &[RowFault]) -> Result<(), DbError> {
    let row = |fault: &RowFault| -> Result<Row, DbError> {
        let facts = serde_json::to_string(&fault.facts);
        Ok(Row {
            import: import.to_string(),
            line: fault.line,
            part: fault.part,
            weight: fault.weight.to_string(),
            place: fault.place,
            header: fault.header.clone(),
            field: fault.field.clone(),
            code: fault.code.clone(),
            facts: facts.map_err(|error| DbError::Schema(error.to_string()))?,
        })
    };
    let rows = faults.iter().map(row).collect::<Result<Vec<Row>, _>>()?;
    Ok(insert_rows!(conn, import_faults::table, rows)?)
}

/// Lines whose faults are forgotten in one transaction: others write in between.
const FORGOTTEN_AT_ONCE: i64 = 5_000;

/// Forgets what was wrong with the first lines of an import; whether anything was.
///
/// # Errors
/// [`DbError::Statement`].
pub fn forget(conn: &mut Conn, import: &RecordId) -> Result<bool, DbError> {
    let first: Option<i64> = import_faults::table
        .filter(import_faults::import.eq(import.as_str()))
        .select(diesel::dsl::min(import_faults::line))
        .first(conn)?;
    let Some(first) = first else { return Ok(false) };
    let of_it = import_faults::table
        .filter(import_faults::import.eq(import.as_str()))
        .filter(import_faults::line.lt(first.saturating_add(FORGOTTEN_AT_ONCE)));
    diesel::delete(of_it).execute(conn)?;
    Ok(true)
}

/// Forgets what was wrong with a line.
///
/// # Errors
/// [`DbError::Statement`].
pub fn forget_line(conn: &mut Conn, import: &RecordId, line: i64) -> Result<(), DbError> {
    let of_it = import_faults::table
        .filter(import_faults::import.eq(import.as_str()))
        .filter(import_faults::line.eq(line));
    diesel::delete(of_it).execute(conn)?;
    Ok(())
}

/// Reads what is wrong after a place, in the order of the rows: at most `most`.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when a row cannot be read.
pub fn list(
    conn: &mut Conn,
    import: &RecordId,
    (line, part): (i64, i32),
    most: i64,
) -> Result<Vec<RowFault>, DbError> {
    let later = import_faults::line.gt(line).or(import_faults::line
        .eq(line)
        .and(import_faults::part.gt(part)));
    let rows: Vec<Row> = import_faults::table
        .filter(import_faults::import.eq(import.as_str()))
        .filter(later)
        .order((import_faults::line, import_faults::part))
        .limit(most)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(RowFault::try_from).collect()
}

/// Everything that is wrong with the lines between two, both with.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when a row cannot be read.
pub fn between(
    conn: &mut Conn,
    import: &RecordId,
    (first, last): (i64, i64),
) -> Result<Vec<RowFault>, DbError> {
    let rows: Vec<Row> = import_faults::table
        .filter(import_faults::import.eq(import.as_str()))
        .filter(import_faults::line.between(first, last))
        .order((import_faults::line, import_faults::part))
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(RowFault::try_from).collect()
}

/// The lines between two, both with, that are faulty.
///
/// # Errors
/// [`DbError::Statement`].
pub fn faulty(
    conn: &mut Conn,
    import: &RecordId,
    (first, last): (i64, i64),
) -> Result<BTreeSet<i64>, DbError> {
    let lines: Vec<i64> = import_faults::table
        .filter(import_faults::import.eq(import.as_str()))
        .filter(import_faults::line.between(first, last))
        .filter(import_faults::weight.eq(Weight::Fault.to_string()))
        .select(import_faults::line)
        .distinct()
        .load(conn)?;
    Ok(lines.into_iter().collect())
}

/// The codes of all warnings, each once.
///
/// # Errors
/// [`DbError::Statement`].
pub fn warnings(conn: &mut Conn, import: &RecordId) -> Result<Vec<String>, DbError> {
    Ok(import_faults::table
        .filter(import_faults::import.eq(import.as_str()))
        .filter(import_faults::weight.eq(Weight::Warning.to_string()))
        .select(import_faults::code)
        .distinct()
        .order(import_faults::code)
        .load(conn)?)
}

/// Whether something is wrong with the file as a whole.
///
/// # Errors
/// [`DbError::Statement`].
pub fn of_the_whole(conn: &mut Conn, import: &RecordId) -> Result<Option<String>, DbError> {
    Ok(import_faults::table
        .filter(import_faults::import.eq(import.as_str()))
        .filter(import_faults::line.eq(0))
        .select(import_faults::code)
        .first(conn)
        .optional()?)
}

impl TryFrom<Row> for RowFault {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let place = Place {
            table: "import_faults",
            key: &row.import,
        };
        Ok(Self {
            weight: place.name(&row.weight)?,
            facts: place.value(serde_json::from_str(&row.facts))?,
            line: row.line,
            part: row.part,
            place: row.place,
            header: row.header,
            field: row.field,
            code: row.code,
        })
    }
}
