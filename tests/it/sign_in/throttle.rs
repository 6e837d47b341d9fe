//! Wrong tries make the next ones wait, and nobody else.

use chrono::TimeDelta;
use serde_json::json;

use super::{JSON, OFFICER, OTHER_PASSWORD, REFUSED, change_password, pass, session};
use crate::support::{PASSWORD, Reply, World};

const WAIT: &str = "429 | too_many_attempts";

/// Signs in from an address, as a proxy tells it.
fn login(w: &World, from: &str, email: &str, password: &str) -> Reply {
    let body = json!({ "email": email, "password": password }).to_string();
    let headers = [JSON, ("x-forwarded-for", from), ("x-request-id", "same")];
    w.send("POST", "/v1/auth/login", &headers, body.as_bytes())
}

fn retry_after(reply: &Reply) -> u64 {
    assert_eq!(reply.refusal(), WAIT);
    reply.header("retry-after").unwrap().parse().unwrap()
}

#[test]
fn after_five_wrong_passwords_the_wait_doubles_and_the_right_one_waits_too() {
    let w = World::new();
    for _ in 0..5 {
        assert_eq!(login(&w, "", OFFICER, "not it").refusal(), REFUSED);
    }
    for seconds in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900] {
        let told = login(&w, "", OFFICER, "not it").as_told("POST", "/v1/auth/login");
        assert_eq!(retry_after(&told), seconds);
        let right = login(&w, "", OFFICER, PASSWORD);
        assert_eq!(
            retry_after(&right),
            seconds,
            "right or wrong: nobody learns which"
        );
        pass(&w, TimeDelta::seconds(i64::try_from(seconds).unwrap()));
        assert_eq!(login(&w, "", OFFICER, "not it").refusal(), REFUSED);
    }
    pass(&w, TimeDelta::seconds(900));
    login(&w, "", OFFICER, PASSWORD).expect(200);
}

#[test]
fn who_is_known_and_who_is_not_waits_alike() {
    let w = World::behind_a_proxy();
    let disable = json!({ "status": "disabled" });
    w.patch("admin", "/v1/users/officer2", "\"1\"", &disable)
        .expect(200);
    let emails = [
        OFFICER,
        "nobody@test.example",
        "officer2@test.example",
        "no address",
    ];
    let answers = emails.map(|email| {
        let mut answers = Vec::new();
        for number in 0..7 {
            let from = format!("198.51.100.{}", number + email.len() * 8);
            let reply = login(&w, &from, email, "not it");
            answers.push((reply.status, reply.bytes, reply.headers.len()));
        }
        answers
    });
    assert_eq!(answers[0][4].0, 401);
    assert_eq!(answers[0][5].0, 429);
    for other in &answers[1..] {
        assert_eq!(*other, answers[0]);
    }
}

#[test]
fn nobody_is_locked_out_of_where_they_signed_in_before() {
    let mut w = World::behind_a_proxy();
    let home = "198.51.100.7";
    login(&w, home, OFFICER, PASSWORD).expect(200);
    let attacked = |w: &World| {
        for number in 1..=20 {
            login(w, &format!("203.0.113.{number}"), OFFICER, "not it");
        }
        let elsewhere = login(w, "192.0.2.1", OFFICER, PASSWORD);
        assert_eq!(elsewhere.refusal(), WAIT, "strangers are stopped");
        login(w, home, OFFICER, PASSWORD).expect(200);
        // Not even where the attack comes from the same address, against others.
        for number in 0..20 {
            login(w, home, &format!("{number}@test.example"), "not it");
        }
        assert_eq!(
            login(w, home, "viewer@test.example", PASSWORD).refusal(),
            WAIT
        );
        login(w, home, OFFICER, PASSWORD).expect(200);
    };
    attacked(&w);
    // Another process knows where that was, and a process after this one.
    attacked(&w.beside());
    w.restart();
    attacked(&w);
    // But from there, too, one tries so often and no oftener.
    for _ in 0..5 {
        assert_eq!(login(&w, home, OFFICER, "not it").refusal(), REFUSED);
    }
    assert_eq!(login(&w, home, OFFICER, PASSWORD).refusal(), WAIT);
}

#[test]
fn one_password_for_a_thousand_accounts_is_stopped_by_its_source() {
    let w = World::behind_a_proxy();
    let mut let_through = 0;
    for number in 0..1_000 {
        let email = format!("user-{number}@test.example");
        let reply = login(&w, "203.0.113.9", &email, "three blue mandarins");
        match reply.status {
            401 => let_through += 1,
            _ => assert_eq!(reply.refusal(), WAIT),
        }
    }
    assert_eq!(let_through, 5);
    login(&w, "198.51.100.7", OFFICER, PASSWORD).expect(200);
}

#[test]
fn where_a_request_comes_from_is_believed_of_named_proxies_alone() {
    let w = World::new();
    for number in 0..5 {
        login(
            &w,
            &format!("203.0.113.{number}"),
            "a@test.example",
            "not it",
        );
    }
    let reply = login(&w, "203.0.113.99", "b@test.example", "not it");
    assert_eq!(reply.refusal(), WAIT, "all of them came from this machine");
    let w = World::behind_a_proxy();
    for number in 0..5 {
        let made_up = format!("192.0.2.{number}, 203.0.113.9");
        login(&w, &made_up, &format!("{number}@test.example"), "not it");
    }
    let reply = login(&w, "203.0.113.9", "b@test.example", "not it");
    assert_eq!(reply.refusal(), WAIT, "what the proxy added tells");
}

#[test]
fn who_holds_a_token_does_not_guess_the_password_by_it() {
    let w = World::new();
    let (token, _) = session(&w, OFFICER);
    for _ in 0..5 {
        let reply = change_password(&w, &token, "not it", OTHER_PASSWORD);
        assert_eq!(reply.refusal(), "403 | wrong_password");
    }
    let reply = change_password(&w, &token, PASSWORD, OTHER_PASSWORD);
    assert_eq!(retry_after(&reply.as_told("POST", "/v1/me/password")), 1);
    pass(&w, TimeDelta::seconds(1));
    change_password(&w, &token, PASSWORD, OTHER_PASSWORD).expect(204);
}

#[test]
fn secrets_of_clients_are_not_guessed_and_clients_not_locked_out() {
    let w = World::behind_a_proxy();
    w.partner_with("north", "north-rides", &json!({ "approval": "none" }));
    let client = w.client("north", &["north-rides"], &["submit"]);
    let token = |from: &str, authorization: &str| {
        let form = ("content-type", "application/x-www-form-urlencoded");
        let headers = [
            form,
            ("authorization", authorization),
            ("x-forwarded-for", from),
        ];
        let body = b"grant_type=client_credentials";
        w.send("POST", "/v1/oauth/token", &headers, body)
    };
    let mut wrong = client.basic();
    wrong.truncate(wrong.len() - 8);
    for number in 0..5 {
        assert_eq!(token(&format!("203.0.113.{number}"), &wrong).status, 401);
    }
    let waits = token("203.0.113.99", &wrong).as_told("POST", "/v1/oauth/token");
    assert_eq!(retry_after(&waits), 1);
    token("203.0.113.99", &client.basic()).expect(200);
    for _ in 0..5 {
        token("192.0.2.1", &wrong);
        pass(&w, TimeDelta::seconds(900));
    }
    assert_eq!(token("192.0.2.1", &wrong).status, 401);
    assert_eq!(retry_after(&token("192.0.2.1", &client.basic())), 1);
    token("198.51.100.7", &client.basic()).expect(200);
}
