//! What programs sold for producers. Never summed with what was disbursed.
//!
//! Amounts come from the lines; where a program has none, from what its partner stated. Buyers come
//! from statements alone. Each figure has its own day and basis.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::Serialize;

use super::ReportError;
use super::books::count;
use super::checks::Broken;
use super::compared::StatementShown;
use super::declared::{self, Stated};
use crate::code::Code;
use crate::db::Conn;
use crate::money::{MoneyError, Weight, Won};
use crate::statements::model::BuyersBasis;
use crate::statements::store;
use crate::tallies::Sold;
use crate::tallies::store::SaleSum;
use crate::text_enum::text_enum;

text_enum! {
    /// What amounts of sales rest on.
    SalesBasis {
        /// The lines of sales.
        Records = "records",
        /// What the partner stated: there are no lines.
        PartnerStatement = "partner_statement",
    }
}

/// What a program sold until a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SalesShown {
    /// The value, in won; none where neither lines nor statements tell.
    pub amount: Option<Won>,
    /// The weight, in kilograms; none likewise.
    pub quantity_kg: Option<Weight>,
    /// In how many orders; none likewise.
    pub orders: Option<i64>,
    /// Buyers, as the latest statement that tells of them says; lines of sales do not tell.
    pub buyers: Option<i64>,
    /// Who was counted as a buyer.
    pub buyers_basis: Option<BuyersBasis>,
    /// Until when buyers were counted.
    pub buyers_as_of: Option<NaiveDate>,
    /// What the amounts rest on.
    pub basis: SalesBasis,
    /// The day of the amounts.
    pub as_of: NaiveDate,
}

impl SalesShown {
    /// What was sold, as reports show it; none where nothing is known of it.
    #[must_use]
    pub fn of(sold: Option<&Sold>, stated: Option<&Stated>, as_of: NaiveDate) -> Option<Self> {
        let stated_sold = stated.and_then(|stated| stated.sold.as_ref());
        let buyers = stated.and_then(|stated| stated.buyers.as_ref());
        // Lines that were all undone say no more than no lines.
        let lines = sold.filter(|sold| **sold != Sold::default() || stated_sold.is_none());
        let shown = Self {
            amount: None,
            quantity_kg: None,
            orders: None,
            buyers: buyers.map(|stated| stated.buyers.count),
            buyers_basis: buyers.map(|stated| stated.buyers.basis),
            buyers_as_of: buyers.map(|stated| stated.period.end()),
            basis: SalesBasis::PartnerStatement,
            as_of,
        };
        match (lines, stated_sold, buyers) {
            (Some(lines), _, _) => Some(Self {
                amount: Some(Won::new(lines.amount)),
                quantity_kg: Some(Weight::from_grams(lines.grams)),
                orders: Some(lines.orders),
                basis: SalesBasis::Records,
                ..shown
            }),
            (None, Some(stated), _) => Some(Self {
                amount: stated.amount,
                quantity_kg: stated.quantity,
                orders: stated.orders,
                as_of: stated.as_of,
                ..shown
            }),
            (None, None, Some(buyers)) => Some(Self {
                as_of: buyers.period.end(),
                ..shown
            }),
            (None, None, None) => None,
        }
    }
}

/// What a program sold until a day, with what its partner stated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProgramSales {
    /// In short.
    #[serde(flatten)]
    pub sales: SalesShown,
    /// What was stated, newest first.
    pub statements: Vec<StatementShown>,
    /// Whether there are more statements than are listed.
    pub statements_truncated: bool,
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

/// The latest that partners stated of a program until a day: what was sold, and buyers with who was
/// counted, of which days and by which statement; none where nobody stated anything. One statement.
///
/// # Errors
/// [`ReportError::Database`]; [`ReportError::Inconsistent`] when a sum does not fit.
pub fn stated(
    conn: &mut Conn,
    program: &Code,
    as_of: NaiveDate,
) -> Result<Option<Stated>, ReportError> {
    let known = store::known(conn, Some(program), as_of)?;
    let standing = declared::standing(&known);
    let stated = standing.get(program).map(|all| Stated::of(all));
    stated
        .transpose()
        .map_err(|error| Broken::from(error).in_report("statements"))
}
