//! Records above the limit: two different people, neither of whom made them, approve what it says.

use serde_json::json;

use super::{gift, standing, user};
use crate::support::{World, because, merge, nothing, told};

/// What awaits payment of `mobility`.
fn awaiting(w: &World) -> String {
    told(
        &w.fund_report("mobility"),
        "submitted available awaiting_payment",
    )
}

#[test]
fn above_the_limit_two_people_approve_and_money_moves_with_the_second() {
    let w = World::new();
    w.with_limit();
    let id = w.submit("drivers", "a", "100001");
    assert_eq!(standing(&w.disbursement(&id).body), "submitted, 0 of 2: ");
    let before = awaiting(&w);

    let first = w.approve("approver", &id).expect(200);
    assert_eq!(standing(&first.body), "submitted, 1 of 2: approver");
    assert_eq!(first.text("/amounts/approved"), "0");
    assert_eq!(awaiting(&w), before);
    let shown = w.disbursement(&id);
    assert_eq!(shown.body, first.body);
    assert_eq!(shown.text("/approvals/0/effective_on"), "2022-11-03");
    assert_eq!(shown.text("/approvals/0/content").len(), 64);
    assert_eq!(shown.text("/steps/1/verb"), "approve_first");

    let again = w.approve("approver", &id);
    assert_eq!(again.refusal(), "403 | same_approver");
    assert_eq!(w.disbursement(&id).body, first.body);
    let paid_too_early = w.verb("treasurer", &id, "pay", &nothing());
    assert_eq!(paid_too_early.refusal(), "409 | invalid_state");

    let second = w.approve("approver2", &id).expect(200);
    assert_eq!(
        standing(&second.body),
        "approved, 2 of 2: approver approver2"
    );
    assert_eq!(second.text("/amounts/approved"), "100001");
    assert_eq!(
        awaiting(&w),
        "submitted 0, available 59899999, awaiting_payment 100001"
    );
    assert_eq!(standing(&w.disbursement(&id).body), standing(&second.body));
    assert_eq!(w.approve("approver2", &id).refusal(), "409 | invalid_state");
}

#[test]
fn exactly_the_limit_needs_one() {
    let w = World::new();
    w.with_limit();
    let id = w.submit("drivers", "a", "100000");
    let done = w.approve("approver", &id).expect(200);
    assert_eq!(standing(&done.body), "approved, 1 of 1: approver");
}

#[test]
fn whoever_made_the_record_is_neither_the_first_nor_the_second() {
    let w = World::new();
    w.with_limit();
    let jack = w.jack_of_all_trades();
    let body = w.cash_to("drivers", "a", "200000");
    let id = w.post(&jack, "/v1/disbursements", &body).made();
    assert_eq!(w.approve(&jack, &id).refusal(), "403 | own_record");
    w.approve("approver", &id).expect(200);
    assert_eq!(w.approve(&jack, &id).refusal(), "403 | own_record");
    // Who edits it made it as well.
    let id = w.submit("drivers", "b", "200000");
    let edit = json!({ "purpose": "a word more" });
    w.patch(&jack, &format!("/v1/disbursements/{id}"), "\"1\"", &edit)
        .expect(200);
    w.approve("approver", &id).expect(200);
    assert_eq!(w.approve(&jack, &id).refusal(), "403 | own_record");
    let done = w.approve("approver2", &id).expect(200);
    assert_eq!(done.text("/status"), "approved");
}

