//! The table of measurements, and the live ones of a cell.
//!
//! Cost: three statements to load or list; to save, one for each table and changed record.

use std::collections::{BTreeMap, HashMap, HashSet};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use super::MEASUREMENT;
use super::model::{Cell, Entry, LiveCell, Measurement, MeasurementNature, MeasurementStatus};
use crate::calendar::Period;
use crate::code::Code;
use crate::db::among::AmongKeys;
use crate::db::dialect::insert_rows;
use crate::db::kept::{Kept, Saved, by_common};
use crate::db::page::{ESCAPE, Page, containing, lower};
use crate::db::place::Place;
use crate::db::schema::{attributes, measurements};
use crate::db::words::{Words, condition};
use crate::db::{Conn, DbError};
use crate::ids::RecordId;
use crate::indicators::measure::Measure;
use crate::money::Quantity;
use crate::payouts::lookups::ExternalId;
use crate::payouts::model::{Step, Verb};
use crate::payouts::store::{
    Labelled, Stepped, attributes_of, save_attributes, save_steps, steps_of,
};
use crate::text_enum::TextEnum;

/// What makes a measurement live, in the words of the partial indexes: an index is used only by a
/// statement that repeats its condition.
struct Live;

impl Words for Live {
    const WORDS: &'static str = "status IN ('submitted', 'approved')";
}

#[derive(Queryable, Selectable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = measurements)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    id: String,
    book: i64,
    indicator: String,
    cell: String,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
    value: i64,
    denominator: Option<i64>,
    nature: String,
    method: Option<String>,
    reason: Option<String>,
    basis: Option<String>,
    external_id: Option<String>,
    status: String,
    approved_on: Option<NaiveDate>,
    cancelled_on: Option<NaiveDate>,
    recorded_by: String,
    recorded_at: NaiveDateTime,
    version: i32,
}

/// Which measurements a list shows; nothing set means all.
#[derive(Debug, Clone, Default)]
pub struct MeasurementFilter {
    /// Those of one indicator.
    pub indicator: Option<Code>,
    /// Those that stand here.
    pub status: Option<MeasurementStatus>,
    /// Those that are known in this way.
    pub nature: Option<MeasurementNature>,
    /// Those whose period ends on this day or later.
    pub from: Option<NaiveDate>,
    /// Those whose period ends by this day.
    pub to: Option<NaiveDate>,
    /// Those with this id of the caller's own.
    pub external_id: Option<String>,
    /// Those that carry this attribute, by name and value.
    pub attribute: Option<(String, String)>,
    /// Those whose method, reason, basis or external id contains these words.
    pub q: Option<String>,
}

/// A measurement that reports count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// Which one.
    pub id: RecordId,
    /// Of what.
    pub indicator: Code,
    /// Of which part of it.
    pub cell: Cell,
    /// When.
    pub period: Period,
    /// How much.
    pub measure: Measure,
    /// How it is known.
    pub nature: MeasurementNature,
    /// By which method.
    pub method: Option<String>,
    /// Why a running count has fallen.
    pub reason: Option<String>,
    /// What it rests on.
    pub basis: Option<String>,
}

/// Reads one measurement.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when the row cannot be read.
pub fn get(conn: &mut Conn, id: &RecordId) -> Result<Option<Measurement>, DbError> {
    Ok(Measurement::load(conn, std::slice::from_ref(id))?.pop())
}

/// Reads a page of measurements, by id: in the order in which they were recorded.
///
/// # Errors
/// As [`get`].
pub fn list(
    conn: &mut Conn,
    filter: &MeasurementFilter,
    page: &Page,
) -> Result<Vec<Measurement>, DbError> {
    let mut query = measurements::table
        .order(measurements::id)
        .limit(page.limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(measurements::id.gt(after));
    }
    if let Some(indicator) = &filter.indicator {
        query = query.filter(measurements::indicator.eq(indicator.as_str()));
    }
    if let Some(status) = filter.status {
        query = query.filter(measurements::status.eq(status.as_str()));
    }
    if let Some(nature) = filter.nature {
        query = query.filter(measurements::nature.eq(nature.as_str()));
    }
    if let Some(from) = filter.from {
        query = query.filter(measurements::ends_on.ge(from));
    }
    if let Some(to) = filter.to {
        query = query.filter(measurements::ends_on.le(to));
    }
    if let Some(external_id) = &filter.external_id {
        query = query.filter(measurements::external_id.eq(external_id));
    }
    if let Some((name, value)) = &filter.attribute {
        let carrying = attributes::table
            .filter(attributes::name.eq(name))
            .filter(attributes::value.eq(value))
            .select(attributes::record);
        query = query.filter(measurements::id.eq_any(carrying));
    }
    if let Some(pattern) = filter.q.as_deref().map(containing) {
        query = query.filter(
            lower(measurements::method)
                .like(pattern.clone())
                .escape(ESCAPE)
                .or(lower(measurements::reason)
                    .like(pattern.clone())
                    .escape(ESCAPE))
                .or(lower(measurements::basis)
                    .like(pattern.clone())
                    .escape(ESCAPE))
                .or(lower(measurements::external_id)
                    .like(pattern)
                    .escape(ESCAPE)),
        );
    }
    let rows: Vec<Row> = query.load(conn)?;
    with_parts(conn, rows)
}

