//! The house keeps its shape: who may import whom, how long a file may be, what the schema holds.

use std::path::{Path, PathBuf};

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use sangsaeng::db::{Conn, Url, Use, migrate};

/// Lines of a source file; `schema.rs` is a table of columns and exempt.
const LONGEST_SOURCE: usize = 500;
/// Lines of a test file.
const LONGEST_TEST: usize = 700;
/// Macros that the crate declares.
const MOST_MACROS: usize = 7;
/// Places that tell the two engines apart.
const MOST_TWO_ARMED: usize = 12;

pub fn files(folder: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                found.push(path);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    walk(&root.join(folder), &mut found);
    assert!(found.len() > 20, "the files are found");
    let read = |path: PathBuf| {
        let name = path
            .strip_prefix(root)
            .unwrap()
            .to_str()
            .unwrap()
            .to_owned();
        (name, std::fs::read_to_string(&path).unwrap())
    };
    found.into_iter().map(read).collect()
}

/// The lines of code, without comments and without what belongs to tests.
pub fn code(text: &str) -> impl Iterator<Item = &str> {
    let shipped = text.split("#[cfg(test)]").next().unwrap();
    shipped
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
}

/// Files, but for those of `allowed`, with a line of code that has one of `words`.
fn with(words: &[&str], allowed: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    for (name, text) in files("src") {
        let has = code(&text).any(|line| words.iter().any(|word| line.contains(word)));
        if has && !allowed(&name) {
            found.push(name);
        }
    }
    found
}

/// Files that may know diesel: `db/`, and what stores.
fn stores(name: &str) -> bool {
    let kept_by_name = ["src/desk/answer.rs", "src/versions.rs", "src/ledger/log.rs"];
    name.starts_with("src/db/")
        || name.contains("store/")
        || name.ends_with("store.rs")
        || kept_by_name.contains(&name)
}

#[test]
fn http_ends_at_the_http_room() {
    let inside = |name: &str| {
        name.starts_with("src/http/") || name == "src/app.rs" || name.starts_with("src/cli/")
    };
    assert_eq!(with(&["actix_web", "utoipa"], inside), [""; 0]);
}

#[test]
fn diesel_ends_at_the_stores() {
    assert_eq!(with(&["diesel::", "use diesel"], stores), [""; 0]);
}

#[test]
fn the_ledger_names_no_noun() {
    let nouns = [
        "crate::funds",
        "crate::programs",
        "crate::disbursements",
        "crate::donations",
        "crate::sales",
        "crate::beneficiaries",
        "crate::organisations",
        "crate::payouts",
        "crate::access",
        "crate::http",
        "crate::desk",
    ];
    assert_eq!(
        with(&nouns, |name| !name.starts_with("src/ledger/")),
        [""; 0]
    );
}

#[test]
fn money_and_rules_do_no_input_or_output_and_read_no_clock() {
    let words = [
        "std::fs",
        "std::net",
        "std::env",
        "crate::db",
        "crate::clock",
        "::now()",
        "diesel",
    ];
    let pure = |name: &str| name.starts_with("src/money/") || name.ends_with("rules.rs");
    assert_eq!(with(&words, |name| !pure(name)), [""; 0]);
}

#[test]
fn reports_only_read() {
    let words = [
        "insert_into",
        "diesel::update",
        "diesel::delete",
        "Door",
        "Put::",
        "insert_rows",
    ];
    assert_eq!(
        with(&words, |name| !name.starts_with("src/reporting/")),
        [""; 0]
    );
}

