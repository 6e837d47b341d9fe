//! Every answer of `/reports`, read against the document: each member is in it and is what it
//! says, and nothing that it promises is missing.

use std::collections::BTreeMap;

use sangsaeng::TextEnum;
use sangsaeng::reporting::series::{GroupBy, Interval, Metric};
use serde_json::{Value, json};

use crate::support::document::document;
use crate::support::{TODAY, World};

/// Books in which every list of every report has a row.
fn books() -> World {
    let world = World::new();
    funds(&world);
    programs(&world);
    payments(&world);
    gifts(&world);
    let sale = json!({
        "program": "produce",
        "product": { "code": "rice", "name": "쌀" },
        "origin_region": "50110",
        "sold_on": "2021-12-03",
        "quantity_kg": "2500.5",
        "amount": "12000000",
        "orders": 480,
    });
    world.post("officer", "/v1/sales", &sale).expect(201);
    statements(&world);
    world
}

/// A fund with a plan and a child that was paid into.
fn funds(world: &World) {
    world.fund("parent", "300000000");
    let child = json!({
        "code": "child",
        "name": { "ko": "자기금", "en": "Child fund" },
        "kind": "foundation",
        "commitment": "10000000",
        "effective_on": "2022-05-01",
        "period": { "start": "2022-04-01", "end": "2027-03-31", "basis": "assumed" },
        "part_of": "parent",
        "spend_limit": "commitment",
        "in_kind_counted_at": "cost",
    });
    world.post("manager", "/v1/funds", &child).expect(201);
    let lines = json!([
        { "fiscal_year": 2022, "amount": "60000000" },
        { "fiscal_year": 2023, "area": "merchants", "amount": "60000000" },
    ]);
    let plan = json!({ "version_reason": "처음", "lines": lines });
    world
        .post("manager", "/v1/funds/parent/plans", &plan)
        .expect(201);
    let paid_in = json!({ "amount": "5000000", "effective_on": "2022-06-01", "from": "회사" });
    world
        .post("manager", "/v1/funds/child/contributions", &paid_in)
        .expect(201);
}

/// A program of each sort. What `drivers` has from the child came late: see [`payments`].
fn programs(world: &World) {
    world.program("drivers", &["child", "parent"]);
    world.program_with(
        "produce",
        &[],
        &json!({ "kind": "produce_sales", "partner": null }),
    );
    world.program_with("damage", &[], &json!({ "kind": "compensation" }));
    world.allocate("parent", "drivers", "3000000");
    let dated = json!({
        "program": "drivers",
        "amount": "5000000",
        "fiscal_year": 2022,
        "effective_on": "2022-09-01",
        "kind": "allocate",
    });
    world
        .post("manager", "/v1/funds/child/allocations", &dated)
        .expect(201);
}

/// Takes a payment to its end, all on one day; tells its id.
fn pay(world: &World, on: &str, body: &Value) -> String {
    let id = world
        .post("officer", "/v1/disbursements", body)
        .expect(201)
        .text("/id")
        .to_owned();
    let that_day = json!({ "effective_on": on });
    world
        .verb("approver", &id, "approve", &that_day)
        .expect(200);
    world.verb("treasurer", &id, "pay", &that_day).expect(200);
    id
}

/// Ten drivers in Seoul, two in Busan and one nowhere, paid before their money was set aside; one
/// gave some back. One more waits. Somebody's damage is made good.
fn payments(world: &World) {
    let regions = [vec![Some("11110"); 10], vec![Some("26"); 2], vec![None]].concat();
    for (index, region) in regions.into_iter().enumerate() {
        let body = json!({
            "program": "drivers",
            "fund": "child",
            "fiscal_year": 2022,
            "beneficiary": {
                "kind": "worker", "reference": format!("driver-{index}"), "region": region,
            },
            "form": "cash",
            "amount": "100000",
            "planned_on": "2022-08-10",
        });
        let id = pay(world, "2022-08-10", &body);
        if index == 0 {
            let back = json!({
                "effective_on": "2022-10-02", "amount": "30000", "reason_class": "unused",
                "reason": "남은 돈",
            });
            world.verb("treasurer", &id, "refund", &back).expect(200);
        }
    }
    let mut waiting = world.cash_to("drivers", "waiting", "100000");
    waiting["fund"] = "parent".into();
    world
        .post("officer", "/v1/disbursements", &waiting)
        .expect(201);
    pay(world, TODAY, &world.cash_to("damage", "user-1", "7000"));
}

