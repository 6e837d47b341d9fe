//! Users, passwords, and signing in.

use serde_json::{Value, json};

use super::{Case, Endpoint, but, choices, missing, not_now, spoiled, wrong};
use crate::support::{PASSWORD, World};

/// Passwords that nobody may choose.
fn passwords(field: &'static str) -> Vec<Case> {
    let cases = [
        (json!("seven77"), "password_too_short"),
        (json!("일곱글자입니다"), "password_too_short"),
        (json!("x y ".repeat(33)), "password_too_long"),
        (json!("password1!"), "password_too_common"),
        (json!("aaaaaaaaaaaa"), "password_too_common"),
        (json!("sangsaeng-2022"), "password_too_common"),
        (json!(""), "empty"),
        (json!("x".repeat(1_025)), "too_long"),
        (json!(12_345_678), "wrong_type"),
        (json!(null), "wrong_type"),
    ];
    cases.map(|(value, code)| wrong(field, value, code)).into()
}

/// Addresses that are none.
fn addresses(field: &'static str) -> Vec<Case> {
    let long = format!("{}@test.example", "a".repeat(65));
    let cases = [
        "",
        "kim",
        "kim@",
        "@test.example",
        "kim@@test.example",
        "kim @test.example",
        "김@test.example",
        "kim@test.example\n",
        &long,
    ];
    let mut cases: Vec<Case> = cases
        .map(|text| wrong(field, json!(text), "invalid_email"))
        .into();
    cases.push(wrong(field, json!(7), "wrong_type"));
    cases
}

#[test]
fn a_user_that_cannot_be_is_not_made() {
    let world = World::new();
    let good = json!({ "email": "kim@test.example", "password": "a quiet blue morning",
        "roles": ["officer", "viewer"] });
    let cases = [
        addresses("/email"),
        passwords("/password"),
        choices("/roles/0"),
        ["/email", "/password", "/roles"].map(missing).into(),
        vec![
            wrong("/roles", json!("officer"), "wrong_type"),
            wrong("/roles", json!([]), "no_roles"),
            wrong("/roles", json!(vec!["officer"; 10]), "too_many"),
            wrong("/id", json!("admin"), "unknown_field"),
            wrong("/status", json!("active"), "unknown_field"),
            wrong("/version", json!(1), "unknown_field"),
            but(
                &[("/email", json!("Viewer@TEST.example"))],
                "409 | email_taken",
            ),
            but(
                &[
                    ("/email", json!("kim")),
                    ("/password", json!("short")),
                    ("/roles/0", json!("king")),
                ],
                "422 | invalid_fields | /email invalid_email | /password password_too_short \
                 | /roles/0 unknown_value",
            ),
        ],
    ];
    let endpoint = Endpoint::post(&world, "admin", "/v1/users");
    endpoint.refuses_all_but(&good, cases.into_iter().flatten());
    let again = Endpoint {
        key: "again".into(),
        ..endpoint
    };
    again.refuses(&good, [not_now("409 | email_taken")]);
}

#[test]
fn a_user_is_not_changed_into_one_that_cannot_be() {
    let world = World::new();
    let good = json!({ "roles": ["auditor"], "status": "disabled" });
    let cases = [
        choices("/roles/0"),
        choices("/status"),
        vec![
            wrong("/roles", json!([]), "no_roles"),
            wrong("/roles", json!(null), "not_removable"),
            wrong("/status", json!(null), "not_removable"),
            wrong("/email", json!("x@test.example"), "unknown_field"),
            wrong("/password", json!("a quiet blue morning"), "unknown_field"),
        ],
    ];
    let endpoint = Endpoint::patch(&world, "admin", "/v1/users/viewer", "\"1\"");
    endpoint.refuses_all_but(&good, cases.into_iter().flatten());
    let own = Endpoint::patch(&world, "admin", "/v1/users/admin", "\"1\"");
    own.refuses(&good, [not_now("403 | own_user")]);
    own.refuses(
        &json!({ "roles": ["admin", "treasurer"] }),
        [not_now("403 | own_user")],
    );
    let nobody = Endpoint::patch(&world, "admin", "/v1/users/nobody", "\"1\"");
    nobody.refuses(&good, [not_now("404 | not_found")]);
}

#[test]
fn a_password_that_cannot_be_is_not_chosen() {
    let world = World::new();
    let good = json!({ "current_password": PASSWORD, "new_password": "a quiet blue morning" });
    let cases = [
        passwords("/new_password"),
        ["/current_password", "/new_password"].map(missing).into(),
        vec![
            wrong("/current_password", json!(""), "empty"),
            wrong("/current_password", json!(1), "wrong_type"),
            wrong("/user", json!("admin"), "unknown_field"),
            but(
                &[("/current_password", json!("not it at all"))],
                "403 | wrong_password",
            ),
        ],
    ];
    let endpoint = Endpoint::post(&world, "viewer", "/v1/me/password");
    endpoint.refuses(&good, cases.into_iter().flatten());
    world.post("viewer", "/v1/me/password", &good).expect(204);
}

#[test]
fn signing_in_refuses_what_is_no_sign_in_and_writes_nothing() {
    let world = World::new();
    let watch = world.watch();
    let login = json!({ "email": "viewer@test.example", "password": PASSWORD });
    let renewal = json!({ "refresh_token": "srt_x" });
    let cases: [(&str, &Value, Vec<Case>); 2] = [
        (
            "/v1/auth/login",
            &login,
            vec![
                missing("/email"),
                missing("/password"),
                wrong("/email", json!(1), "wrong_type"),
                wrong("/email", json!(""), "empty"),
                wrong("/email", json!("x".repeat(255)), "too_long"),
                wrong("/password", json!(""), "empty"),
                wrong("/password", json!("x".repeat(1_025)), "too_long"),
                wrong("/password", json!(["x"]), "wrong_type"),
                wrong("/otp", json!("1"), "unknown_field"),
                but(&[("/password", json!("x"))], "401 | sign_in_refused"),
            ],
        ),
        (
            "/v1/auth/refresh",
            &renewal,
            vec![
                missing("/refresh_token"),
                wrong("/refresh_token", json!(1), "wrong_type"),
                wrong("/refresh_token", json!("x".repeat(1_025)), "too_long"),
                not_now("401 | sign_in_refused"),
            ],
        ),
    ];
    for (path, good, cases) in cases {
        for case in cases {
            let body = spoiled(good, &case.changes).to_string();
            let headers = [("content-type", "application/json")];
            let reply = world.send("POST", path, &headers, body.as_bytes());
            assert_eq!(
                reply.as_told("POST", path).refusal(),
                case.refusal,
                "{path} {body}"
            );
        }
    }
    assert!(watch.saw_nothing());
}
