//! The tables of pledges, their milestones and their steps.
//!
//! Cost: three statements to load or list; to save, one for each table and changed pledge.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::dsl::max;
use diesel::prelude::*;

use super::model::{Milestone, Pledge, PledgeTerms, Source, Step, Target};
use crate::code::Code;
use crate::db::dialect::insert_rows;
use crate::db::kept::{Kept, Saved};
use crate::db::page::{ESCAPE, Page, containing, lower};
use crate::db::place::Place;
use crate::db::schema::{events, pledge_milestones, pledge_steps, pledges};
use crate::db::{Conn, DbError};
use crate::ids::RecordId;
use crate::metrics::Scope;
use crate::text_enum::TextEnum;

#[derive(Queryable, Selectable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = pledges)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    id: String,
    book: i64,
    title: String,
    statement: String,
    owner: Option<String>,
    counterpart: Option<String>,
    basis: Option<String>,
    source_title: String,
    source_date: NaiveDate,
    source_url: Option<String>,
    due_on: Option<NaiveDate>,
    target_metric: Option<String>,
    target_program: Option<String>,
    target_fund: Option<String>,
    target_value: Option<i64>,
    target_starts_on: Option<NaiveDate>,
    target_path: Option<String>,
    recorded_by: String,
    recorded_at: NaiveDateTime,
    version: i32,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = pledge_milestones, treat_none_as_default_value = false)]
struct MilestoneRow {
    pledge: String,
    number: i32,
    title: String,
    due_on: Option<NaiveDate>,
    made_on: NaiveDate,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = pledge_steps, treat_none_as_default_value = false)]
struct StepRow {
    pledge: String,
    step: i32,
    verb: String,
    milestone: Option<i32>,
    actor: String,
    effective_on: NaiveDate,
    recorded_at: NaiveDateTime,
    sequence: i64,
    status: Option<String>,
    met_on: Option<NaiveDate>,
    due_from: Option<NaiveDate>,
    due_on: Option<NaiveDate>,
    organisation: Option<String>,
    note: Option<String>,
    evidence_url: Option<String>,
    reference: Option<String>,
}

/// Reads one pledge.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when a row cannot be read.
pub fn get(conn: &mut Conn, id: &RecordId) -> Result<Option<Pledge>, DbError> {
    Ok(Pledge::load(conn, std::slice::from_ref(id))?.pop())
}

/// Reads a page of pledges, by id: in the order in which they were recorded. `q` narrows them to
/// those whose title, statement or owner contains these words.
///
/// # Errors
/// As [`get`].
pub fn list(conn: &mut Conn, q: Option<&str>, page: &Page) -> Result<Vec<Pledge>, DbError> {
    let mut query = pledges::table
        .order(pledges::id)
        .limit(page.limit)
        .select(Row::as_select())
        .into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(pledges::id.gt(after));
    }
    if let Some(pattern) = q.map(containing) {
        query = query.filter(
            lower(pledges::title.nullable())
                .like(pattern.clone())
                .escape(ESCAPE)
                .or(lower(pledges::statement.nullable())
                    .like(pattern.clone())
                    .escape(ESCAPE))
                .or(lower(pledges::owner).like(pattern).escape(ESCAPE)),
        );
    }
    let rows: Vec<Row> = query.load(conn)?;
    whole(conn, rows)
}

/// How many events of pledges the log holds.
///
/// # Errors
/// [`DbError::Statement`].
pub fn events_of_pledges(conn: &mut Conn) -> Result<u64, DbError> {
    let found: i64 = events::table
        .filter(events::subject.like("pledge:%"))
        .count()
        .get_result(conn)?;
    Ok(found.unsigned_abs())
}

impl Kept for Pledge {
    type Key = RecordId;

    fn key(&self) -> RecordId {
        self.id.clone()
    }

    fn load(conn: &mut Conn, keys: &[RecordId]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<Row> = pledges::table
            .filter(pledges::id.eq_any(keys.iter().map(RecordId::as_str)))
            .select(Row::as_select())
            .load(conn)?;
        whole(conn, rows)
    }
}