#[test]
fn only_the_ledger_writes_its_tables() {
    let tables = ["events", "transfers", "accounts", "account_sums", "books"];
    let mut found = Vec::new();
    for (name, text) in files("src") {
        if name.starts_with("src/ledger/") || name == "src/db/schema.rs" {
            continue;
        }
        let shipped = code(&text).collect::<Vec<_>>().join(" ");
        for verb in [
            "insert_into(",
            "update(",
            "delete(",
            "insert_rows!(",
            "upsert_rows!(",
        ] {
            for call in shipped.split(verb).skip(1) {
                let names = call.split([')', ';']).next().unwrap();
                if tables.iter().any(|table| {
                    names.contains(&format!(" {table}::table"))
                        || names.trim_start().starts_with(&format!("{table}::table"))
                }) {
                    found.push(format!("{name}: {verb}{names}"));
                }
            }
        }
    }
    assert_eq!(found, [""; 0]);
}

#[test]
fn there_is_no_binary_floating_point() {
    let float = |line: &str| {
        line.split(|c: char| !c.is_alphanumeric() && c != '_')
            .any(|word| word == "f32" || word == "f64")
    };
    for (name, text) in files("src") {
        assert!(!code(&text).any(float), "{name}");
    }
}

#[test]
fn no_file_is_too_long() {
    for (folder, longest) in [("src", LONGEST_SOURCE), ("tests", LONGEST_TEST)] {
        for (name, text) in files(folder) {
            let lines = text.lines().count();
            assert!(
                lines <= longest || name == "src/db/schema.rs",
                "{name}: {lines} lines"
            );
        }
    }
}

#[test]
fn macros_and_statements_of_two_engines_are_few_and_in_their_place() {
    let macros = files("src")
        .iter()
        .map(|(_, text)| text.matches("macro_rules!").count())
        .sum::<usize>();
    assert!(macros <= MOST_MACROS, "{macros} macros");
    let mut arms = 0;
    for (name, text) in files("src") {
        let count = code(&text)
            .filter(|line| {
                line.contains("Conn::Postgres(") || line.contains("Self::Postgres(conn)")
            })
            .count();
        assert!(
            count == 0 || name.starts_with("src/db/"),
            "{name} tells the engines apart"
        );
        arms += count;
    }
    assert!(arms <= MOST_TWO_ARMED, "{arms} two-armed statements");
}

