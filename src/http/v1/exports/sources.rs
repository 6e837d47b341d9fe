//! The one list of what can be exported: every list and report, by the path that it is read at.
//!
//! A new one is a line in [`EXPORTABLE`], its columns in `exports/tables`, and a few lines in
//! `lists` or `reports` that read its rows as its handler does.

use std::sync::Arc;

use chrono::NaiveDate;
use deserr::Deserr;
use serde::Serialize;
use serde_json::Value;

use super::{lists, reports};
use crate::access::{Principal, Right};
use crate::beneficiaries::vault::Vault;
use crate::bounds::Bounds;
use crate::clock::Clock;
use crate::code::Code;
use crate::db::Conn;
use crate::db::page::Page;
use crate::exports::error::ExportError;
use crate::exports::source::{Asked, Keyed, Rows, Source, Sources};
use crate::exports::tables::{self, Table};
use crate::http::extract::query::Parameters;
use crate::http::problem::ApiError;
use crate::http::routes::matches;
use crate::http::wire::Faults;
use crate::ids::RecordId;
use crate::imports::Imports;
use crate::refusal::Refusal;

/// A list or report that can be exported.
pub struct Exportable {
    /// The path that it is read at.
    pub path: &'static str,
    /// The right that reading it needs.
    pub right: Right,
    /// What its file and its sheet are called.
    title: &'static str,
    /// Its tables; the first where none is named.
    pub tables: &'static [Table],
    open: fn(&Found<'_>) -> Opened,
}

/// The day of the books, and where rows come from.
pub(super) type Opened = Result<(NaiveDate, Rows), ApiError>;

const fn of(
    path: &'static str,
    right: Right,
    title: &'static str,
    tables: &'static [Table],
    open: fn(&Found<'_>) -> Opened,
) -> Exportable {
    Exportable {
        path,
        right,
        title,
        tables,
        open,
    }
}

const READ: Right = Right::ReadRecords;
const OF_PROGRAMS: Right = Right::ReadPrograms;
const REPORT: Right = Right::ReadReports;

/// Everything that can be exported.
#[rustfmt::skip]
pub const EXPORTABLE: &[Exportable] = &[
    of("/v1/users", Right::ManageUsers, "users", tables::USERS, lists::users),
    of("/v1/partners", Right::ManageUsers, "partners", tables::PARTNERS, lists::partners),
    of("/v1/clients", Right::ManageUsers, "clients", tables::CLIENTS, lists::clients),
    of("/v1/funds", READ, "funds", tables::FUNDS, lists::funds),
    of("/v1/funds/{fund}/plans", READ, "plans", tables::PLANS, lists::plans),
    of("/v1/funds/{fund}/commitments", READ, "commitments", tables::COMMITMENTS, lists::commitments),
    of("/v1/funds/{fund}/contributions", READ, "contributions", tables::CONTRIBUTIONS, lists::contributions),
    of("/v1/funds/{fund}/allocations", READ, "allocations", tables::ALLOCATIONS, lists::allocations),
    of("/v1/programs", OF_PROGRAMS, "programs", tables::PROGRAMS, lists::programs),
    of("/v1/proposals", READ, "proposals", tables::PROPOSALS, lists::proposals),
    of("/v1/organisations", READ, "organisations", tables::ORGANISATIONS, lists::organisations),
    of("/v1/beneficiaries", READ, "beneficiaries", tables::BENEFICIARIES, lists::beneficiaries),
    of("/v1/disbursements", OF_PROGRAMS, "disbursements", tables::DISBURSEMENTS, lists::disbursements),
    of("/v1/disbursements/{id}/amendments", READ, "amendments", tables::AMENDMENTS, lists::disbursement_amendments),
    of("/v1/donations", READ, "donations", tables::DONATIONS, lists::donations),
    of("/v1/donations/{id}/amendments", READ, "amendments", tables::AMENDMENTS, lists::donation_amendments),
    of("/v1/donations/{id}/uses", READ, "uses", tables::USES, lists::uses),
    of("/v1/sales", OF_PROGRAMS, "sales", tables::SALES, lists::sales),
    of("/v1/sales/statements", OF_PROGRAMS, "statements", tables::STATEMENTS, lists::statements),
    of("/v1/claims", REPORT, "claims", tables::CLAIMS, lists::claims),
    of("/v1/pledges", REPORT, "pledges", tables::PLEDGES, lists::pledges),
    of("/v1/pledges/{id}/milestones", REPORT, "milestones", tables::MILESTONES, lists::milestones),
    of("/v1/indicators", READ, "indicators", tables::INDICATORS, lists::indicators),
    of("/v1/measurements", READ, "measurements", tables::MEASUREMENTS, lists::measurements),
    of("/v1/disbursements/{id}/history", OF_PROGRAMS, "history", tables::HISTORY, lists::disbursement_history),
    of("/v1/donations/{id}/history", READ, "history", tables::HISTORY, lists::donation_history),
    of("/v1/events", Right::ReadEvents, "events", tables::EVENTS, lists::events),
    of("/v1/access-events", Right::ReadEvents, "access-events", tables::ACCESS_EVENTS, lists::access_events),
    of("/v1/imports", READ, "imports", tables::IMPORTS, lists::imports),
    of("/v1/imports/{id}/faults", READ, "faults", tables::FAULTS, lists::faults),
    of("/v1/reports/overview", REPORT, "overview", tables::OVERVIEW, reports::overview),
    of("/v1/reports/funds/{fund}", REPORT, "fund", tables::FUND_REPORT, reports::fund),
    of("/v1/reports/programs/{program}", Right::ReadProgramReports, "program", tables::PROGRAM_REPORT, reports::program),
    of("/v1/reports/series", REPORT, "series", tables::SERIES, reports::series),
    of("/v1/reports/claims", REPORT, "claims-report", tables::CLAIMS_REPORT, reports::claims),
    of("/v1/reports/pledges", REPORT, "pledges-report", tables::PLEDGES_REPORT, reports::pledges),
    of("/v1/reports/people", REPORT, "people", tables::PEOPLE_REPORT, reports::people),
    of("/v1/reports/indicators", REPORT, "indicators-report", tables::INDICATORS_REPORT, reports::indicators),
    of("/v1/reports/indicators/{indicator}", REPORT, "indicator", tables::INDICATOR_REPORT, reports::indicator),
    of("/v1/reports/compensation", REPORT, "compensation", tables::COMPENSATION_REPORT, reports::compensation),
];

/// What is exportable at that path.
#[must_use]
pub fn at(path: &str) -> Option<&'static Exportable> {
    let fits = |known: &&Exportable| matches(known.path, path);
    // A path that is written out fits a pattern too.
    let exact = EXPORTABLE.iter().find(|known| known.path == path);
    exact.or_else(|| EXPORTABLE.iter().find(fits))
}

impl Exportable {
    /// The table of that name, or the first.
    ///
    /// # Errors
    /// `unknown_table`, told of the field at that place.
    pub fn table(&self, name: Option<&str>, field: &str) -> Result<&'static Table, Refusal> {
        let found = match name {
            None => self.tables.first(),
            Some(name) => self.tables.iter().find(|table| table.name == name),
        };
        found.ok_or_else(|| {
            let names: Vec<&str> = self.tables.iter().map(|table| table.name).collect();
            Refusal::field(field, "unknown_table").with("tables", names.join(", "))
        })
    }

