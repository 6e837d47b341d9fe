//! The ledger's rows as an audit reads them: in pages, and without trust in what they say.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::account::{AccountKey, Bucket, Line};
use super::event::Event;
use crate::code::Code;
use crate::db::schema::{account_sums, accounts, books, events, transfers};
use crate::db::{Conn, DbError};
use crate::text_enum::TextEnum;

/// Events that are read at a time.
pub(super) const EVENTS_PER_PAGE: i64 = 1_000;

/// The head of a book, as stored.
#[derive(Debug, Clone, Queryable)]
pub(super) struct BookRow {
    pub(super) book: i64,
    pub(super) key: String,
    pub(super) sequence: i64,
    pub(super) recorded_at: NaiveDateTime,
    pub(super) accounts: i64,
    pub(super) frontier: Vec<u8>,
}

/// An event, as stored.
#[derive(Debug, Clone, Queryable)]
pub(super) struct EventRow {
    pub(super) book: i64,
    pub(super) sequence: i64,
    pub(super) kind: String,
    pub(super) subject: String,
    pub(super) actor: String,
    pub(super) request_id: String,
    pub(super) effective_on: NaiveDate,
    pub(super) recorded_at: NaiveDateTime,
    pub(super) command: String,
    pub(super) leaf: Vec<u8>,
}

/// A transfer, as stored.
#[derive(Debug, Clone, Queryable)]
pub(super) struct TransferRow {
    pub(super) sequence: i64,
    pub(super) part: i32,
    pub(super) kind: String,
    pub(super) form: String,
    pub(super) debit: i64,
    pub(super) credit: i64,
    pub(super) amount: i64,
    pub(super) effective_on: NaiveDate,
    pub(super) year: i32,
    pub(super) month: i32,
    pub(super) reverses: Option<i64>,
}

/// An account, as stored.
#[derive(Debug, Clone, Queryable)]
pub(super) struct AccountRow {
    pub(super) account: i64,
    pub(super) fund: String,
    pub(super) program: String,
    pub(super) fiscal_year: i32,
    pub(super) bucket: String,
    pub(super) limited: bool,
    pub(super) balance: i64,
    pub(super) last_on: NaiveDate,
    pub(super) backdated: bool,
}

/// A sum of an account, as stored.
#[derive(Debug, Clone, Queryable)]
pub(super) struct SumRow {
    pub(super) account: i64,
    pub(super) kind: String,
    pub(super) form: String,
    pub(super) starts_on: NaiveDate,
    pub(super) debit: i64,
    pub(super) credit: i64,
}

impl EventRow {
    /// The event that the row tells, without its leaf.
    pub(super) fn to_event(&self) -> Event {
        Event {
            book: self.book,
            sequence: self.sequence,
            kind: self.kind.clone(),
            subject: self.subject.clone(),
            actor: self.actor.clone(),
            request_id: self.request_id.clone(),
            effective_on: self.effective_on,
            recorded_at: self.recorded_at.and_utc(),
            command: self.command.clone(),
        }
    }
}

impl AccountRow {
    /// What the account is for; `None` where the bucket is none of ours.
    pub(super) fn key(&self) -> Option<AccountKey> {
        let line = Line {
            fund: Code::stored_or_none(self.fund.clone()),
            program: Code::stored_or_none(self.program.clone()),
            fiscal_year: (self.fiscal_year != 0).then_some(self.fiscal_year),
        };
        Some(AccountKey {
            line,
            bucket: Bucket::from_name(&self.bucket)?,
        })
    }
}

/// The heads of all books, by number.
pub(super) fn books(conn: &mut Conn) -> Result<Vec<BookRow>, DbError> {
    Ok(books::table.order(books::book).load(conn)?)
}

/// All accounts of a book, by number.
pub(super) fn accounts(conn: &mut Conn, book: i64) -> Result<Vec<AccountRow>, DbError> {
    Ok(accounts::table
        .filter(accounts::book.eq(book))
        .order(accounts::account)
        .select((
            accounts::account,
            accounts::fund,
            accounts::program,
            accounts::fiscal_year,
            accounts::bucket,
            accounts::limited,
            accounts::balance,
            accounts::last_on,
            accounts::backdated,
        ))
        .load(conn)?)
}

/// The next [`EVENTS_PER_PAGE`] events of a book, by sequence.
pub(super) fn events(conn: &mut Conn, book: i64, after: i64) -> Result<Vec<EventRow>, DbError> {
    Ok(events::table
        .filter(events::book.eq(book))
        .filter(events::sequence.gt(after))
        .order(events::sequence)
        .limit(EVENTS_PER_PAGE)
        .load(conn)?)
}

/// The transfers of a book after one event and up to another, by sequence and part.
pub(super) fn transfers(
    conn: &mut Conn,
    book: i64,
    (after, until): (i64, i64),
) -> Result<Vec<TransferRow>, DbError> {
    Ok(transfers::table
        .filter(transfers::book.eq(book))
        .filter(transfers::sequence.gt(after))
        .filter(transfers::sequence.le(until))
        .order((transfers::sequence, transfers::part))
        .select((
            transfers::sequence,
            transfers::part,
            transfers::kind,
            transfers::form,
            transfers::debit,
            transfers::credit,
            transfers::amount,
            transfers::effective_on,
            transfers::year,
            transfers::month,
            transfers::reverses,
        ))
        .load(conn)?)
}

