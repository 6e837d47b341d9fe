//! The ledger's tables. Nobody else writes them.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::account::{Account, AccountKey, Bucket, Line};
use super::event::Event;
use super::journal::{Head, Journal};
use super::sums::Span;
use super::transfer::{Form, TransferKind};
use super::tree::Frontier;
use crate::code::{Code, or_empty};
use crate::db::among::AmongKeys;
use crate::db::dialect::{insert_rows, upsert_rows};
use crate::db::kept::by_common;
use crate::db::schema::{account_sums, accounts, books, events, transfers};
use crate::db::times::{Day, Instant};
use crate::db::words::Words;
use crate::db::{Conn, DbError};
use crate::money::Won;
use crate::text_enum::TextEnum;

/// The number of the book of everything that belongs to no fund.
pub const HOUSE: i64 = 1;

/// How a book is asked for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BookRef {
    /// By its number.
    Number(i64),
    /// By its name; opened by its first event if it is not there yet.
    Key(String),
}

/// Of a row that is there already.
struct UpsertAccounts;

impl Words for UpsertAccounts {
    const WORDS: &'static str = "ON CONFLICT (book, account) DO UPDATE SET \
        balance = excluded.balance, last_on = excluded.last_on, \
        backdated = excluded.backdated";
}

/// Of a row that is there already.
struct UpsertAccountSums;

impl Words for UpsertAccountSums {
    const WORDS: &'static str = "ON CONFLICT (book, span, account, starts_on, kind, form) DO UPDATE SET \
        debit = account_sums.debit + excluded.debit, \
        credit = account_sums.credit + excluded.credit";
}

impl BookRef {
    /// The book of everything that belongs to no fund.
    #[must_use]
    pub fn house() -> Self {
        Self::Number(HOUSE)
    }

    /// The book of a root fund and its children.
    #[must_use]
    pub fn fund(root: &Code) -> Self {
        Self::Key(format!("fund:{root}"))
    }

    /// The book of a program without funds.
    #[must_use]
    pub fn program(program: &Code) -> Self {
        Self::Key(format!("program:{program}"))
    }
}

#[derive(Queryable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = books, primary_key(book), treat_none_as_default_value = false)]
struct BookRow {
    book: i64,
    key: String,
    sequence: i64,
    recorded_at: NaiveDateTime,
    accounts: i64,
    frontier: Vec<u8>,
}

#[derive(Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
struct EventRow<'a> {
    book: i64,
    sequence: i64,
    kind: &'a str,
    subject: &'a str,
    actor: &'a str,
    request_id: &'a str,
    effective_on: Day,
    recorded_at: Instant,
    command: &'a str,
    leaf: &'a [u8],
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = accounts, treat_none_as_default_value = false)]
struct AccountRow {
    book: i64,
    account: i64,
    fund: String,
    program: String,
    fiscal_year: i32,
    bucket: String,
    limited: bool,
    balance: i64,
    last_on: Day,
    backdated: bool,
}

#[derive(Insertable)]
#[diesel(table_name = transfers, treat_none_as_default_value = false)]
struct TransferRow {
    book: i64,
    sequence: i64,
    part: i32,
    kind: &'static str,
    form: &'static str,
    debit: i64,
    credit: i64,
    amount: i64,
    effective_on: Day,
    year: i32,
    month: i32,
    reverses: Option<i64>,
}

#[derive(Insertable)]
#[diesel(table_name = account_sums, treat_none_as_default_value = false)]
struct SumRow {
    book: i64,
    account: i64,
    kind: &'static str,
    form: &'static str,
    span: i32,
    starts_on: Day,
    debit: i64,
    credit: i64,
}

/// Locks a book and reads its head. A book asked for by name may be one that is yet to open.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when the stored frontier does not fit its size.
pub fn head(conn: &mut Conn, book: &BookRef) -> Result<Option<Head>, DbError> {
    lock(conn, book)?;
    // Without `first`: its `LIMIT` would make SQLite prepare the statement anew each time.
    let row: Option<BookRow> = match book {
        BookRef::Number(number) => books::table.find(number).get_result(conn),
        BookRef::Key(key) => books::table.filter(books::key.eq(key)).get_result(conn),
    }
    .optional()?;
    match (row, book) {
        (Some(row), _) => Ok(Some(row.into_head()?)),
        (None, BookRef::Number(_)) => Ok(None),
        (None, BookRef::Key(key)) => {
            // Books open one after the other: their numbers have no gaps and are never raced for.
            lock(conn, &BookRef::house())?;
            let last: Option<i64> = books::table
                .select(diesel::dsl::max(books::book))
                .first(conn)?;
            Ok(Some(Head {
                book: last.unwrap_or(0).saturating_add(1),
                key: key.clone(),
                fresh: true,
                sequence: 0,
                recorded_at: DateTime::UNIX_EPOCH,
                accounts: 0,
                frontier: Frontier::default(),
            }))
        }
    }
}

