//! `POST /imports`: a file of rows comes in.
//!
//! It is written into a nameless file (`arriving`), read once, and its rows are
//! kept sealed. The answer says that they are, and is given before they are checked.

use std::sync::Arc;

use actix_web::{HttpRequest, post, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::arriving::{Arrived, arrive};
use super::dto::NewImport;
use super::faults::{MOST_AT_ONCE, shown};
use super::importer::Importer;
use super::views::{FaultView, ImportView};
use crate::http::extract::{Caller, WritingBy, rights};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{created, shown as show};
use crate::http::state::State;
use crate::imports::Imports;
use crate::imports::error::{NotReceived, WorkError};
use crate::imports::model::{Import, State as Stands};
use crate::imports::staging::Upload;
use crate::imports::steps::ReceiveImport;
use crate::imports::store::mappings;

/// A file of rows.
#[derive(ToSchema)]
#[schema(value_type = String, example = "program,form,amount\n")]
pub struct Rows(#[expect(dead_code, reason = "it only describes a body")] Vec<u8>);

/// A file of rows in a form.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it only describes a body")]
pub struct ImportForm {
    /// The file.
    #[schema(value_type = String)]
    file: Vec<u8>,
}

/// A rehearsal: what an import would come to. Nothing of it is kept.
#[derive(Debug, Serialize, ToSchema)]
pub struct RehearsalView {
    /// The would-be import.
    #[serde(flatten)]
    pub import: ImportView,
    /// What is wrong with its rows: the first thousand.
    pub faults: Vec<FaultView>,
    /// That it was one.
    pub dry_run: bool,
}

/// Receives a file of many records.
///
/// Every row is kept as it came, sealed, and then checked; see the import for how far that is. With
/// `mode` it is recorded as soon as it is checked, if nothing stands against it. The same file again,
/// while its import stands, is `duplicate_file` with the id of the first; the same row again changes
/// nothing. With `dry_run` it is checked at once and nothing is kept. The file is the body, or the
/// `file` of a form, whose other fields are then as if they stood in the query string.
#[utoipa::path(
    tag = "imports",
    params(NewImport),
    request_body(content((Rows = "text/csv"), (ImportForm = "multipart/form-data"))),
    responses((status = 201, description = "The import.", body = ImportView)),
)]
#[post("/imports")]
pub async fn create_import(
    Importer(caller): Importer,
    request: HttpRequest,
    body: web::Payload,
    state: web::Data<State>,
) -> Answered {
    let place = state.imports.place();
    let _place = place.ok_or(ApiError::Unavailable("busy"))?;
    let body = body.into_inner();
    let Arrived { writing, upload } = arrive(&caller, &request, body, &state).await?;
    let imports = Arc::clone(&state.imports);
    let staged = state.off_thread(move || stage(&imports, upload)).await?;
    if writing.writing.is_rehearsal() {
        let (imports, by) = (Arc::clone(&state.imports), caller.principal.user.clone());
        let view = state
            .off_thread(move || rehearse(&imports, &staged, by))
            .await?;
        return Ok(show(&view));
    }
    receive(&caller, writing, staged, &state).await
}

/// Records that a file was received, and wakes the worker. Rows of one that was not are thrown
/// away.
async fn receive(
    caller: &Caller<rights::Import>,
    writing: WritingBy<NewImport>,
    staged: ReceiveImport,
    state: &State,
) -> Answered {
    let id = staged.id();
    let digest = writing.digest(&staged.sha256);
    let request = writing.writing.request(caller, &digest, staged);
    let render = |import: &Import| {
        let location = format!("/v1/imports/{}", import.id);
        created(&ImportView::of(import, None), location, import.version)
    };
    let answer = state.door.write(request, render).await;
    let is_new = answer.as_ref().is_ok_and(|answer| !answer.replayed);
    let is_lost = matches!(answer, Err(crate::desk::WriteError::Unknown));
    if !is_new && !is_lost {
        let imports = Arc::clone(&state.imports);
        let thrown = web::block(move || imports.forget(&id)).await;
        thrown.map_err(ApiError::internal)?;
    }
    state.imports.ring();
    Ok(crate::http::respond::answer(answer?))
}

/// Keeps the rows of a file, its columns found with what was kept for its program.
fn stage(imports: &Imports, mut upload: Upload) -> Result<ReceiveImport, ApiError> {
    if upload.settings.headers.is_empty() {
        let program = upload.program.as_ref().map_or("", |code| code.as_str());
        let kept = imports
            .db
            .read(|conn| mappings::get(conn, upload.kind, program))?;
        upload.settings.headers = kept.map(|kept| kept.headers).unwrap_or_default();
        upload.kept_headers = true;
    }
    imports.stage(upload).map_err(ApiError::from)
}

/// Checks what would be received, tells what it comes to, and throws it away.
fn rehearse(
    imports: &Imports,
    staged: &ReceiveImport,
    by: String,
) -> Result<RehearsalView, ApiError> {
    let import = staged.rehearsed(by, imports.clock.now());
    let checked = imports.check_rows(&import);
    let told = shown(imports, &import, (0, -1), MOST_AT_ONCE);
    imports.forget(&import.id);
    let mut ended = import;
    ended.state = match &checked {
        Ok(Some(_)) => Stands::Checked,
        _ => Stands::Failed,
    };
    let work = checked?;
    if work.is_none() {
        ended.failure = Some("too_many_faults".to_owned());
    }
    Ok(RehearsalView {
        import: ImportView::of(&ended, work.as_ref()),
        faults: told?,
        dry_run: true,
    })
}

impl From<NotReceived> for ApiError {
    fn from(error: NotReceived) -> Self {
        match error.refusal() {
            Ok(refusal) => refusal.into(),
            Err(NotReceived::Database(error)) => error.into(),
            Err(error) => Self::internal(error),
        }
    }
}

impl From<WorkError> for ApiError {
    fn from(error: WorkError) -> Self {
        match error {
            WorkError::Database(error) => error.into(),
            WorkError::Door(error) => error.into(),
            WorkError::Stopping => Self::Unavailable("stopping"),
            error => Self::internal(error),
        }
    }
}
