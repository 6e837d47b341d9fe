//! `/pledges`: what was promised in public.
//!
//! Whoever reads reports reads pledges: they are public by nature. Every answer tells where the
//! pledge stands, so what the books say of its target is read before it is written.

pub mod dto;
pub mod verbs;
pub mod views;

use actix_web::{get, patch, post, web};

use crate::db::Conn;
use crate::http::extract::query::in_query;
use crate::http::extract::{
    Body, Caller, IfMatch, Paged, PagingParams, PathId, Query, Writing, rights,
};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{changed, created, found};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::v1::reports::query::AsOf;
use crate::http::wire::PageOf;
use crate::ids::RecordId;
use crate::pledges::model::Pledge;
use crate::pledges::rules;
use crate::pledges::store;
use crate::refusal::Refusal;
use crate::reporting::ReportError;
use crate::reporting::pledges::{self, TargetRead};
use dto::{NewPledge, PledgeChanges, PledgeQuery};
use views::PledgeView;

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(create_pledge)
        .service(list_pledges)
        .service(get_pledge)
        .service(change_pledge);
    verbs::configure(routes);
}

/// What the books say today of the target of a pledge; nothing where there is no such pledge.
async fn read_of(state: &State, id: &RecordId) -> Result<TargetRead, ApiError> {
    let (id, today) = (id.clone(), state.today());
    let read = move |conn: &mut Conn| -> Result<TargetRead, ReportError> {
        match store::get(conn, &id)? {
            Some(pledge) => pledges::target_read(conn, pledge.target.as_ref(), today, today),
            None => Ok(TargetRead::default()),
        }
    };
    state.read(read).await
}

/// Records a promise that was made in public.
///
/// Its first due date is kept for ever. With a target it follows that figure; with milestones it
/// is met once these are; with neither it is reviewed itself. A target has the figures that its
/// scope has, all of them and not only those since the promise.
#[utoipa::path(
    tag = "pledges",
    request_body = NewPledge,
    responses((status = 201, description = "The pledge.", body = PledgeView)),
)]
#[post("/pledges")]
pub async fn create_pledge(
    caller: Caller<rights::MakePledges>,
    writing: Writing,
    body: Body<NewPledge>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_command(state.now());
    let asked = command.target.as_ref();
    // What cannot be a target is refused by the command, with all else that is wrong.
    let target = asked.and_then(|new| rules::target(new, command.source.date).ok());
    let today = state.today();
    let read = state
        .read(move |conn| pledges::target_read(conn, target.as_ref(), today, today))
        .await?;
    let request = writing.request(&caller, &body.digest, command);
    let answer = move |pledge: &Pledge| {
        let view = PledgeView::of(pledge, &read, today);
        created(&view, format!("/v1/pledges/{}", pledge.id), pledge.version)
    };
    state.record(request, answer).await
}

/// Lists pledges in the order in which they were recorded.
///
/// Each as it stands today.
#[utoipa::path(
    tag = "pledges",
    params(PledgeQuery, PagingParams),
    responses((status = 200, description = "A page.", body = PageOf<PledgeView>)),
)]
#[get("/pledges")]
pub async fn list_pledges(
    _caller: Caller<rights::ReadReports>,
    query: Paged<PledgeQuery>,
    state: web::Data<State>,
) -> Answered {
    let Paged { filter, paging } = query;
    let (filter, window, today) = (filter.into_filter(), paging.window(), state.today());
    let found = state
        .read_trailing(move |conn| pledges::page(conn, &filter, &window, today))
        .await?;
    Ok(paging.page(
        found,
        |(pledge, _)| pledge.id.to_string(),
        |(pledge, read)| PledgeView::of(pledge, read, today),
    ))
}

/// Shows a pledge as it stood at the end of a day.
#[utoipa::path(
    tag = "pledges",
    params(AsOf),
    responses((status = 200, description = "The pledge.", body = PledgeView)),
)]
#[get("/pledges/{id}")]
pub async fn get_pledge(
    _caller: Caller<rights::ReadReports>,
    id: PathId,
    query: Query<AsOf>,
    state: web::Data<State>,
) -> Answered {
    let today = state.today();
    let as_of = query.0.day(today)?;
    let read = move |conn: &mut Conn| -> Result<_, ReportError> {
        let pledge = store::get(conn, &id.0)?;
        pledge
            .map(|pledge| pledges::one(conn, pledge, as_of, today))
            .transpose()
    };
    let (pledge, read) = state.read(read).await?.ok_or_else(ApiError::not_found)?;
    if as_of < pledge.source.date {
        let refusal = Refusal::field("/as_of", "before_the_promise");
        return Err(in_query(refusal.with("made_on", pledge.source.date)).into());
    }
    let view = PledgeView::of(&pledge, &read, as_of);
    Ok(found(&view, pledge.version))
}

/// Changes the words of a pledge, from today on.
///
/// What was promised when, and everything that was done about it, stays as it is; reports on days
/// before tell the old words.
#[utoipa::path(
    tag = "pledges",
    request_body = PledgeChanges,
    responses((status = 200, description = "The pledge.", body = PledgeView)),
)]
#[patch("/pledges/{id}")]
pub async fn change_pledge(
    caller: Caller<rights::MakePledges>,
    id: PathId,
    if_match: IfMatch,
    body: Body<PledgeChanges>,
    state: web::Data<State>,
) -> Answered {
    let (read, today) = (read_of(&state, &id.0).await?, state.today());
    let command = body.value.into_command(id.0, if_match.0);
    let answer =
        move |pledge: &Pledge| changed(&PledgeView::of(pledge, &read, today), pledge.version);
    state.record(caller.request(command), answer).await
}
