//! `/claims`: numbers that were said in public, and whether they hold.

pub mod dto;
pub mod views;

use actix_web::{get, patch, post, web};

use crate::claims::store;
use crate::http::extract::{
    Body, Caller, Expected, IfMatch, Paged, PagingParams, PathId, Query, Writing, rights,
};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{changed, created, found, shown};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::v1::reports::query::CheckedOn;
use crate::http::v1::reports::shapes;
use crate::http::wire::PageOf;
use crate::reporting::{self, ReportError};
use dto::{ClaimChanges, ClaimQuery, NewClaim, NewClaimWithdrawal};
use views::ClaimView;

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(create_claim)
        .service(list_claims)
        .service(get_claim)
        .service(change_claim)
        .service(withdraw_claim)
        .service(check_claim);
}

/// Records what was said in public.
///
/// Whether it holds is not asked: what was said is recorded as it was said.
#[utoipa::path(
    tag = "claims",
    request_body = NewClaim,
    responses((status = 201, description = "The claim.", body = ClaimView)),
)]
#[post("/claims")]
pub async fn create_claim(
    caller: Caller<rights::MakeClaims>,
    writing: Writing,
    body: Body<NewClaim>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_command(state.now());
    let request = writing.request(&caller, &body.digest, command);
    state
        .record(request, |claim| {
            let location = format!("/v1/claims/{}", claim.id);
            created(&ClaimView::of(claim), location, claim.version)
        })
        .await
}

/// Lists claims in the order in which they were recorded.
#[utoipa::path(
    tag = "claims",
    params(ClaimQuery, PagingParams),
    responses((status = 200, description = "A page.", body = PageOf<ClaimView>)),
)]
#[get("/claims")]
pub async fn list_claims(
    _caller: Caller<rights::ReadReports>,
    query: Paged<ClaimQuery>,
    state: web::Data<State>,
) -> Answered {
    let Paged { filter, paging } = query;
    let (filter, window) = (filter.into_filter(), paging.window());
    let claims = state
        .read_trailing(move |conn| store::list(conn, &filter, &window))
        .await?;
    Ok(paging.page(claims, |claim| claim.id.to_string(), ClaimView::of))
}

/// Shows a claim.
#[utoipa::path(
    tag = "claims",
    responses((status = 200, description = "The claim.", body = ClaimView)),
)]
#[get("/claims/{id}")]
pub async fn get_claim(
    _caller: Caller<rights::ReadReports>,
    id: PathId,
    state: web::Data<State>,
) -> Answered {
    let claim = state.read(move |conn| store::get(conn, &id.0)).await?;
    let claim = claim.ok_or_else(ApiError::not_found)?;
    Ok(found(&ClaimView::of(&claim), claim.version))
}

/// Corrects the words of a claim.
///
/// Its number and what it is of are never changed: withdraw it and record it anew.
#[utoipa::path(
    tag = "claims",
    request_body = ClaimChanges,
    responses((status = 200, description = "The claim.", body = ClaimView)),
)]
#[patch("/claims/{id}")]
pub async fn change_claim(
    caller: Caller<rights::MakeClaims>,
    id: PathId,
    if_match: IfMatch,
    body: Body<ClaimChanges>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_command(id.0, if_match.0);
    state
        .record(caller.request(command), |claim| {
            changed(&ClaimView::of(claim), claim.version)
        })
        .await
}

/// Takes a claim back (정정·철회).
///
/// It stays on record, and counts in reports of the days before.
#[utoipa::path(
    tag = "claims",
    request_body = NewClaimWithdrawal,
    responses((status = 200, description = "The claim.", body = ClaimView)),
)]
#[post("/claims/{id}/withdraw")]
pub async fn withdraw_claim(
    caller: Caller<rights::MakeClaims>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewClaimWithdrawal>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_command(id.0, expected.0);
    let request = writing.request(&caller, &body.digest, command);
    state
        .record(request, |claim| {
            changed(&ClaimView::of(claim), claim.version)
        })
        .await
}

/// Checks a claim against the books.
///
/// As of its own day, or of another: whether it would still hold. Entries of that day that were
/// made later count. `difference` is actual − claimed; `headroom` is how far the actual figure may
/// fall before the verdict changes, null where no fall changes it. Estimates are never supported.
#[utoipa::path(
    tag = "claims",
    params(CheckedOn),
    responses((status = 200, description = "The check.", body = shapes::ClaimCheck)),
)]
#[get("/claims/{id}/check")]
pub async fn check_claim(
    _caller: Caller<rights::ReadReports>,
    id: PathId,
    query: Query<CheckedOn>,
    state: web::Data<State>,
) -> Answered {
    let today = state.today();
    let as_of = query.0.day(today)?;
    let check = state
        .read(move |conn| -> Result<_, ReportError> {
            let Some(claim) = store::get(conn, &id.0)? else {
                return Ok(None);
            };
            reporting::check(conn, &claim, as_of, today).map(Some)
        })
        .await?;
    check
        .map(|check| shown(&check))
        .ok_or_else(ApiError::not_found)
}
