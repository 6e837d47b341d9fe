//! The tables of programs and of the funds they draw on.
//!
//! Cost: two statements to load; to save, one for each table and changed program.

use std::collections::HashMap;

use diesel::prelude::*;

use super::model::{Program, ProgramKind, ProgramTerms};
use crate::bounds::Bounds;
use crate::code::{Code, Name};
use crate::db::among::AmongKeys;
use crate::db::dialect::insert_rows;
use crate::db::kept::{Kept, Saved};
use crate::db::page::{ESCAPE, Page, containing, lower};
use crate::db::place::Place;
use crate::db::schema::{program_funds, programs};
use crate::db::{Conn, DbError};
use crate::funds::model::Openness;
use crate::money::{Amount, Cost};
use crate::text_enum::TextEnum;

#[derive(Queryable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = programs, primary_key(code))]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    code: String,
    kind: String,
    name_ko: String,
    name_en: String,
    partner: Option<String>,
    approval: String,
    one_payment_per: String,
    area: Option<String>,
    tags: String,
    management_cost: Option<i64>,
    basis: Option<String>,
    status: String,
    version: i32,
    second_approval_above: Option<i64>,
}

#[derive(Insertable)]
#[diesel(table_name = program_funds, treat_none_as_default_value = false)]
struct FundRow<'a> {
    program: &'a str,
    position: i32,
    fund: &'a str,
}

/// Which programs a list shows; nothing set means all.
#[derive(Debug, Clone, Default)]
pub struct ProgramFilter {
    /// Open or closed ones.
    pub status: Option<Openness>,
    /// Those of one kind.
    pub kind: Option<ProgramKind>,
    /// Those that draw on this fund.
    pub fund: Option<Code>,
    /// Those that this organisation runs.
    pub partner: Option<Code>,
    /// Those whose code or name contains these words.
    pub q: Option<String>,
    /// None but these.
    pub programs: Option<Vec<Code>>,
}

/// Reads one program within bounds.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when the row cannot be read.
pub fn get(conn: &mut Conn, bounds: &Bounds, code: &Code) -> Result<Option<Program>, DbError> {
    if !bounds.hold(Some(code)) {
        return Ok(None);
    }
    Ok(Program::load(conn, std::slice::from_ref(code))?.pop())
}

/// Reads all programs, by code. There are as many as a company has, not as many as records.
///
/// # Errors
/// As [`get`].
pub fn all(conn: &mut Conn) -> Result<Vec<Program>, DbError> {
    let rows: Vec<Row> = programs::table.order(programs::code).load(conn)?;
    with_funds(conn, rows)
}

/// Reads a page of programs within bounds, by code.
///
/// # Errors
/// As [`get`].
pub fn list(
    conn: &mut Conn,
    bounds: &Bounds,
    filter: &ProgramFilter,
    page: &Page,
) -> Result<Vec<Program>, DbError> {
    let mut query = programs::table
        .order(programs::code)
        .limit(page.limit)
        .into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(programs::code.gt(after));
    }
    if let Some(own) = bounds.programs() {
        let codes = own.into_iter().map(|code| code.to_string());
        query = query.filter(programs::code.eq_any(codes.collect::<Vec<String>>()));
    }
    if let Some(status) = filter.status {
        query = query.filter(programs::status.eq(status.as_str()));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(programs::kind.eq(kind.as_str()));
    }
    if let Some(fund) = &filter.fund {
        let drawing = program_funds::table
            .filter(program_funds::fund.eq(fund.as_str()))
            .select(program_funds::program);
        query = query.filter(programs::code.eq_any(drawing));
    }
    if let Some(partner) = &filter.partner {
        query = query.filter(programs::partner.eq(partner.as_str()));
    }
    if let Some(pattern) = filter.q.as_deref().map(containing) {
        query = query.filter(
            lower(programs::code.nullable())
                .like(pattern.clone())
                .escape(ESCAPE)
                .or(lower(programs::name_ko.nullable())
                    .like(pattern.clone())
                    .escape(ESCAPE))
                .or(lower(programs::name_en.nullable())
                    .like(pattern)
                    .escape(ESCAPE)),
        );
    }
    if let Some(programs) = &filter.programs {
        query = query.filter(programs::code.eq_any(programs.iter().map(Code::as_str)));
    }
    let rows: Vec<Row> = query.load(conn)?;
    with_funds(conn, rows)
}

