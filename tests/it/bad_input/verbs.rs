//! What is done to disbursements and donations: every verb, in every state, with every fault.

use serde_json::{Value, json};

use super::{Case, Endpoint, but, choices, days, missing, money, not_now, texts, wrong};
use crate::support::World;

const AHEAD: &str = "422 | invalid_fields | /effective_on in_the_future";
const EARLY: &str = "409 | before_previous_step";

/// Books with a budget of 600,000 won and somebody to give to.
fn books() -> World {
    let world = World::new();
    world.with_budget();
    let house = json!({ "code": "bridge", "name": { "ko": "다리", "en": "Bridge" } });
    world
        .post("manager", "/v1/organisations", &house)
        .expect(201);
    world
}

/// A new record of either noun over 1,000 won, submitted on 2022-11-02: where it is.
fn submitted(world: &World, noun: &str) -> String {
    let mut body = json!({ "program": "drivers", "form": "cash", "amount": "1000",
        "planned_on": "2022-11-03", "effective_on": "2022-11-02" });
    if noun == "donations" {
        let more = json!({ "recipient": "bridge", "recipient_role": "end", "designated": true });
        crate::support::merge(&mut body, &more);
    } else {
        body["beneficiary"] = json!({ "kind": "worker", "reference": "DRV-1" });
    }
    let made = world
        .post("officer", &format!("/v1/{noun}"), &body)
        .expect(201);
    made.header("location").unwrap().to_owned()
}

const NOUNS: [&str; 2] = ["disbursements", "donations"];

/// The verbs: who does each, and with what.
fn verbs() -> Vec<(&'static str, &'static str, Value)> {
    let why = json!({ "reason": "x" });
    vec![
        ("approve", "approver", json!({})),
        ("reject", "approver", why.clone()),
        ("withdraw", "officer", why.clone()),
        ("resubmit", "officer", json!({})),
        ("cancel", "approver", why.clone()),
        ("pay", "treasurer", json!({})),
        ("return", "treasurer", why),
        (
            "refund",
            "treasurer",
            json!({ "reason": "x", "reason_class": "error" }),
        ),
    ]
}

fn done(world: &World, path: &str, verb: &str, more: &Value) {
    let (_, user, mut body) = verbs()
        .into_iter()
        .find(|(name, ..)| *name == verb)
        .unwrap();
    crate::support::merge(&mut body, more);
    world
        .post(user, &format!("{path}/{verb}"), &body)
        .expect(200);
}

/// Each state, what leads there, and the verbs that it allows.
const STATES: [(&str, &str, &str); 9] = [
    ("submitted", "", "approve reject withdraw"),
    ("rejected", "reject", "withdraw resubmit"),
    ("withdrawn", "withdraw", ""),
    ("approved", "approve", "cancel pay"),
    ("cancelled", "approve cancel", ""),
    ("partly_paid", "approve pay:400", "cancel pay return refund"),
    ("paid", "approve pay", "return refund"),
    ("partly_refunded", "approve pay refund:400", "return refund"),
    ("refunded", "approve pay refund", ""),
];

#[test]
fn a_verb_that_the_state_does_not_allow_changes_nothing() {
    let world = books();
    for noun in NOUNS {
        for (state, steps, allowed) in STATES {
            let path = submitted(&world, noun);
            for step in steps.split_whitespace() {
                let (verb, amount) = step.split_once(':').unwrap_or((step, ""));
                let more = if amount.is_empty() {
                    json!({})
                } else {
                    json!({ "amount": amount })
                };
                done(&world, &path, verb, &more);
            }
            assert_eq!(world.get("viewer", &path).text("/status"), state);
            for (verb, user, good) in verbs() {
                let on = format!("{path}/{verb}");
                if allowed.split_whitespace().any(|known| known == verb) {
                    let rehearsal = format!("{on}?dry_run=true");
                    world.post(user, &rehearsal, &good).expect(200);
                } else {
                    let left = state == "partly_refunded" && ["pay", "cancel"].contains(&verb);
                    let code = if left {
                        "nothing_left"
                    } else {
                        "invalid_state"
                    };
                    Endpoint::post(&world, user, on)
                        .refuses(&good, [not_now(&format!("409 | {code}"))]);
                }
            }
        }
    }
}

/// What every verb that may be dated refuses, where the step before was on 2022-11-02.
fn of_days() -> impl Iterator<Item = Case> {
    let cases = [
        but(&[("/effective_on", json!("2022-11-04"))], AHEAD),
        but(&[("/effective_on", json!("2022-11-01"))], EARLY),
        wrong("/colour", json!("red"), "unknown_field"),
        wrong("/actor", json!("treasurer2"), "unknown_field"),
    ];
    days("/effective_on").into_iter().chain(cases)
}

