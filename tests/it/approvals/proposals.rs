//! What moves a fund's money above its limit waits for another person, and nothing moves till then.

use serde_json::{Value, json};

use super::user;
use crate::support::{Reply, World, because, nothing, told};

/// A fund of a million won where more than 100,000 need a second person, with a program.
fn limited() -> World {
    let w = World::new();
    w.fund("mobility", "1000000");
    w.program("drivers", &["mobility"]);
    let limit = json!({ "second_approval_above": "100000" });
    w.patch("manager", "/v1/funds/mobility", "\"1\"", &limit)
        .expect(200);
    w
}

fn allocation(amount: &str) -> Value {
    json!({
        "program": "drivers", "amount": amount, "fiscal_year": null,
        "effective_on": "2022-04-01", "kind": "allocate",
    })
}

fn ask(w: &World, of: &str, body: &Value) -> Reply {
    w.post("manager", &format!("/v1/funds/mobility/{of}"), body)
}

fn figures(w: &World) -> String {
    told(
        &w.fund_report("mobility"),
        "committed contributed unallocated allocated",
    )
}

fn listed(w: &World, of: &str) -> usize {
    let path = format!("/v1/funds/mobility/{of}");
    let page = w.get("auditor", &path).expect(200);
    page.body["data"].as_array().unwrap().len()
}

#[test]
fn each_of_them_waits_for_another_person_and_names_both_when_it_is_done() {
    let w = limited();
    let raise = json!({ "change": "raise", "amount": "100001", "reason": "more" });
    let paid_in = json!({ "amount": "100001", "from": "company" });
    for (of, kind, body, after) in [
        (
            "commitments",
            "commitment",
            raise,
            "committed 1100001, contributed null, unallocated 1100001, allocated 0",
        ),
        (
            "contributions",
            "contribution",
            paid_in,
            "committed 1100001, contributed 100001, unallocated 1100001, allocated 0",
        ),
        (
            "allocations",
            "allocation",
            allocation("100001"),
            "committed 1100001, contributed 100001, unallocated 1000000, allocated 100001",
        ),
    ] {
        let (before, entries) = (figures(&w), listed(&w, of));
        let proposed = ask(&w, of, &body).expect(202);
        let id = proposed.text("/id").to_owned();
        let path = format!("/v1/proposals/{id}");
        assert_eq!(proposed.header("location"), Some(path.as_str()));
        assert_eq!(
            told(&proposed.body, "kind status fund amount proposed_by"),
            format!(
                "kind {kind}, status proposed, fund mobility, amount 100001, proposed_by manager"
            )
        );
        assert_eq!((figures(&w), listed(&w, of)), (before.clone(), entries));
        let waiting = w
            .get("approver", "/v1/proposals?status=proposed")
            .expect(200);
        assert_eq!(waiting.body["data"], json!([proposed.body]));

        let done = w
            .post("approver", &format!("{path}/approve"), &nothing())
            .expect(200);
        assert_eq!(
            told(&done.body, "status proposed_by decided_by version"),
            "status approved, proposed_by manager, decided_by approver, version 2"
        );
        assert_eq!(
            (figures(&w), listed(&w, of)),
            (after.to_owned(), entries + 1)
        );
        let page = w
            .get("auditor", &format!("/v1/funds/mobility/{of}"))
            .expect(200);
        let entry = page.body["data"]
            .as_array()
            .unwrap()
            .last()
            .unwrap()
            .clone();
        assert_eq!(entry["id"], done.body["entry"]);
        assert_eq!(
            told(&entry["entry"], "proposed_by approved_by proposal"),
            format!("proposed_by manager, approved_by approver, proposal {id}")
        );
        let twice = w.post("approver2", &format!("{path}/approve"), &nothing());
        assert_eq!(twice.refusal(), "409 | invalid_state");
    }
}

#[test]
fn up_to_the_limit_and_without_one_it_is_done_at_once_as_ever() {
    let w = limited();
    assert_eq!(ask(&w, "allocations", &allocation("100000")).status, 201);
    w.fund("other", "1000000000");
    w.program("riders", &["other"]);
    let body = json!({ "program": "riders", "amount": "900000000", "kind": "allocate" });
    let made = w.post("manager", "/v1/funds/other/allocations", &body);
    assert_eq!(made.expect(201).text("/kind"), "allocation.made");
}

