//! The table of what was counted.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::model::{AccessEvent, AttemptKind};
use crate::db::dialect::upsert_rows;
use crate::db::place::Place;
use crate::db::schema::access_events;
use crate::db::words::Words;
use crate::db::{Conn, DbError};
use crate::text_enum::TextEnum;

/// Rows that are removed in one go.
pub const SWEPT_AT_ONCE: usize = 500;

/// Which rows are read; nothing set means all.
#[derive(Debug, Clone, Default)]
pub struct AccessFilter {
    /// Only those of a kind.
    pub kind: Option<AttemptKind>,
    /// Only those of a user, a client, or of the hash of a name.
    pub account: Option<String>,
    /// Only those from there.
    pub source: Option<String>,
    /// Only those of an operation.
    pub operation: Option<String>,
    /// Only those with this code.
    pub code: Option<String>,
    /// Only those that began at this instant or later.
    pub from: Option<DateTime<Utc>>,
    /// Only those that began before this instant.
    pub before: Option<DateTime<Utc>>,
}

/// Where a row stands in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    first_at: DateTime<Utc>,
    id: String,
}

/// Of a row that is there already.
struct UpsertAccessEvents;

impl Words for UpsertAccessEvents {
    const WORDS: &'static str = "ON CONFLICT (id) DO UPDATE SET \
        times = excluded.times, last_at = excluded.last_at, \
        last_request = excluded.last_request";
}

impl Mark {
    /// The mark of a row.
    #[must_use]
    pub fn of(event: &AccessEvent) -> Self {
        Self {
            first_at: event.first_at,
            id: event.id.clone(),
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.first_at.timestamp_micros(), self.id)
    }
}

impl FromStr for Mark {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (micros, id) = text.split_once('/').ok_or(())?;
        let micros = micros.parse().map_err(|_no_number| ())?;
        Ok(Self {
            first_at: DateTime::from_timestamp_micros(micros).ok_or(())?,
            id: id.to_owned(),
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = access_events, treat_none_as_default_value = false)]
struct Row {
    id: String,
    kind: String,
    account: Option<String>,
    known: bool,
    source: Option<String>,
    operation: Option<String>,
    status: Option<i32>,
    code: Option<String>,
    times: i64,
    first_at: NaiveDateTime,
    last_at: NaiveDateTime,
    last_request: String,
}

/// Keeps rows, or how they stand by now.
///
/// # Errors
/// [`DbError::Statement`].
pub fn keep(conn: &mut Conn, events: &[AccessEvent]) -> Result<(), DbError> {
    let rows: Vec<Row> = events.iter().map(Row::from).collect();
    Ok(upsert_rows!(
        conn,
        access_events::table,
        rows,
        UpsertAccessEvents
    )?)
}

/// The newest rows, from the first one before `mark` on, at most `limit`.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when a row cannot be read.
pub fn newest(
    conn: &mut Conn,
    filter: &AccessFilter,
    mark: Option<&Mark>,
    limit: i64,
) -> Result<Vec<AccessEvent>, DbError> {
    let mut query = access_events::table
        .order((access_events::first_at.desc(), access_events::id.desc()))
        .limit(limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(kind) = filter.kind {
        query = query.filter(access_events::kind.eq(kind.as_str()));
    }
    if let Some(account) = &filter.account {
        query = query.filter(access_events::account.eq(account));
    }
    if let Some(source) = &filter.source {
        query = query.filter(access_events::source.eq(source));
    }
    if let Some(operation) = &filter.operation {
        query = query.filter(access_events::operation.eq(operation));
    }
    if let Some(code) = &filter.code {
        query = query.filter(access_events::code.eq(code));
    }
    if let Some(from) = filter.from {
        query = query.filter(access_events::first_at.ge(from.naive_utc()));
    }
    if let Some(before) = filter.before {
        query = query.filter(access_events::first_at.lt(before.naive_utc()));
    }
    if let Some(mark) = mark {
        let at = mark.first_at.naive_utc();
        let tied = access_events::id.lt(mark.id.clone());
        query = query
            .filter(access_events::first_at.le(at))
            .filter(access_events::first_at.lt(at).or(tied));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(AccessEvent::try_from).collect()
}

/// Removes some of what is older than that, or more than so many, of those who are known or of
/// those who are not: the oldest first. Tells how many rows it removed.
///
/// # Errors
/// [`DbError::Statement`].
pub fn sweep(
    conn: &mut Conn,
    known: bool,
    before: DateTime<Utc>,
    most: i64,
) -> Result<usize, DbError> {
    let of_them = access_events::table.filter(access_events::known.eq(known));
    let there: i64 = of_them.count().get_result(conn)?;
    let at_once = i64::try_from(SWEPT_AT_ONCE).unwrap_or(i64::MAX);
    let too_many = there.saturating_sub(most).clamp(0, at_once);
    let oldest: Vec<(String, NaiveDateTime)> = of_them
        .order((access_events::first_at, access_events::id))
        .limit(at_once)
        .select((access_events::id, access_events::first_at))
        .load(conn)?;
    let too_many = usize::try_from(too_many).unwrap_or(0);
    let over = oldest.into_iter().enumerate();
    let over = over.filter(|(place, (_, at))| *place < too_many || *at < before.naive_utc());
    let ids: Vec<String> = over.map(|(_, (id, _))| id).collect();
    Ok(diesel::delete(access_events::table.filter(access_events::id.eq_any(ids))).execute(conn)?)
}

impl From<&AccessEvent> for Row {
    fn from(event: &AccessEvent) -> Self {
        Self {
            id: event.id.clone(),
            kind: event.kind.to_string(),
            account: event.account.clone(),
            known: event.known,
            source: event.source.clone(),
            operation: event.operation.clone(),
            status: event.status,
            code: event.code.clone(),
            times: event.times,
            first_at: event.first_at.naive_utc(),
            last_at: event.last_at.naive_utc(),
            last_request: event.last_request.clone(),
        }
    }
}

impl TryFrom<Row> for AccessEvent {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let place = Place {
            table: "access_events",
            key: &row.id,
        };
        Ok(Self {
            kind: place.name(&row.kind)?,
            id: row.id,
            account: row.account,
            known: row.known,
            source: row.source,
            operation: row.operation,
            status: row.status,
            code: row.code,
            times: row.times,
            first_at: row.first_at.and_utc(),
            last_at: row.last_at.and_utc(),
            last_request: row.last_request,
        })
    }
}
