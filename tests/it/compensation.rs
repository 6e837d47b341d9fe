//! Damages made good: assessed, counted by tier, apart from all giving.

use diesel::connection::SimpleConnection;
use sangsaeng::db::{Conn, Url, Use};
use serde_json::{Value, json};

use crate::support::{World, told};

/// Books with a program of compensation.
fn damages() -> World {
    let w = World::new();
    w.program_with("damages", &[], &json!({ "kind": "compensation" }));
    w
}

/// What one record of compensation looks like.
fn body(beneficiary: &Value, amount: &str, assessment: &Value) -> Value {
    json!({
        "program": "damages", "beneficiary": beneficiary, "form": "cash", "amount": amount,
        "planned_on": "2022-11-03", "assessment": assessment,
    })
}

fn assessed(tier: &str, rules: &str, loss: &str) -> Value {
    json!({ "tier": tier, "rule_version": rules, "assessed_loss": loss })
}

fn person(reference: &str) -> Value {
    json!({ "kind": "user", "reference": reference, "region": "11" })
}

fn group(count: i64) -> Value {
    json!({ "kind": "group", "count": count })
}

impl World {
    /// Records, approves and pays on a day; tells the id.
    fn made_good(&self, body: &Value, on: &str) -> String {
        let mut body = body.clone();
        body["planned_on"] = json!(on);
        let id = self.post("officer", "/v1/disbursements", &body).made();
        self.step("disbursements", &id, "approve", on);
        self.step("disbursements", &id, "pay", on);
        id
    }

    /// The tiers of the only program, one line each, as somebody sees them.
    fn tiers(&self, user: &str, query: &str) -> Vec<String> {
        let path = format!("/v1/reports/compensation?{query}");
        let report = self.get(user, &path).expect(200).body;
        let rows = report["programs"][0]["by_tier"].as_array().unwrap().clone();
        let line = |row: &Value| {
            let names = told(row, "rule_version tier");
            let figures = "records named_records counted_people assessed_loss cash paid refunded";
            match &row["figures"] {
                Value::Null => format!("{names}: suppressed {}", row["suppressed"]),
                found => format!("{names}: {}", told(found, figures)),
            }
        };
        rows.iter().map(line).collect()
    }
}

#[test]
fn a_damage_is_assessed_and_stands_by_tier_and_version_of_the_rules() {
    let w = damages();
    let first = body(&person("a"), "300", &assessed("paid", "v1", "500"));
    w.made_good(&first, "2022-10-20");
    let users = body(&group(6000), "9000", &assessed("free", "v1", "12000"));
    let cohort = w.made_good(&users, "2022-10-25");
    let again = body(&person("a"), "40", &assessed("paid", "v2", "60"));
    w.made_good(&again, "2022-10-28");
    let plain = w.made_good(&body(&person("b"), "7", &Value::Null), "2022-11-01");
    let shown = w.get("viewer", &format!("/v1/disbursements/{cohort}"));
    assert_eq!(
        shown.expect(200).body["assessment"],
        assessed("free", "v1", "12000")
    );
    let shown = w.get("viewer", &format!("/v1/disbursements/{plain}"));
    assert_eq!(shown.expect(200).body["assessment"], Value::Null);

    let unassessed = "rule_version null, tier null: records 1, named_records 1, counted_people 0, \
                      assessed_loss 0, cash 7, paid 7, refunded 0";
    let free = "rule_version v1, tier free: records 1, named_records 0, counted_people 6000, \
                assessed_loss 12000, cash 9000, paid 9000, refunded 0";
    let paid = "rule_version v1, tier paid: records 1, named_records 1, counted_people 0, \
                assessed_loss 500, cash 300, paid 300, refunded 0";
    let later = "rule_version v2, tier paid: records 1, named_records 1, counted_people 0, \
                 assessed_loss 60, cash 40, paid 40, refunded 0";
    assert_eq!(w.tiers("auditor", ""), [unassessed, free, paid, later]);
    assert_eq!(w.tiers("auditor", "as_of=2022-10-26"), [free, paid]);
    let before = w.report("compensation?as_of=2022-10-19");
    assert_eq!(before["programs"], json!([]));

    // Whoever is only a viewer does not see what tells about single people.
    let hidden = |names: &str| format!("{names}: suppressed true");
    assert_eq!(
        w.tiers("viewer", ""),
        [
            hidden("rule_version null, tier null"),
            free.to_owned(),
            hidden("rule_version v1, tier paid"),
            hidden("rule_version v2, tier paid"),
        ]
    );
    let report = w.report("compensation?program=damages");
    assert_eq!(report["part_of_giving"], false);
    let whole = "records counted_people assessed_loss cash approved paid refunded";
    assert_eq!(
        told(&report["figures"], whole),
        "records 4, counted_people 6000, assessed_loss 12560, cash 9347, approved 9347, paid 9347, \
         refunded 0"
    );
    assert_eq!(report["programs"][0]["unique_persons"], 2);
}