impl Saved for Pledge {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let rows: Vec<Row> = new.iter().map(|pledge| Row::from(*pledge)).collect();
        insert_rows!(conn, pledges::table, rows)?;
        for pledge in changed {
            let row = Row::from(*pledge);
            diesel::update(&row).set(&row).execute(conn)?;
        }
        let stored = Stored::of(conn, changed)?;
        let all = || new.iter().chain(changed);
        let milestones: Vec<MilestoneRow> = all()
            .flat_map(|pledge| MilestoneRow::all(pledge))
            .filter(|row| row.number > last(&stored.milestones, &row.pledge))
            .collect();
        insert_rows!(conn, pledge_milestones::table, milestones)?;
        let steps: Vec<StepRow> = all()
            .flat_map(|pledge| StepRow::all(pledge))
            .filter(|row| row.step > last(&stored.steps, &row.pledge))
            .collect();
        Ok(insert_rows!(conn, pledge_steps::table, steps)?)
    }
}

/// The last milestone and step that are stored of each pledge.
struct Stored {
    milestones: HashMap<String, Option<i32>>,
    steps: HashMap<String, Option<i32>>,
}

impl Stored {
    fn of(conn: &mut Conn, changed: &[&Pledge]) -> Result<Self, DbError> {
        let ids: Vec<&str> = changed.iter().map(|pledge| pledge.id.as_str()).collect();
        let milestones: Vec<(String, Option<i32>)> = pledge_milestones::table
            .filter(pledge_milestones::pledge.eq_any(&ids))
            .group_by(pledge_milestones::pledge)
            .select((pledge_milestones::pledge, max(pledge_milestones::number)))
            .load(conn)?;
        let steps: Vec<(String, Option<i32>)> = pledge_steps::table
            .filter(pledge_steps::pledge.eq_any(&ids))
            .group_by(pledge_steps::pledge)
            .select((pledge_steps::pledge, max(pledge_steps::step)))
            .load(conn)?;
        Ok(Self {
            milestones: milestones.into_iter().collect(),
            steps: steps.into_iter().collect(),
        })
    }
}

fn last(stored: &HashMap<String, Option<i32>>, pledge: &str) -> i32 {
    stored.get(pledge).copied().flatten().unwrap_or(0)
}

impl From<&Pledge> for Row {
    fn from(pledge: &Pledge) -> Self {
        let (terms, target) = (&pledge.terms, pledge.target.as_ref());
        let (program, fund) = match target.map(|target| &target.scope) {
            Some(Scope::Program(program)) => (Some(program.to_string()), None),
            Some(Scope::Fund(fund)) => (None, Some(fund.to_string())),
            Some(Scope::All) | None => (None, None),
        };
        Self {
            id: pledge.id.to_string(),
            book: pledge.id.book(),
            title: terms.title.clone(),
            statement: terms.statement.clone(),
            owner: terms.owner.clone(),
            counterpart: terms.counterpart.as_ref().map(Code::to_string),
            basis: terms.basis.clone(),
            source_title: pledge.source.title.clone(),
            source_date: pledge.source.date,
            source_url: pledge.source.url.clone(),
            due_on: pledge.due_on,
            target_metric: target.map(|target| target.metric.to_string()),
            target_program: program,
            target_fund: fund,
            target_value: target.map(|target| target.value),
            target_starts_on: target.map(|target| target.starts_on),
            target_path: target.map(|target| target.path.to_string()),
            recorded_by: pledge.recorded_by().to_owned(),
            recorded_at: pledge.recorded_at().naive_utc(),
            version: pledge.version,
        }
    }
}

impl Row {
    fn target(&self) -> Result<Option<Target>, DbError> {
        let place = Place {
            table: "pledges",
            key: &self.id,
        };
        let scope = match (&self.target_program, &self.target_fund) {
            (Some(program), _) => Scope::Program(Code::stored(program.clone())),
            (None, Some(fund)) => Scope::Fund(Code::stored(fund.clone())),
            (None, None) => Scope::All,
        };
        match (
            &self.target_metric,
            self.target_value,
            self.target_starts_on,
            &self.target_path,
        ) {
            (None, None, None, None) => Ok(None),
            (Some(metric), Some(value), Some(starts_on), Some(path)) => Ok(Some(Target {
                metric: place.name(metric)?,
                scope,
                value,
                starts_on,
                path: place.name(path)?,
            })),
            _ => Err(place.unreadable("half a target")),
        }
    }

