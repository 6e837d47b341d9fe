//! Limits: whose holds, and that nobody makes one looser alone.

use serde_json::{Value, json};

use super::user;
use crate::support::{Reply, World, because, merge, nothing};

fn set(w: &World, path: &str, limit: Value) -> Reply {
    let read = w.get("manager", path).expect(200);
    let etag = read.header("etag").unwrap().to_owned();
    let body = json!({ "second_approval_above": limit });
    w.patch("manager", path, &etag, &body)
}

fn limit(w: &World, path: &str) -> Value {
    w.get("auditor", path).expect(200).body["second_approval_above"].clone()
}

/// Proposes a limit, and tells where the proposal is.
fn propose(w: &World, of: &Value, to: Value) -> String {
    let mut body = json!({ "second_approval_above": to, "reason": "larger rounds" });
    merge(&mut body, of);
    let proposed = w.post("manager", "/v1/proposals", &body).expect(202);
    format!("/v1/proposals/{}", proposed.text("/id"))
}

#[test]
fn stricter_alone_and_looser_only_by_two() {
    let w = World::new();
    w.fund("mobility", "1000000");
    w.program("drivers", &["mobility"]);
    for (path, of) in [
        ("/v1/settings", json!({})),
        ("/v1/funds/mobility", json!({ "fund": "mobility" })),
        ("/v1/programs/drivers", json!({ "program": "drivers" })),
    ] {
        assert_eq!(limit(&w, path), Value::Null, "{path}");
        set(&w, path, json!("500")).expect(200);
        set(&w, path, json!("400")).expect(200);
        set(&w, path, json!("400")).expect(200);
        for looser in [json!("401"), Value::Null] {
            let alone = set(&w, path, looser);
            if path != "/v1/settings" && alone.status == 200 {
                panic!("{path} was made looser by one person");
            }
            assert_eq!(alone.refusal(), "403 | second_person_needed", "{path}");
        }
        assert_eq!(limit(&w, path), "400");
        let proposal = propose(&w, &of, json!("900"));
        assert_eq!(limit(&w, path), "400");
        w.post("approver", &format!("{proposal}/approve"), &nothing())
            .expect(200);
        assert_eq!(limit(&w, path), "900", "{path}");
        let proposal = propose(&w, &of, Value::Null);
        w.post("approver", &format!("{proposal}/reject"), &because())
            .expect(200);
        assert_eq!(limit(&w, path), "900", "{path}");
    }
}

#[test]
fn whoever_has_both_roles_makes_no_limit_looser_alone() {
    let w = World::new();
    w.program_with("drivers", &[], &json!({ "second_approval_above": "100" }));
    let both = user(&w, "both", &["manager", "approver", "admin"]);
    let looser = json!({ "second_approval_above": "101" });
    let alone = w.patch(&both, "/v1/programs/drivers", "\"1\"", &looser);
    assert_eq!(alone.refusal(), "403 | second_person_needed");
    let body = json!({ "program": "drivers", "reason": "no limit" });
    let proposed = w.post(&both, "/v1/proposals", &body).expect(202);
    let path = format!("/v1/proposals/{}/approve", proposed.text("/id"));
    assert_eq!(
        w.post(&both, &path, &nothing()).refusal(),
        "403 | own_record"
    );
    assert_eq!(limit(&w, "/v1/programs/drivers"), "100");
}

#[test]
fn the_houses_limit_holds_where_nothing_else_is_said_and_a_new_one_is_not_looser() {
    let w = World::new();
    w.program("before", &[]);
    set(&w, "/v1/settings", json!("100")).expect(200);
    let needed = |program: &str, amount: &str| {
        let id = w.submit(program, "a", amount);
        w.disbursement(&id).body["approvals_needed"].to_string()
    };
    assert_eq!(needed("before", "101"), "2");
    assert_eq!(needed("before", "100"), "1");
    w.program_with("own", &[], &json!({ "second_approval_above": "10" }));
    assert_eq!(needed("own", "11"), "2");
    let mut looser = json!({
        "code": "looser", "name": { "ko": "사업", "en": "Program" }, "kind": "other",
        "second_approval_above": "101",
    });
    let refused = w.post("manager", "/v1/programs", &looser);
    assert_eq!(refused.refusal(), "403 | second_person_needed");
    looser["second_approval_above"] = json!("100");
    w.post("manager", "/v1/programs", &looser).expect(201);
    // A limit of one's own that is taken away gives way to the house's.
    let refused = set(&w, "/v1/programs/own", Value::Null);
    assert_eq!(refused.refusal(), "403 | second_person_needed");
}

#[test]
fn a_child_fund_goes_by_its_parent_and_is_no_way_around_it() {
    let w = World::new();
    w.fund_with(
        "mobility",
        "1000000",
        &json!({ "second_approval_above": "1000" }),
    );
    let large = w.child_fund("large", "mobility", "1001");
    assert_eq!(large.refusal(), "409 | opened_above_limit");
    w.child_fund("small", "mobility", "1000").expect(201);
    let raise = json!({ "change": "raise", "amount": "1001", "reason": "more" });
    w.post("manager", "/v1/funds/small/commitments", &raise)
        .expect(202);
    let looser = set(&w, "/v1/funds/small", json!("1001"));
    assert_eq!(looser.refusal(), "403 | second_person_needed");
    set(&w, "/v1/funds/small", json!("10")).expect(200);
    let raise = json!({ "change": "raise", "amount": "11", "reason": "more" });
    w.post("manager", "/v1/funds/small/commitments", &raise)
        .expect(202);
    // Nor is a root fund of one's own a way around the house's.
    set(&w, "/v1/settings", json!("5000")).expect(200);
    let mut root = json!({
        "code": "root", "name": { "ko": "기금", "en": "Fund" }, "kind": "internal",
        "commitment": "5001", "period": { "start": "2022-04-01", "end": "2027-03-31" },
    });
    let opened = w.post("manager", "/v1/funds", &root);
    assert_eq!(opened.refusal(), "409 | opened_above_limit");
    root["commitment"] = json!("5000");
    root["second_approval_above"] = json!("5001");
    let looser = w.post("manager", "/v1/funds", &root);
    assert_eq!(looser.refusal(), "403 | second_person_needed");
}

#[test]
fn what_is_wrong_about_a_limit_is_told() {
    let w = World::new();
    w.fund("mobility", "1000000");
    w.program("drivers", &["mobility"]);
    for (body, faults) in [
        (
            json!({ "fund": "mobility", "program": "drivers", "reason": "x" }),
            " fund_or_program",
        ),
        (
            json!({ "fund": "nobody", "reason": "x" }),
            "/fund unknown_fund",
        ),
        (
            json!({ "program": "nobody", "reason": "x" }),
            "/program unknown_program",
        ),
        (json!({ "fund": "mobility" }), "/reason missing"),
        (
            json!({ "second_approval_above": "0", "reason": "x" }),
            "/second_approval_above zero",
        ),
    ] {
        let refused = w.post("manager", "/v1/proposals", &body);
        let told = format!("422 | invalid_fields | {faults}");
        assert_eq!(refused.refusal(), told, "{body}");
    }
    let stale = json!({ "second_approval_above": "5" });
    let refused = w.patch("manager", "/v1/settings", "\"7\"", &stale);
    assert_eq!(refused.refusal(), "412 | stale_etag");
    for user in ["officer", "approver", "admin"] {
        let refused = w.patch(user, "/v1/settings", "\"1\"", &stale);
        assert_eq!(refused.refusal(), "403 | missing_right", "{user}");
    }
}
