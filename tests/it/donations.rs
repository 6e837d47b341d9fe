//! Donations: gifts to organisations, their receipts, and what reports say of both.

use serde_json::{Value, json};

use crate::support::{Reply, TODAY, World, because, merge, nothing, row, rows, told};

const GIFTS: &str = "amount count from_funds outside_funds receipts_missing held_by_intermediaries";

/// Books with an association that passes gifts on, and a program of drivers with a budget.
fn world() -> World {
    let w = World::new();
    let association = json!({
        "code": "hope-bridge",
        "kind": "nonprofit",
        "name": { "ko": "희망브리지", "en": "Hope Bridge" },
    });
    w.post("manager", "/v1/organisations", &association)
        .expect(201);
    w.with_budget();
    w
}

/// Records a direct gift of 300 won, but for what `more` says.
fn give(w: &World, more: &Value) -> Reply {
    let mut body = json!({
        "recipient": "hope-bridge",
        "recipient_role": "end",
        "designated": false,
        "amount": "300",
        "form": "cash",
        "planned_on": TODAY,
    });
    merge(&mut body, more);
    w.post("officer", "/v1/donations", &body)
}

fn verb(w: &World, user: &str, id: &str, verb: &str, body: &Value) -> Reply {
    w.post(user, &format!("/v1/donations/{id}/{verb}"), body)
}

fn paid(w: &World, more: &Value) -> String {
    let id = give(w, more).made();
    verb(w, "approver", &id, "approve", &nothing()).expect(200);
    verb(w, "treasurer", &id, "pay", &nothing()).expect(200);
    id
}

fn through_the_fund() -> Value {
    json!({ "program": "drivers", "recipient_role": "intermediary" })
}

fn gifts(w: &World) -> String {
    told(&w.report("overview")["donations"], GIFTS)
}

