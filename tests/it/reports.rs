//! Reports: every figure of a small case that can be worked out by hand, on several days.

use serde_json::{Value, json};

use crate::support::{World, because, merge, row, rows, told};

const FIGURES: [&str; 12] = [
    "committed",
    "unallocated",
    "allocated",
    "submitted",
    "available",
    "awaiting_payment",
    "paid",
    "refunded",
    "disbursed",
    "disbursed_cash",
    "disbursed_in_kind",
    "remaining",
];

/// A fund of 300 billion, of which 60 are set aside for merchants and 6 given in kind; a child fund
/// of 10 billion, of which 2.2 are donated for workers.
fn story() -> World {
    let w = World::new();
    w.fund_with(
        "prosperity",
        "300000000000",
        &json!({ "in_kind_counted_at": "list" }),
    );
    let lines: Vec<Value> = (2022..=2026)
        .map(|year| json!({ "fiscal_year": year, "amount": "60000000000" }))
        .collect();
    let plan = json!({ "version_reason": "x", "effective_on": "2022-04-01", "lines": lines });
    w.post("manager", "/v1/funds/prosperity/plans", &plan)
        .expect(201);
    w.program_with(
        "merchants",
        &["prosperity"],
        &json!({ "kind": "merchant_support" }),
    );
    w.set_aside(
        "prosperity",
        &json!({
            "program": "merchants", "amount": "60000000000", "fiscal_year": 2022,
            "effective_on": "2022-08-01",
        }),
    );
    let id = w.recorded(&json!({
        "program": "merchants", "amount": "6000000000", "planned_on": "2022-08-20",
        "form": "in_kind", "values": { "list": "6000000000" },
        "beneficiary": { "kind": "group", "count": 20000, "region": "11" },
    }));
    w.step("disbursements", &id, "approve", "2022-08-22");
    w.step("disbursements", &id, "pay", "2022-08-25");
    let child = json!({ "part_of": "prosperity", "effective_on": "2022-09-01" });
    w.fund_with("mobility", "10000000000", &child);
    w.program("workers", &["mobility"]);
    w.set_aside(
        "mobility",
        &json!({
            "program": "workers", "amount": "2200000000", "effective_on": "2022-09-01",
        }),
    );
    let association = json!({ "code": "hope-bridge", "name": { "ko": "희망", "en": "Hope" } });
    w.post("manager", "/v1/organisations", &association)
        .expect(201);
    let id = w.post(
        "officer",
        "/v1/donations",
        &json!({
            "program": "workers", "recipient": "hope-bridge", "recipient_role": "intermediary",
            "designated": true, "amount": "2200000000", "form": "cash", "planned_on": "2022-09-06",
        }),
    );
    let id = id.made();
    w.step("donations", &id, "approve", "2022-09-06");
    w.step("donations", &id, "pay", "2022-09-06");
    w
}

fn won(value: &Value, name: &str) -> i64 {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("{name} of {value}"))
        .parse()
        .unwrap()
}

/// Some figures in billions, with one place where they are not whole.
fn billions(value: &Value, names: &[&str]) -> String {
    let figure = |name: &&str| match (
        won(value, name) / 1_000_000_000,
        won(value, name) / 100_000_000 % 10,
    ) {
        (whole, 0) => whole.to_string(),
        (whole, tenths) => format!("{whole}.{tenths}"),
    };
    names.iter().map(figure).collect::<Vec<_>>().join(" ")
}

#[test]
fn consolidated_figures_count_each_won_once_on_every_day() {
    let w = story();
    let on = |day: &str| {
        let overview = w.report(&format!("overview?as_of={day}"));
        assert_eq!(overview["as_of"], day);
        billions(&overview["consolidated"], &FIGURES)
    };
    // FIGURES, from committed to remaining
    assert_eq!(on("2022-03-31"), "0 0 0 0 0 0 0 0 0 0 0 0");
    assert_eq!(on("2022-04-01"), "300 300 0 0 0 0 0 0 0 0 0 300");
    assert_eq!(on("2022-08-01"), "300 240 60 0 60 0 0 0 0 0 0 300");
    assert_eq!(on("2022-08-20"), "300 240 60 6 60 0 0 0 0 0 0 300");
    assert_eq!(on("2022-08-22"), "300 240 60 0 54 6 0 0 0 0 0 294");
    assert_eq!(on("2022-08-24"), "300 240 60 0 54 6 0 0 0 0 0 294");
    assert_eq!(on("2022-08-25"), "300 240 60 0 54 0 6 0 6 0 6 294");
    assert_eq!(on("2022-09-01"), "300 237.8 62.2 0 56.2 0 6 0 6 0 6 294");
    assert_eq!(
        on("2022-09-06"),
        "300 237.8 62.2 0 54 0 8.2 0 8.2 2.2 6 291.8"
    );
    assert_eq!(on("2022-11-03"), on("2022-09-06"));
}

