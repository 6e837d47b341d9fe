//! Reports, integrity check and the OpenAPI document: commands that only read.

use std::io::{IsTerminal, Write};

use chrono::NaiveDate;
use indicatif::{ProgressBar, ProgressStyle};
use sangsaeng::TextEnum;
use sangsaeng::audit::{self, Progress, Stage};
use sangsaeng::bounds::Bounds;
use sangsaeng::calendar::today_in_seoul;
use sangsaeng::clock::{Clock, SystemClock};
use sangsaeng::code::Code;
use sangsaeng::config::{Lang, Settings};
use sangsaeng::db::{Conn, Db};
use sangsaeng::metrics::Scope;
use sangsaeng::refusal::Refusal;
use sangsaeng::reporting::indicators::IndicatorInterval;
use sangsaeng::reporting::reach::{self, Days};
use sangsaeng::reporting::{self, IndicatorQuery, RegionBasis, Regions, ReportError, SeriesQuery};
use serde_json::Value;

use super::args::{ReportArgs, ReportName};
use super::books::open_for_reading;
use super::files;
use super::say::{DIFFERS, Failed, Said, failed, said, wrong};

/// Prints a report.
///
/// # Errors
/// [`Failed`] with what to do next.
pub fn report(settings: &Settings, args: &ReportArgs) -> Result<(), Failed> {
    let db = open_for_reading(settings)?;
    let today = today_in_seoul(SystemClock::start().now());
    let as_of = args.as_of.unwrap_or(today);
    let report = match args.name {
        ReportName::Overview => json(&db, |conn| reporting::overview(conn, as_of, today)),
        ReportName::Fund => {
            let code = code(args)?;
            json(&db, |conn| {
                let days = Days::asked((args.from, args.to), as_of).map_err(ReportError::Fields)?;
                let mut fund = reporting::fund(conn, &code, as_of, today)?;
                fund.people_in_period = days
                    .map(|days| reach::in_period(conn, &Scope::Fund(code), days, today, false))
                    .transpose()?;
                Ok(fund)
            })
        }
        ReportName::Program => {
            let code = code(args)?;
            let regions = regions(args, today)?;
            json(&db, |conn| {
                let days = Days::asked((args.from, args.to), as_of).map_err(ReportError::Fields)?;
                let mut program =
                    reporting::program(conn, &Bounds::none(), &code, as_of, &regions, false)?;
                program.people_in_period = days
                    .map(|days| reach::in_period(conn, &Scope::Program(code), days, today, false))
                    .transpose()?;
                Ok(program)
            })
        }
        ReportName::Pledges => json(&db, |conn| reporting::pledges(conn, as_of, today)),
        ReportName::Indicators => json(&db, |conn| reporting::indicators(conn, as_of)),
        ReportName::Indicator => {
            let (code, query) = (code(args)?, indicator_query(args)?);
            json(&db, |conn| reporting::indicator(conn, &code, &query, as_of))
        }
        ReportName::Series => {
            let query = series_query(args, today)?;
            json(&db, |conn| reporting::series(conn, &query, as_of, false))
        }
        ReportName::Claims => json(&db, |conn| reporting::claims(conn, as_of, today)),
        ReportName::People => json(&db, |conn| {
            let days = Days::asked((args.from, args.to), as_of).map_err(ReportError::Fields)?;
            reporting::people(conn, (as_of, today), days, false)
        }),
        ReportName::Compensation => {
            let program = args.code.as_ref().map(|_| code(args)).transpose()?;
            json(&db, |conn| {
                reporting::compensation(conn, program.as_ref(), as_of, today, false)
            })
        }
    }?;
    files::write(args, settings.lang, as_of, &report)
}

/// Writes to standard output. A reader that has gone away is no failure.
fn print(text: &str) -> Result<(), Failed> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(e) if e.kind() != std::io::ErrorKind::BrokenPipe => Err(failed(
            format!("standard output cannot be written: {e}"),
            format!("표준 출력에 쓸 수 없습니다: {e}"),
        )),
        _ => Ok(()),
    }
}

fn json<T: serde::Serialize>(
    db: &Db,
    build: impl FnOnce(&mut Conn) -> Result<T, ReportError>,
) -> Result<Value, Failed> {
    let report = db.read(build).map_err(|e| no_report(&e))?;
    serde_json::to_value(&report).map_err(|e| {
        failed(
            format!("the report cannot be written: {e}"),
            format!("보고서를 쓸 수 없습니다: {e}"),
        )
    })
}

fn no_report(error: &ReportError) -> Failed {
    match error {
        ReportError::UnknownFund(code) => wrong(
            format!("There is no fund {code}."),
            format!("기금 {code}이(가) 없습니다."),
        ),
        ReportError::UnknownProgram(code) => wrong(
            format!("There is no program {code}."),
            format!("사업 {code}이(가) 없습니다."),
        ),
        ReportError::UnknownIndicator(code) => wrong(
            format!("There is no indicator {code}."),
            format!("지표 {code}이(가) 없습니다."),
        ),
        ReportError::Fields(refusal) => refused(refusal),
        ReportError::Inconsistent { detail, .. } => Failed {
            code: DIFFERS,
            said: said(
                format!("The report contradicts itself: {detail}. Run `sangsaeng verify`."),
                format!(
                    "보고서의 수치가 서로 맞지 않습니다: {detail}. `sangsaeng verify`를 \
                     실행하십시오."
                ),
            ),
        },
        ReportError::Database(error) => failed(
            format!("The database did not answer: {error}."),
            format!("데이터베이스가 응답하지 않습니다: {error}."),
        ),
    }
}

