//! Exports as jobs: what came of them, who gets them, and what is left of those that died.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{column, rows};
use crate::support::{World, nothing};

fn disbursements(format: &str) -> Value {
    json!({ "of": "/v1/disbursements?program=drivers", "format": format })
}

#[test]
fn a_manifest_tells_how_much_is_in_the_file_and_agrees_with_the_report() {
    let w = World::new();
    w.with_budget();
    w.paid("drivers", "driver-1", "100000");
    w.paid("drivers", "driver-2", "50000");
    w.submit("drivers", "driver-3", "7");
    let (file, manifest) = w.file_of("officer", &disbursements("csv"));
    let told = w.report("programs/drivers");
    assert_eq!(manifest["control_totals"]["paid"], told["paid"]);
    assert_eq!(manifest["control_totals"]["amount"], "150007");
    assert_eq!(manifest["rows"], 3);
    assert_eq!(rows(&file).len(), 3);
    assert_eq!(manifest["bytes"], file.len());
    let sha256: String = Sha256::digest(&file)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(manifest["sha256"], Value::String(sha256));
    assert_eq!(manifest["as_of"], "2022-11-03");
    assert!(
        manifest["known_at"]
            .as_str()
            .unwrap()
            .starts_with("2022-11-03T")
    );
    assert_eq!(manifest["file"], "disbursements-2022-11-03.csv");
    let at_once = w.get("officer", "/v1/disbursements?program=drivers&format=csv");
    assert_eq!(at_once.expect(200).bytes, file);
    let overview = json!({ "of": "/v1/reports/overview", "table": "programs", "format": "csv" });
    let (file, manifest) = w.file_of("auditor", &overview);
    assert_eq!(column(&file, "paid"), ["150000"]);
    assert_eq!(manifest["control_totals"]["disbursed"], told["disbursed"]);
}

#[test]
fn an_export_is_told_by_its_event_and_without_its_filters() {
    let w = World::new();
    w.with_budget();
    let body = json!({ "of": "/v1/disbursements?q=%EA%B9%80", "format": "ndjson" });
    let id = w.export("officer", &body);
    let ended = w.exported("officer", &id);
    let told = |name: &str| ended.body[name].clone();
    assert_eq!(
        (told("state"), told("rows_total"), told("percent")),
        (json!("ready"), json!(0), json!(100))
    );
    let again = w
        .post_with_key("officer", "/v1/exports", "once", &body)
        .expect(202);
    let same = w
        .post_with_key("officer", "/v1/exports", "once", &body)
        .expect(202);
    assert_eq!(again.bytes, same.bytes);
    assert_eq!(same.header("idempotency-replayed"), Some("true"));
}

#[test]
fn nobody_gets_the_export_of_another() {
    let w = World::new();
    let id = w.export("officer", &json!({ "of": "/v1/funds", "format": "csv" }));
    w.exported("officer", &id);
    for part in ["", "/file", "/manifest"] {
        let path = format!("/v1/exports/{id}{part}");
        assert_eq!(w.get("admin", &path).refusal(), "404 | not_found");
        w.get("officer", &path).expect(200);
    }
    let cancel = format!("/v1/exports/{id}/cancel");
    assert_eq!(
        w.post("admin", &cancel, &nothing()).refusal(),
        "404 | not_found"
    );
}

#[test]
fn what_cannot_be_had_is_refused_when_it_is_asked_for() {
    let w = World::new();
    let refused = |user: &str, of: &str| {
        let body = json!({ "of": of, "format": "csv" });
        w.post(user, "/v1/exports", &body).refusal()
    };
    let wrong = "422 | invalid_fields | /of not_exportable";
    for of in [
        "/v1/funds/mobility",
        "/v1/exports",
        "funds",
        "https://there.example/v1/funds",
    ] {
        assert_eq!(refused("officer", of), wrong, "{of}");
    }
    assert_eq!(refused("officer", "/v1/users"), "403 | missing_right");
    let unknown = refused("officer", "/v1/funds?colour=red");
    assert_eq!(unknown, "422 | invalid_fields | /of unknown_field");
}

