//! The table of statements.
//!
//! Cost: two statements to load or list, one to read those of a program or of a report; to save,
//! one for each table and changed record.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::model::{Buyers, Declared, Figures, Known, LiveStatements, Statement, StatementBasis};
use crate::bounds::Bounds;
use crate::calendar::Period;
use crate::code::Code;
use crate::db::dialect::insert_rows;
use crate::db::kept::{Kept, Saved};
use crate::db::page::{ESCAPE, Page, containing, lower};
use crate::db::place::Place;
use crate::db::schema::{attributes, sale_statements};
use crate::db::{Conn, DbError};
use crate::ids::RecordId;
use crate::money::{Amount, Weight};
use crate::payouts::lookups::RecordFilter;
use crate::payouts::store::{Labelled, attributes_of, narrowed, save_attributes};
use crate::sales::model::{Cancelled, SaleStatus};
use crate::text_enum::TextEnum;

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sale_statements)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct DeclaredColumns {
    id: String,
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
}

#[derive(Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sale_statements)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    #[diesel(embed)]
    declared: DeclaredColumns,
    book: i64,
    source: Option<String>,
    external_id: Option<String>,
    cancel_reason: Option<String>,
    cancelled_on: Option<NaiveDate>,
    cancelled_by: Option<String>,
    recorded_by: String,
    recorded_at: NaiveDateTime,
    version: i32,
}

/// Which statements a list shows; nothing set means all.
#[derive(Debug, Clone, Default)]
pub struct StatementFilter {
    /// What all records are narrowed by; the day is the last one of the period, and `q` searches
    /// source, reason and external id.
    pub records: RecordFilter,
    /// Those that count, or those that were undone.
    pub status: Option<SaleStatus>,
    /// Those of this basis.
    pub basis: Option<StatementBasis>,
}

/// Reads one statement within bounds.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when the row cannot be read.
pub fn get(conn: &mut Conn, bounds: &Bounds, id: &RecordId) -> Result<Option<Statement>, DbError> {
    let found = Statement::load(conn, std::slice::from_ref(id))?.pop();
    Ok(found.filter(|record| bounds.hold(Some(&record.program))))
}

/// Reads a page of statements within bounds, by id: in the order in which they were recorded.
///
/// # Errors
/// As [`get`].
pub fn list(
    conn: &mut Conn,
    bounds: &Bounds,
    filter: &StatementFilter,
    page: &Page,
) -> Result<Vec<Statement>, DbError> {
    let mut query = narrowed!(
        sale_statements,
        period_end,
        Row,
        bounds,
        &filter.records,
        page
    );
    query = match filter.status {
        Some(SaleStatus::Recorded) => query.filter(sale_statements::cancelled_on.is_null()),
        Some(SaleStatus::Cancelled) => query.filter(sale_statements::cancelled_on.is_not_null()),
        None => query,
    };
    if let Some(basis) = filter.basis {
        query = query.filter(sale_statements::basis.eq(basis.as_str()));
    }
    if let Some(pattern) = filter.records.q.as_deref().map(containing) {
        query = query.filter(
            lower(sale_statements::source)
                .like(pattern.clone())
                .escape(ESCAPE)
                .or(lower(sale_statements::reason)
                    .like(pattern.clone())
                    .escape(ESCAPE))
                .or(lower(sale_statements::external_id)
                    .like(pattern)
                    .escape(ESCAPE)),
        );
    }
    let rows: Vec<Row> = query.load(conn)?;
    with_attributes(conn, rows)
}

/// Reads the statements, of one program or of all, whose period is over on a day and that had not
/// been undone by then, by program, last day and id. Their number is bounded by
/// [`MAX_LIVE`](super::rules::MAX_LIVE) for each program and by what was undone later.
///
/// # Errors
/// As [`get`].
pub fn known(
    conn: &mut Conn,
    program: Option<&Code>,
    as_of: NaiveDate,
) -> Result<Vec<Known>, DbError> {
    let mut query = sale_statements::table
        .filter(sale_statements::period_end.le(as_of))
        .filter(
            sale_statements::cancelled_on
                .is_null()
                .or(sale_statements::cancelled_on.gt(as_of)),
        )
        .order((
            sale_statements::program,
            sale_statements::period_end,
            sale_statements::id,
        ))
        .select((DeclaredColumns::as_select(), sale_statements::cancelled_on))
        .into_boxed();
    if let Some(program) = program {
        query = query.filter(sale_statements::program.eq(program.as_str()));
    }
    let rows: Vec<(DeclaredColumns, Option<NaiveDate>)> = query.load(conn)?;
    rows.into_iter()
        .map(|(row, undone_on)| {
            let (program, declared) = row.into_declared()?;
            Ok(Known {
                program,
                declared,
                undone_on,
            })
        })
        .collect()
}

impl Kept for Statement {
    type Key = RecordId;

    fn key(&self) -> RecordId {
        self.declared.id.clone()
    }

