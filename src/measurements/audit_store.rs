//! Measurements as an audit reads them: in pages by id, each with its steps.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::schema::{measurements, steps};
use crate::db::{Conn, DbError};

/// Measurements that are read at a time.
const PER_PAGE: i64 = 500;

/// A measurement, as stored.
#[derive(Debug, Queryable)]
pub struct MeasurementRow {
    /// Its id.
    pub id: String,
    /// Its book.
    pub book: i64,
    /// Of what.
    pub indicator: String,
    /// Of which part of it.
    pub cell: String,
    /// The first day.
    pub starts_on: NaiveDate,
    /// The last day.
    pub ends_on: NaiveDate,
    /// The number or numerator, in millionths.
    pub value: i64,
    /// The denominator, in millionths.
    pub denominator: Option<i64>,
    /// How it is known.
    pub nature: String,
    /// Where it stands.
    pub status: String,
    /// When it was approved.
    pub approved_on: Option<NaiveDate>,
    /// When it was cancelled.
    pub cancelled_on: Option<NaiveDate>,
}

/// A step, as stored.
#[derive(Debug, Queryable)]
pub struct StepRow {
    record: String,
    /// Its number.
    pub step: i32,
    /// What was done.
    pub verb: String,
    /// The value date.
    pub effective_on: NaiveDate,
    /// The sequence of its event.
    pub sequence: i64,
}

/// The next measurements after one, by id.
///
/// # Errors
/// [`DbError::Statement`].
pub fn page(conn: &mut Conn, after: &str) -> Result<Vec<MeasurementRow>, DbError> {
    Ok(measurements::table
        .filter(measurements::id.gt(after))
        .order(measurements::id)
        .limit(PER_PAGE)
        .select((
            measurements::id,
            measurements::book,
            measurements::indicator,
            measurements::cell,
            measurements::starts_on,
            measurements::ends_on,
            measurements::value,
            measurements::denominator,
            measurements::nature,
            measurements::status,
            measurements::approved_on,
            measurements::cancelled_on,
        ))
        .load(conn)?)
}

/// The steps of these measurements, in their order.
///
/// # Errors
/// [`DbError::Statement`].
pub fn steps_of(
    conn: &mut Conn,
    records: &[MeasurementRow],
) -> Result<HashMap<String, Vec<StepRow>>, DbError> {
    let rows: Vec<StepRow> = steps::table
        .filter(steps::record.eq_any(records.iter().map(|record| &record.id)))
        .order((steps::record, steps::step))
        .select((
            steps::record,
            steps::step,
            steps::verb,
            steps::effective_on,
            steps::sequence,
        ))
        .load(conn)?;
    let mut found: HashMap<String, Vec<StepRow>> = HashMap::new();
    for row in rows {
        found.entry(row.record.clone()).or_default().push(row);
    }
    Ok(found)
}

/// How many measurements there are.
///
/// # Errors
/// [`DbError::Statement`].
pub fn count(conn: &mut Conn) -> Result<u64, DbError> {
    let count: i64 = measurements::table.count().get_result(conn)?;
    Ok(count.unsigned_abs())
}
