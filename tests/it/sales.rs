//! Produce sales: facts with a weight, a value and orders, which are never fund money.

use serde_json::{Value, json};

use crate::support::{Reply, World, because, merge, nothing, row, told};

const SOLD: &str = "amount quantity_kg orders buyers buyers_basis as_of";

fn world() -> World {
    let w = World::new();
    w.program_with("makers", &[], &json!({ "kind": "produce_sales" }));
    w
}

/// Sells 2.5 kg of tangerines for 9,000 won in two orders, but for what `more` says.
fn sell(w: &World, more: &Value) -> Reply {
    let mut body = json!({
        "program": "makers",
        "product": { "code": "tangerine", "name": "감귤" },
        "sold_on": "2022-10-03",
        "quantity_kg": "2.5",
        "amount": "9000",
        "orders": 2,
    });
    merge(&mut body, more);
    w.post("officer", "/v1/sales", &body)
}

fn cancel(w: &World, id: &str, body: &Value) -> Reply {
    w.post("officer", &format!("/v1/sales/{id}/cancel"), body)
}

/// What reports say on a day of what `makers` sold.
fn sold(w: &World, on: &str) -> String {
    let overview = w.report(&format!("overview?as_of={on}"));
    let program = w.report(&format!("programs/makers?as_of={on}"));
    let listed = row(&overview["programs"], "makers");
    assert_eq!(told(&listed["sales"], SOLD), told(&program["sales"], SOLD));
    told(&program["sales"], SOLD)
}

