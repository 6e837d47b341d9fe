//! `/programs`: making, changing and closing them.

pub mod dto;
pub mod tags;
pub mod views;

use actix_web::{get, patch, post, web};

use super::funds::dto::Why;
use crate::code::Code;
use crate::funds::model::Openness;
use crate::http::extract::{Body, Caller, IfMatch, Paged, PagingParams, PathCode, Writing, rights};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{changed, created, found};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::wire::PageOf;
use crate::programs::change::SetProgramOpenness;
use crate::programs::store;
use dto::{NewProgram, ProgramChanges, ProgramQuery};
use views::ProgramView;

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(create_program)
        .service(list_programs)
        .service(get_program)
        .service(change_program)
        .service(close_program)
        .service(reopen_program);
}

/// Makes a program.
///
/// It draws on one or more funds, or on none. `compensation` is no giving and draws on none.
#[utoipa::path(
    tag = "programs",
    request_body = NewProgram,
    responses((status = 201, description = "The program.", body = ProgramView)),
)]
#[post("/programs")]
pub async fn create_program(
    caller: Caller<rights::ManageBooks>,
    writing: Writing,
    body: Body<NewProgram>,
    state: web::Data<State>,
) -> Answered {
    let request = writing.request(&caller, &body.digest, body.value.into_command());
    let location = |code: &Code| format!("/v1/programs/{code}");
    state
        .record(request, move |program| {
            created(
                &ProgramView::of(program),
                location(&program.code),
                program.version,
            )
        })
        .await
}

/// Lists programs in the order of their codes.
#[utoipa::path(
    tag = "programs",
    params(ProgramQuery, PagingParams),
    responses((status = 200, description = "A page of programs.", body = PageOf<ProgramView>)),
)]
#[get("/programs")]
pub async fn list_programs(
    caller: Caller<rights::ReadPrograms>,
    query: Paged<ProgramQuery>,
    state: web::Data<State>,
) -> Answered {
    let bounds = caller.bounds();
    let Paged { filter, paging } = query;
    let (filter, window) = (filter.into_filter(), paging.window());
    let programs = state
        .read_trailing(move |conn| store::list(conn, &bounds, &filter, &window))
        .await?;
    Ok(paging.page(
        programs,
        |program| program.code.to_string(),
        ProgramView::of,
    ))
}

/// Shows a program.
#[utoipa::path(
    tag = "programs",
    responses((status = 200, description = "The program.", body = ProgramView)),
)]
#[get("/programs/{program}")]
pub async fn get_program(
    caller: Caller<rights::ReadPrograms>,
    program: PathCode,
    state: web::Data<State>,
) -> Answered {
    let bounds = caller.bounds();
    let program = state
        .read(move |conn| store::get(conn, &bounds, &program.0))
        .await?;
    let program = program.ok_or_else(ApiError::not_found)?;
    Ok(found(&ProgramView::of(&program), program.version))
}

/// Changes a program.
///
/// Its kind stays, and every fund it draws on; funds may be added. The version before is kept.
#[utoipa::path(
    tag = "programs",
    request_body = ProgramChanges,
    responses((status = 200, description = "The program.", body = ProgramView)),
)]
#[patch("/programs/{program}")]
pub async fn change_program(
    caller: Caller<rights::ManageBooks>,
    program: PathCode,
    if_match: IfMatch,
    body: Body<ProgramChanges>,
    state: web::Data<State>,
) -> Answered {
    let request = caller.request(body.value.into_command(program.0, if_match.0));
    state
        .record(request, |program| {
            changed(&ProgramView::of(program), program.version)
        })
        .await
}

/// Closes a program.
///
/// Nothing new is recorded or approved in it; what is approved can still be paid.
#[utoipa::path(
    tag = "programs",
    request_body = Why,
    responses((status = 200, description = "The program.", body = ProgramView)),
)]
#[post("/programs/{program}/close")]
pub async fn close_program(
    caller: Caller<rights::ManageBooks>,
    program: PathCode,
    writing: Writing,
    body: Body<Why>,
    state: web::Data<State>,
) -> Answered {
    let (code, reason) = (program.0, body.value.reason.0);
    let command = SetProgramOpenness {
        code,
        to: Openness::Closed,
        reason,
    };
    let request = writing.request(&caller, &body.digest, command);
    state
        .record(request, |program| {
            changed(&ProgramView::of(program), program.version)
        })
        .await
}

/// Reopens a program.
#[utoipa::path(
    tag = "programs",
    request_body = Why,
    responses((status = 200, description = "The program.", body = ProgramView)),
)]
#[post("/programs/{program}/reopen")]
pub async fn reopen_program(
    caller: Caller<rights::ManageBooks>,
    program: PathCode,
    writing: Writing,
    body: Body<Why>,
    state: web::Data<State>,
) -> Answered {
    let (code, reason) = (program.0, body.value.reason.0);
    let command = SetProgramOpenness {
        code,
        to: Openness::Open,
        reason,
    };
    let request = writing.request(&caller, &body.digest, command);
    state
        .record(request, |program| {
            changed(&ProgramView::of(program), program.version)
        })
        .await
}
