//! The integrity check (무결성 점검): everything that is kept in sum is derived again and compared.
//!
//! In this order: the log, accounts and their sums ([`crate::ledger::audit`]); records against
//! their steps and the log, measurements as well; merges; people ([`crate::tallies::audit_people`]);
//! sums of programs and sales ([`crate::tallies::audit`]); pledges, claims, and what partners and
//! intermediaries state, against the log; what the engine itself finds. It reads only, and should be
//! given one snapshot of the books.
//!
//! Cost: two passes over records, one over everything else, in pages. Memory grows with accounts,
//! days, places and scopes, not with events or records.

mod amendments;
mod approvals;
mod claims;
mod measurements;
mod merges;
mod pledges;
mod proposals;
mod records;
mod replay;
mod stated;
mod stated_store;
mod store;

use std::fmt;

use crate::db::{Conn, DbError, integrity};
pub use crate::difference::Difference;
use crate::difference::Findings;
use crate::ledger;
use crate::tallies;

/// What is being gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Events, with transfers, accounts and their sums.
    Events,
    /// Disbursements, donations and measurements.
    Records,
    /// People.
    People,
    /// Sums of programs and sales, pledges, what was stated, and what the engine finds.
    Sums,
}

/// How far the audit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being gone through.
    pub stage: Stage,
    /// How many of them are done.
    pub done: u64,
    /// How many there are.
    pub total: u64,
}

/// What an audit went through, and what it found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Books.
    pub books: u64,
    /// Events.
    pub events: u64,
    /// Transfers.
    pub transfers: u64,
    /// Accounts.
    pub accounts: u64,
    /// Stored sums of accounts, programs, sales and people.
    pub sums: u64,
    /// People.
    pub people: u64,
    /// Disbursements, donations with their uses, sales, statements of sales, measurements, pledges.
    pub records: u64,
    /// The first differences, [`crate::difference::MAX_KEPT`] at most.
    pub differences: Vec<Difference>,
    /// How many differences there are in all.
    pub found: u64,
}

impl Report {
    /// Whether the books agree with what they are made of.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.found == 0
    }

    /// The report in a few lines of Korean, or else of English: what was gone through, then the
    /// differences that were kept.
    #[must_use]
    pub fn text(&self, korean: bool) -> String {
        let Self {
            books,
            events,
            transfers,
            accounts,
            sums,
            people,
            records,
            found,
            ..
        } = self;
        let mut lines = vec![if korean {
            format!(
                "장부 {books}, 사건 {events}, 이체 {transfers}, 계정 {accounts}, 합계 {sums}, \
                 수혜자 {people}, 건 {records}: 불일치 {found}"
            )
        } else {
            format!(
                "{books} books, {events} events, {transfers} transfers, {accounts} accounts, \
                 {sums} sums, {people} people, {records} records: {found} differences"
            )
        }];
        lines.extend(
            self.differences
                .iter()
                .map(|difference| difference.text(korean)),
        );
        lines.join("\n")
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text(false))
    }
}

/// Why an audit could not be finished. Differences are findings, not errors.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The database did not answer.
    #[error(transparent)]
    Database(#[from] DbError),
}

/// Derives every balance, hash and sum again, and compares it with what is stored.
///
/// # Errors
/// [`AuditError::Database`] when a statement fails. Whatever differs is in the report.
pub fn verify(conn: &mut Conn, progress: &mut dyn FnMut(Progress)) -> Result<Report, AuditError> {
    let sizes = store::sizes(conn)?;
    let mut findings = Findings::default();

    let mut tell = Telling::new(progress);
    tell.begin(Stage::Events, sizes.events);
    let log = ledger::audit::verify(conn, &mut findings, &mut |more| tell.add(more))?;
    tell.begin(Stage::Records, sizes.records);
    let told = records::verify(conn, &mut findings, &mut |more| tell.add(more))?;
    told.compare_with_log(&log.moved, &mut findings);
    let steps = measurements::verify(conn, &mut findings, &mut |more| tell.add(more))?;
    let steps = told.steps.saturating_add(steps);
    findings.compare("step", "all records", steps, sizes.steps);
    amendments::verify(conn, &mut findings)?;
    proposals::verify(conn, &mut findings)?;
    tell.begin(Stage::People, sizes.people);
    let survivors = merges::verify(conn, &mut findings)?;
    let (people, counts) =
        tallies::audit_people::verify(conn, &survivors, &mut findings, &mut |more| tell.add(more))?;

    tell.begin(Stage::Sums, 4);
    let program_sums = tallies::audit::verify_programs(conn, &told.derived, &mut findings)?;
    let compensation = tallies::audit_compensation::verify(conn, &told.compensated, &mut findings)?;
    tell.add(1);
    let (sales, sale_sums) = tallies::audit::verify_sales(conn, &mut findings)?;
    tell.add(1);
    let pledges = pledges::verify(conn, &mut findings)?;
    claims::verify(conn, &mut findings)?;
    let stated = stated::verify(conn, &mut findings)?;
    tell.add(1);
    for fault in integrity::faults(conn)? {
        findings.differ("engine", "database", "sound", fault);
    }
    tell.add(1);

    let (differences, found) = findings.into_parts();
    let sums = [log.sums, counts, program_sums, compensation, sale_sums];
    Ok(Report {
        books: log.books,
        events: log.events,
        transfers: log.transfers,
        accounts: log.accounts,
        sums: sums.into_iter().fold(0, u64::saturating_add),
        people,
        records: [sizes.records, sales, stated, pledges]
            .into_iter()
            .fold(0, u64::saturating_add),
        differences,
        found,
    })
}

/// Adds up what is done of each stage and tells it.
struct Telling<'a> {
    progress: &'a mut dyn FnMut(Progress),
    now: Progress,
}

impl<'a> Telling<'a> {
    fn new(progress: &'a mut dyn FnMut(Progress)) -> Self {
        Self {
            progress,
            now: Progress {
                stage: Stage::Events,
                done: 0,
                total: 0,
            },
        }
    }

    fn begin(&mut self, stage: Stage, total: u64) {
        self.now = Progress {
            stage,
            done: 0,
            total,
        };
        (self.progress)(self.now);
    }

    fn add(&mut self, more: u64) {
        self.now.done = self.now.done.saturating_add(more);
        (self.progress)(self.now);
    }
}
