//! Each kind of import, in the formats that people send.

use encoding_rs::EUC_KR;
use serde_json::json;

use super::{HEADER, row};
use crate::support::{World, nothing};

/// Sends a file with a mode and tells what became of it.
fn ended(w: &World, user: &str, kind: &str, text: &str) -> (String, String) {
    let query = format!("kind={kind}&mode=all");
    let id = w.import(user, &query, "text/csv", text.as_bytes()).made();
    (w.ended(&id), id)
}

fn made(w: &World, user: &str, kind: &str, text: &str) -> String {
    ended(w, user, kind, text).0
}

#[test]
fn a_file_is_read_in_every_encoding_delimiter_and_format() {
    let w = World::new();
    w.with_budget();
    let text = |name: &str| format!("{HEADER}{}", row(name, "100", name));
    let text_in_korean = text("가");
    let korean = EUC_KR.encode(&text_in_korean).0.into_owned();
    let marked = [b"\xEF\xBB\xBF".as_slice(), text("나").as_bytes()].concat();
    let semicolons = text("다").replace(',', ";").into_bytes();
    let tabs = text("라").replace(',', "\t").into_bytes();
    let lines = "{\"program\":\"drivers\",\"form\":\"cash\",\"amount\":100,\"planned_on\":\"2022-11-03\",\
                 \"beneficiary\":{\"kind\":\"worker\",\"reference\":\"마\",\"region\":\"11\"}}\n";
    for (media, bytes) in [
        ("text/csv", korean),
        ("text/csv; charset=utf-8", marked),
        ("text/csv", semicolons),
        ("text/tab-separated-values", tabs),
        ("application/x-ndjson", lines.as_bytes().to_vec()),
    ] {
        let id = w
            .import("officer", "kind=disbursements&mode=all", media, &bytes)
            .made();
        assert_eq!(
            w.ended(&id),
            "committed of 1: good 1, recorded 1",
            "{media}"
        );
    }
    assert_eq!(w.disbursements("submitted"), 5);
}

