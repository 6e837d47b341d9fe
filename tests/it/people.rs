//! Distinct people: each counted once in a program, in a fund and in all books.

use serde_json::{Value, json};

use crate::support::{TODAY, World, because, merge, nothing, row, told};

const SEOUL_CAFE: &str = "101-11-00013";
const BUSAN_BAKERY: &str = "120-81-00021";

/// Two programs of one fund, and one outside any, none of which asks for approval.
fn world() -> World {
    let w = World::new();
    w.fund("mobility", "1000000");
    for (program, funds) in [
        ("drivers", &["mobility"][..]),
        ("riders", &["mobility"]),
        ("outside", &[]),
    ] {
        w.program_with(program, funds, &json!({ "approval": "none" }));
        if !funds.is_empty() {
            w.allocate("mobility", program, "300000");
        }
    }
    w
}

/// Gives 300 won on a day to whom `who` names, and tells the id of the record.
fn give(w: &World, program: &str, on: &str, who: Value) -> String {
    let mut beneficiary = json!({ "kind": "merchant" });
    merge(&mut beneficiary, &who);
    w.recorded(&json!({ "program": program, "planned_on": on, "beneficiary": beneficiary }))
}

fn merchant(number: &str) -> Value {
    json!({ "registration_number": number })
}

fn worker(reference: &str) -> Value {
    json!({ "kind": "worker", "reference": reference })
}

fn refund(w: &World, id: &str, amount: &str, on: &str) {
    let body = json!({
        "amount": amount, "effective_on": on, "reason_class": "clawback", "reason": "closed",
    });
    w.verb("treasurer", id, "refund", &body).expect(200);
}

/// People and payments of a program on a day, then people of its fund and of all books.
fn reach(w: &World, program: &str, on: &str) -> String {
    let report = w.report(&format!("programs/{program}?as_of={on}"));
    let listed = w.report(&format!("overview?as_of={on}"));
    let reached = &report["beneficiaries"];
    if let Some(listed) = listed["programs"]
        .as_array()
        .unwrap()
        .iter()
        .find(|p| p["code"] == program)
    {
        let both = "unique payments";
        assert_eq!(told(&listed["beneficiaries"], both), told(reached, both));
    }
    let fund = reached["unique_in_funds"].as_array().unwrap().first();
    let fund = fund.map_or("-".to_owned(), |fund| fund["unique"].to_string());
    let word = |name: &str| reached[name].to_string();
    format!(
        "{} in {}, fund {fund}, all {}",
        word("unique"),
        word("payments"),
        word("unique_overall")
    )
}

#[test]
fn a_person_paid_twice_counts_once() {
    let w = world();
    give(&w, "drivers", "2022-10-01", merchant(SEOUL_CAFE));
    give(&w, "drivers", "2022-10-02", merchant(SEOUL_CAFE));
    give(&w, "drivers", "2022-10-03", merchant(BUSAN_BAKERY));
    assert_eq!(reach(&w, "drivers", "2022-10-01"), "1 in 1, fund 1, all 1");
    assert_eq!(reach(&w, "drivers", "2022-10-02"), "1 in 2, fund 1, all 1");
    assert_eq!(reach(&w, "drivers", TODAY), "2 in 3, fund 2, all 2");
}

#[test]
fn a_registration_number_is_one_person_however_it_is_written() {
    let w = world();
    let ids = [SEOUL_CAFE, "1011100013"].map(|number| {
        let id = give(&w, "drivers", "2022-10-01", merchant(number));
        let record = w
            .get("viewer", &format!("/v1/disbursements/{id}"))
            .expect(200);
        record.text("/beneficiary/id").to_owned()
    });
    assert_eq!(ids[0], ids[1]);
    assert_eq!(reach(&w, "drivers", TODAY), "1 in 2, fund 1, all 1");
    let wrong =
        json!({ "beneficiary": { "kind": "merchant", "registration_number": "101-11-00014" } });
    assert_eq!(
        w.record(&wrong).refusal(),
        "422 | invalid_fields | /beneficiary/registration_number bad_check_digit"
    );
}

