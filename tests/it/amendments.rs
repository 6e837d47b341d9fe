//! Amendments of approved records: a second person, no transfer, both versions readable.

use diesel::connection::SimpleConnection;
use sangsaeng::db::{Conn, Use};
use serde_json::{Value, json};

use crate::support::{Reply, World, merge, told};

/// What an amendment of the region says.
fn moved_to(region: &str) -> Value {
    json!({ "region": region, "reason_class": "correction", "reason": "주소 오기" })
}

fn amendment(changes: Value) -> Value {
    let mut body = json!({ "reason_class": "update", "reason": "바뀜" });
    merge(&mut body, &changes);
    body
}

impl World {
    fn amend(&self, user: &str, id: &str, body: &Value) -> Reply {
        self.post(user, &format!("/v1/disbursements/{id}/amend"), body)
    }

    fn on_amendment(&self, user: &str, id: &str, number: i32, verb: &str, body: &Value) -> Reply {
        let path = format!("/v1/disbursements/{id}/amendments/{number}/{verb}");
        self.post(user, &path, body)
    }

    fn shown(&self, id: &str) -> Value {
        let path = format!("/v1/disbursements/{id}");
        self.get("viewer", &path).expect(200).body
    }

    /// What is paid in each region, as of a day.
    fn by_region(&self, program: &str, as_of: &str) -> Vec<String> {
        let report = self.report(&format!("programs/{program}?as_of={as_of}"));
        let rows = report["by_region"].as_array().unwrap().iter();
        rows.map(|row| {
            let code = row["region"]["code"].as_str().unwrap_or("-");
            format!("{code}: {}", told(row, "approved paid refunded payments"))
        })
        .collect()
    }
}

/// A worker in Seoul, paid 300 on 2022-10-03.
fn paid() -> (World, String) {
    let w = World::new();
    w.with_budget();
    let id = w.recorded(&json!({ "planned_on": "2022-10-03", "purpose": "지원" }));
    w.step("disbursements", &id, "approve", "2022-10-03");
    w.step("disbursements", &id, "pay", "2022-10-03");
    (w, id)
}

#[test]
fn a_region_is_amended_by_two_people_and_a_report_of_a_day_before_shows_the_old_one() {
    let (w, id) = paid();
    let etag = |w: &World| {
        let shown = w.get("viewer", &format!("/v1/disbursements/{id}"));
        shown.header("etag").unwrap().to_owned()
    };
    let (version, cash) = (etag(&w), w.fund_report("mobility")["disbursed"].clone());
    let proposed = w.amend("officer", &id, &moved_to("26")).expect(201);
    assert_eq!(
        proposed.header("location"),
        Some(format!("/v1/disbursements/{id}/amendments/1").as_str())
    );
    let line = "number status reason_class effective_on proposed_by decided_by renames";
    assert_eq!(
        told(&proposed.body, line),
        "number 1, status proposed, reason_class correction, effective_on null, \
         proposed_by officer, decided_by null, renames false"
    );
    assert_eq!(proposed.body["before"]["region"]["code"], "11");
    assert_eq!(proposed.body["after"]["region"]["code"], "26");
    // Nothing is changed yet.
    assert_eq!(etag(&w), version);
    assert_eq!(w.shown(&id)["beneficiary"]["region"]["code"], "11");

    let approve = json!({ "effective_on": "2022-11-01" });
    let approved = w
        .on_amendment("approver", &id, 1, "approve", &approve)
        .expect(200);
    assert_eq!(
        told(&approved.body, line),
        "number 1, status in_effect, reason_class correction, effective_on 2022-11-01, \
         proposed_by officer, decided_by approver, renames false"
    );
    let shown = w.shown(&id);
    assert_eq!(shown["beneficiary"]["region"]["code"], "26");
    assert_eq!(
        told(&shown, "status amendments version"),
        "status paid, amendments 1, version 4"
    );
    assert_ne!(etag(&w), version);
    assert_eq!(w.fund_report("mobility")["disbursed"], cash);
    let stands = "approved 300, paid 300, refunded 0, payments 1";
    let nothing = "approved 0, paid 0, refunded 0, payments 0";
    assert_eq!(
        w.by_region("drivers", "2022-10-31"),
        [format!("11: {stands}")]
    );
    assert_eq!(
        w.by_region("drivers", "2022-11-03"),
        [format!("11: {nothing}"), format!("26: {stands}")]
    );
    // What comes back after it comes back where the record lies now.
    let back = json!({ "amount": "100", "reason_class": "error", "reason": "더 지급" });
    w.verb("treasurer", &id, "refund", &back).expect(200);
    assert_eq!(
        w.by_region("drivers", "2022-11-03"),
        [
            format!("11: {nothing}"),
            "26: approved 300, paid 300, refunded 100, payments 1".to_owned(),
        ]
    );
    // And what is amended then takes along what came back.
    w.amend("officer", &id, &moved_to("50")).expect(201);
    w.on_amendment("approver", &id, 2, "approve", &json!({}))
        .expect(200);
    assert_eq!(
        w.by_region("drivers", "2022-11-03"),
        [
            format!("11: {nothing}"),
            format!("26: {nothing}"),
            "50: approved 300, paid 300, refunded 100, payments 1".to_owned(),
        ]
    );
}

