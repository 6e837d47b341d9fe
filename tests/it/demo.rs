//! The founding case: recorded whole, and compared with what was said.

use std::sync::Arc;

use chrono::{NaiveDate, TimeZone, Utc};
use sangsaeng::access::keys::KeyRing;
use sangsaeng::audit;
use sangsaeng::beneficiaries::vault::Vault;
use sangsaeng::bounds::Bounds;
use sangsaeng::clock::{Clock, SteeredClock};
use sangsaeng::code::Code;
use sangsaeng::db::{Conn, Db, Use, migrate};
use sangsaeng::demo::{self, SignIn, Tools};
use sangsaeng::desk::{Directory, Door};
use sangsaeng::reporting::{self, Regions};
use serde_json::{Value, json};

use crate::support::everything::{Reader, compare};
use crate::support::{Place, World};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Some members of an object, in the order asked for.
fn pick(value: &Value, names: &[&str]) -> Vec<String> {
    names
        .iter()
        .map(|name| format!("{name} {}", value[name].to_string().replace('"', "")))
        .collect()
}

fn of<'a>(list: &'a Value, code: &str) -> &'a Value {
    list.as_array()
        .unwrap()
        .iter()
        .find(|item| item["code"] == code)
        .unwrap()
}

/// The demo's books, its clock, and who signs in.
struct Recorded {
    db: Db,
    clock: Arc<SteeredClock>,
    users: Vec<SignIn>,
}

fn record(place: &Place, keys: &KeyRing) -> Recorded {
    let url = place.url();
    migrate::run(&mut Conn::open(&url, Use::Write).unwrap()).unwrap();
    let vault = Vault::new(keys.personal_details(), keys.blind_index()).unwrap();
    let first = Utc.with_ymd_and_hms(2021, 8, 1, 0, 0, 0).unwrap();
    let clock = Arc::new(SteeredClock::at(first));
    let steered: Arc<dyn Clock> = clock.clone();
    let db = Db::open(&url).unwrap();
    let door = Door::open(&url, steered).unwrap();
    let directory = Directory::new(db.clone());
    let tools = Tools {
        door: &door,
        directory: &directory,
        vault: &vault,
        clock: &clock,
    };
    let mut last = None;
    let founding = demo::record(&tools, &mut |progress| last = Some(progress)).unwrap();
    door.stop();
    let last = last.unwrap();
    assert_eq!(
        last.written, last.planned,
        "the progress ends where it should"
    );
    let roles: Vec<String> = founding
        .users
        .iter()
        .map(|user| user.role.to_string())
        .collect();
    for role in [
        "admin",
        "manager",
        "officer",
        "approver",
        "treasurer",
        "auditor",
        "viewer",
    ] {
        assert!(roles.iter().any(|known| known == role), "{role}");
    }
    let users = founding.users;
    Recorded { db, clock, users }
}

/// One test, since recording takes the longest of all: what it finds is compared bit by bit. In a
/// run on PostgreSQL both engines record it, and are asked everything.
#[test]
fn the_books_of_the_demo_say_what_was_said_on_2022_11_03() {
    let dir = tempfile::tempdir().unwrap();
    let keys = Arc::new(KeyRing::create(&dir.path().join("keys")).unwrap());
    let Some(places) = Place::on_both_engines() else {
        says_what_was_said(&record(&Place::empty(dir.path()), &keys).db);
        return;
    };
    let recorded = places.each_ref().map(|(_, place)| record(place, &keys));
    says_what_was_said(&recorded[1].db);
    let worlds = [0, 1].map(|of| {
        let clock = Arc::clone(&recorded[of].clock);
        let at = Place::Shared(places[of].1.url(), places[of].1.url());
        World::over(at, clock, Arc::clone(&keys))
    });
    let readers = [0, 1].map(|of| reader(&worlds[of], &recorded[of].users));
    let compared = compare(readers, &["2022-11-03", "2022-09-30", "2022-04-05"]).unwrap();
    println!("{compared} answers are the same");
}

/// One who signed in as whoever has to be asked for.
fn reader<'a>(world: &'a World, users: &[SignIn]) -> Reader<'a> {
    let signed_in = ["admin", "auditor", "viewer"].map(|role| {
        let is_one = |user: &&SignIn| user.role.to_string() == role;
        let user = users.iter().find(is_one).unwrap();
        let words = json!({ "email": user.email, "password": user.password.as_str() });
        let json = [("content-type", "application/json")];
        let words = words.to_string();
        let reply = world.send("POST", "/v1/auth/login", &json, words.as_bytes());
        let token = reply.expect(200).text("/access_token").to_owned();
        (role.to_owned(), token)
    });
    Reader::new(world, signed_in.into_iter())
}

fn says_what_was_said(db: &Db) {
    let (as_of, today) = (day("2022-11-03"), day("2022-11-03"));
    let overview = db
        .read(|conn| reporting::overview(conn, as_of, today))
        .unwrap();
    let overview = serde_json::to_value(overview).unwrap();
    the_overview(&overview);
    the_programs(&overview["programs"]);
    the_donation(&overview["donations"]);
    assert_eq!(
        pick(&overview["pledges"], &["total", "met", "open", "overdue"]),
        ["total 5", "met 0", "open 5", "overdue 0"]
    );
    what_was_said(db);
    the_produce(db);
    the_past(db);
    let report = db.read(|conn| audit::verify(conn, &mut |_| {})).unwrap();
    assert!(report.is_clean(), "{report}");
    assert_eq!((report.people, report.transfers), (20_000, 40_007));
}

