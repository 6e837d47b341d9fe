//! Workbooks as people send them, and workbooks that nobody should.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::super::tests::{limited, opened, refusal, rows, texts};
use super::super::{Cell, DateSystem, Declared, Limits, Place, Row, RowFault, open};

/// A zip file of these parts, deflated; the sizes may be declared otherwise.
fn zip(parts: &[(&str, &[u8])], declared: impl Fn(usize) -> u32) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for (name, bytes) in parts {
        let at = u32::try_from(file.len()).unwrap();
        let mut packer = DeflateEncoder::new(Vec::new(), Compression::best());
        packer.write_all(bytes).unwrap();
        let packed = packer.finish().unwrap();
        let mut sizes = Vec::new();
        sizes.extend(0_u32.to_le_bytes());
        sizes.extend(u32::try_from(packed.len()).unwrap().to_le_bytes());
        sizes.extend(declared(bytes.len()).to_le_bytes());
        sizes.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        sizes.extend(0_u16.to_le_bytes());
        file.extend(b"PK\x03\x04\x14\0\0\0\x08\0\0\0\0\0");
        file.extend(&sizes);
        file.extend(name.as_bytes());
        file.extend(packed);
        directory.extend(b"PK\x01\x02\x14\0\x14\0\0\0\x08\0\0\0\0\0");
        directory.extend(&sizes);
        directory.extend([0; 10]);
        directory.extend(at.to_le_bytes());
        directory.extend(name.as_bytes());
    }
    let count = u16::try_from(parts.len()).unwrap().to_le_bytes();
    let at = u32::try_from(file.len()).unwrap();
    let size = u32::try_from(directory.len()).unwrap();
    file.extend(directory);
    file.extend(b"PK\x05\x06\0\0\0\0");
    file.extend([count, count].concat());
    file.extend(size.to_le_bytes());
    file.extend(at.to_le_bytes());
    file.extend([0, 0]);
    file
}

pub(in super::super) fn size(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap()
}

/// A workbook with this sheet and these shared texts.
pub(in super::super) fn workbook(
    sheet: &str,
    shared: &str,
    declared: impl Fn(usize) -> u32,
) -> Vec<u8> {
    let root = r#"<Relationships><Relationship Id="r" Type="x/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    let book = r#"<workbook><sheets><sheet name="H" state="hidden" r:id="h"/><sheet name="S" r:id="s"/></sheets></workbook>"#;
    let beside = r#"<Relationships><Relationship Id="s" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="t" Type="x/sharedStrings" Target="/xl/sharedStrings.xml"/><Relationship Id="y" Type="x/styles" Target="styles.xml"/></Relationships>"#;
    let styles = r#"<styleSheet><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;년&quot;"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>"#;
    let shared = format!("<sst>{shared}</sst>");
    let sheet = format!("<worksheet><sheetData>{sheet}</sheetData></worksheet>");
    zip(
        &[
            ("_rels/.rels", root.as_bytes()),
            ("xl/workbook.xml", book.as_bytes()),
            ("xl/_rels/workbook.xml.rels", beside.as_bytes()),
            ("xl/styles.xml", styles.as_bytes()),
            ("xl/sharedStrings.xml", shared.as_bytes()),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ],
        declared,
    )
}

fn sheet(rows: &str) -> Vec<u8> {
    workbook(rows, "", size)
}

fn inline(reference: &str, text: &str) -> String {
    format!("<c r=\"{reference}\" t=\"inlineStr\"><is><t>{text}</t></is></c>")
}

pub(in super::super) const HEAD: &str =
    r#"<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>"#;

#[test]
fn a_sheet_gives_its_texts_numbers_and_days_exactly() {
    let shared = "<si><t>이름</t></si><si><r><t>금</t></r><rPh><t>x</t></rPh><r><t>액</t></r></si>";
    let rows = r#"<row r="2"><c r="A2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c></row>
        <row r="4"><c r="A4" t="inlineStr"><is><t>a &amp; &#48;_x000A_</t></is></c>
          <c r="C4"><v>1000000000000000</v></c></row>
        <row><c><v>2100.1230000000001</v></c><c/><c s="1"><v>44868</v></c></row>
        <row r="9"><c r="A9" s="2"><v>44868.5</v></c><c r="C9" t="b"><v>1</v></c></row>
        <row r="10"><c r="A10" t="e"><v>#REF!</v></c><c r="C10" t="str"><f>A1</f><v>말</v></c></row>"#;
    let bytes = workbook(rows, shared, size);
    let table = opened(&bytes).unwrap();
    assert_eq!(table.header(), ["이름", "", "금액"]);
    assert_eq!(table.header_row(), 2);
    assert_eq!(table.date_system(), Some(DateSystem::Since1900));
    let rows: Vec<Row> = table.map(Result::unwrap).collect();
    let told: Vec<_> = rows.iter().map(|row| (row.number, texts(row))).collect();
    assert_eq!(
        told,
        [
            (4, vec!["a & 0\n", "", "1000000000000000"]),
            (5, vec!["2100.123", "", "2022-11-03"]),
            (9, vec!["2022-11-03 12:00:00", "", "TRUE"]),
            (10, vec!["#REF!", "", "말"]),
        ]
    );
    assert!(matches!(rows[0].cells[2], Cell::Number(_)));
    assert_eq!(rows[3].faults, [(Some(0), RowFault::ErrorCell)]);
}

