//! Disbursements and donations as they are recorded and changed.

use serde_json::{Value, json};

use super::people::{numbers, regions};
use super::{Case, Endpoint, but, choices, codes, days, missing, money, not_now, texts, wrong};
use crate::support::World;

const AHEAD: &str = "422 | invalid_fields | /effective_on in_the_future";

/// Books with programs of every sort: of one fund, of two, of none, closed, in kind, by rounds.
fn books() -> World {
    let world = World::new();
    world.with_budget();
    world.fund("second", "1000");
    world.fund("other", "1000");
    world.fund_with(
        "listed",
        "1000000",
        &json!({ "in_kind_counted_at": "list" }),
    );
    world.program("two", &["mobility", "second"]);
    world.program("outside", &[]);
    world.program("credit", &["listed"]);
    world.program_with(
        "rounds",
        &["mobility"],
        &json!({ "one_payment_per": "round" }),
    );
    world.program_with("once", &[], &json!({ "one_payment_per": "program" }));
    world.program_with("damage", &[], &json!({ "kind": "compensation" }));
    world.program("over", &["mobility"]);
    world.program("ended", &["other"]);
    let why = json!({ "reason": "끝" });
    world
        .post("manager", "/v1/programs/over/close", &why)
        .expect(200);
    world
        .post("manager", "/v1/funds/other/close", &why)
        .expect(200);
    let house = json!({ "code": "bridge", "name": { "ko": "다리", "en": "Bridge" } });
    world
        .post("manager", "/v1/organisations", &house)
        .expect(201);
    world
}

/// What disbursements and donations are checked for alike.
fn of_both() -> impl Iterator<Item = Case> {
    let program = |code: &str| ("/program", json!(code));
    let many: serde_json::Map<String, Value> = (0..21)
        .map(|number| (format!("a{number}"), json!("x")))
        .collect();
    let labels = |labels: Value, fault: &str| wrong("/attributes", labels, "X").told(fault);
    let cases = [
        codes("/program"),
        codes("/fund"),
        choices("/form"),
        money("/amount"),
        money("/values/list"),
        money("/values/fair"),
        days("/planned_on"),
        days("/effective_on"),
        texts("/purpose", 500),
        texts("/external_id", 100),
        vec![
            missing("/form"),
            missing("/amount"),
            missing("/planned_on"),
            wrong("/id", json!("x"), "unknown_field"),
            wrong("/status", json!("approved"), "unknown_field"),
            wrong("/recorded_by", json!("approver"), "unknown_field"),
            wrong("/amounts", json!({ "paid": "1" }), "unknown_field"),
            wrong("/values/cost", json!(-1), "negative"),
            wrong("/values/market", json!(1), "unknown_field"),
            wrong("/fiscal_year", json!(1899), "too_small"),
            wrong("/fiscal_year", json!(2200), "too_large"),
            wrong("/fiscal_year", json!(2022.5), "not_whole"),
            labels(json!(["a"]), "/attributes wrong_type"),
            labels(json!(many), "/attributes too_many"),
            labels(
                json!({ "Wave": "1" }),
                "/attributes/Wave bad_attribute_name",
            ),
            labels(json!({ "wave": "" }), "/attributes/wave empty"),
            labels(json!({ "wave": 1 }), "/attributes/wave wrong_type"),
            labels(
                json!({ "wave": "x".repeat(201) }),
                "/attributes/wave too_long",
            ),
            wrong("/program", json!("nowhere"), "unknown_program"),
            wrong("/fund", json!("nowhere"), "fund_not_of_program"),
            wrong("/fund", json!("other"), "fund_not_of_program"),
            wrong("/program", json!("outside"), "X").told("/fund fund_not_of_program"),
            but(
                &[program("two"), ("/fund", json!(null))],
                "422 | invalid_fields | /fund fund_required",
            ),
            but(
                &[
                    program("outside"),
                    ("/fund", json!(null)),
                    ("/fiscal_year", json!(2022)),
                ],
                "422 | invalid_fields | /fiscal_year fiscal_year_without_fund",
            ),
            but(&[("/effective_on", json!("2022-11-04"))], AHEAD),
            but(&[program("over")], "409 | program_closed"),
            but(
                &[program("ended"), ("/fund", json!("other"))],
                "409 | fund_closed",
            ),
            // In kind, at the value that the fund counts, and outside any fund at its cost.
            but(
                &[("/form", json!("in_kind")), ("/values", json!(null))],
                "422 | invalid_fields | /values/cost value_required_in_kind",
            ),
            but(
                &[("/form", json!("in_kind")), ("/values/cost", json!("999"))],
                "422 | invalid_fields | /amount amount_is_not_value",
            ),
            but(
                &[
                    ("/form", json!("in_kind")),
                    program("credit"),
                    ("/fund", json!(null)),
                    ("/values", json!({ "cost": "1000" })),
                ],
                "422 | invalid_fields | /values/list value_required_in_kind",
            ),
            but(
                &[
                    ("/form", json!("in_kind")),
                    program("outside"),
                    ("/fund", json!(null)),
                    ("/values", json!({ "list": "1000" })),
                ],
                "422 | invalid_fields | /values/cost value_required_in_kind",
            ),
        ],
    ];
    cases.into_iter().flatten()
}

