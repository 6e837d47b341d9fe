//! Statements of sales: what a partner (수행기관) declares it sold, kept beside the lines.
//!
//! A statement tells figures of a run of days, either cumulative since a first day or of these
//! days alone. [`record::RecordStatement`] keeps it, [`cancel::CancelStatement`] undoes a wrong one
//! on a day of its own. Nothing is summed here: a report holds statements against the lines and
//! derives what lies between two of them. Buyers are never added up, over lines or periods.
//!
//! A statement counts from the last day of its period, in the book of its program's sales.

pub mod cancel;
pub mod error;
pub mod model;
pub mod record;
pub mod rules;
pub mod store;

use model::Statement;

fn subject(statement: &Statement) -> String {
    format!("sale_statement:{}", statement.declared.id)
}
