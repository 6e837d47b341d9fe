//! Bodies, queries and headers that no honest caller sends, to every operation that takes them.

use serde_json::json;

use super::refused;
use crate::conventions::answers::{filled, operations};
use crate::support::{Reply, World};

const JSON: (&str, &str) = ("content-type", "application/json");

/// The first characters of a long text, for messages.
fn start_of(text: &str, characters: usize) -> String {
    text.chars().take(characters).collect()
}

fn post(w: &World, headers: &[(&str, &str)], body: &[u8]) -> Reply {
    let bearer = format!("Bearer {}", w.token("officer"));
    let mut all = vec![("authorization", bearer.as_str()), ("idempotency-key", "k")];
    all.extend(headers);
    w.send("POST", "/v1/disbursements", &all, body)
}

#[test]
fn a_body_is_told_what_is_broken_in_it() {
    let w = World::new();
    let watch = w.watch();
    let deep_list = "[".repeat(100_000);
    let deep_object = "{\"a\":".repeat(100_000);
    let closed = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let just_too_deep = format!("{}{}", "[".repeat(128), "]".repeat(128));
    let wide = format!("[{}1]", "1,".repeat(400_000));
    let names: String = (0..150_000)
        .map(|number| format!("\"{number}\":0,"))
        .collect();
    let names = format!("{{{names}\"x\":0}}");
    for (body, refusal) in [
        (&b"{"[..], "400 | bad_json"),
        (b"{\"program\": tru", "400 | bad_json"),
        (b"{\"a\":1,}", "400 | bad_json"),
        (b"{} {}", "400 | bad_json"),
        (b"{\"a\":01}", "400 | bad_json"),
        (b"{\"a\":\"\n\"}", "400 | bad_json"),
        (b"{\"a\":\"\\x\"}", "400 | bad_json"),
        (b"{\"a\":\"\\ud800\"}", "400 | bad_json"),
        (b"\xff\xfe{\0}\0", "400 | bad_json"),
        (b"\xef\xbb\xbf{}", "400 | bad_json"),
        (b"{\"program\":\"\xed\xa0\x80\"}", "400 | bad_json"),
        (b"{\"program\":\"\xc0\xaf\"}", "400 | bad_json"),
        (b"\0", "400 | bad_json"),
        (b"   ", "400 | bad_json"),
        (
            b"{\"$serde_json::private::Number\":\"x\"}",
            "400 | bad_json",
        ),
        (deep_list.as_bytes(), "400 | bad_json"),
        (deep_object.as_bytes(), "400 | bad_json"),
        (closed.as_bytes(), "400 | bad_json"),
        (just_too_deep.as_bytes(), "400 | bad_json"),
        (wide.as_bytes(), "413 | too_many_values"),
        (names.as_bytes(), "413 | too_many_values"),
        (
            b"{\"a\":1,\"a\":2}",
            "422 | invalid_fields | /a duplicate_field",
        ),
        (
            b"{\"a\":{\"b\":[{\"c\":1,\"c\":1}]}}",
            "422 | invalid_fields | /a/b/0/c duplicate_field",
        ),
        (
            b"{\"a\\u0000\":1}",
            "422 | invalid_fields |  control_character",
        ),
        (
            b"{\"a\":\"\\u0000\"}",
            "422 | invalid_fields | /a control_character",
        ),
        (b"[]", "422 | invalid_fields |  wrong_type"),
        (b"null", "422 | invalid_fields |  wrong_type"),
    ] {
        let reply = post(&w, &[JSON], body).as_told("POST", "/v1/disbursements");
        let start = String::from_utf8_lossy(&body[..body.len().min(60)]).into_owned();
        assert_eq!(reply.refusal(), refusal, "{start}");
        refused(&reply, &start);
    }
    assert!(watch.saw_nothing());
}

