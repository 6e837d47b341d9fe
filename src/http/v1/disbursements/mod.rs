//! `/disbursements`: recording, reading, changing and resubmitting them.
//!
//! The verbs that decide on one or move its money stand in [`verbs`].

pub mod actions;
pub mod batch;
pub mod dto;
pub mod verbs;
pub mod views;

use actix_web::{get, patch, post, web};

use super::payouts::book_of;
use crate::disbursements::store;
use crate::http::extract::{
    Body, Caller, Expected, IfMatch, Paged, PagingParams, PathId, Writing, rights,
};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{changed, created, found};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::wire::PageOf;
use dto::{DisbursementChanges, DisbursementQuery, DisbursementResubmission, NewDisbursement};
use views::DisbursementView;

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(create_disbursement)
        .service(list_disbursements)
        .service(get_disbursement)
        .service(change_disbursement)
        .service(resubmit_disbursement);
    batch::configure(routes);
    actions::configure(routes);
    verbs::configure(routes);
}

/// Records a disbursement.
///
/// It is `submitted`, or `approved` at once where its program asks for no approval.
#[utoipa::path(
    tag = "disbursements",
    request_body = NewDisbursement,
    responses((status = 201, description = "The disbursement.", body = DisbursementView)),
)]
#[post("/disbursements")]
pub async fn create_disbursement(
    caller: Caller<rights::Submit>,
    writing: Writing,
    body: Body<NewDisbursement>,
    state: web::Data<State>,
) -> Answered {
    let (program, fund) = (&body.value.program, body.value.fund.as_ref());
    let book = book_of(&state, Some(program), fund).await?;
    let command = body.value.into_command(book, &state.vault, state.now())?;
    let request = writing.request(&caller, &body.digest, command);
    let bounds = caller.bounds();
    state
        .record(request, move |record| {
            let location = format!("/v1/disbursements/{}", record.payout.id);
            created(
                &DisbursementView::of(record, &bounds),
                location,
                record.payout.version,
            )
        })
        .await
}

/// Lists disbursements in the order in which they were recorded.
#[utoipa::path(
    tag = "disbursements",
    params(DisbursementQuery, PagingParams),
    responses((status = 200, description = "A page.", body = PageOf<DisbursementView>)),
)]
#[get("/disbursements")]
pub async fn list_disbursements(
    caller: Caller<rights::ReadPrograms>,
    query: Paged<DisbursementQuery>,
    state: web::Data<State>,
) -> Answered {
    let Paged { filter, paging } = query;
    let (filter, window) = (filter.into_filter(state.today())?, paging.window());
    let (bounds, own) = (caller.bounds(), caller.bounds());
    let records = state
        .read_trailing(move |conn| store::list(conn, &own, &filter, &window))
        .await?;
    Ok(paging.page(
        records,
        |record| record.payout.id.to_string(),
        |record| DisbursementView::of(record, &bounds),
    ))
}

/// Shows a disbursement.
#[utoipa::path(
    tag = "disbursements",
    responses((status = 200, description = "The disbursement.", body = DisbursementView)),
)]
#[get("/disbursements/{id}")]
pub async fn get_disbursement(
    caller: Caller<rights::ReadPrograms>,
    id: PathId,
    state: web::Data<State>,
) -> Answered {
    let (bounds, own) = (caller.bounds(), caller.bounds());
    let record = state
        .read(move |conn| store::get(conn, &own, &id.0))
        .await?;
    let record = record.ok_or_else(ApiError::not_found)?;
    Ok(found(
        &DisbursementView::of(&record, &bounds),
        record.payout.version,
    ))
}

/// Changes a disbursement while it waits for a decision.
///
/// Who changes it can no longer approve or pay it. Program, fund, form and beneficiary stay.
#[utoipa::path(
    tag = "disbursements",
    request_body = DisbursementChanges,
    responses((status = 200, description = "The disbursement.", body = DisbursementView)),
)]
#[patch("/disbursements/{id}")]
pub async fn change_disbursement(
    caller: Caller<rights::Submit>,
    id: PathId,
    if_match: IfMatch,
    body: Body<DisbursementChanges>,
    state: web::Data<State>,
) -> Answered {
    let request = caller.request(body.value.into_edit(id.0, if_match.0));
    let bounds = caller.bounds();
    state
        .record(request, move |record| {
            changed(
                &DisbursementView::of(record, &bounds),
                record.payout.version,
            )
        })
        .await
}

/// Hands a disbursement in again after it was sent back.
///
/// What is to be changed is changed with it.
#[utoipa::path(
    tag = "disbursements",
    request_body = DisbursementResubmission,
    responses((status = 200, description = "The disbursement.", body = DisbursementView)),
)]
#[post("/disbursements/{id}/resubmit")]
pub async fn resubmit_disbursement(
    caller: Caller<rights::Submit>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<DisbursementResubmission>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_command(id.0, expected.0);
    let request = writing.request(&caller, &body.digest, command);
    let bounds = caller.bounds();
    state
        .record(request, move |record| {
            changed(
                &DisbursementView::of(record, &bounds),
                record.payout.version,
            )
        })
        .await
}
