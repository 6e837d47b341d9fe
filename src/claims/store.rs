//! The table of claims.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::comparison::{Comparison, Tolerance};
use super::model::{Claim, Nature, Source, Withdrawn, Words};
use crate::code::Code;
use crate::db::dialect::insert_rows;
use crate::db::kept::{Kept, Saved};
use crate::db::page::{ESCAPE, Page, containing, lower};
use crate::db::place::Place;
use crate::db::schema::claims;
use crate::db::{Conn, DbError};
use crate::ids::RecordId;
use crate::metrics::{Metric, Scope};
use crate::money::Share;
use crate::text_enum::TextEnum;

#[derive(Queryable, Selectable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = claims)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    id: String,
    book: i64,
    statement: String,
    source_title: String,
    source_date: Option<NaiveDate>,
    source_url: Option<String>,
    basis: Option<String>,
    said_on: NaiveDate,
    metric: Option<String>,
    program: Option<String>,
    fund: Option<String>,
    counted_from: Option<NaiveDate>,
    as_of: NaiveDate,
    comparator: String,
    value: i64,
    unit: Option<i64>,
    tolerance_above: Option<i64>,
    tolerance_below: Option<i64>,
    nature: String,
    withdraw_reason: Option<String>,
    withdrawn_on: Option<NaiveDate>,
    withdrawn_by: Option<String>,
    recorded_by: String,
    recorded_at: NaiveDateTime,
    version: i32,
}

/// Which claims a list shows; nothing set means all.
#[derive(Debug, Clone, Default)]
pub struct ClaimFilter {
    /// Those of one metric.
    pub metric: Option<Metric>,
    /// Those of one program.
    pub program: Option<Code>,
    /// Those of one fund.
    pub fund: Option<Code>,
    /// Those of one nature.
    pub nature: Option<Nature>,
    /// Those that were taken back, or those that were not.
    pub withdrawn: Option<bool>,
    /// Those said from this day on.
    pub from: Option<NaiveDate>,
    /// Those said up to this day.
    pub to: Option<NaiveDate>,
    /// Those whose statement or source contains these words.
    pub q: Option<String>,
}

/// Reads one claim.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when the row cannot be read.
pub fn get(conn: &mut Conn, id: &RecordId) -> Result<Option<Claim>, DbError> {
    Ok(Claim::load(conn, std::slice::from_ref(id))?.pop())
}

/// Reads a page of claims, by id: in the order in which they were recorded.
///
/// # Errors
/// As [`get`].
pub fn list(conn: &mut Conn, filter: &ClaimFilter, page: &Page) -> Result<Vec<Claim>, DbError> {
    let mut query = claims::table
        .select(Row::as_select())
        .order(claims::id)
        .limit(page.limit)
        .into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(claims::id.gt(after));
    }
    if let Some(metric) = filter.metric {
        query = query.filter(claims::metric.eq(metric.as_str()));
    }
    if let Some(program) = &filter.program {
        query = query.filter(claims::program.eq(program.as_str()));
    }
    if let Some(fund) = &filter.fund {
        query = query.filter(claims::fund.eq(fund.as_str()));
    }
    if let Some(nature) = filter.nature {
        query = query.filter(claims::nature.eq(nature.as_str()));
    }
    query = match filter.withdrawn {
        Some(true) => query.filter(claims::withdrawn_on.is_not_null()),
        Some(false) => query.filter(claims::withdrawn_on.is_null()),
        None => query,
    };
    if let Some(from) = filter.from {
        query = query.filter(claims::said_on.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(claims::said_on.le(to));
    }
    if let Some(pattern) = filter.q.as_deref().map(containing) {
        query = query.filter(
            lower(claims::statement.nullable())
                .like(pattern.clone())
                .escape(ESCAPE)
                .or(lower(claims::source_title.nullable())
                    .like(pattern)
                    .escape(ESCAPE)),
        );
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(Claim::try_from).collect()
}

/// Reads the claims that were said by a day and not taken back by then, the latest first: at most
/// `most` of them. One statement.
///
/// # Errors
/// As [`get`].
pub fn live(conn: &mut Conn, day: NaiveDate, most: usize) -> Result<Vec<Claim>, DbError> {
    let still_said = claims::withdrawn_on
        .is_null()
        .or(claims::withdrawn_on.gt(day));
    let rows: Vec<Row> = claims::table
        .filter(claims::said_on.le(day))
        .filter(still_said)
        .order((claims::said_on.desc(), claims::id.desc()))
        .limit(i64::try_from(most).unwrap_or(i64::MAX))
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Claim::try_from).collect()
}

