//! What reports say of indicators, and what they refuse to add.

use serde_json::{Value, json};

use super::{Q1, Q2, Q3, dimension};
use crate::support::{Reply, World, nothing, row, rows};

const POINT: &str = "period value in_period nature measurements";
const TARGET: &str = "year target actual actual_as_of difference achieved_ratio status";

impl World {
    /// What an auditor asks of an indicator.
    #[track_caller]
    fn asked(&self, indicator: &str, query: &str) -> Reply {
        let path = format!("/v1/reports/indicators/{indicator}?{query}");
        self.get("auditor", &path).as_told("GET", &path)
    }

    /// What is answered.
    #[track_caller]
    fn told_of(&self, indicator: &str, query: &str) -> Value {
        self.asked(indicator, query).expect(200).body
    }
}

fn points(line: &Value) -> Vec<String> {
    rows(&line["points"], POINT)
}

#[test]
fn only_what_was_approved_by_the_day_and_not_cancelled_counts() {
    let w = World::new();
    w.indicator("people", &nothing()).expect(201);
    let first = w.measured("people", Q1, &json!({ "value": 10 }));
    w.measured("people", Q2, &json!({ "value": 20 }));
    w.measure("people", Q3, &json!({ "value": 30 })).expect(201);
    let cancel = json!({ "reason": "잘못", "effective_on": "2022-08-01" });
    w.decide("approver", &first, "cancel", &cancel).expect(200);
    let on = |day: &str| w.told_of("people", &format!("as_of={day}"));
    assert_eq!(points(&on("2022-03-30")), [""; 0]);
    assert_eq!(on("2022-03-31")["total"], "10");
    assert_eq!(on("2022-07-31")["total"], "30");
    let today = on("2022-11-03");
    assert_eq!(points(&today), ["2022-04-01/2022-06-30 20 null measured 1"]);
    assert_eq!(today["counts"]["measurements"], 1);
}

#[test]
fn people_are_not_added_over_programs_or_periods() {
    let w = World::new();
    let programs = dimension("program", &["merchants", "drivers"]);
    let people = json!({ "additive": false, "dimensions": [programs],
        "targets": [{ "year": 2022, "value": 100 }] });
    w.indicator("people", &people).expect(201);
    for (program, first, second) in [("merchants", 60, 70), ("drivers", 50, 10)] {
        let of = |value| json!({ "value": value, "dimensions": { "program": program } });
        w.measured("people", Q1, &of(first));
        w.measured("people", Q2, &of(second));
    }
    let report = w.told_of("people", "group_by=program");
    let groups = report["groups"].as_array().unwrap();
    assert_eq!(
        rows(&report["groups"], "key total"),
        ["merchants null", "drivers null"]
    );
    assert_eq!(
        points(&groups[0]),
        [
            "2022-01-01/2022-03-31 60 null measured 1",
            "2022-04-01/2022-06-30 70 null measured 1",
        ]
    );
    // Neither the whole of a period, nor a group, nor all groups.
    assert_eq!(report["points"][0]["value"], Value::Null);
    for place in [
        "/points/0/not_added",
        "/groups/1/not_added",
        "/groups_not_added",
    ] {
        let reason = report.pointer(place).unwrap();
        assert_eq!(reason["code"], "not_additive", "{place}");
        assert!(
            reason["reason"]["en"]
                .as_str()
                .unwrap()
                .contains("same person")
        );
        assert!(
            reason["reason"]["ko"]
                .as_str()
                .unwrap()
                .contains("같은 대상")
        );
    }
    assert_eq!(report["total"], Value::Null);
    assert_eq!(report["groups_total"], Value::Null);
    assert_eq!(
        rows(&report["targets"], TARGET),
        ["2022 100 null 2022-06-30 null null no_actual"]
    );
    // Who asks for it outright is refused.
    for interval in ["month", "quarter", "year"] {
        let refused = w.asked("people", &format!("interval={interval}"));
        assert_eq!(
            refused.refusal(),
            "422 | invalid_fields | ?interval not_additive"
        );
        let why = refused.text("/errors/0/message");
        assert!(why.contains("same person"), "{why}");
    }
    // What was counted over both programs is told as it was counted.
    w.measured("people", Q3, &json!({ "value": 95 }));
    let report = w.told_of("people", "from=2022-07-01");
    assert_eq!(
        points(&report),
        ["2022-07-01/2022-09-30 95 null measured 1"]
    );
    assert_eq!(report["total"], "95");
}

