//! Files that nobody should send: refused within bounds, and nothing half-written.

use std::io::Write;
use std::time::Duration;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use rust_xlsxwriter::Workbook;
use sangsaeng::http::state::Limits;

use super::wire::Coming;
use super::{HEADER, row};
use crate::support::World;

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// What is kept of imports, in rows: parcels, faults, imports, work.
#[track_caller]
fn is_empty(w: &World) {
    let list = w.get("officer", "/v1/imports").expect(200);
    assert_eq!(list.body["data"].as_array().unwrap().len(), 0);
    let folder = std::fs::read_dir(w.folder()).unwrap();
    let left: Vec<_> = folder
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| !name.starts_with("books.db") && name != "keys")
        .collect();
    assert_eq!(left, [""; 0], "no file is left over");
}

#[track_caller]
fn refused(w: &World, media: &str, bytes: &[u8], told: &str) {
    let answer = w.import("officer", "kind=disbursements&mode=all", media, bytes);
    assert_eq!(
        answer.refusal(),
        format!("422 | invalid_fields |  {told}"),
        "{}",
        answer.body
    );
}

#[test]
fn text_in_another_encoding_is_never_guessed_at() {
    let w = World::new();
    let text = format!("{HEADER}{}", row("가", "1", "a"));
    let utf16 = |big: bool| -> Vec<u8> {
        let bytes = |unit: u16| match big {
            true => unit.to_be_bytes(),
            false => unit.to_le_bytes(),
        };
        text.encode_utf16().flat_map(bytes).collect()
    };
    let bom = |bom: &[u8], big| [bom, utf16(big).as_slice()].concat();
    refused(
        &w,
        "application/octet-stream",
        &bom(b"\xFF\xFE", false),
        "encoding_unknown",
    );
    refused(&w, "text/csv", &bom(b"\xFE\xFF", true), "encoding_unknown");
    refused(&w, "application/octet-stream", &utf16(false), "not_a_table");
    // Latin-1, and UTF-8 that was cut within a character.
    let latin = [HEADER.as_bytes(), b"caf\xE9,1\n"].concat();
    refused(&w, "text/csv", &latin, "encoding_mixed");
    let mut cut = text.clone().into_bytes();
    cut.truncate(text.find('가').unwrap() + 2);
    refused(&w, "text/csv", &cut, "encoding_mixed");
    refused(
        &w,
        "text/csv; charset=utf-8",
        b"a\n\xFF\n",
        "encoding_unknown",
    );
    is_empty(&w);
}

#[test]
fn zeros_are_no_text_wherever_they_stand() {
    let w = World::new();
    w.with_budget();
    let far = format!("{HEADER}{}{}", row("a", "1", "a").repeat(400), "x\0");
    refused(&w, "text/csv", far.as_bytes(), "not_a_table");
    let header = format!("memo\0,{HEADER}");
    refused(
        &w,
        "text/csv; charset=utf-8",
        header.as_bytes(),
        "not_a_table",
    );
    refused(
        &w,
        "application/x-ndjson",
        b"{\"a\\u0000\":\"1\"}\n",
        "not_a_table",
    );
    is_empty(&w);
    let text = format!("{HEADER}{}", row("a\0b", "1", "a"));
    let query = "kind=disbursements&encoding=utf-8";
    let id = w
        .import("officer", query, "text/csv", text.as_bytes())
        .made();
    assert_eq!(w.ended(&id), "checked of 1: faulty 1");
    let told = w.faults_of(&id);
    assert!(told[0].contains("control_character"), "{told:?}");
    let sheet = w.get("officer", &format!("/v1/imports/{id}/faults.xlsx"));
    assert!(sheet.expect(200).bytes.starts_with(b"PK"));
}

#[test]
fn a_file_of_nothing_is_refused() {
    let w = World::new();
    for nothing in ["", "\u{FEFF}", "\n\n\n", " \r\n ", ",,,\n,,\n"] {
        refused(&w, "text/csv", nothing.as_bytes(), "header_missing");
    }
    refused(&w, "text/csv", HEADER.as_bytes(), "no_rows");
    refused(
        &w,
        "text/csv",
        format!("{HEADER},,,,,\n\n").as_bytes(),
        "no_rows",
    );
    let book = |rows: &[&str]| {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        for (place, row) in (0..).zip(rows) {
            for (column, text) in (0..).zip(row.trim().split(',')) {
                sheet.write_string(place, column, text).unwrap();
            }
        }
        book.save_to_buffer().unwrap()
    };
    refused(&w, XLSX, &book(&[]), "header_missing");
    refused(&w, XLSX, &book(&[HEADER]), "no_rows");
    is_empty(&w);
}