    fn into_pledge(self, milestones: Vec<Milestone>, steps: Vec<Step>) -> Result<Pledge, DbError> {
        Ok(Pledge {
            target: self.target()?,
            id: RecordId::stored(self.id),
            terms: PledgeTerms {
                title: self.title,
                statement: self.statement,
                owner: self.owner,
                counterpart: self.counterpart.map(Code::stored),
                basis: self.basis,
            },
            source: Source {
                title: self.source_title,
                date: self.source_date,
                url: self.source_url,
            },
            due_on: self.due_on,
            milestones,
            steps,
            version: self.version,
        })
    }
}

impl MilestoneRow {
    fn all(pledge: &Pledge) -> impl Iterator<Item = Self> {
        (1..)
            .zip(&pledge.milestones)
            .map(|(number, milestone)| Self {
                pledge: pledge.id.to_string(),
                number,
                title: milestone.title.clone(),
                due_on: milestone.due_on,
                made_on: milestone.made_on,
            })
    }
}

impl StepRow {
    fn all(pledge: &Pledge) -> impl Iterator<Item = Self> {
        (1..).zip(&pledge.steps).map(|(number, step)| Self {
            pledge: pledge.id.to_string(),
            step: number,
            verb: step.verb.to_string(),
            milestone: step.milestone,
            actor: step.actor.clone(),
            effective_on: step.effective_on,
            recorded_at: step.recorded_at.naive_utc(),
            sequence: step.sequence,
            status: step.status.map(|status| status.as_str().to_owned()),
            met_on: step.met_on,
            due_from: step.due_from,
            due_on: step.due_on,
            organisation: step.organisation.as_ref().map(Code::to_string),
            note: step.note.clone(),
            evidence_url: step.evidence_url.clone(),
            reference: step.reference.clone(),
        })
    }

    fn into_step(self) -> Result<(String, Step), DbError> {
        let place = Place {
            table: "pledge_steps",
            key: &self.pledge,
        };
        let step = Step {
            verb: place.name(&self.verb)?,
            status: place.name_if_any(self.status.as_deref())?,
            milestone: self.milestone,
            actor: self.actor,
            effective_on: self.effective_on,
            recorded_at: self.recorded_at.and_utc(),
            sequence: self.sequence,
            met_on: self.met_on,
            due_from: self.due_from,
            due_on: self.due_on,
            organisation: self.organisation.map(Code::stored),
            note: self.note,
            evidence_url: self.evidence_url,
            reference: self.reference,
        };
        Ok((self.pledge, step))
    }
}

/// The pledges of these rows, with their milestones and steps.
fn whole(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Pledge>, DbError> {
    let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    let found: Vec<MilestoneRow> = pledge_milestones::table
        .filter(pledge_milestones::pledge.eq_any(&ids))
        .order((pledge_milestones::pledge, pledge_milestones::number))
        .load(conn)?;
    let mut milestones: HashMap<String, Vec<Milestone>> = HashMap::new();
    for row in found {
        milestones.entry(row.pledge).or_default().push(Milestone {
            title: row.title,
            due_on: row.due_on,
            made_on: row.made_on,
        });
    }
    let found: Vec<StepRow> = pledge_steps::table
        .filter(pledge_steps::pledge.eq_any(&ids))
        .order((pledge_steps::pledge, pledge_steps::step))
        .load(conn)?;
    let mut steps: HashMap<String, Vec<Step>> = HashMap::new();
    for row in found {
        let (pledge, step) = row.into_step()?;
        steps.entry(pledge).or_default().push(step);
    }
    rows.into_iter()
        .map(|row| {
            let own = milestones.remove(&row.id).unwrap_or_default();
            let taken = steps.remove(&row.id).unwrap_or_default();
            row.into_pledge(own, taken)
        })
        .collect()
}
