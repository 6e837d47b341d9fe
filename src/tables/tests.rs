//! Files as people send them, and files that nobody should.

use std::io::Cursor;

use proptest::prelude::*;

use super::xlsx::tests::{HEAD, size, workbook};
use super::*;

pub(super) fn opened(bytes: &[u8]) -> Result<Table<Cursor<&[u8]>>, TableError> {
    open(Cursor::new(bytes), &Declared::default())
}

pub(super) fn limited(bytes: &[u8], limits: Limits) -> Result<Vec<Row>, TableError> {
    let declared = Declared {
        limits,
        ..Declared::default()
    };
    open(Cursor::new(bytes), &declared)?.collect()
}

pub(super) fn texts(row: &Row) -> Vec<&str> {
    row.cells.iter().map(Cell::text).collect()
}

pub(super) fn rows(bytes: &[u8]) -> Vec<(u64, Vec<String>)> {
    let rows: Result<Vec<Row>, TableError> = opened(bytes).unwrap().collect();
    let told = |row: Row| {
        (
            row.number,
            texts(&row).iter().map(|t| (*t).to_owned()).collect(),
        )
    };
    rows.unwrap().into_iter().map(told).collect()
}

pub(super) fn refusal(bytes: &[u8]) -> TableError {
    match opened(bytes).map(|table| table.collect::<Result<Vec<Row>, TableError>>()) {
        Ok(Ok(rows)) => panic!("read {rows:?}"),
        Ok(Err(error)) | Err(error) => error,
    }
}

fn cp949(text: &str) -> Vec<u8> {
    encoding_rs::EUC_KR.encode(text).0.into_owned()
}

/// A row told in short: its number and its cells.
fn row(number: u64, cells: &[&str]) -> (u64, Vec<String>) {
    (
        number,
        cells.iter().map(|cell| (*cell).to_owned()).collect(),
    )
}

#[test]
fn the_same_rows_come_out_of_every_encoding_and_delimiter() {
    let text = "이름,금액\r\n상생상회,\"300,000\"\r\n\"가\"\"나\",1\r\n";
    let expected = [row(2, &["상생상회", "300,000"]), row(3, &["가\"나", "1"])];
    let with_bom = format!("\u{FEFF}{text}");
    for bytes in [text.as_bytes().to_vec(), with_bom.into_bytes(), cp949(text)] {
        assert_eq!(opened(&bytes).unwrap().header(), ["이름", "금액"]);
        assert_eq!(rows(&bytes), expected);
    }
    for delimiter in [";", "\t"] {
        let text = format!("이름{delimiter}금액\n상생상회{delimiter}\"300,000\"\n");
        assert_eq!(rows(text.as_bytes()), [row(2, &["상생상회", "300,000"])]);
    }
}

#[test]
pub(super) fn rows_are_counted_as_a_person_counts_them() {
    let text = "\n\na,b\n1,2\n\n\"x\ny\",3\n ,\n4,5";
    assert_eq!(
        rows(text.as_bytes()),
        [
            row(4, &["1", "2"]),
            row(6, &["x\ny", "3"]),
            row(9, &["4", "5"])
        ]
    );
    assert_eq!(opened(text.as_bytes()).unwrap().header_row(), 3);
    let old = "a,b\r1,2\r3,4";
    assert_eq!(
        rows(old.as_bytes()),
        [row(2, &["1", "2"]), row(3, &["3", "4"])]
    );
}

#[test]
fn short_rows_are_filled_and_values_without_a_header_are_told() {
    let table = opened(b"a,b,,\n1\n1,2,,9\n1,2,3\n").unwrap();
    let rows: Vec<Row> = table.map(Result::unwrap).collect();
    assert_eq!(texts(&rows[0]), ["1", ""]);
    assert_eq!(rows[1].faults, [(Some(3), RowFault::NoHeader)]);
    assert_eq!(rows[2].faults, [(Some(2), RowFault::NoHeader)]);
    let between = opened(b"a,,b\n1,,2\n1,x,2\n").unwrap();
    let rows: Vec<Row> = between.map(Result::unwrap).collect();
    assert!(rows[0].faults.is_empty());
    assert_eq!(rows[1].faults, [(Some(1), RowFault::NoHeader)]);
}

