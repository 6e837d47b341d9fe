//! What is in a file.

use std::collections::BTreeSet;
use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use sangsaeng::db::Url;
use sangsaeng::http::v1::exports::sources::{EXPORTABLE, Exportable};
use serde_json::{Value, json};

use super::{column, rows};
use crate::copying::rich;
use crate::support::document::document;
use crate::support::program::program;
use crate::support::{World, merge};

/// The lists and reports that the document tells of.
fn told() -> BTreeSet<String> {
    let paths = document()["paths"].as_object().unwrap().iter();
    let listed = paths.filter(|(path, item)| {
        let parameters = item["get"]["parameters"].as_array();
        let paged = parameters
            .into_iter()
            .flatten()
            .any(|parameter| parameter["name"] == "cursor");
        paged || (path.starts_with("/v1/reports/") && !item["get"].is_null())
    });
    listed.map(|(path, _)| path.clone()).collect()
}

#[test]
fn every_list_and_every_report_can_be_exported() {
    let known: BTreeSet<String> = EXPORTABLE.iter().map(|one| one.path.to_owned()).collect();
    assert_eq!(told(), known);
    for path in known {
        let operation = &document()["paths"][&path]["get"];
        assert!(
            operation["parameters"].to_string().contains("/Format\""),
            "{path}"
        );
        let content = operation["responses"]["200"]["content"]
            .as_object()
            .unwrap();
        assert!(content.contains_key("text/csv"), "{path}");
    }
}

/// The path of something that there is.
fn filled(w: &World, one: &Exportable) -> String {
    let first = |list: &str| {
        let found = w.get("auditor", &format!("{list}?limit=1000")).expect(200);
        let found = found.body["data"].as_array().unwrap();
        let amended = found
            .iter()
            .find(|record| record["amendments"].as_i64() > Some(0));
        let first = amended.unwrap_or(&found[0]);
        let name = first["id"].as_str().or(first["code"].as_str());
        name.unwrap_or_else(|| panic!("{list} is empty")).to_owned()
    };
    let Some((noun, _)) = one.path.split_once("/{") else {
        return one.path.to_owned();
    };
    let id = match noun {
        "/v1/funds" | "/v1/reports/funds" => "mobility".to_owned(),
        "/v1/reports/programs" => "drivers".to_owned(),
        "/v1/reports/indicators" => first("/v1/indicators"),
        list => first(list),
    };
    let (_, after) = one.path.split_once('}').unwrap();
    format!("{noun}/{id}{after}")
}

/// Every value of a record that is no list of parts, by its place.
fn leaves(value: &Value, at: &str, found: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for (name, value) in members {
                leaves(value, &format!("{at}/{name}"), found);
            }
        }
        Value::Null => {}
        Value::Array(parts) if parts.is_empty() || parts.iter().any(Value::is_object) => {}
        _ => drop(found.insert(at.to_owned())),
    }
}

#[test]
fn every_table_is_written_in_every_format_and_leaves_nothing_out() {
    let w = World::new();
    rich(&w);
    let cash = json!({ "amount": "1000", "from": "본사" });
    w.post("manager", "/v1/funds/mobility/contributions", &cash)
        .expect(201);
    let (mut missing, mut empty) = (Vec::new(), Vec::new());
    let reader = |path: &str| match path {
        "/v1/users" | "/v1/partners" | "/v1/clients" => "admin",
        "/v1/events" | "/v1/access-events" => "auditor",
        _ => "officer",
    };
    for one in EXPORTABLE {
        let path = filled(&w, one);
        let metric = if path.ends_with("/series") {
            "metric=disbursed&"
        } else {
            ""
        };
        for table in one.tables {
            let asked = |format: &str| {
                let query = format!("{metric}format={format}&table={}", table.name);
                w.get(reader(&path), &format!("{path}?{query}"))
            };
            let (csv, lines) = (asked("csv").expect(200), asked("ndjson").expect(200));
            let csv = rows(&csv.bytes);
            let lines = String::from_utf8(lines.bytes).unwrap();
            assert_eq!(lines.lines().count(), csv.len(), "{path} {}", table.name);
            let workbook = asked("xlsx").expect(200).bytes;
            let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(workbook)).unwrap();
            let sheet = workbook.worksheet_range_at(0).unwrap().unwrap();
            assert_eq!(sheet.height(), csv.len() + 1, "{path} {}", table.name);
        }
        if !path.starts_with("/v1/reports/") && one.tables[0].rows.is_empty() {
            let list = w
                .get(reader(&path), &format!("{path}?limit=1000"))
                .expect(200);
            let mut told = BTreeSet::new();
            for record in list.body["data"].as_array().unwrap() {
                leaves(record, "", &mut told);
            }
            if told.is_empty() {
                empty.push(one.path);
            }
            let columns = one.tables[0].columns.iter();
            let columns: Vec<String> = columns.map(|column| column.pointer().into()).collect();
            told.retain(|leaf| {
                !columns
                    .iter()
                    .any(|column| leaf.starts_with(column.as_str()))
            });
            // In the other language, or the same in every row, or how far a file of many is.
            told.retain(|leaf| {
                let of_a_region = leaf.contains("region/");
                let other = ["/en", "/ko", "/iso", "currency", "/as_of"];
                let progress = ["/progress/", "/review/", "/merge/"]
                    .iter()
                    .any(|at| leaf.starts_with(at));
                !of_a_region && !progress && !other.iter().any(|end| leaf.ends_with(end))
            });
            missing.extend(told.into_iter().map(|leaf| format!("{path} {leaf}")));
        }
    }
    assert_eq!(missing, [""; 0]);
    // They have the table of those of disbursements.
    empty.retain(|path| *path != "/v1/donations/{id}/amendments");
    assert_eq!(empty, [""; 0]);
}

