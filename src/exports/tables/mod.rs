//! The tables of lists and reports: which rows they have, and which columns.
//!
//! The first table of a list is the list itself, the first of a report what it is about.

mod events;
mod followed;
mod master;
mod money;
mod outcomes;
mod people;
mod records;
mod reported;

pub use events::{ACCESS_EVENTS, EVENTS, HISTORY};
pub use followed::{COMPENSATION_REPORT, INDICATOR_REPORT, INDICATORS_REPORT, PEOPLE_REPORT};
pub use master::{CLIENTS, FAULTS, IMPORTS, INDICATORS, ORGANISATIONS, PARTNERS, PROGRAMS, USERS};
pub use money::{ALLOCATIONS, COMMITMENTS, CONTRIBUTIONS, FUNDS, PLANS, PROPOSALS};
pub use outcomes::{CLAIMS, MEASUREMENTS, MILESTONES, PLEDGES};
pub use people::{AMENDMENTS, BENEFICIARIES};
pub use records::{DISBURSEMENTS, DONATIONS, SALES, STATEMENTS, USES};
pub use reported::{CLAIMS_REPORT, FUND_REPORT, OVERVIEW, PLEDGES_REPORT, PROGRAM_REPORT, SERIES};

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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::config::Lang;
    use crate::imports::columns::{Options, Plan};
    use crate::imports::kinds::Kind;

    #[test]
    fn what_is_exported_is_known_by_its_headers_when_it_is_imported() {
        for (kind, tables) in [
            (Kind::Disbursements, DISBURSEMENTS),
            (Kind::Donations, DONATIONS),
            (Kind::Sales, SALES),
            (Kind::Measurements, MEASUREMENTS),
            (Kind::Contributions, CONTRIBUTIONS),
            (Kind::Beneficiaries, BENEFICIARIES),
        ] {
            for lang in [Lang::Ko, Lang::En] {
                let columns = tables[0].columns;
                let headers: Vec<String> = columns
                    .iter()
                    .map(|column| column.header(lang).to_owned())
                    .collect();
                let today = "2022-11-03".parse().unwrap();
                let plan = Plan::new(kind, &headers, Options::default(), today).unwrap();
                let mut known = 0;
                for ((_, meaning), column) in plan.meanings().zip(columns) {
                    if let Some(meaning) = meaning {
                        assert_eq!(meaning, column.name, "{kind} {lang}");
                        known += 1;
                    }
                }
                assert!(known >= 4, "{kind}: {known}");
            }
        }
    }

    #[test]
    fn no_two_columns_of_a_table_have_the_same_header() {
        let all = [
            USERS,
            FUNDS,
            PLANS,
            COMMITMENTS,
            CONTRIBUTIONS,
            ALLOCATIONS,
            PROGRAMS,
            ORGANISATIONS,
            BENEFICIARIES,
            DISBURSEMENTS,
            DONATIONS,
            USES,
            SALES,
            STATEMENTS,
            AMENDMENTS,
            CLAIMS,
            PLEDGES,
            MILESTONES,
            INDICATORS,
            MEASUREMENTS,
            IMPORTS,
            FAULTS,
            EVENTS,
            ACCESS_EVENTS,
            HISTORY,
            OVERVIEW,
            FUND_REPORT,
            PROGRAM_REPORT,
            SERIES,
            CLAIMS_REPORT,
            PLEDGES_REPORT,
            PEOPLE_REPORT,
            INDICATORS_REPORT,
            INDICATOR_REPORT,
            COMPENSATION_REPORT,
        ];
        for table in all.into_iter().flatten() {
            for lang in [Lang::Ko, Lang::En] {
                let headers = table.columns.iter().map(|column| column.header(lang));
                let different: BTreeSet<&str> = headers.collect();
                assert_eq!(
                    different.len(),
                    table.columns.len(),
                    "{} {lang}",
                    table.name
                );
            }
        }
    }
}