impl Kept for Claim {
    type Key = RecordId;

    fn key(&self) -> RecordId {
        self.id.clone()
    }

    fn load(conn: &mut Conn, keys: &[RecordId]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<Row> = claims::table
            .filter(claims::id.eq_any(keys.iter().map(RecordId::as_str)))
            .select(Row::as_select())
            .load(conn)?;
        rows.into_iter().map(Self::try_from).collect()
    }
}

impl Saved for Claim {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let rows: Vec<Row> = new.iter().map(|claim| Row::from(*claim)).collect();
        insert_rows!(conn, claims::table, rows)?;
        for claim in changed {
            let row = Row::from(*claim);
            diesel::update(&row).set(&row).execute(conn)?;
        }
        Ok(())
    }
}

impl From<&Claim> for Row {
    fn from(claim: &Claim) -> Self {
        let (comparison, words) = (&claim.comparison, claim.words.clone());
        let withdrawn = claim.withdrawn.as_ref();
        let (program, fund) = match &claim.scope {
            Scope::All => (None, None),
            Scope::Program(code) => (Some(code.to_string()), None),
            Scope::Fund(code) => (None, Some(code.to_string())),
        };
        Self {
            id: claim.id.to_string(),
            book: claim.id.book(),
            statement: words.statement,
            source_title: words.source.title,
            source_date: words.source.date,
            source_url: words.source.url,
            basis: words.basis,
            said_on: claim.said_on,
            metric: claim.metric.map(|metric| metric.to_string()),
            program,
            fund,
            counted_from: claim.from,
            as_of: claim.as_of,
            comparator: comparison.comparator().to_string(),
            value: comparison.value(),
            unit: comparison.unit(),
            tolerance_above: comparison.tolerance().above.map(Share::ten_thousandths),
            tolerance_below: comparison.tolerance().below.map(Share::ten_thousandths),
            nature: claim.nature.to_string(),
            withdraw_reason: withdrawn.map(|how| how.reason.clone()),
            withdrawn_on: withdrawn.map(|how| how.on),
            withdrawn_by: withdrawn.map(|how| how.by.clone()),
            recorded_by: claim.recorded_by.clone(),
            recorded_at: claim.recorded_at.naive_utc(),
            version: claim.version,
        }
    }
}

impl Row {
    fn comparison(&self, place: Place<'_>) -> Result<Comparison, DbError> {
        let share = |parts: Option<i64>| place.value(parts.map(Share::new).transpose());
        let tolerance = Tolerance {
            above: share(self.tolerance_above)?,
            below: share(self.tolerance_below)?,
        };
        Comparison::new(
            place.name(&self.comparator)?,
            self.value,
            self.unit,
            tolerance,
        )
        .map_err(|faults| place.unreadable(format_args!("{faults:?}")))
    }

    fn scope(&self, place: Place<'_>) -> Result<Scope, DbError> {
        match (self.program.clone(), self.fund.clone()) {
            (None, None) => Ok(Scope::All),
            (Some(program), None) => Ok(Scope::Program(Code::stored(program))),
            (None, Some(fund)) => Ok(Scope::Fund(Code::stored(fund))),
            (Some(_), Some(_)) => Err(place.unreadable("two scopes")),
        }
    }
}

impl TryFrom<Row> for Claim {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let place = Place {
            table: "claims",
            key: &row.id,
        };
        let (comparison, scope) = (row.comparison(place)?, row.scope(place)?);
        let withdrawn = match (row.withdraw_reason, row.withdrawn_on, row.withdrawn_by) {
            (Some(reason), Some(on), Some(by)) => Some(Withdrawn { reason, on, by }),
            (None, None, None) => None,
            _ => return Err(place.unreadable("half a withdrawal")),
        };
        Ok(Self {
            metric: place.name_if_any(row.metric.as_deref())?,
            nature: place.name(&row.nature)?,
            id: RecordId::stored(row.id),
            words: Words {
                statement: row.statement,
                source: Source {
                    title: row.source_title,
                    date: row.source_date,
                    url: row.source_url,
                },
                basis: row.basis,
            },
            said_on: row.said_on,
            scope,
            from: row.counted_from,
            as_of: row.as_of,
            comparison,
            withdrawn,
            recorded_by: row.recorded_by,
            recorded_at: row.recorded_at.and_utc(),
            version: row.version,
        })
    }
}
