//! All rows of a file are of one moment, and a file is whole or not there.

use std::sync::atomic::{AtomicUsize, Ordering};

use sangsaeng::bounds::Bounds;
use sangsaeng::config::Lang;
use sangsaeng::db::page::Page;
use sangsaeng::db::{Conn, Db};
use sangsaeng::disbursements::store::{self, DisbursementFilter};
use sangsaeng::exports::error::ExportError;
use sangsaeng::exports::format::ExportFormat;
use sangsaeng::exports::sheet::Sheet;
use sangsaeng::exports::source::{Form, PAGE_ROWS, Rows, Source};
use sangsaeng::exports::spool::Spool;
use sangsaeng::exports::tables::{self, Table};
use sangsaeng::http::v1::disbursements::views::DisbursementView;
use sangsaeng::refusal::Refusal;
use sangsaeng::tables::{Declared, open};
use serde_json::{Value, json};

use super::column;
use crate::support::World;

const FORM: Form = Form {
    format: ExportFormat::Csv,
    lang: Lang::En,
    bom: false,
};

fn source(
    table: &'static Table,
    read: impl Fn(&mut Conn, &Page) -> Result<Vec<(String, Value)>, ExportError> + Send + 'static,
) -> Source {
    Source {
        title: "disbursements",
        table,
        as_of: "2022-11-03".parse().unwrap(),
        rows: Rows::Pages(Box::new(read)),
    }
}

/// The bytes of a source's file, which is not kept.
fn written(db: &Db, source: &Source, most: Option<u64>) -> Result<Vec<u8>, ExportError> {
    let folder = tempfile::tempdir().unwrap();
    let result = db.read_apart(|conn| {
        let spool = Spool::begin(&folder.path().join("a.part"), u64::MAX)?;
        let look = source.look(&FORM, folder.path());
        let mut sheet = Sheet::begin(FORM.format, source.table.columns, spool, &look)?;
        source.write(conn, &mut sheet, most, &mut |_| Ok(()))?;
        sheet.keep(&folder.path().join("a.csv"))
    });
    let left = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, usize::from(result.is_ok()));
    result.map(|_| std::fs::read(folder.path().join("a.csv")).unwrap())
}

#[test]
fn what_is_written_while_a_list_is_read_is_not_in_its_file() {
    let w = World::new();
    w.with_budget();
    let before = [
        w.submit("drivers", "driver-1", "5"),
        w.submit("drivers", "driver-2", "6"),
    ];
    let db = Db::open(&w.url()).unwrap();
    let pages = AtomicUsize::new(0);
    // Pages of one row: the rest is read after others wrote.
    let (address, token) = (w.address.clone(), w.token("officer"));
    let body = w.cash_to("drivers", "driver-3", "7").to_string();
    let submit = move || {
        let agent = ureq::agent();
        let sent = agent
            .post(format!("{address}/v1/disbursements"))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .header("idempotency-key", "meanwhile")
            .send(body.as_str());
        assert_eq!(sent.unwrap().status(), 201);
    };
    let source = source(&tables::DISBURSEMENTS[0], move |conn, page| {
        let all = Page {
            after: page.after.clone(),
            limit: PAGE_ROWS,
        };
        let read = |conn: &mut Conn| {
            let rows = store::list(conn, &Bounds::none(), &DisbursementFilter::default(), &all)?;
            let row = |record| {
                (
                    String::new(),
                    json!(DisbursementView::of(record, &Bounds::none())),
                )
            };
            Ok::<Vec<_>, ExportError>(rows.iter().map(row).collect())
        };
        if pages.fetch_add(1, Ordering::Relaxed) == 0 {
            read(conn)?;
            submit();
        }
        read(conn)
    });
    let csv = written(&db, &source, None).unwrap();
    assert_eq!(column(&csv, "record_id"), before);
    let now = w.get("officer", "/v1/disbursements?format=csv").expect(200);
    assert_eq!(column(&now.bytes, "record_id").len(), 3);
}

/// Rows without end.
fn endless(fails_at: usize) -> Source {
    let pages = AtomicUsize::new(0);
    source(&tables::ORGANISATIONS[0], move |_, page| {
        if pages.fetch_add(1, Ordering::Relaxed) == fails_at {
            return Err(Refusal::rule("as_the_test_has_it").into());
        }
        let row = |at: i64| (at.to_string(), json!({ "code": format!("code-{at}") }));
        Ok((0..page.limit).map(row).collect())
    })
}

#[test]
fn a_list_that_fails_in_the_middle_or_is_too_long_leaves_no_file() {
    let w = World::new();
    let db = Db::open(&w.url()).unwrap();
    let failed = written(&db, &endless(2), None).unwrap_err();
    assert!(matches!(failed, ExportError::Refused(_)), "{failed}");
    let most = 3 * PAGE_ROWS.unsigned_abs();
    let long = written(&db, &endless(usize::MAX), Some(most)).unwrap_err();
    assert!(
        matches!(long, ExportError::TooManyRows(rows) if rows == most),
        "{long}"
    );
}

#[test]
fn a_file_is_read_by_the_reader_of_imports() {
    let w = World::new();
    w.with_budget();
    w.submit("drivers", "driver-1", "5");
    for format in ["csv", "xlsx", "ndjson"] {
        let path = format!("/v1/disbursements?format={format}&lang=ko");
        let file = w.get("officer", &path).expect(200).bytes;
        let mut table = open(std::io::Cursor::new(file), &Declared::default()).unwrap();
        let header = table.header().to_vec();
        let amount = if format == "ndjson" {
            "amount"
        } else {
            "금액"
        };
        let at = header.iter().position(|name| name == amount).unwrap();
        let row = table.next().unwrap().unwrap();
        assert_eq!(row.cells[at].text(), "5", "{format}");
    }
}
