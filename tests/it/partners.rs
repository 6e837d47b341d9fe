//! Partners: how their clients sign in, what they see, and how soon it ends.

use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sangsaeng::beneficiaries::registration_number::RegistrationNumber;
use serde_json::{Value, json};

use crate::support::{Reply, World, because};

const ALL: [&str; 3] = ["submit", "read_programs", "read_program_reports"];
const DISBURSEMENTS: &str = "/v1/disbursements";

/// A partner `north` with the programs `north-rides` and `north-farm`, and `south` with the same.
fn partners(w: &World) {
    for partner in ["north", "south"] {
        let (rides, farm) = (format!("{partner}-rides"), format!("{partner}-farm"));
        w.partner_with(partner, &rides, &json!({ "approval": "none" }));
        w.partner_with(partner, &farm, &json!({ "kind": "produce_sales" }));
    }
}

fn form(w: &World, headers: &[(&str, &str)], body: &str) -> Reply {
    let kind = ("content-type", "application/x-www-form-urlencoded");
    w.send(
        "POST",
        "/v1/oauth/token",
        &[&[kind], headers].concat(),
        body.as_bytes(),
    )
}

fn told(reply: &Reply) -> String {
    format!("{} {}", reply.status, reply.text("/error"))
}

fn payment(w: &World, program: &str, reference: &str) -> Value {
    w.cash_to(program, reference, "300")
}

/// Asks until an answer is as it should be, for no longer than a change may take to be noticed.
fn soon(ask: impl Fn() -> Reply, good: impl Fn(&Reply) -> bool) {
    let started = Instant::now();
    loop {
        let reply = ask();
        if good(&reply) {
            return;
        }
        let waited = started.elapsed();
        assert!(waited < Duration::from_secs(5), "{}", reply.refusal());
        std::thread::yield_now();
    }
}

#[test]
fn a_client_gets_a_token_in_the_way_of_oauth() {
    let w = World::new();
    partners(&w);
    let client = w.client("north", &["north-rides"], &ALL);
    let reply = client.token(&w, None).expect(200);
    assert_eq!(reply.text("/token_type"), "Bearer");
    assert_eq!(reply.body["expires_in"], 900);
    assert_eq!(
        reply.text("/scope"),
        "submit read_programs read_program_reports"
    );
    assert_eq!(reply.header("cache-control"), Some("no-store"));
    assert_eq!(reply.header("pragma"), Some("no-cache"));
    assert!(reply.body.get("refresh_token").is_none());
    let narrow = client.token(&w, Some("read_programs")).expect(200);
    let narrow = narrow.text("/access_token").to_owned();
    w.ask(&narrow, ("GET", DISBURSEMENTS), None).expect(200);
    let body = payment(&w, "north-rides", "a");
    let refused = w.ask(&narrow, ("POST", DISBURSEMENTS), Some(&body));
    assert_eq!(refused.refusal(), "403 | missing_right");

    let basic = client.basic();
    let basic = [("authorization", basic.as_str())];
    let good = "grant_type=client_credentials";
    for (body, expected) in [
        ("", "400 invalid_request"),
        ("scope=submit", "400 invalid_request"),
        (
            "grant_type=client_credentials&grant_type=client_credentials",
            "400 invalid_request",
        ),
        (
            "grant_type=client_credentials&client_secret=x",
            "400 invalid_request",
        ),
        ("grant_type=password", "400 unsupported_grant_type"),
        (
            "grant_type=refresh_token&refresh_token=x",
            "400 unsupported_grant_type",
        ),
        (
            "grant_type=client_credentials&scope=record_directly",
            "400 invalid_scope",
        ),
        (
            "grant_type=client_credentials&scope=submit+manage_users",
            "400 invalid_scope",
        ),
        ("grant_type=client_credentials&scope=", "400 invalid_scope"),
        ("grant_type=client_credentials&ignored=1", "200 "),
    ] {
        let reply = form(&w, &basic, body);
        assert_eq!(told(&reply), expected, "{body}");
        assert_eq!(reply.header("cache-control"), Some("no-store"), "{body}");
    }
    let json_body = [basic[0], ("content-type", "application/json")];
    let reply = w.send("POST", "/v1/oauth/token", &json_body, good.as_bytes());
    assert_eq!(told(&reply), "400 invalid_request");

    for hostile in [
        &b"\xff\xfe"[..],
        b"%00=%ff&=&&;",
        b"{\"grant_type\":1}",
        b"=\x00",
    ] {
        let body = [
            ("content-type", "application/x-www-form-urlencoded"),
            basic[0],
        ];
        let reply = w.send("POST", "/v1/oauth/token", &body, hostile);
        assert_eq!(told(&reply), "400 invalid_request");
    }

    // Whatever is wrong with a client, the answer is the same.
    let pair = |pair: &str| format!("Basic {}", STANDARD.encode(pair));
    let wrong = [
        pair(&format!("{}:ssk_no", client.id)),
        pair(&format!("{}:", client.id)),
        pair(&format!("client-nobody:{}", client.secret)),
        pair("officer:correct horse battery staple"),
        pair("nothing"),
        "Basic !".to_owned(),
        format!("Bearer {narrow}"),
    ];
    let id = ("x-request-id", "same");
    let first = form(&w, &[id], good);
    assert_eq!(told(&first), "401 invalid_client");
    assert_eq!(
        first.header("www-authenticate"),
        Some("Basic realm=\"sangsaeng\"")
    );
    for header in wrong {
        let reply = form(&w, &[id, ("authorization", &header)], good);
        assert_eq!(
            (reply.status, &reply.bytes),
            (401, &first.bytes),
            "{header}"
        );
    }
}

