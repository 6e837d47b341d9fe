//! Funds and programs under the names and periods that held on a day.
//!
//! Cost: what `funds::store::all` and `programs::store::all` cost, and one statement each.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::code::Code;
use crate::db::{Conn, DbError};
use crate::funds::model::Fund;
use crate::programs::model::{Program, ProgramKind};
use crate::{funds, programs, versions};

/// All funds and programs, under the terms of one day.
#[derive(Debug)]
pub struct Master {
    /// The funds, by code.
    pub funds: Vec<Fund>,
    /// The programs, by code.
    pub programs: Vec<Program>,
}

impl Master {
    /// Reads what held on `as_of`.
    ///
    /// # Errors
    /// [`DbError`].
    pub fn read(conn: &mut Conn, as_of: NaiveDate) -> Result<Self, DbError> {
        Ok(Self {
            funds: funds(conn, as_of)?,
            programs: programs(conn, as_of)?,
        })
    }

    /// The fund of that code.
    #[must_use]
    pub fn fund(&self, code: &Code) -> Option<&Fund> {
        self.funds.iter().find(|fund| fund.code == *code)
    }

    /// The program of that code.
    #[must_use]
    pub fn program(&self, code: &Code) -> Option<&Program> {
        self.programs.iter().find(|program| program.code == *code)
    }
}

/// Reads all funds by code, each under its terms of `as_of`.
///
/// # Errors
/// [`DbError`].
pub fn funds(conn: &mut Conn, as_of: NaiveDate) -> Result<Vec<Fund>, DbError> {
    let mut all = funds::store::all(conn)?;
    let mut terms: BTreeMap<Code, _> = versions::in_force(conn, "fund", as_of)?
        .into_iter()
        .collect();
    for fund in &mut all {
        if let Some(then) = terms.remove(&fund.code) {
            fund.terms = then;
        }
    }
    Ok(all)
}

/// Reads all programs by code, each under its terms of `as_of`.
///
/// # Errors
/// [`DbError`].
pub fn programs(conn: &mut Conn, as_of: NaiveDate) -> Result<Vec<Program>, DbError> {
    let mut all = programs::store::all(conn)?;
    let mut terms: BTreeMap<Code, _> = versions::in_force(conn, "program", as_of)?
        .into_iter()
        .collect();
    for program in &mut all {
        if let Some(then) = terms.remove(&program.code) {
            program.terms = then;
        }
    }
    Ok(all)
}

/// A fund and every fund below it.
#[must_use]
pub fn family(funds: &[Fund], root: &Code) -> Vec<Code> {
    let mut found = vec![root.clone()];
    let mut next = 0;
    // A fund is made as a part of one that was there before it, so there are no circles.
    while let Some(parent) = found.get(next).cloned() {
        let children = funds
            .iter()
            .filter(|fund| fund.part_of.as_ref() == Some(&parent));
        found.extend(children.map(|fund| fund.code.clone()));
        next += 1;
    }
    found
}

/// Whether what this program pays makes good a damage, and is never counted as giving.
#[must_use]
pub fn compensates(programs: &[Program], code: Option<&Code>) -> bool {
    programs
        .iter()
        .any(|program| Some(&program.code) == code && program.kind == ProgramKind::Compensation)
}
