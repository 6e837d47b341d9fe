//! `POST /disbursements/{id}/…`: the verbs that decide on a disbursement or move its money.

use actix_web::{post, web};

use super::views::DisbursementView;
use crate::http::extract::{Body, Caller, Expected, PathId, Writing, rights};
use crate::http::problem::Answered;
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::v1::payouts::advance;
use crate::http::v1::payouts::dto::{NewApproval, NewPayment, NewReason, NewRefund, NewReturn};

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(approve_disbursement)
        .service(reject_disbursement)
        .service(withdraw_disbursement)
        .service(cancel_disbursement)
        .service(pay_disbursement)
        .service(return_disbursement)
        .service(refund_disbursement);
}

/// Approves a disbursement.
///
/// Its budget line has to hold enough, and who recorded it may not. With `If-Match` it is approved
/// only as it was read.
#[utoipa::path(
    tag = "disbursements",
    request_body = NewApproval,
    responses((status = 200, description = "The disbursement.", body = DisbursementView)),
)]
#[post("/disbursements/{id}/approve")]
pub async fn approve_disbursement(
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
        DisbursementView::of,
    )
    .await
}

/// Sends a disbursement back (반려).
///
/// It can be changed and handed in again.
#[utoipa::path(
    tag = "disbursements",
    request_body = NewReason,
    responses((status = 200, description = "The disbursement.", body = DisbursementView)),
)]
#[post("/disbursements/{id}/reject")]
pub async fn reject_disbursement(
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
        DisbursementView::of,
    )
    .await
}

/// Withdraws a disbursement (회수).
///
/// Only whoever recorded it does, and only before it is approved.
#[utoipa::path(
    tag = "disbursements",
    request_body = NewReason,
    responses((status = 200, description = "The disbursement.", body = DisbursementView)),
)]
#[post("/disbursements/{id}/withdraw")]
pub async fn withdraw_disbursement(
    caller: Caller<rights::Submit>,
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
        DisbursementView::of,
    )
    .await
}

/// Cancels what of a disbursement is approved and not paid (취소).
///
/// The money is available again.
#[utoipa::path(
    tag = "disbursements",
    request_body = NewReason,
    responses((status = 200, description = "The disbursement.", body = DisbursementView)),
)]
#[post("/disbursements/{id}/cancel")]
pub async fn cancel_disbursement(
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
        DisbursementView::of,
    )
    .await
}

/// Books a payment of a disbursement, or of a part of it.
///
/// It records that money was paid; it moves none.
#[utoipa::path(
    tag = "disbursements",
    request_body = NewPayment,
    responses((status = 200, description = "The disbursement.", body = DisbursementView)),
)]
#[post("/disbursements/{id}/pay")]
pub async fn pay_disbursement(
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
        DisbursementView::of,
    )
    .await
}

/// Books what the bank sent back (반송).
///
/// The money awaits payment again.
#[utoipa::path(
    tag = "disbursements",
    request_body = NewReturn,
    responses((status = 200, description = "The disbursement.", body = DisbursementView)),
)]
#[post("/disbursements/{id}/return")]
pub async fn return_disbursement(
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
        DisbursementView::of,
    )
    .await
}

/// Books what came back for good (반납, 환수, 정정).
///
/// What was paid stays as it was booked; the refund is an entry of its own.
#[utoipa::path(
    tag = "disbursements",
    request_body = NewRefund,
    responses((status = 200, description = "The disbursement.", body = DisbursementView)),
)]
#[post("/disbursements/{id}/refund")]
pub async fn refund_disbursement(
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
        DisbursementView::of,
    )
    .await
}
