//! What may be submitted as a disbursement: to whom, how often, out of which line, in what form.

use serde_json::{Value, json};

use crate::support::{World, because, merge, nothing, row, rows, told};

const MONEY: &str = "submitted available awaiting_payment paid refunded disbursed";

#[test]
fn one_beneficiary_is_paid_once_a_round() {
    let w = World::new();
    w.fund("mobility", "1000000");
    w.program_with(
        "drivers",
        &["mobility"],
        &json!({ "one_payment_per": "round" }),
    );
    w.allocate("mobility", "drivers", "600000");
    let in_round = |round: &str| w.record(&json!({ "round": round }));
    let missing = w.record(&nothing());
    assert_eq!(
        missing.refusal(),
        "422 | invalid_fields | /round round_required"
    );
    let first = in_round("1").made();
    let second = in_round("1");
    assert_eq!(second.refusal(), "409 | duplicate_beneficiary_in_round");
    assert_eq!(second.text("/facts/id"), first);
    in_round("2").expect(201);
    let other = json!({ "round": "1", "beneficiary": { "kind": "worker", "reference": "b" } });
    w.record(&other).expect(201);
    // A record that no longer counts makes room, and has none when it comes back.
    w.verb("approver", &first, "reject", &because()).expect(200);
    let second = in_round("1").made();
    let back = w.verb("officer", &first, "resubmit", &nothing());
    assert_eq!(back.refusal(), "409 | duplicate_beneficiary_in_round");
    assert_eq!(back.text("/facts/id"), second);
    w.verb("officer", &first, "resubmit", &json!({ "round": "3" }))
        .expect(200);
    w.verb("approver", &second, "approve", &nothing())
        .expect(200);
    w.verb("approver", &second, "cancel", &because())
        .expect(200);
    let third = in_round("1").made();
    w.verb("officer", &third, "withdraw", &because())
        .expect(200);
    in_round("1").expect(201);
    let moved = json!({ "round": "2" });
    let at = format!("/v1/disbursements/{first}");
    let moved = w.patch("officer", &at, "\"3\"", &moved);
    assert_eq!(moved.refusal(), "409 | duplicate_beneficiary_in_round");
}

#[test]
fn one_beneficiary_is_paid_once_a_program_out_of_whatever_fund() {
    let w = World::new();
    w.fund("mobility", "1000");
    w.fund("other", "1000");
    let once = json!({ "one_payment_per": "program" });
    w.program_with("drivers", &["mobility", "other"], &once);
    let out_of = |fund: &str, round: &str| w.record(&json!({ "fund": fund, "round": round }));
    let first = out_of("mobility", "1").made();
    let second = out_of("other", "2");
    assert_eq!(second.refusal(), "409 | duplicate_beneficiary_in_program");
    assert_eq!(second.text("/facts/id"), first);
    w.verb("officer", &first, "withdraw", &because())
        .expect(200);
    out_of("other", "2").expect(201);
}

#[test]
fn an_external_id_is_unique_among_the_live_records_of_a_program() {
    let w = World::new();
    w.fund("mobility", "1000");
    w.fund("other", "1000");
    w.program("drivers", &["mobility", "other"]);
    w.program("elsewhere", &[]);
    let with = |more: Value| {
        let mut all = json!({ "external_id": "ERP-1", "fund": "mobility" });
        merge(&mut all, &more);
        w.record(&all)
    };
    let first = with(nothing()).made();
    let second = with(json!({ "fund": "other" }));
    assert_eq!(second.refusal(), "409 | duplicate_external_id");
    assert_eq!(second.text("/facts/id"), first);
    with(json!({ "program": "elsewhere", "fund": null })).expect(201);
    w.verb("officer", &first, "withdraw", &because())
        .expect(200);
    let second = with(nothing()).made();
    w.verb("approver", &second, "reject", &because())
        .expect(200);
    let third = with(json!({ "fund": "other" })).made();
    let back = w.verb("officer", &second, "resubmit", &nothing());
    assert_eq!(back.refusal(), "409 | duplicate_external_id");
    assert_eq!(back.text("/facts/id"), third);
    w.verb(
        "officer",
        &second,
        "resubmit",
        &json!({ "external_id": "ERP-2" }),
    )
    .expect(200);
    let at = format!("/v1/disbursements/{third}");
    let taken = w.patch("officer", &at, "\"1\"", &json!({ "external_id": "ERP-2" }));
    assert_eq!(taken.refusal(), "409 | duplicate_external_id");
}

