//! What every answer has: an id, a language, headers, and, where it is a refusal, a problem.

use std::collections::BTreeSet;

use sangsaeng::http::state::Limits;
use serde_json::{Value, json};

use crate::support::document::document;
use crate::support::{Reply, World};

/// Every operation of the document: its method and its path.
pub fn operations() -> Vec<(String, String)> {
    let paths = document()["paths"].as_object().unwrap();
    let methods = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys();
        methods.map(move |method| (method.clone(), path.clone()))
    });
    methods.collect()
}

/// A path with something in the place of its parameters.
pub fn filled(pattern: &str) -> String {
    let part = |part: &str| match part {
        "{id}" => format!("{}-1", "0".repeat(32)),
        "{number}" => "1".to_owned(),
        "{file}" => "index.css".to_owned(),
        "{code}" => "busy".to_owned(),
        part => match part.split_once('}') {
            Some((_, ending)) => format!("nowhere{ending}"),
            None => part.to_owned(),
        },
    };
    pattern.split('/').map(part).collect::<Vec<_>>().join("/")
}

/// Bytes of a body in these tests.
const LIMIT: usize = 4_096;

const GRANTS: (&str, &str) = ("POST", "/v1/disbursements");
const FUND: (&str, &str) = ("PATCH", "/v1/funds/mobility");

/// Answers of every sort, with `headers` sent along: the status of each, and the answer.
fn one_of_each(world: &World, headers: &[(&str, &str)]) -> Vec<(u16, Reply)> {
    let with = |more: &[(&'static str, &'static str)]| [headers, more].concat();
    let officer = |on, more: &[(&'static str, &'static str)], body: &Value| {
        world.call("officer", on, &with(more), Some(body))
    };
    let manager = |on, more: &[(&'static str, &'static str)], body: &Value| {
        world.call("manager", on, &with(more), Some(body))
    };
    let get = |user, path| world.call(user, ("GET", path), headers, None);
    let send = |method, path, body: &[u8]| world.send(method, path, headers, body);
    let report = get("viewer", "/v1/reports/overview");
    let etag = report.header("etag").unwrap().to_owned();
    let known = [headers, &[("if-none-match", etag.as_str())]].concat();
    let unchanged = world.call("viewer", ("GET", "/v1/reports/overview"), &known, None);
    let grant = world.cash_to("drivers", "DRV-1", "1000");
    let key = |key| [("idempotency-key", key)];
    let id = world.submit("drivers", "DRV-2", "600001");
    let approve = format!("/v1/disbursements/{id}/approve");
    let over = with(&key("over"));
    vec![
        (200, report),
        (200, get("viewer", "/v1/disbursements")),
        (200, get("viewer", &format!("/v1/disbursements/{id}"))),
        (200, send("GET", "/livez", b"")),
        (200, send("GET", "/readyz", b"")),
        (200, send("GET", "/openapi.json", b"")),
        (200, send("GET", "/docs", b"")),
        (200, send("GET", "/problems/busy", b"")),
        (201, officer(GRANTS, &key("made"), &grant)),
        (304, unchanged),
        (400, officer(GRANTS, &[], &grant)),
        (401, send("GET", "/v1/me", b"")),
        (403, get("officer", "/v1/users")),
        (404, get("viewer", "/v1/funds/nowhere")),
        (404, send("GET", "/nowhere", b"")),
        (404, get("viewer", "/v1/nowhere")),
        (405, send("DELETE", "/v1/funds", b"")),
        (
            409,
            world.call("approver", ("POST", &approve), &over, Some(&json!({}))),
        ),
        (412, manager(FUND, &[("if-match", "\"7\"")], &json!({}))),
        (
            413,
            officer(GRANTS, &key("large"), &json!("x".repeat(LIMIT))),
        ),
        (
            415,
            officer(
                GRANTS,
                &[("idempotency-key", "z"), ("content-encoding", "br")],
                &grant,
            ),
        ),
        (422, officer(GRANTS, &key("wrong"), &json!({}))),
        (428, manager(FUND, &[], &json!({}))),
    ]
}

