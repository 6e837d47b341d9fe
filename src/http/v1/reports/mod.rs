//! `/reports`: figures that can be recomputed, each with its date.
//!
//! A report is answered as its room makes it; [`shapes`] tells the OpenAPI document what that is.
//! Each handler makes a [`question`] of its request; [`State::report`] answers it, out of what is
//! [kept](crate::http::kept) where nothing was committed. Whoever sees no small cells asks another
//! question, and so gets other bytes and another `ETag`.

pub mod query;
pub mod question;
pub mod shapes;

use actix_web::{get, web};

use crate::http::extract::{Caller, IfNoneMatch, PathCode, Query, rights};
use crate::http::problem::Answered;
use crate::http::routes::Routes;
use crate::http::state::State;
use query::{AsOf, CompensationParams, IndicatorParams, PeopleParams, ProgramParams, SeriesParams};
use question::Question;

/// Adds the routes of this folder.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(report_overview)
        .service(report_fund)
        .service(report_program)
        .service(report_series)
        .service(report_claims)
        .service(report_pledges)
        .service(report_people)
        .service(report_indicators)
        .service(report_indicator)
        .service(report_compensation);
}

/// Reports on everything on one page.
///
/// Consolidated figures count each won once: they are the sum of the funds' own figures. What is
/// given outside funds stands beside them, and compensation apart from both. Donations are part of
/// the figures above them; sales never are.
#[utoipa::path(
    tag = "reports",
    params(AsOf),
    responses((status = 200, description = "The figures.", body = shapes::Overview)),
)]
#[get("/reports/overview")]
pub async fn report_overview(
    _caller: Caller<rights::ReadReports>,
    query: Query<AsOf>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Answered {
    let today = state.today();
    let as_of = query.0.day(today)?;
    state
        .report(Question::Overview { as_of, today }, &known)
        .await
}

/// Reports on one fund.
///
/// Its figures include its child funds, `own` holds them without. The tables by program and by
/// fiscal year and by area add up to the figures. Its plan is held against what was disbursed. With
/// `from`, distinct people who came and went in that period are told from their records.
#[utoipa::path(
    tag = "reports",
    params(PeopleParams),
    responses((status = 200, description = "The figures.", body = shapes::FundReport)),
)]
#[get("/reports/funds/{fund}")]
pub async fn report_fund(
    caller: Caller<rights::ReadReports>,
    fund: PathCode,
    query: Query<PeopleParams>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Answered {
    let today = state.today();
    let (as_of, days) = query.0.question(today)?;
    let question = Question::Fund {
        fund: fund.0,
        days,
        as_of,
        today,
        suppress: !caller.principal.sees_small_cells(),
    };
    state.report(question, &known).await
}

/// Reports on one program.
///
/// By month and by region, with what has no region apart. Distinct people are counted in the
/// program, in each of its funds and in all books, and never added. Figures of so few payments
/// that they would tell about single people are hidden from viewers and partners, and other figures
/// than the program's own from partners. With `from`, distinct people who came and went in that period are told from their records. With
/// `region_basis=current` regions are those that hold the areas today; one whose area went nobody
/// knows where stands by itself and is `ended`.
#[utoipa::path(
    tag = "reports",
    params(ProgramParams),
    responses((status = 200, description = "The figures.", body = shapes::ProgramReport)),
)]
#[get("/reports/programs/{program}")]
pub async fn report_program(
    caller: Caller<rights::ReadProgramReports>,
    program: PathCode,
    query: Query<ProgramParams>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Answered {
    let today = state.today();
    let (as_of, days, regions) = query.0.question(today)?;
    let question = Question::Program {
        bounds: caller.bounds(),
        program: program.0,
        days,
        regions,
        as_of,
        today,
        suppress: !caller.principal.sees_small_cells(),
    };
    state.report(question, &known).await
}

/// Reports on distinct people.
///
/// How many there are overall, in each fund and in each program, side by side: one person may
/// stand in several rows, so they are never added, and the overlap is told. With `from`, also who
/// came and went in that period. Read from the records of all people, so it costs more than others.
#[utoipa::path(
    tag = "reports",
    params(PeopleParams),
    responses((status = 200, description = "The numbers.", body = shapes::PeopleReport)),
)]
#[get("/reports/people")]
pub async fn report_people(
    caller: Caller<rights::ReadReports>,
    query: Query<PeopleParams>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Answered {
    let today = state.today();
    let (as_of, days) = query.0.question(today)?;
    let question = Question::People {
        days,
        as_of,
        today,
        suppress: !caller.principal.sees_small_cells(),
    };
    state.report(question, &known).await
}

/// Reports one metric over time.
///
/// A flow says what happened in each period; distinct people say how many there were at its end,
/// and are never added. Periods without entries are listed. At most 4,000 points. What compensation
/// pays counts under its own program and kind alone.
#[utoipa::path(
    tag = "reports",
    params(SeriesParams),
    responses((status = 200, description = "The series.", body = shapes::Series)),
)]
#[get("/reports/series")]
pub async fn report_series(
    caller: Caller<rights::ReadReports>,
    query: Query<SeriesParams>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Answered {
    let (query, as_of) = query.0.question(state.today())?;
    let question = Question::Series {
        query,
        as_of,
        suppress: !caller.principal.sees_small_cells(),
    };
    state.report(question, &known).await
}

/// Reports on everything that was said in public.
///
/// Each claim that was said by the day and not taken back is checked as of its own day;
/// `holds_today` tells whether it would still hold on the day of the report. The latest 1,000.
#[utoipa::path(
    tag = "reports",
    params(AsOf),
    responses((status = 200, description = "The claims.", body = shapes::ClaimsReport)),
)]
#[get("/reports/claims")]
pub async fn report_claims(
    _caller: Caller<rights::ReadReports>,
    query: Query<AsOf>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Answered {
    let today = state.today();
    let as_of = query.0.day(today)?;
    state
        .report(Question::Claims { as_of, today }, &known)
        .await
}

/// Reports on every pledge.
///
/// Each is counted once under where it stood at the end of the day, by value dates: a review
/// counts from its day, and a slip from the day it took effect. A pledge that was made in public
/// after the day is not there.
#[utoipa::path(
    tag = "reports",
    params(AsOf),
    responses((status = 200, description = "The pledges.", body = shapes::PledgesReport)),
)]
#[get("/reports/pledges")]
pub async fn report_pledges(
    _caller: Caller<rights::ReadReports>,
    query: Query<AsOf>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Answered {
    let today = state.today();
    let as_of = query.0.day(today)?;
    state
        .report(Question::Pledges { as_of, today }, &known)
        .await
}

/// Reports on all indicators.
///
/// Each with its last figure, its baseline, and its target of the year. Only approved measurements
/// count. Indicators are never added to each other.
#[utoipa::path(
    tag = "reports",
    params(AsOf),
    responses((status = 200, description = "The figures.", body = shapes::IndicatorsReport)),
)]
#[get("/reports/indicators")]
pub async fn report_indicators(
    _caller: Caller<rights::ReadReports>,
    query: Query<AsOf>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Answered {
    let as_of = query.0.day(state.today())?;
    state.report(Question::Indicators { as_of }, &known).await
}

/// Reports on one indicator.
///
/// Baseline, targets with what came of them, and figures by period, each with its own day. What
/// must not be added is not: the total is null, and `not_added` says why. To ask for longer periods
/// or other groups that would have to be added is refused as `not_additive`.
#[utoipa::path(
    tag = "reports",
    params(IndicatorParams),
    responses((status = 200, description = "The figures.", body = shapes::IndicatorReport)),
)]
#[get("/reports/indicators/{indicator}")]
pub async fn report_indicator(
    _caller: Caller<rights::ReadReports>,
    indicator: PathCode,
    query: Query<IndicatorParams>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Answered {
    let (query, as_of) = query.0.question(state.today())?;
    let question = Question::Indicator {
        indicator: indicator.0,
        query,
        as_of,
    };
    state.report(question, &known).await
}

/// Reports on compensation: damages made good, never a part of giving.
///
/// By program, and by rule version and tier. People in groups are counted, not unique; values in
/// kind are alternatives. A record counts while something approved is left of it. Figures that would
/// tell about single people are hidden from callers who are only viewers.
#[utoipa::path(
    tag = "reports",
    params(CompensationParams),
    responses((status = 200, description = "The figures.", body = shapes::CompensationReport)),
)]
#[get("/reports/compensation")]
pub async fn report_compensation(
    caller: Caller<rights::ReadReports>,
    query: Query<CompensationParams>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Answered {
    let today = state.today();
    let (program, as_of) = query.0.question(today)?;
    let question = Question::Compensation {
        program,
        as_of,
        today,
        suppress: !caller.principal.sees_small_cells(),
    };
    state.report(question, &known).await
}