#[test]
fn both_versions_stay_readable_and_one_is_open_at_a_time() {
    let (w, id) = paid();
    let first = amendment(json!({
        "purpose": null, "voucher_number": "V-1", "attributes": { "wave": "2" },
    }));
    w.amend("officer", &id, &first).expect(201);
    let second = w.amend("officer2", &id, &moved_to("26"));
    assert_eq!(second.refusal(), "409 | amendment_open");
    let path = format!("/v1/disbursements/{id}/amendments");
    let open = w
        .get("viewer", &format!("{path}?status=proposed"))
        .expect(200);
    assert_eq!(open.body["data"].as_array().unwrap().len(), 1);
    let no = json!({ "reason": "근거 없음" });
    w.on_amendment("approver", &id, 1, "reject", &no)
        .expect(200);
    assert_eq!(w.shown(&id)["purpose"], "지원");
    w.amend("officer", &id, &first).expect(201);
    let own = w.on_amendment("officer2", &id, 2, "withdraw", &no);
    assert_eq!(own.refusal(), "403 | not_recorder");
    w.on_amendment("officer", &id, 2, "withdraw", &no)
        .expect(200);
    w.amend("officer2", &id, &first).expect(201);
    w.on_amendment("approver2", &id, 3, "approve", &json!({}))
        .expect(200);
    let shown = w.shown(&id);
    assert_eq!(
        told(&shown, "purpose voucher_number amendments"),
        "purpose null, voucher_number V-1, amendments 1"
    );
    assert_eq!(shown["attributes"], json!({ "wave": "2" }));
    let list = w.get("viewer", &path).expect(200).body;
    let rows = list["data"].as_array().unwrap().iter();
    let rows: Vec<String> = rows
        .map(|row| {
            let versions = [&row["before"], &row["after"]]
                .map(|version| told(version, "purpose voucher_number"));
            format!(
                "{}: {} → {}",
                told(row, "number status decided_by decision_reason"),
                versions[0],
                versions[1]
            )
        })
        .collect();
    let change = "purpose 지원, voucher_number null → purpose null, voucher_number V-1";
    assert_eq!(
        rows,
        [
            format!(
                "number 1, status rejected, decided_by approver, decision_reason 근거 없음: {change}"
            ),
            format!(
                "number 2, status withdrawn, decided_by officer, decision_reason 근거 없음: {change}"
            ),
            format!(
                "number 3, status in_effect, decided_by approver2, decision_reason null: {change}"
            ),
        ]
    );
    let one = w.get("viewer", &format!("{path}/3")).expect(200);
    assert_eq!(one.body, list["data"][2]);
    let page = w.get("viewer", &format!("{path}?limit=2")).expect(200);
    let next = page.text("/next_cursor").to_owned();
    let rest = w
        .get("viewer", &format!("{path}?limit=2&cursor={next}"))
        .expect(200);
    assert_eq!(rest.body["data"], json!([list["data"][2]]));
    let decided = w.on_amendment("approver", &id, 3, "reject", &no);
    assert_eq!(decided.refusal(), "409 | invalid_state");
}

