//! The tables of plans and their lines.

use std::collections::{HashMap, HashSet};

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;

use crate::code::Code;
use crate::db::dialect::insert_rows;
use crate::db::kept::{Kept, Saved};
use crate::db::place::Place;
use crate::db::schema::{plan_lines, plans};
use crate::db::{Conn, DbError};
use crate::funds::model::{Plan, PlanLine};
use crate::money::Amount;

#[derive(Queryable, Insertable)]
#[diesel(table_name = plans, treat_none_as_default_value = false)]
struct PlanRow {
    fund: String,
    version: i32,
    reason: String,
    recorded_by: String,
    effective_on: NaiveDate,
    recorded_at: NaiveDateTime,
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = plan_lines, treat_none_as_default_value = false)]
struct LineRow {
    fund: String,
    version: i32,
    line: i32,
    fiscal_year: i32,
    program: Option<String>,
    area: Option<String>,
    amount: i64,
}

/// Reads at most `limit` plans of a fund, from the first after the version `after` on.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when a line cannot be read.
pub fn plans(conn: &mut Conn, fund: &Code, after: i32, limit: i64) -> Result<Vec<Plan>, DbError> {
    let rows: Vec<PlanRow> = plans::table
        .filter(plans::fund.eq(fund.as_str()))
        .filter(plans::version.gt(after))
        .order(plans::version)
        .limit(limit)
        .load(conn)?;
    with_lines(conn, rows)
}

impl Kept for Plan {
    /// The fund and the version.
    type Key = (Code, i32);

    fn key(&self) -> Self::Key {
        (self.fund.clone(), self.version)
    }

    fn load(conn: &mut Conn, keys: &[Self::Key]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<PlanRow> = plans::table
            .filter(plans::fund.eq_any(keys.iter().map(|(fund, _)| fund.as_str())))
            .filter(plans::version.eq_any(keys.iter().map(|(_, version)| version)))
            .load(conn)?;
        let mut plans = with_lines(conn, rows)?;
        let wanted: HashSet<&Self::Key> = keys.iter().collect();
        plans.retain(|plan| wanted.contains(&plan.key()));
        Ok(plans)
    }
}

impl Saved for Plan {
    /// Plans are never changed: a new one is a new version.
    fn save(conn: &mut Conn, new: &[&Self], _changed: &[&Self]) -> Result<(), DbError> {
        let rows: Vec<PlanRow> = new.iter().map(|plan| PlanRow::from(*plan)).collect();
        insert_rows!(conn, plans::table, rows)?;
        let lines: Vec<LineRow> = new.iter().flat_map(|plan| LineRow::all(plan)).collect();
        Ok(insert_rows!(conn, plan_lines::table, lines)?)
    }
}

impl From<&Plan> for PlanRow {
    fn from(plan: &Plan) -> Self {
        Self {
            fund: plan.fund.to_string(),
            version: plan.version,
            reason: plan.reason.clone(),
            recorded_by: plan.recorded_by.clone(),
            effective_on: plan.effective_on,
            recorded_at: plan.recorded_at.naive_utc(),
        }
    }
}

impl LineRow {
    fn all(plan: &Plan) -> impl Iterator<Item = Self> {
        (1..).zip(&plan.lines).map(|(number, line)| Self {
            fund: plan.fund.to_string(),
            version: plan.version,
            line: number,
            fiscal_year: line.fiscal_year,
            program: line.program.as_ref().map(Code::to_string),
            area: line.area.clone(),
            amount: line.amount.get(),
        })
    }
}

fn with_lines(conn: &mut Conn, rows: Vec<PlanRow>) -> Result<Vec<Plan>, DbError> {
    let stored: Vec<LineRow> = plan_lines::table
        .filter(plan_lines::fund.eq_any(rows.iter().map(|row| &row.fund)))
        .filter(plan_lines::version.eq_any(rows.iter().map(|row| row.version)))
        .order(plan_lines::line)
        .load(conn)?;
    let mut lines: HashMap<(String, i32), Vec<PlanLine>> = HashMap::new();
    for line in stored {
        let place = Place {
            table: "plan_lines",
            key: &line.fund,
        };
        let amount = place.value(Amount::new(line.amount))?;
        lines
            .entry((line.fund, line.version))
            .or_default()
            .push(PlanLine {
                fiscal_year: line.fiscal_year,
                program: line.program.map(Code::stored),
                area: line.area,
                amount,
            });
    }
    let whole = |row: PlanRow| {
        let lines = lines
            .remove(&(row.fund.clone(), row.version))
            .unwrap_or_default();
        Plan {
            fund: Code::stored(row.fund),
            version: row.version,
            reason: row.reason,
            recorded_by: row.recorded_by,
            effective_on: row.effective_on,
            recorded_at: row.recorded_at.and_utc(),
            lines,
        }
    };
    Ok(rows.into_iter().map(whole).collect())
}
