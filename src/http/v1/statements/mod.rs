//! `/sales/statements`: what partners state of sales, beside the lines.

pub mod dto;
pub mod views;

use actix_web::{get, post, web};

use crate::http::extract::{Body, Caller, Expected, Paged, PagingParams, PathId, Writing, rights};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{changed, created, found};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::v1::sales::dto::NewSaleCancellation;
use crate::http::wire::PageOf;
use crate::refusal::Refusal;
use crate::statements::store;
use dto::{NewStatement, StatementQuery};
use views::StatementView;

/// Registers the routes. They come before those of sales, whose ids they are not.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(create_sale_statement)
        .service(list_sale_statements)
        .service(get_sale_statement)
        .service(cancel_sale_statement);
}

/// Records what a partner states of its sales.
///
/// It stands beside the lines and changes no figure of theirs. Buyers are never added up.
#[utoipa::path(
    tag = "sales",
    request_body = NewStatement,
    responses((status = 201, description = "The statement.", body = StatementView)),
)]
#[post("/sales/statements")]
pub async fn create_sale_statement(
    caller: Caller<rights::Submit>,
    writing: Writing,
    body: Body<NewStatement>,
    state: web::Data<State>,
) -> Answered {
    let program = body.value.program.0.clone();
    let book = state.book(move |books| books.of_sale(&program)).await?;
    let command = body.value.into_command(book, state.now());
    let command = command.ok_or_else(|| Refusal::field("/period", "end_before_start"))?;
    let request = writing.request(&caller, &body.digest, command);
    let location = |id: &str| format!("/v1/sales/statements/{id}");
    state
        .record(request, move |made| {
            let id = made.declared.id.as_str();
            created(&StatementView::of(made), location(id), made.version)
        })
        .await
}

/// Lists statements in the order in which they were recorded.
#[utoipa::path(
    tag = "sales",
    params(StatementQuery, PagingParams),
    responses((status = 200, description = "A page.", body = PageOf<StatementView>)),
)]
#[get("/sales/statements")]
pub async fn list_sale_statements(
    caller: Caller<rights::ReadPrograms>,
    query: Paged<StatementQuery>,
    state: web::Data<State>,
) -> Answered {
    let bounds = caller.bounds();
    let Paged { filter, paging } = query;
    let (filter, window) = (filter.into_filter(), paging.window());
    let statements = state
        .read_trailing(move |conn| store::list(conn, &bounds, &filter, &window))
        .await?;
    let key = |statement: &crate::statements::model::Statement| statement.declared.id.to_string();
    Ok(paging.page(statements, key, StatementView::of))
}

/// Shows a statement.
#[utoipa::path(
    tag = "sales",
    responses((status = 200, description = "The statement.", body = StatementView)),
)]
#[get("/sales/statements/{id}")]
pub async fn get_sale_statement(
    caller: Caller<rights::ReadPrograms>,
    id: PathId,
    state: web::Data<State>,
) -> Answered {
    let bounds = caller.bounds();
    let statement = state
        .read(move |conn| store::get(conn, &bounds, &id.0))
        .await?;
    let statement = statement.ok_or_else(ApiError::not_found)?;
    Ok(found(&StatementView::of(&statement), statement.version))
}

/// Undoes a statement that was wrong.
///
/// It stops counting on a day of its own: figures of days before stay as they were.
#[utoipa::path(
    tag = "sales",
    request_body = NewSaleCancellation,
    responses((status = 200, description = "The statement.", body = StatementView)),
)]
#[post("/sales/statements/{id}/cancel")]
pub async fn cancel_sale_statement(
    caller: Caller<rights::Submit>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<NewSaleCancellation>,
    state: web::Data<State>,
) -> Answered {
    let command = body.value.into_statement_command(id.0, expected.0);
    let request = writing.request(&caller, &body.digest, command);
    state
        .record(request, |undone| {
            changed(&StatementView::of(undone), undone.version)
        })
        .await
}