#[test]
fn what_may_be_added_is_added_over_cells_and_periods() {
    let w = World::new();
    let dimensions = [
        dimension("region", &["seoul", "jeju"]),
        dimension("age", &["20s", "30s"]),
    ];
    let hours = json!({ "unit": "hours", "decimals": 1, "dimensions": dimensions,
        "targets": [{ "year": 2021, "value": 5 }, { "year": 2022, "value": 40 }],
        "baseline": { "value": 3, "on": "2021-12-31" } });
    w.indicator("hours", &hours).expect(201);
    let cell = |region: &str, age: &str, value: &str, nature: &str| {
        json!({ "value": value, "nature": nature, "method": "표본",
            "dimensions": { "region": region, "age": age } })
    };
    w.measured("hours", Q1, &cell("seoul", "20s", "1.5", "measured"));
    w.measured("hours", Q1, &cell("seoul", "30s", "2.5", "estimated"));
    w.measured("hours", Q1, &cell("jeju", "20s", "3", "measured"));
    w.measured("hours", Q2, &cell("jeju", "20s", "4", "measured"));
    let report = w.told_of("hours", "group_by=region");
    assert_eq!(
        points(&report),
        [
            "2022-01-01/2022-03-31 7.0 null mixed 3",
            "2022-04-01/2022-06-30 4.0 null measured 1",
        ]
    );
    assert_eq!(report["total"], "11.0");
    assert_eq!(
        rows(&report["groups"], "key total"),
        ["seoul 4.0", "jeju 7.0"]
    );
    assert_eq!(report["groups_total"], "11.0");
    assert_eq!(
        rows(&report["targets"], TARGET),
        [
            "2021 5.0 null null null null no_actual",
            "2022 40.0 11.0 2022-06-30 -29.0 0.2750 not_yet",
        ]
    );
    assert_eq!(report["baseline"]["value"], "3.0");
    let year = w.told_of("hours", "interval=year");
    assert_eq!(points(&year), ["2022 11.0 null mixed 4"]);
    let refused = w.asked("hours", "interval=month");
    assert_eq!(
        refused.refusal(),
        "422 | invalid_fields | ?interval interval_too_short"
    );
    // The whole that was measured comes before the sum of its parts.
    w.measured("hours", Q1, &json!({ "value": "7.5" }));
    let report = w.told_of("hours", "");
    assert_eq!(report["total"], "11.5");
    assert_eq!(report["points"][0]["value"], "7.5");
}

#[test]
fn a_running_count_is_told_with_what_each_period_brought() {
    let w = World::new();
    let running = json!({ "accumulation": "cumulative", "additive": false,
        "targets": [{ "year": 2021, "value": 150 }, { "year": 2022, "value": 390 }] });
    w.indicator("buyers", &running).expect(201);
    let to = |end, more: Value| w.measured("buyers", ("2021-08-01", end), &more);
    to("2021-12-31", json!({ "value": 120, "nature": "declared" }));
    to("2022-03-31", json!({ "value": 300 }));
    to("2022-06-30", json!({ "value": 290, "reason": "중복 정리" }));
    to("2022-09-30", json!({ "value": 392 }));
    let report = w.told_of("buyers", "");
    assert_eq!(
        points(&report),
        [
            "2021-08-01/2021-12-31 120 120 declared 1",
            "2021-08-01/2022-03-31 300 180 measured 1",
            "2021-08-01/2022-06-30 290 -10 measured 1",
            "2021-08-01/2022-09-30 392 102 measured 1",
        ]
    );
    assert_eq!(report["points"][2]["reason"], "중복 정리");
    assert_eq!(report["total"], "392");
    assert_eq!(
        rows(&report["targets"], TARGET),
        [
            "2021 150 120 2021-12-31 -30 0.8000 not_met",
            "2022 390 392 2022-09-30 2 1.0051 on_target",
        ]
    );
    // Longer periods add nothing: each holds what stood at its end.
    let years = w.told_of("buyers", "interval=year&from=2022-01-01");
    assert_eq!(points(&years), ["2022 392 272 measured 1"]);
}

#[test]
fn running_counts_of_different_days_are_not_added() {
    let w = World::new();
    let region = dimension("region", &["seoul", "jeju"]);
    let running = json!({ "accumulation": "cumulative", "dimensions": [region] });
    w.indicator("trees", &running).expect(201);
    let of = |region: &str, end, value: i64| {
        let more = json!({ "value": value, "dimensions": { "region": region } });
        w.measured("trees", ("2022-01-01", end), &more)
    };
    of("seoul", "2022-03-31", 10);
    of("jeju", "2022-03-31", 5);
    of("seoul", "2022-06-30", 20);
    let report = w.told_of("trees", "group_by=region");
    assert_eq!(
        rows(&report["points"], "value in_period"),
        ["15 15", "null null"]
    );
    assert_eq!(report["points"][1]["not_added"]["code"], "different_days");
    assert_eq!(rows(&report["groups"], "key total"), ["seoul 20", "jeju 5"]);
    assert_eq!(report["groups_not_added"]["code"], "different_days");
    of("jeju", "2022-06-30", 6);
    let report = w.told_of("trees", "group_by=region");
    assert_eq!(
        rows(&report["points"], "value in_period"),
        ["15 15", "26 11"]
    );
    assert_eq!(report["groups_total"], "26");
}