fn the_overview(overview: &Value) {
    let names = [
        "committed",
        "contributed",
        "allocated",
        "available",
        "awaiting_payment",
    ];
    assert_eq!(
        pick(&overview["consolidated"], &names),
        [
            "committed 300000000000",
            "contributed null",
            "allocated 12200000000",
            "available 4000000000",
            "awaiting_payment 0",
        ]
    );
    let names = [
        "disbursed",
        "disbursed_cash",
        "disbursed_in_kind",
        "remaining",
    ];
    assert_eq!(
        pick(&overview["consolidated"], &names),
        [
            "disbursed 8200000000",
            "disbursed_cash 2200000000",
            "disbursed_in_kind 6000000000",
            "remaining 291800000000",
        ]
    );
    let parent = of(&overview["funds"], "co-prosperity");
    let names = [
        "elapsed_ratio",
        "plan_to_date_ratio",
        "disbursed_ratio",
        "to_child_funds",
    ];
    assert_eq!(
        pick(parent, &names),
        [
            "elapsed_ratio 0.1188",
            "plan_to_date_ratio 0.1578",
            "disbursed_ratio 0.0273",
            "to_child_funds 10000000000",
        ]
    );
    assert_eq!(parent["own"]["committed"], "290000000000");
    let child = of(&overview["funds"], "mobility-workers");
    assert_eq!(
        (&child["committed"], &child["disbursed"]),
        (&json!("10000000000"), &json!("2200000000"))
    );
}

fn the_programs(programs: &Value) {
    let merchants = of(programs, "sosin-merchants");
    assert_eq!(merchants["disbursed"], "6000000000");
    assert_eq!(
        merchants["beneficiaries"],
        json!({ "unique": 20_000, "payments": 20_000 })
    );
    let produce = &of(programs, "makers-produce")["sales"];
    assert_eq!(
        pick(
            produce,
            &[
                "amount",
                "quantity_kg",
                "buyers",
                "buyers_basis",
                "buyers_as_of"
            ]
        ),
        [
            "amount 10000000000",
            "quantity_kg 2100000.000",
            "buyers 390000",
            "buyers_basis unique_to_date",
            "buyers_as_of 2022-11-03",
        ]
    );
    for code in [
        "outage-compensation",
        "jeju-accessibility",
        "map-accessibility",
    ] {
        let program = of(programs, code);
        assert_eq!(
            (&program["disbursed"], &program["allocated"]),
            (&json!("0"), &Value::Null)
        );
    }
}

fn the_donation(donations: &Value) {
    let names = [
        "amount",
        "count",
        "from_funds",
        "receipts_missing",
        "held_by_intermediaries",
    ];
    assert_eq!(
        pick(donations, &names),
        [
            "amount 2200000000",
            "count 1",
            "from_funds 2200000000",
            "receipts_missing 1",
            "held_by_intermediaries 2200000000",
        ]
    );
}

/// Facts 1 to 8 and 11, in their order.
fn what_was_said(db: &Db) {
    let (as_of, today) = (day("2022-11-03"), day("2022-11-03"));
    let report = db
        .read(|conn| reporting::claims(conn, as_of, today))
        .unwrap();
    let report = serde_json::to_value(report).unwrap();
    // The latest comes first.
    let told = report["claims"].as_array().unwrap().iter().rev();
    let told: Vec<String> = told
        .map(|claim| {
            let names = ["verdict", "basis", "claimed", "actual", "headroom"];
            pick(&claim["check"], &names)
                .iter()
                .map(|line| line.split(' ').nth(1).unwrap())
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    assert_eq!(
        told,
        [
            "supported declaration 300000000000 300000000000 0",
            "supported declaration 10000000000 10000000000 0",
            "supported records 6000000000 6000000000 0",
            "supported records 20000 20000 392",
            "supported records 2100000.000 2100000.000 0.000",
            "supported partner_statement 390000 390000 0",
            "supported records 10000000000 10000000000 196078431",
            "supported records 2200000000 2200000000 0",
            "not_checkable declaration 40000000000 null null",
        ]
    );
    assert_eq!(
        pick(
            &report,
            &["total", "supported", "not_supported", "not_checkable"]
        ),
        [
            "total 9",
            "supported 8",
            "not_supported 0",
            "not_checkable 1"
        ]
    );
}

fn the_produce(db: &Db) {
    let code = Code::parse("makers-produce").unwrap();
    let (as_of, today) = (day("2022-11-03"), day("2022-11-03"));
    let regions = Regions::as_recorded(today);
    let report = db
        .read(|conn| reporting::program(conn, &Bounds::none(), &code, as_of, &regions, false))
        .unwrap();
    let report = serde_json::to_value(report).unwrap();
    assert_eq!(report["sales"]["quantity_kg"], "2100000.000");
    assert_eq!(report["beneficiaries"]["unique_overall"], 20_000);
}

/// On an earlier day the books say what stood then.
fn the_past(db: &Db) {
    let today = day("2022-11-03");
    let then = db
        .read(|conn| reporting::overview(conn, day("2022-08-31"), today))
        .unwrap();
    let then = serde_json::to_value(then).unwrap();
    assert_eq!(then["consolidated"]["committed"], "300000000000");
    assert_eq!(then["donations"]["amount"], "0");
    let merchants = of(&then["programs"], "sosin-merchants");
    let unique = merchants["beneficiaries"]["unique"].as_i64().unwrap();
    assert!(unique > 0 && unique < 20_000, "{unique}");
    let before = db
        .read(|conn| reporting::overview(conn, day("2022-03-31"), today))
        .unwrap();
    let before = serde_json::to_value(before).unwrap();
    assert_eq!(before["consolidated"]["committed"], "0");
}
