//! The role that serves on PostgreSQL: it can do what serving needs, and nothing else.
//!
//! All tests of a run on PostgreSQL have servers of that role; those of this file try what it
//! must not do.

use std::collections::{BTreeMap, BTreeSet};

use diesel::connection::SimpleConnection;
use sangsaeng::db::grants::{self, TABLES};
use sangsaeng::db::{Conn, Url, Use};
use serde_json::json;

use crate::structure::{code as shipped, files};
use crate::support::program::{Desk, Server, code, err, hangul, out};
use crate::support::{SERVING, World, because};

/// Every table of `src/db/schema.rs`.
fn known() -> BTreeSet<String> {
    let all = files("src");
    let (_, schema) = all
        .iter()
        .find(|(name, _)| name == "src/db/schema.rs")
        .unwrap();
    let tables = schema.split("diesel::table! {").skip(1);
    tables
        .map(|table| table.split('(').next().unwrap().trim().to_owned())
        .collect()
}

#[test]
fn every_table_says_what_serving_does_to_it() {
    let mut granted: BTreeSet<String> = TABLES.iter().map(|(table, _)| (*table).into()).collect();
    assert_eq!(granted.len(), TABLES.len(), "a table is there twice");
    assert!(granted.remove("__diesel_schema_migrations"));
    assert_eq!(granted, known(), "src/db/grants.rs and src/db/schema.rs");
}

/// The statements that write, and the right that each needs beside reading.
const WRITES: [(&str, &[&str]); 5] = [
    ("insert_rows!(conn,", &["INSERT"]),
    ("upsert_rows!(conn,", &["INSERT", "UPDATE"]),
    ("diesel::insert_into(", &["INSERT"]),
    ("diesel::update(", &["UPDATE"]),
    ("diesel::delete(", &["DELETE"]),
];

/// The table that a statement of a file is about: named, named otherwise by a `use` or a `let`,
/// or that of the file's row, which then derives `AsChangeset`.
fn target(file: &str, argument: &str, tables: &BTreeSet<String>) -> String {
    let other = |c: char| !c.is_alphanumeric() && c != '_' && c != '&';
    let name = argument.split(other).next().unwrap();
    if tables.contains(name) {
        return name.to_owned();
    }
    let renamed = |table: &&String| {
        file.contains(&format!("{table}as{name}")) || file.contains(&format!("let{name}={table}::"))
    };
    if let Some(table) = tables.iter().find(renamed) {
        return table.clone();
    }
    assert_eq!(name, "&row", "a statement is about {argument:.60}");
    let (_, row) = file
        .split_once("AsChangeset)]#[diesel(table_name=")
        .unwrap();
    row.split([',', ')']).next().unwrap().to_owned()
}

#[test]
fn serving_may_write_what_the_code_writes_and_no_more() {
    let tables = known();
    let mut needed: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for (name, text) in files("src") {
        if name.starts_with("src/db/") {
            continue;
        }
        let lines: String = shipped(&text).collect();
        let squeezed: String = lines.split_whitespace().collect();
        for (statement, rights) in WRITES {
            for argument in squeezed.split(statement).skip(1) {
                let table = target(&squeezed, argument, &tables);
                needed.entry(table).or_default().extend(rights);
            }
        }
    }
    let granted: BTreeMap<String, BTreeSet<&str>> = TABLES
        .iter()
        .map(|(table, rights)| {
            let rights = rights.iter().copied().filter(|right| *right != "SELECT");
            ((*table).to_owned(), rights.collect())
        })
        .filter(|(_, rights): &(_, BTreeSet<&str>)| !rights.is_empty())
        .collect();
    assert_eq!(
        needed, granted,
        "what the code writes, and src/db/grants.rs"
    );
}