#[test]
fn nobody_decides_on_an_amendment_of_his_own_or_of_his_own_record() {
    let w = World::new();
    w.with_budget();
    let jack = w.jack_of_all_trades();
    let id = w.submit("drivers", "a", "300");
    w.verb("approver", &id, "approve", &json!({})).expect(200);
    w.amend(&jack, &id, &moved_to("26")).expect(201);
    for user in [jack.as_str(), "officer"] {
        let refused = w
            .on_amendment(user, &id, 1, "approve", &json!({}))
            .refusal();
        assert!(
            ["403 | own_record", "403 | missing_right"].contains(&refused.as_str()),
            "{user}: {refused}"
        );
    }
    assert_eq!(
        w.on_amendment(&jack, &id, 1, "reject", &json!({ "reason": "x" }))
            .refusal(),
        "403 | own_record"
    );
    // Who recorded an entry does not decide on an amendment that another proposed.
    let own = w
        .post(
            "officer",
            "/v1/disbursements",
            &w.cash_to("drivers", "b", "1"),
        )
        .made();
    let mut body = w.cash_to("drivers", "c", "1");
    body["external_id"] = json!("jack");
    let by_jack = w.post(&jack, "/v1/disbursements", &body).made();
    for id in [&own, &by_jack] {
        w.verb("approver", id, "approve", &json!({})).expect(200);
        w.amend("officer2", id, &moved_to("26")).expect(201);
    }
    assert_eq!(
        w.on_amendment(&jack, &by_jack, 1, "approve", &json!({}))
            .refusal(),
        "403 | own_record"
    );
    w.on_amendment(&jack, &own, 1, "approve", &json!({}))
        .expect(200);
    assert_eq!(
        w.amend("treasurer", &id, &moved_to("27")).refusal(),
        "403 | missing_right"
    );
}

#[test]
fn where_a_program_asks_for_no_approval_an_amendment_is_in_effect_at_once() {
    let w = World::new();
    w.program_with("aid", &[], &json!({ "approval": "none" }));
    let id = w.submit("aid", "a", "300");
    let done = w.amend("officer", &id, &moved_to("26")).expect(201);
    assert_eq!(
        told(&done.body, "status effective_on decided_by"),
        "status in_effect, effective_on 2022-11-03, decided_by officer"
    );
    assert_eq!(w.shown(&id)["beneficiary"]["region"]["code"], "26");
    let rehearsed = w.call(
        "officer",
        (
            "POST",
            &format!("/v1/disbursements/{id}/amend?dry_run=true"),
        ),
        &[],
        Some(&moved_to("11")),
    );
    assert_eq!(rehearsed.expect(200).body["dry_run"], true);
    assert_eq!(w.shown(&id)["beneficiary"]["region"]["code"], "26");
}

