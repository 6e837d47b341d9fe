//! Backups of the embedded engine, taken and gone back to with the program itself.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use diesel::connection::SimpleConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use sangsaeng::db::{Conn, Url, Use};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::support::program::{code, err, hangul, out, program};
use crate::support::{World, key_dir};

/// Writers that go on while a backup is taken.
const WRITERS: usize = 4;

/// A world on the embedded engine; a run on PostgreSQL has nothing to back up here.
fn embedded() -> Option<(World, String)> {
    let world = World::new();
    match world.url() {
        Url::Sqlite(path) => Some((world, format!("sqlite://{path}"))),
        Url::Postgres(_) => None,
    }
}

/// The program on a database, with the keys of all tests.
fn on(url: &str, dir: &Path) -> Command {
    let mut command = program(dir);
    command.args(["--database-url", url]).arg("--key-dir");
    command.arg(key_dir()).stdin(Stdio::null());
    command
}

fn backup(url: &str, dir: &Path, file: &str) -> Output {
    on(url, dir).args(["backup", file]).output().unwrap()
}

fn restore(dir: &Path, file: &str, target: &str) -> Output {
    let url = format!("sqlite://{target}");
    on(&url, dir).args(["restore", file]).output().unwrap()
}

/// Books with a little in them, and a backup of them called `b` in their folder.
fn backed_up() -> Option<World> {
    let (world, url) = embedded()?;
    world.with_budget();
    world.paid("drivers", "a", "300");
    let taken = backup(&url, world.folder(), "b");
    assert_eq!(code(&taken), 0, "{}", err(&taken));
    Some(world)
}

