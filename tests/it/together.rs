//! What was made apart, used together: amendments, merges, compensation, uses, statements, closing.

use serde_json::{Value, json};

use crate::races::{MANY, answers, at_once, counted};
use crate::support::{Reply, TODAY, World, because, merge, nothing, row, told};

impl World {
    /// Lays a disbursement in another region, proposed and approved, from a day on.
    fn relaid(&self, id: &str, region: &str, on: &str) {
        let number = self.proposes_region(id, region, Some(on));
        let path = format!("/v1/disbursements/{id}/amendments/{number}/approve");
        self.post("approver", &path, &nothing()).expect(200);
    }

    fn proposes_region(&self, id: &str, region: &str, on: Option<&str>) -> Value {
        let body = json!({
            "region": region, "reason_class": "correction", "reason": "x", "effective_on": on,
        });
        let path = format!("/v1/disbursements/{id}/amend");
        let made = self.post("officer", &path, &body).expect(201);
        made.body["number"].clone()
    }

    /// What each region of a program stands at on a day; those that stand at nothing are left out.
    fn places(&self, program: &str, on: &str) -> Vec<String> {
        let report = self.report(&format!("programs/{program}?as_of={on}"));
        let rows = report["by_region"].as_array().unwrap().iter();
        rows.map(|row| {
            let code = row["region"]["code"].as_str().unwrap_or("-");
            format!("{code} {}", told(row, "approved paid refunded payments"))
        })
        .filter(|row| !row.ends_with("approved 0, paid 0, refunded 0, payments 0"))
        .collect()
    }

    /// Merges one beneficiary into another.
    fn made_one(&self, id: &str, into: &str) {
        let path = format!("/v1/beneficiaries/{id}/merge");
        let body = json!({ "into": into, "reason": "same" });
        self.post("officer", &path, &body).expect(200);
        self.post("approver", &format!("{path}/approve"), &nothing())
            .expect(200);
    }

    fn taken_apart(&self, id: &str) {
        let path = format!("/v1/beneficiaries/{id}/unmerge");
        self.post("approver", &path, &because()).expect(200);
    }

    /// The pseudonym of whom a disbursement is for.
    fn whom(&self, id: &str) -> String {
        let path = format!("/v1/disbursements/{id}");
        let record = self.get("officer", &path).expect(200);
        record.text("/beneficiary/id").to_owned()
    }

    fn unique(&self, program: &str, on: &str) -> Value {
        let report = self.report(&format!("programs/{program}?as_of={on}"));
        report["beneficiaries"]["unique"].clone()
    }
}

fn refund(amount: Option<&str>, on: &str) -> Value {
    json!({ "amount": amount, "effective_on": on, "reason_class": "unused", "reason": "x" })
}

#[test]
fn what_was_laid_elsewhere_comes_back_from_there() {
    let w = World::new();
    w.with_budget();
    let on = |id: &str, day: &str| {
        w.step("disbursements", id, "approve", day);
        w.step("disbursements", id, "pay", day);
    };
    let whole = w.recorded(&json!({ "planned_on": "2022-10-03" }));
    on(&whole, "2022-10-03");
    w.relaid(&whole, "26", "2022-10-10");
    let back = refund(None, "2022-10-20");
    w.verb("treasurer", &whole, "refund", &back).expect(200);
    let none = "approved 300, paid 300, refunded 300, payments 0";
    assert_eq!(w.places("drivers", TODAY), [format!("26 {none}")]);
    // Nothing is left of it, and it may still be found to have lain elsewhere.
    w.relaid(&whole, "27", "2022-10-21");
    assert_eq!(w.places("drivers", TODAY), [format!("27 {none}")]);
    w.relaid(&whole, "26", "2022-10-22");

    let waiting = w.recorded(&json!({ "planned_on": "2022-10-03" }));
    w.step("disbursements", &waiting, "approve", "2022-10-03");
    w.relaid(&waiting, "27", "2022-10-10");
    let body = json!({ "reason": "x", "effective_on": "2022-10-11" });
    w.verb("approver", &waiting, "cancel", &body).expect(200);
    assert_eq!(w.places("drivers", TODAY), [format!("26 {none}")]);
    assert_eq!(
        w.places("drivers", "2022-10-10"),
        [
            "26 approved 300, paid 300, refunded 0, payments 1",
            "27 approved 300, paid 0, refunded 0, payments 1",
        ]
    );

    let returned = w.recorded(&json!({ "planned_on": "2022-10-03" }));
    on(&returned, "2022-10-03");
    w.relaid(&returned, "28", "2022-10-10");
    let body = json!({ "amount": "100", "reason": "x", "effective_on": "2022-10-12" });
    w.verb("treasurer", &returned, "return", &body).expect(200);
    let part = refund(Some("50"), "2022-10-13");
    w.verb("treasurer", &returned, "refund", &part).expect(200);
    w.relaid(&returned, "29", "2022-10-14");
    assert_eq!(
        w.places("drivers", TODAY),
        [
            format!("26 {none}"),
            "29 approved 300, paid 200, refunded 50, payments 1".to_owned(),
        ]
    );
}

