//! `/imports`: files of many records, sent, looked at, recorded, called off, undone.
//!
//! What is wrong with rows stands in [`faults`]; how a file comes in, in [`upload`].

mod amended;
mod arriving;
pub mod dto;
pub mod entries;
pub mod faults;
pub mod importer;
pub mod mappings;
mod results;
pub mod upload;
pub mod views;

use std::sync::Arc;

use actix_web::{get, post, web};

use crate::access::Right;
use crate::http::extract::{
    Body, Caller, Digest, Expected, Paged, PagingParams, PathId, Writing, rights,
};
use crate::http::problem::{Answered, ApiError};
use crate::http::respond::{changed, found};
use crate::http::routes::Routes;
use crate::http::state::State;
use crate::http::wire::PageOf;
use crate::ids::RecordId;
use crate::imports::check::obstacle;
use crate::imports::model::{Counts, Import, Mode, Work};
use crate::imports::rules::Act;
use crate::imports::steps::AdvanceImport;
use crate::imports::store::{self, lookups, works};
use crate::imports::{rights as needs, undo};
use crate::refusal::Refusal;
use dto::{ImportEnding, ImportOrder, ImportQuery};
use importer::Importer;
use views::ImportView;

/// Registers the routes.
pub fn configure(routes: &mut Routes<'_>) {
    routes
        .service(mappings::keep_import_mapping)
        .service(mappings::get_import_mapping)
        .service(mappings::get_import_template)
        .service(upload::create_import)
        .service(list_imports)
        .service(get_import)
        .service(faults::list_import_faults)
        .service(faults::get_import_faults_sheet)
        .service(commit_import)
        .service(cancel_import)
        .service(undo_import);
}

/// Lists imports in the order in which they were received.
#[utoipa::path(
    tag = "imports",
    params(ImportQuery, PagingParams),
    responses((status = 200, description = "A page.", body = PageOf<ImportView>)),
)]
#[get("/imports")]
pub async fn list_imports(
    _caller: Caller<rights::ReadRecords>,
    query: Paged<ImportQuery>,
    state: web::Data<State>,
) -> Answered {
    let Paged { filter, paging } = query;
    let (filter, window) = (filter.into_filter(), paging.window());
    let (imports, works) = state
        .read(move |conn| {
            let imports = store::list(conn, &filter, &window)?;
            let ids: Vec<RecordId> = imports.iter().map(|import| import.id.clone()).collect();
            let works = works::of(conn, &ids)?;
            Ok::<_, crate::db::DbError>((imports, works))
        })
        .await?;
    let work = |import: &Import| works.iter().find(|work| work.import == import.id);
    Ok(paging.page(
        imports,
        |import| import.id.to_string(),
        |import| ImportView::of(import, work(import)),
    ))
}

/// Shows an import: where it stands and how far it has come.
#[utoipa::path(
    tag = "imports",
    responses((status = 200, description = "The import.", body = ImportView)),
)]
#[get("/imports/{id}")]
pub async fn get_import(
    _caller: Caller<rights::ReadRecords>,
    id: PathId,
    state: web::Data<State>,
) -> Answered {
    let (import, work) = read(&state, &id.0).await?;
    Ok(found(
        &ImportView::of(&import, work.as_ref()),
        import.version,
    ))
}

/// Records an import that was checked.
///
/// It is checked against the books once more, and then recorded: `all` of it or nothing, or the `good`
/// rows. Refused while rows are wrong (`all`), control totals differ, or warnings are not acknowledged.
#[utoipa::path(
    tag = "imports",
    request_body = ImportOrder,
    responses((status = 200, description = "The import.", body = ImportView)),
)]
#[post("/imports/{id}/commit")]
pub async fn commit_import(
    Importer(caller): Importer,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<ImportOrder>,
    state: web::Data<State>,
) -> Answered {
    let (import, work) = mine(&caller, &state, &id.0).await?;
    let warnings = body.value.acknowledged_warnings.map(|warnings| warnings.0);
    let acknowledged = warnings.into_iter().flatten().map(|code| code.0).collect();
    let mode = body.value.mode.0;
    may_begin(&state, &import, (mode, &acknowledged), work.as_ref()).await?;
    let act = Act::Order { mode, acknowledged };
    advance(
        &caller,
        &state,
        (writing, expected, body.digest),
        (import, act, work),
    )
    .await
}

