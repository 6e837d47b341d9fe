//! What ends a session ends it in every instance within a second; the clock that counts is real.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{OFFICER, OTHER_PASSWORD, change_password, me, post_as, refresh, session};
use crate::support::World;
use crate::support::program::{Desk, Server, code, err};

/// A second is promised; more is not asserted, since tests share the machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// What ends a session of whoever holds a token, by its name.
type Ending<'a> = (&'a str, &'a dyn Fn(&str));

/// Asks until the answer is 401.
#[track_caller]
fn ends(ask: impl Fn() -> u16) {
    let started = Instant::now();
    while ask() != 401 {
        assert!(started.elapsed() < PATIENCE, "it goes on");
        std::thread::yield_now();
    }
}

#[test]
fn whatever_ends_a_session_ends_it_in_another_instance() {
    let one = World::new();
    let two = one.beside();
    let change = |etag: &str, change: Value| {
        let path = "/v1/users/officer";
        one.patch("admin", path, etag, &change).expect(200);
    };
    let stolen = session(&one, OFFICER).1;
    let endings: [Ending<'_>; 5] = [
        ("signed out", &|token| {
            post_as(&one, token, "/v1/auth/logout", &json!({})).expect(204);
        }),
        ("a refresh token came twice", &|_| {
            let renewal = session(&one, OFFICER).1;
            refresh(&one, &renewal).expect(200);
            assert_eq!(refresh(&one, &renewal).status, 401);
        }),
        ("other roles", &|_| {
            change("\"1\"", json!({ "roles": ["viewer"] }))
        }),
        ("another password", &|token| {
            change_password(&one, token, crate::support::PASSWORD, OTHER_PASSWORD).expect(204);
        }),
        ("disabled", &|_| {
            change("\"2\"", json!({ "status": "disabled" }))
        }),
    ];
    for (name, end) in endings {
        let (token, renewal) = session(&one, OFFICER);
        me(&two, &token).expect(200);
        end(&token);
        assert_eq!(me(&one, &token).status, 401, "{name}: at once here");
        ends(|| me(&two, &token).status);
        assert_eq!(refresh(&two, &renewal).status, 401, "{name}");
        if name == "another password" {
            change_password_back(&one);
        }
    }
    assert_eq!(refresh(&two, &stolen).status, 401);
}

/// The password that sessions of tests are opened with.
fn change_password_back(w: &World) {
    let session = super::login(w, OFFICER, OTHER_PASSWORD).expect(200);
    let token = session.text("/access_token");
    change_password(w, token, OTHER_PASSWORD, crate::support::PASSWORD).expect(204);
}

#[test]
fn what_is_taken_from_a_client_or_its_partner_stays_taken() {
    let one = World::new();
    let two = one.beside();
    one.partner_with("north", "north-rides", &json!({ "approval": "none" }));
    let client = one.client("north", &["north-rides"], &["submit", "read_programs"]);
    let ask = |on: &World, token: &str| on.ask(token, ("GET", "/v1/disbursements"), None).status;
    let status = |etag: &str, status: &str| {
        let change = json!({ "status": status });
        one.patch("admin", "/v1/partners/north", etag, &change)
            .expect(200);
    };
    let token = client.signed_in(&one);
    assert_eq!(ask(&two, &token), 200);
    status("\"1\"", "disabled");
    assert_eq!(ask(&one, &token), 401);
    ends(|| ask(&two, &token));
    status("\"2\"", "active");
    let fresh = client.signed_in(&two);
    for on in [&one, &two] {
        assert_eq!(ask(on, &token), 401, "a token of before is not good again");
        assert_eq!(ask(on, &fresh), 200);
    }
    // The same status again takes nothing.
    status("\"3\"", "active");
    assert_eq!(ask(&one, &fresh), 200);
    // A secret that is taken back ends the tokens that were given for it.
    let rotated = client.rotated(&one, false);
    assert_eq!(ask(&one, &fresh), 401);
    ends(|| ask(&two, &fresh));
    assert_eq!(client.token(&two, None).status, 401);
    assert_eq!(ask(&two, &rotated.signed_in(&two)), 200);
}

/// What a server that is a process answers to a token.
fn at(server: &Server, token: &str, method: &str, path: &str) -> u16 {
    let agent: ureq::Agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .build()
        .into();
    let url = format!("http://{}{path}", server.address);
    let bearer = format!("Bearer {token}");
    let response = match method {
        "GET" => agent.get(url).header("authorization", bearer).call(),
        _ => agent.post(url).header("authorization", bearer).send_empty(),
    };
    response.unwrap().status().as_u16()
}

#[test]
fn a_session_ends_in_every_process_over_one_database() {
    let desk = Desk::new();
    let made = desk.create_user("boss@test.example", OTHER_PASSWORD);
    assert_eq!(code(&made), 0, "{}", err(&made));
    // An embedded database has one process; on a server there are two.
    let mut servers = vec![Server::start(&desk, &[])];
    if desk.database().is_some() {
        servers.push(Server::start(&desk, &[]));
    }
    let body = json!({ "email": "boss@test.example", "password": OTHER_PASSWORD }).to_string();
    let sign_in = |server: &Server| {
        let (status, session) = server.post("/v1/auth/login", &body);
        assert_eq!(status, 200, "{session}");
        session["access_token"].as_str().unwrap().to_owned()
    };
    let last = servers.len() - 1;
    let tokens = [sign_in(&servers[0]), sign_in(&servers[last])];
    for server in &servers {
        for token in &tokens {
            assert_eq!(at(server, token, "GET", "/v1/me"), 200);
        }
    }
    assert_eq!(
        at(&servers[last], &tokens[0], "POST", "/v1/auth/logout"),
        204
    );
    for server in &servers {
        for token in &tokens {
            ends(|| at(server, token, "GET", "/v1/me"));
        }
    }
    // So does a key that somebody else may have: both processes read the folder again.
    let fresh = sign_in(&servers[0]);
    let keys = match desk.database() {
        Some(_) => desk.keys(),
        None => desk.path().join("sangsaeng.db.keys"),
    };
    let words = ["keys", "rotate", keys.to_str().unwrap(), "--leaked"];
    let rotated = desk.run(&words);
    assert_eq!(code(&rotated), 0, "{}", err(&rotated));
    for server in &servers {
        ends(|| at(server, &fresh, "GET", "/v1/me"));
    }
    let again = sign_in(&servers[last]);
    assert_eq!(at(&servers[0], &again, "GET", "/v1/me"), 200);
    for server in servers {
        assert_eq!(server.terminate(), 0);
    }
}
