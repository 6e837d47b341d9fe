//! Both engines hold the same: tables, columns, what is required, keys, and checks.
//!
//! Asked of the databases themselves after all migrations, in a run on PostgreSQL.

use std::collections::{BTreeMap, BTreeSet};

use diesel::connection::SimpleConnection;
use diesel::sql_types::Text;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use sangsaeng::db::{Conn, Url, Use, migrate};

use crate::races::at_once;
use crate::support::Place;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    value: String,
}

fn lines(conn: &mut Conn, query: &str) -> BTreeSet<String> {
    let lines: Vec<Line> = sql_query(query).load(conn).unwrap();
    lines.into_iter().map(|line| line.value).collect()
}

/// What each engine says of a column: `table.column sort required`.
const COLUMNS: [&str; 2] = [
    "SELECT m.name || '.' || c.name || ' ' || c.type || ' ' || \
     CASE WHEN c.\"notnull\" THEN 'required' ELSE '' END AS value \
     FROM sqlite_master m, pragma_table_info(m.name) c \
     WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND substr(m.name, 1, 2) <> '__'",
    "SELECT table_name || '.' || column_name || ' ' || CASE data_type \
       WHEN 'text' THEN 'TEXT' WHEN 'bytea' THEN 'BLOB' WHEN 'bigint' THEN 'BIGINT' \
       WHEN 'integer' THEN 'INTEGER' WHEN 'boolean' THEN 'BOOLEAN' WHEN 'date' THEN 'DATE' \
       WHEN 'timestamp without time zone' THEN 'TIMESTAMP' ELSE data_type END || ' ' || \
     CASE WHEN is_nullable = 'NO' THEN 'required' ELSE '' END AS value \
     FROM information_schema.columns \
     WHERE table_schema = 'public' AND substr(table_name, 1, 2) <> '__'",
];

/// Unique keys, the primary one too: `table columns`, and whether only for some rows.
const KEYS: [&str; 2] = [
    "SELECT m.name || ' ' || (SELECT group_concat(name) FROM \
       (SELECT name FROM pragma_index_info(i.name) ORDER BY seqno)) || \
       CASE WHEN i.partial THEN ' some' ELSE '' END AS value \
     FROM sqlite_master m, pragma_index_list(m.name) i \
     WHERE m.type = 'table' AND i.\"unique\" AND substr(m.name, 1, 2) <> '__' \
     UNION SELECT m.name || ' ' || c.name FROM sqlite_master m, pragma_table_info(m.name) c \
     WHERE m.type = 'table' AND c.pk = 1 AND c.type = 'INTEGER' AND substr(m.name, 1, 2) <> '__' \
     AND NOT EXISTS (SELECT 1 FROM pragma_table_info(m.name) d WHERE d.pk = 2)",
    "SELECT c.relname || ' ' || (SELECT string_agg(a.attname::text, ',' ORDER BY k.n) FROM \
       unnest(i.indkey) WITH ORDINALITY k (attnum, n) \
       JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum) || \
       CASE WHEN i.indpred IS NULL THEN '' ELSE ' some' END AS value \
     FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid \
     JOIN pg_namespace s ON s.oid = c.relnamespace AND s.nspname = 'public' \
     WHERE i.indisunique AND substr(c.relname, 1, 2) <> '__'",
];

/// Keys into other tables: `table.column other.column`.
const REFERENCES: [&str; 2] = [
    "SELECT m.name || '.' || f.\"from\" || ' ' || f.\"table\" || '.' || f.\"to\" AS value \
     FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
    "SELECT c.relname || '.' || a.attname || ' ' || o.relname || '.' || b.attname AS value \
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid \
     JOIN pg_class o ON o.oid = k.confrelid \
     CROSS JOIN LATERAL unnest(k.conkey, k.confkey) AS p (own, theirs) \
     JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = p.own \
     JOIN pg_attribute b ON b.attrelid = o.oid AND b.attnum = p.theirs WHERE k.contype = 'f'",
];

