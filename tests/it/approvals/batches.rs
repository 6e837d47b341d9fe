//! Batches: rows, won and people have to agree before anything is approved.

use serde_json::{Value, json};

use super::standing;
use crate::support::{World, nothing, told};

const ACTIONS: &str = "/v1/disbursements/batch-actions";

fn approve(count: i64, amount: &str, people: i64) -> Value {
    json!({
        "action": "approve",
        "filter": { "program": "drivers" },
        "declared": { "count": count, "amount": amount, "people": people },
    })
}

fn submitted(w: &World) -> usize {
    let path = "/v1/disbursements?status=submitted&limit=1000";
    let page = w.get("auditor", path).expect(200);
    page.body["data"].as_array().unwrap().len()
}

#[test]
fn rows_won_and_people_have_to_agree_before_anything_is_approved() {
    let w = World::new();
    w.with_budget();
    // Two payments to one worker, one to another, and a group of ten: twelve people.
    for (to, won) in [("a", "10"), ("a", "20"), ("b", "30")] {
        w.submit("drivers", to, won);
    }
    w.recorded(&json!({ "beneficiary": { "kind": "group", "count": 10 }, "amount": "40" }));
    for (wrong, refusal) in [
        (approve(4, "100", 11), "409 | declared_people_differ"),
        (approve(4, "100", 13), "409 | declared_people_differ"),
        (approve(3, "100", 12), "409 | declared_differs"),
        (approve(4, "101", 12), "409 | declared_differs"),
    ] {
        assert_eq!(w.post("approver", ACTIONS, &wrong).refusal(), refusal);
        assert_eq!(submitted(&w), 4);
    }
    let wrong = w.post("approver", ACTIONS, &approve(4, "100", 11));
    assert_eq!(
        told(&wrong.body["facts"], "declared_people people"),
        "declared_people 11, people 12"
    );
    let done = w.post("approver", ACTIONS, &approve(4, "100", 12));
    assert_eq!(done.expect(200).body["done"], 4);
}

#[test]
fn people_who_were_merged_are_one() {
    let w = World::new();
    w.with_budget();
    let ids = ["a", "b"].map(|to| {
        let id = w.submit("drivers", to, "10");
        w.disbursement(&id).text("/beneficiary/id").to_owned()
    });
    let merge = format!("/v1/beneficiaries/{}/merge", ids[0]);
    let into = json!({ "into": ids[1], "reason": "the same driver" });
    w.post("officer", &merge, &into).expect(200);
    w.post("approver", &format!("{merge}/approve"), &nothing())
        .expect(200);
    let two = w.post("approver", ACTIONS, &approve(2, "20", 2));
    assert_eq!(two.refusal(), "409 | declared_people_differ");
    w.post("approver", ACTIONS, &approve(2, "20", 1))
        .expect(200);
}

#[test]
fn a_batch_is_the_first_approval_and_another_ones_batch_the_second() {
    let w = World::new();
    w.with_limit();
    let ids = ["a", "b"].map(|to| w.submit("drivers", to, "200000"));
    let set = approve(2, "400000", 2);
    let first = w.post("approver", ACTIONS, &set).expect(200);
    assert_eq!(first.text("/outcomes/0/record/status"), "submitted");
    assert_eq!(
        w.post("approver", ACTIONS, &set).refusal(),
        "409 | batch_refused | /items/0 same_approver | /items/1 same_approver"
    );
    let second = w.post("approver2", ACTIONS, &set).expect(200);
    assert_eq!(second.text("/outcomes/1/record/status"), "approved");
    for id in ids {
        let shown = w.disbursement(&id);
        assert_eq!(
            standing(&shown.body),
            "approved, 2 of 2: approver approver2"
        );
    }
}

#[test]
fn items_named_with_a_version_that_is_not_so_any_more_approve_nothing() {
    let w = World::new();
    w.with_limit();
    let ids = ["a", "b"].map(|to| w.submit("drivers", to, "200"));
    let edit = json!({ "purpose": "another" });
    w.patch(
        "officer",
        &format!("/v1/disbursements/{}", ids[1]),
        "\"1\"",
        &edit,
    )
    .expect(200);
    let items = ids.each_ref().map(|id| json!({ "id": id, "version": 1 }));
    let body = json!({ "action": "approve", "items": items,
        "declared": { "count": 2, "amount": "400", "people": 2 } });
    assert_eq!(
        w.post("approver", ACTIONS, &body).refusal(),
        "409 | batch_refused | /items/1 stale_etag"
    );
    assert_eq!(submitted(&w), 2);
}
