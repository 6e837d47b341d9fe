//! What the tables of records have in common: steps, attributes, look-ups, the columns of a payout,
//! and the narrowing of lists.
//!
//! Cost: one statement for each kind of thing and call, whatever the number of records.

mod columns;
mod limits;
mod lookups;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::max;
use diesel::prelude::*;

pub(crate) use columns::{DisbursementColumns, DonationColumns};
use limits::LimitsNow;

use super::model::{Payout, Status, Step};
use crate::db::among::AmongKeys;
use crate::db::dialect::insert_rows;
use crate::db::place::Place;
use crate::db::schema::{attributes, steps};
use crate::db::times::{Day, Instant};
use crate::db::{Conn, DbError};
use crate::ids::RecordId;
use crate::money::Amount;
use crate::text_enum::TextEnum;

#[derive(Queryable, Selectable)]
#[diesel(table_name = steps)]
struct StepRow {
    record: String,
    verb: String,
    actor: String,
    effective_on: NaiveDate,
    recorded_at: NaiveDateTime,
    sequence: i64,
    amount: Option<i64>,
    reason_class: Option<String>,
    reason: Option<String>,
    bank_reference: Option<String>,
    content: Option<String>,
}

#[derive(Insertable)]
#[diesel(table_name = steps, treat_none_as_default_value = false)]
struct NewStep<'a> {
    record: &'a str,
    step: i32,
    verb: &'static str,
    actor: &'a str,
    effective_on: Day,
    recorded_at: Instant,
    sequence: i64,
    amount: Option<i64>,
    reason_class: Option<&'static str>,
    reason: Option<&'a str>,
    bank_reference: Option<&'a str>,
    content: Option<&'a str>,
}

/// The steps of these records, in their order. A record without steps is not in the answer.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when a step cannot be read.
pub fn steps_of(conn: &mut Conn, ids: &[&str]) -> Result<HashMap<String, Vec<Step>>, DbError> {
    let rows: Vec<StepRow> = steps::table
        .filter(steps::record.among(ids.iter().copied()))
        .order((steps::record, steps::step))
        .select(StepRow::as_select())
        .load(conn)?;
    let mut found: HashMap<String, Vec<Step>> = HashMap::new();
    for row in rows {
        let (record, step) = row.into_step()?;
        found.entry(record).or_default().push(step);
    }
    Ok(found)
}

/// A record's id with its steps, in order.
pub type Stepped<'a> = (&'a RecordId, &'a [Step]);