/// Payments whose texts are what a spreadsheet would run.
fn harmful(w: &World) -> [&'static str; 4] {
    w.with_budget();
    let texts = [
        "=1+1",
        "+cmd|' /C calc'!A0",
        "@SUM(A1)",
        "＝HYPERLINK(\"x\")",
    ];
    for (at, text) in texts.into_iter().enumerate() {
        let mut body = w.cash_to("drivers", &format!("driver-{at}"), "100000");
        merge(&mut body, &json!({ "purpose": text }));
        w.post("officer", "/v1/disbursements", &body).expect(201);
    }
    texts
}

#[test]
fn no_text_is_run_as_a_formula_and_amounts_stay_numbers() {
    let w = World::new();
    let texts = harmful(&w);
    let csv = w.get("officer", "/v1/disbursements?format=csv").expect(200);
    let wanted: Vec<String> = texts.iter().map(|text| format!("'{text}")).collect();
    assert_eq!(column(&csv.bytes, "purpose"), wanted);
    assert_eq!(column(&csv.bytes, "amount"), ["100000"; 4]);
    let xlsx = w
        .get("officer", "/v1/disbursements?format=xlsx&lang=ko")
        .expect(200);
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(xlsx.bytes)).unwrap();
    assert!(book.worksheet_formula("disbursements").unwrap().is_empty());
    let sheet = book.worksheet_range("disbursements").unwrap();
    let place = |name: &str| {
        let head = sheet.rows().next().unwrap();
        head.iter().position(|cell| *cell == *name).unwrap()
    };
    let (purpose, amount, day) = (place("용도"), place("금액"), place("지급예정일"));
    for (row, text) in sheet.rows().skip(1).zip(texts) {
        assert_eq!(row[purpose], Data::String(text.to_owned()));
        assert!(
            matches!(row[amount], Data::Float(_) | Data::Int(_)),
            "{row:?}"
        );
        assert_eq!(row[amount].to_string(), "100000");
        assert!(matches!(row[day], Data::DateTime(_)), "{row:?}");
    }
}

#[test]
fn the_caller_says_how_a_file_looks() {
    let w = World::new();
    w.with_budget();
    w.submit("drivers", "driver-1", "5");
    let path = "/v1/disbursements?program=drivers";
    let plain = w.get("officer", &format!("{path}&format=csv")).expect(200);
    assert_eq!(
        plain.header("content-type"),
        Some("text/csv; charset=utf-8; header=present")
    );
    let name = "attachment; filename=\"disbursements-2022-11-03.csv\"";
    assert_eq!(plain.header("content-disposition"), Some(name));
    let length = plain.bytes.len().to_string();
    assert_eq!(plain.header("content-length"), Some(length.as_str()));
    assert!(
        plain.bytes.starts_with(b"record_id,status,program,") && plain.bytes.ends_with(b"\r\n")
    );
    let marked = w.get("officer", &format!("{path}&format=csv&lang=ko&bom=true"));
    assert!(
        marked
            .expect(200)
            .bytes
            .starts_with("\u{FEFF}기록번호,상태,사업,".as_bytes())
    );
    let accepts = |media: &str| {
        let headers = [("accept", media), ("accept-language", "ko")];
        w.call("officer", ("GET", path), &headers, None).expect(200)
    };
    assert!(
        accepts("text/csv")
            .bytes
            .starts_with("기록번호,".as_bytes())
    );
    assert_eq!(accepts("application/x-ndjson").body["amount"], "5");
    assert_eq!(accepts("application/json").body["data"][0]["amount"], "5");
    assert_eq!(accepts("text/html, */*").body["data"][0]["amount"], "5");
}

