//! Many disbursements in one request: recorded together, and acted on together.

use serde_json::{Value, json};

use crate::support::{Reply, World, merge, nothing, told};

const BATCH: &str = "/v1/disbursements/batch";
const ACTIONS: &str = "/v1/disbursements/batch-actions";
const MONEY: &str = "submitted available awaiting_payment paid";

/// What stands in the books of the program `drivers`.
fn money(w: &World) -> String {
    told(&w.report("programs/drivers"), MONEY)
}

/// A fund with 600,000 won for a program that approves at once.
fn at_once() -> World {
    let w = World::new();
    w.fund("mobility", "1000000");
    w.program_with("drivers", &["mobility"], &json!({ "approval": "none" }));
    w.allocate("mobility", "drivers", "600000");
    w
}

fn payments(w: &World, amounts: &[&str]) -> Vec<Value> {
    let items = amounts.iter().enumerate();
    items
        .map(|(at, amount)| w.cash_to("drivers", &format!("worker-{at}"), amount))
        .collect()
}

fn batch(w: &World, mode: &str, items: &[Value]) -> Reply {
    w.post("officer", BATCH, &json!({ "mode": mode, "items": items }))
}

/// Submits three and tells their ids.
fn three(w: &World) -> Vec<String> {
    w.with_budget();
    let items = payments(w, &["100000", "200000", "300000"]);
    let answer = batch(w, "atomic", &items).expect(200);
    let outcomes = answer.body["outcomes"].as_array().unwrap();
    let id = |outcome: &Value| outcome["record"]["id"].as_str().unwrap().to_owned();
    outcomes.iter().map(id).collect()
}

/// What became of each item, in a line.
fn outcomes(answer: &Reply) -> Vec<String> {
    let outcomes = answer.body["outcomes"].as_array().unwrap();
    let line = |outcome: &Value| {
        let (record, problem) = (&outcome["record"], &outcome["problem"]);
        let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        if problem.is_null() {
            return format!("{} {}", outcome["index"], word(&record["status"]));
        }
        let errors = problem["errors"].as_array().cloned().unwrap_or_default();
        let fields = errors.iter().map(|error| word(&error["field"]));
        let fields: Vec<String> = fields.collect();
        let line = format!(
            "{} {} {}",
            outcome["index"],
            problem["status"],
            word(&problem["code"])
        );
        format!("{line} {}", fields.join(" ")).trim_end().to_owned()
    };
    outcomes.iter().map(line).collect()
}

#[test]
fn a_batch_is_recorded_whole_and_answered_again_byte_for_byte() {
    let w = at_once();
    let body = json!({ "items": payments(&w, &["100000", "200000", "300000"]) });
    let first = w
        .post_with_key("officer", BATCH, "night-1", &body)
        .expect(200);
    assert_eq!(
        told(&first.body, "mode done refused"),
        "mode atomic, done 3, refused 0"
    );
    assert_eq!(outcomes(&first), ["0 approved", "1 approved", "2 approved"]);
    let id = first.text("/outcomes/1/record/id");
    let record = w
        .get("viewer", &format!("/v1/disbursements/{id}"))
        .expect(200);
    assert_eq!(
        told(&record.body, "amount status"),
        "amount 200000, status approved"
    );
    let again = w
        .post_with_key("officer", BATCH, "night-1", &body)
        .expect(200);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.bytes, first.bytes);
    let other = json!({ "items": payments(&w, &["100000"]) });
    let reused = w.post_with_key("officer", BATCH, "night-1", &other);
    assert_eq!(reused.refusal(), "422 | idempotency_key_reused");
    assert_eq!(
        money(&w),
        "submitted 0, available 0, awaiting_payment 600000, paid 0"
    );
}

