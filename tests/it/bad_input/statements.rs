//! Statements of sales, and what intermediaries pass on.

use serde_json::{Value, json};

use super::people::regions;
use super::{Case, Endpoint, but, choices, codes, days, missing, money, not_now, texts, wrong};
use crate::support::World;

fn statement() -> Value {
    json!({
        "program": "makers", "period": { "start": "2021-08-01", "end": "2022-10-31" },
        "basis": "cumulative", "quantity_kg": "10.5", "amount": "5000", "orders": 2, "buyers": 2,
        "buyers_basis": "unique_to_date", "reason": "x", "source": "x", "external_id": "S-1",
        "attributes": { "wave": "1" },
    })
}

fn counts(field: &'static str) -> Vec<Case> {
    vec![
        wrong(field, json!(0), "too_small"),
        wrong(field, json!(-1), "too_small"),
        wrong(field, json!(1.5), "not_whole"),
        wrong(field, json!("2"), "wrong_type"),
        wrong(field, json!(1_000_000_000_001_i64), "too_large"),
    ]
}

#[test]
fn a_statement_that_cannot_be_is_not_recorded() {
    let world = World::new();
    world.program_with("makers", &[], &json!({ "kind": "produce_sales" }));
    world.program("drivers", &[]);
    let cases = [
        codes("/program"),
        days("/period/start"),
        days("/period/end"),
        choices("/basis"),
        choices("/buyers_basis"),
        money("/amount"),
        counts("/orders"),
        counts("/buyers"),
        texts("/reason", 500),
        texts("/source", 500),
        texts("/external_id", 100),
        ["/program", "/period", "/basis"].map(missing).into(),
        ["/period/start", "/period/end"].map(missing).into(),
        vec![
            wrong("/quantity_kg", json!("0"), "zero"),
            wrong("/quantity_kg", json!("-1"), "negative"),
            wrong("/quantity_kg", json!("1.0001"), "too_many_places"),
            wrong("/product", json!("rice"), "unknown_field"),
            wrong("/period/basis", json!("x"), "unknown_field"),
            wrong("/period/start", json!("2022-11-01"), "X").told("/period end_before_start"),
            wrong("/period/end", json!("2022-11-04"), "in_the_future"),
            wrong("/program", json!("nowhere"), "unknown_program"),
            wrong("/program", json!("drivers"), "not_a_sales_program"),
            wrong("/buyers", json!(null), "X").told("/buyers_basis only_with_buyers"),
            wrong("/buyers_basis", json!(null), "missing"),
            wrong(
                "/buyers_basis",
                json!("unique_in_period"),
                "not_of_this_basis",
            ),
            wrong("/basis", json!("in_period"), "X").told("/buyers_basis not_of_this_basis"),
            but(
                &[
                    ("/program", json!("nowhere")),
                    ("/period/end", json!("2022-11-04")),
                    ("/buyers_basis", json!(null)),
                ],
                "422 | invalid_fields | /program unknown_program | /period/end in_the_future \
                 | /buyers_basis missing",
            ),
            but(
                &[
                    ("/quantity_kg", json!(null)),
                    ("/amount", json!(null)),
                    ("/orders", json!(null)),
                    ("/buyers", json!(null)),
                    ("/buyers_basis", json!(null)),
                ],
                "422 | invalid_fields |  figure_required",
            ),
        ],
    ];
    let endpoint = Endpoint::post(&world, "officer", "/v1/sales/statements");
    let made = endpoint.refuses_all_but(&statement(), cases.into_iter().flatten());
    let other = |key: &str| Endpoint {
        key: key.to_owned(),
        ..Endpoint::post(&world, "officer", "/v1/sales/statements")
    };
    other("again").refuses(&statement(), [not_now("409 | duplicate_external_id")]);
    let mut twin = statement();
    twin["external_id"] = json!(null);
    let later = json!({ "start": "2021-08-01", "end": "2022-11-01" });
    let fewer = [
        ("/period", later),
        ("/buyers", json!(1)),
        ("/reason", json!(null)),
    ];
    other("twin").refuses(
        &twin,
        [
            not_now("409 | statement_overlaps"),
            but(&fewer, "422 | invalid_fields | /reason fall_needs_reason"),
        ],
    );
    let path = format!("{}/cancel", made.header("location").unwrap());
    let good = json!({ "reason": "잘못", "effective_on": "2022-11-02" });
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
        ],
    ];
    Endpoint::post(&world, "officer", path).refuses_all_but(&good, cases.into_iter().flatten());
}

#[test]
fn a_use_that_cannot_be_is_not_recorded() {
    let world = World::new();
    let name = json!({ "ko": "기관", "en": "Organisation" });
    let bridge = json!({ "code": "bridge", "name": name });
    world
        .post("manager", "/v1/organisations", &bridge)
        .expect(201);
    let gift = json!({ "recipient": "bridge", "recipient_role": "intermediary",
        "designated": true, "form": "cash", "amount": "300", "planned_on": "2022-09-01" });
    let id = world.post("officer", "/v1/donations", &gift).made();
    world.step("donations", &id, "approve", "2022-09-01");
    world.step("donations", &id, "pay", "2022-09-01");
    let good = json!({
        "period": { "start": "2022-09-01", "end": "2022-09-30" }, "used": "200", "returned": "50",
        "beneficiaries": 3, "region": "11", "effective_on": "2022-10-02", "note": "x",
    });
    let amounts = |field: &'static str| {
        let zero = |case: &Case| !case.refusal.ends_with("zero");
        money(field).into_iter().filter(zero).collect::<Vec<_>>()
    };
    let cases = [
        days("/period/start"),
        days("/period/end"),
        days("/effective_on"),
        amounts("/used"),
        amounts("/returned"),
        counts("/beneficiaries"),
        regions("/region"),
        texts("/note", 500),
        ["/period", "/used", "/returned"].map(missing).into(),
        vec![
            wrong("/colour", json!("red"), "unknown_field"),
            wrong("/period/start", json!("2022-10-01"), "X").told("/period end_before_start"),
            wrong("/effective_on", json!("2022-09-29"), "before_period_end"),
            wrong("/effective_on", json!("2022-11-04"), "in_the_future"),
            but(
                &[
                    ("/period/end", json!("2022-11-04")),
                    ("/region", json!("99")),
                    ("/used", json!(0)),
                    ("/returned", json!("0")),
                ],
                "422 | invalid_fields | /region unknown_region | /period/end in_the_future \
                 | /used nothing_used_or_returned",
            ),
            but(&[("/used", json!(251))], "409 | more_than_was_passed_on"),
        ],
    ];
    let path = format!("/v1/donations/{id}/uses");
    let endpoint = Endpoint::post(&world, "officer", path);
    endpoint.refuses_all_but(&good, cases.into_iter().flatten());
    let again = Endpoint {
        key: "again".into(),
        ..endpoint
    };
    again.refuses(&good, [not_now("409 | use_overlaps")]);
    let good = json!({ "reason": "잘못", "effective_on": "2022-10-03" });
    let cases = [
        texts("/reason", 500),
        days("/effective_on"),
        vec![
            missing("/reason"),
            but(
                &[("/effective_on", json!("2022-10-01"))],
                "409 | before_previous_step",
            ),
        ],
    ];
    let path = format!("/v1/donations/{id}/uses/1/cancel");
    Endpoint::post(&world, "officer", path).refuses_all_but(&good, cases.into_iter().flatten());
}
