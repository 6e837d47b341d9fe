//! A fund's plan against what was done: worked out by hand, with a child fund, on several days.

use serde_json::{Value, json};

use crate::support::{World, merge, rows, told};

/// 550 won a year are planned for merchants, and 275 for the program of workers in 2022: 2022 has
/// 275 days within the period. The parent's merchants got 100 in August, the child's workers 40 in
/// September of which 10 came back in 2023. `idle` has money and no records.
fn story() -> World {
    let w = World::new();
    w.fund("parent", "100000");
    w.child_fund("child", "parent", "10000").expect(201);
    w.program_with("merchants", &["parent"], &json!({ "area": "merchants" }));
    w.program_with("workers", &["child"], &json!({ "area": "mobility" }));
    w.program_with("other", &["parent"], &json!({}));
    w.program_with("idle", &["parent"], &json!({ "area": "mobility" }));
    for (fund, program) in [
        ("parent", "merchants"),
        ("parent", "other"),
        ("parent", "idle"),
    ] {
        w.allocate(fund, program, "1000");
    }
    let late = json!({ "program": "workers", "amount": "500", "effective_on": "2022-09-01" });
    w.set_aside("child", &late);
    paid(&w, "merchants", "100", "2022-07-01");
    paid(&w, "other", "7", "2022-11-03");
    let id = paid(&w, "workers", "40", "2022-09-06");
    w.set_day("2023-02-01");
    let back = json!({ "amount": "10", "reason_class": "unused", "reason": "x" });
    w.verb("treasurer", &id, "refund", &back).expect(200);
    w
}

fn plan(w: &World) {
    let lines = json!([
        { "fiscal_year": 2022, "area": "merchants", "amount": "550" },
        { "fiscal_year": 2022, "program": "workers", "amount": "275" },
        { "fiscal_year": 2023, "area": "merchants", "amount": "550" },
        { "fiscal_year": 2023, "program": "named", "amount": "1" },
    ]);
    let body = json!({ "version_reason": "x", "effective_on": "2022-04-01", "lines": lines });
    w.program_with("named", &["parent"], &json!({}));
    w.post("manager", "/v1/funds/parent/plans", &body)
        .expect(201);
}

fn paid(w: &World, program: &str, amount: &str, on: &str) -> String {
    let mut more = json!({ "program": program, "amount": amount, "planned_on": on });
    merge(
        &mut more,
        &json!({ "beneficiary": { "kind": "worker", "reference": on } }),
    );
    let id = w.recorded(&more);
    w.step("disbursements", &id, "approve", on);
    w.step("disbursements", &id, "pay", on);
    id
}

fn fund(w: &World, day: &str) -> Value {
    w.report(&format!("funds/parent?as_of={day}"))
}

const PLAN: &str = "to_date to_date_ratio disbursed difference coverage";
const YEARS: &str = "fiscal_year plan plan_to_date disbursed difference";

#[test]
fn a_fund_without_a_plan_is_shown_by_area_all_the_same() {
    let w = story();
    let report = fund(&w, "2022-11-03");
    assert_eq!(report["plan"], Value::Null);
    assert_eq!(
        rows(
            &report["by_area"],
            "area plan allocated awaiting_payment disbursed"
        ),
        [
            "null null 1000 0 7",
            "merchants null 1000 0 100",
            "mobility null 1500 0 40"
        ]
    );
}