#[test]
fn a_secret_is_shown_once_and_two_are_good_at_a_time() {
    let w = World::new();
    partners(&w);
    w.client("north", &["north-rides"], &ALL);
    let body = json!({ "partner": "north", "programs": ["north-rides"] });
    let first = w
        .post_with_key("admin", "/v1/clients", "k", &body)
        .expect(201);
    let again = w
        .post_with_key("admin", "/v1/clients", "k", &body)
        .expect(201);
    assert!(first.text("/secret").starts_with("ssk_"));
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert!(again.body.get("secret").is_none());
    assert_eq!(again.text("/id"), first.text("/id"));
    let dry = w
        .post("admin", "/v1/clients?dry_run=true", &body)
        .expect(200);
    assert!(dry.body.get("secret").is_none());

    let one = w.client("north", &["north-rides"], &ALL);
    let two = one.rotated(&w, true);
    one.token(&w, None).expect(200);
    let held = two.signed_in(&w);
    let three = two.rotated(&w, true);
    assert_eq!(told(&one.token(&w, None)), "401 invalid_client");
    two.token(&w, None).expect(200);
    three.token(&w, None).expect(200);
    w.ask(&held, ("GET", DISBURSEMENTS), None).expect(200);
    // One that leaked ends alone, and with it every token.
    let four = three.rotated(&w, false);
    for ended in [&one, &two, &three] {
        assert_eq!(told(&ended.token(&w, None)), "401 invalid_client");
    }
    let refused = w.ask(&held, ("GET", DISBURSEMENTS), None);
    assert_eq!(refused.refusal(), "401 | not_signed_in");
    four.token(&w, None).expect(200);
    let shown = w
        .get("admin", &format!("/v1/clients/{}", four.id))
        .expect(200);
    assert_eq!(shown.body["secrets"].as_array().map(Vec::len), Some(1));
    assert!(!shown.text("/last_used_at").is_empty());

    let mut kept = w.watch().texts("SELECT secret AS value FROM clients");
    kept.extend(w.watch().texts("SELECT command AS value FROM events"));
    kept.extend(
        w.watch()
            .texts("SELECT CAST(body AS TEXT) AS value FROM idempotency_keys"),
    );
    for secret in [first.text("/secret"), &one.secret, &four.secret] {
        assert!(secret.len() > 40, "{secret}");
        assert!(kept.iter().all(|text| !text.contains(secret)));
    }
}

