//! Pledges, and what is done about them.

use serde_json::{Value, json};

use super::{Case, Endpoint, but, choices, codes, days, missing, not_now, texts, wrong};
use crate::support::World;

fn books() -> World {
    let world = World::new();
    world.with_budget();
    let jeju = json!({ "code": "jeju", "name": { "ko": "제주", "en": "Jeju" } });
    world
        .post("manager", "/v1/organisations", &jeju)
        .expect(201);
    world
}

fn pledge() -> Value {
    json!({
        "title": "약속", "statement": "무엇을 합니다.",
        "source": { "title": "발표", "date": "2022-07-01", "url": "https://example.com/a" },
        "owner": "ESG팀", "counterpart": "jeju", "due_on": "2022-12-31", "basis": "보도",
        "target": {
            "metric": "disbursed", "scope": { "fund": "mobility" }, "value": "5000",
            "starts_on": "2022-04-01", "path": "straight_line",
        },
        "milestones": [{ "title": "하나", "due_on": "2022-09-30" }],
    })
}

/// Addresses that are none.
fn urls(field: &'static str) -> Vec<Case> {
    let long = format!("https://example.com/{}", "x".repeat(500));
    let cases = [
        (json!(""), "bad_url"),
        (json!("example.com"), "bad_url"),
        (json!("https://"), "bad_url"),
        (json!("javascript:alert(1)"), "bad_url"),
        (json!("https://example.com/a b"), "bad_url"),
        (json!("https://example.com/\n"), "bad_url"),
        (json!(long), "too_long"),
        (json!(1), "wrong_type"),
    ];
    cases.map(|(value, code)| wrong(field, value, code)).into()
}

fn of_target() -> Vec<Case> {
    let target = "/target";
    let with = |more: Value| {
        let mut target = pledge()["target"].clone();
        crate::support::merge(&mut target, &more);
        target
    };
    let weight =
        json!({ "metric": "sales_quantity_kg", "scope": { "fund": null }, "value": "1.0005" });
    vec![
        missing("/target/metric"),
        missing("/target/scope"),
        missing("/target/value"),
        wrong("/target/value", json!("0"), "zero"),
        wrong("/target/value", json!("-1"), "negative"),
        wrong("/target/value", json!("1.5"), "not_whole"),
        wrong("/target/value", json!("많이"), "not_a_number"),
        wrong("/target/value", json!(true), "wrong_type"),
        wrong("/target/value", json!("1000000000000001"), "too_large"),
        wrong("/target/starts_on", json!("2023-01-01"), "after_due"),
        wrong("/target/scope", json!({ "fund": "nowhere" }), "X")
            .told("/target/scope/fund unknown_fund"),
        wrong("/target/scope", json!({ "program": "nowhere" }), "X")
            .told("/target/scope/program unknown_program"),
        wrong(
            "/target/scope",
            json!({ "program": "drivers", "fund": "mobility" }),
            "program_or_fund",
        ),
        wrong("/target/metric", json!("pledges_met"), "not_a_target"),
        wrong("/target/metric", json!("orders"), "X").told("/target/scope figure_not_of_scope"),
        wrong(target, with(weight), "X").told("/target/value too_many_places"),
        wrong(
            target,
            with(json!({ "metric": "paid", "path": "plan" })),
            "X",
        )
        .told("/target/path target_without_plan"),
        wrong(target, with(json!({ "more": 1 })), "X").told("/target/more unknown_field"),
    ]
}

