//! The manifest of a file: what it is of, how much is in it, and how to know that all of it arrived.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};

use super::format::ExportFormat;
use super::sheet::Tally;
use super::source::Source;
use super::spool::Written;

/// What is said of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// What the file is called.
    pub file: String,
    /// Its media type.
    pub media_type: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    pub sha256: String,
    /// How many rows it has, without its header.
    pub rows: u64,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// The sum of each column of amounts, in won, and of weights, in kilograms.
    pub control_totals: BTreeMap<String, String>,
    /// The day of the books that it is of.
    pub as_of: NaiveDate,
    /// What had been recorded by this instant is in it, and nothing of later.
    pub known_at: String,
}

impl Manifest {
    /// The manifest of a file of that source.
    #[must_use]
    pub fn of(
        source: &Source,
        format: ExportFormat,
        (written, tally): (&Written, &Tally),
        known_at: DateTime<Utc>,
    ) -> Self {
        let columns = source.table.columns;
        let totals = tally.control_totals(columns).into_iter();
        Self {
            file: file_name(source, format),
            media_type: format.content_type().to_owned(),
            bytes: written.bytes,
            sha256: written.sha256.clone(),
            rows: tally.rows,
            columns: columns
                .iter()
                .map(|column| column.name.to_owned())
                .collect(),
            control_totals: totals.map(|(name, sum)| (name.to_owned(), sum)).collect(),
            as_of: source.as_of,
            known_at: known_at.to_rfc3339_opts(SecondsFormat::Micros, true),
        }
    }
}

/// What a file of that source is called.
#[must_use]
pub fn file_name(source: &Source, format: ExportFormat) -> String {
    format!("{}-{}.{format}", source.title, source.as_of)
}
