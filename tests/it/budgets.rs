//! The money of a fund: paid in as cash, set aside for programs, taken back.

use serde_json::{Value, json};

use crate::support::{Reply, World, because, merge, rows, told};

const BUDGET: &str = "committed unallocated allocated available";

fn contribution(w: &World, fund: &str, amount: &str, from: &str) -> Reply {
    let body = json!({ "amount": amount, "effective_on": "2022-10-01", "from": from });
    w.post("manager", &format!("/v1/funds/{fund}/contributions"), &body)
}

/// Sets aside for `drivers` out of `mobility`, or takes back what was.
fn allocation(w: &World, kind: &str, amount: &str, more: Value) -> Reply {
    let mut body = json!({ "program": "drivers", "amount": amount, "kind": kind });
    merge(&mut body, &more);
    w.post("manager", "/v1/funds/mobility/allocations", &body)
}

#[test]
fn contributions_are_null_until_the_first_and_a_wrong_one_is_undone_once() {
    let w = World::new();
    w.fund("mobility", "1000");
    w.fund("other", "1000");
    let contributed = || {
        told(
            &w.fund_report("mobility"),
            "contributed committed unallocated",
        )
    };
    assert_eq!(
        contributed(),
        "contributed null, committed 1000, unallocated 1000"
    );
    let booked = contribution(&w, "mobility", "400", "본사").expect(201);
    contribution(&w, "mobility", "100", "본사").expect(201);
    assert_eq!(
        contributed(),
        "contributed 500, committed 1000, unallocated 1000"
    );
    let (id, why) = (booked.text("/id"), because());
    let reverse = |fund: &str, body: &Value| {
        w.post(
            "manager",
            &format!("/v1/funds/{fund}/contributions/{id}/reverse"),
            body,
        )
    };
    let early = json!({ "effective_on": "2022-09-30", "reason": "too early" });
    assert_eq!(
        reverse("mobility", &early).refusal(),
        "409 | before_previous_step"
    );
    assert_eq!(reverse("other", &why).refusal(), "404 | not_found");
    let reversed = reverse("mobility", &why).expect(201);
    assert_eq!(
        reversed.told("kind effective_on entry.amount entry.reason"),
        "kind contribution.reversed, effective_on 2022-11-03, entry.amount 400, entry.reason a good one"
    );
    assert_eq!(reversed.text("/entry/contribution"), id);
    assert_eq!(
        contributed(),
        "contributed 100, committed 1000, unallocated 1000"
    );
    assert_eq!(
        reverse("mobility", &why).refusal(),
        "409 | already_reversed"
    );
    let on = |day: &str| {
        told(
            &w.report(&format!("funds/mobility?as_of={day}")),
            "contributed",
        )
    };
    assert_eq!(
        [on("2022-09-30"), on("2022-10-01"), on("2022-11-03")],
        ["contributed null", "contributed 500", "contributed 100"]
    );
}

#[test]
fn what_a_child_gets_from_its_parent_is_contributed_once() {
    let w = World::new();
    w.fund_with("parent", "300", &json!({ "spend_limit": "cash" }));
    w.child_fund("child", "parent", "100").expect(201);
    w.fund("stranger", "300");
    contribution(&w, "parent", "80", "본사").expect(201);
    let refused = contribution(&w, "child", "81", "parent");
    assert_eq!(refused.refusal(), "409 | insufficient_cash");
    let moved = contribution(&w, "child", "30", "parent").expect(201);
    contribution(&w, "child", "5", "a giver").expect(201);
    let contributed = || {
        let parent = w.fund_report("parent");
        told(
            &parent,
            "contributed own.contributed children.0.contributed",
        )
    };
    assert_eq!(
        contributed(),
        "contributed 85, own.contributed 50, children.0.contributed 35"
    );
    assert_eq!(
        told(&w.report("overview")["consolidated"], "contributed"),
        "contributed 85"
    );
    let elsewhere = contribution(&w, "child", "1", "stranger");
    assert_eq!(
        elsewhere.refusal(),
        "422 | invalid_fields | /from not_the_parent_fund"
    );
    let reverse = format!(
        "/v1/funds/child/contributions/{}/reverse",
        moved.text("/id")
    );
    w.post("manager", &reverse, &because()).expect(201);
    assert_eq!(
        contributed(),
        "contributed 85, own.contributed 80, children.0.contributed 5"
    );
}