#[test]
fn a_sale_is_recorded_to_the_gram() {
    let w = world();
    let recorded = sell(
        &w,
        &json!({
            "producer": { "reference": "FARM-1", "region": "50110" },
            "origin_region": "50110",
            "quantity_kg": "1234.567",
            "external_id": "S-1",
            "basis": "partner's file",
            "attributes": { "grade": "second" },
        }),
    );
    let at = format!("/v1/sales/{}", recorded.text("/id"));
    assert_eq!(recorded.header("location"), Some(at.as_str()));
    assert_eq!(w.get("viewer", &at).expect(200).body, recorded.body);
    assert!(
        recorded.text("/producer").len() > 10,
        "a pseudonym: {}",
        recorded.body
    );
    let mut steady = recorded.expect(201);
    steady.body["producer"] = json!("[id]");
    insta::assert_snapshot!(steady.pretty(), @r#"
    {
      "id": "[id]",
      "status": "recorded",
      "program": "makers",
      "product": {
        "code": "tangerine",
        "name": "감귤"
      },
      "producer": "[id]",
      "origin_region": {
        "code": "50110",
        "iso": "KR-49",
        "name": {
          "ko": "제주특별자치도 제주시",
          "en": "Jeju-si, Jeju"
        }
      },
      "sold_on": "2022-10-03",
      "quantity_kg": "1234.567",
      "currency": "KRW",
      "amount": "9000",
      "orders": 2,
      "external_id": "S-1",
      "basis": "partner's file",
      "attributes": {
        "grade": "second"
      },
      "cancelled": null,
      "recorded_by": "officer",
      "recorded_at": "[recorded_at]",
      "version": 1
    }
    "#);
    let number = sell(&w, &json!({ "quantity_kg": 0.001 })).expect(201);
    assert_eq!(number.told("quantity_kg"), "quantity_kg 0.001");
    assert_eq!(
        sold(&w, "2022-11-03"),
        "amount 18000, quantity_kg 1234.568, orders 4, buyers null, buyers_basis null, \
         as_of 2022-11-03"
    );
}

#[test]
fn a_sale_that_cannot_be_is_refused() {
    let w = world();
    w.program("drivers", &[]);
    let refused = |more: Value| sell(&w, &more).refusal();
    for (quantity, code) in [
        (json!("1.0005"), "too_many_places"),
        (json!("0"), "zero"),
        (json!("-1"), "negative"),
        (json!("1e3"), "not_a_number"),
    ] {
        assert_eq!(
            refused(json!({ "quantity_kg": quantity })),
            format!("422 | invalid_fields | /quantity_kg {code}")
        );
    }
    assert_eq!(
        refused(json!({ "program": "drivers", "sold_on": "2022-11-04" })),
        "422 | invalid_fields | /program not_a_sales_program | /sold_on in_the_future"
    );
    assert_eq!(
        refused(json!({ "program": "nobody", "origin_region": "99" })),
        "422 | invalid_fields | /program unknown_program | /origin_region unknown_region"
    );
    assert_eq!(
        refused(json!({ "orders": 0, "amount": "0" })),
        "422 | invalid_fields | /amount zero | /orders too_small"
    );
    w.post("manager", "/v1/programs/makers/close", &because())
        .expect(200);
    assert_eq!(refused(nothing()), "409 | program_closed");
}

#[test]
fn a_cancelled_sale_stops_counting_on_its_day_and_stays_before_it() {
    let w = world();
    let id = sell(&w, &json!({ "external_id": "S-1" })).made();
    sell(
        &w,
        &json!({ "sold_on": "2022-10-10", "quantity_kg": "0.250" }),
    )
    .expect(201);
    let early = json!({ "effective_on": "2022-10-02", "reason": "wrong" });
    assert_eq!(
        cancel(&w, &id, &early).refusal(),
        "409 | before_previous_step"
    );
    let ahead = json!({ "effective_on": "2022-11-04", "reason": "wrong" });
    assert_eq!(
        cancel(&w, &id, &ahead).refusal(),
        "422 | invalid_fields | /effective_on in_the_future"
    );
    let again = sell(&w, &json!({ "external_id": "S-1" }));
    assert_eq!(again.refusal(), "409 | duplicate_external_id");
    let body = json!({ "effective_on": "2022-10-20", "reason": "wrong" });
    let cancelled = cancel(&w, &id, &body).expect(200);
    assert_eq!(
        cancelled.told("status cancelled version"),
        "status cancelled, cancelled {\"effective_on\":\"2022-10-20\",\"actor\":\"officer\",\
         \"reason\":\"wrong\"}, version 2"
    );
    assert_eq!(cancel(&w, &id, &body).refusal(), "409 | invalid_state");
    let before = "amount 18000, quantity_kg 2.750, orders 4, buyers null, buyers_basis null";
    assert_eq!(
        sold(&w, "2022-10-19"),
        format!("{before}, as_of 2022-10-19")
    );
    let after = "amount 9000, quantity_kg 0.250, orders 2, buyers null, buyers_basis null";
    assert_eq!(sold(&w, "2022-10-20"), format!("{after}, as_of 2022-10-20"));
    assert_eq!(
        w.report("programs/makers?as_of=2022-10-02")["sales"],
        Value::Null
    );
    sell(&w, &json!({ "external_id": "S-1" })).expect(201);
}

#[test]
fn a_series_of_sales_adds_up_to_what_was_sold() {
    let w = world();
    w.program_with("other", &[], &json!({ "kind": "produce_sales" }));
    sell(
        &w,
        &json!({ "sold_on": "2022-08-31", "quantity_kg": "10", "amount": "100" }),
    )
    .expect(201);
    sell(
        &w,
        &json!({ "sold_on": "2022-10-01", "quantity_kg": "0.5", "amount": "50", "origin_region": "50110" }),
    )
    .expect(201);
    let other = json!({ "program": "other", "sold_on": "2022-10-31", "amount": "7" });
    let id = sell(&w, &other).made();
    cancel(
        &w,
        &id,
        &json!({ "effective_on": "2022-11-01", "reason": "wrong" }),
    )
    .expect(200);
    assert_eq!(
        w.series("metric=sales_quantity_kg&group_by=program"),
        [
            "makers: 2022-08 10.000, 2022-10 0.500 = 10.500",
            "other: 2022-10 2.500, 2022-11 -2.500 = 0.000",
        ]
    );
    assert_eq!(
        w.series("metric=sales_amount&interval=quarter&from=2022-07-01"),
        ["all: 2022-Q3 100, 2022-Q4 50 = 150"]
    );
    assert_eq!(
        w.series("metric=orders&interval=year&group_by=kind"),
        ["produce_sales: 2022 4 = 4"]
    );
    assert_eq!(
        w.series("metric=sales_amount&group_by=region"),
        [
            "50: 2022-10 50 = 50",
            "null: 2022-08 100, 2022-10 7, 2022-11 -7 = 100",
        ]
    );
    let kg = w.report("series?metric=sales_quantity_kg");
    assert_eq!(
        told(&kg, "unit currency basis from to"),
        "unit kg, currency null, basis in_period, from 2022-08-01, to 2022-11-03"
    );
}

#[test]
fn sales_are_never_summed_with_what_was_disbursed() {
    let w = world();
    w.with_budget();
    w.paid("drivers", "a", "300");
    // A sales program may have a fund for its costs: what it sells is not that fund's money.
    w.fund("farms", "1000");
    w.program_with("fair", &["farms"], &json!({ "kind": "produce_sales" }));
    sell(&w, &nothing()).expect(201);
    let producer = json!({ "registration_number": "101-11-00013" });
    sell(&w, &json!({ "program": "fair", "producer": producer })).expect(201);
    let overview = w.report("overview");
    assert_eq!(
        told(&overview["consolidated"], "paid disbursed available"),
        "paid 300, disbursed 300, available 599700"
    );
    assert_eq!(
        told(&overview["outside_funds"], "paid disbursed"),
        "paid 0, disbursed 0"
    );
    let fair = row(&overview["programs"], "fair");
    assert_eq!(
        told(
            fair,
            "disbursed sales.amount beneficiaries.unique beneficiaries.payments"
        ),
        "disbursed 0, sales.amount 9000, beneficiaries.unique 0, beneficiaries.payments 0"
    );
    assert_eq!(row(&overview["programs"], "drivers")["sales"], Value::Null);
}

#[test]
fn sales_are_listed_and_narrowed_by_what_they_show() {
    let w = world();
    let make = |name: &str, more: Value| {
        let mut all = json!({ "external_id": name });
        merge(&mut all, &more);
        sell(&w, &all).expect(201)
    };
    let farm = json!({ "reference": "FARM-1" });
    let first = make("s1", json!({ "origin_region": "50110", "producer": farm }));
    make(
        "s2",
        json!({ "product": { "code": "potato", "name": "Winter Potato" } }),
    );
    let third = make(
        "s3",
        json!({ "origin_region": "50", "sold_on": "2022-10-05" }),
    );
    make("s4", json!({ "attributes": { "grade": "second" } }));
    cancel(&w, third.text("/id"), &because()).expect(200);
    let path = |query: &str| format!("/v1/sales{query}");
    let listed = |query: &str| {
        w.get("viewer", &path(query))
            .expect(200)
            .rows("external_id")
    };
    assert_eq!(listed(""), ["s1", "s2", "s3", "s4"]);
    assert_eq!(listed("?product=potato"), ["s2"]);
    assert_eq!(listed("?region=50"), ["s1", "s3"]);
    assert_eq!(listed("?status=cancelled"), ["s3"]);
    assert_eq!(listed("?from=2022-10-04&to=2022-10-06"), ["s3"]);
    assert_eq!(
        listed(&format!("?producer={}", first.text("/producer"))),
        ["s1"]
    );
    assert_eq!(listed("?attribute=grade:second"), ["s4"]);
    assert_eq!(listed("?q=winter"), ["s2"]);
    assert_eq!(listed("?external_id=s4&program=makers"), ["s4"]);
}