#[test]
fn a_day_of_business_needs_no_more_than_serving_may() {
    let w = World::new();
    if let Url::Postgres(server) = w.url() {
        let url = server.url();
        assert!(url.contains(&format!("//{SERVING}@")), "{url}");
        let mut conn = Conn::open(&w.url(), Use::Write).unwrap();
        grants::check(&mut conn).unwrap();
        assert_eq!(grants::beyond_serving(&mut conn, None).unwrap(), [""; 0]);
    }
    w.with_budget();
    let login = json!({ "email": "officer@test.example", "password": crate::support::PASSWORD });
    w.post("officer", "/v1/auth/login", &login).expect(200);
    w.jack_of_all_trades();
    let id = w.paid("drivers", "driver-1", "100000");
    let back = json!({ "amount": "40000", "reason_class": "unused", "reason": "초과 지급" });
    w.verb("treasurer", &id, "refund", &back).expect(200);
    let other = w.submit("drivers", "driver-2", "5000");
    w.verb("approver", &other, "reject", &because()).expect(200);
    let report = w.fund_report("mobility");
    assert_eq!(
        (&report["paid"], &report["refunded"]),
        (&"100000".into(), &"40000".into())
    );
}

/// What the server says to a statement of a role, none of which has any effect.
fn tried(conn: &mut Conn, sql: &str) -> Result<(), String> {
    conn.batch_execute("BEGIN").unwrap();
    let done = conn.batch_execute(sql).map_err(|error| error.to_string());
    conn.batch_execute("ROLLBACK").unwrap();
    done
}

fn is_refused(conn: &mut Conn, sql: &str) {
    let refused = tried(conn, sql).expect_err(sql);
    let why = ["permission denied", "must be owner", "must be superuser"];
    assert!(
        why.iter().any(|why| refused.contains(why)),
        "{sql}: {refused}"
    );
}

#[test]
fn the_database_keeps_every_other_write_from_the_role_that_serves() {
    let w = World::new();
    let Url::Postgres(_) = w.url() else {
        // Who may write the file of an embedded database may do anything.
        return;
    };
    let mut conn = Conn::open(&w.url(), Use::Write).unwrap();
    for (table, rights) in TABLES {
        for (right, sql) in [
            (
                "INSERT",
                format!("INSERT INTO {table} SELECT * FROM {table} WHERE false"),
            ),
            ("DELETE", format!("DELETE FROM {table} WHERE false")),
            ("TRUNCATE", format!("TRUNCATE {table} CASCADE")),
            ("UPDATE", {
                let column = "(SELECT quote_ident(attname) FROM pg_attribute \
                              WHERE attrelid = to_regclass('TABLE') AND attnum = 1)";
                let column = column.replace("TABLE", table);
                format!(
                    "DO $$ DECLARE c text := {column}; BEGIN \
                     EXECUTE format('UPDATE {table} SET %s = %s WHERE false', c, c); END $$"
                )
            }),
        ] {
            if rights.contains(&right) {
                assert_eq!(tried(&mut conn, &sql), Ok(()), "{sql}");
            } else {
                is_refused(&mut conn, &sql);
            }
        }
    }
    for sql in [
        "CREATE TABLE mine (a TEXT)",
        "CREATE VIEW mine AS SELECT * FROM events",
        "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql \
         AS 'BEGIN RETURN NEW; END'",
        "CREATE TRIGGER mine BEFORE INSERT ON events FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE RULE mine AS ON INSERT TO events DO INSTEAD NOTHING",
        "CREATE INDEX mine ON events (actor)",
        "CREATE SCHEMA mine",
        "ALTER TABLE events ADD COLUMN mine TEXT",
        "ALTER TABLE events DISABLE TRIGGER ALL",
        "ALTER TABLE events OWNER TO serving",
        "ALTER TABLE accounts DROP CONSTRAINT accounts_pkey",
        "DROP TRIGGER events_keep_update ON events",
        "DROP FUNCTION refuse_change() CASCADE",
        "DROP TABLE events CASCADE",
        "DROP TABLE transfers CASCADE",
        "DROP SCHEMA public CASCADE",
        "SET session_replication_role = replica",
        "SET ROLE postgres",
    ] {
        is_refused(&mut conn, sql);
    }
}

/// The rights to every table, as the server keeps them.
fn rights(w: &World) -> Vec<String> {
    w.watch().texts(
        "SELECT relname || ' ' || relacl::text AS value FROM pg_class \
         WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY relname",
    )
}

