//! `/indicators`: what is followed over time besides money.

pub mod dto;
pub mod views;

use actix_web::{get, patch, post, web};

use crate::http::extract::{Body, Caller, IfMatch, Paged, PagingParams, PathCode, Writing, rights};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{changed, created, found};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::wire::PageOf;
use crate::indicators::store;
use dto::{IndicatorChanges, IndicatorQuery, NewIndicator};
use views::IndicatorView;

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(create_indicator)
        .service(list_indicators)
        .service(get_indicator)
        .service(change_indicator);
}

/// Makes an indicator.
///
/// `additive` says whether values may be added at all. Distinct people may not: no report then adds
/// them over periods, groups or programs.
#[utoipa::path(
    tag = "indicators",
    request_body = NewIndicator,
    responses((status = 201, description = "The indicator.", body = IndicatorView)),
)]
#[post("/indicators")]
pub async fn create_indicator(
    caller: Caller<rights::ManageBooks>,
    writing: Writing,
    body: Body<NewIndicator>,
    state: web::Data<State>,
) -> Answered {
    let request = writing.request(&caller, &body.digest, body.value.into_command());
    state
        .record(request, |made| {
            let location = format!("/v1/indicators/{}", made.code);
            created(&IndicatorView::of(made), location, made.version)
        })
        .await
}

/// Lists indicators in the order of their codes.
#[utoipa::path(
    tag = "indicators",
    params(IndicatorQuery, PagingParams),
    responses((status = 200, description = "A page.", body = PageOf<IndicatorView>)),
)]
#[get("/indicators")]
pub async fn list_indicators(
    _caller: Caller<rights::ReadRecords>,
    query: Paged<IndicatorQuery>,
    state: web::Data<State>,
) -> Answered {
    let Paged { filter, paging } = query;
    let (filter, window) = (filter.into_filter(), paging.window());
    let indicators = state
        .read_trailing(move |conn| store::list(conn, &filter, &window))
        .await?;
    Ok(paging.page(
        indicators,
        |indicator| indicator.code.to_string(),
        IndicatorView::of,
    ))
}

/// Shows an indicator.
#[utoipa::path(
    tag = "indicators",
    responses((status = 200, description = "The indicator.", body = IndicatorView)),
)]
#[get("/indicators/{indicator}")]
pub async fn get_indicator(
    _caller: Caller<rights::ReadRecords>,
    indicator: PathCode,
    state: web::Data<State>,
) -> Answered {
    let indicator = state
        .read(move |conn| store::get(conn, &indicator.0))
        .await?;
    let indicator = indicator.ok_or_else(ApiError::not_found)?;
    Ok(found(&IndicatorView::of(&indicator), indicator.version))
}

/// Changes an indicator.
///
/// The version before is kept. Once something was measured, what gives values their meaning stays:
/// value, unit, additive, accumulation, dimensions and their values, and no fewer decimals.
#[utoipa::path(
    tag = "indicators",
    request_body = IndicatorChanges,
    responses((status = 200, description = "The indicator.", body = IndicatorView)),
)]
#[patch("/indicators/{indicator}")]
pub async fn change_indicator(
    caller: Caller<rights::ManageBooks>,
    indicator: PathCode,
    if_match: IfMatch,
    body: Body<IndicatorChanges>,
    state: web::Data<State>,
) -> Answered {
    let request = caller.request(body.value.into_command(indicator.0, if_match.0));
    state
        .record(request, |found| {
            changed(&IndicatorView::of(found), found.version)
        })
        .await
}