#[test]
fn a_change_voids_the_first_approval() {
    let w = World::new();
    w.with_limit();
    let id = w.submit("drivers", "a", "200000");
    let path = format!("/v1/disbursements/{id}");
    w.approve("approver", &id).expect(200);
    let content = w.disbursement(&id).text("/approvals/0/content").to_owned();
    let edit = json!({ "amount": "200001" });
    let edited = w.patch("officer", &path, "\"2\"", &edit).expect(200);
    assert_eq!(standing(&edited.body), "submitted, 0 of 2: ");

    // Whoever comes now is the first, also who was before.
    let first = w.approve("approver2", &id).expect(200);
    assert_eq!(standing(&first.body), "submitted, 1 of 2: approver2");
    assert_ne!(first.text("/approvals/0/content"), content);
    assert_eq!(w.approve("approver2", &id).refusal(), "403 | same_approver");
    let second = w.approve("approver", &id).expect(200);
    assert_eq!(
        standing(&second.body),
        "approved, 2 of 2: approver2 approver"
    );
    assert_eq!(second.text("/amounts/approved"), "200001");
    // It is edited only while it is submitted.
    let late = w.patch("officer", &path, "\"5\"", &edit);
    assert_eq!(late.refusal(), "409 | invalid_state");
}

#[test]
fn sending_back_and_handing_in_again_voids_the_first_approval() {
    let w = World::new();
    w.with_limit();
    let id = w.submit("drivers", "a", "200000");
    w.approve("approver", &id).expect(200);
    let rejected = w.verb("approver2", &id, "reject", &because()).expect(200);
    assert_eq!(standing(&rejected.body), "rejected, 0 of 2: ");
    let again = w.verb("officer", &id, "resubmit", &nothing()).expect(200);
    assert_eq!(standing(&again.body), "submitted, 0 of 2: ");
    w.approve("approver2", &id).expect(200);
    assert_eq!(w.disbursement(&id).text("/status"), "submitted");
    let done = w.approve("approver", &id).expect(200);
    assert_eq!(standing(&done.body), "approved, 2 of 2: approver2 approver");
}

#[test]
fn an_edit_below_the_limit_needs_one_and_above_it_two() {
    let w = World::new();
    w.with_limit();
    let id = w.submit("drivers", "a", "100");
    let path = format!("/v1/disbursements/{id}");
    let up = w
        .patch("officer", &path, "\"1\"", &json!({ "amount": "100001" }))
        .expect(200);
    assert_eq!(up.body["approvals_needed"], 2);
    let down = w
        .patch("officer", &path, "\"2\"", &json!({ "amount": "100000" }))
        .expect(200);
    assert_eq!(down.body["approvals_needed"], 1);
    assert_eq!(
        w.approve("approver", &id).expect(200).text("/status"),
        "approved"
    );
}

#[test]
fn what_was_read_is_what_is_approved() {
    let w = World::new();
    w.with_limit();
    let id = w.submit("drivers", "a", "200000");
    let path = format!("/v1/disbursements/{id}");
    let edit = json!({ "purpose": "another" });
    w.patch("officer", &path, "\"1\"", &edit).expect(200);
    let stale = w.approve_as_read("approver", &path, "\"1\"");
    assert_eq!(stale.refusal(), "412 | stale_etag");
    assert_eq!(standing(&w.disbursement(&id).body), "submitted, 0 of 2: ");
    w.approve_as_read("approver", &path, "\"2\"").expect(200);
    // The first approval is a change of its own: the second has to have been read after it.
    let stale = w.approve_as_read("approver2", &path, "\"2\"");
    assert_eq!(stale.refusal(), "412 | stale_etag");
    let done = w.approve_as_read("approver2", &path, "\"3\"").expect(200);
    assert_eq!(done.text("/status"), "approved");
}

#[test]
fn a_program_that_asks_nobody_asks_two_above_its_limit() {
    let w = World::new();
    w.fund("mobility", "100000000");
    let terms = json!({ "approval": "none", "second_approval_above": "100000" });
    w.program_with("drivers", &["mobility"], &terms);
    w.allocate("mobility", "drivers", "60000000");
    let id = w.submit("drivers", "a", "100000");
    assert_eq!(standing(&w.disbursement(&id).body), "approved, 0 of 0: ");
    let id = w.submit("drivers", "b", "100001");
    assert_eq!(standing(&w.disbursement(&id).body), "submitted, 0 of 2: ");
    w.approve("approver", &id).expect(200);
    w.approve("approver2", &id).expect(200);
    assert_eq!(w.disbursement(&id).text("/status"), "approved");
}

