//! `/imports/{id}/faults`: what is wrong with the rows, as a list and as the sheet that was sent.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufWriter, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, get, web};
use futures_util::stream;

use super::arriving::unnamed;
use super::dto::FaultQuery;
use super::views::FaultView;
use super::{mine, read};
use crate::config;
use crate::http::catalogue::explained;
use crate::http::extract::{Caller, Paged, PagingParams, PathId, rights};
use crate::http::lang::Lang;
use crate::http::problem::{Answered, ApiError};
use crate::http::state::State;
use crate::http::wire::PageOf;
use crate::imports::Imports;
use crate::imports::error::WorkError;
use crate::imports::marked::{MarkedRow, Told, marked};
use crate::imports::model::{FIRST_PARCEL, Import, RowFault, Weight};
use crate::imports::parcels::{Line, Shelf};
use crate::imports::rights::needed;
use crate::imports::store::{faults, parcels};
use crate::refusal::Refusal;

/// Faults that one answer lists at most.
pub const MOST_AT_ONCE: i64 = 1_000;

/// Bytes of a sheet that are held at once while it is sent.
const SENT_AT_ONCE: usize = 64 * 1024;

/// The media type of workbooks.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// Lists what is wrong with the rows of an import.
///
/// And what is worth a second look, or merely told.
///
/// In the order of the rows: row, column, code, the value, and what is wrong in words. The value is
/// shown to those who may import such rows, since it may be a name or a number of a person.
#[utoipa::path(
    tag = "imports",
    params(FaultQuery, PagingParams),
    responses((status = 200, description = "A page.", body = PageOf<FaultView>)),
)]
#[get("/imports/{id}/faults")]
pub async fn list_import_faults(
    caller: Caller<rights::ReadRecords>,
    id: PathId,
    query: Paged<FaultQuery>,
    state: web::Data<State>,
) -> Answered {
    let (import, _) = read(&state, &id.0).await?;
    let sees = caller.principal.may(needed(import.kind));
    let window = query.paging.window();
    let after = window.after.as_deref().and_then(place).unwrap_or((-1, -1));
    let imports = Arc::clone(&state.imports);
    let told = state
        .off_thread(move || found(&imports, &import, after, window.limit))
        .await?;
    Ok(query.paging.page(
        told,
        |(fault, _)| format!("{}/{}", fault.line, fault.part),
        |(fault, value)| FaultView::of(fault, value.clone().filter(|_| sees)),
    ))
}

/// Sends the sheet back as it came, with what is wrong marked.
///
/// Corrected, it can be sent again as it is.
#[utoipa::path(
    tag = "imports",
    responses((status = 200, description = "The sheet.", body = Vec<u8>, content_type =
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")),
)]
#[get("/imports/{id}/faults.xlsx")]
pub async fn get_import_faults_sheet(
    caller: Caller<rights::Own>,
    id: PathId,
    request: HttpRequest,
    state: web::Data<State>,
) -> Answered {
    let (import, _) = mine(&caller, &state, &id.0).await?;
    if import.wrapped_key.is_empty() {
        return Err(Refusal::rule("rows_erased").into());
    }
    let lang = Lang::of(request.headers());
    let (imports, id) = (Arc::clone(&state.imports), import.id.to_string());
    let now = state.now();
    let file = state
        .off_thread(move || {
            let file = unnamed(&imports.spool, now).map_err(ApiError::internal)?;
            let mut out = BufWriter::with_capacity(SENT_AT_ONCE, file);
            sheet(&imports, &import, lang, &mut out)?;
            let file = out.into_inner().map_err(ApiError::internal)?;
            Ok::<_, ApiError>(file)
        })
        .await?;
    let disposition = format!("attachment; filename=\"{id}-faults.xlsx\"");
    sent(file, &disposition).map_err(ApiError::internal)
}

/// Sends a workbook from a file, piece by piece.
fn sent(mut file: File, disposition: &str) -> std::io::Result<HttpResponse> {
    let bytes = file.seek(SeekFrom::End(0))?;
    file.seek(SeekFrom::Start(0))?;
    let pieces = stream::try_unfold(file, |mut file| async move {
        let piece = web::block(move || {
            let mut piece = Vec::with_capacity(SENT_AT_ONCE);
            let most = u64::try_from(SENT_AT_ONCE).unwrap_or(u64::MAX);
            (&mut file).take(most).read_to_end(&mut piece)?;
            Ok::<_, std::io::Error>((Bytes::from(piece), file))
        });
        let (piece, file) = piece.await.map_err(std::io::Error::other)??;
        Ok::<_, std::io::Error>((!piece.is_empty()).then_some((piece, file)))
    });
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, XLSX))
        .insert_header((CONTENT_DISPOSITION, disposition))
        .no_chunking(bytes)
        .streaming(pieces))
}

/// Sends a workbook.
pub fn workbook(bytes: Vec<u8>, name: &str) -> HttpResponse {
    let disposition = format!("attachment; filename=\"{name}\"");
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, XLSX))
        .insert_header((CONTENT_DISPOSITION, disposition))
        .body(bytes)
}

