//! Rules that every report keeps: days below zero, what is apart, what is hidden, what is unchanged.

use serde_json::{Value, json};

use crate::support::{World, nothing, row, rows, told};

#[test]
fn a_question_that_cannot_be_answered_is_refused() {
    let w = World::new();
    w.with_budget();
    let asked = |report: &str| w.get("auditor", &format!("/v1/reports/{report}")).refusal();
    let ahead = "422 | invalid_fields | ?as_of in_the_future";
    for report in ["overview", "funds/mobility", "programs/drivers"] {
        assert_eq!(asked(&format!("{report}?as_of=2022-11-04")), ahead);
    }
    assert_eq!(
        asked("overview?as_of=2022-02-30"),
        "422 | invalid_fields | ?as_of no_such_day"
    );
    assert_eq!(asked("funds/nobody"), "404 | not_found");
    assert_eq!(asked("programs/nobody"), "404 | not_found");
    assert_eq!(asked("series"), "422 | invalid_fields | ?metric missing");
    assert_eq!(
        asked("series?metric=buyers&to=2022-11-04"),
        "422 | invalid_fields | ?group_by not_additive | ?to after_as_of"
    );
    assert_eq!(
        asked("series?metric=paid&interval=day&from=1990-01-01"),
        "422 | invalid_fields | ?interval too_many_points"
    );
}

#[test]
fn a_refund_in_a_later_year_leaves_what_was_paid_in_its_year() {
    let w = World::new();
    w.with_budget();
    w.paid("drivers", "a", "6000");
    let id = w.paid("drivers", "b", "300");
    w.set_day("2023-02-01");
    let refund = json!({ "reason_class": "clawback", "reason": "closed down" });
    w.verb("treasurer", &id, "refund", &refund).expect(200);
    let on = |day: &str| {
        told(
            &w.report(&format!("funds/mobility?as_of={day}")),
            "paid refunded disbursed available",
        )
    };
    assert_eq!(
        on("2022-12-31"),
        "paid 6300, refunded 0, disbursed 6300, available 593700"
    );
    assert_eq!(
        on("2023-02-01"),
        "paid 6300, refunded 300, disbursed 6000, available 594000"
    );
    assert_eq!(
        w.series("metric=paid&interval=year"),
        ["all: 2022 6300 = 6300"]
    );
    assert_eq!(
        w.series("metric=refunded&interval=year"),
        ["all: 2023 300 = 300"]
    );
    assert_eq!(
        w.series("metric=disbursed&interval=year"),
        ["all: 2022 6300, 2023 -300 = 6000"]
    );
    assert_eq!(
        w.series("metric=payments&interval=year"),
        ["all: 2022 2, 2023 -1 = 1"]
    );
}

#[test]
fn days_that_a_back_dated_entry_left_below_zero_are_flagged() {
    let w = World::new();
    w.fund("mobility", "1000");
    w.program("drivers", &["mobility"]);
    let budget = |amount: &str, on: &str| {
        let body = json!({ "program": "drivers", "amount": amount, "effective_on": on });
        w.set_aside("mobility", &body);
    };
    budget("100", "2022-10-01");
    budget("100", "2022-10-20");
    let flagged = |report: &str| {
        let report = w.report(report);
        rows(
            &report["below_zero_days"],
            "fund program fiscal_year bucket from to lowest",
        )
    };
    assert_eq!(flagged("funds/mobility"), [""; 0]);
    let id = w.recorded(&json!({ "amount": "40", "planned_on": "2022-09-10" }));
    w.step("disbursements", &id, "approve", "2022-09-15");
    let id = w.recorded(&json!({ "amount": "90", "planned_on": "2022-10-05" }));
    w.step("disbursements", &id, "approve", "2022-10-05");
    let twice = [
        "mobility drivers null available 2022-09-15 2022-09-30 -40",
        "mobility drivers null available 2022-10-05 2022-10-19 -30",
    ];
    assert_eq!(flagged("funds/mobility"), twice);
    assert_eq!(flagged("programs/drivers"), twice);
    assert_eq!(
        flagged("programs/drivers?as_of=2022-09-20"),
        ["mobility drivers null available 2022-09-15 2022-09-20 -40"]
    );
    assert_eq!(flagged("funds/mobility?as_of=2022-09-14"), [""; 0]);
    let then = w.report("funds/mobility?as_of=2022-09-20");
    assert_eq!(
        told(
            &then,
            "committed unallocated available awaiting_payment allocated"
        ),
        "committed 1000, unallocated 1000, available -40, awaiting_payment 40, allocated 0"
    );
    assert_eq!(
        told(&w.fund_report("mobility"), "available awaiting_payment"),
        "available 70, awaiting_payment 130"
    );
}

#[test]
fn a_report_that_did_not_change_is_not_sent_again() {
    let w = World::new();
    w.with_budget();
    for report in [
        "overview",
        "funds/mobility",
        "programs/drivers",
        "series?metric=paid",
    ] {
        let path = format!("/v1/reports/{report}");
        let first = w.get("auditor", &path).expect(200);
        let etag = first.header("etag").unwrap().to_owned();
        let again = || w.call("auditor", ("GET", &path), &[("if-none-match", &etag)], None);
        let same = again();
        assert_eq!(
            (same.status, same.bytes.len(), same.header("etag")),
            (304, 0, Some(&*etag))
        );
        w.paid("drivers", "a", "300");
        let other = again().expect(200);
        assert_ne!(other.header("etag"), Some(&*etag));
        assert_ne!(other.body, first.body, "{report}");
    }
    // A day that is over stays as it was.
    let path = "/v1/reports/overview?as_of=2022-10-31";
    let etag = w.get("auditor", path).header("etag").unwrap().to_owned();
    w.paid("drivers", "a", "300");
    let same = w.call("auditor", ("GET", path), &[("if-none-match", &etag)], None);
    assert_eq!(same.status, 304);
}

