//! The audit tells of approvals that do not hold, also where the database was changed past the program.

use serde_json::json;

use crate::support::{World, nothing};

/// What an audit finds after `sql`, by code; then puts back what `back` puts back.
fn found(w: &World, sql: &str, back: &str) -> Vec<&'static str> {
    w.behind(sql);
    let report = w.audit();
    w.behind(back);
    let mut codes: Vec<&str> = report.differences.iter().map(|one| one.what).collect();
    codes.dedup();
    assert!(w.audit().is_clean(), "{}", w.audit());
    codes
}

#[test]
fn a_record_above_the_limit_without_two_approvers_is_told() {
    let w = World::new();
    w.with_limit();
    let id = w.submit("drivers", "a", "200000");
    w.approve("approver", &id).expect(200);
    w.approve("approver2", &id).expect(200);
    assert!(w.audit().is_clean());
    w.behind(&w.unguarded("steps", "update"));
    let step = |actor: &str, n: i32| {
        format!("UPDATE steps SET actor = '{actor}' WHERE record = '{id}' AND step = {n}")
    };
    // Somebody makes it look as if one had approved twice, or had made it.
    for (n, was, is) in [(2, "approver", "approver2"), (3, "approver2", "approver")] {
        let codes = found(&w, &step(is, n), &step(was, n));
        assert!(codes.contains(&"approval"), "{codes:?}");
        assert!(codes.contains(&"step"), "{codes:?}");
    }
    let codes = found(&w, &step("officer", 2), &step("approver", 2));
    assert!(codes.contains(&"approval"), "{codes:?}");
    // Or as if something else had been approved first.
    let content =
        |to: &str| format!("UPDATE steps SET content = {to} WHERE record = '{id}' AND step = 2");
    let was = w.disbursement(&id).text("/approvals/0/content").to_owned();
    let codes = found(&w, &content("'another'"), &content(&format!("'{was}'")));
    assert_eq!(codes, ["approval"]);
    let verb =
        |to: &str| format!("UPDATE steps SET verb = '{to}' WHERE record = '{id}' AND step = 2");
    let codes = found(&w, &verb("amend"), &verb("approve_first"));
    assert!(codes.contains(&"approval"), "{codes:?}");
}

#[test]
fn a_proposal_that_is_not_what_the_log_says_is_told() {
    let w = World::new();
    w.with_limit();
    let limit = json!({ "second_approval_above": "1000" });
    w.patch("manager", "/v1/funds/mobility", "\"1\"", &limit)
        .expect(200);
    let body = json!({ "program": "drivers", "amount": "1001", "kind": "allocate" });
    let path = "/v1/funds/mobility/allocations";
    let ids = [(), ()].map(|()| {
        let proposed = w.post("manager", path, &body).expect(202);
        proposed.text("/id").to_owned()
    });
    let approve = format!("/v1/proposals/{}/approve", ids[0]);
    w.post("approver", &approve, &nothing()).expect(200);
    assert!(w.audit().is_clean());
    let set = |id: &str, what: &str| format!("UPDATE proposals SET {what} WHERE id = '{id}'");
    for (sql, back) in [
        ("decided_by = 'approver2'", "decided_by = 'approver'"),
        ("proposed_by = 'officer'", "proposed_by = 'manager'"),
        ("status = 'rejected'", "status = 'approved'"),
    ] {
        let codes = found(&w, &set(&ids[0], sql), &set(&ids[0], back));
        assert_eq!(codes, ["proposal"], "{sql}");
    }
    // The database itself refuses one person for both.
    let mut conn = sangsaeng::db::Conn::open(&w.owner(), sangsaeng::db::Use::Write).unwrap();
    let alone = set(&ids[0], "decided_by = 'manager'");
    use diesel::connection::SimpleConnection;
    assert!(conn.batch_execute(&alone).is_err());
}
