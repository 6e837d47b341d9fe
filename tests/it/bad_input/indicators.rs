//! Indicators and measurements.

use serde_json::{Value, json};

use super::{Case, Endpoint, but, choices, codes, days, missing, not_now, texts, wrong};
use crate::support::World;

/// Quantities that cannot be.
fn quantities(field: &'static str) -> Vec<Case> {
    let cases = [
        (json!("1,000"), "not_a_number"),
        (json!("1e3"), "not_a_number"),
        (json!(""), "not_a_number"),
        (json!("많이"), "not_a_number"),
        (json!("0.0000001"), "too_precise"),
        (json!(0.000_000_1), "too_precise"),
        (json!("1000000000001"), "too_large"),
        (json!(-1_000_000_000_001_i64), "too_large"),
        (json!(true), "wrong_type"),
        (json!([1]), "wrong_type"),
    ];
    cases.map(|(value, code)| wrong(field, value, code)).into()
}

fn name() -> Value {
    json!({ "ko": "이름", "en": "Name" })
}

fn indicator() -> Value {
    let value = |code: &str| json!({ "code": code, "name": name() });
    let region = json!({ "code": "region", "name": name(), "values": [value("jeju")] });
    json!({
        "code": "people", "name": name(), "unit": "people", "value": "number", "decimals": 1,
        "additive": false, "accumulation": "in_period", "better": "up", "program": "drivers",
        "area": "x", "period": { "start": "2022-01-01", "end": "2022-12-31" },
        "dimensions": [region, { "code": "age", "name": name(), "values": [value("20s")] }],
        "baseline": { "value": "5", "on": "2021-12-31" },
        "targets": [{ "year": 2022, "value": "10" }, { "year": 2023, "value": "10" }],
        "definition": "x", "basis": "x", "effective_on": "2022-11-01",
    })
}

/// What of an indicator is checked alike when it is made and when it is changed.
fn of_indicators() -> impl Iterator<Item = Case> {
    let many = |count: usize, item: Value| json!(vec![item; count]);
    let target = json!({ "year": 2022, "value": 1 });
    let cases = [
        texts("/name/ko", 200),
        texts("/unit", 40),
        choices("/value"),
        choices("/accumulation"),
        choices("/better"),
        codes("/program"),
        texts("/area", 100),
        days("/period/start"),
        codes("/dimensions/0/code"),
        codes("/dimensions/0/values/0/code"),
        texts("/dimensions/0/name/en", 200),
        quantities("/baseline/value"),
        days("/baseline/on"),
        quantities("/targets/0/value"),
        texts("/definition", 500),
        texts("/basis", 500),
        days("/effective_on"),
        vec![
            wrong("/decimals", json!(7), "too_large"),
            wrong("/decimals", json!(-1), "too_small"),
            wrong("/decimals", json!("1"), "wrong_type"),
            wrong("/additive", json!("yes"), "wrong_type"),
            wrong("/program", json!("nowhere"), "unknown_program"),
            wrong("/period/end", json!("2021-12-31"), "X").told("/period end_before_start"),
            wrong("/dimensions", many(4, json!({})), "too_many"),
            wrong("/dimensions/0/values", json!([]), "empty"),
            wrong("/dimensions/0/values", many(101, json!({})), "too_many"),
            wrong("/dimensions/1/code", json!("region"), "repeated"),
            wrong("/targets", many(51, target), "too_many"),
            wrong("/targets/1/year", json!(2022), "repeated"),
            wrong("/targets/1/year", json!(1899), "too_small"),
            wrong("/targets/0/value", json!("1.55"), "too_precise"),
            wrong("/baseline/value", json!("5.55"), "too_precise"),
            wrong("/baseline/numerator", json!(1), "number_wanted"),
            wrong("/baseline/on", json!("2022-11-04"), "in_the_future"),
            wrong("/baseline", json!({ "on": "2021-12-31" }), "X").told("/baseline/value missing"),
            but(
                &[
                    ("/program", json!("nowhere")),
                    ("/effective_on", json!("2022-11-04")),
                    ("/value", json!("ratio")),
                ],
                "422 | invalid_fields | /baseline/value ratio_wanted | /baseline/numerator missing \
                 | /baseline/denominator missing | /effective_on in_the_future \
                 | /program unknown_program",
            ),
        ],
    ];
    cases.into_iter().flatten()
}