fn grant() -> Value {
    json!({
        "program": "drivers", "fund": "mobility", "round": "1", "form": "cash", "amount": "1000",
        "beneficiary": { "kind": "worker", "reference": "DRV-1", "name": "김상생", "region": "11" },
        "values": { "cost": "0", "list": "1", "fair": "1" }, "planned_on": "2022-11-03",
        "effective_on": "2022-11-01", "purpose": "x", "external_id": "E-1",
        "voucher_number": "V-1", "attributes": { "wave": "1" },
    })
}

fn gift() -> Value {
    json!({
        "program": "drivers", "fund": "mobility", "recipient": "bridge", "designated": true,
        "recipient_role": "end", "form": "cash", "amount": "1000", "values": { "cost": 0 },
        "planned_on": "2022-11-03", "effective_on": "2022-11-01", "purpose": "x",
        "approval_document": "D-1", "basis": "x", "external_id": "E-1",
        "attributes": { "wave": "1" },
    })
}

#[test]
fn a_disbursement_that_cannot_be_is_not_recorded() {
    let world = books();
    let group = |more: Value| {
        let mut group = json!({ "kind": "group" });
        crate::support::merge(&mut group, &more);
        ("/beneficiary", group)
    };
    let cases = [
        choices("/beneficiary/kind"),
        texts("/beneficiary/reference", 100),
        texts("/beneficiary/name", 100),
        regions("/beneficiary/region"),
        numbers("/beneficiary/registration_number"),
        texts("/round", 100),
        texts("/voucher_number", 100),
        ["/program", "/beneficiary", "/beneficiary/kind"]
            .map(missing)
            .into(),
        vec![
            wrong("/program", json!(null), "wrong_type"),
            wrong("/beneficiary", json!("DRV-1"), "wrong_type"),
            wrong("/beneficiary/id", json!("x"), "unknown_field"),
            wrong("/beneficiary/reference", json!(null), "X")
                .told("/beneficiary identity_required"),
            wrong(
                "/beneficiary/registration_number",
                json!("101-11-00013"),
                "X",
            )
            .told("/beneficiary/reference identity_twice"),
            wrong("/beneficiary/count", json!(2), "count_without_group"),
            wrong("/beneficiary/count", json!(0), "too_small"),
            wrong("/beneficiary/count", json!("2"), "wrong_type"),
            but(
                &[group(json!({}))],
                "422 | invalid_fields | /beneficiary/count missing",
            ),
            but(
                &[group(json!({ "count": 3, "reference": "a", "name": "b" }))],
                "422 | invalid_fields | /beneficiary/reference group_has_no_identity \
                 | /beneficiary/name group_has_no_identity",
            ),
            but(
                &[("/program", json!("rounds")), ("/round", json!(null))],
                "422 | invalid_fields | /round round_required",
            ),
            but(
                &[
                    ("/program", json!("nowhere")),
                    ("/beneficiary/region", json!("99")),
                ],
                "422 | invalid_fields | /program unknown_program \
                 | /beneficiary/region unknown_region",
            ),
        ],
    ];
    let endpoint = Endpoint::post(&world, "officer", "/v1/disbursements");
    endpoint.refuses_all_but(&grant(), of_both().chain(cases.into_iter().flatten()));
    let again = Endpoint {
        key: "again".into(),
        ..endpoint
    };
    again.refuses(&grant(), [not_now("409 | duplicate_external_id")]);
}

