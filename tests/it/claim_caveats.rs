//! What has to be said along with a figure that holds.

use serde_json::{Value, json};

use crate::support::{World, merge, told};

fn claim(w: &World, metric: &str, scope: &Value, more: &Value) -> String {
    let mut body = json!({
        "statement": "공표",
        "source": "실적 발표",
        "said_on": "2022-11-03",
        "metric": metric,
        "scope": scope,
        "as_of": "2022-11-03",
        "comparator": "gte",
        "value": "1",
        "nature": "actual",
    });
    merge(&mut body, more);
    w.post("communicator", "/v1/claims", &body).made()
}

fn check(w: &World, id: &str) -> Value {
    w.get("viewer", &format!("/v1/claims/{id}/check"))
        .expect(200)
        .body
}

fn caveats(w: &World, metric: &str, scope: &Value) -> Value {
    let id = claim(w, metric, scope, &json!({}));
    check(w, &id)["caveats"].clone()
}

/// Pays goods of 300 won at list price that cost 100.
fn paid_in_kind(w: &World, program: &str, amount: &str) {
    let mut body = w.cash_to(program, "shop", amount);
    merge(
        &mut body,
        &json!({ "form": "in_kind", "values": { "cost": "100", "list": "300" } }),
    );
    let id = w.post("officer", "/v1/disbursements", &body).made();
    w.step("disbursements", &id, "approve", "2022-11-03");
    w.step("disbursements", &id, "pay", "2022-11-03");
}

#[test]
fn goods_at_list_price_are_told_and_goods_at_cost_are_not() {
    let w = World::new();
    w.fund_with("listed", "1000", &json!({ "in_kind_counted_at": "list" }));
    w.fund("costed", "1000");
    for (fund, program, amount) in [("listed", "credits", "300"), ("costed", "goods", "100")] {
        w.program(program, &[fund]);
        w.allocate(fund, program, "500");
        paid_in_kind(&w, program, amount);
    }
    let program = |name: &str| json!({ "program": name });
    assert_eq!(caveats(&w, "disbursed", &program("goods")), json!([]));
    let id = claim(
        &w,
        "disbursed",
        &program("credits"),
        &json!({ "value": "300" }),
    );
    let credits = check(&w, &id);
    assert_eq!(credits["caveats"], json!(["in_kind_list_value"]));
    let ko = credits["explanation"]["ko"].as_str().unwrap();
    assert!(
        ko.ends_with(
            "여유가 없습니다. 이 가운데 300원은 현물이며, 원가가 아니라 정가로 계산했습니다."
        ),
        "{ko}"
    );
    assert_eq!(caveats(&w, "beneficiaries", &program("credits")), json!([]));
}

#[test]
fn records_made_for_a_demonstration_are_told() {
    let w = World::new();
    w.with_budget();
    let basis = json!({ "basis": "상인과 날짜는 시연용 생성 (generated)" });
    w.program_with("shops", &["mobility"], &basis);
    w.allocate("mobility", "shops", "1000");
    w.paid("drivers", "a", "300");
    let everything = json!({});
    assert_eq!(
        caveats(&w, "payments", &everything),
        json!([]),
        "nothing of it is behind it yet"
    );
    w.paid("shops", "b", "300");
    assert_eq!(
        caveats(&w, "payments", &everything),
        json!(["generated_data"])
    );
    assert_eq!(
        caveats(&w, "beneficiaries", &json!({ "program": "shops" })),
        json!(["generated_data"])
    );
    assert_eq!(
        caveats(&w, "payments", &json!({ "program": "drivers" })),
        json!([])
    );
}

#[test]
fn money_in_two_claims_is_told_by_both() {
    let w = World::new();
    w.fund("parent", "1000000");
    w.child_fund("child", "parent", "10000").expect(201);
    w.program("drivers", &["child"]);
    w.set_aside("child", &json!({ "program": "drivers", "amount": "5000" }));
    w.paid("drivers", "a", "300");
    let parent = claim(&w, "committed", &json!({ "fund": "parent" }), &json!({}));
    assert_eq!(
        told(&check(&w, &parent), "overlaps caveats"),
        "overlaps [], caveats [\"declaration\"]"
    );
    let child = claim(&w, "committed", &json!({ "fund": "child" }), &json!({}));
    let drivers = claim(
        &w,
        "disbursed",
        &json!({ "program": "drivers" }),
        &json!({}),
    );
    let people = claim(
        &w,
        "beneficiaries",
        &json!({ "program": "drivers" }),
        &json!({}),
    );
    let overlaps = |id: &str| check(&w, id)["overlaps"].clone();
    assert_eq!(overlaps(&parent), json!([drivers, child]));
    assert_eq!(overlaps(&child), json!([drivers, parent]));
    assert_eq!(overlaps(&drivers), json!([child, parent]));
    assert_eq!(overlaps(&people), json!([]));
    let path = format!("/v1/claims/{child}/withdraw");
    w.post("communicator", &path, &json!({ "reason": "중복" }))
        .expect(200);
    assert_eq!(overlaps(&parent), json!([drivers]));
    let told = check(&w, &parent)["explanation"]["en"].to_string();
    assert!(told.contains("they must not be added up"), "{told}");
}

#[test]
fn programs_of_a_fund_that_have_no_record_are_told() {
    let w = World::new();
    w.with_budget();
    w.paid("drivers", "a", "300");
    let fund = json!({ "fund": "mobility" });
    assert_eq!(caveats(&w, "beneficiaries", &fund), json!([]));
    w.program("later", &["mobility"]);
    assert_eq!(
        caveats(&w, "beneficiaries", &fund),
        json!([]),
        "it was given no money yet"
    );
    w.allocate("mobility", "later", "1000");
    let id = claim(&w, "beneficiaries", &fund, &json!({}));
    let with_later = check(&w, &id);
    assert_eq!(with_later["caveats"], json!(["partial_coverage"]));
    let en = with_later["explanation"]["en"].as_str().unwrap();
    assert!(
        en.ends_with("1 program of this fund has no record yet and is not in it."),
        "{en}"
    );
    w.submit("later", "b", "300");
    assert_eq!(check(&w, &id)["caveats"], json!([]));
    w.program("planned", &["mobility"]);
    let plan = json!({ "version_reason": "처음",
        "lines": [{ "fiscal_year": 2022, "program": "planned", "amount": "1000" }] });
    w.post("manager", "/v1/funds/mobility/plans", &plan)
        .expect(201);
    assert_eq!(check(&w, &id)["caveats"], json!(["partial_coverage"]));
}

#[test]
fn compensation_is_in_no_figure_of_giving() {
    let w = World::new();
    w.with_budget();
    w.program_with("outage", &[], &json!({ "kind": "compensation" }));
    w.paid("drivers", "a", "300");
    w.paid("outage", "u", "7000");
    let all = claim(
        &w,
        "disbursed",
        &json!({}),
        &json!({ "comparator": "eq", "value": "300" }),
    );
    let outage = json!({ "program": "outage" });
    let damage = claim(
        &w,
        "disbursed",
        &outage,
        &json!({ "comparator": "eq", "value": "7000" }),
    );
    for id in [all, damage] {
        let told = told(&check(&w, &id), "verdict overlaps");
        assert_eq!(told, "verdict supported, overlaps []");
    }
}
