//! How far the work on imports has come, and who is at it.
//!
//! A worker claims an import for a while and renews that as it goes on. Where it died, another
//! takes over once the while is up. Two at one import would do no harm, since every row is
//! recorded under a key of its own; the claim only saves the work.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::super::model::{Counts, Work};
use crate::db::dialect::insert_rows;
use crate::db::place::Place;
use crate::db::schema::import_works;
use crate::db::{Conn, DbError};
use crate::ids::RecordId;

#[derive(Queryable, Selectable, Insertable, Identifiable, AsChangeset)]
#[diesel(table_name = import_works, primary_key(import))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    import: String,
    stage: String,
    owner: Option<String>,
    claimed_to: Option<NaiveDateTime>,
    started_at: NaiveDateTime,
    done: i64,
    good: i64,
    faulty: i64,
    warned: i64,
    repeated: i64,
    recorded: i64,
    undone: i64,
    amount: i64,
    people: i64,
    parcel: i32,
    changed_at: NaiveDateTime,
}

/// Who is at an import, and until when nobody else takes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Who.
    pub owner: String,
    /// Until when.
    pub to: DateTime<Utc>,
}

/// Reads how far it has come; `None` where it was not begun.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when the row cannot be read.
pub fn get(conn: &mut Conn, import: &RecordId) -> Result<Option<Work>, DbError> {
    let row: Option<Row> = import_works::table
        .find(import.as_str())
        .select(Row::as_select())
        .first(conn)
        .optional()?;
    row.map(Work::try_from).transpose()
}

/// Reads how far several have come.
///
/// # Errors
/// As [`get`].
pub fn of(conn: &mut Conn, imports: &[RecordId]) -> Result<Vec<Work>, DbError> {
    let ids = imports.iter().map(RecordId::as_str);
    let rows: Vec<Row> = import_works::table
        .filter(import_works::import.eq_any(ids))
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Work::try_from).collect()
}

/// Claims an import unless somebody else is at it; says whether that succeeded.
///
/// # Errors
/// [`DbError::Statement`]: also where another was faster by a hair.
pub fn claim(
    conn: &mut Conn,
    import: &RecordId,
    claim: &Claim,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let free = import_works::owner
        .is_null()
        .or(import_works::owner.eq(Some(claim.owner.clone())))
        .or(import_works::claimed_to.lt(Some(now.naive_utc())));
    let here = import_works::table.filter(import_works::import.eq(import.as_str()));
    let taken = diesel::update(here.filter(free.assume_not_null()))
        .set((
            import_works::owner.eq(Some(claim.owner.clone())),
            import_works::claimed_to.eq(Some(claim.to.naive_utc())),
        ))
        .execute(conn)?;
    if taken > 0 {
        return Ok(true);
    }
    if get(conn, import)?.is_some() {
        return Ok(false);
    }
    let row = Row::of(&Work::none(import.clone(), now), Some(claim));
    insert_rows!(conn, import_works::table, [row])?;
    Ok(true)
}

/// Notes how far it has come, and goes on claiming it, or lets it go.
///
/// # Errors
/// [`DbError::Statement`].
pub fn note(conn: &mut Conn, work: &Work, claim: Option<&Claim>) -> Result<(), DbError> {
    let row = Row::of(work, claim);
    diesel::update(&row).set(&row).execute(conn)?;
    Ok(())
}

/// Lets an import go, where it is still claimed by that owner.
///
/// # Errors
/// [`DbError::Statement`].
pub fn let_go(conn: &mut Conn, import: &RecordId, owner: &str) -> Result<(), DbError> {
    let here = import_works::table
        .filter(import_works::import.eq(import.as_str()))
        .filter(import_works::owner.eq(Some(owner)));
    diesel::update(here)
        .set((
            import_works::owner.eq(None::<String>),
            import_works::claimed_to.eq(None::<NaiveDateTime>),
        ))
        .execute(conn)?;
    Ok(())
}

impl Row {
    fn of(work: &Work, claim: Option<&Claim>) -> Self {
        Self {
            import: work.import.to_string(),
            stage: work.stage.to_string(),
            owner: claim.map(|claim| claim.owner.clone()),
            claimed_to: claim.map(|claim| claim.to.naive_utc()),
            started_at: work.started_at.naive_utc(),
            done: work.done,
            good: work.counts.good,
            faulty: work.counts.faulty,
            warned: work.counts.warned,
            repeated: work.counts.repeated,
            recorded: work.counts.recorded,
            undone: work.counts.undone,
            amount: work.counts.amount,
            people: work.counts.people,
            parcel: work.parcel,
            changed_at: work.changed_at.naive_utc(),
        }
    }
}

impl TryFrom<Row> for Work {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let place = Place {
            table: "import_works",
            key: &row.import,
        };
        Ok(Self {
            stage: place.name(&row.stage)?,
            import: RecordId::stored(row.import),
            started_at: row.started_at.and_utc(),
            changed_at: row.changed_at.and_utc(),
            done: row.done,
            parcel: row.parcel,
            counts: Counts {
                good: row.good,
                faulty: row.faulty,
                warned: row.warned,
                repeated: row.repeated,
                recorded: row.recorded,
                undone: row.undone,
                amount: row.amount,
                people: row.people,
            },
        })
    }
}