fn refused(refusal: &Refusal) -> Failed {
    let faults = match refusal {
        Refusal::Fields(faults) | Refusal::Several(faults) => faults
            .iter()
            .map(|f| format!("{}: {}", f.field, f.code))
            .collect::<Vec<_>>()
            .join(", "),
        Refusal::Rule { code, .. } => (*code).to_owned(),
    };
    wrong(
        format!("The report cannot be made as asked: {faults}."),
        format!("요청한 보고서를 만들 수 없습니다: {faults}."),
    )
}

fn code(args: &ReportArgs) -> Result<Code, Failed> {
    let text = args.code.as_deref().unwrap_or_default();
    Code::parse(text).map_err(|_not_a_code| {
        wrong(
            "Name the fund, program or indicator, such as `sangsaeng report fund co-prosperity`.",
            "기금, 사업 또는 지표를 지정하십시오. 예: `sangsaeng report fund co-prosperity`.",
        )
    })
}

/// The value that a flag names, or the default.
fn named<T: TextEnum>(flag: &str, value: Option<&str>, default: Option<T>) -> Result<T, Failed> {
    let found = match value {
        Some(name) => T::from_name(name),
        None => default,
    };
    found.ok_or_else(|| {
        let names = T::ALL
            .iter()
            .map(|v| v.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        wrong(
            format!("--{flag} should be one of: {names}."),
            format!("--{flag} 값은 다음 중 하나여야 합니다: {names}."),
        )
    })
}

fn indicator_query(args: &ReportArgs) -> Result<IndicatorQuery, Failed> {
    let as_recorded = Some(IndicatorInterval::AsRecorded);
    let group_by = args.group_by.as_deref().map(Code::parse).transpose();
    Ok(IndicatorQuery {
        interval: named("interval", args.interval.as_deref(), as_recorded)?,
        group_by: group_by.map_err(|_not_a_code| {
            wrong(
                "--group-by should name a dimension of the indicator.",
                "--group-by 값은 지표의 구분 코드여야 합니다.",
            )
        })?,
        from: args.from,
        to: args.to,
    })
}

fn regions(args: &ReportArgs, today: NaiveDate) -> Result<Regions, Failed> {
    let basis = args.region_basis.as_deref();
    let basis = named("region-basis", basis, Some(RegionBasis::AsRecorded))?;
    Ok(Regions { basis, today })
}

fn series_query(args: &ReportArgs, today: NaiveDate) -> Result<SeriesQuery, Failed> {
    use reporting::series::{GroupBy, Interval, Metric};
    Ok(SeriesQuery {
        metric: named::<Metric>("metric", args.metric.as_deref(), None)?,
        interval: named("interval", args.interval.as_deref(), Some(Interval::Month))?,
        group_by: named("group-by", args.group_by.as_deref(), Some(GroupBy::None))?,
        regions: regions(args, today)?,
        from: args.from,
        to: args.to,
    })
}

/// Derives everything again and compares.
///
/// # Errors
/// [`Failed`] with code 3 where the books do not agree.
pub fn verify(settings: &Settings) -> Result<(), Failed> {
    let db = open_for_reading(settings)?;
    let bar = progress_bar();
    let lang = settings.lang;
    let report = db
        .read(|conn| audit::verify(conn, &mut |progress| show(&bar, lang, progress)))
        .map_err(|e| {
            failed(
                format!("The check could not be finished: {e}"),
                format!("점검 중단: {e}"),
            )
        })?;
    bar.finish_and_clear();
    let (en, ko) = (report.text(false), report.text(true));
    if report.is_clean() {
        print(&format!("{}\n", said(en, ko).text(lang)))
    } else {
        Err(Failed {
            code: DIFFERS,
            said: said(en, ko),
        })
    }
}

/// A bar on a terminal, nothing elsewhere.
pub fn progress_bar() -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg:18} [{bar:32}] {pos}/{len} {eta}");
    let bar = ProgressBar::new(0);
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}

/// What a stage of the check goes through.
pub fn stage(stage: Stage) -> Said {
    match stage {
        Stage::Events => said("events", "사건"),
        Stage::Records => said("records", "건"),
        Stage::People => said("people", "수혜자"),
        Stage::Sums => said("sums", "합계"),
    }
}

fn show(bar: &ProgressBar, lang: Lang, progress: Progress) {
    bar.set_message(stage(progress.stage).text(lang).to_owned());
    bar.set_length(progress.total);
    bar.set_position(progress.done);
}

/// Prints the OpenAPI document.
///
/// # Errors
/// [`Failed`] when it cannot be written.
pub fn openapi() -> Result<(), Failed> {
    print(&sangsaeng::http::openapi::document_json())
}
