//! What the books know of the rows of an import already: each question is one statement for many
//! rows.

use std::collections::{BTreeSet, HashMap};

use chrono::NaiveDate;
use diesel::prelude::*;

use super::super::kinds::Kind;
use crate::db::schema::{
    disbursements, donations, idempotency_keys, import_records, measurements, personal_details,
    sales,
};
use crate::db::{Conn, DbError};
use crate::ids::RecordId;

/// What a row became that was recorded before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Before {
    /// The record.
    pub record: String,
    /// What was noted with it: which import, which row.
    pub note: Vec<u8>,
}

/// The rows among these keys that were recorded before, by key.
///
/// # Errors
/// [`DbError::Statement`].
pub fn before(
    conn: &mut Conn,
    caller: &str,
    keys: &[String],
) -> Result<HashMap<String, Before>, DbError> {
    let rows: Vec<(String, Option<String>, Vec<u8>)> = idempotency_keys::table
        .filter(idempotency_keys::caller.eq(caller))
        .filter(idempotency_keys::key.eq_any(keys))
        .select((
            idempotency_keys::key,
            idempotency_keys::location,
            idempotency_keys::body,
        ))
        .load(conn)?;
    let known = rows.into_iter().map(|(key, record, note)| {
        let record = record.unwrap_or_default();
        (key, Before { record, note })
    });
    Ok(known.collect())
}

/// States of a payout, or of a measurement, of which nothing stands.
const OVER: [&str; 3] = ["rejected", "withdrawn", "cancelled"];

/// The records among these of which nothing stands any more.
///
/// # Errors
/// [`DbError::Statement`].
pub fn over(conn: &mut Conn, kind: Kind, records: &[String]) -> Result<BTreeSet<String>, DbError> {
    let ids: Vec<String> = match kind {
        Kind::Disbursements => disbursements::table
            .filter(disbursements::id.eq_any(records))
            .filter(disbursements::status.eq_any(OVER))
            .select(disbursements::id)
            .load(conn)?,
        Kind::Donations => donations::table
            .filter(donations::id.eq_any(records))
            .filter(donations::status.eq_any(OVER))
            .select(donations::id)
            .load(conn)?,
        Kind::Sales => sales::table
            .filter(sales::id.eq_any(records))
            .filter(sales::status.eq("cancelled"))
            .select(sales::id)
            .load(conn)?,
        Kind::Measurements => measurements::table
            .filter(measurements::id.eq_any(records))
            .filter(measurements::status.eq_any(OVER))
            .select(measurements::id)
            .load(conn)?,
        // What these rows did stays done: undoing it is another entry.
        Kind::Contributions | Kind::Beneficiaries | Kind::Amendments | Kind::PaymentResults => {
            Vec::new()
        }
    };
    Ok(ids.into_iter().collect())
}

/// How many records of an import somebody decided on since.
///
/// # Errors
/// [`DbError::Statement`].
pub fn decided(conn: &mut Conn, kind: Kind, import: &RecordId) -> Result<i64, DbError> {
    let made = || {
        import_records::table
            .filter(import_records::import.eq(import.as_str()))
            .select(import_records::record)
    };
    let untouched = ["submitted", "rejected", "withdrawn"];
    Ok(match kind {
        Kind::Disbursements => disbursements::table
            .filter(disbursements::id.eq_any(made()))
            .filter(disbursements::status.ne_all(untouched))
            .count()
            .get_result(conn)?,
        Kind::Donations => donations::table
            .filter(donations::id.eq_any(made()))
            .filter(donations::status.ne_all(untouched))
            .count()
            .get_result(conn)?,
        Kind::Measurements => measurements::table
            .filter(measurements::id.eq_any(made()))
            .filter(measurements::status.ne_all(untouched))
            .count()
            .get_result(conn)?,
        Kind::Sales
        | Kind::Contributions
        | Kind::Beneficiaries
        | Kind::Amendments
        | Kind::PaymentResults => 0,
    })
}

/// A payment that stands, to somebody whom rows name as well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Payment {
    /// The mark by which the person is found.
    pub person: String,
    /// The program.
    pub program: String,
    /// How much, in won.
    pub amount: i64,
    /// When it was meant to be paid.
    pub planned_on: NaiveDate,
    /// The record.
    pub record: String,
}

/// The payments to these people, by their marks, that stand and were planned between two days.
///
/// # Errors
/// [`DbError::Statement`].
pub fn payments(
    conn: &mut Conn,
    people: &[String],
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Payment>, DbError> {
    type Found = (String, String, i64, NaiveDate, String);
    let rows: Vec<Found> = personal_details::table
        .inner_join(
            disbursements::table
                .on(disbursements::beneficiary.eq(personal_details::beneficiary.nullable())),
        )
        .filter(personal_details::blind_index.eq_any(people))
        .filter(disbursements::planned_on.between(from, to))
        .filter(disbursements::status.ne_all(OVER))
        .order(disbursements::id)
        .select((
            personal_details::blind_index,
            disbursements::program,
            disbursements::amount,
            disbursements::planned_on,
            disbursements::id,
        ))
        .load(conn)?;
    let payment = |(person, program, amount, planned_on, record)| Payment {
        person,
        program,
        amount,
        planned_on,
        record,
    };
    Ok(rows.into_iter().map(payment).collect())
}

/// The live disbursements that carry these ids of the sender's own, in one program or in all: by
/// that id, each with where it stands.
///
/// # Errors
/// [`DbError::Statement`].
pub fn by_external_id(
    conn: &mut Conn,
    program: Option<&str>,
    ids: &[String],
) -> Result<HashMap<String, Vec<(String, String)>>, DbError> {
    let mut query = disbursements::table
        .filter(disbursements::external_id.eq_any(ids.iter().map(|id| Some(id.as_str()))))
        .filter(disbursements::status.ne_all(OVER))
        .select((
            disbursements::external_id.assume_not_null(),
            disbursements::id,
            disbursements::status,
        ))
        .into_boxed();
    if let Some(program) = program {
        query = query.filter(disbursements::program.eq(program));
    }
    Ok(by_id(query.load(conn)?))
}

/// The live donations that carry these ids of the sender's own, in one program or in all.
///
/// # Errors
/// [`DbError::Statement`].
pub fn donations_by_external_id(
    conn: &mut Conn,
    program: Option<&str>,
    ids: &[String],
) -> Result<HashMap<String, Vec<(String, String)>>, DbError> {
    let mut query = donations::table
        .filter(donations::external_id.eq_any(ids.iter().map(|id| Some(id.as_str()))))
        .filter(donations::status.ne_all(OVER))
        .select((
            donations::external_id.assume_not_null(),
            donations::id,
            donations::status,
        ))
        .into_boxed();
    if let Some(program) = program {
        query = query.filter(donations::program.eq(program));
    }
    Ok(by_id(query.load(conn)?))
}

fn by_id(rows: Vec<(String, String, String)>) -> HashMap<String, Vec<(String, String)>> {
    let mut found: HashMap<String, Vec<(String, String)>> = HashMap::new();
    for (external_id, record, status) in rows {
        found.entry(external_id).or_default().push((record, status));
    }
    found
}
