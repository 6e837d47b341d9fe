//! Pledges: made in public, followed day by day, and never quietly moved.

use diesel::connection::SimpleConnection;
use sangsaeng::audit;
use sangsaeng::db::{Conn, Use};
use serde_json::{Value, json};

use crate::support::{Reply, World, merge, nothing, rows, told};

/// A promise of 2022-07-01 with two milestones, due on 2022-12-31, but for what `more` says.
fn promise(w: &World, more: &Value) -> Reply {
    let mut body = json!({
        "title": "제주 이동약자 접근성",
        "statement": "제주를 찾는 이동약자가 서비스를 쓸 수 있게 합니다.",
        "source": { "title": "협약식", "date": "2022-07-01", "url": "https://example.com/jeju" },
        "owner": "접근성팀",
        "due_on": "2022-12-31",
        "milestones": [
            { "title": "조사", "due_on": "2022-09-30" },
            { "title": "개선" },
        ],
    });
    merge(&mut body, more);
    w.post("communicator", "/v1/pledges", &body)
        .as_told("POST", "/v1/pledges")
}

/// Does something to a pledge or, as `milestones/1/review`, to a part of it.
fn act(w: &World, id: &str, what: &str, body: &Value) -> Reply {
    let path = format!("/v1/pledges/{id}/{what}");
    w.post("communicator", &path, body).as_told("POST", &path)
}

fn on(w: &World, id: &str, as_of: &str) -> Value {
    let path = format!("/v1/pledges/{id}?as_of={as_of}");
    w.get("viewer", &path)
        .expect(200)
        .as_told("GET", &path)
        .body
}

fn organisation(w: &World, code: &str) {
    let body = json!({ "code": code, "name": { "ko": "제주", "en": "Jeju" } });
    w.post("manager", "/v1/organisations", &body).expect(201);
}

/// A payment that is submitted, approved and paid on one day.
fn pay(w: &World, person: &str, amount: &str, day: &str) -> String {
    let mut body = w.cash_to("drivers", person, amount);
    merge(
        &mut body,
        &json!({ "planned_on": day, "effective_on": day }),
    );
    let id = w.post("officer", "/v1/disbursements", &body).made();
    w.step("disbursements", &id, "approve", day);
    w.step("disbursements", &id, "pay", day);
    id
}

const COUNTS: &str = "total met open overdue withdrawn";

fn counts(w: &World, as_of: &str) -> String {
    let report = w.report(&format!("pledges?as_of={as_of}"));
    let overview = w.report(&format!("overview?as_of={as_of}"));
    let counts = told(&report["counts"], COUNTS);
    assert_eq!(counts, told(&overview["pledges"], COUNTS));
    counts
}