/// Makes racing writers of a book wait here, where there may be any: the update is the lock.
fn lock(conn: &mut Conn, book: &BookRef) -> Result<(), DbError> {
    if conn.writes_alone() {
        return Ok(());
    }
    let same = books::sequence.eq(books::sequence);
    match book {
        BookRef::Number(number) => diesel::update(books::table.find(number))
            .set(same)
            .execute(conn),
        BookRef::Key(key) => diesel::update(books::table.filter(books::key.eq(key)))
            .set(same)
            .execute(conn),
    }?;
    Ok(())
}

impl BookRow {
    fn into_head(self) -> Result<Head, DbError> {
        let size = u64::try_from(self.sequence).unwrap_or(0);
        let frontier = Frontier::read(size, &self.frontier)
            .map_err(|e| DbError::Schema(format!("book {}: {e}", self.key)))?;
        Ok(Head {
            book: self.book,
            key: self.key,
            fresh: false,
            sequence: self.sequence,
            recorded_at: self.recorded_at.and_utc(),
            accounts: self.accounts,
            frontier,
        })
    }
}

/// Reads the heads of all books, by number. For audits and positions.
///
/// # Errors
/// As [`head`].
pub fn heads(conn: &mut Conn) -> Result<Vec<Head>, DbError> {
    let rows: Vec<BookRow> = books::table.order(books::book).load(conn)?;
    rows.into_iter().map(BookRow::into_head).collect()
}

/// Reads those of the wanted accounts that exist.
///
/// # Errors
/// [`DbError::Statement`].
pub fn accounts(
    conn: &mut Conn,
    book: i64,
    wanted: &[AccountKey],
) -> Result<Vec<Account>, DbError> {
    let lines = wanted.iter().map(|key| {
        let line = &key.line;
        (
            or_empty(line.fund.as_ref()),
            or_empty(line.program.as_ref()),
        )
    });
    let mut rows: Vec<AccountRow> = Vec::new();
    for (fund, programs) in by_common(lines) {
        let programs: BTreeSet<&str> = programs.into_iter().collect();
        let found = accounts::table
            .filter(accounts::book.eq(book))
            .filter(accounts::fund.eq(fund))
            .filter(accounts::program.among(programs))
            .load(conn)?;
        rows.extend::<Vec<AccountRow>>(found);
    }
    Ok(rows
        .into_iter()
        .filter_map(AccountRow::into_account)
        .collect())
}

impl AccountRow {
    fn into_account(self) -> Option<Account> {
        let line = Line {
            fund: Code::stored_or_none(self.fund),
            program: Code::stored_or_none(self.program),
            fiscal_year: (self.fiscal_year != 0).then_some(self.fiscal_year),
        };
        Some(Account {
            number: Some(self.account),
            key: AccountKey {
                line,
                bucket: Bucket::from_name(&self.bucket)?,
            },
            limited: self.limited,
            balance: Won::new(self.balance),
            last_on: self.last_on.0,
            backdated: self.backdated,
        })
    }

    fn of(book: i64, account: &Account) -> Option<Self> {
        let line = &account.key.line;
        Some(Self {
            book,
            account: account.number?,
            fund: or_empty(line.fund.as_ref()).to_owned(),
            program: or_empty(line.program.as_ref()).to_owned(),
            fiscal_year: line.fiscal_year.unwrap_or(0),
            bucket: account.key.bucket.to_string(),
            limited: account.limited,
            balance: account.balance.get(),
            last_on: Day(account.last_on),
            backdated: account.backdated,
        })
    }
}

/// Writes what a journal collected: each table once.
///
/// # Errors
/// [`DbError::Statement`]: nothing of the transaction may then be kept.
pub fn write(conn: &mut Conn, journal: &Journal) -> Result<(), DbError> {
    if journal.events.is_empty() {
        return Ok(());
    }
    write_head(conn, journal.head())?;
    write_events(conn, &journal.events)?;
    write_accounts(conn, journal)?;
    write_transfers(conn, journal)?;
    write_sums(conn, journal)
}

fn write_head(conn: &mut Conn, head: &Head) -> Result<(), DbError> {
    let row = BookRow {
        book: head.book,
        key: head.key.clone(),
        sequence: head.sequence,
        recorded_at: head.recorded_at.naive_utc(),
        accounts: head.accounts,
        frontier: head.frontier.stored(),
    };
    if head.fresh {
        diesel::insert_into(books::table)
            .values(&row)
            .execute(conn)?;
    } else {
        diesel::update(&row).set(&row).execute(conn)?;
    }
    Ok(())
}

fn write_events(conn: &mut Conn, new: &[(Event, super::tree::Hash)]) -> Result<(), DbError> {
    let rows: Vec<EventRow<'_>> = new
        .iter()
        .map(|(event, leaf)| EventRow {
            book: event.book,
            sequence: event.sequence,
            kind: &event.kind,
            subject: &event.subject,
            actor: &event.actor,
            request_id: &event.request_id,
            effective_on: Day(event.effective_on),
            recorded_at: Instant(event.recorded_at.naive_utc()),
            command: &event.command,
            leaf,
        })
        .collect();
    Ok(insert_rows!(conn, events::table, rows)?)
}

