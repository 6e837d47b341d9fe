//! Headers as people write them, and rows as they fill them in.

use std::collections::BTreeSet;

use serde_json::json;

use super::super::values::folded;
use super::*;
use crate::TextEnum;
use crate::refusal::FieldFault;
use crate::tables::{Cell, DateSystem};

const NAMES: [&str; 8] = [
    "사업 코드",
    "대상",
    "사업자 번호",
    "지 역",
    "FORM",
    "지급금액",
    "지급일",
    "attributes.team",
];

fn plan(headers: &[&str], options: Options) -> Result<Plan, Vec<FieldFault>> {
    let headers: Vec<String> = headers.iter().map(|name| (*name).to_owned()).collect();
    Plan::new(
        Kind::Disbursements,
        &headers,
        options,
        "2026-11-22".parse().unwrap(),
    )
}

fn codes(faults: &[FieldFault]) -> Vec<(&str, &str)> {
    faults
        .iter()
        .map(|fault| (fault.field.as_str(), fault.code))
        .collect()
}

fn cells(texts: &[&str]) -> Vec<Cell> {
    texts.iter().map(|text| Cell::from(*text)).collect()
}

#[test]
fn a_row_becomes_the_body_of_the_api() {
    let plan = plan(&NAMES, Options::default()).unwrap();
    let row = [
        "sosin-merchants",
        "소상공인",
        "101-11-00013",
        "강원도 춘천시",
        "현물",
        "30만 원",
        "2022.11.03",
        "가맹점팀",
    ];
    assert_eq!(
        plan.read(&cells(&row)).unwrap(),
        json!({
            "program": "sosin-merchants",
            "beneficiary": {
                "kind": "merchant", "registration_number": "1011100013", "region": "42110"
            },
            "form": "in_kind",
            "amount": "300000",
            "planned_on": "2022-11-03",
            "attributes": {"team": "가맹점팀"}
        })
    );
}

#[test]
fn every_wrong_cell_of_a_row_is_told_at_once() {
    let plan = plan(&NAMES, Options::default()).unwrap();
    let row = [
        "",
        "상점",
        "101-11-00014",
        "중구",
        "현물",
        "-5",
        "11/03/2022",
        "",
    ];
    assert_eq!(
        codes(&plan.read(&cells(&row)).unwrap_err()),
        [
            ("/beneficiary/kind", "unknown_value"),
            ("/beneficiary/registration_number", "bad_check_digit"),
            ("/beneficiary/region", "ambiguous_region"),
            ("/amount", "negative"),
            ("/planned_on", "ambiguous_day"),
            ("/program", "missing"),
        ]
    );
    assert_eq!(plan.place_of("/amount"), Some(5));
    assert_eq!(plan.place_of("/beneficiary"), Some(1));
    assert_eq!(plan.place_of("/attributes/team"), Some(7));
    assert_eq!(plan.place_of("/fund"), None);
    assert_eq!(plan.place_of(""), None);
    assert_eq!(plan.header(5).as_deref(), Some("지급금액"));
}

#[test]
fn everything_that_is_wrong_with_a_header_is_told_at_once() {
    let options = Options {
        mapping: [("없는 열", "amount"), ("대상", "nonsense")]
            .map(|(header, field)| (header.to_owned(), field.to_owned()))
            .into(),
        defaults: [("colour".to_owned(), "red".to_owned())].into(),
        ..Options::default()
    };
    let faults = plan(&["금액", "지급금액", "메모", "메 모", "대상"], options).unwrap_err();
    assert_eq!(
        codes(&faults),
        [
            ("", "unknown_mapping"),
            ("", "unknown_mapping"),
            ("", "duplicate_column"),
            ("", "duplicate_header"),
            ("", "unknown_default"),
            ("/program", "missing_column"),
            ("/form", "missing_column"),
            ("/planned_on", "missing_column"),
        ]
    );
}

