//! What moves a fund's money: commitments, contributions, allocations. Above the fund's limit each
//! becomes a [proposal](crate::http::v1::proposals).

use actix_web::{get, post, web};

use super::book_of;
use super::dto::{EntryQuery, NewAllocation, NewCommitment, NewContribution, Reversal};
use super::views::EntryView;
use crate::code::Code;
use crate::db::page::Page;
use crate::db::{Conn, DbError};
use crate::funds::{Entry, store};
use crate::http::extract::{Body, Caller, Paged, PagingParams, PathCode, PathKey, Writing, rights};
use crate::http::problem::{Answered, ApiError};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::v1::proposals::undertake;
use crate::http::v1::proposals::views::ProposalView;
use crate::http::wire::PageOf;
use crate::ids::unique;
use crate::ledger::log::{self, LogFilter};
use crate::proposals::undertake::Undertake;

/// Events that promise a fund more or less.
pub(in crate::http) const COMMITMENTS: [&str; 3] = [
    "fund.opened",
    "fund.commitment_raised",
    "fund.commitment_lowered",
];
/// Events that pay cash into a fund.
pub(in crate::http) const CONTRIBUTIONS: [&str; 1] = ["contribution.recorded"];
/// Events that set money aside, or give it back.
pub(in crate::http) const ALLOCATIONS: [&str; 4] = [
    "allocation.made",
    "allocation.released",
    "allocation.carried_over",
    "allocation.lapsed",
];

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(create_commitment)
        .service(list_commitments)
        .service(create_contribution)
        .service(list_contributions)
        .service(reverse_contribution)
        .service(create_allocation)
        .service(list_allocations);
}

/// A page of entries, or nothing for a fund that does not exist.
pub(in crate::http) fn entries(
    conn: &mut Conn,
    fund: &Code,
    kinds: &[&'static str],
    (query, window): (&EntryQuery, &Page),
) -> Result<Option<Vec<Entry>>, DbError> {
    let Some(fund) = store::get(conn, fund)? else {
        return Ok(None);
    };
    let filter = LogFilter {
        subject: Some(format!("fund:{}", fund.code)),
        kinds: kinds.to_vec(),
        from: query.from.map(|day| day.0),
        to: query.to.map(|day| day.0),
    };
    let after = window.after.as_deref().and_then(|after| after.parse().ok());
    let events = log::read(conn, fund.book, &filter, after, window.limit)?;
    Ok(Some(events.into_iter().map(Entry::from).collect()))
}

async fn list(
    fund: PathCode,
    query: Paged<EntryQuery>,
    kinds: &'static [&'static str],
    state: web::Data<State>,
) -> Answered {
    let Paged { filter, paging } = query;
    let window = paging.window();
    let found = state
        .read(move |conn| entries(conn, &fund.0, kinds, (&filter, &window)))
        .await?;
    let found = found.ok_or_else(ApiError::not_found)?;
    Ok(paging.page(found, |entry| entry.sequence.to_string(), EntryView::of))
}

/// Raises or lowers a commitment.
///
/// It is not lowered below what is allocated. A child fund's comes out of its parent's unallocated
/// money, and goes back there.
#[utoipa::path(
    tag = "funds",
    request_body = NewCommitment,
    responses(
        (status = 201, description = "The entry.", body = EntryView),
        (status = 202, description = "Above the limit: a proposal.", body = ProposalView),
    ),
)]
#[post("/funds/{fund}/commitments")]
pub async fn create_commitment(
    caller: Caller<rights::ManageBooks>,
    fund: PathCode,
    writing: Writing,
    body: Body<NewCommitment>,
    state: web::Data<State>,
) -> Answered {
    let book = book_of(&state, &fund.0).await?;
    let location = format!("/v1/funds/{}/commitments", fund.0);
    let command = body.value.into_command(book, fund.0);
    let command = Undertake::or_propose(command, unique(state.now()));
    let request = writing.request(&caller, &body.digest, command);
    undertake(&state, request, location).await
}

/// Lists the changes of a fund's commitment, the first one first.
#[utoipa::path(
    tag = "funds",
    params(EntryQuery, PagingParams),
    responses((status = 200, description = "A page of entries.", body = PageOf<EntryView>)),
)]
#[get("/funds/{fund}/commitments")]
pub async fn list_commitments(
    _caller: Caller<rights::ReadRecords>,
    fund: PathCode,
    query: Paged<EntryQuery>,
    state: web::Data<State>,
) -> Answered {
    list(fund, query, &COMMITMENTS, state).await
}

