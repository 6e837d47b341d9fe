//! `GET /v1/reports/people`: whom everything reached, side by side and never added.
//!
//! Flow: everybody in the books, with the records they were given; how many there are overall, in
//! each fund and in each program; how many stand in more than one of these. Whom compensation
//! reached stands in its program, and not overall. Every number is compared with the sums of
//! crossings.
//!
//! Cost: that of [`reach`] over everybody, four statements for crossings, and master data.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::checks::Broken;
use super::reach::{self, Days, PeopleInPeriod, Reached};
use super::suppress::FEWEST;
use super::{ReportError, master, until};
use crate::code::{Code, Name};
use crate::db::Conn;
use crate::money::MoneyError;
use crate::tallies::people::Scope;

/// Whom everything reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeopleReport {
    /// The day.
    pub as_of: NaiveDate,
    /// In all books.
    pub overall: People,
    /// In each fund with its child funds, by code.
    pub funds: Vec<PeopleOf>,
    /// In each program, by code.
    pub programs: Vec<PeopleOf>,
    /// Who is counted in more than one row above.
    pub overlap: Overlap,
    /// Why the rows are not added, in words.
    pub not_added: Name,
}

/// Distinct people of one scope.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct People {
    /// How many on the day.
    pub unique: i64,
    /// Who came and went; none where no period was asked for.
    pub people_in_period: Option<PeopleInPeriod>,
}

/// Distinct people of one fund or program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeopleOf {
    /// Its address.
    pub code: Code,
    /// Its name on the day.
    pub name: Name,
    /// The people.
    #[serde(flatten)]
    pub people: People,
}

/// People who stand in more than one row; none where hidden.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Overlap {
    /// In more than one program.
    pub in_several_programs: Option<i64>,
    /// In more than one fund that is no part of another.
    pub in_several_funds: Option<i64>,
    /// Whether a number is hidden, since it would tell about single people.
    pub suppressed: bool,
}

struct Counts {
    now: BTreeMap<String, i64>,
    start: Option<BTreeMap<String, i64>>,
    end: Option<BTreeMap<String, i64>>,
    /// At the end of the report's day.
    overlap: Reached,
    period: Option<(Days, Reached)>,
}

/// Reports on people as they stood at the end of `as_of`, and on who came and went in `days`.
///
/// # Errors
/// [`ReportError`].
pub fn people(
    conn: &mut Conn,
    (as_of, today): (NaiveDate, NaiveDate),
    days: Option<Days>,
    suppress: bool,
) -> Result<PeopleReport, ReportError> {
    let funds = master::funds(conn, as_of)?;
    let programs = master::programs(conn, as_of)?;
    let counts = read(conn, (as_of, today), days)?;
    let row = |code: Code, name: Name, scope: Scope| -> Result<PeopleOf, Broken> {
        let people = counts.people(&scope, suppress)?;
        Ok(PeopleOf { code, name, people })
    };
    let told = || -> Result<PeopleReport, Broken> {
        let of_funds = funds
            .into_iter()
            .map(|fund| row(fund.code.clone(), fund.terms.name, Scope::Fund(fund.code)));
        let of_programs = programs.into_iter().map(|program| {
            let scope = Scope::Program(program.code.clone());
            row(program.code, program.terms.name, scope)
        });
        Ok(PeopleReport {
            as_of,
            overall: counts.people(&Scope::All, suppress)?,
            funds: of_funds.collect::<Result<_, _>>()?,
            programs: of_programs.collect::<Result<_, _>>()?,
            overlap: Overlap::of(&counts.overlap, suppress),
            not_added: not_added(),
        })
    };
    told().map_err(|broken| broken.in_report("people"))
}

fn read(
    conn: &mut Conn,
    (as_of, today): (NaiveDate, NaiveDate),
    days: Option<Days>,
) -> Result<Counts, ReportError> {
    let mut at = |day: NaiveDate| -> Result<BTreeMap<String, i64>, ReportError> {
        let broken = |error: MoneyError| Broken::from(error).in_report("people");
        reach::counted(conn, None, (day, today))?.map_err(broken)
    };
    let now = at(as_of)?;
    let start = days.map(|days| at(until::before(days.from))).transpose()?;
    let end = days.map(|days| at(days.to)).transpose()?;
    let overlap = reach::read(conn, None, (None, as_of))?;
    let period = match days {
        Some(days) => {
            let read = reach::read(conn, None, (Some(days.from), days.to))?;
            Some((days, read))
        }
        None => None,
    };
    Ok(Counts {
        now,
        start,
        end,
        overlap,
        period,
    })
}

impl Counts {
    fn people(&self, scope: &Scope, suppress: bool) -> Result<People, Broken> {
        let name = scope.to_string();
        let of = |counted: &BTreeMap<String, i64>| counted.get(&name).copied().unwrap_or(0);
        let unique = of(&self.now);
        reach::agrees(scope, self.overlap.of(scope), (0, unique))?;
        let people_in_period = match &self.period {
            Some((days, reached)) => {
                let ends = (
                    self.start.as_ref().map_or(0, of),
                    self.end.as_ref().map_or(0, of),
                );
                reach::agrees(scope, reached.of(scope), ends)?;
                Some(PeopleInPeriod::of(*days, reached.of(scope), suppress))
            }
            None => None,
        };
        Ok(People {
            unique,
            people_in_period,
        })
    }
}

impl Overlap {
    fn of(reached: &Reached, suppress: bool) -> Self {
        let small = |people: i64| suppress && (1..FEWEST).contains(&people);
        let open = |people: i64| (!small(people)).then_some(people);
        let (programs, funds) = (reached.in_several_programs, reached.in_several_funds);
        Self {
            in_several_programs: open(programs),
            in_several_funds: open(funds),
            suppressed: small(programs) || small(funds),
        }
    }
}

fn not_added() -> Name {
    Name {
        ko: "한 사람이 여러 사업과 기금에서 지원받을 수 있으므로 실인원은 서로 더하지 않습니다."
            .to_owned(),
        en: "One person may be reached by several programs and funds, so these numbers are never \
             added."
            .to_owned(),
    }
}
