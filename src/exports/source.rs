//! What is exported: rows of a list, page by page, or of a table of a report. All of them are read
//! on one connection within one snapshot, so that they are of one moment.

use std::path::Path;

use chrono::NaiveDate;
use serde_json::Value;

use super::error::ExportError;
use super::format::ExportFormat;
use super::sheet::Sheet;
use super::tables::Table;
use super::writers::Look;
use crate::access::Principal;
use crate::config::Lang;
use crate::db::Conn;
use crate::db::page::Page;

/// Rows of a list that are read in one go.
pub const PAGE_ROWS: i64 = 500;

/// A record, and the key that the list is ordered by.
pub type Keyed = (String, Value);

/// What reads a page of a list.
pub type Pages = dyn Fn(&mut Conn, &Page) -> Result<Vec<Keyed>, ExportError> + Send;

/// What reads a report.
pub type Whole = dyn Fn(&mut Conn) -> Result<Value, ExportError> + Send;

/// Where rows come from.
pub enum Rows {
    /// A list: page by page.
    Pages(Box<Pages>),
    /// A report: all at once.
    Whole(Box<Whole>),
}

/// A list or a table of a report, ready to be read.
pub struct Source {
    /// What it is called: the name of its file and of its sheet.
    pub title: &'static str,
    /// Which rows it has, and their columns.
    pub table: &'static Table,
    /// The day of the books that it is of.
    pub as_of: NaiveDate,
    /// Where its rows come from.
    pub rows: Rows,
}

/// What is asked for, and by whom.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The address of the list or report, as one would GET it.
    pub address: String,
    /// Which table of a report; the first where none is named.
    pub table: Option<String>,
    /// Who asks: what they may read, and how much of it is masked.
    pub principal: Principal,
}

/// In what form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Form {
    /// The format.
    pub format: ExportFormat,
    /// The language of its headers.
    pub lang: Lang,
    /// Whether CSV begins with a byte order mark.
    pub bom: bool,
}

/// Finds what is asked for.
pub trait Sources: Send + Sync {
    /// Finds it.
    ///
    /// # Errors
    /// A refusal where there is no such list, or the caller may not read it.
    fn open(&self, asked: &Asked) -> Result<Source, ExportError>;
}

/// What happens meanwhile: told of the rows so far, it may end the work.
pub type Pulse<'a> = &'a mut dyn FnMut(u64) -> Result<(), ExportError>;

impl Source {
    /// Counts the rows.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn count(&self, conn: &mut Conn, pulse: Pulse<'_>) -> Result<u64, ExportError> {
        let mut rows: u64 = 0;
        self.each(conn, &mut |_| {
            rows += 1;
            if rows.is_multiple_of(PAGE_ROWS.unsigned_abs()) {
                pulse(rows)?;
            }
            Ok(())
        })?;
        Ok(rows)
    }

    /// Writes every row; at most so many where there is a bound.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn write(
        &self,
        conn: &mut Conn,
        sheet: &mut Sheet,
        most: Option<u64>,
        pulse: Pulse<'_>,
    ) -> Result<(), ExportError> {
        self.each(conn, &mut |record: (&Value, &Value)| {
            if let Some(most) = most.filter(|most| sheet.rows() >= *most) {
                return Err(ExportError::TooManyRows(most));
            }
            sheet.row(record)?;
            if sheet.rows().is_multiple_of(PAGE_ROWS.unsigned_abs()) {
                pulse(sheet.rows())?;
            }
            Ok(())
        })
    }

    /// Writes a report that was read already.
    ///
    /// # Errors
    /// [`ExportError`].
    pub fn write_read(&self, report: &Value, sheet: &mut Sheet) -> Result<(), ExportError> {
        rows_of(report, self.table.rows, &mut |record| sheet.row(record))
    }

    /// How its file looks.
    #[must_use]
    pub const fn look<'a>(&self, form: &Form, folder: &'a Path) -> Look<'a> {
        Look {
            lang: form.lang,
            bom: form.bom,
            title: self.title,
            as_of: self.as_of,
            folder,
        }
    }

    fn each(&self, conn: &mut Conn, take: Take<'_>) -> Result<(), ExportError> {
        let place = self.table.rows;
        let read = match &self.rows {
            Rows::Whole(report) => return rows_of(&report(conn)?, place, take),
            Rows::Pages(read) => read,
        };
        let mut page = Page {
            after: None,
            limit: PAGE_ROWS,
        };
        loop {
            let rows = read(conn, &page)?;
            rows.iter()
                .try_for_each(|(_, record)| rows_of(record, place, take))?;
            let full = i64::try_from(rows.len()).is_ok_and(|rows| rows >= PAGE_ROWS);
            page.after = rows.into_iter().next_back().map(|(key, _)| key);
            if !full {
                return Ok(());
            }
        }
    }
}

/// Takes a row, and what it is a part of.
type Take<'a> = &'a mut dyn FnMut((&Value, &Value)) -> Result<(), ExportError>;

/// The rows of a table: those of the last of the arrays that are named, each within the one before.
fn rows_of(value: &Value, place: &[&str], take: Take<'_>) -> Result<(), ExportError> {
    let Some((array, deeper)) = place.split_first() else {
        return take((value, value));
    };
    let rows = match value.pointer(array) {
        Some(Value::Array(rows)) => rows,
        // A part that this report does not have.
        None | Some(Value::Null) => return Ok(()),
        Some(_) => return Err(ExportError::Unreadable(format!("the table {array}"))),
    };
    rows.iter().try_for_each(|row| {
        if deeper.is_empty() {
            take((row, value))
        } else {
            rows_of(row, deeper, take)
        }
    })
}
