//! The life of an import: received, checked, recorded, undone, called off, taken up again.

use serde_json::json;

use super::{HEADER, row};
use crate::support::{World, nothing};

fn three() -> String {
    let rows = ["a", "b", "c"].map(|one| row(one, "10만", one));
    format!("{HEADER}{}", rows.concat())
}

fn order(w: &World, id: &str, mode: &str) -> crate::support::Reply {
    let body = json!({ "mode": mode });
    w.post("officer", &format!("/v1/imports/{id}/commit"), &body)
}

#[test]
fn a_file_is_checked_and_recorded_once_it_is_ordered() {
    let w = World::new();
    w.with_budget();
    let id = w.sent("", &three());
    assert_eq!(w.ended(&id), "checked of 3: good 3");
    assert_eq!(w.disbursements("submitted"), 0, "nothing is recorded yet");
    order(&w, &id, "all").expect(200);
    let ended = w.settled(&id);
    assert_eq!(
        super::counted(&ended.body),
        "committed of 3: good 3, recorded 3"
    );
    assert_eq!(ended.text("/amount"), "300000");
    assert_eq!(ended.body["people"], 3);
    assert_eq!(ended.body["progress"]["percent"], 100);
    assert_eq!(w.disbursements("submitted"), 3);
    let listed = w.get("officer", "/v1/disbursements").expect(200);
    assert_eq!(listed.text("/data/0/external_id"), "a");
    let again = order(&w, &id, "all");
    assert_eq!(again.refusal(), "409 | invalid_import_state");
}

#[test]
fn with_a_mode_it_is_recorded_as_soon_as_it_is_checked() {
    let w = World::new();
    w.with_budget();
    let id = w.sent("mode=all", &three());
    assert_eq!(w.ended(&id), "committed of 3: good 3, recorded 3");
}

#[test]
fn all_or_nothing_or_the_good_rows_as_asked() {
    let w = World::new();
    w.with_budget();
    let file = format!("{}{}", three(), row("d", "300.5", "d"));
    let id = w.sent("mode=all", &file);
    assert_eq!(w.ended(&id), "checked of 4: good 3, faulty 1");
    assert_eq!(w.faults_of(&id), ["5 6 금액 fault not_whole 300.5"]);
    assert_eq!(order(&w, &id, "all").refusal(), "409 | import_has_faults");
    assert_eq!(w.disbursements("submitted"), 0);
    order(&w, &id, "good").expect(200);
    assert_eq!(w.ended(&id), "committed of 4: good 3, faulty 1, recorded 3");
    assert_eq!(w.disbursements("submitted"), 3);
}

#[test]
fn the_same_file_or_the_same_row_twice_changes_nothing() {
    let w = World::new();
    w.with_budget();
    let id = w.sent("mode=all", &three());
    assert_eq!(w.ended(&id), "committed of 3: good 3, recorded 3");
    let again = w.import(
        "officer",
        "kind=disbursements",
        "text/csv",
        three().as_bytes(),
    );
    assert_eq!(again.refusal(), "409 | duplicate_file");
    assert_eq!(again.text("/facts/id"), id);
    // The rows of before, one of them twice, and a new one.
    let more = format!(
        "{}{}{}",
        three(),
        row("a", "100000", "a"),
        row("d", "1", "d")
    );
    let id = w.sent("mode=all", &more);
    assert_eq!(
        w.ended(&id),
        "committed of 5: good 1, repeated 4, recorded 1"
    );
    assert_eq!(w.disbursements("submitted"), 4);
    assert_eq!(w.faults_of(&id).len(), 4, "told as notices");
    // The same id with another amount is another row, and wrong.
    let other = format!("{HEADER}{}", row("a", "5", "a"));
    let id = w.sent("mode=all", &other);
    assert_eq!(w.ended(&id), "checked of 1: faulty 1");
    assert_eq!(w.faults_of(&id), ["2 - - fault duplicate_external_id -"]);
}

#[test]
fn a_row_twice_in_one_file_is_recorded_once() {
    let w = World::new();
    w.with_budget();
    let plain = "사업,형태,수혜자 유형,식별번호,지역,금액,지급예정일\n";
    let line = "drivers,현금,종사자,x,서울,100,2022-11-03\n";
    let id = w.sent("mode=all", &format!("{plain}{line}{line}"));
    assert_eq!(
        w.ended(&id),
        "committed of 2: good 1, repeated 1, recorded 1"
    );
    assert_eq!(w.faults_of(&id), ["3 - - notice repeated_row -"]);
}

