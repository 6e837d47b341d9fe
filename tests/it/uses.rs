//! What intermediaries pass on of donations.

use std::sync::Barrier;

use serde_json::{Value, json};

use crate::support::{Reply, World, because, merge, nothing, rows, told};

const HELD: &str = "amount held_by_intermediaries reached.amount reached.donations";
const GIFT: &str = "paid refunded used returned held beneficiaries_at_least reported_until";

/// Books with an association that passes gifts on, and a program of drivers with a budget.
fn world() -> World {
    let w = World::new();
    let association = json!({ "code": "hope-bridge", "kind": "nonprofit",
        "name": { "ko": "희망브리지", "en": "Hope Bridge" } });
    w.post("manager", "/v1/organisations", &association)
        .expect(201);
    w.with_budget();
    w
}

/// Hands 1,000 won of the drivers' program to the association on 2022-09-06.
fn given(w: &World, more: &Value) -> String {
    let mut body = json!({
        "program": "drivers", "recipient": "hope-bridge", "recipient_role": "intermediary",
        "designated": true, "amount": "1000", "form": "cash", "planned_on": "2022-09-06",
    });
    merge(&mut body, more);
    let id = w.post("officer", "/v1/donations", &body).made();
    w.step("donations", &id, "approve", "2022-09-06");
    w.step("donations", &id, "pay", "2022-09-06");
    id
}

/// Says that 600 won were used in September, but for what `more` says.
fn say(w: &World, id: &str, more: &Value) -> Reply {
    let mut body = json!({
        "period": { "start": "2022-09-06", "end": "2022-09-30" }, "used": "600", "returned": "0",
    });
    merge(&mut body, more);
    w.post("officer", &format!("/v1/donations/{id}/uses"), &body)
}

fn october(more: &Value) -> Value {
    let mut body = json!({ "period": { "start": "2022-10-01", "end": "2022-10-31" } });
    merge(&mut body, more);
    body
}

fn refund(w: &World, id: &str, amount: &str) -> Reply {
    let body = json!({ "amount": amount, "reason_class": "unused", "reason": "left over" });
    w.post("treasurer", &format!("/v1/donations/{id}/refund"), &body)
}

fn held(w: &World, on: &str) -> String {
    let overview = w.report(&format!("overview?as_of={on}"));
    told(&overview["donations"], HELD)
}

fn gifts(w: &World) -> Vec<String> {
    let report = w.report("programs/drivers");
    rows(&report["intermediaries"]["donations"], GIFT)
}