#[test]
fn a_donation_through_a_fund_is_the_funds_money_held_by_its_intermediary() {
    let w = world();
    let recorded = give(
        &w,
        &json!({
            "program": "drivers",
            "fund": "mobility",
            "recipient_role": "intermediary",
            "designated": true,
            "planned_on": "2022-09-06",
            "purpose": "for taxi drivers",
            "approval_document": "2022-09-01-17",
            "basis": "press release",
            "external_id": "G-1",
        }),
    );
    assert_eq!(
        recorded.header("location"),
        Some(format!("/v1/donations/{}", recorded.text("/id")).as_str())
    );
    let id = recorded.made();
    let on = json!({ "effective_on": "2022-09-06" });
    verb(&w, "approver", &id, "approve", &on).expect(200);
    let paid = verb(&w, "treasurer", &id, "pay", &on).expect(200);
    insta::assert_snapshot!(paid.pretty(), @r#"
    {
      "id": "[id]",
      "status": "paid",
      "program": "drivers",
      "fund": "mobility",
      "fiscal_year": null,
      "recipient": "hope-bridge",
      "recipient_role": "intermediary",
      "designated": true,
      "form": "cash",
      "currency": "KRW",
      "amount": "300",
      "values": null,
      "amounts": {
        "approved": "300",
        "paid": "300",
        "returned": "0",
        "refunded": "0"
      },
      "planned_on": "2022-09-06",
      "effective_on": "2022-09-06",
      "purpose": "for taxi drivers",
      "approval_document": "2022-09-01-17",
      "basis": "press release",
      "receipt": null,
      "uses": {
        "used": "0",
        "returned": "0",
        "held": "300"
      },
      "external_id": "G-1",
      "attributes": {},
      "amendments": 0,
      "approvals_needed": 1,
      "approvals": [
        {
          "by": "approver",
          "effective_on": "2022-09-06",
          "recorded_at": "[recorded_at]",
          "content": "[content]"
        }
      ],
      "steps": [
        {
          "verb": "submit",
          "actor": "officer",
          "effective_on": "2022-09-06",
          "recorded_at": "[recorded_at]",
          "amount": "300",
          "reason_class": null,
          "reason": null,
          "bank_reference": null
        },
        {
          "verb": "approve",
          "actor": "approver",
          "effective_on": "2022-09-06",
          "recorded_at": "[recorded_at]",
          "amount": "300",
          "reason_class": null,
          "reason": null,
          "bank_reference": null
        },
        {
          "verb": "pay",
          "actor": "treasurer",
          "effective_on": "2022-09-06",
          "recorded_at": "[recorded_at]",
          "amount": "300",
          "reason_class": null,
          "reason": null,
          "bank_reference": null
        }
      ],
      "recorded_by": "officer",
      "recorded_at": "[recorded_at]",
      "version": 3
    }
    "#);
    let overview = w.report("overview");
    assert_eq!(
        told(&overview["donations"], GIFTS),
        "amount 300, count 1, from_funds 300, outside_funds 0, receipts_missing 1, \
         held_by_intermediaries 300"
    );
    assert_eq!(
        told(&overview["consolidated"], "paid disbursed_cash"),
        "paid 300, disbursed_cash 300"
    );
    assert_eq!(told(&overview["outside_funds"], "paid"), "paid 0");
    let drivers = row(&overview["programs"], "drivers");
    assert_eq!(
        told(
            drivers,
            "disbursed beneficiaries.unique beneficiaries.payments"
        ),
        "disbursed 300, beneficiaries.unique 0, beneficiaries.payments 0"
    );
    let before = w.report("overview?as_of=2022-09-05");
    assert_eq!(
        told(&before["donations"], "amount count"),
        "amount 0, count 0"
    );
}

#[test]
fn a_direct_gift_lies_outside_funds_and_needs_a_second_person() {
    let w = world();
    let jack = w.jack_of_all_trades();
    let mut body = json!({ "recipient": "hope-bridge", "recipient_role": "end", "form": "cash" });
    merge(
        &mut body,
        &json!({ "designated": false, "amount": "500", "planned_on": TODAY }),
    );
    let id = w.post(&jack, "/v1/donations", &body).made();
    for (act, body) in [("approve", nothing()), ("reject", because())] {
        assert_eq!(
            verb(&w, &jack, &id, act, &body).refusal(),
            "403 | own_record"
        );
    }
    let approved = verb(&w, "approver", &id, "approve", &nothing()).expect(200);
    assert_eq!(
        approved.told("status program fund fiscal_year recipient_role"),
        "status approved, program null, fund null, fiscal_year null, recipient_role end"
    );
    assert_eq!(
        verb(&w, &jack, &id, "pay", &nothing()).refusal(),
        "403 | own_record"
    );
    verb(&w, "treasurer", &id, "pay", &json!({ "amount": "200" })).expect(200);
    let overview = w.report("overview");
    assert_eq!(
        told(&overview["donations"], GIFTS),
        "amount 200, count 1, from_funds 0, outside_funds 200, receipts_missing 1, \
         held_by_intermediaries 0"
    );
    assert_eq!(
        told(
            &overview["outside_funds"],
            "awaiting_payment paid refunded disbursed"
        ),
        "awaiting_payment 300, paid 200, refunded 0, disbursed 200"
    );
    assert_eq!(told(&overview["consolidated"], "paid"), "paid 0");
}

#[test]
fn a_donation_that_cannot_be_is_refused_with_every_wrong_field() {
    let w = world();
    w.program_with("make-good", &[], &json!({ "kind": "compensation" }));
    let refused = |more: Value| give(&w, &more).refusal();
    assert_eq!(
        refused(json!({ "fund": "mobility", "recipient": "nobody" })),
        "422 | invalid_fields | /program program_required_with_fund | \
         /recipient unknown_organisation"
    );
    assert_eq!(
        refused(json!({ "fiscal_year": 2022, "form": "in_kind" })),
        "422 | invalid_fields | /fiscal_year fiscal_year_without_fund | \
         /values/cost value_required_in_kind"
    );
    assert_eq!(
        refused(json!({ "program": "make-good" })),
        "422 | invalid_fields | /program compensation_is_no_giving"
    );
    assert_eq!(
        refused(json!({ "recipient_role": "friend", "designated": "yes" })),
        "422 | invalid_fields | /recipient_role unknown_value | /designated wrong_type"
    );
    let much = json!({ "program": "drivers", "amount": "600001" });
    let much = give(&w, &much).made();
    let refused = verb(&w, "approver", &much, "approve", &nothing());
    assert_eq!(refused.refusal(), "409 | insufficient_available");
}

#[test]
fn a_receipt_is_recorded_once_for_what_was_paid() {
    let w = world();
    let receipt = |id: &str, on: &str| {
        let body = json!({ "number": "2022-0153", "issued_on": on, "class": "특례" });
        verb(&w, "officer", id, "receipt", &body)
    };
    let id = give(&w, &json!({ "planned_on": "2022-09-06" })).made();
    assert_eq!(receipt(&id, "2022-11-03").refusal(), "409 | invalid_state");
    let on = json!({ "effective_on": "2022-09-06" });
    verb(&w, "approver", &id, "approve", &on).expect(200);
    verb(&w, "treasurer", &id, "pay", &on).expect(200);
    let early = receipt(&id, "2022-09-05");
    assert_eq!(early.refusal(), "409 | before_previous_step");
    let ahead = receipt(&id, "2022-11-04");
    assert_eq!(
        ahead.refusal(),
        "422 | invalid_fields | /issued_on in_the_future"
    );
    let issued = receipt(&id, "2022-09-20").expect(200);
    assert_eq!(
        issued.told("receipt version status"),
        "receipt {\"number\":\"2022-0153\",\"issued_on\":\"2022-09-20\",\"class\":\"특례\"}, \
         version 4, status paid"
    );
    let second = receipt(&id, "2022-09-21");
    assert_eq!(second.refusal(), "409 | receipt_exists");
    assert_eq!(second.text("/facts/number"), "2022-0153");
    let missing = |on: &str| {
        told(
            &w.report(&format!("overview?as_of={on}"))["donations"],
            "count receipts_missing",
        )
    };
    assert_eq!(missing("2022-09-05"), "count 0, receipts_missing 0");
    assert_eq!(missing("2022-09-19"), "count 1, receipts_missing 1");
    assert_eq!(missing("2022-09-20"), "count 1, receipts_missing 0");
    paid(&w, &through_the_fund());
    assert_eq!(missing(TODAY), "count 2, receipts_missing 1");
}

#[test]
fn a_gift_that_came_back_counts_no_longer_and_misses_no_receipt() {
    let w = world();
    let (kept, refunded) = (paid(&w, &nothing()), paid(&w, &through_the_fund()));
    let returned = paid(&w, &through_the_fund());
    let receipt = json!({ "number": "1", "issued_on": TODAY, "class": "일반" });
    verb(&w, "officer", &returned, "receipt", &receipt).expect(200);
    assert_eq!(
        gifts(&w),
        "amount 900, count 3, from_funds 600, outside_funds 300, receipts_missing 2, \
         held_by_intermediaries 600"
    );
    let refund = |id: &str, amount: &str| {
        let body = json!({ "amount": amount, "reason_class": "unused", "reason": "left over" });
        verb(&w, "treasurer", id, "refund", &body).expect(200)
    };
    refund(&kept, "100");
    refund(&refunded, "300");
    verb(&w, "treasurer", &returned, "return", &because()).expect(200);
    assert_eq!(
        gifts(&w),
        "amount 200, count 1, from_funds 0, outside_funds 200, receipts_missing 1, \
         held_by_intermediaries 0"
    );
    // Paid again, it has the receipt that it had.
    verb(&w, "treasurer", &returned, "pay", &nothing()).expect(200);
    assert_eq!(
        gifts(&w),
        "amount 500, count 2, from_funds 300, outside_funds 200, receipts_missing 1, \
         held_by_intermediaries 300"
    );
}

#[test]
fn a_donation_has_the_same_life_as_a_disbursement() {
    let w = world();
    let id = give(&w, &through_the_fund()).made();
    let at = format!("/v1/donations/{id}");
    let edit = json!({ "recipient_role": "end", "designated": true, "amount": "350" });
    let edited = w.patch("officer2", &at, "\"1\"", &edit).expect(200);
    assert_eq!(
        edited.told("recipient_role designated amount version"),
        "recipient_role end, designated true, amount 350, version 2"
    );
    assert_eq!(
        w.patch("officer2", &at, "\"1\"", &edit).refusal(),
        "412 | stale_etag"
    );
    assert_eq!(
        verb(&w, "officer2", &id, "withdraw", &because()).refusal(),
        "403 | not_recorder"
    );
    verb(&w, "approver", &id, "reject", &because()).expect(200);
    let back = json!({ "amount": "300", "recipient_role": "intermediary" });
    verb(&w, "officer", &id, "resubmit", &back).expect(200);
    verb(&w, "approver", &id, "approve", &nothing()).expect(200);
    verb(&w, "treasurer", &id, "pay", &json!({ "amount": "100" })).expect(200);
    let whole = verb(&w, "approver", &id, "cancel", &because()).expect(200);
    assert_eq!(
        whole.told("status amounts.approved amounts.paid"),
        "status paid, amounts.approved 100, amounts.paid 100"
    );
    assert_eq!(
        rows(&whole.body["steps"], "verb actor amount"),
        [
            "submit officer 300",
            "edit officer2 350",
            "reject approver null",
            "resubmit officer 300",
            "approve approver 300",
            "pay treasurer 100",
            "cancel approver 200",
        ]
    );
    assert_eq!(
        gifts(&w),
        "amount 100, count 1, from_funds 100, outside_funds 0, receipts_missing 1, \
         held_by_intermediaries 100"
    );
}

#[test]
fn an_external_id_of_direct_giving_is_unique_among_direct_gifts() {
    let w = world();
    let with = |more: Value| {
        let mut all = json!({ "external_id": "G-1" });
        merge(&mut all, &more);
        give(&w, &all)
    };
    let first = with(nothing()).made();
    let second = with(nothing());
    assert_eq!(second.refusal(), "409 | duplicate_external_id");
    assert_eq!(second.text("/facts/id"), first);
    with(through_the_fund()).expect(201);
    // A disbursement is another kind of record.
    w.record(&json!({ "external_id": "G-1" })).expect(201);
    verb(&w, "officer", &first, "withdraw", &because()).expect(200);
    with(nothing()).expect(201);
}

#[test]
fn donations_are_listed_and_narrowed_by_what_they_show() {
    let w = world();
    let shelter = json!({ "code": "shelter", "name": { "ko": "쉼터", "en": "Shelter" } });
    w.post("manager", "/v1/organisations", &shelter).expect(201);
    let make = |name: &str, more: Value| {
        let mut all = json!({ "external_id": name });
        merge(&mut all, &more);
        give(&w, &all).expect(201)
    };
    make(
        "g1",
        json!({ "recipient": "shelter", "planned_on": "2022-10-01" }),
    );
    let second = make("g2", through_the_fund());
    make(
        "g3",
        json!({ "approval_document": "DOC-3", "attributes": { "site": "jeju" } }),
    );
    verb(&w, "approver", second.text("/id"), "approve", &nothing()).expect(200);
    let path = |query: &str| format!("/v1/donations{query}");
    let listed = |query: &str| {
        w.get("viewer", &path(query))
            .expect(200)
            .rows("external_id")
    };
    assert_eq!(listed(""), ["g1", "g2", "g3"]);
    assert_eq!(listed("?recipient=shelter"), ["g1"]);
    assert_eq!(listed("?to=2022-11-02"), ["g1"]);
    assert_eq!(listed("?program=drivers&fund=mobility"), ["g2"]);
    assert_eq!(listed("?status=submitted"), ["g1", "g3"]);
    assert_eq!(listed("?attribute=site:jeju"), ["g3"]);
    assert_eq!(listed("?q=doc-3"), ["g3"]);
    let page = w.get("viewer", &path("?limit=2")).expect(200);
    let next = format!("?limit=2&cursor={}", page.text("/next_cursor"));
    assert_eq!(
        (page.rows("external_id").len(), listed(&next)),
        (2, vec!["g3".to_owned()])
    );
}
