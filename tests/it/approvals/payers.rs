//! Whoever approved never pays, whatever the roles and whichever way they come.

use serde_json::json;

use super::{gift, user};
use crate::support::{World, merge, nothing};

const ACTIONS: &str = "/v1/disbursements/batch-actions";

#[test]
fn neither_approver_pays_returns_or_refunds() {
    let w = World::new();
    w.with_limit();
    let both = ["approver", "treasurer"];
    let (a, b) = (user(&w, "anna", &both), user(&w, "bora", &both));
    let id = w.submit("drivers", "a", "200000");
    w.approve(&a, &id).expect(200);
    w.approve(&b, &id).expect(200);
    let refund = json!({ "reason": "a good one", "reason_class": "error" });
    let back = json!({ "reason": "a good one" });
    let acts = [("pay", nothing()), ("return", back), ("refund", refund)];
    for approver in [&a, &b] {
        for (verb, body) in &acts {
            let refused = w.verb(approver, &id, verb, body);
            assert_eq!(refused.refusal(), "403 | own_approval", "{verb}");
        }
    }
    w.verb("treasurer", &id, "pay", &json!({ "amount": "5" }))
        .expect(200);
    for approver in [&a, &b] {
        for (verb, body) in &acts {
            let refused = w.verb(approver, &id, verb, body);
            assert_eq!(refused.refusal(), "403 | own_approval", "{verb}");
        }
    }
    // What somebody else approved they pay.
    let other = w.submit("drivers", "b", "100");
    w.approve("approver", &other).expect(200);
    w.verb(&a, &other, "pay", &nothing()).expect(200);
}

#[test]
fn nor_does_who_approved_it_before_it_was_changed() {
    let w = World::new();
    w.with_limit();
    let a = user(&w, "anna", &["approver", "treasurer"]);
    let id = w.submit("drivers", "a", "200000");
    w.approve(&a, &id).expect(200);
    let path = format!("/v1/disbursements/{id}");
    w.patch("officer", &path, "\"2\"", &json!({ "purpose": "other" }))
        .expect(200);
    w.approve("approver", &id).expect(200);
    w.approve("approver2", &id).expect(200);
    let refused = w.verb(&a, &id, "pay", &nothing());
    assert_eq!(refused.refusal(), "403 | own_approval");
}

#[test]
fn below_the_limit_the_one_approver_does_not_pay_either_nor_in_a_batch() {
    let w = World::new();
    w.with_budget();
    let a = user(&w, "anna", &["approver", "treasurer"]);
    let ids = ["x", "y"].map(|to| w.submit("drivers", to, "100"));
    let approve = json!({ "action": "approve", "filter": { "program": "drivers" },
        "declared": { "count": 2, "amount": "200", "people": 2 } });
    w.post(&a, ACTIONS, &approve).expect(200);
    assert_eq!(
        w.verb(&a, &ids[0], "pay", &nothing()).refusal(),
        "403 | own_approval"
    );
    let pay = json!({ "action": "pay", "items": [{ "id": ids[0] }, { "id": ids[1] }] });
    assert_eq!(
        w.post(&a, ACTIONS, &pay).refusal(),
        "409 | batch_refused | /items/0 own_approval | /items/1 own_approval"
    );
    w.post("treasurer", ACTIONS, &pay).expect(200);
}

#[test]
fn donations_are_not_paid_by_who_approved_them() {
    let w = World::new();
    let a = user(&w, "anna", &["approver", "treasurer"]);
    let id = gift(&w, "100", &json!({}));
    let path = format!("/v1/donations/{id}");
    w.post(&a, &format!("{path}/approve"), &nothing())
        .expect(200);
    let refused = w.post(&a, &format!("{path}/pay"), &nothing());
    assert_eq!(refused.refusal(), "403 | own_approval");
    w.post("treasurer", &format!("{path}/pay"), &nothing())
        .expect(200);
}

#[test]
fn a_banks_file_books_no_payment_for_who_approved_it() {
    let w = World::new();
    w.with_budget();
    let a = user(&w, "anna", &["approver", "treasurer", "officer"]);
    let id = w.recorded(&json!({ "external_id": "F-1" }));
    w.approve(&a, &id).expect(200);
    let csv = "외부번호,사업,처리일,처리결과\nF-1,drivers,2022-11-03,정상\n";
    let query = "kind=payment_results&mode=good";
    let import = w.import(&a, query, "text/csv", csv.as_bytes()).made();
    w.settled(&import);
    let faults = w.faults_of(&import).join("\n");
    assert!(faults.contains("own_approval"), "{faults}");
    assert_eq!(w.disbursement(&id).text("/status"), "approved");
    let again = csv.replace("정상", "이체완료");
    let import = w
        .import("treasurer", query, "text/csv", again.as_bytes())
        .made();
    w.settled(&import);
    assert_eq!(w.disbursement(&id).text("/status"), "paid");
}

#[test]
fn what_was_approved_at_once_is_not_paid_by_its_recorder() {
    let w = World::new();
    w.program_with("rides", &[], &json!({ "approval": "none" }));
    let jack = w.jack_of_all_trades();
    let mut body = w.cash_to("rides", "a", "100");
    merge(&mut body, &json!({ "external_id": "x" }));
    let id = w.post(&jack, "/v1/disbursements", &body).made();
    let refused = w.verb(&jack, &id, "pay", &nothing());
    assert_eq!(refused.refusal(), "403 | own_record");
}
