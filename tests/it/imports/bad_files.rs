//! Files that are none, and rows that are wrong in every way: told at once, nothing half-kept.

use sangsaeng::http::state::Limits;

use super::{HEADER, row};
use crate::support::World;

fn refused(w: &World, media: &str, bytes: &[u8]) -> String {
    w.import("officer", "kind=disbursements&mode=all", media, bytes)
        .refusal()
}

#[test]
fn a_file_that_is_no_table_is_refused_with_the_reason() {
    let w = World::new();
    w.with_budget();
    let good = format!("{HEADER}{}", row("a", "1", "a"));
    let mixed = [good.as_bytes(), b"drivers,\xB0\xA1,\xEA\xB0\x80,\xFF\n"].concat();
    let long = format!("{HEADER}{}\n", "x".repeat(1 << 20));
    let open = format!("{HEADER}\"drivers,1\n");
    let wide = format!("{}\n1\n", "a,".repeat(10_000));
    for (media, bytes, told) in [
        ("text/csv", b"".as_slice(), "header_missing"),
        ("text/csv", HEADER.as_bytes(), "no_rows"),
        ("text/csv", b"\xFF\xFEa\0b\0", "encoding_unknown"),
        ("text/csv", &mixed, "encoding_mixed"),
        ("text/csv", open.as_bytes(), "quote_not_closed"),
        ("text/csv", long.as_bytes(), "cell_too_long"),
        ("text/csv", wide.as_bytes(), "too_many_columns"),
        ("text/csv", b"PK\x03\x04zip", "not_a_table"),
        (
            "application/octet-stream",
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
            "old_or_locked_workbook",
        ),
        (
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            b"PK\x03\x04 and no more",
            "broken_workbook",
        ),
    ] {
        let answer = refused(&w, media, bytes);
        assert_eq!(answer, format!("422 | invalid_fields |  {told}"), "{media}");
    }
    let json = refused(&w, "application/json", b"{}");
    assert_eq!(json, "415 | unsupported_media_type");
    let list = w.get("officer", "/v1/imports").expect(200);
    assert_eq!(list.body["data"].as_array().unwrap().len(), 0);
}

#[test]
fn everything_that_is_wrong_with_a_header_is_told_at_once() {
    let w = World::new();
    w.with_budget();
    let file = "사업,사업,금액,지원금\ndrivers,drivers,1,1\n";
    let told = w.import("officer", "kind=disbursements", "text/csv", file.as_bytes());
    let faults = told.expect(422).faults();
    for code in ["duplicate_header", "duplicate_column", "missing_column"] {
        assert!(
            faults.iter().any(|fault| fault.ends_with(code)),
            "{faults:?}"
        );
    }
}

#[test]
fn a_question_that_is_wrong_is_told_by_its_parameter() {
    let w = World::new();
    let ask = |query: &str| w.import("officer", query, "text/csv", b"a\n1\n").refusal();
    assert_eq!(ask(""), "422 | invalid_fields | ?kind missing");
    assert_eq!(
        ask("kind=funds&mode=some&rows=-1&x=1"),
        "422 | invalid_fields | ?kind unknown_value | ?mode unknown_value | ?rows too_small | \
         ?x unknown_field"
    );
    assert_eq!(
        ask("kind=disbursements&headers=%5B1%5D"),
        "422 | invalid_fields | ?headers not_a_mapping"
    );
}

#[test]
fn a_file_that_is_too_long_is_refused_before_it_is_read() {
    let limits = Limits {
        file: 1_000,
        ..Limits::default()
    };
    let w = World::with_limits(limits);
    let long = vec![b'a'; 5_000];
    assert_eq!(refused(&w, "text/csv", &long), "413 | body_too_large");
}

#[test]
fn all_faults_of_a_row_are_told_by_column_code_and_value() {
    let w = World::new();
    w.with_budget();
    let file = format!(
        "{HEADER}nowhere,현금,종사자,a,서울,1,2022-11-03,a\n\
         drivers,외상,신선,b,중구,30.5만1,11/03/2022,b\n\
         drivers,현금,종사자,,서울,100,2022-11-03,c\n\
         ,,,,,,,\n\
         drivers,현금,종사자,d,서울,100,2022-02-30,d,more\n"
    );
    let id = w.sent("mode=all", &file);
    assert_eq!(w.ended(&id), "checked of 4: faulty 4");
    assert_eq!(
        w.faults_of(&id),
        [
            "2 1 사업 fault unknown_program nowhere",
            "3 2 형태 fault unknown_value 외상",
            "3 3 수혜자 유형 fault unknown_value 신선",
            "3 5 지역 fault ambiguous_region 중구",
            "3 6 금액 fault not_a_number 30.5만1",
            "3 7 지급예정일 fault ambiguous_day 11/03/2022",
            "4 3 수혜자 유형 fault identity_required 종사자",
            "6 9 - fault value_without_header -",
            "6 7 지급예정일 fault no_such_day 2022-02-30",
        ]
    );
    let page = w
        .get("officer", &format!("/v1/imports/{id}/faults?limit=2"))
        .expect(200);
    let next = page.text("/next_cursor").to_owned();
    let page = w.get(
        "officer",
        &format!("/v1/imports/{id}/faults?limit=2&cursor={next}"),
    );
    let page = page.expect(200);
    assert_eq!(
        super::fault(&page.body["data"][0]),
        "3 3 수혜자 유형 fault unknown_value 신선"
    );
    assert!(
        page.text("/data/0/message/ko")
            .chars()
            .any(|c| ('가'..='힣').contains(&c))
    );
}

#[test]
fn personal_details_are_sealed_wherever_rows_are_kept() {
    let w = World::new();
    w.with_budget();
    let file = format!("{HEADER}{}", row("MARK-OF-A-PERSON", "12.5", "x"));
    let id = w.sent("", &file);
    w.settled(&id);
    let database = std::fs::read(w.folder().join("books.db")).unwrap_or_default();
    let journal = std::fs::read(w.folder().join("books.db-wal")).unwrap_or_default();
    let clear = b"MARK-OF-A-PERSON";
    for bytes in [database, journal] {
        assert!(!bytes.windows(clear.len()).any(|part| part == clear));
    }
    let left: Vec<_> = std::fs::read_dir(w.folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains("import"))
        .collect();
    assert_eq!(left, [""; 0], "no file is left over");
}