#[test]
fn a_pledge_is_told_with_where_it_stands() {
    let w = World::new();
    organisation(&w, "jeju");
    let made = promise(&w, &json!({ "counterpart": "jeju" })).expect(201);
    let at = format!("/v1/pledges/{}", made.text("/id"));
    assert_eq!(made.header("location"), Some(at.as_str()));
    assert_eq!(w.get("auditor", &at).expect(200).body, made.body);
    insta::assert_snapshot!(made.pretty(), @r#"
    {
      "as_of": "2022-11-03",
      "id": "[id]",
      "title": "제주 이동약자 접근성",
      "statement": "제주를 찾는 이동약자가 서비스를 쓸 수 있게 합니다.",
      "source": {
        "title": "협약식",
        "date": "2022-07-01",
        "url": "https://example.com/jeju"
      },
      "owner": "접근성팀",
      "counterpart": "jeju",
      "basis": null,
      "state": "overdue",
      "state_label": {
        "ko": "기한 넘김",
        "en": "overdue"
      },
      "summary": {
        "ko": "‘제주 이동약자 접근성’ 약속은 이행 과제 ‘조사’의 기한인 2022년 9월 30일을 34일 넘겼습니다. 이행 과제 2건 가운데 이행한 것은 아직 없습니다.",
        "en": "The pledge “제주 이동약자 접근성” is overdue: its milestone “조사” was due on 30 September 2022, 34 days ago. Of 2 milestones, none is met yet."
      },
      "due_on": "2022-12-31",
      "first_due_on": "2022-12-31",
      "days_left": null,
      "days_late": 34,
      "slips": [],
      "last_reviewed_on": null,
      "review": null,
      "withdrawn": null,
      "target": null,
      "milestones": [
        {
          "number": 1,
          "title": "조사",
          "status": "scheduled",
          "status_label": {
            "ko": "예정",
            "en": "scheduled"
          },
          "made_on": "2022-07-01",
          "due_on": "2022-09-30",
          "first_due_on": "2022-09-30",
          "days_late": 34,
          "slips": [],
          "last_reviewed_on": null,
          "met_on": null,
          "note": null,
          "evidence_url": null,
          "confirmed_by": []
        },
        {
          "number": 2,
          "title": "개선",
          "status": "scheduled",
          "status_label": {
            "ko": "예정",
            "en": "scheduled"
          },
          "made_on": "2022-07-01",
          "due_on": null,
          "first_due_on": null,
          "days_late": null,
          "slips": [],
          "last_reviewed_on": null,
          "met_on": null,
          "note": null,
          "evidence_url": null,
          "confirmed_by": []
        }
      ],
      "steps": [
        {
          "verb": "make",
          "milestone": null,
          "actor": "communicator",
          "effective_on": "2022-07-01",
          "recorded_at": "[recorded_at]",
          "status": null,
          "met_on": null,
          "due_from": null,
          "due_on": null,
          "organisation": null,
          "note": null,
          "evidence_url": null,
          "reference": null
        }
      ],
      "recorded_by": "communicator",
      "recorded_at": "[recorded_at]",
      "version": 1
    }
    "#);
}

#[test]
fn milestones_are_met_by_value_date_and_confirmed_by_the_counterpart() {
    let w = World::new();
    organisation(&w, "jeju");
    let id = promise(&w, &nothing()).made();
    let late = on(&w, &id, "2022-10-01");
    assert_eq!(
        told(&late, "state days_late milestones.0.days_late"),
        "state overdue, days_late 1, milestones.0.days_late 1"
    );
    let confirm =
        json!({ "organisation": "jeju", "confirmed_on": "2022-10-15", "reference": "118" });
    let early = act(&w, &id, "milestones/1/confirm", &confirm);
    assert_eq!(early.refusal(), "409 | invalid_state");
    let review = json!({
        "status": "met", "reviewed_on": "2022-10-10", "met_on": "2022-09-29",
        "note": "모두 조사함", "evidence_url": "https://example.com/jeju/report",
    });
    act(&w, &id, "milestones/1/review", &review).expect(200);
    act(&w, &id, "milestones/1/confirm", &confirm).expect(200);
    let again = act(&w, &id, "milestones/1/confirm", &confirm);
    assert_eq!(again.refusal(), "409 | already_confirmed");
    let partly = json!({ "status": "partly_met", "reviewed_on": "2022-10-20" });
    act(&w, &id, "milestones/2/review", &partly).expect(200);
    let states = ["2022-10-09", "2022-10-10", "2022-10-20"].map(|day| {
        told(
            &on(&w, &id, day),
            "state last_reviewed_on milestones.0.status milestones.1.status",
        )
    });
    assert_eq!(
        states,
        [
            "state overdue, last_reviewed_on null, milestones.0.status scheduled, \
             milestones.1.status scheduled",
            "state open, last_reviewed_on 2022-10-10, milestones.0.status met, \
             milestones.1.status scheduled",
            "state open, last_reviewed_on 2022-10-20, milestones.0.status met, \
             milestones.1.status partly_met",
        ]
    );
    let met = act(&w, &id, "milestones/2/review", &json!({ "status": "met" })).expect(200);
    assert_eq!(
        met.told("state version summary.ko summary.en"),
        "state met, version 5, summary.ko ‘제주 이동약자 접근성’ 약속은 이행했습니다. 이행 과제 2건 \
         가운데 2건을 이행했습니다., summary.en The pledge “제주 이동약자 접근성” is met. \
         Of 2 milestones, 2 are met."
    );
    let path = format!("/v1/pledges/{id}/milestones");
    let listed = w.get("viewer", &format!("{path}?as_of=2022-10-20"));
    assert_eq!(
        listed
            .as_told("GET", &path)
            .rows("number title status met_on"),
        ["1 조사 met 2022-09-29", "2 개선 partly_met null"]
    );
    assert_eq!(
        told(
            &met.body["milestones"][0]["confirmed_by"][0],
            "organisation confirmed_on reference actor"
        ),
        "organisation jeju, confirmed_on 2022-10-15, reference 118, actor communicator"
    );
    assert_eq!(
        counts(&w, "2022-11-03"),
        "total 1, met 1, open 0, overdue 0, withdrawn 0"
    );
}

#[test]
fn every_slip_is_kept_with_its_reason_and_the_first_due_date_for_ever() {
    let w = World::new();
    let id = promise(&w, &json!({ "due_on": "2022-08-31", "milestones": [] })).made();
    let slip = json!({
        "due_on": "2022-10-31", "reason": "공사가 늦어짐", "effective_on": "2022-08-20"
    });
    act(&w, &id, "reschedule", &slip).expect(200);
    let same = act(
        &w,
        &id,
        "reschedule",
        &json!({ "due_on": "2022-10-31", "reason": "x" }),
    );
    assert_eq!(same.refusal(), "422 | invalid_fields | /due_on same_day");
    let slip = json!({ "due_on": "2023-03-31", "reason": "또 늦어짐" });
    let moved = act(&w, &id, "reschedule", &slip).expect(200);
    assert_eq!(
        rows(&moved.body["slips"], "from to reason effective_on actor"),
        [
            "2022-08-31 2022-10-31 공사가 늦어짐 2022-08-20 communicator",
            "2022-10-31 2023-03-31 또 늦어짐 2022-11-03 communicator",
        ]
    );
    let dates = ["2022-08-19", "2022-08-20", "2022-11-02", "2022-11-03"]
        .map(|day| told(&on(&w, &id, day), "state due_on first_due_on days_late"));
    assert_eq!(
        dates,
        [
            "state open, due_on 2022-08-31, first_due_on 2022-08-31, days_late null",
            "state open, due_on 2022-10-31, first_due_on 2022-08-31, days_late null",
            "state overdue, due_on 2022-10-31, first_due_on 2022-08-31, days_late 2",
            "state open, due_on 2023-03-31, first_due_on 2022-08-31, days_late null",
        ]
    );
    assert_eq!(
        told(&moved.body["summary"], "ko en"),
        "ko ‘제주 이동약자 접근성’ 약속은 기한인 2023년 3월 31일까지 148일 남았습니다. 처음 기한은 \
         2022년 8월 31일이었고, 지금까지 2번 옮겼습니다., en The pledge “제주 이동약자 접근성” is \
         due on 31 March 2023, in 148 days. It was first due on 31 August 2022; the date has been \
         moved twice."
    );
    assert_eq!(
        counts(&w, "2022-11-02"),
        "total 1, met 0, open 0, overdue 1, withdrawn 0"
    );
}

/// A promise to pay 365,000 won within 2022, 1,000 a day, but for what `more` says of the target.
fn measured(w: &World, more: &Value) -> String {
    measured_by(w, Some("2022-12-31"), more)
}

fn measured_by(w: &World, due_on: Option<&str>, more: &Value) -> String {
    let mut target = json!({
        "metric": "disbursed", "scope": { "fund": "mobility" }, "value": "365000",
        "starts_on": "2022-01-01",
    });
    merge(&mut target, more);
    let body = json!({
        "title": "기사 지원",
        "source": { "title": "발표", "date": "2022-04-01" },
        "due_on": due_on,
        "milestones": [],
        "target": target,
    });
    promise(w, &body).made()
}

const TARGET: &str = "state target.actual target.expected target.ratio target.projected_on";

#[test]
fn a_pledge_with_a_target_follows_its_figure() {
    let w = World::new();
    w.with_budget();
    let id = measured(&w, &nothing());
    pay(&w, "a", "200000", "2022-06-01");
    let refunded = pay(&w, "b", "107000", "2022-10-01");
    let on = |day| told(&on(&w, &id, day), TARGET);
    assert_eq!(
        on("2022-05-31"),
        "state behind, target.actual null, target.expected 151000, target.ratio null, \
         target.projected_on null"
    );
    assert_eq!(
        on("2022-06-01"),
        "state on_track, target.actual 200000, target.expected 152000, target.ratio 0.5479, \
         target.projected_on 2022-10-05"
    );
    assert_eq!(
        on("2022-07-20"),
        "state behind, target.actual 200000, target.expected 201000, target.ratio 0.5479, \
         target.projected_on 2023-01-02"
    );
    assert_eq!(
        on("2022-11-03"),
        "state on_track, target.actual 307000, target.expected 307000, target.ratio 0.8411, \
         target.projected_on 2022-12-31"
    );
    let back = json!({ "amount": "1", "reason_class": "error", "reason": "too much" });
    w.verb("treasurer", &refunded, "refund", &back).expect(200);
    assert_eq!(
        on("2022-11-03"),
        "state behind, target.actual 306999, target.expected 307000, target.ratio 0.8411, \
         target.projected_on 2023-01-01"
    );
    pay(&w, "c", "58001", "2022-11-03");
    assert_eq!(
        on("2022-11-03"),
        "state met, target.actual 365000, target.expected 307000, target.ratio 1.0000, \
         target.projected_on null"
    );
    assert!(
        on("2022-11-02").starts_with("state on_track"),
        "the day before"
    );
    assert_eq!(
        counts(&w, "2022-11-03"),
        "total 1, met 1, open 0, overdue 0, withdrawn 0"
    );
    let report = w.report("pledges?as_of=2022-07-20");
    assert_eq!(
        told(&report["counts"], "open on_track behind"),
        "open 1, on_track 0, behind 1"
    );
    assert_eq!(
        told(&report["pledges"][0]["summary"], "ko en"),
        "ko ‘기사 지원’ 약속은 기한인 2022년 12월 31일까지 164일 남았습니다. 2022년 7월 20일 기준 \
         집행액은 20만 원으로 목표 36만 5,000원의 54.79퍼센트입니다. 이날까지의 예정 수준인 20만 \
         1,000원에는 못 미칩니다. 지금의 속도라면 2023년 1월 2일에 목표에 이릅니다., en The pledge \
         “기사 지원” is due on 31 December 2022, in 164 days. On 20 July 2022, the amount disbursed \
         stood at 200,000 won, 54.79 percent of the target of 365,000 won. That is less than the \
         201,000 won expected by then. At this pace the target is reached on 2 January 2023."
    );
    let reviewed = act(&w, &id, "review", &json!({ "status": "met" }));
    assert_eq!(reviewed.refusal(), "409 | follows_target");
}

#[test]
fn a_target_that_is_not_reached_in_time_is_overdue() {
    let w = World::new();
    w.with_budget();
    pay(&w, "a", "100000", "2022-06-01");
    let id = measured_by(&w, Some("2022-10-31"), &nothing());
    let standing = on(&w, &id, "2022-11-03");
    assert_eq!(
        told(&standing, "state days_late days_left"),
        "state overdue, days_late 3, days_left null"
    );
    let endless = measured_by(&w, None, &nothing());
    let standing = on(&w, &endless, "2022-11-03");
    assert_eq!(
        told(&standing, "state target.expected target.projected_on"),
        "state open, target.expected null, target.projected_on 2025-01-25"
    );
}

#[test]
fn a_target_may_follow_the_plan_of_its_fund() {
    let w = World::new();
    w.with_budget();
    let plan = json!({
        "version_reason": "첫 계획",
        "lines": [{ "fiscal_year": 2022, "amount": "275000" }],
    });
    w.post("manager", "/v1/funds/mobility/plans", &plan)
        .expect(201);
    pay(&w, "a", "217000", "2022-06-01");
    let id = measured(&w, &json!({ "path": "plan" }));
    // 217 of the 275 days that the year 2022 has of the fund's period.
    assert_eq!(
        told(&on(&w, &id, "2022-11-03"), "state target.expected"),
        "state on_track, target.expected 217000"
    );
}

#[test]
fn people_and_weight_are_targets_as_well() {
    let w = World::new();
    w.with_budget();
    w.program_with("makers", &[], &json!({ "kind": "produce_sales" }));
    pay(&w, "a", "300", "2022-06-01");
    let people = measured(
        &w,
        &json!({ "metric": "beneficiaries", "value": 2, "scope": {} }),
    );
    let weight = json!({
        "metric": "sales_quantity_kg", "value": "2.505", "scope": { "program": "makers" },
    });
    let weight = measured(&w, &weight);
    let sold = json!({
        "program": "makers", "product": { "code": "rice", "name": "쌀" },
        "sold_on": "2022-10-03", "quantity_kg": "2.5", "amount": "9000", "orders": 2,
    });
    w.post("officer", "/v1/sales", &sold).expect(201);
    let told = |id: &str| {
        told(
            &on(&w, id, "2022-11-03")["target"],
            "unit value actual ratio",
        )
    };
    assert_eq!(
        told(&people),
        "unit people, value 2, actual 1, ratio 0.5000"
    );
    assert_eq!(
        told(&weight),
        "unit kg, value 2.505, actual 2.500, ratio 0.9980"
    );
}

#[test]
fn words_change_from_today_on_and_old_reports_keep_the_old_ones() {
    let w = World::new();
    let made = promise(&w, &nothing()).expect(201);
    let (id, etag) = (made.text("/id"), made.header("etag").unwrap());
    let path = format!("/v1/pledges/{id}");
    let words = json!({ "title": "제주 약속", "owner": null });
    let changed = w.patch("manager", &path, etag, &words).expect(200);
    assert_eq!(
        changed.told("title owner version steps.1.verb"),
        "title 제주 약속, owner null, version 2, steps.1.verb edit"
    );
    assert_eq!(
        w.patch("manager", &path, etag, &words).refusal(),
        "412 | stale_etag"
    );
    let titles = ["2022-11-02", "2022-11-03"].map(|day| {
        let report = w.report(&format!("pledges?as_of={day}"));
        assert_eq!(report["pledges"][0]["title"], on(&w, id, day)["title"]);
        report["pledges"][0]["title"].as_str().unwrap().to_owned()
    });
    assert_eq!(titles, ["제주 이동약자 접근성", "제주 약속"]);
}

#[test]
fn a_promise_that_is_taken_back_is_told_and_counted_as_that() {
    let w = World::new();
    let id = promise(&w, &json!({ "milestones": [] })).made();
    let back = json!({ "reason": "협약이 끝남", "effective_on": "2022-10-01" });
    let withdrawn = act(&w, &id, "withdraw", &back).expect(200);
    assert_eq!(
        withdrawn.told("state withdrawn summary.en"),
        "state withdrawn, withdrawn {\"effective_on\":\"2022-10-01\",\"reason\":\"협약이 끝남\",\
         \"actor\":\"communicator\"}, summary.en The pledge “제주 이동약자 접근성” was withdrawn on \
         1 October 2022."
    );
    assert_eq!(
        act(&w, &id, "review", &json!({ "status": "met" })).refusal(),
        "409 | invalid_state"
    );
    assert_eq!(
        ["2022-06-30", "2022-09-30", "2022-10-01"].map(|day| counts(&w, day)),
        [
            "total 0, met 0, open 0, overdue 0, withdrawn 0",
            "total 1, met 0, open 1, overdue 0, withdrawn 0",
            "total 1, met 0, open 0, overdue 0, withdrawn 1",
        ]
    );
    let early = w.get("viewer", &format!("/v1/pledges/{id}?as_of=2022-06-30"));
    assert_eq!(
        early.refusal(),
        "422 | invalid_fields | ?as_of before_the_promise"
    );
}

#[test]
fn a_milestone_is_added_and_told_from_its_day() {
    let w = World::new();
    let id = promise(&w, &json!({ "milestones": [] })).made();
    act(
        &w,
        &id,
        "review",
        &json!({ "status": "met", "reviewed_on": "2022-08-01" }),
    )
    .expect(200);
    let more = json!({ "title": "재점검", "due_on": "2022-12-01", "effective_on": "2022-10-01" });
    let added = act(&w, &id, "milestones", &more).expect(201);
    assert_eq!(
        added.told("state milestones.0.number milestones.0.made_on version"),
        "state open, milestones.0.number 1, milestones.0.made_on 2022-10-01, version 3"
    );
    assert_eq!(
        act(&w, &id, "review", &json!({ "status": "met" })).refusal(),
        "409 | follows_milestones"
    );
    let states = ["2022-07-31", "2022-09-30", "2022-10-01"]
        .map(|day| told(&on(&w, &id, day), "state milestones"));
    assert_eq!(states[0], "state open, milestones []");
    assert_eq!(states[1], "state met, milestones []");
    assert!(states[2].starts_with("state open, milestones [{"));
    for number in ["0", "2", "01", "x", "-1", "99999999999"] {
        let path = format!("/v1/pledges/{id}/milestones/{number}/review");
        let review = json!({ "status": "met" });
        assert_eq!(
            w.post("communicator", &path, &review).refusal(),
            "404 | not_found",
            "{number}"
        );
    }
}

#[test]
fn communicators_and_managers_promise_and_whoever_reads_reports_reads() {
    let w = World::new();
    let id = promise(&w, &nothing()).made();
    let slip = json!({ "due_on": "2023-03-31", "reason": "늦어짐" });
    let path = format!("/v1/pledges/{id}");
    for user in [
        "admin",
        "officer",
        "approver",
        "treasurer",
        "auditor",
        "viewer",
    ] {
        for verb in ["", "/reschedule", "/withdraw", "/review", "/milestones"] {
            let at = if verb.is_empty() {
                "/v1/pledges".to_owned()
            } else {
                format!("{path}{verb}")
            };
            assert_eq!(w.post(user, &at, &slip).refusal(), "403 | missing_right");
        }
        let edit = w.patch(user, &path, "\"1\"", &nothing());
        assert_eq!(edit.refusal(), "403 | missing_right", "{user}");
        for read in ["/v1/pledges", "/v1/reports/pledges", &path] {
            w.get(user, read).expect(200);
        }
    }
    w.post("manager", &format!("{path}/reschedule"), &slip)
        .expect(200);
}

#[test]
fn pledges_are_listed_and_narrowed_by_what_they_show() {
    let w = World::new();
    w.with_budget();
    let make = |title: &str, more: Value| {
        let mut all = json!({ "title": title, "milestones": [] });
        merge(&mut all, &more);
        promise(&w, &all).made()
    };
    make("first", nothing());
    make(
        "second",
        json!({ "due_on": "2022-10-31", "owner": "Map team" }),
    );
    let third = make("third", json!({ "due_on": null }));
    measured(&w, &nothing());
    act(&w, &third, "review", &json!({ "status": "met" })).expect(200);
    let listed = |query: &str| {
        let path = format!("/v1/pledges{query}");
        let reply = w.get("communicator", &path).expect(200);
        reply.as_told("GET", &path).rows("title")
    };
    assert_eq!(listed(""), ["first", "second", "third", "기사 지원"]);
    assert_eq!(listed("?state=open"), ["first"]);
    assert_eq!(listed("?state=overdue"), ["second"]);
    assert_eq!(listed("?state=met"), ["third"]);
    assert_eq!(listed("?state=behind"), ["기사 지원"]);
    assert_eq!(listed("?due_from=2022-11-01"), ["first", "기사 지원"]);
    assert_eq!(listed("?due_to=2022-11-01"), ["second"]);
    assert_eq!(listed("?q=MAP"), ["second"]);
    let first = w.get("viewer", "/v1/pledges?due_from=2022-11-01&limit=1");
    assert_eq!(first.rows("title"), ["first"]);
    let next = format!(
        "/v1/pledges?due_from=2022-11-01&limit=1&cursor={}",
        first.text("/next_cursor")
    );
    let second = w.get("viewer", &next);
    assert_eq!(second.told("next_cursor"), "next_cursor null");
    assert_eq!(second.rows("title"), ["기사 지원"]);
}

#[test]
fn a_repeated_request_gets_the_first_answer_and_a_dry_run_keeps_nothing() {
    let w = World::new();
    let id = promise(&w, &nothing()).made();
    let path = format!("/v1/pledges/{id}/milestones/1/review");
    let review = json!({ "status": "met" });
    let dry = format!("{path}?dry_run=true");
    let would = w.post("communicator", &dry, &review).expect(200);
    assert_eq!(would.told("version dry_run"), "version 2, dry_run true");
    assert_eq!(
        w.get("viewer", &format!("/v1/pledges/{id}"))
            .told("version"),
        "version 1"
    );
    let first = w
        .post_with_key("communicator", &path, "k", &review)
        .expect(200);
    let again = w
        .post_with_key("communicator", &path, "k", &review)
        .expect(200);
    assert_eq!(first.bytes, again.bytes);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let other = json!({ "status": "not_met" });
    let reused = w.post_with_key("communicator", &path, "k", &other);
    assert_eq!(reused.refusal(), "422 | idempotency_key_reused");
}

#[test]
fn a_pledge_that_was_altered_past_the_program_is_found() {
    for (unguarded, alter, found) in [
        (None, "UPDATE pledges SET due_on = '2030-12-31'", "pledge:"),
        (None, "UPDATE pledges SET statement = 'less'", "pledge:"),
        (
            Some("update"),
            "UPDATE pledge_steps SET due_from = '2023-01-01' \
             WHERE verb = 'reschedule'",
            "pledge:",
        ),
        (
            Some("delete"),
            "DELETE FROM pledge_steps WHERE verb = 'reschedule'",
            "all pledges",
        ),
    ] {
        let w = World::new();
        let made = promise(&w, &nothing()).expect(201);
        let slip = json!({ "due_on": "2023-03-31", "reason": "늦어짐" });
        act(&w, made.text("/id"), "reschedule", &slip).expect(200);
        assert!(w.audit().is_clean());
        let mut conn = Conn::open(&w.owner(), Use::Write).unwrap();
        let unguarded = unguarded.map(|change| w.unguarded("pledge_steps", change));
        let unguarded = unguarded.unwrap_or_default();
        conn.batch_execute(&format!("BEGIN; {unguarded} {alter};"))
            .unwrap();
        let report = audit::verify(&mut conn, &mut |_| {}).unwrap();
        conn.batch_execute("ROLLBACK").unwrap();
        let places: Vec<_> = report.differences.iter().map(|d| d.place.clone()).collect();
        assert!(
            places.iter().any(|place| place.contains(found)),
            "{alter}: {places:?}"
        );
    }
}
