//! `GET /v1/reports/programs/{program}`: what a program did, when, where and for how many.
//!
//! Flow: the sums of the program's lines until the day, and its own sums by month and by place;
//! both tables must add up to the program's figures. Small cells are hidden from callers who may
//! not see them. People are counted in the program, in each of its funds and in all books: three
//! questions, never added. What an intermediary says it used somewhere moves there from 지역
//! 미배분.
//!
//! Cost: the statements of `programs::store::all`, one for names, two for days below zero, and at
//! most two each for accounts, months, places, people and sales, and what [`ProgramStatements`] and
//! [`IntermediaryRows`] cost.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;

use super::below_zero::{self, BelowZero};
use super::books::{Books, Tallied};
use super::checks::{self, Broken};
use super::compared::ProgramStatements;
use super::figures::ProgramFigures;
use super::overview::people;
use super::passed_on::{Intermediaries, IntermediaryRows, Uses};
use super::places::{Place, RegionBasis, RegionShown, Regions};
use super::reach::PeopleInPeriod;
use super::sold::{self, ProgramSales, SalesShown};
use super::store::{self, AccountDays};
use super::suppress::{self, Cell};
use super::{CURRENCY, ReportError, master, until};
use crate::bounds::Bounds;
use crate::calendar::Month;
use crate::code::{Code, Name};
use crate::db::{Conn, DbError};
use crate::ledger;
use crate::ledger::store::{AccountSum, SumFilter};
use crate::money::{MoneyError, Won};
use crate::programs::model::{Approval, Program, ProgramKind};
use crate::tallies;
use crate::tallies::RECIPIENT_INTERMEDIARY;
use crate::tallies::people::Scope;
use crate::tallies::store::{SaleSum, TallyFilter, TallySum};

/// The report of one program.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProgramReport {
    /// The day.
    pub as_of: NaiveDate,
    /// Of every amount.
    pub currency: &'static str,
    /// The address of the program.
    pub code: Code,
    /// Its name on that day.
    pub name: Name,
    /// What it does.
    pub kind: ProgramKind,
    /// The organisation that ran it on that day.
    pub partner: Option<Code>,
    /// The funds it draws on.
    pub funds: Vec<Code>,
    /// Who has to approve.
    pub approval: Approval,
    /// Of which day the regions are.
    pub region_basis: RegionBasis,
    /// PROGRAM FIGURES.
    #[serde(flatten)]
    pub figures: ProgramFigures,
    /// Month by month, those with entries.
    pub by_month: Vec<MonthRow>,
    /// By 시도, those with entries, by code; 지역 미배분 last.
    pub by_region: Vec<RegionRow>,
    /// Whom it reached.
    pub beneficiaries: Beneficiaries,
    /// Whom it reached in a period; none where none was asked for.
    pub people_in_period: Option<PeopleInPeriod>,
    /// What it sold; none where it never did and nobody stated anything.
    pub sales: Option<ProgramSales>,
    /// What became of its donations to intermediaries.
    pub intermediaries: Intermediaries,
    /// Days on which an account ended below zero.
    pub below_zero_days: Vec<BelowZero>,
    /// Whether there are more such days than are listed.
    pub below_zero_days_truncated: bool,
}

/// What happened in one month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MonthRow {
    /// Such as `2022-08`.
    pub month: String,
    /// The figures.
    #[serde(flatten)]
    pub cell: Cell,
}

/// What happened in one region.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RegionRow {
    /// The 시도; none for 지역 미배분.
    pub region: Option<RegionShown>,
    /// Whether it ended, and nobody knows in which 시도 its area lies today.
    pub ended: bool,
    /// The figures.
    #[serde(flatten)]
    pub cell: Cell,
}

/// Whom a program reached. Distinct people of different scopes are never added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Beneficiaries {
    /// Distinct people of the program.
    pub unique: i64,
    /// Its payments.
    pub payments: i64,
    /// Distinct people of each of its funds, whatever the program; none for a partner.
    pub unique_in_funds: Vec<FundReach>,
    /// Distinct people of all books; none for a partner.
    pub unique_overall: Option<i64>,
}

/// Whom a fund reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FundReach {
    /// The fund, with its child funds.
    pub fund: Code,
    /// Distinct people.
    pub unique: i64,
}