#[test]
fn in_kind_the_amount_is_the_value_that_the_fund_counts() {
    let w = World::new();
    w.fund("at-cost", "1000");
    w.fund_with("at-list", "1000", &json!({ "in_kind_counted_at": "list" }));
    w.program("drivers", &["at-cost", "at-list"]);
    w.program("outside", &[]);
    let give = |program: &str, fund: Option<&str>, values: Value| {
        w.record(&json!({
            "program": program, "fund": fund, "form": "in_kind", "values": values,
        }))
    };
    let at_cost = |values: Value| give("drivers", Some("at-cost"), values).refusal();
    let at_list = |values: Value| give("drivers", Some("at-list"), values);
    assert_eq!(
        at_cost(json!({ "list": "300" })),
        "422 | invalid_fields | /values/cost value_required_in_kind"
    );
    assert_eq!(
        at_cost(json!({ "cost": "200", "list": "300" })),
        "422 | invalid_fields | /amount amount_is_not_value"
    );
    give(
        "drivers",
        Some("at-cost"),
        json!({ "cost": "300", "list": "900" }),
    )
    .expect(201);
    assert_eq!(
        at_list(json!({ "cost": "300" })).refusal(),
        "422 | invalid_fields | /values/list value_required_in_kind"
    );
    let free = at_list(json!({ "cost": "0", "list": "300", "fair": "280" })).expect(201);
    assert_eq!(
        free.told("form amount values"),
        "form in_kind, amount 300, values {\"cost\":\"0\",\"list\":\"300\",\"fair\":\"280\"}"
    );
    let listed = give("outside", None, json!({ "list": "300" }));
    assert_eq!(
        listed.refusal(),
        "422 | invalid_fields | /values/cost value_required_in_kind"
    );
    give("outside", None, json!({ "cost": "300" })).expect(201);
    let at = format!("/v1/disbursements/{}", free.text("/id"));
    let edit = w.patch("officer", &at, "\"1\"", &json!({ "amount": "280" }));
    assert_eq!(
        edit.refusal(),
        "422 | invalid_fields | /amount amount_is_not_value"
    );
}

#[test]
fn a_program_with_several_funds_is_told_which_one_pays() {
    let w = World::new();
    for fund in ["mobility", "other", "stranger"] {
        w.fund(fund, "1000");
    }
    w.program("drivers", &["mobility", "other"]);
    w.allocate("mobility", "drivers", "500");
    w.allocate("other", "drivers", "100");
    let refused = |more: Value| w.record(&more).refusal();
    assert_eq!(
        refused(nothing()),
        "422 | invalid_fields | /fund fund_required"
    );
    assert_eq!(
        refused(json!({ "fund": "stranger" })),
        "422 | invalid_fields | /fund fund_not_of_program"
    );
    assert_eq!(
        refused(json!({ "fund": "nobody" })),
        "422 | invalid_fields | /fund fund_not_of_program"
    );
    let (rich, poor) = (json!({ "fund": "mobility" }), json!({ "fund": "other" }));
    let (rich, poor) = (w.recorded(&rich), w.recorded(&poor));
    w.verb("approver", &rich, "approve", &nothing()).expect(200);
    let refused = w.verb("approver", &poor, "approve", &nothing());
    assert_eq!(refused.refusal(), "409 | insufficient_available");
    assert_eq!(
        told(&w.fund_report("mobility"), "awaiting_payment submitted"),
        "awaiting_payment 300, submitted 0"
    );
    assert_eq!(
        told(&w.fund_report("other"), "awaiting_payment submitted"),
        "awaiting_payment 0, submitted 300"
    );
}

#[test]
fn a_record_draws_on_one_line_that_of_its_year_or_the_undated_one() {
    let w = World::new();
    w.fund("mobility", "1000");
    w.program("drivers", &["mobility"]);
    w.allocate("mobility", "drivers", "200");
    let dated = json!({
        "program": "drivers", "amount": "250", "fiscal_year": 2022, "kind": "allocate",
    });
    w.post("manager", "/v1/funds/mobility/allocations", &dated)
        .expect(201);
    let year = |more: Value| w.record(&more).expect(201).told("fiscal_year");
    assert_eq!(year(nothing()), "fiscal_year 2022");
    assert_eq!(
        year(json!({ "planned_on": "2023-01-10" })),
        "fiscal_year null"
    );
    assert_eq!(year(json!({ "fiscal_year": 2023 })), "fiscal_year 2023");
    let approve = |more: Value| {
        let id = w.recorded(&more);
        w.verb("approver", &id, "approve", &nothing())
    };
    // 450 are available in all, but never on one line.
    let refused = approve(nothing());
    assert_eq!(refused.refusal(), "409 | insufficient_available");
    assert_eq!(refused.told("facts.available"), "facts.available 250");
    let refused = approve(json!({ "planned_on": "2023-01-10" }));
    assert_eq!(
        refused.told("code facts.available"),
        "code insufficient_available, facts.available 200"
    );
    let refused = approve(json!({ "fiscal_year": 2023, "amount": "1" }));
    assert_eq!(
        refused.told("code facts.available"),
        "code insufficient_available, facts.available 0"
    );
    approve(json!({ "amount": "250" })).expect(200);
    approve(json!({ "amount": "200", "planned_on": "2023-01-10" })).expect(200);
}

