//! Asking twice, asking for nothing to be kept, and ids of the caller's own.

use serde_json::{Value, json};

use crate::support::{Reply, World};

const DISBURSEMENTS: &str = "/v1/disbursements";

/// Whether an answer is the first one given again.
#[track_caller]
fn assert_replayed(first: &Reply, again: &Reply) {
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!((again.status, &again.bytes), (first.status, &first.bytes));
    for header in ["etag", "location", "content-type"] {
        assert_eq!(again.header(header), first.header(header), "{header}");
    }
}

fn count(world: &World, path: &str) -> usize {
    world.get("viewer", path).expect(200).body["data"]
        .as_array()
        .unwrap()
        .len()
}

/// Books with a submitted disbursement of 500,000 won, and its id.
fn submitted() -> (World, String) {
    let world = World::new();
    world.with_budget();
    let id = world.submit("drivers", "DRV-1", "500000");
    (world, id)
}

#[test]
fn a_post_that_records_something_needs_a_key() {
    let world = World::new();
    world.with_budget();
    let body = world.cash_to("drivers", "DRV-1", "1000");
    let send = |headers: &[(&str, &str)]| {
        world
            .call("officer", ("POST", DISBURSEMENTS), headers, Some(&body))
            .refusal()
    };
    assert_eq!(send(&[]), "400 | idempotency_key_missing");
    let long = "k".repeat(256);
    for key in ["", "\"\"", "\"open", "two words", "\"a\"b\"", &long] {
        let refused = send(&[("idempotency-key", key)]);
        assert_eq!(refused, "400 | idempotency_key_malformed", "{key}");
    }
    let two = [("idempotency-key", "one"), ("idempotency-key", "two")];
    assert_eq!(send(&two), "400 | idempotency_key_malformed");
    assert_eq!(count(&world, DISBURSEMENTS), 0);
}

#[test]
fn the_same_request_is_given_the_first_answer_byte_for_byte_also_after_a_restart() {
    let mut world = World::new();
    world.with_budget();
    let body = world.cash_to("drivers", "DRV-1", "1000");
    let send = |world: &World| {
        world
            .post_with_key("officer", DISBURSEMENTS, "wave-1", &body)
            .expect(201)
    };
    let first = send(&world);
    assert_eq!(first.header("idempotency-replayed"), None);
    assert_replayed(&first, &send(&world));

    let approve = |world: &World| {
        let path = format!("{DISBURSEMENTS}/{}/approve", first.text("/id"));
        world
            .post_with_key("approver", &path, "wave-1", &json!({}))
            .expect(200)
    };
    let approved = approve(&world);
    world.set_day("2022-11-04");
    world.restart();
    // The record has gone on and so has the day: the answers have not.
    assert_replayed(&first, &send(&world));
    assert_replayed(&approved, &approve(&world));
    assert_eq!(count(&world, DISBURSEMENTS), 1);
    let record = world
        .get("viewer", first.header("location").unwrap())
        .expect(200);
    assert_eq!(record.body["steps"].as_array().unwrap().len(), 2);
}

#[test]
fn a_body_that_means_the_same_is_the_same_request() {
    let world = World::new();
    let bearer = format!("Bearer {}", world.token("manager"));
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("idempotency-key", "one"),
    ];
    let send = |body: &str| world.send("POST", "/v1/funds", &headers, body.as_bytes());
    let first = send(
        r#"{"code":"trees","name":{"ko":"나무","en":"Trees"},"kind":"internal","commitment":2760,
            "period":{"start":"2022-04-01","end":"2027-03-31"}}"#,
    );
    let again = send(
        r#" {"commitment": 2.76e3, "period": {"end":"2027-03-31", "start":"2022-04-01"},
            "name":{"en":"Trees","ko":"\ub098무"},"kind":"internal","code":"trees"}"#,
    );
    assert_replayed(&first.expect(201), &again);
    let other = send(
        r#"{"code":"trees","name":{"ko":"나무","en":"Trees"},"kind":"internal","commitment":2761,
            "period":{"start":"2022-04-01","end":"2027-03-31"}}"#,
    );
    assert_eq!(other.refusal(), "422 | idempotency_key_reused");
}