#[test]
fn a_wrong_encoding_is_told_with_its_place_and_never_guessed() {
    let mut broken = "이름,금액\n가,1\n".as_bytes().to_vec();
    broken.extend(b"\xB0\xA1,2\n");
    let error = refusal(&broken);
    assert_eq!(
        (error.code(), error.place),
        ("encoding_mixed", Place::cell(3, 1))
    );
    let mut mixed = cp949("이름,금액\n가,1\n");
    mixed.extend("나라,2\n".as_bytes());
    let error = refusal(&mixed);
    assert_eq!(
        (error.code(), error.place),
        ("encoding_mixed", Place::row(3))
    );
    let error = refusal(b"a,b\n1,\xFF\n");
    assert_eq!(
        (error.code(), error.place),
        ("encoding_unknown", Place::cell(2, 3))
    );
    assert_eq!(refusal(b"\xFF\xFEa\0,\0").code(), "encoding_unknown");
    assert_eq!(refusal(b"a,b\0\n").code(), "not_a_table");
    let declared = Declared {
        encoding: Some(Encoding::Utf8),
        ..Declared::default()
    };
    let told = open(Cursor::new(cp949("이름\n가\n")), &declared).map(|_| ());
    assert_eq!(told.unwrap_err().code(), "encoding_unknown");
}

#[test]
fn what_is_no_table_says_so() {
    for (bytes, code) in [
        (&b""[..], "header_missing"),
        (b"\n\n  \n", "header_missing"),
        (b",,\n,\n", "header_missing"),
        (b"a,b;c\n1,2\n", "delimiter_unknown"),
        (b"a,\"b\n1,2\n", "quote_not_closed"),
        (b"a,\"b\"c\n", "quote_misplaced"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1", "old_or_locked_workbook"),
        (b"PK\x03\x04 and then nothing", "broken_workbook"),
    ] {
        assert_eq!(refusal(bytes).code(), code, "{bytes:?}");
    }
}

#[test]
fn each_bound_is_kept_and_told_with_its_place() {
    let small = Limits {
        rows: 2,
        columns: 3,
        cell_bytes: 8,
        row_bytes: 16,
        file_bytes: 100,
        ..Limits::STANDARD
    };
    let told = |text: &str| limited(text.as_bytes(), small).map_err(|e| (e.code(), e.place));
    assert_eq!(told("a\n1\n2\n3\n"), Err(("too_many_rows", Place::row(4))));
    assert_eq!(
        told("a\n1,2,3,4\n"),
        Err(("too_many_columns", Place::cell(2, 4)))
    );
    assert_eq!(
        told("a,b\n1,123456789\n"),
        Err(("cell_too_long", Place::cell(2, 2)))
    );
    assert_eq!(
        told("a,b\n1234567,1234567,1234\n"),
        Err(("line_too_long", Place::row(2)))
    );
    assert_eq!(
        told(&"a".repeat(101)),
        Err(("file_too_large", Place::default()))
    );
    assert_eq!(
        told("{\"a\":\"123456789\"}\n"),
        Err(("line_too_long", Place::row(1)))
    );
    assert_eq!(
        told("{\"a\":1,\"b\":2}"),
        Ok(vec![Row {
            number: 1,
            cells: vec![Cell::Number("1".to_owned()), Cell::Number("2".to_owned())],
            faults: Vec::new(),
        }])
    );
}

#[test]
fn a_text_that_was_made_harmless_comes_back_as_it_was() {
    for text in ["=1+1", "-5", "@a", "'=x", "＝1", "'plain", "  =x"] {
        let written = harmless(text).replace('"', "\"\"");
        let file = format!("a,b\n1,\"{written}\"\n");
        assert_eq!(rows(file.as_bytes()), [row(2, &["1", text])]);
    }
}

#[test]
fn lines_of_json_name_their_columns_and_keep_their_digits() {
    let text = concat!(
        "{\"a\":\"x\",\"n\":1234567890123456.789,\"period\":{\"start\":\"2022-01-01\"}}\n\n",
        "{\"b\":true,\"a\":null}\n",
        "[1]\n",
        "{\"a\":\"1\",\"a\":\"2\",\"b\":[1]}"
    );
    let table = opened(text.as_bytes()).unwrap();
    assert_eq!(table.format(), Format::Ndjson);
    assert_eq!(table.header(), ["a", "n", "period.start", "b"]);
    let rows: Vec<Row> = table.map(Result::unwrap).collect();
    let numbers: Vec<u64> = rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [1, 3, 4, 5]);
    assert_eq!(
        rows[0].cells[1],
        Cell::Number("1234567890123456.789".to_owned())
    );
    assert_eq!(texts(&rows[1]), ["", "", "", "true"]);
    assert_eq!(rows[2].faults, [(None, RowFault::NotAnObject)]);
    assert_eq!(
        rows[3].faults,
        [
            (None, RowFault::NestedValue),
            (Some(0), RowFault::DuplicateKey)
        ]
    );
}