#[test]
fn compensation_stands_apart_and_is_never_giving() {
    let w = World::new();
    w.fund("mobility", "1000");
    let with_fund = json!({
        "code": "damages", "name": { "ko": "보상", "en": "Damages" }, "kind": "compensation",
        "funds": ["mobility"],
    });
    assert_eq!(
        w.post("manager", "/v1/programs", &with_fund).refusal(),
        "422 | invalid_fields | /funds compensation_has_no_funds"
    );
    w.program_with("damages", &[], &json!({ "kind": "compensation" }));
    w.program("outside", &[]);
    w.paid("damages", "a", "40");
    w.paid("outside", "a", "7");
    let waiting = w.submit("damages", "b", "2");
    w.verb("approver", &waiting, "approve", &nothing())
        .expect(200);
    let overview = w.report("overview");
    let outside = "awaiting_payment paid refunded disbursed";
    assert_eq!(
        told(&overview["compensation"], outside),
        "awaiting_payment 2, paid 40, refunded 0, disbursed 40"
    );
    assert_eq!(
        told(&overview["outside_funds"], outside),
        "awaiting_payment 0, paid 7, refunded 0, disbursed 7"
    );
    assert_eq!(
        told(&overview["consolidated"], "paid committed"),
        "paid 0, committed 1000"
    );
    assert_eq!(
        told(row(&overview["programs"], "damages"), "paid allocated"),
        "paid 40, allocated null"
    );
    assert_eq!(w.series("metric=paid"), ["all: 2022-11 7 = 7"]);
    assert_eq!(
        w.series("metric=paid&group_by=region"),
        ["11: 2022-11 7 = 7"]
    );
    assert_eq!(
        w.series("metric=paid&group_by=kind"),
        [
            "compensation: 2022-11 40 = 40",
            "worker_support: 2022-11 7 = 7"
        ]
    );
}

/// A program that gave to so many workers on a day in a region, and so on.
fn given(w: &World, program: &str, times: &[(usize, &str, Value)]) {
    w.program_with(program, &[], &json!({ "approval": "none" }));
    for (count, on, region) in times {
        for number in 0..*count {
            let reference = format!("{on}-{number}");
            let beneficiary = json!({ "kind": "worker", "reference": reference, "region": region });
            let body = json!({ "program": program, "planned_on": on, "beneficiary": beneficiary });
            w.record(&body).expect(201);
        }
    }
}

#[test]
fn figures_of_so_few_payments_that_they_tell_about_people_are_hidden_from_a_viewer() {
    let w = World::new();
    let (seoul, busan) = (json!("11"), json!("26"));
    given(
        &w,
        "drivers",
        &[
            (6, "2022-09-01", seoul.clone()),
            (4, "2022-10-01", busan.clone()),
            (2, "2022-11-01", Value::Null),
        ],
    );
    let shown = |user: &str| {
        let path = "/v1/reports/programs/drivers";
        let report = w.get(user, path).expect(200);
        let columns = "approved payments suppressed";
        (
            rows(&report.body["by_month"], columns),
            rows(&report.body["by_region"], columns),
        )
    };
    let (all, few) = (
        ["1800 6 false", "1200 4 false", "600 2 false"]
            .map(str::to_owned)
            .to_vec(),
        ["1800 6 false", "null null true", "null null true"]
            .map(str::to_owned)
            .to_vec(),
    );
    assert_eq!(shown("auditor"), (all.clone(), all));
    assert_eq!(shown("viewer"), (few.clone(), few));
    let etag = |user: &str| {
        let report = w.get(user, "/v1/reports/programs/drivers");
        report.header("etag").unwrap().to_owned()
    };
    assert_ne!(etag("viewer"), etag("auditor"));
    assert_eq!(etag("officer"), etag("auditor"));
    let path = "/v1/reports/series?metric=payments&group_by=region";
    let series = w.get("viewer", path).expect(200).body;
    assert_eq!(
        rows(&series["groups"], "key suppressed total"),
        ["11 false 6", "26 true null", "null true null"]
    );
}

#[test]
fn a_single_small_region_takes_the_next_smallest_with_it() {
    let w = World::new();
    given(
        &w,
        "drivers",
        &[
            (7, "2022-09-01", json!("11")),
            (6, "2022-09-02", json!("26")),
            (1, "2022-09-03", json!("27")),
        ],
    );
    let report = w
        .get("viewer", "/v1/reports/programs/drivers")
        .expect(200)
        .body;
    assert_eq!(
        rows(&report["by_region"], "region.code payments suppressed"),
        ["11 7 false", "26 null true", "27 null true"]
    );
    assert_eq!(rows(&report["by_month"], "month payments"), ["2022-09 14"]);
    assert_eq!(
        told(&report["beneficiaries"], "unique payments"),
        "unique 14, payments 14"
    );
}
