//! The table of imports. What is kept beside them stands in the files below.

pub mod faults;
pub mod lookups;
pub mod mappings;
pub mod parcels;
pub mod records;
pub mod works;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::kinds::Kind;
use super::model::{Import, State};
use super::steps::{FileKey, StandingFile};
use crate::code::Code;
use crate::db::dialect::insert_rows;
use crate::db::kept::{Kept, Saved};
use crate::db::page::Page;
use crate::db::place::Place;
use crate::db::schema::imports;
use crate::db::{Conn, DbError};
use crate::ids::RecordId;

#[derive(Queryable, Selectable, Identifiable, Insertable, AsChangeset)]
#[diesel(table_name = imports)]
#[diesel(treat_none_as_default_value = false, treat_none_as_null = true)]
struct Row {
    id: String,
    kind: String,
    program: String,
    name: Option<String>,
    sha256: String,
    bytes: i64,
    lines: i64,
    settings: String,
    mode: Option<String>,
    state: String,
    ending: Option<String>,
    failure: Option<String>,
    wrapped_key: Vec<u8>,
    recorded_by: String,
    recorded_at: NaiveDateTime,
    changed_at: NaiveDateTime,
    version: i32,
}

/// Which imports a list shows; nothing set means all.
#[derive(Debug, Clone, Default)]
pub struct ImportFilter {
    /// Those of one kind.
    pub kind: Option<Kind>,
    /// Those of one program.
    pub program: Option<Code>,
    /// Those that stand here.
    pub state: Option<State>,
}

/// Reads one import.
///
/// # Errors
/// [`DbError::Statement`]; [`DbError::Schema`] when the row cannot be read.
pub fn get(conn: &mut Conn, id: &RecordId) -> Result<Option<Import>, DbError> {
    Ok(Import::load(conn, std::slice::from_ref(id))?.pop())
}

/// Reads a page of imports, the first received first.
///
/// # Errors
/// As [`get`].
pub fn list(conn: &mut Conn, filter: &ImportFilter, page: &Page) -> Result<Vec<Import>, DbError> {
    let mut query = imports::table
        .select(Row::as_select())
        .order(imports::id)
        .limit(page.limit)
        .into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(imports::id.gt(after));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(imports::kind.eq(kind.to_string()));
    }
    if let Some(program) = &filter.program {
        query = query.filter(imports::program.eq(program.as_str()));
    }
    if let Some(state) = filter.state {
        query = query.filter(imports::state.eq(state.to_string()));
    }
    let rows: Vec<Row> = query.load(conn)?;
    rows.into_iter().map(Import::try_from).collect()
}

/// The imports at which there is something to do, the oldest first; at most `most` of them.
///
/// # Errors
/// As [`get`].
pub fn open(conn: &mut Conn, most: i64) -> Result<Vec<Import>, DbError> {
    let open = [State::Received, State::Committing, State::Undoing];
    let rows: Vec<Row> = imports::table
        .filter(imports::state.eq_any(open.map(|state| state.to_string())))
        .order(imports::id)
        .limit(most)
        .select(Row::as_select())
        .load(conn)?;
    rows.into_iter().map(Import::try_from).collect()
}

impl Import {
    /// The key of its file, and the file where it stands.
    #[must_use]
    pub fn file(&self) -> (FileKey, Option<StandingFile>) {
        let program = self.program.as_ref().map_or("", Code::as_str);
        let key = (self.kind, program.to_owned(), self.sha256.clone());
        let standing = self.state.stands().then(|| StandingFile {
            key: key.clone(),
            import: self.id.clone(),
        });
        (key, standing)
    }
}

impl Kept for Import {
    type Key = RecordId;

    fn key(&self) -> RecordId {
        self.id.clone()
    }

    fn load(conn: &mut Conn, keys: &[RecordId]) -> Result<Vec<Self>, DbError> {
        let rows: Vec<Row> = imports::table
            .filter(imports::id.eq_any(keys.iter().map(RecordId::as_str)))
            .select(Row::as_select())
            .load(conn)?;
        rows.into_iter().map(Self::try_from).collect()
    }
}

impl Saved for Import {
    fn save(conn: &mut Conn, new: &[&Self], changed: &[&Self]) -> Result<(), DbError> {
        let row = |import: &&Self| Row::of(import);
        let rows = new.iter().map(row).collect::<Result<Vec<Row>, DbError>>()?;
        insert_rows!(conn, imports::table, rows)?;
        for import in changed {
            let row = Row::of(import)?;
            diesel::update(&row).set(&row).execute(conn)?;
        }
        Ok(())
    }
}

impl Kept for StandingFile {
    type Key = FileKey;

    fn key(&self) -> FileKey {
        self.key.clone()
    }

    fn load(conn: &mut Conn, keys: &[FileKey]) -> Result<Vec<Self>, DbError> {
        let ended = [State::Undone, State::Cancelled, State::Failed];
        let rows: Vec<Row> = imports::table
            .filter(imports::sha256.eq_any(keys.iter().map(|(_, _, sha256)| sha256)))
            .filter(imports::state.ne_all(ended.map(|state| state.to_string())))
            .select(Row::as_select())
            .load(conn)?;
        let imports = rows.into_iter().map(Import::try_from);
        let imports = imports.collect::<Result<Vec<Import>, DbError>>()?;
        Ok(imports
            .into_iter()
            .filter_map(|import| import.file().1)
            .collect())
    }
}

impl Row {
    fn of(import: &Import) -> Result<Self, DbError> {
        let settings = serde_json::to_string(&import.settings);
        Ok(Self {
            id: import.id.to_string(),
            kind: import.kind.to_string(),
            program: import
                .program
                .as_ref()
                .map_or_else(String::new, Code::to_string),
            name: import.name.clone(),
            sha256: import.sha256.clone(),
            bytes: import.bytes,
            lines: import.lines,
            settings: settings.map_err(|error| DbError::Schema(error.to_string()))?,
            mode: import.mode.map(|mode| mode.to_string()),
            state: import.state.to_string(),
            ending: import.ending.map(|ending| ending.to_string()),
            failure: import.failure.clone(),
            wrapped_key: import.wrapped_key.clone(),
            recorded_by: import.recorded_by.clone(),
            recorded_at: import.recorded_at.naive_utc(),
            changed_at: import.changed_at.naive_utc(),
            version: import.version,
        })
    }
}

impl TryFrom<Row> for Import {
    type Error = DbError;

    fn try_from(row: Row) -> Result<Self, DbError> {
        let place = Place {
            table: "imports",
            key: &row.id,
        };
        Ok(Self {
            kind: place.name(&row.kind)?,
            settings: place.value(serde_json::from_str(&row.settings))?,
            mode: place.name_if_any(row.mode.as_deref())?,
            state: place.name(&row.state)?,
            ending: place.name_if_any(row.ending.as_deref())?,
            id: RecordId::stored(row.id),
            program: (!row.program.is_empty()).then(|| Code::stored(row.program)),
            name: row.name,
            sha256: row.sha256,
            bytes: row.bytes,
            lines: row.lines,
            failure: row.failure,
            wrapped_key: row.wrapped_key,
            recorded_by: row.recorded_by,
            recorded_at: row.recorded_at.and_utc(),
            changed_at: row.changed_at.and_utc(),
            version: row.version,
        })
    }
}
