//! Sales (판매): produce sold for producers. Facts with a weight and a value, never fund money.
//!
//! [`record::RecordSale`] adds a line to the sums of its program and product;
//! [`cancel::CancelSale`] undoes a wrong one on a day of its own, so no earlier day changes. A sale
//! lies in its program's book where that has no fund, else in the house's.

pub mod cancel;
pub mod model;
pub mod record;
pub mod rules;
pub mod store;

use chrono::NaiveDate;

use crate::tallies::{SaleChange, Sold};
use model::Sale;

fn subject(sale: &Sale) -> String {
    format!("sale:{}", sale.id)
}

/// What a sale adds to the sums on a day; `sign` is −1 where it is taken back.
fn change(sale: &Sale, on: NaiveDate, sign: i64) -> SaleChange {
    // Within their bounds none of these can overflow: they were parsed as positive.
    let signed = |value: i64| value.saturating_mul(sign);
    SaleChange {
        program: sale.program.clone(),
        product: sale.product.code.clone(),
        region: sale.origin_region,
        on,
        sold: Sold {
            grams: signed(sale.quantity.grams()),
            amount: signed(sale.amount.get()),
            orders: signed(sale.orders),
        },
    }
}
