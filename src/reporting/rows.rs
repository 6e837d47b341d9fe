//! What the overview and the report of a fund both read.
//!
//! Cost: two statements for programs' names beside those of `programs::store::all`, four for
//! plans and what was in effect, and at most two each for accounts and programs' sums.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{master, store, until};
use crate::code::Code;
use crate::db::{Conn, DbError};
use crate::funds::model::{Fund, Plan};
use crate::ledger;
use crate::ledger::store::{AccountSum, SumFilter};
use crate::programs::model::Program;
use crate::tallies;
use crate::tallies::store::{TallyFilter, TallySum};

/// Sums and master data, as they were read.
#[derive(Debug)]
pub struct Rows {
    /// The day asked for.
    pub as_of: NaiveDate,
    /// Whether that is today or later, so that the limits of accounts hold.
    pub now: bool,
    /// All funds.
    pub funds: Vec<Fund>,
    /// All programs.
    pub programs: Vec<Program>,
    /// The plan of each fund that has one.
    pub plans: BTreeMap<Code, Plan>,
    /// Which master data had taken effect, by noun and code.
    pub in_effect: BTreeSet<(String, String)>,
    /// The accounts' sums until the day.
    pub sums: Vec<AccountSum>,
    /// The programs' sums until the day.
    pub tallies: Vec<TallySum>,
}

impl Rows {
    /// Reads what stood at the end of `as_of`: in all books, or in those funds alone.
    ///
    /// # Errors
    /// [`DbError`].
    pub fn read(
        conn: &mut Conn,
        (as_of, today): (NaiveDate, NaiveDate),
        funds: Vec<Fund>,
        only: Option<Vec<Code>>,
    ) -> Result<Self, DbError> {
        let pieces = until::standing(as_of, today);
        let of_accounts = SumFilter {
            funds: only.clone(),
            program: None,
        };
        let of_programs = TallyFilter {
            funds: only,
            ..TallyFilter::default()
        };
        Ok(Self {
            as_of,
            now: as_of >= today,
            funds,
            programs: master::programs(conn, as_of)?,
            plans: store::plans_in_force(conn, as_of)?,
            in_effect: store::in_effect(conn, as_of)?,
            sums: until::read(&pieces, |span, days| {
                ledger::store::sums(conn, &of_accounts, span, days)
            })?,
            tallies: until::read(&pieces, |span, days| {
                tallies::store::read(conn, &of_programs, span, days)
            })?,
        })
    }

    /// Whether a fund or program had taken effect by the day.
    #[must_use]
    pub fn has_taken_effect(&self, noun: &str, code: &Code) -> bool {
        self.in_effect
            .contains(&(noun.to_owned(), code.to_string()))
    }
}
