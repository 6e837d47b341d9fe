//! Distinct people of a period: new, active and gone, in a program, a fund and all books.

use serde_json::{Value, json};

use crate::support::{TODAY, World, merge, row, told};

/// Two programs of one fund, one of its child, one outside any; none asks for approval.
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

/// The nth valid registration number of many.
fn number(n: u16) -> String {
    use sangsaeng::beneficiaries::registration_number::RegistrationNumber;
    let number = RegistrationNumber::from_serial(101, 11, n).unwrap();
    number.as_digits().to_owned()
}

fn give(w: &World, program: &str, on: &str, who: u16) -> String {
    let whom = json!({ "kind": "merchant", "registration_number": number(who) });
    let mut more = json!({ "program": program, "planned_on": on });
    merge(&mut more, &json!({ "beneficiary": whom }));
    w.recorded(&more)
}

fn take_back(w: &World, id: &str, on: &str) {
    w.step("disbursements", id, "pay", on);
    let body = json!({ "effective_on": on, "reason_class": "clawback", "reason": "closed" });
    w.verb("treasurer", id, "refund", &body).expect(200);
}

/// 1 came in August and stayed, 2 came and went in September, 3 left in September, 4 came in
/// September to two programs, 5 came to the child fund and outside, 6 was cancelled before it began.
fn story() -> World {
    let w = world();
    give(&w, "drivers", "2022-08-10", 1);
    give(&w, "drivers", "2022-09-10", 1);
    let second = give(&w, "drivers", "2022-09-02", 2);
    take_back(&w, &second, "2022-09-30");
    let third = give(&w, "drivers", "2022-08-31", 3);
    take_back(&w, &third, "2022-09-01");
    give(&w, "drivers", "2022-09-05", 4);
    give(&w, "riders", "2022-09-30", 4);
    give(&w, "riders", "2022-10-01", 5);
    give(&w, "outside", "2022-08-01", 5);
    let sixth = give(&w, "drivers", "2022-08-01", 6);
    let why = json!({ "reason": "x", "effective_on": "2022-08-02" });
    w.verb("approver", &sixth, "cancel", &why).expect(200);
    w
}

const ALL: &str = "at_start at_end new active left";
const SEPTEMBER: &str = "from=2022-09-01&to=2022-09-30";

fn people(w: &World, path: &str) -> String {
    let report = w.get("auditor", &format!("/v1/reports/{path}")).expect(200);
    told(&report.body["people_in_period"], ALL)
}

/// The numbers of a row: on the day, and of the period where one was asked for.
fn of(people: &Value) -> String {
    let unique = &people["unique"];
    match &people["people_in_period"] {
        Value::Null => unique.to_string(),
        period => format!("{unique}: {}", told(period, ALL)),
    }
}

#[test]
fn a_program_tells_who_came_who_was_active_and_who_left() {
    let w = story();
    assert_eq!(
        w.report("programs/drivers")["people_in_period"],
        Value::Null
    );
    assert_eq!(
        people(&w, &format!("programs/drivers?{SEPTEMBER}")),
        "at_start 2, at_end 2, new 1, active 2, left 1"
    );
    assert_eq!(
        people(
            &w,
            "programs/drivers?from=2022-08-01&to=2022-09-29&as_of=2022-09-29"
        ),
        "at_start 0, at_end 3, new 3, active 3, left 0"
    );
    assert_eq!(
        people(&w, "programs/riders?from=2022-09-30"),
        "at_start 0, at_end 2, new 2, active 2, left 0"
    );
    assert_eq!(
        people(&w, "programs/drivers?from=2022-11-03"),
        "at_start 2, at_end 2, new 0, active 0, left 0"
    );
}

#[test]
fn a_fund_counts_the_people_of_its_child_funds() {
    let w = story();
    assert_eq!(
        people(&w, "funds/parent?from=2022-09-30&to=2022-10-31"),
        "at_start 3, at_end 3, new 1, active 2, left 1"
    );
    assert_eq!(
        people(&w, "funds/child?from=2022-09-30&to=2022-10-31"),
        "at_start 0, at_end 2, new 2, active 2, left 0"
    );
}

#[test]
fn the_report_of_people_shows_all_scopes_side_by_side_and_their_overlap() {
    let w = story();
    let path = format!("/v1/reports/people?{SEPTEMBER}&as_of=2022-10-01");
    let report = w
        .get("auditor", &path)
        .as_told("GET", &path)
        .expect(200)
        .body;
    assert_eq!(
        of(&report["overall"]),
        "3: at_start 3, at_end 3, new 1, active 2, left 1"
    );
    let programs = &report["programs"];
    assert_eq!(
        of(row(programs, "drivers")),
        "2: at_start 2, at_end 2, new 1, active 2, left 1"
    );
    assert_eq!(
        of(row(programs, "riders")),
        "2: at_start 0, at_end 1, new 1, active 1, left 0"
    );
    assert_eq!(
        of(row(programs, "outside")),
        "1: at_start 1, at_end 1, new 0, active 0, left 0"
    );
    assert_eq!(
        of(row(&report["funds"], "parent")),
        "3: at_start 2, at_end 2, new 1, active 2, left 1"
    );
    // 4 in two programs of one fund, 5 in one of them and outside.
    assert_eq!(
        told(
            &report["overlap"],
            "in_several_programs in_several_funds suppressed"
        ),
        "in_several_programs 2, in_several_funds 0, suppressed false"
    );
    assert!(
        report["not_added"]["en"]
            .as_str()
            .unwrap()
            .contains("never added")
    );
    let now = w.get("auditor", "/v1/reports/people").expect(200).body;
    assert_eq!(
        (&now["as_of"], &now["overall"]["people_in_period"]),
        (&json!(TODAY), &Value::Null)
    );
}

