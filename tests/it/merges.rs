//! Two beneficiaries found to be one: proposed, decided by somebody else, counted as one, undone.

use std::collections::{BTreeMap, BTreeSet};

use diesel::connection::SimpleConnection;
use proptest::prelude::*;
use proptest::test_runner::Config;
use sangsaeng::audit;
use sangsaeng::beneficiaries::registration_number::RegistrationNumber;
use sangsaeng::db::{Conn, Use};
use serde_json::{Value, json};

use crate::support::{Reply, TODAY, World, because, merge, nothing, row, told};

/// Two programs of a fund and its child, and one outside any; none asks for approval.
fn world() -> World {
    let w = World::new();
    w.fund("parent", "1000000");
    w.child_fund("child", "parent", "100000").expect(201);
    let free = json!({ "approval": "none" });
    for (program, funds) in [
        ("drivers", &["parent"][..]),
        ("riders", &["child"]),
        ("outside", &[]),
    ] {
        w.program_with(program, funds, &free);
    }
    w.allocate("parent", "drivers", "300000");
    let late = json!({ "program": "riders", "amount": "50000", "effective_on": "2022-09-01" });
    w.set_aside("child", &late);
    w
}

fn merchant(n: u16) -> Value {
    let number = RegistrationNumber::from_serial(101, 11, n).unwrap();
    json!({ "kind": "merchant", "registration_number": number.as_digits() })
}

/// The id of the nth merchant, who is recorded now.
fn known(w: &World, n: u16) -> String {
    w.post("officer", "/v1/beneficiaries", &merchant(n)).made()
}

fn give(w: &World, program: &str, on: &str, whom: &Value) -> String {
    w.recorded(&json!({ "program": program, "planned_on": on, "beneficiary": whom }))
}

fn propose(w: &World, id: &str, into: &str) -> Reply {
    let body = json!({ "into": into, "reason": "같은 사업자" });
    w.post("officer", &format!("/v1/beneficiaries/{id}/merge"), &body)
}

fn approve(w: &World, id: &str) -> Reply {
    let path = format!("/v1/beneficiaries/{id}/merge/approve");
    w.post("approver", &path, &nothing())
}

fn merged(w: &World, id: &str, into: &str) {
    propose(w, id, into).expect(200);
    approve(w, id).expect(200);
}

fn unmerge(w: &World, id: &str) -> Reply {
    let path = format!("/v1/beneficiaries/{id}/unmerge");
    w.post("approver", &path, &because())
}

fn shown(w: &World, id: &str) -> Value {
    let path = format!("/v1/beneficiaries/{id}");
    w.get("viewer", &path)
        .as_told("GET", &path)
        .expect(200)
        .body
}

/// Unique people of drivers, riders, the parent fund and all books on a day.
fn counts(w: &World, on: &str) -> [i64; 4] {
    let people = w
        .get("auditor", &format!("/v1/reports/people?as_of={on}"))
        .expect(200)
        .body;
    let unique = |people: &Value| people["unique"].as_i64().unwrap();
    [
        unique(row(&people["programs"], "drivers")),
        unique(row(&people["programs"], "riders")),
        unique(row(&people["funds"], "parent")),
        unique(&people["overall"]),
    ]
}