/// The text that each engine keeps of its tables' checks: `table: text`.
const CHECKS: [&str; 2] = [
    "SELECT name || ': ' || sql AS value FROM sqlite_master \
     WHERE type = 'table' AND name NOT LIKE 'sqlite%' AND substr(name, 1, 2) <> '__'",
    "SELECT c.relname || ': CHECK ' || pg_get_constraintdef(k.oid) AS value \
     FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid \
     WHERE k.contype = 'c' AND substr(c.relname, 1, 2) <> '__'",
];

/// The values that the checks of each table name, as often as they do: what both engines keep of
/// a check, whatever else they make of its text.
fn checked(texts: &BTreeSet<String>) -> BTreeMap<String, Vec<String>> {
    let mut tables: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for text in texts {
        let (table, sql) = text.split_once(": ").unwrap();
        // The first part comes before any check.
        let checks = sql.split("CHECK").skip(1);
        let values = checks.flat_map(|check| check.split('\'').skip(1).step_by(2));
        let known = tables.entry(table.to_owned()).or_default();
        known.extend(values.map(str::to_owned));
    }
    for values in tables.values_mut() {
        values.sort();
    }
    tables.retain(|_, values| !values.is_empty());
    tables
}

#[test]
fn both_engines_end_in_the_same_schema() {
    let dir = tempfile::tempdir().unwrap();
    let Place::Server(database) = Place::empty(dir.path()) else {
        // A run on the embedded engine has nothing to compare it with.
        return;
    };
    let file = Url::parse(&format!("sqlite://{}/a.db", dir.path().display())).unwrap();
    let mut engines = [file, database.url()].map(|url| Conn::open(&url, Use::Write).unwrap());
    for conn in &mut engines {
        migrate::run(conn).unwrap();
    }
    let [embedded, server] = &mut engines;
    for (what, [of_embedded, of_server]) in [
        ("columns", COLUMNS),
        ("unique keys", KEYS),
        ("references", REFERENCES),
    ] {
        let (ours, theirs) = (lines(embedded, of_embedded), lines(server, of_server));
        let only = |a: &BTreeSet<String>, b| a.difference(b).cloned().collect::<Vec<_>>();
        assert!(ours.len() > 20, "{what}: {}", ours.len());
        assert_eq!(
            only(&ours, &theirs),
            [""; 0],
            "{what} of the embedded engine alone"
        );
        assert_eq!(only(&theirs, &ours), [""; 0], "{what} of the server alone");
    }
    let [of_embedded, of_server] = CHECKS;
    let (ours, theirs) = (lines(embedded, of_embedded), lines(server, of_server));
    assert_eq!(checked(&ours), checked(&theirs));
}

#[test]
fn servers_that_start_at_once_migrate_once() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::empty(dir.path());
    let url = place.url();
    let done = at_once(8, |_| {
        let mut conn = Conn::open(&url, Use::Write).unwrap();
        migrate::run(&mut conn).unwrap()
    });
    let all = done.iter().sum::<usize>();
    assert_eq!(done.iter().filter(|ran| **ran > 0).count(), 1, "{done:?}");
    assert_eq!(all, *done.iter().max().unwrap());
}

#[test]
fn a_server_that_would_lose_commits_is_not_written_to() {
    let dir = tempfile::tempdir().unwrap();
    let place = Place::empty(dir.path());
    let mut conn = Conn::open(&place.url(), Use::Write).unwrap();
    if matches!(conn, Conn::Sqlite(_)) {
        // What SQLite keeps its promises by is set on each connection, and read back.
        return;
    }
    conn.batch_execute(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', \
         current_database()); END $$",
    )
    .unwrap();
    let refused = Conn::open(&place.url(), Use::Write).err().unwrap();
    assert_eq!(
        refused.to_string(),
        "the database is not safe to write to: synchronous_commit is off: switch it on"
    );
}