struct ProgramRows {
    as_of: NaiveDate,
    now: bool,
    program: Program,
    sums: Vec<AccountSum>,
    months: Vec<TallySum>,
    places: Vec<TallySum>,
    people: Vec<(String, NaiveDate, i64)>,
    sales: Vec<SaleSum>,
    statements: ProgramStatements,
    intermediaries: IntermediaryRows,
    backdated: (Vec<AccountDays>, bool),
}

/// Reports on a program as it stood at the end of `as_of`, by these regions.
///
/// # Errors
/// [`ReportError`].
pub fn program(
    conn: &mut Conn,
    bounds: &Bounds,
    code: &Code,
    as_of: NaiveDate,
    regions: &Regions,
    suppress_small_cells: bool,
) -> Result<ProgramReport, ReportError> {
    let programs = master::programs(conn, as_of)?;
    let mut within = programs
        .into_iter()
        .filter(|program| bounds.hold(Some(&program.code)));
    let found = within.find(|program| program.code == *code);
    let program = found.ok_or_else(|| ReportError::UnknownProgram(code.clone()))?;
    let rows = read(conn, program, as_of, regions.today)?;
    let built = build(rows, regions, suppress_small_cells);
    let mut report = built.map_err(|broken| broken.in_report("program"))?;
    if bounds.any() {
        report.beneficiaries.unique_in_funds.clear();
        report.beneficiaries.unique_overall = None;
    }
    Ok(report)
}

fn read(
    conn: &mut Conn,
    program: Program,
    as_of: NaiveDate,
    today: NaiveDate,
) -> Result<ProgramRows, DbError> {
    let only = Some(program.code.clone());
    let of_accounts = SumFilter {
        funds: None,
        program: only.clone(),
    };
    let in_all = TallyFilter {
        program: only,
        ..TallyFilter::default()
    };
    let by_place = TallyFilter {
        by_place: true,
        ..in_all.clone()
    };
    let mut scopes = vec![Scope::All, Scope::Program(program.code.clone())];
    scopes.extend(program.funds.iter().cloned().map(Scope::Fund));
    let pieces = until::standing(as_of, today);
    let months = until::by_month(as_of, today);
    Ok(ProgramRows {
        as_of,
        now: as_of >= today,
        sums: until::read(&pieces, |span, days| {
            ledger::store::sums(conn, &of_accounts, span, days)
        })?,
        months: until::read(&months, |span, days| {
            tallies::store::read(conn, &in_all, span, days)
        })?,
        places: until::read(&pieces, |span, days| {
            tallies::store::read(conn, &by_place, span, days)
        })?,
        people: until::read(&pieces, |span, days| {
            tallies::store::people_counts(conn, Some(&scopes), span, days)
        })?,
        sales: until::read(&pieces, |span, days| {
            tallies::store::sale_sums(conn, Some(&program.code), span, days)
        })?,
        statements: ProgramStatements::read(conn, &program.code, as_of)?,
        intermediaries: IntermediaryRows::read(conn, &program.code, as_of)?,
        backdated: store::backdated(conn, &of_accounts, as_of)?,
        program,
    })
}

fn build(
    rows: ProgramRows,
    regions: &Regions,
    suppress_small_cells: bool,
) -> Result<ProgramReport, Broken> {
    let books = Books::of(&rows.sums, &rows.months)?;
    checks::books(&books, rows.now)?;
    let total = books.total(|_| true)?;
    let (below_zero_days, below_zero_days_truncated) =
        below_zero::runs(&rows.backdated, rows.as_of)?;
    let by_month = by_month(&rows.months, suppress_small_cells)?;
    let uses = &rows.intermediaries.uses;
    let by_region = by_region(
        &rows.places,
        uses,
        &total.tallied,
        regions,
        suppress_small_cells,
    )?;
    let intermediaries = rows
        .intermediaries
        .build(to_intermediaries(&rows.places)?)?;
    let beneficiaries = beneficiaries(&rows, total.tallied.payments)?;
    let sales = sales(&rows)?;
    let program = rows.program;
    Ok(ProgramReport {
        as_of: rows.as_of,
        currency: CURRENCY,
        figures: ProgramFigures::of(&total, !program.funds.is_empty())?,
        by_month,
        by_region,
        beneficiaries,
        people_in_period: None,
        sales,
        intermediaries,
        below_zero_days,
        below_zero_days_truncated,
        code: program.code,
        name: program.terms.name,
        kind: program.kind,
        partner: program.terms.partner,
        funds: program.funds,
        approval: program.approval,
        region_basis: regions.basis,
    })
}