#[test]
fn a_merge_is_proposed_by_one_and_decided_by_another() {
    let w = world();
    let (a, b) = (known(&w, 1), known(&w, 2));
    let path = format!("/v1/beneficiaries/{a}/merge");
    let proposed = propose(&w, &a, &b).as_told("POST", &path).expect(200);
    assert_eq!(told(&proposed.body, "status"), "status proposed");
    assert_eq!(proposed.text("/into"), b);
    assert_eq!(proposed.header("etag"), Some("\"2\""));
    assert_eq!(shown(&w, &a)["merged_into"], Value::Null);
    assert_eq!(shown(&w, &a)["merge"]["status"], "proposed");
    let done = approve(&w, &a).expect(200).body;
    let steps = done["steps"].as_array().unwrap().iter();
    let steps: Vec<String> = steps
        .map(|step| told(step, "verb actor effective_on reason"))
        .collect();
    assert_eq!(
        steps,
        [
            "verb propose, actor officer, effective_on 2022-11-03, reason 같은 사업자",
            "verb approve, actor approver, effective_on 2022-11-03, reason null",
        ]
    );
    assert_eq!(
        (&shown(&w, &a)["merged_into"], &shown(&w, &b)["merged"]),
        (&json!(b), &json!([a]))
    );
    let undone = unmerge(&w, &a).expect(200).body;
    assert_eq!(undone["status"], "unmerged");
    assert_eq!(
        (&shown(&w, &a)["merged_into"], &shown(&w, &b)["merged"]),
        (&json!(null), &json!([]))
    );
    propose(&w, &a, &b).expect(200);
    let path = format!("/v1/beneficiaries/{a}/merge/reject");
    let rejected = w
        .post("approver", &path, &because())
        .as_told("POST", &path)
        .expect(200);
    assert_eq!(
        (
            rejected.text("/status"),
            shown(&w, &a)["merged_into"].is_null()
        ),
        ("rejected", true)
    );
    let listed = w
        .get("viewer", "/v1/beneficiaries")
        .as_told("GET", "/v1/beneficiaries")
        .expect(200);
    let listed = listed.body["data"].as_array().unwrap().iter();
    let statuses: Vec<&Value> = listed
        .filter(|one| one["id"] == json!(a))
        .map(|one| &one["merge"]["status"])
        .collect();
    assert_eq!(statuses, ["rejected"]);
}

#[test]
fn merged_people_are_one_from_the_first_day_on_in_every_scope() {
    let w = world();
    let (a, b) = (known(&w, 1), known(&w, 2));
    give(&w, "drivers", "2022-09-10", &merchant(1));
    let late = give(&w, "drivers", "2022-09-20", &merchant(2));
    give(&w, "riders", "2022-10-01", &merchant(1));
    give(&w, "outside", "2022-08-01", &merchant(2));
    assert_eq!(counts(&w, "2022-09-20"), [2, 0, 2, 2]);
    assert_eq!(counts(&w, TODAY), [2, 1, 2, 2]);
    merged(&w, &b, &a);
    assert_eq!(counts(&w, "2022-08-01"), [0, 0, 0, 1]);
    assert_eq!(counts(&w, "2022-09-10"), [1, 0, 1, 1]);
    assert_eq!(counts(&w, "2022-09-20"), [1, 0, 1, 1]);
    assert_eq!(counts(&w, TODAY), [1, 1, 1, 1]);
    let record = w
        .get("viewer", &format!("/v1/disbursements/{late}"))
        .expect(200);
    assert_eq!(
        record.text("/beneficiary/id"),
        b,
        "a record keeps the id it was made with"
    );
    // New and back-dated entries of either count under the survivor; one of them alone gives back.
    give(&w, "riders", "2022-09-05", &merchant(2));
    assert_eq!(counts(&w, "2022-09-05"), [0, 1, 1, 1]);
    let why = json!({ "reason": "x", "effective_on": "2022-10-20" });
    w.verb("approver", &late, "cancel", &why).expect(200);
    assert_eq!(counts(&w, TODAY), [1, 1, 1, 1]);
    let people = "people?from=2022-09-06&to=2022-09-30";
    let period = w
        .get("auditor", &format!("/v1/reports/{people}"))
        .expect(200)
        .body;
    assert_eq!(
        told(
            &period["overall"]["people_in_period"],
            "at_start at_end new active left"
        ),
        "at_start 1, at_end 1, new 0, active 1, left 0"
    );
    unmerge(&w, &b).expect(200);
    assert_eq!(counts(&w, "2022-09-05"), [0, 1, 1, 1]);
    assert_eq!(counts(&w, "2022-10-01"), [2, 2, 2, 2]);
    assert_eq!(counts(&w, TODAY), [1, 2, 2, 2]);
}

#[test]
fn one_payment_per_round_is_one_for_all_ids_of_a_person() {
    let w = World::new();
    let once = json!({ "one_payment_per": "round", "approval": "none" });
    w.program_with("once", &[], &once);
    let (a, b) = (known(&w, 1), known(&w, 2));
    let record = |n: u16, round: &str| {
        let more = json!({ "program": "once", "round": round, "beneficiary": merchant(n) });
        w.record(&more)
    };
    let first = record(1, "1").made();
    merged(&w, &a, &b);
    for n in [1, 2] {
        let refused = record(n, "1");
        assert_eq!(
            refused.refusal(),
            "409 | duplicate_beneficiary_in_round",
            "{n}"
        );
        assert!(refused.text("/detail").contains(&first), "{}", refused.body);
    }
    record(2, "2").expect(201);
    assert_eq!(record(1, "2").code(), "duplicate_beneficiary_in_round");
    unmerge(&w, &a).expect(200);
    record(1, "2").expect(201);
}

