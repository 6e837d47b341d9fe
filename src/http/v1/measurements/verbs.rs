//! `POST /measurements/{id}/…`: the verbs that decide on a measurement.

use actix_web::{post, web};

use super::dto::advance;
use super::views::MeasurementView;
use crate::desk::Request;
use crate::http::extract::{Body, Caller, Expected, PathId, Writing, rights};
use crate::http::problem::Answered;
use crate::http::respond::changed;
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::v1::payouts::dto::{NewApproval, NewReason};
use crate::measurements::advance::AdvanceMeasurement;
use crate::payouts::model::Verb;

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(approve_measurement)
        .service(reject_measurement)
        .service(withdraw_measurement)
        .service(cancel_measurement);
}

async fn record(state: &State, request: Request<AdvanceMeasurement>) -> Answered {
    state
        .record(request, |record| {
            changed(&MeasurementView::of(record), record.version)
        })
        .await
}

/// Approves a measurement.
///
/// Reports count it from then on. Who recorded it may not. With `If-Match` it is approved only as it
/// was read.
#[utoipa::path(
    tag = "measurements",
    request_body = NewApproval,
    responses((status = 200, description = "The measurement.", body = MeasurementView)),
)]
#[post("/measurements/{id}/approve")]
pub async fn approve_measurement(
    caller: Caller<rights::Approve>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewApproval>,
    state: web::Data<State>,
) -> Answered {
    let said = (body.value.effective_on, None);
    let command = advance(id.0, Verb::Approve, said, expected.0);
    record(&state, writing.request(&caller, &body.digest, command)).await
}

/// Sends a measurement back (반려).
///
/// It can be changed and handed in again.
#[utoipa::path(
    tag = "measurements",
    request_body = NewReason,
    responses((status = 200, description = "The measurement.", body = MeasurementView)),
)]
#[post("/measurements/{id}/reject")]
pub async fn reject_measurement(
    caller: Caller<rights::Approve>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewReason>,
    state: web::Data<State>,
) -> Answered {
    let said = (body.value.effective_on, Some(body.value.reason));
    let command = advance(id.0, Verb::Reject, said, expected.0);
    record(&state, writing.request(&caller, &body.digest, command)).await
}

/// Withdraws a measurement (회수).
///
/// Only whoever recorded it does, and only before it is approved.
#[utoipa::path(
    tag = "measurements",
    request_body = NewReason,
    responses((status = 200, description = "The measurement.", body = MeasurementView)),
)]
#[post("/measurements/{id}/withdraw")]
pub async fn withdraw_measurement(
    caller: Caller<rights::Record>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewReason>,
    state: web::Data<State>,
) -> Answered {
    let said = (body.value.effective_on, Some(body.value.reason));
    let command = advance(id.0, Verb::Withdraw, said, expected.0);
    record(&state, writing.request(&caller, &body.digest, command)).await
}

/// Cancels an approved measurement (취소).
///
/// Reports count it no longer from that day on; those of earlier days stay as they were.
#[utoipa::path(
    tag = "measurements",
    request_body = NewReason,
    responses((status = 200, description = "The measurement.", body = MeasurementView)),
)]
#[post("/measurements/{id}/cancel")]
pub async fn cancel_measurement(
    caller: Caller<rights::Approve>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewReason>,
    state: web::Data<State>,
) -> Answered {
    let said = (body.value.effective_on, Some(body.value.reason));
    let command = advance(id.0, Verb::Cancel, said, expected.0);
    record(&state, writing.request(&caller, &body.digest, command)).await
}