#[test]
fn the_overview_shows_every_fund_and_program_as_of_its_day() {
    let w = story();
    let now = w.report("overview");
    assert_eq!(
        told(&now, "as_of currency"),
        "as_of 2022-11-03, currency KRW"
    );
    let (parent, child) = (
        row(&now["funds"], "prosperity"),
        row(&now["funds"], "mobility"),
    );
    assert_eq!(
        billions(parent, &FIGURES),
        billions(&now["consolidated"], &FIGURES)
    );
    assert_eq!(
        billions(&parent["own"], &FIGURES),
        "290 230 60 0 54 0 6 0 6 0 6 284"
    );
    assert_eq!(
        billions(child, &FIGURES),
        "10 7.8 2.2 0 0 0 2.2 0 2.2 2.2 0 7.8"
    );
    assert_eq!(child["own"]["committed"], child["committed"]);
    assert_eq!(
        told(parent, "part_of to_child_funds"),
        "part_of null, to_child_funds 10000000000"
    );
    assert_eq!(
        told(child, "part_of to_child_funds"),
        "part_of prosperity, to_child_funds 0"
    );
    assert_eq!(
        told(parent, "elapsed_ratio plan_to_date_ratio disbursed_ratio"),
        "elapsed_ratio 0.1188, plan_to_date_ratio 0.1578, disbursed_ratio 0.0273"
    );
    assert_eq!(
        told(child, "elapsed_ratio plan_to_date_ratio disbursed_ratio"),
        "elapsed_ratio 0.1188, plan_to_date_ratio null, disbursed_ratio 0.2200"
    );
    assert_eq!(
        rows(
            &now["programs"],
            "code kind allocated available paid disbursed_in_kind beneficiaries.payments sales"
        ),
        [
            "merchants merchant_support 60000000000 54000000000 6000000000 6000000000 1 null",
            "workers worker_support 2200000000 0 2200000000 0 0 null",
        ]
    );
    assert_eq!(
        told(
            &now["donations"],
            "amount count from_funds outside_funds held_by_intermediaries"
        ),
        "amount 2200000000, count 1, from_funds 2200000000, outside_funds 0, \
         held_by_intermediaries 2200000000"
    );
    let listed = |day: &str| {
        let then = w.report(&format!("overview?as_of={day}"));
        (
            rows(&then["funds"], "code"),
            rows(&then["programs"], "code"),
        )
    };
    let names = |names: &[&str]| names.iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(listed("2022-03-31"), (names(&[]), names(&[])));
    assert_eq!(listed("2022-07-31"), (names(&["prosperity"]), names(&[])));
    assert_eq!(
        listed("2022-08-31"),
        (names(&["prosperity"]), names(&["merchants"]))
    );
    assert_eq!(listed("2022-09-01").1, names(&["merchants", "workers"]));
}

#[test]
fn the_report_of_a_fund_adds_up_by_program_and_by_year() {
    let w = story();
    let parent = w.fund_report("prosperity");
    assert_eq!(
        billions(&parent, &FIGURES),
        "300 237.8 62.2 0 54 0 8.2 0 8.2 2.2 6 291.8"
    );
    assert_eq!(
        billions(&parent["own"], &FIGURES),
        "290 230 60 0 54 0 6 0 6 0 6 284"
    );
    assert_eq!(
        told(
            &parent,
            "kind status contributed to_child_funds plan.version below_zero_days"
        ),
        "kind internal, status open, contributed null, to_child_funds 10000000000, \
         plan.version 1, below_zero_days []"
    );
    assert_eq!(
        rows(&parent["children"], "code committed unallocated disbursed"),
        ["mobility 10000000000 7800000000 2200000000"]
    );
    assert_eq!(
        rows(
            &parent["by_program"],
            "program allocated available disbursed"
        ),
        [
            "merchants 60000000000 54000000000 6000000000",
            "workers 2200000000 0 2200000000"
        ]
    );
    assert_eq!(
        rows(
            &parent["by_fiscal_year"],
            "fiscal_year allocated available awaiting_payment paid refunded disbursed"
        ),
        [
            "null 2200000000 0 0 2200000000 0 2200000000",
            "2022 60000000000 54000000000 0 6000000000 0 6000000000",
        ]
    );
    let then = w.report("funds/prosperity?as_of=2022-08-22");
    assert_eq!(
        rows(
            &then["by_fiscal_year"],
            "fiscal_year available awaiting_payment paid"
        ),
        ["2022 54000000000 6000000000 0"]
    );
    assert_eq!(then["children"], json!([]));
}