#[test]
fn one_that_is_refused_takes_an_atomic_batch_with_it_and_is_named() {
    let w = at_once();
    let items = payments(&w, &["300000", "300000", "1", "2"]);
    let body = json!({ "mode": "atomic", "items": items });
    let refused = w.post_with_key("officer", BATCH, "night-2", &body);
    assert_eq!(
        refused.refusal(),
        "409 | batch_refused | /items/2 insufficient_available | /items/3 insufficient_available"
    );
    let detail = refused.text("/errors/0/message");
    assert!(detail.contains("1 won"), "{detail}");
    assert_eq!(
        money(&w),
        "submitted 0, available 600000, awaiting_payment 0, paid 0"
    );
    // Refusals are not remembered: the key is free for what can be recorded.
    let fewer = json!({ "items": payments(&w, &["300000", "300000"]) });
    w.post_with_key("officer", BATCH, "night-2", &fewer)
        .expect(200);
}

#[test]
fn the_others_are_recorded_where_the_batch_is_to_go_on() {
    let w = at_once();
    let mut items = payments(&w, &["300000", "400000", "5", "300000"]);
    items[2]["amount"] = json!("0.5");
    items[2]["colour"] = json!("red");
    let body = json!({ "mode": "continue", "items": items });
    let answer = w
        .post_with_key("officer", BATCH, "night-3", &body)
        .expect(200);
    assert_eq!(told(&answer.body, "done refused"), "done 2, refused 2");
    assert_eq!(
        outcomes(&answer),
        [
            "0 approved",
            "1 409 insufficient_available",
            "2 422 invalid_fields /items/2/amount /items/2/colour",
            "3 approved",
        ]
    );
    let again = w
        .post_with_key("officer", BATCH, "night-3", &body)
        .expect(200);
    assert_eq!(again.bytes, answer.bytes);
    let nothing_good = json!({ "mode": "continue", "items": [items[2].clone()] });
    let answer = w.post("officer", BATCH, &nothing_good).expect(200);
    assert_eq!(told(&answer.body, "done refused"), "done 0, refused 1");
}

#[test]
fn every_wrong_field_of_every_item_is_named_at_once() {
    let w = at_once();
    let mut items = payments(&w, &["-1", "100", "1e3"]);
    items[1]["beneficiary"]["region"] = json!("99");
    assert_eq!(
        batch(&w, "atomic", &items).refusal(),
        "422 | invalid_fields | /items/0/amount negative | /items/2/amount not_a_number"
    );
    let unknown = [items[1].clone(), w.cash_to("nowhere", "a", "1")];
    assert_eq!(
        batch(&w, "atomic", &unknown).refusal(),
        "422 | invalid_fields | /items/0/beneficiary/region unknown_region \
         | /items/1/program unknown_program"
    );
    assert_eq!(
        batch(&w, "atomic", &[]).refusal(),
        "422 | invalid_fields | /items empty"
    );
    let many = vec![w.cash_to("drivers", "a", "1"); 1_001];
    assert_eq!(
        batch(&w, "continue", &many).refusal(),
        "422 | invalid_fields | /items too_many"
    );
    assert_eq!(
        batch(&w, "later", &items[1..2]).refusal(),
        "422 | invalid_fields | /mode unknown_value"
    );
    assert_eq!(
        w.post("viewer", BATCH, &nothing()).refusal(),
        "403 | missing_right"
    );
}

#[test]
fn what_comes_twice_in_a_batch_is_seen_as_if_it_came_one_after_the_other() {
    let w = at_once();
    let mut items = payments(&w, &["100", "200"]);
    for item in &mut items {
        item["external_id"] = json!("ERP-1");
    }
    assert_eq!(
        batch(&w, "atomic", &items).refusal(),
        "409 | batch_refused | /items/1 duplicate_external_id"
    );
    let answer = batch(&w, "continue", &items).expect(200);
    assert_eq!(
        outcomes(&answer),
        ["0 approved", "1 409 duplicate_external_id"]
    );
}

#[test]
fn a_rehearsal_keeps_nothing_and_sees_what_its_own_items_use_up() {
    let w = at_once();
    let body = json!({ "mode": "continue", "items": payments(&w, &["400000", "400000"]) });
    let path = format!("{BATCH}?dry_run=true");
    let answer = w
        .call("officer", ("POST", &path), &[], Some(&body))
        .expect(200);
    assert_eq!(
        told(&answer.body, "done refused dry_run"),
        "done 1, refused 1, dry_run true"
    );
    assert_eq!(
        outcomes(&answer),
        ["0 approved", "1 409 insufficient_available"]
    );
    assert_eq!(
        money(&w),
        "submitted 0, available 600000, awaiting_payment 0, paid 0"
    );
}