#[test]
fn what_is_wrong_is_refused_as_the_list_refuses_it() {
    let w = World::new();
    w.with_budget();
    let refused = |user: &str, path: &str| w.get(user, path).refusal();
    for (user, path, wanted) in [
        (
            "communicator",
            "/v1/disbursements?format=csv",
            "403 | missing_right",
        ),
        ("manager", "/v1/users?format=csv", "403 | missing_right"),
        (
            "officer",
            "/v1/funds/none/plans?format=csv",
            "404 | not_found",
        ),
        (
            "officer",
            "/v1/funds?format=pdf",
            "422 | invalid_fields | ?format unknown_value",
        ),
        (
            "officer",
            "/v1/funds?format=csv&limit=5",
            "422 | invalid_fields | ?limit unknown_field",
        ),
        (
            "officer",
            "/v1/funds?format=csv&table=x",
            "422 | invalid_fields | ?table unknown_table",
        ),
        (
            "officer",
            "/v1/funds?bom=true",
            "422 | invalid_fields | ?bom unknown_field",
        ),
        (
            "officer",
            "/v1/reports/overview?format=csv&as_of=2022-11-04",
            "422 | invalid_fields | ?as_of in_the_future",
        ),
    ] {
        let said = refused(user, path);
        assert!(
            said.starts_with(wanted.split(" | ?").next().unwrap()),
            "{path}: {said}"
        );
        if let Some((_, field)) = wanted.split_once(" | ?") {
            let name = field.split(' ').next().unwrap();
            assert!(said.contains(&format!("?{name} ")), "{path}: {said}");
        }
    }
    let nobody = w.send("GET", "/v1/disbursements?format=csv", &[], b"");
    assert_eq!(nobody.refusal(), "401 | not_signed_in");
    assert_eq!(w.spooled(), [""; 0]);
}

#[test]
fn a_caller_gets_no_more_than_their_list_shows() {
    let w = World::new();
    w.with_budget();
    w.submit("drivers", "driver-secret-1", "5");
    for (user, told) in [
        ("officer", "driver-secret-1"),
        ("auditor", "driver"),
        ("viewer", ""),
    ] {
        let list = w.get(user, "/v1/beneficiaries").expect(200);
        let listed = list.text("/data/0/details/reference").to_owned();
        let csv = w.get(user, "/v1/beneficiaries?format=csv").expect(200);
        assert_eq!(
            column(&csv.bytes, "reference"),
            std::slice::from_ref(&listed),
            "{user}"
        );
        assert!(listed == told || user == "auditor", "{user}: {listed}");
        let (file, _) = w.file_of(user, &json!({ "of": "/v1/beneficiaries", "format": "csv" }));
        assert_eq!(file, csv.bytes, "{user}");
    }
}

#[test]
fn the_command_line_writes_the_bytes_of_the_api() {
    let w = World::new();
    let Url::Sqlite(books) = w.url() else {
        // The program reads PostgreSQL as its owner: see `command_line`.
        return;
    };
    w.with_budget();
    w.paid("drivers", "driver-1", "100000");
    for format in ["csv", "ndjson", "xlsx"] {
        let path = format!("/v1/reports/funds/mobility?as_of=2022-11-03&format={format}");
        let api = w.get("auditor", &path).expect(200).bytes;
        let file = w.folder().join(format!("fund.{format}"));
        let output = program(w.folder())
            .env("DATABASE_URL", format!("sqlite://{books}"))
            .args(["report", "fund", "mobility", "--as-of", "2022-11-03"])
            .args(["--format", format, "-o"])
            .arg(&file)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        assert_eq!(std::fs::read(&file).unwrap(), api, "{format}");
    }
}