#[test]
fn an_amendment_that_waits_is_not_approved_once_its_record_is_cancelled() {
    let w = World::new();
    w.with_budget();
    let id = w.submit("drivers", "a", "300");
    w.step("disbursements", &id, "approve", TODAY);
    w.proposes_region(&id, "26", None);
    w.verb("approver", &id, "cancel", &because()).expect(200);
    let path = format!("/v1/disbursements/{id}/amendments/1");
    let late = w.post("approver", &format!("{path}/approve"), &nothing());
    assert_eq!(late.refusal(), "409 | invalid_state");
    w.post("approver", &format!("{path}/reject"), &because())
        .expect(200);
}

#[test]
fn a_region_is_one_of_the_day_from_which_on_the_record_lies_there() {
    let w = World::new();
    w.with_budget();
    let id = w.submit("drivers", "a", "300");
    w.step("disbursements", &id, "approve", TODAY);
    w.set_day("2023-07-03");
    // 51 is the code from 2023-06-11 on of what was 42 before.
    let number = w.proposes_region(&id, "51", None);
    let path = format!("/v1/disbursements/{id}/amendments/{number}/approve");
    let early = json!({ "effective_on": "2023-06-10" });
    assert_eq!(
        w.post("approver", &path, &early).refusal(),
        "422 | invalid_fields | /effective_on region_not_valid_on_date"
    );
    w.post("approver", &path, &json!({ "effective_on": "2023-06-11" }))
        .expect(200);
}

#[test]
fn of_many_who_decide_on_one_amendment_at_once_one_does() {
    let w = World::new();
    w.with_budget();
    let id = w.paid("drivers", "a", "300");
    w.proposes_region(&id, "26", None);
    let path = format!("/v1/disbursements/{id}/amendments/1");
    let replies = at_once(MANY, |index| match index % 2 {
        0 => w.post("approver", &format!("{path}/approve"), &nothing()),
        _ => w.post("approver2", &format!("{path}/reject"), &because()),
    });
    let expected = counted([("200 ", 1), ("409 invalid_state", MANY - 1)]);
    assert_eq!(answers(&replies), expected);
}

#[test]
fn an_amendment_and_a_cancellation_at_once_leave_sound_sums() {
    let w = World::new();
    w.with_budget();
    let ids: Vec<String> = (0..16)
        .map(|index| {
            let id = w.submit("drivers", &format!("d{index}"), "300");
            w.step("disbursements", &id, "approve", TODAY);
            w.proposes_region(&id, "26", None);
            id
        })
        .collect();
    let replies = at_once(32, |index| {
        let id = &ids[index / 2];
        match index % 2 {
            0 => w.verb("approver", id, "amendments/1/approve", &nothing()),
            _ => w.verb("approver2", id, "cancel", &because()),
        }
    });
    for pair in replies.chunks(2) {
        assert!(
            matches!(pair[0].refusal().as_str(), "200 | " | "409 | invalid_state"),
            "{}",
            pair[0].body
        );
        assert_eq!(pair[1].status, 200, "{}", pair[1].body);
    }
    assert_eq!(w.places("drivers", TODAY), [""; 0]);
}

