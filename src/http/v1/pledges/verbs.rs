//! What is done about a pledge once it is made.

use actix_web::{get, post, web};

use super::dto::{
    NewPledgeConfirmation, NewPledgeMilestone, NewPledgeReview, NewPledgeSlip, NewPledgeWithdrawal,
    advance,
};
use super::read_of;
use super::views::{MilestoneOut, PledgeView};
use crate::db::Conn;
use crate::db::page::Page;
use crate::desk::Request;
use crate::http::extract::{
    Body, Caller, Expected, Paged, PagingParams, PathId, PathPart, Writing, rights,
};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{changed, created};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::v1::reports::query::AsOf;
use crate::http::wire::PageOf;
use crate::ids::RecordId;
use crate::pledges::advance::Advance;
use crate::pledges::model::Pledge;
use crate::pledges::store;
use crate::reporting::ReportError;
use crate::reporting::pledges::MilestoneShown;
use chrono::NaiveDate;

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(review_pledge)
        .service(reschedule_pledge)
        .service(withdraw_pledge)
        .service(create_pledge_milestone)
        .service(list_pledge_milestones)
        .service(review_pledge_milestone)
        .service(reschedule_pledge_milestone)
        .service(confirm_pledge_milestone);
}

/// Does something to a pledge and answers with it.
async fn take(state: &State, request: Request<Advance>) -> Answered {
    let (read, today) = (read_of(state, &request.command.id).await?, state.today());
    let answer =
        move |pledge: &Pledge| changed(&PledgeView::of(pledge, &read, today), pledge.version);
    state.record(request, answer).await
}

/// Says how far a pledge has come.
///
/// Only for one that has neither a target, whose figure tells, nor milestones, which do.
#[utoipa::path(
    tag = "pledges",
    request_body = NewPledgeReview,
    responses((status = 200, description = "The pledge.", body = PledgeView)),
)]
#[post("/pledges/{id}/review")]
pub async fn review_pledge(
    caller: Caller<rights::MakePledges>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewPledgeReview>,
    state: web::Data<State>,
) -> Answered {
    let command = advance(body.value, (id.0, None), expected.0);
    take(&state, writing.request(&caller, &body.digest, command)).await
}

/// Moves the due date of a pledge, with the reason.
///
/// The first due date and every slip are kept. On the days before the slip the old date holds.
#[utoipa::path(
    tag = "pledges",
    request_body = NewPledgeSlip,
    responses((status = 200, description = "The pledge.", body = PledgeView)),
)]
#[post("/pledges/{id}/reschedule")]
pub async fn reschedule_pledge(
    caller: Caller<rights::MakePledges>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewPledgeSlip>,
    state: web::Data<State>,
) -> Answered {
    let command = advance(body.value, (id.0, None), expected.0);
    take(&state, writing.request(&caller, &body.digest, command)).await
}

/// Takes a promise back.
///
/// It is kept and told, and is open no longer. Nothing more is done to it but to change its words.
#[utoipa::path(
    tag = "pledges",
    request_body = NewPledgeWithdrawal,
    responses((status = 200, description = "The pledge.", body = PledgeView)),
)]
#[post("/pledges/{id}/withdraw")]
pub async fn withdraw_pledge(
    caller: Caller<rights::MakePledges>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewPledgeWithdrawal>,
    state: web::Data<State>,
) -> Answered {
    let command = advance(body.value, (id.0, None), expected.0);
    take(&state, writing.request(&caller, &body.digest, command)).await
}

/// Adds a milestone to a pledge.
///
/// It is told from the day on which it was promised; its number is its place.
#[utoipa::path(
    tag = "pledges",
    request_body = NewPledgeMilestone,
    responses((status = 201, description = "The pledge.", body = PledgeView)),
)]
#[post("/pledges/{id}/milestones")]
pub async fn create_pledge_milestone(
    caller: Caller<rights::MakePledges>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewPledgeMilestone>,
    state: web::Data<State>,
) -> Answered {
    let (read, today) = (read_of(&state, &id.0).await?, state.today());
    let command = advance(body.value, (id.0, None), expected.0);
    let request = writing.request(&caller, &body.digest, command);
    let answer = move |pledge: &Pledge| {
        let location = format!("/v1/pledges/{}/milestones", pledge.id);
        let view = PledgeView::of(pledge, &read, today);
        created(&view, location, pledge.version)
    };
    state.record(request, answer).await
}

