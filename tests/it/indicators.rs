//! Indicators and measurements: recorded, decided on by somebody else, reported, and never added
//! where they must not be.

use serde_json::{Value, json};

use crate::support::{Reply, World, because, merge, nothing, rows, told};

mod reports;

/// A dimension with these values.
fn dimension(code: &str, values: &[&str]) -> Value {
    let name = |code: &str| json!({ "ko": format!("구분 {code}"), "en": code });
    let value = |code: &&str| json!({ "code": code, "name": name(code) });
    let values: Vec<Value> = values.iter().map(value).collect();
    json!({ "code": code, "name": name(code), "values": values })
}

impl World {
    /// Makes an indicator of whole numbers, added up over periods, but for what `more` says.
    #[track_caller]
    fn indicator(&self, code: &str, more: &Value) -> Reply {
        let mut body = json!({
            "code": code,
            "name": { "ko": "지표", "en": "Indicator" },
            "unit": "people",
            "additive": true,
            "accumulation": "in_period",
            "better": "up",
        });
        merge(&mut body, more);
        let reply = self.post("manager", "/v1/indicators", &body);
        reply.as_told("POST", "/v1/indicators")
    }

    /// Measures something of it over some days.
    #[track_caller]
    fn measure(&self, indicator: &str, (start, end): (&str, &str), more: &Value) -> Reply {
        let mut body = json!({
            "indicator": indicator,
            "period": { "start": start, "end": end },
            "nature": "measured",
        });
        merge(&mut body, more);
        let reply = self.post("officer", "/v1/measurements", &body);
        reply.as_told("POST", "/v1/measurements")
    }

    /// Does something to a measurement as somebody.
    #[track_caller]
    fn decide(&self, user: &str, id: &str, verb: &str, body: &Value) -> Reply {
        let path = format!("/v1/measurements/{id}/{verb}");
        self.post(user, &path, body).as_told("POST", &path)
    }

    /// Measures something, and has it approved on the last day of its period.
    #[track_caller]
    fn measured(&self, indicator: &str, (start, end): (&str, &str), more: &Value) -> String {
        let mut more = more.clone();
        merge(&mut more, &json!({ "effective_on": end }));
        let id = self.measure(indicator, (start, end), &more).made();
        let that_day = json!({ "effective_on": end });
        self.decide("approver", &id, "approve", &that_day)
            .expect(200);
        id
    }
}

const Q1: (&str, &str) = ("2022-01-01", "2022-03-31");
const Q2: (&str, &str) = ("2022-04-01", "2022-06-30");
const Q3: (&str, &str) = ("2022-07-01", "2022-09-30");

#[test]
fn an_indicator_is_made_read_and_changed_and_every_version_kept() {
    let w = World::new();
    w.program("maps", &[]);
    let made = w.indicator(
        "stations",
        &json!({
            "unit": "stations", "program": "maps", "decimals": 1,
            "baseline": { "value": "12", "on": "2021-12-31" },
            "targets": [{ "year": 2022, "value": "300" }, { "year": 2023, "value": 500.5 }],
            "dimensions": [dimension("line", &["metro", "rail"])],
            "period": { "start": "2022-01-01", "end": "2027-12-31" },
            "definition": "역 전체의 단차 정보", "basis": "공개 자료",
        }),
    );
    assert_eq!(made.header("location"), Some("/v1/indicators/stations"));
    let read = w.get("viewer", "/v1/indicators/stations").expect(200);
    assert_eq!(made.expect(201).body, read.body);
    assert_eq!(
        read.told("value decimals baseline.value targets.0.value targets.1.value period.end"),
        "value number, decimals 1, baseline.value 12.0, targets.0.value 300.0, \
         targets.1.value 500.5, period.end 2027-12-31"
    );
    let change = json!({ "name": { "ko": "역", "en": "Stations" }, "program": null,
        "targets": [{ "year": 2022, "value": 320 }] });
    let changed = w.patch("manager", "/v1/indicators/stations", "\"1\"", &change);
    let changed = changed
        .as_told("PATCH", "/v1/indicators/stations")
        .expect(200);
    assert_eq!(
        changed.told("name.en program targets.0.value version"),
        "name.en Stations, program null, targets.0.value 320.0, version 2"
    );
    let stale = w.patch("manager", "/v1/indicators/stations", "\"1\"", &change);
    assert_eq!(stale.refusal(), "412 | stale_etag");
    let again = w.indicator("stations", &json!({}));
    assert_eq!(again.refusal(), "409 | duplicate_code");
    let refused = w.post("officer", "/v1/indicators", &json!({}));
    assert_eq!(refused.refusal(), "403 | missing_right");
}