#[test]
fn a_cell_is_kept_in_json_with_its_digits() {
    let cells = vec![
        Cell::from("007"),
        Cell::Number("1234567890123456.789".to_owned()),
    ];
    let kept = serde_json::to_string(&cells).unwrap();
    assert_eq!(kept, "[\"007\",1234567890123456.789]");
    assert_eq!(serde_json::from_str::<Vec<Cell>>(&kept).unwrap(), cells);
}

/// A reader of `left` bytes of a line that never ends, which counts what is asked of it.
struct Endless {
    left: u64,
    at: u64,
    read: std::rc::Rc<std::cell::Cell<u64>>,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let rest = usize::try_from(self.left - self.at).unwrap();
        let read = rest.min(buffer.len());
        buffer[..read].fill(b'x');
        self.at += u64::try_from(read).unwrap();
        self.read
            .set(self.read.get() + u64::try_from(read).unwrap());
        Ok(read)
    }
}

impl Seek for Endless {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        self.at = match to {
            SeekFrom::Start(at) => at,
            _ => self.left,
        };
        Ok(self.at)
    }
}

#[test]
fn a_line_that_does_not_end_is_left_after_its_bound() {
    let read = std::rc::Rc::new(std::cell::Cell::new(0));
    let endless = Endless {
        left: 1 << 30,
        at: 0,
        read: read.clone(),
    };
    let declared = Declared {
        encoding: Some(Encoding::Utf8),
        format: Some(Format::Csv),
        ..Declared::default()
    };
    let error = open(endless, &declared).map(|_| ()).unwrap_err();
    assert_eq!(error.code(), "cell_too_long");
    assert!(read.get() < 1 << 18, "{}", read.get());
}

proptest! {
    #[test]
    fn whatever_was_written_is_read_again(
        table in prop::collection::vec(prop::collection::vec("[a-z가-힣,;\"\\r\\n\\t =@'-]{0,8}", 3), 1..6),
    ) {
        let mut text = String::from("a,b,c\n");
        for row in &table {
            let cells: Vec<String> = row
                .iter()
                .map(|cell| format!("\"{}\"", harmless(cell).replace('"', "\"\"")))
                .collect();
            text.push_str(&cells.join(","));
            text.push_str("\r\n");
        }
        let read: Vec<Vec<String>> = rows(text.as_bytes()).into_iter().map(|row| row.1).collect();
        let kept: Vec<&Vec<String>> = table
            .iter()
            .filter(|row| row.iter().any(|cell| !cell.trim().is_empty()))
            .collect();
        prop_assert_eq!(read.iter().collect::<Vec<_>>(), kept);
    }

    #[test]
    fn no_bytes_panic_and_rows_stay_within_their_bounds(
        bytes in prop::collection::vec(any::<u8>(), 0..600),
        text in "[a-c,;\"\\r\\n\\t{}:\\[\\]\\\\0-9]{0,200}",
        cut in 0_usize..2_000,
        flip in any::<u8>(),
    ) {
        let limits = Limits { cell_bytes: 64, row_bytes: 128, columns: 8, ..Limits::STANDARD };
        let mut book = workbook(&format!("{HEAD}<row><c><v>1</v></c></row>"), "<si><t>x</t></si>", size);
        let at = cut % book.len();
        book[at] ^= flip;
        let short = book[..at].to_vec();
        for bytes in [bytes, text.into_bytes(), book, short] {
            if let Ok(rows) = limited(&bytes, limits) {
                for row in rows {
                    prop_assert!(row.cells.len() <= limits.columns);
                    let bytes: usize = row.cells.iter().map(|cell| cell.text().len()).sum();
                    prop_assert!(bytes <= limits.row_bytes);
                }
            }
        }
    }
}
