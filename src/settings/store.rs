//! The table of the settings: one row, which is not there before anything was set.

use diesel::prelude::*;

use super::model::Settings;
use crate::db::dialect::upsert_rows;
use crate::db::kept::{Kept, Saved};
use crate::db::place::Place;
use crate::db::schema::settings;
use crate::db::words::Words;
use crate::db::{Conn, DbError};
use crate::money::Amount;

/// The id of the row.
const HOUSE: i32 = 1;

#[derive(Queryable, Insertable)]
#[diesel(table_name = settings, treat_none_as_default_value = false)]
struct Row {
    id: i32,
    second_approval_above: Option<i64>,
    version: i32,
}

/// Of a row that is there already.
struct UpsertSettings;

impl Words for UpsertSettings {
    const WORDS: &'static str = "ON CONFLICT (id) DO UPDATE SET \
        second_approval_above = excluded.second_approval_above, version = excluded.version";
}

/// Reads the settings.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when the row cannot be read.
pub fn get(conn: &mut Conn) -> Result<Settings, DbError> {
    Ok(Settings::load(conn, &[()])?.pop().unwrap_or_default())
}

impl Kept for Settings {
    type Key = ();

    fn key(&self) {}

    fn load(conn: &mut Conn, _keys: &[()]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<Row> = settings::table.load(conn)?;
        rows.into_iter().map(Row::into_settings).collect()
    }
}

impl Saved for Settings {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let rows: Vec<Row> = new.iter().chain(changed).map(|one| Row::of(one)).collect();
        Ok(upsert_rows!(conn, settings::table, rows, UpsertSettings)?)
    }
}

impl Row {
    fn of(settings: &Settings) -> Self {
        Self {
            id: HOUSE,
            second_approval_above: settings.second_approval_above.map(Amount::get),
            version: settings.version,
        }
    }

    fn into_settings(self) -> Result<Settings, DbError> {
        let place = Place {
            table: "settings",
            key: "house",
        };
        let above = self.second_approval_above.map(Amount::new).transpose();
        Ok(Settings {
            second_approval_above: place.value(above)?,
            version: self.version,
        })
    }
}
