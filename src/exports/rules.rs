//! The bounds of exports.

use std::time::Duration;

use chrono::TimeDelta;

use super::error::ExportError;
use super::format::ExportFormat;

/// Rows that are answered at once; more are a job.
pub const ROWS_AT_ONCE: u64 = 10_000;
/// Bytes that are answered at once.
pub const BYTES_AT_ONCE: u64 = 64 * 1024 * 1024;
/// Exports that wait or are worked on, of everybody.
pub const MOST_OPEN: i64 = 100;
/// Exports of one user that wait or are worked on.
pub const MOST_OPEN_OF_ONE: i64 = 10;
/// Bytes of one file.
pub const FILE_BYTES: u64 = 4 * 1024 * 1024 * 1024;
/// Bytes of all files together.
pub const SPOOL_BYTES: u64 = 16 * 1024 * 1024 * 1024;
/// How long a file is kept.
pub const LIFETIME: TimeDelta = TimeDelta::hours(24);
/// How often an export is begun that does not come to an end.
pub const MOST_ATTEMPTS: i32 = 3;
/// How long a worker that says nothing more is believed to be at an export.
pub const CLAIM: Duration = Duration::from_secs(60);
/// How often it says something.
pub const PULSE: Duration = Duration::from_secs(1);

/// Makes sure that a format can hold so many rows.
///
/// # Errors
/// [`ExportError::TooManyRows`].
pub fn fits(format: ExportFormat, rows: u64) -> Result<(), ExportError> {
    match format.most_rows() {
        Some(most) if rows > most => Err(ExportError::TooManyRows(most)),
        _ => Ok(()),
    }
}

/// How long a file may become beside those that there are.
#[must_use]
pub fn room(used: u64) -> u64 {
    SPOOL_BYTES.saturating_sub(used).min(FILE_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sheet_holds_a_million_rows_and_lines_hold_any_number() {
        assert!(fits(ExportFormat::Xlsx, 1_048_575).is_ok());
        let error = fits(ExportFormat::Xlsx, 1_048_576).unwrap_err();
        assert_eq!(error.code(), "export_too_many_rows");
        assert!(fits(ExportFormat::Csv, u64::MAX).is_ok());
    }

    #[test]
    fn all_files_together_have_a_bound() {
        assert_eq!(room(0), FILE_BYTES);
        assert_eq!(room(SPOOL_BYTES - 5), 5);
        assert_eq!(room(SPOOL_BYTES + 5), 0);
    }
}
