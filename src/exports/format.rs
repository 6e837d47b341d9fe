//! The formats that tables are written in.

use crate::text_enum::{TextEnum, text_enum};

text_enum! {
    /// In what form a table is written.
    ExportFormat {
        /// Values with commas between them (RFC 4180): UTF-8, lines that end in CR LF.
        Csv = "csv",
        /// A JSON object a line.
        Ndjson = "ndjson",
        /// A workbook of one sheet.
        Xlsx = "xlsx",
        /// Apache Parquet.
        Parquet = "parquet",
    }
}

/// Rows that a sheet has below its header.
pub const SHEET_ROWS: u64 = 1_048_575;

impl ExportFormat {
    /// Its media type.
    #[must_use]
    pub const fn media(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::Ndjson => "application/x-ndjson",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }

    /// What is said of a file of it: the media type with its parameters.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            other => other.media(),
        }
    }

    /// The format of that media type.
    #[must_use]
    pub fn of_media(media: &str) -> Option<Self> {
        let named = |format: &&Self| format.media().eq_ignore_ascii_case(media);
        Self::ALL.iter().find(named).copied()
    }

    /// Whether this program can write it.
    #[must_use]
    pub const fn is_built(self) -> bool {
        !matches!(self, Self::Parquet) || cfg!(feature = "parquet")
    }

    /// The most rows that a file of it has, where there is a bound.
    #[must_use]
    pub const fn most_rows(self) -> Option<u64> {
        match self {
            Self::Xlsx => Some(SHEET_ROWS),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_known_by_its_media_type() {
        for format in ExportFormat::ALL {
            assert_eq!(ExportFormat::of_media(format.media()), Some(*format));
        }
        assert_eq!(ExportFormat::of_media("application/json"), None);
        assert_eq!(ExportFormat::of_media("TEXT/CSV"), Some(ExportFormat::Csv));
    }
}
