//! `/exports`: lists and reports as files. Small ones are answered where they are ([`answer`]),
//! large ones asked for here; [`sources`] is the one list of what there is.

pub mod answer;
pub mod dto;
mod lists;
mod reports;
pub mod sources;

use std::fs::File;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, get, post, web};
use chrono::{DateTime, Utc};

use crate::desk::Answer;
use crate::exports::error::ExportError;
use crate::exports::manifest::Manifest;
use crate::exports::model::{Export, ExportState, Work};
use crate::exports::rules::{MOST_OPEN, MOST_OPEN_OF_ONE};
use crate::exports::source::{Asked, Form};
use crate::exports::spool::Written;
use crate::exports::steps::{CancelExport, RequestExport};
use crate::exports::store;
use crate::exports::writers::not_built;
use crate::http::extract::{Body, Caller, Expected, PathId, Writing, rights};
use crate::http::lang::Lang;
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{changed, created, found, shown};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::ids::{RecordId, unique};
use crate::refusal::Refusal;
use answer::{file_answer, spoken};
use dto::{ExportEnding, ExportView, ManifestView, NewExport};

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(create_export)
        .service(get_export)
        .service(get_export_file)
        .service(get_export_manifest)
        .service(cancel_export);
}

/// Asks for a list or report as a file.
///
/// For those that are too long to be answered at once. Rows are counted first, then written; the file
/// shows what the caller sees, is of one moment, and is removed after a day.
#[utoipa::path(
    tag = "exports",
    request_body = NewExport,
    responses((status = 202, description = "The export.", body = ExportView)),
)]
#[post("/exports")]
pub async fn create_export(
    caller: Caller<rights::ReadReports>,
    writing: Writing,
    request: HttpRequest,
    body: Body<NewExport>,
    state: web::Data<State>,
) -> Answered {
    let now = state.now();
    let asked = Asked {
        address: body.value.of.0,
        table: body.value.table.map(|name| name.0),
        principal: caller.principal.clone(),
    };
    let lang = body.value.lang.map(|lang| lang.0);
    let form = Form {
        format: body.value.format.0,
        lang: lang.unwrap_or_else(|| spoken(Lang::of(request.headers()))),
        bom: body.value.bom.unwrap_or(false),
    };
    may_ask(&state, &asked, &form).await?;
    let command = RequestExport {
        unique: unique(now),
        address: asked.address,
        table: asked.table,
        form,
        roles: caller.principal.roles.clone(),
    };
    let wanted = writing.request(&caller, &body.digest, command);
    let answer = state
        .record(wanted, move |export| accepted(export, now))
        .await?;
    state.exports.ring();
    Ok(answer)
}

/// Shows an export of one's own: where it stands and how far it has come.
#[utoipa::path(
    tag = "exports",
    responses((status = 200, description = "The export.", body = ExportView)),
)]
#[get("/exports/{id}")]
pub async fn get_export(
    caller: Caller<rights::ReadReports>,
    id: PathId,
    state: web::Data<State>,
) -> Answered {
    let (export, work) = mine(&caller, &state, id.0).await?;
    let view = ExportView::of(&export, work.as_ref(), state.now());
    Ok(found(&view, export.version()))
}

/// Sends the file of an export of one's own.
///
/// Its length and its digest tell whether all of it arrived.
#[utoipa::path(
    tag = "exports",
    responses((status = 200, description = "The file.", body = Vec<u8>, content_type =
        "application/octet-stream")),
)]
#[get("/exports/{id}/file")]
pub async fn get_export_file(
    caller: Caller<rights::ReadReports>,
    id: PathId,
    state: web::Data<State>,
) -> Answered {
    let (export, manifest) = ready(&caller, &state, id.0).await?;
    let path = state.exports.file(&export.id, export.form.format);
    let opened = web::block(move || File::open(path)).await;
    // Files of another server lie elsewhere, unless they share the folder.
    let file = opened.map_err(ApiError::internal)?.map_err(|error| {
        tracing::error!(%error, export = %export.id, "the file of an export is not here");
        Refusal::rule("export_elsewhere")
    })?;
    let written = Written {
        bytes: manifest.bytes,
        sha256: manifest.sha256,
    };
    let (format, name) = (export.form.format, manifest.file);
    Ok(file_answer(file, &written, format, &name))
}