#[test]
fn a_file_is_removed_when_its_time_is_up_or_it_is_called_off() {
    let mut w = World::new();
    let body = json!({ "of": "/v1/funds", "format": "csv" });
    let (old, off) = (w.export("officer", &body), w.export("officer", &body));
    w.exported("officer", &old);
    w.exported("officer", &off);
    assert_eq!(w.spooled().len(), 2);
    let cancelled = w.post("officer", &format!("/v1/exports/{off}/cancel"), &nothing());
    assert_eq!(cancelled.expect(200).text("/state"), "cancelled");
    let again = w.post("officer", &format!("/v1/exports/{off}/cancel"), &nothing());
    assert_eq!(again.refusal(), "409 | export_over");
    let gone = w.get("officer", &format!("/v1/exports/{off}/file"));
    assert_eq!(gone.refusal(), "409 | export_over");
    w.set_day("2022-11-05");
    assert_eq!(w.exported("officer", &old).text("/state"), "expired");
    let gone = w.get("officer", &format!("/v1/exports/{old}/manifest"));
    assert_eq!(gone.refusal(), "409 | export_over");
    // Whoever starts looks what is to be removed before anything else.
    w.restart();
    let id = w.export("officer", &body);
    w.exported("officer", &id);
    assert_eq!(w.spooled(), [format!("export-{id}.csv")]);
}

/// What a server leaves that dies over an export: the file that it had begun, and its claim.
fn died_over(w: &mut World, id: &str, attempts: i64) {
    w.stop();
    std::fs::remove_file(w.folder().join(format!("export-{id}.csv"))).unwrap();
    std::fs::write(w.folder().join(format!("export-{id}.part")), "half a").unwrap();
    w.behind(&format!(
        "UPDATE export_works SET state = 'writing', owner = 'the dead', manifest = NULL, \
         claimed_to = '2022-11-02 00:00:00', expires_at = NULL, attempts = {attempts}"
    ));
    w.restart();
}

#[test]
fn an_export_over_which_a_server_died_is_made_anew() {
    let mut w = World::new();
    let id = w.export("officer", &json!({ "of": "/v1/funds", "format": "csv" }));
    w.exported("officer", &id);
    died_over(&mut w, &id, 1);
    assert_eq!(w.exported("officer", &id).text("/state"), "ready");
    assert_eq!(w.spooled(), [format!("export-{id}.csv")]);
    died_over(&mut w, &id, 3);
    let ended = w.exported("officer", &id);
    assert_eq!(ended.text("/state"), "failed");
    assert_eq!(ended.text("/failure"), "export_unreadable");
    assert_eq!(w.spooled(), [""; 0]);
}

#[test]
fn whoever_sees_less_by_now_does_not_get_what_they_asked_for_before() {
    let w = World::new();
    let user = w.jack_of_all_trades();
    let login = json!({
        "email": "jack@test.example", "password": "jack of all trades, master of none",
    });
    let sign_in = || {
        let headers = [("content-type", "application/json")];
        let reply = w.send(
            "POST",
            "/v1/auth/login",
            &headers,
            login.to_string().as_bytes(),
        );
        format!("Bearer {}", reply.expect(200).text("/access_token"))
    };
    let ask = |bearer: &str, method: &str, path: &str, body: &str| {
        let key = crate::support::fresh_key();
        let headers = [
            ("authorization", bearer),
            ("content-type", "application/json"),
            ("idempotency-key", key.as_str()),
        ];
        w.send(method, path, &headers, body.as_bytes())
    };
    let before = sign_in();
    let body = json!({ "of": "/v1/beneficiaries", "format": "csv" }).to_string();
    let made = ask(&before, "POST", "/v1/exports", &body).expect(202);
    let path = format!("/v1/exports/{}", made.text("/id"));
    for _ in 0..2_000 {
        if ask(&before, "GET", &path, "").text("/state") == "ready" {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    ask(&before, "GET", &format!("{path}/file"), "").expect(200);
    let fewer = json!({ "roles": ["treasurer"] });
    let known = w.get("admin", &format!("/v1/users/{user}")).expect(200);
    let etag = known.header("etag").unwrap().to_owned();
    w.patch("admin", &format!("/v1/users/{user}"), &etag, &fewer)
        .expect(200);
    let after = sign_in();
    let refused = ask(&after, "GET", &format!("{path}/file"), "");
    assert_eq!(refused.refusal(), "403 | export_shows_more");
}