#[test]
fn donations_of_a_program_and_direct_giving_need_two_as_well() {
    let w = World::new();
    w.with_limit();
    let limit = json!({ "second_approval_above": "500000" });
    w.patch("manager", "/v1/settings", "\"1\"", &limit)
        .expect(200);
    for (amount, more, needed) in [
        ("100001", json!({ "program": "drivers" }), 2),
        ("100000", json!({ "program": "drivers" }), 1),
        ("500001", json!({}), 2),
        ("500000", json!({}), 1),
    ] {
        let id = gift(&w, amount, &more);
        let path = format!("/v1/donations/{id}");
        let shown = w.get("auditor", &path).expect(200);
        assert_eq!(shown.body["approvals_needed"], needed, "{amount}");
        let approve = format!("{path}/approve");
        let first = w.post("approver", &approve, &nothing()).expect(200);
        if needed == 1 {
            assert_eq!(standing(&first.body), "approved, 1 of 1: approver");
            continue;
        }
        assert_eq!(standing(&first.body), "submitted, 1 of 2: approver");
        let again = w.post("approver", &approve, &nothing());
        assert_eq!(again.refusal(), "403 | same_approver");
        let edit = json!({ "designated": false });
        let edited = w.patch("officer", &path, "\"2\"", &edit).expect(200);
        assert_eq!(standing(&edited.body), "submitted, 0 of 2: ");
        w.post("approver", &approve, &nothing()).expect(200);
        let second = w.post("approver2", &approve, &nothing()).expect(200);
        assert_eq!(
            standing(&second.body),
            "approved, 2 of 2: approver approver2"
        );
        let pay = w.post("treasurer", &format!("{path}/pay"), &nothing());
        assert_eq!(pay.expect(200).text("/status"), "paid");
    }
}

#[test]
fn a_rehearsed_approval_keeps_nothing() {
    let w = World::new();
    w.with_limit();
    let id = w.submit("drivers", "a", "200000");
    let path = format!("/v1/disbursements/{id}/approve?dry_run=true");
    let would_be = w.post("approver", &path, &nothing()).expect(200);
    assert_eq!(standing(&would_be.body), "submitted, 1 of 2: approver");
    assert_eq!(standing(&w.disbursement(&id).body), "submitted, 0 of 2: ");
}

#[test]
fn the_log_tells_who_approved_what_and_what_it_took() {
    let w = World::new();
    w.with_limit();
    let id = w.submit("drivers", "a", "200000");
    w.approve("approver", &id).expect(200);
    w.approve("approver2", &id).expect(200);
    let events = w.events(&format!("disbursement:{id}"));
    let told = |at: usize, names: &str| {
        let (kind, actor, command) = &events[at];
        format!("{kind} by {actor}: {}", told(command, names))
    };
    assert_eq!(
        told(1, "approvals_needed second_approval_above"),
        "disbursement.approved_first by approver: approvals_needed 2, second_approval_above 100000"
    );
    assert_eq!(
        told(
            2,
            "approvals_needed second_approval_above first_approved_by"
        ),
        "disbursement.approved by approver2: approvals_needed 2, second_approval_above 100000, \
         first_approved_by approver"
    );
    assert_eq!(events[1].2["content"], events[2].2["content"]);
    assert_eq!(
        events[1].2["content"],
        w.disbursement(&id).body["approvals"][0]["content"]
    );
}

#[test]
fn a_limit_made_stricter_holds_for_what_waits() {
    let w = World::new();
    w.with_limit();
    let id = w.submit("drivers", "a", "50000");
    let limit = json!({ "second_approval_above": "49999" });
    w.patch("manager", "/v1/programs/drivers", "\"1\"", &limit)
        .expect(200);
    assert_eq!(w.disbursement(&id).body["approvals_needed"], 2);
    let first = w.approve("approver", &id).expect(200);
    assert_eq!(standing(&first.body), "submitted, 1 of 2: approver");
}