#[test]
fn what_cannot_be_merged_is_refused() {
    let w = world();
    let (a, b, c) = (known(&w, 1), known(&w, 2), known(&w, 3));
    let worker = json!({ "kind": "worker", "reference": "x", "program": "drivers" });
    let worker = w.post("officer", "/v1/beneficiaries", &worker).made();
    assert_eq!(propose(&w, &a, &a).refusal(), "409 | merge_into_itself");
    assert_eq!(
        propose(&w, &a, &worker).refusal(),
        "409 | merge_of_different_kinds"
    );
    assert_eq!(
        propose(&w, &a, "nobody").refusal(),
        "422 | invalid_fields | /into unknown_beneficiary"
    );
    assert_eq!(propose(&w, "nobody", &a).refusal(), "404 | not_found");
    assert_eq!(approve(&w, &a).refusal(), "409 | merge_not_proposed");
    assert_eq!(approve(&w, "nobody").refusal(), "404 | not_found");
    assert_eq!(unmerge(&w, &a).refusal(), "409 | not_merged");
    merged(&w, &a, &b);
    assert_eq!(propose(&w, &a, &c).refusal(), "409 | already_merged");
    assert_eq!(propose(&w, &c, &a).refusal(), "409 | merge_into_merged");
    assert_eq!(propose(&w, &b, &c).refusal(), "409 | others_merged_into_it");
    propose(&w, &c, &b).expect(200);
    assert_eq!(
        propose(&w, &c, &b).refusal(),
        "409 | merge_already_proposed"
    );
    let path = format!("/v1/beneficiaries/{c}/merge/approve");
    let early = json!({ "effective_on": "2022-11-02" });
    assert_eq!(
        w.post("approver", &path, &early).refusal(),
        "409 | before_previous_step"
    );
    let ahead = json!({ "effective_on": "2022-11-04" });
    assert_eq!(
        w.post("approver", &path, &ahead).refusal(),
        "422 | invalid_fields | /effective_on in_the_future"
    );
    let stale = [("idempotency-key", "stale"), ("if-match", "\"1\"")];
    let reply = w.call("approver", ("POST", &path), &stale, Some(&nothing()));
    assert_eq!(reply.refusal(), "412 | stale_etag");
    assert_eq!(
        w.post("officer", &path, &nothing()).refusal(),
        "403 | missing_right"
    );
    assert_eq!(
        propose(&w, &c, &"x".repeat(65)).refusal(),
        "422 | invalid_fields | /into too_long"
    );
    let no_reason = w.post(
        "officer",
        &format!("/v1/beneficiaries/{c}/merge"),
        &json!({ "into": b }),
    );
    assert_eq!(
        no_reason.refusal(),
        "422 | invalid_fields | /reason missing"
    );
}

#[test]
fn a_proposal_that_others_overtook_is_refused_when_it_is_approved() {
    let w = world();
    let (a, b, c) = (known(&w, 1), known(&w, 2), known(&w, 3));
    propose(&w, &a, &b).expect(200);
    merged(&w, &b, &c);
    assert_eq!(approve(&w, &a).refusal(), "409 | merge_into_merged");
    unmerge(&w, &b).expect(200);
    approve(&w, &a).expect(200);
}

#[test]
fn who_proposed_a_merge_never_decides_it_whatever_the_roles() {
    let w = world();
    let both = json!({
        "email": "both@test.example", "roles": ["officer", "approver"],
        "password": "three blue mandarins",
    });
    let both = w.post("admin", "/v1/users", &both).made();
    let (a, b) = (known(&w, 1), known(&w, 2));
    let body = json!({ "into": b, "reason": "x" });
    w.post(&both, &format!("/v1/beneficiaries/{a}/merge"), &body)
        .expect(200);
    for (verb, body) in [("approve", nothing()), ("reject", because())] {
        let path = format!("/v1/beneficiaries/{a}/merge/{verb}");
        assert_eq!(w.post(&both, &path, &body).refusal(), "403 | own_record");
    }
    approve(&w, &a).expect(200);
}

