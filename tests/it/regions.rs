//! Reports by region: as the regions were, and as they are today.

use serde_json::{Value, json};

use crate::support::World;

/// Payments of 100 won each, so many to each region, recorded in 2022 and looked at in 2026.
fn years_later(given: &[(&str, usize)]) -> World {
    let w = World::new();
    w.program_with("aid", &[], &json!({ "approval": "none" }));
    for (region, count) in given {
        for number in 0..*count {
            let mut body = w.cash_to("aid", &format!("{region}-{number}"), "100");
            body["beneficiary"]["region"] = match *region {
                "" => Value::Null,
                code => json!(code),
            };
            let id = w.post("officer", "/v1/disbursements", &body).made();
            w.step("disbursements", &id, "pay", "2022-11-03");
        }
    }
    w.set_day("2026-11-22");
    w
}

/// Each row by region, in one line.
fn rows(report: &Value) -> Vec<String> {
    let rows = report["by_region"].as_array().unwrap().iter();
    rows.map(|row| {
        let code = row["region"]["code"].as_str().unwrap_or("-");
        let ended = if row["ended"] == true { " ended" } else { "" };
        match row["paid"].as_str() {
            Some(paid) => format!("{code}{ended} {paid} {}", row["payments"]),
            None => format!("{code}{ended} hidden"),
        }
    })
    .collect()
}

#[test]
fn regions_are_those_of_the_record_or_those_that_hold_its_area_today() {
    let w = years_later(&[
        ("11110", 1),
        ("42110", 1),
        ("42", 1),
        ("29", 1),
        ("46110", 1),
        ("28110", 1),
        ("28140", 1),
        ("47720", 1),
        ("47110", 1),
        ("", 1),
    ]);
    let recorded = [
        "11 100 1", "28 200 2", "29 100 1", "42 200 2", "46 100 1", "47 200 2", "- 100 1",
    ];
    let report = w.report("programs/aid");
    assert_eq!(
        (rows(&report), &report["region_basis"]),
        (recorded.map(str::to_owned).into(), &json!("as_recorded"))
    );
    let current = [
        "11 100 1",
        "12 200 2",
        "28 200 2",
        "47 100 1",
        "51 200 2",
        "47720 ended 100 1",
        "- 100 1",
    ];
    let report = w.report("programs/aid?region_basis=current");
    assert_eq!(
        (rows(&report), &report["region_basis"]),
        (current.map(str::to_owned).into(), &json!("current"))
    );
    // A report of a past day by today's regions.
    let past = w.report("programs/aid?region_basis=current&as_of=2022-11-03");
    assert_eq!(rows(&past), rows(&report));
    assert_eq!(
        w.series("metric=paid&group_by=region&region_basis=current&interval=year"),
        [
            "11: 2022 100 = 100",
            "12: 2022 200 = 200",
            "28: 2022 200 = 200",
            "47: 2022 100 = 100",
            "51: 2022 200 = 200",
            "47720: 2022 100 = 100",
            "null: 2022 100 = 100",
        ]
    );
    let series = w.report("series?metric=paid&group_by=region&region_basis=current");
    let ended = |group: &Value| group["ended"] == true;
    let groups = series["groups"].as_array().unwrap();
    let ended: Vec<&Value> = groups.iter().filter(|group| ended(group)).collect();
    assert_eq!(ended.len(), 1);
    assert_eq!(ended[0]["name"]["en"], "Gunwi-gun, Gyeongsangbuk-do");
    let wrong = w.get("viewer", "/v1/reports/programs/aid?region_basis=today");
    assert_eq!(
        wrong.refusal(),
        "422 | invalid_fields | ?region_basis unknown_value"
    );
}

#[test]
fn a_region_is_hidden_with_any_part_of_it_that_is() {
    let seen = |w: &World, basis: &str| {
        let path = format!("/v1/reports/programs/aid?region_basis={basis}");
        rows(&w.get("viewer", &path).expect(200).body)
    };
    let w = years_later(&[("29", 3), ("46110", 3), ("11", 9), ("26", 9)]);
    assert_eq!(
        seen(&w, "as_recorded"),
        ["11 900 9", "26 900 9", "29 hidden", "46 hidden"]
    );
    assert_eq!(seen(&w, "current"), ["11 900 9", "12 hidden", "26 900 9"]);
    // With 12 shown, 46 taken from it would leave the three payments of 29.
    let w = years_later(&[("29", 3), ("46110", 10), ("11", 6), ("26", 9)]);
    assert_eq!(
        seen(&w, "as_recorded"),
        ["11 hidden", "26 900 9", "29 hidden", "46 1000 10"]
    );
    assert_eq!(seen(&w, "current"), ["11 hidden", "12 hidden", "26 900 9"]);
}