#[test]
fn the_books_tell_every_wrong_field_of_a_disbursement_at_once() {
    let world = books();
    let mut body = grant();
    body["fund"] = json!("other");
    body["fiscal_year"] = json!(2022);
    body["effective_on"] = json!("2022-11-04");
    body["form"] = json!("in_kind");
    body["values"] = json!({});
    body["beneficiary"]["region"] = json!("21");
    let refused = world.post("officer", "/v1/disbursements", &body);
    let expected = [
        "/fund fund_not_of_program",
        "/effective_on in_the_future",
        "/fiscal_year fiscal_year_without_fund",
        "/values/cost value_required_in_kind",
        "/beneficiary/region region_not_valid_on_date",
    ];
    assert_eq!(refused.expect(422).faults(), expected);
}

#[test]
fn nobody_is_paid_twice_in_a_round_nor_in_a_program_that_pays_once() {
    let world = books();
    let to = |program: &str, round: Value| {
        let mut body = world.cash_to(program, "DRV-1", "100");
        body["round"] = round;
        body
    };
    for (program, round, code) in [
        ("rounds", json!("1"), "409 | duplicate_beneficiary_in_round"),
        ("once", json!("1"), "409 | duplicate_beneficiary_in_program"),
    ] {
        let first = world
            .post("officer", "/v1/disbursements", &to(program, round))
            .expect(201);
        let again = Endpoint::post(&world, "officer", "/v1/disbursements");
        again.refuses(&to(program, json!("1")), [not_now(code)]);
        let refused = world.post("officer2", "/v1/disbursements", &to(program, json!("1")));
        assert_eq!(refused.text("/facts/id"), first.text("/id"));
    }
    let second = world.post("officer", "/v1/disbursements", &to("rounds", json!("2")));
    let path = second.expect(201).header("location").unwrap().to_owned();
    let endpoint = Endpoint::patch(&world, "officer", path, "\"1\"");
    endpoint.refuses(
        &json!({ "round": "1" }),
        [
            not_now("409 | duplicate_beneficiary_in_round"),
            wrong("/round", json!(null), "round_required"),
        ],
    );
}

#[test]
fn a_donation_that_cannot_be_is_not_recorded() {
    let world = books();
    let cases = [
        codes("/recipient"),
        choices("/recipient_role"),
        texts("/approval_document", 100),
        texts("/basis", 500),
        ["/recipient", "/recipient_role", "/designated"]
            .map(missing)
            .into(),
        vec![
            wrong("/designated", json!("true"), "wrong_type"),
            wrong("/designated", json!(1), "wrong_type"),
            wrong("/recipient", json!("nowhere"), "unknown_organisation"),
            wrong("/program", json!(null), "program_required_with_fund"),
            but(
                &[("/program", json!("damage")), ("/fund", json!(null))],
                "422 | invalid_fields | /program compensation_is_no_giving",
            ),
            but(
                &[
                    ("/program", json!("nowhere")),
                    ("/recipient", json!("nowhere")),
                    ("/effective_on", json!("2022-11-04")),
                ],
                "422 | invalid_fields | /program unknown_program | /effective_on in_the_future \
                 | /recipient unknown_organisation",
            ),
        ],
    ];
    let endpoint = Endpoint::post(&world, "officer", "/v1/donations");
    endpoint.refuses_all_but(&gift(), of_both().chain(cases.into_iter().flatten()));
    let again = Endpoint {
        key: "again".into(),
        ..endpoint
    };
    again.refuses(&gift(), [not_now("409 | duplicate_external_id")]);
}

