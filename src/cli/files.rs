//! What a report is written to: a file that is whole or not there, or standard output.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use sangsaeng::clock::{Clock, SystemClock};
use sangsaeng::config::Lang;
use sangsaeng::exports::error::ExportError;
use sangsaeng::exports::format::ExportFormat;
use sangsaeng::exports::sheet::Sheet;
use sangsaeng::exports::source::Form;
use sangsaeng::exports::spool::Spool;
use sangsaeng::http::v1::exports::sources;
use serde_json::Value;

use super::args::{ReportArgs, ReportFormat, ReportName};
use super::say::{Failed, failed, wrong};

/// Writes a report in the form that is asked for.
///
/// # Errors
/// [`Failed`] with what to do next; nothing is then left of the file.
pub fn write(
    args: &ReportArgs,
    lang: Lang,
    as_of: NaiveDate,
    report: &Value,
) -> Result<(), Failed> {
    let output = args.output.as_deref();
    let spool = begin(output).map_err(|error| unwritten(output, &error))?;
    let format = match args.format {
        ReportFormat::Json => return whole(spool, output, report),
        ReportFormat::Csv => ExportFormat::Csv,
        ReportFormat::Ndjson => ExportFormat::Ndjson,
        ReportFormat::Xlsx => ExportFormat::Xlsx,
        ReportFormat::Parquet => ExportFormat::Parquet,
    };
    if !format.is_built() {
        return Err(wrong(
            format!("This program was built without {format}."),
            format!("이 프로그램은 {format} 형식 없이 빌드되었습니다."),
        ));
    }
    let form = Form {
        format,
        lang,
        bom: args.bom,
    };
    let written = table(spool, args, &form, as_of, report)?;
    finish(written, output)
}

/// Writes a table of a report.
fn table(
    spool: Spool,
    args: &ReportArgs,
    form: &Form,
    as_of: NaiveDate,
    report: &Value,
) -> Result<Spool, Failed> {
    let exportable = sources::at(address(args.name))
        .ok_or_else(|| wrong("There is no table of it.", "표로 만들 수 없습니다."))?;
    let table = exportable.table(args.table.as_deref(), "--table");
    let table = table.map_err(|_unknown| {
        let names: Vec<&str> = exportable.tables.iter().map(|table| table.name).collect();
        let names = names.join(", ");
        wrong(
            format!("--table should be one of: {names}."),
            format!("--table 값은 다음 중 하나여야 합니다: {names}."),
        )
    })?;
    let source = exportable.read_already(table, as_of);
    let folder = std::env::temp_dir();
    let look = source.look(form, &folder);
    let written = Sheet::begin(form.format, table.columns, spool, &look).and_then(|mut sheet| {
        source.write_read(report, &mut sheet)?;
        Ok(sheet.end()?.0)
    });
    written.map_err(|error: ExportError| unwritten(args.output.as_deref(), &error))
}

/// Where the API has a report.
const fn address(name: ReportName) -> &'static str {
    match name {
        ReportName::Overview => "/v1/reports/overview",
        ReportName::Fund => "/v1/reports/funds/{fund}",
        ReportName::Program => "/v1/reports/programs/{program}",
        ReportName::Indicators => "/v1/reports/indicators",
        ReportName::Indicator => "/v1/reports/indicators/{indicator}",
        ReportName::Series => "/v1/reports/series",
        ReportName::Claims => "/v1/reports/claims",
        ReportName::Pledges => "/v1/reports/pledges",
        ReportName::People => "/v1/reports/people",
        ReportName::Compensation => "/v1/reports/compensation",
    }
}

fn whole(mut spool: Spool, output: Option<&Path>, report: &Value) -> Result<(), Failed> {
    let text = serde_json::to_string_pretty(report).map_err(io::Error::from);
    let written = text.and_then(|text| spool.write_all(format!("{text}\n").as_bytes()));
    written.map_err(|error| unwritten(output, &error))?;
    finish(spool, output)
}

/// Begins a file beside the one that is wanted; one without a name for standard output, and for what
/// is no file, such as a device.
fn begin(output: Option<&Path>) -> io::Result<Spool> {
    match output.filter(|path| is_file_or_none(path)) {
        Some(path) => Spool::begin(&part(path), u64::MAX),
        None => {
            let unique = format!(
                "{}-{}",
                std::process::id(),
                SystemClock::start().now().timestamp_micros()
            );
            Spool::unnamed(&std::env::temp_dir(), &unique, u64::MAX)
        }
    }
}

fn finish(spool: Spool, output: Option<&Path>) -> Result<(), Failed> {
    let done = match output {
        Some(path) if is_file_or_none(path) => spool.keep(path).map(drop),
        Some(path) => File::create(path).and_then(|device| copy(spool, device)),
        None => match copy(spool, io::stdout().lock()) {
            // A reader that has gone away is no failure.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        },
    };
    done.map_err(|error| unwritten(output, &error))
}

fn copy(spool: Spool, mut to: impl Write) -> io::Result<()> {
    let (file, written) = spool.read_back()?;
    io::copy(&mut file.take(written.bytes), &mut to)?;
    to.flush()
}

fn is_file_or_none(path: &Path) -> bool {
    path.metadata().map_or(true, |found| found.is_file())
}

fn part(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.part"))
}

fn unwritten(output: Option<&Path>, error: &impl std::fmt::Display) -> Failed {
    match output {
        Some(path) => {
            let path = path.display();
            failed(
                format!("{path} cannot be written: {error}"),
                format!("{path}에 쓸 수 없습니다: {error}"),
            )
        }
        None => failed(
            format!("standard output cannot be written: {error}"),
            format!("표준 출력에 쓸 수 없습니다: {error}"),
        ),
    }
}