#[test]
fn the_same_merchant_in_two_programs_counts_in_both_and_once_overall() {
    let w = world();
    give(&w, "drivers", "2022-10-01", merchant(SEOUL_CAFE));
    give(&w, "riders", "2022-10-02", merchant(SEOUL_CAFE));
    give(&w, "outside", "2022-10-03", merchant(SEOUL_CAFE));
    give(&w, "outside", "2022-10-04", merchant(BUSAN_BAKERY));
    assert_eq!(reach(&w, "drivers", TODAY), "1 in 1, fund 1, all 2");
    assert_eq!(reach(&w, "riders", TODAY), "1 in 1, fund 1, all 2");
    assert_eq!(reach(&w, "outside", TODAY), "2 in 2, fund -, all 2");
}

#[test]
fn a_reference_is_one_person_in_its_program_only() {
    let w = world();
    give(&w, "drivers", "2022-10-01", worker("a"));
    give(&w, "drivers", "2022-10-01", worker("a"));
    give(&w, "riders", "2022-10-02", worker("a"));
    assert_eq!(reach(&w, "drivers", TODAY), "1 in 2, fund 2, all 2");
    assert_eq!(reach(&w, "riders", TODAY), "1 in 1, fund 2, all 2");
}

#[test]
fn who_gave_everything_back_counts_no_longer_from_that_day() {
    let w = world();
    let first = give(&w, "drivers", "2022-10-01", merchant(SEOUL_CAFE));
    let second = give(&w, "riders", "2022-10-02", merchant(SEOUL_CAFE));
    for id in [&first, &second] {
        w.step("disbursements", id, "pay", "2022-10-05");
    }
    refund(&w, &first, "299", "2022-10-10");
    assert_eq!(reach(&w, "drivers", "2022-10-10"), "1 in 1, fund 1, all 1");
    refund(&w, &first, "1", "2022-10-20");
    assert_eq!(reach(&w, "drivers", "2022-10-19"), "1 in 1, fund 1, all 1");
    assert_eq!(reach(&w, "drivers", "2022-10-20"), "0 in 0, fund 1, all 1");
    refund(&w, &second, "300", "2022-10-30");
    assert_eq!(reach(&w, "riders", "2022-10-30"), "0 in 0, fund 0, all 0");
    give(&w, "drivers", "2022-11-01", merchant(SEOUL_CAFE));
    assert_eq!(reach(&w, "drivers", TODAY), "1 in 1, fund 1, all 1");
}

#[test]
fn whose_approval_is_cancelled_counts_no_longer() {
    let w = world();
    give(&w, "drivers", "2022-10-01", merchant(BUSAN_BAKERY));
    let id = give(&w, "drivers", "2022-10-01", merchant(SEOUL_CAFE));
    let cancel = json!({ "effective_on": "2022-10-10", "reason": "called off" });
    w.verb("approver", &id, "cancel", &cancel).expect(200);
    assert_eq!(reach(&w, "drivers", "2022-10-09"), "2 in 2, fund 2, all 2");
    assert_eq!(reach(&w, "drivers", TODAY), "1 in 1, fund 1, all 1");
}

#[test]
fn who_only_waits_for_a_decision_does_not_count_and_the_bank_takes_nobody_away() {
    let w = World::new();
    w.with_budget();
    let id = w.recorded(&json!({ "planned_on": "2022-10-01" }));
    assert_eq!(reach(&w, "drivers", TODAY), "0 in 0, fund 0, all 0");
    w.step("disbursements", &id, "approve", "2022-10-05");
    assert_eq!(reach(&w, "drivers", "2022-10-04"), "0 in 0, fund 0, all 0");
    assert_eq!(reach(&w, "drivers", "2022-10-05"), "1 in 1, fund 1, all 1");
    w.verb("treasurer", &id, "pay", &nothing()).expect(200);
    w.verb("treasurer", &id, "return", &because()).expect(200);
    assert_eq!(reach(&w, "drivers", TODAY), "1 in 1, fund 1, all 1");
}