/// Sends pieces of a body without end until the server has had enough of it.
fn without_end(w: &World, begin: &str, piece: &[u8]) -> (String, usize) {
    let mut coming = Coming::begin(&w.address, &w.token("officer"), "text/csv", None);
    let (mut taken, mut sent) = (coming.piece(begin.as_bytes()), 0);
    // Ten times the bound on a file: a server that takes this takes everything.
    for _ in 0..160 {
        taken = taken && coming.piece(piece);
        sent += 1;
        if !taken {
            break;
        }
    }
    (coming.refusal(), sent)
}

#[test]
fn a_line_or_a_header_without_end_is_left_at_its_bound() {
    let limits = Limits {
        file: 16 << 20,
        ..Limits::default()
    };
    let w = World::with_limits(limits);
    let piece = "가".repeat(1 << 20).into_bytes();
    let (told, _) = without_end(&w, HEADER, &piece);
    assert_eq!(told, "413 body_too_large");
    // Ten million columns, and one cell as long: a file that is not too long.
    refused(
        &w,
        "text/csv",
        ",".repeat(10_000_000).as_bytes(),
        "too_many_columns",
    );
    let wide = format!("{HEADER}{}", "1,".repeat(5_000_000));
    refused(&w, "text/csv", wide.as_bytes(), "too_many_columns");
    let long = format!("{HEADER}{}", "1".repeat(10_000_000));
    refused(&w, "text/csv", long.as_bytes(), "cell_too_long");
    let line = format!("{HEADER}{}", format!("{},", "1".repeat(30_000)).repeat(10));
    refused(&w, "text/csv", line.as_bytes(), "line_too_long");
    let open = format!("{HEADER}\"{}", "a\n".repeat(5_000_000));
    refused(&w, "text/csv", open.as_bytes(), "cell_too_long");
    let json = format!("{{\"amount\":{}", "1".repeat(10_000_000));
    refused(&w, "application/x-ndjson", json.as_bytes(), "line_too_long");
    let deep = format!("{{\"a\":{}", "[".repeat(100_000));
    refused(
        &w,
        "application/x-ndjson",
        deep.as_bytes(),
        "header_missing",
    );
    is_empty(&w);
}

#[test]
fn an_upload_that_breaks_off_or_dawdles_leaves_nothing() {
    let limits = Limits {
        file_time: Duration::from_millis(200),
        body_grace: Duration::from_millis(100),
        ..Limits::default()
    };
    let w = World::with_limits(limits);
    let text = format!("{HEADER}{}", row("a", "1", "a").repeat(1_000));
    let begin = |length| Coming::begin(&w.address, &w.token("officer"), "text/csv", length);
    let mut broken = begin(Some(1_000_000));
    assert!(broken.send(text.as_bytes()));
    broken.break_off();
    let mut broken = begin(None);
    assert!(broken.piece(text.as_bytes()));
    broken.break_off();
    let mut slow = begin(Some(1_000_000));
    assert!(slow.send(text.as_bytes()));
    assert_eq!(slow.refusal(), "408 body_too_slow");
    is_empty(&w);
}

