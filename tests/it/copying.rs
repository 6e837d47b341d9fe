//! Whole books carried from one engine to the other and back, with the program itself.
//!
//! In a run on PostgreSQL: its books go into a file, and from there into another database.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use chrono::TimeDelta;
use diesel::connection::SimpleConnection;
use diesel::sql_types::BigInt;
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use sangsaeng::beneficiaries::registration_number::RegistrationNumber;
use sangsaeng::clock::Clock;
use sangsaeng::db::{Conn, Url, Use, carry};
use serde_json::{Value, json};

use crate::imports::{HEADER, row};
use crate::structure::told;
use crate::support::program::{code, err, out, program};
use crate::support::{PASSWORD, Place, World, because, merge, nothing};

/// What somebody types who means no good, and what no alphabet has.
const ODD: &str = "a\"b\\c'; DROP TABLE funds; -- 상생 🍊 {\"x\":[null]}";

fn text(url: &Url) -> &str {
    match url {
        Url::Sqlite(path) => path,
        Url::Postgres(server) => server.url(),
    }
}

fn line(url: &Url) -> String {
    match url {
        Url::Sqlite(path) => format!("sqlite://{path}"),
        Url::Postgres(server) => server.url().to_owned(),
    }
}

fn copying(dir: &Path, from: &Url, to: &Url) -> Command {
    let mut command = program(dir);
    command.args(["copy", "--from", &line(from), "--to", &line(to)]);
    command.stdin(Stdio::null());
    command
}

fn copy(dir: &Path, from: &Url, to: &Url) -> Output {
    copying(dir, from, to).output().unwrap()
}

/// Books with something of everything, and the body of what was sent with the key `the-key`.
pub fn rich(w: &World) -> Value {
    let later = w.clock.now() + TimeDelta::microseconds(123_456);
    w.clock.set(later);
    let login = json!({ "email": "officer@test.example", "password": PASSWORD }).to_string();
    let json_body = [("content-type", "application/json")];
    w.send("POST", "/v1/auth/login", &json_body, login.as_bytes())
        .expect(200);
    let ghost = json!({ "email": "ghost@test.example", "password": "boo" }).to_string();
    w.send("POST", "/v1/auth/login", &json_body, ghost.as_bytes())
        .expect(401);
    w.attempts().write_down().unwrap();
    money(w);
    partner(w);
    people(w);
    what_came_of_it(w);
    files(w);
    limits(w);
    let mut body = w.cash_to("drivers", "keyed", "7");
    merge(
        &mut body,
        &json!({ "purpose": ODD, "attributes": { "wave": ODD } }),
    );
    w.post_with_key("officer", "/v1/disbursements", "the-key", &body)
        .expect(201);
    body
}

/// A limit of the house, and a proposal to take it away.
fn limits(w: &World) {
    let limit = json!({ "second_approval_above": "900000000000000" });
    w.patch("manager", "/v1/settings", "\"1\"", &limit)
        .expect(200);
    w.post("manager", "/v1/proposals", &because()).expect(202);
}

/// A file with a good row and a wrong one, and how a program names its columns.
fn files(w: &World) {
    let csv = format!(
        "{HEADER}{}{}",
        row("filed", "11", "F-1"),
        row("filed", "-1", "F-2")
    );
    let import = w.sent("mode=good", &csv);
    w.settled(&import);
    let mapping = json!({
        "kind": "disbursements", "program": "drivers",
        "headers": [{ "header": "돈", "field": "amount" }],
    });
    w.post("officer", "/v1/imports/mappings", &mapping);
    let export = w.export("officer", &json!({ "of": "/v1/funds", "format": "csv" }));
    w.exported("officer", &export);
}

/// A partner with a client that has two secrets and signed in.
fn partner(w: &World) {
    w.program_with("bridges", &[], &json!({ "partner": "bridge" }));
    let client = w.client("bridge", &["bridges"], &["submit"]);
    client.rotated(w, true).token(w, None).expect(200);
}