#[test]
fn what_merged_people_were_given_is_amended_paid_and_given_back_and_taken_apart_again() {
    let w = World::new();
    w.with_budget();
    let records: Vec<String> = ["a", "b", "c"]
        .iter()
        .map(|who| {
            let beneficiary = json!({ "kind": "worker", "reference": who, "region": "11" });
            let id = w.recorded(&json!({ "beneficiary": beneficiary, "planned_on": "2022-10-03" }));
            w.step("disbursements", &id, "approve", "2022-10-03");
            id
        })
        .collect();
    let people: Vec<String> = records.iter().map(|id| w.whom(id)).collect();
    w.made_one(&people[0], &people[1]);
    w.made_one(&people[2], &people[1]);
    assert_eq!(w.unique("drivers", TODAY), 1);
    w.relaid(&records[0], "26", "2022-10-05");
    w.step("disbursements", &records[0], "pay", "2022-10-06");
    let back = refund(None, "2022-10-20");
    w.verb("treasurer", &records[0], "refund", &back)
        .expect(200);
    let body = json!({ "reason": "x", "effective_on": "2022-10-21" });
    w.verb("approver", &records[1], "cancel", &body).expect(200);
    assert_eq!(w.unique("drivers", TODAY), 1);
    w.taken_apart(&people[2]);
    assert_eq!(w.unique("drivers", TODAY), 1, "the third has something");
    assert_eq!(w.unique("drivers", "2022-10-20"), 2);
    assert_eq!(w.unique("drivers", "2022-10-19"), 2);
    w.taken_apart(&people[0]);
    assert_eq!(w.unique("drivers", "2022-10-19"), 3);
    assert_eq!(w.unique("drivers", "2022-10-20"), 2);
    assert_eq!(w.unique("drivers", "2022-10-21"), 1);
}

#[test]
fn compensation_of_merged_people_is_amended_and_given_back() {
    let w = World::new();
    w.program_with("damages", &[], &json!({ "kind": "compensation" }));
    let made_good = |who: &str| {
        let more = json!({
            "program": "damages", "planned_on": "2022-10-03",
            "beneficiary": { "kind": "user", "reference": who, "region": "11" },
            "assessment": { "tier": "one", "rule_version": "1", "assessed_loss": "400" },
        });
        let id = w.recorded(&more);
        w.step("disbursements", &id, "approve", "2022-10-03");
        w.step("disbursements", &id, "pay", "2022-10-03");
        id
    };
    let (a, b) = (made_good("a"), made_good("b"));
    let (one, other) = (w.whom(&a), w.whom(&b));
    w.made_one(&one, &other);
    assert_eq!(w.unique("damages", TODAY), 1);
    w.relaid(&a, "26", "2022-10-10");
    let tiers = || {
        let report = w.report("compensation");
        let tiers = report["programs"][0]["by_tier"].as_array().unwrap();
        let names = "records named_records assessed_loss paid refunded";
        tiers
            .iter()
            .map(|row| told(&row["figures"], names))
            .collect::<Vec<_>>()
    };
    assert_eq!(
        tiers(),
        ["records 2, named_records 2, assessed_loss 800, paid 600, refunded 0"]
    );
    w.verb("treasurer", &a, "refund", &refund(None, "2022-10-20"))
        .expect(200);
    assert_eq!(
        tiers(),
        ["records 1, named_records 1, assessed_loss 400, paid 600, refunded 300"]
    );
    assert_eq!(w.unique("damages", TODAY), 1);
    w.taken_apart(&one);
    assert_eq!(w.unique("damages", "2022-10-19"), 2);
    assert_eq!(w.unique("damages", TODAY), 1);
    let overview = w.report("overview");
    assert_eq!(overview["compensation"]["disbursed"], "300");
}

#[test]
fn what_was_rejected_is_assessed_anew() {
    let w = World::new();
    w.program_with("damages", &[], &json!({ "kind": "compensation" }));
    let assessed = |tier: &str| json!({ "tier": tier, "rule_version": "1", "assessed_loss": "9" });
    let id = w.recorded(&json!({ "program": "damages", "assessment": assessed("one") }));
    w.verb("approver", &id, "reject", &because()).expect(200);
    let anew = json!({ "assessment": assessed("two"), "amount": "500" });
    w.verb("officer", &id, "resubmit", &anew).expect(200);
    w.step("disbursements", &id, "approve", TODAY);
    let report = w.report("compensation");
    let tiers = report["programs"][0]["by_tier"].as_array().unwrap();
    let tiers: Vec<&Value> = tiers.iter().map(|row| &row["tier"]).collect();
    assert_eq!(tiers, ["two"]);
}

/// Hands 1,000 won of the drivers' program to an association on 2022-09-06.
fn handed_on(w: &World) -> String {
    w.with_budget();
    let association = json!({ "code": "bridge", "kind": "nonprofit",
        "name": { "ko": "다리", "en": "Bridge" } });
    w.post("manager", "/v1/organisations", &association)
        .expect(201);
    let body = json!({
        "program": "drivers", "recipient": "bridge", "recipient_role": "intermediary",
        "designated": true, "amount": "1000", "form": "cash", "planned_on": "2022-09-06",
    });
    let id = w.post("officer", "/v1/donations", &body).made();
    w.step("donations", &id, "approve", "2022-09-06");
    w.step("donations", &id, "pay", "2022-09-06");
    id
}