#[test]
fn what_is_not_known_is_passed_over_and_told() {
    let mut headers = NAMES.to_vec();
    headers.extend(["담당자", "", "비고란"]);
    let plan = plan(&headers, Options::default()).unwrap();
    let ignored: Vec<_> = plan.ignored().collect();
    assert_eq!(ignored, [(8, "담당자"), (10, "비고란")]);
}

#[test]
fn a_mapping_and_defaults_stand_in_for_headers() {
    let options = Options {
        mapping: [("돈", "금액"), ("메모", ""), ("팀", "attributes.team")]
            .map(|(header, field)| (header.to_owned(), field.to_owned()))
            .into(),
        defaults: [
            ("program", "sosin-merchants"),
            ("kind", "소상공인"),
            ("form", "현금"),
            ("planned_on", "2022-11-03"),
        ]
        .map(|(field, text)| (field.to_owned(), text.to_owned()))
        .into(),
        ..Options::default()
    };
    let plan = plan(&["돈", "메모", "팀", "구분"], options).unwrap();
    let body = plan.read(&cells(&["1", "x", "a", "현물"])).unwrap();
    assert_eq!(body["amount"], "1");
    assert_eq!(body["form"], "in_kind");
    assert_eq!(body["beneficiary"]["kind"], "merchant");
    assert_eq!(body["attributes"]["team"], "a");
    let body = plan.read(&cells(&["1", "x", "", ""])).unwrap();
    assert_eq!(body["form"], "cash");
    assert_eq!(body.get("attributes"), None);
}

#[test]
fn names_of_the_api_are_headers_too() {
    let headers = [
        "program",
        "beneficiary.kind",
        "form",
        "amount",
        "planned_on",
        "values.cost",
        "금액단위",
    ];
    let plan = plan(&headers, Options::default()).unwrap();
    let fields: Vec<_> = plan.meanings().map(|(_, field)| field).collect();
    assert_eq!(fields[1].as_deref(), Some("kind"));
    assert_eq!(fields[5].as_deref(), Some("cost"));
    assert_eq!(fields[6], None);
}

#[test]
fn numbers_count_days_only_where_the_file_does() {
    let row = |dates| {
        let options = Options {
            dates,
            ..Options::default()
        };
        let plan = plan(&NAMES, options).unwrap();
        let mut cells = cells(&["sosin", "merchant", "1011100013", "11", "cash", "1", "", ""]);
        cells[6] = Cell::Number("44868".to_owned());
        plan.read(&cells).map(|body| body["planned_on"].clone())
    };
    assert_eq!(row(Some(DateSystem::Since1900)).unwrap(), "2022-11-03");
    assert_eq!(
        codes(&row(None).unwrap_err()),
        [("/planned_on", "not_a_day")]
    );
}

#[test]
fn no_header_means_two_columns() {
    for kind in Kind::ALL {
        let mut names = BTreeSet::new();
        let mut paths = BTreeSet::new();
        for column in of(*kind) {
            assert!(paths.insert(column.path), "{kind}: {}", column.path);
            let dotted = column.path.trim_start_matches('/').replace('/', ".");
            let mut own: BTreeSet<String> = [folded(column.field), folded(column.ko)].into();
            own.insert(folded(&dotted));
            own.extend(column.also.iter().map(|name| folded(name)));
            for name in own {
                assert!(names.insert(name.clone()), "{kind}: {name}");
            }
        }
    }
}

#[test]
fn every_column_says_what_it_is_in_both_languages() {
    for kind in Kind::ALL {
        for column in of(*kind) {
            let [ko, en] = column.note;
            assert!(
                ko.chars().any(|c| ('가'..='힣').contains(&c)),
                "{kind}: {column:?}"
            );
            assert!(!en.is_empty() && en.is_ascii(), "{kind}: {column:?}");
            assert!(!column.example.is_empty(), "{kind}: {column:?}");
        }
    }
}
