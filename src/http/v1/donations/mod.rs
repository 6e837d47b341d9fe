//! `/donations`: recording, reading, changing and resubmitting them, and their receipts.
//!
//! The verbs that decide on one or move its money stand in [`verbs`], what an intermediary passed
//! on of it in [`uses`].

pub mod dto;
pub mod uses;
pub mod verbs;
pub mod views;

use actix_web::{get, patch, post, web};

use super::payouts::book_of;
use crate::donations::store;
use crate::http::extract::{
    Body, Caller, Expected, IfMatch, Paged, PagingParams, PathId, Writing, rights,
};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{changed, created, found};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::wire::PageOf;
use dto::{DonationChanges, DonationQuery, DonationResubmission, NewDonation, NewReceipt};
use views::DonationView;

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(create_donation)
        .service(list_donations)
        .service(get_donation)
        .service(change_donation)
        .service(resubmit_donation)
        .service(record_receipt);
    uses::configure(routes);
    verbs::configure(routes);
}

/// Records a donation.
///
/// It is `submitted`, or `approved` at once where its program asks for no approval. With neither
/// program nor fund it is direct giving.
#[utoipa::path(
    tag = "donations",
    request_body = NewDonation,
    responses((status = 201, description = "The donation.", body = DonationView)),
)]
#[post("/donations")]
pub async fn create_donation(
    caller: Caller<rights::Record>,
    writing: Writing,
    body: Body<NewDonation>,
    state: web::Data<State>,
) -> Answered {
    let (program, fund) = (body.value.program.as_ref(), body.value.fund.as_ref());
    let book = book_of(&state, program, fund).await?;
    let command = body.value.into_command(book, state.now());
    let request = writing.request(&caller, &body.digest, command);
    state
        .record(request, |record| {
            let location = format!("/v1/donations/{}", record.payout.id);
            created(&DonationView::of(record), location, record.payout.version)
        })
        .await
}

/// Lists donations in the order in which they were recorded.
#[utoipa::path(
    tag = "donations",
    params(DonationQuery, PagingParams),
    responses((status = 200, description = "A page.", body = PageOf<DonationView>)),
)]
#[get("/donations")]
pub async fn list_donations(
    _caller: Caller<rights::ReadRecords>,
    query: Paged<DonationQuery>,
    state: web::Data<State>,
) -> Answered {
    let Paged { filter, paging } = query;
    let (filter, window) = (filter.into_filter(), paging.window());
    let records = state
        .read_trailing(move |conn| store::list(conn, &filter, &window))
        .await?;
    Ok(paging.page(
        records,
        |record| record.payout.id.to_string(),
        DonationView::of,
    ))
}

/// Shows a donation.
#[utoipa::path(
    tag = "donations",
    responses((status = 200, description = "The donation.", body = DonationView)),
)]
#[get("/donations/{id}")]
pub async fn get_donation(
    _caller: Caller<rights::ReadRecords>,
    id: PathId,
    state: web::Data<State>,
) -> Answered {
    let record = state.read(move |conn| store::get(conn, &id.0)).await?;
    let record = record.ok_or_else(ApiError::not_found)?;
    Ok(found(&DonationView::of(&record), record.payout.version))
}

/// Changes a donation while it waits for a decision.
///
/// Who changes it can no longer approve or pay it. Program, fund, form and recipient stay.
#[utoipa::path(
    tag = "donations",
    request_body = DonationChanges,
    responses((status = 200, description = "The donation.", body = DonationView)),
)]
#[patch("/donations/{id}")]
pub async fn change_donation(
    caller: Caller<rights::Record>,
    id: PathId,
    if_match: IfMatch,
    body: Body<DonationChanges>,
    state: web::Data<State>,
) -> Answered {
    let request = caller.request(body.value.into_edit(id.0, if_match.0));
    state
        .record(request, |record| {
            changed(&DonationView::of(record), record.payout.version)
        })
        .await
}

/// Hands a donation in again after it was sent back.
///
/// What is to be changed is changed with it.
#[utoipa::path(
    tag = "donations",
    request_body = DonationResubmission,
    responses((status = 200, description = "The donation.", body = DonationView)),
)]
#[post("/donations/{id}/resubmit")]
pub async fn resubmit_donation(
    caller: Caller<rights::Record>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<DonationResubmission>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_command(id.0, expected.0);
    let request = writing.request(&caller, &body.digest, command);
    state
        .record(request, |record| {
            changed(&DonationView::of(record), record.payout.version)
        })
        .await
}

/// Records the receipt of a donation (기부금영수증).
///
/// There is one, and only while something that was paid is left.
#[utoipa::path(
    tag = "donations",
    request_body = NewReceipt,
    responses((status = 200, description = "The donation.", body = DonationView)),
)]
#[post("/donations/{id}/receipt")]
pub async fn record_receipt(
    caller: Caller<rights::Record>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewReceipt>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_command(id.0, expected.0);
    let request = writing.request(&caller, &body.digest, command);
    state
        .record(request, |record| {
            changed(&DonationView::of(record), record.payout.version)
        })
        .await
}