#[test]
fn what_was_measured_keeps_its_meaning() {
    let w = World::new();
    let region = dimension("region", &["seoul", "jeju"]);
    w.indicator("people", &json!({ "dimensions": [region] }))
        .expect(201);
    let id = w.measure("people", Q1, &json!({ "value": "5" })).made();
    let change = |etag: &str, body: Value| {
        let path = "/v1/indicators/people";
        w.patch("manager", path, etag, &body).as_told("PATCH", path)
    };
    for body in [
        json!({ "additive": false }),
        json!({ "unit": "households" }),
        json!({ "accumulation": "cumulative" }),
        json!({ "value": "ratio" }),
        json!({ "dimensions": [] }),
        json!({ "dimensions": [dimension("region", &["seoul"])] }),
    ] {
        let field = body.as_object().unwrap().keys().next().unwrap();
        let refused = change("\"1\"", body.clone());
        assert_eq!(refused.refusal(), "409 | indicator_in_use", "{field}");
        assert_eq!(refused.text("/facts/field"), field);
    }
    let grown = dimension("region", &["seoul", "jeju", "busan"]);
    let fine = json!({ "dimensions": [grown], "better": "down", "decimals": 2 });
    change("\"1\"", fine).expect(200);
    w.decide("officer", &id, "withdraw", &because()).expect(200);
    let free = json!({ "additive": false, "unit": "households", "dimensions": [] });
    change("\"2\"", free).expect(200);
}

