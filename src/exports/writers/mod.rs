//! Rows written in a format, one by one: memory does not grow with their number.

#[cfg(feature = "parquet")]
mod columnar;
mod delimited;
mod lines;
mod workbook;

use std::path::Path;

use chrono::NaiveDate;

use super::column::{Cell, Column};
use super::error::ExportError;
use super::format::ExportFormat;
use super::spool::Spool;
use crate::config::Lang;
use crate::refusal::Refusal;

/// How a file looks beside its format.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    /// The language of its headers.
    pub lang: Lang,
    /// Whether CSV begins with a byte order mark, which some spreadsheets need.
    pub bom: bool,
    /// What a sheet is called.
    pub title: &'static str,
    /// The day of the books: a workbook says that it was made then, so that it is the same each
    /// time.
    pub as_of: NaiveDate,
    /// The folder of files on their way.
    pub folder: &'a Path,
}

/// Writes rows.
pub(super) trait Writer {
    /// Writes the next row.
    fn row(&mut self, cells: &[Cell<'_>]) -> Result<(), ExportError>;

    /// Writes what comes after the last row.
    fn end(self: Box<Self>) -> Result<Spool, ExportError>;

    /// What it writes to, where that says why writing failed.
    fn spool(&self) -> Option<&Spool>;
}

/// Begins a file in that format.
///
/// # Errors
/// `format_not_built`, and [`ExportError::Written`].
pub(super) fn begin(
    format: ExportFormat,
    spool: Spool,
    columns: &'static [Column],
    look: &Look<'_>,
) -> Result<Box<dyn Writer>, ExportError> {
    Ok(match format {
        ExportFormat::Csv => Box::new(delimited::Delimited::begin(spool, columns, look)?),
        ExportFormat::Ndjson => Box::new(lines::Lines::begin(spool, columns)),
        ExportFormat::Xlsx => Box::new(workbook::Sheet::begin(spool, columns, look)?),
        #[cfg(feature = "parquet")]
        ExportFormat::Parquet => Box::new(columnar::Groups::begin(spool, columns)?),
        #[cfg(not(feature = "parquet"))]
        ExportFormat::Parquet => return Err(not_built().into()),
    })
}

/// The refusal of a format that this program was built without.
#[must_use]
pub fn not_built() -> Refusal {
    Refusal::rule("format_not_built").with("format", ExportFormat::Parquet)
}
