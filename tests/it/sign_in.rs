//! Signing in: who somebody is, for how long, and what a role may do.

use serde_json::{Value, json};

use crate::support::{PASSWORD, Reply, World};

fn login(w: &World, email: &str, password: &str) -> Reply {
    let body = json!({ "email": email, "password": password }).to_string();
    w.send(
        "POST",
        "/v1/auth/login",
        &[("content-type", "application/json")],
        body.as_bytes(),
    )
}

fn refresh(w: &World, token: &str) -> Reply {
    let body = json!({ "refresh_token": token }).to_string();
    w.send(
        "POST",
        "/v1/auth/refresh",
        &[("content-type", "application/json")],
        body.as_bytes(),
    )
}

fn with_token(w: &World, method: &str, path: &str, token: &str, body: &Value) -> Reply {
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("authorization", bearer.as_str())];
    if !body.is_null() {
        headers.push(("content-type", "application/json"));
    }
    let bytes = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    w.send(method, path, &headers, bytes.as_bytes())
}

fn me(w: &World, token: &str) -> Reply {
    with_token(w, "GET", "/v1/me", token, &Value::Null)
}

#[test]
fn a_session_lasts_a_quarter_of_an_hour_and_is_renewed() {
    let w = World::new();
    let session = login(&w, "officer@test.example", PASSWORD).expect(200);
    assert_eq!(
        (session.text("/token_type"), &session.body["expires_in"]),
        ("Bearer", &json!(900))
    );
    assert_eq!(
        me(&w, session.text("/access_token")).expect(200).body["roles"],
        json!(["officer"])
    );
    w.set_day("2022-11-04");
    assert_eq!(
        me(&w, session.text("/access_token")).refusal(),
        "401 | not_signed_in"
    );
    let renewed = refresh(&w, session.text("/refresh_token")).expect(200);
    me(&w, renewed.text("/access_token")).expect(200);
}

#[test]
fn a_refresh_token_that_comes_twice_ends_every_session() {
    let w = World::new();
    let session = login(&w, "officer@test.example", PASSWORD).expect(200);
    let renewed = refresh(&w, session.text("/refresh_token")).expect(200);
    assert_eq!(refresh(&w, session.text("/refresh_token")).status, 401);
    assert_eq!(
        me(&w, renewed.text("/access_token")).refusal(),
        "401 | not_signed_in"
    );
    assert_eq!(refresh(&w, renewed.text("/refresh_token")).status, 401);
}

#[test]
fn a_wrong_password_and_an_unknown_user_are_answered_alike() {
    let w = World::new();
    let wrong = login(&w, "officer@test.example", "not the password").expect(401);
    let unknown = login(&w, "nobody@test.example", PASSWORD).expect(401);
    assert_eq!(wrong.bytes, unknown.bytes);
}

#[test]
fn signing_out_ends_the_session_at_once() {
    let w = World::new();
    let session = login(&w, "officer@test.example", PASSWORD).expect(200);
    let token = session.text("/access_token");
    with_token(&w, "POST", "/v1/auth/logout", token, &Value::Null).expect(204);
    assert_eq!(me(&w, token).refusal(), "401 | not_signed_in");
    assert_eq!(refresh(&w, session.text("/refresh_token")).status, 401);
}

#[test]
fn another_password_ends_every_session_and_the_old_one_is_good_no_longer() {
    let w = World::new();
    let session = login(&w, "officer@test.example", PASSWORD).expect(200);
    let token = session.text("/access_token");
    let change = |current: &str, new: &str| {
        let body = json!({ "current_password": current, "new_password": new });
        with_token(&w, "POST", "/v1/me/password", token, &body)
    };
    assert_eq!(
        change("wrong", "three blue mandarins").refusal(),
        "403 | wrong_password"
    );
    assert_eq!(change(PASSWORD, "short").status, 422);
    change(PASSWORD, "three blue mandarins").expect(204);
    assert_eq!(me(&w, token).status, 401);
    login(&w, "officer@test.example", PASSWORD).expect(401);
    login(&w, "officer@test.example", "three blue mandarins").expect(200);
}

#[test]
fn a_user_who_is_disabled_is_out_at_once() {
    let w = World::new();
    let session = login(&w, "officer@test.example", PASSWORD).expect(200);
    let etag = w
        .get("admin", "/v1/users/officer")
        .expect(200)
        .header("etag")
        .unwrap()
        .to_owned();
    w.patch(
        "admin",
        "/v1/users/officer",
        &etag,
        &json!({ "status": "disabled" }),
    )
    .expect(200);
    assert_eq!(
        me(&w, session.text("/access_token")).refusal(),
        "401 | not_signed_in"
    );
    login(&w, "officer@test.example", PASSWORD).expect(401);
}

#[test]
fn tokens_that_were_not_made_here_are_refused_with_one_body() {
    let w = World::new();
    let good = w.token("officer");
    let parts: Vec<&str> = good.split('.').collect();
    let none = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0Iiwia2lkIjoieCJ9";
    let tampered = format!("{}.{}A.{}", parts[0], parts[1], parts[2]);
    let forged = [
        String::new(),
        "x".to_owned(),
        format!("{none}.{}.", parts[1]),
        tampered,
        format!("{}.{}.", parts[0], parts[1]),
        format!("{good}="),
        format!("{good}.{good}"),
        "a".repeat(5_000),
    ];
    let first = me(&w, "nothing").expect(401);
    for token in &forged {
        let reply = me(&w, token).expect(401);
        assert_eq!(reply.bytes, first.bytes, "{token}");
        assert!(reply.header("www-authenticate").is_some());
    }
    me(&w, &good).expect(200);
}

#[test]
fn each_role_may_what_its_row_says_and_no_more() {
    let w = World::new();
    w.with_budget();
    let id = w.submit("drivers", "w-1", "1000");
    let approve = format!("/v1/disbursements/{id}/approve");
    let body = w.cash_to("drivers", "w-2", "1000");
    for (user, path, body) in [
        ("viewer", "/v1/disbursements", &body),
        ("manager", "/v1/disbursements", &body),
        ("auditor", "/v1/disbursements", &body),
        ("officer", approve.as_str(), &json!({})),
        ("treasurer", approve.as_str(), &json!({})),
        ("officer", "/v1/funds", &json!({})),
        ("manager", "/v1/users", &json!({})),
    ] {
        assert_eq!(
            w.post(user, path, body).refusal(),
            "403 | missing_right",
            "{user} {path}"
        );
    }
    for (user, path) in [
        ("communicator", "/v1/disbursements"),
        ("manager", "/v1/users"),
    ] {
        assert_eq!(
            w.get(user, path).refusal(),
            "403 | missing_right",
            "{user} {path}"
        );
    }
    for user in [
        "admin",
        "manager",
        "officer",
        "approver",
        "treasurer",
        "auditor",
        "viewer",
    ] {
        w.get(user, "/v1/reports/overview").expect(200);
    }
}
