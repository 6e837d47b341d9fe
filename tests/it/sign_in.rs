//! Signing in: who somebody is, for how long, and what a role may do.

mod canaries;
mod forged;
mod hidden;
mod issuer;
#[cfg(feature = "https")]
mod issuer_https;
mod matrix;
mod revoked;
mod roles;
mod rotation;
mod throttle;

use chrono::TimeDelta;
use sangsaeng::clock::Clock;
use serde_json::{Value, json};

use crate::support::{PASSWORD, Reply, World};

const JSON: (&str, &str) = ("content-type", "application/json");
const OFFICER: &str = "officer@test.example";
const OTHER_PASSWORD: &str = "three blue mandarins";

fn login(w: &World, email: &str, password: &str) -> Reply {
    let body = json!({ "email": email, "password": password }).to_string();
    w.send("POST", "/v1/auth/login", &[JSON], body.as_bytes())
}

fn refresh(w: &World, token: &str) -> Reply {
    let body = json!({ "refresh_token": token }).to_string();
    w.send("POST", "/v1/auth/refresh", &[JSON], body.as_bytes())
}

/// Asks with this header of authorization.
fn authorized(w: &World, header: &str) -> Reply {
    w.send("GET", "/v1/me", &[("authorization", header)], b"")
}

fn me(w: &World, token: &str) -> Reply {
    authorized(w, &format!("Bearer {token}"))
}

fn post_as(w: &World, token: &str, path: &str, body: &Value) -> Reply {
    let bearer = format!("Bearer {token}");
    w.send(
        "POST",
        path,
        &[("authorization", &bearer), JSON],
        body.to_string().as_bytes(),
    )
}

fn change_password(w: &World, token: &str, current: &str, new: &str) -> Reply {
    let body = json!({ "current_password": current, "new_password": new });
    post_as(w, token, "/v1/me/password", &body)
}

/// The two tokens of a new session.
fn session(w: &World, email: &str) -> (String, String) {
    let session = login(w, email, PASSWORD).expect(200);
    (
        session.text("/access_token").to_owned(),
        session.text("/refresh_token").to_owned(),
    )
}

fn pass(w: &World, time: TimeDelta) {
    w.clock.set(w.clock.now() + time);
}

const NOT_SIGNED_IN: &str = "401 | not_signed_in";
const REFUSED: &str = "401 | sign_in_refused";

#[test]
fn a_session_tells_who_somebody_is() {
    let w = World::new();
    let session = login(&w, "Officer@TEST.example", PASSWORD).as_told("POST", "/v1/auth/login");
    let body = &session.expect(200).body;
    assert_eq!(
        (&body["token_type"], &body["expires_in"]),
        (&json!("Bearer"), &json!(900))
    );
    let token = body["access_token"].as_str().unwrap();
    let shown = me(&w, token).expect(200).as_told("GET", "/v1/me");
    assert_eq!(shown.text("/id"), "officer");
    assert_eq!(shown.body["roles"], json!(["officer"]));
    authorized(&w, &format!("bearer {token}")).expect(200);
}

#[test]
fn an_access_token_lasts_a_quarter_of_an_hour() {
    let w = World::new();
    let (token, _) = session(&w, OFFICER);
    pass(&w, TimeDelta::seconds(899));
    me(&w, &token).expect(200);
    // Clocks of two servers may lie five seconds apart.
    pass(&w, TimeDelta::seconds(6));
    assert_eq!(me(&w, &token).refusal(), NOT_SIGNED_IN);
    pass(&w, TimeDelta::days(-1));
    assert_eq!(
        me(&w, &token).refusal(),
        NOT_SIGNED_IN,
        "it is not valid yet"
    );
}

#[test]
fn a_refresh_token_buys_the_next_two_once_within_a_fortnight() {
    let w = World::new();
    let (_, token) = session(&w, OFFICER);
    pass(&w, TimeDelta::days(14) - TimeDelta::seconds(1));
    let renewed = refresh(&w, &token)
        .expect(200)
        .as_told("POST", "/v1/auth/refresh");
    me(&w, renewed.text("/access_token")).expect(200);
    let next = renewed.text("/refresh_token");
    assert_ne!(next, token);
    pass(&w, TimeDelta::days(14));
    assert_eq!(refresh(&w, next).refusal(), REFUSED);
}

#[test]
fn a_refresh_token_that_comes_twice_ends_every_session() {
    let w = World::new();
    let (elsewhere, elsewhere_too) = session(&w, OFFICER);
    let (others, _) = session(&w, "officer2@test.example");
    let (_, stolen) = session(&w, OFFICER);
    let renewed = refresh(&w, &stolen).expect(200);
    assert_eq!(refresh(&w, &stolen).refusal(), REFUSED);
    for token in [renewed.text("/access_token"), &elsewhere] {
        assert_eq!(me(&w, token).refusal(), NOT_SIGNED_IN);
    }
    for token in [renewed.text("/refresh_token"), &elsewhere_too, &stolen] {
        assert_eq!(refresh(&w, token).refusal(), REFUSED);
    }
    me(&w, &others).expect(200);
    // Signing in anew is not hindered by tokens of the past.
    let (fresh, _) = session(&w, OFFICER);
    assert_eq!(refresh(&w, &stolen).refusal(), REFUSED);
    me(&w, &fresh).expect(200);
}

