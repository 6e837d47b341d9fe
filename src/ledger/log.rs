//! Reading the log of a book: what happened to something, in the order it was recorded.
//!
//! Cost: one statement, on the index by subject and kind where the subject is given.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::event::Event;
use crate::db::schema::events;
use crate::db::{Conn, DbError};

/// Which events are read; nothing set means all.
#[derive(Debug, Clone, Default)]
pub struct LogFilter {
    /// Only what happened to this, such as `fund:co-prosperity`.
    pub subject: Option<String>,
    /// Only events of these kinds; of any kind where there is none.
    pub kinds: Vec<&'static str>,
    /// Only from this value date on.
    pub from: Option<NaiveDate>,
    /// Only up to this value date, itself included.
    pub to: Option<NaiveDate>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = events)]
struct EventRow {
    book: i64,
    sequence: i64,
    kind: String,
    subject: String,
    actor: String,
    request_id: String,
    effective_on: NaiveDate,
    recorded_at: NaiveDateTime,
    command: String,
}

/// Reads at most `limit` events of a book, from the first after `after_sequence` on.
///
/// # Errors
/// [`DbError::Statement`].
pub fn read(
    conn: &mut Conn,
    book: i64,
    filter: &LogFilter,
    after_sequence: Option<i64>,
    limit: i64,
) -> Result<Vec<Event>, DbError> {
    let mut query = events::table
        .filter(events::book.eq(book))
        .order(events::sequence)
        .limit(limit)
        .select(EventRow::as_select())
        .into_boxed();
    if let Some(after) = after_sequence {
        query = query.filter(events::sequence.gt(after));
    }
    if let Some(subject) = &filter.subject {
        query = query.filter(events::subject.eq(subject));
    }
    if !filter.kinds.is_empty() {
        query = query.filter(events::kind.eq_any(&filter.kinds));
    }
    if let Some(from) = filter.from {
        query = query.filter(events::effective_on.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(events::effective_on.le(to));
    }
    let rows: Vec<EventRow> = query.load(conn)?;
    Ok(rows.into_iter().map(Event::from).collect())
}

impl From<EventRow> for Event {
    fn from(row: EventRow) -> Self {
        Self {
            book: row.book,
            sequence: row.sequence,
            kind: row.kind,
            subject: row.subject,
            actor: row.actor,
            request_id: row.request_id,
            effective_on: row.effective_on,
            recorded_at: row.recorded_at.and_utc(),
            command: row.command,
        }
    }
}
