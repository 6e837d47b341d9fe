//! The tables of funds and plans, and contributions as the log tells them.
//!
//! Cost: a fixed number of statements to load; to save, one for each table and changed fund.

mod contributions;
mod plans;

use chrono::NaiveDate;
use diesel::prelude::*;

pub use plans::plans;

use super::model::{Fund, FundKind, FundTerms, Openness};
use crate::calendar::Period;
use crate::code::{Code, Name};
use crate::db::among::AmongKeys;
use crate::db::dialect::insert_rows;
use crate::db::kept::{Kept, Saved};
use crate::db::page::{ESCAPE, Page, containing, lower};
use crate::db::place::Place;
use crate::db::schema::funds;
use crate::db::{Conn, DbError};
use crate::money::Amount;
use crate::text_enum::TextEnum;

#[derive(Queryable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = funds, primary_key(code))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct FundRow {
    code: String,
    book: i64,
    part_of: Option<String>,
    kind: String,
    spend_limit: String,
    in_kind_counted_at: String,
    name_ko: String,
    name_en: String,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    period_basis: Option<String>,
    basis: Option<String>,
    status: String,
    plan_version: i32,
    version: i32,
    second_approval_above: Option<i64>,
}

/// Which funds a list shows; nothing set means all.
#[derive(Debug, Clone, Default)]
pub struct FundFilter {
    /// Open or closed ones.
    pub status: Option<Openness>,
    /// Those of one kind.
    pub kind: Option<FundKind>,
    /// The parts of this fund.
    pub part_of: Option<Code>,
    /// Those whose code or name contains these words.
    pub q: Option<String>,
}

/// Reads one fund.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when the row cannot be read.
pub fn get(conn: &mut Conn, code: &Code) -> Result<Option<Fund>, DbError> {
    let row: Option<FundRow> = funds::table.find(code.as_str()).first(conn).optional()?;
    row.map(Fund::try_from).transpose()
}

/// Reads all funds, by code. There are as many as a company has, not as many as records.
///
/// # Errors
/// As [`get`].
pub fn all(conn: &mut Conn) -> Result<Vec<Fund>, DbError> {
    let rows: Vec<FundRow> = funds::table.order(funds::code).load(conn)?;
    rows.into_iter().map(Fund::try_from).collect()
}

/// Reads a page of funds, by code.
///
/// # Errors
/// As [`get`].
pub fn list(conn: &mut Conn, filter: &FundFilter, page: &Page) -> Result<Vec<Fund>, DbError> {
    let mut query = funds::table
        .order(funds::code)
        .limit(page.limit)
        .into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(funds::code.gt(after));
    }
    if let Some(status) = filter.status {
        query = query.filter(funds::status.eq(status.as_str()));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(funds::kind.eq(kind.as_str()));
    }
    if let Some(parent) = &filter.part_of {
        query = query.filter(funds::part_of.eq(parent.as_str()));
    }
    if let Some(pattern) = filter.q.as_deref().map(containing) {
        query = query.filter(
            lower(funds::code.nullable())
                .like(pattern.clone())
                .escape(ESCAPE)
                .or(lower(funds::name_ko.nullable())
                    .like(pattern.clone())
                    .escape(ESCAPE))
                .or(lower(funds::name_en.nullable())
                    .like(pattern)
                    .escape(ESCAPE)),
        );
    }
    let rows: Vec<FundRow> = query.load(conn)?;
    rows.into_iter().map(Fund::try_from).collect()
}

impl Kept for Fund {
    type Key = Code;

    fn key(&self) -> Code {
        self.code.clone()
    }

    fn load(conn: &mut Conn, keys: &[Code]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<FundRow> = funds::table
            .filter(funds::code.among(keys.iter().map(Code::as_str)))
            .load(conn)?;
        rows.into_iter().map(Self::try_from).collect()
    }
}

impl Saved for Fund {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        // Rows come in the order of their keys: a fund may come before the one that it is a part of.
        if new.iter().any(|fund| fund.part_of.is_some()) {
            conn.defer_references()?;
        }
        let rows: Vec<FundRow> = new.iter().map(|fund| FundRow::from(*fund)).collect();
        insert_rows!(conn, funds::table, rows)?;
        for fund in changed {
            let row = FundRow::from(*fund);
            diesel::update(&row).set(&row).execute(conn)?;
        }
        Ok(())
    }
}

impl From<&Fund> for FundRow {
    fn from(fund: &Fund) -> Self {
        Self {
            code: fund.code.to_string(),
            book: fund.book,
            part_of: fund.part_of.as_ref().map(Code::to_string),
            kind: fund.kind.to_string(),
            spend_limit: fund.spend_limit.to_string(),
            in_kind_counted_at: fund.in_kind_counted_at.to_string(),
            name_ko: fund.terms.name.ko.clone(),
            name_en: fund.terms.name.en.clone(),
            starts_on: fund.terms.period.start(),
            ends_on: fund.terms.period.end(),
            period_basis: fund.terms.period_basis.clone(),
            basis: fund.terms.basis.clone(),
            status: fund.status.to_string(),
            plan_version: fund.plan_version,
            version: fund.version,
            second_approval_above: fund.second_approval_above.map(Amount::get),
        }
    }
}

impl TryFrom<FundRow> for Fund {
    type Error = DbError;

    fn try_from(row: FundRow) -> Result<Self, DbError> {
        let place = Place {
            table: "funds",
            key: &row.code,
        };
        Ok(Self {
            kind: place.name(&row.kind)?,
            spend_limit: place.name(&row.spend_limit)?,
            in_kind_counted_at: place.name(&row.in_kind_counted_at)?,
            second_approval_above: place
                .value(row.second_approval_above.map(Amount::new).transpose())?,
            status: place.name(&row.status)?,
            terms: FundTerms {
                period: place.value(Period::new(row.starts_on, row.ends_on))?,
                name: Name {
                    ko: row.name_ko,
                    en: row.name_en,
                },
                period_basis: row.period_basis,
                basis: row.basis,
            },
            code: Code::stored(row.code),
            book: row.book,
            part_of: row.part_of.map(Code::stored),
            plan_version: row.plan_version,
            version: row.version,
        })
    }
}