#[test]
fn a_key_that_was_used_is_good_for_nothing_else() {
    let (world, one) = submitted();
    let other = world.submit("drivers", "DRV-2", "1000");
    let path = |id: &str, verb: &str| format!("{DISBURSEMENTS}/{id}/{verb}");
    let send = |path: String, body: &Value| world.post_with_key("approver", &path, "k", body);
    send(path(&one, "approve"), &json!({})).expect(200);
    let watch = world.watch();
    for (path, body) in [
        (path(&other, "approve"), json!({})),
        (path(&one, "cancel"), json!({ "reason": "x" })),
        (
            path(&one, "approve"),
            json!({ "effective_on": "2022-11-03" }),
        ),
    ] {
        let refused = send(path, &body);
        assert_eq!(refused.refusal(), "422 | idempotency_key_reused", "{body}");
    }
    assert!(watch.saw_nothing());
}

#[test]
fn a_key_belongs_to_its_caller() {
    let world = World::new();
    world.with_budget();
    let body = |who: &str| world.cash_to("drivers", who, "1000");
    let send = |user: &str, body: &Value| {
        world
            .post_with_key(user, DISBURSEMENTS, "mine", body)
            .expect(201)
    };
    let one = send("officer", &body("DRV-1"));
    let other = send("officer2", &body("DRV-2"));
    assert_eq!(other.header("idempotency-replayed"), None);
    assert_ne!(one.text("/id"), other.text("/id"));
    assert_replayed(&one, &send("officer", &body("DRV-1")));
    assert_replayed(&other, &send("officer2", &body("DRV-2")));
}

#[test]
fn a_refusal_is_not_remembered() {
    let (world, id) = submitted();
    let more = world.submit("drivers", "DRV-2", "200000");
    world
        .verb("approver", &id, "approve", &json!({}))
        .expect(200);
    let path = format!("{DISBURSEMENTS}/{more}/approve");
    let send = || world.post_with_key("approver", &path, "later", &json!({}));
    assert_eq!(send().refusal(), "409 | insufficient_available");
    world.allocate("mobility", "drivers", "100000");
    let approved = send().expect(200);
    assert_eq!(approved.header("idempotency-replayed"), None);
    assert_replayed(&approved, &send());
}