#[test]
fn where_no_approval_is_asked_for_a_record_is_approved_at_once() {
    let w = World::new();
    w.fund("mobility", "1000");
    w.program_with("drivers", &["mobility"], &json!({ "approval": "none" }));
    w.allocate("mobility", "drivers", "1000");
    let steps = |more: Value| {
        let recorded = w.record(&more).expect(201);
        assert_eq!(
            recorded.told("status version"),
            "status approved, version 1"
        );
        rows(&recorded.body["steps"], "verb actor effective_on amount")
    };
    assert_eq!(
        steps(json!({ "planned_on": "2022-10-01" })),
        [
            "submit officer 2022-10-01 300",
            "approve officer 2022-10-01 300"
        ]
    );
    assert_eq!(
        steps(json!({ "planned_on": "2022-12-24" })),
        [
            "submit officer 2022-11-03 300",
            "approve officer 2022-11-03 300"
        ]
    );
    assert_eq!(
        steps(json!({ "planned_on": "2022-10-01", "effective_on": "2022-10-09" })),
        [
            "submit officer 2022-10-09 300",
            "approve officer 2022-10-09 300"
        ]
    );
    let refused = w.record(&json!({ "amount": "101" }));
    assert_eq!(refused.refusal(), "409 | insufficient_available");
    assert_eq!(
        told(&w.report("programs/drivers"), MONEY),
        "submitted 0, available 100, awaiting_payment 900, paid 0, refunded 0, disbursed 0"
    );
    let jack = w.jack_of_all_trades();
    let mut body = w.cash_to("drivers", "b", "100");
    merge(&mut body, &json!({ "planned_on": "2022-11-01" }));
    let own = w.post(&jack, "/v1/disbursements", &body).made();
    assert_eq!(
        w.verb(&jack, &own, "pay", &nothing()).refusal(),
        "403 | own_record"
    );
    w.verb("treasurer", &own, "pay", &nothing()).expect(200);
}

#[test]
fn a_group_is_counted_by_its_payment_and_never_as_people() {
    let w = World::new();
    w.fund("mobility", "1000");
    w.program_with(
        "drivers",
        &["mobility"],
        &json!({ "one_payment_per": "program" }),
    );
    w.allocate("mobility", "drivers", "1000");
    let group = |group: Value| w.record(&json!({ "beneficiary": group }));
    let of_thirty = json!({ "kind": "group", "count": 30, "region": "26" });
    let first = group(of_thirty.clone()).expect(201);
    assert_eq!(
        first.told("beneficiary.id beneficiary.kind beneficiary.count beneficiary.region.iso"),
        "beneficiary.id null, beneficiary.kind group, beneficiary.count 30, \
         beneficiary.region.iso KR-26"
    );
    // Nobody knows who is in a group, so a second one is not the same one.
    let second = group(of_thirty).made();
    for id in [first.text("/id"), &second] {
        w.verb("approver", id, "approve", &nothing()).expect(200);
    }
    let drivers = w.report("programs/drivers");
    assert_eq!(
        told(&drivers["beneficiaries"], "unique payments unique_overall"),
        "unique 0, payments 2, unique_overall 0"
    );
    assert_eq!(
        group(json!({ "kind": "group", "reference": "r", "name": "n" })).refusal(),
        "422 | invalid_fields | /beneficiary/reference group_has_no_identity | \
         /beneficiary/name group_has_no_identity | /beneficiary/count missing"
    );
    assert_eq!(
        group(json!({ "kind": "worker", "count": 3 })).refusal(),
        "422 | invalid_fields | /beneficiary identity_required | \
         /beneficiary/count count_without_group"
    );
    let twice = json!({
        "kind": "merchant", "reference": "r", "registration_number": "101-11-00013",
    });
    assert_eq!(
        group(twice).refusal(),
        "422 | invalid_fields | /beneficiary/reference identity_twice"
    );
}