#[test]
fn a_batch_may_write_to_several_books_and_is_taken_back_in_all_of_them() {
    let w = at_once();
    for code in ["north", "south"] {
        w.program_with(code, &[], &json!({ "approval": "none" }));
    }
    let person = |program: &str, amount: &str| {
        let mut item = w.cash_to(program, "a", amount);
        let merchant = json!({ "kind": "merchant", "registration_number": "101-11-00013" });
        merge(&mut item, &json!({ "beneficiary": merchant }));
        item
    };
    let mut items = vec![
        person("north", "1"),
        person("drivers", "2"),
        person("south", "3"),
    ];
    items.push(person("drivers", "600000"));
    assert_eq!(
        batch(&w, "atomic", &items).refusal(),
        "409 | batch_refused | /items/3 insufficient_available"
    );
    assert!(w.get("viewer", "/v1/disbursements").expect(200).body["data"][0].is_null());
    items.pop();
    let answer = batch(&w, "atomic", &items).expect(200);
    assert_eq!(
        outcomes(&answer),
        ["0 approved", "1 approved", "2 approved"]
    );
    // One person over three books, new in the first and known in the others.
    let overview = w.report("overview");
    let unique = |code: &str| {
        let programs = overview["programs"].as_array().unwrap();
        let program = programs.iter().find(|program| program["code"] == code);
        program.unwrap()["beneficiaries"]["unique"].to_string()
    };
    assert_eq!(["north", "drivers", "south"].map(unique), ["1", "1", "1"]);
}

#[test]
fn a_set_is_approved_when_its_declared_totals_agree_and_not_otherwise() {
    let w = World::new();
    three(&w);
    let approve = |count: i64, amount: &str| {
        json!({
            "action": "approve",
            "filter": { "program": "drivers" },
            "declared": { "count": count, "amount": amount },
        })
    };
    let differs = w.post("approver", ACTIONS, &approve(3, "500000"));
    assert_eq!(differs.refusal(), "409 | declared_differs");
    assert_eq!(
        told(&differs.body["facts"], "declared_amount count amount"),
        "declared_amount 500000, count 3, amount 600000"
    );
    let differs = w.post("approver", ACTIONS, &approve(2, "600000"));
    assert_eq!(differs.refusal(), "409 | declared_differs");
    let done = w
        .post("approver", ACTIONS, &approve(3, "600000"))
        .expect(200);
    assert_eq!(outcomes(&done), ["0 approved", "1 approved", "2 approved"]);
    let pay = json!({
        "action": "pay",
        "filter": { "program": "drivers" },
        "declared": { "count": 3, "amount": "600000" },
    });
    let paid = w
        .post_with_key("treasurer", ACTIONS, "pay-1", &pay)
        .expect(200);
    assert_eq!(outcomes(&paid), ["0 paid", "1 paid", "2 paid"]);
    let again = w
        .post_with_key("treasurer", ACTIONS, "pay-1", &pay)
        .expect(200);
    assert_eq!(again.bytes, paid.bytes);
    assert_eq!(
        money(&w),
        "submitted 0, available 0, awaiting_payment 0, paid 600000"
    );
    let nothing_left = w.post("treasurer", ACTIONS, &pay);
    assert_eq!(nothing_left.refusal(), "409 | declared_differs");
}