#[test]
fn a_sheet_that_reaches_too_far_is_refused_where_it_does() {
    let far = format!(
        "{HEAD}<row r=\"1048576\">{}</row>",
        inline("XFD1048576", "x")
    );
    let error = refusal(&sheet(&far));
    assert_eq!(error.code(), "too_many_columns");
    assert_eq!(error.place, Place::cell(1_048_576, 16_384));
    let blank = format!("{HEAD}<row r=\"2\"><c r=\"XFD2\" s=\"1\"/></row>");
    assert_eq!(rows(&sheet(&blank)), []);
    let wide = "<c><v>1</v></c>".repeat(10_000);
    let error = refusal(&sheet(&format!("{HEAD}<row r=\"2\">{wide}</row>")));
    assert_eq!(
        (error.code(), error.place),
        ("too_many_columns", Place::cell(2, 257))
    );
    let deep = format!("{}{}", "<x>".repeat(100_000), HEAD);
    assert_eq!(refusal(&sheet(&deep)).code(), "broken_workbook");
}

#[test]
fn what_unpacks_to_too_much_is_refused_before_it_is_unpacked() {
    let zeros = vec![b' '; 20 << 20];
    let text = std::str::from_utf8(&zeros).unwrap();
    assert_eq!(refusal(&sheet(text)).code(), "zip_bomb");
    // A size that is declared too small ends the reading where the declared size is passed.
    let liar = workbook(text, "", |bytes| size(bytes.min(4_096)));
    assert_eq!(refusal(&liar).code(), "zip_bomb");
    let many: Vec<(String, &[u8])> = (0..1_001).map(|n| (n.to_string(), &b""[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(n, b)| (n.as_str(), *b)).collect();
    assert_eq!(refusal(&zip(&many, size)).code(), "too_many_parts");
}

#[test]
fn texts_that_cells_share_are_bounded_one_by_one_and_in_all() {
    let long = format!("<si><t>{}</t></si>", "x".repeat(1 << 20));
    let cells = "<c t=\"s\"><v>0</v></c>".repeat(12_000);
    let bytes = workbook(&format!("<row>{cells}</row>"), &long, size);
    assert!(["cell_too_long", "line_too_long"].contains(&refusal(&bytes).code()));
    let limits = Limits {
        shared_texts: 3,
        inflated_bytes: 5_000,
        ..Limits::STANDARD
    };
    let bytes = workbook("", &"<si><t>x</t></si>".repeat(4), size);
    let told = limited(&bytes, limits).unwrap_err();
    assert_eq!(told.code(), "too_much_shared_text");
    // A row of 100 cells that share a text of 1,000 bytes is 100 kB out of 2 kB.
    let row = "<row><c t=\"s\"><v>0</v></c></row>".repeat(10);
    let bytes = workbook(
        &row,
        &format!("<si><t>{}</t></si>", "y".repeat(1_000)),
        size,
    );
    assert_eq!(limited(&bytes, limits).unwrap_err().code(), "zip_bomb");
}

#[test]
fn entities_and_broken_sheets_are_refused() {
    let cell = |inner: &str| sheet(&format!("<row><c t=\"str\">{inner}</c></row>"));
    let doctype = workbook("", "", size);
    assert_eq!(refusal(&doctype).code(), "header_missing");
    for bytes in [
        cell("<v>&lol;</v>"),
        sheet("<row r=\"2\"/><row r=\"1\"/>"),
        sheet("<row r=\"0\"/>"),
        sheet(&format!(
            "<row>{}{}</row>",
            inline("B1", "x"),
            inline("A1", "y")
        )),
        sheet("<row><c t=\"s\"><v>7</v></c></row>"),
        sheet("<row><c t=\"zz\"><v>7</v></c></row>"),
        sheet("<row><c r=\"1\"><v>7</v></c></row>"),
        sheet("<row><c><v>7</row>"),
        zip(
            &[(
                "_rels/.rels",
                b"<!DOCTYPE a [<!ENTITY b \"c\">]><Relationships/>",
            )],
            size,
        ),
    ] {
        assert_eq!(refusal(&bytes).code(), "broken_workbook");
    }
    assert_eq!(
        refusal(&zip(&[("a.txt", b"x")], size)).code(),
        "not_a_table"
    );
    let declared = Declared {
        sheet: Some("없음".to_owned()),
        ..Declared::default()
    };
    let told = open(Cursor::new(sheet(HEAD)), &declared).map(|_| ());
    assert_eq!(told.unwrap_err().code(), "sheet_missing");
}