/// The milestones of a pledge at the end of a day, from one number on.
pub(in crate::http) fn milestones(
    conn: &mut Conn,
    id: &RecordId,
    window: &Page,
    as_of: NaiveDate,
) -> Result<Option<Vec<MilestoneShown>>, ReportError> {
    let Some(pledge) = store::get(conn, id)? else {
        return Ok(None);
    };
    let after = window.after.as_deref().and_then(|after| after.parse().ok());
    let after: i32 = after.unwrap_or(0);
    let limit = usize::try_from(window.limit).unwrap_or_default();
    let all = MilestoneShown::all(&pledge, as_of).into_iter();
    let later = all.filter(|milestone| milestone.number > after);
    Ok(Some(later.take(limit).collect()))
}

/// Lists the milestones of a pledge by their numbers.
///
/// Each as it stood at the end of a day.
#[utoipa::path(
    tag = "pledges",
    params(AsOf, PagingParams),
    responses((status = 200, description = "A page.", body = PageOf<MilestoneOut>)),
)]
#[get("/pledges/{id}/milestones")]
pub async fn list_pledge_milestones(
    _caller: Caller<rights::ReadReports>,
    id: PathId,
    query: Paged<AsOf>,
    state: web::Data<State>,
) -> Answered {
    let Paged { filter, paging } = query;
    let (as_of, window) = (filter.day(state.today())?, paging.window());
    let found = state
        .read(move |conn| milestones(conn, &id.0, &window, as_of))
        .await?;
    let found = found.ok_or_else(ApiError::not_found)?;
    Ok(paging.page(
        found,
        |milestone| milestone.number.to_string(),
        |milestone| MilestoneOut(milestone.clone()),
    ))
}

/// Says how far a milestone has come.
///
/// It counts from the day of the review. Who confirmed what it had come to before, has not
/// confirmed another status.
#[utoipa::path(
    tag = "pledges",
    request_body = NewPledgeReview,
    responses((status = 200, description = "The pledge.", body = PledgeView)),
)]
#[post("/pledges/{id}/milestones/{number}/review")]
pub async fn review_pledge_milestone(
    caller: Caller<rights::MakePledges>,
    part: PathPart,
    writing: Writing,
    expected: Expected,
    body: Body<NewPledgeReview>,
    state: web::Data<State>,
) -> Answered {
    let command = advance(body.value, (part.id, Some(part.number)), expected.0);
    take(&state, writing.request(&caller, &body.digest, command)).await
}

/// Moves the due date of a milestone, with the reason.
///
/// The first due date and every slip are kept. A milestone that is met is moved no more.
#[utoipa::path(
    tag = "pledges",
    request_body = NewPledgeSlip,
    responses((status = 200, description = "The pledge.", body = PledgeView)),
)]
#[post("/pledges/{id}/milestones/{number}/reschedule")]
pub async fn reschedule_pledge_milestone(
    caller: Caller<rights::MakePledges>,
    part: PathPart,
    writing: Writing,
    expected: Expected,
    body: Body<NewPledgeSlip>,
    state: web::Data<State>,
) -> Answered {
    let command = advance(body.value, (part.id, Some(part.number)), expected.0);
    take(&state, writing.request(&caller, &body.digest, command)).await
}

/// Records that an organisation confirmed a milestone.
///
/// Only what is met, or partly met, can be confirmed; by each organisation once.
#[utoipa::path(
    tag = "pledges",
    request_body = NewPledgeConfirmation,
    responses((status = 200, description = "The pledge.", body = PledgeView)),
)]
#[post("/pledges/{id}/milestones/{number}/confirm")]
pub async fn confirm_pledge_milestone(
    caller: Caller<rights::MakePledges>,
    part: PathPart,
    writing: Writing,
    expected: Expected,
    body: Body<NewPledgeConfirmation>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_command((part.id, part.number), expected.0);
    take(&state, writing.request(&caller, &body.digest, command)).await
}
