//! Another name for a beneficiary: in the vault alone, both names readable by who may read names.

use serde_json::{Value, json};

use crate::support::{World, told};

const FORMER: &str = "카나리아 황금상회";
const LATER: &str = "메아리 은빛상회";

fn amendment(name: &Value) -> Value {
    json!({ "name": name, "reason_class": "update", "reason": "상호 변경" })
}

/// An approved payment to a merchant; tells the record and the person.
fn merchant(w: &World) -> (String, String) {
    w.with_budget();
    let body = json!({
        "program": "drivers", "form": "cash", "amount": "1000", "planned_on": "2022-11-03",
        "beneficiary": {
            "kind": "merchant", "registration_number": "124-81-00998", "name": FORMER,
            "region": "11",
        },
    });
    let made = w.post("officer", "/v1/disbursements", &body).expect(201);
    let id = made.text("/id").to_owned();
    w.verb("approver", &id, "approve", &json!({})).expect(200);
    (id, made.text("/beneficiary/id").to_owned())
}

fn names(w: &World, user: &str, id: &str) -> String {
    let path = format!("/v1/disbursements/{id}/amendments/1");
    let shown = w.get(user, &path).expect(200).body;
    match &shown["names"] {
        Value::Null => "none".to_owned(),
        names => told(names, "masked before after"),
    }
}

fn name_of(w: &World, person: &str) -> String {
    let shown = w
        .get("officer", &format!("/v1/beneficiaries/{person}"))
        .expect(200);
    shown.text("/details/name").to_owned()
}

#[test]
fn both_names_are_readable_by_who_may_read_names_and_no_file_holds_them() {
    let mut w = World::new();
    let (id, person) = merchant(&w);
    let amend = format!("/v1/disbursements/{id}/amend");
    let proposed = w
        .post("officer", &amend, &amendment(&json!(LATER)))
        .expect(201);
    assert_eq!(
        told(&proposed.body, "renames names"),
        "renames true, names null"
    );
    assert_eq!(
        names(&w, "officer", &id),
        format!("masked false, before null, after {LATER}")
    );
    assert_eq!(name_of(&w, &person), FORMER);
    let approve = format!("/v1/disbursements/{id}/amendments/1/approve");
    let approved = w.post("approver", &approve, &json!({})).expect(200);
    assert_eq!(
        told(&approved.body, "renames names"),
        "renames true, names null"
    );
    assert_eq!(name_of(&w, &person), LATER);
    assert_eq!(
        names(&w, "officer", &id),
        format!("masked false, before {FORMER}, after {LATER}")
    );
    assert_eq!(
        names(&w, "auditor", &id),
        "masked true, before 카**, after 메**"
    );
    assert_eq!(names(&w, "viewer", &id), "none");
    // The person is still found by what identifies it.
    let again = json!({
        "program": "drivers", "form": "cash", "amount": "5", "planned_on": "2022-11-03",
        "beneficiary": { "kind": "merchant", "registration_number": "1248100998" },
    });
    let again = w.post("officer", "/v1/disbursements", &again).expect(201);
    assert_eq!(again.text("/beneficiary/id"), person);
    w.stop();
    let mut files = Vec::new();
    for entry in std::fs::read_dir(w.folder()).unwrap() {
        files.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    for secret in [FORMER, LATER] {
        let found = files
            .windows(secret.len())
            .any(|bytes| bytes == secret.as_bytes());
        assert!(!found, "{secret}");
    }
}

#[test]
fn a_name_that_was_refused_is_forgotten() {
    let w = World::new();
    let (id, person) = merchant(&w);
    let amend = format!("/v1/disbursements/{id}/amend");
    w.post("officer", &amend, &amendment(&json!(LATER)))
        .expect(201);
    let reject = format!("/v1/disbursements/{id}/amendments/1/reject");
    w.post("approver", &reject, &json!({ "reason": "증빙 없음" }))
        .expect(200);
    assert_eq!(names(&w, "officer", &id), "none");
    assert_eq!(name_of(&w, &person), FORMER);
    // No name at all is a name as well.
    w.post("officer", &amend, &amendment(&Value::Null))
        .expect(201);
    let approve = format!("/v1/disbursements/{id}/amendments/2/approve");
    w.post("approver", &approve, &json!({})).expect(200);
    assert_eq!(name_of(&w, &person), "");
}

#[test]
fn a_group_has_no_name_and_a_donation_names_an_organisation() {
    let w = World::new();
    w.with_budget();
    let group = json!({ "kind": "group", "count": 5 });
    let id = w.recorded(&json!({ "beneficiary": group }));
    w.verb("approver", &id, "approve", &json!({})).expect(200);
    let amend = format!("/v1/disbursements/{id}/amend");
    assert_eq!(
        w.post("officer", &amend, &amendment(&json!("이름")))
            .refusal(),
        "422 | invalid_fields | /name group_has_no_identity"
    );
}

#[test]
fn where_no_approval_is_asked_for_the_name_changes_at_once() {
    let w = World::new();
    w.program_with("aid", &[], &json!({ "approval": "none" }));
    let mut body = w.cash_to("aid", "a", "300");
    body["beneficiary"]["name"] = json!(FORMER);
    let made = w.post("officer", "/v1/disbursements", &body).expect(201);
    let (id, person) = (made.text("/id"), made.text("/beneficiary/id"));
    let amend = format!("/v1/disbursements/{id}/amend");
    w.post("officer", &amend, &amendment(&json!(LATER)))
        .expect(201);
    assert_eq!(name_of(&w, person), LATER);
    assert_eq!(
        names(&w, "officer", id),
        format!("masked false, before {FORMER}, after {LATER}")
    );
}
