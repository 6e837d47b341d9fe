//! What a role may do: every operation, asked for by every role.

use serde_json::json;

use super::{NOT_SIGNED_IN, post_as};
use crate::conventions::answers::{filled, operations};
use crate::support::World;

/// The rights of each role, as the table of the contract has them.
const ROLES: [(&str, &str); 8] = [
    ("admin", "users records reports own"),
    ("manager", "books pledges records reports own"),
    ("officer", "record records reports own"),
    ("approver", "approve approve_or_pay records reports own"),
    ("treasurer", "pay approve_or_pay records reports own"),
    ("communicator", "claims pledges reports own"),
    ("auditor", "records reports own"),
    ("viewer", "records reports own"),
];

/// The right that an operation needs.
fn right(method: &str, path: &str) -> &'static str {
    let noun = path.split('/').nth(2).unwrap_or_default();
    match (method, noun, path.rsplit('/').next().unwrap_or_default()) {
        (_, "me" | "auth", _) | ("get", "imports", "{kind}.xlsx" | "faults.xlsx") => "own",
        (_, "exports", _) => "own",
        (_, "users", _) => "users",
        (_, "reports", _) | ("get", "claims" | "pledges", _) => "reports",
        ("get", ..) => "records",
        (_, "claims", _) => "claims",
        (_, "pledges", _) => "pledges",
        (_, "funds" | "programs" | "organisations" | "indicators", _) => "books",
        (_, "sales", _) => "record",
        (_, "donations", "cancel") if path.contains("/uses/") => "record",
        (_, _, "batch-actions") => "approve_or_pay",
        (_, _, "approve" | "reject" | "cancel" | "unmerge") => "approve",
        (_, _, "pay" | "return" | "refund") => "pay",
        _ => "record",
    }
}

#[test]
fn every_role_may_what_its_row_says_and_nothing_else() {
    let w = World::new();
    w.with_budget();
    let watch = w.watch();
    let guarded = operations()
        .into_iter()
        .filter(|(_, path)| path.starts_with("/v1/") && !path.starts_with("/v1/auth"));
    let mut asked = 0;
    for (method, pattern) in guarded {
        let path = filled(&pattern);
        let on = (method.to_uppercase(), path.as_str());
        let on = (on.0.as_str(), on.1);
        let headers = [("idempotency-key", "k"), ("if-match", "\"1\"")];
        // What is let in is refused for its empty body, or finds nothing; so nothing is written.
        let body = (method != "get").then(|| json!({ "nothing": "of the sort" }));
        // Who may import depends on what: see `imports`.
        if method != "get" && pattern.starts_with("/v1/imports") {
            continue;
        }
        for (role, rights) in ROLES {
            let reply = w.call(role, on, &headers, body.as_ref());
            let needed = right(&method, &pattern);
            let may = rights.split(' ').any(|right| right == needed);
            let let_in = reply.code() != "missing_right";
            assert_eq!(let_in, may, "{role} {method} {path}: {}", reply.refusal());
            assert_eq!(reply.status == 403, !may, "{role} {method} {path}");
            if !may {
                let stands_for = if needed == "record" { "record" } else { needed };
                assert!(
                    reply.text("/facts/right").contains(stands_for),
                    "{}",
                    reply.body
                );
            }
            asked += 1;
        }
        let nobody = w.send(on.0, on.1, &[("content-type", "application/json")], b"{}");
        assert_eq!(nobody.refusal(), NOT_SIGNED_IN, "{method} {path}");
    }
    assert!(asked > 400, "{asked}");
    assert!(watch.saw_nothing());
}

#[test]
fn what_needs_no_sign_in_is_a_short_list() {
    let w = World::new();
    let open = operations().into_iter().filter(|(method, path)| {
        let json = [("content-type", "application/json")];
        let reply = w.send(&method.to_uppercase(), &filled(path), &json, b"{}");
        reply.code() != "not_signed_in"
    });
    let open: Vec<String> = open
        .map(|(method, path)| format!("{method} {path}"))
        .collect();
    let known = [
        "get /livez",
        "get /readyz",
        "get /openapi.json",
        "get /docs",
        "get /docs/{file}",
        "get /problems/{code}",
        "post /v1/auth/login",
        "post /v1/auth/refresh",
    ];
    assert_eq!(open, known);
}

#[test]
fn several_roles_add_up_but_never_to_the_own_record() {
    let w = World::new();
    w.with_budget();
    let jack = w.jack_of_all_trades();
    let body = w.cash_to("drivers", "DRV-1", "1000");
    let own = w.post(&jack, "/v1/disbursements", &body).made();
    assert_eq!(
        w.verb(&jack, &own, "approve", &json!({})).refusal(),
        "403 | own_record"
    );
    let other = w.submit("drivers", "DRV-2", "1000");
    w.verb(&jack, &other, "approve", &json!({})).expect(200);
    w.verb(&jack, &other, "pay", &json!({})).expect(200);
    assert_eq!(w.get(&jack, "/v1/users").refusal(), "403 | missing_right");
}

#[test]
fn a_right_that_is_lost_is_lost_for_a_repeated_key_too() {
    let w = World::new();
    w.with_budget();
    let body = w.cash_to("drivers", "DRV-1", "1000");
    w.post_with_key("officer", "/v1/disbursements", "k", &body)
        .expect(201);
    let change = json!({ "roles": ["viewer"] });
    w.patch("admin", "/v1/users/officer", "\"1\"", &change)
        .expect(200);
    let login = json!({ "email": "officer@test.example", "password": crate::support::PASSWORD });
    let headers = [("content-type", "application/json")];
    let session = w.send(
        "POST",
        "/v1/auth/login",
        &headers,
        login.to_string().as_bytes(),
    );
    let token = session.expect(200).text("/access_token").to_owned();
    let bearer = format!("Bearer {token}");
    let headers = [
        headers[0],
        ("authorization", &bearer),
        ("idempotency-key", "k"),
    ];
    let again = w.send(
        "POST",
        "/v1/disbursements",
        &headers,
        body.to_string().as_bytes(),
    );
    assert_eq!(again.refusal(), "403 | missing_right");
    assert_eq!(
        post_as(&w, &token, "/v1/sales", &json!({})).refusal(),
        "403 | missing_right"
    );
}
