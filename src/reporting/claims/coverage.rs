//! What a figure of a fund may leave out: programs that were given money and have no record.
//!
//! Cost: at most three statements each for the accounts and the programs' sums, three for plans.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use crate::code::Code;
use crate::db::Conn;
use crate::ledger;
use crate::ledger::store::SumFilter;
use crate::metrics::Metric;
use crate::money::Won;
use crate::reporting::books::Books;
use crate::reporting::checks::Broken;
use crate::reporting::master::{self, Master};
use crate::reporting::{ReportError, store, until};
use crate::tallies;
use crate::tallies::store::TallyFilter;

/// Whether a figure is made of what programs record.
pub fn is_made_of_records(metric: Metric) -> bool {
    matches!(
        metric,
        Metric::Disbursed | Metric::Donated | Metric::Beneficiaries | Metric::Payments
    )
}

/// How many programs were given money of the fund or its children by the end of a day, by plan or
/// by allocation, and had nothing recorded there by then.
///
/// # Errors
/// [`ReportError`].
pub fn left_out(
    conn: &mut Conn,
    fund: &Code,
    (as_of, today): (NaiveDate, NaiveDate),
    master: &Master,
) -> Result<usize, ReportError> {
    let family = master::family(&master.funds, fund);
    let pieces = until::standing(as_of, today);
    let of_accounts = SumFilter {
        funds: Some(family.clone()),
        program: None,
    };
    let of_programs = TallyFilter {
        funds: Some(family.clone()),
        ..TallyFilter::default()
    };
    let sums = until::read(&pieces, |span, days| {
        ledger::store::sums(conn, &of_accounts, span, days)
    })?;
    let recorded = until::read(&pieces, |span, days| {
        tallies::store::read(conn, &of_programs, span, days)
    })?;
    let plans = store::plans_in_force(conn, as_of)?;
    let books = Books::of(&sums, &[]).map_err(broken)?;

    let mut programs = BTreeSet::new();
    for program in &master.programs {
        let given = books.total(|line| line.program.as_ref() == Some(&program.code));
        if given.map_err(broken)?.flows.set_aside > Won::ZERO {
            programs.insert(&program.code);
        }
    }
    let planned = plans.iter().filter(|(fund, _)| family.contains(fund));
    let lines = planned.flat_map(|(_, plan)| &plan.lines);
    programs.extend(lines.filter_map(|line| line.program.as_ref()));
    for sum in &recorded {
        if let Some(program) = &sum.program {
            programs.remove(program);
        }
    }
    Ok(programs.len())
}

fn broken(broken: impl Into<Broken>) -> ReportError {
    broken.into().in_report("claims")
}