/// Writes the steps of new records, and of changed ones those that are not stored yet.
///
/// # Errors
/// [`DbError::Statement`].
pub fn save_steps(
    conn: &mut Conn,
    new: &[Stepped<'_>],
    changed: &[Stepped<'_>],
) -> Result<(), DbError> {
    let mut stored: HashMap<String, Option<i32>> = HashMap::new();
    if !changed.is_empty() {
        let rows: Vec<(String, Option<i32>)> = steps::table
            .filter(steps::record.among(changed.iter().map(|(id, _)| id.as_str())))
            .group_by(steps::record)
            .select((steps::record, max(steps::step)))
            .load(conn)?;
        stored.extend(rows);
    }
    let rows: Vec<NewStep<'_>> = new
        .iter()
        .chain(changed)
        .flat_map(|(id, steps)| {
            let last = stored.get(id.as_str()).copied().flatten().unwrap_or(0);
            NewStep::all(id, steps).filter(move |row| row.step > last)
        })
        .collect();
    Ok(insert_rows!(conn, steps::table, rows)?)
}

impl StepRow {
    fn into_step(self) -> Result<(String, Step), DbError> {
        let place = Place {
            table: "steps",
            key: &self.record,
        };
        let step = Step {
            verb: place.name(&self.verb)?,
            reason_class: place.name_if_any(self.reason_class.as_deref())?,
            amount: place.value(self.amount.map(Amount::new).transpose())?,
            actor: self.actor,
            effective_on: self.effective_on,
            recorded_at: self.recorded_at.and_utc(),
            sequence: self.sequence,
            reason: self.reason,
            bank_reference: self.bank_reference,
            content: self.content,
        };
        Ok((self.record, step))
    }
}

impl<'a> NewStep<'a> {
    fn all(id: &'a RecordId, steps: &'a [Step]) -> impl Iterator<Item = Self> {
        (1..).zip(steps).map(|(number, step)| Self {
            record: id.as_str(),
            step: number,
            verb: step.verb.as_str(),
            actor: &step.actor,
            effective_on: Day(step.effective_on),
            recorded_at: Instant(step.recorded_at.naive_utc()),
            sequence: step.sequence,
            amount: step.amount.map(Amount::get),
            reason_class: step.reason_class.map(TextEnum::as_str),
            reason: step.reason.as_deref(),
            bank_reference: step.bank_reference.as_deref(),
            content: step.content.as_deref(),
        })
    }
}

/// A record's id with its attributes, by name.
pub type Labelled<'a> = (&'a RecordId, &'a BTreeMap<String, String>);

#[derive(Insertable)]
#[diesel(table_name = attributes, treat_none_as_default_value = false)]
struct AttributeRow<'a> {
    record: &'a str,
    name: &'a str,
    value: &'a str,
}

/// The attributes of these records. A record without any is not in the answer.
///
/// # Errors
/// [`DbError::Statement`].
pub fn attributes_of(
    conn: &mut Conn,
    ids: &[&str],
) -> Result<HashMap<String, BTreeMap<String, String>>, DbError> {
    let rows: Vec<(String, String, String)> = attributes::table
        .filter(attributes::record.among(ids.iter().copied()))
        .load(conn)?;
    let mut found: HashMap<String, BTreeMap<String, String>> = HashMap::new();
    for (record, name, value) in rows {
        found.entry(record).or_default().insert(name, value);
    }
    Ok(found)
}

/// Writes the attributes of new records and replaces those of changed ones.
///
/// # Errors
/// [`DbError::Statement`].
pub fn save_attributes(
    conn: &mut Conn,
    new: &[Labelled<'_>],
    changed: &[Labelled<'_>],
) -> Result<(), DbError> {
    if !changed.is_empty() {
        let ids = changed.iter().map(|(id, _)| id.as_str());
        diesel::delete(attributes::table.filter(attributes::record.among(ids))).execute(conn)?;
    }
    let rows: Vec<AttributeRow<'_>> = new
        .iter()
        .chain(changed)
        .flat_map(|(id, labels)| {
            labels.iter().map(|(name, value)| AttributeRow {
                record: id.as_str(),
                name,
                value,
            })
        })
        .collect();
    Ok(insert_rows!(conn, attributes::table, rows)?)
}

/// Of which records it is told what holds for them now.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    /// Of those that wait for a decision: all that deciding takes.
    Waiting,
    /// Of all that are live.
    Live,
}

impl Told {
    /// Whether it is told of a record that stands so.
    pub(crate) fn of(self, status: Status) -> bool {
        status.waits() || (self == Self::Live && status.is_live())
    }
}

/// What belongs to payouts and lies in tables of its own.
pub(crate) struct Parts {
    steps: HashMap<String, Vec<Step>>,
    attributes: HashMap<String, BTreeMap<String, String>>,
    limits: LimitsNow,
}

impl Parts {
    /// Reads the parts of these payouts, and the limits of these programs as they are now.
    pub(crate) fn load(
        conn: &mut Conn,
        ids: &[&str],
        programs: &BTreeSet<&str>,
    ) -> Result<Self, DbError> {
        Ok(Self {
            steps: steps_of(conn, ids)?,
            attributes: attributes_of(conn, ids)?,
            limits: LimitsNow::load(conn, programs)?,
        })
    }

    /// Writes the parts of new and of changed payouts.
    pub(crate) fn save(
        conn: &mut Conn,
        new: &[&Payout],
        changed: &[&Payout],
    ) -> Result<(), DbError> {
        let new_steps: Vec<Stepped<'_>> = new.iter().map(|payout| stepped(payout)).collect();
        let more_steps: Vec<Stepped<'_>> = changed.iter().map(|payout| stepped(payout)).collect();
        save_steps(conn, &new_steps, &more_steps)?;
        let new: Vec<Labelled<'_>> = new.iter().map(|payout| labelled(payout)).collect();
        let changed: Vec<Labelled<'_>> = changed.iter().map(|payout| labelled(payout)).collect();
        save_attributes(conn, &new, &changed)
    }

    /// Over how many won a record of this program needs a second approver.
    pub(crate) fn limit_of(&self, program: &str) -> Option<Amount> {
        self.limits.of(program)
    }

    fn take(&mut self, id: &str) -> (Vec<Step>, BTreeMap<String, String>) {
        let steps = self.steps.remove(id).unwrap_or_default();
        (steps, self.attributes.remove(id).unwrap_or_default())
    }
}

fn stepped(payout: &Payout) -> Stepped<'_> {
    (&payout.id, &payout.steps)
}

fn labelled(payout: &Payout) -> Labelled<'_> {
    (&payout.id, &payout.attributes)
}

/// The rows of one table that a `RecordFilter` and a page ask for, by id, but for `q`: each kind
/// of record has texts of its own. A boxed query of `$row`, to be narrowed further.
macro_rules! narrowed {
    ($table:ident, $day:ident, $row:ty, $bounds:expr, $filter:expr, $page:expr) => {{
        let bounds: &$crate::bounds::Bounds = $bounds;
        let filter: &$crate::payouts::lookups::RecordFilter = $filter;
        let page: &$crate::db::page::Page = $page;
        let mut query = $table::table
            .order($table::id)
            .limit(page.limit)
            .select(<$row>::as_select())
            .into_boxed();
        if let Some(after) = &page.after {
            query = query.filter($table::id.gt(after));
        }
        if let Some(own) = bounds.programs() {
            let codes = own.into_iter().map(|code| code.to_string());
            query = query.filter($table::program.eq_any(codes.collect::<Vec<String>>()));
        }
        if let Some(program) = &filter.program {
            query = query.filter($table::program.eq(program.as_str()));
        }
        if let Some(programs) = &filter.programs {
            let codes = programs.iter().map($crate::code::Code::as_str);
            query = query.filter($table::program.eq_any(codes));
        }
        if let Some(from) = filter.from {
            query = query.filter($table::$day.ge(from));
        }
        if let Some(to) = filter.to {
            query = query.filter($table::$day.le(to));
        }
        if let Some(external_id) = &filter.external_id {
            query = query.filter($table::external_id.eq(external_id));
        }
        for (name, value) in &filter.attributes {
            let carrying = attributes::table
                .filter(attributes::name.eq(name))
                .filter(attributes::value.eq(value))
                .select(attributes::record);
            query = query.filter($table::id.eq_any(carrying));
        }
        query
    }};
}
pub(crate) use narrowed;
