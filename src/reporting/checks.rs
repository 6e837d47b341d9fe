//! What must agree in every report. Pure.
//!
//! The balances, the transfers by kind and the sums by program are kept apart from each other, so
//! that one being wrong shows here.

use std::collections::BTreeMap;
use std::fmt::Display;

use super::books::{Books, Flows, Tallied};
use super::figures::FundFigures;
use crate::code::or_empty;
use crate::ledger::{Bucket, Line};
use crate::money::{MoneyError, Won};

/// Figures that cannot be answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    /// A sum does not fit.
    #[error("a sum does not fit: {0}")]
    Money(#[from] MoneyError),
    /// Two figures that must be equal are not.
    #[error("{what}: {left} and {right} differ")]
    Differs {
        /// Which figures.
        what: String,
        /// The one.
        left: String,
        /// The other.
        right: String,
    },
    /// A balance is below zero that never may be.
    #[error("{0} is below zero")]
    BelowZero(String),
    /// A sum is kept under something that is no region.
    #[error("{0:?} is not the code of a region")]
    NoRegion(String),
}

/// Two figures that must be equal.
///
/// # Errors
/// [`Broken::Differs`].
pub fn same<T: PartialEq + Display>(
    what: impl FnOnce() -> String,
    left: T,
    right: T,
) -> Result<(), Broken> {
    if left == right {
        return Ok(());
    }
    Err(Broken::Differs {
        what: what(),
        left: left.to_string(),
        right: right.to_string(),
    })
}

/// Every line by itself, and the ledger against the programs' sums.
///
/// The limit of an account holds in the order of recording. So it is a contradiction for a
/// balance to be below zero now, but not on some day in the past: `now` says which is asked.
///
/// # Errors
/// [`Broken`].
pub fn books(books: &Books, now: bool) -> Result<(), Broken> {
    let mut by_program: BTreeMap<Line, (Flows, Tallied)> = BTreeMap::new();
    for (line, flows) in &books.flows {
        line_agrees(line, flows)?;
        if now {
            nothing_below_zero(line, flows)?;
        }
        let undated = Line {
            fiscal_year: None,
            ..line.clone()
        };
        let sum = &mut by_program.entry(undated).or_default().0;
        *sum = sum.plus(flows)?;
    }
    for (line, tallied) in &books.tallied {
        by_program.entry(line.clone()).or_default().1 = *tallied;
    }
    for (line, (flows, tallied)) in &by_program {
        ledger_agrees_with_tallies(line, flows, tallied)?;
    }
    Ok(())
}

fn line_agrees(line: &Line, flows: &Flows) -> Result<(), Broken> {
    let what = |figures: &str| format!("{figures} of {}", named(line));
    let disbursed = flows.disbursed()?.whole()?;
    same(|| what("spent and paid − refunded"), flows.spent, disbursed)?;
    if line.fund.is_some() && line.program.is_some() {
        let buckets = Won::sum([flows.available, flows.awaiting, flows.spent])?;
        same(
            || what("allocated and its buckets"),
            flows.set_aside,
            buckets,
        )?;
    }
    Ok(())
}

fn nothing_below_zero(line: &Line, flows: &Flows) -> Result<(), Broken> {
    let limited = [
        (Bucket::Unallocated, flows.unallocated),
        (Bucket::Available, flows.available),
        (Bucket::Awaiting, flows.awaiting),
        (Bucket::Spent, flows.spent),
    ];
    match limited.iter().find(|(_, balance)| *balance < Won::ZERO) {
        Some((bucket, _)) => Err(Broken::BelowZero(format!("{bucket} of {}", named(line)))),
        None => Ok(()),
    }
}

fn ledger_agrees_with_tallies(line: &Line, flows: &Flows, tallied: &Tallied) -> Result<(), Broken> {
    let what = |figure: &str| format!("{figure} by the ledger and by program, {}", named(line));
    let unpaid = tallied.approved.checked_sub(tallied.paid)?;
    same(|| what("paid"), flows.paid.whole()?, tallied.paid)?;
    same(
        || what("refunded"),
        flows.refunded.whole()?,
        tallied.refunded,
    )?;
    same(|| what("awaiting payment"), flows.awaiting, unpaid)
}

fn named(line: &Line) -> String {
    let (fund, program) = (
        or_empty(line.fund.as_ref()),
        or_empty(line.program.as_ref()),
    );
    match line.fiscal_year {
        Some(year) => format!("{fund}/{program}/{year}"),
        None => format!("{fund}/{program}"),
    }
}

/// The figures of one or more funds: committed is what the buckets hold, and so is remaining.
///
/// # Errors
/// [`Broken`].
pub fn fund(whose: &str, figures: &FundFigures) -> Result<(), Broken> {
    let what = |figure: &str| format!("{figure} of {whose} and its buckets");
    let allocated = Won::sum([
        figures.available,
        figures.awaiting_payment,
        figures.disbursed,
    ])?;
    let committed = figures.unallocated.checked_add(figures.allocated)?;
    let remaining = figures.unallocated.checked_add(figures.available)?;
    same(|| what("allocated"), figures.allocated, allocated)?;
    same(|| what("committed"), figures.committed, committed)?;
    same(|| what("remaining"), figures.remaining, remaining)
}

/// Consolidated = the own figures of all funds = the figures of the root funds.
///
/// # Errors
/// [`Broken`].
pub fn consolidated(
    whole: &FundFigures,
    own: &FundFigures,
    roots: &FundFigures,
) -> Result<(), Broken> {
    let whole = amounts(whole);
    for (what, others) in [("own", amounts(own)), ("root", amounts(roots))] {
        for ((name, left), (_, right)) in whole.iter().zip(others) {
            same(
                || format!("{name} consolidated and of {what} funds"),
                *left,
                right,
            )?;
        }
    }
    Ok(())
}

