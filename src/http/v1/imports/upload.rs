//! `POST /imports`: a file of rows comes in.
//!
//! It is written into a file without a name, so that nothing is left of it whatever happens, read
//! once, and its rows are kept sealed. The answer says that they are, and is given before they are
//! checked.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::{HttpRequest, post, web};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::dto::NewImport;
use super::faults::{MOST_AT_ONCE, shown};
use super::importer::Importer;
use super::views::{FaultView, ImportView};
use crate::access::secret::random_id;
use crate::http::extract::reading::spool;
use crate::http::extract::{Caller, WritingBy, rights};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{created, shown as show};
use crate::http::state::State;
use crate::imports::Imports;
use crate::imports::error::{NotReceived, WorkError};
use crate::imports::model::{Import, State as Stands};
use crate::imports::rights as needs;
use crate::imports::staging::Upload;
use crate::imports::steps::ReceiveImport;
use crate::imports::store::{faults, mappings};
use crate::refusal::Refusal;
use crate::tables::{Declared, Encoding, Format};

/// Types of files that are taken.
const TYPES: [(&str, Option<Format>); 6] = [
    ("text/csv", Some(Format::Csv)),
    ("text/tab-separated-values", Some(Format::Csv)),
    (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        Some(Format::Xlsx),
    ),
    ("application/x-ndjson", Some(Format::Ndjson)),
    // What browsers say of CSV where a spreadsheet is installed.
    ("application/vnd.ms-excel", None),
    ("application/octet-stream", None),
];

/// Characters of a file's name.
const LONGEST_NAME: usize = 100;

/// A file of rows.
#[derive(ToSchema)]
#[schema(value_type = String, example = "program,form,amount\n")]
pub struct Rows(#[expect(dead_code, reason = "it only describes a body")] Vec<u8>);

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
/// nothing. With `dry_run` it is checked at once and nothing is kept.
#[utoipa::path(
    tag = "imports",
    params(NewImport),
    request_body(content = Rows, content_type = "text/csv"),
    responses((status = 201, description = "The import.", body = ImportView)),
)]
#[post("/imports")]
pub async fn create_import(
    Importer(caller): Importer,
    writing: WritingBy<NewImport>,
    request: HttpRequest,
    body: web::Payload,
    state: web::Data<State>,
) -> Answered {
    caller.must(needs::needed(writing.query.kind.0))?;
    let declared = declared(&request, &writing.query)?;
    let settings = writing.query.settings()?;
    let folder = state.imports.spool.clone();
    let now = state.now();
    let file = web::block(move || unnamed(&folder, now)).await;
    let file = file
        .map_err(ApiError::internal)?
        .map_err(ApiError::internal)?;
    let file = spool(body.into_inner(), file, &state.limits).await?;
    let upload = Upload {
        file,
        name: name(&request, &writing.query),
        kind: writing.query.kind.0,
        program: writing.query.program.as_ref().map(|code| code.0.clone()),
        declared,
        settings,
        kept_headers: false,
        mode: writing.query.mode.map(|choice| choice.0),
    };
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
    let forgotten = imports
        .aside
        .write(|conn| faults::forget(conn, &import.id, 0));
    forgotten?;
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

/// What the sender says of how the file is written.
fn declared(request: &HttpRequest, query: &NewImport) -> Result<Declared, ApiError> {
    if request.headers().contains_key(CONTENT_ENCODING) {
        return Err(Refusal::rule("content_encoding_refused").into());
    }
    let given = header(request, CONTENT_TYPE.as_str()).to_ascii_lowercase();
    let (media_type, parameters) = given.split_once(';').unwrap_or((&given, ""));
    let known = TYPES.iter().find(|(name, _)| *name == media_type.trim());
    let Some((_, format)) = known else {
        let accepted: Vec<&str> = TYPES.iter().map(|(name, _)| *name).collect();
        let refusal = Refusal::rule("unsupported_media_type");
        return Err(refusal.with("accepted", accepted.join(" / ")).into());
    };
    let charset = parameters
        .split(';')
        .find_map(|one| one.trim().strip_prefix("charset="));
    let charset = match charset.map(|charset| charset.trim_matches('"')) {
        Some("utf-8" | "utf8") => Some(Encoding::Utf8),
        Some("cp949" | "euc-kr" | "ks_c_5601-1987" | "windows-949" | "ms949") => {
            Some(Encoding::Cp949)
        }
        _ => None,
    };
    Ok(Declared {
        format: *format,
        encoding: query.encoding.map(|name| name.0.into()).or(charset),
        delimiter: query.delimiter.map(|name| name.0.into()),
        sheet: query.sheet.as_ref().map(|sheet| sheet.0.clone()),
        ..Declared::default()
    })
}

fn header<'a>(request: &'a HttpRequest, name: &str) -> &'a str {
    let value = request.headers().get(name);
    value.and_then(|value| value.to_str().ok()).unwrap_or("")
}

/// What the file is called: as the query says, or the last part of the name that the sender's own
/// program gave it.
fn name(request: &HttpRequest, query: &NewImport) -> Option<String> {
    if let Some(name) = &query.name {
        return Some(name.0.clone());
    }
    let said = header(request, CONTENT_DISPOSITION.as_str());
    let named = said
        .split(';')
        .find_map(|part| part.trim().strip_prefix("filename="))?;
    let last = named.trim_matches('"').rsplit(['/', '\\']).next()?;
    let name: String = last
        .chars()
        .filter(|c| !c.is_control())
        .take(LONGEST_NAME)
        .collect();
    (!name.is_empty()).then_some(name)
}

/// A file that has no name any more: it is gone with whoever holds it.
pub fn unnamed(folder: &Path, now: DateTime<Utc>) -> std::io::Result<File> {
    let path = folder.join(format!(".import-{}.part", random_id(now)));
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&path)?;
    std::fs::remove_file(&path)?;
    Ok(file)
}
