//! Sales, and undoing them.

use serde_json::{Value, json};

use super::people::{numbers, regions};
use super::{Case, Endpoint, but, codes, days, missing, money, not_now, texts, wrong};
use crate::support::World;

/// Weights that cannot be.
fn weights(field: &'static str) -> Vec<Case> {
    let cases = [
        (json!(0), "zero"),
        (json!("0.000"), "zero"),
        (json!("-1"), "negative"),
        (json!("1.0001"), "too_many_places"),
        (json!("1,5"), "not_a_number"),
        (json!("1e3"), "not_a_number"),
        (json!("1000000000000000000"), "too_large"),
        (json!(""), "not_a_number"),
        (json!(true), "wrong_type"),
        (json!(null), "wrong_type"),
    ];
    cases.map(|(value, code)| wrong(field, value, code)).into()
}

fn sale() -> Value {
    json!({
        "program": "makers", "product": { "code": "rice", "name": "쌀" },
        "producer": { "reference": "FARM-1", "name": "박농부", "region": "50110" },
        "origin_region": "50110", "sold_on": "2022-11-01", "quantity_kg": "10.5",
        "amount": "5000", "orders": 2, "external_id": "S-1", "basis": "x",
        "attributes": { "wave": "1" },
    })
}

fn books() -> World {
    let world = World::new();
    world.with_budget();
    world.program_with("makers", &[], &json!({ "kind": "produce_sales" }));
    world.program_with("over", &[], &json!({ "kind": "produce_sales" }));
    world
        .post(
            "manager",
            "/v1/programs/over/close",
            &json!({ "reason": "끝" }),
        )
        .expect(200);
    world
}

#[test]
fn a_sale_that_cannot_be_is_not_recorded() {
    let world = books();
    let required = [
        "/program",
        "/product",
        "/sold_on",
        "/quantity_kg",
        "/amount",
        "/orders",
    ];
    let cases = [
        codes("/program"),
        codes("/product/code"),
        texts("/product/name", 100),
        texts("/producer/reference", 100),
        texts("/producer/name", 100),
        numbers("/producer/registration_number"),
        regions("/producer/region"),
        regions("/origin_region"),
        days("/sold_on"),
        weights("/quantity_kg"),
        money("/amount"),
        texts("/external_id", 100),
        texts("/basis", 500),
        required.map(missing).into(),
        ["/product/code", "/product/name"].map(missing).into(),
        vec![
            wrong("/orders", json!(0), "too_small"),
            wrong("/orders", json!(-1), "too_small"),
            wrong("/orders", json!(1.5), "not_whole"),
            wrong("/orders", json!("2"), "wrong_type"),
            wrong("/orders", json!(1_000_000_000_001_i64), "too_large"),
            wrong("/buyers", json!(2), "unknown_field"),
            wrong("/producer/kind", json!("producer"), "unknown_field"),
            wrong("/producer/reference", json!(null), "X").told("/producer identity_required"),
            wrong("/producer/registration_number", json!("101-11-00013"), "X")
                .told("/producer/reference identity_twice"),
            wrong("/attributes", json!({ "Wave": "1" }), "X")
                .told("/attributes/Wave bad_attribute_name"),
            wrong("/program", json!("nowhere"), "unknown_program"),
            wrong("/program", json!("drivers"), "not_a_sales_program"),
            wrong("/sold_on", json!("2022-11-04"), "in_the_future"),
            but(&[("/program", json!("over"))], "409 | program_closed"),
            but(
                &[
                    ("/program", json!("nowhere")),
                    ("/origin_region", json!("99")),
                    ("/producer/region", json!("21")),
                    ("/sold_on", json!("2022-11-04")),
                ],
                "422 | invalid_fields | /program unknown_program | /origin_region unknown_region \
                 | /producer/region region_not_valid_on_date | /sold_on in_the_future",
            ),
        ],
    ];
    let endpoint = Endpoint::post(&world, "officer", "/v1/sales");
    endpoint.refuses_all_but(&sale(), cases.into_iter().flatten());
    let again = Endpoint {
        key: "again".into(),
        ..endpoint
    };
    again.refuses(&sale(), [not_now("409 | duplicate_external_id")]);
}

#[test]
fn a_sale_is_undone_once_and_not_before_its_day() {
    let world = books();
    let made = world.post("officer", "/v1/sales", &sale()).expect(201);
    let path = format!("{}/cancel", made.header("location").unwrap());
    let good = json!({ "reason": "잘못", "effective_on": "2022-11-02" });
    let cases = [
        texts("/reason", 500),
        days("/effective_on"),
        vec![
            missing("/reason"),
            wrong("/effective_on", json!("2022-11-04"), "in_the_future"),
            but(
                &[("/effective_on", json!("2022-10-31"))],
                "409 | before_previous_step",
            ),
            wrong("/amount", json!("1"), "unknown_field"),
        ],
    ];
    let endpoint = Endpoint::post(&world, "officer", path);
    endpoint.refuses_all_but(&good, cases.into_iter().flatten());
    let again = Endpoint {
        key: "again".into(),
        ..endpoint
    };
    again.refuses(&good, [not_now("409 | invalid_state")]);
}