#[test]
fn whatever_is_wrong_with_a_sign_in_the_answer_is_the_same() {
    let w = World::new();
    let disable = json!({ "status": "disabled" });
    w.patch("admin", "/v1/users/officer2", "\"1\"", &disable)
        .expect(200);
    let first = login(&w, OFFICER, "not the password");
    assert_eq!(first.refusal(), REFUSED);
    for (email, password) in [
        ("nobody@test.example", PASSWORD),
        ("officer2@test.example", PASSWORD),
        ("officer2@test.example", "not the password"),
        ("no address at all", PASSWORD),
        (OFFICER, "Correct horse battery staple"),
        (OFFICER, "correct horse battery staple "),
    ] {
        // Not so often that the next try has to wait: see `throttle`.
        pass(&w, TimeDelta::hours(1));
        let reply = login(&w, email, password).as_told("POST", "/v1/auth/login");
        assert_eq!(
            (reply.status, &reply.bytes),
            (401, &first.bytes),
            "{email} {password}"
        );
        assert_eq!(reply.headers.len(), first.headers.len());
    }
}

#[test]
fn signing_out_ends_every_session_at_once() {
    let w = World::new();
    let (token, renewal) = session(&w, OFFICER);
    let (elsewhere, _) = session(&w, OFFICER);
    me(&w, &token).expect(200);
    let out = post_as(&w, &token, "/v1/auth/logout", &json!({}));
    assert_eq!(
        (out.expect(204).bytes.len(), me(&w, &token).refusal()),
        (0, NOT_SIGNED_IN.into())
    );
    assert_eq!(me(&w, &elsewhere).refusal(), NOT_SIGNED_IN);
    assert_eq!(refresh(&w, &renewal).refusal(), REFUSED);
    let again = post_as(&w, &token, "/v1/auth/logout", &json!({}));
    assert_eq!(again.refusal(), NOT_SIGNED_IN);
    session(&w, OFFICER);
}

#[test]
fn another_password_ends_every_session_and_the_old_one_is_good_no_longer() {
    let w = World::new();
    let (token, renewal) = session(&w, OFFICER);
    let (elsewhere, _) = session(&w, OFFICER);
    let refused = change_password(&w, &token, "wrong", OTHER_PASSWORD);
    assert_eq!(refused.refusal(), "403 | wrong_password");
    me(&w, &token).expect(200);
    change_password(&w, &token, PASSWORD, OTHER_PASSWORD).expect(204);
    for token in [&token, &elsewhere] {
        assert_eq!(me(&w, token).refusal(), NOT_SIGNED_IN);
    }
    assert_eq!(refresh(&w, &renewal).refusal(), REFUSED);
    assert_eq!(login(&w, OFFICER, PASSWORD).refusal(), REFUSED);
    login(&w, OFFICER, OTHER_PASSWORD).expect(200);
}

#[test]
fn other_roles_and_disabling_hold_at_once() {
    let w = World::new();
    let (token, renewal) = session(&w, OFFICER);
    me(&w, &token).expect(200);
    let change = |etag: &str, change: Value| {
        w.patch("admin", "/v1/users/officer", etag, &change)
            .expect(200)
    };
    change("\"1\"", json!({ "roles": ["viewer"] }));
    assert_eq!(me(&w, &token).refusal(), NOT_SIGNED_IN);
    assert_eq!(refresh(&w, &renewal).refusal(), REFUSED);
    let (token, renewal) = session(&w, OFFICER);
    let refused = post_as(&w, &token, "/v1/disbursements?dry_run=true", &json!({}));
    assert_eq!(refused.refusal(), "403 | missing_right");

    change("\"2\"", json!({ "status": "disabled" }));
    assert_eq!(me(&w, &token).refusal(), NOT_SIGNED_IN);
    assert_eq!(refresh(&w, &renewal).refusal(), REFUSED);
    assert_eq!(login(&w, OFFICER, PASSWORD).refusal(), REFUSED);
    change("\"3\"", json!({ "status": "active" }));
    assert_eq!(
        me(&w, &token).refusal(),
        NOT_SIGNED_IN,
        "an old token stays old"
    );
    session(&w, OFFICER);
}

#[test]
fn a_change_that_changes_nothing_ends_nothing() {
    let w = World::new();
    let (token, _) = session(&w, OFFICER);
    let same = json!({ "roles": ["officer"], "status": "active" });
    w.patch("admin", "/v1/users/officer", "\"1\"", &same)
        .expect(200);
    me(&w, &token).expect(200);
}

#[test]
fn a_session_outlives_a_restart_and_its_end_does_too() {
    let mut w = World::new();
    let (token, _) = session(&w, OFFICER);
    let (ended, renewal) = session(&w, "officer2@test.example");
    post_as(&w, &ended, "/v1/auth/logout", &json!({})).expect(204);
    w.restart();
    me(&w, &token).expect(200);
    assert_eq!(me(&w, &ended).refusal(), NOT_SIGNED_IN);
    assert_eq!(refresh(&w, &renewal).refusal(), REFUSED);
}
