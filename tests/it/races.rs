//! Many at once: limits hold, keys take effect once, one record is decided once.

use std::collections::BTreeMap;
use std::sync::Barrier;

use serde_json::{Value, json};

use crate::support::{Reply, World};

/// Requests that start together.
pub const MANY: usize = 64;

/// What each of `count` threads was answered that all began at the same moment.
pub fn at_once<T: Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let start = Barrier::new(count);
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..count)
            .map(|index| {
                let (start, work) = (&start, &work);
                scope.spawn(move || {
                    start.wait();
                    work(index)
                })
            })
            .collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    })
}

/// How many were answered what, as status and code.
pub fn answers(replies: &[Reply]) -> BTreeMap<String, usize> {
    let mut counted = BTreeMap::new();
    for reply in replies {
        *counted
            .entry(format!("{} {}", reply.status, reply.code()))
            .or_default() += 1;
    }
    counted
}

/// The same, as it is expected.
pub fn counted<const N: usize>(expected: [(&str, usize); N]) -> BTreeMap<String, usize> {
    expected
        .map(|(answer, times)| (answer.to_owned(), times))
        .into()
}

/// Every disbursement.
pub fn records(world: &World) -> Vec<Value> {
    let page = world
        .get("auditor", "/v1/disbursements?limit=1000")
        .expect(200);
    page.body["data"].as_array().unwrap().clone()
}

fn figures(world: &World, fund: &str, names: &[&str]) -> Vec<String> {
    let report = world.fund_report(fund);
    names
        .iter()
        .map(|name| report[name].as_str().unwrap().to_owned())
        .collect()
}

fn approve_all(world: &World, ids: &[String]) -> Vec<Reply> {
    at_once(ids.len(), |index| {
        let approver = ["approver", "approver2"][index % 2];
        world.verb(approver, &ids[index], "approve", &json!({}))
    })
}

#[test]
fn as_many_approvals_succeed_as_the_budget_has_room_for() {
    let world = World::new();
    world.with_budget();
    world.paid("drivers", "somebody", "50000");
    let submit = |index| world.submit("drivers", &format!("driver-{index}"), "100000");
    let ids: Vec<String> = (0..MANY).map(submit).collect();

    let replies = approve_all(&world, &ids);

    assert_eq!(
        answers(&replies),
        counted([("200 ", 5), ("409 insufficient_available", 59)])
    );
    assert_eq!(
        figures(
            &world,
            "mobility",
            &["available", "awaiting_payment", "submitted", "disbursed"]
        ),
        ["50000", "500000", "5900000", "50000"]
    );
}

#[test]
fn the_first_approvals_of_a_fund_find_its_limit_as_well() {
    let world = World::new();
    world.with_budget();
    let submit = |index| world.submit("drivers", &format!("driver-{index}"), "200000");
    let ids: Vec<String> = (0..MANY).map(submit).collect();

    let replies = approve_all(&world, &ids);

    assert_eq!(
        answers(&replies),
        counted([("200 ", 3), ("409 insufficient_available", 61)])
    );
    assert_eq!(
        figures(&world, "mobility", &["available", "awaiting_payment"]),
        ["0", "600000"]
    );
}

#[test]
fn the_first_records_of_a_program_that_needs_no_approval_find_its_limit_as_well() {
    let world = World::new();
    world.fund("mobility", "1000000");
    world.program_with("drivers", &["mobility"], &json!({ "approval": "none" }));
    world.allocate("mobility", "drivers", "600000");

    let replies = at_once(MANY, |index| {
        let body = world.cash_to("drivers", &format!("driver-{index}"), "100000");
        world.post("officer", "/v1/disbursements", &body)
    });

    assert_eq!(
        answers(&replies),
        counted([("201 ", 6), ("409 insufficient_available", 58)])
    );
    assert_eq!(records(&world).len(), 6);
}

#[test]
fn as_many_payments_succeed_as_there_is_cash() {
    let world = World::new();
    let fund = json!({
        "code": "cash",
        "name": { "ko": "기금", "en": "Fund" },
        "kind": "foundation",
        "commitment": "10000000",
        "effective_on": "2022-04-01",
        "period": { "start": "2022-04-01", "end": "2027-03-31" },
        "spend_limit": "cash",
        "in_kind_counted_at": "cost",
    });
    world.post("manager", "/v1/funds", &fund).expect(201);
    world.program("drivers", &["cash"]);
    world.allocate("cash", "drivers", "10000000");
    let paid_in = json!({ "amount": "350000", "effective_on": "2022-05-01", "from": "company" });
    world
        .post("manager", "/v1/funds/cash/contributions", &paid_in)
        .expect(201);
    let submit = |index| world.submit("drivers", &format!("driver-{index}"), "100000");
    let ids: Vec<String> = (0..MANY).map(submit).collect();
    assert_eq!(
        answers(&approve_all(&world, &ids)),
        counted([("200 ", MANY)])
    );

    let replies = at_once(MANY, |index| {
        world.verb("treasurer", &ids[index], "pay", &json!({}))
    });

    assert_eq!(
        answers(&replies),
        counted([("200 ", 3), ("409 insufficient_cash", 61)])
    );
    assert_eq!(
        figures(&world, "cash", &["paid", "awaiting_payment"]),
        ["300000", "6100000"]
    );
}