#[test]
fn an_indicator_that_cannot_be_is_not_made() {
    let world = World::new();
    world.with_budget();
    let required = [
        "/code",
        "/name",
        "/unit",
        "/additive",
        "/accumulation",
        "/better",
        "/targets/0/year",
        "/dimensions/0/values",
    ];
    let cases = [codes("/code"), required.map(missing).into()];
    let endpoint = Endpoint::post(&world, "manager", "/v1/indicators");
    let cases = of_indicators().chain(cases.into_iter().flatten());
    endpoint.refuses_all_but(&indicator(), cases);
    let again = Endpoint {
        key: "again".into(),
        ..endpoint
    };
    again.refuses(&indicator(), [not_now("409 | duplicate_code")]);

    let mut change = indicator();
    change.as_object_mut().unwrap().remove("code");
    let endpoint = Endpoint::patch(&world, "manager", "/v1/indicators/people", "\"1\"");
    let cases = [
        wrong("/name", json!(null), "not_removable"),
        wrong("/dimensions", json!(null), "not_removable"),
        wrong("/code", json!("other"), "unknown_field"),
    ];
    endpoint.refuses_all_but(&change, of_indicators().chain(cases));
}

fn measurement() -> Value {
    json!({
        "indicator": "people", "period": { "start": "2022-07-01", "end": "2022-09-30" },
        "value": "12.5", "dimensions": { "region": "jeju", "age": "20s" }, "nature": "estimated",
        "method": "표본", "basis": "x", "external_id": "M-1", "attributes": { "wave": "1" },
        "effective_on": "2022-10-31",
    })
}

fn books() -> World {
    let world = World::new();
    world.with_budget();
    world
        .post("manager", "/v1/indicators", &indicator())
        .expect(201);
    let mut ratio = indicator();
    for (member, value) in [
        ("code", json!("reach")),
        ("value", json!("ratio")),
        ("baseline", json!(null)),
    ] {
        ratio[member] = value;
    }
    world.post("manager", "/v1/indicators", &ratio).expect(201);
    world
}

#[test]
fn a_measurement_that_cannot_be_is_not_recorded() {
    let world = books();
    let of_cell = |cell: Value, fault: &str| wrong("/dimensions", cell, "X").told(fault);
    let cases = [
        codes("/indicator"),
        days("/period/start"),
        days("/period/end"),
        quantities("/value"),
        choices("/nature"),
        texts("/method", 500),
        texts("/reason", 500),
        texts("/basis", 500),
        texts("/external_id", 100),
        days("/effective_on"),
        ["/indicator", "/period", "/value", "/nature", "/period/end"]
            .map(missing)
            .into(),
        vec![
            missing("/method").told("/method method_required"),
            wrong("/indicator", json!("nowhere"), "unknown_indicator"),
            wrong("/value", json!("1.55"), "too_precise"),
            wrong("/numerator", json!(1), "number_wanted"),
            wrong("/denominator", json!(1), "number_wanted"),
            wrong("/period/end", json!("2022-06-30"), "X").told("/period end_before_start"),
            wrong("/period/end", json!("2022-11-04"), "in_the_future"),
            wrong("/period/end", json!("2022-11-01"), "after_value_date"),
            wrong("/period/start", json!("2021-12-31"), "X")
                .told("/period outside_indicator_period"),
            wrong("/effective_on", json!("2022-11-04"), "in_the_future"),
            of_cell(json!([]), "/dimensions wrong_type"),
            of_cell(json!({ "X": "jeju" }), "/dimensions/X bad_code"),
            of_cell(
                json!({ "region": 7, "age": "20s" }),
                "/dimensions/region wrong_type",
            ),
            of_cell(
                json!({ "region": "jeju" }),
                "/dimensions/age dimension_missing",
            ),
            wrong(
                "/dimensions/region",
                json!("mars"),
                "unknown_dimension_value",
            ),
            wrong("/dimensions/colour", json!("red"), "unknown_dimension"),
            wrong("/status", json!("approved"), "unknown_field"),
            wrong("/attributes", json!({ "Wave": "1" }), "X")
                .told("/attributes/Wave bad_attribute_name"),
            but(
                &[("/indicator", json!("reach"))],
                "422 | invalid_fields | /value ratio_wanted | /numerator missing \
                 | /denominator missing",
            ),
            but(
                &[
                    ("/method", json!(null)),
                    ("/dimensions/region", json!("mars")),
                    ("/period/end", json!("2023-01-01")),
                    ("/value", json!("1.55")),
                ],
                "422 | invalid_fields | /method method_required \
                 | /dimensions/region unknown_dimension_value | /period/end in_the_future \
                 | /period outside_indicator_period | /value too_precise",
            ),
        ],
    ];
    let endpoint = Endpoint::post(&world, "officer", "/v1/measurements");
    endpoint.refuses_all_but(&measurement(), cases.into_iter().flatten());
    let again = Endpoint {
        key: "again".into(),
        ..endpoint
    };
    again.refuses(&measurement(), [not_now("409 | measurement_overlaps")]);
}