fn manifest(folder: &Path, file: &str) -> Value {
    let text = std::fs::read_to_string(folder.join(format!("{file}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn sha256(file: &Path) -> String {
    let hash = Sha256::digest(std::fs::read(file).unwrap());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn open(path: &Path) -> Conn {
    Conn::open(&Url::Sqlite(path.to_str().unwrap().to_owned()), Use::Write).unwrap()
}

#[derive(QueryableByName)]
struct Event {
    #[diesel(sql_type = Text)]
    book: String,
    #[diesel(sql_type = BigInt)]
    sequence: i64,
    #[diesel(sql_type = Text)]
    row: String,
}

/// Every event of a database as it is stored, by book and sequence.
fn events(path: &Path) -> BTreeMap<(String, i64), String> {
    let query = "SELECT b.key AS book, e.sequence AS sequence, e.kind || e.subject || e.actor || \
                 e.request_id || e.effective_on || e.recorded_at || e.command || hex(e.leaf) || \
                 coalesce((SELECT group_concat(part || kind || form || debit || '>' || credit || \
                 '=' || amount || effective_on) FROM transfers t WHERE t.book = e.book AND \
                 t.sequence = e.sequence), '') AS row \
                 FROM events e JOIN books b ON b.book = e.book";
    let events: Vec<Event> = sql_query(query).load(&mut open(path)).unwrap();
    let by_place = |event: Event| ((event.book, event.sequence), event.row);
    events.into_iter().map(by_place).collect()
}

/// Names in a folder that begin with one.
fn names(folder: &Path, beginning: &str) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.filter(|name| name.starts_with(beginning)).collect();
    names.sort();
    names
}

#[test]
fn a_backup_taken_while_others_write_is_the_books_at_one_moment() {
    let Some((world, url)) = embedded() else {
        return;
    };
    world.with_budget();
    let folder = world.folder();
    let before: Vec<String> = (0..20)
        .map(|number| world.paid("drivers", &format!("before-{number}"), "100"))
        .collect();
    let finished = AtomicBool::new(false);
    let taken = std::thread::scope(|scope| {
        for writer in 0..WRITERS {
            let (world, finished) = (&world, &finished);
            scope.spawn(move || {
                let mut number = 0;
                loop {
                    // At least one comes after the backup is done.
                    let last = finished.load(Ordering::SeqCst);
                    world.paid("drivers", &format!("{writer}-{number}"), "1");
                    number += 1;
                    if last {
                        return;
                    }
                }
            });
        }
        let taken = backup(&url, folder, "b");
        finished.store(true, Ordering::SeqCst);
        taken
    });
    assert_eq!(code(&taken), 0, "{}", err(&taken));
    let file = folder.join("b");
    let manifest = manifest(folder, "b");
    assert_eq!(manifest["sha256"], sha256(&file));
    assert!(out(&taken).contains(&sha256(&file)), "{}", out(&taken));

    let back = restore(folder, "b", "back.db");
    assert_eq!(code(&back), 0, "{}", err(&back));
    assert!(out(&back).contains(" 0 differences"), "{}", out(&back));
    let (live, restored) = (
        events(&folder.join("books.db")),
        events(&folder.join("back.db")),
    );
    assert!(live.len() > restored.len(), "the writers went on");
    let last = |book: &str| {
        let books = manifest["books"].as_array().unwrap();
        let position = books.iter().find(|position| position["book"] == book);
        position.map_or(0, |position| position["sequence"].as_i64().unwrap())
    };
    let until: BTreeMap<_, _> = live
        .into_iter()
        .filter(|((book, sequence), _)| *sequence <= last(book))
        .collect();
    assert_eq!(restored, until);
    let subjects: Vec<_> = restored.values().collect();
    for id in before {
        let paid = format!("disbursement.paiddisbursement:{id}");
        assert!(subjects.iter().any(|row| row.starts_with(&paid)), "{id}");
    }
    assert_eq!(
        names(folder, "b.json"),
        ["b.json"],
        "and nothing on its way"
    );
}

#[test]
fn restored_books_go_on_where_they_were_left() {
    let Some(mut world) = backed_up() else {
        return;
    };
    let before = world.report("overview");
    world.submit("drivers", "after", "5");
    world.stop();
    for name in names(world.folder(), "books.db") {
        std::fs::remove_file(world.folder().join(name)).unwrap();
    }
    let back = restore(world.folder(), "b", "books.db");
    assert_eq!(code(&back), 0, "{}", err(&back));
    world.restart();
    assert_eq!(world.report("overview"), before);
    world.paid("drivers", "again", "5");
}

#[test]
fn whatever_stands_in_the_way_is_left_as_it_is() {
    let Some(world) = backed_up() else {
        return;
    };
    let (folder, url) = (world.folder(), "sqlite://books.db");
    let whole = std::fs::read(folder.join("b")).unwrap();
    let again = backup(url, folder, "b");
    assert_eq!(code(&again), 2, "{}", err(&again));
    assert!(
        err(&again).contains("b is there already"),
        "{}",
        err(&again)
    );
    assert!(std::fs::read(folder.join("b")).unwrap() == whole);

    // Even a log alone would be taken for that of the books that are put beside it.
    std::fs::write(folder.join("other.db"), "mine").unwrap();
    std::fs::write(folder.join("third.db-wal"), "mine").unwrap();
    for (target, named) in [("other.db", "other.db"), ("third.db", "third.db-wal")] {
        let back = restore(folder, "b", target);
        assert_eq!(code(&back), 2, "{}", err(&back));
        let said = format!("{named} is there already");
        assert!(err(&back).contains(&said), "{}", err(&back));
        assert_eq!(std::fs::read(folder.join(named)).unwrap(), b"mine");
    }
    let held = std::fs::File::create(folder.join("new.db.lock")).unwrap();
    held.lock().unwrap();
    let back = restore(folder, "b", "new.db");
    assert_eq!(code(&back), 1);
    assert!(err(&back).contains("Another server"), "{}", err(&back));
    let missing = backup("sqlite://nowhere.db", folder, "c");
    assert_eq!(code(&missing), 2, "{}", err(&missing));
    assert_eq!(names(folder, "nowhere").len() + names(folder, "c").len(), 0);
}

#[test]
fn a_backup_that_is_not_what_it_was_is_refused_and_leaves_nothing() {
    let Some(world) = backed_up() else {
        return;
    };
    let folder = world.folder();
    let (whole, told) = (folder.join("b"), folder.join("b.json"));
    let bytes = std::fs::read(&whole).unwrap();
    let text = std::fs::read_to_string(&told).unwrap();
    let mut flipped = bytes.clone();
    flipped[bytes.len() / 2] ^= 1;
    let cut = bytes[..bytes.len() - 1].to_vec();
    let longer = [bytes.as_slice(), b"x"].concat();
    let not_ours = b"something else".to_vec();
    let damaged = "is not the file that its manifest tells of";
    let later = text.replace("\"format\": 1", "\"format\": 2");
    let other = text.replacen("\"sequence\": ", "\"sequence\": 9", 1);
    for (bytes, text, complaint) in [
        (&flipped, Some(&text), damaged),
        (&cut, Some(&text), damaged),
        (&longer, Some(&text), damaged),
        (&not_ours, Some(&text), damaged),
        (&bytes, None, "there is no b.json"),
        (&bytes, Some(&"{".to_owned()), "b.json cannot be read"),
        (&bytes, Some(&later), "b.json cannot be read"),
        (&bytes, Some(&other), "do not stand where"),
    ] {
        std::fs::write(&whole, bytes).unwrap();
        match text {
            Some(text) => std::fs::write(&told, text).unwrap(),
            None => std::fs::remove_file(&told).unwrap(),
        }
        let back = restore(folder, "b", "back.db");
        assert!(matches!(code(&back), 1 | 2), "{complaint}");
        assert!(err(&back).contains(complaint), "{}", err(&back));
        assert_eq!(names(folder, "back.db"), ["back.db.lock"]);
        let url = "sqlite://back.db";
        let korean = on(url, folder)
            .args(["--lang", "ko", "restore", "b"])
            .output();
        assert!(hangul(&err(&korean.unwrap())));
    }
    let nothing = restore(folder, "nowhere", "back.db");
    assert!(err(&nothing).contains("there is no nowhere.json"));
}

/// Changes a backup and lets its manifest tell of what it is now.
fn forge(folder: &Path, sql: &str) {
    let file = folder.join("b");
    open(&file).batch_execute(sql).unwrap();
    let mut told = manifest(folder, "b");
    told["sha256"] = sha256(&file).into();
    told["size"] = std::fs::metadata(&file).unwrap().len().into();
    std::fs::write(folder.join("b.json"), told.to_string()).unwrap();
}

#[test]
fn books_that_do_not_agree_are_backed_up_and_said_but_not_restored() {
    let Some((world, url)) = embedded() else {
        return;
    };
    let folder = world.folder();
    world.with_budget();
    let spoil = "UPDATE accounts SET balance = balance + 1 WHERE bucket = 'available'";
    world.behind(spoil);
    let taken = backup(&url, folder, "b");
    assert_eq!(code(&taken), 3, "{}", err(&taken));
    assert!(manifest(folder, "b")["differences"].as_u64() > Some(0));
    let back = restore(folder, "b", "back.db");
    assert_eq!(code(&back), 3, "{}", err(&back));
    assert_eq!(names(folder, "back.db"), ["back.db.lock"]);
    world.behind("UPDATE accounts SET balance = balance - 1 WHERE bucket = 'available'");
}

#[test]
fn a_newer_schema_is_refused_and_an_older_one_brought_up_to_date() {
    let Some(world) = backed_up() else {
        return;
    };
    let folder = world.folder();
    forge(
        folder,
        "INSERT INTO __diesel_schema_migrations (version) VALUES ('99990101000000')",
    );
    let back = restore(folder, "b", "back.db");
    assert_eq!(code(&back), 1);
    assert!(
        err(&back).contains("newer than this program"),
        "{}",
        err(&back)
    );

    // Books of the first release, in which nothing happened.
    let first = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("migrations/sqlite/2026-11-22-000000_books/up.sql");
    for file in ["b", "b.json"] {
        std::fs::remove_file(folder.join(file)).unwrap();
    }
    let dir = tempfile::tempdir().unwrap();
    let fresh = format!("sqlite://{}/fresh.db", dir.path().display());
    assert!(
        on(&fresh, dir.path())
            .arg("migrate")
            .status()
            .unwrap()
            .success()
    );
    assert_eq!(code(&backup(&fresh, folder, "b")), 0);
    std::fs::remove_file(folder.join("b")).unwrap();
    let tables = std::fs::read_to_string(first).unwrap();
    forge(
        folder,
        &format!(
            "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, \
             run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP); \
             INSERT INTO __diesel_schema_migrations (version) VALUES ('20261122000000'); {tables}"
        ),
    );
    let back = restore(folder, "b", "old.db");
    assert_eq!(code(&back), 0, "{}", err(&back));
    let url = "sqlite://old.db";
    let migrated = on(url, folder).arg("migrate").output().unwrap();
    assert_eq!(out(&migrated), "The schema is up to date.\n");
}

#[test]
fn without_the_keys_it_was_taken_with_a_backup_is_refused_by_their_name() {
    let Some(world) = backed_up() else {
        return;
    };
    let folder = world.folder();
    let with = |keys: &str| {
        let mut command = program(folder);
        command.args(["--database-url", "sqlite://back.db", "--key-dir", keys]);
        command.args(["restore", "b"]).output().unwrap()
    };
    let missing = with("no-keys");
    assert_eq!(code(&missing), 2);
    assert!(
        err(&missing).contains("token-signing.key is missing"),
        "{}",
        err(&missing)
    );
    let mut make = program(folder);
    assert!(
        make.args(["keys", "init", "other-keys"])
            .status()
            .unwrap()
            .success()
    );
    for (name, next) in [
        ("personal-details", "blind-index"),
        ("blind-index", "cursor"),
        ("cursor", ""),
    ] {
        let wrong = with("other-keys");
        assert_eq!(code(&wrong), 2);
        let said = format!("the key {name} is not the one of this backup");
        assert!(err(&wrong).contains(&said), "{next}: {}", err(&wrong));
        assert_eq!(names(folder, "back.db"), ["back.db.lock"]);
        let file = format!("{name}.key");
        std::fs::copy(key_dir().join(&file), folder.join("other-keys").join(&file)).unwrap();
    }
    // The signing key may be a new one: people sign in again.
    assert_eq!(code(&with("other-keys")), 0);
}

/// Waits until something of that name is there, or the process has ended.
fn seen(child: &mut std::process::Child, name: &Path) -> bool {
    loop {
        if name.exists() {
            return true;
        }
        if child.try_wait().unwrap().is_some() {
            return false;
        }
    }
}

#[test]
fn a_kill_on_the_way_leaves_a_whole_backup_or_none() {
    let Some((world, url)) = embedded() else {
        return;
    };
    world.with_budget();
    let folder = world.folder();
    let signs = ["b.part", "b.part-wal", "b.json.part", "b.json", "b"];
    for (round, sign) in signs.iter().enumerate() {
        let mut child = on(&url, folder)
            .args(["backup", "b"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        seen(&mut child, &folder.join(sign));
        child.kill().unwrap();
        child.wait().unwrap();
        world.submit("drivers", &format!("driver-{round}"), "1");
        let back = format!("back-{round}.db");
        if !folder.join("b").exists() {
            assert_ne!(code(&restore(folder, "b", &back)), 0, "killed at {sign}");
            assert_eq!(code(&backup(&url, folder, "b")), 0, "killed at {sign}");
        }
        let restored = restore(folder, "b", &back);
        assert_eq!(code(&restored), 0, "killed at {sign}: {}", err(&restored));
        let left: Vec<PathBuf> = names(folder, "b.")
            .into_iter()
            .chain(["b".to_owned()])
            .map(|name| folder.join(name))
            .collect();
        for path in left {
            std::fs::remove_file(path).unwrap();
        }
    }
}

#[test]
fn postgres_is_backed_up_with_its_own_tools() {
    let dir = tempfile::tempdir().unwrap();
    for (words, lang) in [(["backup", "b"], "en"), (["restore", "b"], "ko")] {
        let url = "postgres://nobody@127.0.0.1:1/nothing";
        let output = on(url, dir.path())
            .args(["--lang", lang])
            .args(words)
            .output();
        let output = output.unwrap();
        assert_eq!(code(&output), 2);
        assert!(err(&output).contains("pg_dump"), "{}", err(&output));
        assert_eq!(hangul(&err(&output)), lang == "ko");
    }
}