#[test]
fn what_is_in_kind_stands_at_each_value_side_by_side() {
    let w = damages();
    let in_kind = |amount: &str, values: Value| {
        let mut body = body(&group(10), amount, &assessed("free", "v1", "100"));
        body["form"] = json!("in_kind");
        body["values"] = values;
        w.made_good(&body, "2022-11-01");
    };
    in_kind("30", json!({ "cost": "30", "list": "90" }));
    in_kind("50", json!({ "cost": "50", "list": "150", "fair": "120" }));
    w.made_good(
        &body(&group(5), "7", &assessed("free", "v1", "9")),
        "2022-11-02",
    );
    let figures = &w.report("compensation")["programs"][0]["by_tier"][0]["figures"];
    assert_eq!(
        told(
            &figures["in_kind"],
            "records cost list without_list fair without_fair"
        ),
        "records 2, cost 80, list 240, without_list 0, fair 120, without_fair 1"
    );
    assert_eq!(
        told(figures, "records cash approved assessed_loss"),
        "records 3, cash 7, approved 87, assessed_loss 209"
    );
}

#[test]
fn what_came_back_whole_counts_no_longer_and_what_came_back_in_part_still_does() {
    let w = damages();
    let assessment = assessed("free", "v1", "100");
    let whole = w.made_good(&body(&group(10), "30", &assessment), "2022-10-20");
    let part = w.made_good(&body(&group(20), "30", &assessment), "2022-10-20");
    let cancelled = w.post(
        "officer",
        "/v1/disbursements",
        &body(&group(40), "5", &assessment),
    );
    let cancelled = cancelled.made();
    w.verb("approver", &cancelled, "approve", &json!({}))
        .expect(200);
    w.verb(
        "approver",
        &cancelled,
        "cancel",
        &json!({ "reason": "잘못" }),
    )
    .expect(200);
    let back = |id: &str, amount: &str| {
        let body = json!({ "amount": amount, "reason_class": "error", "reason": "두 번" });
        w.verb("treasurer", id, "refund", &body).expect(200);
    };
    back(&whole, "30");
    back(&part, "12");
    assert_eq!(
        w.tiers("auditor", ""),
        [
            "rule_version v1, tier free: records 1, named_records 0, counted_people 20, \
          assessed_loss 100, cash 18, paid 60, refunded 42"
        ]
    );
    assert_eq!(
        w.tiers("auditor", "as_of=2022-11-02"),
        [
            "rule_version v1, tier free: records 2, named_records 0, counted_people 30, \
          assessed_loss 200, cash 60, paid 60, refunded 0"
        ]
    );
}

