//! Versions: what was read is what is changed, and what is known is not sent again.

use serde_json::{Value, json};

use crate::support::{Reply, World};

/// Everything that can be changed: who changes it, where it is, and a change of it.
fn changeable(world: &World) -> Vec<(&'static str, String, Value)> {
    world.with_budget();
    let name = json!({ "ko": "새 이름", "en": "New name" });
    let house = json!({ "code": "bridge", "name": name });
    world
        .post("manager", "/v1/organisations", &house)
        .expect(201);
    let gift = json!({ "recipient": "bridge", "recipient_role": "end", "designated": true,
        "form": "cash", "amount": "300", "planned_on": "2022-11-03" });
    let gift = world.post("officer", "/v1/donations", &gift).expect(201);
    let grant = world.submit("drivers", "DRV-1", "1000");
    let claim = json!({ "statement": "x", "source": "x", "said_on": "2022-11-03",
        "as_of": "2022-11-03", "comparator": "gte", "value": "1", "nature": "estimate" });
    let claim = world.post("communicator", "/v1/claims", &claim).expect(201);
    let indicator = json!({ "code": "reach", "name": name, "unit": "people", "additive": false,
        "accumulation": "in_period", "better": "up" });
    world
        .post("manager", "/v1/indicators", &indicator)
        .expect(201);
    let measured = json!({ "indicator": "reach", "value": 5, "nature": "measured",
        "period": { "start": "2022-10-01", "end": "2022-10-31" } });
    let measured = world.post("officer", "/v1/measurements", &measured);
    let measured = measured.expect(201).header("location").unwrap().to_owned();
    let renamed = json!({ "name": name });
    vec![
        ("officer", measured, json!({ "value": 6 })),
        (
            "manager",
            "/v1/indicators/reach".to_owned(),
            renamed.clone(),
        ),
        ("manager", "/v1/funds/mobility".to_owned(), renamed.clone()),
        (
            "manager",
            "/v1/programs/drivers".to_owned(),
            renamed.clone(),
        ),
        ("manager", "/v1/organisations/bridge".to_owned(), renamed),
        (
            "officer",
            format!("/v1/disbursements/{grant}"),
            json!({ "amount": "2000" }),
        ),
        (
            "officer",
            gift.header("location").unwrap().to_owned(),
            json!({ "amount": "200" }),
        ),
        (
            "communicator",
            claim.header("location").unwrap().to_owned(),
            json!({ "statement": "y" }),
        ),
        (
            "admin",
            "/v1/users/viewer".to_owned(),
            json!({ "roles": ["auditor"] }),
        ),
    ]
}

#[test]
fn a_change_names_the_version_that_was_read() {
    let world = World::new();
    for (user, path, change) in changeable(&world) {
        let read = || world.get(user, &path).expect(200);
        let patch = |headers: &[(&str, &str)]| {
            world
                .call(user, ("PATCH", &path), headers, Some(&change))
                .as_told("PATCH", &path)
        };
        let first = read();
        assert_eq!(first.header("etag"), Some("\"1\""), "{path}");
        assert_eq!(first.body["version"], 1, "{path}");
        let watch = world.watch();
        assert_eq!(patch(&[]).refusal(), "428 | if_match_missing", "{path}");
        for etag in ["\"2\"", "\"999999999\""] {
            let refused = patch(&[("if-match", etag)]);
            assert_eq!(refused.refusal(), "412 | stale_etag", "{path}");
        }
        for etag in [
            "1",
            "*",
            "W/\"1\"",
            "\"01\"",
            "\"1\", \"2\"",
            "\"\"",
            "\"-1\"",
            "\"x\"",
        ] {
            let refused = patch(&[("if-match", etag)]);
            assert_eq!(
                refused.refusal(),
                "400 | if_match_malformed",
                "{path} {etag}"
            );
        }
        let twice = patch(&[("if-match", "\"1\""), ("if-match", "\"1\"")]);
        assert_eq!(twice.refusal(), "400 | if_match_malformed", "{path}");
        assert!(watch.saw_nothing(), "{path}");

        let changed = patch(&[("if-match", "\"1\"")]).expect(200);
        assert_eq!(changed.header("etag"), Some("\"2\""), "{path}");
        let now = read();
        assert_eq!(
            (now.header("etag"), &now.body),
            (Some("\"2\""), &changed.body),
            "{path}"
        );
        let late = patch(&[("if-match", "\"1\"")]);
        assert_eq!(late.refusal(), "412 | stale_etag", "{path}");
        assert_eq!(late.text("/facts/version"), "2", "{path}");
    }
}

#[test]
fn a_verb_may_name_the_version_that_was_read() {
    let world = World::new();
    world.with_budget();
    let id = world.submit("drivers", "DRV-1", "1000");
    let path = format!("/v1/disbursements/{id}");
    world
        .patch("officer", &path, "\"1\"", &json!({ "amount": "2000" }))
        .expect(200);
    let approve = |etag: &str| {
        let headers = [("idempotency-key", "k"), ("if-match", etag)];
        let on = format!("{path}/approve");
        world.call("approver", ("POST", &on), &headers, Some(&json!({})))
    };
    assert_eq!(approve("\"1\"").refusal(), "412 | stale_etag");
    assert_eq!(approve("1").refusal(), "400 | if_match_malformed");
    let approved = approve("\"2\"").expect(200);
    assert_eq!(approved.header("etag"), Some("\"3\""));
    assert_eq!(approved.body["amounts"]["approved"], "2000");
}