fn amounts(figures: &FundFigures) -> [(&'static str, Won); 13] {
    [
        ("committed", figures.committed),
        ("contributed", figures.contributed.unwrap_or_default()),
        ("unallocated", figures.unallocated),
        ("allocated", figures.allocated),
        ("submitted", figures.submitted),
        ("available", figures.available),
        ("awaiting payment", figures.awaiting_payment),
        ("paid", figures.paid),
        ("refunded", figures.refunded),
        ("disbursed", figures.disbursed),
        ("disbursed in cash", figures.disbursed_cash),
        ("disbursed in kind", figures.disbursed_in_kind),
        ("remaining", figures.remaining),
    ]
}

/// The parts of a table against its whole.
///
/// # Errors
/// [`Broken`].
pub fn table<'a>(
    name: &str,
    parts: impl IntoIterator<Item = &'a Tallied>,
    whole: &Tallied,
) -> Result<(), Broken> {
    let mut sum = Tallied::default();
    for part in parts {
        sum = sum.plus(part)?;
    }
    let what = |figure: &str| format!("{figure} {name} and in all");
    same(|| what("submitted"), sum.submitted, whole.submitted)?;
    same(|| what("approved"), sum.approved, whole.approved)?;
    same(|| what("paid"), sum.paid, whole.paid)?;
    same(|| what("refunded"), sum.refunded, whole.refunded)?;
    same(|| what("payments"), sum.payments, whole.payments)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::{Form, TransferKind};
    use crate::reporting::sample::{self, line, moved, tallied};
    use crate::tallies::Measure;

    fn figures(wanted: impl Fn(&Line) -> bool) -> FundFigures {
        FundFigures::of(&sample::books().total(wanted).unwrap()).unwrap()
    }

    fn broken_by(change: impl FnOnce(&mut Books)) -> String {
        let mut spoilt = sample::books();
        change(&mut spoilt);
        books(&spoilt, true).unwrap_err().to_string()
    }

    #[test]
    fn sound_books_pass() {
        assert_eq!(books(&sample::books(), true), Ok(()));
        assert_eq!(fund("all", &figures(|line| line.fund.is_some())), Ok(()));
    }

    #[test]
    fn a_balance_that_its_transfers_do_not_make_is_found() {
        let merchants = line("parent", "merchants");
        let found = broken_by(|books| {
            let flows = books.flows.get_mut(&merchants).unwrap();
            flows.available = flows.available.checked_add(Won::new(1)).unwrap();
        });
        assert!(
            found.starts_with("allocated and its buckets of parent/merchants"),
            "{found}"
        );
    }

    #[test]
    fn sums_by_program_that_leave_the_ledger_are_found() {
        let workers = line("child", "workers");
        let found = broken_by(|books| {
            let extra = tallied(&workers, Measure::Refunded, 1);
            books
                .tallied
                .get_mut(&workers)
                .unwrap()
                .add(&extra)
                .unwrap();
        });
        assert!(found.contains("200000000 and 200000001 differ"), "{found}");
        let elsewhere = line("", "elsewhere");
        let found = broken_by(|books| {
            let extra = tallied(&elsewhere, Measure::Approved, 7);
            books
                .tallied
                .entry(elsewhere.clone())
                .or_default()
                .add(&extra)
                .unwrap();
        });
        assert!(found.starts_with("awaiting payment"), "{found}");
    }

    #[test]
    fn below_zero_is_a_contradiction_now_but_not_in_the_past() {
        let (parent, child) = (line("parent", ""), line("child", ""));
        let (mut sums, tallies) = sample::sums();
        sums.extend(moved(
            TransferKind::LowerChild,
            Form::None,
            (&child, Bucket::Unallocated),
            (&parent, Bucket::Unallocated),
            9 * sample::BILLION,
        ));
        let overdrawn = Books::of(&sums, &tallies).unwrap();
        assert_eq!(books(&overdrawn, false), Ok(()));
        assert_eq!(
            books(&overdrawn, true),
            Err(Broken::BelowZero("unallocated of child/".into()))
        );
    }

    #[test]
    fn a_fund_that_is_left_out_shows_in_the_consolidated_figures() {
        let whole = figures(|line| line.fund.is_some());
        let parent = figures(|line| line.fund == Some(sample::code("parent")));
        assert_eq!(consolidated(&whole, &whole, &whole), Ok(()));
        let found = consolidated(&whole, &parent, &whole)
            .unwrap_err()
            .to_string();
        assert!(
            found.starts_with("committed consolidated and of own funds"),
            "{found}"
        );
        let found = consolidated(&whole, &whole, &parent)
            .unwrap_err()
            .to_string();
        assert!(
            found.starts_with("committed consolidated and of root funds"),
            "{found}"
        );
    }

    #[test]
    fn figures_that_do_not_fit_together_are_found() {
        let mut figures = figures(|line| line.fund.is_some());
        figures.remaining = Won::ZERO;
        assert!(fund("all", &figures).is_err());
    }

    #[test]
    fn a_table_that_misses_a_row_is_found() {
        let row = Tallied {
            payments: 3,
            ..Tallied::default()
        };
        let whole = row.plus(&row).unwrap();
        assert_eq!(table("by region", [&row, &row], &whole), Ok(()));
        let found = table("by region", [&row], &whole).unwrap_err().to_string();
        assert_eq!(found, "payments by region and in all: 3 and 6 differ");
    }
}