#[test]
fn an_assessment_is_changed_while_it_is_submitted_and_only_then() {
    let w = damages();
    let made = body(&person("a"), "30", &assessed("free", "v1", "100"));
    let made = w.post("officer", "/v1/disbursements", &made).expect(201);
    let (id, etag) = (
        made.text("/id").to_owned(),
        made.header("etag").unwrap().to_owned(),
    );
    let path = format!("/v1/disbursements/{id}");
    let change = json!({ "assessment": assessed("paid", "v2", "130") });
    let changed = w.patch("officer", &path, &etag, &change).expect(200);
    assert_eq!(changed.body["assessment"], assessed("paid", "v2", "130"));
    w.verb("approver", &id, "reject", &json!({ "reason": "근거 부족" }))
        .expect(200);
    let cleared = w.verb("officer", &id, "resubmit", &json!({ "assessment": null }));
    assert_eq!(cleared.expect(200).body["assessment"], Value::Null);
    let approved = w.verb("approver", &id, "approve", &json!({})).expect(200);
    let etag = approved.header("etag").unwrap();
    let late = w.patch("officer", &path, etag, &change);
    assert_eq!(late.status, 409, "{}", late.refusal());
    assert_eq!(
        w.tiers("auditor", ""),
        [
            "rule_version null, tier null: records 1, named_records 1, counted_people 0, \
          assessed_loss 0, cash 30, paid 0, refunded 0"
        ]
    );
}

#[test]
fn what_cannot_be_assessed_or_asked_is_refused_with_its_field() {
    let w = damages();
    w.program("outside", &[]);
    let mut elsewhere = body(&person("a"), "30", &assessed("free", "v1", "100"));
    elsewhere["program"] = json!("outside");
    elsewhere["fiscal_year"] = json!(2022);
    assert_eq!(
        w.post("officer", "/v1/disbursements", &elsewhere).refusal(),
        "422 | invalid_fields | /fiscal_year fiscal_year_without_fund | \
         /assessment not_a_compensation_program"
    );
    let wrong = json!({ "tier": "x".repeat(41), "rule_version": "", "assessed_loss": "0", "x": 1 });
    let wrong = w.post(
        "officer",
        "/v1/disbursements",
        &body(&person("a"), "30", &wrong),
    );
    let mut faults = wrong.faults();
    faults.sort();
    assert_eq!(
        faults,
        [
            "/assessment/assessed_loss zero",
            "/assessment/rule_version empty",
            "/assessment/tier too_long",
            "/assessment/x unknown_field",
        ]
    );
    let asked = |query: &str| {
        let path = format!("/v1/reports/compensation?{query}");
        w.get("viewer", &path).refusal()
    };
    assert_eq!(
        asked("program=nowhere"),
        "422 | invalid_fields | ?program unknown_program"
    );
    assert_eq!(
        asked("program=outside"),
        "422 | invalid_fields | ?program not_a_compensation_program"
    );
    assert_eq!(
        asked("as_of=2022-11-04"),
        "422 | invalid_fields | ?as_of in_the_future"
    );
}

#[test]
fn whom_compensation_reached_is_not_among_the_people_who_were_given_something() {
    let w = damages();
    w.with_budget();
    let merchant = |program: &str| {
        let number = json!({ "kind": "merchant", "registration_number": "101-11-00013" });
        json!({
            "program": program, "beneficiary": number, "form": "cash", "amount": "30",
            "planned_on": "2022-10-03",
        })
    };
    w.made_good(&merchant("damages"), "2022-10-03");
    let reached = |program: &str| {
        let report = w.report(&format!("programs/{program}"));
        told(&report["beneficiaries"], "unique payments unique_overall")
    };
    assert_eq!(reached("damages"), "unique 1, payments 1, unique_overall 0");
    assert_eq!(
        w.series("metric=beneficiaries&from=2022-11-01"),
        ["all:  = null"]
    );
    w.made_good(&merchant("drivers"), "2022-11-02");
    // Dated before what is there already: the whole history is looked through.
    w.made_good(&merchant("drivers"), "2022-10-01");
    assert_eq!(reached("damages"), "unique 1, payments 1, unique_overall 1");
    assert_eq!(
        w.series("metric=beneficiaries&from=2022-10-01"),
        ["all: 2022-10 1, 2022-11 1 = null"]
    );
    let overview = w.report("overview");
    assert_eq!(overview["consolidated"]["disbursed"], "60");
    assert_eq!(overview["compensation"]["disbursed"], "30");
}