/// The sums of a book's accounts over one kind of span.
pub(super) fn sums(conn: &mut Conn, book: i64, span: i32) -> Result<Vec<SumRow>, DbError> {
    Ok(account_sums::table
        .filter(account_sums::book.eq(book))
        .filter(account_sums::span.eq(span))
        .select((
            account_sums::account,
            account_sums::kind,
            account_sums::form,
            account_sums::starts_on,
            account_sums::debit,
            account_sums::credit,
        ))
        .load(conn)?)
}

/// Events asked for by sequence in one statement, at most.
const SEQUENCES_PER_STATEMENT: usize = 1_000;

/// What the log holds at one place: the event, and what it moved for each reason.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Logged {
    /// The dotted name of the event.
    pub kind: String,
    /// What it happened to.
    pub subject: String,
    /// Who did it.
    pub actor: String,
    /// Won moved, by the name of the reason.
    pub moved: BTreeMap<String, i128>,
}

/// What the log of a book holds at these sequences; one that is not there is left out.
///
/// # Errors
/// [`DbError::Statement`].
pub fn logged(
    conn: &mut Conn,
    book: i64,
    sequences: &[i64],
) -> Result<BTreeMap<i64, Logged>, DbError> {
    let mut found: BTreeMap<i64, Logged> = BTreeMap::new();
    for wanted in sequences.chunks(SEQUENCES_PER_STATEMENT) {
        let columns = (
            events::sequence,
            events::kind,
            events::subject,
            events::actor,
        );
        let heads: Vec<(i64, String, String, String)> = events::table
            .filter(events::book.eq(book))
            .filter(events::sequence.eq_any(wanted))
            .select(columns)
            .load(conn)?;
        for (sequence, kind, subject, actor) in heads {
            found.insert(
                sequence,
                Logged {
                    kind,
                    subject,
                    actor,
                    moved: BTreeMap::new(),
                },
            );
        }
        let moves: Vec<(i64, String, i64)> = transfers::table
            .filter(transfers::book.eq(book))
            .filter(transfers::sequence.eq_any(wanted))
            .select((transfers::sequence, transfers::kind, transfers::amount))
            .load(conn)?;
        for (sequence, kind, amount) in moves {
            if let Some(logged) = found.get_mut(&sequence) {
                let moved = logged.moved.entry(kind).or_default();
                *moved = moved.saturating_add(i128::from(amount));
            }
        }
    }
    Ok(found)
}

/// The commands of a book's events at these sequences.
///
/// # Errors
/// [`DbError::Statement`].
pub fn commands(
    conn: &mut Conn,
    book: i64,
    sequences: &[i64],
) -> Result<BTreeMap<i64, String>, DbError> {
    let mut found = BTreeMap::new();
    for wanted in sequences.chunks(SEQUENCES_PER_STATEMENT) {
        let rows: Vec<(i64, String)> = events::table
            .filter(events::book.eq(book))
            .filter(events::sequence.eq_any(wanted))
            .select((events::sequence, events::command))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The first event of a kind on each of these subjects, by its sequence in the book.
///
/// # Errors
/// [`DbError::Statement`].
pub fn first_of_kind(
    conn: &mut Conn,
    book: i64,
    kind: &str,
    subjects: &[String],
) -> Result<BTreeMap<String, i64>, DbError> {
    let mut found: BTreeMap<String, i64> = BTreeMap::new();
    for wanted in subjects.chunks(SEQUENCES_PER_STATEMENT) {
        let rows: Vec<(String, i64)> = events::table
            .filter(events::book.eq(book))
            .filter(events::subject.eq_any(wanted))
            .filter(events::kind.eq(kind))
            .order(events::sequence)
            .select((events::subject, events::sequence))
            .load(conn)?;
        for (subject, sequence) in rows {
            found.entry(subject).or_insert(sequence);
        }
    }
    Ok(found)
}

/// An event with what was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The dotted name of the event.
    pub kind: String,
    /// What it happened to.
    pub subject: String,
    /// The command, as stored.
    pub command: String,
}

/// What the log of a book tells of these subjects in events of these kinds, in their order.
///
/// # Errors
/// [`DbError::Statement`].
pub fn told(
    conn: &mut Conn,
    book: i64,
    kinds: &[&str],
    subjects: &[String],
) -> Result<Vec<Told>, DbError> {
    let mut found = Vec::new();
    for wanted in subjects.chunks(SEQUENCES_PER_STATEMENT) {
        let rows: Vec<(String, String, String)> = events::table
            .filter(events::book.eq(book))
            .filter(events::subject.eq_any(wanted))
            .filter(events::kind.eq_any(kinds))
            .order(events::sequence)
            .select((events::kind, events::subject, events::command))
            .load(conn)?;
        let told = |(kind, subject, command)| Told {
            kind,
            subject,
            command,
        };
        found.extend(rows.into_iter().map(told));
    }
    Ok(found)
}

/// How many events of a kind all logs hold.
///
/// # Errors
/// [`DbError::Statement`].
pub fn number_of_kind(conn: &mut Conn, kind: &str) -> Result<i64, DbError> {
    let events = events::table.filter(events::kind.eq(kind));
    Ok(events.count().get_result(conn)?)
}