fn used(w: &World, id: &str, used: &str, more: &Value) -> Reply {
    let mut body = json!({
        "period": { "start": "2022-09-06", "end": "2022-09-30" }, "used": used, "returned": "0",
        "effective_on": "2022-09-30",
    });
    merge(&mut body, more);
    w.post("officer", &format!("/v1/donations/{id}/uses"), &body)
}

#[test]
fn what_was_used_somewhere_is_neither_sent_back_by_a_bank_nor_refunded() {
    let w = World::new();
    let id = handed_on(&w);
    used(&w, &id, "600", &json!({ "region": "42110" })).expect(201);
    let act = |verb: &str, body: &Value| {
        let path = format!("/v1/donations/{id}/{verb}");
        w.post("treasurer", &path, body)
    };
    let all = json!({ "reason": "x" });
    assert_eq!(
        act("return", &all).refusal(),
        "409 | more_than_was_passed_on"
    );
    let early = refund(Some("401"), "2022-09-07");
    assert_eq!(
        act("refund", &early).refusal(),
        "409 | more_than_was_passed_on"
    );
    act("refund", &refund(Some("400"), "2022-10-20")).expect(200);
    assert_eq!(
        w.places("drivers", TODAY),
        [
            "42 approved 0, paid 600, refunded 0, payments 0",
            "- approved 1000, paid 400, refunded 400, payments 0",
        ]
    );
    let undone = json!({ "reason": "x", "effective_on": "2022-11-01" });
    w.post(
        "officer",
        &format!("/v1/donations/{id}/uses/1/cancel"),
        &undone,
    )
    .expect(200);
    act("refund", &refund(Some("600"), "2022-11-01")).expect(200);
    assert_eq!(
        w.places("drivers", TODAY),
        ["- approved 1000, paid 1000, refunded 1000, payments 0"]
    );
    // By the regions of a later day, the days before are told as well.
    w.set_day("2024-02-01");
    let report = w.report("programs/drivers?as_of=2022-10-31&region_basis=current");
    let codes = report["by_region"].as_array().unwrap().iter();
    let codes: Vec<&Value> = codes.map(|row| &row["region"]["code"]).collect();
    assert_eq!(codes, [&json!("51"), &Value::Null]);
}

#[test]
fn what_was_said_of_a_program_outlives_its_closing() {
    let w = World::new();
    w.with_budget();
    w.paid("drivers", "a", "300");
    let claim = json!({
        "statement": "300원", "source": { "title": "보도" }, "said_on": TODAY, "metric": "disbursed",
        "scope": { "program": "drivers" }, "as_of": TODAY, "comparator": "eq", "value": "300",
        "nature": "actual",
    });
    let id = w.post("communicator", "/v1/claims", &claim).made();
    let pledge = json!({
        "title": "약속", "statement": "300원 이상", "source": { "title": "보도", "date": TODAY },
        "due_on": TODAY, "milestones": [],
        "target": { "metric": "disbursed", "scope": { "program": "drivers" }, "value": "300" },
    });
    let promised = w.post("communicator", "/v1/pledges", &pledge).made();
    w.post("manager", "/v1/programs/drivers/close", &because())
        .expect(200);
    w.set_day("2022-12-01");
    let check = w.get("viewer", &format!("/v1/claims/{id}/check"));
    assert_eq!(check.expect(200).text("/verdict"), "supported");
    let kept = w.get("viewer", &format!("/v1/pledges/{promised}"));
    assert_eq!(kept.expect(200).text("/state"), "met");
    w.post("communicator", "/v1/claims", &claim).expect(201);
}

#[test]
fn days_stated_wrongly_are_stated_again_once_that_is_undone() {
    let w = World::new();
    w.program_with("makers", &[], &json!({ "kind": "produce_sales" }));
    let state = |amount: &str| {
        let body = json!({
            "program": "makers", "period": { "start": "2021-08-01", "end": "2022-09-30" },
            "basis": "cumulative", "amount": amount, "external_id": "september",
        });
        w.post("officer", "/v1/sales/statements", &body)
    };
    for amount in ["500", "100", "300"] {
        let id = state(amount).made();
        let path = format!("/v1/sales/statements/{id}/cancel");
        let undo = |key: &str| w.post_with_key("officer", &path, key, &because());
        assert_eq!(state("1").status, 409);
        let first = undo(&format!("undo-{amount}")).expect(200);
        assert_eq!(undo(&format!("undo-{amount}")).bytes, first.bytes);
        assert_eq!(
            undo(&format!("again-{amount}")).refusal(),
            "409 | invalid_state"
        );
    }
    state("200").expect(201);
    let overview = w.report("overview");
    let sales = &row(&overview["programs"], "makers")["sales"];
    assert_eq!(told(sales, "amount"), "amount 200");
}