    /// The same as the command line has it, over a report that was read already.
    #[must_use]
    pub fn read_already(&self, table: &'static Table, as_of: NaiveDate) -> Source {
        Source {
            title: self.title,
            table,
            as_of,
            rows: Rows::Whole(Box::new(|_| Ok(Value::Null))),
        }
    }
}

/// What lists and reports are found with.
pub struct Catalog {
    /// What opens personal details, for those who see them.
    pub vault: Arc<Vault>,
    /// The only source of now.
    pub clock: Arc<dyn Clock>,
    /// Files of many records.
    pub imports: Arc<Imports>,
}

impl Sources for Catalog {
    fn open(&self, asked: &Asked) -> Result<Source, ExportError> {
        let (path, query) = asked
            .address
            .split_once('?')
            .unwrap_or((&asked.address, ""));
        let exportable = at(path).ok_or_else(|| Refusal::field("/of", "not_exportable"))?;
        if !asked.principal.may(exportable.right) {
            let refusal = Refusal::rule("missing_right");
            return Err(refusal.with("right", exportable.right).into());
        }
        let found = Found {
            catalog: self,
            principal: &asked.principal,
            name: named(exportable.path, path),
            query,
            today: self.clock.today(),
        };
        let (as_of, rows) = (exportable.open)(&found)?;
        Ok(Source {
            title: exportable.title,
            table: exportable.table(asked.table.as_deref(), "?table")?,
            as_of,
            rows,
        })
    }
}