#[test]
fn money_is_set_aside_for_a_year_or_without_one_up_to_what_is_unallocated() {
    let w = World::new();
    w.with_budget();
    allocation(&w, "allocate", "300000", json!({ "fiscal_year": 2022 })).expect(201);
    let refused = allocation(&w, "allocate", "100001", json!({ "fiscal_year": 2023 }));
    assert_eq!(refused.refusal(), "409 | over_allocation");
    assert_eq!(
        refused.told("facts.available facts.needed"),
        "facts.available 100000, facts.needed 100001"
    );
    let report = w.fund_report("mobility");
    assert_eq!(
        told(&report, BUDGET),
        "committed 1000000, unallocated 100000, allocated 900000, available 900000"
    );
    assert_eq!(
        rows(&report["by_fiscal_year"], "fiscal_year allocated available"),
        ["null 600000 600000", "2022 300000 300000"]
    );
    assert_eq!(
        rows(&report["by_program"], "program allocated available"),
        ["drivers 900000 900000"]
    );
    let listed = w
        .get("viewer", "/v1/funds/mobility/allocations")
        .expect(200);
    assert_eq!(
        listed.rows("kind entry.program entry.fiscal_year entry.amount effective_on"),
        [
            "allocation.made drivers null 600000 2022-04-01",
            "allocation.made drivers 2022 300000 2022-11-03"
        ]
    );
}

#[test]
fn what_is_set_aside_is_released_carried_over_or_lapses() {
    let w = World::new();
    w.with_budget();
    let of_2022 = json!({ "fiscal_year": 2022 });
    allocation(&w, "allocate", "100", of_2022.clone()).expect(201);
    allocation(&w, "release", "100000", json!({})).expect(201);
    let into_2023 = json!({ "fiscal_year": 2022, "to_fiscal_year": 2023 });
    allocation(&w, "carry_over", "60", into_2023).expect(201);
    allocation(&w, "lapse", "30", of_2022.clone()).expect(201);
    for kind in ["lapse", "release"] {
        let refused = allocation(&w, kind, "11", of_2022.clone());
        assert_eq!(refused.refusal(), "409 | insufficient_available");
        assert_eq!(
            refused.told("facts.available facts.needed"),
            "facts.available 10, facts.needed 11"
        );
    }
    let report = w.fund_report("mobility");
    assert_eq!(
        rows(&report["by_fiscal_year"], "fiscal_year allocated available"),
        ["null 500000 500000", "2022 10 10", "2023 60 60"]
    );
    assert_eq!(
        told(&report, BUDGET),
        "committed 1000000, unallocated 499930, allocated 500070, available 500070"
    );
}

#[test]
fn an_allocation_says_which_years_it_is_about() {
    let w = World::new();
    w.with_budget();
    w.program("elsewhere", &[]);
    let wrong = |kind: &str, more: Value| allocation(&w, kind, "1", more).refusal();
    assert_eq!(
        wrong("carry_over", json!({ "fiscal_year": 2022 })),
        "422 | invalid_fields | /to_fiscal_year missing"
    );
    assert_eq!(
        wrong(
            "carry_over",
            json!({ "fiscal_year": 2022, "to_fiscal_year": 2022 })
        ),
        "422 | invalid_fields | /to_fiscal_year same_fiscal_year"
    );
    assert_eq!(
        wrong("carry_over", json!({ "to_fiscal_year": 2022 })),
        "422 | invalid_fields | /fiscal_year fiscal_year_required"
    );
    assert_eq!(
        wrong("lapse", json!({ "to_fiscal_year": 2022 })),
        "422 | invalid_fields | /to_fiscal_year only_for_carry_over | /fiscal_year fiscal_year_required"
    );
    assert_eq!(
        wrong("allocate", json!({ "program": "nobody" })),
        "422 | invalid_fields | /program unknown_program"
    );
    assert_eq!(
        wrong("allocate", json!({ "program": "elsewhere" })),
        "422 | invalid_fields | /program program_not_of_fund"
    );
    assert_eq!(
        wrong("allocate", json!({ "effective_on": "2022-11-04" })),
        "422 | invalid_fields | /effective_on in_the_future"
    );
}

