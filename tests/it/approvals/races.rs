//! Many approvers at once: one decision, or exactly a first and a second one.

use std::collections::BTreeMap;

use serde_json::json;

use super::{standing, user};
use crate::races::{answers, at_once, counted};
use crate::support::{World, because, nothing};

/// Records that are raced for, each by all approvers at once.
const ROUNDS: usize = 50;
/// Approvers in each race.
const APPROVERS: usize = 4;

/// Approvers, each of whom could decide alone.
fn approvers(w: &World) -> Vec<String> {
    let name = |n| user(w, &format!("approver-{n}"), &["approver"]);
    (0..APPROVERS).map(name).collect()
}

/// What each approver is answered, added up over all rounds.
fn raced(w: &World, amount: &str) -> (BTreeMap<String, usize>, Vec<String>) {
    let who = approvers(w);
    let mut all: BTreeMap<String, usize> = BTreeMap::new();
    let mut ids = Vec::new();
    for round in 0..ROUNDS {
        let id = w.submit("drivers", &format!("d-{round}"), amount);
        let replies = at_once(who.len(), |n| w.approve(&who[n], &id));
        for (answer, times) in answers(&replies) {
            *all.entry(answer).or_default() += times;
        }
        ids.push(id);
    }
    (all, ids)
}

#[test]
fn of_many_approvers_one_decides() {
    let w = World::new();
    w.with_limit();
    let (all, ids) = raced(&w, "100000");
    let refused = ROUNDS * (APPROVERS - 1);
    assert_eq!(
        all,
        counted([("200 ", ROUNDS), ("409 invalid_state", refused)])
    );
    for id in ids {
        let record = w.disbursement(&id).body;
        assert!(
            standing(&record).starts_with("approved, 1 of 1: "),
            "{record}"
        );
        assert_eq!(record["amounts"]["approved"], "100000");
    }
}

#[test]
fn above_the_limit_exactly_a_first_and_a_second_decide() {
    let w = World::new();
    w.with_limit();
    let (all, ids) = raced(&w, "100001");
    let refused = ROUNDS * (APPROVERS - 2);
    assert_eq!(
        all,
        counted([("200 ", 2 * ROUNDS), ("409 invalid_state", refused)])
    );
    for id in ids {
        let record = w.disbursement(&id).body;
        assert!(
            standing(&record).starts_with("approved, 2 of 2: "),
            "{record}"
        );
        assert_eq!(record["amounts"]["approved"], "100001");
        let [first, second] = record["approvals"].as_array().unwrap().as_slice() else {
            panic!("{record}");
        };
        assert_ne!(first["by"], second["by"]);
        assert_eq!(first["content"], second["content"]);
    }
}

#[test]
fn one_approver_in_many_sessions_is_one() {
    let w = World::new();
    w.with_limit();
    for round in 0..ROUNDS {
        let id = w.submit("drivers", &format!("d-{round}"), "100001");
        let replies = at_once(APPROVERS, |_| w.approve("approver", &id));
        assert_eq!(
            answers(&replies),
            counted([("200 ", 1), ("403 same_approver", APPROVERS - 1)])
        );
        let record = w.disbursement(&id).body;
        assert_eq!(standing(&record), "submitted, 1 of 2: approver");
    }
}

#[test]
fn an_approval_that_races_with_an_edit_is_one_of_what_was_read_or_none() {
    let w = World::new();
    w.with_limit();
    for round in 0..ROUNDS {
        let id = w.submit("drivers", &format!("d-{round}"), "100001");
        let path = format!("/v1/disbursements/{id}");
        let first = w.approve_as_read("approver", &path, "\"1\"");
        first.expect(200);
        let replies = at_once(2, |n| match n {
            0 => w.approve_as_read("approver2", &path, "\"2\""),
            _ => w.patch("officer", &path, "\"2\"", &json!({ "amount": "100002" })),
        });
        let [approved, edited] = replies.as_slice() else {
            panic!("two were asked");
        };
        let record = w.disbursement(&id).body;
        match (approved.status, edited.status) {
            (200, 412) => {
                assert_eq!(standing(&record), "approved, 2 of 2: approver approver2");
                assert_eq!(record["amounts"]["approved"], "100001");
            }
            (412, 200) => assert_eq!(standing(&record), "submitted, 0 of 2: "),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn of_many_approvers_one_decides_on_a_proposal() {
    let w = World::new();
    w.with_limit();
    let limit = json!({ "second_approval_above": "1000" });
    w.patch("manager", "/v1/funds/mobility", "\"1\"", &limit)
        .expect(200);
    let who = approvers(&w);
    let before = w.fund_report("mobility")["allocated"].clone();
    for round in 0..ROUNDS {
        let kind = ["allocate", "release"][round % 2];
        let body = json!({ "program": "drivers", "amount": "1001", "kind": kind });
        let path = "/v1/funds/mobility/allocations";
        let proposed = w.post("manager", path, &body).expect(202);
        let path = format!("/v1/proposals/{}", proposed.text("/id"));
        let replies = at_once(who.len(), |n| {
            w.post(&who[n], &format!("{path}/approve"), &nothing())
        });
        assert_eq!(
            answers(&replies),
            counted([("200 ", 1), ("409 invalid_state", APPROVERS - 1)])
        );
    }
    assert_eq!(w.fund_report("mobility")["allocated"], before);
}

#[test]
fn a_proposal_is_approved_rejected_or_taken_back_and_never_two_of_them() {
    let w = World::new();
    w.with_limit();
    let limit = json!({ "second_approval_above": "1000" });
    w.patch("manager", "/v1/funds/mobility", "\"1\"", &limit)
        .expect(200);
    let mut approved = 0;
    for _ in 0..ROUNDS {
        let body = json!({ "program": "drivers", "amount": "1001", "kind": "allocate" });
        let path = "/v1/funds/mobility/allocations";
        let proposed = w.post("manager", path, &body).expect(202);
        let path = format!("/v1/proposals/{}", proposed.text("/id"));
        let replies = at_once(3, |n| match n {
            0 => w.post("approver", &format!("{path}/approve"), &nothing()),
            1 => w.post("approver2", &format!("{path}/reject"), &because()),
            _ => w.post("manager", &format!("{path}/withdraw"), &because()),
        });
        assert_eq!(
            answers(&replies),
            counted([("200 ", 1), ("409 invalid_state", 2)])
        );
        approved += i64::from(replies[0].status == 200);
    }
    let allocated: i64 = w.fund_report("mobility")["allocated"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(allocated, 60_000_000 + 1_001 * approved);
}