#[test]
fn every_verb_refuses_what_is_wrong_with_its_body() {
    let world = books();
    for noun in NOUNS {
        let path = submitted(&world, noun);
        let on =
            |user: &'static str, verb: &str| Endpoint::post(&world, user, format!("{path}/{verb}"));
        let day = ("effective_on", "2022-11-02");
        let why = json!({ "reason": "x", day.0: day.1 });
        let reason = || {
            texts("/reason", 500)
                .into_iter()
                .chain([missing("/reason")])
        };

        on("approver", "reject").refuses_all_but(&why, of_days().chain(reason()));
        on("officer", "resubmit").refuses_all_but(&json!({ day.0: day.1 }), of_days());
        on("officer", "withdraw").refuses(&why, of_days().chain(reason()));
        let amount = wrong("/amount", json!("1000"), "unknown_field");
        let approval = json!({ day.0: day.1 });
        on("approver", "approve").refuses_all_but(&approval, of_days().chain([amount]));
        on("approver", "cancel").refuses(&why, of_days().chain(reason()));

        let payment = json!({ day.0: day.1, "amount": "1000", "bank_reference": "B-1" });
        let more = but(&[("/amount", json!("1001"))], "409 | more_than_awaiting");
        let cases = of_days()
            .chain(money("/amount"))
            .chain(texts("/bank_reference", 100))
            .chain([more, wrong("/reason", json!("x"), "unknown_field")]);
        on("treasurer", "pay").refuses_all_but(&payment, cases);

        let back = json!({ day.0: day.1, "amount": "400", "reason": "x" });
        let more = but(&[("/amount", json!("1001"))], "409 | more_than_paid");
        let cases = of_days()
            .chain(money("/amount"))
            .chain(reason())
            .chain([more]);
        on("treasurer", "return").refuses_all_but(&back, cases);

        let refund = json!({ day.0: day.1, "amount": "600", "reason": "x",
            "reason_class": "clawback" });
        let more = but(&[("/amount", json!("601"))], "409 | more_than_paid");
        let cases = of_days()
            .chain(money("/amount"))
            .chain(reason())
            .chain(choices("/reason_class"))
            .chain([missing("/reason_class"), more]);
        on("treasurer", "refund").refuses_all_but(&refund, cases);
        on("approver", "cancel").refuses_all_but(&why, []);
    }
}

#[test]
fn whoever_recorded_or_changed_an_entry_never_decides_on_it() {
    let world = books();
    let jack = world.jack_of_all_trades();
    for noun in NOUNS {
        // Recorded by one officer, changed by another who has every other role as well.
        let path = submitted(&world, noun);
        world
            .patch(&jack, &path, "\"1\"", &json!({ "amount": "900" }))
            .expect(200);
        for (verb, _, good) in verbs() {
            let code = match verb {
                "resubmit" => "409 | invalid_state",
                "withdraw" => "403 | not_recorder",
                _ => "403 | own_record",
            };
            Endpoint::post(&world, &jack, format!("{path}/{verb}")).refuses(&good, [not_now(code)]);
        }
        let stranger = Endpoint::post(&world, "officer2", format!("{path}/withdraw"));
        stranger.refuses(&json!({ "reason": "x" }), [not_now("403 | not_recorder")]);
    }
}

#[test]
fn nothing_is_approved_beyond_what_is_available_nor_in_what_is_closed() {
    let world = books();
    let large = world.submit("drivers", "DRV-1", "600001");
    let approve = |id: &str| {
        Endpoint::post(
            &world,
            "approver",
            format!("/v1/disbursements/{id}/approve"),
        )
    };
    approve(&large).refuses(&json!({}), [not_now("409 | insufficient_available")]);
    let all = world.submit("drivers", "DRV-2", "600000");
    approve(&all).refuses_all_but(&json!({}), []);
    let one = world.submit("drivers", "DRV-3", "1");
    approve(&one).refuses(&json!({}), [not_now("409 | insufficient_available")]);
    world
        .verb("approver", &all, "cancel", &json!({ "reason": "x" }))
        .expect(200);
    let why = json!({ "reason": "끝" });
    for (path, code) in [
        ("/v1/programs/drivers", "409 | program_closed"),
        ("/v1/funds/mobility", "409 | fund_closed"),
    ] {
        world
            .post("manager", &format!("{path}/close"), &why)
            .expect(200);
        approve(&one).refuses(&json!({}), [not_now(code)]);
        world
            .post("manager", &format!("{path}/reopen"), &why)
            .expect(200);
    }
    approve(&one).refuses_all_but(&json!({}), []);
}

#[test]
fn a_receipt_comes_once_and_after_the_payment() {
    let world = books();
    let path = submitted(&world, "donations");
    let receipt = Endpoint::post(&world, "officer", format!("{path}/receipt"));
    let good = json!({ "number": "2022-1", "issued_on": "2022-11-03", "class": "특례" });
    receipt.refuses(&good, [not_now("409 | invalid_state")]);
    done(&world, &path, "approve", &json!({}));
    receipt.refuses(&good, [not_now("409 | invalid_state")]);
    done(&world, &path, "pay", &json!({}));
    let cases = [
        texts("/number", 100),
        days("/issued_on"),
        choices("/class"),
        ["/number", "/issued_on", "/class"].map(missing).into(),
        vec![
            wrong("/issued_on", json!("2022-11-04"), "in_the_future"),
            but(&[("/issued_on", json!("2022-11-02"))], EARLY),
        ],
    ];
    receipt.refuses_all_but(&good, cases.into_iter().flatten());
    let again = Endpoint {
        key: "again".into(),
        ..receipt
    };
    again.refuses(&good, [not_now("409 | receipt_exists")]);
}
