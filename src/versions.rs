//! Versions of master data: every one is kept, so that a renamed fund does not change an old report.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::de::DeserializeOwned;

use crate::code::Code;
use crate::db::dialect::insert_rows;
use crate::db::schema::versions;
use crate::db::{Conn, DbError};

/// One version of one piece of master data.
#[derive(Debug, Clone)]
pub struct Version {
    /// `fund`, `program` or `organisation`.
    pub noun: &'static str,
    /// Which one.
    pub code: Code,
    /// 1 for the first.
    pub version: i32,
    /// Since when it holds.
    pub effective_on: NaiveDate,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// What may be changed, as JSON.
    pub document: String,
}

#[derive(Insertable)]
#[diesel(table_name = versions, treat_none_as_default_value = false)]
struct Row<'a> {
    noun: &'a str,
    code: &'a str,
    version: i32,
    effective_on: NaiveDate,
    recorded_at: NaiveDateTime,
    document: &'a str,
}

/// Keeps versions.
///
/// # Errors
/// [`DbError::Statement`].
pub fn keep(conn: &mut Conn, new: &[Version]) -> Result<(), DbError> {
    let rows: Vec<Row<'_>> = new
        .iter()
        .map(|version| Row {
            noun: version.noun,
            code: version.code.as_str(),
            version: version.version,
            effective_on: version.effective_on,
            recorded_at: version.recorded_at.naive_utc(),
            document: &version.document,
        })
        .collect();
    Ok(insert_rows!(conn, versions::table, rows)?)
}

/// The terms of every piece of master data of a noun as they held on a day: the latest version in
/// force by then, or the first where the day lies before it. In the order of their codes.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] for a document that cannot be read.
pub fn in_force<T: DeserializeOwned>(
    conn: &mut Conn,
    noun: &str,
    day: NaiveDate,
) -> Result<Vec<(Code, T)>, DbError> {
    let rows: Vec<(String, NaiveDate, String)> = versions::table
        .filter(versions::noun.eq(noun))
        .order((versions::code, versions::version))
        .select((versions::code, versions::effective_on, versions::document))
        .load(conn)?;
    let mut chosen: Vec<(String, String)> = Vec::new();
    for (code, effective_on, document) in rows {
        match chosen.last_mut() {
            Some(last) if last.0 == code => {
                if effective_on <= day {
                    last.1 = document;
                }
            }
            _ => chosen.push((code, document)),
        }
    }
    chosen
        .into_iter()
        .map(|(code, document)| {
            let terms = serde_json::from_str(&document)
                .map_err(|e| DbError::Schema(format!("version of {noun} {code}: {e}")))?;
            Ok((Code::stored(code), terms))
        })
        .collect()
}
