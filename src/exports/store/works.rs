//! How far the work on exports has come, and who is at it.
//!
//! A worker claims an export for a while and renews that as it goes on. Where it died, another
//! begins anew once the while is up.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::super::model::{Work, WorkState};
use crate::db::dialect::insert_rows;
use crate::db::place::Place;
use crate::db::schema::export_works;
use crate::db::{Conn, DbError};
use crate::ids::RecordId;
use crate::text_enum::TextEnum;

#[derive(Queryable, Selectable, Insertable, Identifiable, AsChangeset)]
#[diesel(table_name = export_works, primary_key(export))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    export: String,
    state: String,
    owner: Option<String>,
    claimed_to: Option<NaiveDateTime>,
    attempts: i32,
    rows_total: Option<i64>,
    rows_done: i64,
    bytes: i64,
    manifest: Option<String>,
    failure: Option<String>,
    started_at: NaiveDateTime,
    changed_at: NaiveDateTime,
    expires_at: Option<NaiveDateTime>,
}

/// Who is at an export, and until when nobody else takes over.
pub type Claim<'a> = (&'a str, DateTime<Utc>);

/// The exports at which there is nothing more to do but to remove a file.
#[diesel::dsl::auto_type(no_type_alias)]
pub(super) fn over() -> _ {
    let done: [&'static str; 3] = ["ready", "failed", "removed"];
    export_works::table
        .filter(export_works::state.eq_any(done))
        .select(export_works::export)
}

/// Reads how far it has come; `None` where it was not begun.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when the row cannot be read.
pub fn get(conn: &mut Conn, export: &RecordId) -> Result<Option<Work>, DbError> {
    let row = read(conn, export)?;
    row.map(Work::try_from).transpose()
}

/// Claims an export that nobody is at, and begins its work or begins it anew.
///
/// # Errors
/// As [`get`]; also where another was faster by a hair.
pub fn begin(
    conn: &mut Conn,
    export: &RecordId,
    (owner, to): Claim<'_>,
    now: DateTime<Utc>,
) -> Result<Option<Work>, DbError> {
    let Some(before) = read(conn, export)? else {
        let work = Work::begun(export.clone(), now);
        let row = Row::of(&work, Some((owner, to)))?;
        insert_rows!(conn, export_works::table, [row])?;
        return Ok(Some(work));
    };
    let free = before.owner.is_none() || before.claimed_to.is_none_or(|to| to < now.naive_utc());
    let before = Work::try_from(before)?;
    if !free || !matches!(before.state, WorkState::Counting | WorkState::Writing) {
        return Ok(None);
    }
    let mut work = Work::begun(export.clone(), now);
    work.attempts = before.attempts.saturating_add(1);
    note(conn, &work, Some((owner, to)))?;
    Ok(Some(work))
}

/// Notes how far it has come, and goes on claiming it, or lets it go.
///
/// # Errors
/// [`DbError::Statement`].
pub fn note(conn: &mut Conn, work: &Work, claim: Option<Claim<'_>>) -> Result<(), DbError> {
    let row = Row::of(work, claim)?;
    diesel::update(&row).set(&row).execute(conn)?;
    Ok(())
}

/// Whether that owner is still at it: nobody took over.
///
/// # Errors
/// [`DbError::Statement`].
pub fn is_at(conn: &mut Conn, export: &RecordId, owner: &str) -> Result<bool, DbError> {
    let row = read(conn, export)?;
    Ok(row.is_some_and(|row| row.owner.as_deref() == Some(owner)))
}

/// Whether somebody is at it at that instant.
///
/// # Errors
/// [`DbError::Statement`].
pub fn is_claimed(conn: &mut Conn, export: &RecordId, now: DateTime<Utc>) -> Result<bool, DbError> {
    let row = read(conn, export)?;
    let to = row.and_then(|row| row.claimed_to);
    Ok(to.is_some_and(|to| to >= now.naive_utc()))
}

/// Bytes of all files that are kept.
///
/// # Errors
/// [`DbError::Statement`].
pub fn bytes_kept(conn: &mut Conn) -> Result<u64, DbError> {
    let rows: Vec<i64> = export_works::table
        .filter(export_works::state.eq(WorkState::Ready.as_str()))
        .select(export_works::bytes)
        .load(conn)?;
    let bytes = rows.into_iter().map(i64::unsigned_abs);
    Ok(bytes.fold(0, u64::saturating_add))
}

fn read(conn: &mut Conn, export: &RecordId) -> Result<Option<Row>, DbError> {
    Ok(export_works::table
        .find(export.as_str())
        .select(Row::as_select())
        .first(conn)
        .optional()?)
}

impl Row {
    fn of(work: &Work, claim: Option<Claim<'_>>) -> Result<Self, DbError> {
        let manifest = work.manifest.as_ref().map(serde_json::to_string);
        let manifest = manifest.transpose();
        Ok(Self {
            export: work.export.to_string(),
            state: work.state.to_string(),
            owner: claim.map(|(owner, _)| owner.to_owned()),
            claimed_to: claim.map(|(_, to)| to.naive_utc()),
            attempts: work.attempts,
            rows_total: work.rows_total,
            rows_done: work.rows_done,
            bytes: work.bytes,
            manifest: manifest.map_err(|error| DbError::Schema(error.to_string()))?,
            failure: work.failure.clone(),
            started_at: work.started_at.naive_utc(),
            changed_at: work.changed_at.naive_utc(),
            expires_at: work.expires_at.map(|at| at.naive_utc()),
        })
    }
}

impl TryFrom<Row> for Work {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let place = Place {
            table: "export_works",
            key: &row.export,
        };
        let manifest = row.manifest.as_deref().map(serde_json::from_str);
        Ok(Self {
            state: place.name(&row.state)?,
            manifest: place.value(manifest.transpose())?,
            export: RecordId::stored(row.export),
            attempts: row.attempts,
            rows_total: row.rows_total,
            rows_done: row.rows_done,
            bytes: row.bytes,
            failure: row.failure,
            started_at: row.started_at.and_utc(),
            changed_at: row.changed_at.and_utc(),
            expires_at: row.expires_at.map(|at| at.and_utc()),
        })
    }
}