#[test]
fn a_client_is_bound_to_programs_that_its_partner_runs_and_to_what_it_was_granted() {
    let w = World::new();
    partners(&w);
    w.client("north", &["north-rides"], &["submit"]);
    let refused = |body: Value| w.post("admin", "/v1/clients", &body).refusal();
    let client = |programs: Value| json!({ "partner": "north", "programs": programs });
    assert_eq!(
        refused(client(json!(["north-rides", "south-rides", "nowhere"]))),
        "422 | invalid_fields | /programs/1 program_not_of_partner \
         | /programs/2 program_not_of_partner"
    );
    assert_eq!(
        refused(client(json!([]))),
        "422 | invalid_fields | /programs no_programs"
    );
    let mut beyond = client(json!(["north-rides"]));
    beyond["scopes"] = json!(["submit", "record_directly"]);
    assert_eq!(
        refused(beyond),
        "422 | invalid_fields | /scopes/1 scope_not_granted"
    );
    assert_eq!(
        refused(json!({ "partner": "south", "programs": ["south-rides"] })),
        "422 | invalid_fields | /partner unknown_partner"
    );
    let nobody = json!({ "organisation": "nobody", "scopes": ["submit"] });
    assert_eq!(
        w.post("admin", "/v1/partners", &nobody).refusal(),
        "422 | invalid_fields | /organisation unknown_organisation"
    );
    let off = json!({ "status": "disabled" });
    w.patch("admin", "/v1/partners/north", "\"1\"", &off)
        .expect(200);
    assert_eq!(
        refused(client(json!(["north-rides"]))),
        "409 | partner_disabled"
    );
}

#[test]
fn what_a_partner_records_waits_unless_it_may_record_directly() {
    let w = World::new();
    partners(&w);
    let all = [&ALL[..], &["record_directly"]].concat();
    let north = w.client("north", &["north-rides"], &ALL).signed_in(&w);
    let trusted = w.client("south", &["south-rides"], &all);
    let south = trusted.signed_in(&w);
    let record = |token: &str, program: &str, reference: &str| {
        let body = payment(&w, program, reference);
        let made = w
            .ask(token, ("POST", DISBURSEMENTS), Some(&body))
            .expect(201);
        made.text("/status").to_owned()
    };
    assert_eq!(record(&north, "north-rides", "a"), "submitted");
    assert_eq!(record(&south, "south-rides", "a"), "approved");
    let careful = trusted.token(&w, Some("submit")).expect(200);
    let careful = careful.text("/access_token");
    assert_eq!(record(careful, "south-rides", "b"), "submitted");
    let batch = json!({ "items": [payment(&w, "north-rides", "c")] });
    let path = "/v1/disbursements/batch";
    let done = w.ask(&north, ("POST", path), Some(&batch)).expect(200);
    assert_eq!(done.text("/outcomes/0/record/status"), "submitted");
    let made = w.post("officer", DISBURSEMENTS, &payment(&w, "north-rides", "d"));
    assert_eq!(made.expect(201).text("/status"), "approved");
}