#[test]
fn ids_and_people_that_come_twice_are_found_before_anything_is_recorded() {
    let w = World::new();
    w.fund("mobility", "1000000");
    w.program_with(
        "drivers",
        &["mobility"],
        &json!({ "one_payment_per": "program" }),
    );
    w.allocate("mobility", "drivers", "600000");
    let rows = [row("a", "1", "x"), row("b", "2", "x"), row("a", "3", "z")].concat();
    let id = w.sent("mode=all", &format!("{HEADER}{rows}"));
    assert_eq!(w.ended(&id), "checked of 3: good 1, faulty 2");
    assert_eq!(
        w.faults_of(&id),
        [
            "3 8 외부번호 fault repeated_external_id x",
            "4 3 수혜자 유형 fault repeated_beneficiary 종사자",
        ]
    );
}

#[test]
fn an_import_is_undone_whole_while_nobody_decided_on_it() {
    let w = World::new();
    w.with_budget();
    let id = w.sent("mode=all", &three());
    w.settled(&id);
    let undo = format!("/v1/imports/{id}/undo");
    assert_eq!(
        w.post("officer2", &undo, &nothing()).refusal(),
        "403 | not_importer"
    );
    w.post("officer", &undo, &nothing()).expect(200);
    assert_eq!(w.ended(&id), "undone of 3: good 3, recorded 3, undone 3");
    assert_eq!(w.disbursements("withdrawn"), 3);
    // The same file can be sent again, and its rows are recorded anew.
    let id = w.sent("mode=all", &three());
    assert_eq!(w.ended(&id), "committed of 3: good 3, recorded 3");
    let first = w
        .get("officer", "/v1/disbursements?status=submitted")
        .expect(200);
    let first = first.text("/data/0/id").to_owned();
    w.verb("approver", &first, "approve", &nothing())
        .expect(200);
    let undo = format!("/v1/imports/{id}/undo");
    let refused = w.post("officer", &undo, &nothing());
    assert_eq!(refused.refusal(), "409 | import_decided");
}

#[test]
fn a_checked_import_is_called_off() {
    let w = World::new();
    w.with_budget();
    let id = w.sent("", &three());
    w.settled(&id);
    let cancel = format!("/v1/imports/{id}/cancel");
    w.post("officer", &cancel, &nothing()).expect(200);
    assert_eq!(w.ended(&id), "cancelled of 3: good 3");
    assert_eq!(
        order(&w, &id, "all").refusal(),
        "409 | invalid_import_state"
    );
    let sheet = w.get("officer", &format!("/v1/imports/{id}/faults.xlsx"));
    assert_eq!(sheet.refusal(), "409 | rows_erased");
    assert_eq!(
        w.sent("", &three()).len(),
        id.len(),
        "and can be sent again"
    );
}

#[test]
fn a_second_payment_is_a_warning_that_must_be_acknowledged() {
    let w = World::new();
    w.with_budget();
    w.submit("drivers", "a", "100000");
    let id = w.sent("mode=all", &format!("{HEADER}{}", row("a", "100000", "n")));
    assert_eq!(w.ended(&id), "checked of 1: good 1, warned 1");
    assert_eq!(
        w.faults_of(&id),
        ["2 6 금액 warning likely_second_payment 100000"]
    );
    let refused = order(&w, &id, "good");
    assert_eq!(refused.refusal(), "409 | warnings_not_acknowledged");
    let body = json!({ "mode": "all", "acknowledged_warnings": ["likely_second_payment"] });
    w.post("officer", &format!("/v1/imports/{id}/commit"), &body)
        .expect(200);
    assert_eq!(w.ended(&id), "committed of 1: good 1, warned 1, recorded 1");
}

#[test]
fn control_totals_are_compared_before_anything_is_recorded() {
    let w = World::new();
    w.with_budget();
    let id = w.sent("mode=all&rows=3&amount=300001&people=2", &three());
    assert_eq!(w.ended(&id), "checked of 3: good 3");
    assert_eq!(
        w.faults_of(&id),
        [
            "0 - - fault control_total_differs -",
            "0 - - fault control_total_differs -",
        ]
    );
    assert_eq!(
        order(&w, &id, "good").refusal(),
        "409 | control_totals_differ"
    );
    let id = w.sent(
        "mode=all&rows=3&amount=300000&people=3&program=drivers",
        &three(),
    );
    assert_eq!(w.ended(&id), "committed of 3: good 3, recorded 3");
}

#[test]
fn a_row_that_the_books_refuse_in_the_end_takes_the_whole_import_back() {
    let w = World::new();
    w.fund("mobility", "1000000");
    w.program_with("drivers", &["mobility"], &json!({ "approval": "none" }));
    w.allocate("mobility", "drivers", "250000");
    // Each fits alone; approved at once, the third is too much.
    let id = w.sent("mode=all", &three());
    let ended = w.settled(&id);
    let told = super::counted(&ended.body);
    assert_eq!(told, "failed of 3: good 2, faulty 1, recorded 2, undone 2");
    assert_eq!(ended.text("/failure"), "insufficient_available");
    assert_eq!(w.disbursements("cancelled"), 2);
    let program = w.report("programs/drivers");
    assert_eq!(program["available"], "250000", "nothing of it stands");
}

