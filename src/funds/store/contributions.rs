//! Contributions, read back from the events that record and undo them.

use std::collections::HashSet;

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use serde::Deserialize;

use crate::code::Code;
use crate::db::kept::Kept;
use crate::db::place::Place;
use crate::db::schema::events;
use crate::db::{Conn, DbError};
use crate::funds::contributions::Contribution;
use crate::money::Amount;

#[derive(Queryable, Selectable)]
#[diesel(table_name = events)]
struct ContributionRow {
    book: i64,
    sequence: i64,
    actor: String,
    effective_on: NaiveDate,
    recorded_at: NaiveDateTime,
    command: String,
}

/// What the event of a contribution says, as far as it is read back.
#[derive(Deserialize)]
struct Recorded {
    fund: Code,
    amount: Amount,
    from: String,
    from_parent: bool,
}

impl Kept for Contribution {
    /// The book and the sequence in it.
    type Key = (i64, i64);

    fn key(&self) -> Self::Key {
        (self.book, self.sequence)
    }

    fn load(conn: &mut Conn, keys: &[Self::Key]) -> Result<Vec<Self>, DbError> {
        let wanted: HashSet<&Self::Key> = keys.iter().collect();
        let rows: Vec<ContributionRow> = events::table
            .filter(events::book.eq_any(keys.iter().map(|(book, _)| book)))
            .filter(events::sequence.eq_any(keys.iter().map(|(_, sequence)| sequence)))
            .filter(events::kind.eq(Self::RECORDED))
            .select(ContributionRow::as_select())
            .load(conn)?;
        let reversals: Vec<String> = events::table
            .filter(events::book.eq_any(keys.iter().map(|(book, _)| book)))
            .filter(
                events::subject.eq_any(
                    keys.iter()
                        .map(|(book, sequence)| Self::reversal_subject(*book, *sequence)),
                ),
            )
            .filter(events::kind.eq(Self::REVERSED))
            .select(events::subject)
            .load(conn)?;
        let reversals: HashSet<String> = reversals.into_iter().collect();
        rows.into_iter()
            .filter(|row| wanted.contains(&(row.book, row.sequence)))
            .map(|row| row.into_contribution(&reversals))
            .collect()
    }
}

impl ContributionRow {
    fn into_contribution(self, reversals: &HashSet<String>) -> Result<Contribution, DbError> {
        let key = format!("{}-{}", self.book, self.sequence);
        let place = Place {
            table: "events",
            key: &key,
        };
        let recorded: Recorded = place.value(serde_json::from_str(&self.command))?;
        let subject = Contribution::reversal_subject(self.book, self.sequence);
        Ok(Contribution {
            book: self.book,
            sequence: self.sequence,
            fund: recorded.fund,
            amount: recorded.amount,
            from: recorded.from,
            from_parent: recorded.from_parent,
            effective_on: self.effective_on,
            recorded_by: self.actor,
            recorded_at: self.recorded_at.and_utc(),
            reversed: reversals.contains(&subject),
        })
    }
}
