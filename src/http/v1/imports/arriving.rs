//! A file on its way in: it is the body, or a part of a form.
//!
//! It is written into a file without a name, so that nothing is left of it whatever happens. Memory
//! holds one piece of it ([`Intake`]), and of a form the fields beside it, each bounded.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_TYPE};
use actix_web::{HttpRequest, web};
use chrono::{DateTime, Utc};

use super::dto::NewImport;
use crate::access::secret::random_id;
use crate::http::extract::reading::Intake;
use crate::http::extract::{Caller, WritingBy, rights};
use crate::http::problem::ApiError;
use crate::http::state::State;
use crate::imports::model::Settings;
use crate::imports::rights::needed;
use crate::imports::staging::Upload;
use crate::refusal::{FieldFault, Refusal};
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
/// The type of a form.
const FORM: &str = "multipart/form-data";
/// The part of a form that is the file.
const FILE: &str = "file";

/// Characters of a file's name.
const LONGEST_NAME: usize = 100;
/// Fields of a form besides the file.
const MOST_FIELDS: usize = 32;
/// Bytes of one of them: a mapping of headers is the longest.
const LONGEST_FIELD: usize = 64 * 1024;

/// A file that came in whole, and what its sender says of it.
pub struct Arrived {
    /// How it is to be recorded.
    pub writing: WritingBy<NewImport>,
    /// The file.
    pub upload: Upload,
}

/// Takes in a file.
///
/// # Errors
/// What is wrong with the request, as early as it can be told.
pub async fn arrive(
    caller: &Caller<rights::Import>,
    request: &HttpRequest,
    body: Payload,
    state: &State,
) -> Result<Arrived, ApiError> {
    if request.headers().contains_key(CONTENT_ENCODING) {
        return Err(Refusal::rule("content_encoding_refused").into());
    }
    let may = |writing: &WritingBy<NewImport>| caller.must(needed(writing.query.kind.0));
    let media = header(request, CONTENT_TYPE.as_str());
    if essence(media).eq_ignore_ascii_case(FORM) {
        let sent = form(request, body, state).await?;
        let writing = WritingBy::with(request, sent.fields)?;
        may(&writing)?;
        let declared = declared(&sent.media, &writing.query)?;
        let settings = writing.query.settings()?;
        return Ok(arrived(writing, sent.file, (declared, settings), sent.name));
    }
    let writing = WritingBy::with(request, Vec::new())?;
    may(&writing)?;
    let declared = declared(media, &writing.query)?;
    let settings = writing.query.settings()?;
    let file = spool_file(state).await?;
    let (mut intake, mut body) = (Intake::new(&state.limits), body);
    let file = intake.spool(&mut body, file, cut_off).await?;
    let said = header(request, CONTENT_DISPOSITION.as_str());
    let mut parts = said.split(';');
    let said = parts.find_map(|part| part.trim().strip_prefix("filename="));
    let name = said.and_then(|said| name(said.trim_matches('"')));
    Ok(arrived(writing, file, (declared, settings), name))
}

/// A file that came in, with what was said of it.
fn arrived(
    writing: WritingBy<NewImport>,
    file: File,
    (declared, settings): (Declared, Settings),
    name: Option<String>,
) -> Arrived {
    let query = &writing.query;
    let upload = Upload {
        file,
        name: query.name.as_ref().map(|name| name.0.clone()).or(name),
        kind: query.kind.0,
        program: query.program.as_ref().map(|code| code.0.clone()),
        declared,
        settings,
        kept_headers: false,
        mode: query.mode.map(|choice| choice.0),
    };
    Arrived { writing, upload }
}

/// What a form held.
struct Sent {
    file: File,
    media: String,
    name: Option<String>,
    fields: Vec<(String, String)>,
}

/// Takes in a form: its file, and its fields.
async fn form(request: &HttpRequest, body: Payload, state: &State) -> Result<Sent, ApiError> {
    let mut parts = Multipart::new(request.headers(), body);
    let mut intake = Intake::new(&state.limits);
    let (mut file, mut fields) = (None, Vec::new());
    while let Some(part) = intake.next(&mut parts).await? {
        let mut part = part.map_err(broken)?;
        let field = part.name().unwrap_or_default().to_owned();
        if field != FILE {
            let value = text(&mut intake, &mut part).await?;
            // A form sends what was left blank as well.
            if !value.is_empty() {
                fields.push((field, value));
            }
            if fields.len() > MOST_FIELDS {
                let fault = FieldFault::new("", "too_many").with("most", MOST_FIELDS);
                return Err(Refusal::Fields(vec![fault]).into());
            }
            continue;
        }
        if file.is_some() {
            return Err(Refusal::field("/file", "duplicate_field").into());
        }
        let media = part.headers().get(CONTENT_TYPE);
        let media = media.and_then(|media| media.to_str().ok());
        let media = media.unwrap_or("application/octet-stream").to_owned();
        let said = part
            .content_disposition()
            .and_then(|said| said.get_filename());
        let name = said.and_then(name);
        let spooled = spool_file(state).await?;
        let spooled = intake.spool(&mut part, spooled, broken).await?;
        file = Some((spooled, media, name));
    }
    let (file, media, name) = file.ok_or_else(|| Refusal::field("/file", "missing"))?;
    Ok(Sent {
        file,
        media,
        name,
        fields,
    })
}

/// The text of a field.
async fn text(intake: &mut Intake, part: &mut Field) -> Result<String, ApiError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = intake.next(part).await? {
        let chunk = chunk.map_err(broken)?;
        intake.count(chunk.len())?;
        bytes.extend_from_slice(&chunk);
        if bytes.len() > LONGEST_FIELD {
            return Err(Refusal::rule("not_a_form").into());
        }
    }
    String::from_utf8(bytes).map_err(|_not_text| Refusal::rule("not_a_form").into())
}

fn cut_off(error: PayloadError) -> ApiError {
    tracing::debug!(%error, "a file broke off");
    Refusal::rule("body_incomplete").into()
}

fn broken(error: MultipartError) -> ApiError {
    tracing::debug!(%error, "a form cannot be read");
    let code = match error {
        MultipartError::Incomplete
        | MultipartError::Payload(PayloadError::Incomplete(_) | PayloadError::Io(_)) => {
            "body_incomplete"
        }
        _ => "not_a_form",
    };
    Refusal::rule(code).into()
}

/// A file to write into.
async fn spool_file(state: &State) -> Result<File, ApiError> {
    let (folder, now) = (state.imports.spool.clone(), state.now());
    let file = web::block(move || unnamed(&folder, now)).await;
    file.map_err(ApiError::internal)?
        .map_err(ApiError::internal)
}

/// A media type without its parameters.
fn essence(media: &str) -> &str {
    media.split(';').next().unwrap_or_default().trim()
}

/// What the sender says of how the file is written.
fn declared(given: &str, query: &NewImport) -> Result<Declared, ApiError> {
    let given = given.to_ascii_lowercase();
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

/// The name that the sender's own program gave a file: its last part.
fn name(said: &str) -> Option<String> {
    let last = said.rsplit(['/', '\\']).next()?;
    let shown = last.chars().filter(|c| !c.is_control());
    let name: String = shown.take(LONGEST_NAME).collect();
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
