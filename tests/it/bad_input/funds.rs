//! Funds, and what moves their money.

use serde_json::json;

use super::{Endpoint, but, choices, codes, days, missing, money, not_now, texts, wrong};
use crate::support::World;

const AHEAD: &str = "422 | invalid_fields | /effective_on in_the_future";

/// Books with a budget, a closed fund and a closed program.
fn books() -> World {
    let world = World::new();
    world.with_budget();
    world.fund("closed", "1000");
    world.program("over", &["mobility"]);
    let why = json!({ "reason": "끝" });
    world
        .post("manager", "/v1/funds/closed/close", &why)
        .expect(200);
    world
        .post("manager", "/v1/programs/over/close", &why)
        .expect(200);
    world
}

#[test]
fn a_fund_that_cannot_be_is_not_opened() {
    let world = books();
    let good = json!({
        "code": "child", "name": { "ko": "기금", "en": "Fund" }, "kind": "internal",
        "commitment": "400000", "effective_on": "2022-11-01",
        "period": { "start": "2022-04-01", "end": "2027-03-31", "basis": "가정" },
        "part_of": "mobility", "spend_limit": "cash", "in_kind_counted_at": "list",
    });
    let cases = [
        codes("/code"),
        texts("/name/ko", 200),
        texts("/name/en", 200),
        choices("/kind"),
        money("/commitment"),
        days("/effective_on"),
        days("/period/start"),
        days("/period/end"),
        texts("/period/basis", 500),
        codes("/part_of"),
        choices("/spend_limit"),
        choices("/in_kind_counted_at"),
        ["/code", "/name", "/kind", "/commitment", "/period"]
            .map(missing)
            .into(),
        ["/name/ko", "/period/start", "/period/end"]
            .map(missing)
            .into(),
        vec![
            wrong("/name/fr", json!("Fonds"), "unknown_field"),
            wrong("/name", json!("Fund"), "wrong_type"),
            wrong("/period/end", json!("2022-03-31"), "X").told("/period end_before_start"),
            wrong("/part_of", json!("nowhere"), "unknown_fund"),
            wrong("/part_of", json!("child"), "part_of_itself"),
            but(&[("/effective_on", json!("2022-11-04"))], AHEAD),
            but(&[("/part_of", json!("closed"))], "409 | fund_closed"),
            but(
                &[("/code", json!("mobility")), ("/part_of", json!(null))],
                "409 | duplicate_code",
            ),
            but(
                &[("/code", json!("closed")), ("/part_of", json!(null))],
                "409 | duplicate_code",
            ),
            but(
                &[("/commitment", json!("400001"))],
                "409 | insufficient_unallocated",
            ),
        ],
    ];
    let endpoint = Endpoint::post(&world, "manager", "/v1/funds");
    endpoint.refuses_all_but(&good, cases.into_iter().flatten());
}

#[test]
fn every_wrong_field_of_a_fund_is_told_at_once() {
    let world = World::new();
    let body = json!({
        "code": "A", "name": { "ko": "", "fr": "x" }, "kind": "x", "commitment": 0,
        "period": { "start": "x", "end": 1 }, "part_of": "!", "spend_limit": null, "more": 1,
        "in_kind_counted_at": "fair", "effective_on": "2022-02-30",
    });
    let reply = world.post("manager", "/v1/funds", &body).expect(422);
    let mut faults = reply.faults();
    faults.sort_unstable();
    let expected = [
        "/code bad_code",
        "/commitment zero",
        "/effective_on no_such_day",
        "/in_kind_counted_at unknown_value",
        "/kind unknown_value",
        "/more unknown_field",
        "/name/en missing",
        "/name/fr unknown_field",
        "/name/ko empty",
        "/part_of bad_code",
        "/period/end wrong_type",
        "/period/start not_a_day",
    ];
    assert_eq!(faults, expected);
}

#[test]
fn a_fund_is_not_changed_into_one_that_cannot_be() {
    let world = books();
    let good = json!({
        "name": { "ko": "새", "en": "New" }, "basis": "x", "effective_on": "2022-11-01",
        "period": { "start": "2022-04-01", "end": "2027-03-31" },
    });
    let cases = [
        texts("/name/ko", 200),
        texts("/basis", 500),
        days("/effective_on"),
        days("/period/end"),
        vec![
            wrong("/name", json!(null), "not_removable"),
            wrong("/period", json!(null), "not_removable"),
            wrong("/effective_on", json!(null), "not_removable"),
            wrong("/period/start", json!("2027-04-01"), "X").told("/period end_before_start"),
            wrong("/code", json!("other"), "unknown_field"),
            wrong("/commitment", json!("1"), "unknown_field"),
            wrong("/version", json!(9), "unknown_field"),
            wrong("/status", json!("closed"), "unknown_field"),
            but(&[("/effective_on", json!("2022-11-04"))], AHEAD),
        ],
    ];
    let endpoint = Endpoint::patch(&world, "manager", "/v1/funds/mobility", "\"1\"");
    endpoint.refuses_all_but(&good, cases.into_iter().flatten());
}

