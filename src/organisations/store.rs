//! The table of organisations.

use diesel::prelude::*;

use super::model::{Organisation, OrganisationKind, OrganisationTerms};
use crate::code::{Code, Name};
use crate::db::among::AmongKeys;
use crate::db::dialect::insert_rows;
use crate::db::kept::{Kept, Saved};
use crate::db::page::{ESCAPE, Page, containing, lower};
use crate::db::place::Place;
use crate::db::schema::organisations;
use crate::db::{Conn, DbError};
use crate::text_enum::TextEnum;

#[derive(Queryable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = organisations, primary_key(code))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    code: String,
    name_ko: String,
    name_en: String,
    kind: String,
    registration_number: Option<String>,
    basis: Option<String>,
    version: i32,
}

/// Which organisations a list shows; nothing set means all.
#[derive(Debug, Clone, Default)]
pub struct OrganisationFilter {
    /// Those of one kind.
    pub kind: Option<OrganisationKind>,
    /// Those whose code, name or registration number contains these words.
    pub q: Option<String>,
}

/// Reads one organisation.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when the row cannot be read.
pub fn get(conn: &mut Conn, code: &Code) -> Result<Option<Organisation>, DbError> {
    let row: Option<Row> = organisations::table
        .find(code.as_str())
        .first(conn)
        .optional()?;
    row.map(Organisation::try_from).transpose()
}

/// Reads a page of organisations, by code.
///
/// # Errors
/// As [`get`].
pub fn list(
    conn: &mut Conn,
    filter: &OrganisationFilter,
    page: &Page,
) -> Result<Vec<Organisation>, DbError> {
    let mut query = organisations::table
        .order(organisations::code)
        .limit(page.limit)
        .into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(organisations::code.gt(after));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(organisations::kind.eq(kind.as_str()));
    }
    if let Some(pattern) = filter.q.as_deref().map(containing) {
        query = query.filter(
            lower(organisations::code.nullable())
                .like(pattern.clone())
                .escape(ESCAPE)
                .or(lower(organisations::name_ko.nullable())
                    .like(pattern.clone())
                    .escape(ESCAPE))
                .or(lower(organisations::name_en.nullable())
                    .like(pattern.clone())
                    .escape(ESCAPE))
                .or(lower(organisations::registration_number)
                    .like(pattern)
                    .escape(ESCAPE)),
        );
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(Organisation::try_from).collect()
}

impl Kept for Organisation {
    type Key = Code;

    fn key(&self) -> Code {
        self.code.clone()
    }

    fn load(conn: &mut Conn, keys: &[Code]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<Row> = organisations::table
            .filter(organisations::code.among(keys.iter().map(Code::as_str)))
            .load(conn)?;
        rows.into_iter().map(Self::try_from).collect()
    }
}

impl Saved for Organisation {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let rows: Vec<Row> = new
            .iter()
            .map(|organisation| Row::from(*organisation))
            .collect();
        insert_rows!(conn, organisations::table, rows)?;
        for organisation in changed {
            let row = Row::from(*organisation);
            diesel::update(&row).set(&row).execute(conn)?;
        }
        Ok(())
    }
}

impl From<&Organisation> for Row {
    fn from(organisation: &Organisation) -> Self {
        Self {
            code: organisation.code.to_string(),
            name_ko: organisation.terms.name.ko.clone(),
            name_en: organisation.terms.name.en.clone(),
            kind: organisation.terms.kind.to_string(),
            registration_number: organisation.terms.registration_number.clone(),
            basis: organisation.terms.basis.clone(),
            version: organisation.version,
        }
    }
}

impl TryFrom<Row> for Organisation {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let place = Place {
            table: "organisations",
            key: &row.code,
        };
        Ok(Self {
            terms: OrganisationTerms {
                kind: place.name(&row.kind)?,
                name: Name {
                    ko: row.name_ko,
                    en: row.name_en,
                },
                registration_number: row.registration_number,
                basis: row.basis,
            },
            code: Code::stored(row.code),
            version: row.version,
        })
    }
}
