//! Claims: what was said in public, held against the books.

use serde_json::{Value, json};

use crate::support::{Reply, World, because, merge, nothing, rows, told};

const VERDICT: &str = "verdict actual difference headroom";

/// A claim that at least 6,000 won were disbursed, but for what `more` says.
fn claim(w: &World, more: &Value) -> Reply {
    let mut body = json!({
        "statement": "지원금이 6천 원을 돌파했습니다.",
        "source": { "title": "실적 발표", "date": "2022-11-03", "url": "https://example.test/ir" },
        "said_on": "2022-11-03",
        "metric": "disbursed",
        "scope": { "program": "drivers" },
        "as_of": "2022-11-03",
        "comparator": "gte",
        "value": "6000",
        "nature": "actual",
    });
    merge(&mut body, more);
    w.post("communicator", "/v1/claims", &body)
}

fn check(w: &World, id: &str, query: &str) -> Value {
    let path = format!("/v1/claims/{id}/check{query}");
    let reply = w.get("viewer", &path).as_told("GET", &path);
    reply.expect(200).body
}

/// Records a claim and tells the members of its check.
fn checked(w: &World, more: &Value, names: &str) -> String {
    let id = claim(w, more).made();
    told(&check(w, &id, ""), names)
}

/// Books with a fund of 1,000,000 won out of which `drivers` paid 6,000 won to two people.
fn books() -> World {
    let w = World::new();
    w.with_budget();
    w.paid("drivers", "a", "5700");
    w.paid("drivers", "b", "300");
    w
}

fn sold(w: &World) {
    w.program_with("makers", &[], &json!({ "kind": "produce_sales" }));
    let sale = json!({
        "program": "makers",
        "product": { "code": "rice", "name": "쌀" },
        "sold_on": "2022-10-03",
        "quantity_kg": "2500.5",
        "amount": "90000",
        "orders": 41,
    });
    w.post("officer", "/v1/sales", &sale).expect(201);
}

