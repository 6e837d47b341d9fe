//! Whole tables, carried from one engine to the other without knowing what they hold.
//!
//! Which tables and columns there are is asked of the databases themselves. On the way every row
//! is an array of texts: numbers in digits, instants as they are stored, bytes in hexadecimal
//! digits. Either engine reads and writes that as JSON, one row to a value, so there is one
//! statement for each table and nothing to add for a new one.
//!
//! Cost: one pass, row by row; memory of one batch.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::connection::{DefaultLoadingMode, SimpleConnection};
use diesel::pg::PgRowByRowLoadingMode;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryResult, QueryableByName, RunQueryDsl, sql_query};

use super::{Conn, DbError, Use};

/// Rows that are inserted at once.
pub const BATCH: usize = 500;
/// How instants are written: as diesel stores them in SQLite.
const INSTANT: &str = "%F %T%.f";

/// A row on its way: its values, in the order of the table's columns.
pub type Row = Vec<Option<String>>;

/// A table, as its engine tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    columns: Vec<(String, Sort)>,
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sort {
    Number,
    Flag,
    Words,
    Day,
    Instant,
    Bytes,
}

#[derive(QueryableByName)]
struct ColumnRow {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    sort: String,
}

#[derive(QueryableByName)]
struct Reference {
    #[diesel(sql_type = Text)]
    child: String,
    #[diesel(sql_type = Text)]
    parent: String,
    #[diesel(sql_type = Text)]
    name: String,
}

#[derive(QueryableByName)]
struct Value {
    #[diesel(sql_type = Text)]
    value: String,
}

#[derive(QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

fn is_embedded(conn: &Conn) -> bool {
    matches!(conn, Conn::Sqlite(_))
}

impl Sort {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "BIGINT" | "INTEGER" | "bigint" | "integer" => Self::Number,
            "BOOLEAN" | "boolean" => Self::Flag,
            "TEXT" | "text" => Self::Words,
            "DATE" | "date" => Self::Day,
            "TIMESTAMP" | "timestamp without time zone" => Self::Instant,
            "BLOB" | "bytea" => Self::Bytes,
            _ => return None,
        })
    }

    /// The text of a column, or nothing.
    fn told(self, column: &str, embedded: bool) -> String {
        match (self, embedded) {
            (Self::Number, _) | (Self::Flag, true) => format!("CAST({column} AS TEXT)"),
            (Self::Flag, false) => format!("CAST({column}::integer AS TEXT)"),
            (Self::Words, _) | (Self::Day | Self::Instant, true) => column.to_owned(),
            (Self::Day, false) => format!("to_char({column}, 'YYYY-MM-DD')"),
            (Self::Instant, false) => format!("to_char({column}, 'YYYY-MM-DD HH24:MI:SS.US')"),
            (Self::Bytes, true) => {
                format!("CASE WHEN {column} IS NOT NULL THEN lower(hex({column})) END")
            }
            (Self::Bytes, false) => format!("encode({column}, 'hex')"),
        }
    }

    /// The value that a text tells of.
    fn read(self, text: &str, embedded: bool) -> String {
        match (self, embedded) {
            (Self::Words, _) | (Self::Day | Self::Instant, true) => text.to_owned(),
            (Self::Number | Self::Flag, true) => format!("CAST({text} AS INTEGER)"),
            (Self::Bytes, true) => format!("unhex({text})"),
            (Self::Number, false) => format!("CAST({text} AS BIGINT)"),
            (Self::Flag, false) => format!("CAST({text} AS BOOLEAN)"),
            (Self::Day, false) => format!("CAST({text} AS DATE)"),
            (Self::Instant, false) => format!("CAST({text} AS TIMESTAMP)"),
            (Self::Bytes, false) => format!("decode({text}, 'hex')"),
        }
    }
}

/// Every table but the engine's own and that of the migrations, parents before children.
///
/// # Errors
/// [`DbError::Schema`] for a column of a sort that both engines do not share, and for tables that
/// name each other in a circle.
pub fn tables(conn: &mut Conn) -> Result<Vec<Table>, DbError> {
    let query = if is_embedded(conn) {
        "SELECT m.name AS table_name, c.name AS column_name, c.type AS sort \
         FROM sqlite_master m, pragma_table_info(m.name) c \
         WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND substr(m.name, 1, 2) <> '__'"
    } else {
        "SELECT c.table_name::text AS table_name, c.column_name::text AS column_name, \
         c.data_type::text AS sort FROM information_schema.columns c \
         JOIN information_schema.tables t USING (table_schema, table_name) \
         WHERE t.table_type = 'BASE TABLE' AND c.table_schema = current_schema() \
         AND substr(c.table_name, 1, 2) <> '__'"
    };
    let rows: Vec<ColumnRow> = sql_query(query).load(conn)?;
    let mut found: BTreeMap<String, Vec<(String, Sort)>> = BTreeMap::new();
    for row in rows {
        let sort = Sort::parse(&row.sort).ok_or_else(|| {
            let ColumnRow {
                table_name,
                column_name,
                sort,
            } = &row;
            DbError::Schema(format!(
                "{table_name}.{column_name} is {sort}: not to be carried"
            ))
        })?;
        found
            .entry(row.table_name)
            .or_default()
            .push((row.column_name, sort));
    }
    for columns in found.values_mut() {
        columns.sort_by(|(a, _), (b, _)| a.cmp(b));
    }
    in_order(found, &references(conn)?)
}