#[test]
fn each_step_can_be_rehearsed_and_is_done_once_however_often_it_is_asked_for() {
    let w = world();
    let (a, b) = (known(&w, 1), known(&w, 2));
    for n in [1, 2] {
        give(&w, "drivers", "2022-09-10", &merchant(n));
    }
    let proposal = json!({ "into": b, "reason": "x" });
    for (number, (user, verb, body, status, people)) in [
        ("officer", "merge", proposal.clone(), "proposed", 2),
        ("approver", "merge/reject", because(), "rejected", 2),
        ("officer", "merge", proposal, "proposed", 2),
        ("approver", "merge/approve", nothing(), "merged", 1),
        ("approver", "unmerge", because(), "unmerged", 2),
    ]
    .into_iter()
    .enumerate()
    {
        let (path, key) = (
            format!("/v1/beneficiaries/{a}/{verb}"),
            format!("step-{number}"),
        );
        let (before, watch) = (shown(&w, &a), w.watch());
        let dry = w
            .post(user, &format!("{path}?dry_run=true"), &body)
            .expect(200);
        assert_eq!(
            (dry.text("/status"), &dry.body["dry_run"]),
            (status, &json!(true))
        );
        assert_eq!(shown(&w, &a), before);
        assert!(watch.saw_nothing(), "{verb}");
        let first = w.post_with_key(user, &path, &key, &body).expect(200);
        let again = w.post_with_key(user, &path, &key, &body).expect(200);
        assert_eq!(
            (first.text("/status"), &first.bytes),
            (status, &again.bytes)
        );
        assert_eq!(again.header("idempotency-replayed"), Some("true"));
        assert_eq!(counts(&w, TODAY)[0], people, "{verb}");
    }
}

#[test]
fn a_merge_amid_payments_to_both_leaves_one_person() {
    let w = world();
    let (a, b) = (known(&w, 1), known(&w, 2));
    propose(&w, &a, &b).expect(200);
    let approved = std::thread::scope(|scope| {
        let deciding: Vec<_> = (0..2)
            .map(|_| scope.spawn(|| approve(&w, &a).status))
            .collect();
        for n in [1, 2] {
            for program in PROGRAMS {
                let w = &w;
                scope.spawn(move || give(w, program, "2022-10-01", &merchant(n)));
            }
        }
        let decided = deciding.into_iter().map(|one| one.join().unwrap());
        decided.collect::<BTreeSet<u16>>()
    });
    assert_eq!(
        approved,
        BTreeSet::from([200, 409]),
        "one merge and no second"
    );
    assert_eq!(counts(&w, TODAY), [1, 1, 1, 1]);
}

#[test]
fn a_merge_that_was_slipped_in_is_found() {
    let w = world();
    let (a, b) = (known(&w, 1), known(&w, 2));
    for n in [1, 2] {
        give(&w, "drivers", "2022-09-10", &merchant(n));
    }
    merged(&w, &a, &b);
    let mut conn = Conn::open(&w.owner(), Use::Write).unwrap();
    for (unguarded, tamper, place) in [
        (
            None,
            "UPDATE beneficiaries SET merged_into = NULL",
            "merged_into",
        ),
        (
            Some("update"),
            "UPDATE beneficiary_merges SET actor = 'nobody' WHERE step = 2",
            "merge_step",
        ),
        (
            Some("delete"),
            "DELETE FROM beneficiary_merges WHERE step = 2",
            "merge_step",
        ),
        (
            None,
            "UPDATE people_counts SET people = people + 1 WHERE scope = 'program:drivers'",
            "people_count",
        ),
        (
            None,
            "UPDATE people SET net = net + 1 WHERE scope = 'all'",
            "standing",
        ),
    ] {
        let unguarded = unguarded.map(|change| w.unguarded("beneficiary_merges", change));
        let unguarded = unguarded.unwrap_or_default();
        conn.batch_execute(&format!("BEGIN; {unguarded} {tamper};"))
            .unwrap();
        let report = audit::verify(&mut conn, &mut |_| {}).unwrap();
        conn.batch_execute("ROLLBACK").unwrap();
        let found = report.differences.iter().any(|found| found.what == place);
        assert!(found, "{tamper}: {report}");
    }
    for change in [
        "UPDATE beneficiary_merges SET actor = 'x'",
        "DELETE FROM beneficiary_merges",
    ] {
        assert!(conn.batch_execute(change).is_err(), "{change}");
    }
}

