//! `kill -9` in the middle: the same command again takes up what was begun.

use std::process::{Child, Command, Stdio};

use diesel::prelude::*;
use diesel::sql_types::BigInt;
use sangsaeng::db::{Db, DbError, Url};

use super::{HEADER, row};
use crate::support::program::program;
use crate::support::{World, key_dir};

/// Rows of the file: several parcels, so that there is a middle.
const ROWS: usize = 4_000;

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// What a query counts.
fn number(db: &Db, query: &str) -> i64 {
    let query = format!("SELECT CAST(({query}) AS BIGINT) AS number");
    let found = db.read(|conn| {
        let rows: Vec<Number> = diesel::sql_query(query).load(conn)?;
        Ok::<_, DbError>(rows[0].number)
    });
    found.unwrap()
}

/// The command that imports `rows.csv` into the books of a world.
fn command(w: &World) -> Command {
    let url = match w.owner() {
        Url::Sqlite(path) => format!("sqlite://{path}"),
        Url::Postgres(server) => server.url().to_owned(),
    };
    let mut command = program(w.folder());
    command
        .env("DATABASE_URL", url)
        .env("SANGSAENG_KEY_DIR", key_dir())
        .args(["import", "disbursements", "rows.csv"])
        .args(["--user", "officer@test.example"])
        .stdin(Stdio::null());
    command
}

/// Lets the command run until a query counts something, and kills it there.
fn killed_once(w: &World, db: &Db, query: &str) {
    let mut child = command(w)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while number(db, query) == 0 {
        assert!(still_runs(&mut child), "it ended before: {query}");
        std::thread::yield_now();
    }
    assert!(still_runs(&mut child), "it had ended: {query}");
    child.kill().unwrap();
    child.wait().unwrap();
    // Nobody is believed to be at it any longer.
    w.behind("UPDATE import_works SET claimed_to = '2022-01-01 00:00:00' WHERE owner IS NOT NULL");
}

fn still_runs(child: &mut Child) -> bool {
    child.try_wait().unwrap().is_none()
}

fn world(rows: usize) -> (World, Db) {
    let mut w = World::new();
    w.with_budget();
    w.stop();
    let rows: String = (0..rows)
        .map(|n| row(&format!("r{n}"), "10", &format!("e{n}")))
        .collect();
    std::fs::write(w.folder().join("rows.csv"), format!("{HEADER}{rows}")).unwrap();
    let db = Db::open(&w.url()).unwrap();
    (w, db)
}

fn told(w: &World) -> (i32, String) {
    let output = command(w).output().unwrap();
    let text = [output.stdout, output.stderr].concat();
    let code = output.status.code().unwrap();
    (code, String::from_utf8(text).unwrap())
}

#[test]
fn a_command_that_was_killed_anywhere_is_gone_on_with_by_the_same_command() {
    let (w, db) = world(ROWS);
    for somewhere in [
        "SELECT count(*) FROM import_parcels",
        "SELECT count(*) FROM import_works w JOIN imports i ON i.id = w.import \
         WHERE i.state = 'received' AND w.done > 0",
        "SELECT count(*) FROM import_works w JOIN imports i ON i.id = w.import \
         WHERE i.state = 'committing' AND w.recorded > 0",
    ] {
        killed_once(&w, &db, somewhere);
    }
    let begun = number(&db, "SELECT count(*) FROM disbursements");
    assert!((1..4_000).contains(&begun), "{begun} were recorded");
    let (code, said) = told(&w);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("was begun with this file before"), "{said}");
    assert!(said.contains("4000 were recorded as import"), "{said}");
    for (query, expected) in [
        ("SELECT count(*) FROM disbursements", 4_000),
        (
            "SELECT count(DISTINCT external_id) FROM disbursements",
            4_000,
        ),
        ("SELECT count(*) FROM import_records", 4_000),
        ("SELECT count(*) FROM imports", 1),
        ("SELECT count(*) FROM imports WHERE state = 'committed'", 1),
    ] {
        assert_eq!(number(&db, query), expected, "{query}");
    }
    let (code, said) = told(&w);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("The same file stands as import"), "{said}");
}

#[test]
fn what_only_was_checked_is_called_off_and_received_anew() {
    let (mut w, db) = world(3);
    w.restart();
    let file = std::fs::read_to_string(w.folder().join("rows.csv")).unwrap();
    let id = w.sent("", &file);
    assert_eq!(w.ended(&id), "checked of 3: good 3");
    w.stop();
    let (code, said) = told(&w);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains(&format!("Import {id} was begun")), "{said}");
    assert!(said.contains("3 were recorded as import"), "{said}");
    let cancelled = "SELECT count(*) FROM imports WHERE state = 'cancelled'";
    assert_eq!(number(&db, cancelled), 1);
    assert_eq!(number(&db, "SELECT count(*) FROM disbursements"), 3);
}

#[test]
fn a_file_that_is_being_undone_is_undone_first() {
    let (w, db) = world(3);
    assert_eq!(told(&w).0, 0);
    w.behind("UPDATE imports SET state = 'undoing', ending = 'undone'");
    let (code, said) = told(&w);
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("3 were recorded as import"), "{said}");
    for (query, expected) in [
        ("SELECT count(*) FROM imports WHERE state = 'undone'", 1),
        ("SELECT count(*) FROM imports WHERE state = 'committed'", 1),
        (
            "SELECT count(*) FROM disbursements WHERE status = 'withdrawn'",
            3,
        ),
        (
            "SELECT count(*) FROM disbursements WHERE status = 'submitted'",
            3,
        ),
    ] {
        assert_eq!(number(&db, query), expected, "{query}");
    }
}

#[test]
fn another_users_import_of_the_same_file_is_left_alone() {
    let (w, _) = world(3);
    assert_eq!(told(&w).0, 0);
    w.behind("UPDATE imports SET state = 'checked', recorded_by = 'officer2'");
    let (code, said) = told(&w);
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("The same file stands as import"), "{said}");
}