/// The measurements that count at the end of a day: approved by then, and not cancelled by then. Of
/// one indicator, or of all; in the order of their indicators and of their last and first days.
///
/// # Errors
/// As [`get`].
pub fn counted(
    conn: &mut Conn,
    indicator: Option<&Code>,
    as_of: NaiveDate,
) -> Result<Vec<Counted>, DbError> {
    let cancelled_later = measurements::cancelled_on
        .is_null()
        .or(measurements::cancelled_on.gt(as_of));
    let mut query = measurements::table
        .filter(measurements::approved_on.le(as_of))
        .filter(cancelled_later)
        .order((
            measurements::indicator,
            measurements::ends_on,
            measurements::starts_on,
            measurements::id,
        ))
        .select(Row::as_select())
        .into_boxed();
    if let Some(indicator) = indicator {
        query = query.filter(measurements::indicator.eq(indicator.as_str()));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(Row::into_counted).collect()
}

/// The live measurements that carry one of these external ids of their indicator.
///
/// # Errors
/// [`DbError::Statement`].
pub(crate) fn external_ids(
    conn: &mut Conn,
    keys: &[(&'static str, Option<Code>, String)],
) -> Result<Vec<ExternalId>, DbError> {
    let keys = keys.iter().filter(|(noun, _, _)| *noun == MEASUREMENT);
    let keys =
        keys.filter_map(|(_, indicator, id)| Some((indicator.as_ref()?.as_str(), id.as_str())));
    let mut rows: Vec<(String, Option<String>, String)> = Vec::new();
    for (indicator, ids) in by_common(keys) {
        let live = measurements::table
            .filter(measurements::indicator.eq(indicator))
            .filter(measurements::external_id.among(ids))
            .filter(condition::<Live>())
            .select((
                measurements::indicator,
                measurements::external_id,
                measurements::id,
            ));
        rows.append(&mut live.load(conn)?);
    }
    let found = rows
        .into_iter()
        .filter_map(|(indicator, external_id, record)| {
            Some(ExternalId {
                noun: MEASUREMENT,
                program: Some(Code::stored(indicator)),
                external_id: external_id?,
                record: RecordId::stored(record),
            })
        });
    Ok(found.collect())
}

impl Kept for Measurement {
    type Key = RecordId;

    fn key(&self) -> RecordId {
        self.id.clone()
    }

    fn load(conn: &mut Conn, keys: &[RecordId]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<Row> = measurements::table
            .filter(measurements::id.eq_any(keys.iter().map(RecordId::as_str)))
            .select(Row::as_select())
            .load(conn)?;
        with_parts(conn, rows)
    }
}

impl Saved for Measurement {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let rows: Vec<Row> = new.iter().map(|found| Row::from(*found)).collect();
        insert_rows!(conn, measurements::table, rows)?;
        for measurement in changed {
            let row = Row::from(*measurement);
            diesel::update(&row).set(&row).execute(conn)?;
        }
        save_steps(conn, &each(new, stepped), &each(changed, stepped))?;
        save_attributes(conn, &each(new, labelled), &each(changed, labelled))
    }
}

fn each<'a, T>(records: &[&'a Measurement], of: impl Fn(&'a Measurement) -> T) -> Vec<T> {
    records.iter().map(|record| of(record)).collect()
}

fn stepped(measurement: &Measurement) -> Stepped<'_> {
    (&measurement.id, &measurement.steps)
}

