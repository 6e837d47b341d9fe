//! A list or report answered as a file: where `?format=` or `Accept` asks for one.
//!
//! It comes in before the handler of the list, with the same right and the same filters. All rows
//! are written to a file without a name first, so the answer has its length and its digest: one
//! that breaks off is seen to be cut, and what fails is answered as a problem.

use std::fs::File;
use std::io::Read;

use actix_web::body::{BoxBody, MessageBody, SizedStream};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{
    ACCEPT, CONTENT_DISPOSITION, CONTENT_TYPE, HeaderMap, HeaderName, VARY,
};
use actix_web::middleware::Next;
use actix_web::web::{self, Bytes};
use actix_web::{Error, HttpMessage, HttpResponse};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use deserr::Deserr;
use futures_util::Stream;
use futures_util::stream::try_unfold;

use super::dto::{ExportFormatWire, LangWire, TableName};
use super::sources::at;
use crate::access::Principal;
use crate::config;
use crate::exports::error::ExportError;
use crate::exports::format::ExportFormat;
use crate::exports::manifest::file_name;
use crate::exports::rules::{BYTES_AT_ONCE, ROWS_AT_ONCE};
use crate::exports::sheet::Sheet;
use crate::exports::source::{Asked, Form};
use crate::exports::spool::{Spool, Written};
use crate::exports::writers::not_built;
use crate::http::extract::caller::SignedIn;
use crate::http::extract::query::{Parameters, in_query};
use crate::http::lang::Lang;
use crate::http::problem::{Answered, ApiError};
use crate::http::state::State;
use crate::http::wire::{Faults, QueryFlag};
use crate::refusal::Refusal;

/// Parameters of an export, beside those of the list or report.
const OURS: [&str; 4] = ["format", "lang", "bom", "table"];
/// Media types that are looked at in `Accept`.
const MOST_MEDIA: usize = 16;
/// Bytes of a file that are sent in one go.
const SENT_AT_ONCE: usize = 64 * 1024;

/// The digest of what is sent (RFC 9530).
const REPR_DIGEST: HeaderName = HeaderName::from_static("repr-digest");

/// In what form a list or report is wanted.
#[derive(Debug, Deserr)]
#[deserr(error = Faults, deny_unknown_fields)]
struct Wanted {
    #[deserr(default)]
    format: Option<ExportFormatWire>,
    #[deserr(default)]
    lang: Option<LangWire>,
    #[deserr(default)]
    bom: Option<QueryFlag>,
    #[deserr(default)]
    table: Option<TableName>,
}

