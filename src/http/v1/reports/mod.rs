//! `/reports`: figures that can be recomputed, each with its date.
//!
//! A report is answered as its room makes it; [`shapes`] tells the OpenAPI document what that is.
//! Whoever sees no small cells gets other bytes, and so another `ETag`, for the same question.

pub mod query;
pub mod shapes;

use actix_web::{get, web};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::http::extract::{Caller, IfNoneMatch, PathCode, Query, rights};
use crate::http::problem::Answered;
use crate::http::respond::report;
use crate::http::state::State;
use crate::reporting;
use query::{AsOf, ByRegion, CompensationParams, SeriesParams};

/// Adds the routes of this folder.
pub fn configure(config: &mut ServiceConfig<'_>) {
    config
        .service(report_overview)
        .service(report_fund)
        .service(report_program)
        .service(report_series)
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
    let overview = state
        .read(move |conn| reporting::overview(conn, as_of, today))
        .await?;
    Ok(report(&overview, &known))
}

/// Reports on one fund.
///
/// Its figures include its child funds, `own` holds them without. The tables by program and by
/// fiscal year add up to the figures.
#[utoipa::path(
    tag = "reports",
    params(AsOf),
    responses((status = 200, description = "The figures.", body = shapes::FundReport)),
)]
#[get("/reports/funds/{fund}")]
pub async fn report_fund(
    _caller: Caller<rights::ReadReports>,
    fund: PathCode,
    query: Query<AsOf>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Answered {
    let today = state.today();
    let as_of = query.0.day(today)?;
    let fund = state
        .read(move |conn| reporting::fund(conn, &fund.0, as_of, today))
        .await?;
    Ok(report(&fund, &known))
}

/// Reports on one program.
///
/// By month and by region, with what has no region apart. Distinct people are counted in the
/// program, in each of its funds and in all books, and never added. Figures of so few payments
/// that they would tell about single people are hidden from callers who are only viewers. With
/// `region_basis=current` regions are those that hold the areas today; one whose area went nobody
/// knows where stands by itself and is `ended`.
#[utoipa::path(
    tag = "reports",
    params(ByRegion),
    responses((status = 200, description = "The figures.", body = shapes::ProgramReport)),
)]
#[get("/reports/programs/{program}")]
pub async fn report_program(
    caller: Caller<rights::ReadReports>,
    program: PathCode,
    query: Query<ByRegion>,
    known: IfNoneMatch,
    state: web::Data<State>,
) -> Answered {
    let today = state.today();
    let (as_of, regions) = query.0.question(today)?;
    let suppress = !caller.principal.sees_small_cells();
    let program = state
        .read(move |conn| reporting::program(conn, &program.0, as_of, &regions, suppress))
        .await?;
    Ok(report(&program, &known))
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
    let suppress = !caller.principal.sees_small_cells();
    let series = state
        .read(move |conn| reporting::series(conn, &query, as_of, suppress))
        .await?;
    Ok(report(&series, &known))
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
    let suppress = !caller.principal.sees_small_cells();
    let compensation = state
        .read(move |conn| reporting::compensation(conn, program.as_ref(), as_of, today, suppress))
        .await?;
    Ok(report(&compensation, &known))
}