#[test]
fn a_ratio_is_formed_again_of_its_parts_and_only_where_they_may_be_added() {
    let w = World::new();
    let ratio = |additive: bool| {
        json!({ "value": "ratio", "unit": "share", "additive": additive, "better": "down",
            "targets": [{ "year": 2022, "value": "0.3" }] })
    };
    for (code, additive) in [("waste", true), ("churn", false)] {
        w.indicator(code, &ratio(additive)).expect(201);
        w.measured(code, Q1, &json!({ "numerator": 1, "denominator": 2 }));
        w.measured(code, Q2, &json!({ "numerator": 1, "denominator": 4 }));
    }
    let waste = w.told_of("waste", "");
    let shares = rows(&waste["points"], "value numerator denominator");
    assert_eq!(shares, ["0.5000 1 2", "0.2500 1 4"]);
    assert_eq!(waste["total"], "0.3333");
    assert_eq!(
        rows(&waste["targets"], TARGET),
        ["2022 0.3000 0.3333 2022-06-30 0.0333 0.9001 not_yet"]
    );
    let half = w.told_of("waste", "interval=year");
    assert_eq!(rows(&half["points"], "period value"), ["2022 0.3333"]);
    let churn = w.told_of("churn", "");
    assert_eq!(churn["total"], Value::Null);
    assert_eq!(churn["not_added"]["code"], "not_additive");
    let refused = w.asked("churn", "interval=year");
    assert_eq!(
        refused.refusal(),
        "422 | invalid_fields | ?interval not_additive"
    );
}

#[test]
fn groups_that_would_have_to_be_added_are_refused() {
    let w = World::new();
    let two = json!({ "additive": false,
        "dimensions": [dimension("region", &["seoul"]), dimension("age", &["20s"])] });
    w.indicator("people", &two).expect(201);
    for (query, refusal) in [
        ("group_by=region", "?group_by not_additive"),
        ("group_by=sex", "?group_by unknown_dimension"),
        ("as_of=2022-11-04", "?as_of in_the_future"),
        ("to=2022-11-04", "?to after_as_of"),
        ("from=2022-10-02&to=2022-10-01", "?from end_before_start"),
        (
            "group_by=age&interval=year&to=2023-01-01",
            "?interval not_additive | ?group_by not_additive | ?to after_as_of",
        ),
    ] {
        let refused = w.asked("people", query).refusal();
        assert_eq!(refused, format!("422 | invalid_fields | {refusal}"));
    }
    let path = "/v1/reports/indicators/nothing";
    assert_eq!(w.get("viewer", path).refusal(), "404 | not_found");
}

#[test]
fn all_indicators_are_told_on_one_page_under_the_terms_of_the_day() {
    let w = World::new();
    w.indicator(
        "alpha",
        &json!({ "targets": [{ "year": 2022, "value": 25 }] }),
    )
    .expect(201);
    w.indicator("empty", &nothing()).expect(201);
    w.measured("alpha", Q1, &json!({ "value": 10 }));
    w.measured("alpha", Q2, &json!({ "value": 20, "nature": "declared" }));
    w.set_day("2022-11-10");
    let renamed = json!({ "name": { "ko": "새 이름", "en": "Renamed" } });
    w.patch("manager", "/v1/indicators/alpha", "\"1\"", &renamed)
        .expect(200);
    let page = |day: &str| {
        let path = format!("/v1/reports/indicators?as_of={day}");
        let reply = w.get("viewer", &path).as_told("GET", &path).expect(200);
        reply.body["indicators"].clone()
    };
    let today = page("2022-11-10");
    let summary = "name.en latest.value latest.as_of latest.nature target.actual target.status \
                   counts.measurements counts.measured counts.declared";
    assert_eq!(
        rows(&json!([row(&today, "alpha")]), summary),
        ["Renamed 20 2022-06-30 declared 30 on_target 2 1 1"]
    );
    assert_eq!(
        rows(&json!([row(&page("2022-05-01"), "alpha")]), summary),
        ["Indicator 10 2022-03-31 measured 10 not_yet 1 1 0"]
    );
    let empty = row(&today, "empty");
    assert_eq!(empty["latest"], Value::Null);
    assert_eq!(empty["target"], Value::Null);
}