fn references(conn: &mut Conn) -> Result<Vec<Reference>, DbError> {
    let query = if is_embedded(conn) {
        "SELECT m.name AS child, f.\"table\" AS parent, '' AS name \
         FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"
    } else {
        "SELECT c.relname::text AS child, o.relname::text AS parent, k.conname::text AS name \
         FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid \
         JOIN pg_class o ON o.oid = k.confrelid \
         JOIN pg_namespace s ON s.oid = c.relnamespace AND s.nspname = current_schema() \
         WHERE k.contype = 'f'"
    };
    Ok(sql_query(query).load(conn)?)
}

/// Puts tables in an order in which each comes after those that it names.
fn in_order(
    mut left: BTreeMap<String, Vec<(String, Sort)>>,
    references: &[Reference],
) -> Result<Vec<Table>, DbError> {
    let mut ordered = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |name: &String| {
            let parents = references.iter().filter(|r| r.child == *name);
            parents
                .into_iter()
                .any(|r| r.parent != *name && left.contains_key(&r.parent))
        };
        let Some(name) = left.keys().find(|name| !waits(name)).cloned() else {
            return Err(DbError::Schema(
                "tables name each other in a circle".to_owned(),
            ));
        };
        let columns = left.remove(&name).unwrap_or_default();
        ordered.push(Table { name, columns });
    }
    Ok(ordered)
}

impl Table {
    /// Its columns, as `table.column`.
    pub fn names(&self) -> impl Iterator<Item = String> {
        let names = self.columns.iter();
        names.map(|(column, _)| format!("{}.{column}", self.name))
    }

    /// How many rows it has.
    ///
    /// # Errors
    /// [`DbError::Statement`].
    pub fn count(&self, conn: &mut Conn) -> Result<u64, DbError> {
        let query = format!("SELECT count(*) AS count FROM \"{}\"", self.name);
        let count: Count = sql_query(query).get_result(conn)?;
        Ok(u64::try_from(count.count).unwrap_or_default())
    }

    /// Hands over every row, one after the other.
    ///
    /// # Errors
    /// [`DbError::Schema`] for a row that cannot be read, and whatever `each` returns.
    pub fn rows<E: From<DbError>>(
        &self,
        conn: &mut Conn,
        mut each: impl FnMut(Row) -> Result<(), E>,
    ) -> Result<(), E> {
        let query = self.selection(is_embedded(conn));
        let mut told = |value: QueryResult<Value>| {
            let row = self.parse(&value.map_err(DbError::from)?.value)?;
            each(row)
        };
        // Neither keeps more than one row in memory.
        match conn {
            Conn::Sqlite(conn) => sql_query(query)
                .load_iter::<Value, DefaultLoadingMode>(conn)
                .map_err(DbError::from)?
                .try_for_each(&mut told),
            Conn::Postgres(conn) => sql_query(query)
                .load_iter::<Value, PgRowByRowLoadingMode>(conn)
                .map_err(DbError::from)?
                .try_for_each(&mut told),
        }
    }

    /// Adds rows.
    ///
    /// # Errors
    /// [`DbError::Statement`].
    pub fn insert(&self, conn: &mut Conn, rows: &[Row]) -> Result<(), DbError> {
        let rows = serde_json::to_string(rows).map_err(|e| self.unreadable(&e.to_string()))?;
        sql_query(self.insertion(is_embedded(conn)))
            .bind::<Text, _>(rows)
            .execute(conn)?;
        Ok(())
    }

    fn selection(&self, embedded: bool) -> String {
        let columns = self.columns.iter();
        let told: Vec<String> = columns
            .map(|(name, sort)| sort.told(&format!("\"{name}\""), embedded))
            .collect();
        let (told, name) = (told.join(", "), &self.name);
        if embedded {
            format!("SELECT json_array({told}) AS value FROM \"{name}\"")
        } else {
            format!("SELECT json_build_array({told})::text AS value FROM \"{name}\"")
        }
    }

    fn insertion(&self, embedded: bool) -> String {
        let columns = self.columns.iter();
        let (names, read): (Vec<String>, Vec<String>) = columns
            .enumerate()
            .map(|(at, (name, sort))| {
                (
                    format!("\"{name}\""),
                    sort.read(&format!("(value ->> {at})"), embedded),
                )
            })
            .unzip();
        let (names, read, name) = (names.join(", "), read.join(", "), &self.name);
        let rows = if embedded {
            "json_each($1)"
        } else {
            "jsonb_array_elements(CAST($1 AS jsonb))"
        };
        format!("INSERT INTO \"{name}\" ({names}) SELECT {read} FROM {rows}")
    }