#[test]
fn what_an_intermediary_passed_on_is_kept_and_shown() {
    let w = world();
    let id = given(&w, &nothing());
    let made = say(
        &w,
        &id,
        &json!({ "beneficiaries": 40, "region": "11110", "note": "first report" }),
    );
    let at = format!("/v1/donations/{id}/uses/1");
    assert_eq!(made.header("location"), Some(at.as_str()));
    assert_eq!(w.get("viewer", &at).expect(200).body, made.body);
    let mut steady = made.expect(201);
    assert_eq!(steady.text("/donation"), id);
    steady.body["donation"] = json!("[id]");
    insta::assert_snapshot!(steady.pretty(), @r#"
    {
      "donation": "[id]",
      "number": 1,
      "period": {
        "start": "2022-09-06",
        "end": "2022-09-30"
      },
      "effective_on": "2022-11-03",
      "region": {
        "code": "11110",
        "iso": "KR-11",
        "name": {
          "ko": "서울특별시 종로구",
          "en": "Jongno-gu, Seoul"
        }
      },
      "currency": "KRW",
      "used": "600",
      "returned": "0",
      "beneficiaries": 40,
      "note": "first report",
      "cancelled": null,
      "recorded_by": "officer",
      "recorded_at": "[recorded_at]"
    }
    "#);
    let donation = w.get("viewer", &format!("/v1/donations/{id}")).expect(200);
    assert_eq!(
        donation.told("version uses.used uses.returned uses.held"),
        "version 4, uses.used 600, uses.returned 0, uses.held 400"
    );
    let keeps = given(&w, &json!({ "recipient_role": "end" }));
    let kept = w
        .get("viewer", &format!("/v1/donations/{keeps}"))
        .expect(200);
    assert_eq!(kept.body["uses"], Value::Null);
}

#[test]
fn only_what_was_paid_to_an_intermediary_is_passed_on() {
    let w = world();
    let keeps = given(&w, &json!({ "recipient_role": "end" }));
    assert_eq!(
        say(&w, &keeps, &nothing()).refusal(),
        "409 | not_an_intermediary"
    );
    let id = given(&w, &nothing());
    for more in [
        json!({ "used": "1001" }),
        json!({ "used": "900", "returned": "101" }),
    ] {
        assert_eq!(
            say(&w, &id, &more).refusal(),
            "409 | more_than_was_passed_on",
            "{more}"
        );
    }
    // Of August nothing can have been used by the end of August: it was paid in September.
    let period = json!({ "start": "2022-08-01", "end": "2022-08-31" });
    let early = json!({ "period": period, "effective_on": "2022-09-05" });
    assert_eq!(
        say(&w, &id, &early).refusal(),
        "409 | more_than_was_passed_on"
    );
    say(&w, &id, &nothing()).expect(201);
    let rest = say(&w, &id, &october(&json!({ "used": "401" })));
    assert_eq!(rest.refusal(), "409 | more_than_was_passed_on");
    let korean = w.call(
        "officer",
        ("POST", &format!("/v1/donations/{id}/uses")),
        &[("idempotency-key", "k"), ("accept-language", "ko")],
        Some(&october(&json!({ "used": "401", "returned": "0" }))),
    );
    assert!(korean.text("/detail").contains("1001원"), "{}", korean.body);
    say(&w, &id, &october(&json!({ "used": "400" }))).expect(201);
    let unpaid = json!({ "recipient": "hope-bridge", "recipient_role": "intermediary",
        "designated": true, "amount": "5", "form": "cash", "planned_on": "2022-09-06" });
    let unpaid = w.post("officer", "/v1/donations", &unpaid).made();
    assert_eq!(
        say(&w, &unpaid, &nothing()).refusal(),
        "409 | invalid_state"
    );
}

#[test]
fn uses_of_the_same_days_are_of_different_regions() {
    let w = world();
    let id = given(&w, &nothing());
    let seoul = json!({ "used": "100", "region": "11" });
    say(&w, &id, &seoul).expect(201);
    assert_eq!(say(&w, &id, &seoul).refusal(), "409 | use_overlaps");
    say(&w, &id, &json!({ "used": "100", "region": "26" })).expect(201);
    say(&w, &id, &json!({ "used": "100" })).expect(201);
    assert_eq!(
        say(&w, &id, &json!({ "used": "100" })).refusal(),
        "409 | use_overlaps"
    );
    let undo = format!("/v1/donations/{id}/uses/1/cancel");
    w.post("officer", &undo, &because()).expect(200);
    assert_eq!(
        w.post("officer", &undo, &because()).refusal(),
        "409 | invalid_state"
    );
    let missing = format!("/v1/donations/{id}/uses/9/cancel");
    assert_eq!(
        w.post("officer", &missing, &because()).refusal(),
        "404 | not_found"
    );
    say(&w, &id, &seoul).expect(201);
    let path = format!("/v1/donations/{id}/uses");
    let listed = w.get("viewer", &path).expect(200);
    assert_eq!(
        listed.rows("number used"),
        ["1 100", "2 100", "3 100", "4 100"]
    );
}

#[test]
fn money_that_came_back_counts_once_whoever_says_so() {
    let w = world();
    let id = given(&w, &nothing());
    let said = json!({ "returned": "300", "beneficiaries": 40, "effective_on": "2022-10-01" });
    say(&w, &id, &said).expect(201);
    let row = |refunded, held| format!("1000 {refunded} 600 300 {held} 40 2022-09-30");
    assert_eq!(gifts(&w), [row(0, 100)]);
    refund(&w, &id, "200").expect(200);
    assert_eq!(gifts(&w), [row(200, 100)]);
    refund(&w, &id, "150").expect(200);
    assert_eq!(gifts(&w), [row(350, 50)]);
    assert_eq!(
        refund(&w, &id, "51").refusal(),
        "409 | more_than_was_passed_on"
    );
    let bounce = json!({ "amount": "51", "reason": "account closed" });
    let bounced = w.post("treasurer", &format!("/v1/donations/{id}/return"), &bounce);
    assert_eq!(bounced.refusal(), "409 | more_than_was_passed_on");
    for (day, expected) in [
        (
            "2022-09-05",
            "amount 0, held_by_intermediaries 0, reached.amount 0, reached.donations 0",
        ),
        (
            "2022-09-30",
            "amount 1000, held_by_intermediaries 1000, reached.amount 0, reached.donations 0",
        ),
        (
            "2022-10-01",
            "amount 1000, held_by_intermediaries 100, reached.amount 600, reached.donations 1",
        ),
        (
            "2022-11-03",
            "amount 650, held_by_intermediaries 50, reached.amount 600, reached.donations 1",
        ),
    ] {
        assert_eq!(held(&w, day), expected, "{day}");
    }
    let undo = json!({ "reason": "wrong", "effective_on": "2022-10-05" });
    w.post(
        "officer",
        &format!("/v1/donations/{id}/uses/1/cancel"),
        &undo,
    )
    .expect(200);
    assert_eq!(
        held(&w, "2022-10-05"),
        "amount 1000, held_by_intermediaries 1000, reached.amount 0, reached.donations 0"
    );
    assert!(held(&w, "2022-10-04").starts_with("amount 1000, held_by_intermediaries 100,"));
}

#[test]
fn people_reached_are_never_added() {
    let w = world();
    let id = given(&w, &nothing());
    say(&w, &id, &json!({ "used": "100", "beneficiaries": 30 })).expect(201);
    say(
        &w,
        &id,
        &october(&json!({ "used": "100", "beneficiaries": 20 })),
    )
    .expect(201);
    assert_eq!(gifts(&w), ["1000 0 200 0 800 30 2022-10-31"]);
}

#[test]
fn what_was_used_somewhere_moves_there() {
    let w = world();
    w.paid("drivers", "a", "300");
    let id = given(&w, &nothing());
    let at = |w: &World, on: &str| {
        let report = w.report(&format!("programs/drivers?as_of={on}"));
        let table = report["by_region"].as_array().unwrap();
        let line = |row: &Value| {
            let region = row["region"]["code"].as_str().unwrap_or("none");
            format!("{region} {}", told(row, "approved paid disbursed"))
        };
        table.iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(
        at(&w, "2022-11-03"),
        [
            "11 approved 300, paid 300, disbursed 300",
            "none approved 1000, paid 1000, disbursed 1000",
        ]
    );
    say(&w, &id, &json!({ "used": "250", "region": "11110" })).expect(201);
    say(&w, &id, &json!({ "used": "150", "region": "26" })).expect(201);
    say(&w, &id, &json!({ "used": "100" })).expect(201);
    assert_eq!(
        at(&w, "2022-11-03"),
        [
            "11 approved 300, paid 550, disbursed 550",
            "26 approved 0, paid 150, disbursed 150",
            "none approved 1000, paid 600, disbursed 600",
        ]
    );
    assert_eq!(at(&w, "2022-11-02").len(), 1, "the uses are of today");
    let report = w.report("programs/drivers");
    assert_eq!(
        told(
            &report,
            "paid intermediaries.held intermediaries.reached.amount"
        ),
        "paid 1300, intermediaries.held 500, intermediaries.reached.amount 500"
    );
}

#[test]
fn of_two_who_claim_the_last_won_at_once_one_has_it() {
    let w = world();
    let id = given(&w, &nothing());
    say(&w, &id, &json!({ "used": "999" })).expect(201);
    let start = Barrier::new(2);
    let claim = |region: &str| {
        start.wait();
        say(&w, &id, &json!({ "used": "1", "region": region })).refusal()
    };
    let mut answers = std::thread::scope(|scope| {
        let threads = ["11", "26"].map(|region| scope.spawn(move || claim(region)));
        threads.map(|thread| thread.join().unwrap())
    });
    answers.sort();
    assert_eq!(answers, ["201 | ", "409 | more_than_was_passed_on"]);
    assert_eq!(gifts(&w), ["1000 0 1000 0 0 null 2022-09-30"]);
}

#[test]
fn what_is_changed_behind_the_books_is_found() {
    let w = world();
    let id = given(&w, &nothing());
    say(&w, &id, &nothing()).expect(201);
    say(&w, &id, &october(&json!({ "used": "5" }))).expect(201);
    let found = |sql: &str| {
        w.behind(sql);
        let report = w.audit();
        report
            .differences
            .iter()
            .map(|d| d.what)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        found("UPDATE donation_uses SET used = 601 WHERE number = 1"),
        ["stated"]
    );
    assert_eq!(
        found("UPDATE donation_uses SET used = 600 WHERE number = 1"),
        [""; 0]
    );
    assert_eq!(
        found("UPDATE donation_uses SET region = '11' WHERE number = 2"),
        ["stated"]
    );
    assert_eq!(
        found("UPDATE donation_uses SET region = '' WHERE number = 2"),
        [""; 0]
    );
    let away = "CREATE TABLE away AS SELECT * FROM donation_uses WHERE number = 2; \
                DELETE FROM donation_uses WHERE number = 2";
    assert_eq!(found(away), ["stated"]);
    let back = "INSERT INTO donation_uses SELECT * FROM away; DROP TABLE away";
    assert_eq!(found(back), [""; 0]);
}
