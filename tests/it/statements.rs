//! Statements of sales: what partners declare, beside the lines and never instead of them.

use std::sync::Barrier;

use serde_json::{Value, json};

use crate::support::{Reply, World, because, merge, nothing, told};

const SHORT: &str = "amount quantity_kg orders buyers buyers_basis buyers_as_of basis as_of";
const STATED: [&str; 10] = [
    "/period/end",
    "/amount",
    "/quantity_kg",
    "/orders",
    "/buyers",
    "/derived/amount",
    "/derived/first_time_buyers",
    "/difference/amount",
    "/difference/quantity_kg",
    "/difference/orders",
];

fn world() -> World {
    let w = World::new();
    w.program_with("makers", &[], &json!({ "kind": "produce_sales" }));
    w
}

/// States 100 won, cumulative since 2021-08-01 until the end of September, but for what `more`
/// says.
fn state(w: &World, more: &Value) -> Reply {
    let mut body = json!({
        "program": "makers",
        "period": { "start": "2021-08-01", "end": "2022-09-30" },
        "basis": "cumulative",
        "amount": "100",
    });
    merge(&mut body, more);
    w.post("officer", "/v1/sales/statements", &body)
}

fn until(end: &str) -> Value {
    json!({ "start": "2021-08-01", "end": end })
}

fn sell(w: &World, on: &str, kg: &str, amount: &str) {
    let sale = json!({
        "program": "makers", "product": { "code": "rice", "name": "쌀" }, "sold_on": on,
        "quantity_kg": kg, "amount": amount, "orders": 1,
    });
    w.post("officer", "/v1/sales", &sale).expect(201);
}

fn cancel(w: &World, id: &str, body: &Value) -> Reply {
    let path = format!("/v1/sales/statements/{id}/cancel");
    w.post("officer", &path, body)
}

/// What the overview says on a day of what `makers` sold; the report of the program agrees.
fn sold(w: &World, on: &str) -> String {
    let overview = w.report(&format!("overview?as_of={on}"));
    let program = w.report(&format!("programs/makers?as_of={on}"));
    let programs = overview["programs"].as_array().unwrap();
    let listed = programs.iter().find(|program| program["code"] == "makers");
    let listed = listed.map_or(&Value::Null, |program| &program["sales"]);
    if listed.is_null() {
        assert_eq!(program["sales"], Value::Null);
        return "nothing".to_owned();
    }
    assert_eq!(told(listed, SHORT), told(&program["sales"], SHORT));
    told(listed, SHORT)
}

