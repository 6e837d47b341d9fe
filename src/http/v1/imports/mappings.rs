//! `/imports/mappings` and `/imports/templates`: what headers mean, and what to fill in.

use actix_web::{HttpRequest, get, post, web};

use super::dto::{KindWire, MappingQuery, NewMapping};
use super::faults::workbook;
use super::importer::Importer;
use super::views::MappingView;
use crate::config;
use crate::http::extract::{Body, Caller, PathKey, Writing, rights};
use crate::http::lang::Lang;
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{created, found};
use crate::http::state::State;
use crate::imports::kinds::Kind;
use crate::imports::rights::needed;
use crate::imports::steps::KeepMapping;
use crate::imports::store::mappings;
use crate::imports::template::template;
use crate::text_enum::TextEnum;

/// Keeps what the headers of a program's files mean.
///
/// It holds for files of that kind and program whose sender says nothing else. Kept again, it is
/// replaced.
#[utoipa::path(
    tag = "imports",
    request_body = NewMapping,
    responses((status = 201, description = "What the headers mean.", body = MappingView)),
)]
#[post("/imports/mappings")]
pub async fn keep_import_mapping(
    Importer(caller): Importer,
    writing: Writing,
    body: Body<NewMapping>,
    state: web::Data<State>,
) -> Answered {
    caller.must(needed(body.value.kind.0))?;
    let said = body.value;
    let meaning = |one: super::dto::NewMeaning| {
        (
            one.header.0,
            one.field.map_or_else(String::new, |field| field.0),
        )
    };
    let command = KeepMapping {
        kind: said.kind.0,
        program: said.program.map(|code| code.0),
        headers: said.headers.0.into_iter().map(meaning).collect(),
    };
    let request = writing.request(&caller, &body.digest, command);
    state
        .record(request, |mapping| {
            let location = format!("/v1/imports/mappings?kind={}", mapping.kind);
            created(&MappingView::of(mapping), location, mapping.version)
        })
        .await
}

/// Shows what the headers of a program's files mean.
#[utoipa::path(
    tag = "imports",
    params(MappingQuery),
    responses((status = 200, description = "What the headers mean.", body = MappingView)),
)]
#[get("/imports/mappings")]
pub async fn get_import_mapping(
    _caller: Caller<rights::ReadRecords>,
    query: crate::http::extract::Query<MappingQuery>,
    state: web::Data<State>,
) -> Answered {
    let (kind, program) = (query.0.kind.0, query.0.program);
    let program = program.map_or_else(String::new, |code| code.0.to_string());
    let mapping = state
        .read(move |conn| mappings::get(conn, kind, &program))
        .await?;
    let mapping = mapping.ok_or_else(ApiError::not_found)?;
    Ok(found(&MappingView::of(&mapping), mapping.version))
}

/// Sends an empty sheet for a kind of import, with drop-downs and notes.
///
/// In Korean or English by `Accept-Language`.
#[utoipa::path(
    tag = "imports",
    params(("kind" = inline(KindWire), Path, description = "What its rows are.")),
    responses((status = 200, description = "The sheet.", body = Vec<u8>, content_type =
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")),
)]
#[get("/imports/templates/{kind}.xlsx")]
pub async fn get_import_template(
    _caller: Caller<rights::Own>,
    kind: PathKey,
    request: HttpRequest,
    state: web::Data<State>,
) -> Answered {
    let kind = Kind::from_name(&kind.0).ok_or_else(ApiError::not_found)?;
    let lang = match Lang::of(request.headers()) {
        Lang::Ko => config::Lang::Ko,
        Lang::En => config::Lang::En,
    };
    let bytes = state
        .off_thread(move || template(kind, lang).map_err(ApiError::internal))
        .await?;
    Ok(workbook(bytes, &format!("{kind}.xlsx")))
}
