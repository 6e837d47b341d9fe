//! Amendments of donations.

use actix_web::{get, post, web};

use super::dto::{AmendmentApproval, AmendmentQuery, AmendmentRefusal, NewDonationAmendment};
use super::views::AmendmentView;
use super::{decided, list, proposed, show};
use crate::donations::model::Donation;
use crate::donations::store;
use crate::http::extract::{
    Body, Caller, Expected, Paged, PagingParams, PathId, PathPart, Writing, rights,
};
use crate::http::problem::Answered;
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::wire::PageOf;

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(amend_donation)
        .service(list_donation_amendments)
        .service(get_donation_amendment)
        .service(approve_donation_amendment)
        .service(reject_donation_amendment)
        .service(withdraw_donation_amendment);
}

/// Proposes an amendment of an approved donation: of what is not money.
///
/// What for, the document that approved it, its labels. A second person approves it, unless the
/// program asks for no approval. One at a time waits for a decision.
#[utoipa::path(
    tag = "donations",
    request_body = NewDonationAmendment,
    responses((status = 201, description = "The amendment.", body = AmendmentView)),
)]
#[post("/donations/{id}/amend")]
pub async fn amend_donation(
    caller: Caller<rights::Record>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewDonationAmendment>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_command::<Donation>(id.0, expected.0);
    let request = writing.request(&caller, &body.digest, command);
    state
        .record(request, |done| proposed("donations", done))
        .await
}

/// Lists the amendments of a donation as they were proposed.
///
/// Each with both versions of the record; names only for those who may see them.
#[utoipa::path(
    tag = "donations",
    params(AmendmentQuery, PagingParams),
    responses((status = 200, description = "A page.", body = PageOf<AmendmentView>)),
)]
#[get("/donations/{id}/amendments")]
pub async fn list_donation_amendments(
    caller: Caller<rights::ReadRecords>,
    id: PathId,
    query: Paged<AmendmentQuery>,
    state: web::Data<State>,
) -> Answered {
    let sees = caller.principal.sees_details();
    list(&state, sees, id.0, query, |conn, id| {
        Ok(store::get(conn, id)?.is_some())
    })
    .await
}

/// Shows an amendment of a donation.
#[utoipa::path(
    tag = "donations",
    responses((status = 200, description = "The amendment.", body = AmendmentView)),
)]
#[get("/donations/{id}/amendments/{number}")]
pub async fn get_donation_amendment(
    caller: Caller<rights::ReadRecords>,
    at: PathPart,
    state: web::Data<State>,
) -> Answered {
    show(&state, caller.principal.sees_details(), at).await
}

/// Approves an amendment of a donation.
///
/// Never by who proposed it, nor by who made the donation. From its value date on the donation is what it
/// says.
#[utoipa::path(
    tag = "donations",
    request_body = AmendmentApproval,
    responses((status = 200, description = "The amendment.", body = AmendmentView)),
)]
#[post("/donations/{id}/amendments/{number}/approve")]
pub async fn approve_donation_amendment(
    caller: Caller<rights::Approve>,
    at: PathPart,
    writing: Writing,
    expected: Expected,
    body: Body<AmendmentApproval>,
    state: web::Data<State>,
) -> Answered {
    let at = (at.id, at.number);
    let command = body.value.into_command::<Donation>(at, expected.0, None);
    let request = writing.request(&caller, &body.digest, command);
    state.record(request, decided).await
}

/// Rejects an amendment of a donation.
#[utoipa::path(
    tag = "donations",
    request_body = AmendmentRefusal,
    responses((status = 200, description = "The amendment.", body = AmendmentView)),
)]
#[post("/donations/{id}/amendments/{number}/reject")]
pub async fn reject_donation_amendment(
    caller: Caller<rights::Approve>,
    at: PathPart,
    writing: Writing,
    expected: Expected,
    body: Body<AmendmentRefusal>,
    state: web::Data<State>,
) -> Answered {
    let at = (at.id, at.number);
    let command = body.value.into_reject::<Donation>(at, expected.0);
    let request = writing.request(&caller, &body.digest, command);
    state.record(request, decided).await
}

/// Takes an amendment of a donation back.
///
/// Only whoever proposed it does, and only until it is decided.
#[utoipa::path(
    tag = "donations",
    request_body = AmendmentRefusal,
    responses((status = 200, description = "The amendment.", body = AmendmentView)),
)]
#[post("/donations/{id}/amendments/{number}/withdraw")]
pub async fn withdraw_donation_amendment(
    caller: Caller<rights::Record>,
    at: PathPart,
    writing: Writing,
    expected: Expected,
    body: Body<AmendmentRefusal>,
    state: web::Data<State>,
) -> Answered {
    let at = (at.id, at.number);
    let command = body.value.into_withdraw::<Donation>(at, expected.0);
    let request = writing.request(&caller, &body.digest, command);
    state.record(request, decided).await
}