fn money(w: &World) {
    w.with_budget();
    w.child_fund("child", "mobility", "1000").expect(201);
    let lines = json!([{ "fiscal_year": 2022, "program": "drivers", "amount": "600" }]);
    let plan = json!({ "version_reason": ODD, "effective_on": "2022-04-01", "lines": lines });
    w.post("manager", "/v1/funds/mobility/plans", &plan)
        .expect(201);
    let house = json!({ "code": "bridge", "name": { "ko": "다리", "en": ODD } });
    w.post("manager", "/v1/organisations", &house).expect(201);
    let gift = json!({
        "program": "drivers", "recipient": "bridge", "recipient_role": "intermediary",
        "designated": true, "amount": "1000", "form": "cash", "planned_on": "2022-09-06",
    });
    let gift = w.post("officer", "/v1/donations", &gift).made();
    w.step("donations", &gift, "approve", "2022-09-06");
    w.step("donations", &gift, "pay", "2022-09-06");
    let used = json!({
        "period": { "start": "2022-09-06", "end": "2022-09-30" }, "used": "600", "returned": "0",
    });
    w.post("officer", &format!("/v1/donations/{gift}/uses"), &used)
        .expect(201);
    w.program_with("makers", &[], &json!({ "kind": "produce_sales" }));
    let sale = json!({
        "program": "makers", "product": { "code": "tangerine", "name": "감귤" },
        "sold_on": "2022-10-03", "quantity_kg": "2.5", "amount": "9000", "orders": 2,
    });
    w.post("officer", "/v1/sales", &sale).expect(201);
    let statement = json!({
        "program": "makers", "period": { "start": "2021-08-01", "end": "2022-09-30" },
        "basis": "cumulative", "amount": "100",
    });
    w.post("officer", "/v1/sales/statements", &statement)
        .expect(201);
    w.program_with("damages", &[], &json!({ "kind": "compensation" }));
    let damage = json!({
        "program": "damages", "form": "cash", "amount": "300", "planned_on": "2022-10-20",
        "beneficiary": { "kind": "group", "count": 10 },
        "assessment": { "tier": "paid", "rule_version": "v1", "assessed_loss": "500" },
    });
    let damage = w.post("officer", "/v1/disbursements", &damage).made();
    w.step("disbursements", &damage, "approve", "2022-10-20");
    w.step("disbursements", &damage, "pay", "2022-10-20");
}

fn people(w: &World) {
    // The survivor is known after the one that is merged into it: rows name later ones.
    let ids = [1, 2].map(|n| {
        let number = RegistrationNumber::from_serial(101, 11, n).unwrap();
        let merchant = json!({
            "kind": "merchant", "registration_number": number.as_digits(), "name": "가나다",
        });
        let known = w.post("officer", "/v1/beneficiaries", &merchant).made();
        let bare = json!({ "kind": "merchant", "registration_number": number.as_digits() });
        w.recorded(&json!({ "beneficiary": bare, "planned_on": "2022-10-03" }));
        known
    });
    let [merged, survivor] = &ids;
    let into = json!({ "into": survivor, "reason": "같은 사업자" });
    w.post(
        "officer",
        &format!("/v1/beneficiaries/{merged}/merge"),
        &into,
    )
    .expect(200);
    let approve = format!("/v1/beneficiaries/{merged}/merge/approve");
    w.post("approver", &approve, &nothing()).expect(200);
    let whom = json!({ "kind": "worker", "reference": "named", "name": "라마바", "region": "11" });
    let id = w.recorded(&json!({ "beneficiary": whom, "planned_on": "2022-10-03" }));
    w.step("disbursements", &id, "approve", "2022-10-03");
    w.step("disbursements", &id, "pay", "2022-10-03");
    let change = json!({ "name": "사아자", "reason_class": "update", "reason": "개명" });
    w.post("officer", &format!("/v1/disbursements/{id}/amend"), &change)
        .expect(201);
    let approve = format!("/v1/disbursements/{id}/amendments/1/approve");
    w.post("approver", &approve, &nothing()).expect(200);
}

