//! The limits of programs as they are now, for records that are read.
//!
//! Cost: two small statements, or none where no program is named.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use crate::db::place::Place;
use crate::db::schema::programs;
use crate::db::{Conn, DbError};
use crate::money::Amount;
use crate::settings;

/// Over how many won records need a second approver.
#[derive(Default)]
pub(super) struct LimitsNow {
    house: Option<Amount>,
    own: HashMap<String, Amount>,
}

impl LimitsNow {
    /// Reads the limits of these programs; of none there is nothing to be told.
    pub(super) fn load(conn: &mut Conn, of: &BTreeSet<&str>) -> Result<Self, DbError> {
        if of.is_empty() {
            return Ok(Self::default());
        }
        let rows: Vec<(String, Option<i64>)> = programs::table
            .filter(programs::code.eq_any(of))
            .filter(programs::second_approval_above.is_not_null())
            .select((programs::code, programs::second_approval_above))
            .load(conn)?;
        let mut own = HashMap::new();
        for (code, above) in rows {
            let place = Place {
                table: "programs",
                key: &code,
            };
            if let Some(above) = place.value(above.map(Amount::new).transpose())? {
                own.insert(code, above);
            }
        }
        let house = settings::store::get(conn)?.second_approval_above;
        Ok(Self { house, own })
    }

    /// The limit of this program; of direct giving, where the code is empty.
    pub(super) fn of(&self, program: &str) -> Option<Amount> {
        self.own.get(program).copied().or(self.house)
    }
}
