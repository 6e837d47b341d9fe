//! The document, and the server that it describes.

use std::collections::BTreeSet;

use sangsaeng::http::openapi::document_json;
use serde_json::Value;

use crate::support::World;

/// Methods that an operation may have.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

fn document() -> Value {
    serde_json::from_str(&document_json()).unwrap()
}

/// Every operation: its method, its path, itself.
fn operations(document: &Value) -> Vec<(String, String, Value)> {
    let mut found = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in METHODS {
            if let Some(operation) = item.get(method) {
                found.push((method.to_owned(), path.clone(), operation.clone()));
            }
        }
    }
    assert!(found.len() > 60, "{} operations", found.len());
    found
}

#[test]
fn the_committed_document_is_the_one_that_the_code_tells() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi/sangsaeng.json");
    let committed = std::fs::read_to_string(path).unwrap();
    assert!(
        committed.trim() == document_json().trim(),
        "run `cargo run -- openapi > openapi/sangsaeng.json` and look at what changed"
    );
}

#[test]
fn the_served_document_is_the_printed_one() {
    let w = World::new();
    let served = w.send("GET", "/openapi.json", &[], b"").expect(200);
    assert_eq!(served.body, document());
}

#[test]
fn every_operation_says_what_it_does_and_may_answer() {
    let document = document();
    let mut ids = BTreeSet::new();
    for (method, path, operation) in operations(&document) {
        let at = format!("{method} {path}");
        for name in ["summary", "operationId"] {
            assert!(
                operation[name]
                    .as_str()
                    .is_some_and(|text| !text.is_empty()),
                "{at}: {name}"
            );
        }
        assert!(
            ids.insert(operation["operationId"].to_string()),
            "{at}: the id is not unique"
        );
        assert_eq!(operation["tags"].as_array().map(Vec::len), Some(1), "{at}");
        assert!(operation.get("security").is_some(), "{at}: security");
        let responses = operation["responses"].as_object().unwrap();
        assert!(
            responses.keys().any(|status| status.starts_with('4')),
            "{at}: refusals"
        );
        for (status, response) in responses {
            let Some(content) = response.get("content") else {
                continue;
            };
            for (kind, media) in content.as_object().unwrap() {
                assert!(
                    media.get("example").is_some(),
                    "{at}: {status} {kind} has no example"
                );
            }
        }
        if let Some(body) = operation.get("requestBody") {
            for (kind, media) in body["content"].as_object().unwrap() {
                assert!(
                    media.get("example").is_some(),
                    "{at}: {kind} has no example"
                );
            }
        }
    }
}

#[test]
fn recording_needs_a_key_and_changing_needs_a_version() {
    for (method, path, operation) in operations(&document()) {
        let parameters = operation["parameters"].to_string();
        let records = method == "post" && path.starts_with("/v1/");
        let of_the_caller = ["/v1/auth/", "/v1/me/", "/v1/oauth/"];
        let of_the_caller = of_the_caller.iter().any(|below| path.starts_with(below));
        if records && !of_the_caller {
            assert!(parameters.contains("IdempotencyKey"), "{path}");
        }
        if method == "patch" {
            assert!(parameters.contains("IfMatch"), "{path}");
        }
    }
}

/// Every path of the document is served, and no other method of it is.
#[test]
fn what_is_told_is_served_and_nothing_else() {
    let w = World::new();
    let document = document();
    for (path, item) in document["paths"].as_object().unwrap() {
        let concrete = path
            .split('/')
            .map(|part| match part.split_once('}') {
                Some((_, ending)) => format!("aa{ending}"),
                None => part.to_owned(),
            })
            .collect::<Vec<_>>()
            .join("/");
        // What is written out fits patterns too, such as `/sales/{id}`.
        let fits = |pattern: &str| {
            pattern.split('/').count() == concrete.split('/').count()
                && pattern
                    .split('/')
                    .zip(concrete.split('/'))
                    .all(|(wanted, given)| wanted.starts_with('{') || wanted == given)
        };
        let paths = document["paths"].as_object().unwrap();
        let fitting: Vec<&Value> = paths
            .iter()
            .filter(|(pattern, _)| fits(pattern))
            .map(|(_, item)| item)
            .collect();
        for method in METHODS {
            let reply = w.send(&method.to_uppercase(), &concrete, &[], b"");
            let told = fitting.iter().any(|item| item.get(method).is_some());
            assert_eq!(
                reply.status != 405,
                told,
                "{method} {path}: {}",
                reply.status
            );
            if !told {
                let allow = reply.header("allow").unwrap_or_default().to_lowercase();
                assert!(
                    METHODS
                        .iter()
                        .any(|m| item.get(m).is_some() && allow.contains(m)),
                    "{path}"
                );
            }
            assert_ne!(reply.code(), "internal", "{method} {path}");
        }
    }
}

#[test]
fn the_page_loads_nothing_from_elsewhere() {
    let w = World::new();
    let page = w.send("GET", "/docs", &[], b"").expect(200);
    let html = String::from_utf8(page.bytes).unwrap();
    assert!(
        !html.contains("http://") && !html.contains("https://"),
        "{html}"
    );
    let assets: Vec<&str> = html
        .split(['"', '\''])
        .filter(|part| part.starts_with("/docs/"))
        .collect();
    assert!(assets.len() >= 3, "{html}");
    for asset in assets {
        w.send("GET", asset, &[], b"").expect(200);
    }
}

/// Every reference in a part of the document.
fn references<'a>(part: &'a Value, found: &mut Vec<&'a str>) {
    match part {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str));
            members.values().for_each(|part| references(part, found));
        }
        Value::Array(parts) => parts.iter().for_each(|part| references(part, found)),
        _ => {}
    }
}

#[test]
fn every_reference_leads_somewhere_and_every_part_of_a_path_is_told_of() {
    let document = document();
    let mut found = Vec::new();
    references(&document, &mut found);
    found.retain(|name| document.pointer(name.trim_start_matches('#')).is_none());
    assert_eq!(found, [""; 0]);
    for (path, item) in document["paths"].as_object().unwrap() {
        let named = path
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split('}').next());
        for name in named {
            for (method, operation) in item.as_object().unwrap() {
                let told = operation["parameters"].as_array().into_iter().flatten();
                let resolved = told.map(|parameter| {
                    let at = parameter["$ref"].as_str();
                    at.map_or(parameter, |at| {
                        document.pointer(at.trim_start_matches('#')).unwrap()
                    })
                });
                let mut of_path = resolved.filter(|parameter| parameter["in"] == "path");
                assert!(
                    of_path.any(|parameter| parameter["name"] == name),
                    "{method} {path}"
                );
            }
        }
    }
}