#[test]
fn a_number_of_any_length_is_only_too_large() {
    let w = World::new();
    w.with_budget();
    let watch = w.watch();
    let nines = "9".repeat(1_900_000);
    let zeros = format!("1{}", "0".repeat(1_900_000));
    let fine = format!("0.{}1", "0".repeat(1_900_000));
    let near = format!("1.{}1", "0".repeat(1_900_000));
    for (number, code) in [
        (nines.as_str(), "too_large"),
        (&zeros, "too_large"),
        (&fine, "not_whole"),
        (&near, "not_whole"),
        ("1e999999999999999999999", "too_large"),
        ("1e-999999999999999999999", "not_whole"),
        ("-1e999999999999999999999", "too_large"),
        ("0e999999999999999999999", "zero"),
        ("-0.0", "zero"),
    ] {
        let body = w.cash_to("drivers", "DRV-1", "AMOUNT").to_string();
        let body = body.replace("\"AMOUNT\"", number);
        let reply = post(&w, &[JSON], body.as_bytes());
        let start = start_of(number, 30);
        assert_eq!(
            reply.refusal(),
            format!("422 | invalid_fields | /amount {code}"),
            "{start}"
        );
        refused(&reply, &start);
    }
    assert!(watch.saw_nothing());
}

#[test]
fn a_body_that_is_too_large_or_of_another_kind_is_not_read() {
    let w = World::new();
    let most = 2 * 1024 * 1024;
    let padded = |length: usize| format!("{{}}{}", " ".repeat(length - 2));
    let fits = post(&w, &[JSON], padded(most).as_bytes());
    assert_eq!(fits.code(), "invalid_fields");
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/xml",
        "application/json; charset=euc-kr",
        "application/json; charset=utf-16",
        "application/jsonp",
        "text/json",
        "json",
        "application/json, text/plain",
        "*/*",
        ";",
    ] {
        let reply = post(&w, &[("content-type", kind)], b"{}");
        assert_eq!(reply.refusal(), "415 | unsupported_media_type", "{kind}");
        refused(&reply, kind);
    }
    for kind in [
        "application/json",
        "Application/JSON",
        "application/json;charset=UTF-8",
    ] {
        assert_eq!(
            post(&w, &[("content-type", kind)], b"{}").status,
            422,
            "{kind}"
        );
    }
    for coding in [
        "gzip",
        "br",
        "zstd",
        "deflate",
        "identity",
        "gzip, gzip",
        "x",
    ] {
        let reply = post(&w, &[JSON, ("content-encoding", coding)], b"{}");
        assert_eq!(
            reply.refusal(),
            "415 | content_encoding_refused",
            "{coding}"
        );
    }
}

/// Bodies that fit no operation.
const BODIES: [&[u8]; 12] = [
    b"{",
    b"[]",
    b"\"\"",
    b"-1e99999",
    b"{\"\":{\"\":{\"\":[]}}}",
    b"{\"amount\":{\"$serde_json::private::Number\":\"1\"},\"__proto__\":{}}",
    b"{\"reason\":\"'; DROP TABLE funds; --\",\"x\":\"${jndi:ldap://x}\"}",
    b"{\"code\":\"../../etc/passwd\",\"name\":\"<script>alert(1)</script>\"}",
    b"{\"lines\":[[[[[[]]]]]],\"funds\":{\"0\":1},\"tags\":[],\"roles\":\"admin\"}",
    b"{\"program\":\"\\ud83d\\ude00\",\"beneficiary\":{\"kind\":[]},\"attributes\":[1]}",
    b"{\"amount\":1e400,\"effective_on\":\"+275760-09-13\",\"fiscal_year\":1e18}",
    b"\xf0\x9f\x92\xa9",
];

#[test]
fn no_operation_is_upset_by_a_hostile_body() {
    let w = World::new();
    let watch = w.watch();
    let doers = ["admin", "manager", "officer", "approver", "treasurer"];
    let bearers = doers.map(|user| format!("Bearer {}", w.token(user)));
    for (method, path) in operations()
        .into_iter()
        .filter(|(method, _)| method != "get")
    {
        // OAuth has a form of its own for refusals: see `partners`.
        if path.ends_with("/logout") || path.ends_with("/oauth/token") {
            continue;
        }
        for bearer in &bearers {
            for body in BODIES {
                let headers = [
                    JSON,
                    ("authorization", bearer.as_str()),
                    ("idempotency-key", "k"),
                    ("if-match", "\"1\""),
                ];
                let reply = w.send(&method.to_uppercase(), &filled(&path), &headers, body);
                refused(
                    &reply,
                    &format!("{method} {path} {}", String::from_utf8_lossy(body)),
                );
            }
        }
    }
    assert!(watch.saw_nothing());
}