#[test]
fn the_template_filled_in_is_taken_and_the_marked_sheet_as_well() {
    let w = World::new();
    w.with_budget();
    for kind in [
        "disbursements",
        "donations",
        "sales",
        "measurements",
        "contributions",
    ] {
        let reply = w.get("officer", &format!("/v1/imports/templates/{kind}.xlsx"));
        assert!(reply.expect(200).bytes.starts_with(b"PK"), "{kind}");
    }
    let missing = w.get("officer", "/v1/imports/templates/funds.xlsx");
    assert_eq!(missing.refusal(), "404 | not_found");
    let file = format!("{HEADER}{}{}", row("a", "백원", "a"), row("b", "5", "b"));
    let id = w.sent("mode=all", &file);
    assert_eq!(w.ended(&id), "checked of 2: good 1, faulty 1");
    let sheet = w
        .get("officer", &format!("/v1/imports/{id}/faults.xlsx"))
        .expect(200);
    assert_eq!(
        sheet.header("content-type"),
        Some("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    );
    let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let again = w.import(
        "officer",
        "kind=disbursements&mode=good",
        media,
        &sheet.bytes,
    );
    let id = again.made();
    assert_eq!(w.ended(&id), "committed of 2: good 1, faulty 1, recorded 1");
}

#[test]
fn sales_of_a_partner_are_recorded_and_undone() {
    let w = World::new();
    w.program_with("makers", &[], &json!({ "kind": "produce_sales" }));
    let file = "사업,상품코드,상품명,판매일,수량(kg),금액,주문수,산지,외부번호\n\
                makers,tangerine,감귤,2022.10.03,2.5,\"9,000\",2,제주시,S-1\n\
                makers,tangerine,감귤,2022.10.04,1,3000원,1,서귀포시,S-2\n";
    let (told, id) = ended(&w, "officer", "sales", file);
    assert_eq!(
        told,
        "committed of 2: good 2, recorded 2",
        "{:?}",
        w.faults_of(&id)
    );
    let listed = w.get("officer", "/v1/sales").expect(200);
    assert_eq!(listed.text("/data/0/quantity_kg"), "2.500");
    assert_eq!(listed.text("/data/0/origin_region/code"), "50110");
    w.post("officer", &format!("/v1/imports/{id}/undo"), &nothing())
        .expect(200);
    assert_eq!(w.ended(&id), "undone of 2: good 2, recorded 2, undone 2");
    let (told, _) = ended(&w, "officer", "sales", file);
    assert_eq!(told, "committed of 2: good 2, recorded 2");
}

#[test]
fn a_banks_file_books_payments_and_returns_in_one_go() {
    let w = World::new();
    w.with_budget();
    let mut ids = Vec::new();
    for name in ["a", "b", "c"] {
        let id = w.recorded(&json!({
            "beneficiary": { "kind": "worker", "reference": name, "region": "11" },
            "external_id": name,
        }));
        w.verb("approver", &id, "approve", &nothing()).expect(200);
        ids.push(id);
    }
    let pay = json!({ "effective_on": "2022-11-03" });
    w.verb("treasurer", &ids[2], "pay", &pay).expect(200);
    let file = "외부번호,이체일,처리결과,불능코드,은행참조번호\n\
                a,20221103,정상,,B-1\n\
                b,20221103,불능,0415,B-2\n\
                c,20221103,불능,0416,B-3\n";
    let (told, id) = ended(&w, "treasurer", "payment_results", file);
    assert_eq!(
        told,
        "committed of 3: good 3, recorded 3",
        "{:?}",
        w.settled(&id).body
    );
    let stands = |id: &str| {
        let record = w
            .get("officer", &format!("/v1/disbursements/{id}"))
            .expect(200);
        let text = |at: &str| record.text(at).to_owned();
        [
            text("/status"),
            text("/amounts/paid"),
            text("/amounts/returned"),
        ]
        .join(" ")
    };
    assert_eq!(stands(&ids[0]), "paid 300 0");
    assert_eq!(stands(&ids[1]), "approved 0 300");
    assert_eq!(stands(&ids[2]), "approved 0 300");
    let step = w
        .get("officer", &format!("/v1/disbursements/{}", ids[1]))
        .expect(200);
    assert_eq!(step.text("/steps/2/bank_reference"), "B-2");
    assert_eq!(step.text("/steps/3/reason"), "0415");
    // The same file changes nothing; a row that is new and wrong is told.
    let more = format!("{file}x,20221103,정상,,B-4\na,20221103,정상,,B-5\n");
    let query = "kind=payment_results&mode=good";
    let id = w
        .import("treasurer", query, "text/csv", more.as_bytes())
        .made();
    let told = w.ended(&id);
    assert_eq!(told, "committed of 5: faulty 2, repeated 3");
    let refused = w.post("treasurer", &format!("/v1/imports/{id}/undo"), &nothing());
    assert_eq!(refused.refusal(), "409 | import_not_undoable");
}

#[test]
fn whoever_recorded_an_entry_never_pays_it_by_a_file_either() {
    let w = World::new();
    w.with_budget();
    let both = json!({ "email": "both@test.example", "password": "a long enough one",
                       "roles": ["officer", "treasurer"] });
    let both = w
        .post("admin", "/v1/users", &both)
        .expect(201)
        .text("/id")
        .to_owned();
    let body = w.cash_to("drivers", "a", "300");
    let mut body = body;
    body["external_id"] = json!("a");
    let id = w.post(&both, "/v1/disbursements", &body).made();
    w.verb("approver", &id, "approve", &nothing()).expect(200);
    let file = "외부번호,이체일,처리결과\na,20221103,정상\n";
    let id = w
        .import(
            &both,
            "kind=payment_results&mode=all",
            "text/csv",
            file.as_bytes(),
        )
        .made();
    assert_eq!(w.ended(&id), "checked of 1: faulty 1");
    let faults = w
        .get(&both, &format!("/v1/imports/{id}/faults"))
        .expect(200);
    assert_eq!(faults.text("/data/0/code"), "own_record");
}

#[test]
fn donations_contributions_people_and_measurements_are_taken() {
    let w = World::new();
    w.fund("mobility", "1000000");
    let association = json!({ "code": "hope-bridge", "kind": "nonprofit",
                              "name": { "ko": "희망브리지", "en": "Hope Bridge" } });
    w.post("manager", "/v1/organisations", &association)
        .expect(201);
    let donations = "기부처,기부처 역할,지정,형태,금액,지급예정일\n\
                     hope-bridge,배분 기관,예,현금,1억,2022-11-03\n";
    let donations = donations.replace("기부처 역할", "recipient_role");
    assert_eq!(
        made(&w, "officer", "donations", &donations),
        "committed of 1: good 1, recorded 1"
    );

    let paid_in = "기금,금액,출연일,출연자\nmobility,30만,2022-10-01,카카오\n";
    let (told, id) = ended(&w, "manager", "contributions", paid_in);
    assert_eq!(told, "committed of 1: good 1, recorded 1");
    w.post("manager", &format!("/v1/imports/{id}/undo"), &nothing())
        .expect(200);
    assert_eq!(w.ended(&id), "undone of 1: good 1, recorded 1, undone 1");

    let people = "유형,사업자등록번호,이름,지역\n\
                  소상공인,101-11-00013,상생상회,서울 종로구\n\
                  소상공인,101-11-00013,같은 사람,서울 종로구\n\
                  소상공인,101-11-00014,틀린 번호,서울 종로구\n";
    let (told, id) = ended(&w, "officer", "beneficiaries", people);
    assert_eq!(told, "checked of 3: good 1, faulty 2");
    assert_eq!(
        w.faults_of(&id)[1],
        "4 2 사업자등록번호 fault bad_check_digit 101-11-00014"
    );

    let indicator = json!({ "code": "stations", "name": { "ko": "역", "en": "Stations" },
                            "unit": "places", "additive": true, "accumulation": "in_period",
                            "better": "up" });
    w.post("manager", "/v1/indicators", &indicator).expect(201);
    let measured = "지표,시작일,종료일,값,성격\nstations,2022-01-01,2022-09-30,212,실측\n";
    let (told, id) = ended(&w, "officer", "measurements", measured);
    assert_eq!(told, "committed of 1: good 1, recorded 1");
    w.post("officer", &format!("/v1/imports/{id}/undo"), &nothing())
        .expect(200);
    assert_eq!(w.ended(&id), "undone of 1: good 1, recorded 1, undone 1");
}

#[test]
fn amendments_are_proposed_by_the_row_and_taken_back() {
    let w = World::new();
    w.with_budget();
    for name in ["a", "b"] {
        let id = w.recorded(&json!({
            "beneficiary": { "kind": "worker", "reference": name, "region": "11" },
            "external_id": name,
        }));
        w.verb("approver", &id, "approve", &nothing()).expect(200);
    }
    let file = "대상,외부번호,지역,이름,사유구분,사유\n\
                집행,a,부산,홍길동,정정,주소 오기\n\
                집행,b,부산,,정정,주소 오기\n";
    let (told, id) = ended(&w, "officer", "amendments", file);
    assert_eq!(
        told,
        "committed of 2: good 2, recorded 2",
        "{:?}",
        w.faults_of(&id)
    );
    w.post("officer", &format!("/v1/imports/{id}/undo"), &nothing())
        .expect(200);
    assert_eq!(w.ended(&id), "undone of 2: good 2, recorded 2, undone 2");
    let unknown = "대상,외부번호,용도,사유구분,사유\n집행,zz,수해,정정,오기\n";
    let (told, id) = ended(&w, "officer", "amendments", unknown);
    assert_eq!(told, "checked of 1: faulty 1");
    assert_eq!(
        w.faults_of(&id),
        ["2 2 외부번호 fault unknown_external_id zz"]
    );
}

#[test]
fn what_headers_mean_is_kept_for_a_program() {
    let w = World::new();
    w.with_budget();
    let mapping = json!({
        "kind": "disbursements", "program": "drivers",
        "headers": [
            { "header": "기사", "field": "reference" },
            { "header": "돈", "field": "amount" },
            { "header": "메모", "field": "purpose" },
        ],
    });
    let kept = w
        .post("officer", "/v1/imports/mappings", &mapping)
        .expect(201);
    assert_eq!(kept.text("/headers/0/header"), "기사");
    let shown = w.get(
        "officer",
        "/v1/imports/mappings?kind=disbursements&program=drivers",
    );
    assert_eq!(shown.expect(200).body, kept.body);
    let none = w.get("officer", "/v1/imports/mappings?kind=sales");
    assert_eq!(none.refusal(), "404 | not_found");
    let file = "기사,돈,지역,지급일\nx,500,서울,2022-11-03\n";
    let defaults = "%7B%22form%22%3A%22cash%22%2C%22kind%22%3A%22worker%22%7D";
    let id = w.sent(
        &format!("program=drivers&mode=all&defaults={defaults}"),
        file,
    );
    assert_eq!(
        w.ended(&id),
        "committed of 1: good 1, recorded 1",
        "{:?}",
        w.faults_of(&id)
    );
    // What the sender says comes before what was kept.
    let headers = "%7B%22%EB%8F%88%22%3A%22amount%22%7D";
    let file = "식별번호,돈,지역,지급일\ny,500,서울,2022-11-03\n";
    let query = format!("program=drivers&mode=all&defaults={defaults}&headers={headers}");
    let id = w.sent(&query, file);
    assert_eq!(w.ended(&id), "committed of 1: good 1, recorded 1");
}

#[test]
fn regions_are_strict_or_stand_for_their_successors() {
    let w = World::new();
    w.with_budget();
    let rows = |name: &str| {
        let line = format!("drivers,현금,종사자,{name},강원특별자치도,100,2022-11-03,{name}\n");
        format!("{HEADER}{line}")
    };
    let id = w.sent("mode=all", &rows("a"));
    assert_eq!(w.ended(&id), "checked of 1: faulty 1");
    assert_eq!(
        w.faults_of(&id),
        ["2 5 지역 fault region_not_valid_on_date 강원특별자치도"]
    );
    let id = w.sent("mode=all&region_codes=successor", &rows("b"));
    assert_eq!(w.ended(&id), "committed of 1: good 1, recorded 1");
    let listed = w.get("officer", "/v1/disbursements").expect(200);
    assert_eq!(listed.text("/data/0/beneficiary/region/code"), "42");
}