/// What changes of either are checked for alike.
fn of_changes() -> impl Iterator<Item = Case> {
    let kept = ["/amount", "/values", "/planned_on"];
    let kept = kept.map(|field| wrong(field, json!(null), "not_removable"));
    let fixed = [
        "/program",
        "/fund",
        "/form",
        "/fiscal_year",
        "/status",
        "/version",
    ];
    let fixed = fixed.map(|field| wrong(field, json!("x"), "unknown_field"));
    let many: serde_json::Map<String, Value> = (0..20)
        .map(|number| (format!("a{number}"), json!("x")))
        .collect();
    let cases = [
        money("/amount"),
        money("/values/list"),
        days("/planned_on"),
        texts("/purpose", 500),
        texts("/external_id", 100),
        vec![
            wrong("/attributes", json!({ "a b": "x" }), "X")
                .told("/attributes/a b bad_attribute_name"),
            wrong("/attributes", json!(many), "too_many"),
            but(
                &[("/external_id", json!("TAKEN"))],
                "409 | duplicate_external_id",
            ),
        ],
    ];
    cases.into_iter().flatten().chain(kept).chain(fixed)
}

#[test]
fn a_record_is_not_changed_into_one_that_cannot_be() {
    let world = books();
    for (path, good, own) in [
        ("/v1/disbursements", grant(), "/round"),
        ("/v1/donations", gift(), "/approval_document"),
    ] {
        let mut taken = good.clone();
        taken["external_id"] = json!("TAKEN");
        world.post("officer", path, &taken).expect(201);
        let made = world.post("officer", path, &good).expect(201);
        let location = made.header("location").unwrap();
        let change = json!({ "amount": "2000", "values": { "cost": "0" }, "attributes": {},
            "planned_on": "2022-12-01", "purpose": "y", "external_id": null });
        let cases = of_changes().chain(texts(own, 100)).chain([
            wrong("/effective_on", json!("2022-11-01"), "unknown_field"),
            wrong("/recipient", json!("x"), "unknown_field"),
        ]);
        let endpoint = Endpoint::patch(&world, "officer", location, "\"1\"");
        endpoint.refuses_all_but(&change, cases);
        let why = json!({ "reason": "x" });
        world
            .post("approver", &format!("{location}/reject"), &why)
            .expect(200);
        let late = Endpoint::patch(&world, "officer", location, "\"3\"");
        late.refuses(&change, [not_now("409 | invalid_state")]);
        let resubmit = Endpoint::post(&world, "officer", format!("{location}/resubmit"));
        let cases = of_changes().chain(days("/effective_on")).chain([
            but(&[("/effective_on", json!("2022-11-04"))], AHEAD),
            but(
                &[("/effective_on", json!("2022-10-31"))],
                "409 | before_previous_step",
            ),
        ]);
        resubmit.refuses_all_but(&change, cases);
        let again = Endpoint {
            key: "again".into(),
            ..resubmit
        };
        again.refuses(&change, [not_now("409 | invalid_state")]);
    }
    let only = [(
        "/v1/disbursements",
        "/beneficiary/region",
        json!({ "beneficiary": { "region": "11" } }),
    )];
    for (path, field, good) in only {
        let made = world
            .post("officer", path, &world.cash_to("outside", "X", "1"))
            .expect(201);
        let endpoint =
            Endpoint::patch(&world, "officer", made.header("location").unwrap(), "\"1\"");
        let name = wrong("/beneficiary/name", json!("x"), "unknown_field");
        endpoint.refuses_all_but(&good, regions(field).into_iter().chain([name]));
    }
}