fn answers(headers: &[(&str, &str)]) -> Vec<(u16, Reply)> {
    let world = World::with_limits(Limits {
        body: LIMIT,
        ..Limits::default()
    });
    world.with_budget();
    let answers = one_of_each(&world, headers);
    for (status, reply) in &answers {
        assert_eq!(reply.status, *status, "{}", reply.body);
    }
    answers
}

#[test]
fn every_answer_has_the_id_of_its_request() {
    let answers = answers(&[]);
    let ids = answers
        .iter()
        .map(|(_, reply)| reply.header("x-request-id").unwrap());
    let different: BTreeSet<&str> = ids.collect();
    assert_eq!(different.len(), answers.len());
    assert!(different.iter().all(|id| id.len() == 36), "{different:?}");
}

#[test]
fn a_caller_may_name_the_request_in_plain_letters() {
    for (status, reply) in answers(&[("x-request-id", "import-42.7_b")]) {
        assert_eq!(
            reply.header("x-request-id"),
            Some("import-42.7_b"),
            "{status}"
        );
    }
    let world = World::new();
    let long = "x".repeat(65);
    for id in ["", "a b", "a\"b", "a;b", "../a", &long] {
        let reply = world.send("GET", "/livez", &[("x-request-id", id)], b"");
        assert_ne!(reply.header("x-request-id"), Some(id));
        assert_eq!(reply.header("x-request-id").map(str::len), Some(36), "{id}");
    }
}

#[test]
fn every_answer_is_safe_to_hold_in_a_browser() {
    for (status, reply) in answers(&[]) {
        let about = format!("{status} {:?}", reply.header("content-type"));
        assert_eq!(
            reply.header("x-content-type-options"),
            Some("nosniff"),
            "{about}"
        );
        assert_eq!(
            reply.header("referrer-policy"),
            Some("no-referrer"),
            "{about}"
        );
        let policy = reply.header("content-security-policy").unwrap();
        assert!(
            policy.starts_with("default-src 'none'"),
            "{about}: {policy}"
        );
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{about}: {policy}"
        );
        assert!(policy.contains("base-uri 'none'"), "{about}: {policy}");
        let origin = reply.header("access-control-allow-origin");
        assert_eq!(origin, None, "{about}");
        let caching = reply.header("cache-control").unwrap();
        let kept = matches!(caching, "no-store" | "private, no-cache" | "no-cache");
        assert!(kept, "{about}: {caching}");
        assert_eq!(
            reply.header("vary"),
            Some("Accept-Language, Authorization"),
            "{about}"
        );
        assert_eq!(reply.header("server"), None, "{about}");
    }
}

#[test]
fn every_refusal_is_a_problem_that_is_explained_under_its_type() {
    let world = World::new();
    for (status, reply) in answers(&[])
        .into_iter()
        .filter(|(status, _)| *status >= 400)
    {
        assert_eq!(
            reply.header("content-type"),
            Some("application/problem+json")
        );
        assert_eq!(reply.body["status"], status);
        let path = reply.text("/instance");
        assert!(path.starts_with('/') && !path.contains('?'), "{path}");
        assert!(!reply.text("/title").is_empty() && !reply.text("/detail").is_empty());
        assert!(
            !reply.text("/detail").contains(['{', '–']),
            "{}",
            reply.body
        );
        let explained = world.send("GET", reply.text("/type"), &[], b"").expect(200);
        assert_eq!(explained.text("/code"), reply.code());
        assert_eq!(explained.body["status"], status);
        assert_eq!(explained.text("/title/en"), reply.text("/title"));
    }
}

#[test]
fn words_come_in_the_readers_language_and_codes_never_change() {
    let korean = answers(&[("accept-language", "ko-KR,ko;q=0.9,en;q=0.8")]);
    let english = answers(&[("accept-language", "fr, en;q=0.5, ko;q=0.4")]);
    let silent = answers(&[]);
    for (((status, ko), (_, en)), (_, none)) in korean.iter().zip(&english).zip(&silent) {
        if *status < 400 {
            continue;
        }
        assert_eq!(ko.header("content-language"), Some("ko"));
        assert_eq!(en.header("content-language"), Some("en"));
        assert_eq!(none.header("content-language"), Some("en"));
        assert_eq!(ko.code(), en.code());
        assert_eq!(ko.faults(), en.faults());
        assert_ne!(ko.text("/title"), en.text("/title"));
        assert_ne!(ko.text("/detail"), en.text("/detail"));
        assert_eq!(en.text("/title"), none.text("/title"));
        for (ko, en) in errors(ko).iter().zip(errors(en)) {
            assert_ne!(ko["message"], en["message"]);
        }
    }
}