fn labelled(measurement: &Measurement) -> Labelled<'_> {
    (&measurement.id, &measurement.attributes)
}

impl Kept for LiveCell {
    /// The indicator, and the cell as it is stored.
    type Key = (Code, String);

    fn key(&self) -> Self::Key {
        (self.indicator.clone(), self.cell.clone())
    }

    fn load(conn: &mut Conn, keys: &[Self::Key]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<Row> = measurements::table
            .filter(measurements::indicator.eq_any(keys.iter().map(|(code, _)| code.as_str())))
            .filter(measurements::cell.eq_any(keys.iter().map(|(_, cell)| cell)))
            .filter(condition::<Live>())
            .select(Row::as_select())
            .load(conn)?;
        let wanted: HashSet<&Self::Key> = keys.iter().collect();
        let mut found: HashMap<Self::Key, Vec<Entry>> = HashMap::new();
        for row in rows {
            let key = (Code::stored(row.indicator.clone()), row.cell.clone());
            if wanted.contains(&key) {
                found.entry(key).or_default().push(row.entry()?);
            }
        }
        let cell = |((indicator, cell), entries)| Self {
            indicator,
            cell,
            entries,
        };
        Ok(found.into_iter().map(cell).collect())
    }
}

impl From<&Measurement> for Row {
    fn from(measurement: &Measurement) -> Self {
        Self {
            id: measurement.id.to_string(),
            book: measurement.id.book(),
            indicator: measurement.indicator.to_string(),
            cell: measurement.cell.to_string(),
            starts_on: measurement.period.start(),
            ends_on: measurement.period.end(),
            value: measurement.measure.value.millionths(),
            denominator: measurement.measure.denominator.map(Quantity::millionths),
            nature: measurement.nature.to_string(),
            method: measurement.method.clone(),
            reason: measurement.reason.clone(),
            basis: measurement.basis.clone(),
            external_id: measurement.external_id.clone(),
            status: measurement.status.to_string(),
            approved_on: measurement.done_on(Verb::Approve),
            cancelled_on: measurement.done_on(Verb::Cancel),
            recorded_by: measurement.recorded_by().to_owned(),
            recorded_at: measurement.recorded_at().naive_utc(),
            version: measurement.version,
        }
    }
}

impl Row {
    fn place(&self) -> Place<'_> {
        Place {
            table: "measurements",
            key: &self.id,
        }
    }

    fn entry(self) -> Result<Entry, DbError> {
        Ok(Entry {
            period: self.period()?,
            measure: self.measure(),
            id: RecordId::stored(self.id),
        })
    }

    fn period(&self) -> Result<Period, DbError> {
        self.place()
            .value(Period::new(self.starts_on, self.ends_on))
    }

    fn measure(&self) -> Measure {
        Measure {
            value: Quantity::from_millionths(self.value),
            denominator: self.denominator.map(Quantity::from_millionths),
        }
    }

    fn into_counted(self) -> Result<Counted, DbError> {
        Ok(Counted {
            period: self.period()?,
            measure: self.measure(),
            nature: self.place().name(&self.nature)?,
            cell: Cell::stored(&self.cell),
            id: RecordId::stored(self.id),
            indicator: Code::stored(self.indicator),
            method: self.method,
            reason: self.reason,
            basis: self.basis,
        })
    }

    fn into_measurement(
        self,
        steps: Vec<Step>,
        attributes: BTreeMap<String, String>,
    ) -> Result<Measurement, DbError> {
        Ok(Measurement {
            period: self.period()?,
            measure: self.measure(),
            nature: self.place().name(&self.nature)?,
            status: self.place().name(&self.status)?,
            cell: Cell::stored(&self.cell),
            id: RecordId::stored(self.id),
            indicator: Code::stored(self.indicator),
            method: self.method,
            reason: self.reason,
            basis: self.basis,
            external_id: self.external_id,
            attributes,
            steps,
            version: self.version,
        })
    }
}

fn with_parts(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Measurement>, DbError> {
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut steps = steps_of(conn, &ids)?;
    let mut attributes = attributes_of(conn, &ids)?;
    rows.into_iter()
        .map(|row| {
            let (steps, own) = (steps.remove(&row.id), attributes.remove(&row.id));
            row.into_measurement(steps.unwrap_or_default(), own.unwrap_or_default())
        })
        .collect()
}
