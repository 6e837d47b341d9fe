//! What every operation refuses alike: read off the document, so that none is left out.

use serde_json::{Value, json};

use crate::conventions::answers::{filled, operations};
use crate::support::{Reply, World};

/// Who may do it, for any operation that changes something.
fn doer(path: &str) -> &'static str {
    let last = path.rsplit('/').next().unwrap();
    match last {
        _ if path.starts_with("/v1/pledges") => "communicator",
        "approve" | "reject" | "unmerge" | "batch-actions" => "approver",
        _ if path.starts_with("/v1/imports") => "officer",
        "cancel" if !path.contains("/sales/") && !path.contains("/uses/") => "approver",
        "pay" | "return" | "refund" => "treasurer",
        _ if ["/v1/users", "/v1/partners", "/v1/clients"]
            .iter()
            .any(|noun| path.starts_with(noun)) =>
        {
            "admin"
        }
        _ if path.starts_with("/v1/claims") => "communicator",
        _ if [
            "funds",
            "programs",
            "organisations",
            "indicators",
            "proposals",
            "settings",
        ]
        .iter()
        .any(|noun| path.contains(noun)) =>
        {
            "manager"
        }
        _ => "officer",
    }
}

/// Whether somebody who is signed in does it for themselves, without a key.
fn is_own(path: &str) -> bool {
    path.starts_with("/v1/me/")
}

/// Everything that changes something, but for signing in and out: method, path, who does it.
fn changes() -> Vec<(String, String, &'static str)> {
    let all = operations().into_iter().filter(|(method, path)| {
        // The body of an import is a file: what of it is refused, `imports` tells.
        let is_file = path == "/v1/imports";
        let signs_in = path.starts_with("/v1/auth") || path.starts_with("/v1/oauth");
        method != "get" && path.starts_with("/v1/") && !signs_in && !is_file
    });
    all.map(|(method, path)| (method.to_uppercase(), filled(&path), doer(&path)))
        .collect()
}

struct Asking<'a> {
    world: &'a World,
    method: &'a str,
    path: &'a str,
    user: &'a str,
}

impl Asking<'_> {
    /// Sends what is complete but for `headers`, of which an empty one is left out.
    fn send(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Reply {
        let bearer = format!("Bearer {}", self.world.token(self.user));
        let mut all = vec![
            ("authorization", bearer.as_str()),
            ("content-type", "application/json"),
            ("idempotency-key", "k"),
            ("if-match", "\"1\""),
        ];
        all.retain(|(name, _)| !headers.iter().any(|(other, _)| name == other));
        all.extend(headers.iter().filter(|(_, value)| !value.is_empty()));
        self.world
            .send(self.method, path, &all, body)
            .as_told(self.method, self.path)
    }

    #[track_caller]
    fn is_refused(&self, headers: &[(&str, &str)], body: &[u8], refusal: &str) {
        let reply = self.send(self.path, headers, body);
        let body = String::from_utf8_lossy(body);
        assert_eq!(
            reply.refusal(),
            refusal,
            "{} {} {body}",
            self.method,
            self.path
        );
    }
}

#[test]
fn every_operation_refuses_who_may_not_before_all_else() {
    let world = World::new();
    let watch = world.watch();
    for (method, path, user) in changes() {
        let asking = Asking {
            world: &world,
            method: &method,
            path: &path,
            user,
        };
        let nobody = [
            ("authorization", ""),
            ("idempotency-key", ""),
            ("if-match", ""),
        ];
        asking.is_refused(&nobody, b"{", "401 | not_signed_in");
        let stranger = [("authorization", "Bearer x")];
        asking.is_refused(&stranger, b"{", "401 | not_signed_in");
        for other in ["viewer", "auditor", "communicator"] {
            let asking = Asking {
                user: other,
                ..asking
            };
            // Who may export depends on what: see `exports`.
            if other != user && !is_own(&path) && !path.starts_with("/v1/exports") {
                asking.is_refused(&[], b"{", "403 | missing_right");
            }
        }
    }
    assert!(watch.saw_nothing());
}

#[test]
fn every_operation_refuses_a_request_that_is_not_complete() {
    let world = World::new();
    let watch = world.watch();
    for (method, path, user) in changes() {
        let asking = Asking {
            world: &world,
            method: &method,
            path: &path,
            user,
        };
        if method == "PATCH" {
            asking.is_refused(&[("if-match", "")], b"{}", "428 | if_match_missing");
            asking.is_refused(&[("if-match", "1")], b"{}", "400 | if_match_malformed");
        } else if !is_own(&path) {
            asking.is_refused(
                &[("idempotency-key", "")],
                b"{}",
                "400 | idempotency_key_missing",
            );
            asking.is_refused(
                &[("idempotency-key", "a b")],
                b"{}",
                "400 | idempotency_key_malformed",
            );
        }
        if !is_own(&path) {
            let reply = asking.send(&format!("{path}?colour=red"), &[], b"{}");
            let refusal = "422 | invalid_fields | ?colour unknown_field";
            assert_eq!(reply.refusal(), refusal, "{method} {path}");
        }
        asking.is_refused(
            &[("content-type", "text/plain")],
            b"{}",
            "415 | unsupported_media_type",
        );
        asking.is_refused(
            &[("content-type", "")],
            b"{}",
            "415 | unsupported_media_type",
        );
        asking.is_refused(
            &[("content-encoding", "gzip")],
            b"{}",
            "415 | content_encoding_refused",
        );
    }
    assert!(watch.saw_nothing());
}