    /// Reads a row as its engine told it, and writes instants in one way.
    fn parse(&self, text: &str) -> Result<Row, DbError> {
        let row: Result<Row, _> = serde_json::from_str(text);
        let mut row = row.map_err(|e| self.unreadable(&e.to_string()))?;
        for (value, (name, sort)) in row.iter_mut().zip(&self.columns) {
            if let (Some(instant), Sort::Instant) = (value.as_mut(), sort) {
                let read = NaiveDateTime::parse_from_str(instant, INSTANT);
                let read = read.map_err(|e| self.unreadable(&format!("{name}: {e}")))?;
                *instant = read.format(INSTANT).to_string();
            }
        }
        Ok(row)
    }

    fn unreadable(&self, why: &str) -> DbError {
        DbError::Schema(format!("a row of {} cannot be read: {why}", self.name))
    }
}

/// Runs `work` in one transaction, whole or not at all.
///
/// # Errors
/// Of `work`, and of the transaction.
pub fn all_or_nothing<T, E: From<DbError>>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, E>,
) -> Result<T, E> {
    conn.begin(Use::Write)?;
    match work(conn) {
        Ok(done) => {
            conn.commit()?;
            Ok(done)
        }
        Err(error) => {
            // The connection goes with its transaction.
            drop(conn.roll_back());
            Err(error)
        }
    }
}

/// Lets the statements of this transaction take their time.
///
/// # Errors
/// [`DbError::Statement`].
pub fn be_patient(conn: &mut Conn) -> Result<(), DbError> {
    if !is_embedded(conn) {
        conn.batch_execute(
            "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0",
        )?;
    }
    Ok(())
}

/// Keeps others from writing to the tables until the end of the transaction, and lets rows name
/// rows of their own table that come after them.
///
/// # Errors
/// [`DbError::Statement`], also for whoever does not own the tables.
pub fn open_for_rows(conn: &mut Conn, tables: &[Table]) -> Result<(), DbError> {
    if is_embedded(conn) {
        return conn.defer_references();
    }
    let names: Vec<String> = tables
        .iter()
        .map(|table| format!("\"{}\"", table.name))
        .collect();
    conn.batch_execute(&format!(
        "LOCK TABLE {} IN EXCLUSIVE MODE",
        names.join(", ")
    ))?;
    alter_own_references(conn, "DEFERRABLE INITIALLY DEFERRED")
}

/// Checks what was put off.
///
/// # Errors
/// [`DbError::Statement`] where a row names one that is not there.
pub fn close_for_rows(conn: &mut Conn) -> Result<(), DbError> {
    if is_embedded(conn) {
        // Committing checks it.
        return Ok(());
    }
    conn.batch_execute("SET CONSTRAINTS ALL IMMEDIATE")?;
    alter_own_references(conn, "NOT DEFERRABLE")
}

fn alter_own_references(conn: &mut Conn, to: &str) -> Result<(), DbError> {
    for Reference {
        child,
        parent,
        name,
    } in references(conn)?
    {
        if child == parent {
            conn.batch_execute(&format!(
                "ALTER TABLE \"{child}\" ALTER CONSTRAINT \"{name}\" {to}"
            ))?;
        }
    }
    Ok(())
}

/// Takes the books away that a migration opened, in which nothing happened yet.
///
/// # Errors
/// [`DbError::Statement`] where anything belongs to them.
pub fn take_away_fresh_books(conn: &mut Conn) -> Result<(), DbError> {
    Ok(conn.batch_execute("DELETE FROM books WHERE sequence = 0")?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reference(child: &str, parent: &str) -> Reference {
        Reference {
            child: child.to_owned(),
            parent: parent.to_owned(),
            name: String::new(),
        }
    }

    #[test]
    fn tables_come_after_those_they_name() {
        let names = ["a", "b", "c"].map(|name| (name.to_owned(), Vec::new()));
        let chain = [
            reference("a", "b"),
            reference("b", "c"),
            reference("a", "a"),
        ];
        let ordered = in_order(names.clone().into(), &chain).unwrap();
        let ordered: Vec<&str> = ordered.iter().map(|table| table.name.as_str()).collect();
        assert_eq!(ordered, ["c", "b", "a"]);
        let circle = [reference("a", "b"), reference("b", "a")];
        assert!(in_order(names.into(), &circle).is_err());
    }

    #[test]
    fn instants_are_written_in_one_way() {
        let table = Table {
            name: "t".to_owned(),
            columns: vec![
                ("at".to_owned(), Sort::Instant),
                ("x".to_owned(), Sort::Words),
            ],
        };
        for (told, wanted) in [
            ("2022-11-03 00:00:00.000000", "2022-11-03 00:00:00"),
            ("2022-11-03 00:00:00", "2022-11-03 00:00:00"),
            ("2022-11-03 00:00:00.120000", "2022-11-03 00:00:00.120"),
            ("2022-11-03 00:00:00.000001", "2022-11-03 00:00:00.000001"),
        ] {
            let row = table.parse(&format!("[\"{told}\", null]")).unwrap();
            assert_eq!(row, [Some(wanted.to_owned()), None]);
        }
        assert!(table.parse("[\"yesterday\", null]").is_err());
    }
}