#[test]
fn the_report_of_a_program_adds_up_by_month_and_by_region() {
    let w = World::new();
    w.with_budget();
    w.program_with("drivers2", &["mobility"], &json!({ "approval": "none" }));
    w.allocate("mobility", "drivers2", "100000");
    let give = |amount: &str, on: &str, region: Value| {
        let beneficiary = json!({ "kind": "worker", "reference": on, "region": region });
        let id = w.recorded(&json!({
            "program": "drivers2", "amount": amount, "planned_on": on, "beneficiary": beneficiary,
        }));
        w.step("disbursements", &id, "pay", on);
        id
    };
    give("300", "2022-08-01", json!("11110"));
    give("200", "2022-08-31", json!("11"));
    let back = give("50", "2022-09-01", json!("26"));
    give("7", "2022-10-01", Value::Null);
    let refund = json!({ "reason_class": "error", "reason": "x", "effective_on": "2022-10-31" });
    w.verb("treasurer", &back, "refund", &refund).expect(200);
    let report = w.report("programs/drivers2");
    assert_eq!(
        told(
            &report,
            "allocated available paid refunded disbursed funds approval"
        ),
        "allocated 100000, available 99493, paid 557, refunded 50, disbursed 507, \
         funds [\"mobility\"], approval none"
    );
    assert_eq!(
        rows(
            &report["by_month"],
            "month approved paid refunded disbursed payments suppressed"
        ),
        [
            "2022-08 500 500 0 500 2 false",
            "2022-09 50 50 0 50 1 false",
            "2022-10 7 7 50 -43 0 false",
        ]
    );
    let by_region = report["by_region"].as_array().unwrap();
    assert_eq!(by_region[2]["region"], Value::Null);
    assert_eq!(
        rows(
            &json!(by_region[..2]),
            "region.code region.iso region.name.en disbursed"
        ),
        ["11 KR-11 Seoul 500", "26 KR-26 Busan 0"]
    );
    assert_eq!(
        rows(&report["by_region"], "paid refunded disbursed payments"),
        ["500 0 500 2", "50 50 0 0", "7 0 7 1"]
    );
    let then = w.report("programs/drivers2?as_of=2022-08-30");
    assert_eq!(
        rows(&then["by_month"], "month paid payments"),
        ["2022-08 300 1"]
    );
    assert_eq!(
        rows(&then["by_region"], "region.code paid payments"),
        ["11 300 1"]
    );
}

#[test]
fn a_series_tells_when_where_and_by_whom() {
    let w = story();
    assert_eq!(
        w.series("metric=committed&interval=quarter&group_by=fund"),
        [
            "mobility: 2022-Q3 10000000000 = 10000000000",
            "prosperity: 2022-Q2 300000000000, 2022-Q3 -10000000000 = 290000000000",
        ]
    );
    assert_eq!(
        w.series("metric=committed"),
        ["all: 2022-04 300000000000 = 300000000000"]
    );
    assert_eq!(
        w.series("metric=disbursed&group_by=program"),
        [
            "merchants: 2022-08 6000000000 = 6000000000",
            "workers: 2022-09 2200000000 = 2200000000"
        ]
    );
    assert_eq!(
        w.series("metric=paid&interval=day&from=2022-08-25&to=2022-09-06"),
        ["all: 2022-08-25 6000000000, 2022-09-06 2200000000 = 8200000000"]
    );
    assert_eq!(
        w.series("metric=paid&interval=year&group_by=kind&as_of=2022-08-31"),
        ["merchant_support: 2022 6000000000 = 6000000000"]
    );
    assert_eq!(
        w.series("metric=paid&interval=year&group_by=region"),
        [
            "11: 2022 6000000000 = 6000000000",
            "null: 2022 2200000000 = 2200000000"
        ]
    );
    assert_eq!(
        w.series("metric=donated"),
        ["all: 2022-09 2200000000 = 2200000000"]
    );
    assert_eq!(w.series("metric=payments"), ["all: 2022-08 1 = 1"]);
    assert_eq!(w.series("metric=refunded&from=2022-09-01"), ["all:  = 0"]);
    assert_eq!(w.series("metric=contributed"), ["all:  = 0"]);
    let approved = w.report("series?metric=approved&from=2022-08-01&to=2022-09-30");
    assert_eq!(
        rows(&approved["groups"][0]["points"], "period value payments"),
        ["2022-08 6000000000 1", "2022-09 2200000000 0"]
    );
    let paid = w.report("series?metric=paid&from=2022-08-01&to=2022-08-31");
    assert_eq!(paid["groups"][0]["points"][0]["payments"], Value::Null);
}