/// Runs SQL beside the server, with its keys off.
fn spoil(w: &World, sql: &str) {
    let mut conn = Conn::open(&w.owner(), Use::Write).unwrap();
    conn.batch_execute(sql).unwrap();
}

#[test]
fn a_sum_or_an_assessment_that_was_altered_is_found() {
    let w = damages();
    w.made_good(
        &body(&group(6), "30", &assessed("free", "v1", "100")),
        "2022-11-01",
    );
    for (alter, restore) in [
        (
            "UPDATE compensation_sums SET counted = 7 WHERE span = 1",
            "UPDATE compensation_sums SET counted = 6 WHERE span = 1",
        ),
        (
            "UPDATE disbursements SET tier = 'paid'",
            "UPDATE disbursements SET tier = 'free'",
        ),
        (
            "UPDATE disbursements SET assessed_loss = 99",
            "UPDATE disbursements SET assessed_loss = 100",
        ),
    ] {
        spoil(&w, alter);
        let found = w.audit();
        assert!(!found.is_clean(), "{alter}");
        assert!(
            found
                .differences
                .iter()
                .all(|found| found.what == "compensation_sum"),
            "{found}"
        );
        spoil(&w, restore);
    }
}

/// The part of the migration that puts right what was recorded before it.
fn refill(w: &World) -> String {
    let up = match w.url() {
        Url::Sqlite(_) => {
            include_str!("../../migrations/sqlite/2026-11-22-000500_compensation/up.sql")
        }
        Url::Postgres(_) => {
            include_str!("../../migrations/postgres/2026-11-22-000500_compensation/up.sql")
        }
    };
    let (_, from) = up
        .split_once("\n-- The sums of what was recorded before.")
        .unwrap();
    let (refill, _) = from.split_once("-- -------").unwrap();
    refill.to_owned()
}

#[test]
fn books_from_before_are_put_right_by_the_migration() {
    let w = damages();
    w.with_budget();
    let assessment = assessed("free", "v1", "100");
    w.made_good(&body(&person("a"), "30", &assessment), "2022-10-20");
    let part = w.made_good(&body(&group(20), "30", &assessment), "2022-10-21");
    let refund = json!({ "amount": "30", "reason_class": "error", "reason": "두 번" });
    w.verb("treasurer", &part, "refund", &refund).expect(200);
    let mut in_kind = body(&person("b"), "8", &Value::Null);
    merge_in_kind(&mut in_kind);
    w.made_good(&in_kind, "2022-11-01");
    w.paid("drivers", "c", "5");
    // One merchant is given something and compensated.
    for program in ["damages", "drivers"] {
        let number = json!({ "kind": "merchant", "registration_number": "101-11-00013" });
        let mut both = body(&number, "30", &Value::Null);
        both["program"] = json!(program);
        w.made_good(&both, "2022-10-03");
    }
    spoil(
        &w,
        "DELETE FROM compensation_sums;
         UPDATE people SET net = net + 1000 WHERE scope = 'all' AND person IN
            (SELECT person FROM people WHERE scope = 'program:damages');
         UPDATE people_counts SET people = people + 2 WHERE scope = 'all';",
    );
    assert!(!w.audit().is_clean());
    spoil(&w, &refill(&w));
    let found = w.audit();
    assert!(found.is_clean(), "{found}");
}

fn merge_in_kind(body: &mut Value) {
    body["form"] = json!("in_kind");
    body["values"] = json!({ "cost": "8", "list": "20" });
}