fn write_accounts(conn: &mut Conn, journal: &Journal) -> Result<(), DbError> {
    let book = journal.head().book;
    let rows: Vec<AccountRow> = journal
        .touched()
        .filter_map(|account| AccountRow::of(book, account))
        .collect();
    Ok(upsert_rows!(conn, accounts::table, rows, UpsertAccounts)?)
}

fn write_transfers(conn: &mut Conn, journal: &Journal) -> Result<(), DbError> {
    let book = journal.head().book;
    let rows: Vec<TransferRow> = journal
        .transfers
        .iter()
        .map(|posted| TransferRow {
            book,
            sequence: posted.sequence,
            part: posted.part,
            kind: posted.transfer.kind.as_str(),
            form: posted.transfer.form.as_str(),
            debit: posted.debit,
            credit: posted.credit,
            amount: posted.transfer.amount.get(),
            effective_on: Day(posted.transfer.effective_on),
            year: posted.transfer.effective_on.year(),
            month: i32::try_from(posted.transfer.effective_on.month()).unwrap_or(0),
            reverses: posted.transfer.reverses,
        })
        .collect();
    Ok(insert_rows!(conn, transfers::table, rows)?)
}

fn write_sums(conn: &mut Conn, journal: &Journal) -> Result<(), DbError> {
    let book = journal.head().book;
    let rows: Vec<SumRow> = journal
        .sums
        .iter()
        .map(|(key, turnover)| SumRow {
            book,
            account: key.account,
            kind: key.kind.as_str(),
            form: key.form.as_str(),
            span: key.span.number(),
            starts_on: Day(key.starts_on),
            debit: turnover.debit.get(),
            credit: turnover.credit.get(),
        })
        .collect();
    Ok(upsert_rows!(
        conn,
        account_sums::table,
        rows,
        UpsertAccountSums
    )?)
}

/// One account's sums of one kind and form, as a report reads them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountSum {
    /// The number of the book.
    pub book: i64,
    /// What the account is for.
    pub key: AccountKey,
    /// Why money moved.
    pub kind: TransferKind,
    /// In what form.
    pub form: Form,
    /// The first day of the span.
    pub starts_on: NaiveDate,
    /// Taken from the account.
    pub debit: Won,
    /// Given to the account.
    pub credit: Won,
}

#[derive(Queryable)]
struct JoinedSum {
    account: AccountRow,
    kind: String,
    form: String,
    starts_on: NaiveDate,
    debit: i64,
    credit: i64,
}

/// Which accounts a report reads the sums of.
#[derive(Debug, Clone, Default)]
pub struct SumFilter {
    /// Only the accounts of these funds.
    pub funds: Option<Vec<Code>>,
    /// Only the accounts of this program.
    pub program: Option<Code>,
}

/// Reads the sums of one span that start on a day of `from..=to`.
///
/// # Errors
/// [`DbError::Statement`].
pub fn sums(
    conn: &mut Conn,
    filter: &SumFilter,
    span: Span,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<AccountSum>, DbError> {
    let mut query = accounts::table
        .inner_join(
            account_sums::table.on(account_sums::book
                .eq(accounts::book)
                .and(account_sums::account.eq(accounts::account))),
        )
        .filter(account_sums::span.eq(span.number()))
        .filter(account_sums::starts_on.ge(from))
        .filter(account_sums::starts_on.le(to))
        .select((
            accounts::all_columns,
            account_sums::kind,
            account_sums::form,
            account_sums::starts_on,
            account_sums::debit,
            account_sums::credit,
        ))
        .into_boxed();
    if let Some(funds) = &filter.funds {
        query = query.filter(accounts::fund.eq_any(funds.iter().map(Code::as_str)));
    }
    if let Some(program) = &filter.program {
        query = query.filter(accounts::program.eq(program.as_str()));
    }
    let rows: Vec<JoinedSum> = query.load(conn)?;
    Ok(rows.into_iter().filter_map(JoinedSum::into_sum).collect())
}

impl JoinedSum {
    fn into_sum(self) -> Option<AccountSum> {
        Some(AccountSum {
            book: self.account.book,
            kind: TransferKind::from_name(&self.kind)?,
            form: Form::from_name(&self.form)?,
            starts_on: self.starts_on,
            debit: Won::new(self.debit),
            credit: Won::new(self.credit),
            key: self.account.into_account()?.key,
        })
    }
}

/// The instant of the newest event in any book.
///
/// # Errors
/// [`DbError::Statement`].
pub fn newest(conn: &mut Conn) -> Result<DateTime<Utc>, DbError> {
    let newest: Option<NaiveDateTime> = books::table
        .select(diesel::dsl::max(books::recorded_at))
        .first(conn)?;
    Ok(newest.map_or(DateTime::UNIX_EPOCH, |instant| instant.and_utc()))
}