#[test]
fn money_is_never_amended_and_everything_wrong_is_told_at_once() {
    let (w, id) = paid();
    let wrong = json!({
        "amount": "1", "form": "cash", "fund": "mobility", "fiscal_year": 2022, "values": {},
        "program": "drivers", "assessment": null, "planned_on": "2022-10-03", "round": "1",
        "region": "999", "reason_class": "error", "reason": "",
    });
    let refused = w.amend("officer", &id, &wrong);
    assert_eq!(refused.status, 422);
    let mut faults = refused.faults();
    faults.sort();
    let money = "amount assessment fiscal_year form fund planned_on program";
    let mut expected: Vec<String> = money
        .split(' ')
        .map(|name| format!("/{name} amendment_touches_money"))
        .collect();
    expected.extend(
        [
            "/reason empty",
            "/reason_class unknown_value",
            "/region unknown_region",
            "/round unknown_field",
            "/values amendment_touches_money",
        ]
        .map(str::to_owned),
    );
    assert_eq!(faults, expected);
    let refused = |changes: Value| w.amend("officer", &id, &amendment(changes)).refusal();
    assert_eq!(
        refused(json!({})),
        "422 | invalid_fields |  nothing_amended"
    );
    assert_eq!(
        refused(json!({ "region": "11" })),
        "422 | invalid_fields |  nothing_amended"
    );
    assert_eq!(
        refused(json!({ "region": "51" })),
        "422 | invalid_fields | /region region_not_valid_on_date"
    );
    assert_eq!(
        refused(json!({ "region": "26", "effective_on": "2022-11-04" })),
        "422 | invalid_fields | /effective_on in_the_future"
    );
    assert_eq!(
        refused(json!({ "region": "26", "effective_on": "2022-10-02" })),
        "409 | before_previous_step"
    );
    let missing = w.amend("officer", &id, &json!({ "region": "26" }));
    assert_eq!(
        missing.faults(),
        ["/reason_class missing", "/reason missing"]
    );
    let nowhere = w.on_amendment("approver", &id, 1, "approve", &json!({}));
    assert_eq!(nowhere.refusal(), "404 | not_found");
    for path in ["1", "0", "x", "99999999999"] {
        let path = format!("/v1/disbursements/{id}/amendments/{path}");
        assert_eq!(
            w.get("viewer", &path).refusal(),
            "404 | not_found",
            "{path}"
        );
    }
    let nobody = format!("/v1/disbursements/{}-1/amendments", "0".repeat(32));
    assert_eq!(w.get("viewer", &nobody).refusal(), "404 | not_found");
}

#[test]
fn only_what_is_approved_is_amended() {
    let w = World::new();
    w.with_budget();
    let id = w.submit("drivers", "a", "300");
    assert_eq!(
        w.amend("officer", &id, &moved_to("26")).refusal(),
        "409 | invalid_state"
    );
    w.verb("approver", &id, "approve", &json!({})).expect(200);
    w.amend("officer", &id, &moved_to("26")).expect(201);
    w.verb("approver", &id, "cancel", &json!({ "reason": "그만" }))
        .expect(200);
    assert_eq!(
        w.on_amendment("approver", &id, 1, "approve", &json!({}))
            .refusal(),
        "409 | invalid_state"
    );
    w.on_amendment("approver", &id, 1, "reject", &json!({ "reason": "취소됨" }))
        .expect(200);
    assert_eq!(
        w.amend("officer", &id, &moved_to("26")).refusal(),
        "409 | invalid_state"
    );
    // A payment after the day that was asked for stands in the way of it.
    let late = w.submit("drivers", "b", "300");
    w.step("disbursements", &late, "approve", "2022-11-03");
    w.set_day("2022-11-10");
    let asked = json!({
        "region": "26", "effective_on": "2022-11-04", "reason_class": "update", "reason": "이사",
    });
    w.amend("officer", &late, &asked).expect(201);
    w.step("disbursements", &late, "pay", "2022-11-08");
    assert_eq!(
        w.on_amendment("approver", &late, 1, "approve", &json!({}))
            .refusal(),
        "409 | before_previous_step"
    );
    let on = json!({ "effective_on": "2022-11-08" });
    w.on_amendment("approver", &late, 1, "approve", &on)
        .expect(200);
    // What follows is not before the amendment.
    let back = json!({ "effective_on": "2022-11-07", "reason": "계좌 오류" });
    assert_eq!(
        w.verb("treasurer", &late, "return", &back).refusal(),
        "409 | before_previous_step"
    );
}

