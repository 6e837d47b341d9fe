//! The tables of lists and reports: which rows they have, and which columns.
//!
//! The first table of a list is the list itself, the first of a report what it is about.

mod master;
mod money;
mod outcomes;
mod people;
mod records;
mod reported;

pub use master::{FAULTS, IMPORTS, INDICATORS, ORGANISATIONS, PROGRAMS, USERS};
pub use money::{ALLOCATIONS, COMMITMENTS, CONTRIBUTIONS, FUNDS, PLANS};
pub use outcomes::{CLAIMS, MEASUREMENTS, MILESTONES, PLEDGES};
pub use people::{AMENDMENTS, BENEFICIARIES};
pub use records::{DISBURSEMENTS, DONATIONS, SALES, STATEMENTS, USES};
pub use reported::{
    CLAIMS_REPORT, COMPENSATION_REPORT, FUND_REPORT, INDICATOR_REPORT, INDICATORS_REPORT, OVERVIEW,
    PEOPLE_REPORT, PLEDGES_REPORT, PROGRAM_REPORT, SERIES,
};

use super::column::Column;

/// Rows of a list or of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    /// Its name, where it is not the first.
    pub name: &'static str,
    /// The arrays on the way to its rows, each a JSON pointer into the row of the one before; none
    /// where the whole is one row.
    pub rows: &'static [&'static str],
    /// Its columns.
    pub columns: &'static [Column],
}

/// A table.
const fn table(
    name: &'static str,
    rows: &'static [&'static str],
    columns: &'static [Column],
) -> Table {
    Table {
        name,
        rows,
        columns,
    }
}