const PEOPLE: u16 = 4;
const PROGRAMS: [&str; 3] = ["drivers", "riders", "outside"];

#[derive(Debug, Clone)]
enum Do {
    Give(u16, usize, u32),
    Cancel(usize, u32),
    Merge(u16, u16),
    Unmerge(u16),
}

fn something() -> impl Strategy<Value = Do> {
    let who = 1..=PEOPLE;
    prop_oneof![
        4 => (who.clone(), 0..PROGRAMS.len(), 1_u32..28).prop_map(|(n, p, d)| Do::Give(n, p, d)),
        2 => (0_usize..20, 1_u32..28).prop_map(|(record, d)| Do::Cancel(record, d)),
        2 => (who.clone(), who.clone()).prop_map(|(a, b)| Do::Merge(a, b)),
        2 => who.prop_map(Do::Unmerge),
    ]
}

/// What was given: to whom, in which program, on which day, until which day.
struct Record {
    id: String,
    who: u16,
    program: usize,
    from: u32,
    until: Option<u32>,
}

/// Who counts in some programs on a day, when these count under others.
fn people_of(records: &[Record], into: &BTreeMap<u16, u16>, programs: &[usize], day: u32) -> i64 {
    let counted: BTreeSet<u16> = records
        .iter()
        .filter(|r| programs.contains(&r.program))
        .filter(|r| r.from <= day && r.until.is_none_or(|until| day < until))
        .map(|r| *into.get(&r.who).unwrap_or(&r.who))
        .collect();
    i64::try_from(counted.len()).unwrap()
}

proptest! {
    #![proptest_config(Config { cases: 10, max_shrink_iters: 40, ..Config::default() })]
    #[test]
    fn merges_and_their_undoing_leave_the_counts_that_a_simple_model_tells(
        history in prop::collection::vec(something(), 12..30)
    ) {
        let w = world();
        let ids: Vec<String> = (1..=PEOPLE).map(|n| known(&w, n)).collect();
        let id = |n: u16| ids[usize::from(n) - 1].as_str();
        let on = |day: u32| format!("2022-10-{day:02}");
        let (mut records, mut into) = (Vec::<Record>::new(), BTreeMap::<u16, u16>::new());
        for act in history {
            match act {
                Do::Give(who, program, from) => {
                    let id = give(&w, PROGRAMS[program], &on(from), &merchant(who));
                    records.push(Record { id, who, program, from, until: None });
                }
                Do::Cancel(record, day) => {
                    let Some(record) = records.get_mut(record) else { continue };
                    let day = day.max(record.from);
                    let mut why = because();
                    merge(&mut why, &json!({ "effective_on": on(day) }));
                    let reply = w.verb("approver", &record.id, "cancel", &why);
                    prop_assert_eq!(reply.status == 200, record.until.is_none());
                    record.until.get_or_insert(day);
                }
                Do::Merge(a, b) => {
                    let taken = into.contains_key(&a) || into.contains_key(&b);
                    let allowed = a != b && !taken && !into.values().any(|head| *head == a);
                    prop_assert_eq!(propose(&w, id(a), id(b)).status == 200, allowed);
                    if allowed {
                        approve(&w, id(a)).expect(200);
                        into.insert(a, b);
                    }
                }
                Do::Unmerge(a) => {
                    let undone = unmerge(&w, id(a)).status == 200;
                    prop_assert_eq!(undone, into.remove(&a).is_some());
                }
            }
        }
        for day in [1, 7, 14, 20, 27] {
            let told = |programs: &[usize]| people_of(&records, &into, programs, day);
            let expected = [told(&[0]), told(&[1]), told(&[0, 1]), told(&[0, 1, 2])];
            prop_assert_eq!(counts(&w, &on(day)), expected, "on {}", on(day));
        }
        for a in into.keys().copied().collect::<Vec<_>>() {
            unmerge(&w, id(a)).expect(200);
        }
        into.clear();
        for day in [1, 14, 27] {
            let told = |programs: &[usize]| people_of(&records, &into, programs, day);
            let expected = [told(&[0]), told(&[1]), told(&[0, 1]), told(&[0, 1, 2])];
            prop_assert_eq!(counts(&w, &on(day)), expected, "undone, on {}", on(day));
        }
    }
}