#[test]
fn as_many_allocations_succeed_as_the_fund_has_room_for() {
    let world = World::new();
    world.fund("mobility", "1000000");
    world.program("drivers", &["mobility"]);

    let replies = at_once(32, |_| {
        let body = json!({
            "program": "drivers",
            "amount": "90000",
            "fiscal_year": null,
            "effective_on": "2022-05-01",
            "kind": "allocate",
        });
        world.post("manager", "/v1/funds/mobility/allocations", &body)
    });

    assert_eq!(
        answers(&replies),
        counted([("201 ", 11), ("409 over_allocation", 21)])
    );
    assert_eq!(
        figures(&world, "mobility", &["unallocated", "allocated"]),
        ["10000", "990000"]
    );
}

#[test]
fn one_key_takes_effect_once() {
    let world = World::new();
    world.with_budget();
    let body = world.cash_to("drivers", "driver", "100000");

    let replies = at_once(MANY, |_| {
        world.post_with_key("officer", "/v1/disbursements", "the-key", &body)
    });

    let (taken, waiting): (Vec<&Reply>, Vec<&Reply>) =
        replies.iter().partition(|reply| reply.status == 201);
    let first = taken
        .iter()
        .filter(|reply| reply.header("idempotency-replayed").is_none());
    assert_eq!(first.count(), 1);
    assert!(taken.iter().all(|reply| reply.bytes == taken[0].bytes));
    assert!(
        waiting
            .iter()
            .all(|reply| reply.refusal() == "409 | idempotency_in_progress")
    );
    assert_eq!(records(&world).len(), 1);

    let again = world
        .post_with_key("officer", "/v1/disbursements", "the-key", &body)
        .expect(201);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.bytes, taken[0].bytes);
}

#[test]
fn one_key_with_many_bodies_takes_effect_once() {
    let world = World::new();
    world.with_budget();

    let replies = at_once(32, |index| {
        let body = world.cash_to("drivers", &format!("driver-{index}"), "100000");
        world.post_with_key("officer", "/v1/disbursements", "the-key", &body)
    });

    let answers = answers(&replies);
    assert_eq!(answers.get("201 "), Some(&1), "{answers:?}");
    let others = [
        "201 ",
        "409 idempotency_in_progress",
        "422 idempotency_key_reused",
    ];
    assert!(
        answers
            .keys()
            .all(|answer| others.contains(&answer.as_str())),
        "{answers:?}"
    );
    assert_eq!(records(&world).len(), 1);
}

#[test]
fn one_record_is_approved_once() {
    let world = World::new();
    world.with_budget();
    let id = world.submit("drivers", "driver", "100000");

    let replies = approve_all(&world, &vec![id; MANY]);

    assert_eq!(
        answers(&replies),
        counted([("200 ", 1), ("409 invalid_state", 63)])
    );
    assert_eq!(
        figures(&world, "mobility", &["awaiting_payment"]),
        ["100000"]
    );
}

#[test]
fn one_record_is_either_approved_or_withdrawn() {
    let world = World::new();
    world.with_budget();
    for round in 0..8 {
        let id = world.submit("drivers", &format!("driver-{round}"), "10000");
        let replies = at_once(2, |index| match index {
            0 => world.verb("approver", &id, "approve", &json!({})),
            _ => world.verb(
                "officer",
                &id,
                "withdraw",
                &json!({ "reason": "a mistake" }),
            ),
        });
        assert_eq!(
            answers(&replies),
            counted([("200 ", 1), ("409 invalid_state", 1)])
        );
    }
}

#[test]
fn one_record_is_paid_no_further_than_it_was_approved() {
    let world = World::new();
    world.with_budget();
    let id = world.submit("drivers", "driver", "100000");
    world
        .verb("approver", &id, "approve", &json!({}))
        .expect(200);

    let replies = at_once(32, |_| {
        world.verb("treasurer", &id, "pay", &json!({ "amount": "30000" }))
    });

    assert_eq!(
        answers(&replies),
        counted([("200 ", 3), ("409 more_than_awaiting", 29)])
    );
    assert_eq!(
        figures(&world, "mobility", &["paid", "awaiting_payment"]),
        ["90000", "10000"]
    );
}

#[test]
fn one_beneficiary_is_paid_once_in_a_round() {
    let world = World::new();
    world.fund("mobility", "10000000");
    world.program_with(
        "drivers",
        &["mobility"],
        &json!({ "one_payment_per": "round" }),
    );
    let mut body = world.cash_to("drivers", "driver", "100000");
    body["round"] = json!("2022-1");

    let replies = at_once(32, |_| world.post("officer", "/v1/disbursements", &body));

    let expected = [("201 ", 1), ("409 duplicate_beneficiary_in_round", 31)];
    assert_eq!(answers(&replies), counted(expected));
    let records = records(&world);
    assert_eq!(records.len(), 1);
    let refused = replies.iter().find(|reply| reply.status == 409).unwrap();
    assert_eq!(
        refused.body["facts"]["id"], records[0]["id"],
        "{}",
        refused.body
    );
    let people = world.get("officer", "/v1/beneficiaries").expect(200);
    assert_eq!(people.body["data"].as_array().unwrap().len(), 1);
}

#[test]
fn one_external_id_is_recorded_once() {
    let world = World::new();
    world.with_budget();

    let replies = at_once(32, |index| {
        let mut body = world.cash_to("drivers", &format!("driver-{index}"), "10000");
        body["external_id"] = json!("voucher-1");
        world.post("officer", "/v1/disbursements", &body)
    });

    let expected = [("201 ", 1), ("409 duplicate_external_id", 31)];
    assert_eq!(answers(&replies), counted(expected));
    assert_eq!(records(&world).len(), 1);
}