/// The statements in the report of the program, a line each; what is not told is `-`.
fn stated(w: &World) -> Vec<String> {
    let report = w.report("programs/makers");
    let word = |one: &Value, at: &str| match one.pointer(at) {
        None | Some(Value::Null) => "-".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let line = |one: &Value| STATED.map(|at| word(one, at)).join(" ");
    let table = report["sales"]["statements"].as_array().unwrap();
    table.iter().map(line).collect()
}

#[test]
fn a_statement_is_kept_as_it_was_declared() {
    let w = world();
    let recorded = state(
        &w,
        &json!({
            "quantity_kg": "2050000.5", "orders": 441_000, "buyers": 382_000,
            "buyers_basis": "unique_to_date", "source": "partner's letter",
            "external_id": "ST-9", "attributes": { "channel": "mail" },
        }),
    );
    let at = format!("/v1/sales/statements/{}", recorded.text("/id"));
    assert_eq!(recorded.header("location"), Some(at.as_str()));
    assert_eq!(w.get("viewer", &at).expect(200).body, recorded.body);
    insta::assert_snapshot!(recorded.expect(201).pretty(), @r#"
    {
      "id": "[id]",
      "status": "recorded",
      "program": "makers",
      "period": {
        "start": "2021-08-01",
        "end": "2022-09-30"
      },
      "basis": "cumulative",
      "quantity_kg": "2050000.500",
      "currency": "KRW",
      "amount": "100",
      "orders": 441000,
      "buyers": 382000,
      "buyers_basis": "unique_to_date",
      "reason": null,
      "source": "partner's letter",
      "external_id": "ST-9",
      "attributes": {
        "channel": "mail"
      },
      "cancelled": null,
      "recorded_by": "officer",
      "recorded_at": "[recorded_at]",
      "version": 1
    }
    "#);
    let again = state(
        &w,
        &json!({ "external_id": "ST-9", "period": until("2022-10-31") }),
    );
    assert_eq!(again.refusal(), "409 | duplicate_external_id");
}

#[test]
fn statements_of_one_basis_have_days_of_their_own() {
    let w = world();
    let first = state(&w, &nothing()).made();
    let month = |start: &str, end: &str| {
        let period = json!({ "start": start, "end": end });
        json!({ "basis": "in_period", "period": period, "amount": "10" })
    };
    let refused = state(&w, &json!({ "amount": "200" }));
    assert_eq!(refused.refusal(), "409 | statement_overlaps");
    assert!(refused.text("/detail").contains(&first), "{}", refused.body);
    let elsewhere = json!({ "start": "2021-09-01", "end": "2022-10-31" });
    let refused = state(&w, &json!({ "period": elsewhere, "amount": "200" }));
    assert_eq!(refused.refusal(), "409 | statement_overlaps");
    state(&w, &month("2022-10-01", "2022-10-31")).expect(201);
    for (start, end) in [
        ("2022-10-31", "2022-11-02"),
        ("2022-09-01", "2022-10-01"),
        ("2022-10-05", "2022-10-05"),
        ("2022-09-01", "2022-11-01"),
    ] {
        let refused = state(&w, &month(start, end));
        assert_eq!(
            refused.refusal(),
            "409 | statement_overlaps",
            "{start} {end}"
        );
    }
    let id = state(&w, &month("2022-11-01", "2022-11-02")).made();
    cancel(&w, &id, &because()).expect(200);
    assert_eq!(cancel(&w, &id, &because()).refusal(), "409 | invalid_state");
    state(&w, &month("2022-11-01", "2022-11-03")).expect(201);
}

#[test]
fn a_cumulative_figure_that_falls_needs_a_reason() {
    let w = world();
    let needs = "422 | invalid_fields | /reason fall_needs_reason";
    let buyers = |count: i64, end: &str| json!({ "period": until(end), "buyers": count, "buyers_basis": "unique_to_date" });
    state(&w, &buyers(90, "2022-09-30")).expect(201);
    state(
        &w,
        &json!({ "period": until("2022-10-31"), "amount": "120" }),
    )
    .expect(201);
    for (end, more) in [
        ("2022-11-02", json!({ "amount": "119" })),
        ("2022-08-31", json!({ "amount": "101" })),
        ("2022-10-15", json!({ "amount": "121" })),
    ] {
        let mut body = json!({ "period": until(end) });
        merge(&mut body, &more);
        let refused = state(&w, &body);
        assert_eq!(refused.refusal(), needs, "{body}");
    }
    // October tells of no buyers, so November is held against September.
    let mut fewer = buyers(89, "2022-11-02");
    merge(&mut fewer, &json!({ "amount": "120" }));
    let refused = state(&w, &fewer);
    assert_eq!(refused.refusal(), needs);
    assert!(
        refused.body["errors"][0]
            .to_string()
            .contains("from 90 to 89")
    );
    merge(
        &mut fewer,
        &json!({ "reason": "accounts that were merged" }),
    );
    state(&w, &fewer).expect(201);
    assert_eq!(
        stated(&w),
        [
            "2022-11-02 120 - - 89 0 - -120 - -",
            "2022-10-31 120 - - - 20 - -120 - -",
            "2022-09-30 100 - - 90 100 90 -100 - -",
        ]
    );
}

#[test]
fn a_statement_stands_beside_the_lines_and_shows_the_difference() {
    let w = world();
    sell(&w, "2022-08-20", "10", "60");
    sell(&w, "2022-09-05", "5", "30");
    sell(&w, "2022-10-04", "2.5", "15");
    state(
        &w,
        &json!({ "quantity_kg": "16", "buyers": 390, "buyers_basis": "unique_to_date" }),
    )
    .expect(201);
    state(
        &w,
        &json!({
            "period": until("2022-10-31"), "amount": "105", "quantity_kg": "17.5", "orders": 3,
            "buyers": 400, "buyers_basis": "unique_to_date",
        }),
    )
    .expect(201);
    let period = json!({ "start": "2022-10-02", "end": "2022-10-05" });
    state(
        &w,
        &json!({ "basis": "in_period", "period": period, "amount": "20", "buyers": 4,
            "buyers_basis": "orders" }),
    )
    .expect(201);
    assert_eq!(
        stated(&w),
        [
            "2022-10-31 105 17.500 3 400 5 10 0 0.000 0",
            "2022-10-05 20 - - 4 - - -5 - -",
            "2022-09-30 100 16.000 - 390 100 390 -10 -1.000 -",
        ]
    );
    // The lines give the amounts, the latest statement the buyers; neither is added to the other.
    let now = "amount 105, quantity_kg 17.500, orders 3, buyers 400, \
               buyers_basis unique_to_date, buyers_as_of 2022-10-31, basis records, as_of 2022-11-03";
    assert_eq!(sold(&w, "2022-11-03"), now);
    assert!(
        sold(&w, "2022-10-30").contains("buyers 4, buyers_basis orders, buyers_as_of 2022-10-05")
    );
    assert!(sold(&w, "2022-09-29").contains("buyers null, buyers_basis null, buyers_as_of null"));
    let series = "/v1/reports/series?metric=buyers";
    assert_eq!(
        w.get("auditor", series).refusal(),
        "422 | invalid_fields | ?group_by not_additive"
    );
    let by_program = format!("{series}&group_by=program&from=2022-09-01");
    let followed = w.get("auditor", &by_program).expect(200);
    let points = followed.body["groups"][0]["points"].as_array().unwrap();
    let values: Vec<&str> = points
        .iter()
        .map(|point| point["value"].as_str().unwrap())
        .collect();
    assert_eq!(values, ["390", "400", "400"]);
    assert_eq!(followed.body["groups"][0]["total"], json!(null));
}

#[test]
fn without_lines_the_amounts_are_the_partners() {
    let w = world();
    assert_eq!(sold(&w, "2022-11-03"), "nothing");
    let month = |start: &str, end: &str, more: Value| {
        let mut body = json!({ "basis": "in_period", "amount": "10",
            "period": { "start": start, "end": end } });
        merge(&mut body, &more);
        state(&w, &body).expect(201)
    };
    let people =
        |count| json!({ "buyers": count, "buyers_basis": "unique_in_period", "orders": 9 });
    month("2022-08-01", "2022-08-31", people(7));
    month("2022-09-01", "2022-09-30", people(5));
    assert_eq!(
        sold(&w, "2022-10-30"),
        "amount 20, quantity_kg null, orders 18, buyers 5, buyers_basis unique_in_period, \
         buyers_as_of 2022-09-30, basis partner_statement, as_of 2022-09-30"
    );
    state(
        &w,
        &json!({ "period": until("2022-10-31"), "amount": "77" }),
    )
    .expect(201);
    assert_eq!(
        sold(&w, "2022-11-03"),
        "amount 77, quantity_kg null, orders null, buyers 5, buyers_basis unique_in_period, \
         buyers_as_of 2022-09-30, basis partner_statement, as_of 2022-10-31"
    );
    sell(&w, "2022-10-04", "2.5", "15");
    assert!(sold(&w, "2022-11-03").starts_with("amount 15, quantity_kg 2.500, orders 1, buyers 5"));
}

#[test]
fn a_wrong_statement_counts_until_it_is_undone_or_replaced() {
    let w = world();
    let wrong = state(&w, &json!({ "amount": "1000" })).made();
    let early = json!({ "reason": "wrong", "effective_on": "2022-09-29" });
    assert_eq!(
        cancel(&w, &wrong, &early).refusal(),
        "409 | before_previous_step"
    );
    let ahead = json!({ "reason": "wrong", "effective_on": "2022-11-04" });
    assert_eq!(
        cancel(&w, &wrong, &ahead).refusal(),
        "422 | invalid_fields | /effective_on in_the_future"
    );
    let undone = cancel(
        &w,
        &wrong,
        &json!({ "reason": "a digit", "effective_on": "2022-10-20" }),
    );
    assert_eq!(
        undone.expect(200).told("status cancelled version"),
        "status cancelled, cancelled {\"effective_on\":\"2022-10-20\",\"actor\":\"officer\",\
         \"reason\":\"a digit\"}, version 2"
    );
    let amount = |on: &str| sold(&w, on).split(',').next().unwrap().to_owned();
    assert_eq!(amount("2022-10-19"), "amount 1000");
    assert_eq!(amount("2022-10-20"), "nothing");
    state(&w, &json!({ "amount": "100" })).expect(201);
    assert_eq!(
        ["2022-09-29", "2022-10-19", "2022-11-03"].map(amount),
        ["nothing", "amount 100", "amount 100"]
    );
}

#[test]
fn a_statement_is_of_a_sales_program_that_is_open() {
    let w = world();
    w.program("drivers", &[]);
    assert_eq!(
        state(&w, &json!({ "program": "drivers", "amount": null })).refusal(),
        "422 | invalid_fields | /program not_a_sales_program |  figure_required"
    );
    w.post("manager", "/v1/programs/makers/close", &because())
        .expect(200);
    assert_eq!(state(&w, &nothing()).refusal(), "409 | program_closed");
    let by_a_viewer = w.post("viewer", "/v1/sales/statements", &nothing());
    assert_eq!(by_a_viewer.refusal(), "403 | missing_right");
}

#[test]
fn statements_are_listed_and_narrowed_by_what_they_show() {
    let w = world();
    let first = state(
        &w,
        &json!({ "external_id": "a", "source": "Letter of September" }),
    )
    .made();
    state(
        &w,
        &json!({ "external_id": "b", "period": until("2022-10-31"),
            "attributes": { "channel": "mail" } }),
    )
    .expect(201);
    cancel(&w, &first, &because()).expect(200);
    let listed = |query: &str| {
        let path = format!("/v1/sales/statements?{query}");
        w.get("viewer", &path).expect(200).rows("external_id")
    };
    assert_eq!(listed("program=makers"), ["a", "b"]);
    assert_eq!(listed("status=cancelled"), ["a"]);
    assert_eq!(listed("status=recorded"), ["b"]);
    assert_eq!(listed("q=letter"), ["a"]);
    assert_eq!(listed("attribute=channel:mail"), ["b"]);
    assert_eq!(listed("from=2022-10-01"), ["b"]);
    assert_eq!(listed("basis=in_period"), [""; 0]);
}

#[test]
fn of_many_who_state_the_same_days_at_once_one_is_heard() {
    let w = world();
    let start = Barrier::new(8);
    let claim = |day: usize| {
        start.wait();
        let period = json!({ "start": format!("2022-10-0{}", day + 1), "end": "2022-10-31" });
        state(&w, &json!({ "basis": "in_period", "period": period })).refusal()
    };
    let mut answers = std::thread::scope(|scope| {
        let claim = &claim;
        let threads: Vec<_> = (0..8).map(|day| scope.spawn(move || claim(day))).collect();
        let answers = threads.into_iter().map(|thread| thread.join().unwrap());
        answers.collect::<Vec<_>>()
    });
    answers.sort();
    let (heard, refused) = answers.split_at(1);
    assert_eq!(heard, ["201 | "]);
    assert_eq!(refused, ["409 | statement_overlaps"; 7]);
}

#[test]
fn what_is_changed_behind_the_books_is_found() {
    let w = world();
    let id = state(&w, &nothing()).made();
    let found = |sql: &str| {
        w.behind(sql);
        let report = w.audit();
        report
            .differences
            .iter()
            .map(|d| d.what)
            .collect::<Vec<_>>()
    };
    assert_eq!(found("UPDATE sale_statements SET amount = 101"), ["stated"]);
    assert_eq!(found("UPDATE sale_statements SET amount = 100"), [""; 0]);
    let undo = "UPDATE sale_statements SET cancelled_on = '2022-11-03', cancel_reason = 'x', \
                cancelled_by = 'y'";
    assert_eq!(found(undo), ["stated"; 2]);
    let redo = "UPDATE sale_statements SET cancelled_on = NULL, cancel_reason = NULL, \
                cancelled_by = NULL";
    assert_eq!(found(redo), [""; 0]);
    cancel(&w, &id, &because()).expect(200);
    assert_eq!(found(redo), ["stated"; 2]);
    let undone = "UPDATE sale_statements SET cancelled_on = '2022-11-03', \
                  cancel_reason = 'a good one', cancelled_by = 'officer'";
    assert_eq!(found(undone), [""; 0]);
    let away = "CREATE TABLE away AS SELECT * FROM sale_statements; DELETE FROM sale_statements";
    assert_eq!(found(away), ["stated"; 2]);
    let back = "INSERT INTO sale_statements SELECT * FROM away; DROP TABLE away";
    assert_eq!(found(back), [""; 0]);
}