#[test]
fn a_ratio_that_cannot_be_is_not_recorded() {
    let world = books();
    let mut good = measurement();
    good["indicator"] = json!("reach");
    good["numerator"] = json!("2.5");
    good["denominator"] = json!(10);
    good.as_object_mut().unwrap().remove("value");
    let huge = [
        ("/numerator", json!("1000000000000")),
        ("/denominator", json!("0.1")),
    ];
    let cases = [
        quantities("/numerator"),
        quantities("/denominator"),
        vec![
            missing("/numerator"),
            missing("/denominator"),
            wrong("/denominator", json!(0), "zero"),
            wrong("/denominator", json!("0.0"), "zero"),
            wrong("/denominator", json!(-1), "negative"),
            wrong("/numerator", json!("1.55"), "too_precise"),
            wrong("/value", json!("0.25"), "ratio_wanted"),
            but(&huge, "422 | invalid_fields | /numerator too_large"),
        ],
    ];
    let endpoint = Endpoint::post(&world, "officer", "/v1/measurements");
    endpoint.refuses_all_but(&good, cases.into_iter().flatten());
}

#[test]
fn a_measurement_is_changed_and_decided_on_with_good_input_alone() {
    let world = books();
    let made = world.post("officer", "/v1/measurements", &measurement());
    let made = made.expect(201);
    let path = made.header("location").unwrap();
    let good = json!({ "value": "13", "method": "전수 조사", "nature": "measured",
        "period": { "start": "2022-07-01", "end": "2022-09-30" }, "basis": null });
    let cases = [
        quantities("/value"),
        choices("/nature"),
        texts("/method", 500),
        vec![
            wrong("/value", json!(null), "not_removable"),
            wrong("/value", json!("1.55"), "too_precise"),
            wrong("/period", json!(null), "not_removable"),
            wrong("/period/end", json!("2022-11-01"), "after_value_date"),
            wrong("/dimensions", json!({}), "unknown_field"),
            wrong("/indicator", json!("reach"), "unknown_field"),
            but(
                &[("/nature", json!("estimated")), ("/method", json!(null))],
                "422 | invalid_fields | /method method_required",
            ),
        ],
    ];
    let endpoint = Endpoint::patch(&world, "officer", path, "\"1\"");
    endpoint.refuses_all_but(&good, cases.into_iter().flatten());

    let reason = json!({ "reason": "x", "effective_on": "2022-11-02" });
    let cases = [
        texts("/reason", 500),
        days("/effective_on"),
        vec![
            missing("/reason"),
            wrong("/effective_on", json!("2022-11-04"), "in_the_future"),
            but(
                &[("/effective_on", json!("2022-10-30"))],
                "409 | before_previous_step",
            ),
            wrong("/amount", json!("1"), "unknown_field"),
        ],
    ];
    let endpoint = Endpoint::post(&world, "approver", format!("{path}/reject"));
    endpoint.refuses_all_but(&reason, cases.into_iter().flatten());
}
