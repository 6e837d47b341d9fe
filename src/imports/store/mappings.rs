//! What the headers of programs' files mean.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::super::kinds::Kind;
use super::super::steps::Mapping;
use crate::db::dialect::insert_rows;
use crate::db::kept::{Kept, Saved};
use crate::db::place::Place;
use crate::db::schema::import_mappings;
use crate::db::{Conn, DbError};

#[derive(Queryable, Selectable, Insertable, Identifiable, AsChangeset)]
#[diesel(table_name = import_mappings, primary_key(kind, program))]
struct Row {
    kind: String,
    program: String,
    headers: String,
    recorded_by: String,
    recorded_at: NaiveDateTime,
    version: i32,
}

/// Reads what the headers of a program's files mean.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when the row cannot be read.
pub fn get(conn: &mut Conn, kind: Kind, program: &str) -> Result<Option<Mapping>, DbError> {
    Ok(Mapping::load(conn, &[(kind, program.to_owned())])?.pop())
}

impl Kept for Mapping {
    type Key = (Kind, String);

    fn key(&self) -> Self::Key {
        (self.kind, self.program.clone())
    }

    fn load(conn: &mut Conn, keys: &[Self::Key]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<Row> = import_mappings::table
            .filter(import_mappings::kind.eq_any(keys.iter().map(|(kind, _)| kind.to_string())))
            .filter(import_mappings::program.eq_any(keys.iter().map(|(_, program)| program)))
            .select(Row::as_select())
            .load(conn)?;
        rows.into_iter().map(Self::try_from).collect()
    }
}

impl Saved for Mapping {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let row = |mapping: &&Self| Row::of(mapping);
        let rows = new.iter().map(row).collect::<Result<Vec<Row>, DbError>>()?;
        insert_rows!(conn, import_mappings::table, rows)?;
        for mapping in changed {
            let row = Row::of(mapping)?;
            diesel::update(&row).set(&row).execute(conn)?;
        }
        Ok(())
    }
}

impl Row {
    fn of(mapping: &Mapping) -> Result<Self, DbError> {
        let headers = serde_json::to_string(&mapping.headers);
        Ok(Self {
            kind: mapping.kind.to_string(),
            program: mapping.program.clone(),
            headers: headers.map_err(|error| DbError::Schema(error.to_string()))?,
            recorded_by: mapping.recorded_by.clone(),
            recorded_at: mapping.recorded_at.naive_utc(),
            version: mapping.version,
        })
    }
}

impl TryFrom<Row> for Mapping {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let place = Place {
            table: "import_mappings",
            key: &row.program,
        };
        Ok(Self {
            kind: place.name(&row.kind)?,
            headers: place.value(serde_json::from_str(&row.headers))?,
            program: row.program,
            recorded_by: row.recorded_by,
            recorded_at: row.recorded_at.and_utc(),
            version: row.version,
        })
    }
}
