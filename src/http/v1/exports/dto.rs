//! What callers send and get.

use std::collections::BTreeMap;

use deserr::Deserr;
use serde::Serialize;
use utoipa::ToSchema;

use crate::config::Lang;
use crate::exports::format::ExportFormat;
use crate::exports::manifest::Manifest;
use crate::exports::model::{Export, ExportState, Work};
use crate::http::wire::{Choice, Day, Faults, Instant, Text};

/// In what form a table is written.
pub type ExportFormatWire = Choice<ExportFormat>;
/// The language of headers.
pub type LangWire = Choice<Lang>;
/// Where an export stands.
pub type ExportStateWire = Choice<ExportState>;
/// The name of a table.
pub type TableName = Text<40>;
/// The address of a list or report.
pub type Address = Text<2000>;

/// A list or report that is wanted as a file.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
#[schema(example = json!({
    "of": "/v1/disbursements?program=sosin-merchants", "format": "xlsx", "lang": "ko"
}))]
pub struct NewExport {
    /// The address of the list or report with its filters, as one would GET it.
    pub of: Address,
    /// In what form.
    pub format: ExportFormatWire,
    /// The language of its headers; that of `Accept-Language` where it is not given.
    #[deserr(default)]
    pub lang: Option<LangWire>,
    /// Whether CSV begins with a byte order mark.
    #[deserr(default)]
    pub bom: Option<bool>,
    /// Which of its tables; the first where none is named.
    #[deserr(default)]
    pub table: Option<TableName>,
}

/// Calling off takes nothing.
#[derive(Debug, Deserr, ToSchema)]
#[deserr(error = Faults, deny_unknown_fields)]
pub struct ExportEnding {}

/// An export.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "id": "01844c1e2f007b7e9d5f2f6c3e1a9b42-1",
    "of": "/v1/disbursements", "table": null, "format": "csv", "lang": "ko", "state": "writing",
    "rows_total": 20000, "rows_done": 5000, "percent": 25, "failure": null,
    "requested_at": "2022-11-03T00:00:00Z", "expires_at": null
}))]
pub struct ExportView {
    /// Its id.
    pub id: String,
    /// The address of the list or report.
    pub of: String,
    /// Which of its tables; none where it is the first.
    pub table: Option<String>,
    /// In what form.
    pub format: ExportFormatWire,
    /// The language of its headers.
    pub lang: LangWire,
    /// Where it stands.
    pub state: ExportStateWire,
    /// How many rows it has, once they are counted.
    pub rows_total: Option<i64>,
    /// How many rows are counted, then how many are written.
    pub rows_done: i64,
    /// How far it is.
    #[schema(minimum = 0, maximum = 100)]
    pub percent: i64,
    /// Why it failed, as a code.
    pub failure: Option<String>,
    /// When it was asked for.
    pub requested_at: Instant,
    /// When its file is removed.
    pub expires_at: Option<Instant>,
}

/// What is said of a file.
#[derive(Debug, Serialize, ToSchema)]
#[schema(example = json!({
    "file": "disbursements-2022-11-03.csv", "media_type": "text/csv; charset=utf-8; header=present",
    "bytes": 18, "sha256": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
    "rows": 1, "columns": ["id", "amount"], "control_totals": {"amount": "300000"},
    "as_of": "2022-11-03", "known_at": "2022-11-03T00:00:00.000000Z"
}))]
pub struct ManifestView {
    /// What the file is called.
    pub file: String,
    /// Its media type.
    pub media_type: String,
    /// Its length.
    pub bytes: u64,
    /// Its SHA-256, in hexadecimal.
    #[schema(pattern = "^[0-9a-f]{64}$")]
    pub sha256: String,
    /// How many rows it has, without its header.
    pub rows: u64,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// The sum of each column of amounts, in won, and of weights, in kilograms.
    pub control_totals: BTreeMap<String, String>,
    /// The day of the books that it is of.
    pub as_of: Day,
    /// What had been recorded by this instant is in it, and nothing of later.
    pub known_at: String,
}

impl ExportView {
    /// The view of an export at that instant.
    #[must_use]
    pub fn of(export: &Export, work: Option<&Work>, now: chrono::DateTime<chrono::Utc>) -> Self {
        let state = export.state(work, now);
        Self {
            id: export.id.to_string(),
            of: export.address.clone(),
            table: export.table.clone(),
            format: Choice(export.form.format),
            lang: Choice(export.form.lang),
            state: Choice(state),
            rows_total: work.and_then(|work| work.rows_total),
            rows_done: work.map_or(0, |work| work.rows_done),
            percent: work.map_or(0, Work::percent),
            failure: work.and_then(|work| work.failure.clone()),
            requested_at: Instant(export.requested_at),
            expires_at: work.and_then(|work| work.expires_at).map(Instant),
        }
    }
}

impl From<Manifest> for ManifestView {
    fn from(manifest: Manifest) -> Self {
        Self {
            file: manifest.file,
            media_type: manifest.media_type,
            bytes: manifest.bytes,
            sha256: manifest.sha256,
            rows: manifest.rows,
            columns: manifest.columns,
            control_totals: manifest.control_totals,
            as_of: Day(manifest.as_of),
            known_at: manifest.known_at,
        }
    }
}