fn what_came_of_it(w: &World) {
    let pledge = json!({
        "title": "접근성", "statement": ODD, "source": { "title": "협약식", "date": "2022-07-01" },
        "due_on": "2022-12-31", "milestones": [{ "title": "조사", "due_on": "2022-09-30" }],
    });
    w.post("communicator", "/v1/pledges", &pledge).expect(201);
    let claim = json!({
        "statement": ODD, "source": { "title": "발표", "date": "2022-11-03" },
        "said_on": "2022-11-03", "metric": "disbursed", "scope": { "program": "drivers" },
        "as_of": "2022-11-03", "comparator": "gte", "value": "300", "nature": "actual",
    });
    w.post("communicator", "/v1/claims", &claim).expect(201);
    let indicator = json!({
        "code": "stations", "name": { "ko": "지표", "en": "Indicator" }, "unit": "stations",
        "additive": true, "accumulation": "in_period", "better": "up",
    });
    w.post("manager", "/v1/indicators", &indicator).expect(201);
    let measured = json!({
        "indicator": "stations", "period": { "start": "2022-01-01", "end": "2022-03-31" },
        "nature": "measured", "value": "12",
    });
    w.post("officer", "/v1/measurements", &measured).expect(201);
    w.post("manager", "/v1/funds/child/close", &because())
        .expect(200);
}

/// What is read of the books, as it is sent.
const READ: [&str; 17] = [
    "reports/overview",
    "reports/funds/mobility",
    "reports/funds/child",
    "reports/programs/drivers",
    "reports/programs/makers",
    "reports/programs/damages",
    "reports/series?metric=disbursed&interval=day&group_by=region",
    "reports/pledges",
    "reports/claims",
    "reports/indicators",
    "reports/people",
    "reports/compensation",
    "disbursements?limit=100",
    "donations",
    "sales",
    "beneficiaries?limit=100",
    "users",
];

fn read(w: &World) -> Vec<(&'static str, Vec<u8>)> {
    let read = |path| {
        let user = if path == "users" { "admin" } else { "officer" };
        (path, w.get(user, &format!("/v1/{path}")).expect(200).bytes)
    };
    READ.into_iter().map(read).collect()
}

/// Books of a run on PostgreSQL, and a file for them.
fn on_server() -> Option<(World, Url)> {
    let world = World::new();
    let file = format!("{}/file.db", world.folder().display());
    matches!(world.owner(), Url::Postgres(_)).then(|| (world, Url::Sqlite(file)))
}

/// An empty database of the run's own cluster.
fn empty(dir: &Path) -> Place {
    let place = Place::empty(dir);
    assert!(matches!(place, Place::Server(_)));
    place
}

#[test]
fn books_go_from_engine_to_engine_as_they_are() {
    let Some((world, file)) = on_server() else {
        return;
    };
    let keyed = rich(&world);
    let mut conn = Conn::open(&world.owner(), Use::Read).unwrap();
    for table in carry::tables(&mut conn).unwrap() {
        let rows = table.count(&mut conn).unwrap();
        assert!(rows > 0, "the test has nothing in {}", table.name);
    }
    let folder = world.folder();
    let place = empty(folder);
    for (from, to) in [(world.owner(), file.clone()), (file.clone(), place.url())] {
        let copied = copy(folder, &from, &to);
        assert_eq!(code(&copied), 0, "{}", err(&copied));
        assert!(out(&copied).contains(" 0 differences"), "{}", out(&copied));
    }
    let first = read(&world);
    let copies = [world.elsewhere(file), world.elsewhere(place.url())];
    for copy in &copies {
        for ((path, wanted), (_, found)) in first.iter().zip(read(copy)) {
            let [wanted, found] = [wanted, &found].map(|bytes| String::from_utf8_lossy(bytes));
            assert_eq!(wanted, found, "{path}");
        }
        // What was sent before is recognised, and what is sent now is recorded.
        let again = copy.post_with_key("officer", "/v1/disbursements", "the-key", &keyed);
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        copy.paid("drivers", "keyed", "3");
        copy.fund("another", "5");
    }
    let [one, two] = copies.map(|copy| copy.fund_report("mobility"));
    assert_eq!(one, two);
}

#[test]
fn every_table_and_column_is_carried() {
    let world = World::new();
    let mut conn = Conn::open(&world.owner(), Use::Read).unwrap();
    let carried = carry::tables(&mut conn).unwrap();
    let carried: BTreeSet<String> = carried.iter().flat_map(carry::Table::names).collect();
    let known: BTreeSet<String> = told().into_iter().map(|(column, _)| column).collect();
    assert_eq!(carried, known);
}