/// Calls an import off.
///
/// What was recorded of it is undone.
#[utoipa::path(
    tag = "imports",
    request_body = ImportEnding,
    responses((status = 200, description = "The import.", body = ImportView)),
)]
#[post("/imports/{id}/cancel")]
pub async fn cancel_import(
    Importer(caller): Importer,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<ImportEnding>,
    state: web::Data<State>,
) -> Answered {
    let (import, work) = mine(&caller, &state, &id.0).await?;
    let done = (import, Act::Cancel, work);
    advance(&caller, &state, (writing, expected, body.digest), done).await
}

/// Undoes an import that was recorded, as a whole.
///
/// While nobody decided on any of its records: each is taken back by the command that a person would
/// use.
#[utoipa::path(
    tag = "imports",
    request_body = ImportEnding,
    responses((status = 200, description = "The import.", body = ImportView)),
)]
#[post("/imports/{id}/undo")]
pub async fn undo_import(
    Importer(caller): Importer,
    id: PathId,
    writing: Writing,
    expected: Expected,
    body: Body<ImportEnding>,
    state: web::Data<State>,
) -> Answered {
    let (import, work) = mine(&caller, &state, &id.0).await?;
    if !undo::can_be(import.kind) {
        return Err(Refusal::rule("import_not_undoable").into());
    }
    let (kind, of) = (import.kind, import.id.clone());
    let decided = state
        .read(move |conn| lookups::decided(conn, kind, &of))
        .await?;
    if decided > 0 {
        let refusal = Refusal::rule("import_decided");
        return Err(refusal.with("decided", decided).into());
    }
    let done = (import, Act::Undo, work);
    advance(&caller, &state, (writing, expected, body.digest), done).await
}

/// Whether an import may be recorded as it was checked: so that the answer says at once why not.
async fn may_begin(
    state: &State,
    import: &Import,
    (mode, acknowledged): (Mode, &Vec<String>),
    work: Option<&Work>,
) -> Result<(), ApiError> {
    let mut import = import.clone();
    import.settings.acknowledged.clone_from(acknowledged);
    if import.state != crate::imports::model::State::Checked {
        return Ok(());
    }
    let counts = work.map_or_else(Counts::default, |work| work.counts);
    let obstacle = state
        .read(move |conn| obstacle(conn, &import, mode, &counts))
        .await?;
    obstacle.map_or(Ok(()), |refusal| Err(refusal.into()))
}

/// Takes an import a step further, shows it, and wakes the worker.
async fn advance(
    caller: &Caller<rights::Import>,
    state: &State,
    (writing, expected, digest): (Writing, Expected, Digest),
    (import, act, work): (Import, Act, Option<Work>),
) -> Answered {
    let command = AdvanceImport {
        id: import.id,
        act,
        counts: None,
        expected_version: expected.0,
    };
    let request = writing.request(caller, &digest, command);
    let answer = state
        .record(request, move |import| {
            changed(&ImportView::of(import, work.as_ref()), import.version)
        })
        .await?;
    state.imports.ring();
    Ok(answer)
}

/// An import of a kind that the caller may import.
async fn mine<R>(
    caller: &Caller<R>,
    state: &State,
    id: &RecordId,
) -> Result<(Import, Option<Work>), ApiError> {
    let reads = caller.principal.may(Right::ReadRecords);
    let (import, work) = read(state, id).await?;
    let needed = needs::needed(import.kind);
    if !reads && !caller.principal.may(needed) {
        return Err(ApiError::not_found());
    }
    caller.must(needed)?;
    Ok((import, work))
}

async fn read(state: &State, id: &RecordId) -> Result<(Import, Option<Work>), ApiError> {
    let imports = Arc::clone(&state.imports);
    let id = id.clone();
    let found = state
        .off_thread(move || {
            imports.db.read(|conn| {
                let import = store::get(conn, &id)?;
                Ok::<_, crate::db::DbError>((import, works::get(conn, &id)?))
            })
        })
        .await?;
    match found {
        (Some(import), work) => Ok((import, work)),
        (None, _) => Err(ApiError::not_found()),
    }
}