impl Kept for Program {
    type Key = Code;

    fn key(&self) -> Code {
        self.code.clone()
    }

    fn load(conn: &mut Conn, keys: &[Code]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<Row> = programs::table
            .filter(programs::code.among(keys.iter().map(Code::as_str)))
            .load(conn)?;
        with_funds(conn, rows)
    }
}

impl Saved for Program {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let rows: Vec<Row> = new
            .iter()
            .map(|program| Row::of(program))
            .collect::<Result<_, DbError>>()?;
        insert_rows!(conn, programs::table, rows)?;
        for program in changed {
            let row = Row::of(program)?;
            diesel::update(&row).set(&row).execute(conn)?;
        }
        if !changed.is_empty() {
            let codes = changed.iter().map(|program| program.code.as_str());
            diesel::delete(program_funds::table.filter(program_funds::program.eq_any(codes)))
                .execute(conn)?;
        }
        let funds: Vec<FundRow<'_>> = new
            .iter()
            .chain(changed)
            .flat_map(|program| FundRow::all(program))
            .collect();
        Ok(insert_rows!(conn, program_funds::table, funds)?)
    }
}

impl Row {
    fn of(program: &Program) -> Result<Self, DbError> {
        let place = Place {
            table: "programs",
            key: program.code.as_str(),
        };
        Ok(Self {
            code: program.code.to_string(),
            kind: program.kind.to_string(),
            name_ko: program.terms.name.ko.clone(),
            name_en: program.terms.name.en.clone(),
            partner: program.terms.partner.as_ref().map(Code::to_string),
            approval: program.approval.to_string(),
            one_payment_per: program.one_payment_per.to_string(),
            area: program.terms.area.clone(),
            tags: place.value(serde_json::to_string(&program.terms.tags))?,
            management_cost: program.terms.management_cost.map(Cost::get),
            basis: program.terms.basis.clone(),
            status: program.status.to_string(),
            version: program.version,
            second_approval_above: program.second_approval_above.map(Amount::get),
        })
    }

    fn into_program(self, funds: Vec<Code>) -> Result<Program, DbError> {
        let place = Place {
            table: "programs",
            key: &self.code,
        };
        Ok(Program {
            kind: place.name(&self.kind)?,
            approval: place.name(&self.approval)?,
            second_approval_above: place
                .value(self.second_approval_above.map(Amount::new).transpose())?,
            one_payment_per: place.name(&self.one_payment_per)?,
            status: place.name(&self.status)?,
            terms: ProgramTerms {
                tags: place.value(serde_json::from_str(&self.tags))?,
                management_cost: place.value(self.management_cost.map(Cost::new).transpose())?,
                name: Name {
                    ko: self.name_ko,
                    en: self.name_en,
                },
                partner: self.partner.map(Code::stored),
                area: self.area,
                basis: self.basis,
            },
            funds,
            code: Code::stored(self.code),
            version: self.version,
        })
    }
}

impl<'a> FundRow<'a> {
    fn all(program: &'a Program) -> impl Iterator<Item = Self> {
        (1..).zip(&program.funds).map(|(position, fund)| Self {
            program: program.code.as_str(),
            position,
            fund: fund.as_str(),
        })
    }
}

fn with_funds(conn: &mut Conn, rows: Vec<Row>) -> Result<Vec<Program>, DbError> {
    let stored: Vec<(String, String)> = program_funds::table
        .filter(program_funds::program.among(rows.iter().map(|row| row.code.as_str())))
        .order(program_funds::position)
        .select((program_funds::program, program_funds::fund))
        .load(conn)?;
    let mut funds: HashMap<String, Vec<Code>> = HashMap::new();
    for (program, fund) in stored {
        funds.entry(program).or_default().push(Code::stored(fund));
    }
    rows.into_iter()
        .map(|row| {
            let funds = funds.remove(&row.code).unwrap_or_default();
            row.into_program(funds)
        })
        .collect()
}
