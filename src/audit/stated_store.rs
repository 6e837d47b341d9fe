//! Statements of sales and uses of donations as an audit reads them: in pages, and in the words of
//! the commands that made them.

use chrono::NaiveDate;
use diesel::prelude::*;
use serde_json::{Value, json};

use super::stated::Noun;
use crate::db::schema::{donation_uses, donations, sale_statements};
use crate::db::{Conn, DbError};
use crate::money::Weight;

/// Rows that are read at a time.
const ROWS_PER_PAGE: i64 = 500;

/// A row's key: an id, and the number of a part.
pub(super) type Key = (String, i32);

/// A row in the words of its commands.
#[derive(Debug)]
pub(super) struct RowOf {
    pub(super) key: Key,
    pub(super) book: i64,
    /// What its events happened to.
    pub(super) subject: String,
    /// As the command told it that made it.
    pub(super) told: Value,
    /// As the command told it that undid it.
    pub(super) undone: Option<Value>,
}

impl RowOf {
    /// Where the row is.
    pub(super) fn place(&self) -> String {
        match self.key.1 {
            0 => self.subject.clone(),
            number => format!("{} use {number}", self.subject),
        }
    }
}

/// The next rows after one, by key.
pub(super) fn rows(
    conn: &mut Conn,
    noun: Noun,
    after: Option<&Key>,
) -> Result<Vec<RowOf>, DbError> {
    match noun {
        Noun::Statement => statements(conn, after),
        Noun::Use => uses(conn, after),
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = sale_statements)]
struct StatementRow {
    id: String,
    book: i64,
    program: String,
    basis: String,
    period_start: NaiveDate,
    period_end: NaiveDate,
    grams: Option<i64>,
    amount: Option<i64>,
    orders: Option<i64>,
    buyers: Option<i64>,
    buyers_basis: Option<String>,
    reason: Option<String>,
    source: Option<String>,
    external_id: Option<String>,
    cancel_reason: Option<String>,
    cancelled_on: Option<NaiveDate>,
}

fn statements(conn: &mut Conn, after: Option<&Key>) -> Result<Vec<RowOf>, DbError> {
    let rows: Vec<StatementRow> = sale_statements::table
        .filter(sale_statements::id.gt(after.map_or("", |(id, _)| id)))
        .order(sale_statements::id)
        .limit(ROWS_PER_PAGE)
        .select(StatementRow::as_select())
        .load(conn)?;
    Ok(rows.into_iter().map(statement).collect())
}

fn statement(row: StatementRow) -> RowOf {
    let text = |number: Option<i64>| number.map(|number| number.to_string());
    let told = json!({
        "id": row.id,
        "program": row.program,
        "period": { "start": row.period_start, "end": row.period_end },
        "basis": row.basis,
        "quantity_kg": row.grams.map(|grams| Weight::from_grams(grams).to_string()),
        "amount": text(row.amount),
        "orders": row.orders,
        "buyers": row.buyers,
        "buyers_basis": row.buyers_basis,
        "reason": row.reason,
        "source": row.source,
        "external_id": row.external_id,
    });
    let (id, reason) = (&row.id, &row.cancel_reason);
    let undone = row
        .cancelled_on
        .map(|on| json!({ "id": id, "effective_on": on, "reason": reason }));
    RowOf {
        book: row.book,
        subject: format!("sale_statement:{}", row.id),
        told,
        undone,
        key: (row.id, 0),
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = donation_uses)]
struct UseRow {
    donation: String,
    number: i32,
    period_start: NaiveDate,
    period_end: NaiveDate,
    effective_on: NaiveDate,
    region: String,
    used: i64,
    returned: i64,
    beneficiaries: Option<i64>,
    note: Option<String>,
    cancel_reason: Option<String>,
    cancelled_on: Option<NaiveDate>,
}

fn uses(conn: &mut Conn, after: Option<&Key>) -> Result<Vec<RowOf>, DbError> {
    let (donation, number) = after.map_or(("", 0), |(id, number)| (id.as_str(), *number));
    let rows: Vec<(UseRow, i64)> = donation_uses::table
        .inner_join(donations::table.on(donations::id.eq(donation_uses::donation)))
        .filter(
            donation_uses::donation
                .gt(donation)
                .or(donation_uses::donation
                    .eq(donation)
                    .and(donation_uses::number.gt(number))),
        )
        .order((donation_uses::donation, donation_uses::number))
        .limit(ROWS_PER_PAGE)
        .select((UseRow::as_select(), donations::book))
        .load(conn)?;
    Ok(rows.into_iter().map(use_of).collect())
}

fn use_of((row, book): (UseRow, i64)) -> RowOf {
    let told = json!({
        "id": row.donation,
        "number": row.number,
        "period": { "start": row.period_start, "end": row.period_end },
        "effective_on": row.effective_on,
        "region": Some(&row.region).filter(|region| !region.is_empty()),
        "used": row.used.to_string(),
        "returned": row.returned.to_string(),
        "beneficiaries": row.beneficiaries,
        "note": row.note,
    });
    let (id, number, reason) = (&row.donation, row.number, &row.cancel_reason);
    let undone = row
        .cancelled_on
        .map(|on| json!({ "id": id, "number": number, "effective_on": on, "reason": reason }));
    RowOf {
        book,
        subject: format!("donation:{}", row.donation),
        told,
        undone,
        key: (row.donation, row.number),
    }
}