#[test]
fn a_fund_limited_by_cash_pays_no_more_than_was_paid_in() {
    let w = World::new();
    w.fund_with("mobility", "1000", &json!({ "spend_limit": "cash" }));
    w.program("drivers", &["mobility"]);
    w.allocate("mobility", "drivers", "600");
    let id = w.submit("drivers", "a", "300");
    w.verb("approver", &id, "approve", &json!({})).expect(200);
    let pay = |amount: &str| w.verb("treasurer", &id, "pay", &json!({ "amount": amount }));
    assert_eq!(pay("1").refusal(), "409 | insufficient_cash");
    let booked = contribution(&w, "mobility", "250", "본사").expect(201);
    let refused = pay("251");
    assert_eq!(refused.refusal(), "409 | insufficient_cash");
    assert_eq!(
        refused.told("facts.available facts.needed"),
        "facts.available 250, facts.needed 251"
    );
    pay("250").expect(200);
    assert_eq!(pay("50").refusal(), "409 | insufficient_cash");
    let reverse = format!(
        "/v1/funds/mobility/contributions/{}/reverse",
        booked.text("/id")
    );
    let gone = w.post("manager", &reverse, &because());
    assert_eq!(gone.refusal(), "409 | insufficient_cash");
    let returned = json!({ "amount": "100", "reason": "account closed" });
    w.verb("treasurer", &id, "return", &returned).expect(200);
    pay("100").expect(200);
    let refund = json!({ "amount": "50", "reason_class": "unused", "reason": "left over" });
    w.verb("treasurer", &id, "refund", &refund).expect(200);
    pay("50").expect(200);
    let report = w.fund_report("mobility");
    assert_eq!(
        told(&report, "contributed paid refunded disbursed"),
        "contributed 250, paid 300, refunded 50, disbursed 250"
    );
}

#[test]
fn giving_in_kind_needs_no_cash() {
    let w = World::new();
    w.fund_with("mobility", "1000", &json!({ "spend_limit": "cash" }));
    w.program("drivers", &["mobility"]);
    w.allocate("mobility", "drivers", "600");
    let mut body = w.cash_to("drivers", "a", "300");
    merge(
        &mut body,
        &json!({ "form": "in_kind", "values": { "cost": "300" } }),
    );
    let id = w.post("officer", "/v1/disbursements", &body).expect(201);
    w.verb("approver", id.text("/id"), "approve", &json!({}))
        .expect(200);
    w.verb("treasurer", id.text("/id"), "pay", &json!({}))
        .expect(200);
    let report = w.fund_report("mobility");
    assert_eq!(
        told(
            &report,
            "contributed disbursed disbursed_cash disbursed_in_kind"
        ),
        "contributed null, disbursed 300, disbursed_cash 0, disbursed_in_kind 300"
    );
}

#[test]
fn a_closed_program_gives_money_back_and_takes_none() {
    let w = World::new();
    w.with_budget();
    let waiting = w.submit("drivers", "a", "10");
    w.post("manager", "/v1/programs/drivers/close", &because())
        .expect(200);
    for refused in [
        allocation(&w, "allocate", "1", json!({})),
        w.post(
            "officer",
            "/v1/disbursements",
            &w.cash_to("drivers", "c", "1"),
        ),
        w.verb("approver", &waiting, "approve", &json!({})),
    ] {
        assert_eq!(refused.refusal(), "409 | program_closed");
    }
    allocation(&w, "release", "600000", json!({})).expect(201);
    w.post("manager", "/v1/programs/drivers/reopen", &because())
        .expect(200);
    allocation(&w, "allocate", "10", json!({})).expect(201);
    w.verb("approver", &waiting, "approve", &json!({}))
        .expect(200);
}

#[test]
fn a_funds_entries_are_listed_in_the_order_of_recording_and_by_value_date() {
    let w = World::new();
    w.with_budget();
    for (amount, on) in [
        ("3", "2022-08-01"),
        ("2", "2022-06-01"),
        ("1", "2022-10-01"),
    ] {
        allocation(&w, "allocate", amount, json!({ "effective_on": on })).expect(201);
    }
    let path = "/v1/funds/mobility/allocations";
    let listed = |query: &str| w.get("viewer", &format!("{path}{query}")).expect(200);
    assert_eq!(listed("").rows("entry.amount"), ["600000", "3", "2", "1"]);
    assert_eq!(
        listed("?from=2022-06-01&to=2022-08-01").rows("entry.amount"),
        ["3", "2"]
    );
    let first = listed("?limit=2&from=2022-06-01");
    assert_eq!(first.rows("entry.amount"), ["3", "2"]);
    let cursor = first.text("/next_cursor");
    let rest = listed(&format!("?limit=2&from=2022-06-01&cursor={cursor}"));
    assert_eq!(rest.rows("entry.amount"), ["1"]);
    let elsewhere = w.get("viewer", &format!("{path}?limit=2&cursor={cursor}"));
    assert_eq!(
        elsewhere.refusal(),
        "422 | invalid_fields | ?cursor bad_cursor"
    );
    assert_eq!(
        w.get("viewer", "/v1/funds/nobody/allocations").refusal(),
        "404 | not_found"
    );
}