#[test]
fn granting_again_comes_to_the_same_whatever_was_granted_before() {
    let w = World::new();
    let Url::Postgres(_) = w.url() else {
        return;
    };
    let before = rights(&w);
    assert_eq!(before.len(), TABLES.len());
    w.behind(
        "GRANT UPDATE, TRUNCATE ON events TO serving; GRANT UPDATE (amount) ON transfers TO \
         serving; REVOKE INSERT ON sales FROM serving",
    );
    let mut conn = Conn::open(&w.url(), Use::Write).unwrap();
    let lacking = grants::check(&mut conn).unwrap_err().to_string();
    assert!(
        lacking.contains("role serving may not INSERT sales"),
        "{lacking}"
    );
    let beyond = grants::beyond_serving(&mut conn, None).unwrap();
    assert_eq!(beyond, ["UPDATE events", "TRUNCATE events"]);
    let mut owner = Conn::open(&w.owner(), Use::Write).unwrap();
    grants::grant(&mut owner, SERVING).unwrap();
    assert_eq!(rights(&w), before);
    is_refused(
        &mut conn,
        "UPDATE transfers SET amount = amount WHERE false",
    );
}

#[test]
fn an_operator_grants_and_serves_with_less() {
    let dir = Desk::new();
    if dir.database().is_none() {
        let refused = dir.run(&["migrate", "--grant-to", SERVING]);
        assert_eq!(code(&refused), 2);
        assert!(
            err(&refused).contains("SQLite has no roles"),
            "{}",
            err(&refused)
        );
        assert!(!dir.path().join("sangsaeng.db").exists() || code(&dir.run(&["verify"])) == 1);
        return;
    }
    for (role, en, ko) in [
        (
            "nobody",
            "CREATE ROLE \"nobody\" LOGIN",
            "CREATE ROLE \"nobody\" LOGIN",
        ),
        ("postgres", "superuser", "슈퍼유저"),
    ] {
        for (lang, says) in [("en", en), ("ko", ko)] {
            let refused = dir.run(&["--lang", lang, "migrate", "--grant-to", role]);
            assert_eq!(code(&refused), 2, "{}", err(&refused));
            assert!(err(&refused).contains(says), "{}", err(&refused));
            assert_eq!(hangul(&err(&refused)), lang == "ko");
        }
    }
    // Nothing was migrated for a role that is refused, and the other one may not.
    let dir = dir.of_role(SERVING, "");
    for words in [&["serve"][..], &["serve", "--no-migrate"], &["migrate"]] {
        for lang in ["en", "ko"] {
            let refused = dir.run(&[&["--lang", lang], words].concat());
            assert_eq!(code(&refused), 1, "{}", err(&refused));
            let says = "`sangsaeng migrate --grant-to serving`";
            assert!(err(&refused).contains(says), "{}", err(&refused));
            assert_eq!(hangul(&err(&refused)), lang == "ko");
        }
    }
    let dir = dir.of_role("postgres", "");
    for _ in 0..2 {
        let granted = dir.run(&["migrate", "--grant-to", SERVING]);
        assert_eq!(code(&granted), 0, "{}", err(&granted));
        assert!(
            out(&granted).contains("The role serving may serve"),
            "{}",
            out(&granted)
        );
    }
    let warned = |server: &Server| server.said.join(" ").contains("UPDATE events");
    let server = Server::start(&dir, &[]);
    assert!(warned(&server), "{:?}", server.said);
    assert_eq!(server.terminate(), 0);
    let dir = dir.of_role(SERVING, "");
    for words in [&[][..], &["--no-migrate"]] {
        let server = Server::start(&dir, words);
        assert!(!warned(&server), "{:?}", server.said);
        let made = dir.create_user(
            &format!("a{}@test.example", words.len()),
            "three blue mandarins",
        );
        assert_eq!(code(&made), 0, "{}", err(&made));
        let body = json!({
            "email": format!("a{}@test.example", words.len()), "password": "three blue mandarins",
        });
        assert_eq!(server.post("/v1/auth/login", &body.to_string()).0, 200);
        assert_eq!(server.terminate(), 0);
    }
    assert_eq!(code(&dir.run(&["verify"])), 0);
    dir.behind("REVOKE INSERT ON events FROM serving");
    let lacking = dir.run(&["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(code(&lacking), 1);
    assert!(
        err(&lacking).contains("may not INSERT events"),
        "{}",
        err(&lacking)
    );
    dir.behind("DELETE FROM __diesel_schema_migrations WHERE version > '20261122000500'");
    let behind = dir.run(&["serve"]);
    assert!(
        err(&behind).contains("may not change it"),
        "{}",
        err(&behind)
    );
}
