//! Disbursements: from the submission to the last refund, and what is refused on the way.

use serde_json::{Value, json};

use crate::support::{World, because, merge, nothing, rows, told};

const MONEY: &str = "submitted available awaiting_payment paid refunded disbursed";
const AMOUNTS: &str = "status amounts.approved amounts.paid amounts.returned amounts.refunded";

/// What stands in the books of the program `drivers`.
fn money(w: &World) -> String {
    told(&w.report("programs/drivers"), MONEY)
}

fn approved(w: &World, amount: &str) -> String {
    let id = w.submit("drivers", "a", amount);
    w.verb("approver", &id, "approve", &nothing()).expect(200);
    id
}

#[test]
fn a_disbursement_is_submitted_approved_and_paid_and_tells_every_step() {
    let w = World::new();
    w.with_budget();
    let recorded = w.record(&json!({
        "effective_on": "2022-10-30",
        "planned_on": "2022-11-10",
        "purpose": "월 지원금",
        "external_id": "ERP-1",
        "voucher_number": "V-1",
        "attributes": { "wave": "first" },
    }));
    let id = recorded.made();
    let at = format!("/v1/disbursements/{id}");
    w.step("disbursements", &id, "approve", "2022-11-01");
    let paid = json!({ "effective_on": "2022-11-02", "bank_reference": "BANK-7" });
    let paid = w.verb("treasurer", &id, "pay", &paid).expect(200);
    assert_eq!(paid.header("etag"), Some("\"3\""));
    insta::assert_snapshot!(paid.pretty(), @r#"
    {
      "id": "[id]",
      "status": "paid",
      "program": "drivers",
      "fund": "mobility",
      "fiscal_year": null,
      "round": null,
      "beneficiary": {
        "id": "[id]",
        "kind": "worker",
        "count": null,
        "region": {
          "code": "11",
          "iso": "KR-11",
          "name": {
            "ko": "서울특별시",
            "en": "Seoul"
          }
        }
      },
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
      "planned_on": "2022-11-10",
      "effective_on": "2022-10-30",
      "purpose": "월 지원금",
      "external_id": "ERP-1",
      "voucher_number": "V-1",
      "assessment": null,
      "attributes": {
        "wave": "first"
      },
      "amendments": 0,
      "approvals_needed": 1,
      "approvals": [
        {
          "by": "approver",
          "effective_on": "2022-11-01",
          "recorded_at": "[recorded_at]",
          "content": "[content]"
        }
      ],
      "splitting": null,
      "steps": [
        {
          "verb": "submit",
          "actor": "officer",
          "effective_on": "2022-10-30",
          "recorded_at": "[recorded_at]",
          "amount": "300",
          "reason_class": null,
          "reason": null,
          "bank_reference": null
        },
        {
          "verb": "approve",
          "actor": "approver",
          "effective_on": "2022-11-01",
          "recorded_at": "[recorded_at]",
          "amount": "300",
          "reason_class": null,
          "reason": null,
          "bank_reference": null
        },
        {
          "verb": "pay",
          "actor": "treasurer",
          "effective_on": "2022-11-02",
          "recorded_at": "[recorded_at]",
          "amount": "300",
          "reason_class": null,
          "reason": null,
          "bank_reference": "BANK-7"
        }
      ],
      "recorded_by": "officer",
      "recorded_at": "[recorded_at]",
      "version": 3
    }
    "#);
    assert_eq!(w.get("viewer", &at).expect(200).body, paid.body);
}

#[test]
fn a_new_record_waits_at_its_own_address_in_no_bucket() {
    let w = World::new();
    w.with_budget();
    let recorded = w.record(&nothing()).expect(201);
    let at = format!("/v1/disbursements/{}", recorded.text("/id"));
    assert_eq!(recorded.header("location"), Some(at.as_str()));
    assert_eq!(recorded.header("etag"), Some("\"1\""));
    assert_eq!(
        money(&w),
        "submitted 300, available 600000, awaiting_payment 0, paid 0, refunded 0, disbursed 0"
    );
}

#[test]
fn each_verb_moves_money_from_bucket_to_bucket() {
    let w = World::new();
    w.with_budget();
    let id = w.submit("drivers", "a", "300");
    let after = |user: &str, verb: &str, body: Value| {
        w.verb(user, &id, verb, &body).expect(200);
        money(&w)
    };
    assert_eq!(
        after("approver", "approve", nothing()),
        "submitted 0, available 599700, awaiting_payment 300, paid 0, refunded 0, disbursed 0"
    );
    assert_eq!(
        after("treasurer", "pay", nothing()),
        "submitted 0, available 599700, awaiting_payment 0, paid 300, refunded 0, disbursed 300"
    );
    assert_eq!(
        after("treasurer", "return", because()),
        "submitted 0, available 599700, awaiting_payment 300, paid 0, refunded 0, disbursed 0"
    );
    assert_eq!(
        after("treasurer", "pay", json!({ "amount": "200" })),
        "submitted 0, available 599700, awaiting_payment 100, paid 200, refunded 0, disbursed 200"
    );
    assert_eq!(
        after("approver", "cancel", because()),
        "submitted 0, available 599800, awaiting_payment 0, paid 200, refunded 0, disbursed 200"
    );
    assert_eq!(
        after(
            "treasurer",
            "refund",
            json!({ "reason_class": "unused", "reason": "left" })
        ),
        "submitted 0, available 600000, awaiting_payment 0, paid 200, refunded 200, disbursed 0"
    );
}

#[test]
fn a_record_is_submitted_today_or_on_an_earlier_planned_day() {
    let w = World::new();
    w.with_budget();
    let days = |more: Value| w.record(&more).expect(201).told("planned_on effective_on");
    assert_eq!(
        days(json!({ "planned_on": "2022-09-01" })),
        "planned_on 2022-09-01, effective_on 2022-09-01"
    );
    assert_eq!(
        days(json!({ "planned_on": "2023-01-15" })),
        "planned_on 2023-01-15, effective_on 2022-11-03"
    );
    assert_eq!(
        days(json!({ "planned_on": "2022-09-01", "effective_on": "2022-10-01" })),
        "planned_on 2022-09-01, effective_on 2022-10-01"
    );
    let ahead = w.record(&json!({ "effective_on": "2022-11-04" }));
    assert_eq!(
        ahead.refusal(),
        "422 | invalid_fields | /effective_on in_the_future"
    );
}

#[test]
fn a_step_is_dated_between_the_step_before_it_and_today() {
    let w = World::new();
    w.with_budget();
    let id = w.recorded(&json!({ "planned_on": "2022-10-10" }));
    let on = |user: &str, verb: &str, day: &str| {
        w.verb(user, &id, verb, &json!({ "effective_on": day }))
    };
    let early = on("approver", "approve", "2022-10-09");
    assert_eq!(early.refusal(), "409 | before_previous_step");
    assert_eq!(early.told("facts.last_on"), "facts.last_on 2022-10-10");
    let ahead = on("approver", "approve", "2022-11-04");
    assert_eq!(
        ahead.refusal(),
        "422 | invalid_fields | /effective_on in_the_future"
    );
    on("approver", "approve", "2022-10-12").expect(200);
    assert_eq!(
        on("treasurer", "pay", "2022-10-11").refusal(),
        "409 | before_previous_step"
    );
    let paid = w.verb("treasurer", &id, "pay", &nothing()).expect(200);
    assert_eq!(
        rows(&paid.body["steps"], "verb effective_on"),
        ["submit 2022-10-10", "approve 2022-10-12", "pay 2022-11-03"]
    );
}

#[test]
fn no_more_is_approved_than_is_available() {
    let w = World::new();
    w.with_budget();
    let (most, more) = (
        w.submit("drivers", "a", "600000"),
        w.submit("drivers", "b", "1"),
    );
    w.verb("approver", &most, "approve", &nothing()).expect(200);
    let refused = w.verb("approver", &more, "approve", &nothing());
    assert_eq!(refused.refusal(), "409 | insufficient_available");
    assert_eq!(
        refused.told("facts.available facts.needed"),
        "facts.available 0, facts.needed 1"
    );
    w.verb("approver", &most, "cancel", &because()).expect(200);
    w.verb("approver", &more, "approve", &nothing()).expect(200);
}

#[test]
fn a_record_is_paid_in_parts_that_add_up_to_what_was_approved() {
    let w = World::new();
    w.with_budget();
    let id = approved(&w, "300");
    let pay = |body: Value| w.verb("treasurer", &id, "pay", &body);
    assert_eq!(
        pay(json!({ "amount": "120" })).told(AMOUNTS),
        "status partly_paid, amounts.approved 300, amounts.paid 120, amounts.returned 0, \
         amounts.refunded 0"
    );
    let refused = pay(json!({ "amount": "181" }));
    assert_eq!(refused.refusal(), "409 | more_than_awaiting");
    assert_eq!(refused.told("facts.awaiting"), "facts.awaiting 180");
    assert_eq!(
        pay(nothing()).told(AMOUNTS),
        "status paid, amounts.approved 300, amounts.paid 300, amounts.returned 0, \
         amounts.refunded 0"
    );
    assert_eq!(pay(nothing()).refusal(), "409 | invalid_state");
}

#[test]
fn what_the_bank_returns_awaits_payment_again() {
    let w = World::new();
    w.with_budget();
    let id = approved(&w, "300");
    w.verb("treasurer", &id, "pay", &nothing()).expect(200);
    let give_back = |amount: Option<&str>| {
        let mut body = because();
        merge(
            &mut body,
            &amount.map_or(nothing(), |amount| json!({ "amount": amount })),
        );
        w.verb("treasurer", &id, "return", &body)
    };
    let refused = give_back(Some("301"));
    assert_eq!(refused.refusal(), "409 | more_than_paid");
    assert_eq!(refused.told("facts.paid"), "facts.paid 300");
    assert_eq!(
        give_back(Some("100")).told(AMOUNTS),
        "status partly_paid, amounts.approved 300, amounts.paid 200, amounts.returned 100, \
         amounts.refunded 0"
    );
    assert_eq!(
        give_back(None).told(AMOUNTS),
        "status approved, amounts.approved 300, amounts.paid 0, amounts.returned 300, \
         amounts.refunded 0"
    );
    assert_eq!(give_back(None).refusal(), "409 | invalid_state");
    let paid = w.verb("treasurer", &id, "pay", &nothing()).expect(200);
    assert_eq!(
        paid.told(AMOUNTS),
        "status paid, amounts.approved 300, amounts.paid 300, amounts.returned 300, \
         amounts.refunded 0"
    );
}

#[test]
fn refunds_are_booked_by_class_and_leave_what_was_paid_as_it_was() {
    let w = World::new();
    w.with_budget();
    let id = approved(&w, "300");
    w.verb("treasurer", &id, "pay", &nothing()).expect(200);
    let refund = |class: &str, amount: &str| {
        let body = json!({ "amount": amount, "reason_class": class, "reason": "came back" });
        w.verb("treasurer", &id, "refund", &body)
    };
    refund("unused", "50").expect(200);
    refund("clawback", "60").expect(200);
    assert_eq!(refund("error", "191").refusal(), "409 | more_than_paid");
    let part = w.verb(
        "treasurer",
        &id,
        "refund",
        &json!({ "reason_class": "gone" }),
    );
    assert_eq!(
        part.refusal(),
        "422 | invalid_fields | /reason_class unknown_value | /reason missing"
    );
    let part = w.get("viewer", &format!("/v1/disbursements/{id}"));
    assert_eq!(
        part.told(AMOUNTS),
        "status partly_refunded, amounts.approved 300, amounts.paid 300, amounts.returned 0, \
         amounts.refunded 110"
    );
    let whole = refund("error", "190").expect(200);
    assert_eq!(
        whole.told(AMOUNTS),
        "status refunded, amounts.approved 300, amounts.paid 300, amounts.returned 0, \
         amounts.refunded 300"
    );
    assert_eq!(
        rows(&whole.body["steps"], "verb amount reason_class")[3..],
        ["refund 50 unused", "refund 60 clawback", "refund 190 error"]
    );
    assert_eq!(refund("error", "1").refusal(), "409 | invalid_state");
}

#[test]
fn cancelling_lets_go_of_what_is_not_paid() {
    let w = World::new();
    w.with_budget();
    let (whole, part) = (approved(&w, "300"), approved(&w, "300"));
    let cancelled = w.verb("approver", &whole, "cancel", &because()).expect(200);
    assert_eq!(
        cancelled.told(AMOUNTS),
        "status cancelled, amounts.approved 0, amounts.paid 0, amounts.returned 0, \
         amounts.refunded 0"
    );
    w.verb("treasurer", &part, "pay", &json!({ "amount": "100" }))
        .expect(200);
    let cancelled = w.verb("approver", &part, "cancel", &because()).expect(200);
    assert_eq!(
        cancelled.told(AMOUNTS),
        "status paid, amounts.approved 100, amounts.paid 100, amounts.returned 0, \
         amounts.refunded 0"
    );
    for id in [whole, part] {
        assert_eq!(
            w.verb("approver", &id, "cancel", &because()).refusal(),
            "409 | invalid_state"
        );
    }
    assert_eq!(
        money(&w),
        "submitted 0, available 599900, awaiting_payment 0, paid 100, refunded 0, disbursed 100"
    );
}

#[test]
fn what_is_sent_back_is_changed_and_handed_in_again() {
    let w = World::new();
    w.with_budget();
    let id = w.recorded(&json!({ "planned_on": "2022-10-01" }));
    let reject = json!({ "reason": "the amount is wrong", "effective_on": "2022-10-03" });
    let rejected = w.verb("approver", &id, "reject", &reject).expect(200);
    assert_eq!(
        rejected.told("status version"),
        "status rejected, version 2"
    );
    assert_eq!(
        told(&w.report("programs/drivers"), "submitted"),
        "submitted 0"
    );
    assert_eq!(
        w.verb("approver", &id, "approve", &nothing()).refusal(),
        "409 | invalid_state"
    );
    let again = |day: &str| {
        let body = json!({
            "effective_on": day, "amount": "250", "purpose": "right now", "voucher_number": "V-2",
            "attributes": { "wave": "second" }, "beneficiary": { "region": "26" },
        });
        w.verb("officer", &id, "resubmit", &body)
    };
    assert_eq!(again("2022-10-02").refusal(), "409 | before_previous_step");
    let resubmitted = again("2022-10-05").expect(200);
    assert_eq!(
        resubmitted.told("status amount purpose voucher_number beneficiary.region.code"),
        "status submitted, amount 250, purpose right now, voucher_number V-2, \
         beneficiary.region.code 26"
    );
    assert_eq!(
        rows(
            &resubmitted.body["steps"],
            "verb actor effective_on amount reason"
        ),
        [
            "submit officer 2022-10-01 300 null",
            "reject approver 2022-10-03 null the amount is wrong",
            "resubmit officer 2022-10-05 250 null",
        ]
    );
    let waiting = |day: &str| {
        let report = w.report(&format!("programs/drivers?as_of={day}"));
        told(&report, "submitted")
    };
    assert_eq!(
        ["2022-09-30", "2022-10-01", "2022-10-03", "2022-10-05"].map(waiting),
        [
            "submitted 0",
            "submitted 300",
            "submitted 0",
            "submitted 250"
        ]
    );
    w.verb("approver", &id, "approve", &nothing()).expect(200);
    assert_eq!(again("2022-11-03").refusal(), "409 | invalid_state");
}

#[test]
fn only_its_recorder_withdraws_a_record_and_only_before_it_is_approved() {
    let w = World::new();
    w.with_budget();
    let (waiting, rejected) = (w.submit("drivers", "a", "1"), w.submit("drivers", "b", "1"));
    let withdraw = |user: &str, id: &str| w.verb(user, id, "withdraw", &because());
    assert_eq!(
        withdraw("officer2", &waiting).refusal(),
        "403 | not_recorder"
    );
    assert_eq!(
        withdraw("approver", &waiting).refusal(),
        "403 | missing_right"
    );
    assert_eq!(
        withdraw("officer", &waiting).expect(200).told("status"),
        "status withdrawn"
    );
    assert_eq!(
        withdraw("officer", &waiting).refusal(),
        "409 | invalid_state"
    );
    w.verb("approver", &rejected, "reject", &because())
        .expect(200);
    assert_eq!(
        withdraw("officer", &rejected).expect(200).told("status"),
        "status withdrawn"
    );
    let resubmit = w.verb("officer", &rejected, "resubmit", &nothing());
    assert_eq!(resubmit.refusal(), "409 | invalid_state");
    let approved = approved(&w, "1");
    assert_eq!(
        withdraw("officer", &approved).refusal(),
        "409 | invalid_state"
    );
    assert_eq!(
        told(&w.report("programs/drivers"), "submitted"),
        "submitted 0"
    );
}

#[test]
fn whoever_recorded_an_entry_never_decides_on_it_whatever_the_roles() {
    let w = World::new();
    w.with_budget();
    let jack = w.jack_of_all_trades();
    let refund = json!({ "reason_class": "error", "reason": "came back" });
    let body = w.cash_to("drivers", "a", "300");
    let id = w.post(&jack, "/v1/disbursements", &body).made();
    let own = |verb: &str, body: &Value| {
        assert_eq!(
            w.verb(&jack, &id, verb, body).refusal(),
            "403 | own_record",
            "{verb}"
        );
    };
    own("approve", &nothing());
    own("reject", &because());
    w.verb("approver", &id, "approve", &nothing()).expect(200);
    own("cancel", &because());
    own("pay", &nothing());
    w.verb("treasurer", &id, "pay", &nothing()).expect(200);
    own("return", &because());
    own("refund", &refund);
    // What others recorded he may approve, and what others approved besides he may pay.
    let id = w.submit("drivers", "a", "300");
    w.verb(&jack, &id, "approve", &nothing()).expect(200);
    let id = w.submit("drivers", "a", "300");
    w.verb("approver", &id, "approve", &nothing()).expect(200);
    w.verb(&jack, &id, "pay", &nothing()).expect(200);
    w.verb(&jack, &id, "refund", &refund).expect(200);
}

#[test]
fn whoever_changed_or_resubmitted_an_entry_does_not_decide_on_it_either() {
    let w = World::new();
    w.with_budget();
    let jack = w.jack_of_all_trades();
    let edited = w.submit("drivers", "a", "300");
    let at = format!("/v1/disbursements/{edited}");
    w.patch(&jack, &at, "\"1\"", &json!({ "amount": "400" }))
        .expect(200);
    assert_eq!(
        w.verb(&jack, &edited, "approve", &nothing()).refusal(),
        "403 | own_record"
    );
    let resubmitted = w.submit("drivers", "b", "300");
    w.verb("approver", &resubmitted, "reject", &because())
        .expect(200);
    w.verb(&jack, &resubmitted, "resubmit", &nothing())
        .expect(200);
    assert_eq!(
        w.verb(&jack, &resubmitted, "approve", &nothing()).refusal(),
        "403 | own_record"
    );
    // Its first recorder is still the one who may take it back.
    assert_eq!(
        w.verb(&jack, &resubmitted, "withdraw", &because())
            .refusal(),
        "403 | not_recorder"
    );
    w.verb("officer", &resubmitted, "withdraw", &because())
        .expect(200);
}

#[test]
fn a_record_is_edited_only_while_submitted_and_only_as_it_was_read() {
    let w = World::new();
    w.with_budget();
    let id = w.recorded(&json!({ "purpose": "first", "attributes": { "a": "1" } }));
    let at = format!("/v1/disbursements/{id}");
    let patch = json!({
        "amount": "350", "purpose": null, "planned_on": "2022-12-01",
        "attributes": { "a": null, "b": "2" }, "beneficiary": { "region": null },
    });
    let blind = w.call("officer", ("PATCH", &at), &[], Some(&patch));
    assert_eq!(blind.refusal(), "428 | if_match_missing");
    let edited = w.patch("officer", &at, "\"1\"", &patch).expect(200);
    assert_eq!(
        edited.told("amount purpose planned_on attributes beneficiary.region version"),
        "amount 350, purpose null, planned_on 2022-12-01, attributes {\"b\":\"2\"}, \
         beneficiary.region null, version 2"
    );
    assert_eq!(edited.header("etag"), Some("\"2\""));
    assert_eq!(
        told(&w.report("programs/drivers"), "submitted"),
        "submitted 350"
    );
    assert_eq!(
        w.patch("officer", &at, "\"1\"", &patch).refusal(),
        "412 | stale_etag"
    );
    let fixed = json!({ "program": "x", "form": "cash", "beneficiary": { "kind": "user" } });
    assert_eq!(
        w.patch("officer", &at, "\"2\"", &fixed).refusal(),
        "422 | invalid_fields | /program unknown_field | /form unknown_field | \
         /beneficiary/kind unknown_field"
    );
    let approve = |etag: &str| {
        let headers = [("idempotency-key", "once"), ("if-match", etag)];
        w.call(
            "approver",
            ("POST", &format!("{at}/approve")),
            &headers,
            Some(&nothing()),
        )
    };
    assert_eq!(approve("\"1\"").refusal(), "412 | stale_etag");
    approve("\"2\"").expect(200);
    assert_eq!(
        w.patch("officer", &at, "\"3\"", &patch).refusal(),
        "409 | invalid_state"
    );
}
