//! Funds: opening and closing them, what is promised to them, their plans and their names.

use serde_json::{Value, json};

use crate::support::{Reply, World, because, row, told};

const BUDGET: &str = "committed unallocated allocated available";

fn commitment(w: &World, fund: &str, change: &str, amount: &str) -> Reply {
    let body = json!({ "change": change, "amount": amount, "reason": "the board decided so" });
    w.post("manager", &format!("/v1/funds/{fund}/commitments"), &body)
}

#[test]
fn a_fund_opens_with_its_commitment_unallocated() {
    let w = World::new();
    let opened = w.fund("mobility", "1000000");
    assert_eq!(opened.header("location"), Some("/v1/funds/mobility"));
    assert_eq!(opened.header("etag"), Some("\"1\""));
    insta::assert_snapshot!(opened.pretty(), @r#"
    {
      "code": "mobility",
      "name": {
        "ko": "기금",
        "en": "Fund"
      },
      "kind": "internal",
      "status": "open",
      "period": {
        "start": "2022-04-01",
        "end": "2027-03-31",
        "basis": null
      },
      "part_of": null,
      "spend_limit": "commitment",
      "in_kind_counted_at": "cost",
      "second_approval_above": null,
      "plan_version": 0,
      "basis": null,
      "version": 1
    }
    "#);
    assert_eq!(
        w.get("viewer", "/v1/funds/mobility").expect(200).body,
        opened.body
    );
    assert_eq!(
        told(&w.fund_report("mobility"), BUDGET),
        "committed 1000000, unallocated 1000000, allocated 0, available 0"
    );
    assert_eq!(
        told(
            &w.fund_report("mobility"),
            "contributed remaining disbursed_ratio"
        ),
        "contributed null, remaining 1000000, disbursed_ratio 0.0000"
    );
}

#[test]
fn a_childs_commitment_leaves_its_parents_unallocated_money_and_consolidated_stays() {
    let w = World::new();
    w.fund("parent", "300");
    w.child_fund("child", "parent", "10").expect(201);
    let overview = w.report("overview");
    let parent = row(&overview["funds"], "parent");
    assert_eq!(
        told(&overview["consolidated"], BUDGET),
        "committed 300, unallocated 300, allocated 0, available 0"
    );
    assert_eq!(
        told(parent, BUDGET),
        "committed 300, unallocated 300, allocated 0, available 0"
    );
    assert_eq!(
        told(&parent["own"], BUDGET),
        "committed 290, unallocated 290, allocated 0, available 0"
    );
    assert_eq!(
        told(parent, "part_of to_child_funds"),
        "part_of null, to_child_funds 10"
    );
    assert_eq!(
        told(
            row(&overview["funds"], "child"),
            "part_of committed own.committed"
        ),
        "part_of parent, committed 10, own.committed 10"
    );
    let before = w.report("funds/parent?as_of=2022-08-31");
    assert_eq!(
        told(&before, "committed own.committed to_child_funds children"),
        "committed 300, own.committed 300, to_child_funds 0, children []"
    );
}

#[test]
fn a_child_takes_no_more_than_its_parent_has_unallocated() {
    let w = World::new();
    w.with_budget();
    let refused = w.child_fund("child", "mobility", "400001");
    assert_eq!(refused.refusal(), "409 | insufficient_unallocated");
    assert_eq!(
        refused.told("facts.available facts.needed"),
        "facts.available 400000, facts.needed 400001"
    );
    w.child_fund("child", "mobility", "400000").expect(201);
    assert_eq!(
        commitment(&w, "child", "raise", "1").refusal(),
        "409 | insufficient_unallocated"
    );
}

#[test]
fn a_commitment_is_raised_and_lowered_but_not_below_what_is_allocated() {
    let w = World::new();
    w.with_budget();
    commitment(&w, "mobility", "raise", "500000").expect(201);
    let refused = commitment(&w, "mobility", "lower", "900001");
    assert_eq!(refused.refusal(), "409 | below_allocated");
    assert_eq!(
        refused.told("facts.available facts.needed"),
        "facts.available 900000, facts.needed 900001"
    );
    let lowered = commitment(&w, "mobility", "lower", "900000").expect(201);
    insta::assert_snapshot!(lowered.pretty(), @r#"
    {
      "id": "[id]",
      "kind": "fund.commitment_lowered",
      "effective_on": "2022-11-03",
      "recorded_at": "[recorded_at]",
      "recorded_by": "manager",
      "currency": "KRW",
      "entry": {
        "fund": "mobility",
        "change": "lower",
        "amount": "900000",
        "effective_on": "2022-11-03",
        "reason": "the board decided so"
      }
    }
    "#);
    assert_eq!(
        told(&w.fund_report("mobility"), BUDGET),
        "committed 600000, unallocated 0, allocated 600000, available 600000"
    );
    let listed = w
        .get("viewer", "/v1/funds/mobility/commitments")
        .expect(200);
    assert_eq!(
        listed.rows("kind entry.amount effective_on"),
        [
            "fund.opened 1000000 2022-04-01",
            "fund.commitment_raised 500000 2022-11-03",
            "fund.commitment_lowered 900000 2022-11-03"
        ]
    );
}

#[test]
fn a_childs_raise_comes_from_its_parent_and_goes_back_there() {
    let w = World::new();
    w.fund("parent", "300");
    w.child_fund("child", "parent", "10").expect(201);
    let standing = || {
        let parent = w.fund_report("parent");
        told(
            &parent,
            "committed own.unallocated to_child_funds children.0.committed",
        )
    };
    commitment(&w, "child", "raise", "40").expect(201);
    assert_eq!(
        standing(),
        "committed 300, own.unallocated 250, to_child_funds 50, children.0.committed 50"
    );
    commitment(&w, "child", "lower", "45").expect(201);
    assert_eq!(
        standing(),
        "committed 300, own.unallocated 295, to_child_funds 5, children.0.committed 5"
    );
    assert_eq!(
        commitment(&w, "child", "lower", "6").refusal(),
        "409 | below_allocated"
    );
}

#[test]
fn a_new_plan_keeps_the_ones_before_and_reports_use_the_one_in_force() {
    let w = World::new();
    w.fund("mobility", "1000");
    w.program("drivers", &["mobility"]);
    let plan = |reason: &str, on: &str, lines: Value| {
        let body = json!({ "version_reason": reason, "effective_on": on, "lines": lines });
        w.post("manager", "/v1/funds/mobility/plans", &body)
    };
    let first = plan(
        "at the start",
        "2022-04-01",
        json!([
            { "fiscal_year": 2022, "program": "drivers", "amount": "100" },
            { "fiscal_year": 2023, "area": "merchants", "amount": "200" },
        ]),
    );
    insta::assert_snapshot!(first.expect(201).pretty(), @r#"
    {
      "fund": "mobility",
      "version": 1,
      "version_reason": "at the start",
      "effective_on": "2022-04-01",
      "recorded_by": "manager",
      "recorded_at": "[recorded_at]",
      "currency": "KRW",
      "lines": [
        {
          "fiscal_year": 2022,
          "program": "drivers",
          "area": null,
          "amount": "100"
        },
        {
          "fiscal_year": 2023,
          "program": null,
          "area": "merchants",
          "amount": "200"
        }
      ]
    }
    "#);
    let half = json!([{ "fiscal_year": 2022, "amount": "50" }]);
    plan("half as much", "2022-10-01", half).expect(201);
    let listed = w.get("viewer", "/v1/funds/mobility/plans").expect(200);
    assert_eq!(
        listed.rows("version version_reason effective_on recorded_by"),
        [
            "1 at the start 2022-04-01 manager",
            "2 half as much 2022-10-01 manager"
        ]
    );
    let in_force = |on: &str| {
        let report = w.report(&format!("funds/mobility?as_of={on}"));
        told(
            &report,
            "plan.version plan.lines.0.amount plan_to_date_ratio",
        )
    };
    assert_eq!(
        in_force("2022-09-30"),
        "plan.version 1, plan.lines.0.amount 100, plan_to_date_ratio 0.0665"
    );
    assert_eq!(
        in_force("2022-11-03"),
        "plan.version 2, plan.lines.0.amount 50, plan_to_date_ratio 0.0395"
    );
    assert_eq!(
        w.get("viewer", "/v1/funds/mobility")
            .told("plan_version version"),
        "plan_version 2, version 1"
    );
    let wrong = plan(
        "wrong",
        "2022-10-01",
        json!([
            { "fiscal_year": 2022, "program": "nobody", "amount": "1" },
            { "fiscal_year": 2022, "program": "drivers", "amount": "1" },
            { "fiscal_year": 2022, "program": "never", "amount": "1" },
        ]),
    );
    assert_eq!(
        wrong.refusal(),
        "422 | invalid_fields | /lines/0/program unknown_program | /lines/2/program unknown_program"
    );
    let both = json!([{ "fiscal_year": 2022, "program": "drivers", "area": "a", "amount": "1" }]);
    assert_eq!(
        plan("both", "2022-10-01", both).refusal(),
        "422 | invalid_fields | /lines/0 program_or_area"
    );
}

#[test]
fn in_a_closed_fund_nothing_new_happens_but_what_is_approved_is_paid() {
    let w = World::new();
    w.with_budget();
    let (approved, waiting) = (
        w.submit("drivers", "a", "10"),
        w.submit("drivers", "b", "10"),
    );
    w.verb("approver", &approved, "approve", &json!({}))
        .expect(200);
    let closed = w
        .post("manager", "/v1/funds/mobility/close", &because())
        .expect(200);
    assert_eq!(closed.told("status version"), "status closed, version 2");
    let again = w.post("manager", "/v1/funds/mobility/close", &because());
    assert_eq!(again.refusal(), "409 | already_so");
    let set_aside = || {
        let body = json!({ "kind": "allocate", "program": "drivers", "amount": "1" });
        w.post("manager", "/v1/funds/mobility/allocations", &body)
    };
    let contribute = || {
        let body = json!({ "amount": "1", "from": "본사" });
        w.post("manager", "/v1/funds/mobility/contributions", &body)
    };
    let plan = json!({ "version_reason": "x", "lines": [{ "fiscal_year": 2022, "amount": "1" }] });
    for refused in [
        set_aside(),
        commitment(&w, "mobility", "raise", "1"),
        contribute(),
        w.child_fund("child", "mobility", "1"),
        w.post("manager", "/v1/funds/mobility/plans", &plan),
        w.post(
            "officer",
            "/v1/disbursements",
            &w.cash_to("drivers", "c", "1"),
        ),
        w.verb("approver", &waiting, "approve", &json!({})),
    ] {
        assert_eq!(refused.refusal(), "409 | fund_closed");
    }
    w.verb("treasurer", &approved, "pay", &json!({}))
        .expect(200);
    w.verb("approver", &waiting, "reject", &because())
        .expect(200);
    let reopened = w
        .post("manager", "/v1/funds/mobility/reopen", &because())
        .expect(200);
    assert_eq!(reopened.told("status version"), "status open, version 3");
    set_aside().expect(201);
}

#[test]
fn a_change_needs_the_etag_and_keeps_the_name_of_before() {
    let w = World::new();
    let etag = w
        .fund("mobility", "1000")
        .header("etag")
        .unwrap()
        .to_owned();
    let path = "/v1/funds/mobility";
    let renamed = json!({
        "name": { "ko": "모빌리티 기금", "en": "Mobility fund" },
        "effective_on": "2022-11-01",
        "basis": "press release",
    });
    let blind = w.call("manager", ("PATCH", path), &[], Some(&renamed));
    assert_eq!(blind.refusal(), "428 | if_match_missing");
    assert_eq!(
        w.patch("manager", path, "\"2\"", &renamed).refusal(),
        "412 | stale_etag"
    );
    let changed = w.patch("manager", path, &etag, &renamed).expect(200);
    assert_eq!(
        changed.told("name.en basis version"),
        "name.en Mobility fund, basis press release, version 2"
    );
    assert_eq!(changed.header("etag"), Some("\"2\""));
    assert_eq!(
        w.patch("manager", path, &etag, &renamed).refusal(),
        "412 | stale_etag"
    );
    let name = |on: &str| told(&w.report(&format!("funds/mobility?as_of={on}")), "name.en");
    assert_eq!(
        [name("2022-10-31"), name("2022-11-01")],
        ["name.en Fund", "name.en Mobility fund"]
    );
    let period = json!({ "start": "2022-04-01", "end": "2023-03-31", "basis": "assumed" });
    let shorter = json!({ "period": period, "basis": null });
    let changed = w.patch("manager", path, "\"2\"", &shorter).expect(200);
    assert_eq!(
        changed.told("period.end period.basis basis name.en"),
        "period.end 2023-03-31, period.basis assumed, basis null, name.en Mobility fund"
    );
    let backwards = json!({ "period": { "start": "2022-04-01", "end": "2022-03-31" } });
    assert_eq!(
        w.patch("manager", path, "\"3\"", &backwards).refusal(),
        "422 | invalid_fields | /period end_before_start"
    );
    let fixed = json!({ "commitment": "2000", "part_of": null });
    assert_eq!(
        w.patch("manager", path, "\"3\"", &fixed).refusal(),
        "422 | invalid_fields | /commitment unknown_field | /part_of unknown_field"
    );
}

#[test]
fn funds_are_listed_by_code_page_by_page_and_narrowed_by_what_they_are() {
    let w = World::new();
    w.fund("gamma", "1000");
    w.fund_with(
        "alpha",
        "1000",
        &json!({ "name": { "ko": "상생기금", "en": "Prosperity" } }),
    );
    w.child_fund("beta", "alpha", "10").expect(201);
    w.fund_with("delta", "1000", &json!({ "kind": "foundation" }));
    w.post("manager", "/v1/funds/gamma/close", &because())
        .expect(200);
    let listed = |query: &str| w.get("viewer", &format!("/v1/funds{query}")).expect(200);
    assert_eq!(listed("").rows("code"), ["alpha", "beta", "delta", "gamma"]);
    assert_eq!(listed("?part_of=alpha").rows("code"), ["beta"]);
    assert_eq!(listed("?kind=foundation").rows("code"), ["delta"]);
    assert_eq!(listed("?status=closed").rows("code"), ["gamma"]);
    assert_eq!(listed("?q=PROSPER").rows("code"), ["alpha"]);
    assert_eq!(listed("?q=%EC%83%81%EC%83%9D").rows("code"), ["alpha"]);
    assert_eq!(listed("?q=%25").rows("code"), [""; 0]);
    let first = listed("?limit=3");
    assert_eq!(first.rows("code"), ["alpha", "beta", "delta"]);
    let cursor = first.text("/next_cursor");
    let next = format!("?limit=3&cursor={cursor}");
    assert_eq!(
        first.header("link"),
        Some(&*format!("</v1/funds{next}>; rel=\"next\""))
    );
    let last = listed(&next);
    assert_eq!(last.rows("code"), ["gamma"]);
    assert_eq!(
        (&last.body["next_cursor"], last.header("link")),
        (&Value::Null, None)
    );
}

#[test]
fn a_fund_that_cannot_be_is_refused() {
    let w = World::new();
    w.fund("mobility", "1000");
    let refused = |parent: &str, code: &str| w.child_fund(code, parent, "1").refusal();
    assert_eq!(
        refused("mobility", "mobility"),
        "422 | invalid_fields | /part_of part_of_itself"
    );
    assert_eq!(
        refused("self", "self"),
        "422 | invalid_fields | /part_of part_of_itself"
    );
    assert_eq!(
        refused("nobody", "child"),
        "422 | invalid_fields | /part_of unknown_fund"
    );
    let again = json!({
        "code": "mobility",
        "name": { "ko": "기금", "en": "Fund" },
        "kind": "internal",
        "commitment": "1",
        "effective_on": "2022-11-04",
        "period": { "start": "2022-04-01", "end": "2027-03-31" },
    });
    assert_eq!(
        w.post("manager", "/v1/funds", &again).refusal(),
        "409 | duplicate_code"
    );
    assert_eq!(
        commitment(&w, "nobody", "raise", "1").refusal(),
        "404 | not_found"
    );
}
