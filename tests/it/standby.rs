//! Reports and lists from a hot standby: for as long as it shows what it has to, and nothing else.
//!
//! In a run on PostgreSQL, against a primary and a streaming standby of each test's own. Which of
//! the two answered is seen by holding the standby back: it then shows what was.

use serde_json::{Value, json};

use crate::support::{Pair, World};

/// Asks until the answer is as expected. Longer than a minute is a fault.
fn until<T: PartialEq + std::fmt::Debug>(expected: &T, ask: impl Fn() -> T) {
    let begun = std::time::Instant::now();
    loop {
        let found = ask();
        if found == *expected {
            return;
        }
        assert!(begun.elapsed().as_secs() < 60, "still {found:?}");
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

/// What is submitted in `drivers`, as the report says.
fn submitted(world: &World) -> String {
    let report = world.get("viewer", "/v1/reports/programs/drivers");
    report.expect(200).text("/submitted").to_owned()
}

/// How many disbursements are listed.
fn listed(world: &World) -> usize {
    let page = world.get("auditor", "/v1/disbursements").expect(200);
    page.body["data"].as_array().unwrap().len()
}

/// Two servers over one primary, whose standby may trail long or hardly at all; once it shows what
/// is there, it stands still.
fn held_back(pair: &Pair) -> (World, World) {
    let (patient, strict) = (pair.world(300), pair.world(2));
    patient.with_budget();
    patient.submit("drivers", "driver-1", "1000");
    pair.wait_until_replayed();
    // Both trust it by now, or will: whoever does not reads the same on the primary.
    pair.hold();
    (patient, strict)
}

#[test]
fn reports_and_lists_come_from_the_standby_until_it_trails_too_far() {
    let Some(pair) = Pair::start() else { return };
    let (patient, strict) = held_back(&pair);
    patient.submit("drivers", "driver-2", "500");
    // Within its bound the standby is read from, and shows what was.
    until(&"1000".to_owned(), || submitted(&patient));
    until(&1, || listed(&patient));
    // Past it the primary is, though the standby still answers.
    until(&"1500".to_owned(), || submitted(&strict));
    assert_eq!(listed(&strict), 2);
    assert_eq!(submitted(&patient), "1000");
    pair.let_go();
    until(&"1500".to_owned(), || submitted(&patient));
    until(&2, || listed(&patient));
}

#[test]
fn what_decides_is_read_on_the_primary() {
    let Some(pair) = Pair::start() else { return };
    let (world, _) = held_back(&pair);
    // One record is there as soon as it was made, and a key is remembered.
    let body = world.cash_to("drivers", "driver-2", "500");
    let made = world.post_with_key("officer", "/v1/disbursements", "the-key", &body);
    let id = made.expect(201).text("/id").to_owned();
    let again = world.post_with_key("officer", "/v1/disbursements", "the-key", &body);
    assert_eq!(again.expect(201).text("/id"), id);
    world
        .get("auditor", &format!("/v1/disbursements/{id}"))
        .expect(200);
    world
        .verb("approver", &id, "approve", &json!({}))
        .expect(200);
    until(&1, || listed(&world));
    // A program that the standby knows nothing of has a report, and what hangs on a fund is whole.
    world.program("couriers", &["mobility"]);
    world.allocate("mobility", "couriers", "1000");
    world
        .get("viewer", "/v1/reports/programs/couriers")
        .expect(200);
    let entries = world
        .get("auditor", "/v1/funds/mobility/allocations")
        .expect(200);
    assert_eq!(entries.body["data"].as_array().unwrap().len(), 2);
    // Who came a moment ago signs in, and who left is out.
    let jack = world.jack_of_all_trades();
    let users = world.get("admin", "/v1/users").expect(200);
    let known = |user: &&Value| user["id"] == jack.as_str();
    assert!(
        users.body["data"]
            .as_array()
            .unwrap()
            .iter()
            .find(known)
            .is_some()
    );
    let words = json!({
        "email": "jack@test.example", "password": "jack of all trades, master of none",
    });
    let signed_in = world.send(
        "POST",
        "/v1/auth/login",
        &[("content-type", "application/json")],
        words.to_string().as_bytes(),
    );
    signed_in.expect(200);
    let off = json!({ "status": "disabled" });
    world
        .patch("admin", "/v1/users/officer2", "\"1\"", &off)
        .expect(200);
    until(&401, || world.get("officer2", "/v1/disbursements").status);
    assert_eq!(listed(&world), 1, "the standby stood still all the while");
}

#[test]
fn a_standby_that_goes_is_not_missed_and_one_that_comes_back_is_used_again() {
    let Some(mut pair) = Pair::start() else {
        return;
    };
    let (world, _) = held_back(&pair);
    world.submit("drivers", "driver-2", "500");
    until(&"1000".to_owned(), || submitted(&world));
    std::thread::scope(|scope| {
        let (gone, told) = std::sync::mpsc::channel::<()>();
        let reading = scope.spawn({
            let world = &world;
            move || {
                let mut slowest = std::time::Duration::ZERO;
                while told.try_recv() == Err(std::sync::mpsc::TryRecvError::Empty) {
                    let asked = std::time::Instant::now();
                    let found = submitted(world);
                    assert!(["1000", "1500"].contains(&found.as_str()), "{found}");
                    slowest = slowest.max(asked.elapsed());
                }
                slowest
            }
        });
        pair.standby.tell("stop");
        until(&"1500".to_owned(), || submitted(&world));
        drop(gone);
        let slowest = reading.join().unwrap();
        println!("slowest read while the standby went: {slowest:?}");
    });
    pair.standby.tell("start");
    pair.wait_until_replayed();
    pair.hold();
    world.submit("drivers", "driver-3", "500");
    until(&"1500".to_owned(), || submitted(&world));
}

#[test]
fn a_standby_that_was_promoted_is_not_read_from() {
    let Some(pair) = Pair::start() else { return };
    let world = pair.world(300);
    world.with_budget();
    world.submit("drivers", "driver-1", "1000");
    pair.wait_until_replayed();
    pair.standby.run("SELECT pg_promote()");
    world.submit("drivers", "driver-2", "500");
    until(&"1500".to_owned(), || submitted(&world));
}