#[test]
fn a_back_dated_entry_moves_the_day_since_when_a_person_counts() {
    let w = world();
    give(&w, "drivers", "2022-10-20", merchant(SEOUL_CAFE));
    let late = give(&w, "riders", "2022-09-10", merchant(SEOUL_CAFE));
    assert_eq!(reach(&w, "drivers", "2022-09-10"), "0 in 0, fund 1, all 1");
    assert_eq!(reach(&w, "riders", "2022-09-09"), "0 in 0, fund 0, all 0");
    assert_eq!(reach(&w, "riders", "2022-09-10"), "1 in 1, fund 1, all 1");
    assert_eq!(reach(&w, "drivers", TODAY), "1 in 1, fund 1, all 1");
    // Taken back on a day between the two, the person counts until then and from the second on.
    let cancel = json!({ "effective_on": "2022-09-30", "reason": "called off" });
    w.verb("approver", &late, "cancel", &cancel).expect(200);
    assert_eq!(reach(&w, "riders", "2022-09-29"), "1 in 1, fund 1, all 1");
    assert_eq!(reach(&w, "riders", "2022-09-30"), "0 in 0, fund 0, all 0");
    assert_eq!(reach(&w, "drivers", "2022-10-19"), "0 in 0, fund 0, all 0");
    assert_eq!(reach(&w, "drivers", "2022-10-20"), "1 in 1, fund 1, all 1");
}

#[test]
fn the_people_of_a_child_fund_are_those_of_its_parent_too() {
    let w = world();
    let child = json!({ "part_of": "mobility", "effective_on": "2022-09-01" });
    w.fund_with("taxis", "1000", &child);
    w.program_with("taxi-drivers", &["taxis"], &json!({ "approval": "none" }));
    w.allocate("taxis", "taxi-drivers", "1000");
    give(&w, "drivers", "2022-10-01", merchant(SEOUL_CAFE));
    give(&w, "taxi-drivers", "2022-10-01", merchant(SEOUL_CAFE));
    give(&w, "taxi-drivers", "2022-10-01", merchant(BUSAN_BAKERY));
    assert_eq!(reach(&w, "drivers", TODAY), "1 in 1, fund 2, all 2");
    assert_eq!(reach(&w, "taxi-drivers", TODAY), "2 in 2, fund 2, all 2");
}

#[test]
fn a_series_of_people_says_how_many_there_were_and_adds_nothing_up() {
    let w = world();
    let first = give(&w, "drivers", "2022-08-10", merchant(SEOUL_CAFE));
    give(&w, "drivers", "2022-10-01", merchant(BUSAN_BAKERY));
    give(&w, "riders", "2022-10-02", merchant(SEOUL_CAFE));
    w.step("disbursements", &first, "pay", "2022-08-10");
    refund(&w, &first, "300", "2022-09-10");
    let series = |query: &str| w.series(&format!("metric=beneficiaries{query}"));
    assert_eq!(series(""), ["all: 2022-08 1, 2022-10 2, 2022-11 2 = null"]);
    assert_eq!(
        series("&group_by=program&from=2022-09-01"),
        [
            "drivers: 2022-10 1, 2022-11 1 = null",
            "riders: 2022-10 1, 2022-11 1 = null",
        ]
    );
    assert_eq!(
        series("&group_by=fund&interval=year"),
        ["mobility: 2022 2 = null"]
    );
    let people = w.report("series?metric=beneficiaries");
    assert_eq!(
        told(&people, "unit basis"),
        "unit people, basis at_period_end"
    );
    let by_region = w.get(
        "auditor",
        "/v1/reports/series?metric=beneficiaries&group_by=region",
    );
    assert_eq!(
        by_region.refusal(),
        "422 | invalid_fields | ?group_by not_additive"
    );
}

#[test]
fn the_overview_shows_the_people_of_each_program() {
    let w = world();
    give(&w, "drivers", "2022-10-01", worker("a"));
    give(&w, "drivers", "2022-10-01", worker("b"));
    give(&w, "outside", "2022-10-01", worker("a"));
    let overview = w.report("overview");
    let reached = |program: &str| {
        told(
            &row(&overview["programs"], program)["beneficiaries"],
            "unique payments",
        )
    };
    assert_eq!(reached("drivers"), "unique 2, payments 2");
    assert_eq!(reached("riders"), "unique 0, payments 0");
    assert_eq!(reached("outside"), "unique 1, payments 1");
}
