//! `/funds`: opening, changing and closing them, and their plans.
//!
//! What moves their money stands in [`entries`].

pub mod dto;
pub mod entries;
pub mod views;

use actix_web::{get, patch, post, web};

use crate::code::Code;
use crate::funds::model::Openness;
use crate::funds::store;
use crate::http::extract::{Body, Caller, IfMatch, Paged, PagingParams, PathCode, Writing, rights};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{changed, created, found};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::wire::PageOf;
use crate::ledger::store::BookRef;
use crate::refusal::Refusal;
use dto::{FundChanges, FundQuery, NewFund, NewPlan, PlanQuery, Why};
use views::{FundView, PlanView};

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(create_fund)
        .service(list_funds)
        .service(get_fund)
        .service(change_fund)
        .service(close_fund)
        .service(reopen_fund)
        .service(create_plan)
        .service(list_plans);
    entries::configure(routes);
}

/// The book of a fund.
pub(super) async fn book_of(state: &State, fund: &Code) -> Result<BookRef, ApiError> {
    let fund = fund.clone();
    state.book(move |books| books.of_fund(&fund)).await
}

/// Opens a fund with its first commitment.
///
/// With `part_of` the commitment is taken out of the parent's unallocated money, so that each won
/// counts once.
#[utoipa::path(
    tag = "funds",
    request_body = NewFund,
    responses((status = 201, description = "The fund.", body = FundView)),
)]
#[post("/funds")]
pub async fn create_fund(
    caller: Caller<rights::ManageBooks>,
    writing: Writing,
    body: Body<NewFund>,
    state: web::Data<State>,
) -> Answered {
    let book = match body.value.parent() {
        Some(parent) => book_of(&state, &parent).await?,
        None => BookRef::fund(&body.value.code.0),
    };
    let command = body.value.into_command(book);
    let command = command.ok_or_else(|| Refusal::field("/period", "end_before_start"))?;
    let request = writing.request(&caller, &body.digest, command);
    let location = |code: &Code| format!("/v1/funds/{code}");
    state
        .record(request, move |f| {
            created(&FundView::of(f), location(&f.code), f.version)
        })
        .await
}

/// Lists funds in the order of their codes.
#[utoipa::path(
    tag = "funds",
    params(FundQuery, PagingParams),
    responses((status = 200, description = "A page of funds.", body = PageOf<FundView>)),
)]
#[get("/funds")]
pub async fn list_funds(
    _caller: Caller<rights::ReadRecords>,
    query: Paged<FundQuery>,
    state: web::Data<State>,
) -> Answered {
    let Paged { filter, paging } = query;
    let (filter, window) = (filter.into_filter(), paging.window());
    let funds = state
        .read_trailing(move |conn| store::list(conn, &filter, &window))
        .await?;
    Ok(paging.page(funds, |fund| fund.code.to_string(), FundView::of))
}

/// Shows a fund.
#[utoipa::path(
    tag = "funds",
    responses((status = 200, description = "The fund.", body = FundView)),
)]
#[get("/funds/{fund}")]
pub async fn get_fund(
    _caller: Caller<rights::ReadRecords>,
    fund: PathCode,
    state: web::Data<State>,
) -> Answered {
    let fund = state.read(move |conn| store::get(conn, &fund.0)).await?;
    let fund = fund.ok_or_else(ApiError::not_found)?;
    Ok(found(&FundView::of(&fund), fund.version))
}

/// Changes a fund's name or period.
///
/// The version before stays, so that an old report keeps the name it was made with.
#[utoipa::path(
    tag = "funds",
    request_body = FundChanges,
    responses((status = 200, description = "The fund.", body = FundView)),
)]
#[patch("/funds/{fund}")]
pub async fn change_fund(
    caller: Caller<rights::ManageBooks>,
    fund: PathCode,
    if_match: IfMatch,
    body: Body<FundChanges>,
    state: web::Data<State>,
) -> Answered {
    let book = book_of(&state, &fund.0).await?;
    let command = body.value.into_command(book, fund.0, if_match.0);
    let request = caller.request(command);
    state
        .record(request, |fund| changed(&FundView::of(fund), fund.version))
        .await
}

/// Closes a fund.
///
/// Nothing new is recorded or approved in it; what is approved can still be paid.
#[utoipa::path(
    tag = "funds",
    request_body = Why,
    responses((status = 200, description = "The fund.", body = FundView)),
)]
#[post("/funds/{fund}/close")]
pub async fn close_fund(
    caller: Caller<rights::ManageBooks>,
    fund: PathCode,
    writing: Writing,
    body: Body<Why>,
    state: web::Data<State>,
) -> Answered {
    let book = book_of(&state, &fund.0).await?;
    let command = body.value.into_command(book, fund.0, Openness::Closed);
    let request = writing.request(&caller, &body.digest, command);
    state
        .record(request, |fund| changed(&FundView::of(fund), fund.version))
        .await
}

/// Reopens a fund.
#[utoipa::path(
    tag = "funds",
    request_body = Why,
    responses((status = 200, description = "The fund.", body = FundView)),
)]
#[post("/funds/{fund}/reopen")]
pub async fn reopen_fund(
    caller: Caller<rights::ManageBooks>,
    fund: PathCode,
    writing: Writing,
    body: Body<Why>,
    state: web::Data<State>,
) -> Answered {
    let book = book_of(&state, &fund.0).await?;
    let command = body.value.into_command(book, fund.0, Openness::Open);
    let request = writing.request(&caller, &body.digest, command);
    state
        .record(request, |fund| changed(&FundView::of(fund), fund.version))
        .await
}

/// Sets the plan of a fund.
///
/// The plans before it are kept; a report uses the one in force on its day.
#[utoipa::path(
    tag = "funds",
    request_body = NewPlan,
    responses((status = 201, description = "The plan.", body = PlanView)),
)]
#[post("/funds/{fund}/plans")]
pub async fn create_plan(
    caller: Caller<rights::ManageBooks>,
    fund: PathCode,
    writing: Writing,
    body: Body<NewPlan>,
    state: web::Data<State>,
) -> Answered {
    let book = book_of(&state, &fund.0).await?;
    let location = format!("/v1/funds/{}/plans", fund.0);
    let command = body.value.into_command(book, fund.0);
    let request = writing.request(&caller, &body.digest, command);
    state
        .record(request, move |p| {
            created(&PlanView::of(p), location.clone(), p.version)
        })
        .await
}

/// Lists the plans of a fund, the first one first.
#[utoipa::path(
    tag = "funds",
    params(PlanQuery, PagingParams),
    responses((status = 200, description = "A page of plans.", body = PageOf<PlanView>)),
)]
#[get("/funds/{fund}/plans")]
pub async fn list_plans(
    _caller: Caller<rights::ReadRecords>,
    fund: PathCode,
    query: Paged<PlanQuery>,
    state: web::Data<State>,
) -> Answered {
    let window = query.paging.window();
    let after = window
        .after
        .as_deref()
        .and_then(|after| after.parse().ok())
        .unwrap_or(0);
    let plans = state
        .read(move |conn| match store::get(conn, &fund.0)? {
            Some(fund) => store::plans(conn, &fund.code, after, window.limit).map(Some),
            None => Ok(None),
        })
        .await?;
    let plans = plans.ok_or_else(ApiError::not_found)?;
    Ok(query
        .paging
        .page(plans, |plan| plan.version.to_string(), PlanView::of))
}
