//! Programs and organisations.

use serde_json::{Value, json};

use super::{Case, Endpoint, but, choices, codes, days, missing, not_now, texts, wrong};
use crate::support::World;

const AHEAD: &str = "422 | invalid_fields | /effective_on in_the_future";

fn books() -> World {
    let world = World::new();
    world.with_budget();
    world.fund("closed", "1000");
    world
        .post(
            "manager",
            "/v1/funds/closed/close",
            &json!({ "reason": "끝" }),
        )
        .expect(200);
    let house = json!({ "code": "bridge", "name": { "ko": "다리", "en": "Bridge" } });
    world
        .post("manager", "/v1/organisations", &house)
        .expect(201);
    world
}

/// What of a program is checked alike when it is made and when it is changed.
fn of_programs() -> impl Iterator<Item = Case> {
    let tags = |tags: Value, fault: &str| wrong("/tags", tags, "X").told(fault);
    let labels: Vec<Value> = (0..21).map(|number| json!(number)).collect();
    let schemes: serde_json::Map<String, Value> = (0..11)
        .map(|number| (format!("s{number}"), json!([])))
        .collect();
    let funds: Vec<String> = (0..21).map(|number| format!("fund-{number}")).collect();
    let cases = [
        texts("/name/ko", 200),
        texts("/name/en", 200),
        codes("/partner"),
        codes("/funds/0"),
        choices("/approval"),
        choices("/one_payment_per"),
        texts("/area", 100),
        texts("/basis", 500),
        days("/effective_on"),
        vec![
            missing("/name/en"),
            wrong("/funds", json!("mobility"), "wrong_type"),
            wrong("/funds", json!(funds), "too_many"),
            wrong("/funds/0", json!("nowhere"), "unknown_fund"),
            wrong("/funds", json!(["mobility", "mobility"]), "X").told("/funds/1 duplicate_fund"),
            wrong("/partner", json!("nowhere"), "unknown_organisation"),
            wrong("/management_cost", json!(-1), "negative"),
            wrong("/management_cost", json!("1.5"), "not_whole"),
            wrong(
                "/management_cost",
                json!(1_000_000_000_000_001_i64),
                "too_large",
            ),
            tags(json!(["8"]), "/tags wrong_type"),
            tags(json!({ "SDG": ["8"] }), "/tags/SDG bad_scheme"),
            tags(json!({ "sdg": [""] }), "/tags/sdg/0 empty"),
            tags(json!({ "sdg": labels }), "/tags/sdg too_many"),
            tags(json!(schemes), "/tags too_many"),
            but(&[("/effective_on", json!("2022-11-04"))], AHEAD),
            but(
                &[
                    ("/partner", json!("nowhere")),
                    ("/funds/0", json!("nowhere")),
                    ("/effective_on", json!("2022-11-04")),
                ],
                "422 | invalid_fields | /effective_on in_the_future \
                 | /partner unknown_organisation | /funds/0 unknown_fund",
            ),
        ],
    ];
    cases.into_iter().flatten()
}

#[test]
fn a_program_that_cannot_be_is_not_made() {
    let world = books();
    let good = json!({
        "code": "new", "name": { "ko": "사업", "en": "Program" }, "kind": "worker_support",
        "funds": ["mobility"], "partner": "bridge", "approval": "four_eyes",
        "one_payment_per": "round", "area": "drivers", "tags": { "sdg": ["8", 10] },
        "management_cost": "0", "basis": "x", "effective_on": "2022-11-01",
    });
    let cases = [
        codes("/code"),
        choices("/kind"),
        ["/code", "/name", "/kind"].map(missing).into(),
        vec![
            wrong("/status", json!("closed"), "unknown_field"),
            wrong("/kind", json!("compensation"), "X").told("/funds compensation_has_no_funds"),
            but(&[("/code", json!("drivers"))], "409 | duplicate_code"),
            but(&[("/funds/0", json!("closed"))], "409 | fund_closed"),
        ],
    ];
    let endpoint = Endpoint::post(&world, "manager", "/v1/programs");
    endpoint.refuses_all_but(&good, of_programs().chain(cases.into_iter().flatten()));
}

#[test]
fn a_program_is_not_changed_into_one_that_cannot_be() {
    let world = books();
    let good = json!({
        "name": { "ko": "새", "en": "New" }, "funds": ["mobility"], "partner": "bridge",
        "approval": "none", "one_payment_per": "program", "area": null,
        "tags": { "sdg": 8, "gri": null }, "management_cost": 0, "effective_on": "2022-11-01",
    });
    let kept = ["/name", "/funds", "/approval", "/one_payment_per"];
    let kept = kept.map(|field| wrong(field, json!(null), "not_removable"));
    let cases = [
        wrong("/code", json!("other"), "unknown_field"),
        wrong("/kind", json!("other"), "unknown_field"),
        but(&[("/funds", json!([]))], "409 | fund_in_use"),
        but(
            &[("/funds", json!(["mobility", "closed"]))],
            "409 | fund_closed",
        ),
    ];
    let endpoint = Endpoint::patch(&world, "manager", "/v1/programs/drivers", "\"1\"");
    endpoint.refuses_all_but(&good, of_programs().chain(kept).chain(cases));
}

/// What of an organisation is checked alike when it is made and when it is changed.
fn of_organisations() -> impl Iterator<Item = Case> {
    let cases = [
        texts("/name/ko", 200),
        choices("/kind"),
        texts("/basis", 500),
        days("/effective_on"),
        super::people::numbers("/registration_number"),
        vec![
            missing("/name/ko"),
            but(&[("/effective_on", json!("2022-11-04"))], AHEAD),
        ],
    ];
    cases.into_iter().flatten()
}

#[test]
fn an_organisation_that_cannot_be_is_neither_made_nor_changed() {
    let world = books();
    let good = json!({
        "code": "new", "name": { "ko": "기관", "en": "House" }, "kind": "nonprofit",
        "registration_number": "101-11-00013", "basis": "x", "effective_on": "2022-11-01",
    });
    let cases = [
        codes("/code"),
        ["/code", "/name"].map(missing).into(),
        vec![
            wrong("/bank_account", json!("1"), "unknown_field"),
            but(&[("/code", json!("bridge"))], "409 | duplicate_code"),
        ],
    ];
    let endpoint = Endpoint::post(&world, "manager", "/v1/organisations");
    endpoint.refuses_all_but(&good, of_organisations().chain(cases.into_iter().flatten()));

    let mut good = good;
    good.as_object_mut().unwrap().remove("code");
    let cases = [
        wrong("/code", json!("other"), "unknown_field"),
        wrong("/name", json!(null), "not_removable"),
        wrong("/kind", json!(null), "not_removable"),
    ];
    let endpoint = Endpoint::patch(&world, "manager", "/v1/organisations/bridge", "\"1\"");
    endpoint.refuses_all_but(&good, of_organisations().chain(cases));
    let gone = json!({ "registration_number": null, "basis": null });
    world
        .patch("manager", "/v1/organisations/bridge", "\"2\"", &gone)
        .expect(200);
    not_now_for_a_viewer(&world);
}

/// Masters are read by a viewer and changed by none.
fn not_now_for_a_viewer(world: &World) {
    let endpoint = Endpoint::patch(world, "viewer", "/v1/organisations/bridge", "\"3\"");
    endpoint.refuses(&json!({}), [not_now("403 | missing_right")]);
}
