//! What programs sold for producers. Never summed with what was disbursed.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::books::count;
use crate::code::Code;
use crate::money::{MoneyError, Weight, Won};
use crate::tallies::Sold;
use crate::tallies::store::SaleSum;

/// What a program sold until a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SalesShown {
    /// The value, in won.
    pub amount: Won,
    /// The weight, in kilograms.
    pub quantity_kg: Weight,
    /// In how many orders.
    pub orders: i64,
    /// Distinct buyers, as a statement declares them; lines of sales do not tell.
    pub buyers: Option<i64>,
    /// What the number of buyers rests on.
    pub buyers_basis: Option<String>,
    /// The day.
    pub as_of: NaiveDate,
}

impl SalesShown {
    /// What was sold, as reports show it.
    #[must_use]
    pub fn of(sold: &Sold, as_of: NaiveDate) -> Self {
        Self {
            amount: Won::new(sold.amount),
            quantity_kg: Weight::from_grams(sold.grams),
            orders: sold.orders,
            buyers: None,
            buyers_basis: None,
            as_of,
        }
    }
}

/// What each program sold; one that never did is not in it.
///
/// # Errors
/// [`MoneyError::Overflow`].
pub fn by_program(sums: &[SaleSum]) -> Result<BTreeMap<&Code, Sold>, MoneyError> {
    let mut programs: BTreeMap<&Code, Sold> = BTreeMap::new();
    for sum in sums {
        let sold = programs.entry(&sum.program).or_default();
        count(&mut sold.grams, sum.sold.grams)?;
        count(&mut sold.amount, sum.sold.amount)?;
        count(&mut sold.orders, sum.sold.orders)?;
    }
    Ok(programs)
}