#[test]
fn a_claim_is_recorded_as_it_was_said() {
    let w = books();
    let made = claim(&w, &json!({ "basis": "officer's table" }));
    let at = format!("/v1/claims/{}", made.text("/id"));
    assert_eq!(made.header("location"), Some(at.as_str()));
    assert_eq!(w.get("viewer", &at).expect(200).body, made.body);
    insta::assert_snapshot!(made.expect(201).pretty(), @r#"
    {
      "id": "[id]",
      "status": "said",
      "statement": "지원금이 6천 원을 돌파했습니다.",
      "source": {
        "title": "실적 발표",
        "date": "2022-11-03",
        "url": "https://example.test/ir"
      },
      "said_on": "2022-11-03",
      "metric": "disbursed",
      "scope": {
        "program": "drivers",
        "fund": null
      },
      "from": null,
      "as_of": "2022-11-03",
      "comparator": "gte",
      "value": "6000",
      "unit": null,
      "tolerance": null,
      "nature": "actual",
      "basis": "officer's table",
      "withdrawn": null,
      "recorded_by": "communicator",
      "recorded_at": "[recorded_at]",
      "version": 1
    }
    "#);
    let short = json!({ "source": "사업보고서", "scope": {}, "value": 6000.0,
        "comparator": "about", "tolerance": { "below": 0.1 } });
    assert_eq!(
        claim(&w, &short)
            .expect(201)
            .told("source scope value tolerance"),
        "source {\"title\":\"사업보고서\",\"date\":null,\"url\":null}, \
         scope {\"program\":null,\"fund\":null}, value 6000, \
         tolerance {\"above\":null,\"below\":\"0.1000\"}"
    );
}

#[test]
fn a_claim_that_just_holds_has_no_room_left() {
    let w = books();
    let id = claim(&w, &nothing()).made();
    let mut check = check(&w, &id, "");
    assert_eq!(check["claim"], json!(id));
    check["claim"] = json!("[id]");
    insta::assert_snapshot!(serde_json::to_string_pretty(&check).unwrap(), @r#"
    {
      "claim": "[id]",
      "verdict": "supported",
      "reason": null,
      "basis": "records",
      "counted_in": "KRW",
      "currency": "KRW",
      "claimed": "6000",
      "actual": "6000",
      "difference": "0",
      "headroom": "0",
      "as_of": "2022-11-03",
      "figure_as_of": "2022-11-03",
      "explanation": {
        "ko": "2022년 11월 3일까지 사업의 집행액이 6,000원 이상이라는 공표는 장부와 맞습니다. 장부의 수치는 6,000원이고, 여유가 없습니다.",
        "en": "The claim that, for Program, the amount disbursed up to 3 November 2022 is at least 6,000 won agrees with the books. The books show 6,000 won; there is no room left."
      },
      "caveats": [],
      "overlaps": []
    }
    "#);
}

#[test]
fn every_comparator_has_its_verdict_and_its_headroom() {
    let w = books();
    for (comparator, value, expected) in [
        ("eq", "6000", "supported 6000 0 0"),
        ("eq", "5990", "not_supported 6000 10 9"),
        ("gte", "5900", "supported 6000 100 100"),
        ("gte", "6001", "not_supported 6000 -1 null"),
        ("gt", "6000", "not_supported 6000 0 null"),
        ("gt", "5999", "supported 6000 1 0"),
        ("lte", "6000", "supported 6000 0 null"),
        ("lte", "5000", "not_supported 6000 1000 999"),
        ("about", "6120", "supported 6000 -120 0"),
        ("about", "6121", "not_supported 6000 -121 null"),
        ("about", "5700", "supported 6000 300 411"),
        ("about", "5699", "not_supported 6000 301 1"),
        ("near", "6300", "supported 6000 -300 15"),
        ("near", "6000", "not_supported 6000 0 0"),
        ("near", "6316", "not_supported 6000 -316 null"),
    ] {
        let said = json!({ "comparator": comparator, "value": value });
        let id = claim(&w, &said).made();
        let check = check(&w, &id, "");
        let found = rows(&json!([check]), VERDICT);
        assert_eq!(found, [expected], "{comparator} {value}");
    }
    for (unit, value, expected) in [
        ("1000", "6000", "supported 6000 0 0"),
        ("100", "5900", "not_supported 6000 100 0"),
        ("1000", "5500", "supported 6000 500 500"),
    ] {
        let said = json!({ "comparator": "rounded_down", "value": value, "unit": unit });
        let id = claim(&w, &said).made();
        assert_eq!(rows(&json!([check(&w, &id, "")]), VERDICT), [expected]);
    }
    let wide = json!({ "comparator": "about", "value": "6600",
        "tolerance": { "above": "0.1", "below": "0" } });
    assert_eq!(
        checked(&w, &wide, VERDICT),
        "verdict supported, actual 6000, difference -600, headroom 0"
    );
}

#[test]
fn each_metric_is_read_from_the_books() {
    let w = books();
    sold(&w);
    for (metric, scope, value, expected) in [
        (
            "committed",
            json!({ "fund": "mobility" }),
            "1000000",
            "supported 1000000 declaration",
        ),
        (
            "committed",
            json!({}),
            "1000000",
            "supported 1000000 declaration",
        ),
        ("disbursed", json!({}), "6000", "supported 6000 records"),
        (
            "disbursed",
            json!({ "fund": "mobility" }),
            "6000",
            "supported 6000 records",
        ),
        (
            "beneficiaries",
            json!({ "program": "drivers" }),
            "2",
            "supported 2 records",
        ),
        (
            "payments",
            json!({ "fund": "mobility" }),
            "2",
            "supported 2 records",
        ),
        (
            "sales_amount",
            json!({ "program": "makers" }),
            "90000",
            "supported 90000 records",
        ),
        (
            "sales_quantity_kg",
            json!({}),
            "2500.5",
            "supported 2500.500 records",
        ),
        (
            "orders",
            json!({ "program": "makers" }),
            "42",
            "not_supported 41 records",
        ),
    ] {
        let said = json!({ "metric": metric, "scope": scope, "value": value, "comparator": "eq" });
        let id = claim(&w, &said).made();
        let found = rows(&json!([check(&w, &id, "")]), "verdict actual basis");
        assert_eq!(found, [expected], "{metric}");
    }
    let this_year = json!({ "from": "2022-11-04", "as_of": "2022-11-04" });
    let id = claim(&w, &this_year).made();
    w.set_day("2022-11-04");
    w.paid("drivers", "c", "6000");
    assert_eq!(check(&w, &id, "")["actual"], "6000");
}

#[test]
fn what_the_books_cannot_tell_is_not_checkable() {
    let w = books();
    w.program("nothing-yet", &[]);
    for (more, reason) in [
        (json!({ "nature": "estimate" }), "estimate"),
        (json!({ "metric": null }), "no_metric"),
        (json!({ "as_of": "2022-11-04" }), "date_ahead"),
        (
            json!({ "scope": { "program": "nothing-yet" } }),
            "no_record",
        ),
        (json!({ "metric": "donated" }), "no_record"),
        (
            json!({ "metric": "contributed", "scope": { "fund": "mobility" } }),
            "no_record",
        ),
        (json!({ "as_of": "2021-01-01" }), "no_record"),
    ] {
        assert_eq!(
            checked(&w, &more, "verdict reason basis actual difference headroom"),
            format!(
                "verdict not_checkable, reason {reason}, basis declaration, actual null, \
                 difference null, headroom null"
            )
        );
    }
    let plan = json!({ "nature": "plan", "metric": "committed", "scope": { "fund": "mobility" },
        "comparator": "eq", "value": "1000000" });
    assert_eq!(
        checked(&w, &plan, "verdict reason caveats"),
        "verdict supported, reason null, caveats [\"overlapping_figure\",\"declaration\"]"
    );
    let estimate = json!({ "nature": "estimate", "metric": "payments" });
    assert_eq!(checked(&w, &estimate, "caveats"), "caveats [\"estimate\"]");
    let ahead = claim(&w, &json!({ "as_of": "2022-11-04", "scope": {} })).made();
    w.set_day("2022-11-04");
    assert_eq!(check(&w, &ahead, "")["verdict"], "supported");
}

#[test]
fn a_claim_that_makes_no_sense_is_refused() {
    let w = books();
    sold(&w);
    let refused = |more: Value| {
        let refusal = claim(&w, &more).as_told("POST", "/v1/claims").refusal();
        refusal
            .strip_prefix("422 | invalid_fields | ")
            .unwrap()
            .to_owned()
    };
    for (more, expected) in [
        (json!({ "said_on": "2022-11-04" }), "/said_on in_the_future"),
        (json!({ "metric": "paid" }), "/metric metric_not_claimed"),
        (json!({ "metric": "happiness" }), "/metric unknown_value"),
        (
            json!({ "metric": "committed" }),
            "/scope figure_not_of_scope",
        ),
        (
            json!({ "metric": "buyers", "scope": { "fund": "mobility" } }),
            "/scope figure_not_of_scope",
        ),
        (
            json!({ "scope": { "fund": "mobility", "program": "drivers" } }),
            "/scope program_or_fund",
        ),
        (
            json!({ "scope": { "program": "nobody" } }),
            "/scope/program unknown_program",
        ),
        (
            json!({ "scope": { "fund": "nobody" } }),
            "/scope/fund unknown_fund",
        ),
        (json!({ "from": "2022-11-04" }), "/from from_after_as_of"),
        (
            json!({ "metric": "beneficiaries", "from": "2022-01-01" }),
            "/from stock_has_no_first_day",
        ),
        (
            json!({ "comparator": "rounded_down" }),
            "/unit unit_required",
        ),
        (
            json!({ "unit": "1000" }),
            "/unit unit_only_for_rounded_down",
        ),
        (
            json!({ "comparator": "rounded_down", "unit": "0" }),
            "/unit zero",
        ),
        (json!({ "value": "6000.5" }), "/value no_decimals"),
        (json!({ "value": "6000.0005" }), "/value too_many_places"),
        (json!({ "value": "0" }), "/value zero"),
        (json!({ "value": -1 }), "/value negative"),
        (json!({ "value": "6e3" }), "/value not_a_number"),
        (json!({ "value": "1000000000000001" }), "/value too_large"),
        (
            json!({ "tolerance": { "above": "0.01" } }),
            "/tolerance/above no_tolerance",
        ),
        (
            json!({ "comparator": "near", "tolerance": { "above": "0.01" } }),
            "/tolerance/above no_tolerance",
        ),
        (
            json!({ "comparator": "about", "tolerance": { "below": "0.21" } }),
            "/tolerance/below tolerance_too_wide",
        ),
        (
            json!({ "comparator": "about", "tolerance": { "below": "2%" } }),
            "/tolerance/below not_a_share",
        ),
        (
            json!({ "source": { "title": "실적 발표", "url": "javascript:1" } }),
            "/source/url bad_url",
        ),
        (json!({ "source": "" }), "/source empty"),
        (json!({ "source": 5 }), "/source wrong_type"),
        (json!({ "nature": "fact" }), "/nature unknown_value"),
    ] {
        assert_eq!(refused(more.clone()), expected, "{more}");
    }
    assert_eq!(
        refused(json!({
            "said_on": "2022-11-04", "scope": { "program": "nobody" }, "value": "0.5",
            "comparator": "lte", "unit": "3",
        })),
        "/scope/program unknown_program | /said_on in_the_future | /value no_decimals | \
         /unit unit_only_for_rounded_down"
    );
    let listed = w.get("viewer", "/v1/claims").expect(200);
    assert_eq!(listed.body["data"], json!([]), "nothing of it was recorded");
}

#[test]
fn only_who_speaks_for_the_company_makes_claims_and_whoever_reads_reports_reads_them() {
    let w = books();
    let id = claim(&w, &nothing()).made();
    let at = format!("/v1/claims/{id}");
    let readers = [
        "admin",
        "manager",
        "officer",
        "approver",
        "treasurer",
        "communicator",
        "auditor",
        "viewer",
    ];
    for reader in readers {
        w.get(reader, &at).expect(200);
        w.get(reader, &format!("{at}/check")).expect(200);
        w.get(reader, "/v1/claims").expect(200);
        w.get(reader, "/v1/reports/claims").expect(200);
    }
    for other in readers.iter().filter(|user| **user != "communicator") {
        let made = w.post(other, "/v1/claims", &nothing());
        assert_eq!(made.refusal(), "403 | missing_right", "{other}");
        let withdrawn = w.post(other, &format!("{at}/withdraw"), &because());
        assert_eq!(withdrawn.refusal(), "403 | missing_right", "{other}");
        let changed = w.patch(other, &at, "\"1\"", &json!({ "statement": "아니" }));
        assert_eq!(changed.refusal(), "403 | missing_right", "{other}");
    }
    let nowhere = format!("/v1/claims/{}-1/check", "0".repeat(32));
    assert_eq!(w.get("viewer", &nowhere).refusal(), "404 | not_found");
}

#[test]
fn what_comes_back_later_leaves_the_claim_as_it_was_said_and_is_told_of_today() {
    let w = World::new();
    w.with_budget();
    let id = w.paid("drivers", "a", "6000");
    let said = claim(&w, &nothing()).made();
    w.set_day("2022-12-01");
    let refund = |amount: &str, on: &str| {
        let body = json!({ "effective_on": on, "amount": amount, "reason_class": "unused",
            "reason": "남은 돈" });
        w.verb("treasurer", &id, "refund", &body).expect(200);
    };
    refund("300", "2022-11-20");
    let verdict = |query: &str| told(&check(&w, &said, query), "verdict actual as_of");
    assert_eq!(
        verdict(""),
        "verdict supported, actual 6000, as_of 2022-11-03"
    );
    assert_eq!(
        verdict("?as_of=2022-12-01"),
        "verdict not_supported, actual 5700, as_of 2022-12-01"
    );
    assert_eq!(
        verdict("?as_of=2022-11-19"),
        "verdict supported, actual 6000, as_of 2022-11-19"
    );
    let names = "check.verdict check.as_of holds_today";
    let report = |query: &str| rows(&w.report(&format!("claims{query}"))["claims"], names);
    assert_eq!(report(""), ["supported 2022-11-03 false"]);
    assert_eq!(report("?as_of=2022-11-19"), ["supported 2022-11-03 true"]);

    let late = w.paid("drivers", "b", "300");
    assert_eq!(
        verdict("?as_of=2022-12-01"),
        "verdict supported, actual 6000, as_of 2022-12-01"
    );
    let back = json!({ "reason_class": "error", "reason": "잘못" });
    w.verb("treasurer", &late, "refund", &back).expect(200);
    let again = w.get(
        "viewer",
        &format!("/v1/claims/{said}/check?as_of=2022-12-02"),
    );
    assert_eq!(
        again.refusal(),
        "422 | invalid_fields | ?as_of in_the_future"
    );
}

#[test]
fn an_entry_dated_back_changes_what_the_books_say_of_the_day_of_the_claim() {
    let w = World::new();
    w.with_budget();
    w.paid("drivers", "a", "5000");
    let said = claim(&w, &nothing()).made();
    assert_eq!(check(&w, &said, "")["verdict"], "not_supported");
    w.set_day("2022-12-01");
    let id = w.submit("drivers", "b", "1000");
    w.step("disbursements", &id, "approve", "2022-12-01");
    w.step("disbursements", &id, "pay", "2022-12-01");
    assert_eq!(check(&w, &said, "")["verdict"], "not_supported");
    let mut dated = w.cash_to("drivers", "c", "1000");
    dated["planned_on"] = json!("2022-10-31");
    dated["effective_on"] = json!("2022-10-31");
    let id = w.post("officer", "/v1/disbursements", &dated).made();
    w.step("disbursements", &id, "approve", "2022-10-31");
    w.step("disbursements", &id, "pay", "2022-10-31");
    assert_eq!(
        told(&check(&w, &said, ""), "verdict actual headroom as_of"),
        "verdict supported, actual 6000, headroom 0, as_of 2022-11-03"
    );
    assert_eq!(
        check(&w, &said, "?as_of=2022-10-30")["verdict"],
        "not_checkable"
    );
}

#[test]
fn the_report_and_the_overview_count_every_claim_that_is_said() {
    let w = books();
    let early = json!({ "said_on": "2022-10-01", "as_of": "2022-10-01" });
    let first = claim(&w, &early).made();
    claim(&w, &nothing()).expect(201);
    claim(&w, &json!({ "value": "7000" })).expect(201);
    claim(
        &w,
        &json!({ "nature": "estimate", "metric": null, "scope": {} }),
    )
    .expect(201);
    let names = "total supported not_supported not_checkable";
    let counts = |on: &str| {
        let report = told(&w.report(&format!("claims?as_of={on}")), names);
        let overview = w.report(&format!("overview?as_of={on}"));
        assert_eq!(told(&overview["claims"], names), report);
        report
    };
    assert_eq!(
        counts("2022-11-03"),
        "total 4, supported 1, not_supported 1, not_checkable 2"
    );
    assert_eq!(
        counts("2022-10-01"),
        "total 1, supported 0, not_supported 0, not_checkable 1"
    );
    assert_eq!(
        counts("2022-09-30"),
        "total 0, supported 0, not_supported 0, not_checkable 0"
    );
    let path = "/v1/reports/claims";
    let report = w.get("viewer", path).as_told("GET", path).expect(200).body;
    assert_eq!(
        rows(
            &report["claims"],
            "said_on program check.verdict holds_today"
        ),
        [
            "2022-11-03 null not_checkable null",
            "2022-11-03 drivers not_supported false",
            "2022-11-03 drivers supported true",
            "2022-10-01 drivers not_checkable true",
        ]
    );
    assert_eq!(report["truncated"], false);
    let on = json!({ "effective_on": "2022-10-20", "reason": "잘못 말함" });
    w.post("communicator", &format!("/v1/claims/{first}/withdraw"), &on)
        .expect(200);
    assert_eq!(
        counts("2022-10-20"),
        "total 0, supported 0, not_supported 0, not_checkable 0"
    );
    assert_eq!(
        counts("2022-10-19"),
        "total 1, supported 0, not_supported 0, not_checkable 1"
    );
    let ahead = w.get("viewer", "/v1/reports/claims?as_of=2022-11-04");
    assert_eq!(
        ahead.refusal(),
        "422 | invalid_fields | ?as_of in_the_future"
    );
}

#[test]
fn words_may_be_corrected_and_a_claim_taken_back_once() {
    let w = books();
    let id = claim(&w, &json!({ "basis": "표" })).made();
    let at = format!("/v1/claims/{id}");
    let patch = |etag: &str, body: Value| {
        let reply = w.patch("communicator", &at, etag, &body);
        reply.as_told("PATCH", &at)
    };
    let corrected = patch(
        "\"1\"",
        json!({ "statement": "6천 원을 넘었습니다.", "source": "정정 공시", "basis": null }),
    );
    assert_eq!(
        corrected
            .expect(200)
            .told("statement source.title source.url basis version value"),
        "statement 6천 원을 넘었습니다., source.title 정정 공시, source.url null, basis null, \
         version 2, value 6000"
    );
    assert_eq!(
        patch("\"1\"", json!({ "basis": "표" })).refusal(),
        "412 | stale_etag"
    );
    for body in [json!({ "value": "7000" }), json!({ "as_of": "2022-11-01" })] {
        assert!(patch("\"2\"", body).refusal().ends_with(" unknown_field"));
    }
    assert_eq!(
        patch("\"2\"", json!({ "statement": null })).refusal(),
        "422 | invalid_fields | /statement not_removable"
    );
    let withdraw = |body: Value| {
        let path = format!("{at}/withdraw");
        w.post("communicator", &path, &body).as_told("POST", &path)
    };
    assert_eq!(
        withdraw(json!({})).refusal(),
        "422 | invalid_fields | /reason missing"
    );
    let on = |day: &str| json!({ "effective_on": day, "reason": "잘못 말함" });
    assert_eq!(
        withdraw(on("2022-11-04")).refusal(),
        "422 | invalid_fields | /effective_on in_the_future"
    );
    assert_eq!(
        withdraw(on("2022-11-02")).refusal(),
        "409 | before_previous_step"
    );
    assert_eq!(
        withdraw(because())
            .expect(200)
            .told("status withdrawn version"),
        "status withdrawn, withdrawn {\"effective_on\":\"2022-11-03\",\
         \"actor\":\"communicator\",\"reason\":\"a good one\"}, version 3"
    );
    assert_eq!(withdraw(because()).refusal(), "409 | invalid_state");
    assert_eq!(
        patch("\"3\"", json!({ "basis": "표" })).refusal(),
        "409 | invalid_state"
    );
    assert_eq!(
        check(&w, &id, "")["verdict"],
        "supported",
        "it can still be looked into"
    );
}

#[test]
fn claims_are_listed_by_what_they_show() {
    let w = books();
    sold(&w);
    let first = claim(
        &w,
        &json!({ "said_on": "2022-10-01", "statement": "SIX thousand" }),
    )
    .made();
    claim(
        &w,
        &json!({ "metric": "committed", "scope": { "fund": "mobility" } }),
    )
    .expect(201);
    claim(
        &w,
        &json!({ "metric": null, "nature": "estimate", "scope": {} }),
    )
    .expect(201);
    w.post(
        "communicator",
        &format!("/v1/claims/{first}/withdraw"),
        &because(),
    )
    .expect(200);
    let found = |query: &str| {
        let path = format!("/v1/claims?{query}");
        let page = w.get("viewer", &path).as_told("GET", &path).expect(200);
        page.rows("metric")
    };
    let all = ["disbursed", "committed", "null"];
    for (query, expected) in [
        ("", &all[..]),
        ("metric=committed", &all[1..2]),
        ("program=drivers", &all[..1]),
        ("fund=mobility", &all[1..2]),
        ("nature=estimate", &all[2..]),
        ("withdrawn=true", &all[..1]),
        ("withdrawn=false", &all[1..]),
        ("from=2022-10-02", &all[1..]),
        ("to=2022-10-02", &all[..1]),
        ("q=six", &all[..1]),
        ("q=%EC%8B%A4%EC%A0%81", &all[..]),
    ] {
        assert_eq!(found(query), expected, "{query}");
    }
}