#[test]
fn both_trees_of_migrations_have_the_same_names() {
    let names = |engine: &str| {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("migrations")
            .join(engine);
        let mut names: Vec<String> = std::fs::read_dir(root)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    at: String,
    #[diesel(sql_type = BigInt)]
    required: i64,
}

fn migrated() -> (tempfile::TempDir, Conn) {
    let dir = tempfile::tempdir().unwrap();
    let url = Url::parse(&format!("sqlite://{}/a.db", dir.path().display())).unwrap();
    let mut conn = Conn::open(&url, Use::Write).unwrap();
    migrate::run(&mut conn).unwrap();
    (dir, conn)
}

/// The columns as `src/db/schema.rs` tells them: `table.column`, and whether each is required.
pub fn told() -> Vec<(String, bool)> {
    let schema = files("src")
        .into_iter()
        .find(|(name, _)| name == "src/db/schema.rs")
        .unwrap()
        .1;
    let (mut table, mut columns) = (String::new(), Vec::new());
    for line in schema.lines().map(str::trim) {
        if let Some((name, kind)) = line.split_once(" -> ") {
            columns.push((format!("{table}.{name}"), !kind.starts_with("Nullable")));
        } else if let Some((name, _)) = line.split_once(" (").filter(|_| line.ends_with('{')) {
            table = name.to_owned();
        }
    }
    columns.sort();
    columns
}

#[test]
fn the_database_has_the_columns_that_the_program_knows() {
    let (_dir, mut conn) = migrated();
    let query = "SELECT m.name || '.' || c.name AS at, c.\"notnull\" AS required \
                 FROM sqlite_master m, pragma_table_info(m.name) c \
                 WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' \
                 AND m.name NOT LIKE '\\_\\_%' ESCAPE '\\' ORDER BY at";
    let found: Vec<Column> = sql_query(query).load(&mut conn).unwrap();
    let mut found: Vec<(String, bool)> = found
        .into_iter()
        .map(|column| (column.at, column.required == 1))
        .collect();
    found.sort();
    assert!(found.len() > 200, "{}", found.len());
    assert_eq!(found, told());
}

#[derive(QueryableByName)]
struct Opcode {
    #[diesel(sql_type = Text)]
    opcode: String,
}

/// For a check or an index's condition of the kind `x IN (a, b, c)` the embedded engine builds a table
/// for each row that is written.
#[test]
fn a_row_that_every_record_writes_is_checked_without_a_table_of_its_own() {
    let (_dir, mut conn) = migrated();
    for table in [
        "events",
        "transfers",
        "steps",
        "disbursements",
        "sales",
        "tallies",
        "sale_sums",
        "account_sums",
        "people",
        "people_counts",
        "idempotency_keys",
        "import_records",
    ] {
        let columns = format!("SELECT name AS opcode FROM pragma_table_info('{table}')");
        let columns: Vec<Opcode> = sql_query(columns).load(&mut conn).unwrap();
        let nothing = vec!["NULL"; columns.len()].join(", ");
        let insert = format!("EXPLAIN INSERT INTO {table} VALUES ({nothing})");
        let program: Vec<Opcode> = sql_query(insert).load(&mut conn).unwrap();
        let told = |name: &str| program.iter().filter(|one| one.opcode == name).count();
        assert!(told("IdxInsert") > 0 || told("Insert") > 0, "{table}");
        assert_eq!(told("OpenEphemeral"), 0, "{table}");
    }
}

#[test]
fn what_was_recorded_is_neither_changed_nor_deleted() {
    let (_dir, mut conn) = migrated();
    conn.batch_execute(
        "PRAGMA foreign_keys = OFF;
         INSERT INTO events VALUES (1, 1, 'k', 's', 'a', 'r', '2022-01-01', '2022-01-01', '{}', X'00');
         INSERT INTO transfers VALUES (1, 1, 1, 'pay', 'cash', 1, 2, 5, '2022-01-01', 2022, 1, NULL);
         INSERT INTO steps VALUES ('r', 1, 'submit', 'a', '2022-01-01', '2022-01-01', 1, 5, NULL, NULL, NULL, NULL);
         INSERT INTO versions VALUES ('fund', 'f', 1, '2022-01-01', '2022-01-01', '{}');
         INSERT INTO pledge_milestones VALUES ('p', 1, 't', NULL, '2022-01-01');
         INSERT INTO pledge_steps (pledge, step, verb, actor, effective_on, recorded_at, sequence)
             VALUES ('p', 1, 'make', 'a', '2022-01-01', '2022-01-01', 1);
         INSERT INTO beneficiary_merges VALUES ('a', 1, 'propose', 'b', 'x', '2022-01-01', '2022-01-01', 1, NULL);",
    )
    .unwrap();
    for (table, column) in [
        ("events", "actor"),
        ("transfers", "amount"),
        ("steps", "actor"),
        ("versions", "code"),
        ("pledge_milestones", "title"),
        ("pledge_steps", "actor"),
        ("beneficiary_merges", "actor"),
    ] {
        let update = conn.batch_execute(&format!("UPDATE {table} SET {column} = {column}"));
        assert!(
            update.unwrap_err().to_string().contains("never changed"),
            "{table}"
        );
        let delete = conn.batch_execute(&format!("DELETE FROM {table}"));
        assert!(
            delete.unwrap_err().to_string().contains("never deleted"),
            "{table}"
        );
    }
}

#[test]
fn a_limit_is_kept_by_the_database_as_well() {
    let (_dir, mut conn) = migrated();
    let insert = |limited: i32, balance: i64| {
        format!(
            "INSERT INTO accounts VALUES (1, {}, 'f', '', {balance}, 'unallocated', {limited}, \
             {balance}, '2022-01-01', 0)",
            balance.unsigned_abs() + 1
        )
    };
    assert!(conn.batch_execute(&insert(1, -5)).is_err());
    assert!(conn.batch_execute(&insert(0, -5)).is_ok());
}
