//! The tables of sums as an audit reads them, and the rows that the sums are made of.
//!
//! What sums are derived from is read in pages. Stored sums are read whole, a kind of span at a
//! time: their number grows with places and days, not with records.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::schema::{
    beneficiaries, disbursements, funds, people, people_counts, programs, sale_sums, sales, steps,
    tallies,
};
use crate::db::{Conn, DbError};

/// People whose histories are read at a time.
const PEOPLE_PER_PAGE: i64 = 500;
/// Sales that are read at a time.
const SALES_PER_PAGE: i64 = 1_000;

/// The sums of what a program did, as stored.
#[derive(Debug, Queryable)]
pub(super) struct TallyRow {
    pub(super) book: i64,
    pub(super) program: String,
    pub(super) fund: String,
    pub(super) region: String,
    pub(super) payee: String,
    pub(super) form: String,
    pub(super) starts_on: NaiveDate,
    pub(super) sums: (i64, i64, i64, i64, i64, i64, i64),
}

/// A sum of sales, as stored.
#[derive(Debug, Queryable)]
pub(super) struct SaleSumRow {
    pub(super) book: i64,
    pub(super) program: String,
    pub(super) product: String,
    pub(super) region: String,
    pub(super) starts_on: NaiveDate,
    pub(super) grams: i64,
    pub(super) amount: i64,
    pub(super) orders: i64,
}

/// A sale, as stored.
#[derive(Debug, Queryable)]
pub(super) struct SaleRow {
    pub(super) id: String,
    pub(super) book: i64,
    pub(super) program: String,
    pub(super) product: String,
    pub(super) region: String,
    pub(super) sold_on: NaiveDate,
    pub(super) grams: i64,
    pub(super) amount: i64,
    pub(super) orders: i64,
    pub(super) status: String,
    pub(super) cancelled_on: Option<NaiveDate>,
}

/// Something a person was approved or gave back, as stored.
#[derive(Debug, Queryable)]
pub(super) struct GivenRow {
    pub(super) person: Option<String>,
    pub(super) program: String,
    pub(super) fund: String,
    pub(super) verb: String,
    pub(super) on: NaiveDate,
    pub(super) amount: Option<i64>,
}

/// What a person stands at in a scope, as stored.
#[derive(Debug, Queryable)]
pub(super) struct StandingRow {
    pub(super) person: String,
    pub(super) scope: String,
    pub(super) net: i64,
    pub(super) last_on: NaiveDate,
    pub(super) since: Option<NaiveDate>,
}

/// The sums of programs over one kind of span.
pub(super) fn tallies(conn: &mut Conn, span: i32) -> Result<Vec<TallyRow>, DbError> {
    Ok(tallies::table
        .filter(tallies::span.eq(span))
        .select((
            tallies::book,
            tallies::program,
            tallies::fund,
            tallies::region,
            tallies::payee,
            tallies::form,
            tallies::starts_on,
            (
                tallies::submitted,
                tallies::approved,
                tallies::paid,
                tallies::refunded,
                tallies::payments,
                tallies::donations,
                tallies::receipts,
            ),
        ))
        .load(conn)?)
}

/// The sums of sales over one kind of span.
pub(super) fn sale_sums(conn: &mut Conn, span: i32) -> Result<Vec<SaleSumRow>, DbError> {
    Ok(sale_sums::table
        .filter(sale_sums::span.eq(span))
        .select((
            sale_sums::book,
            sale_sums::program,
            sale_sums::product,
            sale_sums::region,
            sale_sums::starts_on,
            sale_sums::grams,
            sale_sums::amount,
            sale_sums::orders,
        ))
        .load(conn)?)
}

/// The next sales after one, by id.
pub(super) fn sales(conn: &mut Conn, after: &str) -> Result<Vec<SaleRow>, DbError> {
    Ok(sales::table
        .filter(sales::id.gt(after))
        .order(sales::id)
        .limit(SALES_PER_PAGE)
        .select((
            sales::id,
            sales::book,
            sales::program,
            sales::product_code,
            sales::origin_region,
            sales::sold_on,
            sales::grams,
            sales::amount,
            sales::orders,
            sales::status,
            sales::cancelled_on,
        ))
        .load(conn)?)
}

/// Each fund with the fund it is a part of.
pub(super) fn parents(conn: &mut Conn) -> Result<Vec<(String, Option<String>)>, DbError> {
    Ok(funds::table
        .select((funds::code, funds::part_of))
        .load(conn)?)
}

/// The programs that make good a damage.
pub(super) fn compensation_programs(conn: &mut Conn) -> Result<BTreeSet<String>, DbError> {
    let codes: Vec<String> = programs::table
        .filter(programs::kind.eq("compensation"))
        .select(programs::code)
        .load(conn)?;
    Ok(codes.into_iter().collect())
}

/// The next people after one, by id.
pub(super) fn people(conn: &mut Conn, after: &str) -> Result<Vec<String>, DbError> {
    Ok(beneficiaries::table
        .filter(beneficiaries::id.gt(after))
        .order(beneficiaries::id)
        .limit(PEOPLE_PER_PAGE)
        .select(beneficiaries::id)
        .load(conn)?)
}

/// All that these people were approved or gave back.
pub(super) fn given(conn: &mut Conn, people: &[String]) -> Result<Vec<GivenRow>, DbError> {
    Ok(disbursements::table
        .inner_join(steps::table.on(steps::record.eq(disbursements::id)))
        .filter(disbursements::beneficiary.eq_any(people))
        .filter(steps::verb.eq_any(["approve", "cancel", "refund"]))
        .select((
            disbursements::beneficiary,
            disbursements::program,
            disbursements::fund,
            steps::verb,
            steps::effective_on,
            steps::amount,
        ))
        .load(conn)?)
}

/// Every scope in which anybody stands at something.
pub(super) fn scopes(conn: &mut Conn) -> Result<Vec<String>, DbError> {
    Ok(people::table.select(people::scope).distinct().load(conn)?)
}

/// What the people after one and up to another stand at in these scopes; all that follow without
/// an end.
pub(super) fn standings(
    conn: &mut Conn,
    scopes: &[String],
    after: &str,
    until: Option<&str>,
) -> Result<Vec<StandingRow>, DbError> {
    let mut query = people::table
        .filter(people::scope.eq_any(scopes))
        .filter(people::person.gt(after))
        .into_boxed();
    if let Some(until) = until {
        query = query.filter(people::person.le(until));
    }
    Ok(query.load(conn)?)
}

/// How the number of people in each scope changed, over one kind of span.
pub(super) fn counts(conn: &mut Conn, span: i32) -> Result<Vec<(String, NaiveDate, i64)>, DbError> {
    Ok(people_counts::table
        .filter(people_counts::span.eq(span))
        .select((
            people_counts::scope,
            people_counts::starts_on,
            people_counts::people,
        ))
        .load(conn)?)
}
