//! `/measurements`: recording, reading, changing and resubmitting them.
//!
//! The verbs that decide on one stand in [`verbs`].

pub mod cell;
pub mod dto;
pub mod verbs;
pub mod views;

use actix_web::{get, patch, post, web};

use crate::http::extract::{
    Body, Caller, Expected, IfMatch, Paged, PagingParams, PathId, Writing, rights,
};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{changed, created, found};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::wire::PageOf;
use crate::measurements::store;
use dto::{MeasurementChanges, MeasurementQuery, MeasurementResubmission, NewMeasurement};
use views::MeasurementView;

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(create_measurement)
        .service(list_measurements)
        .service(get_measurement)
        .service(change_measurement)
        .service(resubmit_measurement);
    verbs::configure(routes);
}

/// Records a measurement.
///
/// It is `submitted` and counts in reports once somebody else approves it. It names every dimension
/// of its indicator, or none for the whole.
#[utoipa::path(
    tag = "measurements",
    request_body = NewMeasurement,
    responses((status = 201, description = "The measurement.", body = MeasurementView)),
)]
#[post("/measurements")]
pub async fn create_measurement(
    caller: Caller<rights::Record>,
    writing: Writing,
    body: Body<NewMeasurement>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_command(state.now());
    let request = writing.request(&caller, &body.digest, command);
    state
        .record(request, |record| {
            let location = format!("/v1/measurements/{}", record.id);
            created(&MeasurementView::of(record), location, record.version)
        })
        .await
}

/// Lists measurements in the order in which they were recorded.
#[utoipa::path(
    tag = "measurements",
    params(MeasurementQuery, PagingParams),
    responses((status = 200, description = "A page.", body = PageOf<MeasurementView>)),
)]
#[get("/measurements")]
pub async fn list_measurements(
    _caller: Caller<rights::ReadRecords>,
    query: Paged<MeasurementQuery>,
    state: web::Data<State>,
) -> Answered {
    let Paged { filter, paging } = query;
    let (filter, window) = (filter.into_filter(), paging.window());
    let records = state
        .read_trailing(move |conn| store::list(conn, &filter, &window))
        .await?;
    Ok(paging.page(records, |record| record.id.to_string(), MeasurementView::of))
}

/// Shows a measurement.
#[utoipa::path(
    tag = "measurements",
    responses((status = 200, description = "The measurement.", body = MeasurementView)),
)]
#[get("/measurements/{id}")]
pub async fn get_measurement(
    _caller: Caller<rights::ReadRecords>,
    id: PathId,
    state: web::Data<State>,
) -> Answered {
    let record = state.read(move |conn| store::get(conn, &id.0)).await?;
    let record = record.ok_or_else(ApiError::not_found)?;
    Ok(found(&MeasurementView::of(&record), record.version))
}

/// Changes a measurement while it waits for a decision.
///
/// Who changes it can no longer approve it. Indicator and dimensions stay.
#[utoipa::path(
    tag = "measurements",
    request_body = MeasurementChanges,
    responses((status = 200, description = "The measurement.", body = MeasurementView)),
)]
#[patch("/measurements/{id}")]
pub async fn change_measurement(
    caller: Caller<rights::Record>,
    id: PathId,
    if_match: IfMatch,
    body: Body<MeasurementChanges>,
    state: web::Data<State>,
) -> Answered {
    let request = caller.request(body.value.into_edit(id.0, if_match.0));
    state
        .record(request, |record| {
            changed(&MeasurementView::of(record), record.version)
        })
        .await
}

/// Hands a measurement in again after it was sent back.
///
/// What is to be changed is changed with it.
#[utoipa::path(
    tag = "measurements",
    request_body = MeasurementResubmission,
    responses((status = 200, description = "The measurement.", body = MeasurementView)),
)]
#[post("/measurements/{id}/resubmit")]
pub async fn resubmit_measurement(
    caller: Caller<rights::Record>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<MeasurementResubmission>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_command(id.0, expected.0);
    let request = writing.request(&caller, &body.digest, command);
    state
        .record(request, |record| {
            changed(&MeasurementView::of(record), record.version)
        })
        .await
}