#[test]
fn a_pledge_that_cannot_be_is_not_recorded() {
    let world = books();
    let many = vec![json!({ "title": "x" }); 51];
    let cases = [
        texts("/title", 200),
        texts("/statement", 1_000),
        texts("/source/title", 200),
        days("/source/date"),
        urls("/source/url"),
        texts("/owner", 100),
        codes("/counterpart"),
        days("/due_on"),
        texts("/milestones/0/title", 200),
        days("/milestones/0/due_on"),
        texts("/basis", 500),
        choices("/target/metric"),
        choices("/target/path"),
        codes("/target/scope/fund"),
        days("/target/starts_on"),
        of_target(),
        [
            "/title",
            "/statement",
            "/source",
            "/source/title",
            "/source/date",
        ]
        .map(missing)
        .into(),
        vec![
            missing("/milestones/0/title"),
            wrong("/milestones", json!(many), "too_many"),
            wrong("/counterpart", json!("nowhere"), "unknown_organisation"),
            wrong("/source/date", json!("2022-11-04"), "X")
                .told("/source/date in_the_future | /milestones/0/due_on before_the_promise"),
            wrong("/due_on", json!("2022-06-30"), "before_the_promise"),
            wrong(
                "/milestones/0/due_on",
                json!("2022-06-30"),
                "before_the_promise",
            ),
            wrong("/state", json!("met"), "unknown_field"),
            but(
                &[
                    ("/counterpart", json!("nowhere")),
                    ("/milestones/0/due_on", json!("2022-06-30")),
                    ("/target/value", json!("0")),
                ],
                "422 | invalid_fields | /counterpart unknown_organisation | /target/value zero \
                 | /milestones/0/due_on before_the_promise",
            ),
        ],
    ];
    let endpoint = Endpoint::post(&world, "communicator", "/v1/pledges");
    endpoint.refuses_all_but(&pledge(), cases.into_iter().flatten());
}

/// The path of a pledge with one milestone and no target.
fn made(world: &World) -> String {
    let mut body = pledge();
    body.as_object_mut().unwrap().remove("target");
    let made = world.post("communicator", "/v1/pledges", &body).expect(201);
    made.header("location").unwrap().to_owned()
}

#[test]
fn words_that_cannot_be_are_not_taken() {
    let world = books();
    let path = made(&world);
    let good = json!({
        "title": "다른 약속", "statement": "그것을 합니다.", "owner": "ESG팀",
        "counterpart": "jeju", "basis": null,
    });
    let cases = [
        texts("/title", 200),
        texts("/statement", 1_000),
        texts("/owner", 100),
        texts("/basis", 500),
        codes("/counterpart"),
        vec![
            wrong("/title", json!(null), "not_removable"),
            wrong("/counterpart", json!("nowhere"), "unknown_organisation"),
            wrong("/due_on", json!("2030-01-01"), "unknown_field"),
        ],
    ];
    let endpoint = Endpoint::patch(&world, "communicator", path, "\"1\"");
    endpoint.refuses_all_but(&good, cases.into_iter().flatten());
}

#[test]
fn a_review_that_cannot_be_is_not_taken() {
    let world = books();
    let path = format!("{}/milestones/1/review", made(&world));
    let good = json!({
        "status": "met", "reviewed_on": "2022-10-10", "met_on": "2022-10-01", "note": "봄",
        "evidence_url": "https://example.com/b",
    });
    let cases = [
        choices("/status"),
        days("/reviewed_on"),
        days("/met_on"),
        texts("/note", 500),
        urls("/evidence_url"),
        vec![
            missing("/status"),
            wrong("/met_on", json!("2022-06-30"), "before_the_promise"),
            wrong("/met_on", json!("2022-10-11"), "after_review"),
            wrong("/status", json!("partly_met"), "X").told("/met_on not_met"),
            wrong("/reviewed_on", json!("2022-11-04"), "in_the_future"),
            but(
                &[
                    ("/reviewed_on", json!("2022-06-30")),
                    ("/met_on", json!("2022-06-29")),
                ],
                "422 | invalid_fields | /reviewed_on before_the_promise | /met_on before_the_promise",
            ),
            wrong("/reason", json!("x"), "unknown_field"),
        ],
    ];
    let endpoint = Endpoint::post(&world, "communicator", path);
    endpoint.refuses_all_but(&good, cases.into_iter().flatten());
    let again = Endpoint {
        key: "again".into(),
        ..endpoint
    };
    again.refuses(
        &good,
        [but(
            &[
                ("/reviewed_on", json!("2022-10-09")),
                ("/met_on", json!("2022-10-01")),
            ],
            "409 | before_previous_step",
        )],
    );
}

