//! `/sales`: produce sold for producers.

pub mod dto;
pub mod views;

use actix_web::{get, post, web};

use crate::http::extract::{Body, Caller, Expected, Paged, PagingParams, PathId, Writing, rights};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{changed, created, found};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::wire::PageOf;
use crate::sales::store;
use dto::{NewSale, NewSaleCancellation, SaleQuery};
use views::SaleView;

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(create_sale)
        .service(list_sales)
        .service(get_sale)
        .service(cancel_sale);
}

/// Records a sale.
///
/// It is no fund money and never summed with disbursements.
#[utoipa::path(
    tag = "sales",
    request_body = NewSale,
    responses((status = 201, description = "The sale.", body = SaleView)),
)]
#[post("/sales")]
pub async fn create_sale(
    caller: Caller<rights::Submit>,
    writing: Writing,
    body: Body<NewSale>,
    state: web::Data<State>,
) -> Answered {
    let program = body.value.program.0.clone();
    let book = state.book(move |books| books.of_sale(&program)).await?;
    let command = body.value.into_command(book, &state.vault, state.now())?;
    let request = writing.request(&caller, &body.digest, command);
    let bounds = caller.bounds();
    state
        .record(request, move |sale| {
            created(
                &SaleView::of(sale, &bounds),
                format!("/v1/sales/{}", sale.id),
                sale.version,
            )
        })
        .await
}

/// Lists sales in the order in which they were recorded.
#[utoipa::path(
    tag = "sales",
    params(SaleQuery, PagingParams),
    responses((status = 200, description = "A page.", body = PageOf<SaleView>)),
)]
#[get("/sales")]
pub async fn list_sales(
    caller: Caller<rights::ReadPrograms>,
    query: Paged<SaleQuery>,
    state: web::Data<State>,
) -> Answered {
    let Paged { filter, paging } = query;
    let (filter, window) = (filter.into_filter(state.today())?, paging.window());
    let (bounds, own) = (caller.bounds(), caller.bounds());
    let sales = state
        .read_trailing(move |conn| store::list(conn, &own, &filter, &window))
        .await?;
    Ok(paging.page(
        sales,
        |sale| sale.id.to_string(),
        |sale| SaleView::of(sale, &bounds),
    ))
}

/// Shows a sale.
#[utoipa::path(
    tag = "sales",
    responses((status = 200, description = "The sale.", body = SaleView)),
)]
#[get("/sales/{id}")]
pub async fn get_sale(
    caller: Caller<rights::ReadPrograms>,
    id: PathId,
    state: web::Data<State>,
) -> Answered {
    let (bounds, own) = (caller.bounds(), caller.bounds());
    let sale = state
        .read(move |conn| store::get(conn, &own, &id.0))
        .await?;
    let sale = sale.ok_or_else(ApiError::not_found)?;
    Ok(found(&SaleView::of(&sale, &bounds), sale.version))
}

/// Undoes a sale that was wrong.
///
/// It stops counting on a day of its own: figures of days before stay as they were.
#[utoipa::path(
    tag = "sales",
    request_body = NewSaleCancellation,
    responses((status = 200, description = "The sale.", body = SaleView)),
)]
#[post("/sales/{id}/cancel")]
pub async fn cancel_sale(
    caller: Caller<rights::Submit>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewSaleCancellation>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_command(id.0, expected.0);
    let request = writing.request(&caller, &body.digest, command);
    let bounds = caller.bounds();
    state
        .record(request, move |sale| {
            changed(&SaleView::of(sale, &bounds), sale.version)
        })
        .await
}