/// A story with every kind of step, in two trees of funds and outside of both.
fn eventful_story() -> World {
    let w = story();
    let manage = |path: &str, body: &Value| w.post("manager", path, body).expect(201);
    let change = |change: &str, amount: &str, on: &str| {
        let mut body = json!({ "change": change, "amount": amount, "effective_on": on });
        merge(&mut body, &because());
        manage("/v1/funds/mobility/commitments", &body);
    };
    change("raise", "1000000000", "2022-09-10");
    change("lower", "500000000", "2022-09-15");
    w.fund("farms", "5000000000");
    w.program("fields", &["farms"]);
    w.allocate("farms", "fields", "800000000");
    let release = json!({
        "program": "fields", "amount": "300000000", "kind": "release", "effective_on": "2022-09-20",
    });
    manage("/v1/funds/farms/allocations", &release);
    w.program("outside", &[]);
    for program in ["fields", "outside"] {
        let body = json!({ "program": program, "amount": "400000000", "planned_on": "2022-09-22" });
        let id = w.recorded(&body);
        let verb = |user: &str, verb: &str, on: &str, amount: Option<&str>| {
            let mut body = json!({ "effective_on": on });
            if let Some(amount) = amount {
                body["amount"] = json!(amount);
            }
            if ["return", "refund", "cancel"].contains(&verb) {
                merge(&mut body, &because());
            }
            if verb == "refund" {
                body["reason_class"] = json!("unused");
            }
            w.verb(user, &id, verb, &body).expect(200);
        };
        verb("approver", "approve", "2022-09-23", None);
        verb("treasurer", "pay", "2022-09-24", Some("300000000"));
        verb("treasurer", "return", "2022-09-26", Some("100000000"));
        verb("treasurer", "refund", "2022-10-01", Some("50000000"));
        verb("approver", "cancel", "2022-10-02", None);
    }
    w
}

#[test]
fn on_every_day_money_is_conserved_and_consolidated_is_the_sum_of_the_funds() {
    let w = eventful_story();
    for day in [
        "2022-04-01",
        "2022-08-01",
        "2022-08-21",
        "2022-08-22",
        "2022-08-31",
        "2022-09-06",
        "2022-09-10",
        "2022-09-15",
        "2022-09-20",
        "2022-09-22",
        "2022-09-23",
        "2022-09-24",
        "2022-09-26",
        "2022-09-30",
        "2022-10-01",
        "2022-10-02",
        "2022-11-03",
    ] {
        let overview = w.report(&format!("overview?as_of={day}"));
        let whole = &overview["consolidated"];
        let funds = overview["funds"].as_array().unwrap();
        for name in FIGURES {
            let own: i64 = funds.iter().map(|fund| won(&fund["own"], name)).sum();
            let roots = funds.iter().filter(|fund| fund["part_of"].is_null());
            let roots: i64 = roots.map(|fund| won(fund, name)).sum();
            assert_eq!(
                (won(whole, name), won(whole, name)),
                (own, roots),
                "{name} on {day}"
            );
        }
        for figures in funds
            .iter()
            .chain(funds.iter().map(|fund| &fund["own"]))
            .chain([whole])
        {
            let of = |name| won(figures, name);
            assert_eq!(
                of("committed"),
                of("unallocated") + of("allocated"),
                "{day}"
            );
            let in_lines = of("available") + of("awaiting_payment") + of("disbursed");
            assert_eq!(of("allocated"), in_lines, "{day}");
            assert_eq!(of("disbursed"), of("paid") - of("refunded"), "{day}");
            assert_eq!(
                of("disbursed"),
                of("disbursed_cash") + of("disbursed_in_kind"),
                "{day}"
            );
            assert_eq!(
                of("remaining"),
                of("unallocated") + of("available"),
                "{day}"
            );
        }
    }
    let overview = w.report("overview");
    assert_eq!(
        billions(&overview["consolidated"], &FIGURES),
        "305 242.3 62.7 0 54.3 0 8.4 0 8.3 2.3 6 296.6"
    );
    assert_eq!(
        billions(
            &overview["outside_funds"],
            &["awaiting_payment", "paid", "refunded", "disbursed"]
        ),
        "0 0.2 0 0.1"
    );
}