#[test]
fn a_rehearsal_tells_everything_and_keeps_nothing() {
    let w = World::new();
    w.with_budget();
    let file = format!("{}{}", three(), row("d", "0", "d"));
    let query = "kind=disbursements&dry_run=true";
    let told = w
        .import("officer", query, "text/csv", file.as_bytes())
        .expect(200);
    assert_eq!(super::counted(&told.body), "checked of 4: good 3, faulty 1");
    assert_eq!(
        super::fault(&told.body["faults"][0]),
        "5 6 금액 fault zero 0"
    );
    assert_eq!(told.body["dry_run"], true);
    let list = w.get("officer", "/v1/imports").expect(200);
    assert_eq!(list.body["data"].as_array().unwrap().len(), 0);
    assert_eq!(w.disbursements("submitted"), 0);
}

#[test]
fn only_who_may_record_such_entries_imports_them() {
    let w = World::new();
    w.with_budget();
    for (user, kind) in [
        ("viewer", "disbursements"),
        ("approver", "sales"),
        ("officer", "payment_results"),
        ("officer", "contributions"),
        ("treasurer", "disbursements"),
    ] {
        let refused = w.import(user, &format!("kind={kind}"), "text/csv", b"a\n1\n");
        assert_eq!(refused.refusal(), "403 | missing_right", "{user} {kind}");
    }
    let id = w.sent("", &format!("{HEADER}{}", row("a", "0.5", "a")));
    w.settled(&id);
    let value = |user: &str| {
        let faults = w.get(user, &format!("/v1/imports/{id}/faults"));
        faults.expect(200).body["data"][0]["value"].clone()
    };
    assert_eq!(
        (value("officer"), value("auditor")),
        (json!("0.5"), json!(null))
    );
    let sheet = w.get("auditor", &format!("/v1/imports/{id}/faults.xlsx"));
    assert_eq!(sheet.refusal(), "403 | missing_right");
}

#[test]
fn work_that_was_broken_off_is_taken_up_after_a_restart() {
    let mut w = World::new();
    w.with_budget();
    let rows: String = (0..1_200)
        .map(|n| row(&format!("r{n}"), "10", &format!("e{n}")))
        .collect();
    let id = w.sent("mode=all", &format!("{HEADER}{rows}"));
    // Stopped wherever it is, once or twice, it goes on from there.
    w.restart();
    w.restart();
    assert_eq!(w.ended(&id), "committed of 1200: good 1200, recorded 1200");
    let path = "/v1/reports/programs/drivers";
    assert_eq!(
        w.get("officer", path).expect(200).text("/submitted"),
        "12000"
    );
}

#[test]
fn rows_recorded_and_not_noted_when_a_server_died_are_recorded_once() {
    let mut w = World::new();
    w.with_budget();
    let rows: String = (0..700)
        .map(|n| row(&format!("r{n}"), "10", &format!("e{n}")))
        .collect();
    let id = w.sent("mode=all", &format!("{HEADER}{rows}"));
    assert_eq!(w.ended(&id), "committed of 700: good 700, recorded 700");
    w.stop();
    // As if the power went after the books were written and before that was noted.
    w.behind(&format!(
        "UPDATE imports SET state = 'committing' WHERE id = '{id}';
         UPDATE import_works SET parcel = 2, done = 500, recorded = 500 WHERE import = '{id}';
         DELETE FROM import_records WHERE import = '{id}' AND line > 501;"
    ));
    w.restart();
    assert_eq!(w.ended(&id), "committed of 700: good 700, recorded 700");
    let path = "/v1/reports/programs/drivers";
    assert_eq!(
        w.get("officer", path).expect(200).text("/submitted"),
        "7000"
    );
    let undo = format!("/v1/imports/{id}/undo");
    w.post("officer", &undo, &nothing()).expect(200);
    assert_eq!(
        w.ended(&id),
        "undone of 700: good 700, recorded 700, undone 700"
    );
}

#[test]
fn a_repeated_request_is_answered_as_the_first() {
    let w = World::new();
    w.with_budget();
    let bearer = format!("Bearer {}", w.token("officer"));
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "text/csv"),
        ("idempotency-key", "import-1"),
    ];
    let file = three();
    let post = |query: &str| {
        let path = format!("/v1/imports?kind=disbursements{query}");
        w.send("POST", &path, &headers, file.as_bytes())
    };
    let (first, again) = (post("").expect(201), post("").expect(201));
    assert_eq!(first.bytes, again.bytes);
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(post("&mode=all").refusal(), "422 | idempotency_key_reused");
}