    fn load(conn: &mut Conn, keys: &[RecordId]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<Row> = sale_statements::table
            .filter(sale_statements::id.eq_any(keys.iter().map(RecordId::as_str)))
            .select(Row::as_select())
            .load(conn)?;
        with_attributes(conn, rows)
    }
}

impl Saved for Statement {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let rows: Vec<Row> = new.iter().map(|statement| Row::from(*statement)).collect();
        insert_rows!(conn, sale_statements::table, rows)?;
        for statement in changed {
            diesel::update(sale_statements::table.find(statement.declared.id.as_str()))
                .set(Row::from(*statement))
                .execute(conn)?;
        }
        let new: Vec<Labelled<'_>> = new.iter().map(|statement| labelled(statement)).collect();
        let changed: Vec<Labelled<'_>> = changed.iter().map(|s| labelled(s)).collect();
        save_attributes(conn, &new, &changed)
    }
}

impl Kept for LiveStatements {
    type Key = Code;

    fn key(&self) -> Code {
        self.program.clone()
    }

    fn load(conn: &mut Conn, keys: &[Code]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<DeclaredColumns> = sale_statements::table
            .filter(sale_statements::program.eq_any(keys.iter().map(Code::as_str)))
            .filter(sale_statements::cancelled_on.is_null())
            .select(DeclaredColumns::as_select())
            .load(conn)?;
        let mut programs: BTreeMap<Code, Vec<Declared>> = BTreeMap::new();
        for row in rows {
            let (program, declared) = row.into_declared()?;
            programs.entry(program).or_default().push(declared);
        }
        Ok(programs
            .into_iter()
            .map(|(program, declared)| Self { program, declared })
            .collect())
    }
}

fn labelled(statement: &Statement) -> Labelled<'_> {
    (&statement.declared.id, &statement.attributes)
}

impl From<&Statement> for Row {
    fn from(statement: &Statement) -> Self {
        let (declared, cancelled) = (&statement.declared, statement.cancelled.as_ref());
        let figures = &declared.figures;
        Self {
            declared: DeclaredColumns {
                id: declared.id.to_string(),
                program: statement.program.to_string(),
                basis: declared.basis.to_string(),
                period_start: declared.period.start(),
                period_end: declared.period.end(),
                grams: figures.quantity.map(Weight::grams),
                amount: figures.amount.map(Amount::get),
                orders: figures.orders,
                buyers: figures.buyers.map(|buyers| buyers.count),
                buyers_basis: figures.buyers.map(|buyers| buyers.basis.to_string()),
                reason: declared.reason.clone(),
            },
            book: declared.id.book(),
            source: statement.source.clone(),
            external_id: statement.external_id.clone(),
            cancel_reason: cancelled.map(|cancelled| cancelled.reason.clone()),
            cancelled_on: cancelled.map(|cancelled| cancelled.on),
            cancelled_by: cancelled.map(|cancelled| cancelled.by.clone()),
            recorded_by: statement.recorded_by.clone(),
            recorded_at: statement.recorded_at.naive_utc(),
            version: statement.version,
        }
    }
}

impl DeclaredColumns {
    fn into_declared(self) -> Result<(Code, Declared), DbError> {
        let place = Place {
            table: "sale_statements",
            key: &self.id,
        };
        let buyers = match (self.buyers, self.buyers_basis.as_deref()) {
            (Some(count), Some(basis)) => Some(Buyers {
                count,
                basis: place.name(basis)?,
            }),
            (None, None) => None,
            _ => return Err(place.unreadable("buyers of no basis")),
        };
        let declared = Declared {
            basis: place.name(&self.basis)?,
            period: place.value(Period::new(self.period_start, self.period_end))?,
            figures: Figures {
                quantity: self.grams.map(Weight::from_grams),
                amount: place.value(self.amount.map(Amount::new).transpose())?,
                orders: self.orders,
                buyers,
            },
            reason: self.reason,
            id: RecordId::stored(self.id),
        };
        Ok((Code::stored(self.program), declared))
    }
}

impl Row {
    fn into_statement(self, attributes: BTreeMap<String, String>) -> Result<Statement, DbError> {
        let cancelled = match (self.cancel_reason, self.cancelled_on, self.cancelled_by) {
            (Some(reason), Some(on), Some(by)) => Some(Cancelled { reason, on, by }),
            (None, None, None) => None,
            _ => {
                let key = &self.declared.id;
                let table = "sale_statements";
                return Err(Place { table, key }.unreadable("half a cancellation"));
            }
        };
        let (program, declared) = self.declared.into_declared()?;
        Ok(Statement {
            declared,
            program,
            source: self.source,
            external_id: self.external_id,
            attributes,
            cancelled,
            recorded_by: self.recorded_by,
            recorded_at: self.recorded_at.and_utc(),
            version: self.version,
        })
    }
}

fn with_attributes(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Statement>, DbError> {
    let ids: Vec<&str> = rows.iter().map(|row| row.declared.id.as_str()).collect();
    let mut attributes = attributes_of(conn, &ids)?;
    rows.into_iter()
        .map(|row| {
            let own = attributes.remove(&row.declared.id).unwrap_or_default();
            row.into_statement(own)
        })
        .collect()
}