#[test]
fn a_donation_is_amended_too() {
    let w = World::new();
    let house = json!({ "code": "bridge", "name": { "ko": "다리", "en": "Bridge" } });
    w.post("manager", "/v1/organisations", &house).expect(201);
    let gift = json!({
        "recipient": "bridge", "recipient_role": "end", "designated": true, "form": "cash",
        "amount": "300", "planned_on": "2022-11-01", "approval_document": "D-1",
    });
    let id = w.post("officer", "/v1/donations", &gift).made();
    let amend = |user: &str, body: Value| {
        w.post(user, &format!("/v1/donations/{id}/amend"), &amendment(body))
    };
    assert_eq!(
        amend("officer", json!({ "purpose": "x" })).refusal(),
        "409 | invalid_state"
    );
    w.step("donations", &id, "approve", "2022-11-02");
    assert_eq!(
        amend(
            "officer",
            json!({ "recipient": "x", "region": "11", "amount": "1" })
        )
        .faults(),
        [
            "/recipient unknown_field",
            "/region unknown_field",
            "/amount amendment_touches_money"
        ]
    );
    amend(
        "officer",
        json!({ "approval_document": "D-2", "purpose": "구호" }),
    )
    .expect(201);
    let approve = format!("/v1/donations/{id}/amendments/1/approve");
    assert_eq!(
        w.post("officer", &approve, &json!({})).refusal(),
        "403 | missing_right"
    );
    w.post("approver", &approve, &json!({})).expect(200);
    let shown = w.get("viewer", &format!("/v1/donations/{id}")).expect(200);
    assert_eq!(
        told(&shown.body, "purpose approval_document amendments version"),
        "purpose 구호, approval_document D-2, amendments 1, version 3"
    );
    let list = w
        .get("viewer", &format!("/v1/donations/{id}/amendments"))
        .expect(200);
    assert_eq!(list.body["data"][0]["before"]["approval_document"], "D-1");
    // A disbursement's id is not a donation's.
    let other = w.get("viewer", &format!("/v1/disbursements/{id}/amendments"));
    assert_eq!(other.refusal(), "404 | not_found");
}

#[test]
fn an_amendment_that_was_altered_is_found() {
    let (w, id) = paid();
    w.amend("officer", &id, &moved_to("26")).expect(201);
    w.on_amendment("approver", &id, 1, "approve", &json!({}))
        .expect(200);
    w.amend("officer", &id, &amendment(json!({ "purpose": "둘" })))
        .expect(201);
    let run = |sql: &str| {
        let mut conn = Conn::open(&w.owner(), Use::Write).unwrap();
        conn.batch_execute(sql).unwrap();
    };
    let refused = |sql: &str| {
        let mut conn = Conn::open(&w.owner(), Use::Write).unwrap();
        conn.batch_execute(sql).unwrap_err().to_string()
    };
    assert!(
        refused("UPDATE amendments SET reason = '' WHERE number = 1").contains("never changed")
    );
    assert!(refused("DELETE FROM amendments WHERE number = 2").contains("never deleted"));
    run("CREATE TABLE kept AS SELECT * FROM amendments");
    for (alter, restore) in [
        (
            "UPDATE disbursements SET region = '27'",
            "UPDATE disbursements SET region = '26'",
        ),
        (
            "UPDATE amendments SET later_values = '{}' WHERE number = 2",
            "UPDATE amendments SET later_values = (SELECT later_values FROM kept WHERE number = 2)
                WHERE number = 2",
        ),
        (
            "UPDATE amendments SET proposed_by = 'approver' WHERE number = 2",
            "UPDATE amendments SET proposed_by = 'officer' WHERE number = 2",
        ),
        (
            "UPDATE amendments SET reason = 'x', effective_on = '2022-11-01' WHERE number = 2",
            "UPDATE amendments SET reason = '바뀜', effective_on = NULL WHERE number = 2",
        ),
        (
            "UPDATE tallies SET paid = paid + 1 WHERE region = '26'",
            "UPDATE tallies SET paid = paid - 1 WHERE region = '26'",
        ),
    ] {
        run(alter);
        assert!(!w.audit().is_clean(), "{alter}");
        run(restore);
        assert!(w.audit().is_clean(), "{restore}: {}", w.audit());
    }
    run("DROP TABLE kept");
}
