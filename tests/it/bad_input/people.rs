//! Beneficiaries, wherever they are named.

use serde_json::json;

use super::{Case, Endpoint, but, choices, codes, missing, not_now, texts, wrong};
use crate::support::World;

/// Registration numbers that are none.
pub fn numbers(field: &'static str) -> Vec<Case> {
    let cases = [
        ("101-11-00014", "bad_check_digit"),
        ("1011100012", "bad_check_digit"),
        ("101-11-0001", "bad_registration_number"),
        ("10111000133", "bad_registration_number"),
        ("101-1100013", "bad_registration_number"),
        ("000-00-00000", "bad_registration_number"),
        ("１０１-11-00013", "bad_registration_number"),
        ("", "bad_registration_number"),
        ("abc-de-fghij", "bad_registration_number"),
    ];
    let mut cases: Vec<Case> = cases
        .map(|(number, code)| wrong(field, json!(number), code))
        .into();
    cases.push(wrong(field, json!(1_011_100_013), "wrong_type"));
    cases
}

/// Regions that are none on 2022-11-03.
pub fn regions(field: &'static str) -> Vec<Case> {
    let cases = [
        ("99", "unknown_region"),
        ("1", "unknown_region"),
        ("111", "unknown_region"),
        ("KR-99", "unknown_region"),
        ("KR-11110", "unknown_region"),
        ("서울", "unknown_region"),
        ("", "unknown_region"),
        ("11999", "unknown_region"),
        ("21", "region_not_valid_on_date"),
        ("12", "region_not_valid_on_date"),
    ];
    let mut cases: Vec<Case> = cases
        .map(|(region, code)| wrong(field, json!(region), code))
        .into();
    cases.push(wrong(field, json!(11), "wrong_type"));
    cases
}

#[test]
fn a_beneficiary_that_cannot_be_is_not_recorded() {
    let world = World::new();
    world.with_budget();
    let known = json!({ "kind": "merchant", "registration_number": "1011100013" });
    world
        .post("officer", "/v1/beneficiaries", &known)
        .expect(201);
    let good = json!({ "kind": "worker", "reference": "DRV-1", "program": "drivers",
        "name": "김상생", "region": "11110" });
    let number = |number| {
        [
            ("/reference", json!(null)),
            ("/registration_number", json!(number)),
        ]
    };
    let cases = [
        choices("/kind"),
        texts("/reference", 100),
        codes("/program"),
        texts("/name", 100),
        regions("/region"),
        numbers("/registration_number"),
        vec![
            missing("/kind"),
            wrong("/kind", json!("group"), "group_has_no_identity"),
            wrong("/registration_number", json!("101-11-00013"), "X")
                .told("/reference identity_twice"),
            wrong("/reference", json!(null), "X").told(" identity_required"),
            wrong("/program", json!(null), "program_required_with_reference"),
            wrong("/program", json!("nowhere"), "unknown_program"),
            wrong("/count", json!(3), "unknown_field"),
            but(&number("101-11-00013"), "409 | duplicate_beneficiary"),
            but(&number("1011100013"), "409 | duplicate_beneficiary"),
            but(
                &[("/program", json!("nowhere")), ("/region", json!("99"))],
                "422 | invalid_fields | /program unknown_program | /region unknown_region",
            ),
            but(
                &[
                    ("/kind", json!("group")),
                    ("/program", json!(null)),
                    ("/registration_number", json!("101-11-00013")),
                ],
                "422 | invalid_fields | /kind group_has_no_identity \
                 | /program program_required_with_reference | /reference identity_twice",
            ),
        ],
    ];
    let endpoint = Endpoint::post(&world, "officer", "/v1/beneficiaries");
    endpoint.refuses_all_but(&good, cases.into_iter().flatten());
    let again = Endpoint {
        key: "again".into(),
        ..endpoint
    };
    again.refuses(&good, [not_now("409 | duplicate_beneficiary")]);
}

#[test]
fn a_wrong_number_or_name_is_never_repeated_in_the_refusal() {
    let world = World::new();
    world.with_budget();
    let body = json!({ "kind": "merchant", "registration_number": "617-28-49051",
        "name": "비밀\u{202e}상회", "reference": " DRV-SECRET" });
    let refused = world
        .post("officer", "/v1/beneficiaries", &body)
        .expect(422);
    assert_eq!(refused.faults().len(), 3);
    let said = String::from_utf8(refused.bytes).unwrap();
    for secret in ["617", "49051", "비밀", "SECRET"] {
        assert!(!said.contains(secret), "{said}");
    }
}