#[test]
fn no_path_leads_out_of_the_books() {
    let w = World::new();
    w.with_budget();
    let long = "a".repeat(4_000);
    let odd = [
        "..%2f..%2fetc%2fpasswd",
        "%2e%2e",
        "..%5c..%5cwindows",
        "%00",
        "mobility%00",
        "mobility%0d%0aX-Evil:1",
        "%c0%ae%c0%ae",
        "%ff%fe",
        "mobility;admin=1",
        "mobility'--",
        "mobility%27%20OR%201=1",
        "%EA%B8%B0%EA%B8%88",
        "1-1",
        "-1--1",
        "9223372036854775808-1",
        "*",
        "$(id)",
        "%25",
        "%zz",
        &long,
    ];
    for noun in [
        "funds",
        "programs",
        "organisations",
        "beneficiaries",
        "disbursements",
        "donations",
        "sales",
        "users",
        "reports/funds",
        "reports/programs",
    ] {
        for odd in odd {
            let path = format!("/v1/{noun}/{odd}");
            let reply = w.get("admin", &path);
            assert_eq!(reply.refusal(), "404 | not_found", "{path}");
            refused(&reply, &path);
            assert_eq!(reply.header("x-evil"), None);
        }
    }
    for path in [
        "/docs/..%2f..%2fCargo.toml",
        "/problems/..%2f",
        "//v1/me",
        "/v1/../livez",
    ] {
        assert_eq!(w.get("admin", path).refusal(), "404 | not_found", "{path}");
    }
}

#[test]
fn a_query_is_refused_by_name_however_long_it_is() {
    let w = World::new();
    let long = "a".repeat(60_000);
    for (query, fault) in [
        (format!("cursor={long}"), "?cursor too_long"),
        (format!("q={long}"), "?q too_long"),
        (format!("{long}=1"), "unknown_field"),
        ("q=%ff".to_owned(), ""),
        ("q=%".to_owned(), ""),
        ("q=%00".to_owned(), "?q control_character"),
        ("q=a%0d%0ab".to_owned(), "?q control_character"),
        ("attribute=%3A".to_owned(), "?attribute bad_attribute_name"),
        ("limit=%00".to_owned(), "?limit control_character"),
        ("=".to_owned(), "? unknown_field"),
        ("&&&a".to_owned(), "?a unknown_field"),
        ("q[]=1".to_owned(), "?q[] unknown_field"),
        ("from=2022-11-03T00:00:00Z".to_owned(), "?from not_a_day"),
    ] {
        let reply = w.get("viewer", &format!("/v1/disbursements?{query}"));
        let start = start_of(&query, 40);
        if fault.is_empty() {
            assert!(
                matches!(reply.status, 200 | 422),
                "{start}: {}",
                reply.status
            );
        } else {
            refused(&reply, &start);
            let first = &reply.faults()[0];
            assert!(first.contains(fault), "{start}: {}", start_of(first, 80));
        }
    }
}

#[test]
fn a_header_is_never_taken_for_more_than_it_is() {
    let w = World::new();
    w.with_budget();
    let long = "a".repeat(60_000);
    let body = w.cash_to("drivers", "DRV-1", "1000");
    let send = |headers: &[(&str, &str)]| {
        w.call(
            "officer",
            ("POST", "/v1/disbursements?dry_run=true"),
            headers,
            Some(&body),
        )
    };
    send(&[("accept-language", &long)]).expect(200);
    send(&[("accept-language", &"ko;q=0.1,".repeat(5_000))]).expect(200);
    send(&[("if-match", "\"1\""), ("if-none-match", &long)]).expect(200);
    send(&[
        ("x-forwarded-for", "127.0.0.1"),
        ("x-forwarded-host", "evil.example"),
    ])
    .expect(200);
    send(&[
        ("x-http-method-override", "DELETE"),
        ("x-original-url", "/v1/users"),
    ])
    .expect(200);
    let named = send(&[("x-request-id", &long)]).expect(200);
    assert_eq!(named.header("x-request-id").map(str::len), Some(36));
    let keyed = w.post_with_key("officer", "/v1/disbursements", &long, &body);
    assert_eq!(keyed.refusal(), "400 | idempotency_key_malformed");
    let patched = w.patch("manager", "/v1/funds/mobility", &long, &json!({}));
    assert_eq!(patched.refusal(), "400 | if_match_malformed");
    let many: Vec<(String, String)> = (0..60)
        .map(|number| (format!("x-{number}"), "y".repeat(500)))
        .collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    send(&many).expect(200);
}