#[test]
fn every_operation_refuses_a_body_that_is_no_object_of_its_own() {
    let world = World::new();
    let watch = world.watch();
    for (method, path, user) in changes() {
        let asking = Asking {
            world: &world,
            method: &method,
            path: &path,
            user,
        };
        for body in [
            "{",
            "",
            "{\"a\":1}}",
            "{'a':1}",
            "{\"a\":NaN}",
            "\u{feff}{}",
        ] {
            if !body.is_empty() {
                asking.is_refused(&[], body.as_bytes(), "400 | bad_json");
            }
        }
        for body in ["[]", "null", "true", "12", "1.5", "\"{}\"", "[{}]"] {
            asking.is_refused(&[], body.as_bytes(), "422 | invalid_fields |  wrong_type");
        }
        let twice = br#"{"amount":1,"amount":2,"reason":"x"}"#;
        asking.is_refused(&[], twice, "422 | invalid_fields | /amount duplicate_field");
        let unknown = asking.send(&path, &[], br#"{"colour":"red","":null}"#);
        let faults = unknown.expect(422).faults();
        for fault in ["/colour unknown_field", "/ unknown_field"] {
            assert!(
                faults.iter().any(|found| found == fault),
                "{method} {path} {faults:?}"
            );
        }
    }
    assert!(watch.saw_nothing());
}

/// For each change, the least that it takes, so that only its subject is wrong.
fn least(path: &str) -> Value {
    match path.rsplit('/').next().unwrap() {
        "commit" => json!({ "mode": "all" }),
        _ if path.starts_with("/v1/imports/") || path.starts_with("/v1/exports/") => json!({}),
        "reject" | "withdraw" | "cancel" | "return" | "close" | "reopen" | "reverse" => {
            json!({ "reason": "x" })
        }
        "refund" => json!({ "reason": "x", "reason_class": "error" }),
        "amend" => json!({ "purpose": "x", "reason": "x", "reason_class": "update" }),
        "receipt" => json!({ "number": "1", "issued_on": "2022-11-03", "class": "일반" }),
        "commitments" => json!({ "change": "raise", "amount": 1, "reason": "x" }),
        "contributions" => json!({ "amount": 1, "from": "x" }),
        "allocations" => json!({ "program": "drivers", "amount": 1, "kind": "allocate" }),
        "uses" => {
            let period = json!({ "start": "2022-11-01", "end": "2022-11-02" });
            json!({ "period": period, "used": 1, "returned": 0 })
        }
        "review" => json!({ "status": "met" }),
        "reschedule" => json!({ "due_on": "2022-12-31", "reason": "x" }),
        "milestones" => json!({ "title": "x" }),
        "confirm" => json!({ "organisation": "xx" }),
        "plans" => json!({ "version_reason": "x", "lines": [] }),
        "merge" => json!({ "into": "x", "reason": "x" }),
        "unmerge" => json!({ "reason": "x" }),
        _ => json!({}),
    }
}

#[test]
fn what_is_not_there_is_not_found_by_any_operation() {
    let world = World::new();
    world.with_budget();
    let watch = world.watch();
    let patterns = operations()
        .into_iter()
        .filter(|(method, path)| method != "get" && path.starts_with("/v1/") && path.contains('{'));
    for (method, pattern) in patterns {
        let (method, path, user) = (method.to_uppercase(), filled(&pattern), doer(&pattern));
        let asking = Asking {
            world: &world,
            method: &method,
            path: &path,
            user,
        };
        let body = least(&path).to_string();
        asking.is_refused(&[], body.as_bytes(), "404 | not_found");
        // Nor does another noun's id name it, nor a book that is not there, nor no id at all.
        for odd in [
            format!("{}-1", "a".repeat(32)),
            format!("{}-77", "0".repeat(32)),
            "x".to_owned(),
            "..".to_owned(),
            "%2e%2e".to_owned(),
            "a%00b".to_owned(),
            "%ff".to_owned(),
            "z".repeat(300),
        ] {
            let path = pattern.split('/').map(|part| {
                if part.starts_with('{') {
                    odd.as_str()
                } else {
                    part
                }
            });
            let path = path.collect::<Vec<_>>().join("/");
            let bearer = format!("Bearer {}", world.token(user));
            let headers = [
                ("authorization", bearer.as_str()),
                ("content-type", "application/json"),
                ("idempotency-key", "k"),
                ("if-match", "\"1\""),
            ];
            let reply = world.send(&method, &path, &headers, body.as_bytes());
            assert!(
                matches!(reply.status, 404 | 405),
                "{method} {path}: {}",
                reply.body
            );
        }
    }
    assert!(watch.saw_nothing());
}