#[test]
fn a_fund_is_closed_and_reopened_once_and_for_a_reason() {
    let world = books();
    let good = json!({ "reason": "끝" });
    let cases = || {
        texts("/reason", 500)
            .into_iter()
            .chain([missing("/reason")])
    };
    for (path, refusal) in [
        ("/v1/funds/mobility/close", "409 | already_so"),
        ("/v1/funds/mobility/reopen", "409 | already_so"),
        ("/v1/programs/drivers/close", "409 | invalid_state"),
        ("/v1/programs/drivers/reopen", "409 | invalid_state"),
    ] {
        Endpoint::post(&world, "manager", path).refuses_all_but(&good, cases());
        let again = Endpoint {
            key: "again".into(),
            ..Endpoint::post(&world, "manager", path)
        };
        again.refuses(&good, [not_now(refusal)]);
    }
}

#[test]
fn a_plan_that_cannot_be_is_not_set() {
    let world = books();
    let line = json!({ "fiscal_year": 2022, "program": "drivers", "amount": "1000" });
    let other = json!({ "fiscal_year": 2023, "area": "merchants", "amount": "1000" });
    let good = json!({ "version_reason": "처음", "lines": [line, other] });
    let many = vec![json!({ "fiscal_year": 2022, "amount": 1 }); 501];
    let cases = [
        texts("/version_reason", 500),
        money("/lines/0/amount"),
        codes("/lines/0/program"),
        texts("/lines/1/area", 100),
        [
            "/version_reason",
            "/lines",
            "/lines/0/fiscal_year",
            "/lines/1/amount",
        ]
        .map(missing)
        .into(),
        vec![
            wrong("/lines/0/fiscal_year", json!(1899), "too_small"),
            wrong("/lines/0/fiscal_year", json!(2200), "too_large"),
            wrong("/lines/0/fiscal_year", json!("2022"), "wrong_type"),
            wrong("/lines/1/program", json!("drivers"), "X").told("/lines/1 program_or_area"),
            wrong("/lines/0/program", json!("nowhere"), "unknown_program"),
            wrong("/lines", json!({}), "wrong_type"),
            wrong("/lines", json!(many), "too_many"),
            wrong("/lines/1", json!(7), "wrong_type"),
            wrong("/lines/1/colour", json!("red"), "unknown_field"),
            wrong("/effective_on", json!("2022-11-04"), "in_the_future"),
        ],
    ];
    let endpoint = Endpoint::post(&world, "manager", "/v1/funds/mobility/plans");
    endpoint.refuses_all_but(&good, cases.into_iter().flatten());
    let closed = Endpoint::post(&world, "manager", "/v1/funds/closed/plans");
    closed.refuses(&good, [not_now("409 | fund_closed")]);
}

#[test]
fn a_commitment_is_not_changed_beyond_what_is_there() {
    let world = books();
    world.child_fund("child", "mobility", "1000").expect(201);
    let good = json!({ "change": "lower", "amount": "399000", "reason": "x",
        "effective_on": "2022-11-01" });
    let cases = || {
        let cases = [
            choices("/change"),
            money("/amount"),
            texts("/reason", 500),
            days("/effective_on"),
            ["/change", "/amount", "/reason"].map(missing).into(),
            vec![but(&[("/effective_on", json!("2022-11-04"))], AHEAD)],
        ];
        cases.into_iter().flatten()
    };
    let endpoint = Endpoint::post(&world, "manager", "/v1/funds/mobility/commitments");
    let below = but(&[("/amount", json!("399001"))], "409 | below_allocated");
    endpoint.refuses_all_but(&good, cases().chain([below]));
    let child = Endpoint::post(&world, "manager", "/v1/funds/child/commitments");
    let raise = json!({ "change": "raise", "amount": "1", "reason": "x" });
    child.refuses(&raise, [not_now("409 | insufficient_unallocated")]);
    let closed = Endpoint::post(&world, "manager", "/v1/funds/closed/commitments");
    closed.refuses(&raise, [not_now("409 | fund_closed")]);
}

#[test]
fn a_contribution_is_refused_and_reversed_within_bounds() {
    let world = books();
    world.child_fund("child", "mobility", "1000").expect(201);
    world.fund_with("stranger", "5", &json!({ "spend_limit": "cash" }));
    let good = json!({ "amount": "700", "from": "회사", "effective_on": "2022-11-01" });
    let cases = [
        money("/amount"),
        texts("/from", 100),
        days("/effective_on"),
        ["/amount", "/from"].map(missing).into(),
        vec![
            but(&[("/effective_on", json!("2022-11-04"))], AHEAD),
            wrong("/from", json!("stranger"), "not_the_parent_fund"),
            wrong("/from", json!("mobility"), "not_the_parent_fund"),
        ],
    ];
    let endpoint = Endpoint::post(&world, "manager", "/v1/funds/mobility/contributions");
    let made = endpoint.refuses_all_but(&good, cases.into_iter().flatten());
    let closed = Endpoint::post(&world, "manager", "/v1/funds/closed/contributions");
    closed.refuses(&good, [not_now("409 | fund_closed")]);

    let reverse = |fund: &str, id: &str| {
        let path = format!("/v1/funds/{fund}/contributions/{id}/reverse");
        Endpoint::post(&world, "manager", path)
    };
    let id = made.text("/id");
    let why = json!({ "reason": "잘못", "effective_on": "2022-11-02" });
    let early = but(
        &[("/effective_on", json!("2022-10-31"))],
        "409 | before_previous_step",
    );
    let cases = [
        texts("/reason", 500),
        days("/effective_on"),
        vec![
            missing("/reason"),
            but(&[("/effective_on", json!("2022-11-04"))], AHEAD),
            early,
        ],
    ];
    for odd in ["1-1", "9-9", "0-1", "x", "1", "1-", "-1-1"] {
        reverse("mobility", odd).refuses(&why, [not_now("404 | not_found")]);
    }
    for other in ["child", "closed", "nowhere"] {
        reverse(other, id).refuses(&why, [not_now("404 | not_found")]);
    }
    reverse("mobility", id).refuses_all_but(&why, cases.into_iter().flatten());
    let again = Endpoint {
        key: "again".into(),
        ..reverse("mobility", id)
    };
    again.refuses(&why, [not_now("409 | already_reversed")]);
}