/// What the parameter of a pattern is in a path; none of ours has more than one.
fn named<'a>(pattern: &str, path: &'a str) -> &'a str {
    let parts = pattern.split('/').zip(path.split('/'));
    let mut filled = parts.filter(|(wanted, _)| wanted.starts_with('{'));
    filled.next().map_or("", |(_, given)| given)
}

/// What is asked for, as it is opened.
pub(super) struct Found<'a> {
    pub(super) catalog: &'a Catalog,
    pub(super) principal: &'a Principal,
    name: &'a str,
    query: &'a str,
    pub(super) today: NaiveDate,
}

impl Found<'_> {
    /// Which programs may be read.
    pub(super) fn bounds(&self) -> Bounds {
        self.principal.bounds.clone()
    }

    /// What it is narrowed to.
    pub(super) fn query<T: Deserr<Faults>>(&self) -> Result<T, ApiError> {
        Parameters::parse(self.query)?.read()
    }

    /// The code in its path.
    pub(super) fn code(&self) -> Result<Code, ApiError> {
        Code::parse(self.name).map_err(|_not_a_code| ApiError::not_found())
    }

    /// The id in its path.
    pub(super) fn id(&self) -> Result<RecordId, ApiError> {
        RecordId::parse(self.name).ok_or_else(ApiError::not_found)
    }

    /// A list: how a page is read, what it is ordered by, and how a row is shown.
    pub(super) fn list<T, V: Serialize, E: Into<ApiError>>(
        &self,
        read: impl Fn(&mut Conn, &Page) -> Result<Vec<T>, E> + Send + 'static,
        key: impl Fn(&T) -> String + Send + 'static,
        view: impl Fn(&T) -> V + Send + 'static,
    ) -> Opened {
        let pages = move |conn: &mut Conn, page: &Page| -> Result<Vec<Keyed>, ExportError> {
            let rows = read(conn, page).map_err(Into::into)?;
            rows.iter()
                .map(|row| Ok((key(row), shown(&view(row))?)))
                .collect()
        };
        Ok((self.today, Rows::Pages(Box::new(pages))))
    }

    /// A report of that day.
    pub(super) fn report<V: Serialize, E: Into<ApiError>>(
        as_of: NaiveDate,
        read: impl Fn(&mut Conn) -> Result<V, E> + Send + 'static,
    ) -> Opened {
        let whole = move |conn: &mut Conn| -> Result<Value, ExportError> {
            shown(&read(conn).map_err(Into::into)?)
        };
        Ok((as_of, Rows::Whole(Box::new(whole))))
    }
}

/// A view as the API answers it.
fn shown(view: &impl Serialize) -> Result<Value, ExportError> {
    serde_json::to_value(view).map_err(|error| ExportError::Unreadable(error.to_string()))
}