#[test]
fn a_partner_works_on_what_is_its_own_and_finds_nothing_else() {
    let w = World::new();
    partners(&w);
    let north = w.client("north", &["north-rides", "north-farm"], &ALL);
    let north = north.signed_in(&w);
    let ask = |on: (&str, &str), body: Option<&Value>| w.ask(&north, on, body);
    let mut body = payment(&w, "south-rides", "canary");
    body["external_id"] = json!("canary");
    body["purpose"] = json!("canary");
    let theirs = w.post("officer", DISBURSEMENTS, &body).made();
    // The same id of the caller's own is free in one's own program.
    body["program"] = json!("north-rides");
    body["purpose"] = json!("ours");
    let own = ask(("POST", DISBURSEMENTS), Some(&body)).made();
    let path = format!("{DISBURSEMENTS}/{own}");
    let changed = ask(("PATCH", &path), Some(&json!({ "purpose": "changed" })));
    assert_eq!(changed.expect(200).text("/purpose"), "changed");
    let gone = w.ask(
        &north,
        ("POST", &format!("{path}/withdraw")),
        Some(&because()),
    );
    assert_eq!(gone.refusal(), "412 | stale_etag");
    for (method, verb, body) in [
        ("GET", "", None),
        ("PATCH", "", Some(json!({ "purpose": "mine" }))),
        ("POST", "/withdraw", Some(because())),
        ("POST", "/resubmit", Some(json!({}))),
    ] {
        let reply = ask(
            (method, &format!("{DISBURSEMENTS}/{theirs}{verb}")),
            body.as_ref(),
        );
        assert_eq!(reply.refusal(), "404 | not_found", "{method} {verb}");
    }
    for query in [
        "",
        "?limit=1",
        "?program=south-rides",
        "?external_id=canary",
        "?q=canary",
        "?status=approved",
        "?region=11",
        "?limit=1000",
    ] {
        let listed = ask(("GET", &format!("{DISBURSEMENTS}{query}")), None).expect(200);
        let text = String::from_utf8(listed.bytes).unwrap();
        assert!(
            !text.contains(&theirs) && !text.contains("south"),
            "{query}: {text}"
        );
    }
    let programs = ask(("GET", "/v1/programs"), None).expect(200);
    let codes: Vec<&str> = programs.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|program| program["code"].as_str().unwrap())
        .collect();
    assert_eq!(codes, ["north-farm", "north-rides"]);
    // A place in the list of the house leads no further.
    let page = w
        .get("officer", &format!("{DISBURSEMENTS}?limit=1"))
        .expect(200);
    let cursor = page.text("/next_cursor");
    let turned = ask(
        ("GET", &format!("{DISBURSEMENTS}?limit=1&cursor={cursor}")),
        None,
    );
    assert!(!String::from_utf8(turned.bytes).unwrap().contains("south"));
    // A key of one's own shows what was answered to oneself alone.
    let stolen = w.post_with_key(
        "officer",
        DISBURSEMENTS,
        "k",
        &payment(&w, "south-rides", "z"),
    );
    let bearer = format!("Bearer {north}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("idempotency-key", "k"),
    ];
    let same = payment(&w, "south-rides", "z").to_string();
    let again = w.send("POST", DISBURSEMENTS, &headers, same.as_bytes());
    assert_eq!(stolen.status, 201);
    assert_eq!(
        again.refusal(),
        "422 | invalid_fields | /program unknown_program"
    );
    let report = ask(("GET", "/v1/reports/programs/north-rides"), None).expect(200);
    let people = &report.body["beneficiaries"];
    assert_eq!(people["unique_overall"], Value::Null);
    assert_eq!(people["unique_in_funds"], json!([]));
    let others = ask(("GET", "/v1/reports/programs/south-rides"), None);
    let nobodys = ask(("GET", "/v1/reports/programs/nobodys"), None);
    assert_eq!((others.status, nobodys.status), (404, 404));
}

#[test]
fn a_partner_does_not_learn_whether_somebody_is_known_to_others() {
    let w = World::new();
    partners(&w);
    let client = w.client("north", &["north-rides", "north-farm"], &ALL);
    let north = client.signed_in(&w);
    let merchant = |program: &str, number: &str| {
        let mut body = payment(&w, program, "a");
        body["beneficiary"] = json!({ "kind": "merchant", "registration_number": number });
        body
    };
    let numbers = [1, 2].map(|n| RegistrationNumber::from_serial(101, 11, n).unwrap());
    let known = merchant("south-rides", numbers[0].as_digits());
    w.post("officer", DISBURSEMENTS, &known).expect(201);
    for number in &numbers {
        let body = merchant("north-rides", number.as_digits());
        let made = w.ask(&north, ("POST", DISBURSEMENTS), Some(&body));
        let made = made.expect(201);
        assert_eq!(made.body["beneficiary"]["id"], Value::Null);
        let path = format!("{DISBURSEMENTS}/{}", made.text("/id"));
        let shown = w.ask(&north, ("GET", &path), None).expect(200);
        assert_eq!(shown.body["beneficiary"]["id"], Value::Null);
        let house = w.get("officer", &path).expect(200);
        assert!(house.body["beneficiary"]["id"].is_string());
    }
    let listed = w.ask(&north, ("GET", DISBURSEMENTS), None).expect(200);
    assert_eq!(listed.body["data"][0]["beneficiary"]["id"], Value::Null);
    let person = w.get("auditor", "/v1/beneficiaries").expect(200);
    let id = person.text("/data/0/id");
    let path = format!("/v1/beneficiaries/{id}");
    let refused = w.ask(&north, ("GET", &path), None);
    assert_eq!(refused.refusal(), "403 | missing_right");
}