/// Shows what is said of the file: rows, control totals, digest, moment.
#[utoipa::path(
    tag = "exports",
    responses((status = 200, description = "The manifest.", body = ManifestView)),
)]
#[get("/exports/{id}/manifest")]
pub async fn get_export_manifest(
    caller: Caller<rights::ReadReports>,
    id: PathId,
    state: web::Data<State>,
) -> Answered {
    let (_, manifest) = ready(&caller, &state, id.0).await?;
    Ok(shown(&ManifestView::from(manifest)))
}

/// Calls an export of one's own off.
///
/// Its file is removed, also where it is ready.
#[utoipa::path(
    tag = "exports",
    request_body = ExportEnding,
    responses((status = 200, description = "The export.", body = ExportView)),
)]
#[post("/exports/{id}/cancel")]
pub async fn cancel_export(
    caller: Caller<rights::ReadReports>,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<ExportEnding>,
    state: web::Data<State>,
) -> Answered {
    let (export, work) = mine(&caller, &state, id.0).await?;
    let now = state.now();
    let command = CancelExport {
        id: export.id,
        expected_version: expected.0,
    };
    let request = writing.request(&caller, &body.digest, command);
    let render = move |export: &Export| {
        let view = ExportView::of(export, work.as_ref(), now);
        changed(&view, export.version())
    };
    let answer = state.record(request, render).await?;
    state.exports.ring();
    Ok(answer)
}

/// Makes sure that an export can be had, so that the answer says at once why not.
async fn may_ask(state: &State, asked: &Asked, form: &Form) -> Result<(), ApiError> {
    if !form.format.is_built() {
        return Err(not_built().into());
    }
    state.exports.sources().open(asked).map_err(in_body)?;
    let user = asked.principal.user.clone();
    let (all, of_one) = state.read(move |conn| store::waiting(conn, &user)).await?;
    if all >= MOST_OPEN || of_one >= MOST_OPEN_OF_ONE {
        return Err(Refusal::rule("too_many_exports")
            .with("most", MOST_OPEN_OF_ONE)
            .into());
    }
    Ok(())
}

/// What is wrong with the address is told of the field that it stands in.
fn in_body(error: ExportError) -> ApiError {
    match error {
        ExportError::Refused(Refusal::Fields(mut faults)) => {
            for fault in &mut faults {
                fault.field = match fault.field.strip_prefix('?') {
                    Some("table") => "/table".to_owned(),
                    _ => "/of".to_owned(),
                };
            }
            Refusal::Fields(faults).into()
        }
        other => other.into(),
    }
}

fn accepted(export: &Export, now: DateTime<Utc>) -> Answer {
    let location = format!("/v1/exports/{}", export.id);
    let view = ExportView::of(export, None, now);
    Answer {
        status: StatusCode::ACCEPTED.as_u16(),
        ..created(&view, location, export.version())
    }
}

/// An export of the caller's own; of anybody else's nothing is told.
async fn mine(
    caller: &Caller<rights::ReadReports>,
    state: &State,
    id: RecordId,
) -> Result<(Export, Option<Work>), ApiError> {
    let found = state.read(move |conn| store::get(conn, &id)).await?;
    let mine = found.filter(|(export, _)| export.requested_by == caller.principal.user);
    mine.ok_or_else(ApiError::not_found)
}

/// An export whose file is there, and that shows the caller no more than they see by now.
async fn ready(
    caller: &Caller<rights::ReadReports>,
    state: &State,
    id: RecordId,
) -> Result<(Export, Manifest), ApiError> {
    let (export, work) = mine(caller, state, id).await?;
    let now = export.state(work.as_ref(), state.now());
    let manifest = work.and_then(|work| work.manifest);
    let manifest = manifest.filter(|_| now == ExportState::Ready);
    let Some(manifest) = manifest else {
        let code = match now {
            ExportState::Queued | ExportState::Counting | ExportState::Writing => {
                "export_not_ready"
            }
            _ => "export_over",
        };
        return Err(Refusal::rule(code).with("state", now).into());
    };
    let path = export.address.split('?').next().unwrap_or_default();
    let (then, today) = (export.requester(), &caller.principal);
    if let Some(exportable) = sources::at(path) {
        caller.must(exportable.right)?;
    }
    if then.sees_details() > today.sees_details()
        || then.sees_small_cells() && !today.sees_small_cells()
    {
        return Err(Refusal::rule("export_shows_more").into());
    }
    Ok((export, manifest))
}