/// A gift out of a fund, passed on, and one of the house's own.
fn gifts(world: &World) {
    let bridge = json!({ "code": "hope-bridge", "name": { "ko": "희망브리지", "en": "Hope" } });
    world
        .post("manager", "/v1/organisations", &bridge)
        .expect(201);
    let of_program = json!({ "program": "drivers", "fund": "parent", "designated": true });
    for more in [of_program, json!({ "designated": false })] {
        let mut gift = json!({
            "recipient": "hope-bridge",
            "recipient_role": "intermediary",
            "amount": "250000",
            "form": "cash",
            "planned_on": "2022-09-06",
        });
        gift.as_object_mut()
            .unwrap()
            .extend(more.as_object().unwrap().clone());
        let id = world
            .post("officer", "/v1/donations", &gift)
            .expect(201)
            .text("/id")
            .to_owned();
        for (who, verb) in [("approver", "approve"), ("treasurer", "pay")] {
            let path = format!("/v1/donations/{id}/{verb}");
            world.post(who, &path, &json!({})).expect(200);
        }
        let said = json!({
            "period": { "start": "2022-09-06", "end": "2022-10-31" },
            "used": "30000", "returned": "20000", "beneficiaries": 7, "region": "11",
        });
        world
            .post("officer", &format!("/v1/donations/{id}/uses"), &said)
            .expect(201);
    }
}

/// What a partner states: twice of everything to date, once of some days.
fn statements(world: &World) {
    let to_date = |end: &str, buyers: i64| {
        json!({
            "program": "produce", "period": { "start": "2021-08-01", "end": end },
            "basis": "cumulative", "quantity_kg": "2500.5", "amount": "12000000", "orders": 480,
            "buyers": buyers, "buyers_basis": "unique_to_date", "reason": "as it is",
        })
    };
    let some_days = json!({
        "program": "produce", "period": { "start": "2022-10-01", "end": "2022-10-15" },
        "basis": "in_period", "amount": "5",
    });
    for body in [
        to_date("2022-07-31", 390),
        to_date("2022-10-31", 400),
        some_days,
    ] {
        world
            .post("officer", "/v1/sales/statements", &body)
            .expect(201);
    }
}

/// The report that somebody reads, as the document tells of it.
#[track_caller]
fn told(world: &World, user: &str, path: &str) -> Value {
    world.get(user, path).expect(200).as_told("GET", path).body
}

fn count(report: &Value, pointer: &str) -> usize {
    report
        .pointer(pointer)
        .and_then(Value::as_array)
        .map_or(0, Vec::len)
}

#[test]
fn the_overview_is_what_the_document_says() {
    let world = books();
    for day in ["2021-01-01", "2022-05-01", "2022-08-20", "2022-11-03"] {
        told(
            &world,
            "viewer",
            &format!("/v1/reports/overview?as_of={day}"),
        );
    }
    let today = told(&world, "communicator", "/v1/reports/overview");
    assert_eq!(
        (count(&today, "/funds"), count(&today, "/programs")),
        (2, 3)
    );
    assert_eq!(today["funds"][0]["contributed"], "5000000");
    assert_eq!(today["funds"][1]["own"]["contributed"], Value::Null);
    assert_eq!(today["donations"]["held_by_intermediaries"], "400000");
    assert_eq!(today["donations"]["reached"]["amount"], "60000");
    assert_eq!(today["compensation"]["disbursed"], "7000");
    let produce = today["programs"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["code"] == "produce");
    assert_eq!(produce.unwrap()["sales"]["quantity_kg"], "2500.500");
    assert_eq!(produce.unwrap()["sales"]["buyers"], 400);
}

#[test]
fn the_report_of_a_fund_is_what_the_document_says() {
    let world = books();
    for fund in ["parent", "child"] {
        for day in ["2021-01-01", "2022-05-01", "2022-08-20", "2022-11-03"] {
            told(
                &world,
                "viewer",
                &format!("/v1/reports/funds/{fund}?as_of={day}"),
            );
        }
    }
    let parent = told(&world, "viewer", "/v1/reports/funds/parent");
    assert_eq!(
        (count(&parent, "/children"), count(&parent, "/plan/lines")),
        (1, 2)
    );
    assert_eq!(
        (
            count(&parent, "/by_program"),
            count(&parent, "/by_fiscal_year")
        ),
        (1, 2)
    );
    assert_eq!(parent["by_fiscal_year"][0]["fiscal_year"], Value::Null);
    assert_eq!(parent["below_zero_days"][0]["lowest"], "-1300000");
    assert_eq!(parent["below_zero_days"][0]["to"], "2022-08-31");
}

#[test]
fn the_report_of_a_program_is_what_the_document_says_to_whoever_reads_it() {
    let world = books();
    for user in ["viewer", "auditor"] {
        for program in ["drivers", "produce", "damage"] {
            for day in ["2021-01-01", "2022-08-20", "2022-11-03"] {
                told(
                    &world,
                    user,
                    &format!("/v1/reports/programs/{program}?as_of={day}"),
                );
            }
        }
    }
    let path = "/v1/reports/programs/drivers";
    let (hidden, open) = (told(&world, "viewer", path), told(&world, "auditor", path));
    let suppressed = |report: &Value| -> Vec<bool> {
        let rows = report["by_region"].as_array().unwrap().iter();
        rows.map(|row| row["suppressed"].as_bool().unwrap())
            .collect()
    };
    assert_eq!(
        suppressed(&hidden),
        [false, true, true],
        "Seoul, Busan, nowhere"
    );
    assert_eq!(suppressed(&open), [false; 3]);
    assert_eq!(count(&open, "/intermediaries/donations"), 1);
    let produce = told(&world, "viewer", "/v1/reports/programs/produce");
    assert_eq!(count(&produce, "/sales/statements"), 3);
    assert_eq!(open["by_region"][1]["payments"], 2);
    assert_eq!(open["by_region"][2]["region"], Value::Null);
    assert_eq!(
        open["beneficiaries"]["unique_in_funds"][0],
        json!({"fund": "child", "unique": 13})
    );
    assert!(count(&open, "/by_month") > 1);
}