#[test]
fn records_are_named_one_by_one_and_each_is_acted_on_as_it_was_read() {
    let w = World::new();
    let ids = three(&w);
    w.verb("approver", &ids[2], "approve", &nothing())
        .expect(200);
    let item = |at: usize, version: i64| json!({ "id": ids[at], "version": version });
    let approve =
        |mode: &str, items: &[Value]| json!({ "action": "approve", "mode": mode, "items": items });
    let items = [item(0, 1), item(1, 7), item(2, 2)];
    let refused = w.post("approver", ACTIONS, &approve("atomic", &items));
    assert_eq!(
        refused.refusal(),
        "409 | batch_refused | /items/1 stale_etag | /items/2 invalid_state"
    );
    let answer = w
        .post("approver", ACTIONS, &approve("continue", &items))
        .expect(200);
    assert_eq!(
        outcomes(&answer),
        ["0 approved", "1 412 stale_etag", "2 409 invalid_state"]
    );
    let pay = json!({ "action": "pay", "items": [
        { "id": ids[0], "amount": "40000", "bank_reference": "BANK-1" }, { "id": ids[2] },
    ], "declared": { "count": 2, "amount": "340000" } });
    let answer = w.post("treasurer", ACTIONS, &pay).expect(200);
    assert_eq!(outcomes(&answer), ["0 partly_paid", "1 paid"]);
    let cancel = json!({ "action": "cancel", "reason": "no longer needed",
        "items": [{ "id": ids[0] }], "declared": { "count": 1, "amount": "60000" } });
    let answer = w.post("approver", ACTIONS, &cancel).expect(200);
    assert_eq!(outcomes(&answer), ["0 paid"]);
    let reject = json!({ "action": "reject", "reason": "wrong shop", "items": [{ "id": ids[1] }] });
    let answer = w.post("approver", ACTIONS, &reject).expect(200);
    assert_eq!(outcomes(&answer), ["0 rejected"]);
}

#[test]
fn a_batch_lets_nobody_do_what_they_may_not_do_alone() {
    let w = World::new();
    w.with_budget();
    let jack = w.jack_of_all_trades();
    let items = payments(&w, &["100", "200"]);
    let own = json!({ "items": items });
    let own = w.post(&jack, BATCH, &own);
    assert_eq!(own.status, 200, "{}", own.refusal());
    let approve = json!({ "action": "approve", "filter": { "program": "drivers" },
        "declared": { "count": 2, "amount": "300" } });
    assert_eq!(
        w.post(&jack, ACTIONS, &approve).refusal(),
        "409 | batch_refused | /items/0 own_record | /items/1 own_record"
    );
    assert_eq!(
        w.post("treasurer", ACTIONS, &approve).refusal(),
        "403 | missing_right"
    );
    let pay = json!({ "action": "pay", "items": [{ "id": own.text("/outcomes/0/record/id") }] });
    assert_eq!(
        w.post("approver", ACTIONS, &pay).refusal(),
        "403 | missing_right"
    );
}

#[test]
fn what_an_action_needs_and_what_it_has_no_use_for_is_told_at_once() {
    let w = World::new();
    let ids = three(&w);
    let odd = json!({ "action": "reject", "filter": { "program": "drivers" },
        "items": [{ "id": ids[0], "amount": "1" }] });
    assert_eq!(
        w.post("approver", ACTIONS, &odd).refusal(),
        "422 | invalid_fields | /filter items_or_filter | /reason missing \
         | /items/0/amount not_of_this_action"
    );
    let odd = json!({ "action": "approve", "reason": "because",
        "filter": { "program": "drivers" } });
    assert_eq!(
        w.post("approver", ACTIONS, &odd).refusal(),
        "422 | invalid_fields | /declared missing | /reason not_of_this_action"
    );
    assert_eq!(
        w.post("approver", ACTIONS, &json!({ "action": "approve" }))
            .refusal(),
        "422 | invalid_fields | /items missing"
    );
    let gone = "0184f0c5a0007a3c8f5e0d6b2c1a9e47-1";
    let odd = json!({ "action": "approve", "items": [{ "id": "7" }, { "id": gone }],
        "declared": { "count": 2, "amount": "1" } });
    assert_eq!(
        w.post("approver", ACTIONS, &odd).refusal(),
        "422 | invalid_fields | /items/0/id bad_id"
    );
    let odd = json!({ "action": "approve", "items": [{ "id": gone }],
        "declared": { "count": 1, "amount": "1" } });
    assert_eq!(
        w.post("approver", ACTIONS, &odd).refusal(),
        "422 | invalid_fields | /items/0/id unknown_record"
    );
    let odd = json!({ "action": "approve", "items": [{ "id": gone }] });
    assert_eq!(
        w.post("approver", ACTIONS, &odd).refusal(),
        "409 | batch_refused | /items/0 not_found"
    );
}