#[test]
fn releases_lapses_transfers_and_reversals_wait_as_well() {
    let w = limited();
    for _ in 0..4 {
        ask(&w, "allocations", &allocation("100000")).expect(201);
    }
    for (kind, year, to) in [
        ("release", Value::Null, Value::Null),
        ("lapse", json!(2022), Value::Null),
        ("carry_over", json!(2022), json!(2023)),
    ] {
        if year == json!(2022) {
            let dated = json!({ "program": "drivers", "amount": "100000", "fiscal_year": 2022,
                "kind": "allocate" });
            ask(&w, "allocations", &dated).expect(201);
            ask(&w, "allocations", &dated).expect(201);
        }
        let mut body = json!({ "program": "drivers", "amount": "100001", "kind": kind,
            "fiscal_year": year });
        if !to.is_null() {
            body["to_fiscal_year"] = to;
        }
        let proposed = ask(&w, "allocations", &body).expect(202);
        let path = format!("/v1/proposals/{}", proposed.text("/id"));
        w.post("approver", &format!("{path}/approve"), &nothing())
            .expect(200);
    }
    let lower = json!({ "change": "lower", "amount": "100001", "reason": "less" });
    ask(&w, "commitments", &lower).expect(202);
    let paid_in = json!({ "amount": "100001", "from": "company" });
    let proposed = ask(&w, "contributions", &paid_in).expect(202);
    let path = format!("/v1/proposals/{}", proposed.text("/id"));
    let done = w.post("approver", &format!("{path}/approve"), &nothing());
    let entry = done.expect(200).text("/entry").to_owned();
    let reverse = format!("contributions/{entry}/reverse");
    let undone = ask(&w, &reverse, &because()).expect(202);
    assert_eq!(
        told(&undone.body, "kind amount"),
        "kind contribution_reversal, amount 100001"
    );
    let path = format!("/v1/proposals/{}/approve", undone.text("/id"));
    w.post("approver", &path, &nothing()).expect(200);
    assert_eq!(
        told(&w.fund_report("mobility"), "contributed"),
        "contributed 0"
    );
}

#[test]
fn nobody_approves_their_own_proposal_whatever_their_roles() {
    let w = limited();
    let both = user(&w, "both", &["manager", "approver"]);
    let path = "/v1/funds/mobility/allocations";
    let proposed = w.post(&both, path, &allocation("200000")).expect(202);
    let path = format!("/v1/proposals/{}", proposed.text("/id"));
    for verb in ["approve", "reject"] {
        let body = if verb == "reject" {
            because()
        } else {
            nothing()
        };
        let own = w.post(&both, &format!("{path}/{verb}"), &body);
        assert_eq!(own.refusal(), "403 | own_record", "{verb}");
    }
    let others = w.post("manager", &format!("{path}/withdraw"), &because());
    assert_eq!(others.refusal(), "403 | not_recorder");
    assert_eq!(
        w.get("auditor", &path).expect(200).text("/status"),
        "proposed"
    );
    let done = w.post(&both, &format!("{path}/withdraw"), &because());
    assert_eq!(done.expect(200).text("/status"), "withdrawn");
    let late = w.post("approver", &format!("{path}/approve"), &nothing());
    assert_eq!(late.refusal(), "409 | invalid_state");
    assert_eq!(listed(&w, "allocations"), 0);
}