#[test]
fn roles_that_are_gone_by_then_approve_nothing_and_their_first_approval_stays() {
    let w = World::new();
    w.with_limit();
    let id = w.submit("drivers", "a", "200000");
    w.approve("approver", &id).expect(200);
    let roles = json!({ "roles": ["viewer"] });
    w.patch("admin", "/v1/users/approver2", "\"1\"", &roles)
        .expect(200);
    let refused = w.approve("approver2", &id);
    assert!(
        [401, 403].contains(&refused.status),
        "{}",
        refused.refusal()
    );
    // Nor does one who was given the role in between, if they made the record.
    let roles = json!({ "roles": ["officer", "approver"] });
    w.patch("admin", "/v1/users/officer", "\"1\"", &roles)
        .expect(200);
    let token = w.token_of(("officer", 2), None, 0);
    let path = format!("/v1/disbursements/{id}/approve");
    let own = w.ask(&token, ("POST", &path), Some(&nothing()));
    assert!(
        ["own_record", "stale_etag"].contains(&own.code()),
        "{}",
        own.refusal()
    );
    let third = user(&w, "third", &["approver"]);
    let done = w.approve(&third, &id).expect(200);
    assert_eq!(done.body["approvals"][0]["by"], "approver");
    assert_eq!(done.text("/status"), "approved");
}

#[test]
fn a_second_session_of_the_recorder_is_the_recorder() {
    let w = World::new();
    w.with_limit();
    let jack = w.jack_of_all_trades();
    let id = w
        .post(
            &jack,
            "/v1/disbursements",
            &w.cash_to("drivers", "a", "200000"),
        )
        .made();
    let login = json!({
        "email": "jack@test.example", "password": "jack of all trades, master of none",
    });
    let headers = [("content-type", "application/json")];
    let body = login.to_string();
    let second = w
        .send("POST", "/v1/auth/login", &headers, body.as_bytes())
        .expect(200);
    let path = format!("/v1/disbursements/{id}/approve");
    let bearer = format!("Bearer {}", second.text("/access_token"));
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("idempotency-key", "another-session"),
    ];
    let own = w.send("POST", &path, &headers, b"{}");
    assert_eq!(own.refusal(), "403 | own_record");
}

#[test]
fn what_a_partners_client_recorded_takes_two_of_the_house_and_never_the_client() {
    let w = World::new();
    let terms = json!({ "approval": "none", "second_approval_above": "100" });
    w.partner_with("bridge", "rides", &terms);
    let client = w.client(
        "bridge",
        &["rides"],
        &["submit", "record_directly", "read_programs"],
    );
    let token = client.signed_in(&w);
    let body = w.cash_to("rides", "a", "101");
    let made = w.ask(&token, ("POST", "/v1/disbursements"), Some(&body));
    let id = made.made();
    let path = format!("/v1/disbursements/{id}");
    let approve = w.ask(
        &token,
        ("POST", &format!("{path}/approve")),
        Some(&nothing()),
    );
    assert_eq!(approve.refusal(), "403 | missing_right");
    w.approve("approver", &id).expect(200);
    let shown = w.ask(&token, ("GET", &path), None).expect(200);
    assert_eq!(standing(&shown.body), "submitted, 1 of 2: approver");
    let done = w.approve("approver2", &id).expect(200);
    assert_eq!(done.text("/recorded_by"), client.id);
    let mut directly = w.cash_to("rides", "b", "100");
    merge(&mut directly, &json!({ "external_id": "x" }));
    let made = w.ask(&token, ("POST", "/v1/disbursements"), Some(&directly));
    assert_eq!(made.text("/status"), "approved");
}
