//! What can go wrong with an export.

use std::io;

use rust_xlsxwriter::XlsxError;

use crate::db::DbError;
use crate::refusal::Refusal;

/// Why there is no file. Whatever was written of it is gone.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// It is not to be had as it was asked for.
    #[error("refused: {0:?}")]
    Refused(Refusal),
    /// The books could not be read.
    #[error(transparent)]
    Database(#[from] DbError),
    /// What was read is not what the columns say, or contradicts itself.
    #[error("{0} cannot be read")]
    Unreadable(String),
    /// The figures of a report contradict each other.
    #[error("{0}")]
    Inconsistent(String),
    /// The file could not be written.
    #[error("the file cannot be written: {0}")]
    Written(#[from] io::Error),
    /// The workbook could not be written.
    #[error("the workbook cannot be written: {0}")]
    Workbook(#[from] XlsxError),
    /// The file would be longer than there is room for.
    #[error("the file would have more than {0} bytes")]
    TooLarge(u64),
    /// The file would have more rows than it may.
    #[error("the file would have more than {0} rows")]
    TooManyRows(u64),
    /// Sums of so much cannot be told.
    #[error("the sum of a column is too large")]
    Sum,
    /// It was called off.
    #[error("it was called off")]
    Cancelled,
    /// The program is about to stop; it is begun anew after the next start.
    #[error("the program stops")]
    Stopping,
}

impl From<Refusal> for ExportError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<csv::Error> for ExportError {
    fn from(error: csv::Error) -> Self {
        Self::Written(io::Error::other(error))
    }
}

impl ExportError {
    /// The stable code of an export that failed for this.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Refused(_) => "export_refused",
            Self::Database(_) => "export_unread",
            Self::Unreadable(_) | Self::Inconsistent(_) | Self::Sum => "export_unreadable",
            Self::Written(_) | Self::Workbook(_) => "export_unwritten",
            Self::TooLarge(_) => "export_too_large",
            Self::TooManyRows(_) => "export_too_many_rows",
            Self::Cancelled | Self::Stopping => "export_over",
        }
    }
}