#[test]
fn the_plan_is_held_against_what_was_disbursed_with_child_funds() {
    let w = story();
    plan(&w);
    let plan = &fund(&w, "2022-11-03")["plan"];
    // 825 × 217 / 275 = 651 of 100,000.
    assert_eq!(
        told(plan, PLAN),
        "to_date 651, to_date_ratio 0.0065, disbursed 147, difference -504, coverage partial"
    );
    assert_eq!(
        rows(&plan["by_fiscal_year"], YEARS),
        ["2022 825 651 147 -504", "2023 551 0 0 0"]
    );
    assert_eq!(
        rows(
            &plan["by_area"],
            "area plan plan_to_date disbursed difference"
        ),
        [
            "null 1 0 7 7",
            "merchants 1100 434 100 -334",
            "mobility 275 217 40 -177"
        ]
    );
    assert_eq!(
        rows(
            &plan["by_program"],
            "program plan plan_to_date disbursed difference"
        ),
        [
            "merchants null null 100 null",
            "named 1 0 0 0",
            "other null null 7 null",
            "workers 275 217 40 -177",
        ]
    );
    assert_eq!(plan["programs_without_records"], json!(["idle", "named"]));
    let child = w.report("funds/child?as_of=2022-11-03");
    assert_eq!(
        child["plan"],
        Value::Null,
        "a parent's plan is not its child's"
    );
    assert_eq!(rows(&child["by_area"], "area disbursed"), ["mobility 40"]);
}

#[test]
fn what_comes_back_in_a_later_year_lowers_that_year() {
    let w = story();
    plan(&w);
    let plan = &fund(&w, "2023-02-01")["plan"];
    // 551 × 32 / 365 = 48.3
    assert_eq!(
        rows(&plan["by_fiscal_year"], YEARS),
        ["2022 825 825 147 -678", "2023 551 48 -10 -58"]
    );
    assert_eq!(
        told(plan, "to_date disbursed difference"),
        "to_date 873, disbursed 137, difference -736"
    );
}

#[test]
fn a_forecast_goes_straight_on_or_at_the_pace_of_the_last_ninety_days() {
    let w = story();
    plan(&w);
    let forecast = |day: &str| fund(&w, day)["plan"]["forecast"].clone();
    let shown = |day: &str| {
        let forecast = forecast(day);
        let against = told(&forecast["against_plan"], "straight_line current_pace");
        let all = "on plan straight_line current_pace pace_days";
        format!("{}; {against}", told(&forecast, all))
    };
    assert_eq!(forecast("2022-03-31"), Value::Null);
    // 147 × 1826 / 217 = 1236.96; 147 + 47 × 1609 / 90 = 987.2: July is no longer recent.
    assert_eq!(
        shown("2022-11-03"),
        "on 2027-03-31, plan 1376, straight_line 1237, current_pace 987, pace_days 90; \
         straight_line -139, current_pace -389"
    );
    // The first 92 days: 100 × 1826 / 92, and 100 + 100 × 1734 / 90.
    assert_eq!(
        shown("2022-07-01"),
        "on 2027-03-31, plan 1376, straight_line 1985, current_pace 2027, pace_days 90; \
         straight_line 609, current_pace 651"
    );
    assert_eq!(
        told(
            &forecast("2022-04-10"),
            "straight_line current_pace pace_days"
        ),
        "straight_line 0, current_pace 0, pace_days 10"
    );
    w.set_day("2027-05-01");
    assert_eq!(
        shown("2027-05-01"),
        "on 2027-03-31, plan 1376, straight_line 137, current_pace 137, pace_days 90; \
         straight_line -1239, current_pace -1239"
    );
}

#[test]
fn a_plan_is_covered_once_every_program_of_it_has_a_record() {
    let w = story();
    plan(&w);
    let covered = |day: &str| {
        let plan = &fund(&w, day)["plan"];
        (
            plan["coverage"].clone(),
            plan["programs_without_records"].clone(),
        )
    };
    paid(&w, "idle", "1", "2023-01-05");
    w.allocate("parent", "named", "10");
    let cancelled = w.recorded(&json!({ "program": "named", "amount": "1" }));
    w.step("disbursements", &cancelled, "approve", "2023-01-06");
    assert_eq!(
        covered("2023-01-04"),
        (json!("partial"), json!(["idle", "named"]))
    );
    assert_eq!(covered("2023-01-06"), (json!("full"), json!([])));
    let why = json!({ "reason": "x", "effective_on": "2023-01-07" });
    w.verb("approver", &cancelled, "cancel", &why).expect(200);
    assert_eq!(covered("2023-01-07"), (json!("partial"), json!(["named"])));
}
