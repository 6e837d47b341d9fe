//! Small cells: figures of so few payments that they would tell about single people. Pure.
//!
//! A cell is small with one to four payments, or where money came back and no payment is left. A
//! single hidden cell could be worked out from the total, so a second one, the smallest of the
//! others, is hidden with it. A table of one row tells no more than the totals, which are open.
//! Donations go to organisations and are not hidden.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::books::Tallied;
use crate::money::{MoneyError, Won};

/// The fewest payments of a cell that everybody may see.
pub const FEWEST: i64 = 5;

/// One row of a table by month or by region; without figures where they are hidden.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Cell {
    /// Won approved, net of cancellations.
    pub approved: Option<Won>,
    /// Won paid, net of returns.
    pub paid: Option<Won>,
    /// Won that came back for good.
    pub refunded: Option<Won>,
    /// Paid − refunded.
    pub disbursed: Option<Won>,
    /// Payments of which something is left; below zero where more ended than began.
    pub payments: Option<i64>,
    /// Whether the figures are hidden.
    pub suppressed: bool,
}

impl Cell {
    fn open(tallied: &Tallied) -> Result<Self, MoneyError> {
        Ok(Self {
            approved: Some(tallied.approved),
            paid: Some(tallied.paid),
            refunded: Some(tallied.refunded),
            disbursed: Some(tallied.disbursed()?),
            payments: Some(tallied.payments),
            suppressed: false,
        })
    }

    /// A cell that is shown, or hidden.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`].
    pub fn of(tallied: &Tallied, hidden: bool) -> Result<Self, MoneyError> {
        if hidden {
            Ok(Self::hidden())
        } else {
            Self::open(tallied)
        }
    }

    fn hidden() -> Self {
        Self {
            suppressed: true,
            ..Self::default()
        }
    }
}

/// The cells of a table, row by row; the small ones hidden where `suppress` asks for it.
///
/// # Errors
/// [`MoneyError::Overflow`].
pub fn cells(rows: &[Tallied], suppress: bool) -> Result<Vec<Cell>, MoneyError> {
    let sizes: Vec<(bool, i64)> = rows
        .iter()
        .map(|row| (is_small(row), row.payments))
        .collect();
    let hidden = if suppress {
        hidden(&sizes)
    } else {
        BTreeSet::new()
    };
    rows.iter()
        .enumerate()
        .map(|(row, tallied)| Cell::of(tallied, hidden.contains(&row)))
        .collect()
}

/// The places that are hidden where `suppress` asks for it, as they were recorded.
///
/// Whatever table joins them is hidden with any of its parts: two tables of the same records by
/// different regions, held against each other, would tell what each of them hides.
#[must_use]
pub fn hidden_places<P: Ord + Copy>(
    recorded: &BTreeMap<P, Tallied>,
    suppress: bool,
) -> BTreeSet<P> {
    if !suppress {
        return BTreeSet::new();
    }
    let sizes: Vec<(bool, i64)> = recorded
        .values()
        .map(|there| (is_small(there), there.payments))
        .collect();
    let hidden = hidden(&sizes);
    let rows = recorded.keys().enumerate();
    rows.filter(|(row, _)| hidden.contains(row))
        .map(|(_, place)| *place)
        .collect()
}

/// Whether a cell would tell about single people.
#[must_use]
pub fn is_small(cell: &Tallied) -> bool {
    let few = (1..FEWEST).contains(&cell.payments);
    let came_back = cell.payments <= 0 && cell.refunded != Won::ZERO && cell.donations == 0;
    few || came_back
}

/// Which rows are hidden, of rows that are small or not and have so many payments.
#[must_use]
pub fn hidden(rows: &[(bool, i64)]) -> BTreeSet<usize> {
    let (small, large): (Vec<_>, Vec<_>) =
        rows.iter().enumerate().partition(|(_, (small, _))| *small);
    let mut hidden: BTreeSet<usize> = small.into_iter().map(|(row, _)| row).collect();
    if hidden.len() == 1 {
        // A row without payments would hide nothing.
        let second = large
            .into_iter()
            .min_by_key(|(_, (_, payments))| (*payments <= 0, *payments));
        hidden.extend(second.map(|(row, _)| row));
    }
    hidden
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(payments: i64) -> Tallied {
        Tallied {
            approved: Won::new(payments * 300),
            paid: Won::new(payments * 300),
            payments,
            ..Tallied::default()
        }
    }

    fn hidden_of(rows: &[Tallied]) -> Vec<bool> {
        let cells = cells(rows, true).unwrap();
        cells.iter().map(|cell| cell.suppressed).collect()
    }

    #[test]
    fn a_single_small_cell_takes_the_next_smallest_with_it() {
        let rows = [row(90), row(4), row(0), row(7)];
        assert_eq!(hidden_of(&rows), [false, true, false, true]);
    }

    #[test]
    fn two_small_cells_hide_each_other() {
        assert_eq!(hidden_of(&[row(90), row(4), row(1)]), [false, true, true]);
    }

    #[test]
    fn five_payments_and_none_at_all_are_not_small() {
        assert_eq!(hidden_of(&[row(5), row(0)]), [false, false]);
    }

    #[test]
    fn money_that_came_back_from_the_last_payee_is_small() {
        let back = Tallied {
            paid: Won::new(300),
            refunded: Won::new(300),
            ..Tallied::default()
        };
        let donation = Tallied {
            donations: 1,
            ..back
        };
        assert_eq!(hidden_of(&[back, row(3)]), [true, true]);
        assert_eq!(hidden_of(&[donation, row(9)]), [false, false]);
    }

    #[test]
    fn a_hidden_cell_has_no_figures_and_says_so() {
        let cells = cells(&[row(4)], true).unwrap();
        assert_eq!(cells, [Cell::hidden()]);
    }

    #[test]
    fn who_may_see_everything_sees_small_cells() {
        let cells = cells(&[row(4)], false).unwrap();
        assert_eq!(cells, [Cell::open(&row(4)).unwrap()]);
    }
}