/// Books cash that was paid into a fund (출연).
#[utoipa::path(
    tag = "funds",
    request_body = NewContribution,
    responses(
        (status = 201, description = "The entry.", body = EntryView),
        (status = 202, description = "Above the limit: a proposal.", body = ProposalView),
    ),
)]
#[post("/funds/{fund}/contributions")]
pub async fn create_contribution(
    caller: Caller<rights::ManageBooks>,
    fund: PathCode,
    writing: Writing,
    body: Body<NewContribution>,
    state: web::Data<State>,
) -> Answered {
    let book = book_of(&state, &fund.0).await?;
    let location = format!("/v1/funds/{}/contributions", fund.0);
    let command = body.value.into_command(book, fund.0);
    let command = Undertake::or_propose(command, unique(state.now()));
    let request = writing.request(&caller, &body.digest, command);
    undertake(&state, request, location).await
}

/// Lists the contributions to a fund, the first one first.
#[utoipa::path(
    tag = "funds",
    params(EntryQuery, PagingParams),
    responses((status = 200, description = "A page of entries.", body = PageOf<EntryView>)),
)]
#[get("/funds/{fund}/contributions")]
pub async fn list_contributions(
    _caller: Caller<rights::ReadRecords>,
    fund: PathCode,
    query: Paged<EntryQuery>,
    state: web::Data<State>,
) -> Answered {
    list(fund, query, &CONTRIBUTIONS, state).await
}

/// Undoes a contribution that was wrong.
///
/// Nothing is deleted: the entry that undoes it points at it.
#[utoipa::path(
    tag = "funds",
    request_body = Reversal,
    responses(
        (status = 201, description = "The entry that undoes it.", body = EntryView),
        (status = 202, description = "Above the limit: a proposal.", body = ProposalView),
    ),
)]
#[post("/funds/{fund}/contributions/{id}/reverse")]
pub async fn reverse_contribution(
    caller: Caller<rights::ManageBooks>,
    fund: PathCode,
    id: PathKey,
    writing: Writing,
    body: Body<Reversal>,
    state: web::Data<State>,
) -> Answered {
    let contribution = Entry::parse_id(&id.0).ok_or_else(ApiError::not_found)?;
    let location = format!("/v1/funds/{}/contributions", fund.0);
    let command = body.value.into_command(fund.0, contribution);
    let command = Undertake::or_propose(command, unique(state.now()));
    let request = writing.request(&caller, &body.digest, command);
    undertake(&state, request, location).await
}

/// Sets money aside for a program, or takes it back (배정, 이월, 불용).
///
/// More than is unallocated is refused with `over_allocation`.
#[utoipa::path(
    tag = "funds",
    request_body = NewAllocation,
    responses(
        (status = 201, description = "The entry.", body = EntryView),
        (status = 202, description = "Above the limit: a proposal.", body = ProposalView),
    ),
)]
#[post("/funds/{fund}/allocations")]
pub async fn create_allocation(
    caller: Caller<rights::ManageBooks>,
    fund: PathCode,
    writing: Writing,
    body: Body<NewAllocation>,
    state: web::Data<State>,
) -> Answered {
    let book = book_of(&state, &fund.0).await?;
    let location = format!("/v1/funds/{}/allocations", fund.0);
    let command = body.value.into_command(book, fund.0);
    let command = Undertake::or_propose(command, unique(state.now()));
    let request = writing.request(&caller, &body.digest, command);
    undertake(&state, request, location).await
}

/// Lists the allocations of a fund, the first one first.
#[utoipa::path(
    tag = "funds",
    params(EntryQuery, PagingParams),
    responses((status = 200, description = "A page of entries.", body = PageOf<EntryView>)),
)]
#[get("/funds/{fund}/allocations")]
pub async fn list_allocations(
    _caller: Caller<rights::ReadRecords>,
    fund: PathCode,
    query: Paged<EntryQuery>,
    state: web::Data<State>,
) -> Answered {
    list(fund, query, &ALLOCATIONS, state).await
}
