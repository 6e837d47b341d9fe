//! The tables of exports: what was asked for, and how far it has come.

pub mod works;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::model::{Export, Work, WorkState};
use super::source::Form;
use crate::config::Lang;
use crate::db::dialect::insert_rows;
use crate::db::kept::{Kept, Saved};
use crate::db::place::Place;
use crate::db::schema::{export_works, exports};
use crate::db::{Conn, DbError};
use crate::ids::RecordId;
use crate::text_enum::TextEnum;

#[derive(Queryable, Selectable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = exports)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    id: String,
    address: String,
    format: String,
    lang: String,
    bom: bool,
    part: Option<String>,
    roles: String,
    requested_by: String,
    requested_at: NaiveDateTime,
    cancelled_at: Option<NaiveDateTime>,
}

/// Reads one export, and how far it has come; no work where it was not begun.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when a row cannot be read.
pub fn get(conn: &mut Conn, id: &RecordId) -> Result<Option<(Export, Option<Work>)>, DbError> {
    let Some(export) = Export::load(conn, std::slice::from_ref(id))?.pop() else {
        return Ok(None);
    };
    Ok(Some((export, works::get(conn, id)?)))
}

/// The exports that are to be made, the oldest first; at most `most` of them.
///
/// # Errors
/// As [`get`].
pub fn open(conn: &mut Conn, most: i64) -> Result<Vec<Export>, DbError> {
    let rows: Vec<Row> = exports::table
        .filter(exports::cancelled_at.is_null())
        .filter(exports::id.ne_all(works::over()))
        .order(exports::id)
        .limit(most)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Export::try_from).collect()
}

/// How many exports are to be made: of everybody, and of one user.
///
/// # Errors
/// [`DbError::Statement`].
pub fn waiting(conn: &mut Conn, user: &str) -> Result<(i64, i64), DbError> {
    let open = || {
        exports::table
            .filter(exports::cancelled_at.is_null())
            .filter(exports::id.ne_all(works::over()))
    };
    let all = open().count().get_result(conn)?;
    let of_one = open().filter(exports::requested_by.eq(user));
    Ok((all, of_one.count().get_result(conn)?))
}

/// The exports whose file is to be removed: its time is up, or it was called off.
///
/// # Errors
/// As [`get`].
pub fn to_remove(conn: &mut Conn, now: DateTime<Utc>, most: i64) -> Result<Vec<Export>, DbError> {
    let up = export_works::table
        .filter(export_works::state.eq(WorkState::Ready.as_str()))
        .filter(export_works::expires_at.le(Some(now.naive_utc())))
        .select(export_works::export);
    let there = export_works::table
        .filter(export_works::state.eq(WorkState::Ready.as_str()))
        .select(export_works::export);
    let called_off = exports::cancelled_at
        .is_not_null()
        .and(exports::id.eq_any(there));
    let rows: Vec<Row> = exports::table
        .filter(exports::id.eq_any(up).or(called_off))
        .order(exports::id)
        .limit(most)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Export::try_from).collect()
}

impl Kept for Export {
    type Key = RecordId;

    fn key(&self) -> RecordId {
        self.id.clone()
    }

    fn load(conn: &mut Conn, keys: &[RecordId]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<Row> = exports::table
            .filter(exports::id.eq_any(keys.iter().map(RecordId::as_str)))
            .select(Row::as_select())
            .load(conn)?;
        rows.into_iter().map(Self::try_from).collect()
    }
}

impl Saved for Export {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let rows: Vec<Row> = new.iter().map(|export| Row::from(*export)).collect();
        insert_rows!(conn, exports::table, rows)?;
        for export in changed {
            let row = Row::from(*export);
            diesel::update(&row).set(&row).execute(conn)?;
        }
        Ok(())
    }
}

impl From<&Export> for Row {
    fn from(export: &Export) -> Self {
        let roles: Vec<&str> = export.roles.iter().map(|role| role.as_str()).collect();
        Self {
            id: export.id.to_string(),
            address: export.address.clone(),
            format: export.form.format.to_string(),
            lang: export.form.lang.to_string(),
            bom: export.form.bom,
            part: export.table.clone(),
            roles: roles.join(" "),
            requested_by: export.requested_by.clone(),
            requested_at: export.requested_at.naive_utc(),
            cancelled_at: export.cancelled_at.map(|at| at.naive_utc()),
        }
    }
}

impl TryFrom<Row> for Export {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let place = Place {
            table: "exports",
            key: &row.id,
        };
        let roles = row.roles.split_whitespace().map(|role| place.name(role));
        Ok(Self {
            form: Form {
                format: place.name(&row.format)?,
                lang: place.name::<Lang>(&row.lang)?,
                bom: row.bom,
            },
            roles: roles.collect::<Result<_, _>>()?,
            id: RecordId::stored(row.id),
            address: row.address,
            table: row.part,
            requested_by: row.requested_by,
            requested_at: row.requested_at.and_utc(),
            cancelled_at: row.cancelled_at.map(|at| at.and_utc()),
        })
    }
}
