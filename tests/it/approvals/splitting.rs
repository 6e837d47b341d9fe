//! Payments that look split below the limit are shown to whoever approves, and stop nobody.

use serde_json::{Value, json};

use crate::support::{World, because, nothing};

/// Submits a payment to a driver that was planned and submitted on a day.
fn on(w: &World, reference: &str, amount: &str, day: &str) -> String {
    w.recorded(&json!({
        "beneficiary": { "kind": "worker", "reference": reference },
        "amount": amount, "planned_on": day, "effective_on": day,
    }))
}

fn splitting(w: &World, id: &str) -> Value {
    w.disbursement(id).body["splitting"].clone()
}

#[test]
fn payments_to_one_person_that_pass_the_limit_together_are_told_in_each() {
    let w = World::new();
    w.with_limit();
    let first = on(&w, "a", "60000", "2022-10-04");
    assert_eq!(splitting(&w, &first), Value::Null);
    let second = on(&w, "a", "60000", "2022-11-03");
    let other = on(&w, "b", "60000", "2022-11-03");
    assert_eq!(
        splitting(&w, &second),
        json!({ "above": "100000", "total": "120000", "records": 2, "others": [first] })
    );
    assert_eq!(splitting(&w, &first)["others"], json!([second]));
    assert_eq!(splitting(&w, &other), Value::Null);
    // Also in the list of those that wait, and in the answer to the approval, which goes through.
    let page = w
        .get("approver", "/v1/disbursements?status=submitted")
        .expect(200);
    let told: Vec<bool> = page.body["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| !one["splitting"].is_null())
        .collect();
    assert_eq!(told, [true, true, false]);
    let approved = w.approve("approver", &second).expect(200);
    assert_eq!(approved.text("/status"), "approved");
    assert_eq!(approved.text("/splitting/total"), "120000");
    // The log keeps what the approver was shown.
    let events = w.events(&format!("disbursement:{second}"));
    assert_eq!(events[1].2["splitting"]["others"], json!([first]));
    // What is approved still counts; what is taken back does not.
    assert_eq!(splitting(&w, &first)["total"], "120000");
    w.verb("officer", &first, "withdraw", &because())
        .expect(200);
    assert_eq!(splitting(&w, &second), Value::Null);
}

#[test]
fn thirty_one_days_apart_or_below_the_limit_together_nothing_is_told() {
    let w = World::new();
    w.with_limit();
    let first = on(&w, "a", "60000", "2022-10-03");
    let second = on(&w, "a", "40000", "2022-11-03");
    let third = on(&w, "a", "60000", "2022-11-03");
    assert_eq!(splitting(&w, &first), Value::Null);
    // Together they are exactly the limit.
    assert_eq!(splitting(&w, &second), Value::Null);
    let fourth = on(&w, "a", "1", "2022-11-03");
    assert_eq!(splitting(&w, &fourth)["total"], "100001");
    assert_eq!(splitting(&w, &third)["records"], 3);
    // What needs two anyway is no part of a split one.
    let large = on(&w, "a", "100001", "2022-11-03");
    assert_eq!(splitting(&w, &large), Value::Null);
    assert_eq!(splitting(&w, &third)["records"], 3);
}

#[test]
fn merged_people_are_one_person() {
    let w = World::new();
    w.with_limit();
    let payments = ["a", "b"].map(|to| on(&w, to, "60000", "2022-11-03"));
    let people = payments
        .each_ref()
        .map(|id| w.disbursement(id).text("/beneficiary/id").to_owned());
    assert_eq!(splitting(&w, &payments[0]), Value::Null);
    let merge = format!("/v1/beneficiaries/{}/merge", people[0]);
    let into = json!({ "into": people[1], "reason": "the same driver" });
    w.post("officer", &merge, &into).expect(200);
    w.post("approver", &format!("{merge}/approve"), &nothing())
        .expect(200);
    for (one, other) in [(0, 1), (1, 0)] {
        let told = splitting(&w, &payments[one]);
        assert_eq!(told["others"], json!([payments[other]]), "{told}");
    }
}

#[test]
fn a_partner_and_a_program_without_a_limit_are_told_nothing() {
    let w = World::new();
    w.partner_with(
        "bridge",
        "rides",
        &json!({ "second_approval_above": "100" }),
    );
    let client = w.client("bridge", &["rides"], &["submit", "read_programs"]);
    let token = client.signed_in(&w);
    let ids = [60, 70].map(|amount| {
        let body = w.cash_to("rides", "a", &amount.to_string());
        w.ask(&token, ("POST", "/v1/disbursements"), Some(&body))
            .made()
    });
    let path = format!("/v1/disbursements/{}", ids[0]);
    let shown = w.ask(&token, ("GET", &path), None).expect(200);
    assert_eq!(shown.body["splitting"], Value::Null);
    assert_eq!(splitting(&w, &ids[0])["total"], "130");
    w.with_budget();
    let ids = [60, 70].map(|amount| w.submit("drivers", "a", &amount.to_string()));
    assert_eq!(splitting(&w, &ids[0]), Value::Null);
}
