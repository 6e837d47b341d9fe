//! The audit of compensation: derived again from the records, and compared with its sums.
//!
//! What each record did comes from the audit of the records through [`Derived`], told apart by day.
//! Memory: the day sums by program, rule version and tier.

use std::collections::BTreeMap;
use std::fmt;

use chrono::NaiveDate;

use super::compensation_store;
use crate::db::{Conn, DbError};
use crate::difference::{Findings, Sides};
use crate::ledger::Span;
use crate::text_enum::TextEnum;

/// Under what compensation is summed, as stored.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Class {
    /// The book.
    pub book: i64,
    /// The program.
    pub program: String,
    /// The version of the rules; empty where nothing was assessed.
    pub rule_version: String,
    /// The tier; empty where nothing was assessed.
    pub tier: String,
    /// In what form.
    pub form: String,
}

/// The figures of compensation, in the order of [`super::compensation::Compensated::figures`];
/// wide enough for any number of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Figures(pub [i128; 12]);

impl Figures {
    fn add(&mut self, more: &Self) {
        for (sum, more) in self.0.iter_mut().zip(more.0) {
            *sum = sum.saturating_add(more);
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let texts: Vec<String> = self.0.iter().map(ToString::to_string).collect();
        f.write_str(&texts.join(" "))
    }
}

/// What the records of compensation programs did, by day.
#[derive(Debug, Default)]
pub struct Derived(BTreeMap<(Class, NaiveDate), Figures>);

impl Derived {
    /// Adds what a record did on a day.
    pub fn add(&mut self, class: &Class, on: NaiveDate, figures: &Figures) {
        self.0.entry((class.clone(), on)).or_default().add(figures);
    }
}

/// Compares the sums of compensation with what records did; returns how many are stored.
///
/// # Errors
/// [`DbError`] when a statement fails or a row cannot be read.
pub fn verify(conn: &mut Conn, derived: &Derived, findings: &mut Findings) -> Result<u64, DbError> {
    let mut sums = 0_u64;
    for span in Span::ALL {
        let mut sides: Sides<(Class, NaiveDate), Figures> = Sides::default();
        for ((class, on), figures) in &derived.0 {
            sides
                .expected((class.clone(), span.starts_on(*on)))
                .add(figures);
        }
        let stored = compensation_store::all(conn, span)?;
        sums = sums.saturating_add(super::audit::length(&stored));
        for row in stored {
            let class = Class {
                book: row.book,
                program: row.program.to_string(),
                rule_version: row.rule_version,
                tier: row.tier,
                form: row.form.as_str().to_owned(),
            };
            let found = Figures(row.sum.figures().map(i128::from));
            sides.found((class, row.starts_on)).add(&found);
        }
        for ((class, starts_on), expected, found) in sides.differing() {
            let Class {
                book,
                program,
                rule_version,
                tier,
                form,
            } = class;
            let place =
                format!("book {book} {program}/{rule_version}/{tier}/{form} {starts_on} {span:?}");
            findings.differ("compensation_sum", place, expected, found);
        }
    }
    Ok(sums)
}