/// The place in a cursor.
pub(in crate::http) fn place(key: &str) -> Option<(i64, i32)> {
    let (line, part) = key.split_once('/')?;
    Some((line.parse().ok()?, part.parse().ok()?))
}

/// What is wrong after a place, ready to be shown.
///
/// # Errors
/// [`WorkError`].
pub fn shown(
    imports: &Imports,
    import: &Import,
    after: (i64, i32),
    most: i64,
) -> Result<Vec<FaultView>, WorkError> {
    let found = found(imports, import, after, most)?;
    let view = |(fault, value): (RowFault, Option<String>)| FaultView::of(&fault, value);
    Ok(found.into_iter().map(view).collect())
}

/// What is wrong after a place, each with what stands in its cell.
pub(in crate::http) fn found(
    imports: &Imports,
    import: &Import,
    after: (i64, i32),
    most: i64,
) -> Result<Vec<(RowFault, Option<String>)>, WorkError> {
    let told = imports
        .db
        .read(|conn| faults::list(conn, &import.id, after, most))?;
    let mut cells = Cells {
        imports,
        import,
        shelf: None,
        parcel: None,
        lines: HashMap::new(),
    };
    if !import.wrapped_key.is_empty() {
        cells.shelf = Some(Shelf::of(&imports.db, &imports.vault, import)?);
    }
    let mut found = Vec::with_capacity(told.len());
    for fault in told {
        let value = cells.value(&fault)?;
        found.push((fault, value));
    }
    Ok(found)
}

/// Cells as they came: faults come in the order of rows, so one parcel is open at a time.
struct Cells<'a> {
    imports: &'a Imports,
    import: &'a Import,
    shelf: Option<Shelf<'a>>,
    parcel: Option<i32>,
    lines: HashMap<i64, Line>,
}

impl Cells<'_> {
    fn value(&mut self, fault: &RowFault) -> Result<Option<String>, WorkError> {
        let (Some(shelf), Some(place)) = (&self.shelf, fault.place) else {
            return Ok(None);
        };
        if !self.lines.contains_key(&fault.line) {
            let id = &self.import.id;
            let parcel = self
                .imports
                .db
                .read(|conn| parcels::of_line(conn, id, fault.line))?;
            if parcel != self.parcel {
                let lines = parcel.map(|parcel| shelf.lines(parcel)).transpose()?;
                let lines = lines.flatten().unwrap_or_default();
                self.lines = lines.into_iter().map(|line| (line.number, line)).collect();
                self.parcel = parcel;
            }
        }
        let line = self.lines.get(&fault.line);
        let place = usize::try_from(place).unwrap_or(usize::MAX);
        let cell = line.and_then(|line| line.cells.get(place));
        let held = cell.filter(|cell| !cell.is_blank());
        Ok(held.map(|cell| cell.text().to_owned()))
    }
}

/// Writes the sheet with its faults marked.
///
/// # Errors
/// `internal` where the rows cannot be read, or the sheet not be written.
pub fn sheet(
    imports: &Imports,
    import: &Import,
    lang: Lang,
    out: impl Write + Send,
) -> Result<(), ApiError> {
    let shelf = Shelf::of(&imports.db, &imports.vault, import)?;
    let head = shelf.head()?;
    let told = match lang {
        Lang::Ko => config::Lang::Ko,
        Lang::En => config::Lang::En,
    };
    let mut next = FIRST_PARCEL;
    let parcels = std::iter::from_fn(|| {
        let rows = marked_rows(imports, import, &shelf, (next, lang)).transpose();
        next = next.saturating_add(1);
        rows
    });
    let rows = parcels.flat_map(|rows| match rows {
        Ok(rows) => rows.into_iter().map(Ok).collect(),
        Err(error) => vec![Err(error)],
    });
    let written = marked(out, &imports.spool, told, &head.headers, rows);
    written.map(|_rows| ()).map_err(ApiError::internal)
}

/// The rows of a parcel with what is wrong with them.
fn marked_rows(
    imports: &Imports,
    import: &Import,
    shelf: &Shelf<'_>,
    (parcel, lang): (i32, Lang),
) -> Result<Option<Vec<MarkedRow>>, WorkError> {
    let Some(lines) = shelf.lines(parcel)? else {
        return Ok(None);
    };
    let numbers = (
        lines.first().map_or(0, |line| line.number),
        lines.last().map_or(0, |line| line.number),
    );
    let told = imports
        .db
        .read(|conn| faults::between(conn, &import.id, numbers))?;
    let mut by_line: HashMap<i64, Vec<Told>> = HashMap::new();
    for fault in told.iter().filter(|fault| fault.weight != Weight::Notice) {
        by_line.entry(fault.line).or_default().push(Told {
            column: fault.place.and_then(|place| usize::try_from(place).ok()),
            words: explained(&fault.code, lang, &fault.facts),
        });
    }
    let row = |line: Line| MarkedRow {
        number: u64::try_from(line.number).unwrap_or(0),
        faults: by_line.remove(&line.number).unwrap_or_default(),
        cells: line.cells,
    };
    Ok(Some(lines.into_iter().map(row).collect()))
}