/// By month. It is the sum of these rows that the program's figures are made of.
fn by_month(sums: &[TallySum], suppress: bool) -> Result<Vec<MonthRow>, Broken> {
    let mut months: BTreeMap<Month, Tallied> = BTreeMap::new();
    for sum in sums {
        months
            .entry(Month::of(sum.starts_on))
            .or_default()
            .add(sum)?;
    }
    let (names, rows): (Vec<Month>, Vec<Tallied>) = months.into_iter().unzip();
    let cells = suppress::cells(&rows, suppress)?;
    Ok(names
        .into_iter()
        .zip(cells)
        .map(|(month, cell)| MonthRow {
            month: month.key(),
            cell,
        })
        .collect())
}

/// What was sold, by the lines and by what was stated.
fn sales(rows: &ProgramRows) -> Result<Option<ProgramSales>, Broken> {
    let sold = sold::by_program(&rows.sales)?;
    let stated = rows.statements.stated()?;
    let sold = sold.get(&rows.program.code);
    let Some(sales) = SalesShown::of(sold, stated.as_ref(), rows.as_of) else {
        return Ok(None);
    };
    let (statements, statements_truncated) = rows.statements.shown()?;
    Ok(Some(ProgramSales {
        sales,
        statements,
        statements_truncated,
    }))
}

/// Won paid to intermediaries and not refunded, as the program's sums say.
fn to_intermediaries(sums: &[TallySum]) -> Result<Won, Broken> {
    let mut sum = Tallied::default();
    for one in sums
        .iter()
        .filter(|one| one.payee == RECIPIENT_INTERMEDIARY)
    {
        sum.add(one)?;
    }
    Ok(sum.disbursed()?)
}

/// By 시도. What an intermediary used lies where it says, and no longer under 지역 미배분, where a
/// donation lies by itself.
fn by_region(
    sums: &[TallySum],
    uses: &Uses,
    whole: &Tallied,
    regions: &Regions,
    suppress: bool,
) -> Result<Vec<RegionRow>, Broken> {
    let as_recorded = Regions::as_recorded(regions.today);
    let mut places: BTreeMap<Place, (Tallied, BTreeSet<Place>)> = BTreeMap::new();
    let mut recorded: BTreeMap<Place, Tallied> = BTreeMap::new();
    let mut add = |region: &str, sum: &dyn Fn(&mut Tallied) -> Result<(), MoneyError>| {
        let before = Place::of(region, &as_recorded)?;
        let (there, parts) = places.entry(Place::of(region, regions)?).or_default();
        parts.insert(before);
        sum(there)?;
        sum(recorded.entry(before).or_default())?;
        Ok::<(), Broken>(())
    };
    for sum in sums {
        add(&sum.region, &|there| there.add(sum))?;
    }
    for said in &uses.said {
        add("", &|nowhere| {
            nowhere.paid = nowhere.paid.checked_sub(said.used)?;
            Ok(())
        })?;
        add(&said.region, &|there| {
            there.paid = there.paid.checked_add(said.used)?;
            Ok(())
        })?;
    }
    checks::table("by region", places.values().map(|(there, _)| there), whole)?;
    let hidden = suppress::hidden_places(&recorded, suppress);
    let row = |(place, (there, parts)): (Place, (Tallied, BTreeSet<Place>))| {
        Ok(RegionRow {
            region: place.shown(),
            ended: place.has_ended(),
            cell: Cell::of(&there, !parts.is_disjoint(&hidden))?,
        })
    };
    places.into_iter().map(row).collect()
}

fn beneficiaries(rows: &ProgramRows, payments: i64) -> Result<Beneficiaries, Broken> {
    let people = people(&rows.people)?;
    let unique = |scope: Scope| people.get(scope.to_string().as_str()).copied().unwrap_or(0);
    let funds = rows.program.funds.iter().map(|fund| FundReach {
        fund: fund.clone(),
        unique: unique(Scope::Fund(fund.clone())),
    });
    let unique_in_funds = funds.collect();
    Ok(Beneficiaries {
        unique: unique(Scope::Program(rows.program.code.clone())),
        payments,
        unique_in_funds,
        unique_overall: Some(unique(Scope::All)),
    })
}