#[test]
fn what_is_taken_away_is_gone_everywhere_within_a_second() {
    let w = World::new();
    partners(&w);
    let other = w.beside();
    let client = w.client("north", &["north-rides", "north-farm"], &ALL);
    let token = client.signed_in(&w);
    let body = payment(&w, "north-rides", "a");
    let own = w.ask(&token, ("POST", DISBURSEMENTS), Some(&body)).made();
    let path = format!("{DISBURSEMENTS}/{own}");
    let there = |on: &World| on.ask(&token, ("GET", &path), None);
    let gone = |reply: &Reply| reply.refusal() == "404 | not_found";
    let back = |reply: &Reply| reply.status == 200;
    assert!(back(&there(&w)) && back(&there(&other)));
    let batch = json!({ "items": [payment(&w, "north-rides", "b")] });
    let bearer = format!("Bearer {token}");
    let keyed = |on: &World, path: &str, body: &Value| {
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            ("idempotency-key", path),
        ];
        on.send("POST", path, &headers, body.to_string().as_bytes())
    };
    let many = "/v1/disbursements/batch";
    keyed(&w, many, &batch).expect(200);
    let one = payment(&w, "north-rides", "c");
    keyed(&w, DISBURSEMENTS, &one).expect(201);

    // A program of the client's: at once here, within a second there, and for old keys too.
    client.change(&w, &json!({ "programs": ["north-farm"] }));
    assert!(gone(&there(&w)));
    soon(|| there(&other), gone);
    for (path, body) in [(many, &batch), (DISBURSEMENTS, &one)] {
        let again = keyed(&w, path, body);
        assert!(
            again.refusal().contains("unknown_program"),
            "{}",
            again.refusal()
        );
    }
    client.change(&w, &json!({ "programs": ["north-farm", "north-rides"] }));
    assert!(back(&there(&w)));
    keyed(&w, many, &batch).expect(200);
    // The program goes to another partner.
    let to_south = json!({ "partner": "south" });
    w.patch("manager", "/v1/programs/north-rides", "\"1\"", &to_south)
        .expect(200);
    soon(|| there(&other), gone);
    soon(|| there(&w), gone);
    let to_north = json!({ "partner": "north" });
    w.patch("manager", "/v1/programs/north-rides", "\"2\"", &to_north)
        .expect(200);
    soon(|| there(&w), back);
    soon(|| there(&other), back);
    // A scope of the partner's.
    let less = json!({ "scopes": ["submit"] });
    w.patch("admin", "/v1/partners/north", "\"1\"", &less)
        .expect(200);
    let lacking = |reply: &Reply| reply.refusal() == "403 | missing_right";
    assert!(lacking(&there(&w)));
    soon(|| there(&other), lacking);
    // The client, and the partner.
    let out = |reply: &Reply| reply.refusal() == "401 | not_signed_in";
    client.change(&w, &json!({ "status": "disabled" }));
    assert!(out(&there(&w)));
    soon(|| there(&other), out);
    assert_eq!(told(&client.token(&w, None)), "401 invalid_client");
    client.change(&w, &json!({ "status": "active" }));
    assert!(out(&there(&w)), "tokens of before stay over");
    let again = client.signed_in(&other);
    let ask = || w.ask(&again, ("GET", DISBURSEMENTS), None);
    assert!(lacking(&ask()));
    let off = json!({ "status": "disabled" });
    w.patch("admin", "/v1/partners/north", "\"2\"", &off)
        .expect(200);
    assert!(out(&ask()));
    assert_eq!(told(&client.token(&w, None)), "401 invalid_client");
}

#[test]
fn a_secret_that_ends_as_it_is_used_gives_a_good_token_or_none() {
    // As many wrong tries as a source has free: whoever loses each race need not wait.
    const RACES: usize = 5;
    let w = World::new();
    partners(&w);
    for _ in 0..RACES {
        let client = w.client("north", &["north-rides"], &ALL);
        std::thread::scope(|scope| {
            let asking = scope.spawn(|| client.token(&w, None));
            let rotating = scope.spawn(|| client.rotated(&w, false));
            let (reply, next) = (asking.join().unwrap(), rotating.join().unwrap());
            let token = reply.text("/access_token").to_owned();
            assert!(token.is_empty() || reply.status == 200, "{}", reply.status);
            if !token.is_empty() {
                let used = w.ask(&token, ("GET", DISBURSEMENTS), None);
                assert_eq!(used.refusal(), "401 | not_signed_in");
            }
            next.token(&w, None).expect(200);
        });
    }
}