#[test]
fn whom_compensation_reached_stands_in_its_programs_and_not_among_all_people() {
    let w = world();
    for program in ["damages", "losses"] {
        let apart = json!({ "approval": "none", "kind": "compensation" });
        w.program_with(program, &[], &apart);
    }
    // 1 was compensated alone; 2 was given something too, and compensated before that.
    give(&w, "damages", "2022-09-05", 1);
    let seen = |on: &str| {
        let path = format!("/v1/reports/people?{SEPTEMBER}&as_of={on}");
        let report = w.get("auditor", &path).as_told("GET", &path);
        let report = report.expect(200).body;
        // What the people report says of a program is what its own report and the overview say.
        let overview = w.report(&format!("overview?as_of={on}"));
        for program in ["damages", "drivers"] {
            let own = w.report(&format!("programs/{program}?{SEPTEMBER}&as_of={on}"));
            let people = row(&report["programs"], program);
            assert_eq!(people["unique"], own["beneficiaries"]["unique"]);
            assert_eq!(
                told(&people["people_in_period"], ALL),
                told(&own["people_in_period"], ALL)
            );
            let overall = &own["beneficiaries"]["unique_overall"];
            assert_eq!(&report["overall"]["unique"], overall);
            let listed = &row(&overview["programs"], program)["beneficiaries"];
            assert_eq!(people["unique"], listed["unique"]);
        }
        report
    };
    let alone = seen("2022-10-01");
    assert_eq!(
        of(&alone["overall"]),
        "0: at_start 0, at_end 0, new 0, active 0, left 0"
    );
    assert_eq!(
        of(row(&alone["programs"], "damages")),
        "1: at_start 0, at_end 1, new 1, active 1, left 0"
    );

    give(&w, "damages", "2022-08-10", 2);
    give(&w, "drivers", "2022-09-20", 2);
    give(&w, "losses", "2022-10-01", 1);
    let both = seen("2022-10-01");
    // New among all people is who was first given something, not who was first compensated.
    assert_eq!(
        of(&both["overall"]),
        "1: at_start 0, at_end 1, new 1, active 1, left 0"
    );
    assert_eq!(
        of(row(&both["programs"], "damages")),
        "2: at_start 1, at_end 2, new 1, active 1, left 0"
    );
    assert_eq!(
        of(row(&both["programs"], "drivers")),
        "1: at_start 0, at_end 1, new 1, active 1, left 0"
    );
    // 1 is in two programs of compensation, 2 in one of them and in one that gives.
    assert_eq!(
        told(&both["overlap"], "in_several_programs in_several_funds"),
        "in_several_programs 2, in_several_funds 0"
    );
    let found = w.audit();
    assert!(found.is_clean(), "{found}");
}

#[test]
fn who_sees_no_small_cells_sees_no_small_numbers_of_people() {
    let w = story();
    let seen = |user: &str, path: &str| {
        let path = format!("/v1/reports/{path}?{SEPTEMBER}");
        w.get(user, &path).as_told("GET", &path).expect(200).body
    };
    for path in ["programs/drivers", "funds/parent"] {
        let hidden = &seen("viewer", path)["people_in_period"];
        assert_eq!(
            told(hidden, "at_start at_end new active left suppressed"),
            "at_start 2, at_end 2, new null, active null, left null, suppressed true"
        );
    }
    let people = seen("viewer", "people");
    assert_eq!(people["overall"]["people_in_period"]["suppressed"], true);
    assert_eq!(people["overlap"]["in_several_programs"], Value::Null);
    assert_eq!(people["overlap"]["suppressed"], true);
    for n in 10..16 {
        give(&w, "outside", "2022-09-15", n);
    }
    let open = &seen("viewer", "programs/outside")["people_in_period"];
    assert_eq!(
        told(open, "new left suppressed"),
        "new 6, left 0, suppressed false"
    );
}

#[test]
fn people_of_more_than_one_page_are_all_counted() {
    let w = world();
    for n in 1..=510 {
        give(&w, "outside", "2022-10-01", n);
    }
    assert_eq!(
        people(&w, "programs/outside?from=2022-10-01"),
        "at_start 0, at_end 510, new 510, active 510, left 0"
    );
}

#[test]
fn a_period_that_cannot_be_is_refused() {
    let w = world();
    for path in ["funds/parent", "programs/drivers", "people"] {
        for (query, expected) in [
            ("to=2022-10-01", "?from missing"),
            ("from=2022-10-02&to=2022-10-01", "?from end_before_start"),
            (
                "from=2022-10-01&to=2022-10-03&as_of=2022-10-02",
                "?to after_as_of",
            ),
            (
                "as_of=2022-11-04&to=2022-11-05",
                "?as_of in_the_future | ?to after_as_of | ?from missing",
            ),
            ("from=monday", "?from not_a_day"),
        ] {
            let path = format!("/v1/reports/{path}?{query}");
            let reply = w.get("viewer", &path).as_told("GET", &path);
            assert_eq!(
                reply.refusal(),
                format!("422 | invalid_fields | {expected}"),
                "{path}"
            );
        }
    }
}