#[test]
fn every_series_is_what_the_document_says() {
    let world = books();
    let mut answered = 0;
    for metric in Metric::ALL {
        for group_by in GroupBy::ALL {
            for interval in Interval::ALL {
                let path = format!(
                    "/v1/reports/series?metric={metric}&group_by={group_by}&interval={interval}\
                     &from=2022-07-20&as_of=2022-11-02"
                );
                let reply = world.get("viewer", &path).as_told("GET", &path);
                answered += usize::from(reply.status == 200 && count(&reply.body, "/groups") > 0);
            }
        }
    }
    assert!(answered > 100, "only {answered} series have a line");
    let path = "/v1/reports/series?metric=beneficiaries&group_by=program";
    let drivers = &told(&world, "viewer", path)["groups"][1];
    let last = drivers["points"].as_array().unwrap().last().unwrap();
    assert_eq!(
        (&drivers["key"], &last["value"]),
        (&json!("drivers"), &json!("13"))
    );
    assert_eq!(drivers["total"], Value::Null, "people are never added");
}

#[test]
fn a_question_that_cannot_be_answered_is_refused() {
    let world = World::new();
    let refusal = |path: &str| world.get("viewer", path).as_told("GET", path).refusal();
    for (path, expected) in [
        (
            "overview?as_of=2022-11-04",
            "422 | invalid_fields | ?as_of in_the_future",
        ),
        (
            "overview?as_of=today",
            "422 | invalid_fields | ?as_of not_a_day",
        ),
        (
            "overview?day=2022-11-03",
            "422 | invalid_fields | ?day unknown_field",
        ),
        ("funds/none", "404 | not_found"),
        ("programs/none", "404 | not_found"),
        ("series", "422 | invalid_fields | ?metric missing"),
        (
            "series?metric=buyers",
            "422 | invalid_fields | ?group_by not_additive",
        ),
        (
            "series?metric=beneficiaries&group_by=kind&to=2022-11-04",
            "422 | invalid_fields | ?group_by not_additive | ?to after_as_of",
        ),
        (
            "series?metric=paid&interval=day&from=1990-01-01",
            "422 | invalid_fields | ?interval too_many_points",
        ),
    ] {
        assert_eq!(refusal(&format!("/v1/reports/{path}")), expected, "{path}");
    }
}

#[test]
fn a_report_that_is_known_is_not_sent_again_until_it_changes() {
    let world = World::new();
    let path = "/v1/reports/overview";
    let read = |etag: &str| world.call("viewer", ("GET", path), &[("if-none-match", etag)], None);
    let etag = world
        .get("viewer", path)
        .expect(200)
        .header("etag")
        .unwrap()
        .to_owned();
    let again = read(&etag).expect(304).as_told("GET", path);
    assert_eq!(
        (again.bytes.len(), again.header("etag")),
        (0, Some(etag.as_str()))
    );
    world.fund("parent", "1000");
    read(&etag).expect(200);
}

/// The schemas that a schema leads to, itself too.
fn led_to(schema: &'static Value) -> BTreeMap<&'static str, &'static Value> {
    let (mut found, mut left) = (BTreeMap::new(), vec![schema]);
    while let Some(value) = left.pop() {
        match value {
            Value::Object(members) => left.extend(members.values()),
            Value::Array(items) => left.extend(items),
            Value::String(text) => {
                let name = text.strip_prefix("#/components/schemas/");
                if let Some(name) = name.filter(|name| !found.contains_key(name)) {
                    let schema = &document()["components"]["schemas"][name];
                    found.insert(name, schema);
                    left.push(schema);
                }
            }
            _ => {}
        }
    }
    found
}

#[test]
fn a_report_promises_every_member_it_has() {
    let paths = document()["paths"].as_object().unwrap().iter();
    let reports = paths.filter(|(path, _)| path.starts_with("/v1/reports/"));
    let answers = reports.map(|(_, item)| &item["get"]["responses"]["200"]["content"]);
    let schemas: Vec<_> = answers.flat_map(led_to).collect();
    assert!(schemas.len() > 40, "only {} schemas", schemas.len());
    for (name, schema) in schemas {
        let parts = schema["allOf"]
            .as_array()
            .map_or(vec![schema], |parts| parts.iter().collect());
        for part in parts {
            let members = part["properties"]
                .as_object()
                .into_iter()
                .flat_map(|all| all.keys());
            let promised = part["required"].as_array().cloned().unwrap_or_default();
            for member in members {
                assert!(
                    promised.contains(&json!(member)),
                    "{name} need not have {member}"
                );
            }
        }
    }
}
