//! What several roles may do, and what is left of a role that was taken away.

use serde_json::json;

use super::post_as;
use crate::support::World;

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
    assert_eq!(
        w.verb(&jack, &other, "pay", &json!({})).refusal(),
        "403 | own_approval"
    );
    let third = w.submit("drivers", "DRV-3", "1000");
    w.verb("approver", &third, "approve", &json!({}))
        .expect(200);
    w.verb(&jack, &third, "pay", &json!({})).expect(200);
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