#[test]
fn what_is_rejected_moves_nothing_and_what_was_read_is_what_is_decided() {
    let w = limited();
    let proposed = ask(&w, "allocations", &allocation("200000")).expect(202);
    let path = format!("/v1/proposals/{}", proposed.text("/id"));
    assert_eq!(
        w.get("approver", &path).expect(200).header("etag"),
        Some("\"1\"")
    );
    let stale = w.approve_as_read("approver", &path, "\"2\"");
    assert_eq!(stale.refusal(), "412 | stale_etag");
    let silent = w.post("approver", &format!("{path}/reject"), &nothing());
    assert_eq!(silent.refusal(), "422 | invalid_fields | /reason missing");
    let rejected = w
        .post("approver", &format!("{path}/reject"), &because())
        .expect(200);
    assert_eq!(
        told(&rejected.body, "status decided_by reason entry"),
        "status rejected, decided_by approver, reason a good one, entry null"
    );
    assert_eq!(listed(&w, "allocations"), 0);
    let kinds: Vec<String> = w
        .events(&format!("proposal:{}", proposed.text("/id")))
        .into_iter()
        .map(|(kind, actor, _)| format!("{kind} by {actor}"))
        .collect();
    assert_eq!(
        kinds,
        ["proposal.made by manager", "proposal.rejected by approver"]
    );
}

#[test]
fn what_could_not_be_done_is_not_proposed_and_an_approval_goes_by_the_books_of_its_day() {
    let w = limited();
    let too_much = ask(&w, "allocations", &allocation("1000001"));
    assert_eq!(too_much.refusal(), "409 | over_allocation");
    let wrong = json!({ "program": "nobody", "amount": "200000", "kind": "allocate" });
    let wrong = ask(&w, "allocations", &wrong);
    assert_eq!(
        wrong.refusal(),
        "422 | invalid_fields | /program unknown_program"
    );

    let two = [(), ()].map(|()| {
        let proposed = ask(&w, "allocations", &allocation("600000")).expect(202);
        format!("/v1/proposals/{}", proposed.text("/id"))
    });
    w.post("approver", &format!("{}/approve", two[0]), &nothing())
        .expect(200);
    let late = w.post("approver", &format!("{}/approve", two[1]), &nothing());
    assert_eq!(late.refusal(), "409 | over_allocation");
    assert_eq!(
        w.get("viewer", &two[1]).expect(200).text("/status"),
        "proposed"
    );
    w.post("manager", "/v1/funds/mobility/close", &because())
        .expect(200);
    let closed = w.post("approver", &format!("{}/approve", two[1]), &nothing());
    assert_eq!(closed.refusal(), "409 | fund_closed");
}

#[test]
fn a_rehearsal_proposes_nothing_and_a_key_proposes_once() {
    let w = limited();
    let path = "/v1/funds/mobility/allocations";
    let body = allocation("200000");
    let rehearsed = w
        .post("manager", &format!("{path}?dry_run=true"), &body)
        .expect(200);
    assert_eq!(
        told(&rehearsed.body, "status dry_run"),
        "status proposed, dry_run true"
    );
    let first = w.post_with_key("manager", path, "k", &body).expect(202);
    let again = w.post_with_key("manager", path, "k", &body).expect(202);
    assert_eq!(again.bytes, first.bytes);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    let page = w.get("auditor", "/v1/proposals?fund=mobility").expect(200);
    assert_eq!(page.body["data"].as_array().unwrap().len(), 1);
    for other in [
        "fund=other",
        "kind=commitment",
        "status=approved",
        "program=riders",
    ] {
        let page = w
            .get("auditor", &format!("/v1/proposals?{other}"))
            .expect(200);
        assert_eq!(page.body["data"], json!([]), "{other}");
    }
}

#[test]
fn a_file_of_contributions_goes_by_the_limit_too() {
    let w = limited();
    let csv = "fund,amount,from\nmobility,100000,small\nmobility,100001,large\n";
    let query = "kind=contributions&mode=all";
    let import = w.import("manager", query, "text/csv", csv.as_bytes());
    let import = import.made();
    w.settled(&import);
    assert_eq!(
        told(&w.fund_report("mobility"), "contributed"),
        "contributed 100000"
    );
    let page = w.get("approver", "/v1/proposals").expect(200);
    assert_eq!(page.text("/data/0/amount"), "100001");
    // Taken back, the one is reversed and the other withdrawn.
    let undo = format!("/v1/imports/{import}/undo");
    w.post("manager", &undo, &nothing()).expect(200);
    w.settled(&import);
    assert_eq!(
        told(&w.fund_report("mobility"), "contributed"),
        "contributed 0"
    );
    let page = w.get("approver", "/v1/proposals").expect(200);
    assert_eq!(page.text("/data/0/status"), "withdrawn");
}