#[test]
fn a_reversal_does_not_take_cash_that_was_spent() {
    let world = World::new();
    world.fund_with("cash", "1000", &json!({ "spend_limit": "cash" }));
    world.program("drivers", &["cash"]);
    world.allocate("cash", "drivers", "1000");
    let id = world.submit("drivers", "DRV-1", "500");
    world
        .verb("approver", &id, "approve", &json!({}))
        .expect(200);
    let pay = Endpoint::post(&world, "treasurer", format!("/v1/disbursements/{id}/pay"));
    pay.refuses(&json!({}), [not_now("409 | insufficient_cash")]);
    let paid_in = json!({ "amount": "600", "from": "회사" });
    let made = world
        .post("manager", "/v1/funds/cash/contributions", &paid_in)
        .expect(201);
    pay.refuses_all_but(&json!({}), []);
    let path = format!("/v1/funds/cash/contributions/{}/reverse", made.text("/id"));
    let reverse = Endpoint::post(&world, "manager", path);
    reverse.refuses(
        &json!({ "reason": "x" }),
        [not_now("409 | insufficient_cash")],
    );
}

#[test]
fn an_allocation_that_cannot_be_is_not_made() {
    let world = books();
    world.program("outside", &[]);
    let good = json!({ "program": "drivers", "amount": "400000", "fiscal_year": 2022,
        "effective_on": "2022-11-01", "kind": "allocate" });
    let kind = |kind: &str| ("/kind", json!(kind));
    let cases = [
        codes("/program"),
        money("/amount"),
        days("/effective_on"),
        choices("/kind"),
        ["/program", "/amount", "/kind"].map(missing).into(),
        vec![
            wrong("/fiscal_year", json!(1899), "too_small"),
            wrong("/fiscal_year", json!(2022.5), "not_whole"),
            wrong("/fiscal_year", json!("2022"), "wrong_type"),
            wrong("/to_fiscal_year", json!(2200), "too_large"),
            wrong("/program", json!("nowhere"), "unknown_program"),
            wrong("/program", json!("outside"), "program_not_of_fund"),
            wrong("/to_fiscal_year", json!(2023), "only_for_carry_over"),
            but(&[("/effective_on", json!("2022-11-04"))], AHEAD),
            but(
                &[kind("carry_over")],
                "422 | invalid_fields | /to_fiscal_year missing",
            ),
            but(
                &[kind("carry_over"), ("/to_fiscal_year", json!(2022))],
                "422 | invalid_fields | /to_fiscal_year same_fiscal_year",
            ),
            but(
                &[kind("lapse"), ("/fiscal_year", json!(null))],
                "422 | invalid_fields | /fiscal_year fiscal_year_required",
            ),
            but(
                &[
                    ("/program", json!("nowhere")),
                    kind("carry_over"),
                    ("/fiscal_year", json!(null)),
                    ("/effective_on", json!("2022-11-04")),
                ],
                "422 | invalid_fields | /program unknown_program | /to_fiscal_year missing \
                 | /fiscal_year fiscal_year_required | /effective_on in_the_future",
            ),
            but(&[("/amount", json!("400001"))], "409 | over_allocation"),
            but(&[kind("release")], "409 | insufficient_available"),
            but(&[kind("lapse")], "409 | insufficient_available"),
            but(
                &[kind("carry_over"), ("/to_fiscal_year", json!(2023))],
                "409 | insufficient_available",
            ),
            but(
                &[
                    kind("release"),
                    ("/fiscal_year", json!(null)),
                    ("/amount", json!("600001")),
                ],
                "409 | insufficient_available",
            ),
            but(&[("/program", json!("over"))], "409 | program_closed"),
        ],
    ];
    let endpoint = Endpoint::post(&world, "manager", "/v1/funds/mobility/allocations");
    endpoint.refuses_all_but(&good, cases.into_iter().flatten());
    let closed = Endpoint::post(&world, "manager", "/v1/funds/closed/allocations");
    closed.refuses(&good, [not_now("409 | fund_closed")]);
}
