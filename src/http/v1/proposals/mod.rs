//! `/proposals`: what one person asked of a fund's money, or of a limit, until another agrees.
//!
//! A commitment, a contribution or its reversal, or an allocation above the limit becomes one where it
//! is asked for, below `/funds/{fund}`; another limit is proposed here.

pub mod dto;
pub mod views;

use actix_web::{get, post, web};

use crate::bounds::Bounds;
use crate::code::Code;
use crate::desk::{Answer, Request};
use crate::http::extract::{Body, Caller, Expected, Paged, PagingParams, PathId, Writing, rights};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{accepted, changed, created, found};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::v1::funds::views::EntryView;
use crate::http::wire::PageOf;
use crate::ids::unique;
use crate::proposals::decide::DecideProposal;
use crate::proposals::model::{Proposal, ProposalStatus};
use crate::proposals::store;
use crate::proposals::undertake::{Outcome, Undertake};
use crate::refusal::Refusal;
use crate::{funds, programs};
use dto::{Decided, NewProposal, ProposalQuery, Refused};
use views::ProposalView;

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(propose_limit)
        .service(list_proposals)
        .service(get_proposal)
        .service(approve_proposal)
        .service(reject_proposal)
        .service(withdraw_proposal);
}

/// Asks for something of a fund: 201 and its entry, or 202 and the proposal that it became.
///
/// # Errors
/// As [`State::record`].
pub(in crate::http) async fn undertake(
    state: &State,
    request: Request<Undertake>,
    entries: String,
) -> Answered {
    state
        .record(request, move |outcome| match outcome {
            Outcome::Done(entry) => created(&EntryView::of(entry), entries.clone(), 1),
            Outcome::Proposed(proposal) => proposed(proposal),
        })
        .await
}

fn proposed(proposal: &Proposal) -> Answer {
    let location = format!("/v1/proposals/{}", proposal.id);
    accepted(&ProposalView::of(proposal), location, proposal.version)
}

/// Proposes another limit for a fund, a program or the house.
///
/// Over how many won a second person has to approve. Whoever may change a fund or a program makes its
/// limit stricter alone; looser it gets by this, once somebody else approves.
#[utoipa::path(
    tag = "proposals",
    request_body = NewProposal,
    responses((status = 202, description = "The proposal.", body = ProposalView)),
)]
#[post("/proposals")]
pub async fn propose_limit(
    caller: Caller<rights::ManageBooks>,
    writing: Writing,
    body: Body<NewProposal>,
    state: web::Data<State>,
) -> Answered {
    let (fund, program) = body.value.named();
    exists(&state, fund.as_ref(), program.as_ref()).await?;
    let book = match &fund {
        Some(fund) => super::funds::book_of(&state, fund).await?,
        None => crate::ledger::store::BookRef::house(),
    };
    let command = body.value.into_command(book, unique(state.now()));
    let request = writing.request(&caller, &body.digest, command);
    undertake(&state, request, "/v1/proposals".to_owned()).await
}

/// Makes sure that what a body names is there.
async fn exists(
    state: &State,
    fund: Option<&Code>,
    program: Option<&Code>,
) -> Result<(), ApiError> {
    let (fund, program) = (fund.cloned(), program.cloned());
    let missing = state
        .read(move |conn| -> Result<Option<Refusal>, ApiError> {
            if let Some(code) = fund
                && funds::store::get(conn, &code)?.is_none()
            {
                let refusal = Refusal::field("/fund", "unknown_fund");
                return Ok(Some(refusal.with("fund", code)));
            }
            if let Some(code) = program
                && programs::store::get(conn, &Bounds::none(), &code)?.is_none()
            {
                let refusal = Refusal::field("/program", "unknown_program");
                return Ok(Some(refusal.with("program", code)));
            }
            Ok(None)
        })
        .await?;
    missing.map_or(Ok(()), |refusal| Err(refusal.into()))
}

/// Lists proposals in the order in which they were made.
#[utoipa::path(
    tag = "proposals",
    params(ProposalQuery, PagingParams),
    responses((status = 200, description = "A page.", body = PageOf<ProposalView>)),
)]
#[get("/proposals")]
pub async fn list_proposals(
    _caller: Caller<rights::ReadRecords>,
    query: Paged<ProposalQuery>,
    state: web::Data<State>,
) -> Answered {
    let Paged { filter, paging } = query;
    let (filter, window) = (filter.into_filter(), paging.window());
    let proposals = state
        .read(move |conn| store::list(conn, &filter, &window))
        .await?;
    Ok(paging.page(proposals, |one| one.id.to_string(), ProposalView::of))
}

/// Shows a proposal.
#[utoipa::path(
    tag = "proposals",
    responses((status = 200, description = "The proposal.", body = ProposalView)),
)]
#[get("/proposals/{id}")]
pub async fn get_proposal(
    _caller: Caller<rights::ReadRecords>,
    id: PathId,
    state: web::Data<State>,
) -> Answered {
    let proposal = state.read(move |conn| store::get(conn, &id.0)).await?;
    let proposal = proposal.ok_or_else(ApiError::not_found)?;
    Ok(found(&ProposalView::of(&proposal), proposal.version))
}

/// Approves a proposal: what it asks for is done.
///
/// By the same rules as if it were asked for now, and never by who proposed it. The entry names both.
#[utoipa::path(
    tag = "proposals",
    request_body = Decided,
    responses((status = 200, description = "The proposal.", body = ProposalView)),
)]
#[post("/proposals/{id}/approve")]
pub async fn approve_proposal(
    caller: Caller<rights::Approve>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<Decided>,
    state: web::Data<State>,
) -> Answered {
    let Decided {} = body.value;
    let command = decision(id, ProposalStatus::Approved, None, expected);
    decide(&state, writing.request(&caller, &body.digest, command)).await
}

/// Rejects a proposal.
#[utoipa::path(
    tag = "proposals",
    request_body = Refused,
    responses((status = 200, description = "The proposal.", body = ProposalView)),
)]
#[post("/proposals/{id}/reject")]
pub async fn reject_proposal(
    caller: Caller<rights::Approve>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<Refused>,
    state: web::Data<State>,
) -> Answered {
    let reason = Some(body.value.reason.0);
    let command = decision(id, ProposalStatus::Rejected, reason, expected);
    decide(&state, writing.request(&caller, &body.digest, command)).await
}

/// Takes a proposal back.
///
/// Only whoever made it does, and only until it is decided.
#[utoipa::path(
    tag = "proposals",
    request_body = Refused,
    responses((status = 200, description = "The proposal.", body = ProposalView)),
)]
#[post("/proposals/{id}/withdraw")]
pub async fn withdraw_proposal(
    caller: Caller<rights::ManageBooks>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<Refused>,
    state: web::Data<State>,
) -> Answered {
    let reason = Some(body.value.reason.0);
    let command = decision(id, ProposalStatus::Withdrawn, reason, expected);
    decide(&state, writing.request(&caller, &body.digest, command)).await
}

fn decision(
    id: PathId,
    to: ProposalStatus,
    reason: Option<String>,
    expected: Expected,
) -> DecideProposal {
    DecideProposal {
        id: id.0,
        to,
        reason,
        expected_version: expected.0,
    }
}

async fn decide(state: &State, request: Request<DecideProposal>) -> Answered {
    state
        .record(request, |one| changed(&ProposalView::of(one), one.version))
        .await
}