/// Answers a list or report as a file where one is asked for.
///
/// # Errors
/// None of its own.
pub async fn as_file(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let accepted = accepted(request.headers());
    let asked = request
        .query_string()
        .split('&')
        .any(|pair| pair.split('=').next() == Some("format"));
    let wanted = request.method() == Method::GET && (asked || accepted.is_some());
    if !wanted || at(request.path()).is_none() {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let answer = answer(&request, accepted).await;
    let (request, _) = request.into_parts();
    let answer = answer.unwrap_or_else(HttpResponse::from_error);
    Ok(ServiceResponse::new(request, answer))
}

async fn answer(request: &ServiceRequest, accepted: Option<ExportFormat>) -> Answered {
    let state = request
        .app_data::<web::Data<State>>()
        .ok_or_else(|| ApiError::internal("the server was built without its state"))?;
    let principal = sender(request)?;
    let exportable = at(request.path()).ok_or_else(ApiError::not_found)?;
    if !principal.may(exportable.right) {
        let refusal = Refusal::rule("missing_right");
        return Err(refusal.with("right", exportable.right).into());
    }
    let mut filters = Parameters::parse(request.query_string())?;
    let wanted: Wanted = filters.take(&OURS).read()?;
    let format = wanted.format.map(|format| format.0).or(accepted);
    let form = Form {
        format: format.unwrap_or(ExportFormat::Csv),
        lang: wanted
            .lang
            .map_or_else(|| spoken(Lang::of(request.headers())), |lang| lang.0),
        bom: wanted.bom.is_some_and(|bom| bom.0),
    };
    if !form.format.is_built() {
        return Err(not_built().into());
    }
    let asked = Asked {
        address: filters.address(request.path()),
        table: wanted.table.map(|name| name.0),
        principal,
    };
    send(state, asked, form).await
}

/// Who sends it: as the handler would find out.
fn sender(request: &ServiceRequest) -> Result<Principal, ApiError> {
    match request.extensions_mut().remove::<SignedIn>() {
        None => Err(ApiError::NotSignedIn),
        Some(SignedIn(Err(error))) => Err(error.into()),
        Some(SignedIn(Ok(principal))) => Ok(principal),
    }
}

async fn send(state: &State, asked: Asked, form: Form) -> Answered {
    let source = state.exports.sources().open(&asked).map_err(in_question)?;
    let name = file_name(&source, form.format);
    let (folder, unique) = (state.exports.spool.clone(), state.new_id());
    let written = state.db.ask(move |conn| -> Result<_, ExportError> {
        let spool = Spool::unnamed(&folder, &unique, BYTES_AT_ONCE)?;
        let look = source.look(&form, &folder);
        let mut sheet = Sheet::begin(form.format, source.table.columns, spool, &look)?;
        source.write(conn, &mut sheet, Some(ROWS_AT_ONCE), &mut |_| Ok(()))?;
        let (spool, _) = sheet.end()?;
        Ok(spool.read_back()?)
    });
    let (file, written) = written.await.map_err(in_question)?;
    Ok(file_answer(file, &written, form.format, &name))
}

/// What is wrong with a filter is told as of a query string.
fn in_question(error: ExportError) -> ApiError {
    match error {
        ExportError::Refused(refusal) => in_query(refusal).into(),
        other => other.into(),
    }
}

/// Sends a file: its length and its digest tell whether all of it arrived.
#[must_use]
pub fn file_answer(
    file: File,
    written: &Written,
    format: ExportFormat,
    name: &str,
) -> HttpResponse {
    let disposition = format!("attachment; filename=\"{name}\"");
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, format.content_type()))
        .insert_header((CONTENT_DISPOSITION, disposition))
        .insert_header((REPR_DIGEST, digest(&written.sha256)))
        .insert_header((VARY, "Accept, Accept-Language, Authorization"))
        .body(SizedStream::new(written.bytes, Box::pin(parts(file))))
}

/// A SHA-256 in hexadecimal as a header has it.
fn digest(sha256: &str) -> String {
    let bytes: Vec<u8> = sha256
        .as_bytes()
        .chunks(2)
        .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    format!("sha-256=:{}:", STANDARD.encode(bytes))
}

/// A file in parts, read off the request threads. One that cannot be read ends the connection.
fn parts(file: File) -> impl Stream<Item = Result<Bytes, Error>> {
    try_unfold(file, |mut file| async move {
        let read = web::block(move || -> std::io::Result<(File, Vec<u8>)> {
            let mut part = Vec::with_capacity(SENT_AT_ONCE);
            let most = u64::try_from(SENT_AT_ONCE).unwrap_or(u64::MAX);
            file.by_ref().take(most).read_to_end(&mut part)?;
            Ok((file, part))
        });
        let (file, part) = read.await??;
        Ok((!part.is_empty()).then(|| (Bytes::from(part), file)))
    })
}

/// The language of headers.
pub(super) const fn spoken(lang: Lang) -> config::Lang {
    match lang {
        Lang::Ko => config::Lang::Ko,
        Lang::En => config::Lang::En,
    }
}

/// The format that comes first in `Accept`; none where JSON does, or anything will do.
fn accepted(headers: &HeaderMap) -> Option<ExportFormat> {
    let accept = headers.get(ACCEPT)?.to_str().ok()?;
    for range in accept.split(',').take(MOST_MEDIA) {
        let media = range.split(';').next().unwrap_or_default().trim();
        if matches!(media, "*/*" | "application/*" | "application/json") {
            return None;
        }
        if let Some(format) = ExportFormat::of_media(media) {
            return Some(format);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    #[test]
    fn the_first_media_type_of_ours_is_meant() {
        for (accept, format) in [
            ("text/csv", Some(ExportFormat::Csv)),
            (
                "text/html, application/x-ndjson;q=0.9",
                Some(ExportFormat::Ndjson),
            ),
            ("application/json, text/csv", None),
            ("text/html,application/xhtml+xml,*/*;q=0.8", None),
            ("image/png", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT, HeaderValue::from_static(accept));
            assert_eq!(accepted(&headers), format, "{accept}");
        }
        assert_eq!(accepted(&HeaderMap::new()), None);
    }

    #[test]
    fn a_digest_is_written_as_rfc_9530_has_it() {
        let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        let told = "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:";
        assert_eq!(digest(empty), told);
    }
}