#[test]
fn a_measurement_is_decided_on_by_somebody_else_and_its_steps_are_kept() {
    let w = World::new();
    w.indicator("people", &nothing()).expect(201);
    let more = json!({ "value": 120, "external_id": "M-1", "attributes": { "wave": "1" },
        "basis": "명부", "effective_on": "2022-10-04" });
    let made = w.measure("people", Q3, &more).expect(201);
    let id = made.text("/id").to_owned();
    insta::assert_snapshot!(made.pretty(), @r#"
    {
      "id": "[id]",
      "status": "submitted",
      "indicator": "people",
      "period": {
        "start": "2022-07-01",
        "end": "2022-09-30"
      },
      "dimensions": {},
      "value": "120",
      "numerator": null,
      "denominator": null,
      "nature": "measured",
      "method": null,
      "reason": null,
      "basis": "명부",
      "external_id": "M-1",
      "attributes": {
        "wave": "1"
      },
      "steps": [
        {
          "verb": "submit",
          "actor": "officer",
          "effective_on": "2022-10-04",
          "recorded_at": "[recorded_at]",
          "reason": null
        }
      ],
      "recorded_by": "officer",
      "recorded_at": "[recorded_at]",
      "version": 1
    }
    "#);

    let jack = w.jack_of_all_trades();
    let change = json!({ "value": "121" });
    let path = format!("/v1/measurements/{id}");
    let edited = w.patch(&jack, &path, "\"1\"", &change);
    edited.as_told("PATCH", &path).expect(200);
    for maker in [jack.as_str(), "officer"] {
        let own = w.decide(maker, &id, "approve", &nothing());
        let refusal = if maker == jack {
            "own_record"
        } else {
            "missing_right"
        };
        assert_eq!(own.refusal(), format!("403 | {refusal}"));
    }
    let early = w.decide(
        "approver",
        &id,
        "approve",
        &json!({ "effective_on": "2022-10-03" }),
    );
    assert_eq!(early.refusal(), "409 | before_previous_step");
    let ahead = w.decide(
        "approver",
        &id,
        "approve",
        &json!({ "effective_on": "2022-11-04" }),
    );
    assert_eq!(
        ahead.refusal(),
        "422 | invalid_fields | /effective_on in_the_future"
    );

    w.decide("approver", &id, "reject", &because()).expect(200);
    let rejected = w.decide("approver", &id, "approve", &nothing());
    assert_eq!(rejected.refusal(), "409 | invalid_state");
    let other = w.decide("officer2", &id, "withdraw", &because());
    assert_eq!(other.refusal(), "403 | not_recorder");
    let early = json!({ "value": "119", "effective_on": "2022-11-02" });
    let early = w.decide("officer", &id, "resubmit", &early);
    assert_eq!(early.refusal(), "409 | before_previous_step");
    let again = json!({ "value": "119" });
    w.decide("officer", &id, "resubmit", &again).expect(200);
    let approved = w.decide("approver", &id, "approve", &nothing()).expect(200);
    assert_eq!(
        approved.told("status value version"),
        "status approved, value 119, version 5"
    );
    let cancelled = w.decide("approver2", &id, "cancel", &because()).expect(200);
    assert_eq!(
        rows(&cancelled.body["steps"], "verb actor effective_on reason"),
        [
            "submit officer 2022-10-04 null".to_owned(),
            format!("edit {jack} 2022-10-04 null"),
            "reject approver 2022-11-03 a good one".to_owned(),
            "resubmit officer 2022-11-03 null".to_owned(),
            "approve approver 2022-11-03 null".to_owned(),
            "cancel approver2 2022-11-03 a good one".to_owned(),
        ]
    );
}

#[test]
fn periods_of_one_cell_do_not_overlap_while_both_are_live() {
    let w = World::new();
    let region = dimension("region", &["seoul", "jeju"]);
    w.indicator("people", &json!({ "dimensions": [region] }))
        .expect(201);
    let seoul = json!({ "value": 5, "dimensions": { "region": "seoul" } });
    let first = w.measure("people", Q1, &seoul).made();
    let overlapping = ("2022-03-31", "2022-04-30");
    let refused = w.measure("people", overlapping, &seoul);
    assert_eq!(refused.refusal(), "409 | measurement_overlaps");
    assert_eq!(
        refused.told("facts.id facts.end"),
        format!("facts.id {first}, facts.end 2022-03-31")
    );
    // Another cell, and the whole, are measured by themselves.
    let jeju = json!({ "value": 5, "dimensions": { "region": "jeju" } });
    w.measure("people", overlapping, &jeju).expect(201);
    w.measure("people", overlapping, &json!({ "value": 5 }))
        .expect(201);
    w.decide("approver", &first, "reject", &because())
        .expect(200);
    let second = w.measure("people", overlapping, &seoul).made();
    let back = w.decide("officer", &first, "resubmit", &nothing());
    assert_eq!(back.refusal(), "409 | measurement_overlaps");
    let moved = json!({ "period": { "start": "2022-01-01", "end": "2022-03-30" } });
    w.decide("officer", &first, "resubmit", &moved).expect(200);
    let path = format!("/v1/measurements/{second}");
    let wider = json!({ "period": { "start": "2022-03-30", "end": "2022-04-30" } });
    let refused = w.patch("officer", &path, "\"1\"", &wider);
    assert_eq!(refused.refusal(), "409 | measurement_overlaps");
}

#[test]
fn a_running_count_that_falls_says_why() {
    let w = World::new();
    let running = json!({ "accumulation": "cumulative", "additive": false });
    w.indicator("buyers", &running).expect(201);
    let to = |end, more: Value| w.measure("buyers", ("2021-08-01", end), &more);
    to("2022-03-31", json!({ "value": 200 })).expect(201);
    let fall = json!({ "value": 190 });
    let refused = to("2022-06-30", fall.clone());
    assert_eq!(
        refused.refusal(),
        "422 | invalid_fields | /reason running_count_falls"
    );
    let explained = json!({ "value": 190, "reason": "중복 구매자 정리" });
    to("2022-06-30", explained).expect(201);
    to("2022-09-30", fall).expect(201);
    // One entered late may make the next one a fall.
    let late = to("2022-05-31", json!({ "value": 195 }));
    assert_eq!(
        late.refusal(),
        "422 | invalid_fields | /reason running_count_falls"
    );
    let same_day = to("2022-03-31", json!({ "value": 300 }));
    assert_eq!(same_day.refusal(), "409 | measurement_overlaps");
    let other = w.measure(
        "buyers",
        ("2022-01-01", "2022-10-31"),
        &json!({ "value": 300 }),
    );
    let fault = "/period/start cumulative_start_differs";
    assert_eq!(other.refusal(), format!("422 | invalid_fields | {fault}"));
}

#[test]
fn an_external_id_is_taken_while_its_measurement_is_live() {
    let w = World::new();
    w.indicator("people", &nothing()).expect(201);
    w.indicator("others", &nothing()).expect(201);
    let named = json!({ "value": 1, "external_id": "X" });
    let first = w.measure("people", Q1, &named).made();
    let second = w.measure("people", Q2, &named);
    assert_eq!(second.refusal(), "409 | duplicate_external_id");
    assert_eq!(second.text("/facts/id"), first);
    w.measure("others", Q2, &named).expect(201);
    w.decide("officer", &first, "withdraw", &because())
        .expect(200);
    w.measure("people", Q2, &named).expect(201);
}

#[test]
fn a_key_has_one_effect_and_a_dry_run_none() {
    let w = World::new();
    w.indicator("people", &nothing()).expect(201);
    let body = json!({ "indicator": "people", "value": 1, "nature": "declared",
        "period": { "start": "2022-01-01", "end": "2022-03-31" } });
    let dry = w.post("officer", "/v1/measurements?dry_run=true", &body);
    assert_eq!(dry.expect(200).body["dry_run"], true);
    let first = w.post_with_key("officer", "/v1/measurements", "k", &body);
    let again = w.post_with_key("officer", "/v1/measurements", "k", &body);
    assert_eq!(first.expect(201).bytes, again.bytes);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let listed = w.get("viewer", "/v1/measurements").expect(200);
    assert_eq!(listed.rows("indicator value"), ["people 1"]);
}

#[test]
fn lists_are_narrowed_by_what_they_show() {
    let w = World::new();
    w.program("maps", &[]);
    w.indicator("people", &json!({ "program": "maps" }))
        .expect(201);
    let ratio = json!({ "value": "ratio", "unit": "share" });
    w.indicator("reach", &ratio).expect(201);
    let labelled = json!({ "value": 1, "attributes": { "wave": "1" }, "basis": "명부 A" });
    w.measured("people", Q1, &labelled);
    let estimated = json!({ "value": 2, "nature": "estimated", "method": "표본 조사" });
    w.measure("people", Q2, &estimated).expect(201);
    w.measure(
        "reach",
        Q2,
        &json!({ "numerator": 1, "denominator": 4, "external_id": "R-1" }),
    )
    .expect(201);
    for (query, expected) in [
        ("indicators?value=ratio", 1),
        ("indicators?program=maps", 1),
        ("indicators?q=shar", 1),
        ("measurements?indicator=people", 2),
        ("measurements?status=approved", 1),
        ("measurements?nature=estimated", 1),
        ("measurements?from=2022-04-01", 2),
        ("measurements?to=2022-03-31", 1),
        ("measurements?external_id=R-1", 1),
        ("measurements?attribute=wave:1", 1),
        ("measurements?q=%EB%AA%85%EB%B6%80", 1),
    ] {
        let path = format!("/v1/{query}");
        let page = w.get("viewer", &path).as_told("GET", &path).expect(200);
        assert_eq!(
            page.body["data"].as_array().unwrap().len(),
            expected,
            "{query}"
        );
    }
}

#[test]
fn an_audit_finds_a_value_that_was_changed_behind_the_log() {
    use diesel::connection::SimpleConnection;
    use sangsaeng::db::{Conn, Use};
    let mut w = World::new();
    w.indicator("people", &nothing()).expect(201);
    let id = w.measured("people", Q1, &json!({ "value": "12.000" }));
    assert!(w.audit().is_clean());
    w.stop();
    let mut conn = Conn::open(&w.owner(), Use::Write).unwrap();
    for (column, spoilt, good, expected) in [
        ("value", "13000000", "12000000", "12 of , measured, stored"),
        ("cell", "'a=b'", "''", "people [] 2022"),
        (
            "approved_on",
            "'2022-04-01'",
            "'2022-03-31'",
            "derived 2022-03-31, stored 2022-04-01",
        ),
        ("nature", "'declared'", "'measured'", "measured"),
    ] {
        let set = |to: &str| format!("UPDATE measurements SET {column} = {to} WHERE id = '{id}'");
        conn.batch_execute(&set(spoilt)).unwrap();
        let report = w.audit();
        assert_eq!(report.found, 1, "{column}: {report}");
        assert!(report.text(false).contains(expected), "{column}: {report}");
        conn.batch_execute(&set(good)).unwrap();
    }
    assert!(w.audit().is_clean());
}

#[test]
fn a_measurement_is_told_in_few_words() {
    let w = World::new();
    let ratio = json!({ "value": "ratio", "decimals": 2, "unit": "share" });
    w.indicator("reach", &ratio).expect(201);
    let of = json!({ "numerator": "0.5", "denominator": 4 });
    let made = w.measure("reach", Q1, &of).expect(201);
    assert_eq!(
        told(&made.body, "value numerator denominator"),
        "value null, numerator 0.5, denominator 4"
    );
}