fn errors(reply: &Reply) -> Vec<Value> {
    reply.body["errors"].as_array().cloned().unwrap_or_default()
}

#[test]
fn a_method_that_a_path_lacks_is_answered_with_those_it_has() {
    let world = World::new();
    let operations = operations();
    let paths: BTreeSet<&String> = operations.iter().map(|(_, path)| path).collect();
    for pattern in paths {
        // What is written out fits a pattern too, such as `/disbursements/{id}`.
        let fits = |path: &str| {
            path.split('/').count() == pattern.split('/').count()
                && path
                    .split('/')
                    .zip(pattern.split('/'))
                    .all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
        };
        let has = |wanted: &str| {
            operations.iter().any(|(method, path)| {
                fits(path) && (method == wanted || (method == "get" && wanted == "head"))
            })
        };
        let order = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];
        let allowed: Vec<&str> = order
            .into_iter()
            .filter(|method| has(&method.to_lowercase()))
            .collect();
        let others = ["OPTIONS", "TRACE", "QUERY", "BREW"];
        for method in order
            .into_iter()
            .chain(others)
            .filter(|m| !allowed.contains(m))
        {
            let reply = world.call("admin", (method, &filled(pattern)), &[], None);
            assert_eq!(reply.status, 405, "{method} {pattern}");
            assert_eq!(
                reply.header("allow"),
                Some(allowed.join(", ").as_str()),
                "{pattern}"
            );
            if method != "HEAD" {
                assert_eq!(reply.code(), "method_not_allowed", "{method} {pattern}");
            }
        }
    }
}

#[test]
fn a_path_that_is_not_known_is_not_found() {
    let world = World::new();
    world.with_budget();
    for path in [
        "/",
        "/v1",
        "/v1/",
        "/v2/funds",
        "/V1/funds",
        "/v1/Funds",
        "/v1/funds/",
        "/v1//funds",
        "/v1/funds/mobility/",
        "/v1/funds/MOBILITY",
        "/v1/funds/mobility/nothing",
        "/v1/funds/nowhere",
        "/v1/funds/m",
        "/v1/programs/nowhere",
        "/v1/organisations/nowhere",
        "/v1/beneficiaries/nowhere",
        "/v1/disbursements/nowhere",
        "/v1/disbursements/00000000000000000000000000000000-1",
        "/v1/donations/00000000000000000000000000000000-99",
        "/v1/sales/statements/00000000000000000000000000000000-1",
        "/v1/sales/statements/nothing",
        "/v1/donations/00000000000000000000000000000000-1/uses",
        "/v1/donations/00000000000000000000000000000000-1/uses/1",
        "/v1/sales/00000000000000000000000000000000-9223372036854775807",
        "/v1/sales/00000000000000000000000000000000-9223372036854775808",
        "/v1/funds/nowhere/plans",
        "/v1/funds/nowhere/commitments",
        "/v1/funds/nowhere/contributions",
        "/v1/funds/nowhere/allocations",
        "/v1/reports/funds/nowhere",
        "/v1/reports/programs/nowhere",
        "/v1/users/nowhere",
        "/problems/nowhere",
        "/docs/nowhere.js",
        "/docs/../Cargo.toml",
    ] {
        let reply = world.get("admin", path);
        assert_eq!(reply.refusal(), "404 | not_found", "{path}");
        assert_eq!(
            reply.header("content-type"),
            Some("application/problem+json"),
            "{path}"
        );
    }
}

