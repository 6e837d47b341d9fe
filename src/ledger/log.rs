//! Reading the log of a book: what happened to something, in the order it was recorded.
//!
//! Cost: one statement, on the index by subject and kind where the subject is given. The
//! [trail](super::trail) goes over all books.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::event::Event;
use super::trail::{Logged, Mark, TrailFilter};
use crate::db::schema::{books, events};
use crate::db::{Conn, DbError, Sql};

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

/// The newest events of all books, from the first one before `mark` on, at most `limit`.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] for a leaf that is none.
pub fn newest(
    conn: &mut Conn,
    filter: &TrailFilter,
    mark: Option<Mark>,
    limit: i64,
) -> Result<Vec<Logged>, DbError> {
    let Some(query) = narrowed(conn, filter)? else {
        return Ok(Vec::new());
    };
    let (last, book) = (events::sequence.desc(), events::book.desc());
    // Within a book, sequences tell the order of recording, and they are its key.
    let of_one_book = filter.book.is_some() && filter.actor.is_none() && filter.kind.is_none();
    let mut query = if of_one_book {
        query.order(last)
    } else {
        query.order((events::recorded_at.desc(), book, last))
    };
    if let Some(mark) = mark {
        let at = mark.recorded_at.naive_utc();
        let of_book = events::book.eq(mark.book);
        let earlier = of_book.and(events::sequence.lt(mark.sequence));
        let tied = events::book.lt(mark.book).or(earlier);
        // What the first condition says again, an index can be searched for.
        query = query
            .filter(events::recorded_at.le(at))
            .filter(events::recorded_at.lt(at).or(tied));
    }
    logged(conn, query.limit(limit))
}

/// The oldest events of all books without the first `skipped`, at most `limit`.
///
/// # Errors
/// As [`newest`].
pub fn oldest(
    conn: &mut Conn,
    filter: &TrailFilter,
    skipped: i64,
    limit: i64,
) -> Result<Vec<Logged>, DbError> {
    let Some(query) = narrowed(conn, filter)? else {
        return Ok(Vec::new());
    };
    let query = query.order((events::recorded_at, events::book, events::sequence));
    logged(conn, query.offset(skipped).limit(limit))
}

type Narrowed = events::BoxedQuery<'static, Sql>;

/// The events that a filter leaves; nothing where it names a book that is not there.
fn narrowed(conn: &mut Conn, filter: &TrailFilter) -> Result<Option<Narrowed>, DbError> {
    let mut query = events::table.into_boxed();
    if let Some(key) = &filter.book {
        let known: Option<i64> = books::table
            .filter(books::key.eq(key))
            .select(books::book)
            .first(conn)
            .optional()?;
        let Some(book) = known else {
            return Ok(None);
        };
        query = query.filter(events::book.eq(book));
    } else if !filter.subjects.is_empty() {
        // The index of subjects leads with the book.
        query = query.filter(events::book.eq_any(books::table.select(books::book)));
    }
    if !filter.subjects.is_empty() {
        query = query.filter(events::subject.eq_any(filter.subjects.clone()));
    }
    if let Some(actor) = filter.actor.clone() {
        query = query.filter(events::actor.eq(actor));
    }
    query = match filter.kind.clone() {
        // Whoever acted did few things of most kinds, and the index of actors holds the kind: that of
        // kinds, which may lead through half the log, is kept out of it.
        Some(kind) if filter.actor.is_some() => query.filter(events::kind.concat("").eq(kind)),
        Some(kind) => query.filter(events::kind.eq(kind)),
        None => query,
    };
    if let Some(from) = filter.from {
        query = query.filter(events::recorded_at.ge(from.naive_utc()));
    }
    if let Some(before) = filter.before {
        query = query.filter(events::recorded_at.lt(before.naive_utc()));
    }
    Ok(Some(query))
}

/// Reads events with the keys of their books.
fn logged(conn: &mut Conn, query: Narrowed) -> Result<Vec<Logged>, DbError> {
    let rows: Vec<(EventRow, Vec<u8>)> = query
        .select((EventRow::as_select(), events::leaf))
        .load(conn)?;
    let mut numbers: Vec<i64> = rows.iter().map(|(row, _)| row.book).collect();
    numbers.sort_unstable();
    numbers.dedup();
    let keys: Vec<(i64, String)> = books::table
        .filter(books::book.eq_any(numbers))
        .select((books::book, books::key))
        .load(conn)?;
    let keys: BTreeMap<i64, String> = keys.into_iter().collect();
    let logged = rows.into_iter().map(|(row, leaf)| {
        let no_leaf = |_length| DbError::Schema(format!("{}/{}: leaf", row.book, row.sequence));
        Ok(Logged {
            leaf: leaf.as_slice().try_into().map_err(no_leaf)?,
            book: keys.get(&row.book).cloned().unwrap_or_default(),
            event: Event::from(row),
        })
    });
    logged.collect()
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