#[test]
fn a_merge_patch_sets_what_it_names_and_takes_away_what_is_null() {
    let world = World::new();
    world.with_budget();
    let mut body = world.cash_to("drivers", "DRV-1", "1000");
    body["purpose"] = json!("유류비");
    body["voucher_number"] = json!("V-1");
    body["attributes"] = json!({ "wave": "a", "channel": "chat" });
    let made = world
        .post("officer", "/v1/disbursements", &body)
        .expect(201);
    let path = made.header("location").unwrap();
    let patch = |etag: &str, kind: &str, body: &str| {
        let bearer = format!("Bearer {}", world.token("officer"));
        let headers = [
            ("authorization", bearer.as_str()),
            ("content-type", kind),
            ("if-match", etag),
        ];
        world.send("PATCH", path, &headers, body.as_bytes())
    };
    let kind = "application/merge-patch+json";
    let changes = r#"{"purpose":null,"attributes":{"wave":null,"team":"b"},"amount":2000}"#;
    let changed = patch("\"1\"", kind, changes).expect(200);
    assert_eq!(changed.body["purpose"], Value::Null);
    assert_eq!(changed.body["amount"], "2000");
    assert_eq!(changed.body["voucher_number"], "V-1");
    assert_eq!(
        changed.body["attributes"],
        json!({ "channel": "chat", "team": "b" })
    );
    assert_eq!(changed.body["planned_on"], made.body["planned_on"]);

    // What a record cannot be without is not taken away, and what it is stays.
    let refused = patch(
        "\"2\"",
        kind,
        r#"{"amount":null,"planned_on":null,"program":"others"}"#,
    );
    let mut faults = refused.expect(422).faults();
    faults.sort_unstable();
    let expected = [
        "/amount not_removable",
        "/planned_on not_removable",
        "/program unknown_field",
    ];
    assert_eq!(faults, expected);
    for kind in [
        "application/json-patch+json",
        "text/plain",
        "application/xml",
    ] {
        let refused = patch("\"2\"", kind, changes);
        assert_eq!(refused.refusal(), "415 | unsupported_media_type", "{kind}");
    }
    patch("\"2\"", "application/json", "{}").expect(200);
}

#[test]
fn a_post_takes_no_merge_patch() {
    let world = World::new();
    let bearer = format!("Bearer {}", world.token("manager"));
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/merge-patch+json"),
        ("idempotency-key", "k"),
    ];
    let refused = world.send("POST", "/v1/funds", &headers, b"{}");
    assert_eq!(refused.refusal(), "415 | unsupported_media_type");
    assert_eq!(refused.text("/facts/accepted"), "application/json");
}

/// Reports that change when money moves.
const REPORTS: [&str; 4] = [
    "/v1/reports/overview",
    "/v1/reports/funds/mobility",
    "/v1/reports/programs/drivers",
    "/v1/reports/series?metric=paid&interval=year",
];

#[test]
fn a_report_that_is_known_is_not_sent_again_until_it_changes() {
    let world = World::new();
    world.with_budget();
    let known = |path: &str, tag: &str| {
        world.call("manager", ("GET", path), &[("if-none-match", tag)], None)
    };
    let first: Vec<Reply> = REPORTS
        .map(|path| world.get("manager", path).expect(200))
        .into();
    for (path, report) in REPORTS.iter().zip(&first) {
        let etag = report.header("etag").unwrap();
        let weak = format!("W/{etag}");
        let several = format!("\"other\", {etag}");
        for tag in [etag, &weak, &several, "*"] {
            let reply = known(path, tag).as_told("GET", path);
            assert_eq!((reply.status, reply.bytes.len()), (304, 0), "{path} {tag}");
            assert_eq!(reply.header("etag"), Some(etag), "{path}");
            assert_eq!(
                reply.header("cache-control"),
                Some("private, no-cache"),
                "{path}"
            );
        }
        for tag in ["\"other\"", "\"\"", "", etag.trim_matches('"')] {
            assert_eq!(known(path, tag).status, 200, "{path} {tag}");
        }
        // The same books answer the same bytes, whoever asks and whenever.
        let again = world.get("auditor", path).expect(200);
        assert_eq!(
            (again.header("etag"), &again.bytes),
            (Some(etag), &report.bytes),
            "{path}"
        );
    }
    world.paid("drivers", "DRV-1", "1000");
    for (path, report) in REPORTS.iter().zip(&first) {
        let etag = report.header("etag").unwrap();
        let reply = known(path, etag);
        assert_eq!(reply.status, 200, "{path}");
        assert_ne!(reply.header("etag"), Some(etag), "{path}");
    }
}