#[test]
fn head_is_answered_as_get_without_the_body() {
    let world = World::new();
    world.with_budget();
    for path in [
        "/livez",
        "/v1/funds",
        "/v1/funds/mobility",
        "/v1/reports/overview",
    ] {
        let (get, head) = (world.get("viewer", path), {
            world.call("viewer", ("HEAD", path), &[], None)
        });
        assert_eq!((head.status, head.bytes.len()), (200, 0), "{path}");
        for name in ["etag", "content-type", "content-length", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{path} {name}");
        }
    }
    let missing = world.call("viewer", ("HEAD", "/v1/funds/nowhere"), &[], None);
    assert_eq!((missing.status, missing.bytes.len()), (404, 0));
}

#[test]
fn money_comes_in_in_any_whole_form_and_goes_out_as_a_string() {
    let world = World::new();
    world.with_budget();
    let send = |key: &str, amount: &str| {
        let bearer = format!("Bearer {}", world.token("officer"));
        let body = world.cash_to("drivers", key, "AMOUNT").to_string();
        let body = body.replace("\"AMOUNT\"", amount);
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", "application/json; charset=utf-8"),
            ("idempotency-key", key),
        ];
        world.send("POST", "/v1/disbursements", &headers, body.as_bytes())
    };
    let whole = ["\"276\"", "276", "276.0", "276.000", "2.76e2", "27600E-2"];
    for (number, amount) in whole.into_iter().enumerate() {
        let reply = send(&format!("whole-{number}"), amount).expect(201);
        assert_eq!(reply.body["amount"], "276", "{amount}");
        assert_eq!(reply.body["currency"], "KRW");
    }
    let largest = send("largest", "1000000000000000").expect(201);
    assert_eq!(largest.body["amount"], "1000000000000000");
    for (number, (amount, code)) in [
        ("276.5", "not_whole"),
        ("\"276.0\"", "not_whole"),
        ("\"2.76e2\"", "not_a_number"),
        ("\"0276\"", "not_a_number"),
        ("\"1e3\"", "not_a_number"),
        ("\"+276\"", "not_a_number"),
        ("\" 276\"", "not_a_number"),
        ("\"1,000\"", "not_a_number"),
        ("\"276원\"", "not_a_number"),
        ("\"\"", "not_a_number"),
        ("-1", "negative"),
        ("\"-1\"", "negative"),
        ("0", "zero"),
        ("\"0\"", "zero"),
        ("1000000000000001", "too_large"),
        ("\"1000000000000001\"", "too_large"),
        ("1e30", "too_large"),
        ("99999999999999999999999999", "too_large"),
        ("null", "wrong_type"),
        ("true", "wrong_type"),
        ("[276]", "wrong_type"),
        ("{\"won\":276}", "wrong_type"),
    ]
    .into_iter()
    .enumerate()
    {
        let refused = send(&format!("odd-{number}"), amount).refusal();
        assert_eq!(
            refused,
            format!("422 | invalid_fields | /amount {code}"),
            "{amount}"
        );
    }
}

#[test]
fn what_is_not_known_is_refused_and_not_passed_over() {
    let world = World::new();
    world.with_budget();
    let id = world.submit("drivers", "DRV-1", "1000");
    let mut body = world.cash_to("drivers", "DRV-2", "1000");
    body["status"] = json!("paid");
    body["beneficiary"]["bank_account"] = json!("110-123-456789");
    body["a/b~c"] = json!(1);
    let refused = world
        .post("officer", "/v1/disbursements", &body)
        .expect(422);
    let mut faults = refused.faults();
    faults.sort_unstable();
    let expected = [
        "/a~1b~0c unknown_field",
        "/beneficiary/bank_account unknown_field",
        "/status unknown_field",
    ];
    assert_eq!(faults, expected);
    for path in [
        "/v1/disbursements?colour=red",
        "/v1/disbursements?limit=5&colour=red",
        "/v1/users?colour=red",
        "/v1/reports/overview?colour=red",
        "/v1/reports/funds/mobility?colour=red",
        "/v1/reports/series?metric=paid&colour=red",
    ] {
        let refused = world.get("admin", path).refusal();
        assert_eq!(
            refused, "422 | invalid_fields | ?colour unknown_field",
            "{path}"
        );
    }
    let verb = world.post(
        "approver",
        &format!("/v1/disbursements/{id}/approve?colour=red"),
        &json!({}),
    );
    assert_eq!(
        verb.refusal(),
        "422 | invalid_fields | ?colour unknown_field"
    );
}