#[test]
fn a_program_without_a_fund_pays_without_a_limit() {
    let w = World::new();
    w.program("drivers", &[]);
    let year = w.record(&json!({ "fiscal_year": 2022 }));
    assert_eq!(
        year.refusal(),
        "422 | invalid_fields | /fiscal_year fiscal_year_without_fund"
    );
    let id = w.submit("drivers", "a", "1000000000000000");
    w.verb("approver", &id, "approve", &nothing()).expect(200);
    w.verb("treasurer", &id, "pay", &json!({ "amount": "400" }))
        .expect(200);
    w.verb("approver", &id, "cancel", &because()).expect(200);
    let refund = json!({ "amount": "150", "reason_class": "unused", "reason": "left" });
    w.verb("treasurer", &id, "refund", &refund).expect(200);
    let overview = w.report("overview");
    assert_eq!(
        told(
            row(&overview["programs"], "drivers"),
            &format!("allocated {MONEY}")
        ),
        "allocated null, submitted 0, available null, awaiting_payment 0, paid 400, refunded 150, \
         disbursed 250"
    );
    assert_eq!(
        told(
            &overview["outside_funds"],
            "awaiting_payment paid refunded disbursed"
        ),
        "awaiting_payment 0, paid 400, refunded 150, disbursed 250"
    );
    assert_eq!(
        told(&overview["consolidated"], "paid disbursed"),
        "paid 0, disbursed 0"
    );
}

#[test]
fn every_wrong_field_of_a_record_is_told_at_once() {
    let w = World::new();
    w.with_budget();
    let wrong = w.record(&json!({
        "program": "nobody", "effective_on": "2022-11-04", "fiscal_year": 2022,
        "form": "in_kind", "beneficiary": { "kind": "worker", "reference": "a", "region": "99" },
    }));
    assert_eq!(
        wrong.refusal(),
        "422 | invalid_fields | /program unknown_program | /effective_on in_the_future | \
         /fiscal_year fiscal_year_without_fund | /values/cost value_required_in_kind | \
         /beneficiary/region unknown_region"
    );
    let missing = w.post("officer", "/v1/disbursements", &nothing());
    assert_eq!(
        missing.refusal(),
        "422 | invalid_fields | /program missing | /beneficiary missing | /form missing | \
         /amount missing | /planned_on missing"
    );
    assert_eq!(w.record(&nothing()).expect(201).status, 201);
}

#[test]
fn records_are_listed_in_the_order_of_recording_and_narrowed_by_what_they_show() {
    let w = World::new();
    w.with_budget();
    w.fund("other", "1000");
    w.program("riders", &["other"]);
    let make = |name: &str, more: Value| {
        let mut all = json!({ "external_id": name });
        merge(&mut all, &more);
        w.record(&all).expect(201)
    };
    let worker = |reference: &str, region: &str| json!({ "kind": "worker", "reference": reference, "region": region });
    let first = make(
        "e1",
        json!({ "beneficiary": worker("a", "11110"), "round": "1" }),
    );
    make(
        "e2",
        json!({ "beneficiary": worker("b", "11"), "planned_on": "2022-10-01" }),
    );
    make(
        "e3",
        json!({ "program": "riders", "purpose": "Winter Tyres" }),
    );
    let fourth = make(
        "e4",
        json!({ "beneficiary": worker("c", "26"), "voucher_number": "V_4" }),
    );
    make(
        "e5",
        json!({ "attributes": { "wave": "2022-08", "site": "Busan" } }),
    );
    w.verb("approver", fourth.text("/id"), "approve", &nothing())
        .expect(200);
    let path = |query: &str| format!("/v1/disbursements{query}");
    let listed = |query: &str| {
        w.get("viewer", &path(query))
            .expect(200)
            .rows("external_id")
    };
    assert_eq!(listed(""), ["e1", "e2", "e3", "e4", "e5"]);
    assert_eq!(listed("?status=approved"), ["e4"]);
    assert_eq!(listed("?program=riders"), ["e3"]);
    assert_eq!(listed("?fund=mobility&round=1"), ["e1"]);
    assert_eq!(listed("?region=11"), ["e1", "e2", "e3", "e5"]);
    assert_eq!(listed("?region=KR-26"), ["e4"]);
    assert_eq!(listed("?region=11110"), ["e1"]);
    let beneficiary = first.text("/beneficiary/id");
    assert_eq!(listed(&format!("?beneficiary={beneficiary}")), ["e1", "e5"]);
    assert_eq!(listed("?from=2022-10-01&to=2022-11-02"), ["e2"]);
    assert_eq!(listed("?external_id=e3"), ["e3"]);
    assert_eq!(listed("?attribute=wave:2022-08"), ["e5"]);
    assert_eq!(listed("?attribute=wave:2022"), [""; 0]);
    assert_eq!(listed("?q=winter"), ["e3"]);
    assert_eq!(listed("?q=v_4"), ["e4"]);
    assert_eq!(listed("?q=v-4"), [""; 0]);
    let page = w.get("viewer", &path("?limit=2&fund=mobility")).expect(200);
    assert_eq!(page.rows("external_id"), ["e1", "e2"]);
    let next = format!(
        "?limit=2&fund=mobility&cursor={}",
        page.text("/next_cursor")
    );
    assert_eq!(listed(&next), ["e4", "e5"]);
    assert_eq!(
        w.get("viewer", &path("?colour=red")).faults(),
        ["?colour unknown_field"]
    );
}