#[test]
fn of_many_who_measure_one_cell_at_once_one_is_heard() {
    let w = World::new();
    w.with_budget();
    let indicator = json!({
        "code": "rides", "name": { "ko": "운행", "en": "Rides" }, "unit": "rides",
        "additive": true, "accumulation": "in_period", "better": "up",
    });
    w.post("manager", "/v1/indicators", &indicator).expect(201);
    let body = json!({
        "indicator": "rides", "value": "5", "nature": "measured",
        "period": { "start": "2022-10-01", "end": "2022-10-31" },
    });
    let other = w.beside();
    let replies = at_once(MANY, |index| {
        [&w, &other][index % 2].post("officer", "/v1/measurements", &body)
    });
    let expected = counted([("201 ", 1), ("409 measurement_overlaps", MANY - 1)]);
    assert_eq!(answers(&replies), expected);
}

#[test]
fn a_part_has_one_number_and_belongs_to_one_record() {
    let w = World::new();
    let gift = handed_on(&w);
    used(&w, &gift, "1", &nothing()).expect(201);
    let id = w.paid("drivers", "a", "300");
    w.proposes_region(&id, "26", None);
    let refusals = |user: &str, path: &str| w.post(user, path, &because()).refusal();
    for number in ["01", "00001", "+1", "-1", "0", "1.0", "2147483648", "%31x"] {
        let amendment = format!("/v1/disbursements/{id}/amendments/{number}");
        for (user, path) in [
            ("approver", format!("{amendment}/reject")),
            ("officer", format!("{amendment}/withdraw")),
            (
                "officer",
                format!("/v1/donations/{gift}/uses/{number}/cancel"),
            ),
        ] {
            assert!(
                refusals(user, &path).starts_with("404 | "),
                "{path}: {}",
                refusals(user, &path)
            );
        }
    }
    for path in [
        format!("/v1/disbursements/{gift}/amend"),
        format!("/v1/donations/{id}/amend"),
        format!("/v1/donations/{id}/uses"),
        format!("/v1/disbursements/{gift}/amendments/1/withdraw"),
    ] {
        let body = match path.ends_with("uses") {
            true => json!({ "period": { "start": "2022-09-06", "end": "2022-09-30" },
                "used": "1", "returned": "0" }),
            false if path.ends_with("amend") => {
                json!({ "purpose": "y", "reason_class": "update", "reason": "x" })
            }
            false => because(),
        };
        assert_eq!(
            w.post("officer", &path, &body).refusal(),
            "404 | not_found",
            "{path}"
        );
    }
}

#[test]
fn a_claim_that_was_altered_past_the_program_is_found() {
    let w = World::new();
    let claim = json!({
        "statement": "300원", "source": { "title": "보도" }, "said_on": TODAY, "metric": "disbursed",
        "scope": {}, "as_of": TODAY, "comparator": "gte", "value": "300", "nature": "actual",
    });
    let made = w.post("communicator", "/v1/claims", &claim).expect(201);
    let path = format!("/v1/claims/{}", made.text("/id"));
    let words = json!({ "statement": "300원 이상" });
    w.patch("communicator", &path, "\"1\"", &words).expect(200);
    let undo = format!("{path}/withdraw");
    w.post("communicator", &undo, &because()).expect(200);
    assert!(w.audit().is_clean(), "{}", w.audit());
    for (column, other, own) in [
        ("value", "299", "300"),
        ("statement", "'300원'", "'300원 이상'"),
        ("nature", "'estimate'", "'actual'"),
        ("as_of", "'2022-11-02'", "'2022-11-03'"),
        ("withdrawn_on", "'2022-11-04'", "'2022-11-03'"),
        ("version", "4", "3"),
    ] {
        w.behind(&format!("UPDATE claims SET {column} = {other}"));
        let found = w.audit().differences;
        assert!(found.iter().any(|found| found.what == "claim"), "{column}");
        w.behind(&format!("UPDATE claims SET {column} = {own}"));
    }
    w.behind("CREATE TABLE away AS SELECT * FROM claims; DELETE FROM claims");
    assert!(!w.audit().is_clean());
    w.behind("INSERT INTO claims SELECT * FROM away; DROP TABLE away");
}
