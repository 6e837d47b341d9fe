//! Why a file is not read as a table, and where.

use std::fmt;
use std::io;

/// Where in a file: as a person counts there, from 1; what is not known is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// The row of a sheet, the line of a text.
    pub row: Option<u64>,
    /// The column; for bytes that are no text, the byte in its line.
    pub column: Option<u64>,
}

impl Place {
    /// A row as a whole.
    #[must_use]
    pub const fn row(row: u64) -> Self {
        Self {
            row: Some(row),
            column: None,
        }
    }

    /// A cell.
    #[must_use]
    pub const fn cell(row: u64, column: u64) -> Self {
        Self {
            row: Some(row),
            column: Some(column),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.row, self.column) {
            (Some(row), Some(column)) => write!(f, "row {row}, column {column}"),
            (Some(row), None) => write!(f, "row {row}"),
            _ => f.write_str("the file"),
        }
    }
}

/// What is wrong with the file as a whole: reading ends there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// The file could not be read from where it lies.
    #[error("could not be read")]
    NotRead,
    /// More bytes than are taken.
    #[error("is larger than {0} bytes")]
    FileTooLarge(u64),
    /// Neither text nor a workbook.
    #[error("is no table")]
    NotATable,
    /// A workbook of the old kind (.xls), or one that is locked by a password.
    #[error("is an old or a locked workbook")]
    OldOrLockedWorkbook,
    /// Neither UTF-8 nor CP949, or bytes that are none of what was declared.
    #[error("is written in an encoding that is not known")]
    EncodingUnknown,
    /// Lines of UTF-8 and others that are not.
    #[error("mixes encodings")]
    EncodingMixed,
    /// Two characters divide the header equally often.
    #[error("does not tell what divides its columns")]
    DelimiterUnknown,
    /// A quotation mark that is never closed.
    #[error("has a quotation mark that is not closed")]
    QuoteNotClosed,
    /// Something between a closing quotation mark and the end of its cell.
    #[error("has text behind a closing quotation mark")]
    QuoteMisplaced,
    /// No row that could be a header.
    #[error("has no header")]
    HeaderMissing,
    /// More rows than are taken.
    #[error("has more than {0} rows")]
    TooManyRows(u64),
    /// More columns than are taken.
    #[error("has more than {0} columns")]
    TooManyColumns(usize),
    /// A cell that is too long.
    #[error("has a cell of more than {0} bytes")]
    CellTooLong(usize),
    /// A row or line that is too long.
    #[error("has a row of more than {0} bytes")]
    LineTooLong(usize),
    /// A workbook that would unpack to more than is taken.
    #[error("would unpack to more than is taken")]
    ZipBomb,
    /// A workbook with more files inside than are taken.
    #[error("has more than {0} parts")]
    TooManyParts(usize),
    /// A workbook with more shared text than is held.
    #[error("has too much shared text")]
    TooMuchSharedText,
    /// A workbook that contradicts itself or the format.
    #[error("is a broken workbook")]
    BrokenWorkbook,
    /// No sheet of the name asked for, or none that can be seen.
    #[error("has no such sheet")]
    SheetMissing,
}

impl Why {
    /// The stable code that answers carry.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotRead => "file_not_read",
            Self::FileTooLarge(_) => "file_too_large",
            Self::NotATable => "not_a_table",
            Self::OldOrLockedWorkbook => "old_or_locked_workbook",
            Self::EncodingUnknown => "encoding_unknown",
            Self::EncodingMixed => "encoding_mixed",
            Self::DelimiterUnknown => "delimiter_unknown",
            Self::QuoteNotClosed => "quote_not_closed",
            Self::QuoteMisplaced => "quote_misplaced",
            Self::HeaderMissing => "header_missing",
            Self::TooManyRows(_) => "too_many_rows",
            Self::TooManyColumns(_) => "too_many_columns",
            Self::CellTooLong(_) => "cell_too_long",
            Self::LineTooLong(_) => "line_too_long",
            Self::ZipBomb => "zip_bomb",
            Self::TooManyParts(_) => "too_many_parts",
            Self::TooMuchSharedText => "too_much_shared_text",
            Self::BrokenWorkbook => "broken_workbook",
            Self::SheetMissing => "sheet_missing",
        }
    }

    /// The bound that was passed, where there is one.
    #[must_use]
    pub fn most(self) -> Option<u64> {
        match self {
            Self::FileTooLarge(most) | Self::TooManyRows(most) => Some(most),
            Self::TooManyColumns(most)
            | Self::CellTooLong(most)
            | Self::LineTooLong(most)
            | Self::TooManyParts(most) => u64::try_from(most).ok(),
            _ => None,
        }
    }

    /// At a place.
    #[must_use]
    pub const fn at(self, place: Place) -> TableError {
        TableError { why: self, place }
    }

    /// Of the whole file.
    #[must_use]
    pub const fn whole(self) -> TableError {
        self.at(Place {
            row: None,
            column: None,
        })
    }
}

/// Why reading ended, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}")]
pub struct TableError {
    /// What is wrong.
    pub why: Why,
    /// Where.
    pub place: Place,
}

impl TableError {
    /// The stable code that answers carry.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.why.code()
    }

    /// The same at that row, unless a place was known already.
    #[must_use]
    pub fn in_row(mut self, row: u64) -> Self {
        self.place.row.get_or_insert(row);
        self
    }
}

/// A refusal travels through readers inside an I/O error, and comes out again here.
impl From<io::Error> for TableError {
    fn from(error: io::Error) -> Self {
        Self::inside(&error)
    }
}

impl From<TableError> for io::Error {
    fn from(error: TableError) -> Self {
        Self::other(error)
    }
}

impl TableError {
    pub(super) fn inside(error: &io::Error) -> Self {
        let inner = error.get_ref().and_then(|inner| inner.downcast_ref());
        inner.copied().unwrap_or(Why::NotRead.whole())
    }
}
