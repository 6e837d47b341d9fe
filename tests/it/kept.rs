//! Reports that are told again: only ever what would be read at that moment.

use std::io::Write;
use std::process::{Output, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use sangsaeng::access::keys::KeyRing;
use sangsaeng::db::Url;
use serde_json::json;

use crate::races::at_once;
use crate::support::program::{err, program};
use crate::support::scrape::Scrape;
use crate::support::{PASSWORD, Reply, World};

const OVERVIEW: &str = "/v1/reports/overview";

/// Whether nobody but the test commits. In a cluster of PostgreSQL other databases' tests do, and
/// each time the server takes the next report from the books.
fn alone(w: &World) -> bool {
    !w.url().is_shared()
}

/// Makes a user by the command line, over the books that are served.
fn create_user_beside(w: &World) -> Output {
    let url = match w.owner() {
        Url::Postgres(server) => server.url().to_owned(),
        Url::Sqlite(path) => format!("sqlite://{path}"),
    };
    let keys = w.folder().join("keys");
    KeyRing::create(&keys).unwrap();
    let words = [
        "user",
        "create",
        "--email",
        "a@b.example",
        "--role",
        "viewer",
    ];
    let mut child = program(w.folder())
        .env("DATABASE_URL", url)
        .env("SANGSAENG_KEY_DIR", keys)
        .args(words)
        .arg("--password-stdin")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    input.write_all(PASSWORD.as_bytes()).unwrap();
    drop(input);
    child.wait_with_output().unwrap()
}

/// How many reports the server read from the books.
fn made(w: &World) -> u64 {
    Scrape::read(&w.metrics()).count("sangsaeng_reports_made_total")
}

fn report(w: &World, path: &str) -> Reply {
    w.get("viewer", path).expect(200)
}

fn submitted(w: &World) -> String {
    let told = report(w, OVERVIEW);
    told.text("/consolidated/submitted").to_owned()
}

#[test]
fn a_report_is_read_once_until_something_is_committed() {
    let w = World::new();
    w.with_budget();
    let before = made(&w);
    let first = report(&w, OVERVIEW);
    let again = report(&w, OVERVIEW);
    // What is not given means the same as what is.
    let today = report(&w, "/v1/reports/overview?as_of=2022-11-03");
    let once = made(&w) - before;
    assert!(!alone(&w) || once == 1, "{once} times");
    assert_eq!((&first.bytes, &first.bytes), (&again.bytes, &today.bytes));
    let etag = first.header("etag").unwrap().to_owned();
    let known = [("if-none-match", etag.as_str())];
    let unchanged = || w.call("manager", ("GET", OVERVIEW), &known, None);
    assert_eq!(unchanged().status, 304);
    w.submit("drivers", "driver-1", "1000");
    assert_eq!(unchanged().status, 200);
    let twice = made(&w) - before;
    assert!(!alone(&w) || twice == 2, "{twice} times");
}

#[test]
fn whoever_wrote_finds_it_in_the_next_report() {
    let w = World::new();
    w.with_budget();
    for number in 1..=20 {
        w.submit("drivers", &format!("driver-{number}"), "1000");
        assert_eq!(submitted(&w), (number * 1000).to_string());
    }
}

#[test]
fn while_others_ask_all_the_time_whoever_wrote_finds_it() {
    let w = World::new();
    w.with_budget();
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut last = 0;
                while !ended.load(Ordering::Relaxed) {
                    let now: u64 = submitted(&w).parse().unwrap();
                    assert!(now >= last, "{now} after {last}");
                    last = now;
                }
            });
        }
        for number in 1..=30 {
            w.submit("drivers", &format!("driver-{number}"), "1000");
            assert_eq!(submitted(&w), (number * 1000).to_string());
        }
        ended.store(true, Ordering::Relaxed);
    });
}

#[test]
fn what_another_server_wrote_is_there_at_once() {
    let one = World::new();
    one.with_budget();
    let two = one.beside();
    for number in 1..=5 {
        assert_eq!(submitted(&two), ((number - 1) * 1000).to_string());
        one.submit("drivers", &format!("driver-{number}"), "1000");
        assert_eq!(submitted(&two), (number * 1000).to_string());
    }
}

#[test]
fn what_a_hand_commits_ends_the_moment() {
    let w = World::new();
    report(&w, OVERVIEW);
    let before = made(&w);
    w.behind("CREATE TABLE by_hand (x INTEGER); DROP TABLE by_hand");
    report(&w, OVERVIEW);
    assert!(made(&w) > before);
}

#[test]
fn what_the_command_line_commits_ends_the_moment() {
    let w = World::new();
    report(&w, OVERVIEW);
    let before = made(&w);
    let created = create_user_beside(&w);
    assert!(created.status.success(), "{}", err(&created));
    report(&w, OVERVIEW);
    assert!(made(&w) > before);
}

#[test]
fn callers_with_other_eyes_are_told_their_own() {
    let w = World::new();
    w.partner_with("north", "north-rides", &json!({ "approval": "none" }));
    let grant = ["submit", "read_programs", "read_program_reports"];
    let client = w.client("north", &["north-rides"], &grant);
    let partner = client.signed_in(&w);
    let person =
        json!({ "kind": "merchant", "registration_number": "101-11-00013", "region": "11" });
    w.record(&json!({ "program": "north-rides", "beneficiary": person }))
        .expect(201);
    let path = "/v1/reports/programs/north-rides";
    let ask = || {
        let house = w.get("manager", path).expect(200);
        let viewer = w.get("viewer", path).expect(200);
        let partner = w.ask(&partner, ("GET", path), None).expect(200);
        [house, viewer, partner].map(|reply| reply.bytes)
    };
    let [house, viewer, outside] = ask();
    assert!(house != viewer && viewer != outside && house != outside);
    // Each again, in the same order and now kept.
    assert_eq!(ask(), [house, viewer, outside]);
    // Whoever may not is refused, kept or not.
    w.get("viewer", "/v1/reports/people").expect(200);
    let beyond = w.ask(&partner, ("GET", "/v1/reports/people"), None);
    assert_eq!(beyond.status, 403);
    w.send("GET", path, &[], b"").expect(401);
}

#[test]
fn a_day_that_ends_takes_its_reports_with_it() {
    let w = World::new();
    w.with_budget();
    let day = || report(&w, OVERVIEW).text("/as_of").to_owned();
    assert_eq!(
        (day(), day()),
        ("2022-11-03".to_owned(), "2022-11-03".to_owned())
    );
    w.set_day("2022-11-04");
    assert_eq!(day(), "2022-11-04");
    w.set_day("2022-11-03");
    assert_eq!(day(), "2022-11-03");
}

#[test]
fn many_who_ask_for_a_page_at_once_have_it_read_once() {
    let w = World::new();
    w.with_budget();
    for round in 1..=5 {
        w.submit("drivers", &format!("driver-{round}"), "1000");
        let before = made(&w);
        let replies = at_once(24, |_| report(&w, OVERVIEW));
        for reply in &replies {
            assert_eq!(
                reply.text("/consolidated/submitted"),
                (round * 1000).to_string()
            );
        }
        let once = made(&w) - before;
        assert!(!alone(&w) || once == 1, "{once} times");
    }
}

#[test]
fn a_refusal_is_not_kept() {
    let w = World::new();
    let path = "/v1/reports/funds/mobility";
    w.get("viewer", path).expect(404);
    let before = made(&w);
    w.get("viewer", path).expect(404);
    assert_eq!(made(&w) - before, 1);
    w.fund("mobility", "1000");
    report(&w, path);
}