#[test]
fn a_key_in_quotes_is_the_key_itself() {
    let world = World::new();
    world.with_budget();
    let body = world.cash_to("drivers", "DRV-1", "1000");
    let send = |key: &str| world.post_with_key("officer", DISBURSEMENTS, key, &body);
    let first = send(r#""8e03978e-40d5""#).expect(201);
    assert_replayed(&first, &send("8e03978e-40d5"));
    assert_replayed(&first, &send("  8e03978e-40d5  "));
    let escaped = send(r#""a\"b""#).expect(201);
    assert_replayed(&escaped, &send("a\"b"));
}

/// Everything that is recorded, in an order that works; `{id}` is what the step before made.
fn story() -> Vec<(&'static str, &'static str, Value)> {
    let name = json!({ "ko": "이름", "en": "Name" });
    let year = json!({ "start": "2022-04-01", "end": "2027-03-31" });
    let worker = json!({ "kind": "worker", "reference": "DRV-1" });
    let grant = json!({ "program": "drivers", "beneficiary": worker, "form": "cash",
        "amount": "400", "planned_on": "2022-11-03" });
    let gift = json!({ "program": "drivers", "recipient": "bridge", "recipient_role": "end",
        "designated": true, "form": "cash", "amount": "300", "planned_on": "2022-11-03" });
    let sale = json!({ "program": "makers", "product": { "code": "rice", "name": "쌀" },
        "sold_on": "2022-11-01", "quantity_kg": "10", "amount": "5000", "orders": 2 });
    let mut passed_on = gift.clone();
    passed_on["recipient_role"] = json!("intermediary");
    let days = json!({ "start": "2022-10-01", "end": "2022-10-31" });
    let used = json!({ "period": days, "used": "100", "returned": "0" });
    let stated = json!({ "program": "makers", "period": days, "basis": "cumulative",
        "amount": "100" });
    let user = json!({ "email": "new@test.example", "password": "a quiet blue morning",
        "roles": ["viewer"] });
    let indicator = json!({ "code": "reach", "name": name, "unit": "people", "additive": false,
        "accumulation": "in_period", "better": "up" });
    let measured = json!({ "indicator": "reach", "value": 5, "nature": "measured",
        "period": { "start": "2022-10-01", "end": "2022-10-31" } });
    let why = json!({ "reason": "까닭" });
    let allocation = json!({ "program": "drivers", "amount": "1000", "kind": "allocate" });
    let plan = json!({ "version_reason": "x", "lines": [{ "fiscal_year": 2022, "amount": 1 }] });
    let fund = json!({ "code": "mobility", "name": name, "kind": "internal", "commitment": "5000",
        "period": year });
    let drivers = json!({ "code": "drivers", "name": name, "kind": "worker_support",
        "funds": ["mobility"] });
    let makers = json!({ "code": "makers", "name": name, "kind": "produce_sales" });
    let receipt = json!({ "number": "1", "issued_on": "2022-11-03", "class": "일반" });
    let person = json!({ "kind": "worker", "reference": "DRV-7", "program": "drivers" });
    let refund = json!({ "reason_class": "unused", "reason": "x" });
    let claim = json!({ "statement": "x", "source": "x", "said_on": "2022-11-03",
        "as_of": "2022-11-03", "metric": "disbursed", "scope": { "program": "drivers" },
        "comparator": "gte", "value": "300", "nature": "actual" });
    let pledge = json!({ "title": "약속", "statement": "합니다",
        "source": { "title": "발표", "date": "2022-11-01" } });
    let slip = json!({ "due_on": "2022-12-31", "reason": "x" });
    let partly = json!({ "status": "partly_met" });
    let nothing = json!({});
    let amendment = json!({
        "attributes": { "wave": "1" }, "reason_class": "update", "reason": "까닭",
    });
    vec![
        ("manager", "/v1/funds", fund),
        ("manager", "/v1/funds/mobility/plans", plan),
        (
            "manager",
            "/v1/funds/mobility/commitments",
            json!({ "change": "raise", "amount": "1", "reason": "x" }),
        ),
        (
            "manager",
            "/v1/funds/mobility/contributions",
            json!({ "amount": "7", "from": "회사" }),
        ),
        (
            "manager",
            "/v1/funds/mobility/contributions/{id}/reverse",
            why.clone(),
        ),
        (
            "manager",
            "/v1/organisations",
            json!({ "code": "bridge", "name": name }),
        ),
        ("manager", "/v1/programs", drivers),
        ("manager", "/v1/programs", makers),
        ("manager", "/v1/funds/mobility/allocations", allocation),
        ("officer", "/v1/beneficiaries", person),
        ("officer", "/v1/disbursements", grant.clone()),
        ("approver", "/v1/disbursements/{id}/reject", why.clone()),
        (
            "officer",
            "/v1/disbursements/{id}/resubmit",
            nothing.clone(),
        ),
        (
            "approver",
            "/v1/disbursements/{id}/approve",
            nothing.clone(),
        ),
        ("officer", "/v1/disbursements/{id}/amend", amendment.clone()),
        (
            "approver",
            "/v1/disbursements/{id}/amendments/1/reject",
            why.clone(),
        ),
        ("officer", "/v1/disbursements/{id}/amend", amendment.clone()),
        (
            "officer",
            "/v1/disbursements/{id}/amendments/2/withdraw",
            why.clone(),
        ),
        ("officer", "/v1/disbursements/{id}/amend", amendment.clone()),
        (
            "approver",
            "/v1/disbursements/{id}/amendments/3/approve",
            nothing.clone(),
        ),
        ("treasurer", "/v1/disbursements/{id}/pay", nothing.clone()),
        ("treasurer", "/v1/disbursements/{id}/return", why.clone()),
        ("approver", "/v1/disbursements/{id}/cancel", why.clone()),
        ("officer", "/v1/disbursements", grant),
        ("officer", "/v1/disbursements/{id}/withdraw", why.clone()),
        ("officer", "/v1/donations", gift.clone()),
        ("approver", "/v1/donations/{id}/reject", why.clone()),
        ("officer", "/v1/donations/{id}/resubmit", nothing.clone()),
        ("approver", "/v1/donations/{id}/approve", nothing.clone()),
        ("officer", "/v1/donations/{id}/amend", amendment.clone()),
        (
            "approver",
            "/v1/donations/{id}/amendments/1/reject",
            why.clone(),
        ),
        ("officer", "/v1/donations/{id}/amend", amendment.clone()),
        (
            "officer",
            "/v1/donations/{id}/amendments/2/withdraw",
            why.clone(),
        ),
        ("officer", "/v1/donations/{id}/amend", amendment),
        (
            "approver",
            "/v1/donations/{id}/amendments/3/approve",
            nothing.clone(),
        ),
        ("treasurer", "/v1/donations/{id}/pay", nothing.clone()),
        ("officer", "/v1/donations/{id}/receipt", receipt),
        (
            "treasurer",
            "/v1/donations/{id}/return",
            json!({ "amount": "100", "reason": "x" }),
        ),
        ("approver", "/v1/donations/{id}/cancel", why.clone()),
        ("treasurer", "/v1/donations/{id}/refund", refund),
        ("officer", "/v1/donations", gift),
        ("officer", "/v1/donations/{id}/withdraw", why.clone()),
        ("officer", "/v1/donations", passed_on),
        ("approver", "/v1/donations/{id}/approve", nothing.clone()),
        ("treasurer", "/v1/donations/{id}/pay", nothing.clone()),
        ("officer", "/v1/donations/{id}/uses", used),
        ("officer", "/v1/donations/{id}/uses/1/cancel", why.clone()),
        ("officer", "/v1/sales/statements", stated),
        ("officer", "/v1/sales/statements/{id}/cancel", why.clone()),
        ("officer", "/v1/sales", sale),
        ("officer", "/v1/sales/{id}/cancel", why.clone()),
        ("communicator", "/v1/claims", claim),
        ("communicator", "/v1/claims/{id}/withdraw", why.clone()),
        ("communicator", "/v1/pledges", pledge),
        ("communicator", "/v1/pledges/{id}/review", partly.clone()),
        ("communicator", "/v1/pledges/{id}/reschedule", slip.clone()),
        (
            "communicator",
            "/v1/pledges/{id}/milestones",
            json!({ "title": "하나" }),
        ),
        (
            "communicator",
            "/v1/pledges/{id}/milestones/1/reschedule",
            slip,
        ),
        (
            "communicator",
            "/v1/pledges/{id}/milestones/1/review",
            partly.clone(),
        ),
        (
            "communicator",
            "/v1/pledges/{id}/milestones/1/confirm",
            json!({ "organisation": "bridge" }),
        ),
        ("communicator", "/v1/pledges/{id}/withdraw", why.clone()),
        ("manager", "/v1/indicators", indicator),
        ("officer", "/v1/measurements", measured.clone()),
        ("approver", "/v1/measurements/{id}/reject", why.clone()),
        ("officer", "/v1/measurements/{id}/resubmit", nothing.clone()),
        ("approver", "/v1/measurements/{id}/approve", nothing.clone()),
        ("approver", "/v1/measurements/{id}/cancel", why.clone()),
        ("officer", "/v1/measurements", measured),
        ("officer", "/v1/measurements/{id}/withdraw", why.clone()),
        ("admin", "/v1/users", user),
        ("manager", "/v1/programs/makers/close", why.clone()),
        ("manager", "/v1/programs/makers/reopen", why.clone()),
        ("manager", "/v1/funds/mobility/close", why.clone()),
        ("manager", "/v1/funds/mobility/reopen", why),
    ]
}

#[test]
fn a_dry_run_shows_the_would_be_record_and_keeps_nothing() {
    let world = World::new();
    let mut id = String::new();
    for (number, (user, path, body)) in story().into_iter().enumerate() {
        let (path, key) = (path.replace("{id}", &id), format!("step-{number}"));
        let watch = world.watch();
        let rehearse = format!("{path}?dry_run=true");
        let without_key = world
            .call(user, ("POST", &rehearse), &[], Some(&body))
            .expect(200);
        let with_key = world
            .post_with_key(user, &rehearse, &key, &body)
            .expect(200);
        assert!(watch.saw_nothing(), "{path}");
        for dry in [&without_key, &with_key] {
            assert_eq!(dry.body["dry_run"], true, "{path}");
            let silent = ["location", "etag", "idempotency-replayed"];
            assert!(
                silent.iter().all(|name| dry.header(name).is_none()),
                "{path}"
            );
        }
        // The key is still free, and what was shown is what comes.
        let done = world.post_with_key(user, &path, &key, &body);
        assert!(matches!(done.status, 200 | 201), "{path} {}", done.body);
        assert_eq!(done.header("idempotency-replayed"), None, "{path}");
        assert!(!watch.saw_nothing(), "{path}");
        let mut shown = without_key.body.clone();
        assert_eq!(
            shown.as_object_mut().unwrap().remove("dry_run"),
            Some(json!(true))
        );
        if !path.ends_with("s") {
            assert_eq!(shown, done.body, "{path}");
        }
        let members =
            |body: &Value| -> Vec<String> { body.as_object().unwrap().keys().cloned().collect() };
        assert_eq!(members(&shown), members(&done.body), "{path}");
        if let Some(made) = done.body["id"].as_str() {
            id = made.to_owned();
        }
    }
}

#[test]
fn the_story_tells_of_every_post_that_records_something() {
    let told = story();
    let told = |pattern: &str| {
        let parts = || pattern.split('/');
        told.iter().any(|(_, path, _)| {
            let given = path.split('/');
            given.clone().count() == parts().count()
                && given
                    .zip(parts())
                    .all(|(given, said)| said.starts_with('{') || said == given)
        })
    };
    let posts = super::answers::operations()
        .into_iter()
        .filter(|(method, path)| {
            let of_the_caller = ["/v1/auth/", "/v1/me/", "/v1/oauth/"];
            method == "post" && !of_the_caller.iter().any(|below| path.starts_with(below))
        });
    let untold: Vec<String> = posts
        .map(|(_, path)| path)
        .filter(|path| !told(path))
        .collect();
    // A disbursement is refunded as a donation is; merges need two ids, see `merges`; for batches
    // see `batches`; the body of an import is a file, see `imports`; an export is an answer of
    // another kind, see `exports`; the answers about clients hold a secret once, see `partners`;
    // what waits for another person is in `approvals`.
    let elsewhere = [
        "/v1/disbursements/batch",
        "/v1/disbursements/batch-actions",
        "/v1/disbursements/{id}/refund",
        "/v1/partners",
        "/v1/clients",
        "/v1/clients/{client}/rotate",
        "/v1/proposals",
        "/v1/proposals/{id}/approve",
        "/v1/proposals/{id}/reject",
        "/v1/proposals/{id}/withdraw",
        "/v1/beneficiaries/{id}/merge",
        "/v1/beneficiaries/{id}/merge/approve",
        "/v1/beneficiaries/{id}/merge/reject",
        "/v1/beneficiaries/{id}/unmerge",
        "/v1/imports/mappings",
        "/v1/imports",
        "/v1/imports/{id}/commit",
        "/v1/imports/{id}/cancel",
        "/v1/imports/{id}/undo",
        "/v1/exports",
        "/v1/exports/{id}/cancel",
    ];
    assert_eq!(untold, elsewhere);
}

#[test]
fn a_dry_run_is_refused_like_a_real_one_and_moves_no_figure() {
    let (world, id) = submitted();
    let report = || world.get("manager", "/v1/reports/overview").expect(200);
    let before = report();
    let grant = world.cash_to("drivers", "DRV-2", "1000");
    let dry = |user: &str, path: &str, body: &Value| {
        world.call(
            user,
            ("POST", &format!("{path}?dry_run=true")),
            &[],
            Some(body),
        )
    };
    dry("officer", DISBURSEMENTS, &grant).expect(200);
    dry(
        "approver",
        &format!("{DISBURSEMENTS}/{id}/approve"),
        &json!({}),
    )
    .expect(200);
    let too_much = json!({ "program": "drivers", "amount": "400001", "kind": "allocate" });
    let refused = dry("manager", "/v1/funds/mobility/allocations", &too_much);
    assert_eq!(refused.refusal(), "409 | over_allocation");
    let refused = dry(
        "officer",
        &format!("{DISBURSEMENTS}/{id}/approve"),
        &json!({}),
    );
    assert_eq!(refused.refusal(), "403 | missing_right");
    let after = report();
    assert_eq!(
        (&before.bytes, before.header("etag")),
        (&after.bytes, after.header("etag"))
    );
}

#[test]
fn a_dry_run_is_asked_for_plainly() {
    let world = World::new();
    world.with_budget();
    let body = world.cash_to("drivers", "DRV-1", "1000");
    let send = |query: &str| {
        let path = format!("{DISBURSEMENTS}?{query}");
        world
            .call("officer", ("POST", &path), &[], Some(&body))
            .refusal()
    };
    assert_eq!(
        send("dry_run=yes"),
        "422 | invalid_fields | ?dry_run unknown_value"
    );
    assert_eq!(
        send("dry_run"),
        "422 | invalid_fields | ?dry_run unknown_value"
    );
    assert_eq!(
        send("dry_run=true&dry_run=true"),
        "422 | invalid_fields | ?dry_run duplicate_field"
    );
    assert_eq!(
        send("dryrun=true"),
        "422 | invalid_fields | ?dryrun unknown_field"
    );
    assert_eq!(send("dry_run=false"), "400 | idempotency_key_missing");
    let patch = ("PATCH", "/v1/funds/mobility?dry_run=true");
    let refused = world.call("manager", patch, &[("if-match", "\"1\"")], Some(&json!({})));
    assert_eq!(
        refused.refusal(),
        "422 | invalid_fields | ?dry_run unknown_field"
    );
}

#[test]
fn an_external_id_is_that_of_one_live_record_in_its_program() {
    let world = World::new();
    world.with_budget();
    world.program("others", &[]);
    let send = |program: &str, who: &str| {
        let mut body = world.cash_to(program, who, "1000");
        body["external_id"] = json!("ERP-7");
        world.post("officer", DISBURSEMENTS, &body)
    };
    let first = send("drivers", "DRV-1").expect(201);
    let id = first.text("/id");
    let second = send("drivers", "DRV-2");
    assert_eq!(second.refusal(), "409 | duplicate_external_id");
    assert_eq!(second.text("/facts/id"), id);
    send("others", "DRV-2").expect(201);

    let unnamed = world.post(
        "officer",
        DISBURSEMENTS,
        &world.cash_to("drivers", "DRV-3", "9"),
    );
    let path = unnamed.header("location").unwrap().to_owned();
    let named = world.patch(
        "officer",
        &path,
        "\"1\"",
        &json!({ "external_id": "ERP-7" }),
    );
    assert_eq!(named.refusal(), "409 | duplicate_external_id");

    world
        .verb("officer", id, "withdraw", &json!({ "reason": "두 번" }))
        .expect(200);
    let third = send("drivers", "DRV-2").expect(201);
    world
        .verb(
            "approver",
            third.text("/id"),
            "reject",
            &json!({ "reason": "x" }),
        )
        .expect(200);
    let fourth = send("drivers", "DRV-4").expect(201);
    // Sent back, it gave its id away: it comes back without it, or under another.
    let again = world.verb("officer", third.text("/id"), "resubmit", &json!({}));
    assert_eq!(again.refusal(), "409 | duplicate_external_id");
    assert_eq!(again.text("/facts/id"), fourth.text("/id"));
    let other = json!({ "external_id": null });
    world
        .verb("officer", third.text("/id"), "resubmit", &other)
        .expect(200);
}

#[test]
fn the_external_id_of_a_sale_is_free_again_when_the_sale_is_undone() {
    let world = World::new();
    world.program_with("makers", &[], &json!({ "kind": "produce_sales" }));
    let sale = json!({ "program": "makers", "product": { "code": "rice", "name": "쌀" },
        "sold_on": "2022-11-01", "quantity_kg": "10", "amount": "5000", "orders": 2,
        "external_id": "S-1" });
    let first = world.post("officer", "/v1/sales", &sale).expect(201);
    let second = world.post("officer", "/v1/sales", &sale);
    assert_eq!(second.refusal(), "409 | duplicate_external_id");
    assert_eq!(second.text("/facts/id"), first.text("/id"));
    let undo = format!("/v1/sales/{}/cancel", first.text("/id"));
    world
        .post("officer", &undo, &json!({ "reason": "잘못" }))
        .expect(200);
    world.post("officer", "/v1/sales", &sale).expect(201);
}