/// A workbook as a zip of parts, whose sizes may be declared otherwise.
fn zip(parts: &[(&str, Vec<u8>)], declared: impl Fn(usize) -> usize) -> Vec<u8> {
    let four = |number: usize| u32::try_from(number).unwrap().to_le_bytes();
    let two = |number: usize| u16::try_from(number).unwrap().to_le_bytes();
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in parts {
        let at = file.len();
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
        packer.write_all(bytes).unwrap();
        let packed = packer.finish().unwrap();
        let sizes = [
            four(0).to_vec(),
            four(packed.len()).to_vec(),
            four(declared(bytes.len())).to_vec(),
            two(name.len()).to_vec(),
            two(0).to_vec(),
        ];
        let sizes = sizes.concat();
        file.extend(b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0");
        file.extend(&sizes);
        file.extend(name.as_bytes());
        file.extend(packed);
        directory.extend(b"PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0\0\0");
        directory.extend(&sizes);
        directory.extend([0; 10]);
        directory.extend(four(at));
        directory.extend(name.as_bytes());
    }
    let (at, size) = (file.len(), directory.len());
    file.extend(directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend([two(parts.len()), two(parts.len())].concat());
    file.extend([four(size), four(at)].concat());
    file.extend([0, 0]);
    file
}

/// A workbook of one sheet and the texts that its cells share.
fn workbook(sheet: &str, shared: &str, declared: impl Fn(usize) -> usize) -> Vec<u8> {
    let root = r#"<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let book = r#"<workbook><sheets><sheet name="S" r:id="s"/></sheets></workbook>"#;
    let beside = r#"<Relationships><Relationship Id="s" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="t" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>"#;
    let sheet = format!("<worksheet><sheetData>{sheet}</sheetData></worksheet>");
    let shared = format!("<sst>{shared}</sst>");
    let parts = [
        ("_rels/.rels", root.to_owned()),
        ("xl/workbook.xml", book.to_owned()),
        ("xl/_rels/workbook.xml.rels", beside.to_owned()),
        ("xl/sharedStrings.xml", shared),
        ("xl/worksheets/sheet1.xml", sheet),
    ];
    zip(
        &parts.map(|(name, text)| (name, text.into_bytes())),
        declared,
    )
}

/// The header as the first row of a sheet.
fn header() -> String {
    let cells = HEADER.trim().split(',');
    let cells = cells.map(|name| format!("<c t=\"inlineStr\"><is><t>{name}</t></is></c>"));
    format!("<row r=\"1\">{}</row>", cells.collect::<String>())
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_refused_before_it_is_unpacked() {
    let w = World::new();
    let true_size = |size| size;
    let blanks = " ".repeat(64 << 20);
    refused(&w, XLSX, &workbook(&blanks, "", true_size), "zip_bomb");
    refused(&w, XLSX, &workbook("", &blanks, true_size), "zip_bomb");
    // It says that it is small.
    refused(
        &w,
        XLSX,
        &workbook(&blanks, "", |size| size.min(9_000)),
        "zip_bomb",
    );
    // Small as it is, each of its cells takes the same long text.
    let long = format!("<si><t>{}</t></si>", "x".repeat(32_000));
    let cell = |row| format!("<row r=\"{row}\"><c t=\"s\"><v>0</v></c></row>");
    let cells = header() + &(2..12_000).map(cell).collect::<String>();
    refused(&w, XLSX, &workbook(&cells, &long, true_size), "zip_bomb");
    let one = format!("<si><t>{}</t></si>", "x".repeat(1 << 20));
    refused(
        &w,
        XLSX,
        &workbook(&cells, &one, true_size),
        "cell_too_long",
    );
    let inner = zip(&[("a.xlsx", vec![0; 8 << 20])], true_size);
    let nested = zip(&[("xl/workbook.xml", inner)], true_size);
    refused(&w, XLSX, &nested, "not_a_table");
    let parts: Vec<(String, Vec<u8>)> = (0..2_000).map(|n| (format!("{n}"), vec![])).collect();
    let parts: Vec<(&str, Vec<u8>)> = parts.iter().map(|(n, b)| (n.as_str(), b.clone())).collect();
    refused(&w, XLSX, &zip(&parts, true_size), "too_many_parts");
    is_empty(&w);
}

#[test]
fn a_far_cell_is_refused_where_it_stands_and_a_far_row_is_none() {
    let w = World::new();
    w.with_budget();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(HEADER.trim().split(',')) {
        sheet.write_string(0, column, name).unwrap();
    }
    let near = row("a", "1", "a");
    for (column, text) in (0..).zip(near.trim().split(',')) {
        sheet.write_string(1_048_575, column, text).unwrap();
    }
    let bytes = book.save_to_buffer().unwrap();
    let id = w
        .import("officer", "kind=disbursements", XLSX, &bytes)
        .made();
    assert_eq!(w.ended(&id), "checked of 1: good 1");
    let mut far = Workbook::new();
    let sheet = far.add_worksheet();
    sheet.write_string(0, 0, "금액").unwrap();
    sheet.write_string(1_048_575, 16_383, "x").unwrap();
    let reply = w.import(
        "officer",
        "kind=disbursements",
        XLSX,
        &far.save_to_buffer().unwrap(),
    );
    let told = reply.refusal();
    assert!(told.contains("/form missing_column"), "{told}");
    let sheet = header()
        + r#"<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>"#;
    let reply = w.import(
        "officer",
        "kind=disbursements",
        XLSX,
        &workbook(&sheet, "", |n| n),
    );
    assert_eq!(reply.refusal(), "422 | invalid_fields |  too_many_columns");
    let told = reply.text("/errors/0/message");
    assert!(told.contains("1048576") && told.contains("16384"), "{told}");
}

#[test]
fn a_workbook_that_was_cut_or_spoiled_is_broken() {
    let w = World::new();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(HEADER.trim().split(',')) {
        sheet.write_string(0, column, name).unwrap();
        for line in 1..200 {
            sheet
                .write_string(line, column, format!("{line}/{column}"))
                .unwrap();
        }
    }
    let whole = book.save_to_buffer().unwrap();
    for cut in [30, whole.len() / 2, whole.len() - 1] {
        refused(&w, XLSX, &whole[..cut], "broken_workbook");
    }
    is_empty(&w);
}

#[test]
fn a_column_of_every_type_is_read_cell_by_cell() {
    let w = World::new();
    w.with_budget();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (column, name) in (0..).zip(HEADER.trim().split(',')) {
        sheet.write_string(0, column, name).unwrap();
    }
    let mut line = 0;
    let mut fill = |amount: &str| {
        line += 1;
        let id = format!("e{line}");
        for (column, text) in (0..).zip(row(&id, "", &id).trim().split(',')) {
            sheet.write_string(line, column, text).unwrap();
        }
        match amount {
            "number" => sheet.write_number(line, 5, 100).unwrap(),
            "yes" => sheet.write_boolean(line, 5, true).unwrap(),
            "formula" => {
                let formula = rust_xlsxwriter::Formula::new("=50+50").set_result("100");
                sheet.write_formula(line, 5, formula).unwrap()
            }
            "none" => sheet,
            text => sheet.write_string(line, 5, text).unwrap(),
        };
    };
    for amount in ["number", "100원", "formula", "yes", "none", "2022-11-03"] {
        fill(amount);
    }
    let bytes = book.save_to_buffer().unwrap();
    let id = w
        .import("officer", "kind=disbursements", XLSX, &bytes)
        .made();
    assert_eq!(w.ended(&id), "checked of 6: good 3, faulty 3");
    assert_eq!(
        w.faults_of(&id),
        [
            "5 6 금액 fault not_a_number TRUE",
            "6 6 금액 fault missing -",
            "7 6 금액 fault not_a_number 2022-11-03",
        ]
    );
}

#[test]
fn a_hundred_thousand_faulty_rows_are_all_told_a_page_at_a_time() {
    let w = World::new();
    w.with_budget();
    let rows: String = (0..100_000)
        .map(|n| format!(",현금,종사자,r{n},서울,없음,,\n"))
        .collect();
    let id = w.sent("mode=all", &format!("{HEADER}{rows}"));
    assert_eq!(w.ended(&id), "checked of 100000: faulty 100000");
    let path = format!("/v1/imports/{id}/faults");
    let page = w.get("officer", &format!("{path}?limit=1000")).expect(200);
    assert_eq!(page.body["data"].as_array().unwrap().len(), 1_000);
    let more = w.get("officer", &format!("{path}?limit=1001"));
    assert_eq!(more.refusal(), "422 | invalid_fields | ?limit too_large");
}

#[test]
fn the_marked_sheet_of_a_file_of_nothing_but_faults_is_sent_whole() {
    let w = World::new();
    w.with_budget();
    let rows: String = (0..3_000)
        .map(|n| format!(",현금,종사자,r{n},서울,없음,,\n"))
        .collect();
    let id = w.sent("mode=all", &format!("{HEADER}{rows}"));
    assert_eq!(w.ended(&id), "checked of 3000: faulty 3000");
    let path = format!("/v1/imports/{id}/faults.xlsx");
    let sheet = w.get("officer", &path).expect(200);
    let length = sheet.bytes.len().to_string();
    assert_eq!(sheet.header("content-length"), Some(length.as_str()));
    let again = w.import("officer", "kind=disbursements", XLSX, &sheet.bytes);
    assert_eq!(again.expect(201).body["rows"], 3_000);
}