#[test]
fn a_slip_that_cannot_be_is_not_taken() {
    let world = books();
    let pledge = made(&world);
    let good = json!({ "due_on": "2023-03-31", "reason": "늦어짐", "effective_on": "2022-10-31" });
    for (path, same) in [
        (format!("{pledge}/reschedule"), "2022-12-31"),
        (format!("{pledge}/milestones/1/reschedule"), "2022-09-30"),
    ] {
        let cases = [
            days("/due_on"),
            days("/effective_on"),
            texts("/reason", 500),
            vec![
                missing("/due_on"),
                missing("/reason"),
                wrong("/due_on", json!(same), "same_day"),
                wrong("/due_on", json!("2022-06-30"), "before_the_promise"),
                wrong("/effective_on", json!("2022-11-04"), "in_the_future"),
                wrong("/effective_on", json!("2022-06-30"), "before_the_promise"),
            ],
        ];
        let endpoint = Endpoint::post(&world, "communicator", path);
        endpoint.refuses_all_but(&good, cases.into_iter().flatten());
    }
}

#[test]
fn a_confirmation_that_cannot_be_is_not_taken() {
    let world = books();
    let pledge = made(&world);
    let path = format!("{pledge}/milestones/1/confirm");
    let good = json!({ "organisation": "jeju", "confirmed_on": "2022-10-15", "reference": "118" });
    let endpoint = Endpoint::post(&world, "communicator", path);
    endpoint.refuses(&good, [not_now("409 | invalid_state")]);
    let met = json!({ "status": "met", "reviewed_on": "2022-10-10" });
    let review = format!("{pledge}/milestones/1/review");
    world.post("communicator", &review, &met).expect(200);
    let cases = [
        codes("/organisation"),
        days("/confirmed_on"),
        texts("/reference", 100),
        vec![
            missing("/organisation"),
            wrong("/organisation", json!("nowhere"), "unknown_organisation"),
            wrong("/confirmed_on", json!("2022-11-04"), "in_the_future"),
            wrong("/confirmed_on", json!("2022-06-30"), "before_the_promise"),
            but(
                &[("/confirmed_on", json!("2022-10-09"))],
                "409 | before_previous_step",
            ),
        ],
    ];
    endpoint.refuses_all_but(&good, cases.into_iter().flatten());
    let again = Endpoint {
        key: "again".into(),
        ..endpoint
    };
    again.refuses(&good, [not_now("409 | already_confirmed")]);
}

#[test]
fn a_milestone_that_cannot_be_is_not_added() {
    let world = books();
    let path = format!("{}/milestones", made(&world));
    let good = json!({ "title": "둘", "due_on": "2022-12-01", "effective_on": "2022-10-31" });
    let cases = [
        texts("/title", 200),
        days("/due_on"),
        days("/effective_on"),
        vec![
            missing("/title"),
            wrong("/due_on", json!("2022-06-30"), "before_the_promise"),
            wrong("/effective_on", json!("2022-11-04"), "in_the_future"),
            wrong("/effective_on", json!("2022-06-30"), "before_the_promise"),
            wrong("/number", json!(2), "unknown_field"),
        ],
    ];
    let endpoint = Endpoint::post(&world, "communicator", path.as_str());
    endpoint.refuses_all_but(&good, cases.into_iter().flatten());
    for number in 3..=50 {
        let more = json!({ "title": format!("{number}") });
        world.post("communicator", &path, &more).expect(201);
    }
    let again = Endpoint {
        key: "again".into(),
        ..endpoint
    };
    again.refuses(&good, [not_now("409 | too_many_milestones")]);
}

#[test]
fn a_promise_is_taken_back_once_and_with_a_reason() {
    let world = books();
    let path = format!("{}/withdraw", made(&world));
    let good = json!({ "reason": "끝", "effective_on": "2022-10-31" });
    let cases = [
        texts("/reason", 500),
        days("/effective_on"),
        vec![
            missing("/reason"),
            wrong("/effective_on", json!("2022-11-04"), "in_the_future"),
            wrong("/effective_on", json!("2022-06-30"), "before_the_promise"),
        ],
    ];
    let endpoint = Endpoint::post(&world, "communicator", path);
    endpoint.refuses_all_but(&good, cases.into_iter().flatten());
    let again = Endpoint {
        key: "again".into(),
        ..endpoint
    };
    again.refuses(&good, [not_now("409 | invalid_state")]);
}
