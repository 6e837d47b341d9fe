//! `POST /donations/{id}/…`: the verbs that decide on a donation or move its money.

use actix_web::{post, web};

use super::views::DonationView;
use crate::http::extract::{Body, Caller, Expected, PathId, Writing, rights};
use crate::http::problem::Answered;
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::v1::payouts::advance;
use crate::http::v1::payouts::dto::{NewApproval, NewPayment, NewReason, NewRefund, NewReturn};

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(approve_donation)
        .service(reject_donation)
        .service(withdraw_donation)
        .service(cancel_donation)
        .service(pay_donation)
        .service(return_donation)
        .service(refund_donation);
}

/// Approves a donation.
///
/// Its budget line has to hold enough, and who recorded it may not. With `If-Match` it is approved
/// only as it was read.
#[utoipa::path(
    tag = "donations",
    request_body = NewApproval,
    responses((status = 200, description = "The donation.", body = DonationView)),
)]
#[post("/donations/{id}/approve")]
pub async fn approve_donation(
    caller: Caller<rights::Approve>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewApproval>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_command(id.0, expected.0);
    advance(
        &state,
        writing.request(&caller, &body.digest, command),
        |record, _| DonationView::of(record),
    )
    .await
}

/// Sends a donation back (반려).
///
/// It can be changed and handed in again.
#[utoipa::path(
    tag = "donations",
    request_body = NewReason,
    responses((status = 200, description = "The donation.", body = DonationView)),
)]
#[post("/donations/{id}/reject")]
pub async fn reject_donation(
    caller: Caller<rights::Approve>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewReason>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_reject(id.0, expected.0);
    advance(
        &state,
        writing.request(&caller, &body.digest, command),
        |record, _| DonationView::of(record),
    )
    .await
}

/// Withdraws a donation (회수).
///
/// Only whoever recorded it does, and only before it is approved.
#[utoipa::path(
    tag = "donations",
    request_body = NewReason,
    responses((status = 200, description = "The donation.", body = DonationView)),
)]
#[post("/donations/{id}/withdraw")]
pub async fn withdraw_donation(
    caller: Caller<rights::Record>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewReason>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_withdraw(id.0, expected.0);
    advance(
        &state,
        writing.request(&caller, &body.digest, command),
        |record, _| DonationView::of(record),
    )
    .await
}

/// Cancels what of a donation is approved and not paid (취소).
///
/// The money is available again.
#[utoipa::path(
    tag = "donations",
    request_body = NewReason,
    responses((status = 200, description = "The donation.", body = DonationView)),
)]
#[post("/donations/{id}/cancel")]
pub async fn cancel_donation(
    caller: Caller<rights::Approve>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewReason>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_cancel(id.0, expected.0);
    advance(
        &state,
        writing.request(&caller, &body.digest, command),
        |record, _| DonationView::of(record),
    )
    .await
}

/// Books a payment of a donation, or of a part of it.
///
/// It records that money was paid; it moves none.
#[utoipa::path(
    tag = "donations",
    request_body = NewPayment,
    responses((status = 200, description = "The donation.", body = DonationView)),
)]
#[post("/donations/{id}/pay")]
pub async fn pay_donation(
    caller: Caller<rights::Pay>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewPayment>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_command(id.0, expected.0);
    advance(
        &state,
        writing.request(&caller, &body.digest, command),
        |record, _| DonationView::of(record),
    )
    .await
}

/// Books what the bank sent back (반송).
///
/// The money awaits payment again.
#[utoipa::path(
    tag = "donations",
    request_body = NewReturn,
    responses((status = 200, description = "The donation.", body = DonationView)),
)]
#[post("/donations/{id}/return")]
pub async fn return_donation(
    caller: Caller<rights::Pay>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewReturn>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_command(id.0, expected.0);
    advance(
        &state,
        writing.request(&caller, &body.digest, command),
        |record, _| DonationView::of(record),
    )
    .await
}

/// Books what came back for good (반납, 환수, 정정).
///
/// What was paid stays as it was booked; the refund is an entry of its own.
#[utoipa::path(
    tag = "donations",
    request_body = NewRefund,
    responses((status = 200, description = "The donation.", body = DonationView)),
)]
#[post("/donations/{id}/refund")]
pub async fn refund_donation(
    caller: Caller<rights::Pay>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewRefund>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_command(id.0, expected.0);
    advance(
        &state,
        writing.request(&caller, &body.digest, command),
        |record, _| DonationView::of(record),
    )
    .await
}