#[test]
fn what_is_not_empty_or_not_the_same_is_left_as_it_is() {
    let Some((world, file)) = on_server() else {
        return;
    };
    world.with_budget();
    let folder = world.folder();
    let refused = |from: &Url, to: &Url, wanted: i32, complaint: &str| {
        let output = copy(folder, from, to);
        assert_eq!(code(&output), wanted, "{}", err(&output));
        assert!(err(&output).contains(complaint), "{}", err(&output));
    };
    refused(&file, &world.owner(), 2, "There is no database at");
    assert_eq!(code(&copy(folder, &world.owner(), &file)), 0);
    refused(&file, &world.owner(), 2, "the target is not empty");
    refused(&world.owner(), &file, 2, "the target is not empty");
    let place = empty(folder);
    refused(&world.owner(), &place.url(), 2, "of one engine");

    let mut conn = Conn::open(&file, Use::Write).unwrap();
    conn.batch_execute("CREATE TABLE mine (a TEXT)").unwrap();
    refused(&file, &place.url(), 1, "the table mine is not the same");
    conn.batch_execute("DROP TABLE mine; UPDATE accounts SET balance = balance + 1")
        .unwrap();
    refused(&file, &place.url(), 3, "do not agree with themselves");
    // A text that PostgreSQL cannot hold, in a table that comes late.
    conn.batch_execute(
        "UPDATE accounts SET balance = balance - 1; \
         UPDATE programs SET area = 'a' || char(0) || 'b'",
    )
    .unwrap();
    assert_eq!(code(&copy(folder, &file, &place.url())), 1);
    conn.batch_execute("UPDATE programs SET area = NULL")
        .unwrap();
    let copied = copy(folder, &file, &place.url());
    assert_eq!(code(&copied), 0, "{}", err(&copied));
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

#[test]
fn a_kill_on_the_way_leaves_the_target_empty() {
    let Some((world, file)) = on_server() else {
        return;
    };
    rich(&world);
    let folder = world.folder();
    assert_eq!(code(&copy(folder, &world.owner(), &file)), 0);
    let place = empty(folder);
    let mut child = copying(folder, &file, &place.url())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut watch = Conn::open(&place.url(), Use::Read).unwrap();
    let inserting = "SELECT count(*) AS value FROM pg_stat_activity \
                     WHERE datname = current_database() AND query LIKE 'INSERT INTO \"%'";
    loop {
        let busy: Number = sql_query(inserting).get_result(&mut watch).unwrap();
        if busy.value > 0 || child.try_wait().unwrap().is_some() {
            break;
        }
    }
    child.kill().unwrap();
    let ended = child.wait().unwrap();
    if !ended.success() {
        // Only empty books can be filled.
        let copied = copy(folder, &file, &place.url());
        assert_eq!(code(&copied), 0, "{}", err(&copied));
    }
    let copied = world.elsewhere(place.url());
    assert_eq!(read(&world), read(&copied));
}

/// The program of PostgreSQL of that name, on a database.
fn tool(name: &str, url: &Url) -> Command {
    let mut command = Command::new(crate::support::programs().join(name));
    command.arg("--dbname").arg(text(url)).stdin(Stdio::null());
    command
}

#[test]
fn what_pg_dump_takes_out_pg_restore_puts_back_whole() {
    let Some((world, _)) = on_server() else {
        return;
    };
    rich(&world);
    let folder = world.folder();
    let (dump, place) = (folder.join("books.dump"), empty(folder));
    let mut take = tool("pg_dump", &world.owner());
    let taken = take.args(["--format=custom", "--file"]).arg(&dump).status();
    assert!(taken.unwrap().success());
    let mut put = tool("pg_restore", &place.url());
    let put = put
        .args(["--single-transaction", "--exit-on-error"])
        .arg(&dump);
    assert!(put.status().unwrap().success());
    let mut verify = program(folder);
    let verify = verify.args(["verify", "--database-url", &line(&place.url())]);
    let verified = verify.output().unwrap();
    assert_eq!(code(&verified), 0, "{}", err(&verified));
    let restored = world.elsewhere(place.url());
    assert_eq!(read(&world), read(&restored));
}
